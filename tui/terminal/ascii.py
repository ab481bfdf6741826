"""What is painted in ASCII, for terminals that know nothing else: filters over the finished lines.

`AsciiFilter` is for terminals that take no other text at all.  `SignsFilter` leaves letters and
punctuation as they are and replaces signs and lines, which many fonts lack.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui.terminal.asciitext import in_ascii as in_ascii
from tui.terminal.asciitext import signs_in_ascii


class SignsFilter(LineFilter):
    """Draws signs and lines in ASCII, and leaves all text as it is."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments of a line without signs that a font may lack."""
        return [
            segment
            if segment.text.isascii()
            else Segment(signs_in_ascii(segment.text), segment.style, segment.control)
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
