"""What a feed says, whichever reader read it, and the article that each entry becomes.

Readers only take a feed apart.  Turning an entry's HTML into Markdown costs ten times as much, so
it is done by `article_of`, and a refresh asks for it only where an entry is new or was edited.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from store.article import Article, clean_tags, count_words
from store.entities import unescape
from store.identity import ENTRY, canonical_url
from store.importers.html_fragment import markdown_of
from store.importers.html_inline import escape
from store.importers.names import title_from_text
from store.plaintext import plain_text
from store.sanitize import clean_line, clean_url

#: How a text is written: as HTML, as plain text, or not said (RSS: plain text or HTML).
Markup = Literal["html", "text", ""]

#: Characters of a text whose markup is looked at before it is taken for a title or a name.
_LONGEST_TITLE: Final = 20_000

_TAG = re.compile(
    r"</?(?:a|abbr|acronym|b|bdi|bdo|big|blockquote|br|center|cite|code|del|dfn|div|em|font|"
    r"h[1-6]|hr|i|iframe|img|ins|kbd|li|mark|ol|p|pre|q|s|samp|script|small|span|strike|strong|"
    r"style|sub|sup|table|tbody|td|th|tr|tt|u|ul|var|video|wbr)(?:\s[^<>]*)?/?>|<!--",
    re.I,
)
_HIDDEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.S | re.I)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_XHTML_PREFIX = re.compile(r"(</?)(?:xhtml|html|h|x):(?=[a-z])", re.I)
_MAIL = r"[^\s<>()@]+@[^\s<>()@]+"
_MAIL_NAME = re.compile(rf"(?:mailto:)?{_MAIL}\s*+[(\[](?P<name>[^()\[\]]++)[)\]]\Z")
_NAME_MAIL = re.compile(rf"(?P<name>[^<>()]++)(?:<(?:mailto:)?{_MAIL}>|\((?:mailto:)?{_MAIL}\))\Z")
_KINDS: Final = {"audio": "Audio", "video": "Video", "image": "Picture"}


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that comes with an entry: a podcast's sound, a film, a paper."""

    url: str
    type: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a feed with what is known of how it is written.

    Attributes:
        value: The text.
        markup: How it is written.
        base: Address its relative links are resolved against, or "".
    """

    value: str = ""
    markup: Markup = ""
    base: str = ""


_NOTHING: Final = Text()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, as the feed has it.

    Attributes:
        guid: What the feed knows it by, or "".
        link: Its page, absolute where the feed allows it, or "".
        title: Its title.
        content: Its text, all of it, or as much as there is.
        summary: What is said about it besides.
        author: Names, joined with ", ".
        published: ISO 8601, or "".
        updated: ISO 8601, or "".
        tags: Categories as written.
        enclosures: Files that come with it.
        image: Address of its picture, or "".
        lang: BCP 47 language tag, or "".
    """

    guid: str = ""
    link: str = ""
    title: Text = _NOTHING
    content: Text = _NOTHING
    summary: Text = _NOTHING
    author: str = ""
    published: str = ""
    updated: str = ""
    tags: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str = ""
    lang: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What may tell it from the other entries of its feed, hashes; the steadiest first.

        That is its guid, link or title, then that with its link, with its title as well, and with
        all its texts.
        """
        first = self.guid.strip() or self.link or f"t\0{self.title.value}"
        more = f"{first}\0{self.link}"
        most = f"{more}\0{self.title.value}"
        return tuple(map(_digest, (first, more, most, f"{most}\0{self.fingerprint}")))

    @property
    def page(self) -> str:
        """A hash of the address by which its article is known; "" where it has none."""
        address = canonical_url(clean_url(self.link))
        return _digest(f"p\0{address}") if address else ""

    @property
    def fingerprint(self) -> str:
        """A hash of its texts: another one means that it was edited.

        Dates do not count, which some feeds set anew each time they are asked.
        """
        return self._digest_with(self.link)

    @property
    def likeness(self) -> str:
        """A hash of its texts and the page it is on: another one means that it is not the same."""
        return self._digest_with(self.page or self.link)

    def _digest_with(self, link: str) -> str:
        parts = (self.title.value, link, self.content.value, self.summary.value, self.author)
        files = (enclosure.url for enclosure in self.enclosures)
        return _digest("\0".join((*parts, *files)))


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed.

    Attributes:
        title: Its title as plain text.
        link: The site it belongs to, or "".
        url: Its own address: where it came from, or what it says of itself, or "".
        lang: BCP 47 language tag, or "".
        author: Of entries that name none.
        ttl: Minutes for which it asks not to be asked again; 0 where it says nothing.
        skip_hours: Hours of the day (UTC) in which it is not updated.
        skip_days: Days of the week in which it is not updated, Monday is 0.
        next: Address of its next page, or "".
        reader: Name of the reader that read it.
        entries: In the order of the feed.
    """

    title: str = ""
    link: str = ""
    url: str = ""
    lang: str = ""
    author: str = ""
    ttl: int = 0
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    next: str = ""
    reader: str = ""
    entries: tuple[Entry, ...] = field(default=())


class Known(NamedTuple):
    """What an entry is known by among those of its feed.

    Attributes:
        key: What tells it from the others.
        apart: Whether others have its page, or its guid where it has no page: its article is then
            not known by that alone.
    """

    key: str
    apart: bool


