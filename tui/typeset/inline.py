"""The text of a paragraph: markdown-it's inline tokens become plain text and spans."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.typeset.model import CODE, EMPHASIS, FAINT, LINK, NOTE, STRIKE, STRONG, TO_NOTE, Span
from tui.typeset.text import joins_without_space, one_space, printable

if TYPE_CHECKING:
    from markdown_it.token import Token

_MARKS = {"strong": STRONG, "em": EMPHASIS, "s": STRIKE}
_BARE_URL = re.compile(
    r"\bhttps?://[^\s<>\"'`\u00ab\u00bb\u201c-\u201f\u3000-\u303f\uff00-\uffef]+"
)
#: What ends a sentence rather than an address.
_URL_TAIL = ".,;:!?*_~'\"\u2019\u2026)]}"
_BREAK_TAG = re.compile(r"<br\b", re.IGNORECASE)
_IMAGE_ALT = re.compile(r"<img\b[^>]*?\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the text of one block needs to know of the rest of the article.

    Attributes:
        number: Number of a footnote by its label, or None when there is no such footnote.
        has_note: Whether there is a footnote of a label, without numbering it.
        target: Where a link leads that may be followed, or "" when it may not.
    """

    number: Callable[[str], int | None]
    has_note: Callable[[str], bool]
    target: Callable[[str], str]


class InlineText:
    """Collects plain text and the spans over it.

    Args:
        lookup: What the text needs to know of the article.
        images: How many images the text consists of, if it is nothing else.  They have their
            titles below them; one that is alone needs no brackets around its description.
    """

    def __init__(self, lookup: Lookup, *, images: int = 0) -> None:
        self._lookup = lookup
        self._images = images
        self._parts: list[str] = []
        self._spans: list[Span] = []
        self._length = 0
        self._line_end = False  # a line end of the source that may become a space

    def __len__(self) -> int:
        return self._length

    @property
    def text(self) -> str:
        """The plain text so far."""
        return "".join(self._parts)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans so far; neighbours that are alike are one."""
        return tuple(self._spans)

    def add(self, text: str, marks: int = 0, link: str = "") -> None:
        """Append `text`, all with the same marks and link."""
        text = printable(text)
        if self._line_end and text:
            self._line_end = False
            last = self._parts[-1] if self._parts else ""
            if not joins_without_space(last, text):
                text = " " + text
        if not text:
            return
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        if not marks:
            return
        last_span = self._spans[-1] if self._spans else None
        if last_span and last_span.end == start and last_span[2:] == (marks, link):
            self._spans[-1] = Span(last_span.start, self._length, marks, link)
        else:
            self._spans.append(Span(start, self._length, marks, link))

    def add_tokens(self, tokens: Sequence[Token], marks: int = 0) -> None:
        """Append what `tokens` say."""
        links: list[str] = []
        open_marks = [marks]
        for token in tokens:
            kind = token.type
            link = links[-1] if links else ""
            marks = open_marks[-1] | (LINK if link else 0)
            if kind == "text":
                self._add_text(one_space(token.content), marks, link)
            elif kind == "softbreak":
                self._line_end = True
            elif kind == "hardbreak":
                self.add("\n")
            elif kind == "code_inline":
                self.add(one_space(token.content), marks | CODE, link)
            elif kind == "link_open":
                links.append(self._lookup.target(str(token.attrs.get("href", ""))))
            elif kind == "link_close":
                links.pop()
            elif kind == "image":
                self.add_image(token, marks, link)
            elif kind == "footnote_ref":
                self._add_note(str(token.meta["label"]), marks)
            elif kind == "html_inline":
                self._add_html(token.content, marks, link)
            elif kind.endswith("_open"):
                open_marks.append(open_marks[-1] | _MARKS.get(token.tag, 0))
            elif kind.endswith("_close"):
                open_marks.pop()
            else:
                self.add(one_space(token.content), marks, link)

    def add_formula(self, source: str) -> None:
        """Append a formula that stands alone, with its line ends; what encloses it goes."""
        source = source.strip()
        for opening, closing in (("$$", "$$"), ("\\[", "\\]")):
            if source.startswith(opening) and source.endswith(closing):
                source = source[len(opening) : -len(closing)].strip()
        self.add("\n".join(one_space(line.strip()) for line in source.split("\n")))

    def add_image(self, token: Token, marks: int = 0, link: str = "") -> None:
        """Append what stands for an image: its description, leading to it."""
        source = str(token.attrs.get("src", ""))
        alt = InlineText(self._lookup)
        alt.add_tokens(token.children or ())
        title = one_space(str(token.attrs.get("title", "")).replace("\n", " ")).strip()
        name = alt.text.strip() or title or source.split("?")[0].rstrip("/").rpartition("/")[2]
        target = link or self._lookup.target(source)
        marks |= FAINT | (LINK if target else 0)
        if self._images == 1 and name:
            self.add(name, marks, target)
        else:
            self.add(f"[image: {name}]" if name else "[image]", marks, target)
        if self._images and title and title != name:
            self.add(f"\n{title}")

    def _add_text(self, text: str, marks: int, link: str) -> None:
        if link or "://" not in text:
            self.add(text, marks, link)
            return
        done = 0
        for match in _BARE_URL.finditer(text):
            url = _address(match.group())
            self.add(text[done : match.start()], marks)
            target = self._lookup.target(url)
            self.add(url, marks | (LINK if target else 0), target)
            done = match.start() + len(url)
        self.add(text[done:], marks)

    def _add_note(self, label: str, marks: int) -> None:
        found = self._lookup.number(label)
        if found is None:
            self.add(f"[^{label}]", marks)
        else:
            self.add(f"[{found}]", marks | NOTE | LINK, f"{TO_NOTE}{found}")

    def _add_html(self, tag: str, marks: int, link: str) -> None:
        """Tags are dropped; line breaks and descriptions of images are kept."""
        if _BREAK_TAG.match(tag):
            self.add("\n")
        elif alt := _IMAGE_ALT.match(tag):
            self.add(f"[image: {alt[1] or alt[2] or ''}]", marks | FAINT, link)


def _address(url: str) -> str:
    """An address without the punctuation after it; brackets that it opened are its own."""
    address = url.rstrip(_URL_TAIL)
    tail = url[len(address) :]
    closing = len(tail) - len(tail.lstrip(")"))
    opened = max(0, address.count("(") - address.count(")"))
    return address + ")" * min(closing, opened)


def only_images(tokens: Sequence[Token]) -> int:
    """How many images a paragraph shows that shows nothing else; they may be links."""
    images = 0
    for token in tokens:
        if token.type == "image":
            images += 1
        elif token.type not in ("softbreak", "hardbreak", "link_open", "link_close") and (
            token.type != "text" or token.content.strip()
        ):
            return 0
    return images
