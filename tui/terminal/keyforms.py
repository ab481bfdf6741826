"""Which control sequences are keys, in the forms that Textual's parser understands.

Textual types what it does not know, and fails at some forms of kitty's keyboard protocol that it
does not ask for, but that a program which was killed may have left on: events, alternate keys, and
numbers that are no characters (https://sw.kovidgoyal.net/kitty/keyboard-protocol/).
"""

from __future__ import annotations

import re
from typing import Final

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS

#: The terminal's answer to whether it knows synchronised output, the only question it is asked.
MODE_REPORT: Final = re.compile(r"\x1b\[\?2026;\d\$y")

#: A mouse report in the form that is asked for (SGR, mode 1006); some terminals count below zero.
_MOUSE: Final = re.compile(r"\x1b\[<\d{1,4};-?\d{1,5};-?\d{1,5}[mM]")

#: What Textual looks for the forms of kitty's keyboard protocol in: number, modifiers, text.
_EXTENDED: Final = re.compile(r"\x1b\[([\d:;]*)([u~ABCDEFHPQRS])")

#: Where the cursor stands, which nobody asks; F3 with modifiers is sent in the same way by some.
_CURSOR: Final = re.compile(r"\x1b\[\d+;\d+R")

#: Digits of a character's number, and one more than the highest sum of modifiers.
_DIGITS: Final = 7
_MODIFIERS: Final = 256

#: Characters that one key may stand for.
_MOST_TEXT: Final = 32

#: Characters of kitty's own, which stand for keys; those that are not known here are none.
_PRIVATE: Final = range(57344, 63744)

_RELEASED: Final = "3"


def rxvt_ends(sequence: str) -> bool:
    """Whether a sequence ends with the sign that only rxvt ends one with."""
    return sequence.endswith("$") and sequence in ANSI_SEQUENCES_KEYS


def key_form(sequence: str) -> str:
    """A sequence that begins with an Escape, as Textual understands it; "" if it is no key."""
    if MODE_REPORT.fullmatch(sequence) or _MOUSE.fullmatch(sequence):
        return sequence
    if _CURSOR.fullmatch(sequence):
        return ""
    if match := _EXTENDED.fullmatch(sequence):
        return _extended(*match.groups())
    if sequence in ANSI_SEQUENCES_KEYS or (len(sequence) == 3 and sequence.startswith("\x1bO")):
        return sequence
    return ""


def _extended(body: str, end: str) -> str:
    """A key of number, modifiers and text; "" where Textual would find another in it, or fail."""
    fields = [field.split(":") for field in body.split(";")]
    if len(fields) > 3 or any(len(part) > _DIGITS for field in fields for part in field):
        return ""
    number, modifiers, text = [*fields, [""], [""]][:3]
    if modifiers[1:2] == [_RELEASED] or int(modifiers[0] or "1") > _MODIFIERS:
        return ""
    shift = modifiers[0] if int(modifiers[0] or "1") > 1 else ""
    code = number[0]
    if end == "~" and code == "27":  # xterm's modifyOtherKeys: the character stands last
        code, end = text[0], "u"
        text = [code] if shift in ("", "2") and _is_text(code) else [""]
    letters = text if any(text) else []
    if len(letters) > _MOST_TEXT or not all(map(_is_text, letters)):
        return ""
    known = f"{code or 1}{end}" in FUNCTIONAL_KEYS
    if not known and (end != "u" or not (_is_text(code) or (letters and code == "0"))):
        return ""
    if letters:
        return f"\x1b[{code};{shift};{':'.join(letters)}{end}"
    return f"\x1b[{code};{shift}{end}" if shift else f"\x1b[{code}{end}"


def _is_text(number: str) -> bool:
    """Whether a number is that of a character which can be typed."""
    code = int(number or "0")
    if not 0x20 <= code <= 0x10FFFF or 0x7F <= code < 0xA0 or code in _PRIVATE:
        return False
    return not 0xD800 <= code < 0xE000
