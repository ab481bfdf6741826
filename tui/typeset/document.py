"""An article as blocks that are parsed when they are looked at."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from tui.typeset.build import build, build_note, part_notes
from tui.typeset.definitions import Definitions
from tui.typeset.divide import Part
from tui.typeset.excess import is_too_deep, is_too_wide
from tui.typeset.inline import Lookup
from tui.typeset.markdown import MAX_NESTING, parse, parser
from tui.typeset.model import WITHIN, Block, Kind, Paragraph, Role
from tui.typeset.setting import DEFAULT, Setting
from tui.typeset.split import Splitter
from tui.typeset.styles import is_safe_url
from tui.typeset.text import one_space, printable, unwrap

if TYPE_CHECKING:
    from markdown_it.token import Token

#: Blocks kept parsed: those of a screen, about; a block is parsed in well under a millisecond.
KEPT_BLOCKS = 32
#: Characters of them at most, however few blocks these are.
_KEPT_CHARACTERS = 120_000
#: Blocks of which the footnotes they define are kept parsed.
_KEPT_DEFINING = 4
#: Characters that are cut into blocks at a time, when it is asked whether there are more.
_STRIDE = 16_384
#: Anything that Markdown might mean: a block without it is one plain paragraph.
_MARKUP = re.compile(
    r"[\\`*_\[\]<>&~|]|://|\$\$|  \n|\n[ \t]*(?:[#>=:]|[-+](?![^\s-])|\d{1,9}[.)])"
)
#: Blocks that are looked at for the text before one: definitions may stand between.
_FARTHEST_BACK = 8
_MARKUP_START = re.compile(r"[ \t#>=:]|[-+](?![^\s-])|\d{1,9}[.)]")
#: A line that opens more lists and quotes than are parsed; the parser would look at each of its
#: characters once for every one of them.
_TOO_DEEP = re.compile(rf"(?:[-+*>][ \t]+){{{MAX_NESTING}}}(?:[-+*>][ \t]*)*+\S")
_WHOLE = Part()
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")


class Document:
    """The blocks of an article: its head, the blocks of its Markdown, its footnotes.

    Blocks are counted from 0: the head, if there is one, then those of the text in order, then a
    block for each footnote in the order of their numbers.  The text is cut into blocks only as
    far as was looked; `last` and `len` need all of it.

    Args:
        source: The article's Markdown.
        head: Paragraphs shown before it (title and so on).
        base: URL of the article, against which relative links are resolved, or "".
        setting: What the reader chose; those who lay the blocks out look here for it.
    """

    def __init__(
        self,
        source: str,
        head: Sequence[Paragraph] = (),
        base: str = "",
        setting: Setting = DEFAULT,
    ) -> None:
        self.source = source
        self._setting = setting
        self._carriage = "\r" in source
        if self._carriage:
            source = source.replace("\r\n", "\n").replace("\r", "\n")
        self.text = source
        self.blocks = Splitter(source)
        self.definitions = Definitions(source, self.blocks, self._notes_of)
        self._base = base if is_safe_url(base) else ""
        self._lookup = Lookup(self.definitions.number, self.definitions.has_note, self._target)
        self._head = Block(list(head)) if head else None
        #: Number of the first block of the text.
        self.first = 1 if head else 0
        self._parsed: dict[int, Block] = {}
        self._kept = 0  # characters of the blocks that are kept
        self._notes: dict[int, dict[str, list[Token]]] = {}  # by the block that defines them

    @property
    def setting(self) -> Setting:
        """What the reader chose.  Places in the text are the same under every setting."""
        return self._setting

    @setting.setter
    def setting(self, setting: Setting) -> None:
        if setting != self._setting:
            self._setting = setting
            self._kept = 0
            self._parsed.clear()  # paragraphs are decorated with its signs

    @property
    def known(self) -> int:
        """How many blocks are known so far without looking further."""
        if self.blocks.done:
            return len(self)
        return self.first + len(self.blocks.starts)

    @property
    def last(self) -> int:
        """Number of the block after the last of the text; the whole text is cut for it."""
        self.blocks.finish()
        return self.first + len(self.blocks.starts)

    def __len__(self) -> int:
        return self.last + self.definitions.note_count

    def __bool__(self) -> bool:
        return True  # asking whether there is a document must not cut the text of it

    def has(self, number: int) -> bool:
        """Whether there is a block of this number; looks no further than that."""
        while number >= self.known:
            if self.blocks.done:
                return False
            self.blocks.advance(self.blocks.reached + _STRIDE)
        return True

    def is_note(self, number: int) -> bool:
        """Whether a block is a footnote."""
        return self.blocks.done and number >= self.last

    def set_head(self, head: Sequence[Paragraph]) -> None:
        """Replace the head of a document that has one."""
        self._head = Block(list(head))
        if (before := self._parsed.pop(0, None)) is not None:
            self._kept -= len(before.plain)

    def block(self, number: int) -> Block:
        """A block, parsed; it is kept for a while."""
        block = self._parsed.get(number)
        if block is None:
            block = self._parse(number)
            self._kept += len(block.plain)
            while self._parsed and (
                len(self._parsed) >= KEPT_BLOCKS or self._kept > _KEPT_CHARACTERS
            ):
                self._kept -= len(self._parsed.pop(next(iter(self._parsed))).plain)
        else:
            del self._parsed[number]  # the least lately used is first
        self._parsed[number] = block
        return block

    def follows_text(self, number: int) -> bool:
        """Whether a block is running text after running text, which an indent can tell apart."""
        if number <= self.first or self.is_note(number):
            return False
        part = self.blocks.parts.get(number - self.first)
        if part is not None and not part.first:
            return False
        paragraphs = self.block(number).paragraphs
        if not paragraphs or not _is_running(paragraphs[0]):
            return False
        for other in range(number - 1, max(self.first, number - _FARTHEST_BACK) - 1, -1):
            if before := self.block(other).paragraphs:
                return _is_running(before[-1])
        return False

    def whole(self, number: int) -> int:
        """The block that a block is a part of, by its first part; see `divide`."""
        parts = self.blocks.parts
        while (part := parts.get(number - self.first)) is not None and not part.first:
            number -= 1
        return number

    def plain(self, number: int) -> str:
        """Plain text of a block, without keeping the block."""
        block = self._parsed.get(number)
        return block.plain if block is not None else self._parse(number).plain

    def extent(self, number: int) -> tuple[int, int]:
        """Where a block of the text, or the definition of a footnote, is in `text`."""
        if number < self.first:
            return 0, 0
        self._require(number)
        if self.is_note(number):
            _, place = self.definitions.note(number - self.last + 1)
        else:
            place = number - self.first
        return self.blocks.starts[place], self.blocks.ends[place]

    @cached_property
    def body_end(self) -> int:
        """Where the last text of the article ends; after it come definitions only."""
        if "]:" not in self.text:
            return len(self.text)
        self.blocks.finish()
        extents = zip(reversed(self.blocks.starts), reversed(self.blocks.ends), strict=True)
        for start, end in extents:
            if not self.definitions.only_defines(self.text[start:end]):
                return end
        return len(self.text)

    def at(self, position: int) -> int:
        """The block that shows what is at `position` in `text`."""
        number = self.first + self.place(position)
        if number < self.first or not self.has(number):
            return 0
        if not self.block(number).paragraphs:  # definitions: shown as footnotes, or not at all
            note = self.definitions.note_at(position)
            if note is not None:
                return self.last + note - 1
        return number

    def place(self, position: int) -> int:
        """Which block of the text, from 0, holds `position` or ends before it; -1 if none does."""
        self.blocks.advance(position)
        return bisect_right(self.blocks.starts, position) - 1

    def to_source(self, position: int) -> int:
        """A place in `text` as one in the source, which may have other line ends."""
        if not self._carriage:
            return position
        return position + _carriage_returns(self.source, position)

    def from_source(self, position: int) -> int:
        """A place in the source as one in `text`."""
        if not self._carriage:
            return position
        return position - self.source.count("\r\n", 0, position)

    def _require(self, number: int) -> None:
        if not self.has(number):
            raise IndexError(f"the article has no block {number}")

    def _parse(self, number: int) -> Block:
        if number < self.first:
            assert self._head is not None
            return self._head
        self._require(number)
        if self.is_note(number):
            return self._parse_note(number - self.last + 1)
        place = number - self.first
        start, end = self.blocks.starts[place], self.blocks.ends[place]
        source = self.text[start:end]
        part = self.blocks.parts.get(place)
        if part is not None:
            return self._parse_part(source, part)
        if _is_plain(source):
            return Block([_plain(source)])
        if self.definitions.only_defines(source):
            return Block([])
        tokens = self._tokens(source)
        paragraphs = (
            _literal(source) if tokens is None else build(tokens, self._lookup, self._setting)
        )
        if (
            paragraphs
            and paragraphs[0].kind is Kind.HEADING
            and (place == 0 or self.text.startswith("#", self.blocks.starts[place - 1]))
        ):
            paragraphs[0].above = 1  # under the head or another heading: they belong together
        return Block(paragraphs)

    def _parse_part(self, source: str, part: Part) -> Block:
        """A part of a block that is too long to be set at once."""
        plain = not part.literal and part.is_alone and _is_plain(source)
        asked = not plain and not part.literal
        tokens = self._tokens(part.before + source + part.after) if asked else None
        if plain:
            paragraphs = [_plain(source)]
        elif tokens is None:
            paragraphs = _literal(source)
        else:
            part.patch(tokens)
            paragraphs = build(tokens, self._lookup, self._setting)
        part.finish(paragraphs)
        return Block(paragraphs)

    def _parse_note(self, note: int) -> Block:
        label, place = self.definitions.note(note)
        tokens = self._notes_of(place).get(label, ())
        paragraphs = build_note(tokens, label, self._lookup, self._setting)
        paragraphs[0].above = 0
        if note == 1:
            rule = Paragraph("", kind=Kind.RULE)
            return Block([rule, *paragraphs])
        return Block(paragraphs)

    def _notes_of(self, place: int) -> dict[str, list[Token]]:
        """The footnotes that a block of the text defines, by label; kept for a while.

        A block may define hundreds, one a line, and is parsed once for all of them.
        """
        notes = self._notes.pop(place, None)
        if notes is None:
            source = self.text[self.blocks.starts[place] : self.blocks.ends[place]]
            part = self.blocks.parts.get(place, _WHOLE)
            asked = not part.literal
            tokens = self._tokens(part.before + source + part.after) if asked else None
            _, notes = part_notes(tokens or [], self.definitions.has_note)
            if len(self._notes) >= _KEPT_DEFINING:
                del self._notes[next(iter(self._notes))]
        self._notes[place] = notes  # the least lately used is first
        return notes

    def _target(self, url: str) -> str:
        """Where a link of the article leads, if it may be followed."""
        if url.startswith("#"):
            url = WITHIN + url[1:]
        elif self._base:
            if not _SCHEME.match(url):
                url = urljoin(self._base, url)
            page, sign, fragment = url.partition("#")
            if sign and page == self._base.partition("#")[0]:
                url = WITHIN + fragment
        if not url.isascii():
            url = parser().normalizeLink(url)
        return url if url.startswith(WITHIN) or is_safe_url(url) else ""

    def _tokens(self, source: str) -> list[Token] | None:
        """A block parsed; None when it is nested too deep or too wide for that."""
        if _TOO_DEEP.match(source) or is_too_deep(source) or is_too_wide(source):
            return None
        try:
            tokens = parse(source, self.definitions.env(source))
        except RecursionError:
            return None
        return tokens if all(token.level < MAX_NESTING - 2 for token in tokens) else None


def _is_running(paragraph: Paragraph) -> bool:
    """Whether this is plain running text, not in a list or quote."""
    return paragraph.kind is Kind.TEXT and paragraph.role is Role.TEXT and not paragraph.rest


def _is_plain(source: str) -> bool:
    """Whether this is one paragraph without any markup."""
    return not _MARKUP_START.match(source) and not _MARKUP.search(source)


def _plain(source: str) -> Paragraph:
    return Paragraph(printable(one_space(unwrap(source.strip()))))


def _literal(source: str) -> list[Paragraph]:
    """A block shown as its source."""
    return [Paragraph(printable(source.expandtabs(4)))]


def _carriage_returns(source: str, position: int) -> int:
    """Carriage returns of CR LF pairs before the place that is `position` without them."""
    count = 0
    while (found := source.count("\r\n", 0, position + count)) > count:
        count = found
    return count
