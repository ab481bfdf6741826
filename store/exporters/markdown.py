"""Markdown: one file an article, with front matter that `add` reads back without loss.

    ---
    title: "The lamplighters of Harbour Street"
    author: "Ada Reyes"
    date: "2019-03-09"
    url: "https://ledger.example/lamps"
    tags: ["history", "cities"]
    broadsheet: {"version": 1, "id": 12, "state": {"read": true}, …}
    ---

    At dusk they came, *ladder* on shoulder.

Each line of the front matter is a name and a JSON value, which is YAML as well.  What other
programs have no name for stands under `broadsheet`; title, tags and all the rest may be edited.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any, Final

from store.article import Article
from store.exporters.own_json import VERSION, highlights, said, tail
from store.exporters.record import Entry, Export
from store.jsontext import dumps
from store.reading import document_of

#: Front-matter names of the fields that other programs know, in their order.
SHARED: Final[dict[str, str]] = {
    "title": "title", "author": "author", "site": "site", "date": "published", "url": "url",
    "tags": "tags", "lang": "lang", "summary": "summary", "image": "image",
}  # fmt: skip

#: Fields that only broadsheet knows.
OWN: Final = ("id", "saved", "source", "type", "words")

#: The file, beside the articles, of what belongs to none of them.
LIBRARY_FILE: Final = "broadsheet-library.json"

_LONGEST: Final = 100  # bytes of a name, of 255 that file systems take
_NOT_IN_NAMES: Final = re.compile(r"[^\w]+")

# YAML wants these escaped, and JSON does not.  What else it refuses does not pass the door.
_UNSAFE_IN_YAML: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


def write_markdown(entries: Iterable[Entry], export: Export) -> Iterator[tuple[str, bytes]]:
    """A file an article, and one for the library's views and subscriptions if it is whole."""
    for entry in entries:
        export.report.articles += 1
        export.report.highlights += len(entry.highlights)
        yield file_name(entry.article, ".md"), text_of(entry).encode("utf-8", "replace")
    if more := tail(export):
        yield LIBRARY_FILE, b'{"broadsheet": %d%s}\n' % (VERSION, more)


def text_of(entry: Entry) -> str:
    """One article with its front matter.

    One line feed before the text and one behind it belong to the file; all others are the
    article's.
    """
    article = entry.article
    own: dict[str, Any] = {name: getattr(article, name) for name in OWN}
    own["extra"] = dict(article.extra)
    own["state"] = document_of(entry.state)
    own["highlights"] = highlights(entry)
    own["digest"] = digest(article.body)
    shown = entry.shown  # tags as the reader sees them, for other programs
    if shown.tags != article.tags:
        own["tags"] = list(article.tags)
    lines = [
        f"{name}: {_json(list(value) if isinstance(value, tuple) else value)}\n"
        for name, field in SHARED.items()
        if (value := getattr(shown, field))
    ]
    known = {"version": VERSION, **said(own, article)}
    if article.title:
        known["title"] = article.title  # by which one tells that the other was edited
    if shown.tags != article.tags:
        known["tags"] = own["tags"]
    return f"---\n{''.join(lines)}broadsheet: {_json(known)}\n---\n\n{article.body}\n"


def digest(body: str) -> str:
    """Tells whether the text was edited since it was written."""
    return blake2b(body.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _json(value: Any) -> str:
    text = dumps(value).decode("utf-8")
    return _UNSAFE_IN_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def file_name(article: Article, extension: str) -> str:
    """A name made of id and title: safe on every system, and no other article's.

    Names sort as the ids do, so that a directory is added in their order.  Letters and digits of
    any script are kept, in lower case, parted by "-".
    """
    plain = unicodedata.normalize("NFC", article.title).casefold()
    words = _NOT_IN_NAMES.sub("-", plain).strip("-_")
    short = words.encode("utf-8", "replace")[:_LONGEST].decode("utf-8", "ignore").rstrip("-_")
    return f"{article.id:06}-{short or 'article'}{extension}"
