"""Text in ASCII, in as many cells as it had."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tui.typeset.simple import cell_len

#: What stands for signs and punctuation; letters lose their accents, all else is "?".
_SIGNS = {
    **dict.fromkeys("─━╌╍┄┅┈┉╴╶╸╺╼╾", "-"),
    **dict.fromkeys("│┃╎╏┆┇┊┋▏▕▎▍▌▐", "|"),
    **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋", "+"),
    **dict.fromkeys("▁▂▃▄▅▆▇█▔▀■▪", "#"),
    **dict.fromkeys("•·●◦‣○∙", "*"),
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("–—−‐‑‒", "-"),
    **dict.fromkeys("←‹◂", "<"),
    **dict.fromkeys("→›▸", ">"),
    "↑": "^", "↓": "v", "↵": "<", "…": ".", "×": "x", "✓": "+", "★": "*", "¶": "P", "§": "S",
    "Æ": "A", "æ": "a", "Ø": "O", "ø": "o", "Œ": "O", "œ": "o", "ß": "s", "Ł": "L", "ł": "l",
    "Đ": "D", "đ": "d", "ı": "i",
}  # fmt: skip


#: Signs and lines of the app's own kind: box drawing, blocks, shapes, arrows, check marks.
_SHAPES = re.compile("[\u2190-\u21ff\u2500-\u25ff\u2600-\u2612\u2713-\u2718\u2039\u203a·•]")


def signs_in_ascii(text: str) -> str:
    """`text` with signs and lines in ASCII, and everything else as it is."""
    if text.isascii() or not _SHAPES.search(text):
        return text
    return _SHAPES.sub(lambda sign: in_ascii(sign[0]), text)


def in_ascii(text: str) -> str:
    """`text` in as many ASCII characters as it takes cells."""
    if text.isascii():
        return text
    width = cell_len(text)
    return "".join(map(_in_ascii, text)).ljust(width)[:width]


@lru_cache(maxsize=4096)
def _in_ascii(character: str) -> str:
    if character.isascii():
        return character
    cells = cell_len(character)
    plain = unicodedata.normalize("NFKD", character)[0]
    sign = plain if plain.isascii() and plain.isprintable() else "?"
    return _SIGNS.get(character, sign) * cells
