"""The drawing half of the reader: an article on a scroll view, line by line."""

from __future__ import annotations

from asyncio import TimerHandle, get_running_loop
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scrollbar import ScrollBar, ScrollDown, ScrollTo, ScrollUp
from textual.strip import Strip
from textual.widget import Widget

from tui.typeset.document import Document
from tui.typeset.draw import Lit, draw
from tui.typeset.model import Line, Role
from tui.typeset.outline import block_shown
from tui.typeset.setting import DEFAULT, Setting
from tui.typeset.styles import StyleSheet
from tui.typeset.viewport import Place, Row, Viewport
from tui.widgets.glyphs import default_glyphs
from tui.widgets.reader_styles import COMPONENTS, CSS, HEADING, HINT, LABEL, style_sheet
from tui.widgets.scroll_thumb import thumb
from tui.widgets.steady_view import SteadyView

#: The measure in cells: what a person can set, and the default.
NARROWEST, DEFAULT_COLUMN, WIDEST = 40, 72, 100
#: Cells left free on each side, by the width of the pane.
_MARGINS = ((50, 1), (0x7FFF, 2))
_LEAST_MEASURE = 8
#: Lines a page keeps of the page before.
OVERLAP = 2
#: Cells by which code is moved sideways.
CODE_STEP = 8
#: Lines a turn of the mouse wheel moves.
_WHEEL = 3
#: Lines that are kept drawn, beside those on screen.
_KEPT_STRIPS = 16
#: Seconds the picture is held at most while what is to be shown is looked for.
_PATIENCE = 0.2


class Standing(NamedTuple):
    """Where the text stands on screen.

    Attributes:
        place: The first text on screen.
        row: The line of the screen it is on.
    """

    place: Place
    row: int


