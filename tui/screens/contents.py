"""The contents of the article being read: its headings, to go to one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from tui.screens.dialog_keys import CONTENTS_KEYS
from tui.screens.narrowing import NarrowingDialog
from tui.typeset.outline import Heading, headings
from tui.widgets.outline_list import OutlineList
from tui.work import supersede

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.typeset.viewport import Place
    from tui.widgets.reader import Reader

#: Seconds that looking for headings may hold up the keys; then it goes on between them.
_SLICE = 0.006


class ContentsDialog(NarrowingDialog[Heading | None]):
    """Answers the heading that was chosen, or None.

    Args:
        found: The headings found so far.
        place: Where one reads.
    """

    CSS_PATH = ["dialog.tcss", "contents.tcss"]

    GIVES_WAY = ("#outline", 8)
    NARROW_HINT = "enter go there   esc show all"

    BINDINGS: ClassVar[list[BindingType]] = CONTENTS_KEYS

    def __init__(self, found: Sequence[Heading], place: Place) -> None:
        super().__init__("Contents", hint="enter go there   / narrow   esc close")
        self._found = list(found)
        self._place = place

    def content(self) -> ComposeResult:
        """The field to narrow with, hidden until it is asked for, and the headings."""
        yield self.narrow_field()
        yield OutlineList(id="outline")

    def on_mount(self) -> None:
        """Begin at the heading that is read under."""
        self._show()
        self.query_one(OutlineList).focus()

    def add(self, found: Sequence[Heading]) -> None:
        """More headings were found, further on."""
        self._found += found
        self._show()

    @property
    def here(self) -> Heading | None:
        """The heading that is read under; None before the first."""
        before = (heading for heading in reversed(self._found) if heading.place <= self._place)
        return next(before, None)

    def action_move(self, rows: int) -> None:
        """Move the cursor while the keys go to the field."""
        self.query_one(OutlineList).move(rows)

    def listed(self) -> OutlineList:
        """The headings."""
        return self.query_one(OutlineList)

    def narrow(self) -> None:
        """Show the headings that fit."""
        self._show()

    @on(Input.Submitted, "#narrow")
    def _submit(self) -> None:
        # At once: the list's own message would come after the next key.
        if (heading := self.query_one(OutlineList).current) is not None:
            self.dismiss(heading)

    @on(OutlineList.Chosen)
    def _chosen(self, event: OutlineList.Chosen) -> None:
        event.stop()
        self.dismiss(event.heading)

    def _show(self) -> None:
        if not self.is_ready:
            return
        outline, here = self.query_one(OutlineList), self.here
        words = self.words
        shown = [h for h in self._found if all(word in h.text.casefold() for word in words)]
        kept = outline.current if outline.moved else here
        cursor = shown.index(kept) if kept in shown else 0
        top_level = min((heading.level for heading in self._found), default=1)
        outline.show_headings(shown, here=here, top_level=top_level, cursor=cursor)


class Contents:
    """Shows the contents of the article in the reader, and goes where one chooses.

    The headings of a book are looked for between the keys, while the dialog is there already.

    Args:
        screen: The screen the dialog opens over.
        reader: The reader.
        tell: Shows a notice to the person.
    """

    def __init__(
        self, screen: Screen[None], reader: Reader, *, tell: Callable[[str], None]
    ) -> None:
        self._screen = screen
        self._reader = reader
        self._tell = tell

    def open(self) -> None:
        """Show the contents, once a first heading is found."""
        document = self._reader.document
        if document is None:
            return
        steps = headings(document)
        found, more = _some(steps)
        if found or not more:
            self._show(found, steps, more=more)
        else:
            supersede(self._screen, "menu", partial(self._begin, steps))

    async def _begin(self, steps: Iterator[Heading | None]) -> None:
        found, more = _some(steps)
        while more and not found:
            await asyncio.sleep(0)
            found, more = _some(steps)
        self._show(found, steps, more=more)

    def _show(
        self, found: Sequence[Heading], steps: Iterator[Heading | None], *, more: bool
    ) -> None:
        place = self._reader.reading_place()
        if not found or place is None:
            self._tell("this article has no headings")
            return
        document = self._reader.document
        dialog = ContentsDialog(found, place)

        def chosen(heading: Heading | None) -> None:
            self._screen.workers.cancel_group(self._screen, "contents")
            if heading is not None and self._reader.document is document:
                self._reader.go_to_heading(heading.place)

        self._screen.app.push_screen(dialog, chosen)
        if more:
            supersede(self._screen, "contents", partial(self._go_on, dialog, steps))

    async def _go_on(self, dialog: ContentsDialog, steps: Iterator[Heading | None]) -> None:
        more = True
        while more:
            await asyncio.sleep(0)
            found, more = _some(steps)
            if found:
                dialog.add(found)


def _some(steps: Iterator[Heading | None]) -> tuple[list[Heading], bool]:
    """The headings that are found in a moment, and whether there may be more."""
    found: list[Heading] = []
    end = monotonic() + _SLICE
    for heading in steps:
        if heading is not None:
            found.append(heading)
        if monotonic() > end:
            return found, True
    return found, False
