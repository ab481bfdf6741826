"""Bytes of unknown encoding to text.

The order of trust: a byte order mark, valid UTF-8, UTF-16 by its NUL bytes, the encoding that the
document declares, detection by the letters that come out, Windows-1252.  Decoding never fails:
what cannot be read becomes U+FFFD.
"""

from __future__ import annotations

import codecs
import re

from store.encoding_detection import detect_legacy_encoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins alike
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What is called so in the wild is nearly always the larger set (WHATWG Encoding Standard, 4.2).
_LARGER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "iso8859-9": "cp1254",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
    "iso8859-11": "cp874", "tis-620": "cp874",
}  # fmt: skip
#: Bytes looked at to detect an encoding.
_SAMPLE = 64 * 1024
_HIGH = re.compile(rb"[\x80-\xff]")


def decode(data: bytes, declared: str = "") -> str:
    """The text of `data`, without a byte order mark; never fails.

    Args:
        data: A whole document.
        declared: The encoding the document or its server names, if any; believed only when the
            data is valid in it and not valid UTF-8.
    """
    return decode_as(data, detect_encoding(data, declared))


def decode_as(data: bytes, encoding: str) -> str:
    """The text of `data` in `encoding`, with U+FFFD for what is not valid in it."""
    if encoding == "cp1252":  # five bytes have no meaning; they are no reason to lose anything
        return data.decode("cp1252", "replace")
    return data.decode(encoding, "replace").removeprefix("\ufeff")


def detect_encoding(data: bytes, declared: str = "") -> str:
    """Name of the Python codec that reads `data` best."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    if _is_valid(data, "utf-8"):
        wide = _utf16_without_mark(data)
        return wide or "utf-8"
    wide = _utf16_without_mark(data)
    if wide:
        return wide
    name = _codec(declared)
    if name and name != "utf-8" and _is_valid(data, name):
        return name
    if _nearly_utf8(data):
        return "utf-8"
    return _detect(data) or "cp1252"


def _codec(name: str) -> str:
    """The codec a declared name stands for; "" when unknown or not a text encoding."""
    try:
        info = codecs.lookup(name.strip()) if name.strip() else None
    except (LookupError, ValueError):
        return ""
    if info is None or not getattr(info, "_is_text_encoding", True):
        return ""
    # A page whose declaration could be read as ASCII cannot be in UTF-16 (WHATWG HTML, 13.2.3.2).
    return (
        ""
        if info.name.startswith(("utf-16", "utf-32", "utf-7"))
        else _LARGER.get(info.name, info.name)
    )


def _is_valid(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def _utf16_without_mark(data: bytes) -> str:
    """UTF-16 of mostly Latin text has a NUL in every second byte."""
    sample = data[: 4096 & ~1]
    if len(sample) < 4 or 0 not in sample:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def _nearly_utf8(data: bytes) -> bool:
    """UTF-8 with a few broken bytes, such as a file cut in the middle of a character."""
    high = len(_HIGH.findall(data))
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = sum(1 for _ in re.finditer(r"[^\x00-\x7f\ufffd]", text))
    return high > 0 and good >= 4 * broken


def _detect(data: bytes) -> str:
    sample = data
    if len(data) > _SAMPLE:  # cut at a line end, or a character may be cut in two
        end = data.rfind(b"\n", 0, _SAMPLE)
        sample = data[: end if end > 0 else _SAMPLE]
    if not _HIGH.search(sample):  # plain for long: look where the other bytes are
        first = _HIGH.search(data)
        start = data.rfind(b"\n", 0, first.start()) + 1 if first else 0
        sample = data[start : start + _SAMPLE]
    return detect_legacy_encoding(sample)
