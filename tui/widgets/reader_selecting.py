"""Selecting text in the reader: a cursor, what was gone over with it, and the mouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from textual import events
from textual.geometry import Region

from tui.typeset.cells import cell_of, next_line, offset_at
from tui.typeset.draw import CURSOR, SELECTED, Lit
from tui.typeset.motions import Motions
from tui.typeset.passages import Passage, text_of
from tui.typeset.viewport import Place, Row
from tui.widgets.reader_highlights import HighlightingView
from tui.widgets.reader_messages import HighlightClicked, SelectionMoved

#: Lines that are kept on the screen above and below the cursor.
_AROUND: Final = 2
#: Steps over what is not shown (spaces where lines are broken) before it is taken as it is.
_MOST_HIDDEN: Final = 64


class Selection(NamedTuple):
    """What is selected: the characters at both places and all between them.

    Attributes:
        origin: Where it began.
        cursor: Where the cursor is; before the origin when it was moved back.
    """

    origin: Place
    cursor: Place


class SelectingView(HighlightingView):
    """An article view in which text can be selected.

    It says each step with `SelectionMoved`.  As long as there is but a cursor, `left` moves the
    beginning too: one goes to where one wants to begin.
    """

    selection: Selection | None = None
    """What is selected; None while nothing is being selected."""

    _motions: Motions | None = None
    _goal: int | None = None  # the cell that going up and down keeps to
    _pressed: Place | None = None  # where the mouse button went down
    _dragged = False

    @property
    def passage(self) -> Passage | None:
        """What is selected, as a passage."""
        if self.selection is None or self._motions is None:
            return None
        first, last = sorted(self.selection)
        return Passage(first, self._motions.end_of(last))

    @property
    def selected_text(self) -> str:
        """The text that is selected."""
        passage = self.passage
        return text_of(self.document, passage) if passage and self.document is not None else ""

    @property
    def is_only_cursor(self) -> bool:
        """Whether no more is selected than the character the cursor is on."""
        return self.selection is not None and self.selection.origin == self.selection.cursor

    def begin_selecting(self, origin: Place, cursor: Place | None = None) -> bool:
        """Begin to select; False where there is no text from there on.

        Args:
            origin: Where to begin; in the head, the beginning of the text is meant.
            cursor: Where the cursor is; None, or in the head, for the same place.
        """
        if self.document is None:
            return False
        self._motions = Motions(self.document)
        begin = self._motions.first(origin)
        if begin is None:
            self._motions = None
            return False
        end = begin if cursor is None else self._motions.snapped(cursor)
        self._select(Selection(begin, max(begin, end)))
        self._goal = None
        return True

    def stop_selecting(self) -> None:
        """Select nothing any more."""
        if self.selection is not None:
            before, self.selection = self.selection, None
            self._motions = None
            self._relight(*before)
            self.post_message(SelectionMoved(self))

    def select_to(self, motion: str) -> None:
        """Move the cursor.

        Args:
            motion: A method of `Motions`, or one of "up", "down", "line_start", "line_end",
                "page_up", "page_down", "top", "bottom", "next_highlight", "previous_highlight".
        """
        if self.selection is None or self._motions is None:
            return
        cursor = self.selection.cursor
        if motion in ("up", "down", "page_up", "page_down"):
            page = max(1, self.size.height // 2)
            lines = page if motion.startswith("page") else 1
            place = self._by_lines(cursor, lines if motion.endswith("down") else -lines)
        else:
            place = self._moved_by(motion, cursor)
            self._goal = None
        origin = self.selection.origin
        if motion == "left" and self.is_only_cursor:
            origin = place
        if motion.endswith("highlight"):
            origin = place
        self._select(Selection(origin, place))

    def swap_ends(self) -> None:
        """Put the cursor to the other end."""
        if self.selection is not None:
            self._goal = None
            self._select(Selection(self.selection.cursor, self.selection.origin))

    def select_from_here(self) -> None:
        """Begin anew at the cursor."""
        if self.selection is not None:
            self._select(Selection(self.selection.cursor, self.selection.cursor))

    def lit(self, block: int, start: int, end: int) -> Sequence[Lit]:
        """What is selected and the cursor, over all else."""
        lit = super().lit(block, start, end)
        passage = self.passage
        if passage is None or self.selection is None or self._motions is None:
            return lit
        more: list[Lit] = []
        if not self.is_only_cursor and passage.start.block <= block <= passage.end.block:
            first = passage.start.offset if block == passage.start.block else 0
            last = passage.end.offset if block == passage.end.block else max(end, first)
            more.append((first, last, SELECTED))
        cursor = self.selection.cursor
        if cursor.block == block:
            more.append((cursor.offset, self._motions.end_of(cursor).offset, CURSOR))
        return [*lit, *more]

    def cursor_cell(self) -> tuple[int, int] | None:
        """Where the cursor is drawn, as (x, y) in the pane; None while there is none on screen."""
        if self.selection is None or self.view is None:
            return None
        row, cell = self._row(self.selection.cursor)
        if row not in self.view.rows:
            return None
        return self.left + (cell or 0), self.view.rows.index(row)

    # The mouse

    def place_at(self, x: int, y: int) -> Place | None:
        """The character nearest to a cell of the pane; None where no line of text is near."""
        if self.view is None or self.document is None or not self.view.rows:
            return None
        index = min(max(0, y), len(self.view.rows) - 1)
        row: Row | None = self.view.rows[index]
        if row is not None and self.view.line(row).start is None:
            row = next_line(self.view.flow, row, -1) or next_line(self.view.flow, row, 1)
        if row is None or row.block < self.document.first:
            return None
        offset = offset_at(self.view.flow.lines(row.block)[row.line], x - self.left)
        return None if offset is None else Place(row.block, offset)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A drag may begin here."""
        self._dragged = False
        offset = event.get_content_offset(self)
        self._pressed = None
        if event.button == 1 and offset is not None and offset.y < self.size.height:
            self._pressed = self.place_at(*offset)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Select what the mouse is dragged over; at the edges the text is scrolled."""
        if self._pressed is None or event.button != 1:
            return
        if event.y < 0 or event.y >= self.size.height:
            self.move_lines(-1 if event.y < 0 else 1)
        place = self.place_at(event.x, event.y)
        if place is None or (place == self._pressed and not self._dragged):
            return
        event.stop()
        if not self._dragged:
            self._dragged = True
            self.capture_mouse()
            self.begin_selecting(self._pressed)
        if self.selection is not None and place >= Place(self.document.first, 0):  # type: ignore[union-attr]
            self._goal = None
            self._select(Selection(self._pressed, place), follow=False)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The drag is over; what was selected stays so."""
        self._pressed = None
        if self._dragged:
            event.stop()
            self.release_mouse()

    def was_dragged(self) -> bool:
        """Whether a click is but the end of a drag; said once."""
        dragged, self._dragged = self._dragged, False
        return dragged

    def click_text(self, event: events.Click) -> bool:
        """Take a click on text: two select the word, one on a highlight opens it.

        Returns:
            Whether it was taken.
        """
        offset = event.get_content_offset(self)
        place = None if offset is None else self.place_at(*offset)
        if place is None or self.document is None:
            return False
        if event.chain == 2:
            first, last = Motions(self.document).word_at(place)
            return self.begin_selecting(first, last)
        highlight = self.highlight_at(place)
        if highlight is None or event.chain != 1 or not self._is_on_text(place, offset):
            return False
        self.post_message(HighlightClicked(self, highlight.id))
        return True

    def _is_on_text(self, place: Place, offset: tuple[int, int] | None) -> bool:
        if self.view is None or offset is None:
            return False
        row = self.view.rows[min(offset[1], len(self.view.rows) - 1)]
        cell = cell_of(self.view.line(row), place.offset)
        return cell is not None and abs(cell - (offset[0] - self.left)) <= 1

    # Inside

    def _moved_by(self, motion: str, cursor: Place) -> Place:
        motions = self._motions
        assert motions is not None
        if motion in ("line_start", "line_end"):
            return self._in_line(cursor, last=motion == "line_end")
        if motion in ("top", "bottom"):
            return (motions.first() if motion == "top" else motions.last()) or cursor
        if motion.endswith("highlight"):
            step = 1 if motion.startswith("next") else -1
            return self.highlight_beyond(cursor, step) or cursor
        step_on: Callable[[Place], Place] = getattr(motions, motion)
        place = step_on(cursor)
        if motion in ("left", "right"):
            for _ in range(_MOST_HIDDEN):
                if self._row(place)[1] is not None or place == cursor:
                    break
                cursor, place = place, step_on(place)
        return place

    def _in_line(self, cursor: Place, *, last: bool) -> Place:
        """The first or last character of the line of the screen."""
        assert self.view is not None and self._motions is not None
        row, _ = self._row(cursor)
        line = self.view.flow.lines(row.block)[row.line]
        if line.start is None or line.end is None:
            return cursor
        offset = max(line.start, line.end - 1) if last else line.start
        return self._motions.snapped(Place(row.block, offset))

    def _by_lines(self, cursor: Place, lines: int) -> Place:
        """The place so many lines further down, in the same column as near as may be."""
        assert self.view is not None and self._motions is not None
        row, cell = self._row(cursor)
        if self._goal is None:
            self._goal = cell or 0
        step = 1 if lines > 0 else -1
        for _ in range(abs(lines)):
            following = next_line(self.view.flow, row, step)
            if following is None:
                break
            row = following
        offset = offset_at(self.view.flow.lines(row.block)[row.line], self._goal)
        if offset is None:
            return cursor
        return self._motions.snapped(Place(row.block, offset))

    def _row(self, place: Place) -> tuple[Row, int | None]:
        """The line a place is on, and its cell; None where the line does not show it."""
        assert self.view is not None
        index = self.view.flow.line_at(*place)
        line = self.view.flow.lines(place.block)[index]
        return Row(place.block, index), cell_of(line, place.offset)

    def _select(self, selection: Selection, *, follow: bool = True) -> None:
        before, self.selection = self.selection, selection
        if follow:
            self._bring_cursor()
        changed = [selection.cursor]
        if before is None or before.origin != selection.origin:
            changed.append(selection.origin)
        self._relight(*(before or ()), *changed)
        self.post_message(SelectionMoved(self))

    def _bring_cursor(self) -> None:
        """Scroll so that the cursor is on the screen, with some lines around it."""
        if self.view is None or self.selection is None:
            return
        cursor, height = self.selection.cursor, self.size.height
        around = min(_AROUND, (height - 1) // 2)
        row = self.view.row_of(cursor)
        if row is None:
            above = cursor < self.view.top_place()
            self.go(cursor, around if above else height - 1 - around)
        elif row < around:
            self.move_lines(row - around)
        elif row > height - 1 - around:
            self.move_lines(row - (height - 1 - around))

    def _relight(self, *places: Place) -> None:
        """Draw the lines anew between the first and the last of `places`."""
        if self.view is None or not places:
            return
        first, last = min(places), max(places)
        width = self.scrollable_content_region.width
        for y, row in enumerate(self.view.rows):
            line = self.view.line(row)
            start, end = line.start, line.end
            if start is None or end is None:
                continue
            if (row.block, end) >= first and (row.block, start) <= last:
                self._strips.pop(row, None)
                self.refresh(Region(0, y, width, 1))
