"""The order in which the lines of a printed page are read, and what of a page is no text.

Columns are found by their neighbours: a line with another one to its right votes for the gap
between them, and a gap with many votes is a gutter.  Lines that cross a gutter part the page into
bands; within a band the left side is read before the right one, each in the same way.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from statistics import median

from store.importers.pdf_pages import Line, Page, Span

#: A gutter has no fewer votes, and is no narrower in sizes of the font.
_VOTES = 3
_GUTTER = 0.7
#: Columns within columns; a page has a handful at most.
_DEEPEST = 12
#: A page with more lines, a map or a drawing, is read in the order of the file: what is done here
#: grows with the square of their number.  The largest newspapers have about a thousand.
_MOST_LINES = 3_000
#: Large initials of one column, at most.
_INITIALS = 12
#: Rows at the top and at the bottom of a page that may be running heads and feet.
_EDGE = 3
#: Share of the page's height, at either end, in which a lone number is its number.
_MARGIN = 0.14

_DIGITS = re.compile(r"\d+")
_NOTE_MARK = re.compile(r"(?:\[?\d{1,3}[\].)]?|[*†‡§¹²³⁴-⁹]+)\s+[^\W\d_]{2}")
_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|página|pagina|p\.?|s\.)\s*)?(?:[A-Z]\s?-?)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:of|von|de|sur|di|/)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)


def without_furniture(pages: list[Page], body: float) -> list[Page]:
    """The pages without running heads, feet and page numbers.

    A line near an edge is furniture when a line like it, digits aside, stands at the same height
    and in the same size on other pages, when it is a lone number in the margin, or when the
    outermost row is in smaller type than the body (`body` points) and stands apart.
    """
    seen: Counter[tuple[str, str, float]] = Counter()
    edges: list[list[tuple[Line, tuple[str, str, float]]]] = []
    for page in pages:
        near = [(line, _key(line, side, page)) for side, line in _edge_lines(page)]
        # A page counts once, whatever stands near the same place of it.
        seen.update(
            {(side, text, at + step) for _, (side, text, at) in near for step in (-1, 0, 1)}
        )
        edges.append(near)
    needed = 2 if len(pages) <= 6 else 3  # the head of a chapter stands on its pages only
    kept: list[Page] = []
    for page, near in zip(pages, edges, strict=True):
        drop = {id(line) for line, key in near if seen[key] >= needed}
        drop |= {id(line) for line, _ in near if _is_page_number(line, page)}
        drop |= {id(line) for line in _small_edges(page, body)}
        kept.append(page._replace(lines=[line for line in page.lines if id(line) not in drop]))
    return kept


def _edge_lines(page: Page) -> Iterable[tuple[str, Line]]:
    """The lines of the first and last rows of a page, with the side they stand at."""
    if len(page.lines) > _MOST_LINES:
        return
    for side, lines in (
        ("top", sorted(page.lines, key=lambda line: line.top)),
        ("foot", sorted(page.lines, key=lambda line: -line.bottom)),
    ):
        rows = 0
        place = None
        for line in lines:
            here = line.top if side == "top" else line.bottom
            if place is None or abs(here - place) > 0.5 * line.size:
                rows += 1
                place = here
                if rows > _EDGE:
                    break
            yield side, line


def _key(line: Line, side: str, page: Page) -> tuple[str, str, float]:
    place = line.top if side == "top" else page.height - line.bottom
    text = " ".join(_DIGITS.sub("#", line.text.casefold()).split())
    if _NUMBER.fullmatch(line.text):
        text = "#"
    return side, f"{text} {line.size}", round(place / 3)


def _is_page_number(line: Line, page: Page) -> bool:
    """Whether a line is a number in the margin with no text near it."""
    if not _NUMBER.fullmatch(line.text) or not any(map(str.isdigit, line.text)):
        return False
    at_top = line.bottom < _MARGIN * page.height
    if not at_top and line.top < (1 - _MARGIN) * page.height:
        return False
    others = [other for other in page.lines if other is not line]
    if at_top:
        gap = min((other.top for other in others if other.top > line.top + 1), default=0)
        return gap - line.bottom > 0.8 * line.size
    gap = max((other.bottom for other in others if other.bottom < line.bottom - 1), default=0)
    return line.top - gap > 0.8 * line.size


def _small_edges(page: Page, body: float) -> list[Line]:
    """The outermost row at the top and at the foot, when it is small and stands apart."""
    found: list[Line] = []
    for sign in (1, -1):
        lines = sorted(page.lines, key=lambda line: sign * line.top)
        if not lines:
            continue
        edge = lines[0]
        row = [line for line in lines if abs(line.top - edge.top) < 0.5 * edge.size]
        rest = [line for line in lines if abs(line.top - edge.top) >= 0.5 * edge.size]
        outside = (
            edge.bottom < _MARGIN * page.height
            if sign > 0
            else edge.top > (1 - _MARGIN) * page.height
        )
        if not rest or not outside or any(line.size > 0.95 * body for line in row):
            continue
        gap = (
            min(line.top for line in rest) - edge.bottom
            if sign > 0
            else edge.top - max(line.bottom for line in rest)
        )
        if gap > 0.9 * body and sum(len(line.text) for line in row) < 120:
            if sign < 0 and _NOTE_MARK.match(row[0].text) and len(row) == 1:
                continue
            found += row
    return found


def columns_of(page: Page) -> list[list[Line]]:
    """The lines of a page by columns, in the order of reading; each column from top to bottom."""
    if len(page.lines) > _MOST_LINES:
        return [list(page.lines)]
    return [column for part in _cut(page.lines, 0) if (column := _column(part))]


def _cut(lines: list[Line], depth: int) -> list[list[Line]]:
    gutter = _gutter(lines) if depth < _DEEPEST else None
    if gutter is None:
        return [lines]
    parts: list[list[Line]] = []
    left: list[Line] = []
    right: list[Line] = []
    across: list[Line] = []

    def end_band() -> None:
        for side in (left, right):
            if side:
                parts.extend(_cut(list(side), depth + 1))
                side.clear()

    def end_across() -> None:
        if across:
            parts.extend(_cut(list(across), depth + 1))
            across.clear()

    for line in sorted(lines, key=lambda line: line.top):
        if line.left < gutter < line.right:
            end_band()
            across.append(line)
        else:
            end_across()
            (left if line.right <= gutter else right).append(line)
    end_band()
    end_across()
    return parts


def _gutter(lines: list[Line]) -> float | None:
    """Where the page parts best into a left and a right side of running text, or None."""
    if len(lines) < 2 * _VOTES:
        return None
    votes: list[tuple[Line, Line]] = []
    ordered = sorted(lines, key=lambda line: line.top)
    for index, line in enumerate(ordered):
        neighbour = _right_neighbour(ordered, index)
        if neighbour is not None and neighbour.left - line.right >= _GUTTER * line.size:
            votes.append((line, neighbour))
    best: tuple[float, float] | None = None
    for members in _clusters(votes):
        if len(members) < _VOTES:
            continue
        # The widest strip that most of the voters leave free.
        edge = sorted(line.right for line, _ in members)[int(0.9 * (len(members) - 1))]
        start = min(other.left for _, other in members)
        if start - edge < 0.3 * members[0][0].size:
            edge = start - 0.3 * members[0][0].size
        place = (edge + start) / 2
        crossing = sum(line.left < place < line.right for line in lines)
        if not _is_running_text(lines, place):
            continue
        worth = len(members) - 2.0 * crossing
        if best is None or worth > best[0]:
            best = (worth, place)
    return None if best is None else best[1]


def _right_neighbour(ordered: list[Line], index: int) -> Line | None:
    """The nearest line to the right at the same height."""
    line = ordered[index]
    middle = (line.top + line.bottom) / 2
    best: Line | None = None
    for step in (1, -1):
        place = index + step
        while 0 <= place < len(ordered):
            other = ordered[place]
            if abs(other.top - line.top) > max(2 * line.size, 30):
                break
            if other.left > line.right and other.top < middle < other.bottom:
                best = other if best is None or other.left < best.left else best
            place += step
    return best


def _clusters(votes: list[tuple[Line, Line]]) -> Iterable[list[tuple[Line, Line]]]:
    """Votes whose right sides begin at the same place, but for an indent."""
    group: list[tuple[Line, Line]] = []
    for vote in sorted(votes, key=lambda vote: vote[1].left):
        if group and vote[1].left - group[0][1].left > 2.2 * vote[1].size:
            yield group
            group = []
        group.append(vote)
    if group:
        yield group


def _is_running_text(lines: list[Line], place: float) -> bool:
    """Whether both sides of a gutter are columns of text and not of a table."""
    for side in (
        [line for line in lines if line.right <= place],
        [line for line in lines if line.left >= place],
    ):
        if len(side) < _VOTES:
            return False
        words = [len(line.text.split()) for line in side]
        if median(words) < 3:
            return False
        widths = sorted(line.width for line in side)
        if median(widths) < 0.5 * widths[int(0.9 * (len(widths) - 1))]:
            return False
    return True


def _column(lines: list[Line]) -> list[Line]:
    """The lines of a column from top to bottom; pieces of one row are one line again."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.bottom, line.left)):
        if rows and _same_row(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return _with_initials(list(map(_one_line, rows)))


def _same_row(one: Line, other: Line) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    apart = other.left >= one.right - 1 or one.left >= other.right - 1
    return apart and overlap > 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def _one_line(row: list[Line]) -> Line:
    if len(row) == 1:
        return row[0]
    rightward = sum(_is_rightward(line.text) for line in row)
    row = sorted(row, key=lambda line: line.left, reverse=2 * rightward > len(row))
    text = ""
    spans: list[Span] = []
    style = ~0
    for line in row:
        text += " " if text else ""
        spans += [Span(a + len(text), b + len(text), kind) for a, b, kind in line.spans]
        text += line.text
        style &= line.style
    longest = max(row, key=lambda line: len(line.text))
    return Line(
        longest.page, min(line.left for line in row), min(line.top for line in row),
        max(line.right for line in row), max(line.bottom for line in row),
        longest.size, style, text, spans, _cells(row),
    )  # fmt: skip


def _cells(row: list[Line]) -> tuple[str, ...]:
    """The texts of a row's pieces; none when the first is but the mark of an item."""
    return () if len(row[0].text) <= 3 and len(row) == 2 else tuple(line.text for line in row)


def _is_rightward(text: str) -> bool:
    """Whether text runs from right to left."""
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text[:40])


def _with_initials(lines: list[Line], left: int = _INITIALS) -> list[Line]:
    """Large initials put before the words they begin."""
    if not lines or left == 0:
        return lines
    usual = median(line.size for line in lines)
    for line in lines:
        bare = line.text.strip()
        if len(bare) != 1 or not bare.isalpha() or line.size < 1.8 * usual:
            continue
        beside = [
            other for other in lines
            if other is not line and other.left >= line.right - 2
            and line.top - usual < other.top < line.bottom
        ]  # fmt: skip
        if not beside:
            continue
        first = min(beside, key=lambda other: other.top)
        shifted = [Span(a + 1, b + 1, style) for a, b, style in first.spans]
        whole = replace(first, text=bare + first.text, spans=[Span(0, 1, 0), *shifted])
        rest = [whole if other is first else other for other in lines if other is not line]
        for other in beside:  # they stand beside the initial, and not at an indent
            if other is not first:
                rest = [replace(o, left=line.left) if o is other else o for o in rest]
        return _with_initials(
            [replace(o, left=line.left) if o is whole else o for o in rest], left - 1
        )
    return lines
