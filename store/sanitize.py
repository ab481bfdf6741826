"""The one door for foreign text: what passes it can be shown on a terminal and stored.

Text comes from files, pages and feeds that strangers wrote.  A terminal obeys some characters
instead of showing them, and a reader cannot see others; both are taken out here, once, on the
way in, so that no later part has to think of them.  Removed are

- C0 and C1 controls, NUL and DEL (line feed and tab stay in multi-line text);
- terminal escape sequences, whole: CSI, OSC, DCS, SOS, PM and APC in the 7-bit form (ESC …) and
  the 8-bit form (C1), so that no "[31m" is left behind (ECMA-48, 5th edition, 5.3 to 5.6);
- bidirectional embeddings, overrides and isolates, which show text in another order than it is
  stored (Unicode UAX #9; CVE-2021-42574).  The marks LRM, RLM and ALM, which Arabic and Hebrew
  need between words and numbers, stay;
- invisible characters: zero-width space, word joiner, byte order mark, soft hyphen, invisible
  operators, interlinear annotation, tag characters outside emoji flags, noncharacters of the
  basic plane.  ZWJ and ZWNJ, which emoji, Persian and Indic scripts need, stay.

Carriage returns, vertical tabs, form feeds, NEL and U+2028 become line feeds, U+2029 two.  Lone
surrogates become U+FFFD.  More than `MAX_MARKS` marks on one base are dropped.

Text that is already clean is returned as it is: about 5 µs for 6 KB of ASCII, 10 µs for text with
typographic signs, 50 µs for another script.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, urlsplit

from store.article import Article, Passage, State, clean_tags, count_words, words_of
from store.characters import ORDINARY, without
from store.numbers import whole

#: Marks and joiners that may follow one base character.  Real writing needs at most 5 or so
#: (Hebrew with cantillation, Tibetan); what goes beyond paints over neighbouring lines.
MAX_MARKS = 8
#: Longest body in characters: ten times War and Peace.  The rest is cut off.
MAX_BODY = 32_000_000
#: Longest one-line field (title, author, site ...) in characters; the cut is shown as "…".
MAX_LINE = 1_000
#: Longest summary in characters.
MAX_SUMMARY = 10_000
#: Longest URL in characters; a longer one is dropped, since a cut URL leads elsewhere.
MAX_URL = 8_000
#: Longest tag in characters, and most tags of one article.
MAX_TAG = 100
MAX_TAGS = 200
#: Deepest nesting of lists and objects in unknown fields; what lies deeper is dropped.
MAX_DEPTH = 32

#: Bits of a number in unknown fields: some 4,000 digits, which is what Python writes.
_MOST_BITS: Final = 14_000

#: Characters up to which a text is searched as it is: its odd ones are not picked out first.
_SHORT = 150

#: Kinds of links that are kept; `javascript:`, `data:`, `file:` and the like are dropped.
URL_SCHEMES = frozenset(
    {"http", "https", "mailto", "ftp", "ftps", "gemini", "gopher", "doi", "urn", "news", "nntp"}
)

# One character class, so that the search runs in C over the whole text without branching.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"
)
_LINE_END = r"(?P<line>\r\n?|[\v\f\x85\u2028\u2029])"
# A control inside a CSI sequence does not end it: terminals act on it and read on.
_CSI = r"(?:\x1b\[|\x9b)[0-?\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]*[ -/]*[@-~]?"
# An OSC keeps to its line and ends with BEL or ST.  Without an end only its opening is removed,
# since what follows may be all the text there is.
_OSC = r"(?:\x1b\]|\x9d(?=\d))(?:[^\x07\x1b\x9c\x9d\n\r]*(?:\x07|\x1b\\|\x9c)|\d*;?)"
# The content excludes what may open another, which keeps the search linear.
_STRING = (
    r"\x1b[PX^_](?:[^\x1b\x9c]*(?:\x1b\\|\x9c))?"
    r"|[\x90\x98\x9e\x9f][^\x1b\x80-\x9f\n\r]*(?:\x1b\\|\x9c)"
)
_ESCAPE = rf"{_CSI}|{_OSC}|{_STRING}|\x1b(?:[ -/]+[0-~]|[0-~])?"
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
_DIRTY = re.compile(rf"{_LINE_END}|(?P<flag>{_FLAG})|{_ESCAPE}|{_UNSAFE.pattern}")
_SURROGATE = re.compile("[\ud800-\udfff]")

# Nine characters beyond U+02FF that are neither letters nor space: mostly dashes or emoji, but a
# pile of marks looks so too.  Cheaper than a table of all marks, and complete.  Of nine in a row,
# two stand side by side among every fourth character.
_MAYBE_PILE = re.compile(rf"[^\w\s\x00-\u02ff]{{{MAX_MARKS + 1}}}")
_STRIDE = (MAX_MARKS + 1) // 2
_TWO_ODD = re.compile(r"[^\w\s\x00-\u02ff]{2}")
_MARKLIKE = re.compile(rf"[^\w\s\x00-\u02ff]{{{MAX_MARKS + 1},}}")
_JOINERS = "\u200c\u200d\u200e\u200f\u061c"

_SPACES = re.compile(r"[ \t\n]+")
_BREAKS = re.compile(r"[\t\n]+")
_NEEDS_SQUEEZE = re.compile(r"[\t\n]|  |^ | $")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_BARE_HOST = re.compile(
    r"(?:www\.[\w\-]+\.[\w.\-]+|[\w\-]+(?:\.[\w\-]+)*\.[A-Za-z]{2,}(?=/))(?:[/?#:]|$)"
)
_ORDINARY_URL = re.compile(r"https?://[A-Za-z0-9.\-]+(?:[/?#]|$)", re.I)
_URL_UNSAFE = re.compile(r'[\s"<>`\\^{|}\x00-\x20\x7f-\xa0]')


def clean_text(text: str) -> str:
    """Multi-line text without anything unsafe; clean text comes back as the same object."""
    return scrub(text)[0]


def clean_line(text: str) -> str:
    """One line of safe text: runs of spaces, tabs and line ends are one space, ends trimmed.

    Non-breaking spaces are kept.  A text longer than `MAX_LINE` ends with "…".
    """
    return _line(text)[0]


def scrub(text: str) -> tuple[str, int]:
    """Clean `text` and count what was unsafe.

    Args:
        text: Any string, lone surrogates and NUL included.

    Returns:
        The clean text with line feeds as its only line ends, and the number of characters that
        were removed or replaced; another kind of line end does not count.
    """
    removed, most = 0, len(text)
    odd = without(text, ORDINARY) if len(text) > _SHORT else text
    if not odd:
        return text, 0
    if _UNSAFE.search(odd):
        if _SURROGATE.search(text):  # pairs first: they may hide any character
            paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            removed += sum("\ud800" <= character <= "\udfff" for character in text) - (
                2 * (len(text) - len(paired))
            )
            text = paired
        count = 0

        def substitute(match: re.Match[str]) -> str:
            nonlocal count
            kind = match.lastgroup
            if kind == "line":
                return "\n\n" if match[0] == "\u2029" else "\n"
            if kind == "flag":
                return match[0]
            count += len(match[0])
            return ""

        text = odd = _DIRTY.sub(substitute, text)
        removed += count
    # What stands side by side in the text does so among its odd characters.
    if not text.isascii() and _may_hold_pile(odd) and (odd is text or _may_hold_pile(text)):
        flat = _MARKLIKE.sub(_flatten, text)
        if len(flat) < len(text):
            removed += len(text) - len(flat)
            text = flat
    return text, min(removed, most)  # a lone surrogate within a sequence was counted twice


def clean_url(url: str) -> str:
    """A link that can be followed and printed, or "" when there is none.

    Unsafe characters are dropped, spaces and delimiters percent-encoded, a scheme-relative or
    bare `www.` address gets `https:`.  Schemes outside `URL_SCHEMES` give "", and so do addresses
    whose host or port cannot be.
    """
    return _url(url)[0]


def clean_article(article: Article) -> tuple[Article, int]:
    """Pass all fields of an article through the door.

    Returns:
        The article (the same object when nothing changed) and the number of unsafe characters
        removed from all of its fields.
    """
    if article is _passed.article:
        return article, 0
    clean, removed = _cleaned(article)
    _passed.article = clean
    return clean, removed


def vouch(article: Article) -> Article:
    """Note that an article has passed the door, in another process say; the article itself."""
    _passed.article = article
    return article


class _Passed(threading.local):
    """The article that passed the door last: on its way in, one comes by more than once."""

    article: Article | None = None


_passed = _Passed()


def _cleaned(article: Article) -> tuple[Article, int]:
    changes: dict[str, Any] = {}
    removed = 0
    for name in ("title", "author", "site", "published", "saved", "lang", "source", "type"):
        value = getattr(article, name)
        clean, count = _line(value)
        removed += count
        if clean != value:
            changes[name] = clean
    for name, limit in (("body", MAX_BODY), ("summary", MAX_SUMMARY)):
        value = getattr(article, name)
        clean, count = scrub(value)
        removed += count
        if len(clean) > limit:
            removed += len(clean) - limit
            clean = clean[: limit - 1] + "…"
        if clean != value:
            changes[name] = clean
    for name in ("url", "image"):
        value = getattr(article, name)
        clean, count = _url(value)
        removed += count
        if clean != value:
            changes[name] = clean
    tags, count = _tags(article.tags)
    removed += count
    if tags != article.tags:
        changes["tags"] = tags
    if article.extra:
        extra, count = _clean_value(dict(article.extra), MAX_DEPTH)
        removed += count
        if extra != article.extra:
            changes["extra"] = extra
    if article.state is not None:
        state = _clean_state(article.state)
        if state != article.state:
            changes["state"] = state
    if article.highlights:
        highlights, count = _passages(article.highlights)
        removed += count
        if highlights != article.highlights:
            changes["highlights"] = highlights
    body = changes.get("body", article.body)
    words = words_of(article.words, body)
    if "body" in changes and words:
        words = count_words(body)
    if words != article.words:
        changes["words"] = words
    return replace(article, **changes) if changes else article, removed


def _line(text: str, limit: int = MAX_LINE) -> tuple[str, int]:
    text, removed = scrub(text)
    if _NEEDS_SQUEEZE.search(text):
        text = _SPACES.sub(" ", text).strip(" ")
    if len(text) > limit:
        removed += len(text) - limit
        text = text[: limit - 1].rstrip(" ") + "…"
    return text, removed


def _url(url: str) -> tuple[str, int]:
    if not url:
        return "", 0
    text, removed = scrub(url)
    if _BREAKS.search(text):
        text, more = scrub(_BREAKS.sub("", text))  # marks that were apart may be a pile now
        removed += more
    text = text.strip(" ")
    scheme = _SCHEME.match(text)
    if text.startswith("//"):
        text = "https:" + text
    elif _BARE_HOST.match(text):
        text = "https://" + text
    elif scheme is None or scheme[1].lower() not in URL_SCHEMES:
        return "", removed + len(text)
    if len(text) > MAX_URL:  # it only gets longer
        return "", removed + len(text)
    if _URL_UNSAFE.search(text):
        text = _URL_UNSAFE.sub(lambda match: quote(match[0], safe=""), text)
    good = len(text) <= MAX_URL and _can_be_read(text)
    return (text, removed) if good else ("", removed + len(text))


def _can_be_read(url: str) -> bool:
    """Whether an address has parts: who asks for the host or port of another meets an error."""
    if _ORDINARY_URL.match(url):  # the same, sooner
        return True
    try:
        parts = urlsplit(url)
        _ = parts.hostname, parts.port
    except ValueError:
        return False
    return True


def _tags(tags: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    removed = 0
    lines = []
    for tag in tags:
        line, count = _line(tag, MAX_TAG)
        removed += count
        lines.append(line)
    return clean_tags(lines)[:MAX_TAGS], removed


def _clean_state(state: State) -> State:
    progress = state.progress if 0.0 <= state.progress <= 1.0 else float(state.progress > 1.0)
    return state._replace(
        progress=progress,
        position=whole(state.position),
        anchor=_line(state.anchor)[0],
        tags=None if state.tags is None else _tags(state.tags)[0],
        opened=_line(state.opened)[0],
        read_at=_line(state.read_at)[0],
    )


def _passages(passages: tuple[Passage, ...]) -> tuple[tuple[Passage, ...], int]:
    removed = 0
    clean = []
    for passage in passages:
        lines = {}
        for name in ("quote", "note", "colour", "made", "before", "after"):
            text, count = scrub(getattr(passage, name))
            if name in ("colour", "made"):
                text = _line(text)[0]
            elif name in ("before", "after"):  # blanks at the ends tell words apart
                text = re.sub(r"\s+", " ", text)
            lines[name] = text
            removed += count
        clean.append(passage._replace(**lines, offset=whole(passage.offset)))
    return tuple(clean), removed


def _clean_value(value: Any, depth: int) -> tuple[Any, int]:
    """Clean every string of a JSON value, keys included."""
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return None, 1
    if not isinstance(value, (Mapping, list, tuple)):
        return value, 0
    if depth == 0:
        return None, 1
    removed = 0
    if isinstance(value, Mapping):
        mapping = {}
        for key, item in value.items():
            name, count = scrub(str(key))
            mapping[name], inner = _clean_value(item, depth - 1)
            removed += count + inner
        return mapping, removed
    items = []
    for item in value:
        clean, count = _clean_value(item, depth - 1)
        items.append(clean)
        removed += count
    return items, removed


def _may_hold_pile(text: str) -> bool:
    return bool(_TWO_ODD.search(text[::_STRIDE]) and _MAYBE_PILE.search(text))


def _flatten(match: re.Match[str]) -> str:
    """Keep at most `MAX_MARKS` marks and joiners after each base in a run of odd characters."""
    kept = []
    marks = 0
    for character in match[0]:
        marks = marks + 1 if _is_mark(character) else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def _is_mark(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) in ("Mn", "Me")
