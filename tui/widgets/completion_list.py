"""The completions of the term being typed: a few lines over the hits, which never take the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from store import Candidate
from tui.widgets.cells import clean, fit, shorten
from tui.widgets.component_style import component_style
from tui.widgets.glyphs import Glyphs

#: Written behind the candidate that the key takes.
_KEY = "tab"

#: Cells that stay blank: at either end, and between label, note and key.
_GAPS = 5

#: Cells for notes, which give way to the labels.
_NOTE = 36


class CompletionList(Widget):
    """Candidates, one of which may be selected.

    Args:
        glyphs: Signs to draw with.
        id: Id of the widget.
    """

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {"completion--note", "completion--selected"}

    DEFAULT_CSS = """
    CompletionList {
        display: none;
        background: $panel;
        color: $foreground;
        & > .completion--note { color: $text-muted; }
        & > .completion--selected {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
        }
        &:ansi {
            text-style: reverse;
            & > .completion--note { color: ansi_default; }
            & > .completion--selected {
                color: ansi_default;
                background: ansi_default;
                text-style: bold;
            }
        }
        &:nocolor > .completion--selected { text-style: reverse; }
    }
    """

    class Picked(Message):
        """A candidate was clicked on."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, glyphs: Glyphs, *, id: str) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self._candidates: Sequence[Candidate] = ()
        self.selected: int | None = None
        """The candidate chosen by key, if any was."""

    @property
    def parent_region(self) -> Region:
        """Where the pane is on the screen that the lines lie over."""
        return self.parent.region if isinstance(self.parent, Widget) else self.screen.region

    def show(self, candidates: Sequence[Candidate], column: int, line: int) -> None:
        """Show candidates, none of them selected.

        Args:
            candidates: What to show; nothing is shown where there are none.
            column: Where the term starts that they complete; moved left where there is no room.
            line: The line to start at.
        """
        width = self.parent_region.width
        self._candidates, self.selected = candidates, None
        self.display = bool(candidates)
        if candidates:
            labels = max(cell_len(clean(each.label)) for each in candidates)
            notes = min(_NOTE, max(cell_len(clean(each.note)) for each in candidates))
            wanted = min(width, labels + notes + len(_KEY) + _GAPS)
            self.styles.width, self.styles.height = wanted, len(candidates)
            self.styles.offset = (max(0, min(column, width - wanted)), line)
            self.refresh()

    def select(self, step: int) -> None:
        """Select the next candidate (step 1) or the one before (-1); before the first is none."""
        now = -1 if self.selected is None else self.selected
        at = min(now + step, len(self._candidates) - 1)
        self.selected = at if at >= 0 else None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A candidate: what it is, what it means, and the key that takes it."""
        width = self.size.width
        if y >= len(self._candidates) or width < 1:
            return Strip.blank(width, component_style(self))
        candidate = self._candidates[y]
        name = ("completion--selected",) if y == self.selected else ()
        plain = component_style(self, *name)
        dim = component_style(self, "completion--note", *name)
        key = _KEY if y == (self.selected or 0) else " " * len(_KEY)
        ellipsis = self._glyphs.ellipsis
        room = max(1, width - len(key) - _GAPS)
        label = shorten(clean(candidate.label), room, ellipsis)
        note = fit(clean(candidate.note), room - cell_len(label), right=True, ellipsis=ellipsis)
        strip = Strip([Segment(f" {label}  ", plain), Segment(note, dim), Segment(f" {key} ", dim)])
        return strip.adjust_cell_length(width, plain)

    def on_click(self, event: events.Click) -> None:
        """Take the candidate clicked on."""
        event.stop()
        if event.y < len(self._candidates):
            self.post_message(self.Picked(event.y))