def told_apart(
    entries: Sequence[Entry], ambiguous: Collection[str] = ()
) -> tuple[list[Known], set[str]]:
    """What each entry of a feed is known by.

    Feeds give one guid to all entries, or one page, or neither guid, page nor title.  An entry is
    known by the first of its names that no other entry bears which says something else.

    Args:
        entries: The entries.
        ambiguous: Names and pages that several entries were found to have before.

    Returns:
        What each is known by; and the names and pages in it that several entries have or had.
    """
    shared: set[str] = set()
    borne: dict[str, str] = {}
    names = [entry.names for entry in entries]
    pages = [entry.page for entry in entries]
    for entry, theirs, page in zip(entries, names, pages, strict=True):
        likeness = entry.likeness
        nameless = not (entry.guid.strip() or entry.link or entry.title.value.strip())
        for name in filter(None, (*theirs[:-1], page)):
            if nameless or name in ambiguous or borne.setdefault(name, likeness) != likeness:
                shared.add(name)
    known = [
        Known(
            next((name for name in theirs if name not in shared), theirs[-1]),
            (page or theirs[0]) in shared,
        )
        for theirs, page in zip(names, pages, strict=True)
    ]
    return known, shared


def article_of(entry: Entry, feed: Feed, source: str = "", *, apart: str = "") -> Article:
    """The article that an entry becomes.

    Args:
        entry: The entry.
        feed: The feed it belongs to.
        source: Where the feed came from: its address, or a file's name.
        apart: Its key, if its article is not to be known by its page or guid alone.
    """
    base = entry.link or feed.link or feed.url
    whole = entry.content if entry.content.value.strip() else entry.summary
    body = markdown(whole, base)
    summary = ""
    if whole is not entry.summary and entry.summary.value.strip():
        summary = one_line(entry.summary)
        if plain_text(body).startswith(summary[:200].rstrip(" …[].")):
            summary = ""  # the beginning of the text, which is there already
    title = one_line(entry.title) or title_from_text(plain_text(body[:2000]))
    image = clean_url(absolute(entry.image, base))
    extra: dict[str, Any] = {"guid": entry.guid} if entry.guid and entry.guid != entry.link else {}
    if source.startswith(("http://", "https://")):
        extra["feed"] = source
    if apart:
        extra[ENTRY] = apart
    files = [each for each in entry.enclosures if clean_url(each.url)]
    if files:
        extra["enclosures"] = [_document(each) for each in files]
        named = [each for each in files if each.url not in body]
        body = "\n\n".join(part for part in (body, "\n\n".join(map(_file_line, named))) if part)
    if entry.updated and entry.published and entry.updated[:10] > entry.published[:10]:
        extra["updated"] = entry.updated
    site = feed.title or (urlsplit(clean_url(entry.link)).hostname or "").removeprefix("www.")
    link = entry.link or (files[0].url if files and not body else "")
    return Article(
        title=title,
        body=body,
        author=entry.author or feed.author,
        site=site,
        url=link,
        published=entry.published or entry.updated,
        tags=clean_tags(entry.tags),
        lang=entry.lang or feed.lang,
        summary=summary,
        image=image,
        source=source,
        type="feed",
        words=count_words(plain_text(body)),
        extra=extra,
    )


def markdown(text: Text, base: str) -> str:
    """A text of a feed as Markdown."""
    value = text.value
    if text.markup == "html" or (not text.markup and _TAG.search(value)):
        if text.base:
            base = absolute(text.base, base)
        return markdown_of(_XHTML_PREFIX.sub(r"\1", value), base=base)
    if not text.markup:
        value = unescape(value)
    paragraphs = _BLANK_LINE.split(value.strip())
    return "\n\n".join(escape(" ".join(each.split())) for each in paragraphs if each.strip())


def one_line(text: Text) -> str:
    """A text of a feed as one line of plain text: a title, a name, a summary."""
    value = text.value[:_LONGEST_TITLE]
    if text.markup != "text":
        if "<" in value:
            value = _HIDDEN.sub(" ", value)
            value = re.sub(r"<[^<>]*>", "", value) if text.markup else _TAG.sub("", value)
        if "&" in value:
            value = unescape(value)
    return clean_line(value)


def person(text: str) -> str:
    """A name as feeds write it, without the mail address beside it."""
    name = clean_line(unescape(text) if "&" in text else text)
    match = _MAIL_NAME.match(name) or _NAME_MAIL.match(name)
    return match["name"].strip().strip(" \"'") if match else name


def absolute(address: str, base: str) -> str:
    """An address resolved against another; "" where it cannot be."""
    try:
        return urljoin(base, address.strip()) if address.strip() else ""
    except ValueError:
        return ""


def _document(each: Enclosure) -> Mapping[str, Any]:
    document: dict[str, Any] = {"url": each.url}
    if each.type:
        document["type"] = each.type
    if each.size:
        document["size"] = each.size
    return document


def _file_line(each: Enclosure) -> str:
    """A link to a file: what it is, its name, its size."""
    kind = _KINDS.get(each.type.partition("/")[0], "File")
    url = clean_url(each.url)
    name = clean_line(unquote(urlsplit(url).path.rpartition("/")[2])) or each.url
    size = f", {each.size / 1e6:.1f} MB" if each.size >= 100_000 else ""
    return f"{kind}: [{escape(name)}](<{url}>){size}"


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
