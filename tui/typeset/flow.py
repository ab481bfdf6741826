"""An article at one measure: lines of the blocks that were seen, estimates for the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rich.cells import cell_len

from tui.typeset.document import Document
from tui.typeset.heights import Heights
from tui.typeset.layout import lay_out, lay_out_note
from tui.typeset.model import TO_NOTE, Block, Line

#: Blocks whose lines are kept, beside those on screen.
KEPT_LAYOUTS = 16
#: Lines that are kept at most, of however few blocks; of up to so few, more than a few screens are.
_MOST_LINES, _FEW_BLOCKS = 4_000, 4
#: Lines that are kept of a shorter article, beside those on screen: enough to go to and fro.
KEPT_LINES = 64
#: Cells of a line that stay empty on average, for the word that did not fit.
_RAGGED = 3
_SAMPLE = 2000  # characters measured to learn how wide the script is


class Flow:
    """Lines and heights of a document's blocks.

    Args:
        document: The article.
        width: The measure in cells.
        notes: Footnotes that are shown where a block refers to them: numbers by block.
        shifts: Cells that the code of a block is moved to the left, by `Document.whole`.
    """

    def __init__(
        self,
        document: Document,
        width: int,
        notes: Mapping[int, Collection[int]] | None = None,
        shifts: Mapping[int, int] | None = None,
    ) -> None:
        self.document = document
        self.width = width
        self.setting = document.setting
        self._notes = {} if notes is None else notes
        self._shifts = {} if shifts is None else shifts
        #: Blocks whose lines are kept, the least lately used going first.
        self.kept = KEPT_LAYOUTS
        #: Lines that are kept of them, if these are more than a few blocks.
        self.kept_lines = KEPT_LINES
        self._lines: dict[int, list[Line]] = {}
        self._count = 0  # lines that are kept
        sample = document.text[:_SAMPLE]
        wide = cell_len(sample) / len(sample) if sample and not sample.isascii() else 1.0
        #: Characters to a line, about.
        self._room = max(4, round((width - _RAGGED) / max(wide, 0.5)))
        self._heights = Heights(document, self._room)

    def lines(self, number: int) -> list[Line]:
        """Lines of a block, laid out now if they were not."""
        lines = self._lines.pop(number, None)
        if lines is None:
            lines = self._laid_out(number)
            self._count += len(lines)
            while self._lines and self._too_many():
                self._count -= len(self._lines.pop(next(iter(self._lines))))
            self._heights.set(number, len(lines))
        self._lines[number] = lines
        return lines

    def _too_many(self) -> bool:
        """Whether lines are to be dropped before more are kept."""
        blocks = len(self._lines)
        return (
            blocks >= self.kept
            or self._count > _MOST_LINES
            or (blocks > _FEW_BLOCKS and self._count > self.kept_lines)
        )

    def _laid_out(self, number: int) -> list[Line]:
        document, setting = self.document, self.setting
        follows = setting.indent and document.follows_text(number)
        block = document.block(number)
        shift = self._shifts.get(document.whole(number), 0)
        lines = lay_out(block, self.width, setting, follows=follows, shift=shift)
        for note in sorted(self._notes.get(number, ())):
            place = _after_reference(block, lines, note)
            shown = document.block(document.last + note - 1)
            lines[place:place] = [
                line._replace(note=note) for line in lay_out_note(shown, self.width, setting)
            ]
        return lines

    def forget(self, number: int) -> None:
        """Lay a block out anew when it is next looked at."""
        self._count -= len(self._lines.pop(number, ()))

    def forget_whole(self, number: int) -> None:
        """Lay all parts of a block out anew when they are next looked at."""
        for other in list(self._lines):
            if self.document.whole(other) == number:
                self.forget(other)

    def top(self, number: int) -> int:
        """Line of the article at which a block begins, by what is known now."""
        return self._heights.top(number)

    @property
    def total(self) -> int:
        """Lines of the whole article, by what is known now."""
        blocks = self.document.blocks
        rest = 0 if blocks.done else len(self.document.text) - blocks.reached
        # Blank lines between paragraphs are as many as in the part that is known.
        known = self._heights.total
        return known + (rest * known // blocks.reached if blocks.reached else rest // self._room)

    def at(self, y: int) -> tuple[int, int]:
        """The block and the line in it that are `y` lines below the beginning."""
        total = self.total
        while y >= self._heights.total and not self.document.blocks.done:
            text, known = self.document.text, self.document.blocks.reached
            self.document.blocks.advance(max(known, len(text) * y // max(1, total)))
            if self.document.blocks.reached == known:
                self.document.blocks.finish()
        if not self.document.known:
            return 0, 0
        number, below = self._heights.at(y)
        height, real = self._heights.height(number), len(self.lines(number))
        if real != height and height:  # an estimate: as far into the block as was asked
            below = below * real // height
        return number, min(max(0, below), max(0, real - 1))

    def line_at(self, number: int, offset: int) -> int:
        """The line of a block that shows character `offset` of its plain text."""
        # In a table laid out as records the lines do not follow the order of the text.
        for index, line in enumerate(self.lines(number)):
            if line.paragraph is not None and not line.aside:
                at = offset - line.paragraph.offset
                if any(piece.start <= at < piece.end for piece in line.pieces):
                    return index
        best = 0
        for index, line in enumerate(self.lines(number)):
            start = line.start
            if start is None:
                continue
            if start > offset:
                break
            best = index
        return best or self.first_text(number)

    def first_text(self, number: int) -> int:
        """The first line of a block that shows text; 0 if none does."""
        for index, line in enumerate(self.lines(number)):
            if line.start is not None:
                return index
        return 0


def _after_reference(block: Block, lines: list[Line], note: int) -> int:
    """The line below the one in which a block refers to a footnote first."""
    link = f"{TO_NOTE}{note}"
    for paragraph in block.paragraphs:
        for span in paragraph.spans:
            if span.link == link:
                offset = paragraph.offset + span.start
                shown = [
                    index
                    for index, line in enumerate(lines)
                    if line.start is not None and line.start <= offset < (line.end or 0)
                ]
                place = shown[-1] + 1 if shown else len(lines)
                # What belongs to that line, such as a note before this one, stays with it.
                while place < len(lines) and lines[place].aside:
                    place += 1
                return place
    return len(lines)
