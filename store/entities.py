"""Character references of HTML as the characters they stand for.

`html.unescape` refuses a number of more digits than Python reads (`sys.get_int_max_str_digits`),
and a text may hold one.  What it makes of any number that no character has is U+FFFD.
"""

from __future__ import annotations

import html
import re
from typing import Final

#: References by a number of more digits than Python reads under any limit
#: (`sys.int_info.str_digits_check_threshold`).
_ENDLESS: Final = re.compile(r"&#[0-9]{641,}+;?")


def unescape(text: str) -> str:
    """A text with its references resolved as HTML 5 has it; never raises."""
    return html.unescape(_ENDLESS.sub("\ufffd", text) if "&#" in text else text)
