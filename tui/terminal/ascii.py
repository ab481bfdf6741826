"""Everything in ASCII, for terminals that know nothing else: a filter over what is painted."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

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


class AsciiFilter(LineFilter):
    """Draws every character as ASCII, in as many cells as it had."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments of a line in ASCII."""
        return [
            segment
            if segment.text.isascii()
            else Segment(in_ascii(segment.text), segment.style, segment.control)
            for segment in segments
        ]


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
