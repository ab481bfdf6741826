"""Feeds in the app: asked in the background when they are due, and looked after in a dialog."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from store import LibraryError, View
from tui.terminal.lane import Lane
from tui.work import follow, supersede

if TYPE_CHECKING:
    from textual.screen import Screen

    from store import Feeds, Library, Outcome, RefreshReport, Subscription, ViewCount
    from tui.screens.ask import Attempt
    from tui.screens.subscriptions import Deed, SubscriptionsDialog

P = ParamSpec("P")
T = TypeVar("T")

#: Seconds between two looks at which feeds are due; nothing is painted by looking.
INTERVAL = 60.0

#: Feeds of a page that are offered.
_OFFERED = 9

_WHICH_FEED = "Subscribe: the address of a feed, or of a page that has one"

#: Digits of a number of minutes that are looked at: more than any interval has.
_LONGEST = 9


class Subscribing:
    """Asks feeds for what is new, and opens the dialog of all feeds.

    Args:
        screen: The screen whose workers do the waiting, and over which the dialog opens.
        library: Where the subscriptions are.
        automatic: Whether feeds are asked when they are due.
        interval: Minutes between two checks of a feed that has no interval of its own.
        progress: Shows what is going on in the background; "" when it is done.
        show: Lists what a view shows.
        changed: Called when articles have come in.
        tell: Shows what was done to the person.
        report: Shows an error to the person.
    """

    def __init__(
        self,
        screen: Screen[None],
        library: Library,
        *,
        automatic: bool,
        interval: int,
        progress: Callable[[str], None],
        show: Callable[[View], None],
        changed: Callable[[], None],
        tell: Callable[[str], None],
        report: Callable[[str], None],
    ) -> None:
        self._screen = screen
        self._library = library
        self._automatic = automatic
        self._interval = interval
        self._progress = progress
        self._show = show
        self._changed = changed
        self._tell = tell
        self._report = report
        self._dialog: SubscriptionsDialog | None = None
        self._asking = False
        self._leaving = threading.Event()
        self.lanes = (Lane("feeds"), Lane("subscriptions"))

    def start(self) -> None:
        """Ask what is due, soon and from then on."""
        if self._automatic and not self._library.readonly:
            self._look()
            self._screen.set_interval(INTERVAL, self._look)

    def close(self) -> None:
        """Ask no more; what is under way is given up."""
        self._leaving.set()

    def refresh(self, feeds: Sequence[Subscription] | None = None) -> None:
        """Ask feeds now: those given, else all."""
        if self._library.readonly:
            self._report("nothing can come in: the library is read-only")
        elif self._asking:
            self._tell("feeds are being asked already")
        else:
            self._asking = True
            follow(self._screen, "feeds", partial(self._refresh, feeds, by_hand=True))

    def open(self) -> None:
        """Show all feeds."""
        supersede(self._screen, "menu", self._open)

    def subscriptions_changed(self) -> None:
        """Show the feeds anew, if they are on the screen."""
        if self._dialog is not None:
            supersede(self._screen, "subscriptions", partial(self._refill, self._dialog))

    @property
    def _feeds(self) -> Feeds:
        """The subscriptions; loaded when first asked for, in a lane."""
        feeds = self._library.feeds
        feeds.default = self._interval
        return feeds

    # Asking

    def _look(self) -> None:
        if not self._asking:
            self._asking = True
            follow(self._screen, "feeds", self._refresh_due)

    async def _refresh_due(self) -> None:
        try:
            due = await self._work(lambda: self._feeds.due() if self._library.has_feeds else [])
        except LibraryError:
            due = []  # `watching` tells of a damaged reading file
        if due:
            await self._refresh(due, by_hand=False)
        self._asking = False

    async def _refresh(self, feeds: Sequence[Subscription] | None, *, by_hand: bool) -> None:
        def ask(cancelled: Callable[[], bool]) -> RefreshReport:
            return self._feeds.refresh(
                feeds,
                insist=by_hand and feeds is not None,
                on_outcome=self._post,
                cancelled=lambda: cancelled() or self._leaving.is_set(),
            )

        self._progress("asking feeds")
        try:
            report = await self.lanes[0].run(ask)
        except LibraryError as error:
            self._report(str(error))
            return
        finally:
            self._asking = False
            self._progress("")
        if report.new or report.updated:
            self._changed()
        self.subscriptions_changed()
        if report.failed and (by_hand or report.new == 0):
            self._report(_failures(report))
        elif by_hand or report.new:
            self._tell(report.summary() if report.outcomes or report.waiting else _no_feeds(report))

    def _post(self, outcome: Outcome, done: int, total: int) -> None:
        """From the lane's thread: have how far it is shown, without waiting for it."""
        if not self._leaving.is_set():
            self._screen.call_later(self._asked, outcome, done, total)

    def _asked(self, outcome: Outcome, done: int, total: int) -> None:
        if self._asking:
            self._progress(f"feeds {done}/{total}")
        if outcome.new or outcome.updated:
            self._changed()

    # The dialog

    async def _open(self) -> None:
        try:
            feeds = await self._work(lambda: self._feeds.all())
        except LibraryError as error:
            self._report(str(error))
            return
        from tui.screens.subscriptions import SubscriptionsDialog

        dialog = self._dialog = SubscriptionsDialog(feeds, act=self._act)
        supersede(self._screen, "subscriptions", partial(self._refill, dialog))
        try:
            number = await self._screen.app.push_screen_wait(dialog)
        finally:
            self._dialog = None
        if number is not None:
            from store import view_of

            feed = dialog.feed(number)
            self._show(View(feed.name, view_of(feed)))

    async def _refill(self, dialog: SubscriptionsDialog) -> None:
        try:
            feeds, counts = await self._work(self._counted)
        except LibraryError as error:
            dialog.tell(str(error))
            return
        dialog.set_feeds(feeds, counts)

    def _counted(self) -> tuple[Sequence[Subscription], dict[str, ViewCount]]:
        feeds = self._feeds.all()
        counts = self._feeds.counts_of(feeds)
        return feeds, {str(feed.id): count for feed, count in zip(feeds, counts, strict=True)}

    def _act(self, what: Deed, feed: Subscription | None) -> None:
        if what == "add":
            follow(self._screen, "menu", self._subscribe)
        elif what == "refresh_all":
            self.refresh()
        elif feed is not None and what == "refresh":
            self.refresh([feed])
        elif what == "undo" and self._dialog is not None:
            follow(self._screen, "menu", partial(self._undo, self._dialog))
        elif feed is not None and self._dialog is not None:
            follow(self._screen, "menu", partial(self._change, self._dialog, what, feed))

    async def _change(self, dialog: SubscriptionsDialog, what: Deed, feed: Subscription) -> None:
        feeds = self._feeds
        try:
            if what == "remove":
                await self._work(feeds.remove, feed)
                dialog.was_removed(feed)
            elif what == "full_text":
                await self._work(feeds.edit, feed, full_text=not feed.full_text)
                dialog.tell("full texts from now on" if not feed.full_text else "no full texts")
            elif what == "tags":
                await self._ask(
                    f"Tags of “{feed.name}”",
                    " ".join(feed.tags),
                    lambda new: self._edit(feed, tags=new.replace(",", " ").split()),
                    may_be_empty=True,
                )
            elif what == "rename":
                await self._ask(
                    f"New name of “{feed.name}”", feed.name, lambda new: self._edit(feed, title=new)
                )
            elif what == "interval":
                await self._ask(
                    f"Minutes between two checks of “{feed.name}” (0: the default)",
                    str(feed.interval),
                    lambda new: self._edit(feed, interval=_minutes(new)),
                )
        except LibraryError as error:
            dialog.tell(str(error))
        self.subscriptions_changed()

    async def _subscribe(self) -> None:
        """Ask for an address, find its feeds, and subscribe to the one that is meant."""
        if self._library.readonly:
            self._report("nothing can come in: the library is read-only")
            return
        found: list[Subscription] = []

        async def discover(answer: str) -> None:
            nonlocal found
            url = answer if "://" in answer else f"https://{answer}"
            found = await self.lanes[1].run(
                lambda cancelled: self._library.web.discover(
                    url, cancelled=lambda: cancelled() or self._leaving.is_set()
                )
            )
            if not found:
                raise LibraryError("there is no feed, nor does the page name one")

        await self._ask(_WHICH_FEED, "", discover, busy="asking …")
        if not found:
            return
        feed = found[0]
        if len(found) > 1:
            from tui.screens.choice import Choice, ChoiceDialog

            choices = [Choice(f"{at}", each.name) for at, each in enumerate(found[:_OFFERED])]
            dialog = ChoiceDialog("The page names several feeds", choices)
            answer = await self._screen.app.push_screen_wait(dialog)
            if answer is None:
                return
            feed = found[int(answer)]
        try:
            stored, is_new = await self._work(
                lambda: self._feeds.subscribe(feed.url, site=feed.site, by_hand=feed.private)
            )
        except LibraryError as error:
            self._report(str(error))
            return
        what = "subscribed to" if is_new else "already subscribed to"
        self._tell(f"{what} {stored.title or feed.name}")
        self.subscriptions_changed()
        self.refresh([stored])

    async def _undo(self, dialog: SubscriptionsDialog) -> None:
        """Take back what was done last, as everywhere, whatever it was."""
        try:
            undone = await self._work(self._library.undo)
        except LibraryError as error:
            dialog.tell(str(error))
            return
        dialog.tell(f"undone: {undone}" if undone else "nothing to undo")
        self._changed()
        self.subscriptions_changed()

    async def _edit(self, feed: Subscription, **changes: Any) -> None:
        await self._work(partial(self._feeds.edit, feed, **changes))

    async def _ask(
        self,
        title: str,
        value: str,
        attempt: Attempt,
        *,
        may_be_empty: bool = False,
        busy: str = "",
    ) -> None:
        from tui.screens.ask import AskDialog

        dialog = AskDialog(title, value, attempt=attempt, may_be_empty=may_be_empty, busy=busy)
        await self._screen.app.push_screen_wait(dialog)

    async def _work(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.lanes[1].run(lambda _: work(*args, **kwargs))


def _minutes(text: str) -> int:
    """A number of minutes as a person writes it.

    Raises:
        LibraryError: it is none.
    """
    if not (text.isascii() and text.isdecimal()):
        raise LibraryError(f"{text} is no number of minutes")
    return int(text[:_LONGEST])


def _failures(report: RefreshReport) -> str:
    """What failed, by name: the reason where it is one."""
    first, *more = report.failed
    new = f"{report.new:,} new; " if report.new else ""
    text = f"{new}{first.subscription.name}: {first.error}"
    return f"{text} (and {len(more)} more: F shows them)" if more else text


def _no_feeds(report: RefreshReport) -> str:
    return "no feed to ask: A subscribes to one" if not report.cancelled else "called off"
