"""Looks of the lists: names of the parts of a row, and their styles in every kind of theme.

Every state shows without colour too: by its sign, by bold, by reversing the cursor's row.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.article_line import StyleOf
from tui.widgets.cells import shorten
from tui.widgets.component_style import component_style

#: A line shown where there are no rows: (text, component class or "") of each piece.
Note = Sequence[tuple[str, str]]

COMPONENT_CLASSES = {
    "list--cursor",  # the current row
    "list--cursor-blurred",  # the same while keys go elsewhere
    "list--unread",  # title
    "list--read",  # title
    "list--selected",  # title of a selected row
    "list--match",  # what a search found
    "list--dim",  # author, date, reading time, snippet
    "list--state",  # sign before the title
    "list--star",
    "list--mark",  # sign of selection
    "list--key",  # in notes: what can be typed
    "list--title",  # in notes: heading
}

CSS = """
VirtualList {
    height: 1fr;

    & > .list--cursor {
        color: $block-cursor-foreground;
        background: $block-cursor-background;
    }
    & > .list--cursor-blurred {
        color: $block-cursor-blurred-foreground;
        background: $block-cursor-blurred-background;
    }
    & > .list--unread { text-style: bold; }
    & > .list--read { color: $foreground 80%; }
    & > .list--selected { color: $text-accent; }
    & > .list--match { color: $text-warning; text-style: bold underline; }
    & > .list--dim { color: $text-muted; }
    & > .list--state { color: $text-primary; }
    & > .list--star { color: $text-warning; }
    & > .list--mark { color: $text-accent; text-style: bold; }
    & > .list--key { color: $text-primary; }
    & > .list--title { text-style: bold; }

    /* The palette is the terminal's, its background may be light or dark, and it may have no
       colours at all: reversed colours, and only those that show on black and on white. */
    &:ansi {
        & > .list--cursor {
            color: $block-cursor-background;
            background: ansi_black;
            text-style: reverse;
        }
        & > .list--cursor-blurred { text-style: underline; }
        & > .list--read { color: ansi_default; }
        & > .list--dim { color: ansi_default; text-style: dim; }
        & > .list--state { color: ansi_default; }
        & > .list--key { color: ansi_default; text-style: bold; }
        & > .list--selected { color: ansi_magenta; }
        & > .list--mark { color: ansi_magenta; }
        & > .list--star { color: ansi_magenta; }
        & > .list--match { color: ansi_magenta; }
    }
    &:nocolor {
        & > .list--cursor { text-style: reverse; }
        & > .list--cursor-blurred { text-style: underline; }
        & > .list--dim { text-style: dim; }
    }
}
"""


def row_styles(widget: Widget, *, current: bool, active: bool) -> StyleOf:
    """Styles of the parts of a row; on the cursor's row they keep only what is not colour.

    Args:
        widget: The list.
        current: Whether the cursor is on the row.
        active: Whether keys reach the list.
    """
    if not current:
        return lambda *names: component_style(widget, *names)
    bar = component_style(widget, "list--cursor" if active else "list--cursor-blurred")

    def on_bar(*names: str) -> Style:
        style = bar
        for name in names:
            part = widget.get_visual_style(name, partial=True)
            style += Style(bold=part.bold or None, underline=part.underline or None)
        return style

    return on_bar


def note_line(widget: Widget, note: Note, width: int, ellipsis: str) -> Strip:
    """A line of a note, `width` cells wide."""
    plain = component_style(widget)
    segments: list[Segment] = []
    room = width
    for text, name in note:
        style = component_style(widget, name) if name else plain
        segments.append(Segment(shorten(text, room, ellipsis), style))
        room -= segments[-1].cell_length
    return Strip(segments).adjust_cell_length(width, plain)
