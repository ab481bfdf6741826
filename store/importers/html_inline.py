"""Runs of text and marks to inline Markdown that reads back as the same text.

HTML may put emphasis anywhere: around spaces, around a comma, twice, around nothing.  CommonMark
reads a `*` as emphasis only beside certain characters (CommonMark 0.31, 6.2), so spaces and
punctuation are moved out of the emphasis where they must be, and a mark that could not be read as
one is left out.  All other characters that Markdown would read as markup are escaped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum, auto
from typing import NamedTuple

from store.importers.text_markup import escape_line_start


class Kind(Enum):
    """What a run is."""

    TEXT = auto()  # as a person would read it; gets escaped
    RAW = auto()  # Markdown that stands as it is: a link, an image, code
    OPEN = auto()  # a mark of emphasis that begins
    CLOSE = auto()
    BREAK = auto()  # a line end that was asked for


class Run(NamedTuple):
    """A piece of a paragraph; `text` is the mark for `OPEN` and `CLOSE`."""

    kind: Kind
    text: str = ""


_SPACE = re.compile(r"[ \t\n\r\f\v]+")
_SPECIAL = re.compile(r"[\\`*_\[\]<&~|]")
_CARE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)"
    r"|`|\*(?!(?<=\s\*)\s)|_(?!(?<=\s_)\s|(?<=[^\W_]_)[^\W_])"
    r"|<(?=[A-Za-z/!?]|$)|&(?=#?\w{1,32};)|~(?=~|$)|(?<=~)~|^~"
    # Harmless are brackets around words that nothing follows which makes them a link.
    r"|\[(?!(?<!\^\[)(?<!!\[)[^\W\d_][\w ,.…?-]*\](?!$|[(\[:]))"
)
_TRAILING_HASHES = re.compile(r"(?<=\s)#+$|^#+$")
_LINE_END = "\\\n"


def render(runs: Iterable[Run], *, one_line: bool = False) -> str:
    """Inline Markdown for one paragraph; lines are parted by hard breaks.

    Args:
        runs: Pieces in order, properly nested.
        one_line: Whether line ends become spaces, for headings and cells of tables.
    """
    items = _settle(runs, one_line=one_line)
    if any(item.kind is Kind.OPEN for item in items):
        items = _fit_marks(items)
    text = _join(items)
    if one_line:
        return text
    return "\n".join(escape_line_start(line) for line in text.split("\n"))


def render_heading(runs: Iterable[Run]) -> str:
    """As `render` on one line, with closing `#` kept as text."""
    text = render(runs, one_line=True)
    return _TRAILING_HASHES.sub(lambda match: "\\" + match[0], text)


def escape(text: str) -> str:
    """Escape what Markdown would read as markup within a line."""
    return _CARE.sub(lambda match: "\\" + match[0], text) if _SPECIAL.search(text) else text


def split_paragraphs(runs: Iterable[Run]) -> list[list[Run]]:
    """Part a run of text at two or more line ends in a row, the paragraphs of old pages."""
    paragraphs: list[list[Run]] = [[]]
    open_marks: list[Run] = []
    breaks: list[Run] = []
    for run in runs:
        if run.kind is Kind.BREAK:
            breaks.append(run)
            continue
        if breaks and run.kind is Kind.TEXT and not run.text.strip():
            continue
        if len(breaks) > 1:
            paragraphs[-1] += [Run(Kind.CLOSE, mark.text) for mark in reversed(open_marks)]
            paragraphs.append(list(open_marks))
        else:
            paragraphs[-1] += breaks
        breaks = []
        if run.kind is Kind.OPEN:
            open_marks.append(run)
        elif run.kind is Kind.CLOSE:
            open_marks.pop()
        paragraphs[-1].append(run)
    return paragraphs


def _settle(runs: Iterable[Run], *, one_line: bool) -> list[Run]:
    """Collapse spaces as a browser does; no mark has a space or a line end on its inner side."""
    out: list[Run] = []
    pending = ""
    seen = False  # anything to be seen yet

    def put(kind: Kind, text: str) -> None:
        nonlocal pending, seen
        if pending and seen:
            place = len(out)
            while place and out[place - 1].kind is Kind.OPEN:
                place -= 1
            between = Kind.TEXT if pending == " " else Kind.RAW
            out.insert(place, Run(between, pending))
        pending, seen = "", True
        if out and kind is Kind.TEXT and out[-1].kind is Kind.TEXT:
            out[-1] = Run(kind, out[-1].text + text)
        else:
            out.append(Run(kind, text))

    for run in runs:
        if run.kind is Kind.TEXT:
            text = _SPACE.sub(" ", run.text)
            if text.startswith(" "):
                pending = pending or " "
            if text.strip(" "):
                put(run.kind, text.strip(" "))
                pending = " " if text.endswith(" ") else ""
        elif run.kind is Kind.RAW:
            put(run.kind, run.text)
        elif run.kind is Kind.BREAK:
            pending = " " if one_line else _LINE_END
        elif run.kind is Kind.OPEN:
            if not pending and out and out[-1] == Run(Kind.CLOSE, run.text):
                out.pop()  # bold that goes on is one bold
            else:
                out.append(run)
        elif out and out[-1] == Run(Kind.OPEN, run.text):
            out.pop()  # emphasis around nothing
        else:
            out.append(run)
    return out


def _fit_marks(items: list[Run]) -> list[Run]:
    """Move punctuation out of emphasis where the marks would not be read as marks otherwise."""
    items = list(items)
    opened: list[int] = []
    place = 0
    while place < len(items):
        kind = items[place].kind
        if kind is Kind.OPEN:
            opened.append(place)
        elif kind is Kind.CLOSE and opened:
            place = _fit_pair(items, opened.pop(), place)
        place += 1
    return items


def _fit_pair(items: list[Run], start: int, end: int) -> int:
    """Make the marks at `start` and `end` readable, or drop them; the new place of the end."""
    lead = trail = 0
    if not _flanks(outside=_seen(items, start, -1), inside=_seen(items, start, 1)):
        lead = _unreadable(items[start + 1], 1)
    if not _flanks(outside=_seen(items, end, 1), inside=_seen(items, end, -1)):
        trail = _unreadable(items[end - 1], -1)
    if items[start].text == "*" and _touches_bold(items, start, end):
        # Runs of three and more "*" are ambiguous; "_" is not, but stands between words only.
        if _is_word(_seen(items, start, -1)) or _is_word(_seen(items, end, 1)):
            lead = -1
        items[start], items[end] = Run(Kind.OPEN, "_"), Run(Kind.CLOSE, "_")
    if lead < 0 or trail < 0:
        items[start] = items[end] = Run(Kind.TEXT)
        return end
    if trail:
        text = items[end - 1].text
        items[end - 1] = Run(Kind.TEXT, text[:-trail])
        items.insert(end + 1, Run(Kind.TEXT, text[-trail:]))
    if lead:
        text = items[start + 1].text
        items[start + 1] = Run(Kind.TEXT, text[lead:])
        items.insert(start, Run(Kind.TEXT, text[:lead]))
        end += 1
    return end


def _touches_bold(items: list[Run], start: int, end: int) -> bool:
    near = (*items[max(0, start - 1) : start + 2], *items[end - 1 : end + 2])
    return any(item.text == "**" and item.kind in (Kind.OPEN, Kind.CLOSE) for item in near)


def _flanks(*, outside: str, inside: str) -> bool:
    """Whether a mark between these characters is one (CommonMark 0.31, 6.2, flanking)."""
    if not inside or inside.isspace():
        return False
    return not (_is_punctuation(inside) and _is_word(outside))


def _unreadable(run: Run, step: int) -> int:
    """How many characters at an end of a text have to go for a mark to stand there; -1: all."""
    if run.kind is not Kind.TEXT:
        return -1
    return next((i for i, c in enumerate(run.text[::step]) if _is_word(c)), -1)


def _seen(items: list[Run], place: int, step: int) -> str:
    """The character of text or code next to a mark, other marks left out of sight; or ""."""
    place += step
    while 0 <= place < len(items):
        item = items[place]
        if item.kind in (Kind.TEXT, Kind.RAW) and item.text:
            return item.text[0 if step > 0 else -1]
        place += step
    return ""


def _is_word(character: str) -> bool:
    return bool(character) and not character.isspace() and not _is_punctuation(character)


def _is_punctuation(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] in "PS"


def _join(items: list[Run]) -> str:
    parts: list[str] = []
    text = ""
    for item in (*items, Run(Kind.RAW)):
        if item.kind is Kind.TEXT:
            text += item.text
            continue
        if text:
            text = escape(text)
            if text.endswith("!") and item.text.startswith("["):
                text = text[:-1] + "\\!"  # or the link after it would be an image
            parts.append(text)
            text = ""
        parts.append(item.text)
    return "".join(parts)
