"""Blocks of a plain text put together and written as Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable

from store.importers.text_blocks import Block, Kind
from store.importers.text_joining import (
    Ending,
    Vocabulary,
    ending,
    is_one_paragraph,
    join,
    starts_lower,
    starts_upper,
)
from store.importers.text_lists import Item
from store.importers.text_markup import escape_line_start, to_markdown
from store.importers.text_wrap import Wrap

#: A heading has no more characters and words than this; the paragraph after it has more.
_LONGEST_HEADING = 70
_MOST_WORDS = 10
#: A paragraph of more characters is surely one, and not a caption or a heading.
_LONG = 120
#: A paragraph of so many characters was cut nowhere: nobody writes longer ones, and to go on
#: joining would take time with the square of their number.
_LONGEST = 20_000

_NO_HEADING = re.compile(
    r"@|https?:|www\.|©|\(c\)|\d{3}[-\s]\d{3,4}|:$|^(?:photo|image|credit|source|contact|copyright|"
    r"caption|by|fig\.|figure|table|tel|phone|fax)\b",
    re.IGNORECASE,
)
_NO_HEADING_END = (".", "!", "?", ",", ";", "…", '"', "”", "。")
_NUMBERED_HEADING = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVXL]{1,6}\.?|chapter \w+\.?)(?:\s|$)", re.I
)


def mend(blocks: list[Block], wrap: Wrap, vocabulary: Vocabulary) -> list[Block]:
    """Join the paragraphs that page breaks cut, and tell headings from paragraphs."""
    joined = _join_cut(blocks, vocabulary, lambda a, b: is_one_paragraph(a.text, b.text))
    strict = _closes_its_paragraphs(joined)
    joined = _join_cut(joined, vocabulary, lambda a, b: _was_cut(a, b, wrap, strict=strict))
    for position, block in enumerate(joined):
        if _is_heading(joined, position):
            block.kind = Kind.HEADING
    return joined


def _join_cut(
    blocks: list[Block], vocabulary: Vocabulary, is_cut: Callable[[Block, Block], bool]
) -> list[Block]:
    """Join each paragraph to the one before it where `is_cut` says that they are one."""
    joined: list[Block] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if before is None or block.kind is not Kind.PARAGRAPH:
            joined.append(block)
        elif (
            before.kind is Kind.PARAGRAPH and len(before.text) < _LONGEST and is_cut(before, block)
        ):
            before.lines = [join(before.text, block.text, vocabulary)]
            before.last = block.last
        elif (
            before.kind is Kind.LIST
            and block.after_page
            and len(before.items[-1].text) < _LONGEST
            and starts_lower(block.text)
            and is_one_paragraph(before.items[-1].text, block.text)
        ):
            before.items[-1].text = join(before.items[-1].text, block.text, vocabulary)
        else:
            joined.append(block)
    return joined


def to_markdown_text(blocks: list[Block]) -> str:
    """The Markdown of a text's blocks."""
    return "\n\n".join(filter(None, map(_render, blocks)))


def _closes_its_paragraphs(blocks: list[Block]) -> bool:
    """Whether the text ends its paragraphs with punctuation, so that one without it was cut."""
    long = [b for b in blocks if b.kind is Kind.PARAGRAPH and len(b.text) > _LONG]
    closed = sum(ending(block.text) is Ending.CLOSED for block in long)
    return len(long) >= 4 and closed >= 0.6 * len(long)


def _was_cut(before: Block, after: Block, wrap: Wrap, *, strict: bool) -> bool:
    """Whether a paragraph was cut where its words alone do not tell.

    Args:
        before: A paragraph.
        after: The one after it.
        wrap: How the lines of the text were broken.
        strict: Whether the text ends its paragraphs with punctuation.
    """
    known = wrap.ends.get((before.last, after.first))
    if known is not None:
        return not known and not after.indented
    if len(before.text) <= _LONG or _ends_with_link(before.text):
        return False
    if ending(before.text) is Ending.OPEN:  # cut before a name or a number
        return after.after_page or (strict and len(after.text) > _LONG)
    # At the foot of a page a last line that is full is more often the middle of a paragraph
    # whose sentence happens to end there than the end of one.
    return after.after_page and not after.indented and wrap.is_full(before.last, after.text)


def _ends_with_link(text: str) -> bool:
    return bool(re.search(r"(?:https?://|www\.|@).", text.rsplit(None, 1)[-1]))


def _is_heading(blocks: list[Block], position: int) -> bool:
    """Whether a paragraph is a heading: a short line with no end, above a paragraph."""
    block = blocks[position]
    if block.kind is not Kind.PARAGRAPH or position + 1 >= len(blocks):
        return False
    text = block.text
    following = blocks[position + 1]
    numbered = bool(_NUMBERED_HEADING.match(text))
    closed = text.endswith(_NO_HEADING_END) and not (numbered and len(text) <= 8)
    if len(text) > _LONGEST_HEADING or len(text.split()) > _MOST_WORDS or closed:
        return False
    if _NO_HEADING.search(text) or not (starts_upper(text) or numbered):
        return False
    if (
        position
        and blocks[position - 1].kind is Kind.HEADING
        and not numbered
        and not text.isupper()
    ):
        return False
    before = blocks[position - 1] if position else None
    if before and before.kind is Kind.PARAGRAPH and ending(before.text) is not Ending.CLOSED:
        return text.isupper()
    if following.kind in (Kind.LIST, Kind.QUOTE, Kind.TABLE, Kind.CODE, Kind.VERSE):
        return text.isupper() or numbered
    return following.kind is Kind.PARAGRAPH and (
        len(following.text) > max(_LONGEST_HEADING, 1.5 * len(text)) or text.isupper()
    )


def _render(block: Block) -> str:
    match block.kind:
        case Kind.PARAGRAPH:
            return escape_line_start(to_markdown(block.text))
        case Kind.HEADING:
            return f"{'#' * (block.level or 2)} {to_markdown(block.text)}"
        case Kind.VERSE:
            return _verse(block.lines)
        case Kind.LIST:
            return _list(block.items)
        case Kind.QUOTE:
            inner = to_markdown_text(block.inner)
            return "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))
        case Kind.CODE:
            return _code(block.lines)
        case Kind.TABLE:
            return "\n".join(block.lines)
        case Kind.RULE:
            return "---"


def _verse(lines: list[str]) -> str:
    """Lines with hard breaks; their indents become non-breaking spaces."""
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    made = []
    for line in lines:
        bare = line.strip()
        indent = "\u00a0" * (len(line) - len(line.lstrip()) - margin)
        made.append(indent + escape_line_start(to_markdown(bare)))
    return "\\\n".join(made)


def _list(items: list[Item]) -> str:
    made: list[str] = []
    widths = [0]  # where the text of each open level begins
    for item in items:
        del widths[item.level + 1 :]
        while len(widths) <= item.level:
            widths.append(widths[-1] + 2)
        text = escape_line_start(to_markdown(item.text))
        if item.marker:
            made.append(f"{' ' * widths[item.level]}{item.marker} {text}")
            widths.append(widths[item.level] + len(item.marker) + 1)
        else:
            made.append(text)
    separator = "\n" if all(item.marker for item in items) else "\\\n"
    return separator.join(made)


def _code(lines: list[str]) -> str:
    longest = max((len(run) for line in lines for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join((fence, *lines, fence))
