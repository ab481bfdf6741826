"""JSON as the library's files hold it: orjson's speed, the json module's reach.

TinyDB writes with the standard json module, which knows values that orjson does not: NaN and
infinities, integers beyond 64 bits, lone surrogates.  orjson refuses some of them and silently
changes others (a wide integer becomes a float, NaN becomes null).  `loads` and `dumps` agree
with the json module on every value and use orjson wherever it gives the same answer.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import cache
from math import isfinite
from typing import Any, Final, NamedTuple

_LARGEST_EXACT = 2.0**63  # orjson reads an integer of this size or more as a float

#: The digits that such an integer has at least, and a table that makes zeros of all digits.
_WIDE: Final = b"0" * len(str(2**63))
_ZEROS: Final = bytes(ord("0") if chr(byte).isdecimal() else 0 for byte in range(256))
#: Bytes looked through at a time, so that a large file needs no copy of its size.
_PART: Final = 1 << 18


class _Fast(NamedTuple):
    loads: Callable[[bytes], Any]
    dumps: Callable[..., bytes]
    options: int


@cache
def _orjson() -> _Fast:
    """orjson, imported at first use: a list page can be shown without it."""
    import orjson

    # Without these, datetimes and dataclasses would be written as text and never read back as
    # what they were; the json module refuses them, and so does stock TinyDB.
    options = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
    return _Fast(orjson.loads, orjson.dumps, options)


def loads(raw: bytes) -> Any:
    """Parse one JSON value.

    Args:
        raw: UTF-8 text of exactly one value; white space around it is allowed.

    Returns:
        What `json.loads` returns for it, NaN, wide integers and lone surrogates included.

    Raises:
        ValueError: It is not JSON, not UTF-8, nested too deeply to be read, or has an integer in it
            of more digits than Python reads.
    """
    try:
        value = _orjson().loads(raw)
    except ValueError:
        return _slow_loads(raw)
    if _has_wide(raw) and _has_float(value, _may_have_been_an_integer):
        return _slow_loads(raw)
    return value


def dumps(document: Any) -> bytes:
    """Write one JSON value on one line, as UTF-8, with no more escapes than JSON needs.

    Args:
        document: Anything `json.dumps` takes.

    Returns:
        Text that `loads` (and `json.loads`) reads back as the same value.

    Raises:
        TypeError: It holds something JSON has no form for.
        ValueError: It contains itself, or is nested too deeply to be written.
    """
    fast = _orjson()
    try:
        raw = fast.dumps(document, option=fast.options)
    except TypeError:
        return _slow_dumps(document)
    # orjson writes NaN and the infinities as null.
    if b"null" in raw and _has_float(document, _is_not_finite):
        return _slow_dumps(document)
    return raw


def _slow_loads(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8"))  # from bytes it would try UTF-16 as well
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise
    except ValueError:  # Python's own words speak to a programmer
        most = f"{sys.get_int_max_str_digits():,}"
        raise ValueError(f"a number in it has more than {most} digits") from None


def _slow_dumps(document: Any) -> bytes:
    # ASCII escapes: a lone surrogate has no UTF-8 form.
    try:
        return json.dumps(document, separators=(",", ":")).encode("ascii")
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _has_wide(raw: bytes) -> bool:
    """Whether so many digits stand in a row anywhere as an integer needs that is no exact float.

    Of a hundred thousand marks this takes 12 ms, and looking at each value 180.
    """
    return any(
        _WIDE in raw[start : start + _PART + len(_WIDE)].translate(_ZEROS)
        for start in range(0, len(raw), _PART)
    )


def _may_have_been_an_integer(number: float) -> bool:
    return abs(number) >= _LARGEST_EXACT


def _is_not_finite(number: float) -> bool:
    return not isfinite(number)


def _has_float(value: Any, test: Callable[[float], bool]) -> bool:
    """Whether `value` is, or holds at any depth, a float that passes `test`."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, float):
            if test(item):
                return True
        elif isinstance(item, dict):
            pending.extend(item.values())
        elif isinstance(item, (list, tuple)):
            pending.extend(item)
    return False
