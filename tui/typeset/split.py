r"""Cutting Markdown into top-level blocks without parsing it.

A block can be parsed alone, later, exactly when nothing that began before it is still open.
Blank lines are the places to cut: at a blank line no paragraph, quote, table or heading is open.
What can be open there is a list or a footnote (goes on when the next line is indented or is
another item), indented code, a fence, and the HTML blocks that end with a mark of their own.
A definition may also stand after a blank line below its term.

So one scan finds the blank lines, and the lines that can open such a thing.  In prose there are
none of the latter, and cutting costs one pass of the regular expression engine.  Where there are,
`_Openings` follows the block structure of CommonMark as far as it matters here.  Joining too much
is never wrong (a larger block is parsed as a whole), cutting too early is; whenever the rules here
do not suffice to know, the parser itself is asked.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator

from tui.typeset.divide import LONGEST, Part, divide
from tui.typeset.excess import is_too_deep
from tui.typeset.markdown import top_level_ends_open

#: A line that can open what a blank line does not close.
_OPENING = (
    r"(?: {4}| {0,3}\t"
    r"|[ \t]*(?:[-+*](?![^ \t\n])|\d{1,9}[.)](?![^ \t\n])|[:~][ \t]|```|~~~|<|\[\^))"
)
_OPENING_LINE = re.compile(_OPENING)
#: The end of a line before blank lines, with a group if an opening line follows them; or before
#: an opening line.
_LANDMARK = re.compile(rf"\n(?:[ \t]*+\n)++(?:(?={_OPENING})())?|\n(?={_OPENING})")
_LEADING_BLANK = re.compile(r"(?:[ \t]*+\n)*+")
#: Lines of indented code, none of them a definition.
_CODE_LINES = re.compile(r"(?:(?: {4}| {0,3}\t)[ \t]*+(?![:~])[^\n]*(?:\n|\Z))++")
#: Characters after which a list, a quote's footnote, definitions or indented code are cut at the
#: next blank line although they go on: a block must be found whole before any of it is shown.
_MOST = 500_000
#: Blocks that are found before the caller is asked whether that is enough.
_BATCH = 32
_MARKER = re.compile(r"(?:[-+*]|(\d{1,9})[.)])(?![^ \t\n])")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_BREAK = re.compile(r"(?:\*[ \t]*){3,}$|(?:-[ \t]*){3,}$|(?:_[ \t]*){3,}$")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*$")
_HEADING = re.compile(r"#{1,6}(?:[ \t]|$)")
_FOOTNOTE = re.compile(r"\[\^[^\] ]+\]:")
#: A definition, and a term with a definition under it.
_DEFINITION = re.compile(r"[ \t]*[:~][ \t]")
_TERM = re.compile(r"[^\n]+\n(?:[ \t]*\n)?[ \t]*[:~][ \t]")
_INDENT = re.compile(r"[ \t]*")
_HTML_ENDING_WITH_MARK = (
    (
        re.compile(r"<(?:script|pre|style|textarea)(?=\s|>|$)", re.IGNORECASE),
        re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE),
    ),
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<\?"), re.compile(r"\?>")),
    (re.compile(r"<![A-Za-z]"), re.compile(r">")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
)


class Splitter:
    r"""Cuts a text into blocks, as far as is asked.

    Parsing `text[start:end]` of each block, with the link references and footnotes of the whole
    text known, gives what parsing the whole gives.

    Args:
        text: Markdown with "\n" line ends.

    Attributes:
        starts: Where the blocks found so far start.
        ends: Where they end.
        parts: What those that are parts of a longer block need of the rest of it.
        done: Whether these are all.
    """

    def __init__(self, text: str) -> None:
        self.starts, self.ends = array("l"), array("l")
        self.parts: dict[int, Part] = {}
        self.done = False
        self._text = text
        self._cutting = self._cut()

    @property
    def reached(self) -> int:
        """Where the text begins that is not cut yet."""
        return self.ends[-1] if self.ends else 0

    def advance(self, position: int) -> None:
        """Cut until the block that holds `position` is found, or all are."""
        ends = self.ends
        if not self.done and (not ends or ends[-1] <= position):
            for _ in self._cutting:
                if ends[-1] > position:
                    return
            self.done = True

    def finish(self) -> None:
        """Cut the whole text."""
        self.advance(len(self._text))

    def _cut(self) -> Iterator[None]:
        """Finds the blocks, some each time it is resumed."""
        text = self._text
        length = len(text)
        begin = chunk = _LEADING_BLANK.match(text).end()  # type: ignore[union-attr]
        special = _OPENING_LINE.match(text, begin) is not None  # the lines from `chunk` on
        open_parts: _Openings | None = None
        found = 0
        for landmark in _LANDMARK.finditer(text, begin):
            cut, following = landmark.span()
            if following - cut == 1:
                special = True
                continue
            if (
                special
                or open_parts is not None
                or (landmark.lastindex is not None and _DEFINITION.match(text, following))
            ):
                open_parts = open_parts or _Openings()
                open_parts.feed(text[chunk:cut])
                if following < length and open_parts.go_on(text, begin, cut, following):
                    chunk = following
                    continue
                open_parts = None
            yield from self._add(begin, cut)
            begin = chunk = following
            special = landmark.lastindex is not None
            found += 1
            if not found % _BATCH:
                yield
        if begin < length:
            yield from self._add(begin, length - 1 if text.endswith("\n") else length)
            yield

    def _add(self, begin: int, end: int) -> Iterator[None]:
        """A block was found; one that is too long becomes several, some each time it is resumed."""
        whole = True
        if end - begin > LONGEST:
            for start, stop, part in divide(self._text, begin, end):
                whole = False
                self.parts[len(self.starts)] = part
                self.starts.append(start)
                self.ends.append(stop)
                if not len(self.starts) % _BATCH:
                    yield
        if whole:
            self.starts.append(begin)
            self.ends.append(end)
        elif len(self.starts) % _BATCH:
            yield


class _Openings:
    """What is open at top level, followed line by line through one block that may be long."""

    def __init__(self) -> None:
        self.fence = ""  # the mark of an open fence
        self.html_end: re.Pattern[str] | None = None  # what an open HTML block waits for
        self.item_indent = -1  # content column of the open list item or footnote, else -1
        self.in_list = False  # whether that is a list item
        self.item_empty = False  # the item has no text yet; a blank line would end it
        self.code = False  # the last line may be indented code
        self.definitions = False  # there was a definition
        # Whether a paragraph is open; None when that cannot be told without parsing.
        self.paragraph: bool | None = False
        self.unsure = False  # an open list may have ended, or a supposed one never begun
        self.ask = False  # a fence or HTML began while unsure: only parsing tells
        self.asked = 0  # characters that the parser was asked about so far
        self.ask_beyond = 0  # length from which it is asked again; so that asking stays linear

    def feed(self, chunk: str) -> None:
        """Take in lines that have no blank line among them; a blank line came before."""
        self.paragraph = False
        if self.is_code(chunk):
            self.code = True
            return
        html_to_blank = False
        place, after_blank = 0, True
        while place <= len(chunk) and not self.ask and not html_to_blank:
            if self.fence or self.html_end is not None:
                place = self._closed(chunk, place)
                after_blank = False
                continue
            end = chunk.find("\n", place)
            end = len(chunk) if end < 0 else end
            html_to_blank = self._line(chunk[place:end], after_blank)
            place, after_blank = end + 1, False

    def is_code(self, chunk: str) -> bool:
        """Whether these lines after a blank one are indented code at top level and nothing else."""
        return (
            not (self.fence or self.ask)
            and self.html_end is None
            and self.item_indent < 0
            and _CODE_LINES.fullmatch(chunk) is not None
        )

    def _closed(self, chunk: str, place: int) -> int:
        """Where the line after that begins in which a fence or HTML ends; after all if in none."""
        if self.html_end is not None:
            if (mark := self.html_end.search(chunk, place)) is None:
                return len(chunk) + 1
            self.html_end = None
            end = chunk.find("\n", mark.end())
            return len(chunk) + 1 if end < 0 else end + 1
        while self.fence and place <= len(chunk):
            # Most lines have no such mark in them.
            mark_at = chunk.find(self.fence, place)
            if mark_at < 0:
                return len(chunk) + 1
            place = chunk.rfind("\n", place, mark_at) + 1 or place
            end = chunk.find("\n", place)
            end = len(chunk) if end < 0 else end
            self._in_fence(chunk[place:end])
            place = end + 1
        return place

    def go_on(self, text: str, begin: int, cut: int, following: int) -> bool:
        """Whether the block from `begin` to the blank line at `cut` goes on at `following`."""
        if self.fence or self.html_end is not None:
            return True
        if self.ask:
            if cut - begin < self.ask_beyond:
                return True
            self.asked += cut - begin
            if is_too_deep(text[begin:cut]) or top_level_ends_open(text[begin:cut]):
                self.ask_beyond = 2 * (cut - begin)
                return True
            self.ask_beyond = self.asked // 2
        indented = text[following] in " \t"
        if cut - begin > (_MOST if self.code or not indented else 4 * _MOST):
            return False
        if self.item_indent >= 0 or self.ask:
            if indented:
                return True
            if (self.in_list or self.ask) and _MARKER.match(text[following : following + 11]):
                return True
        if self.definitions and _TERM.match(text, following):
            return True
        return (indented and self.code) or _DEFINITION.match(text, following) is not None

    def _in_fence(self, line: str) -> None:
        stripped = line.strip(" \t")
        if (
            stripped.startswith(self.fence)
            and not stripped.strip(self.fence[0])
            and _columns(line) < 4
        ):
            self.fence = ""

    def _line(self, line: str, after_blank: bool) -> bool:
        """Take in one line outside fences and HTML; True if HTML began that a blank line ends."""
        indent = _columns(line)
        content = line.lstrip(" \t")
        self.code = indent >= 4
        self.definitions |= _DEFINITION.match(line) is not None
        if after_blank and self.item_empty:
            self.item_indent, self.in_list = -1, False
        if self.item_indent >= 0:
            if indent >= self.item_indent:
                self.item_empty = False
                self.ask = self.unsure and content.startswith(("```", "~~~", "<"))
                return False
            if indent < 4 and self._item(content, indent):
                return False
            if after_blank or (indent < 4 and _interrupts(content)):
                self.item_indent, self.in_list = -1, False
            else:  # goes on lazily if the item ends with a paragraph; if not, the list is over
                self.unsure = True
                return False
        if indent >= 4:
            return False
        return self._top_level(content, indent)

    def _top_level(self, content: str, indent: int) -> bool:
        first = content[:1]
        if first in "`~" and (fence := _FENCE.match(content)):
            self.fence = fence.group(1) or fence.group(2)
            self.ask = self.unsure
            self.paragraph = False
        elif first == "<":
            return self._html(content)
        elif (first == "#" and _HEADING.match(content)) or (
            first in "*-_" and _BREAK.match(content)
        ):
            self.paragraph = False
        elif first in ":~" and _DEFINITION.match(content):
            self.item_indent, self.in_list, self.item_empty = indent + 2, False, False
            self.unsure = True
            self.paragraph = None
        elif content.startswith(("$$", "\\[")):
            self.paragraph = None  # a formula may end on any line of it
        elif first in ">[":
            if _FOOTNOTE.match(content):
                self.unsure |= self.paragraph is not False
                self.item_indent, self.in_list, self.item_empty = 4, False, False
            self.paragraph = None
        elif self.paragraph is True and first in "=-" and _UNDERLINE.match(content):
            self.paragraph = False
        elif not self._item(content, indent) and self.paragraph is False:
            self.paragraph = True
        return False

    def _item(self, content: str, indent: int) -> bool:
        """Open a list item if this is one."""
        if content[:1] in "*-" and _BREAK.match(content):
            return False
        marker = _MARKER.match(content)
        if marker is None:
            return False
        rest = content[marker.end() :]
        spaces = _columns(rest, indent + marker.end())
        empty = not rest.strip(" \t")
        # What does not look like the first item of a list cannot interrupt a paragraph.
        if self.paragraph is not False and (empty or marker.group(1) not in (None, "1")):
            self.unsure = True
        self.item_indent = indent + marker.end() + (1 if empty or spaces > 4 else spaces)
        self.in_list, self.item_empty = True, empty
        self.paragraph = False
        return True

    def _html(self, content: str) -> bool:
        for start, end in _HTML_ENDING_WITH_MARK:
            if start.match(content):
                self.paragraph = False
                if not end.search(content):
                    self.html_end = end
                    self.ask = self.unsure
                return False
        from markdown_it.rules_block.html_block import HTML_SEQUENCES

        if HTML_SEQUENCES[5][0].search(content):
            self.ask = self.unsure
            self.paragraph = False
            return True
        if HTML_SEQUENCES[6][0].search(content) and self.paragraph is not True:
            self.ask = self.unsure
            self.unsure |= self.paragraph is None
            if self.paragraph is False:
                return True
        if self.paragraph is False:
            self.paragraph = True
        return False


def _interrupts(content: str) -> bool:
    """Whether a line that begins so ends any paragraph, and so is no lazy continuation."""
    first = content[:1]
    if first in "`~":
        return _FENCE.match(content) is not None
    if first == "<":
        from markdown_it.rules_block.html_block import HTML_SEQUENCES

        return any(start.search(content) for start, _, interrupts in HTML_SEQUENCES if interrupts)
    return (
        first == ">"
        or (first == "#" and _HEADING.match(content) is not None)
        or (first in "*-_" and _BREAK.match(content) is not None)
    )


def _columns(line: str, column: int = 0) -> int:
    """Width of the white space `line` begins with, which stands at `column`; tabs stop at 4."""
    start = column
    for character in _INDENT.match(line).group():  # type: ignore[union-attr]
        column += 4 - column % 4 if character == "\t" else 1
    return column - start
