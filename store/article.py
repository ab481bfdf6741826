"""The article: one frozen value, and its shape as a TinyDB document.

A document made by broadsheet uses the field names of `Article`.  Documents written by other
programs are read too: `Article.from_document` looks for the usual names (`FIELD_NAMES`), and
keeps every field it does not know in `extra`, so that writing an article back loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, NamedTuple

from store.characters import ASCII, without
from store.numbers import is_whole
from store.row import reading_minutes as reading_minutes
from store.state import State as State
from store.state import clean_tags as clean_tags

#: Usual names of each field in other programs' JSON, best first.
FIELD_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline", "name", "heading"),
    "body": ("body", "content", "text", "markdown", "content_text", "article", "content_html"),
    "author": ("author", "authors", "byline", "creator", "by"),
    "site": ("site", "site_name", "publisher", "publication", "domain", "domain_name"),
    "url": ("url", "link", "href", "permalink", "given_url", "resolved_url"),
    "published": (
        "published", "date", "published_at", "date_published", "publishedAt", "pub_date",
        "pubDate", "publication_date", "created_at", "created", "timestamp",
    ),
    "saved": ("saved", "saved_at", "savedAt", "added", "date_added", "time_added"),
    "tags": ("tags", "labels", "keywords", "categories"),
    "lang": ("lang", "language"),
    "summary": ("summary", "description", "excerpt", "abstract", "lead"),
    "image": ("image", "lead_image", "image_url", "thumbnail"),
    "source": ("source",),
    "type": ("type",),
}  # fmt: skip

_TEXT_FIELDS = (
    "title", "body", "author", "site", "url", "published", "saved", "lang", "summary", "image",
    "source", "type",
)  # fmt: skip

#: Unknown field of an article whose text is not from its `source`: where the text is from.
TEXT_SOURCE: Final = "text_source"

#: Words of one article at most: what says more is mistaken, and sums of them stay within 64 bits.
MOST_WORDS: Final = 1_000_000_000

#: Lists in lists, and objects in them, that can still be a text.
_DEEPEST: Final = 8

# CJK ideographs, kana and Hangul have no spaces: about two characters read as one word.
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
#: What letters, joiners and all else of Latin-1 are for counting words.
_SHAPES = bytes(
    ord("a" if re.match(r"\w", chr(code)) else "-" if chr(code) in "'-" else " ")
    for code in range(256)
)
#: Frequent signs that Latin-1 has not, and what counts the same.
_TYPOGRAPHIC = {
    "’": "'", "‘": " ", "“": " ", "”": " ", "„": " ", "–": " ", "—": " ", "…": " ", "•": " ",
    "€": " ",
}  # fmt: skip


class Passage(NamedTuple):
    """A passage that was marked in another program, or a note there (no quote).

    Attributes:
        quote: The passage as plain text.
        note: What the reader wrote about it.
        colour: Its colour by the name that program gives it; "" when it says none.
        made: When, ISO 8601 in UTC, or "".
        before: The plain text before the passage, as far as it is known.
        after: The plain text after it, likewise.
        offset: Where it begins: offset in characters into the body, 0 when unknown.
    """

    quote: str = ""
    note: str = ""
    colour: str = ""
    made: str = ""
    before: str = ""
    after: str = ""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Article:
    """One article.

    Attributes:
        title: Plain text, one line.
        body: Markdown (CommonMark with tables, strikethrough, footnotes); "" for a stub.
        author: Plain text; several authors are joined with ", ".
        site: Name or domain of the publisher.
        url: Where it came from on the web, or "".
        published: ISO 8601, as exact as known: "2017", "2017-03", "2017-03-09" or a time with
            offset; "" when unknown.
        saved: When it entered the library, ISO 8601 in UTC.
        tags: Lower-case labels without "#", in the order given.
        lang: BCP 47 language tag, or "".
        summary: The publisher's summary or lead, plain text.
        image: URL of the lead image, or "".
        source: Where it was imported from: file name or URL.
        type: Name of the importer that made it ("text", "markdown", "html", "json").
        words: Number of words in the body (see `count_words`).
        id: TinyDB document id; 0 until it is stored.
        extra: Fields of the document that broadsheet does not know; kept as they are.
        state: What an import says about reading (None: nothing); never written to the library.
        highlights: What an import says of marked passages; never written to the library either.
        edited_from: Of an exported file that was edited since: `exporters.markdown.digest` of the
            text it was exported with, else ""; never written either.
        title_edited: Whether the title of an exported file is another than it was exported with;
            never written either.
    """

    title: str = ""
    body: str = ""
    author: str = ""
    site: str = ""
    url: str = ""
    published: str = ""
    saved: str = ""
    tags: tuple[str, ...] = ()
    lang: str = ""
    summary: str = ""
    image: str = ""
    source: str = ""
    type: str = ""
    words: int = 0
    id: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)
    state: State | None = None
    highlights: tuple[Passage, ...] = ()
    edited_from: str = ""
    title_edited: bool = False

    @property
    def is_stub(self) -> bool:
        """A record with no text of its own, waiting to be filled."""
        return not self.body.strip()

    @property
    def is_blank(self) -> bool:
        """A stub without even a summary: there is nothing to read."""
        return self.is_stub and not self.summary.strip()

    @property
    def is_nothing(self) -> bool:
        """A stub with neither title nor link; one with an id is an article all the same."""
        return not (self.id or self.title.strip() or self.url) and self.is_stub

    @property
    def minutes(self) -> int:
        """Reading time in whole minutes, at least 1 for any text, at 230 words a minute.

        230 is the mean for non-fiction in English of Brysbaert (2019), rounded down.
        """
        return reading_minutes(self.words)

    def to_document(self) -> dict[str, Any]:
        """The TinyDB document: known fields that are not empty, then the unknown ones."""
        document: dict[str, Any] = {}
        for name in _TEXT_FIELDS:
            value = getattr(self, name)
            if value or name in ("title", "body"):
                document[name] = value
        if self.tags:
            document["tags"] = list(self.tags)
        document["words"] = self.words
        for name, value in self.extra.items():
            document.setdefault(name, value)
        return document

    @classmethod
    def from_document(cls, document: Mapping[str, Any], doc_id: int = 0) -> Article:
        """Read a document of ours or of another program; never raises on odd values."""
        values: dict[str, Any] = {}
        used: set[str] = set()
        for name, candidates in FIELD_NAMES.items():
            for candidate in candidates:
                value = document.get(candidate)
                if value is None or value == "" or value == []:
                    continue
                text = _tags(value) if name == "tags" else _text(value)
                if text:
                    values[name] = text
                    used.add(candidate)
                    break
        words = words_of(document.get("words", document.get("word_count")), values.get("body", ""))
        known = used | {"words"} | {n for n in _TEXT_FIELDS if not document.get(n)}
        extra = {name: value for name, value in document.items() if name not in known}
        return cls(**values, words=words, id=doc_id, extra=extra)


def words_of(said: Any, body: str) -> int:
    """How many words a file says that an article has; they are counted where it cannot be true."""
    return said if is_whole(said) and 0 <= said <= MOST_WORDS else count_words(body)


def count_words(text: str) -> int:
    """Words in `text`: runs of word characters; two CJK characters count as one word.

    An apostrophe or a hyphen between two of them is part of the word.
    """
    if not text.isascii():
        for odd in _TYPOGRAPHIC.keys() & set(without(text, ASCII)):
            text = text.replace(odd, _TYPOGRAPHIC[odd])
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:
        wide = len(_WIDE.findall(text))
        return len(_WORD.findall(_WIDE.sub(" ", text))) + (wide + 1) // 2
    # The same as _WORD, thirty times as fast: a word begins after what is neither a letter nor a
    # joiner, or after a joiner that no letter stands before.
    shape = b" " + raw.translate(_SHAPES)
    count = shape.count(b" a")
    if b"-" in shape:
        for before, after in pairwise(shape.split(b"-")):
            count += after[:1] == b"a" and before[-1:] != b"a"
    return count


def _text(value: Any, depth: int = _DEEPEST) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, Mapping):  # {"name": …} of JSON Feed and schema.org
        named = value.get("name") or value.get("value") or value.get("title") or ""
        return _text(named, depth - 1) if depth else ""
    if isinstance(value, (list, tuple)):
        return ", ".join(filter(None, [_text(each, depth - 1) for each in value if depth]))
    return ""


def _tags(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = re.split(r"[,;|]", value)
    if not isinstance(value, (list, tuple)):
        return ()
    return clean_tags(map(_text, value))
