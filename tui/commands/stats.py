"""`broadsheet stats`: what was read, and what is left."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from tui.commands import output
from tui.commands.find import query_help
from tui.commands.parsing import Commands, add_library_options

if TYPE_CHECKING:
    from store import Statistics

_MORE = """\
Articles count in the week in which they were marked read; those an import brought as read count in
no week.  Unread is what is neither read nor archived.

With --json: an object with articles, read, words_read, minutes_read, undated, unread, words_unread,
pace (words a week over the last 8), weeks_left (null when nothing was read), streak and longest (in
days), weeks (start, articles, words), tags and sites (name, articles, words).

examples:
  broadsheet stats
  broadsheet stats tag:history
  broadsheet stats --json | jq .weeks_left
"""


def register(commands: Commands) -> None:
    """Add the parser of `stats`."""
    parser = commands.add_parser(
        "stats",
        help="tell what was read by week, tag and site, and what is left",
        description="Tell what was read of the articles that a query finds, and what is left.",
        words="query",
        query=True,
        more=lambda: f"{_MORE}\n{query_help()}\n",
    )
    parser.add_argument("query", nargs="*", metavar="QUERY", help="of which articles")
    parser.add_argument("--json", action="store_true", help="write a JSON object")
    add_library_options(parser, default=argparse.SUPPRESS)
    parser.set_defaults(run=_stats)


def statistics_json(stats: Statistics) -> dict[str, Any]:
    """The statistics for scripts."""
    shares = {
        name: [share._asdict() for share in getattr(stats, name)] for name in ("tags", "sites")
    }
    return {
        **{
            name: getattr(stats, name)
            for name in (
                "articles", "read", "words_read", "minutes_read", "undated", "unread",
                "words_unread", "pace", "weeks_left", "streak", "longest",
            )
        },
        "weeks": [{**week._asdict(), "start": week.start.isoformat()} for week in stats.weeks],
        **shares,
    }  # fmt: skip


def _stats(arguments: argparse.Namespace) -> int:
    from store import Statistics
    from tui.commands.opening import make_searchable, reading

    stats = Statistics()
    with reading(arguments) as library:
        if library is not None:
            if arguments.query:
                make_searchable(library)
                for warning in library.misunderstood(arguments.query):
                    output.warn(warning)
            stats = library.statistics(arguments.query)
    if arguments.json:
        print(output.to_json(statistics_json(stats), indent=2))
        return 0
    from tui.widgets.glyphs import ASCII, default_glyphs
    from tui.widgets.statistics_lines import statistics_lines

    columns = min(output.width(sys.stdout), 100)
    blocks = default_glyphs() is not ASCII
    for line in statistics_lines(stats, columns, blocks=blocks):
        print("".join(part.text for part in line).rstrip())
    return 0
