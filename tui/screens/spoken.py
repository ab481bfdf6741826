"""Where a screen reader should read: it follows the terminal's cursor, which is put there."""

from __future__ import annotations

from textual.geometry import Offset
from textual.widget import Widget
from textual.widgets import OptionList

from tui.screens.select_bar import SelectBar
from tui.typeset.viewport import Place
from tui.widgets.cursor_view import CursorView
from tui.widgets.reader import Reader


def place_of(widget: Widget) -> Offset:
    """The cell of the screen at which what is current in a widget begins.

    The place of typing in a field, the line of the cursor in a list; of a text the line of the
    link or match one is at, else the first line; while text is selected that of its cursor.
    """
    typed = getattr(widget, "cursor_screen_offset", None)
    if isinstance(typed, Offset):
        return typed
    if isinstance(widget, SelectBar):
        return _cursor_in(widget.screen.query_one(Reader))
    region = widget.content_region
    line = 0
    if isinstance(widget, CursorView):
        line = widget.cursor * widget.ROW_HEIGHT - widget.top
    elif isinstance(widget, Reader):
        line = _line_of(widget)
    elif isinstance(widget, OptionList) and widget.highlighted is not None:
        # Lines of options may be many; the list knows best where each begins (Textual 8.2).
        line = widget._index_to_line.get(widget.highlighted, 0) - round(widget.scroll_y)
    return Offset(region.x, region.y + max(0, min(line, region.height - 1)))


def _cursor_in(reader: Reader) -> Offset:
    """The cell of the cursor while text is selected."""
    x, y = reader.cursor_cell() or (0, 0)
    return Offset(reader.content_region.x + x, reader.content_region.y + y)


def _line_of(reader: Reader) -> int:
    """The line of the reader where reading goes on."""
    if reader.view is None:
        return 0
    at = reader.focused and Place(reader.focused.block, reader.focused.start)
    at = at or reader.current_match
    row = None if at is None else reader.view.row_of(at)
    if row is not None:
        return row
    lines = range(min(len(reader.view.rows), reader.size.height))
    return next((y for y in lines if reader.render_line(y).text.strip()), 0)
