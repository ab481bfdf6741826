"""The log of unexpected errors: one file, for its owner only, kept small.

It holds tracebacks and what the program ran on; no article text, no local variables, and of
addresses neither names, passwords nor what follows a question mark.

What an exception says may be made of anything it was given, so only those of its words are kept
that stand in the code it came through, or in the messages of Python itself; all else is `…`.
"""

from __future__ import annotations

import builtins
import os
import platform
import re
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType

#: Bytes after which the log starts anew; the last one is kept beside it as `log.1`.
LIMIT = 512 * 1024

# Characters of what an exception says, and of what we say about it, that are looked at or kept.
_LONGEST = 1000

# Digits of a number that is kept: a position, a size, no secret.
_DIGITS = 6

# Exceptions told of one that was raised after others, and depth of groups in groups.
_MOST_CAUSES = 20
_DEEPEST = 5

# All regular expressions here take time in proportion to the text: each character has one way to
# be matched.
_WORD = re.compile(r"\w+")

# The beginning of an address, also as JSON and as another address write it.
_KIND = re.compile(r"[\W_]*[a-z][a-z0-9+.-]*(?::(?://|\\/\\/)|%3a%2f%2f)", re.I)
_AT = re.compile(r"@|%(?:25)*40", re.I)
# What begins a query, a fragment or a value, also percent-encoded or as JSON escapes them.
_MARK = re.compile(r"[?#=]|%(?:25)*(?:3f|23|3d)|\\u00(?:3f|23|3d)", re.I)

# What shows that a word of an exception's message may be an address, or a part of one.
_OF_ADDRESSES = re.compile(r"[@?#=&%\\]|//")

#: Words of messages that Python, and the libraries in C below it, write.
_MESSAGES = frozenset(dir(builtins)).union(
    _WORD.findall("""
    a abstract accessed an and any are arg argument arguments array ascii assignment associated
    at attempt attribute base be because been before bool buffer byte bytes call callable can
    cannot changed character characters circular closed code codec column comparison concatenate
    conversion convert could database dead decode deep depth descriptor dict dictionary
    directory disk division does due during element elements empty encode encoding end Errno
    error event exceeded exceeds existing expected expression failed file float for found from
    full function generator get got has hash hashable have identifier import in index
    initialized input instance int integer invalid is isn item items iterable iteration iterator
    key keyword large latin length likely limit line list literal local locked long loop
    malformed mapping maximum may memory method missing module more most must name named near
    nested no non not number object of on open operand operation option or ordinal out overflow
    partially pop position positional range read readonly real recursion reference required
    result returned sequence set should size slice start started stopped str string
    subscriptable such support supported surrogates syntax t table take takes than that the this
    thread to too truncated truth tuple type types unexpected unhashable unpack unsupported use
    utf value values variable was weak were when where while with within write wrong zero
    """)
)


