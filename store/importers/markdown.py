"""Markdown with front matter: YAML between `---`, TOML between `+++`, or a JSON object.

The front matter of Jekyll, Hugo, Pelican, Obsidian and their like differs in names; the usual
ones are known.  Front matter that cannot be parsed costs no text: what can be read of it line by
line is used, and the rest stays in the body.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from store.article import Article, State, clean_tags, count_words
from store.dates import parse_date
from store.encoding import decode
from store.importers.names import date_from_name, title_from_name, title_from_text
from store.importers.record import Rejected, Source
from store.plaintext import one_line, plain_text

#: Front-matter names of each field, best first; compared in lower case.
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "title": ("title", "headline", "name"),
    "author": ("author", "authors", "byline", "creator"),
    "site": ("site", "site_name", "publication", "publisher", "website"),
    "url": ("url", "source", "link", "canonical", "canonical_url", "permalink", "source_url"),
    "published": ("date", "published", "publish_date", "pubdate", "created", "created_at"),
    "saved": ("saved", "saved_at", "added", "date_saved"),
    "lang": ("lang", "language", "locale"),
    "summary": ("summary", "description", "excerpt", "subtitle", "lead"),
    "image": ("image", "cover", "cover_image", "thumbnail", "hero"),
}
_TAGS: Final = ("tags", "tag", "keywords", "categories", "category", "labels", "topics")

_YAML: Final = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_TOML: Final = re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.S | re.M)
_PAIR: Final = re.compile(r"([A-Za-z][\w -]{0,40}):[ \t]+(.+)")
_ATX: Final = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n+|\Z)")
_SETEXT: Final = re.compile(r"\A\s*(\S[^\n]*)\n=+[ \t]*(?:\n+|\Z)")
_FEATURES: Final = re.compile(
    r"^ {0,3}(?:#{1,6} \S|```|~~~|> \S|\|[^\n]+\|[ \t]*$)"
    r"|^ {0,3}\[[^\]\n]+\]: \S|!?\[[^\]\n]+\]\([^)\s]+[^)\n]*\)|^\S[^\n]*\n={3,}[ \t]*$",
    re.M,
)


def is_markdown(text: str) -> bool:
    """Whether a text is Markdown beyond doubt: front matter, or marks that prose does not have."""
    return bool(
        _YAML.match(text) or _TOML.match(text) or len(_FEATURES.findall(text[:20_000])) >= 2
    )


def read_markdown(source: Source) -> Iterator[Article | Rejected]:
    """One article from a Markdown file; a stub when it has a link and no text."""
    text = decode(source.data).replace("\r\n", "\n").replace("\r", "\n")
    fields, body = _front_matter(text)
    known = {str(name).strip().lower(): value for name, value in fields.items()}
    values = {field: _first(known, names) for field, names in _NAMES.items()}
    if not values["url"].startswith(("http://", "https://")):
        values["url"] = ""
    body = body.strip("\n").rstrip()
    heading = _ATX.match(body) or _SETEXT.match(body)
    title = one_line(values["title"])
    if heading:
        first = one_line(plain_text(heading[1]))
        if not title:
            title = first
        if first.casefold() == title.casefold():
            body = body[heading.end() :]
    if not body.strip() and not title and not values["url"]:
        yield Rejected(source.name, "it is empty")
        return
    yield Article(
        title=title
        or title_from_name(source.name)
        or title_from_text(plain_text(body))
        or values["url"],
        body=body,
        author=one_line(values["author"]),
        site=values["site"],
        url=values["url"],
        published=parse_date(_value(known, _NAMES["published"])) or date_from_name(source.name),
        saved=parse_date(_value(known, _NAMES["saved"])),
        tags=_tags(known),
        lang=values["lang"].replace("_", "-"),
        summary=one_line(values["summary"]),
        image=values["image"],
        source=source.name,
        type="markdown",
        words=count_words(plain_text(body)),
        extra=_others(known),
        state=_state(known),
    )


def _front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """The fields and what follows them; no fields where there is no front matter."""
    if text.startswith("---"):
        match = _YAML.match(text)
        if match:
            return _yaml(match[1]), text[match.end() :]
    elif text.startswith("+++"):
        match = _TOML.match(text)
        if match:
            import tomllib

            try:
                return tomllib.loads(match[1]), text[match.end() :]
            except tomllib.TOMLDecodeError:
                return _lines(match[1].replace(" = ", ": ")), text[match.end() :]
    elif text.startswith("{"):
        try:
            fields, end = json.JSONDecoder().raw_decode(text)
        except ValueError:
            return {}, text
        if isinstance(fields, dict) and (end == len(text) or text[end] == "\n"):
            return fields, text[end:]
    return {}, text


def _yaml(block: str) -> Mapping[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        fields = yaml.load(block, Loader=loader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return _lines(block)
    return fields if isinstance(fields, dict) else _lines(block)


def _lines(block: str) -> dict[str, Any]:
    """`name: value` lines of front matter that is not what it says it is."""
    return {
        match[1]: match[2].strip().strip("\"'")
        for line in block.splitlines()
        if (match := _PAIR.match(line))
    }


def _value(known: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((known[name] for name in names if known.get(name) not in (None, "", [])), None)


def _first(known: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return _text(_value(known, names))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        return _text(value.get("name") or value.get("title") or value.get("url"))
    if isinstance(value, (list, tuple)):
        return ", ".join(text for text in map(_text, value) if text)
    return "" if value is None or isinstance(value, bool) else str(value)


def _tags(known: Mapping[str, Any]) -> tuple[str, ...]:
    tags: list[str] = []
    for name in _TAGS:
        value = known.get(name)
        if isinstance(value, str):
            tags += re.split(r"[,;]" if re.search(r"[,;]", value) else r"\s+", value)
        elif isinstance(value, (list, tuple)):
            tags += [_text(each) for each in value]
    return clean_tags(tags)


def _others(known: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that are none of ours, as far as JSON can hold them."""
    used = {*_TAGS, *(name for names in _NAMES.values() for name in names)}
    others = {}
    for name, value in known.items():
        if name in used or name in _MARKS:
            continue
        try:
            others[name] = json.loads(json.dumps(value, default=str))
        except (TypeError, ValueError, RecursionError):
            continue
    return others


_MARKS: Final = ("read", "starred", "favorite", "archived")


def _state(known: Mapping[str, Any]) -> State | None:
    state = State(
        read=known.get("read") is True,
        starred=known.get("starred") is True or known.get("favorite") is True,
        archived=known.get("archived") is True,
    )
    return state if state != State() else None
