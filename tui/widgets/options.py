"""Textual's list of options, by pages also before it has been laid out."""

from __future__ import annotations

from collections.abc import Callable

from textual.widgets import OptionList


class Options(OptionList):
    """A list of options.

    Textual 8.2 knows on which line an option is once the list was drawn in a size, and ends the
    program when it is to go by a page before that, or in a list without a line to draw.
    """

    def action_page_up(self) -> None:
        """Go up by a page."""
        by_a_page(super().action_page_up, self.action_first)

    def action_page_down(self) -> None:
        """Go down by a page."""
        by_a_page(super().action_page_down, self.action_last)


def by_a_page(move: Callable[[], object], farthest: Callable[[], object]) -> None:
    """Go by a page, or all the way where no pages are known."""
    try:
        move()
    except (KeyError, IndexError):
        farthest()
