"""What a program tells a terminal beside text, taken apart by the book and held against a list.

The parser is of ECMA-48 (5th edition, 5.3 to 5.6 and 8.2) and strict: what it cannot take for one
whole sequence is refused, be it harmless or not.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import urlsplit

#: Modes that our driver sets and takes back: wrapping, cursor, mouse, focus, paste, sizes, screen.
MODES: Final = frozenset({"7", "25", "1000", "1002", "1003", "1004", "1006", "1015", "1049", "2004",
                          "2026", "2048"})  # fmt: skip

_ST = r"(?:\x1b\\|\x07)"
_TOKEN: Final = re.compile(
    rf"""\x1b\[(?P<csi>[0-?]*[ -/]*[@-~])
      | \x1b\](?P<osc>[^\x00-\x06\x08-\x1f\x7f-\x9f]*?){_ST}
      | \x1bP(?P<dcs>[\x08-\x0d\x20-\x7e\x1b]*?)(?<!\x1b)\x1b\\
      | \x1b(?P<escape>[^\[\]PX^_])
      | (?P<text>[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+)
      | (?P<control>[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff])""",
    re.X | re.S,
)

_SGR = r"(?:\d{1,3}(?:[;:]\d{0,3}){0,20})?m"
_MOVES = r"\d{0,3}(?:;\d{0,3})?[HG]|\d{0,3}[ABCDJKXd]|\d{0,3}[LM]|(?:\d{0,3};\d{1,3})?r"
#: Without a bracket: save the cursor with its pen, take both back, one line up.
_ESCAPES: Final = frozenset("78M")
_MODE = rf"\?(?:{'|'.join(sorted(MODES))})[hl]"
#: Questions at the start: mode 2026, the place of the cursor; keys as kitty reports them.
_ASKED = r"\?2026\$p|\?2048\$p|6n|>\d{0,2}u|<\d?u|\?u"

#: What the app may send: nothing that writes a title, asks for a report or sets another mode.
OF_APP: Final = re.compile(rf"{_SGR}|{_MOVES}|{_MODE}|{_ASKED}")
#: The shape of the mouse's pointer, which Textual sets.
_POINTER: Final = re.compile(r"22;[a-z-]+")
#: What the other commands may: styles, and one line that is drawn anew.
OF_COMMANDS: Final = re.compile(rf"{_SGR}|K")


class Told(NamedTuple):
    """What is in an output.

    Attributes:
        refused: Sequences and controls that are not on the list, as they came.
        links: Where links lead (OSC 8).
        copied: What was put on the clipboard (OSC 52).
        text: All the rest.
    """

    refused: list[str]
    links: list[str]
    copied: list[str]
    text: str


def told(output: bytes, allowed: re.Pattern[str], controls: str = "\r\n\b") -> Told:
    """Take an output apart.

    Args:
        output: All of it, UTF-8.
        allowed: CSI sequences that are no surprise, without their beginning.
        controls: Single controls that are none.
    """
    refused: list[str] = []
    links: list[str] = []
    copied: list[str] = []
    text: list[str] = []
    for match in _tokens(output.decode("utf-8", "surrogateescape")):
        kind, said = match.lastgroup, match[match.lastgroup or 0]
        if kind == "text":
            text.append(said)
        elif kind == "csi":
            if not allowed.fullmatch(said):
                refused.append(match[0])
        elif kind == "osc":
            if said.startswith("8;"):
                _, _, url = said[2:].partition(";")
                links += [url] if url else []
                if not _leads_out(url):
                    refused.append(match[0])
            elif _POINTER.fullmatch(said):
                continue
            elif said.startswith("52;c;"):
                copied.append(base64.b64decode(said[5:], validate=True).decode("utf-8"))
            else:
                refused.append(match[0])
        elif kind == "escape" and said in _ESCAPES and allowed is OF_APP:
            continue
        elif kind != "control" or said not in controls:
            refused.append(match[0])
    return Told(refused, links, copied, "".join(text))


def _tokens(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None, repr(text[at : at + 40])
        yield match
        at = match.end()


def _leads_out(url: str) -> bool:
    """Whether a link may be clicked: nothing, or an address of the web or of mail."""
    return not url or (
        urlsplit(url).scheme in ("http", "https", "mailto") and url.isascii() and " " not in url
    )
