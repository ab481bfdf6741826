"""The status line: where one is on the left, how far on the right, passing notices over it.

A notice that does not fit in it takes a second line for as long as it is shown, if there is one.
"""

from __future__ import annotations

from itertools import chain
from typing import ClassVar

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip

from tui.widgets.bars import BarPiece, status_lines
from tui.widgets.glyphs import Glyphs, default_glyphs
from tui.widgets.one_line import OneLine


class StatusLine(OneLine):
    """Two texts, and in place of the left one a notice for the time being.

    Args:
        glyphs: Signs to draw with; by default those for this environment.
        name: Name of the widget.
        id: Id of the widget.
        classes: CSS classes.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"status--right", "status--notice", "status--error"}

    DEFAULT_CSS = """
    StatusLine {
        background: $panel;
        color: $foreground;
        & > .status--right { color: $text-muted; }
        & > .status--notice { text-style: bold; }
        & > .status--error { color: $text-error; text-style: bold; }
        &:ansi {
            text-style: reverse;
            & > .status--right { color: ansi_default; }
            & > .status--error { color: ansi_default; }
        }
        &:nocolor { text-style: reverse; }
    }
    """

    left: reactive[str] = reactive("")
    """Text at the left."""

    right: reactive[str] = reactive("")
    """Text at the right; it gives way to the left one only when it takes half the line."""

    notice: reactive[tuple[str, bool]] = reactive(("", False))
    """Notice in place of the left text, and whether it tells of an error."""

    def __init__(
        self,
        *,
        glyphs: Glyphs | None = None,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.glyphs = glyphs or default_glyphs()

    def message(self, text: str, *, error: bool = False) -> None:
        """Show `text` in place of the left text until `clear_message`."""
        self.notice = (text, error)

    def clear_message(self) -> None:
        """Show the left text again."""
        self.notice = ("", False)

    def lines_wanted(self, width: int) -> int:
        """Lines that what is shown takes in `width` cells: 2 for a long notice, else 1."""
        return len(self._lines(width, 2)) if self.notice[0] else 1

    def segments(self, width: int) -> list[Segment]:
        """Left text or notice, right text, a space at either end."""
        return self._segments(width, 0)

    def render_line(self, y: int) -> Strip:
        """The line, and where there is a second one the rest of the notice."""
        width = self.size.width
        if y != 1 or width < 1:
            return super().render_line(y)
        return Strip(self._segments(width, 1)).adjust_cell_length(width, self.styled())

    def _segments(self, width: int, y: int) -> list[Segment]:
        lines = self._lines(width, self.size.height)
        return [Segment(text, self.styled(name)) for text, name in chain(*lines[y : y + 1])]

    def _lines(self, width: int, most: int) -> list[list[BarPiece]]:
        notice, error = self.notice
        return status_lines(
            width, self.left, self.right, notice,
            error=error, ellipsis=self.glyphs.ellipsis, most=most,
        )  # fmt: skip
