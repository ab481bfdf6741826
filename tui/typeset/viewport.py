"""What of an article is on screen, and how that changes."""

from __future__ import annotations

from typing import NamedTuple

from tui.typeset.code import code_overhang, column_of
from tui.typeset.document import Document
from tui.typeset.flow import KEPT_LAYOUTS, KEPT_LINES, Flow
from tui.typeset.model import Kind, Line


class Place(NamedTuple):
    """A character of an article: the block, and the offset in the block's plain text."""

    block: int
    offset: int


class Row(NamedTuple):
    """A line on screen: the block and the number of the line in it."""

    block: int
    line: int


class Viewport:
    """A window on an article, some lines high.

    It is held by the text at its top, not by a count of lines, so that nothing on screen moves
    when what is above is laid out and turns out higher or lower than was estimated.

    Args:
        document: The article.
        width: The measure in cells.
        height: Lines on screen.
        place: What to show at the top first; None for the beginning.
    """

    def __init__(
        self, document: Document, width: int, height: int, place: Place | None = None
    ) -> None:
        self.document = document
        self._notes: dict[int, set[int]] = {}
        self._shifts: dict[int, int] = {}
        self.flow = Flow(document, width, self._notes, self._shifts)
        self.height = max(1, height)
        self.rows: list[Row] = []
        self._top = Row(0, 0)
        self._anchor = (Place(0, 0), 0)  # a place, and the row of the screen it is to be on
        if place is None:
            self.home()
        else:
            self.show(place)

    @property
    def y(self) -> int:
        """Lines above the screen, by what is known now."""
        return self.flow.top(self._top.block) + self._top.line

    @property
    def total(self) -> int:
        """Lines of the article, by what is known now."""
        return self.flow.total

    @property
    def place(self) -> Place:
        """The text it is held by: what came to the top when it was last moved."""
        return self._anchor[0]

    @property
    def at_end(self) -> bool:
        """Whether the last line is on screen."""
        if not self.rows:
            return True
        block, line = self.rows[-1]
        if line < len(self.flow.lines(block)) - 1:
            return False
        while self.document.has(block := block + 1):
            if self.flow.lines(block):
                return False
        return True

    def line(self, row: Row) -> Line:
        """A line that is on screen."""
        return self.flow.lines(row.block)[row.line]

    def resize(self, width: int, height: int) -> None:
        """Give it another size, or the document's setting; the sentence at the top stays there."""
        self.height = max(1, height)
        if width != self.flow.width or self.document.setting != self.flow.setting:
            self.flow = Flow(self.document, width, self._notes, self._shifts)
        self._show(*self._anchor)

    def is_note_open(self, block: int, note: int) -> bool:
        """Whether a footnote is shown where `block` refers to it."""
        return note in self._notes.get(block, ())

    def toggle_note(self, block: int, note: int) -> bool:
        """Show a footnote under the line of `block` that refers to it, or hide it again.

        Args:
            block: The block with the reference, which is a link to "#note-" and the number.
            note: The footnote's number, from 1.

        Returns:
            Whether it is shown now.
        """
        notes = self._notes.setdefault(block, set())
        notes ^= {note}
        if not notes:
            del self._notes[block]
        self.renew(block)
        return self.is_note_open(block, note)

    def close_notes(self) -> bool:
        """Hide all footnotes that are shown in the text; whether there were any."""
        blocks = list(self._notes)
        self._notes.clear()
        for block in blocks:
            self.flow.forget(block)
        if blocks:
            self._show(*self._anchor)
        return bool(blocks)

    def scroll_code(self, cells: int) -> bool:
        """Move the code on screen sideways, where it is cut at the edge.

        Args:
            cells: How far; what is further right comes into sight if positive.

        Returns:
            Whether anything moved.
        """
        before = dict(self._shifts)
        most: dict[int, int] = {}
        for number in {row.block for row in self.rows}:
            whole = self.document.whole(number)
            over = code_overhang(self.document.block(number), self.flow.width, self.flow.setting)
            most[whole] = max(most.get(whole, 0), over)
        for whole, over in most.items():
            self._shift(whole, min(self._shifts.get(whole, 0) + cells, over))
        if self._shifts == before:
            return False
        self._show(*self._anchor)
        return True

    def reveal(self, place: Place) -> None:
        """Move the code of a block sideways if `place` in it is out of sight."""
        block, offset = place
        if not self.flow.setting.scroll_code or not self.document.has(block):
            return
        for part in self.document.block(block).paragraphs:
            if part.kind is Kind.CODE and part.offset <= offset < part.offset + len(part.text):
                line = self.flow.lines(block)[self.flow.line_at(block, offset)]
                if line.start is None or line.end is None or line.start <= offset < line.end:
                    return
                column = column_of(part, offset - part.offset)
                self._shift(self.document.whole(block), column - self.flow.width // 2)

    def is_hidden(self, place: Place) -> bool:
        """Whether `place` is in a line of code on screen but out of sight at its sides."""
        if not self.flow.setting.scroll_code:
            return False
        line = self.flow.lines(place.block)[self.flow.line_at(*place)]
        return (
            line.paragraph is not None
            and line.paragraph.kind is Kind.CODE
            and line.start is not None
            and line.end is not None
            and not line.start <= place.offset < line.end
        )

    def _shift(self, block: int, cells: int) -> None:
        if cells > 0:
            self._shifts[block] = cells
        else:
            self._shifts.pop(block, None)
        self.flow.forget_whole(block)

    def renew(self, block: int) -> None:
        """Lay a block out anew; what is at the top stays there."""
        self.flow.forget(block)
        self._show(*self._anchor)

    def scroll(self, lines: int) -> bool:
        """Move by so many lines (down if positive); False if that was not possible."""
        before = self._top
        self._top = self._moved(self._top, lines)
        self._fill()
        if self._top == before:
            return False
        self._hold()
        return True

    def show(self, place: Place, row: int = 0) -> None:
        """Bring the line with `place` to the given row of the screen, as near as the ends allow."""
        self._show(place, row)
        self._hold()

    def seek(self, y: int) -> None:
        """Go to a line by its number, as a scrollbar does."""
        if y >= self.total - self.height:
            self.end()
            return
        self._top = Row(*self.flow.at(max(0, y)))
        self._fill()
        self._hold()

    def home(self) -> None:
        """Go to the beginning."""
        self._top = Row(0, 0)
        self._fill()
        self._hold()

    def end(self) -> None:
        """Go to the end."""
        self._top = self._last_row()
        self._fill()
        self._hold()

    def row_of(self, place: Place) -> int | None:
        """The row of the screen that shows `place`, if one does."""
        if self.is_hidden(place):
            return None
        target = Row(place.block, self.flow.line_at(*place))
        return self.rows.index(target) if target in self.rows else None

    def top_place(self) -> Place:
        """The first character on screen (that of the next text, if only decoration is)."""
        return self._first_place()[0]

    def bottom_place(self) -> Place:
        """The last character on screen."""
        for row in reversed(self.rows):
            end = self.line(row).end
            if end is not None:
                return Place(row.block, end)
        return self.top_place()

    def _hold(self) -> None:
        """Remember what is on top."""
        self._anchor = self._first_place()

    def _first_place(self) -> tuple[Place, int]:
        for index, row in enumerate(self.rows):
            start = self.line(row).start
            if start is not None:
                return Place(row.block, start), index
        return Place(self._top.block, 0), 0

    def _show(self, place: Place, row: int) -> None:
        if not self.document.has(place.block):
            return
        target = Row(place.block, self.flow.line_at(*place))
        self._top = self._moved(target, -min(row, self.height - 1))
        self._fill()

    def _moved(self, row: Row, lines: int) -> Row:
        """The line so many lines further on, or the first or last of the article."""
        block, line = row.block, row.line + lines
        while line < 0 and block > 0:
            block -= 1
            line += len(self.flow.lines(block))
        line = max(0, line)
        while self.document.has(block):
            if line < (height := len(self.flow.lines(block))):
                return Row(block, line)
            line -= height
            block += 1
        return self._last_row()

    def _last_row(self) -> Row:
        for block in range(len(self.document) - 1, -1, -1):
            if lines := self.flow.lines(block):
                return Row(block, len(lines) - 1)
        return Row(0, 0)

    def _fill(self) -> None:
        """Find the lines on screen from the top one; at the end the screen stays full."""
        self.rows = self._from(self._top)
        missing = self.height - len(self.rows)
        if missing > 0 and self.rows and self._top != (0, 0):
            self._top = self._moved(self._top, -missing)
            self.rows = self._from(self._top)

    def _from(self, top: Row) -> list[Row]:
        rows: list[Row] = []
        block, line = top
        self.flow.kept = self.height + KEPT_LAYOUTS  # every line may be a block of its own
        self.flow.kept_lines = 2 * self.height + KEPT_LINES
        while len(rows) < self.height and self.document.has(block):
            count = len(self.flow.lines(block))
            rows += [Row(block, index) for index in range(line, min(count, line + self.height))]
            block, line = block + 1, 0
        return rows[: self.height]
