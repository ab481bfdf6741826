"""The article in a page: trafilatura finds it, and what it would lose is kept for it.

trafilatura tells an article from the page around it better than anything else, but its trees
have no captions, rules or languages of code.  So these are put by before, with a paragraph in
their place that names them, and come back afterwards.
"""

from __future__ import annotations

import logging
import re
from copy import deepcopy
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from store.importers.html_density import cleaned, densest, is_one_text
from store.importers.html_fragment import take_out

if TYPE_CHECKING:
    from lxml.etree import _Element

_log = logging.getLogger(__name__)

#: Pages with more elements, whole books, are not searched for the article, which would take
#: minutes: the time grows with the square.
MAX_ELEMENTS = 50_000

#: Cells of one row; the text of more stays as text.
MAX_CELLS = 500

#: The second opinion counts from so many characters on, when the first has less than this share.
_MUCH = 400
_HALF = 0.55
#: What the first found is no article when it has fewer characters.
_LITTLE = 400

_PRINT = re.compile(r"(?:^|[\s_-])(?:print-?(?:only|header|logo|footer)|visible-print\S*)", re.I)
_POST = re.compile(r"twitter-tweet|embed|social", re.I)
_KEY = re.compile(r"zqkept(\d{1,9})qz\s?")
_MARKS = {
    "#i": "em", "#b": "strong", "#u": "span", "#t": "code", "#sub": "sub", "#sup": "sup",
}  # fmt: skip
_NAMES = {
    "ref": "a", "graphic": "img", "quote": "blockquote", "lb": "br", "row": "tr", "del": "del",
}  # fmt: skip
# Pages saved by a browser have their pictures in a folder beside them.
_BESIDE = re.compile(r"^(?:\./)?[^/:?#]+(?:_files|-Dateien|_archivos|_fichiers|_file)/", re.I)


def extract(root: _Element, base: str, image: str) -> _Element:
    """Find the article of a page.

    Args:
        root: The whole page; it is changed.
        base: Address of the page, for relative links, or "".
        image: Address of the lead picture, to know it again among pictures saved beside the page.

    Returns:
        An element with the article in HTML: empty when nothing was found, the page's main part
        when it could not be searched, the part with most text when that is twice as much.
    """
    from lxml.etree import Element

    _complete_addresses(root, base, image)
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        return _largest_part(root)
    for cell in root.iter("td", "th"):  # spans are filled with cells one by one
        for name in ("colspan", "rowspan"):
            if len(cell.get(name) or "") > 2:
                del cell.attrib[name]
    for row in root.iter("tr"):  # their cells are counted for each of them
        for cell in row[MAX_CELLS:]:
            cell.tag = "span"
    _drop_print(root)
    kept = _put_by(root)
    try:
        document = _extractor()(
            root, url=base or None, fast=True, output_format="markdown", with_metadata=False,
            include_comments=False, include_formatting=True, include_links=True,
            include_images=True, include_tables=True,
        )  # fmt: skip
    except (Exception, RecursionError):  # pages are stranger than any list of errors
        _log.debug("extraction failed", exc_info=True)
        _bring_back(root, kept)
        return _largest_part(root)
    body: _Element = Element("body") if document is None else document.body
    _to_html(body)
    dense = densest(root)
    if dense is not None and dense.length > _MUCH:
        found = sum(len(text.strip()) for text in body.itertext())
        if found < _HALF * dense.length and (found < _LITTLE or is_one_text(dense)):
            _bring_back(root, kept)
            return cleaned(dense.element)
    _bring_back(body, kept)
    return body


def _drop_print(root: _Element) -> None:
    """Take out what is shown on paper only."""
    for element in root.xpath("//*[contains(@class, 'print')]"):
        if _PRINT.search(element.get("class") or ""):
            take_out(element)


def _largest_part(root: _Element) -> _Element:
    """What the page itself marks as its article or main part, or all of it."""
    parts: list[_Element] = root.xpath("//article | //main | //*[@role='main']") or [root]
    return max(parts, key=lambda part: sum(map(len, part.itertext())))


