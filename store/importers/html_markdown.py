"""A tree of HTML elements to Markdown: CommonMark with tables and strikethrough.

Only what makes structure in Markdown (a list in a quote in a list) recurses, to `MAX_NESTING`;
what lies deeper is given as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from store.importers.html_flow import (
    CONTAINERS,
    DROPPED,
    HEADINGS,
    LISTS,
    MARKS,
    MAX_NESTING,
    STRUCTURES,
    Boundary,
    LineWriter,
    balanced,
    is_hidden,
    longest_run,
    text_of,
)
from store.importers.html_inline import Kind, Run, render, render_heading, split_paragraphs
from store.importers.html_table import Cell, grid, table_markdown

if TYPE_CHECKING:
    from lxml.etree import _Element

_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language-|lang-|brush:\s*|highlight-source-|highlight-|sourceCode\s+)"
    r"([A-Za-z][\w+#.-]*)"
)


class Block(NamedTuple):
    """A block of Markdown; `kind` is "list-" with its mark, or another word."""

    kind: str
    text: str


def to_markdown(root: _Element, *, base: str = "") -> str:
    """Markdown for all that is in `root`, without a line end at its end.

    Args:
        root: An element of lxml; it is not changed.
        base: Address that relative links and images are resolved against; without one they
            become their text.
    """
    blocks = _Writer(base).blocks(root)
    while blocks and blocks[0].kind == "rule":
        del blocks[0]
    while blocks and blocks[-1].kind == "rule":
        del blocks[-1]
    return "\n\n".join(block.text for block in blocks)


class _Writer(LineWriter):
    def blocks(self, element: _Element, depth: int = 0) -> list[Block]:
        """The blocks within an element; the text between them makes paragraphs."""
        blocks: list[Block] = []
        runs: list[Run] = []

        def end_paragraph() -> None:
            for paragraph in split_paragraphs(runs):
                text = render(paragraph)
                if text:
                    blocks.append(Block("paragraph", text))
            runs.clear()

        marks: list[str] = []
        for item in self.flow(element):
            if isinstance(item, str):
                runs.append(Run(Kind.TEXT, item))
            elif isinstance(item, Boundary):
                end_paragraph()
            elif item.tag in STRUCTURES:
                end_paragraph()
                blocks += self._structure(item, depth, blocks)
            elif item.tag in MARKS and item.tag in CONTAINERS:
                end_paragraph()
                blocks += self._marked(item)
            else:
                runs += self.inline(item, depth, marks)
        end_paragraph()
        return blocks

    def _structure(self, element: _Element, depth: int, before: list[Block]) -> list[Block]:
        tag = str(element.tag)
        if tag == "hr":
            return [Block("rule", "___")] if before and before[-1].kind != "rule" else []
        if tag in HEADINGS:
            text = render_heading(self.flat(element, depth, ["**"]))
            return [Block("heading", f"{'#' * HEADINGS[tag]} {text}")] if text else []
        if tag in ("pre", "listing", "xmp"):
            return _code_block(element)
        if depth >= MAX_NESTING:
            text = render([Run(Kind.TEXT, text_of(element))])
            return [Block("paragraph", text)] if text else []
        depth += 1
        if tag == "blockquote":
            inner = "\n\n".join(block.text for block in self.blocks(element, depth))
            quoted = "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))
            return [Block("quote", quoted)] if inner else []
        if tag == "figure":
            return self._figure(element, depth)
        if tag == "table":
            return self._table(element, depth)
        return self._list(element, depth, before)

    def _marked(self, element: _Element) -> list[Block]:
        """A caption or a term: one paragraph in its kind of emphasis."""
        mark = MARKS[str(element.tag)]
        runs = self.flat(element, 1, [mark])
        text = render([Run(Kind.OPEN, mark), *runs, Run(Kind.CLOSE, mark)])
        return [Block("paragraph", text)] if text else []

    def _figure(self, element: _Element, depth: int) -> list[Block]:
        """A picture and its caption; a caption that only repeats the text in its place is one."""
        blocks = self.blocks(element, depth)
        caption = element.find(".//figcaption")
        image = element.find(".//img")
        if caption is None or image is None:
            return blocks
        said = " ".join(text_of(caption).split())
        if said and " ".join((image.get("alt") or "").split()) in ("", said):
            drawn = self.image(image)
            alt = balanced(render([Run(Kind.TEXT, said)], one_line=True))
            shown = f"![{alt}]({drawn.rpartition('](')[2]}"
            if drawn and [block.text for block in blocks].count(drawn) == 1 and len(blocks) == 2:
                return [Block("paragraph", shown)]
        return blocks

    def _list(self, element: _Element, depth: int, before: list[Block]) -> list[Block]:
        items = self._items(element, depth)
        if not items:
            return []
        ordered = element.tag == "ol"
        # Two lists in a row would be one unless their marks differ (CommonMark 0.31, 5.3).
        first, second = (".", ")") if ordered else ("-", "*")
        mark = second if before and before[-1].kind == f"list-{first}" else first
        number = _start(element) if ordered else 0
        tight = all(block.kind.startswith("list-") for item in items for block in item[1:])
        lines: list[str] = []
        for item in items:
            lead = f"{number}{mark} " if ordered else f"{mark} "
            number += 1
            content = ("\n" if tight else "\n\n").join(block.text for block in item)
            indent = " " * len(lead)
            body = "\n".join(f"{indent}{line}".rstrip() for line in content.split("\n"))
            lines.append(lead + body[len(indent) :])
        return [Block(f"list-{mark}", ("\n" if tight else "\n\n").join(lines))]

    def _items(self, element: _Element, depth: int) -> list[list[Block]]:
        """The blocks of each item; a list that stands between items belongs to the one before."""
        items: list[list[Block]] = []
        for child in _entered(element, ("div",) if element.tag == "dl" else ()):
            tag = child.tag
            if not isinstance(tag, str) or tag in DROPPED or is_hidden(child):
                continue
            if tag == "dt":
                blocks = self._marked(child)
            elif tag in STRUCTURES or tag in MARKS:
                blocks = self._structure(child, depth, []) if tag in STRUCTURES else []
            else:
                blocks = self.blocks(child, depth)
            if not blocks:
                continue
            if items and (tag == "dd" or tag in LISTS):
                items[-1] += blocks
            else:
                items.append(blocks)
        return items

    def _table(self, element: _Element, depth: int) -> list[Block]:
        rows = grid(element)
        blocks: list[Block] = []
        caption = element.find("caption")
        if caption is not None:
            blocks += self._marked(caption)
        if rows is None:  # columns of a page, not of a table
            for cell in element.iter("td", "th"):
                # What lies in a cell is told with it; broken pages have cells in cells.
                if next(cell.iterancestors("table", "td", "th"), None) is element:
                    blocks += self.blocks(cell, depth)
            return blocks

        def show(cell: Cell) -> str:
            return render(self.flat(cell.element, depth, []), one_line=True)

        text = table_markdown(rows, show)
        return [*blocks, Block("table", text)] if text else blocks


def _entered(element: _Element, through: tuple[str, ...]) -> Iterator[_Element]:
    """Children, with those of wrappers in their place."""
    for child in element:
        if child.tag in through:
            yield from child
        else:
            yield child


def _code_block(element: _Element) -> list[Block]:
    text = text_of(element).replace("\r\n", "\n").rstrip()
    text = text.removeprefix("\n")
    if not text.strip():
        return []
    language = ""
    for holder in (element, *element.iterchildren("code"), *element.iterancestors("div")):
        match = _LANGUAGE.search(holder.get("class") or "")
        if match:
            language = match[1]
            break
    fence = "`" * max(3, longest_run(text) + 1)
    return [Block("code", f"{fence}{language}\n{text}\n{fence}")]


def _start(element: _Element) -> int:
    start = (element.get("start") or "").strip()
    return int(start) if re.fullmatch(r"\d{1,8}", start) else 1
