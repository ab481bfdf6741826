"""`broadsheet view`: queries with a name."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tui.commands import output
from tui.commands.find import query_help
from tui.commands.parsing import CommandParser, Commands, add_library_options, option_value

if TYPE_CHECKING:
    from store import View, ViewCount

    #: A view and what is in it.
    Counted = tuple[View, ViewCount]

#: Cells of the columns of a table: name at most, kind, numbers at least.
_NAME = 30
_KIND = 8
_NUMBER = 6
_NARROW = 60  # columns below which the kind gives way to the query

_MORE = """\
A view is a query with a name: `f` shows it in the app, view:NAME names it in a query.

examples:
  broadsheet view add 'Long reads' 'words:>2000' is:unread
  broadsheet view list
  broadsheet search view:'"Long reads"' carrier
  broadsheet view rm 'Long reads'
"""

_ADD_MORE = """\
A view that has the name already is replaced; whether letters are small or capital makes no
difference.  The query may name other views.  sort: and limit: in it count where the view is all
that is asked for.

examples:
  broadsheet view add 'Long reads' 'words:>2000' is:unread
  broadsheet view add Latest view:Unread sort:-saved limit:20
"""

_LIST_MORE = """\
Written to a pipe, each view is one line without a header, its fields parted by tabs:
name, unread, total, kind (built-in, saved or tag), query.
"""


def register(commands: Commands) -> None:
    """Add the parser of `view`."""
    view = commands.add_parser(
        "view",
        help="save searches under a name, list and remove them",
        description="Save searches under a name, list and remove them.",
        more=lambda: _MORE,
    )
    actions = view.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=CommandParser
    )
    parser = actions.add_parser(
        "add",
        help="save a search",
        description="Save a search under a name.",
        words="query",
        query=True,
        more=lambda: f"{_ADD_MORE}\n{query_help()}\n",
    )
    parser.add_argument("name", metavar="NAME", type=option_value, help="what to call it")
    parser.add_argument("query", nargs="+", metavar="QUERY", help="what it shows")
    _finish(parser).set_defaults(run=_add)

    parser = actions.add_parser(
        "list",
        help="list the views with their numbers of unread and of all articles",
        description="List the views with their numbers of unread and of all articles.",
        more=lambda: _LIST_MORE,
    )
    parser.add_argument("--tags", action="store_true", help="also list the view of each tag")
    parser.add_argument("--json", action="store_true", help="write a JSON array of objects")
    _finish(parser).set_defaults(run=_list)

    parser = actions.add_parser(
        "rm",
        help="forget a saved search",
        description="Forget a saved search; its articles stay as they are.",
    )
    parser.add_argument("name", metavar="NAME", help="what it is called")
    _finish(parser).set_defaults(run=_remove)


def _finish(parser: CommandParser) -> CommandParser:
    add_library_options(parser, default=argparse.SUPPRESS)
    return parser


def _add(arguments: argparse.Namespace) -> int:
    from store.views import checked_name, checked_query
    from tui.commands.opening import writing
    from tui.widgets.cells import clean

    with writing(arguments) as library:
        replaced = library.save_view(arguments.name, arguments.query)
        name, query = checked_name(arguments.name), checked_query(arguments.query)  # as it is saved
        warnings = library.misunderstood(query)
    if replaced is None:
        print(f"saved {name}: {query}")
    else:
        print(clean(f"replaced {replaced.name}: {query} (it was {replaced.query})"))
    for warning in warnings:
        output.warn(warning)
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from tui.commands.opening import make_searchable, reading
    from tui.widgets.cells import clean

    counted: list[Counted] = []
    with reading(arguments) as library:
        if library is not None:
            views = [v for v in library.all_views() if arguments.tags or v.kind != "tag"]
            if any(view.kind == "saved" for view in views):
                make_searchable(library)
            counted = list(zip(views, library.view_counts(views), strict=True))
    if arguments.json:
        output.write_json_array(
            {**view._asdict(), "kind": view.kind, **count._asdict()} for view, count in counted
        )
    elif sys.stdout.isatty():
        for line in _table(counted, columns=output.width(sys.stdout)):
            print(line)
    else:
        for view, count in counted:
            fields = (view.name, str(count.unread), str(count.total), view.kind, view.query)
            print("\t".join(map(clean, fields)))
    return 0


def _table(counted: Sequence[Counted], *, columns: int) -> Iterator[str]:
    from rich.cells import cell_len

    from tui.widgets.cells import clean, fit, shorten
    from tui.widgets.glyphs import default_glyphs

    ellipsis = default_glyphs().ellipsis
    longest = max((cell_len(clean(view.name)) for view, _ in counted), default=0)
    name = max(4, min(longest, _NAME, columns // 3))

    def line(*cells: str) -> str:
        title, unread, total, kind, query = cells
        head = [
            fit(clean(title), name, ellipsis=ellipsis),
            fit(unread, _NUMBER, right=True, ellipsis=ellipsis),
            fit(total, _NUMBER, right=True, ellipsis=ellipsis),
        ]
        if columns >= _NARROW:
            head.append(fit(kind, _KIND))
        start = "  ".join((*head, ""))
        return (start + shorten(clean(query), columns - cell_len(start), ellipsis)).rstrip()

    if counted:
        yield line("NAME", "UNREAD", "TOTAL", "KIND", "QUERY")
    for view, count in counted:
        yield line(view.name, f"{count.unread:,}", f"{count.total:,}", view.kind, view.query)


def _remove(arguments: argparse.Namespace) -> int:
    import shlex

    from store import BUILT_IN_VIEWS, LibraryError
    from tui.commands.opening import library_path, writing

    name = arguments.name.strip()
    if any(view.name.casefold() == name.casefold() for view in BUILT_IN_VIEWS):
        raise LibraryError(f"{name} is a view that every library has: it cannot be removed")
    none = LibraryError(f"no saved view is called {name}: `broadsheet view list` names them")
    if not library_path(arguments).exists():
        raise none
    with writing(arguments) as library:
        removed = library.remove_view(name)
        if removed is None:
            raise none
    again = shlex.join(("broadsheet", "view", "add", *removed))
    print(f"removed {removed.name}; to put it back: {again}")
    return 0
