"""`broadsheet highlights`: what was marked and noted, for other programs and for people."""

from __future__ import annotations

import argparse
import sys

from tui.commands import output
from tui.commands.find import query_help
from tui.commands.parsing import Commands, add_library_options

_MORE = """\
They are those of the articles that QUERY finds, all without one.  note: and highlight: with words,
has:note and has:highlight give only the highlights that fit.

formats:
  md    Markdown: an article a heading with its link, each passage a quotation, its note under it
  json  an array of objects: id, quote, note, colour, made, offset, before, after, orphan, and of
        the article article (its id), title, author, site, url, published
  csv   the columns Readwise takes in: Highlight, Title, Author, URL, Note, Location, Date; a cell
        that a spreadsheet would obey begins with an apostrophe

examples:
  broadsheet highlights tag:history > history.md
  broadsheet highlights note:todo --format json | jq -r '.[].note'
  broadsheet highlights --format csv > readwise.csv

exit status: 0, or 1 when there are none.
"""


def register(commands: Commands) -> None:
    """Add the parser of `highlights`."""
    parser = commands.add_parser(
        "highlights",
        help="write highlights and notes: Markdown, JSON, CSV",
        description="Write highlights and notes to standard output.",
        words="query",
        query=True,
        more=lambda: f"{_MORE}\n{query_help()}\n",
    )
    parser.add_argument("query", nargs="*", metavar="QUERY", help="whose highlights to write")
    parser.add_argument(
        "--format", choices=("md", "json", "csv"), default="md", help="the format (default: md)"
    )
    add_library_options(parser, default=argparse.SUPPRESS)
    parser.set_defaults(run=_highlights)


def _highlights(arguments: argparse.Namespace) -> int:
    from store import FoundHighlights, find_highlights, write_highlights
    from tui.commands.opening import make_searchable, reading

    with reading(arguments) as library:
        found = FoundHighlights([])
        if library is not None:
            if arguments.query:
                make_searchable(library)
            found = find_highlights(library, arguments.query)
        for part in write_highlights(library, found, arguments.format):
            sys.stdout.write(part)
    for warning in found.warnings:
        output.warn(warning)
    return 0 if found.groups else 1