@cache
def _extractor() -> Any:
    """trafilatura, told not to log each page that is odd."""
    from trafilatura import bare_extraction

    for name in ("trafilatura", "htmldate", "courlan", "justext"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return bare_extraction


def _complete_addresses(root: _Element, base: str, image: str) -> None:
    if base and (holder := root.find(".//base[@href]")) is not None:
        base = _join(base, holder.get("href") or "")
    origin = base[: base.find("/", 8)] if base.count("/") > 2 else base
    for element in root.iter("a", "img"):
        name = "href" if element.tag == "a" else "src"
        address = (element.get(name) or "").strip()
        if name == "src" and _BESIDE.match(address):
            same = image and image.rpartition("/")[2] == address.rpartition("/")[2]
            element.set(name, image if same else "")
        elif address and base and not address.startswith(("http://", "https://", "#", "data:")):
            rooted = address[0] == "/" and address[:2] != "//" and "/." not in address
            element.set(name, origin + address if rooted else _join(base, address))


def _join(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def _put_by(root: _Element) -> list[_Element]:
    """Replace what trafilatura loses by a paragraph with a key and, for its weight, the text."""
    from lxml.html import Element

    kept: list[_Element] = []
    for element in list(root.iter("pre", "figure", "hr")):
        caption = element.find(".//figcaption") if element.tag == "figure" else None
        if element.tag == "figure" and (caption is None or element.find(".//table") is not None):
            continue
        parent = element.getparent()
        if parent is None or next(element.iterancestors("pre", "figure"), None) is not None:
            continue
        shown = element if caption is None else caption
        text = " ".join("".join(shown.itertext()).split())
        stand_in = Element("p")
        stand_in.text = f"zqkept{len(kept)}qz {text}"
        stand_in.tail, element.tail = element.tail, None
        parent.replace(element, stand_in)
        kept.append(element)
    for element in root.iter("blockquote"):  # embedded posts are dropped by their class
        if not _POST.search(element.get("class") or ""):
            continue
        for around in (element, *islice(element.iterancestors("div", "figure", "aside"), 2)):
            if _POST.search(around.get("class") or "") and len(around) < 4:
                around.tag = "div" if around is not element else around.tag
                del around.attrib["class"]
    for element in root.iter("q"):  # taken for a block quote otherwise
        element.tag = "span"
        element.text = "“" + (element.text or "")
        if len(element):
            element[-1].tail = (element[-1].tail or "") + "”"
        else:
            element.text += "”"
    return kept


def _bring_back(body: _Element, kept: list[_Element]) -> None:
    if not kept:
        return
    for element in list(body.iter()):
        match = _KEY.match(element.text or "")
        if match and element.tag == "p" and int(match[1]) < len(kept):
            original = deepcopy(kept[int(match[1])])
            original.tail = element.tail
            parent = element.getparent()
            if parent is not None:
                parent.replace(element, original)
            continue
        if element.text and "zqkept" in element.text:
            element.text = _KEY.sub("", element.text)
        if element.tail and "zqkept" in element.tail:
            element.tail = _KEY.sub("", element.tail)


def _to_html(body: _Element) -> None:
    """The names of trafilatura's trees (TEI) to those of HTML."""
    for element in body.iter():
        tag = element.tag
        rend = element.get("rend") or ""
        if tag == "hi":
            element.tag = _MARKS.get(rend, "span")
        elif tag == "head":
            element.tag = rend if re.fullmatch(r"h[1-6]", rend) else "h3"
        elif tag == "list":
            element.tag = rend if rend in ("ul", "ol", "dl") else "ul"
        elif tag == "item":
            element.tag = rend[:2] if rend.startswith(("dt", "dd")) else "li"
        elif tag == "cell":
            element.tag = "th" if element.get("role") == "head" else "td"
        elif tag == "code" and "\n" in "".join(element.itertext()):
            element.tag = "pre"
        elif tag in _NAMES:
            element.tag = _NAMES[tag]
            if tag == "ref":
                element.set("href", element.get("target") or "")
