"""The key bar: the few keys that matter now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.reactive import reactive

from tui.widgets.bars import key_pieces
from tui.widgets.one_line import OneLine


class KeyBar(OneLine):
    """Keys with what they do, as many as there is room for."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key", "key-bar--label"}

    DEFAULT_CSS = """
    KeyBar {
        background: $background;
        color: $foreground;
        & > .key-bar--key { text-style: bold; }
        & > .key-bar--label { color: $text-muted; }
        &:ansi > .key-bar--label { color: ansi_default; text-style: dim; }
    }
    """

    keys: reactive[tuple[tuple[str, str], ...]] = reactive(())
    """(key, what it does) in order of importance."""

    def show(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show these keys, each (key, what it does); those at the end go first."""
        self.keys = tuple(keys)

    def segments(self, width: int) -> list[Segment]:
        """The keys that fit whole."""
        return [Segment(text, self.styled(name)) for text, name in key_pieces(width, self.keys)]
