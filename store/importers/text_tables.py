"""Tables in plain text: columns parted by tabs, by bars or by runs of spaces."""

from __future__ import annotations

import re
from collections import Counter

# Blanks are read once, from the first of a run: lines of megabytes may have no others.
_GAP = re.compile(r"(?<=[^\s.!?:”\"]) {2,}+(?=\S)|(?<! ) {3,}+(?=\S)|\t+")
_NUMBER_AT_END = re.compile(r"(?<! ) {2,}+[-+$€£]?[\d.,]+%?$")
_DELIMITER = re.compile(r"\s*+(?:\|\s*+)?:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)*+(?:\|\s*+)?")
_BOX = re.compile(r"\s*[+|┌┬┐├┼┤└┴┘│─╔╦╗╠╬╣╚╩╝║═=-][+|┌┬┐├┼┤└┴┘│─╔╦╗╠╬╣╚╩╝║═=\s-]{3,}")
#: A table that is wider is shown as it stands.
_MOST_COLUMNS = 10
#: Characters of a table, blanks at the ends of its lines included; a larger one likewise.
_LARGEST = 4_000_000


def is_pipe_table(lines: list[str]) -> bool:
    """A table that is Markdown already: a header, a line of dashes, rows."""
    return (
        len(lines) >= 2
        and "|" in lines[0]
        and "|" in lines[1]
        and bool(_DELIMITER.fullmatch(lines[1]))
    )


def is_aligned(lines: list[str]) -> bool:
    """Whether the lines have columns: gaps that end at the same place in most of them."""
    if len(lines) >= 2 and any(_BOX.fullmatch(line) for line in lines):
        drawn = sum("|" in line or "│" in line or "║" in line for line in lines)
        return 2 * drawn >= len(lines)
    if len(lines) >= 2 and all("\t" in line.strip() for line in lines):
        return True
    if len(lines) < 3:
        return False
    starts = [{gap.end() for gap in _GAP.finditer(line.lstrip())} for line in lines]
    if sum(map(bool, starts)) < 0.8 * len(lines):
        return False
    near: Counter[int] = Counter()  # rows in which a gap ends at a place or beside it
    for row in starts:
        near.update({start + step for start in row for step in (-1, 0, 1)})
    columns = set().union(*starts)
    enough = 0.6 * len(lines)
    return any(near[column] >= enough for column in columns) or _right_aligned(lines)


def to_table(lines: list[str]) -> list[str]:
    """The lines of a Markdown table; [] when the columns are not clear."""
    rows = _by_tabs(lines) if "\t" in lines[0].strip() else _by_spaces(lines)
    if not rows or not 2 <= len(rows[0]) <= _MOST_COLUMNS or not all(rows[0]):
        return []
    if any(len(row) != len(rows[0]) or not row[0] for row in rows):
        return []
    cells = [[_cell(cell) for cell in row] for row in rows]
    made = [f"| {' | '.join(row)} |" for row in cells]
    right = [
        len(rows) > 1
        and all(re.fullmatch(r"[-+$€£]?[\d.,]+ ?%?|", row[column]) for row in rows[1:])
        for column in range(len(rows[0]))
    ]
    made.insert(1, f"|{'|'.join(' ---: ' if number else ' --- ' for number in right)}|")
    return made


def _by_tabs(lines: list[str]) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("\t").split("\t")] for line in lines]


def _by_spaces(lines: list[str]) -> list[list[str]]:
    """Cut where two or more columns of characters are blank in all lines."""
    if any(_BOX.fullmatch(line) for line in lines):
        return []
    width = max(map(len, lines))
    if width * len(lines) > _LARGEST:
        return []
    padded = [line.ljust(width) for line in lines]
    blank = [all(line[k] == " " for line in padded) for k in range(width)]
    cuts: list[tuple[int, int]] = []
    start = 0
    k = 0
    while k < width:
        run = k
        while run < width and blank[run]:
            run += 1
        if run - k >= 2:
            if k > start:
                cuts.append((start, k))
            start = run
        k = max(run, k + 1)
    cuts.append((start, width))
    return [[line[a:b].strip() for a, b in cuts] for line in padded]


def _right_aligned(lines: list[str]) -> bool:
    """Numbers in the last column end at the same place."""
    ends = [len(line) for line in lines if _NUMBER_AT_END.search(line)]
    return len(ends) >= 0.7 * len(lines) and max(ends) - min(ends) <= 1


def _cell(text: str) -> str:
    from store.importers.text_markup import to_markdown

    return to_markdown(text).replace("|", "\\|")
