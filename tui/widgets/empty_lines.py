"""What an empty library shows, in pieces: (text, component class or "").

They need neither Rich nor Textual, since the first frame is drawn before either is loaded.
"""

from __future__ import annotations

from typing import Final

from tui.typeset.simple import cell_len
from tui.widgets.bars import BarPiece
from tui.widgets.cells import clean, shorten

TITLE, KEY, DIM = "empty--title", "empty--key", "empty--dim"
_TEXT: Final = ""
#: Columns that are put in the middle of the screen, if the lines do not take less.
_BLOCK: Final = 44


def empty_lines(width: int, height: int, *, path: str, ellipsis: str) -> list[list[BarPiece]]:
    """Lines in the middle of the screen, a little above it; those after the last are blank.

    Args:
        width: Columns of the screen.
        height: Its lines.
        path: The library's file.
        ellipsis: Stands for what does not fit.
    """
    lines: list[list[BarPiece]] = [
        [("Your library is empty.", TITLE)],
        [(clean(path), DIM)],
        [],
        [("Add articles from the shell:", _TEXT)],
        [],
        [(f"  broadsheet add FILE{ellipsis}", KEY)],
        [("  broadsheet add FOLDER", KEY)],
        [(f"  {ellipsis} | broadsheet add -", KEY)],
        [],
        [("o", KEY), ("  look around in the sample library", DIM)],
    ]
    block = max(len("".join(text for text, _ in line)) for line in lines if line)
    indent = max(1, (width - min(block, _BLOCK)) // 2)
    above: list[list[BarPiece]] = [[]] * max(0, (height - len(lines)) * 2 // 5)
    shown = [_cut([(" " * indent, _TEXT), *line], width, ellipsis) for line in lines]
    return [*above, *shown][:height]


def _cut(line: list[BarPiece], width: int, ellipsis: str) -> list[BarPiece]:
    pieces: list[BarPiece] = []
    for text, name in line:
        pieces.append((shorten(text, width, ellipsis), name))
        width -= cell_len(pieces[-1][0])
    return pieces
