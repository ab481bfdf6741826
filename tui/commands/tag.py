"""`broadsheet tag`: give tags to the articles a query finds, and take them away."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from tui.commands import output
from tui.commands.find import query_help
from tui.commands.parsing import CommandParser, Commands, add_library_options

if TYPE_CHECKING:
    from collections.abc import Mapping

_MORE = """\
Changes begin with + or - and stand after the query, or before it if the first begins with +.  A
"--" parts the query from the changes where one could be taken for the other:

  broadsheet tag site:quay.example +harbour        give the tag harbour to all it finds
  broadsheet tag tag:todo is:read -todo +done      take todo away, give done
  broadsheet tag ships -draft -- +fleet            the query is “ships -draft”
  broadsheet tag +a -b -- -draft                   the query is “-draft”
  broadsheet tag --all +imported                   every article but those in the trash

One line tells what was done for each tag; --dry-run only tells.  U in the app undoes it.  With
--json: an object with found, dry_run, and added and removed: tag -> number of articles changed.

exit status: 0, or 1 when the query finds nothing; 2 of wrong usage, or when a part of the query is
not understood: nothing is changed then.
"""


class Changes(NamedTuple):
    """What a command line asks for: a query, tags to add, tags to remove."""

    query: str
    add: tuple[str, ...]
    remove: tuple[str, ...]


def register(commands: Commands) -> None:
    """Add the parser of `tag`."""
    parser = commands.add_parser(
        "tag",
        help="give tags to articles and take them away",
        description="Give tags to the articles that a query finds, and take tags away.",
        usage="broadsheet tag [options] QUERY... [--] +TAG... -TAG...",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        words="words",
        raw=True,
        more=lambda: f"{_MORE}\n{query_help()}\n",
    )
    parser.add_argument("words", nargs="*", metavar="QUERY +TAG -TAG", help="see below")
    parser.add_argument("--all", action="store_true", help="all articles, without a query")
    parser.add_argument("--dry-run", action="store_true", help="change nothing, only tell")
    parser.add_argument("--json", action="store_true", help="write a JSON object")
    add_library_options(parser, default=argparse.SUPPRESS)
    parser.set_defaults(run=_tag, parser=parser)


def parse_changes(words: Sequence[str]) -> Changes:
    """Part a query from the changes; see the command's help.

    Raises:
        ValueError: There is no change, or the words do not tell which are changes.
    """
    if "--" in words:
        at = words.index("--")
        query, changes = list(words[:at]), list(words[at + 1 :])
        if words[0].startswith("+") or not changes or not all(map(_is_change, changes)):
            query, changes = changes, query
    elif words and words[0].startswith("+"):
        changes = list(takewhile(_is_change, words))
        query = list(words[len(changes) :])
    else:
        changes = list(takewhile(_is_change, reversed(words)))[::-1]
        query = list(words[: len(words) - len(changes)])
    wrong = next((word for word in changes if not _is_change(word)), None)
    wrong = wrong or next((word for word in query if word.startswith("+")), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r}: changes stand together, behind the query")
    if not changes:
        raise ValueError("no tag to add or to remove: +TAG adds one, -TAG removes one")
    add, remove = (_tags(changes, sign) for sign in "+-")
    both = next((tag for tag in add if tag in remove), None)
    if both is not None:
        raise ValueError(f"{both!r} is both added and removed")
    return Changes(" ".join(query), add, remove)


def _is_change(word: str) -> bool:
    return len(word) > 1 and word[0] in "+-" and word[1] not in "+-("


def _tags(changes: Sequence[str], sign: str) -> tuple[str, ...]:
    from store.article import clean_tags

    return clean_tags(
        tag for word in changes if word[0] == sign for tag in word[1:].split(",") if tag
    )


def _tag(arguments: argparse.Namespace) -> int:
    from tui.commands.opening import make_searchable, reading, writing

    parser: CommandParser = arguments.parser
    try:
        query, add, remove = parse_changes(arguments.words)
    except ValueError as error:
        parser.error(str(error))
    if bool(query) is arguments.all:
        parser.error("--all and a query exclude each other" if query else "a query, or --all")
    opened = reading(arguments) if arguments.dry_run else writing(arguments)
    with opened as library:
        if library is None:
            return 1
        if query:
            make_searchable(library)
        result = library.find(query, everything=True)
        if output.warn_of(result.warnings, "nothing was changed"):
            return 2
        ids = list(result.ids)
        have = dict(library.tags(ids))
        added = {tag: len(ids) - have.get(tag, 0) for tag in add}
        removed = {tag: have.get(tag, 0) for tag in remove}
        if not arguments.dry_run:
            library.tag(ids, add=add, remove=remove)
    _report(arguments, len(ids), added, removed)
    return 0 if ids else 1


def _report(
    arguments: argparse.Namespace,
    found: int,
    added: Mapping[str, int],
    removed: Mapping[str, int],
) -> None:
    from tui.widgets.cells import clean

    if arguments.json:
        told = {"found": found, "dry_run": arguments.dry_run, "added": added, "removed": removed}
        print(output.to_json(told, indent=2))
        return
    would = "would be " if arguments.dry_run else ""
    print(f"{found:,} {'article' if found == 1 else 'articles'} found")
    for sign, done, there, counts in (
        ("+", "added to", "had it", added),
        ("-", "removed from", "did not have it", removed),
    ):
        for tag, number in counts.items():
            rest = f", {found - number:,} {there}" if number < found else ""
            print(clean(f"{sign}{tag} {would}{done} {number:,}{rest}"))
