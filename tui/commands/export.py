"""`broadsheet export`: take articles out."""

from __future__ import annotations

import argparse
import sys

from tui.commands import output
from tui.commands.find import query_help
from tui.commands.parsing import CommandParser, Commands, add_library_options, place

_DESCRIPTION = """\
Write the articles that a query finds to a file, a directory or standard output.  Without a query
it is the whole library: in the formats json and markdown with the trash, saved views and
subscriptions, so that `broadsheet add` of what was written gives back all there was."""

_EXAMPLES = """\
A file that is there already is left alone unless --force is given.  markdown writes a file an
article, into the directory or the archive (.zip) that -o names.

examples:
  broadsheet export -o library.json                   everything
  broadsheet export tag:history -o history.epub       for an e-reader
  broadsheet export is:starred --format markdown -o notes/
  broadsheet export --format bookmarks -o links.html
  broadsheet export id:12 --format text | less
"""


def register(commands: Commands) -> None:
    """Add the parser of `export`."""
    parser = commands.add_parser(
        "export",
        help="write articles to files: JSON, Markdown, HTML, EPUB and others",
        description=_DESCRIPTION,
        words="query",
        query=True,
        short=("-o",),
        more=lambda: f"{_formats_help()}\n{_EXAMPLES}\n{query_help()}\n",
    )
    parser.add_argument("query", nargs="*", metavar="QUERY", help="what to export")
    parser.add_argument(
        "--format", metavar="NAME", help="the format (default: by the ending of the file's name)"
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="PLACE",
        type=place,
        default="-",
        help='a file or a directory, or "-" for standard output (the default)',
    )
    parser.add_argument(
        "--force", action="store_true", help="replace a file, write into a directory with files"
    )
    parser.add_argument("--json", action="store_true", help="write the report as JSON")
    add_library_options(parser, default=argparse.SUPPRESS)
    parser.set_defaults(run=_export, parser=parser)


def _export(arguments: argparse.Namespace) -> int:
    from store import EXPORT_FORMATS, export_articles
    from tui.commands.opening import make_searchable, reading
    from tui.commands.progress import Progress
    from tui.paths import spared

    name = _format(arguments)
    to_stdout = arguments.output == "-"
    if to_stdout and EXPORT_FORMATS[name].binary and sys.stdout.isatty():
        arguments.parser.error(f"{name} is nothing for a terminal: -o FILE writes it to a file")
    with reading(arguments) as library:
        if library is None:
            return 1
        if arguments.query:
            make_searchable(library)
            found = library.find(arguments.query, everything=True)
            if output.warn_of(found.warnings, "nothing was written"):
                return 2
        with Progress(shown=not to_stdout) as progress:
            report = export_articles(
                library,
                arguments.output,
                format=name,
                query=arguments.query,
                force=arguments.force,
                spared=spared(),
                on_progress=lambda done, total: progress.on_work("exporting", done, total),
            )
    stream = sys.stderr if to_stdout else sys.stdout
    if arguments.json:
        print(output.to_json(report.to_json(), indent=2), file=stream)
    else:
        from tui.widgets.cells import clean

        print(clean(f"{arguments.output}: {report.summary()}"), file=stream)
    return 0 if report.articles else 1


def _format(arguments: argparse.Namespace) -> str:
    """The name of the format, asked for or told by the name of the output."""
    from store import EXPORT_FORMATS, export_format_of

    if arguments.format is None:
        chosen = export_format_of(arguments.output)
        wrong = "no format is given, and the name of the output tells none: --format NAME"
    else:
        chosen = EXPORT_FORMATS.get(arguments.format)
        wrong = f"argument --format: {arguments.format!r} is none of {', '.join(EXPORT_FORMATS)}"
    parser: CommandParser = arguments.parser
    if chosen is None:
        parser.error(wrong)
    if arguments.output.lower().endswith(".zip") and not chosen.several:
        parser.error(f"{chosen.name} is one file: only markdown goes into an archive")
    return chosen.name


def _formats_help() -> str:
    from store import EXPORT_FORMATS

    width = max(map(len, EXPORT_FORMATS), default=0)
    lines = (f"  {f.name:{width}}  {f.description}" for f in EXPORT_FORMATS.values())
    return "\n".join(("formats:", *lines, ""))