class ArticleView(SteadyView, can_focus=True, inherit_bindings=False):
    """Shows a document in a centred column and moves about in it.

    Only the blocks on screen are laid out.  The scroll position is held as a place in the text;
    `scroll_y` and `virtual_size` are told to the scrollbar after the fact, from what is known of
    heights then, so that an estimate that is corrected never moves the text.
    """

    DEFAULT_CSS = CSS
    COMPONENT_CLASSES: ClassVar[set[str]] = {*COMPONENTS.values(), HEADING, HINT, LABEL}
    ALLOW_SELECT = False  # text is selected with keys, by its offsets

    column: reactive[int] = reactive(DEFAULT_COLUMN, layout=False, repaint=False)
    """Measure in cells, `NARROWEST` to `WIDEST`; less when the pane is narrower."""
    full_width: reactive[bool] = reactive(False, layout=False, repaint=False)
    """Whether the text is as wide as the pane."""
    setting: reactive[Setting] = reactive(DEFAULT, layout=False, repaint=False)
    """How the text is set; see `setting_here` for the article's part in it."""
    hyperlinks: reactive[bool] = reactive(True, layout=False, repaint=False)
    """Whether links are given to the terminal (OSC 8)."""

    usual_column: int = DEFAULT_COLUMN
    """The measure that one goes back to."""
    hint: str = ""
    """What stands where no article is; nothing before it is known that there is none."""

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self.auto_links = False  # links are found by their place; hovering paints nothing
        self.document: Document | None = None
        self.view: Viewport | None = None
        self._start: Place | None = None  # where to begin once the size is known
        self._start_low = False  # whether that is to be a third from the top
        self._sheet: StyleSheet | None = None
        self._strips: dict[Row, Strip] = {}
        self._telling = False  # the scrollbar is being told, nothing is asked
        self._painted: dict[int, Strip] = {}  # what is on the screen, by line
        self._held: TimerHandle | None = None  # the end of our patience while that is held

    def on_mount(self) -> None:
        """Take the thin scrollbar."""
        self.take_thumb(default_glyphs())

    # What is shown

    def open_document(self, document: Document | None, place: Place | None = None) -> None:
        """Show a document from `place` (None: its beginning), or nothing."""
        self.document = document
        self._start, self._start_low = place, False
        self.view = None
        self._strips.clear()
        self._fit()
        self.tell_scrollbar()
        self.refresh()

    def start_at(self, place: Place) -> None:
        """Begin with `place` a third from the top, once the size is known."""
        self._start, self._start_low = place, True

    def lit(self, block: int, start: int, end: int) -> Sequence[Lit]:
        """What is lit up of a part of a block's plain text; for subclasses."""
        return ()

    def beside(self, row: Row, line: Line) -> list[Segment]:
        """What stands left of a line of text, `left` cells; for subclasses."""
        return [Segment(" " * self.left, self.sheet.role(Role.TEXT))]

    def moved(self) -> None:
        """Called when the text was moved; for subclasses."""

    def fitted(self) -> None:
        """Called when the text was laid out for another size; for subclasses."""

    def hold(self) -> None:
        """Keep the picture for a moment: what is to be shown is still being looked for."""
        if self._held is None and self.is_mounted:
            # Not a timer of Textual, which is never called if it is late when it starts (8.2).
            self._held = get_running_loop().call_later(_PATIENCE, self.call_next, self.let_go)

    def let_go(self) -> None:
        """Paint what there is."""
        if self._held is not None:
            self._held.cancel()
            self._held = None
            self.refresh()

    def restyle(self) -> None:
        """Draw all lines anew: what is lit, or the styles, have changed."""
        self._strips.clear()
        self.refresh()

    @property
    def measure(self) -> int:
        """Width of the column in cells, as things are."""
        width = self.scrollable_content_region.width
        margin = next(margin for limit, margin in _MARGINS if width < limit)
        room = max(_LEAST_MEASURE, width - 2 * margin)
        return room if self.full_width else min(self.column, room)

    @property
    def left(self) -> int:
        """Cells to the left of the column."""
        return max(0, (self.scrollable_content_region.width - self.measure) // 2)

    # Moving

    def standing(self) -> Standing | None:
        """Where the text stands, to be put there again with `stand`."""
        if self.view is None:
            return None
        place = self.view.top_place()
        return Standing(place, self.view.row_of(place) or 0)

    def stand(self, standing: Standing) -> None:
        """Put the text where it stood; after a change of size, as near as may be."""
        if self.standing() != standing:
            self.go(standing.place, standing.row)

    def go(self, place: Place, row: int = 0) -> None:
        """Bring a place of the text to a row of the screen."""
        if self.view is not None:
            self.view.reveal(place)
            self.view.show(place, row)
            self._after_move()

    def move_lines(self, lines: int) -> bool:
        """Scroll by lines, down if positive; False at the end."""
        if self.view is None or not self.view.scroll(lines):
            return False
        self._after_move()
        return True

    def move_page(self, pages: float) -> bool:
        """Scroll by pages, or by half pages, down if positive; False at the end."""
        lines = self.size.height - OVERLAP if abs(pages) == 1 else self.size.height // 2
        return self.move_lines(max(1, lines) if pages > 0 else -max(1, lines))

    def scroll_code(self, direction: int) -> bool:
        """Move the code on screen sideways, to the right if positive; False if none moves."""
        if self.view is None or not self.view.scroll_code(direction * CODE_STEP):
            return False
        self.restyle()
        return True

    def move_home(self) -> None:
        """Go to the beginning."""
        if self.view is not None:
            self.view.home()
            self._after_move()

    def move_end(self) -> None:
        """Go to the very end."""
        if self.view is not None:
            self.view.end()
            self._after_move()

    def _after_move(self) -> None:
        self.tell_scrollbar()
        self.refresh(Region(0, 0, self.scrollable_content_region.width, self.size.height))
        self.moved()

    # Size, column and style

    def validate_column(self, column: int) -> int:
        """Keep the measure within its limits."""
        return min(max(NARROWEST, column), WIDEST)

    def watch_column(self) -> None:
        """Lay out anew; the sentence at the top stays."""
        self._refit()

    def watch_full_width(self) -> None:
        """Lay out anew; the sentence at the top stays."""
        self._refit()

    def watch_setting(self) -> None:
        """Set the text anew; the sentence at the top stays."""
        self.set_anew()

    def set_anew(self) -> None:
        """Set the text as `setting_here` has it now; the sentence at the top stays."""
        if self.document is not None:
            self.document.setting = self.setting_here()
            self._refit()

    def setting_here(self) -> Setting:
        """How the text on show is to be set; for subclasses, which know its language."""
        return self.setting

    def watch_hyperlinks(self) -> None:
        """Draw anew."""
        self.notify_style_update()
        self.refresh()

    def notify_style_update(self) -> None:
        """The theme or the CSS has changed: make the styles anew."""
        super().notify_style_update()
        self._sheet = None
        self._strips.clear()

    def on_resize(self, event: events.Resize) -> None:
        """Lay out anew; the sentence at the top stays."""
        self._refit()

    def _refit(self) -> None:
        if self._fit():
            self.tell_scrollbar()
            self.refresh()
            self.fitted()

    def _fit(self) -> bool:
        """Make the viewport agree with the size; False when it did already."""
        width, height = self.size
        if self.document is None or not width or not height:
            return False
        if self.view is None:
            self.view = Viewport(self.document, self.measure, height, self._start)
            if self._start is not None and self._start_low:
                self.view.show(self._start, height // 3)
        elif (self.view.flow.width, self.view.height) != (
            self.measure,
            height,
        ) or self.view.flow.setting != self.document.setting:
            self.view.resize(self.measure, height)
        else:
            return False
        self._strips.clear()
        return True

    # The scrollbar: told what is so, and asking for what a mouse wants

    def _place_of_bar(self) -> tuple[int, int]:
        """Lines there are, and the first one in view: the bar's place."""
        view = self.view
        total = view.total if view else 0
        return total, min(view.y, max(0, total - view.height)) if view else 0

    @property
    def bar_is_told(self) -> bool:
        """Whether the scrollbar is drawn as it is to be, in the size there is."""
        bar, height = self.vertical_scrollbar, self.size.height
        total, y = self._place_of_bar()
        told = thumb(height, bar.window_virtual_size, bar.window_size, bar.position)
        return height > 0 and thumb(height, total, height, y) == told

    def tell_scrollbar(self) -> None:
        """Tell the scrollbar where we are: no layout of the screen, no paint unless it shows."""
        total, y = self._place_of_bar()
        self._telling = True
        self.set_reactive(Widget.virtual_size, Size(self.size.width, total))
        self.set_reactive(Widget.scroll_y, float(y))
        self.set_reactive(Widget.scroll_target_y, float(y))
        self._telling = False
        if self.is_mounted:
            bar, height = self.vertical_scrollbar, self.size.height
            before = thumb(height, bar.window_virtual_size, bar.window_size, bar.position)
            bar.set_reactive(ScrollBar.window_virtual_size, total)
            bar.set_reactive(ScrollBar.window_size, height)
            bar.set_reactive(ScrollBar.position, float(y))
            if thumb(height, total, height, y) != before:
                bar.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Something asked Textual to scroll: go there by its number of lines."""
        if not self._telling and self.view is not None and round(new_value) != self.view.y:
            self.view.seek(round(new_value))
            self._after_move()

    def on_scroll_to(self, message: ScrollTo) -> None:
        """The scrollbar is dragged."""
        self._taken(message)
        if self.view is not None and message.y is not None:
            self.view.seek(round(message.y))
            self._after_move()

    def on_scroll_up(self, message: ScrollUp) -> None:
        """A click above the scrollbar's handle."""
        self._taken(message)
        self.move_page(-1)

    def on_scroll_down(self, message: ScrollDown) -> None:
        """A click below the scrollbar's handle."""
        self._taken(message)
        self.move_page(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel turned up."""
        self._taken(event)
        self.move_lines(-_WHEEL)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel turned down."""
        self._taken(event)
        self.move_lines(_WHEEL)

    @staticmethod
    def _taken(message: Message) -> None:
        message.stop()
        message.prevent_default()

    # Drawing

    @property
    def sheet(self) -> StyleSheet:
        """The styles under the theme in force."""
        if self._sheet is None:
            self._sheet = style_sheet(self, hyperlinks=self.hyperlinks)
        return self._sheet

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines of the widget; first made to agree with the size, which may just have changed."""
        if self._fit():
            self.call_after_refresh(self._tell_fitted)
        return super().render_lines(crop)

    def _tell_fitted(self) -> None:
        """Say what `_refit` says, which has nothing left to do when drawing came before it."""
        self.tell_scrollbar()
        self.fitted()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        if self._held is not None:
            painted = self._painted.get(y)
            if painted is not None and painted.cell_length == self.size.width:
                return painted
        strip = self._painted[y] = self.over(y, self._line(y))
        return strip

    def over(self, y: int, strip: Strip) -> Strip:
        """A line of the screen with what is laid over it; for subclasses."""
        return strip

    def _line(self, y: int) -> Strip:
        """A line as things are; kept, as scrolling shows most lines again."""
        width = self.size.width
        view = self.view
        if view is None:
            return self._hint_line(y, width)
        if y >= len(view.rows):
            return Strip.blank(width, self.sheet.text)
        row = view.rows[y]
        strip = self._strips.get(row)
        if strip is None:
            if len(self._strips) >= self.size.height + _KEPT_STRIPS:
                del self._strips[next(iter(self._strips))]
            strip = self._strips[row] = self._strip(row, width)
        return strip

    def _strip(self, row: Row, width: int) -> Strip:
        assert self.view is not None
        sheet, line = self.sheet, self.view.line(row)
        lit: Sequence[Lit] = ()
        if line.paragraph is not None and line.pieces:
            offset, pieces = line.paragraph.offset, line.pieces
            start, end = min(part.start for part in pieces), max(part.end for part in pieces)
            block = block_shown(self.view.document, row.block, line)
            lit = self.lit(block, offset + start, offset + end)
        segments = draw(line, sheet, lit)
        if not segments:
            return Strip.blank(width, sheet.text)
        strip = Strip([*self.beside(row, line), *segments])
        return strip.adjust_cell_length(width, sheet.text)

    def _hint_line(self, y: int, width: int) -> Strip:
        if self.document is not None or y != self.size.height // 3:
            return Strip.blank(width, self.sheet.text)
        style = self.get_component_rich_style(HINT)
        text = self.hint[: max(0, width - 2)]
        return Strip([Segment(text.center(width), style)]).adjust_cell_length(width, style)
