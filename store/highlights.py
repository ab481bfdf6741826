"""Highlights and notes: passages of an article that the reader marked, kept in the reading file.

A highlight is anchored by its text, by the text around it and by its offset, so that it is found
again after the article was edited or imported anew.  One without a quote is a note on the whole
article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from store.moments import utc_now
from store.numbers import is_id, number_of, whole
from store.sanitize import clean_line, clean_text

#: The colours a highlight may have; the first is the default.
COLOURS: Final = ("yellow", "green", "blue", "red")

#: Characters kept of the text before and after a quote.
CONTEXT: Final = 64

#: Characters of a quote or note at most; what is longer is cut.
LONGEST: Final = 100_000

_SPACES = re.compile(r"\s+")


class Highlight(NamedTuple):
    """A marked passage, a note on it, or a note on the whole article (no quote).

    Attributes:
        article: Id of the article.
        quote: The passage as plain text.
        note: What the reader wrote about it.
        colour: One of `COLOURS`.
        before: The plain text before the passage, up to 64 characters, on one line; a space at
            its end tells that the passage begins a word.
        after: The plain text after it, likewise.
        offset: Where the passage began: offset in characters into the body (Markdown source).
        made: When, ISO 8601 in UTC.
        id: Its number in the reading file; 0 until it is stored.
    """

    article: int
    quote: str = ""
    note: str = ""
    colour: str = COLOURS[0]
    before: str = ""
    after: str = ""
    offset: int = 0
    made: str = ""
    id: int = 0


class KnownHighlight(NamedTuple):
    """A highlight with its article's title and author, made ready to be filtered.

    Attributes:
        highlight: The highlight or note.
        title: Of the article; "" where that is gone.
        author: Likewise.
        texts: What can be looked for, folded, by field; "" for all of it.
    """

    highlight: Highlight
    title: str
    author: str
    texts: Mapping[str, str]


def highlight_of(key: str, document: Mapping[str, Any]) -> Highlight | None:
    """The highlight a document stands for, or None when it names no article.

    Values of a wrong type count as not there; text passes the door here, whoever wrote the file.
    """
    article, number = document.get("article"), number_of(key)
    if number is None or not is_id(article):
        return None

    def text(name: str) -> str:
        value = document.get(name)
        return value if isinstance(value, str) else ""

    return cleaned(
        Highlight(
            article, text("quote"), text("note"), text("colour"), text("before"), text("after"),
            whole(document.get("offset")), text("made"), number,
        )
    )  # fmt: skip


def cleaned(highlight: Highlight) -> Highlight:
    """The highlight with safe text of bounded length, a known colour and the time it was made.

    White space around quote and note is no part of them; that around a quote goes to the text
    beside it.
    """
    quote = clean_text(highlight.quote[:LONGEST])
    lead, trail = quote[: len(quote) - len(quote.lstrip())], quote[len(quote.rstrip()) :]
    return highlight._replace(
        quote=quote.strip(),
        note=clean_text(highlight.note[:LONGEST]).strip(),
        colour=highlight.colour if highlight.colour in COLOURS else COLOURS[0],
        before=_SPACES.sub(" ", clean_text(highlight.before) + lead)[-CONTEXT:],
        after=_SPACES.sub(" ", trail + clean_text(highlight.after))[:CONTEXT],
        offset=whole(max(0, highlight.offset + len(lead))),
        made=clean_line(highlight.made) or utc_now(),
    )


def document_of_highlight(highlight: Highlight) -> dict[str, Any]:
    """The document for a highlight: its number is the key, empty fields are left out."""
    return {
        name: value
        for name, value in highlight._asdict().items()
        if name != "id" and (value or name == "article")
    }
