"""A page of text laid out once for each width."""

from __future__ import annotations

from rich.console import RenderableType
from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.component_style import component_style


class PageText(Widget):
    """As high as its lines, which scroll in the pane around it.

    Textual's `Static` lays a table of Rich out anew whenever it is asked for its height or painted,
    four times for one dialog (8.2).

    Args:
        content: What to show; folded into the width there is.
    """

    DEFAULT_CSS = """
    PageText { width: 100%; height: auto; }
    """

    def __init__(self, content: RenderableType = "") -> None:
        super().__init__()
        self._content = content
        self._laid_out: tuple[int, list[list[Segment]]] | None = None

    def update(self, content: RenderableType) -> None:
        """Show another page."""
        self._content = content
        self._laid_out = None
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """How many lines there are in that width."""
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """A line; blank below the last one."""
        width, own = self.size.width, component_style(self)
        lines = self._lines(width)
        if y >= len(lines):
            return Strip.blank(width, own)
        return Strip(Segment.apply_style(lines[y], own)).adjust_cell_length(width, own)

    def _lines(self, width: int) -> list[list[Segment]]:
        if self._laid_out is None or self._laid_out[0] != width:
            console = self.app.console
            options = console.options.update(width=width, height=None, highlight=False)
            self._laid_out = width, console.render_lines(self._content, options, pad=False)
        return self._laid_out[1]
