"""`broadsheet add`: bring articles in."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.commands.output import to_json
from tui.commands.parsing import Commands, add_library_options

if TYPE_CHECKING:
    from store import ImportReport

#: Rejected items named one by one unless `--verbose` is given.
_NAMED = 20

_DESCRIPTION = """\
Add articles from files, directories, addresses on the web or standard input ("-").  Every item of
every source is accounted for, and adding a source again adds nothing that is there already."""

_EXAMPLES = """\
examples:
  broadsheet add ~/articles                 everything below a directory
  broadsheet add page.html notes.md         some files
  broadsheet add https://example.org/a      a page, a feed, a PDF on the web
  curl -s https://example.org/ | broadsheet add - --format html

exit status: 0, or 1 when every item was rejected.
"""


def register(commands: Commands) -> None:
    """Add the parser of `add`."""
    parser = commands.add_parser(
        "add",
        help="add articles from files, directories, the web or standard input",
        description=_DESCRIPTION,
        words="sources",
        more=_more_help,
    )
    parser.add_argument(
        "sources", nargs="+", metavar="SOURCE", help='a file, a directory, an https address, or "-"'
    )
    parser.add_argument(
        "--format", metavar="FORMAT", help="the sources' format (default: found by their content)"
    )
    parser.add_argument(
        "--split", action="store_true", help="make one article of each chapter of a book"
    )
    parser.add_argument("--json", action="store_true", help="write the full report as JSON")
    parser.add_argument(
        "--verbose", action="store_true", help=f"name all rejected items, not only {_NAMED}"
    )
    add_library_options(parser, default=argparse.SUPPRESS)
    parser.set_defaults(run=_add, parser=parser)


def _add(arguments: argparse.Namespace) -> int:
    from itertools import chain

    from store import is_address
    from store.importers import FORMATS, read_sources
    from tui.commands.fetch import records_of
    from tui.commands.opening import writing
    from tui.commands.progress import Progress

    if arguments.format is not None and arguments.format not in FORMATS:
        arguments.parser.error(
            f"argument --format: {arguments.format!r} is none of {', '.join(sorted(FORMATS))}"
        )
    cleaned: list[int] = []
    addresses = [source for source in arguments.sources if is_address(source)]
    not_fetched: list[tuple[str, str]] = []
    with writing(arguments) as library, Progress() as progress:
        records = read_sources(
            [source for source in arguments.sources if source not in addresses],
            format=arguments.format,
            split=arguments.split,
            stdin=sys.stdin.buffer if "-" in arguments.sources else None,
            on_source=progress.on_source,
            on_cleaned=cleaned.append,
        )
        fetched = records_of(
            library, addresses, progress.on_source, lambda *why: not_fetched.append(why)
        )
        report = library.add(chain(records, fetched), on_progress=progress.on_import)
        report.cleaned += sum(cleaned)
    if arguments.json:
        print(to_json(report.to_json(), indent=2))
    else:
        _name_rejected(report, verbose=arguments.verbose)
        _name_not_fetched(not_fetched)
        print(report.summary())
    failed = len(report.rejected) + sum(not _is_rejected(report, url) for url, _ in not_fetched)
    return 1 if failed and failed >= report.total else 0


def _name_rejected(report: ImportReport, *, verbose: bool) -> None:
    from tui.widgets.cells import clean

    named = report.rejected if verbose else report.rejected[:_NAMED]
    for rejected in named:
        place = f"{rejected.source}, {rejected.item}" if rejected.item else rejected.source
        print(clean(f"rejected {place}: {rejected.reason}"), file=sys.stderr)
    if more := len(report.rejected) - len(named):
        print(f"and {more:,} more (--verbose names all)", file=sys.stderr)


def _name_not_fetched(addresses: Sequence[tuple[str, str]]) -> None:
    from store.fetch import shown
    from tui.widgets.cells import clean

    for url, reason in addresses:
        print(
            clean(f"not fetched {shown(url)}: {reason}; `broadsheet fetch` tries again"),
            file=sys.stderr,
        )


def _is_rejected(report: ImportReport, url: str) -> bool:
    from store.fetch import shown

    return any(rejected.source == shown(url) for rejected in report.rejected)


def _more_help() -> str:
    from store.importers import FORMATS

    width = max(map(len, FORMATS), default=0)
    lines = (f"  {name:{width}}  {FORMATS[name].description}" for name in sorted(FORMATS))
    return "\n".join(("formats:", *lines, "", _EXAMPLES))
