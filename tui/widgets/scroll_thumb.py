"""A scroll bar as thin as can be: one thumb in whole cells, no track.

Textual's own bar moves its thumb by eighths of a cell, and repaints the whole column for each;
this one changes only when the thumb moves by a cell.
"""

from __future__ import annotations

from typing import ClassVar

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender

from tui.widgets.geometry import thumb as thumb

_DEFAULT = Color.parse("default")


class ThinThumb(ScrollBarRender):
    """Draws the vertical bar of a list or text; give it to `ScrollBar.renderer`."""

    GLYPH: ClassVar[str] = "▐"

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color = _DEFAULT,
        bar_color: Color = _DEFAULT,
    ) -> Segments:
        """The bar, one segment a cell; the thumb can be dragged, the rest pages."""
        start, length = thumb(size, virtual_size, window_size, position)
        above = Segment(
            " " * thickness, Style(bgcolor=back_color, meta={"@mouse.down": "scroll_up"})
        )
        below = Segment(
            " " * thickness, Style(bgcolor=back_color, meta={"@mouse.down": "scroll_down"})
        )
        grip = Segment(
            cls.GLYPH * thickness,
            Style(color=bar_color, bgcolor=back_color, meta={"@mouse.down": "grab"}),
        )
        cells = [above] * start + [grip] * length + [below] * (size - start - length)
        return Segments(cells, new_lines=vertical)


class AsciiThumb(ThinThumb):
    """The same in plain ASCII."""

    GLYPH = "#"


class NoThumb(ThinThumb):
    """One that is not seen; the mouse still takes hold of it."""

    GLYPH = " "
