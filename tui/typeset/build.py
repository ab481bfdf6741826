"""A block's tokens become paragraphs: text, decoration on the left, air above."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.typeset.inline import InlineText, Lookup, only_images
from tui.typeset.model import (
    BACK,
    FAINT,
    HEADINGS,
    LINK,
    STRONG,
    Grid,
    Kind,
    Paragraph,
    Prefix,
    Role,
    Span,
)
from tui.typeset.setting import DEFAULT, Setting
from tui.typeset.text import html_text, printable

if TYPE_CHECKING:
    from markdown_it.token import Token

#: Indent of a definition below its term, and of a formula that stands alone.
_DEFINITION_INDENT, _FORMULA_INDENT = "    ", "  "
#: Before the description of an image that stands alone and is not framed.
_IMAGE = "image: "
_TASK = re.compile(r"\[([ xX])\][ \t]")
#: Blank lines above a heading, by level: the parts of an article stand apart.
_HEADING_AIR = (2, 2, 2, 1, 1, 1)


@dataclass(slots=True)
class _Container:
    """A quote, list item or note that paragraphs are in.

    Attributes:
        marker: Decoration of its first line; taken by the first paragraph.
        rest: Decoration of the other lines, as wide.
        role: Role of both.
        under: Whether it begins right under what is before, without a blank line.
        used: Whether a paragraph was put in it.
    """

    marker: str
    rest: str
    role: Role
    under: bool = False
    used: bool = False


@dataclass(slots=True)
class _List:
    """An open list.

    Attributes:
        number: Number of the next item; None for bullets.
        width: Cells of the widest number with its full stop.
        depth: Lists with bullets it is in.
        tight: Whether there are no blank lines between its items.
        used: Whether a paragraph was put in it.
    """

    number: int | None
    width: int
    depth: int
    tight: bool
    used: bool = False


def build(tokens: Sequence[Token], lookup: Lookup, setting: Setting = DEFAULT) -> list[Paragraph]:
    """Paragraphs of a block, without the footnotes that are shown elsewhere.

    Args:
        tokens: What `markdown.parse` made of the block.
        lookup: Numbers of footnotes, and where links lead.
        setting: Its signs decorate the paragraphs.
    """
    body, _ = part_notes(tokens, lookup.has_note)
    return _Builder(lookup, setting).run(body)


def build_note(
    tokens: Sequence[Token], label: str, lookup: Lookup, setting: Setting = DEFAULT
) -> list[Paragraph]:
    """Paragraphs of the footnote `label` (see `part_notes`), with its number before them.

    The last paragraph ends with a link back to where the note is referred to.
    """
    builder = _Builder(lookup, setting, Role.NOTE_TEXT)
    own = lookup.number(label) or 0
    marker = f"Note {own}: " if setting.plain else f"{own}. "
    builder.containers.append(_Container(marker, " " * len(marker), Role.MARKER))
    paragraphs = builder.run(tokens)
    if not paragraphs or paragraphs[-1].kind is not Kind.TEXT:
        builder.put(Paragraph("", role=Role.NOTE_TEXT))
    last = paragraphs[-1]
    start = len(last.text)
    last.text += f" {setting.signs.back}"
    back = Span(start + 1, len(last.text), FAINT | LINK, f"{BACK}{own}")
    last.spans = (*last.spans, back)
    return paragraphs


def part_notes(
    tokens: Sequence[Token], has_note: Callable[[str], bool]
) -> tuple[list[Token], dict[str, list[Token]]]:
    """Part `tokens` into what is shown in place and the footnotes, by label (the first wins).

    What the article does not have as a footnote, as `has_note` says, is shown in place.
    """
    notes: dict[str, list[Token]] = {}
    inside: list[list[Token]] = [[]]  # the body, and the footnotes that are open
    for token in tokens:
        if token.type == "footnote_reference_open":
            label = str(token.meta["label"])
            if has_note(label):
                inside.append([])
                notes.setdefault(label, inside[-1])
            else:
                inside.append(inside[-1])
        elif token.type == "footnote_reference_close":
            inside.pop()
        else:
            inside[-1].append(token)
    return inside[0], notes


class _Builder:
    """Walks the tokens and keeps what is open."""

    def __init__(self, lookup: Lookup, setting: Setting = DEFAULT, role: Role = Role.TEXT) -> None:
        self.lookup = lookup
        self.plain = setting.plain
        self.framed = setting.frames and not setting.plain
        self.signs = setting.signs
        self.role = role
        self.paragraphs: list[Paragraph] = []
        self.containers: list[_Container] = []
        self.lists: list[_List] = []
        self.quotes = 0

    def run(self, tokens: Sequence[Token]) -> list[Paragraph]:
        """Take in the tokens; returns all paragraphs."""
        heading = 0
        hidden = term = False
        index = 0
        while index < len(tokens):
            token = tokens[index]
            kind = token.type
            if kind == "heading_open":
                heading = int(token.tag[1])
            elif kind == "heading_close":
                heading = 0
            elif kind == "paragraph_open":
                hidden = token.hidden
            elif kind == "inline":
                if heading:
                    self._heading(token, heading)
                elif term:
                    self._term(token)
                else:
                    self._text(token, hidden)
            elif kind in ("fence", "code_block"):
                self._code(token)
            elif kind == "formula_block":
                self._formula(token)
            elif kind in ("dt_open", "dt_close"):
                term = kind == "dt_open"
            elif kind == "dd_open":
                self._open_definition()
            elif kind == "hr":
                self.put(Paragraph("", kind=Kind.BREAK))
            elif kind == "html_block":
                for text in html_text(token.content):
                    self.put(Paragraph(text, role=self._text_role()))
            elif kind == "table_open":
                index = self._table(tokens, index)
            elif kind in ("bullet_list_open", "ordered_list_open"):
                self._open_list(tokens, index)
            elif kind in ("bullet_list_close", "ordered_list_close"):
                self.lists.pop()
            elif kind == "list_item_open":
                self._open_item()
            elif kind == "blockquote_open":
                self.quotes += 1
                self.containers.append(_Container(self.signs.bar, self.signs.bar, Role.BAR))
            elif kind in ("list_item_close", "blockquote_close", "dd_close"):
                self.quotes -= kind == "blockquote_close"
                self._close()
            index += 1
        return self.paragraphs

    def put(self, paragraph: Paragraph, *, tight: bool = False) -> None:
        """Add a paragraph where we are, with what is open decorating it.

        Args:
            paragraph: The paragraph; its `above` is kept if there is air here at all.
            tight: Whether it is text of a list without blank lines.
        """
        gap: list[tuple[str, Role]] = []
        first: list[tuple[str, Role]] = []
        rest: list[tuple[str, Role]] = []
        shared = True
        under = any(container.under and not container.used for container in self.containers)
        for container in self.containers:
            shared = shared and container.used
            if shared:
                gap.append((container.rest, container.role))
            first.append((container.rest if container.used else container.marker, container.role))
            rest.append((container.rest, container.role))
            container.used = True
        if self.paragraphs and self.containers:
            paragraph.above = 0 if under or (tight and self._closed_up()) else 1
        for part in self.lists:
            part.used = True
        paragraph.first, paragraph.rest = tuple(first), tuple(rest)
        paragraph.gap = _trimmed(gap)
        self.paragraphs.append(paragraph)

    def _in_tight_list(self) -> bool:
        return bool(self.lists) and self.lists[-1].tight

    def _closed_up(self) -> bool:
        """Whether text of a tight list goes on without a blank line above it."""
        # Text of a definition is tight too, in a list or not.
        if not self.lists or self.paragraphs[-1].kind not in (Kind.TEXT, Kind.HEADING):
            return False
        return self.lists[-1].used or (len(self.lists) > 1 and self.lists[-2].tight)

    def _text_role(self) -> Role:
        return Role.QUOTE if self.quotes else self.role

    def _text(self, token: Token, tight: bool) -> None:
        children = token.children or []
        if self.lists and not self.containers[-1].used:
            children = self._task(children)
        images = only_images(children)
        line = InlineText(self.lookup, images=images)
        line.add_tokens(children)
        role = Role.CAPTION if images else self._text_role()
        self.put(Paragraph(line.text, line.spans, role=role), tight=tight)
        if images == 1 and not self.framed:
            caption = self.paragraphs[-1]
            caption.first = (*caption.first, (_IMAGE, Role.MARKER))
            caption.rest = (*caption.rest, (" " * len(_IMAGE), Role.MARKER))

    def _task(self, children: list[Token]) -> list[Token]:
        """An item that begins with a box is marked with the box instead of a bullet."""
        item = self.containers[-1]
        if item.role is not Role.MARKER or not children or children[0].type != "text":
            return children
        task = _TASK.match(children[0].content)
        if task is None:
            return children
        box = self.signs.open_task if task.group(1) == " " else self.signs.done_task
        item.marker, item.rest = box, " " * cell_len(box)
        first = children[0].copy(content=children[0].content[task.end() :])
        return [first, *children[1:]]

    def _heading(self, token: Token, level: int) -> None:
        line = InlineText(self.lookup)
        line.add_tokens(token.children or [])
        role = HEADINGS[level - 1]
        heading = Paragraph(
            line.text, line.spans, kind=Kind.HEADING, role=role, above=_HEADING_AIR[level - 1]
        )
        self.put(heading)
        if self.plain:
            heading.first = (*heading.first, ("#" * level + " ", role))

    def _term(self, token: Token) -> None:
        """A term stands out above its definitions."""
        line = InlineText(self.lookup)
        line.add_tokens(token.children or [], STRONG)
        self.put(Paragraph(line.text, line.spans, role=self._text_role()))

    def _open_definition(self) -> None:
        indent = _DEFINITION_INDENT
        self.containers.append(_Container(indent, indent, Role.TEXT, under=True))

    def _formula(self, token: Token) -> None:
        line = InlineText(self.lookup)
        line.add_formula(token.content)
        self.containers.append(_Container(_FORMULA_INDENT, _FORMULA_INDENT, Role.TEXT))
        self.put(Paragraph(line.text, role=self._text_role()))
        self.containers.pop()

    def _code(self, token: Token) -> None:
        text = token.content[:-1] if token.content.endswith("\n") else token.content
        info = token.info.split(maxsplit=1) if token.type == "fence" else []
        self.put(
            Paragraph(
                printable(text.expandtabs(4)),
                kind=Kind.CODE,
                role=Role.CODE_BLOCK,
                language=printable(info[0]).strip("{}.").lower() if info else "",
            )
        )

    def _table(self, tokens: Sequence[Token], index: int) -> int:
        """Read a whole table; returns the index of its last token."""
        line = InlineText(self.lookup)
        rows: list[list[tuple[int, int]]] = []
        align: list[str] = []
        while tokens[index].type != "table_close":
            token = tokens[index]
            if token.type == "tr_open":
                if rows:
                    line.add("\n")
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                if token.type == "th_open":
                    align.append(str(token.attrs.get("style", "")).rpartition(":")[2] or "left")
                if rows[-1]:
                    line.add("\t")
            elif token.type == "inline":
                start = len(line)
                line.add_tokens(token.children or [])
                rows[-1].append((start, len(line)))
            index += 1
        grid = Grid(tuple(tuple(row) for row in rows), tuple(align))
        self.put(
            Paragraph(line.text, line.spans, kind=Kind.TABLE, role=self._text_role(), grid=grid)
        )
        return index

    def _open_list(self, tokens: Sequence[Token], index: int) -> None:
        opening = tokens[index]
        tight, items = True, 0
        for token in tokens[index + 1 :]:
            if token.level == opening.level and token.nesting == -1:
                break
            if token.level == opening.level + 1 and token.type == "list_item_open":
                items += 1
            elif token.level == opening.level + 2 and token.type == "paragraph_open":
                tight = tight and token.hidden
        number, width = None, 1
        if opening.type == "ordered_list_open":
            number = int(opening.attrs.get("start", 1))
            width = max(len(str(number + items - 1)), opening.meta.get("digits", 1)) + 1
        depth = sum(part.number is None for part in self.lists)
        self.lists.append(_List(number, width, depth, tight))

    def _open_item(self) -> None:
        current = self.lists[-1]
        if current.number is None:
            bullets = self.signs.bullets
            marker = bullets[current.depth % len(bullets)]
        else:
            marker = f"{current.number}.".rjust(current.width) + " "
            current.number += 1
        self.containers.append(_Container(marker, " " * len(marker), Role.MARKER))

    def _close(self) -> None:
        """Close a container; one that is empty still shows its marker."""
        if not self.containers[-1].used:
            self.put(Paragraph("", role=self._text_role()), tight=self._in_tight_list())
        self.containers.pop()


def _trimmed(pieces: list[tuple[str, Role]]) -> Prefix:
    """Decoration of a blank line: no spaces at the end."""
    while pieces and not pieces[-1][0].strip():
        pieces.pop()
    if pieces:
        pieces[-1] = (pieces[-1][0].rstrip(), pieces[-1][1])
    return tuple(pieces)
