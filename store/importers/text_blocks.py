"""What the pieces of a plain text are: paragraphs, verse, lists, quotations, tables, code.

A piece is a run of lines between blank lines.  Only prose is joined; whatever has a line
structure of its own keeps it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

from store.importers.text_ends import find_ends
from store.importers.text_joining import (
    Ending,
    Vocabulary,
    ending,
    join_all,
    starts_lower,
    starts_upper,
)
from store.importers.text_lists import Item, is_sure_item, list_kind, list_start, read_list
from store.importers.text_tables import is_aligned, is_pipe_table, to_table
from store.importers.text_wrap import (
    FENCE,
    MAX_WRAP,
    Piece,
    Wrap,
    columns,
    may_continue,
    measure_wrap,
    pieces_of,
    without_margin,
)

_DEEPEST_QUOTE = 5
#: Lists and underlined headings taken from one piece; what is left is prose.
_MOST_IN_PIECE = 40
#: Lines that are looked at for them: what a piece begins with is told by all that follows.
_MOST_LINES = 20_000

_RULE = re.compile(r"\s*(?:[*#~•·_=⁂☙❧◆◇■□–—+.-]\s*){1,40}|\s*(?:\* ?){3,}")
_UNDERLINE = re.compile(r"\s*(=+|-+|~+|\*+)\s*")
_QUOTE = re.compile(r"\s*>+ ?")
_DIALOGUE = re.compile(r"\s*[—–]\s?\S")
_CODE = re.compile(
    r"[{};]\s*$|^\s*(?:#!|//|/\*|\$ |>>> |<\?|</?\w|(?:def|class|import|from|return|if|for|while|"
    r"var|let|const|function|int|void|public|private|echo|sudo|select|insert)\b.*[=:(){};])"
    r"|[=!<>]=|->|=>|::|\w\(.*\)\s*[;{:]?$|^\s*[\w.\[\]]+\s*[:+\-*/]?=\s*\S"
)
_OPENING_QUOTES = ("“", "«", "„", "「", '"')
_CLOSING_QUOTES = ("”", "»", "“", "」", '"')
_CONTACT = re.compile(r"@|https?://|www\.|\+?\(?\d[\d\s().\-/]{6,}|©|\(c\)", re.IGNORECASE)


class Kind(Enum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"
    VERSE = "verse"  #: lines that stay lines: poems, addresses, contact blocks
    QUOTE = "quote"
    CODE = "code"
    TABLE = "table"
    RULE = "rule"


@dataclass(slots=True)
class Block:
    """One block of a text.

    Attributes:
        lines: The joined text of a paragraph or heading as one line; else the lines as they are.
        items: The items of a list.
        inner: The blocks of a quotation.
        after_page: Whether a page break stands before it.
        first: The first line of a paragraph as it stood.
        last: The last line of it.
        indented: Whether the first line of a paragraph was indented.
        level: The level of a heading that says it (underlined), else 0.
    """

    kind: Kind
    lines: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    inner: list[Block] = field(default_factory=list)
    after_page: bool = False
    first: str = ""
    last: str = ""
    indented: bool = False
    level: int = 0

    @property
    def text(self) -> str:
        """The text of a paragraph or heading."""
        return self.lines[0] if self.lines else ""


def read_blocks(lines: list[str], vocabulary: Vocabulary) -> tuple[list[Block], Wrap]:
    """The blocks of a text in order, and how its lines were broken.

    Paragraphs that page breaks cut are not joined yet.
    """
    return _blocks(pieces_of(without_margin(lines)), vocabulary, 0)


def _blocks(pieces: list[Piece], vocabulary: Vocabulary, depth: int) -> tuple[list[Block], Wrap]:
    wrap = measure_wrap(pieces)
    if depth == 0 and wrap.width and (wrap.typeset or not wrap.spaced):
        wrap = wrap._replace(ends=find_ends(pieces))
    blocks: list[Block] = []
    for position, piece in enumerate(pieces):
        neighbours = [pieces[k] for k in (position - 1, position + 1) if 0 <= k < len(pieces)]
        found = _classify(piece, wrap, vocabulary, neighbours, depth)
        if found:
            found[0].after_page = piece.after_page
        blocks += found
    return blocks, wrap


def _classify(
    piece: Piece, wrap: Wrap, vocabulary: Vocabulary, neighbours: list[Piece], depth: int
) -> list[Block]:
    """The blocks of a piece: most are one block; a list or heading may have more below it."""
    blocks: list[Block] = []
    rest = piece.lines
    beside = [neighbour.lines[0] for neighbour in neighbours]
    left = _MOST_LINES
    for _ in range(_MOST_IN_PIECE):
        left -= len(rest)
        found, rest = _first_block(rest, wrap, vocabulary, beside, depth)
        blocks += found
        beside = []
        if not rest:
            return blocks
        if left < len(rest):
            break
    return blocks + _prose(rest, wrap, vocabulary)


def _first_block(
    lines: list[str], wrap: Wrap, vocabulary: Vocabulary, beside: list[str], depth: int
) -> tuple[list[Block], list[str]]:
    """What the lines begin with, and the lines after it."""
    if FENCE.match(lines[0]) and len(lines) > 1 and FENCE.match(lines[-1]):
        return [Block(Kind.CODE, lines[1:-1])], []
    if len(lines) == 1 and _RULE.fullmatch(lines[0]):
        return [Block(Kind.RULE)], []
    if depth < _DEEPEST_QUOTE and all(_QUOTE.match(line) for line in lines):
        stripped = [_QUOTE.sub("", line, count=1) for line in lines]
        inner, _ = _blocks(pieces_of(stripped), vocabulary, depth + 1)
        return [Block(Kind.QUOTE, inner=inner)], []
    if is_pipe_table(lines):
        return [Block(Kind.TABLE, [line.strip() for line in lines])], []
    if is_aligned(lines):
        rows = to_table(lines)
        return [Block(Kind.TABLE, rows) if rows else Block(Kind.CODE, lines)], []
    start = list_start(lines, beside)
    if start is not None and (
        start == 0
        or is_sure_item(lines[start])
        or (list_kind(lines[start]) == "number" and ending(lines[start - 1]) is Ending.CLOSED)
        or not wrap.is_full(lines[start - 1], lines[start])
    ):
        before = _prose(lines[:start], wrap, vocabulary) if start else []
        items, rest = read_list(lines[start:], wrap, vocabulary)
        return [*before, Block(Kind.LIST, items=items)], rest
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    narrow = margin >= 2 and max(map(len, lines)) <= MAX_WRAP
    if narrow and (len(lines) > 1 or (margin >= 4 and _CODE.search(lines[0]))):
        return _indented([line[margin:] for line in lines], margin, vocabulary), []
    underline = _UNDERLINE.fullmatch(lines[1]) if len(lines) > 1 and len(lines[0]) <= 100 else None
    if underline and any(map(str.isalnum, lines[0])):
        level = 2 if underline[1][0] in "=*" else 3
        return [Block(Kind.HEADING, [lines[0].strip()], level=level)], lines[2:]
    return _prose(lines, wrap, vocabulary), []


def _indented(lines: list[str], margin: int, vocabulary: Vocabulary) -> list[Block]:
    """A piece whose lines are all indented: code, verse or a quotation."""
    code = sum(bool(_CODE.search(line)) for line in lines)
    if margin >= 4 and 3 * code >= len(lines):
        return [Block(Kind.CODE, lines)]
    inner = _prose(lines, measure_wrap([Piece(lines)]), vocabulary)
    return [Block(Kind.QUOTE, inner=inner)]


def _prose(lines: list[str], wrap: Wrap, vocabulary: Vocabulary) -> list[Block]:
    """Paragraphs, or verse when the lines end before there was need to."""
    if len(lines) > 1 and _is_verse(lines, wrap):
        return [Block(Kind.VERSE, lines)]
    indented = sum(line.startswith("  ") for line in lines[1:])
    first_line_indent = 0 < indented <= 0.5 * len(lines)
    paragraphs: list[list[str]] = [[lines[0]]]
    for line in lines[1:]:
        if _begins_paragraph(paragraphs[-1], line, wrap, indent_tells=first_line_indent):
            paragraphs.append([line])
        else:
            paragraphs[-1].append(line)
    blocks = []
    for paragraph in paragraphs:
        text = join_all((line.replace("\t", " ") for line in paragraph), vocabulary)
        blocks.append(
            Block(
                Kind.PARAGRAPH,
                [text],
                first=paragraph[0],
                last=paragraph[-1],
                indented=paragraph[0].startswith(" "),
            )
        )
    return blocks


def _is_verse(lines: list[str], wrap: Wrap) -> bool:
    """Whether the line ends of a piece are the author's."""
    pairs = list(pairwise(lines))
    if wrap.ends and (len(lines) < 4 or any(wrap.is_full(a, b) for a, b in pairs)):
        return all(map(_has_contact, lines)) and not any(map(wrap.ends.get, pairs))
    goes_on = [may_continue(b) and ending(a) is not Ending.CLOSED for a, b in pairs]
    if max(map(wrap.measure, lines)) > max(80, wrap.width * 1.1):
        return False
    if not wrap.width:  # no line of the text is wrapped, so these are not
        closed = sum(ending(line) is Ending.CLOSED for line in lines)
        sentences = closed >= 0.8 * len(lines) and sum(map(len, lines)) > 50 * len(lines)
        return not sentences and (len(lines) > 2 or not any(goes_on))
    full = sum(wrap.is_full(a, b) for a, b in pairs)
    if _reads_as_lines(lines):
        return full < len(pairs) or all(map(_has_contact, lines))
    if len(lines) == 2:
        unfinished = ending(lines[0]) is Ending.OPEN or lines[0].endswith(",")
        return not full and not any(goes_on) and unfinished
    if all(wrap.measure(line) < 0.6 * wrap.width for line in lines):
        return True
    # Lines that end before there was need to, and not at the end of a paragraph either.
    early = sum(not wrap.is_full(a, b) and ending(a) is not Ending.CLOSED for a, b in pairs)
    return full < 0.4 * len(pairs) and early >= 0.5 * len(pairs)


