"""Finding in the article being read: what is typed, lit up at once and gone through."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from store import TextFinder, find_in_text
from tui.screens.find_bar import FindBar
from tui.terminal.lane import Lane
from tui.widgets.reader import Reader
from tui.widgets.reader_search import NO_LIGHTS
from tui.work import supersede

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from tui.widgets.reader_messages import Spot
    from tui.widgets.reader_view import Standing


class Finding:
    """Turns what is typed into the find bar into matches in the reader.

    While one types, the first match from where one was is on the screen.  A regular expression
    that is not one yet leaves the matches of the last good one lit, so that the text does not
    jump to and fro while it is typed.  Enter stays at the match; Escape puts everything back: the
    text where it stood, and what was lit before.

    Args:
        host: The node whose workers do the waiting.
        bar: The find bar.
        reader: Where to find.
        changed: Called when other matches are lit, or none.
        tell: Shows a notice to the person.
    """

    def __init__(
        self,
        host: DOMNode,
        bar: FindBar,
        reader: Reader,
        *,
        changed: Callable[[], None],
        tell: Callable[[str], None],
    ) -> None:
        self._host = host
        self._bar = bar
        self._reader = reader
        self._changed = changed
        self._tell = tell
        self._origin: Standing | None = None
        self._spot: Spot | None = None  # the same place, to jump back to
        self._before = NO_LIGHTS
        self._beneath = NO_LIGHTS  # what is lit without anything found here
        self._finder: TextFinder | None = None  # what the lit matches were found with
        self._wrapped = ""
        self._warm = False
        self.lanes = (Lane("find"),)

    def start(self) -> None:
        """Open the bar; matches are looked for from what is on the screen now."""
        if not self._bar.is_open:
            self._origin, self._spot = self._reader.standing(), self._reader.spot()
            self._before = self._reader.lights()
            if not self._before.wraps:
                self._beneath = self._before
            self._finder, self._wrapped = None, ""
        self._bar.open()
        if not self._warm:
            self._warm = True
            supersede(self._host, "find", self._warm_up)

    def find(self, text: str) -> None:
        """Light up what `text` finds, and go to the first match from where one was."""
        if not self._bar.is_open:
            return
        finder = find_in_text(text)
        self._wrapped = ""
        if finder.warning:
            self._bar.say(finder.warning, warning=True)
        elif finder.is_empty:
            self._finder = None
            self._bar.say("")
            self._go_back()
        else:
            self._bar.say("")
            self._light(finder)
        self._changed()

    def accept(self) -> None:
        """Give the keys to the reader, where n and N go through the matches.

        With nothing typed, what was found last is found again.
        """
        text = self._bar.text
        finder = find_in_text(text)
        if finder.is_empty:
            text = self._bar.last
            if not text:
                self.leave()
                return
            self._repeat(text)
        elif finder.warning or self._finder is None or self._finder.warning:
            return  # the bar says why, and what was typed can be mended
        self._bar.remember(text)
        self._close()
        if self._reader.match_count == 0:
            self._nothing_found()
        elif self._spot is not None:
            self._reader.jumped_from(self._spot, "match")
        self._changed()

    def leave(self) -> None:
        """Back to where one was, with what was lit then."""
        self._go_back()
        self._close()
        self._changed()

    def left(self) -> None:
        """The keys went elsewhere: the matches stay."""
        if self._bar.text.strip():
            self._bar.remember(self._bar.text)
        self._bar.close()
        self._changed()

    def stop(self) -> None:
        """Light up what was lit before anything was found in the article; it stays in place."""
        if self._reader.wraps:
            self._finder = None
            self._reader.relight(self._beneath)

    def match_changed(self, number: int, count: int | None) -> None:
        """Another match is the current one, or all were counted; see `MatchChanged`."""
        finder = self._finder
        if finder is None or finder is not self._reader.matcher:
            return
        if self._bar.is_open:
            if not find_in_text(self._bar.text).warning:
                self._bar.show_count(number, count, self._wrapped)
        elif count == 0:
            self._nothing_found()

    def wrapped(self, forward: bool) -> None:
        """The match was found from the other end of the article on."""
        self._wrapped = "from the top" if forward else "from the end"
        if not self._bar.is_open:
            only = self._reader.match_count == 1
            self._tell("the only match" if only else f"went on {self._wrapped}")

    def _light(self, finder: TextFinder) -> None:
        self._finder = finder
        finder.given_up = partial(self._host.call_later, self._too_slow, finder)
        self._reader.set_matcher(finder, origin=self._origin, wraps=True)

    def _repeat(self, text: str) -> None:
        """Find `text` again: the next match, if it is lit already."""
        before = self._before.matcher
        if isinstance(before, TextFinder) and before.pattern == text:
            self._finder = before
            self._reader.action_next_match()
        else:
            self._light(find_in_text(text))

    def _nothing_found(self) -> None:
        finder, self._finder = self._finder, None
        self._go_back()
        if finder is not None:
            self._tell(f"no match for {finder.pattern}")

    def _too_slow(self, finder: TextFinder) -> None:
        if finder is not self._finder:
            return
        if self._bar.is_open:
            self._go_back()
            self._bar.say(finder.warning, warning=True)
        else:
            self._reader.relight(self._before)
            self._tell(finder.warning)
        self._changed()

    def _go_back(self) -> None:
        self._reader.relight(self._before)
        if self._origin is not None:
            self._reader.stand(self._origin)

    def _close(self) -> None:
        self._bar.close()
        self._reader.screen.set_focus(self._reader, scroll_visible=False)

    async def _warm_up(self) -> None:
        """Load what regular expressions need, which takes time, before the first is typed."""
        await self.lanes[0].run(lambda _: find_in_text("/./"))
