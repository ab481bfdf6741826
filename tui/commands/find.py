"""`broadsheet list` and `broadsheet search`: look into the library without opening the app."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

from tui.commands import output
from tui.commands.parsing import (
    Commands,
    add_library_options,
    add_plain_option,
    option_value,
    whole_number,
)

if TYPE_CHECKING:
    from store import Hit, Library, Result, Row

#: Most articles written to a terminal when `--limit` does not say otherwise.
_LIST_LIMIT = 50
_SEARCH_LIMIT = 20

#: A ranked search stops here unless it is asked for everything.
_RANKED = 1_000

#: Cells of the examples of the query language in the help, and of its lines.
_EXAMPLE = 25
_HELP_WIDTH = 80

_LIST_MORE = """\
Written to a pipe, each article is one line without a header, its fields parted by tabs:
id, published, title, author, site, words, tags, state.

With --json each article is an object: id, title, author, site, published, saved, words, stub,
read, starred, archived, trashed, progress (0.0 to 1.0), tags.

examples:
  broadsheet list is:unread --sort words     the longest first
  broadsheet list tag:history published:2017
  broadsheet list view:Unread
  broadsheet list --json | jq '.[].title'
"""

_SEARCH_MORE = """\
Written to a pipe, each hit is one line as `list` writes it, with the snippet as last field.

With --json each hit is an object with the fields of `list --json` and
  score         relevance, higher is better; 0.0 where the order is another
  snippet       one line of the text around the densest cluster of matches
  spans         the matches in `snippet`: [start, end] of each, in characters (code points)
  title_spans   the matches in `title`, likewise

examples:
  broadsheet search carrier -draft --limit 5
  broadsheet search '"aircraft carrier"' is:starred

