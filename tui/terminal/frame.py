"""What a screen shows, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from tui.terminal.pens import PLAIN, Pens
from tui.typeset.simple import cell_len, is_simple, tags_in_flags

if TYPE_CHECKING:
    from textual.strip import Strip

#: Text of a cell of which nothing is known.
UNKNOWN: Final = "\x00"

#: What a terminal would obey or show in another order.  Text is cleaned where it comes in and where
#: it is laid out; here none is left over, whatever was forgotten there.
_OBEYED: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

#: Columns at the right edge that may hold a scrollbar, which does not move with the text.
_EDGE: Final = 2


class Row:
    """One line of a screen.

    Attributes:
        texts: The grapheme cluster in each cell; "" in the second cell of a wide one.
        pens: The number of the pen of each cell.
    """

    __slots__ = ("_key", "pens", "texts")

    def __init__(self, texts: list[str], pens: list[int]) -> None:
        self.texts = texts
        self.pens = pens
        self._key: str | None = None

    @classmethod
    def blank(cls, width: int, text: str = " ") -> Row:
        """A row as it is after the screen was cleared; or with `UNKNOWN`, one nobody knows."""
        return cls([text] * width, [PLAIN] * width)

    @property
    def key(self) -> str:
        """The row's text without the right edge: rows with the same one are alike."""
        if self._key is None:
            self._key = "".join(self.texts[:-_EDGE])
        return self._key

    def same(self, other: Row) -> bool:
        """Whether two rows look the same."""
        return self.texts == other.texts and self.pens == other.pens

    def copy(self) -> Row:
        """A row of its own."""
        return Row(self.texts.copy(), self.pens.copy())

    def put(self, x: int, strips: Iterable[Strip], pens: Pens) -> None:
        """Write strips one after the other from column `x` on; what is too long is cut off."""
        self.write(
            x,
            (
                (text, PLAIN if style is None else pens.of(style))
                for strip in strips
                for text, style, control in strip
                if not control
            ),
            pens,
        )

    def write(self, x: int, pieces: Iterable[tuple[str, int]], pens: Pens) -> None:
        """Write pieces, each (text, pen), from column `x` on; what is too long is cut off."""
        texts: list[str] = []
        numbers: list[int] = []
        for text, pen in pieces:
            if not text.isprintable():
                text = tags_in_flags(_OBEYED.sub("", text), "")  # they have no width
            blank = pens.on_blank[pen]
            if not text.isascii() and not is_simple(text):
                _spread(text, pen, blank, texts, numbers)
                continue
            texts += text
            if blank == pen:
                numbers += [pen] * len(text)
            else:
                numbers += [blank if cell == " " else pen for cell in text]
        room = len(self.texts) - x
        if len(texts) > room:
            del texts[room:], numbers[room:]
            if texts and cell_len(texts[-1]) > 1:
                texts[-1] = " "  # half of a wide cluster
        end = x + len(texts)
        self.texts[x:end] = texts
        self.pens[x:end] = numbers
        if x and self.texts[x] != "" and cell_len(self.texts[x - 1]) > 1:
            self.texts[x - 1] = " "
        if end < len(self.texts) and self.texts[end] == "":
            self.texts[end] = " "
        self._key = None

    def write_cells(self, x: int, texts: Sequence[str], pens: Sequence[int]) -> None:
        """Write cells from column `x` on: text and number of the pen of each."""
        self.texts[x : x + len(texts)] = texts
        self.pens[x : x + len(texts)] = pens
        self._key = None


def _spread(text: str, pen: int, blank: int, texts: list[str], numbers: list[int]) -> None:
    """Append the cells of a text that is not ASCII, cut as Rich measures it."""
    from rich.cells import split_graphemes

    from tui.typeset.widths import spacing_marks

    spacing_marks()  # puts the table right that it is cut by
    spans, _ = split_graphemes(text)
    for start, end, cells in spans:
        cluster = text[start:end]
        if cells:
            texts.append(cluster)
            numbers.append(blank if cluster == " " else pen)
            if cells > 1:
                texts += [""] * (cells - 1)
                numbers += [pen] * (cells - 1)
        elif texts and texts[-1]:
            texts[-1] += cluster