def _reads_as_lines(lines: list[str]) -> bool:
    """Whether nearly every line begins anew: with a capital, a number or an address."""
    new = sum(starts_upper(line) or _has_contact(line) for line in lines)
    return len(lines) > 2 and new >= 0.9 * len(lines) and max(map(len, lines)) <= 90


def _has_contact(line: str) -> bool:
    """Whether a line is an address, a telephone number or a notice, and little else."""
    return bool(_CONTACT.search(line)) and len(line.split()) <= 8


def _begins_paragraph(before: list[str], line: str, wrap: Wrap, *, indent_tells: bool) -> bool:
    """Whether `line` begins a paragraph, though no blank line stands before it."""
    last = before[-1]
    known = wrap.ends.get((last, line))
    if known is not None and not indent_tells:
        return known
    state = ending(last)
    if columns(last) > max(MAX_WRAP, 1.5 * wrap.width):  # a paragraph on one line
        return state is Ending.CLOSED or (state is Ending.OPEN and not may_continue(line))
    if state is Ending.CUT:
        return False
    if indent_tells:
        return line.startswith("  ") and (state is Ending.CLOSED or not wrap.is_full(last, line))
    clearly_short = not wrap.spaced and wrap.measure(last) < 0.75 * wrap.width
    if wrap.is_full(last, line) and not (clearly_short and state is Ending.CLOSED):
        # Only another speaker.
        return state is Ending.CLOSED and bool(
            (last.endswith(_CLOSING_QUOTES) and line.lstrip().startswith(_OPENING_QUOTES))
            or (_DIALOGUE.match(line) and _DIALOGUE.match(before[0]))
        )
    if state is Ending.CLOSED:
        short = not wrap.spaced or wrap.measure(last) < 0.7 * wrap.width
        return short and not starts_lower(line)
    # A heading that stands right above its paragraph.
    return len(before) == 1 and starts_upper(line) and len(last) < 0.75 * wrap.width
