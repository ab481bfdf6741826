"""The statistics: what was read by week, tag and site, and how long what is left will take."""

from __future__ import annotations

from rich.console import RenderableType
from rich.text import Text
from textual import events
from textual.containers import VerticalScroll

from store import Statistics
from tui.screens.page import PageDialog
from tui.widgets.glyphs import ASCII, WORDS, default_glyphs
from tui.widgets.page_text import PageText
from tui.widgets.statistics_lines import statistics_lines

#: How the parts of a line are told apart; "" is as it is.
_STYLES = {"title": "bold underline", "dim": "dim", "": ""}

#: Lines that the figures above and the tags below the weeks take.
_AROUND = 14

#: Weeks shown at least, and at most.
_WEEKS = (8, 26)


class StatisticsDialog(PageDialog):
    """A page of figures, laid out anew for each size.

    Args:
        of: Name of what is counted.
    """

    CSS_PATH = ["dialog.tcss", "page.tcss", "statistics.tcss"]

    GIVES_WAY = None

    def __init__(self, of: str) -> None:
        super().__init__(f"Statistics: {of}", hint="j k scroll   esc close")
        self.statistics: Statistics | None = None
        """What is shown, once it is there."""
        self._fault = ""

    def set_statistics(self, statistics: Statistics | None, fault: str = "") -> None:
        """Show what was counted, or why it could not be."""
        self.statistics, self._fault = statistics, fault
        self._show()

    def page(self) -> RenderableType:
        """The figures in the width there is."""
        if self.statistics is None:
            return Text(self._fault or "counting")
        pane = self.query_one("#pane", VerticalScroll)
        width = pane.scrollable_content_region.width
        weeks = min(max(self.app.size.height - _AROUND, _WEEKS[0]), _WEEKS[1])
        glyphs = default_glyphs()
        lines = statistics_lines(
            self.statistics,
            width,
            weeks=weeks,
            blocks=glyphs is not ASCII,
            bars=glyphs is not WORDS,
        )
        bar = self.app.theme_variables.get("primary", "")
        styles = {**_STYLES, "bar": bar if bar.startswith("#") else ""}
        return Text("\n").join(
            Text.assemble(*((part.text, styles[part.kind]) for part in line)) for line in lines
        )

    def on_resize(self, event: events.Resize) -> None:
        """Lay the page out for the new size."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        if self.is_ready:
            self.query_one(PageText).update(self.page())
