"""What a page says about its article: in the head, in JSON-LD, in the usual classes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from store.dates import parse_date
from store.importers.html_saved import is_web_url
from store.jsontext import loads
from store.sanitize import clean_line, clean_url

if TYPE_CHECKING:
    from lxml.etree import _Element

#: Longest JSON-LD block in characters, and most objects of one, that are looked at.
_MAX_JSON = 1_000_000
_MAX_OBJECTS = 2_000
#: Most meta elements that each name an author.
_MOST_AUTHORS = 10

_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|Story|Blog|Chapter|CreativeWork)$", re.I)
_AUTHORS = (
    "author", "article:author", "citation_author", "parsely-author", "sailthru.author", "byl",
    "article:author_name", "og:article:author", "shareaholic:article_author_name", "authors",
    "dc.creator", "dcterms.creator", "dc.creator.personalname",
)  # fmt: skip
#: Labels of what a card of Twitter shows; WordPress writes the author there.
_WRITTEN_BY = frozenset(
    {"written by", "author", "by", "geschrieben von", "verfasst von", "autor", "écrit par",
     "escrito por", "scritto da", "geschreven door", "napisane przez", "skrevet av", "skriven av"}
)  # fmt: skip


@dataclass(slots=True)
class Metadata:
    """What the page itself says; "" or empty where it says nothing.

    Attributes:
        named: Contents of the meta elements by name.
        authors: Those of the JSON-LD.
        people: Those of them that it says are persons.
        named_authors: Those of meta elements, best first; some are addresses.
        published: When it was published, as JSON-LD says.
    """

    named: dict[str, str] = field(default_factory=dict)
    headline: str = ""
    title: str = ""
    authors: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    named_authors: list[str] = field(default_factory=list)
    published: str = ""
    summary: str = ""
    site: str = ""
    url: str = ""
    lang: str = ""
    image: str = ""


def read_metadata(root: _Element, saved_from: str) -> Metadata:
    """Gather the metadata of a page.

    Args:
        root: The whole page; it is not changed.
        saved_from: The address the page was saved from, or "".
    """
    found = Metadata(title=clean_line(root.findtext(".//title") or ""))
    links: dict[str, str] = {}
    several: dict[str, list[str]] = {}
    for element in root.iter("meta", "link"):
        if element.tag == "link":
            for rel in (element.get("rel") or "").lower().split():
                links.setdefault(rel, element.get("href") or "")
            continue
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = clean_line(element.get("content") or "")
        if name and content:
            name = name.strip().lower()
            found.named.setdefault(name, content)
            if name in _AUTHORS and len(several.setdefault(name, [])) < _MOST_AUTHORS:
                several[name].append(content)
    _read_json(root, found)
    named = found.named
    found.site = found.site or named.get("og:site_name") or named.get("application-name", "")
    found.url = _address(
        [links.get("canonical", ""), named.get("og:url", ""), found.url], saved_from
    )
    found.lang = _language(
        root.get("lang") or root.get("xml:lang") or named.get("content-language", "")
        or named.get("og:locale", "") or named.get("language", "")
    )  # fmt: skip
    image = named.get("og:image") or named.get("twitter:image") or found.image
    found.image = clean_url(_joined(found.url or saved_from, image))
    found.named_authors = _named_authors(named, several)
    return found


def _named_authors(named: dict[str, str], several: dict[str, list[str]]) -> list[str]:
    """What meta elements say of the author, best first; those of several elements are one text."""
    found = []
    for name in _AUTHORS:
        texts = several.get(name, [])
        if name == "citation_author":  # "Okonjo, Ruth"
            texts = [" ".join(reversed(text.split(", "))) if text.count(", ") == 1 else text
                     for text in texts]  # fmt: skip
        if texts:
            found.append("; ".join(dict.fromkeys(texts)))
    found += [
        named.get(f"twitter:data{number}", "")
        for number in "12"
        if named.get(f"twitter:label{number}", "").casefold() in _WRITTEN_BY
    ]
    creator = named.get("twitter:creator", "")
    return [*found, creator] if creator and "@" not in creator else found


def _read_json(root: _Element, found: Metadata) -> None:
    objects: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "") or not script.text:
            continue
        if len(script.text) > _MAX_JSON:
            continue
        try:
            objects += _objects(loads(script.text.strip().encode("utf-8", "replace")))
        except (ValueError, RecursionError):
            continue
    by_id = {item["@id"]: item for item in objects if isinstance(item.get("@id"), str)}

    def resolved(value: Any) -> Any:
        if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
            return by_id.get(str(value.get("@id")), value)
        return value

    for item in objects:
        kinds = item.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if "WebSite" in kinds and not found.site:
            found.site = _name(item)
        if found.headline or not any(isinstance(k, str) and _ARTICLE.search(k) for k in kinds):
            continue
        found.headline = clean_line(_string(item.get("headline")) or _string(item.get("name")))
        authors = item.get("author") or item.get("creator") or []
        authors = authors if isinstance(authors, list) else [authors]
        authors = [resolved(author) for author in authors[:_MOST_AUTHORS]]
        found.authors = [name for author in authors if (name := _name(author))]
        found.people = [
            name for author in authors
            if isinstance(author, dict) and author.get("@type") == "Person"
            and (name := _name(author))
        ]  # fmt: skip
        found.published = parse_date(_string(item.get("datePublished")))
        found.summary = clean_line(_string(item.get("description")))
        found.site = _name(resolved(item.get("publisher"))) or found.site
        page = item.get("mainEntityOfPage")
        found.url = _string(item.get("url")) or _string(
            page.get("@id") if isinstance(page, dict) else page
        )
        image = resolved(item.get("image"))
        image = image[0] if isinstance(image, list) and image else image
        found.image = _string(image.get("url") if isinstance(image, dict) else image)


def _objects(value: Any) -> list[dict[str, Any]]:
    """Objects of a JSON-LD block that may be things of their own, outer ones first."""
    found: list[dict[str, Any]] = []
    queue: list[Any] = [value]
    for item in queue:
        if len(queue) > _MAX_OBJECTS:
            break
        if isinstance(item, list):
            queue += item
        elif isinstance(item, dict):
            found.append(item)
            queue += [item.get("@graph"), item.get("mainEntity"), item.get("mainEntityOfPage")]
    return found


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _name(value: Any) -> str:
    if isinstance(value, dict):
        parts = (_string(value.get("givenName")), _string(value.get("familyName")))
        value = value.get("name") or " ".join(filter(None, parts))
    if isinstance(value, list):
        value = next(iter(value), "")
    return clean_line(_string(value))


def _address(candidates: Iterable[str], saved_from: str) -> str:
    """The page's own address; one of the site's front page is a mistake on any other page."""
    for candidate in candidates:
        url = clean_url(_joined(saved_from, candidate.strip()))
        if is_web_url(url) and (not saved_from or _path(url) or not _path(saved_from)):
            return url
    return saved_from


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path.strip("/") + parts.query


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address) if base and address else address
    except ValueError:
        return ""


def _language(tag: str) -> str:
    tag = tag.split(",")[0].strip().replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", tag) else ""
