"""A scroll view that does nothing when it is told its size again."""

from __future__ import annotations

from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView

from tui.widgets.glyphs import ASCII, Glyphs
from tui.widgets.scroll_thumb import AsciiThumb, NoThumb, ThinThumb


class SteadyView(ScrollView):
    """Base of the panes that scroll.

    Textual tells every widget its size whenever anything on the screen is laid out anew, an input
    with each letter, and a scroll view repaints its bar for it: a frame, and a kilobyte on the
    way to the terminal, for nothing (8.2).
    """

    sparing: reactive[bool] = reactive(False)
    """Change as few cells as can be with each key, for a link: no thumb, which has to be mended
    whenever the terminal has scrolled it along."""

    _glyphs: Glyphs | None = None
    _size_told: tuple[Size, Size, Size] | None = None

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        told = size, virtual_size, container_size
        if told == self._size_told:
            return False
        self._size_told = told
        return super()._size_updated(size, virtual_size, container_size, layout)

    def take_thumb(self, glyphs: Glyphs) -> None:
        """Use the thin scroll bar, drawn in the kind of these signs."""
        self._glyphs = glyphs
        self.vertical_scrollbar.renderer = self._thumb  # type: ignore[misc]  # meant per instance

    @property
    def thumb_sign(self) -> str:
        """What the thumb is drawn with."""
        return self._thumb.GLYPH

    @property
    def _thumb(self) -> type[ThinThumb]:
        if self.sparing:
            return NoThumb
        return AsciiThumb if self._glyphs is ASCII else ThinThumb

    def watch_sparing(self) -> None:
        """Show the thumb, or take it away."""
        if self._glyphs is not None:
            self.take_thumb(self._glyphs)
            self.vertical_scrollbar.refresh()
