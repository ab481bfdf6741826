"""A scroll view that does nothing when it is told its size again."""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView


class SteadyView(ScrollView):
    """Base of the panes that scroll.

    Textual tells every widget its size whenever anything on the screen is laid out anew, an input
    with each letter, and a scroll view repaints its bar for it: a frame, and a kilobyte on the
    way to the terminal, for nothing (8.2).
    """

    _size_told: tuple[Size, Size, Size] | None = None

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        told = size, virtual_size, container_size
        if told == self._size_told:
            return False
        self._size_told = told
        return super()._size_updated(size, virtual_size, container_size, layout)
