"""The notes of a book: what a mark in the text leads to becomes a footnote below the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from store.importers.epub_package import resolve
from store.importers.html_fragment import take_out

if TYPE_CHECKING:
    from lxml.etree import _Element

#: More marks than any book has; the rest stay as they are.
MAX_NOTES = 50_000

_MARK = re.compile(r"zqnote(\d{1,9})qz")
_BACK = re.compile(r"\s*(?:↩\ufe0e?|⏎|↑|\^|\[?\d{1,4}[\].]?|back|return|[*†‡§])\s*", re.I)


class Notes:
    """Finds marked notes, takes them out of the text, and writes them as Markdown footnotes.

    Marked are links with `epub:type="noteref"` or `role="doc-noteref"` (EPUB 3.3; DPUB-ARIA 1.1),
    and raised links with nothing but a number or sign to an element that links back.
    """

    def __init__(self) -> None:
        self._marks: list[tuple[str, str, str]] = []  # (path, fragment, identifier of the mark)
        self._numbers: dict[tuple[str, str], int] = {}
        self._texts: dict[int, str] = {}

    def find(self, path: str, body: _Element) -> None:
        """Number the marks of one part of the book."""
        for link in list(body.iter("a")):
            link.attrib.pop("zq-note", None)  # of the book itself, it means something else
            href = link.get("href") or ""
            if not href or "#" not in href or len(self._numbers) >= MAX_NOTES:
                continue
            if not _is_mark(link):
                continue
            target = resolve(path, href)
            number = self._numbers.setdefault(target, len(self._numbers) + 1)
            link.set("zq-note", str(number))

    def take(self, trees: dict[str, _Element]) -> None:
        """Take the notes out of the parts they stand in; marks without a note stay as they are."""
        from store.importers.html_markdown import to_markdown

        wanted: dict[str, dict[str, int]] = {}
        for (path, fragment), number in self._numbers.items():
            wanted.setdefault(path, {})[fragment] = number
        for path, notes in wanted.items():
            tree = trees.get(path)
            if tree is None:
                continue
            for element in list(tree.iter()):
                number = notes.get(element.get("id") or "", 0) if element.attrib else 0
                if not number or number in self._texts or element is tree:
                    continue
                holder = _holder(element)
                if holder is tree or next(holder.iter("body"), None) is not None:
                    continue
                _drop_links_back(holder)
                self._texts[number] = to_markdown(holder)
                take_out(holder)
            _drop_empty(tree)
        for tree in trees.values():
            for link in list(tree.iter("a")):
                number = int(link.get("zq-note") or 0)
                if number in self._texts:
                    _mark(link, number)

    def finish(self, markdown: str) -> str:
        """The text with marks as Markdown has them, and below it the notes it refers to."""
        used = list(dict.fromkeys(int(match[1]) for match in _MARK.finditer(markdown)))
        if not used:
            return markdown
        number = {old: new for new, old in enumerate(used, 1)}
        body = _MARK.sub(lambda match: f"[^{number[int(match[1])]}]", markdown)
        notes = []
        for old in used:
            text = _MARK.sub("", self._texts.get(old, "")).strip()
            lines = text.split("\n")
            shown = "\n".join([lines[0], *(f"    {line}".rstrip() for line in lines[1:])])
            notes.append(f"[^{number[old]}]: {shown}")
        return "\n\n".join([body, *notes])


def _is_mark(link: _Element) -> bool:
    kinds = f"{link.get('epub-type') or ''} {link.get('role') or ''}".split()
    if "noteref" in kinds or "doc-noteref" in kinds:
        return True
    text = "".join(link.itertext()).strip()
    if not re.fullmatch(r"\[?(?:\d{1,4}|[*†‡§]{1,3})\]?", text):
        return False
    raised = next(link.iterancestors("sup"), None) is not None or link.find("sup") is not None
    return raised and "epub-type" not in link.attrib


def _holder(element: _Element) -> _Element:
    """The whole note: what is marked is often a link or paragraph at its beginning."""
    holder = element
    if holder.tag in ("a", "span", "sup"):
        for parent in element.iterancestors("li", "p", "dd", "aside", "div"):
            holder = parent
            break
    for parent in holder.iterancestors("aside", "li"):
        kinds = f"{parent.get('epub-type') or ''} {parent.get('role') or ''}"
        if "note" in kinds or parent.tag == "aside":
            return parent
        break
    return holder


def _drop_links_back(note: _Element) -> None:
    for link in list(note.iter("a")):
        kinds = f"{link.get('epub-type') or ''} {link.get('role') or ''}"
        text = "".join(link.itertext())
        local = "#" in (link.get("href") or "") and "://" not in (link.get("href") or "")
        if "backlink" in kinds or (local and _BACK.fullmatch(text)):
            holder = link.getparent()
            take_out(link)
            if (
                holder is not None
                and holder.tag == "sup"
                and not "".join(holder.itertext()).strip()
            ):
                take_out(holder)


def _drop_empty(tree: _Element) -> None:
    """Take out what held nothing but notes: lists, sections, and a heading above nothing."""
    for element in reversed(list(tree.iter("ol", "ul", "dl", "section", "aside", "div", "hr"))):
        if element.tag == "hr":
            following = element.getnext()
            if following is None and not (element.tail or "").strip():
                take_out(element)
            continue
        if not any(text.strip() for text in element.itertext()) and element.find(".//img") is None:
            take_out(element)
    rest = [child for child in tree.iter() if isinstance(child.tag, str) and child is not tree]
    said = "".join(tree.itertext()).strip()
    heads = [child for child in rest if child.tag in ("h1", "h2", "h3", "h4", "h5", "h6")]
    if heads and said == "".join("".join(head.itertext()) for head in heads).strip():
        for child in list(tree):
            tree.remove(child)


def _mark(link: _Element, number: int) -> None:
    """Put the sign for a footnote in the place of a link, and of the `sup` around it."""
    target = link
    parent = link.getparent()
    if (
        parent is not None
        and parent.tag == "sup"
        and "".join(parent.itertext()).strip() == ("".join(link.itertext()).strip())
    ):
        target = parent
    sign = f"zqnote{number}qz"
    target.tail = sign + (target.tail or "")
    before = target.getprevious()
    holder = target.getparent()
    if holder is None:
        return
    if before is None:
        holder.text = (holder.text or "").rstrip()
    else:
        before.tail = (before.tail or "").rstrip()
    take_out(target)
