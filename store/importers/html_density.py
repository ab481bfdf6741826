"""A second opinion on where the article of a page is: the part with the most running text.

It is quick and knows nothing of sites or class names but a few.  It serves where the first
extraction found much less text than there is.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, NamedTuple

from store.importers.html_flow import DROPPED, is_hidden
from store.importers.html_fragment import take_out

if TYPE_CHECKING:
    from lxml.etree import _Element

#: A paragraph with fewer characters is no running text by itself; ideographs count threefold.
_PARAGRAPH = 60
#: One article has no fewer paragraphs where it is found against the first opinion.
_PARAGRAPHS = 8
#: ... unless it has this share of the page's text.
_MOST = 0.75
_ALL = 0.93
#: A part of a page is taken before all of it when it has this share of the running text.
_OF_BODY = 0.35
#: Share of a paragraph's or a list's text that may be links.
_LINKS = 0.5

_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_OUTSIDE = frozenset({"nav", "footer", "aside", "header", "form", "figure", "button", "address"})
_NOISE = re.compile(
    r"comment|respond|disqus|sidebar|related|recommend|promo|share|social|newsletter|subscri|footer|"
    r"cookie|consent|breadcrumb|popular|trending|sponsor|advert|teaser|widget|outbrain|taboola",
    re.I,
)


class Dense(NamedTuple):
    """The part of a page with the most running text, its length, and that of all text of the page.

    Lengths are in characters.
    """

    element: _Element
    length: int
    page: int


def densest(root: _Element) -> Dense | None:
    """The element that holds most of the page's running text and little else, if there is any.

    Of each element the running text `good` and all text `total` are known; the best has the
    largest `good * good / total`, which is the share of the page's text that it holds times the
    share of what it holds that is text.
    """
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    place = {element: index for index, element in enumerate(elements)}
    good = [0] * len(elements)
    total = [0] * len(elements)
    outside = _outside(elements, place)
    own = [0 if off else _own_text(e) for e, off in zip(elements, outside, strict=True)]
    for index, element in enumerate(elements):
        total[index] += own[index]
        if own[index] >= _PARAGRAPH and element.tag not in ("a", "script", "style", "option"):
            good[index] += own[index]
    best = whole = -1
    worth = 0.0
    for index in range(len(elements) - 1, 0, -1):
        if total[index] and good[index]:
            value = good[index] * good[index] / total[index]
            if elements[index].tag == "body":
                whole = index
            elif value > worth and elements[index].tag not in ("p", "li", "span", "td"):
                best, worth = index, value
        parent = elements[index].getparent()
        if parent is not None:
            above = place[parent]
            good[above] += good[index]
            total[above] += total[index]
    if whole >= 0 and (best < 0 or good[best] < _OF_BODY * good[whole]):
        best = whole
    return Dense(elements[best], good[best], sum(own)) if best >= 0 else None


def _outside(elements: list[_Element], place: dict[_Element, int]) -> list[bool]:
    """Which elements stand where no article does."""
    outside = [False] * len(elements)
    for index, element in enumerate(elements):
        parent = element.getparent()
        if parent is not None and outside[place[parent]]:
            outside[index] = True
            continue
        tag = element.tag
        if tag in DROPPED or tag in _OUTSIDE:
            outside[index] = tag not in ("head", "body")
        elif tag not in ("html", "body", "main", "article", "p"):
            name = f"{element.get('class') or ''} {element.get('id') or ''}"
            outside[index] = bool(name.strip() and _NOISE.search(name)) or is_hidden(element)
    return outside


def _own_text(element: _Element) -> int:
    """Length of the text that stands in an element itself or in marks within its lines."""
    if element.tag in _IN_LINE:
        return 0
    length = linked = 0
    stack = [(element, False)]
    while stack:
        item, link = stack.pop()
        if item is not element and (not isinstance(item.tag, str) or item.tag not in _IN_LINE):
            continue
        link = link or item.tag == "a"
        said = _length(item.text)
        length += said
        linked += said if link else 0
        for child in item:
            length += _length(child.tail)
            linked += _length(child.tail) if link else 0
            stack.append((child, link))
    return length if linked <= _LINKS * length else 0


_IN_LINE = frozenset(
    {"a", "b", "strong", "i", "em", "u", "span", "font", "small", "sub", "sup", "mark", "abbr",
     "cite", "code", "q", "time", "del", "ins", "s", "dfn", "var", "samp", "kbd", "wbr", "br"}
)  # fmt: skip


def _length(text: str | None) -> int:
    if not text or text.isspace():
        return 0
    bare = text.strip()
    return len(bare) if bare.isascii() else len(bare) + 2 * len(_WIDE.findall(bare))


def is_one_text(dense: Dense) -> bool:
    """Whether a part of a page holds one article, and not several or the teasers of others."""
    element = dense.element
    if element.tag == "body":  # a bare page
        return dense.length > _ALL * dense.page and element.find(".//article") is None
    if sum(1 for _ in element.iter("p")) < _PARAGRAPHS and dense.length < _MOST * dense.page:
        return False
    articles = sum(1 for _ in element.iter("article")) + sum(1 for _ in element.iter("h1"))
    teasers = 0
    for heading in element.iter("h2", "h3", "h4"):
        parent = heading.getparent()
        teasers += heading.find(".//a") is not None or (parent is not None and parent.tag == "a")
    return articles <= 2 and teasers <= 2


def cleaned(element: _Element) -> _Element:
    """A copy of an element without what stands in it that is no text of the article."""
    copy: _Element = deepcopy(element)
    copy.tail = None
    text = sum(_length(text) for text in copy.itertext())
    running = [inner for inner in copy.iterdescendants() if _is_running(inner)]
    if running and text > 2 * sum(
        map(_own_text, running)
    ):  # the paragraphs, and nothing of what is around
        for inner in list(copy):
            copy.remove(inner)
        copy.text = None
        for paragraph in running:
            if not any(outer in running for outer in paragraph.iterancestors()):
                paragraph.tail = None
                copy.append(paragraph)
        return copy
    for inner in list(copy.iter()):
        if inner is copy or not isinstance(inner.tag, str):
            continue
        name = f"{inner.get('class') or ''} {inner.get('id') or ''}"
        noise = inner.tag not in ("p", "main", "article") and bool(_NOISE.search(name))
        if inner.tag in ("nav", "footer", "aside", "form") or noise or _is_links(inner):
            take_out(inner)
    return copy


def _is_running(element: _Element) -> bool:
    return (
        isinstance(element.tag, str)
        and element.tag not in DROPPED
        and (_own_text(element) >= _PARAGRAPH)
    )


def _is_links(element: _Element) -> bool:
    """Whether a list has nothing but links in it."""
    if element.tag not in ("ul", "ol"):
        return False
    text = sum(map(len, element.itertext()))
    linked = sum(len("".join(link.itertext())) for link in element.iter("a"))
    return text > 0 and linked > 0.8 * text
