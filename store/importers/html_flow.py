"""What stands in a line of HTML (text, emphasis, links, images, code) as runs of Markdown.

The tree is walked with a stack of its own, so that no nesting of a page, however deep, is too
deep for Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from store.importers.html_inline import Kind, Run, render
from store.sanitize import clean_url

if TYPE_CHECKING:
    from lxml.etree import _Element

#: Structure within structure beyond this becomes plain paragraphs; real articles have 10 or so.
MAX_NESTING = 40

DROPPED = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "template",
        "noscript",
        "form",
        "input",
        "button",
        "select",
        "textarea",
        "option",
        "iframe",
        "object",
        "embed",
        "applet",
        "svg",
        "canvas",
        "video",
        "audio",
        "map",
        "area",
        "dialog",
        "nav",
        "meta",
        "link",
        "base",
        "rp",
        "source",
        "track",
        "param",
        "frame",
        "frameset",
        "noframes",
        "annotation",
        "annotation-xml",
    ]
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = frozenset({"ul", "ol", "menu", "dir", "dl"})
STRUCTURES = LISTS | {"blockquote", "pre", "table", "hr", "figure", "listing", "xmp", *HEADINGS}
CONTAINERS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "aside",
        "header",
        "footer",
        "address",
        "center",
        "fieldset",
        "details",
        "summary",
        "figcaption",
        "caption",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "hgroup",
        "body",
        "html",
        "legend",
    ]
)
_BLOCKS = tuple(STRUCTURES | CONTAINERS)
MARKS = {
    "em": "*", "i": "*", "cite": "*", "dfn": "*", "strong": "**", "b": "**", "summary": "**",
    "figcaption": "*", "caption": "**", "dt": "**", "del": "~~", "s": "~~", "strike": "~~",
}  # fmt: skip
_CODE = frozenset({"code", "kbd", "samp", "tt"})
_INLINES = _CODE | {"a", "img", "br", "sup", "sub", "q", "rt"} | (MARKS.keys() - CONTAINERS)

_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_BACKTICKS = re.compile(r"`+")
_BRACKET = re.compile(r"(\\.)|([\[\]])")
_LAZY_SOURCES = ("data-src", "data-original", "data-lazy-src", "src")


class Boundary:
    """Stands in a flow where one block ends and another begins."""


_BOUNDARY = Boundary()


class LineWriter:
    """Turns elements into runs.

    Args:
        base: Address that relative links and images are resolved against, or "".
    """

    def __init__(self, base: str = "") -> None:
        self._base = base

    def flow(self, element: _Element, *, flat: bool = False) -> Iterator[str | Boundary | _Element]:
        """Text, boundaries and elements with a meaning, in order; plain containers are entered.

        Args:
            element: Its content is walked.
            flat: Whether structures are entered too, as if they were containers.
        """
        if element.text:
            yield element.text
        stack: list[tuple[Iterator[_Element], bool, str | None]] = [(iter(element), False, None)]
        while stack:
            children, is_block, tail = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                if is_block:
                    yield _BOUNDARY
                if tail:
                    yield tail
                continue
            tag = child.tag
            if not isinstance(tag, str) or tag in DROPPED or is_hidden(child):
                if tag == "input" and child.get("type", "").lower() == "checkbox":
                    yield child
                if child.tail:
                    yield child.tail
                continue
            meant = tag in _INLINES or (not flat and (tag in STRUCTURES or tag in MARKS))
            if meant and (tag not in _INLINES or flat or not _has_blocks(child)):
                yield child
                if child.tail:
                    yield child.tail
                continue
            block = tag in CONTAINERS or tag in STRUCTURES
            if block:
                yield _BOUNDARY
            if child.text:
                yield child.text
            stack.append((iter(child), block, child.tail))

    def flat(self, element: _Element, depth: int, marks: list[str]) -> list[Run]:
        """Everything in an element as one run of text."""
        runs: list[Run] = []
        for item in self.flow(element, flat=True):
            if isinstance(item, str):
                runs.append(Run(Kind.TEXT, item))
            elif isinstance(item, Boundary):
                runs.append(Run(Kind.TEXT, " "))
            else:
                runs += self.inline(item, depth, marks)
        return runs

    def inline(self, element: _Element, depth: int, marks: list[str]) -> list[Run]:
        """The runs of one element of a line; `marks` are the emphasis and links it stands in."""
        tag = element.tag
        if tag == "br":
            return [Run(Kind.BREAK)]
        if tag == "img":
            image = self.image(element)
            return [Run(Kind.RAW, image)] if image else []
        if tag == "input":
            return [Run(Kind.RAW, "[x]" if "checked" in element.attrib else "[ ]")]
        if depth >= MAX_NESTING:
            return [Run(Kind.TEXT, text_of(element))]
        depth += 1
        if tag in _CODE:
            return _code_span(text_of(element))
        if tag == "a":
            return self._link(element, depth, marks)
        if tag in ("sup", "sub"):
            return self._small(element, depth, marks)
        mark = MARKS.get(tag, "")
        if mark in marks:
            mark = ""
        if mark:
            marks.append(mark)
        runs = self.flat(element, depth, marks)
        if mark:
            marks.pop()
            return [Run(Kind.OPEN, mark), *runs, Run(Kind.CLOSE, mark)]
        if tag == "q":
            return [Run(Kind.TEXT, "“"), *runs, Run(Kind.TEXT, "”")]
        if tag == "rt":
            return [Run(Kind.TEXT, "("), *runs, Run(Kind.TEXT, ")")]
        return runs

    def _small(self, element: _Element, depth: int, marks: list[str]) -> list[Run]:
        """Raised and lowered figures have characters of their own; words stay words."""
        table = _RAISED if element.tag == "sup" else _LOWERED
        runs = self.flat(element, depth, marks)
        return [
            Run(Kind.TEXT, run.text.translate(table))
            if run.kind is Kind.TEXT and all(ord(c) in table for c in run.text.strip())
            else run
            for run in runs
        ]

    def _link(self, element: _Element, depth: int, marks: list[str]) -> list[Run]:
        runs = self.flat(element, depth, [*marks, "["])
        href = (element.get("href") or "").strip()
        if href.startswith("#"):  # within the page: there is nowhere to go
            return runs
        url = self._url(href)
        text = render(runs, one_line=True)
        if not url or not text or "[" in marks:  # links do not nest
            return runs
        plain = text_of(element).strip()
        if plain in (url, href) and ":" in plain and not re.search(r"[\s<>]", plain):
            return [Run(Kind.RAW, f"<{url}>")]
        return [Run(Kind.RAW, f"[{balanced(text)}]({_destination(url)})")]

    def image(self, element: _Element) -> str:
        """Markdown for a picture; "" when it has no address or only counts visits."""
        if any((element.get(side) or "").strip() in ("0", "1", "0px", "1px")
               for side in ("width", "height")):  # fmt: skip
            return ""
        candidates = [element.get(name) for name in _LAZY_SOURCES]
        candidates.append((element.get("srcset") or element.get("data-srcset") or "").split(" ")[0])
        url = next((url for source in candidates if source and (url := self._url(source))), "")
        alt = render([Run(Kind.TEXT, element.get("alt") or "")], one_line=True)
        if not url:
            return ""
        return f"![{balanced(alt)}]({_destination(url)})"

    def _url(self, address: str) -> str:
        try:
            return clean_url(urljoin(self._base, address.strip()) if self._base else address)
        except ValueError:
            return ""


def _has_blocks(element: _Element) -> bool:
    """Whether there is structure inside that does not fit in a line; a link may be a card."""
    if not len(element):  # most
        return False
    tags = _BLOCKS if element.tag != "a" else tuple(LISTS | {"table", "pre", "blockquote"})
    return next(element.iter(*tags), None) is not None


def is_hidden(element: _Element) -> bool:
    """Whether the page says that an element is not to be seen."""
    attributes = element.attrib
    return bool(attributes) and (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or ("style" in attributes and bool(_HIDDEN.search(attributes["style"])))
    )


def text_of(element: _Element) -> str:
    """All text in an element, line ends of `br` included."""
    parts: list[str] = [element.text or ""]
    for child in element.iterdescendants():
        if isinstance(child.tag, str):
            if child.tag == "br":
                parts.append("\n")
            if child.tag not in DROPPED:
                parts.append(child.text or "")
        parts.append(child.tail or "")
    return "".join(parts)


def _code_span(text: str) -> list[Run]:
    text = " ".join(text.split())
    if not text:
        return []
    fence = "`" * (longest_run(text) + 1 if "`" in text else 1)
    # One space on each side is taken off again by the reader (CommonMark 0.31, 6.1).
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return [Run(Kind.RAW, f"{fence}{pad}{text}{pad}{fence}")]


def longest_run(text: str) -> int:
    """Length of the longest run of backticks."""
    return max(map(len, _BACKTICKS.findall(text)), default=0)


def balanced(text: str) -> str:
    """The text of a link: brackets that do not pair would end it too early."""
    depth = 0
    for match in _BRACKET.finditer(text):
        if match[0] == "[":
            depth += 1
        elif match[0] == "]":
            depth -= 1
            if depth < 0:
                break
    return text if depth == 0 else _BRACKET.sub(lambda match: match[1] or "\\" + match[2], text)


def _destination(url: str) -> str:
    """Parentheses in an address are kept when they pair, as those of encyclopaedias do."""
    depth = 0
    for character in url:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            break
    return url if depth == 0 else url.replace("(", "%28").replace(")", "%29")