def write(path: Path, error: BaseException | None, about: str = "") -> bool:
    """Append what happened; whether that worked (a log must never add an error).

    Args:
        path: The log.
        error: Its traceback is kept, and of what it says what is the program's own.
        about: What we say of it: whole, but for the secrets in addresses.
    """
    from store import __version__, create_directories

    head = (
        f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} broadsheet {__version__}, "
        f"Python {platform.python_version()}, {sys.platform}, "
        f"TERM={os.environ.get('TERM', '')!r}\n"
    )
    told = "".join(_told(error)) if error is not None else ""
    if about:
        told += f"{_without_secrets(about)}\n"
    text = f"{head}{told}\n"
    try:
        create_directories(path.parent)
        if path.exists() and path.stat().st_size > LIMIT:
            path.replace(path.with_suffix(".1"))
        # A named pipe must not make us wait for its other end.
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
        descriptor = os.open(path, flags, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except OSError:
        return False
    return True


# ------------------------------------------------------------------------------ exceptions


def _told(error: BaseException, depth: int = 0) -> Iterator[str]:
    """An exception and those before it, as Python tells them."""
    chain: list[tuple[BaseException, str]] = []
    each: BaseException | None = error
    joint = ""
    while each is not None and len(chain) < _MOST_CAUSES:
        chain.append((each, joint))
        joint = "The above exception was the direct cause of the following one:"
        after, each = each, each.__cause__
        if each is None and not after.__suppress_context__:
            joint = "During handling of the above exception, another one occurred:"
            each = after.__context__
    known = _MESSAGES.union(*(_words(each) for each, _ in chain))
    for each, joint in reversed(chain):
        if each.__traceback__ is not None:
            yield "Traceback (most recent call last):\n"
            yield from traceback.format_tb(each.__traceback__)
        yield f"{_type(each)}: {_said(each, known)}".rstrip(": ") + "\n"
        if isinstance(each, BaseExceptionGroup) and depth < _DEEPEST:
            for one in each.exceptions[:_MOST_CAUSES]:
                yield "\nOne of the group:\n"
                yield from _told(one, depth + 1)
        if joint:
            yield f"\n{joint}\n\n"


def _type(error: BaseException) -> str:
    kind = type(error)
    known = kind.__module__ in ("builtins", "__main__")
    return kind.__qualname__ if known else f"{kind.__module__}.{kind.__qualname__}"


def _words(error: BaseException) -> set[str]:
    """All words in the code that an exception came through: names, and what stands in quotes."""
    found: set[str] = set()
    for frame, _ in traceback.walk_tb(error.__traceback__):
        code: CodeType = frame.f_code
        names = (*code.co_names, *code.co_varnames, *code.co_freevars, *code.co_cellvars)
        for text in (*names, *code.co_consts):
            if isinstance(text, str):
                found.update(_WORD.findall(text))
    return found


def _said(error: BaseException, known: frozenset[str]) -> str:
    """What an exception says, as far as it is the program's own words."""
    try:
        if isinstance(error, OSError) and type(error).__module__ == "builtins" and error.errno:
            return f"[Errno {error.errno}] {os.strerror(error.errno)}"
        message = str(error)
    except Exception:  # it is a stranger's code, or number
        return "…"
    said: list[str] = []
    for word in _beginning(message):
        if _OF_ADDRESSES.search(word):
            word = ""
        for part in _WORD.findall(word) or ("",):
            if part in known or (part.isdecimal() and len(part) <= _DIGITS):
                said.append(part)
            elif said[-1:] != ["…"]:
                said.append("…")
    return " ".join(said)


def _beginning(text: str) -> list[str]:
    """The first words of a text; what a cut went through is no word."""
    words = text[:_LONGEST].split()
    return words if len(text) <= _LONGEST else [*words[:-1], "…"]


# ------------------------------------------------------------------------------ addresses


def _without_secrets(text: str) -> str:
    """What we say, printable, and without what only the person may know of an address.

    A password may hold what ends an address, quotes, and what should be encoded: where it cannot be
    told what belongs to it, all of it goes.
    """
    text = " ".join(map(_without_secret, _beginning(text)))
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


def _without_secret(word: str) -> str:
    found = _KIND.match(word)
    kind = found[0] if found else ""
    rest = word[len(kind) :]
    mark = _MARK.search(rest)
    ats = list(_AT.finditer(rest))
    if mark and ats and ats[-1].start() > mark.start():
        return f"{kind}…"  # an @ of the query, or a password with a question mark
    end = mark.start() if mark else len(rest)
    begin = ats[-1].end() if ats else 0
    host = re.split(r"[/\\]", rest[begin:end], maxsplit=1)[0]
    port = host.rpartition("]")[2].partition(":")[2]
    if kind and port and not port.isdecimal():
        return f"{kind}…"  # the first half of a password with a space
    name = "" if kind or not ats else f"…{ats[-1][0]}"
    return f"{kind}{name}{rest[begin:end]}{mark[0] + '…' if mark else ''}"
