"""The feeds one reads: unread counts, what is wrong, when they are asked next; and their keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, OptionList, Static

from store import ViewCount
from tui.screens.choice import Choice, ChoiceDialog
from tui.screens.dialog_keys import FEEDS_KEYS
from tui.widgets.cells import clean
from tui.widgets.when import until_words

if TYPE_CHECKING:
    from store import Subscription

#: What can be done from here; the first six to the feed under the cursor.
Deed: TypeAlias = Literal[
    "remove", "tags", "rename", "interval", "full_text", "refresh", "refresh_all", "add", "undo"
]

_HINT = "enter articles  a add  R refresh  t tags  I interval  T full text  x remove"
_NONE = "no feeds yet: a subscribes to one"


class SubscriptionsDialog(ChoiceDialog):
    """Answers the number of the feed picked, as text, or None.

    Letters are commands here; after / they narrow the choice.

    Args:
        feeds: The subscriptions in order.
        act: Called when the person wants something done: what, and to which feed.
    """

    CSS_PATH = ["dialog.tcss", "choice.tcss", "subscriptions.tcss"]

    GIVES_WAY = ("#choices", 11)

    BINDINGS: ClassVar[list[BindingType]] = FEEDS_KEYS

    def __init__(
        self,
        feeds: Sequence[Subscription],
        *,
        act: Callable[[Deed, Subscription | None], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._act = act
        self._now = now
        self._feeds: dict[str, Subscription] = {}
        self._counts: Mapping[str, ViewCount] = {}
        self._notice = ""
        self._take(feeds)
        super().__init__("Feeds", self._lines(), hint=_HINT)

    def content(self) -> ComposeResult:
        """The feeds, and two lines about the one under the cursor."""
        yield from super().content()
        yield Static(id="about")
        yield Static(id="more")

    def feed(self, number: str) -> Subscription:
        """The feed of that number."""
        return self._feeds[number]

    def set_feeds(self, feeds: Sequence[Subscription], counts: Mapping[str, ViewCount]) -> None:
        """Show the feeds there are now, and the articles of each by its number."""
        self._take(feeds)
        self._counts = counts
        with self.prevent(OptionList.OptionHighlighted):  # the cursor was not moved by a person
            self.set_choices(self._lines())
        self._write_lines()

    def was_removed(self, feed: Subscription) -> None:
        """Tell how to put back a feed that is gone now."""
        self.tell(f"removed {feed.name}, its articles stay: U puts it back")

    def tell(self, text: str) -> None:
        """Show a line in the place of that about the feed, until the cursor is moved."""
        self._notice = text
        self._write_lines()

    def action_act(self, what: Deed) -> None:
        """Have something done to the feed under the cursor."""
        choice = self.highlighted
        feed = self._feeds.get(choice.value) if choice else None
        if feed is not None or what in ("add", "refresh_all", "undo"):
            self._act(what, feed)

    @on(OptionList.OptionHighlighted)
    @on(Input.Changed)
    def _moved(self) -> None:
        self._notice = ""
        self._write_lines()

    def _write_lines(self) -> None:
        if not self.is_ready:
            return
        choice = self.highlighted
        feed = self._feeds.get(choice.value) if choice else None
        about = more = ""
        if feed is not None:
            about, more = feed.error or feed.url, self._more(feed)
        elif not self._feeds:
            about = _NONE
        line = self.query_one("#about", Static)
        line.set_class(bool(self._notice), "-notice")
        line.set_class(bool(feed and feed.error and not self._notice), "-error")
        line.update(Text(clean(self._notice or about), no_wrap=True, overflow="ellipsis"))
        self.query_one("#more", Static).update(Text(clean(more), no_wrap=True, overflow="ellipsis"))

    def _more(self, feed: Subscription) -> str:
        if feed.gone:
            when = "gone for good: asked no more"
        else:
            when = f"next {until_words(feed.next_check, self._now())}"
        parts = [when]
        if feed.interval:
            parts.append(f"every {_interval(feed.interval)}")
        if feed.full_text:
            parts.append("full texts")
        parts += [f"#{tag}" for tag in feed.tags]
        return "   ".join(parts)

    def _take(self, feeds: Sequence[Subscription]) -> None:
        self._feeds = {str(feed.id): feed for feed in feeds}

    def _lines(self) -> list[Choice]:
        none = ViewCount(0, 0)
        counts = {number: self._counts.get(number, none) for number in self._feeds}
        width = max((len(f"{count.total:,}") for count in counts.values()), default=0)

        def note(number: str, feed: Subscription) -> str:
            count = counts[number]
            state = "gone  " if feed.gone else "failing  " if feed.error else ""
            unread = f"{count.unread:,} unread  " if count.unread else ""
            total = f"{count.total:>{width},}" if self._counts else ""
            return f"{state}{unread}{total}"

        return [
            Choice(number, clean(feed.name), note(number, feed))
            for number, feed in self._feeds.items()
        ]


def _interval(minutes: int) -> str:
    for size, unit in ((1440, "d"), (60, "h")):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"
