"""A line of text of its own, repainted only when the text is another."""

from __future__ import annotations

from abc import abstractmethod

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.component_style import component_style


class OneLine(Widget):
    """One line high, drawn from segments; what is too wide is cut by the subclass."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    OneLine { height: 1; width: 1fr; }
    """

    @abstractmethod
    def segments(self, width: int) -> list[Segment]:
        """The line in at most `width` cells."""

    def styled(self, name: str = "") -> Style:
        """Style of the component class `name`, or of the line itself."""
        return component_style(self, name) if name else component_style(self)

    def render_line(self, y: int) -> Strip:
        """The line; nothing below it."""
        width = self.size.width
        if y or width < 1:
            return Strip.blank(width, self.styled())
        return Strip(self.segments(width)).adjust_cell_length(width, self.styled())
