"""Checksums of the side index's rows: SQLite does not notice a bit of a value turned round."""

from __future__ import annotations

from zlib import crc32

_SEPARATOR = "\x1f"


class DamagedError(Exception):
    """The file does not hold what was written to it."""


def checksum(*values: object) -> int:
    """CRC-32 of the values as text; the same as over `joined` columns of the same values."""
    return checksum_of_text(
        _SEPARATOR.join("" if value is None else str(value) for value in values)
    )


def checksum_of_text(text: object) -> int:
    """CRC-32 of a text as `joined` gives it."""
    return crc32(str(text).encode("utf-8", "surrogatepass"))


def joined(*columns: str) -> str:
    """The SQL expression for the text of columns that `checksum` is taken of."""
    return " || char(31) || ".join(f"coalesce({column}, '')" for column in columns)


def compare_sum(kept: object, text: object) -> None:
    """Raise a `DamagedError` unless `kept` is the checksum of `text`."""
    if checksum_of_text(text) != kept:
        raise DamagedError("a row does not bear its checksum")
