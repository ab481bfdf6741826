"""The reader's highlights: drawn where their passages are now, with a sign beside the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style

from store import Highlight
from tui.typeset.document import Document
from tui.typeset.draw import HIGHLIGHTS, Lit
from tui.typeset.model import Line, Role
from tui.typeset.passages import Anchor, Marked, Passage, unmoved
from tui.typeset.viewport import Place, Row
from tui.widgets.reader_links import LinkingView
from tui.widgets.reader_messages import PassagesWanted

#: How the colours are drawn, by name; the first letter of the name stands beside the line.
_KINDS = dict(zip(("yellow", "green", "blue", "red"), HIGHLIGHTS, strict=True))
#: Sets a letter apart from text that it touches.
_REVERSED = Style(reverse=True)
#: Stands behind the letter where there is a note.
NOTE_SIGN = "*"


class Marks(NamedTuple):
    """Highlights made ready to be shown.

    Attributes:
        highlights: Those that have a quote.
        marked: Their passages in the document; None where there are none.
    """

    highlights: Sequence[Highlight] = ()
    marked: Marked | None = None


def marks_of(document: Document | None, highlights: Sequence[Highlight]) -> Marks:
    """Make highlights ready to be shown in a document; from any thread."""
    shown = tuple(each for each in highlights if each.quote.strip())
    if document is None or not shown:
        return Marks(shown)
    return Marks(shown, Marked(document, [_anchor(each) for each in shown]))


class HighlightingView(LinkingView):
    """An article view that shows highlights.

    Where the text is as it was, they are on the screen at once.  For the others it asks with
    `PassagesWanted`, and shows them once it is told with `place_highlights`.
    """

    highlights: Sequence[Highlight] = ()
    """Those of the article on show that have a quote."""

    _marked: Marked | None = None

    def set_highlights(self, highlights: Sequence[Highlight]) -> None:
        """Show the highlights of the article on show; notes without a quote are left out."""
        self.show_marks(marks_of(self.document, highlights))

    def show_marks(self, marks: Marks) -> None:
        """As `set_highlights`, with what `marks_of` made of them and of the document on show."""
        shown, marked = marks
        if shown == self.highlights and (not shown or self._is_of_document):
            return
        before = self._marked if self._is_of_document else None
        self.highlights, self._marked = shown, marked
        if marked is not None:
            found = {} if before is None else _still_known(before, marked)
            if len(found) == len(shown):
                marked.settle(found)
            else:
                self.post_message(PassagesWanted(self, marked.anchors))
        self.restyle()

    def place_highlights(
        self, anchors: Sequence[Anchor], found: Mapping[int, Passage | None]
    ) -> None:
        """Take in where the passages are, in answer to `PassagesWanted` with these anchors."""
        if self._marked is not None and self._marked.anchors is anchors:
            self._marked.settle(found)
            self.restyle()

    def passage_of(self, number: int) -> Passage | None:
        """Where the highlight with that number is, as far as that is known."""
        index = next((i for i, each in enumerate(self.highlights) if each.id == number), None)
        return None if index is None or self._marked is None else self._marked.passage(index)

    @property
    def highlights_placed(self) -> bool:
        """Whether it is known of all highlights where they are."""
        return self._marked is None or self._marked.complete

    def highlight_at(self, place: Place) -> Highlight | None:
        """The highlight a place is in."""
        if self._marked is None:
            return None
        index = self._marked.at(place)
        return None if index is None else self.highlights[index]

    def highlight_beyond(self, place: Place, step: int) -> Place | None:
        """Where the next highlight after a place begins (`step` -1: the one before)."""
        if self._marked is None:
            return None
        starts = [passage.start for passage, _ in self._marked.in_order()]
        if step > 0:
            return next((start for start in starts if start > place), None)
        return next((start for start in reversed(starts) if start < place), None)

    def lit(self, block: int, start: int, end: int) -> Sequence[Lit]:
        """Highlights, and over them what else is lit."""
        lit = super().lit(block, start, end)
        if not self._is_of_document:
            return lit
        assert self._marked is not None
        return [
            *(
                (a, b, _KINDS[self.highlights[index].colour])
                for a, b, index in self._marked.inside(block)
                if a < end and b > start
            ),
            *lit,
        ]

    def beside(self, row: Row, line: Line) -> list[Segment]:
        """The letters of the colours left of a line, and a sign where there is a note."""
        shown = self._beside(row, line)
        if self.document is not None and self.document.setting.plain:
            shown = []  # letters alone are no words: the list and the bar say what there is
        if not shown or not (cells := self.left):
            return super().beside(row, line)
        blank = self.sheet.role(Role.TEXT)
        colours = list(dict.fromkeys(each.colour for each in shown))
        noted = any(each.note for each in shown)
        if cells == 1:
            letter = colours[0][0].upper() if noted else colours[0][0]
            return [Segment(letter, self._style_of(colours[0]) + _REVERSED)]
        # One column for the letter, one for the note, and one that is free if there is room.
        gap = 1 if cells > 2 else 0
        letters = colours[: max(1, min(2, cells - gap - 1))]
        note = Segment(NOTE_SIGN if noted else " ", self.sheet.role(Role.MARKER))
        return [
            Segment(" " * (cells - len(letters) - 1 - gap), blank),
            *(Segment(colour[0], self._style_of(colour)) for colour in letters),
            note,
            Segment(" " * gap, blank),
        ]

    @property
    def _is_of_document(self) -> bool:
        return self._marked is not None and self._marked.document is self.document

    def _beside(self, row: Row, line: Line) -> list[Highlight]:
        start, end = line.start, line.end
        if not self._is_of_document or start is None or end is None:
            return []
        assert self._marked is not None
        return [
            self.highlights[index]
            for a, b, index in self._marked.inside(row.block)
            if a < end and b > start
        ]

    def _style_of(self, colour: str) -> Style:
        return self.sheet.style(Role.TEXT, lit=_KINDS[colour])


def _still_known(before: Marked, now: Marked) -> dict[int, Passage | None]:
    """Where the passages are, as far as it is known from before the last change."""
    if not before.complete:
        return {}
    places = {anchor: before.passage(number) for number, anchor in enumerate(before.anchors)}
    found: dict[int, Passage | None] = {}
    for number, anchor in enumerate(now.anchors):
        if anchor in places:
            found[number] = places[anchor]
        elif (passage := unmoved(now.document, anchor)) is not None:
            found[number] = passage
    return found


def _anchor(highlight: Highlight) -> Anchor:
    return Anchor(highlight.quote, highlight.before, highlight.after, highlight.offset)
