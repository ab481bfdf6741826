"""Laying out a block: its paragraphs become lines for one measure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import bidirectional

from rich.cells import cell_len

from tui.typeset.clusters import Extent
from tui.typeset.code import lay_out_code
from tui.typeset.hyphenate import hyphenator
from tui.typeset.model import CODE, LINK, Block, Kind, Line, Paragraph, Piece, Prefix, Role, Sign
from tui.typeset.setting import DEFAULT, Setting
from tui.typeset.table import lay_out_table
from tui.typeset.wrap import wrap, wrap_hyphenated

#: Text beside decoration keeps at least this many cells; deeper nesting is indented no further.
LEAST_MEASURE = 16
#: Cells of the indent of a paragraph that follows another.
_INDENT = 2
#: Spaces of a justified line are at most this many cells wide; what would need more stays ragged.
_WIDEST_SPACE = 3
#: What the frame of a caption says.
_LABEL = "image"
#: What is justified and hyphenated: running text, not headings and captions.
_RUNNING = frozenset({Role.TEXT, Role.QUOTE, Role.NOTE_TEXT})
_SPACES = re.compile(" +")
#: Letters of scripts written from right to left, roughly; the first strong one decides.
_MAY_BE_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff]")


def lay_out(
    block: Block,
    width: int,
    setting: Setting = DEFAULT,
    *,
    follows: bool = False,
    shift: int = 0,
) -> list[Line]:
    """The lines of `block` in a measure of `width` cells, the blank lines above it included.

    A pure function: the same block, width and setting give the same lines.  No line is wider than
    the measure, and none of the text is left out.

    Args:
        block: The block.
        width: The measure in cells.
        setting: What the reader chose.
        follows: Whether the block is running text after running text, and so may be indented.
        shift: Cells that its code is moved to the left, where that is scrolled; what is then out
            of sight is no part of any line.
    """
    return _lay_out(block.paragraphs, width, setting, follows=follows, shift=shift)


def lay_out_note(block: Block, width: int, setting: Setting = DEFAULT) -> list[Line]:
    """The lines of a footnote, for showing it where the text refers to it.

    They are decoration to the block they are shown in: their text is that of another block.
    """
    aside = setting.signs.aside
    beside: Prefix = ((aside, Role.BAR),) if width >= LEAST_MEASURE + cell_len(aside) else ()
    room = width - cell_len(aside) if beside else width
    paragraphs = [part for part in block.paragraphs if part.kind is not Kind.RULE]
    return [
        line._replace(prefix=(*beside, *line.prefix), aside=True)
        for line in _lay_out(paragraphs, room, setting)
    ]


def _lay_out(
    paragraphs: Sequence[Paragraph],
    width: int,
    setting: Setting,
    *,
    follows: bool = False,
    shift: int = 0,
) -> list[Line]:
    lines: list[Line] = []
    signs = setting.signs
    for paragraph in paragraphs:
        rest, used = _narrowed(paragraph.rest, width)
        first, lead = _narrowed(paragraph.first, width)
        gap, _ = _narrowed(paragraph.gap, width)
        measure, lead = width - used, max(0, lead - used)
        indent = _INDENT if follows and not lines else 0
        if not indent:
            lines += [Line(None, gap)] * paragraph.above
        if paragraph.kind is Kind.TEXT and paragraph.role is Role.CAPTION and setting.frames:
            lines += _framed(paragraph, first, rest, measure, setting)
        elif paragraph.kind is Kind.TEXT:
            lines += _text(paragraph, first, rest, measure, setting, lead, indent)
        elif paragraph.kind is Kind.HEADING:
            lines += _text(paragraph, first, rest, measure, setting, lead)
            if not setting.plain and paragraph.role in (Role.HEADING_1, Role.HEADING_2):
                line = signs.heavy if paragraph.role is Role.HEADING_1 else signs.light
                lines.append(Line(None, rest, fill=line * measure))
        elif paragraph.kind is Kind.CODE:
            lines += lay_out_code(paragraph, first, rest, measure, setting, shift)
        elif paragraph.kind is Kind.TABLE:
            lines += lay_out_table(paragraph, first, rest, measure, setting)
        elif setting.plain:
            word = "[break]" if paragraph.kind is Kind.BREAK else ""
            lines.append(Line(None, first, fill=word[:measure]))
        elif paragraph.kind is Kind.RULE:
            lines.append(Line(None, first, fill=signs.light * measure))
        else:
            short = max(3, measure // 6)
            fill = " " * ((measure - short) // 2) + signs.light * short
            lines.append(Line(None, first, fill=fill))
    return lines


def _text(
    paragraph: Paragraph,
    first: Prefix,
    rest: Prefix,
    measure: int,
    setting: Setting,
    lead: int = 0,
    indent: int = 0,
) -> list[Line]:
    """Lines of running text.

    Args:
        paragraph: The text.
        first: Decoration of the first line.
        rest: Decoration of the others.
        measure: Cells beside `rest`.
        setting: What the reader chose.
        lead: Cells that `first` has more than `rest`.
        indent: Cells that the first line is indented.
    """
    text, role = paragraph.text, paragraph.role
    extents, hyphenated = _broken(paragraph, measure, setting, lead + indent)
    from_right = setting.bidi and is_right_to_left(text)
    justify = setting.justify and not from_right and role in _RUNNING
    lines: list[Line] = []
    for index, (start, end) in enumerate(extents):
        column = 0 if index else indent
        room = measure - (0 if index else lead)
        prefix = rest if index else first
        pieces: tuple[Piece, ...] = (Piece(column, start, end, role),)
        hyphen = end in hyphenated
        cells = 0
        if hyphen or from_right or justify:
            cells = cell_len(text[start:end])
        if from_right:
            column = max(column, room - cells - hyphen)
            pieces = (Piece(column, start, end, role),)
        elif justify and index + 1 < len(extents) and "\n" not in text[end : extents[index + 1][0]]:
            spare = room - column - cells - hyphen
            pieces = _stretched(text, pieces[0], spare, from_end=index % 2 == 1)
            cells += spare if len(pieces) > 1 else 0
        signs = (Sign(column + cells, "-", role),) if hyphen else ()
        lines.append(Line(paragraph, prefix, pieces, signs=signs))
    return lines


def _broken(
    paragraph: Paragraph, measure: int, setting: Setting, lead: int
) -> tuple[list[Extent], set[int]]:
    """The lines of a paragraph and the ends of those that a hyphen is shown after."""
    text = paragraph.text
    places = hyphenator(setting.lang) if setting.hyphenate else None
    if places is None or paragraph.role not in _RUNNING:
        return wrap(text, measure, lead), set()
    # Names of code and addresses are not words.
    exempt = [span for span in paragraph.spans if span.marks & CODE or _is_address(text, span)]

    def hyphens(start: int, end: int) -> list[int]:
        if "://" in text[start:end] or "@" in text[start:end]:
            return []
        if any(span.start < end and start < span.end for span in exempt):
            return []
        return places(text, start, end)

    return wrap_hyphenated(text, measure, hyphens, lead)


def _is_address(text: str, span: tuple[int, int, int, str]) -> bool:
    """Whether a link shows where it leads."""
    start, end, marks, link = span
    shown = text[start:end]
    return bool(marks & LINK) and " " not in shown and shown in link


def _stretched(text: str, piece: Piece, spare: int, *, from_end: bool) -> tuple[Piece, ...]:
    """A line as pieces set apart, so that it is `spare` cells longer.

    The cells are spread evenly over the spaces; what is left over goes to the first of them or,
    in every other line, to the last, so that no rivers run down the page.
    """
    gaps = [match.end() for match in _SPACES.finditer(text, piece.start, piece.end)]
    if spare <= 0 or spare > len(gaps) * (_WIDEST_SPACE - 1):
        return (piece,)
    each, more = divmod(spare, len(gaps))
    pieces: list[Piece] = []
    start, column = piece.start, piece.column
    for index, gap in enumerate(gaps):
        extra = each + (index >= len(gaps) - more if from_end else index < more)
        if extra:
            pieces.append(Piece(column, start, gap, piece.role))
            column += cell_len(text[start:gap]) + extra
            start = gap
    return (*pieces, Piece(column, start, piece.end, piece.role))


def _framed(
    paragraph: Paragraph, first: Prefix, rest: Prefix, measure: int, setting: Setting
) -> list[Line]:
    """The caption of a picture in a frame, in whose upper edge it says that this is one.

    Plain settings and narrow measures have none.
    """
    if setting.plain or measure < LEAST_MEASURE:
        return _text(paragraph, first, rest, measure, setting)
    left, right, low_left, low_right, across, down = tuple(setting.signs.frame)
    inner = _text(paragraph, (), (), measure - 4, setting)
    shown = [paragraph.text[piece.start : piece.end] for line in inner for piece in line.pieces]
    columns = [piece.column for line in inner for piece in line.pieces]
    cells = max(len(_LABEL), *map(sum, zip(columns, map(cell_len, shown), strict=True)))
    label = ((f"{left} ", Role.RULE), (_LABEL, Role.CAPTION))
    bar = across * (cells + 2)
    side = (f"{down} ", Role.RULE)
    return [
        Line(None, (*first, *label), fill=f" {across * (cells - len(_LABEL))}{right}"),
        *(
            line._replace(prefix=(*rest, side), signs=(Sign(cells + 1, down, Role.RULE),))
            for line in inner
        ),
        Line(None, rest, fill=f"{low_left}{bar}{low_right}"),
    ]


def is_right_to_left(text: str) -> bool:
    """Whether text is of a script written from right to left: its first strong letter tells."""
    if not _MAY_BE_RTL.search(text):
        return False
    for character in text:
        kind = bidirectional(character)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False


def _narrowed(prefix: Prefix, width: int) -> tuple[Prefix, int]:
    """The decoration that leaves room for text, from the inside out, and its cells."""
    room = max(0, width - LEAST_MEASURE)
    kept: list[tuple[str, Role]] = []
    for text, role in reversed(prefix):
        cells = cell_len(text)
        if cells > room:
            break
        room -= cells
        kept.insert(0, (text, role))
    return tuple(kept), sum(cell_len(text) for text, _ in kept)
