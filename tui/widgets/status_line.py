"""The status line: where one is on the left, how far on the right, passing notices over it."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.reactive import reactive

from tui.widgets.bars import status_pieces
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

    def segments(self, width: int) -> list[Segment]:
        """Left text or notice, right text, a space at either end."""
        notice, error = self.notice
        pieces = status_pieces(
            width, self.left, self.right, notice, error=error, ellipsis=self.glyphs.ellipsis
        )
        return [Segment(text, self.styled(name)) for text, name in pieces]
