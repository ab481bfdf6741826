"""The lines of the search pane that say something: its prompt, how much was found, warnings."""

from __future__ import annotations

from rich.segment import Segment
from textual.reactive import reactive

from tui.widgets.cells import clean, fit
from tui.widgets.glyphs import Glyphs
from tui.widgets.one_line import OneLine


class TextLine(OneLine):
    """A line with one text.

    Args:
        glyphs: Signs to draw with.
        text: What is written at first.
        right: Whether it stands at the right.
        id: Id of the widget.
    """

    text: reactive[str] = reactive("")

    def __init__(self, glyphs: Glyphs, text: str = "", *, right: bool = False, id: str) -> None:
        super().__init__(id=id)
        self._glyphs, self._right = glyphs, right
        self.set_reactive(TextLine.text, text)

    def segments(self, width: int) -> list[Segment]:
        """The text, shortened, at its side."""
        text = fit(clean(self.text), width, right=self._right, ellipsis=self._glyphs.ellipsis)
        return [Segment(text, self.styled())]


class FoundLine(TextLine):
    """How many articles were found, and of how many."""

    def __init__(self, glyphs: Glyphs, *, id: str) -> None:
        super().__init__(glyphs, right=True, id=id)
        self._found: tuple[int, bool, int | None] | None = None
        self._brief = False

    def show(self, count: int, *, exact: bool, total: int | None) -> None:
        """Write a number.

        Args:
            count: Articles found.
            exact: Whether that is their number; else there are at least so many.
            total: Articles in the library, to set the number against.
        """
        self._found = count, exact, total
        self._write()

    def refine(self, count: int) -> None:
        """Write the exact number, if one is written at all."""
        if self._found is not None:
            self.show(count, exact=True, total=self._found[2])

    def clear(self) -> None:
        """Write nothing."""
        self._found = None
        self._write()

    def be_brief(self, brief: bool) -> None:
        """Write the bare number only, or all."""
        self._brief = brief
        self._write()

    def _write(self) -> None:
        if self._found is None:
            self.text = ""
            return
        count, exact, total = self._found
        number = f"{count:,}" + ("" if exact else "+")
        if self._brief:
            self.text = f"{number} "
        elif exact and total is not None:
            self.text = f"{number} of {total:,} "
        else:
            self.text = f"{number} found "
