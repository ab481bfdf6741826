"""The key bar: the few keys that matter now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.reactive import reactive

from tui.widgets.cells import clean
from tui.widgets.one_line import OneLine

_GAP = 2


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
        blank = self.styled()
        key_style, label_style = self.styled("key-bar--key"), self.styled("key-bar--label")
        segments = [Segment(" ", blank)]
        used = 1
        for key, label in self.keys:
            key, label = clean(key), clean(label)
            gap = _GAP if used > 1 else 0
            cells = gap + cell_len(key) + 1 + cell_len(label)
            if used + cells > width:
                break
            segments += [
                Segment(" " * gap, blank),
                Segment(key, key_style),
                Segment(f" {label}", label_style),
            ]
            used += cells
        return [segment for segment in segments if segment.text]
