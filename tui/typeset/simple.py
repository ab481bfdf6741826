"""Text that is as wide as it is long: most of all text, known without Rich and its tables.

What is drawn before anything is loaded is measured here; whatever is not so simple is left to
`rich.cells`, with the corrections of `widths`.
"""

from __future__ import annotations

import re

#: Characters of one cell that join no others: ASCII, Latin, Greek, Cyrillic, dashes and quotation
#: marks, lines, blocks, and the signs of this program.  No controls, no marks, no soft hyphen.
_SIMPLE = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u2010-\u2027\u2500-\u25fc\u2605\u2713]*"
)


def is_simple(text: str) -> bool:
    """Whether each character of `text` is a cell, and a grapheme cluster of its own."""
    return _SIMPLE.fullmatch(text) is not None


def cell_len(text: str) -> int:
    """Cells that `text` takes, as `rich.cells` has it."""
    if is_simple(text):
        return len(text)
    from rich.cells import cell_len as measured

    from tui.typeset.widths import spacing_marks

    spacing_marks()  # puts the table right
    return measured(text)
