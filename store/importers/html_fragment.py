"""HTML that comes inside something else (a field of JSON, an item of a feed) to Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from store.entities import unescape
from store.importers.html_inline import escape
from store.importers.text_markup import escape_line_start
from store.sanitize import scrub

if TYPE_CHECKING:
    from lxml.etree import _Element

#: Longest HTML in characters that is parsed; of anything longer the tags are only cut out.
MAX_LENGTH = 20_000_000
#: Deepest tree that is trusted: libxml2 drops what lies deeper than 2048 elements without a word.
MAX_DEPTH = 2_000
#: Attributes of one tag; real ones have a handful, and generated ones some dozens.  Reading them
#: takes time by the square of their number.
MAX_ATTRIBUTES = 1_000

_NAMES = (
    "a|abbr|article|b|blockquote|body|br|cite|code|dd|del|div|dl|dt|em|figure|figcaption|font|"
    "h[1-6]|head|hr|html|i|img|iframe|ins|kbd|li|main|mark|ol|p|pre|q|s|section|small|span|"
    "strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|u|ul|video"
)
_TAG = re.compile(
    rf"<(?P<close>/)?(?P<name>{_NAMES})"
    r"(?P<rest>\s++[\w:-]++\s*+=\s*+(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]++)[^<>]*+|\s*/?)>"
    r"|<!doctype html|<!--",
    re.I,
)
# As browsers and libxml2 read it, quotes count behind "=" alone: a stray one swallows no text.
# Possessive: each character is looked at once.
_TAG_WHOLE = re.compile(r"""<[A-Za-z](?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+""")
_END_OF_CODE = re.compile(r"</(?:script|style)\b|\Z", re.I)
_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_ATTRIBUTE = re.compile(r"(?<![\s/])[\s/]++(?=[^\s/>=])")
_CODE_IN_MARKDOWN = re.compile(
    r"^(?P<fence>`{3,}|~{3,}).*?(?:^(?P=fence)|\Z)|(?<!`)(?P<mark>`+)(?!`).*?(?<!`)(?P=mark)(?!`)",
    re.S | re.M,
)
_PARAGRAPH_TAG = re.compile(r"<(?:p|div|h[1-6]|ul|ol|table|blockquote|section|article)\b", re.I)
_MARKDOWN = re.compile(
    r"^(?: {0,3}#{1,6} \S| {0,3}(?:[-*+]|\d+\.) \S| {0,3}> \S|\S[^\n]*\n(?:=+|-{3,})$)"
    r"|\[[^\[\]\n]+\]\([^()\s]+\)|\*\*[^*\s][^*\n]*\*\*",
    re.M,
)
_CUT = re.compile(
    r"<(script|style|iframe|form)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<[A-Za-z/!?][^<>]*>",
    re.S | re.I,
)
_BLOCK_END = re.compile(r"<(?:br|/?(?:p|div|h[1-6]|li|tr|blockquote|pre))\b[^<>]*>", re.I)
_SAMPLE = 20_000
# What the parser lets pass, as itself or as a reference, and a tree then takes from nobody: it is
# no character of XML 1.0 (2.2).
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NO_XML_REFERENCE = re.compile(r"&#(?:0*\d\d?(?!\d)|x0*[01]?[\da-f](?![\da-f])"
                               r"|0*6553[45]|x0*fff[ef])", re.I)  # fmt: skip


def looks_like_html(text: str) -> bool:
    """Whether a body is HTML and not Markdown or plain text.

    It is when it has tags of HTML outside code and nothing of Markdown, or begins with a tag of
    a block.  `if a < b` and `<name@example.org>` are no tags.
    """
    sample = text[:_SAMPLE]
    if "<" not in sample:
        return False
    start = sample.lstrip()
    if start.startswith("<") and _TAG.match(start) and _begins_block(start):
        return True
    if _MARKDOWN.search(sample):
        return False
    return bool(_TAG.search(_CODE_IN_MARKDOWN.sub("", sample)))


def markdown_of(markup: str, *, base: str = "") -> str:
    """Markdown for a piece of HTML: what a person would see, with its structure.

    Scripts, styles, forms, frames and hidden elements are left out.  Text that Markdown would
    read as markup is escaped.  It never fails: what cannot be parsed, is longer than
    `MAX_LENGTH` or nested deeper than `MAX_DEPTH` becomes its text without tags.

    Args:
        markup: HTML, whole or in pieces, well-formed or not.
        base: Address that relative links are resolved against; without one they become text.
    """
    if not markup.strip():
        return ""
    if len(markup) > MAX_LENGTH:
        return _without_tags(markup)
    from lxml.etree import LxmlError

    from store.importers.html_markdown import to_markdown

    try:
        root = parse(f"<div>{markup}</div>" if not _is_page(markup) else markup)
        if root is None or depth_of(root, MAX_DEPTH) >= MAX_DEPTH:
            return _without_tags(markup)
        return to_markdown(root, base=base)
    except (LxmlError, ValueError, RecursionError, AssertionError):
        return _without_tags(markup)


def has_swollen_tag(markup: str) -> bool:
    """Whether a tag has so many attributes that libxml2, which compares each pair, would hang."""
    place = 0
    while match := _TAG_WHOLE.search(markup, place):
        place = match.end()
        tag = match[0]
        if (
            len(tag) > 2 * MAX_ATTRIBUTES
            and len(_ATTRIBUTE.findall(_VALUE.sub("=1 ", tag))) > MAX_ATTRIBUTES
        ):
            return True
        if tag[:7].lower() in ("<script", "<style", "<style ") and (
            end := _END_OF_CODE.search(markup, place)
        ):
            place = end.start()  # what looks like a tag in code is none
    return False


def parse(markup: str) -> _Element | None:
    """The tree of a page or a piece of one; None when there is nothing in it.

    Trees deeper than libxml2's usual 256 are read, or it would drop the rest of the text.

    Raises:
        ValueError: a tag has more than `MAX_ATTRIBUTES` attributes.
        LxmlError: libxml2 cannot read it.
    """
    if has_swollen_tag(markup):
        raise ValueError(f"a tag has more than {MAX_ATTRIBUTES:,} attributes")
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
    )
    data = markup.replace("\0", "").encode("utf-8", "replace")
    root = document_fromstring(data, parser=parser) if data.strip() else None
    if root is not None and (
        _NO_XML.search(markup) or ("&#" in markup and _NO_XML_REFERENCE.search(markup))
    ):
        _without_controls(root)
    return root


def _without_controls(root: _Element) -> None:
    """Take out of a tree what would be refused where its text is moved."""
    for element in root.iter():
        if element.text and _NO_XML.search(element.text):
            element.text = scrub(element.text)[0]
        if element.tail and _NO_XML.search(element.tail):
            element.tail = scrub(element.tail)[0]
        if _NO_XML.search(element.tag):
            element.tag = "span"
        attributes = element.items()
        if any(_NO_XML.search(name + value) for name, value in attributes):
            element.attrib.clear()  # a name that holds one can be given to no other method
            for name, value in attributes:
                if not _NO_XML.search(name):
                    element.set(name, scrub(value)[0])


def depth_of(root: _Element, limit: int) -> int:
    """How deep the elements of a tree are nested, counted up to `limit`."""
    level = [root]
    depth = 0
    while level and depth < limit:
        depth += 1
        level = [child for element in level for child in element]
    return depth


def take_out(element: _Element) -> None:
    """Remove an element from its tree and leave the text that stands after it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def take_out_all(elements: Iterable[_Element]) -> None:
    """The same for many elements, in time by their number.

    `take_out` for one after another would join the text that is left anew each time.
    """
    doomed = dict.fromkeys(elements)
    for parent in dict.fromkeys(element.getparent() for element in doomed):
        if parent is None:
            continue
        before: _Element | None = None
        texts = [parent.text or ""]
        for child in [*parent, None]:
            if child in doomed:
                texts.append(child.tail or "")
                parent.remove(child)
                continue
            if len(texts) > 1:
                if before is None:
                    parent.text = "".join(texts)
                else:
                    before.tail = "".join(texts)
            if child is not None:
                before, texts = child, [child.tail or ""]


def _begins_block(start: str) -> bool:
    return (
        bool(_PARAGRAPH_TAG.match(start))
        or start[:9].lower() in ("<!doctype", "<html")
        or (start[:5].lower() == "<html")
    )


def _is_page(markup: str) -> bool:
    return bool(re.match(r"\s*(?:<!doctype|<html|<head|<body)", markup, re.I))


def _without_tags(markup: str) -> str:
    """The text of HTML that could not be parsed, by paragraphs."""
    text = _CUT.sub("", _BLOCK_END.sub("\n\n", markup))
    lines = (" ".join(line.split()) for line in unescape(text).split("\n\n"))
    return "\n\n".join(escape_line_start(escape(line)) for line in lines if line)
