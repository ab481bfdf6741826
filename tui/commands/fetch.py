"""`broadsheet fetch`: the text of articles that are only links so far; and addresses for `add`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from tui.commands import output
from tui.commands.parsing import Commands, add_library_options

if TYPE_CHECKING:
    from store import Library
    from store.importers.record import Record

_ILL_WRITTEN = "it is no address: it is written as none that can be asked for"

_MORE = """\
A stub is a record with a link and no text: of an import, or of a page that could not be fetched.
Without a query all stubs are tried; what fails stays a stub, and keeps the reason.

examples:
  broadsheet fetch                          all stubs
  broadsheet fetch saved:today
  broadsheet fetch --again id:12            fetch a text anew that is there

exit status: 0; 1 when all that were tried failed; 2 of wrong usage, or when a part of the query is
not understood: nothing is fetched then.
"""


def register(commands: Commands) -> None:
    """Add the parser of `fetch`."""
    parser = commands.add_parser(
        "fetch",
        help="fetch the text of articles that are only links so far",
        description="Fetch the text of articles that are only links so far (stubs).",
        words="query",
        query=True,
        more=lambda: _MORE,
    )
    parser.add_argument("query", nargs="*", metavar="QUERY", help="which of them (default: all)")
    parser.add_argument(
        "--again", action="store_true", help="fetch also articles whose text is there"
    )
    parser.add_argument("--json", action="store_true", help="write the full report as JSON")
    add_library_options(parser, default=argparse.SUPPRESS)
    parser.set_defaults(run=_fetch)


def _fetch(arguments: argparse.Namespace) -> int:
    from tui.commands.opening import make_searchable, writing
    from tui.commands.progress import Progress
    from tui.widgets.cells import clean

    if arguments.again and not arguments.query:
        output.warn("--again needs a query: it fetches every article that the query finds")
        return 2
    failed: list[tuple[int, str]] = []
    with writing(arguments) as library:
        make_searchable(library)
        query = f"({arguments.query}) has:link" if arguments.query else "has:link"
        if output.warn_of(library.misunderstood(arguments.query), "nothing was fetched"):
            return 2
        found = library.find(query if arguments.again else f"{query} is:stub", everything=True)
        if output.warn_of(found.warnings, "nothing was fetched"):
            return 2
        ids = list(found.ids)
        done = 0
        with Progress() as progress:

            def told(id: int, reason: str) -> None:
                nonlocal done
                done += 1
                if reason:
                    failed.append((id, reason))
                progress.on_work(f"article {id}", done, len(ids))

            progress.on_work("fetching", 0, len(ids))
            report = library.web.retry(ids, on_article=told)
    if arguments.json:
        print(
            output.to_json(
                {
                    **report.to_json(),
                    "failed": [{"id": id, "reason": reason} for id, reason in failed],
                },
                indent=2,
            )
        )
    else:
        for id, reason in failed:
            print(clean(f"failed {id}: {reason}"), file=sys.stderr)
        print(f"{len(ids) - len(failed):,} of {len(ids):,} fetched")
    return 1 if failed and len(failed) == len(ids) else 0


def records_of(
    library: Library,
    urls: Sequence[str],
    on_source: Callable[[str, int, int], None],
    on_failure: Callable[[str, str], None],
) -> Iterator[Record]:
    """What is at addresses that the person typed, fetched a few at a time, as it comes.

    Args:
        library: Fetches, and knows what is there already.
        urls: The addresses.
        on_source: Told of each address, how many are done, and of how many.
        on_failure: Told of each that could not be fetched, and why.
    """
    from store import Found
    from store.answer import shown
    from store.importers.record import Rejected
    from store.workers import beside

    def fetch(url: str) -> Found:
        reason = no_address(url)
        if not reason:
            try:
                return library.web.fetch(url)
            except ValueError as error:  # one that is odd costs no other
                reason = f"it cannot be fetched: {error}"
        return Found(url, url, rejected=[Rejected(shown(url), reason)])

    threads = library.web.fetcher.limits.connections
    for done, found in enumerate(beside(fetch, urls, threads), 1):
        on_source(found.asked, done, len(urls))
        if found.error:
            on_failure(found.asked, found.error)
        yield from library.web.records(found)


def no_address(url: str) -> str:
    """Why an address that a person typed can be none; "" where it can."""
    import unicodedata
    from urllib.parse import urlsplit

    from store.fetch import is_askable

    if any(unicodedata.category(character) == "Cc" for character in url.strip()):
        return "it is no address: there are control characters in it"
    try:
        parts = urlsplit(url)
        if parts.hostname and parts.port != 0:
            return "" if is_askable(url) else _ILL_WRITTEN
    except ValueError:
        return _ILL_WRITTEN
    return "it is no address: it names no host that can be asked"