exit status: 0, or 1 when nothing was found, as of grep; 2 of wrong usage.
"""


def query_help() -> str:
    """The query language, element by element, for the help of what takes a query."""
    import textwrap

    from store import help_lines

    lines = ["queries (for the shell, quote what holds quotes, brackets, #, *, < or >):"]
    for example, meaning in help_lines():
        first, *rest = textwrap.wrap(meaning, _HELP_WIDTH - _EXAMPLE - 2)
        lines.append(f"  {example:<{_EXAMPLE - 1}} {first}")
        lines += (" " * (_EXAMPLE + 2) + line for line in rest)
    return "\n".join(lines)


def register(commands: Commands) -> None:
    """Add the parsers of `list` and `search`."""
    parser = commands.add_parser(
        "list",
        help="list articles",
        description="List the articles that a query finds: all but the trash without one.",
        words="query",
        query=True,
        more=lambda: f"{_LIST_MORE}\n{query_help()}\n",
    )
    parser.add_argument("query", nargs="*", metavar="QUERY", help="what to find")
    parser.add_argument(
        "--sort",
        metavar="KEY",
        type=_sort_key,
        help="relevance, published, saved, read, title, author, words or random; -KEY turns it "
        "round (default: relevance if QUERY has words, else published)",
    )
    _add_common(parser, limit=_LIST_LIMIT)
    parser.set_defaults(run=_list)

    parser = commands.add_parser(
        "search",
        help="search articles, best first, with snippets",
        description="Search the library's text, best hits first, each with a snippet.",
        words="query",
        query=True,
        more=lambda: f"{_SEARCH_MORE}\n{query_help()}\n",
    )
    parser.add_argument("query", nargs="+", metavar="QUERY", help="what to find")
    _add_common(parser, limit=_SEARCH_LIMIT)
    parser.set_defaults(run=_search)


def _sort_key(text: str) -> str:
    key = option_value(text)
    from store.query import SORT_KEYS

    if key.removeprefix("-") not in SORT_KEYS:
        raise argparse.ArgumentTypeError(f"{key!r} is none of {', '.join(SORT_KEYS)}")
    return key


def _add_common(parser: argparse.ArgumentParser, *, limit: int) -> None:
    parser.add_argument(
        "--limit",
        metavar="N",
        type=whole_number,
        help=f"at most N articles, 0 for all (default: {limit} on a terminal, else all)",
    )
    parser.add_argument("--json", action="store_true", help="write a JSON array of objects")
    add_plain_option(parser)
    add_library_options(parser, default=argparse.SUPPRESS)


def print_newest(library: Library, number: int) -> None:
    """Write the `number` newest articles as a table, and why not the app is there."""
    why = "" if not sys.stdout.isatty() else f" that can draw (TERM={os.environ.get('TERM', '')})"
    print(
        f"broadsheet: the app needs a terminal{why}; here are the newest articles, "
        "`broadsheet list`, `search` and `show` do the rest",
        file=sys.stderr,
    )
    rows = library.newest(number)
    _print_table(rows, last_id=max((row.id for row in rows), default=0))


def _list(arguments: argparse.Namespace) -> int:
    from tui.commands.opening import reading

    with reading(arguments) as library:
        if library is None:
            if arguments.json:
                output.write_json_array(())
            return 0
        limit = _limit(arguments, on_terminal=_LIST_LIMIT)
        result = _find(library, arguments.query, limit, sort=arguments.sort)
        number = min(limit, len(result.ids)) if limit else len(result.ids)
        rows = chain.from_iterable(result.rows(*page) for page in output.pages(number))
        if arguments.json:
            output.write_json_array(map(output.row_json, rows))
        elif arguments.plain:
            for row in rows:
                print(output.in_words(row))
        elif sys.stdout.isatty():
            _print_table(rows, last_id=max(result.ids[:number], default=0))
        else:
            for row in rows:
                print(output.tab_separated(row))
        _tell(arguments, result, number)
    return 0


def _print_table(rows: Iterable[Row], *, last_id: int) -> None:
    columns = output.width(sys.stdout)
    for line in output.table(rows, columns=columns, last_id=last_id):
        print(line)


def _search(arguments: argparse.Namespace) -> int:
    from tui.commands.opening import reading

    with reading(arguments) as library:
        if library is None:
            if arguments.json:
                output.write_json_array(())
            return 1
        limit = _limit(arguments, on_terminal=_SEARCH_LIMIT)
        result = _find(library, arguments.query, limit)
        number = min(limit, len(result.ids)) if limit else len(result.ids)
        hits = chain.from_iterable(result.hits(*page) for page in output.pages(number, 20))
        if arguments.json:
            output.write_json_array(map(output.hit_json, hits))
        elif arguments.plain:
            for hit in hits:
                print(output.in_words(hit.row, hit.snippet))
        elif sys.stdout.isatty():
            _print_hits(hits)
        else:
            for hit in hits:
                print(output.tab_separated(hit.row, hit.snippet))
        _tell(arguments, result, number)
        return 0 if result.count else 1


def _print_hits(hits: Iterable[Hit]) -> None:
    from tui.widgets.cells import clean, shorten_around

    columns = output.width(sys.stdout)
    bold = output.is_terminal(sys.stdout)
    indent = " " * 8
    for hit in hits:
        room = columns - len(indent)
        head, spans = shorten_around(clean(hit.row.title) or "untitled", hit.title_spans, room)
        print(f"{hit.row.id:>7} {output.mark(head, spans, bold=bold)}")
        about = " · ".join(filter(None, (hit.row.published[:10], hit.row.site or hit.row.author)))
        if about:
            print(indent + shorten_around(clean(about), (), room)[0])
        snippet, spans = shorten_around(clean(hit.snippet), hit.spans, room)
        if snippet:
            print(indent + output.mark(snippet, spans, bold=bold))


def _limit(arguments: argparse.Namespace, *, on_terminal: int) -> int:
    """How many articles to write at most; 0 for all."""
    if arguments.limit is not None:
        return int(arguments.limit)
    return on_terminal if sys.stdout.isatty() and not arguments.json else 0


def _find(library: Library, query: str, limit: int, *, sort: str | None = None) -> Result:
    from tui.commands.opening import make_searchable

    if query:
        make_searchable(library)
    return library.find(query, sort=sort, everything=limit == 0 or limit > _RANKED)


def _tell(arguments: argparse.Namespace, result: Result, number: int) -> None:
    """Say on standard error what the query missed, and what was left out unasked."""
    for warning in result.warnings:
        output.warn(warning)
    left = result.count - number
    if left > 0 and arguments.limit is None:
        about = "" if result.exact else "at least "
        output.warn(f"{about}{left:,} more: --limit 0 shows all")
