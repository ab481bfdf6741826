"""`broadsheet add`: bring articles in."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.commands import output
from tui.commands.parsing import Commands, add_library_options, unreadable

if TYPE_CHECKING:
    from store import ImportReport, Library, Rejected

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
  broadsheet add --watch ~/inbox            what is there, and what lands there from now on
  broadsheet add --dry-run export.zip       what would be done, without doing it

Broken off with ctrl-c it ends after the article it is at and says how far it came; what is in is
whole, and the same command does the rest.

With --watch a file is taken in once it is whole: when nobody writes it and it has not changed for
a second.  Hidden files and those with the names of unfinished downloads are left alone; an edited
file updates its article, a removed one changes nothing.

exit status: 0; 1 when every item was rejected; 130 when it was broken off.
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
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be done, and write nothing"
    )
    parser.add_argument(
        "--watch",
        action="store_true",
        help="go on taking in what lands in the directories, until ctrl-c",
    )
    parser.add_argument("--json", action="store_true", help="write the full report as JSON")
    parser.add_argument(
        "--verbose", action="store_true", help=f"name every item, not only {_NAMED} rejected ones"
    )
    add_library_options(parser, default=argparse.SUPPRESS)
    parser.set_defaults(run=_add, parser=parser)


def _add(arguments: argparse.Namespace) -> int:
    from itertools import chain

    from store import is_address
    from store.importers import FORMATS, read_sources
    from tui.commands.fetch import records_of
    from tui.commands.opening import rehearsing, writing
    from tui.commands.progress import Progress
    from tui.commands.stopping import Stopping

    if arguments.format is not None and arguments.format not in FORMATS:
        arguments.parser.error(
            f"argument --format: {arguments.format!r} is none of {', '.join(sorted(FORMATS))}"
        )
    if arguments.watch:
        return _watch(arguments)
    cleaned: list[int] = []
    addresses = [source for source in arguments.sources if is_address(source)]
    not_fetched: list[tuple[str, str]] = []
    rehearsed: list[dict[str, Any]] = []
    opened = rehearsing(arguments) if arguments.dry_run else writing(arguments)
    with opened as library, Stopping() as stop, Progress() as progress:
        names, wrong = readable_names(
            source for source in arguments.sources if source not in addresses
        )
        read = read_sources(
            names,
            format=arguments.format,
            split=arguments.split,
            stdin=sys.stdin.buffer if "-" in arguments.sources else None,
            on_source=progress.on_source,
            on_cleaned=cleaned.append,
        )
        fetched = records_of(
            library, addresses, progress.on_source, lambda *why: not_fetched.append(why)
        )
        records = stop.until(chain(wrong, read, fetched))
        if arguments.dry_run:
            report = library.rehearse(
                records,
                on_progress=progress.on_import,
                on_item=lambda what, id, article: rehearsed.append(
                    {"what": what, "id": id, "title": article.title, "source": article.source}
                ),
            )
        else:
            report = library.add(records, on_progress=progress.on_import)
        report.cleaned += sum(cleaned)
        if arguments.verbose and not arguments.dry_run:
            rehearsed += _named(library, report)
    _tell(arguments, report, rehearsed, not_fetched)
    if stop.code:
        output.warn("it was broken off: what is listed is in; the same command does the rest")
        return stop.code
    failed = len(report.rejected) + sum(not _is_rejected(report, url) for url, _ in not_fetched)
    return 1 if failed and failed >= report.total else 0


def _watch(arguments: argparse.Namespace) -> int:
    from tui.commands.watch import watch

    if arguments.dry_run:
        arguments.parser.error("argument --watch: there is no dry run of what has not landed yet")
    for source in arguments.sources:
        if unreadable(source) or not Path(source).is_dir():
            arguments.parser.error(f"argument --watch: {source} is no directory")
    return watch(arguments)


def readable_names(names: Iterable[str]) -> tuple[list[str], list[Rejected]]:
    """Names that may be those of files, and a rejection for each other one."""
    from store import Rejected

    faults = [(name, "" if name == "-" else unreadable(name)) for name in names]
    return (
        [name for name, fault in faults if not fault],
        [Rejected(name or "(nothing)", fault) for name, fault in faults if fault],
    )


def _named(library: Library, report: ImportReport) -> Iterator[dict[str, Any]]:
    """What was added and merged, with titles."""
    for what, ids in (("added", report.added), ("merged", report.merged)):
        for page in output.pages(len(ids)):
            for row in library.rows(ids[slice(*page)]):
                yield {"what": what, "id": row.id, "title": row.title}


def _tell(
    arguments: argparse.Namespace,
    report: ImportReport,
    articles: list[dict[str, Any]],
    not_fetched: Sequence[tuple[str, str]],
) -> None:
    if arguments.json:
        document = report.to_json()
        if articles or arguments.dry_run:
            document |= {"dry_run": arguments.dry_run, "articles": articles}
        print(output.to_json(document, indent=2))
        return
    from tui.widgets.cells import clean

    name_rejected(report, verbose=arguments.verbose)
    _name_not_fetched(not_fetched)
    would = "would be " if arguments.dry_run else ""
    named = articles if arguments.verbose else articles[:_NAMED]
    for article in named:
        title = article["title"] or "untitled"
        print(clean(f"{would}{article['what']} {article['id']}: {title}"))
    if more := len(articles) - len(named):
        print(f"and {more:,} more (--verbose names all)")
    print(f"nothing was written; it would be: {report.summary()}" if would else report.summary())


def name_rejected(report: ImportReport, *, verbose: bool) -> None:
    """Tell of rejected items on standard error, of the first ones unless `verbose`."""
    from tui.widgets.cells import clean

    named = report.rejected if verbose else report.rejected[:_NAMED]
    for rejected in named:
        print(clean(f"rejected {_place(rejected)}: {rejected.reason}"), file=sys.stderr)
    if more := len(report.rejected) - len(named):
        print(f"and {more:,} more (--verbose names all)", file=sys.stderr)


def _name_not_fetched(addresses: Sequence[tuple[str, str]]) -> None:
    from store.answer import shown
    from tui.widgets.cells import clean

    for url, reason in addresses:
        print(
            clean(f"not fetched {shown(url)}: {reason}; `broadsheet fetch` tries again"),
            file=sys.stderr,
        )


def _is_rejected(report: ImportReport, url: str) -> bool:
    from store.answer import shown

    return any(rejected.source == shown(url) for rejected in report.rejected)


def _place(rejected: Rejected) -> str:
    """Where it stands: `file:12` for a line, as editors take it, `file, item 3` for others."""
    if rejected.item.startswith("line "):
        return f"{rejected.source}:{rejected.item.removeprefix('line ')}"
    return f"{rejected.source}, {rejected.item}" if rejected.item else rejected.source


def _more_help() -> str:
    from store.importers import FORMATS

    width = max(map(len, FORMATS), default=0)
    lines = (f"  {name:{width}}  {FORMATS[name].description}" for name in sorted(FORMATS))
    return "\n".join(("formats:", *lines, "", _EXAMPLES))
