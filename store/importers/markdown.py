"""Markdown with front matter: YAML between `---`, TOML between `+++`, or a JSON object.

The front matter of Jekyll, Hugo, Pelican, Obsidian and their like differs in names; the usual
ones are known.  Front matter that cannot be parsed costs no text: what can be read of it line by
line is used, and the rest stays in the body.  A text between two rules is no front matter.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from store.article import Article, State, clean_tags, count_words
from store.dates import parse_date
from store.encoding import decode
from store.exporters.markdown import SHARED, digest
from store.importers.names import date_from_name, title_from_name, title_from_text
from store.importers.own_json import own_article, wrong_version
from store.importers.record import Rejected, Source
from store.jsontext import loads
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
_MARKS: Final = ("read", "starred", "favorite", "archived")
#: All names that are known.
_KNOWN: Final = frozenset({*_TAGS, *_MARKS, *(name for names in _NAMES.values() for name in names)})

_YAML: Final = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
#: Lists in lists, and objects in them, that can still be a text.
_DEEPEST: Final = 8
#: Dots in a line of TOML: its parser takes time by the square of the parts of a key.
_MOST_DOTS: Final = 200
_TOML: Final = re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.S | re.M)
_NAME: Final = re.compile(r"[A-Za-z][\w-]*")
_PLAIN_LINE: Final = re.compile(
    r"(?P<name>[A-Za-z][\w-]*+): ++(?:"
    r"\[(?P<items>[^\[\]{}#:\\]*+)\]"
    r"|(?P<value>[^\W\d_][\w .&’()/“”–—,!?'-]*+|\"[^\"\\\n]*\"|'[^'\n]*'|https?://[^\s#]*[^\s#:]"
    r"|\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d\+\d\d:\d\d)?)) *+"
)
_PLAIN_ITEM: Final = re.compile(r"[^\W\d_][\w .&’()/“”–—-]*|\"[^\",]*\"|'[^',]*'")
#: Words that YAML 1.1 takes for something else.
_MEANS_MORE: Final = re.compile(r"y|n|yes|no|on|off|true|false|null", re.I)
#: Most values of front matter, with what aliases stand for counted each time: a kilobyte of them
#: can stand for billions.  And most characters: each value takes some hundred bytes of memory.
_MOST_NODES: Final = 100_000
_LONGEST_YAML: Final = 1 << 20
#: Longest text that YAML may take for a number: in base 60 they take time by their square.
_LONGEST_NUMBER: Final = 1_000
_NUMBERS: Final = frozenset({"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"})
_A_TEXT: Final = "tag:yaml.org,2002:str"
_EXPORTED: Final = re.compile(r"^broadsheet: \{.*$", re.M)
_PAIR: Final = re.compile(r"([A-Za-z][\w -]{0,40}):[ \t]+(.+)")
#: A first line that gives a value to a name, comments aside: no text of prose begins so.
_BEGINS: Final = re.compile(
    r"(?:[ \t]*+(?:#[^\n]*+)?\n)*+[A-Za-z](?:[\w -]{0,40}:\s|[\w-]{0,40} ?=)"
)
_ATX: Final = re.compile(r"\A\s*#[ \t]+(.+)(?:\n+|\Z)")
#: A title by itself, and text under it.
_TITLED: Final = re.compile(r"\s*#[ \t]+\w[^\n]*\n[ \t]*\n\s*\S")
_SETEXT: Final = re.compile(r"\A\s*(\S[^\n]*)\n=+[ \t]*(?:\n+|\Z)")
_FEATURES: Final = re.compile(
    r"^ {0,3}(?:#{1,6} \S|```|~~~|> \S|\|[^\n]+\|[ \t]*$)"
    r"|^ {0,3}\[[^\]\n]+\]: \S|!?\[[^\[\]\n]++\]\([^)\s]{1,1000}+[^)\n]{0,1000}+\)"
    r"|^\S[^\n]*\n={3,}[ \t]*$",
    re.M,
)


def is_markdown(text: str) -> bool:
    """Whether a text is Markdown beyond doubt: front matter, or marks that prose does not have."""
    return bool(
        _YAML.match(text)
        or _TOML.match(text)
        or _TITLED.match(text)
        or len(_FEATURES.findall(text[:20_000])) >= 2
    )


def read_markdown(source: Source) -> Iterator[Article | Rejected]:
    """One article from a Markdown file; a stub when it has a link and no text."""
    text = decode(source.data)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    fields, body = _front_matter(text)
    if isinstance(fields.get("broadsheet"), dict):
        yield _exported(fields, body, source.name)
        return
    known = {str(name).strip().lower(): value for name, value in fields.items()}
    values = {field: _first(known, names) for field, names in _NAMES.items()}
    if not values["url"].startswith(("http://", "https://")):
        values["url"] = ""
    body = body.strip("\n").rstrip()
    heading = _ATX.match(body) or _SETEXT.match(body)
    title = one_line(values["title"])
    if heading:
        words = heading[1].rstrip(" \t")
        first = one_line(plain_text(words.rstrip("#") or words))
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


def _exported(fields: Mapping[str, Any], text: str, name: str) -> Article | Rejected:
    """The article of a file that was exported, and perhaps edited since, as it was or is now."""
    own = _as_json(fields["broadsheet"]) or {}  # YAML and TOML can say more than an export
    if wrong := wrong_version(own.get("version")):
        return Rejected(name, wrong)
    body = text.removeprefix("\n").removesuffix("\n")
    values: dict[str, Any] = {}
    for shared, field in SHARED.items():
        value = fields.get(shared)
        if field == "published" and not isinstance(value, str):
            value = parse_date(value)  # edited, and so YAML's idea of a date
        values[field] = value if isinstance(value, (str, list)) else _text(value)
    tags = values["tags"]
    if isinstance(tags, str):  # edited into what is no list, or no YAML
        tags = values["tags"] = list(_tags({"tags": re.sub(r"[\[\]\"']", "", tags)}))
    article = own_article({**own, **values, "tags": own.get("tags", tags), "body": body})
    if (article.state is not None and article.state.tags is not None) or "tags" in own:
        shown = clean_tags(map(_text, tags)) if isinstance(tags, (list, tuple)) else ()
        article = replace(article, state=(article.state or State())._replace(tags=shown))
    before = own.get("digest")
    if before != digest(body):
        article = replace(
            article,
            words=count_words(plain_text(body)),
            edited_from=before if isinstance(before, str) else "",
        )
    if isinstance(titled := own.get("title"), str):
        article = replace(article, title_edited=article.title != titled)
    others = {key: value for key, value in fields.items() if key not in (*SHARED, "broadsheet")}
    if others:
        article = replace(article, extra={**article.extra, **_others(others)})
    return article


def _front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """The fields and what follows them; no fields where there is no front matter."""
    if text.startswith(("---", "+++")):
        yaml = text.startswith("---")
        match = (_YAML if yaml else _TOML).match(text)
        if match is None:
            return {}, text
        fields, rest = (_yaml if yaml else _toml)(match[1])
        if rest and not fields:
            return {}, text
        body = text[match.end() :]
        return fields, "\n\n".join((rest, body.lstrip("\n"))) if rest else body
    if text.startswith("{"):
        try:
            fields, end = json.JSONDecoder().raw_decode(text)
        except (ValueError, RecursionError):
            return {}, text
        if isinstance(fields, dict) and (end == len(text) or text[end] == "\n"):
            return fields, text[end:]
    return {}, text


def _toml(block: str) -> tuple[Mapping[str, Any], str]:
    """The fields of TOML, and what of it gave none but may be text."""
    import tomllib

    fields: Mapping[str, Any] = {}
    try:
        if all(line.count(".") <= _MOST_DOTS for line in block.split("\n")):
            fields = tomllib.loads(block)
    except (ValueError, RecursionError):
        pass
    return (fields, "") if fields else _lines(block, " = ")


def _yaml(block: str) -> tuple[Mapping[str, Any], str]:
    """The fields of YAML, and what of it gave none but may be text."""
    plain = _json_lines(block)
    if plain is None and len(block) <= _LONGEST_YAML:
        plain = _plain_lines(block)
    if plain is not None:
        return plain, ""
    own = _EXPORTED.search(block)  # the lines of an export may have been edited, but not this one
    if own:
        block = block[: own.start()] + block[own.end() :]
    fields, rest = (_loaded(block) if len(block) <= _LONGEST_YAML else None), ""
    if fields is None:
        fields, rest = _lines(block)
    return {**fields, **(_json_lines(own[0]) or {})} if own else fields, rest


def _loaded(block: str) -> Mapping[str, Any] | None:
    """The fields as a parser of YAML has them; None where it is none, or no names and values."""
    import yaml

    read = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader = read(block)
    try:
        values = (each for each in yaml.parse(block, read) if isinstance(each, yaml.NodeEvent))
        if next(islice(values, _MOST_NODES, None), None) is not None:
            return None  # front matter has no more values than that
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode) or _nodes(node, {}) > _MOST_NODES:
            return None
        names = [key.value.lower() for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(set(names)) < len(names) and _KNOWN.isdisjoint(names):
            return None  # an interview: "Q: …", "A: …", and "Q: …" again
        fields = loader.construct_document(node)
        return fields if isinstance(fields, dict) else None
    except (
        yaml.YAMLError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ):  # `!!int ""`, `!!timestamp x`: what is marked as something that it is not
        return None
    finally:
        loader.dispose()


def _nodes(node: Any, known: dict[int, float]) -> float:
    """How many values a node of YAML stands for, all aliases written out; endless for a circle.

    Numbers that are names or endless become texts, as a name is one in the end: many numbers can be
    made to share a place in a dictionary.
    """
    count = known.get(id(node))
    if count is None:
        known[id(node)] = math.inf  # until it is known: an alias to what it is in
        parts = node.value if isinstance(node.value, list) else ()
        if node.tag in _NUMBERS and len(node.value) > _LONGEST_NUMBER:
            node.tag = _A_TEXT
        for pair in parts:
            if isinstance(pair, tuple) and pair[0].tag in _NUMBERS:
                pair[0].tag = _A_TEXT
        nodes = (part for pair in parts for part in (pair if isinstance(pair, tuple) else (pair,)))
        count = known[id(node)] = 1 + sum(_nodes(part, known) for part in nodes)
    return count


def _json_lines(block: str) -> dict[str, Any] | None:
    """The fields of a block all of whose lines are a name and a JSON value, as exports have them.

    What YAML makes of some numbers and words is something else; JSON is meant here.
    """
    fields: dict[str, Any] = {}
    for line in block.split("\n"):
        if not line:
            continue
        name, separator, value = line.partition(": ")
        if not separator or name in fields or not _NAME.fullmatch(name):
            return None
        try:
            fields[name] = loads(value.encode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError):
            return None
    return fields


def _plain_lines(block: str) -> dict[str, Any] | None:
    """The fields of a block of the plainest YAML, as most are, many times as fast as a parser.

    That is a name and a text, a quoted text without escapes, an address, a date, or a list of
    such in brackets; None where any line is more, or may mean something else than it says.
    """
    fields: dict[str, Any] = {}
    for line in block.split("\n"):
        if not line:
            continue
        match = _PLAIN_LINE.fullmatch(line)
        if match is None or match["name"] in fields:
            return None
        if match["items"] is not None:
            whole = match["items"].strip(" ")
            items = [item.strip(" ") for item in whole.split(",")] if whole else []
            if not all(map(_PLAIN_ITEM.fullmatch, items)) or any(map(_MEANS_MORE.fullmatch, items)):
                return None
            fields[match["name"]] = [_unquoted(item) for item in items]
        else:
            value = match["value"].rstrip(" ")
            if _MEANS_MORE.fullmatch(value):
                return None
            fields[match["name"]] = _unquoted(value)
    return fields


def _unquoted(value: str) -> str:
    return value[1:-1] if value[:1] in ("'", '"') else value


def _lines(block: str, sign: str = ": ") -> tuple[dict[str, Any], str]:
    """`name: value` lines of front matter that is not what it says it is, and the other lines.

    No fields where the lines begin otherwise or none has a name that is known: it is a text.
    """
    fields: dict[str, Any] = {}
    rest: list[str] = []
    for line in block.splitlines(keepends=True):
        match = _PAIR.match(line.replace(sign, ": ", 1))
        if match and match[1] not in fields:
            fields[match[1]] = match[2].strip().strip("\"'")
        else:
            rest.append(line)
    if not _BEGINS.match(block) or _KNOWN.isdisjoint(name.lower() for name in fields):
        return {}, block if block.strip() else ""
    return fields, "".join(rest).strip("\n")


def _value(known: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((known[name] for name in names if known.get(name) not in (None, "", [])), None)


def _first(known: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return _text(_value(known, names))


def _text(value: Any, depth: int = _DEEPEST) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        named = value.get("name") or value.get("title") or value.get("url")
        return _text(named, depth - 1) if depth else ""
    if isinstance(value, (list, tuple)):
        return ", ".join(filter(None, [_text(each, depth - 1) for each in value if depth]))
    if isinstance(value, int) and value.bit_length() > 64:
        return ""  # Python refuses to write what YAML can say in base 60
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
    others = {}
    for name, value in known.items():
        if name in _KNOWN:
            continue
        plain = _as_json(value)
        if plain is not None or value is None:
            others[name] = plain
    return others


def _as_json(value: Any) -> Any:
    """A value of YAML or TOML as JSON has it, dates as text; None for what it has no form for."""
    try:
        return json.loads(json.dumps(value, default=str))
    except (TypeError, ValueError, RecursionError):
        return None


def _state(known: Mapping[str, Any]) -> State | None:
    state = State(
        read=known.get("read") is True,
        starred=known.get("starred") is True or known.get("favorite") is True,
        archived=known.get("archived") is True,
    )
    return state if state != State() else None
