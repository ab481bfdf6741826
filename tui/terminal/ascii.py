"""What is painted in ASCII, for terminals that know nothing else: filters over the finished lines.

`AsciiFilter` is for terminals that take no other text at all.  `SignsFilter` leaves letters and
punctuation as they are and replaces signs and lines, which many fonts lack.
"""

from __future__ import annotations

import re
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


#: Signs and lines of the app's own kind: box drawing, blocks, shapes, arrows, check marks.
_SHAPES = re.compile("[\u2190-\u21ff\u2500-\u25ff\u2600-\u2612\u2713-\u2718\u2039\u203a·•]")


class SignsFilter(LineFilter):
    """Draws signs and lines in ASCII, and leaves all text as it is."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments of a line without signs that a font may lack."""
        return [
            segment
            if segment.text.isascii() or not _SHAPES.search(segment.text)
            else Segment(
                _SHAPES.sub(lambda sign: in_ascii(sign[0]), segment.text),
                segment.style,
                segment.control,
            )
            for segment in segments
        ]


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
