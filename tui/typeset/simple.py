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

#: Tag characters: nobody sees them, and they can say anything.  They belong into the flags of
#: regions alone (Unicode UTS #51, ED-14a), as `store.sanitize` has them.
TAGS = "\U000e0000-\U000e007f"
_TAG = re.compile(f"[{TAGS}]")
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
_FLAG_OR_TAG = re.compile(f"({_FLAG})|[{TAGS}]")


def tags_in_flags(text: str, instead: str) -> str:
    """`text` with `instead` in the place of each tag character that is in no flag."""
    if _TAG.search(text) is None:
        return text
    return _FLAG_OR_TAG.sub(lambda match: match[1] or instead, text)


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
