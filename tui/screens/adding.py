"""Bringing articles in from within the app: an address, a file, the text of a stub."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from store import CancelledError, LibraryError
from tui import paths
from tui.screens.ask import AskDialog
from tui.screens.choice import Choice, ChoiceDialog
from tui.terminal.lane import Lane
from tui.work import follow

if TYPE_CHECKING:
    from textual.screen import Screen

    from store import Found, ImportReport, Library, Subscription

#: Values of the choices that are offered where an address has a feed.
_TAKE, _NOTHING = "take", "nothing"

_QUESTION = "Add: an address on the web, or a file or folder"


class Adding:
    """Asks what to add, fetches or reads it, and offers to subscribe where there is a feed.

    Args:
        screen: The screen whose workers do the waiting, and over which dialogs open.
        library: Where it goes.
        progress: Shows what is going on in the background; "" when it is done.
        changed: Called when articles have come in.
        subscribed: Called with a feed that was subscribed to.
        touched: Called with the ids of articles whose text has changed.
        tell: Shows what was done to the person.
        report: Shows an error to the person.
    """

    def __init__(
        self,
        screen: Screen[None],
        library: Library,
        *,
        progress: Callable[[str], None],
        changed: Callable[[], None],
        subscribed: Callable[[Subscription], None],
        touched: Callable[[Sequence[int]], None],
        tell: Callable[[str], None],
        report: Callable[[str], None],
    ) -> None:
        self._screen = screen
        self._library = library
        self._progress = progress
        self._changed = changed
        self._subscribed = subscribed
        self._touched = touched
        self._tell = tell
        self._report = report
        self._leaving = threading.Event()
        self.lanes = (Lane("adding"),)

    def close(self) -> None:
        """Give up what is under way."""
        self._leaving.set()

    def ask(self) -> None:
        """Let the person name what to add."""
        if self._may():
            follow(self._screen, "adding", self._ask)

    def fetch_texts(self, ids: Sequence[int]) -> None:
        """Fetch the texts of articles from their links."""
        if ids and self._may():
            follow(self._screen, "adding", partial(self._fetch_texts, ids))

    def _may(self) -> bool:
        if self._library.readonly:
            self._report("nothing can be added: the library is read-only")
        return not self._library.readonly

    async def _ask(self) -> None:
        from store import is_address

        named = await self._screen.app.push_screen_wait(self._dialog())
        if not named:
            return
        try:
            if is_address(named):
                await self._add_address(named)
            else:
                await self._add_file(named)
        except CancelledError:
            pass  # the app is being left
        except LibraryError as error:
            self._report(str(error))
        finally:
            self._progress("")

    def _dialog(self) -> AskDialog:
        from store import is_address
        from tui.screens.path_completion import continuations

        lane = self.lanes[0]

        async def look(answer: str) -> None:
            if not is_address(answer):
                await lane.run(lambda _: paths.existing(answer))

        return AskDialog(
            _QUESTION,
            action="add",
            attempt=look,
            continuations=lambda typed: lane.run(lambda _: continuations(typed)),
        )

    async def _add_file(self, named: str) -> None:
        from store.importers import read_sources

        self._progress("reading")
        path = str(await self.lanes[0].run(lambda _: paths.named(named)))
        if path == "-":
            path = "./-"  # the screen is ours: nothing is read from standard input
        report = await self.lanes[0].run(lambda _: self._library.add(read_sources([path])))
        self._told(report, path)

    async def _add_address(self, url: str) -> None:
        from store import Subscription

        self._progress("fetching")

        def stop(cancelled: Callable[[], bool]) -> Callable[[], bool]:
            return lambda: cancelled() or self._leaving.is_set()

        web = self._library.web
        found: Found = await self.lanes[0].run(lambda c: web.fetch(url, cancelled=stop(c)))
        self._progress("")
        take, feed = True, None
        if found.kind == "feed":
            there = await self.lanes[0].run(lambda c: web.discover(url, cancelled=stop(c)))
            take, feed = await self._offer(found, there, "")
        elif found.feeds and not found.error:
            there = [Subscription(each.url, each.title) for each in found.feeds]
            report = await self.lanes[0].run(lambda _: self._library.add(web.records(found)))
            self._told(report, found.articles[0].title if found.articles else url)
            _, feed = await self._offer(found, there, "The page is added; it has a feed")
            take = False
        if take:
            report = await self.lanes[0].run(lambda _: self._library.add(web.records(found)))
            if found.error:
                self._report(f"not fetched: {found.error}; the link is kept, W tries again")
                self._changed()
            else:
                self._told(report, found.articles[0].title if found.articles else url)
        if feed is not None:
            await self._subscribe(feed)

    async def _offer(
        self, found: Found, there: Sequence[Subscription], title: str
    ) -> tuple[bool, Subscription | None]:
        """Whether to take the articles, and the feed to subscribe to."""
        known = {each.url for each in there if self._library.feeds.find(each.url)}
        choices = [
            Choice(f"{number}", f"Subscribe to {each.name}")
            for number, each in enumerate(there[:5])
            if each.url not in known
        ]
        if not title:
            count = len(found.articles)
            title = "This is a feed"
            choices.append(Choice(_TAKE, f"Only take in its {count:,} entries, this once"))
        elif not choices:
            return True, None
        choices.append(Choice(_NOTHING, "Nothing more" if found.kind != "feed" else "Nothing"))
        answer = await self._screen.app.push_screen_wait(ChoiceDialog(title, choices))
        if answer is None or answer == _NOTHING:
            return False, None
        return (True, None) if answer == _TAKE else (False, there[int(answer)])

    async def _subscribe(self, feed: Subscription) -> None:
        def subscribe() -> Subscription:
            return self._library.feeds.subscribe(feed.url, site=feed.site, by_hand=feed.private)[0]

        stored = await self.lanes[0].run(lambda _: subscribe())
        self._tell(f"subscribed to {stored.title or feed.name}")
        self._subscribed(stored)

    async def _fetch_texts(self, ids: Sequence[int]) -> None:
        failed: list[str] = []

        def retry(cancelled: Callable[[], bool]) -> ImportReport:
            def told(_: int, reason: str) -> None:
                if reason:
                    failed.append(reason)

            return self._library.web.retry(
                ids, on_article=told, cancelled=lambda: cancelled() or self._leaving.is_set()
            )

        self._progress("fetching")
        try:
            await self.lanes[0].run(retry)
        except LibraryError as error:
            self._report(str(error))
            return
        finally:
            self._progress("")
        self._touched(ids)
        if failed:
            more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
            self._report(f"not fetched: {failed[0]}{more}")
        else:
            self._tell(f"fetched {len(ids):,} text{'' if len(ids) == 1 else 's'}")

    def _told(self, report: ImportReport, name: str) -> None:
        self._changed()
        if report.rejected and len(report.rejected) == report.total:
            self._report(f"not added: {report.rejected[0].reason}")
        elif len(report.added) == 1 and report.total == 1:
            self._tell(f"added {name}")
        elif report.total == 1 and not report.links:
            told = f"{name} is there already" if report.unchanged else f"updated {name}"
            self._tell(f"{told}, in the trash" if report.in_trash else told)
        else:
            self._tell(report.summary())
