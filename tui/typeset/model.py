"""What typesetting speaks in: spans, paragraphs, blocks, lines.

Text is plain text.  Styles are spans over it; layout is offsets into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, NamedTuple

# Styles a span can carry, as bits: a run of text has any set of them.
STRONG: Final = 1
EMPHASIS: Final = 2
STRIKE: Final = 4
CODE: Final = 8
LINK: Final = 16
NOTE: Final = 32  # a footnote's number in the text
FAINT: Final = 64  # said by broadsheet or beside the point: captions, separators
# Syntax of code; kept apart from the marks above because code has no other.
KEYWORD: Final = 128
NAME: Final = 256
STRING: Final = 512
NUMBER: Final = 1024
COMMENT: Final = 2048


class Role(Enum):
    """What a paragraph or a piece of decoration is; the style sheet has a style for each."""

    TEXT = auto()
    TITLE = auto()
    BYLINE = auto()
    HEADING_1 = auto()
    HEADING_2 = auto()
    HEADING_3 = auto()
    HEADING_4 = auto()
    HEADING_5 = auto()
    HEADING_6 = auto()
    QUOTE = auto()
    CODE_BLOCK = auto()
    CAPTION = auto()
    TABLE_HEAD = auto()
    NOTE_TEXT = auto()
    BAR = auto()  # decoration: the bar beside a quote
    MARKER = auto()  # decoration: bullets and numbers of lists
    RULE = auto()  # decoration: lines under headings, in tables, between parts


HEADINGS: Final = (
    Role.HEADING_1,
    Role.HEADING_2,
    Role.HEADING_3,
    Role.HEADING_4,
    Role.HEADING_5,
    Role.HEADING_6,
)


#: How links begin that lead inside the article: to a footnote, back from it, and to a heading or
#: a named place (the rest is the fragment of the address).
TO_NOTE, BACK, WITHIN = "#note-", "#ref-", "#at-"


class Span(NamedTuple):
    """A run of text with the same marks; spans of a paragraph ascend and do not overlap.

    Attributes:
        start: First character.
        end: One past the last.
        marks: Sum of the mark bits (`STRONG` and so on).
        link: Where it leads, or "".  "#note-3", "#ref-3" and "#at-name" lead inside the article.
    """

    start: int
    end: int
    marks: int
    link: str = ""


#: Decoration before a line: pieces of text, each with its role.
Prefix = tuple[tuple[str, Role], ...]


class Kind(Enum):
    """How a paragraph is laid out."""

    TEXT = auto()
    HEADING = auto()
    CODE = auto()
    TABLE = auto()
    RULE = auto()  # a line as wide as the measure
    BREAK = auto()  # a short line in the middle: a thematic break


@dataclass(slots=True)
class Grid:
    """A table: where each cell's text is in the paragraph's text.

    Attributes:
        rows: Rows of cells, each (start, end); the first row is the header.  Rows are of equal
            length.
        align: "left", "right" or "center" for each column.
        names: What the header says, where the table goes on without it (see `divide`).
        widths: Cells of the widest word and the widest cell of each column in the whole table,
            where this is a part of it.
    """

    rows: tuple[tuple[tuple[int, int], ...], ...]
    align: tuple[str, ...]
    names: tuple[str, ...] = ()
    widths: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class Paragraph:
    r"""Text that is laid out as one: a paragraph, heading, code block, table or rule.

    Attributes:
        text: Plain text; "\n" is a line end that must be kept.
        spans: Styles and links over `text`.
        kind: How it is laid out.
        role: Style of the text where no span says otherwise.
        first: Decoration before the first line (list marker, quote bar).
        rest: Decoration before the other lines, as wide as `first`.
        above: Blank lines before it.
        gap: Decoration of those blank lines (a quote's bar goes on through them).
        offset: Where `text` begins in the block's plain text.
        language: Name of the code's language, or "".
        grid: The cells, if it is a table.
        coloured: Whether the syntax of the code was looked at (`highlight` sets it).
    """

    text: str
    spans: Sequence[Span] = ()
    kind: Kind = Kind.TEXT
    role: Role = Role.TEXT
    first: Prefix = ()
    rest: Prefix = ()
    above: int = 1
    gap: Prefix = ()
    offset: int = 0
    language: str = ""
    grid: Grid | None = None
    coloured: bool = False


@dataclass(slots=True)
class Block:
    r"""A top-level block of the article, parsed.

    Attributes:
        paragraphs: What it holds, in order; empty for definitions, which show nothing here.
        plain: The texts of the paragraphs joined with "\n".
    """

    paragraphs: list[Paragraph]
    plain: str = field(init=False)
    _links: list[tuple[int, int, str]] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        offset = 0
        for paragraph in self.paragraphs:
            paragraph.offset = offset
            offset += len(paragraph.text) + 1
        self.plain = "\n".join(paragraph.text for paragraph in self.paragraphs)

    def links(self) -> list[tuple[int, int, str]]:
        """First character, one past the last, and address of each link, in order.

        One that changes style inside is one link.
        """
        if self._links is not None:
            return self._links
        found: list[tuple[int, int, str]] = []
        for paragraph in self.paragraphs:
            for span in paragraph.spans:
                if not span.marks & LINK or not span.link:
                    continue
                start, end = paragraph.offset + span.start, paragraph.offset + span.end
                if found and found[-1][1:] == (start, span.link):
                    start = found.pop()[0]
                found.append((start, end, span.link))
        self._links = found
        return found


class Piece(NamedTuple):
    """Text of a line: characters `start` to `end` of its paragraph's text.

    Attributes:
        column: Cells between the end of the prefix and the text; pieces of a line ascend by it.
        start: First character.
        end: One past the last.
        role: Style of the text where no span says otherwise.
    """

    column: int
    start: int
    end: int
    role: Role = Role.TEXT


class Sign(NamedTuple):
    """Decoration in a line that is no part of the text: a hyphen, the side of a frame.

    Attributes:
        column: Cells between the end of the prefix and the sign.
        text: What is shown.
        role: Its style.
    """

    column: int
    text: str
    role: Role


class Line(NamedTuple):
    """One line of a laid-out block.

    Attributes:
        paragraph: The paragraph it shows; None for blank lines and rules.
        prefix: Decoration on the left.
        pieces: What it shows of the paragraph's text: one piece, or one a column in a table.
        fill: Decoration after the prefix (rules).
        pad: Cells after the prefix up to which the style of code is drawn, or 0.
        signs: Decoration after and between the pieces, ascending.
        aside: Whether it shows text of another block (a footnote, where it is referred to).
        note: Number of that footnote, or 0.
    """

    paragraph: Paragraph | None
    prefix: Prefix = ()
    pieces: tuple[Piece, ...] = ()
    fill: str = ""
    pad: int = 0
    signs: tuple[Sign, ...] = ()
    aside: bool = False
    note: int = 0

    @property
    def start(self) -> int | None:
        """Where the line begins in the block's plain text; None when it shows none of it."""
        if self.paragraph is None or not self.pieces or self.aside:
            return None
        return self.paragraph.offset + min(piece.start for piece in self.pieces)

    @property
    def end(self) -> int | None:
        """One past the last character it shows, in the block's plain text."""
        if self.paragraph is None or not self.pieces or self.aside:
            return None
        return self.paragraph.offset + max(piece.end for piece in self.pieces)
