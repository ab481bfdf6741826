"""Link references and footnotes: defined anywhere in the article, used from every block.

Nothing is parsed ahead.  Text searches find where something may be defined; only the blocks that
may define what a visible block uses are parsed, once.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from itertools import islice
from typing import Any

from tui.typeset.divide import ONLY_NOTES
from tui.typeset.markdown import normalized_label, parse_structure
from tui.typeset.split import Splitter

#: What may refer to a definition: brackets, unless a plain address in parentheses follows.
#: An escaped bracket, which is gone past, opens none.
_LABEL = re.compile(r"\\.|\[(?!\^)((?:[^\[\]\\]++|\\.)++)\](?!\([^\s()<>]*+\))", re.DOTALL)
#: What may refer to a footnote; it does if a bracket ends it.
_NOTE_USE = re.compile(r"(?<![\\!])\[\^([^ \n\]]++)\]?")
_LONGEST_LABEL = 999
_BACKTICKS = re.compile(r"`+")
_CODE_BLOCK = re.compile(r" {4}| {0,3}(?:\t|```|~~~)")
#: A block that is code from beginning to end.
_ALL_CODE = re.compile(
    r"(?:(?: {4}|\t)[^\n]*(?:\n|\Z)|[ \t]*\n)++"
    r"| {0,3}(`{3,}+(?=[^`\n]*+(?:\n|\Z))|~{3,}+)[^\n]*+(?:\n(?! {0,3}\1)[^\n]*+)*+"
    r"(?:\n {0,3}\1[`~]*+[ \t]*+)?"
)
#: A definition on one line, as nearly all are.
_ONE_LINE = re.compile(
    r" {0,3}\[(?!\^|\s*+\])(?:[^\[\]\\\n]|\\.)++\]:[ \t]*+[^\s<>()\\]++"
    r"(?:[ \t]+(?:\"[^\"\n]*+\"|'[^'\n]*+'))?+[ \t]*+"
)
#: A block of nothing but definitions, in their plainest forms.
_ONLY_REFERENCES = re.compile(rf"(?:{_ONE_LINE.pattern}(?:\n|\Z))++")
_FEW_NOTES = 8
#: What may stand before a definition on its line, and how much of it at most.
_CONTAINERS = re.compile(r"[ \t>]*+(?:(?:[-+*:~]|\d{1,9}[.)])[ \t>]++)*+")
_FARTHEST_IN = 400
_DEFINITION = re.compile(r"\\.|\[(?!\^)((?:[^\[\]\\]|\\.){1,999}+)\]:", re.DOTALL)
_NOTE_DEFINITION = re.compile(rf"\n{_CONTAINERS.pattern}(\[\^([^ \n\]]{{1,999}}+)\]:)")
#: Places that are looked at for what defines a reference or a footnote; each may have to be parsed.
_MOST_PLACES = 50


class Definitions:
    """What an article defines.

    Args:
        text: The article's Markdown.
        blocks: Its top-level blocks; they are cut as far as the definitions need.
        notes_in: Labels of the footnotes that a block defines; the block is parsed for it.
    """

    def __init__(
        self, text: str, blocks: Splitter, notes_in: Callable[[int], Collection[str]]
    ) -> None:
        self._text = text
        self._blocks = blocks
        self._notes_in = notes_in
        self._parsed: dict[tuple[int, int], dict[str, Any]] = {}
        self._found: dict[str, Any] = {}  # what references lead to; None for those not defined
        self._plain_to: dict[int, int] = {}  # see `_one_line`, by where a block starts
        self._code = (-1, [0], [0])  # a block, and where its spans of code start and end
        self._uses: dict[str, int] = {}  # where footnotes are first referred to, so far
        self._known_notes: dict[str, bool] = {}
        self._defining: dict[str, int] = {}  # the block that defines a footnote
        self._defined: dict[int, frozenset[str]] = {}  # the footnotes that a block defines
        self._numbers: dict[str, int] = {}  # in the order of the numbers
        self._reading = self._read_uses()

    @property
    def note_count(self) -> int:
        """Number of footnotes."""
        return len(self._note_places)

    def env(self, source: str) -> dict[str, Any]:
        """What the parser must know to parse the block `source`: what it refers to."""
        references: dict[str, Any] = {}
        if "[" in source:
            for raw in filter(None, _LABEL.findall(source)):
                label = normalized_label(raw)
                if label not in references and (found := self._reference(label)):
                    references[label] = found
        env: dict[str, Any] = {"references": references}
        if "[^" in source:
            labels = [label for label, _, _ in _note_uses(source) if self.has_note(label)]
            env["footnotes"] = {
                "refs": {":" + label: index for index, label in enumerate(labels)},
                "list": {index: {"label": label, "count": 0} for index, label in enumerate(labels)},
            }
        return env

    def only_defines(self, source: str) -> bool:
        """Whether the block `source` surely shows nothing in its place; cheap."""
        return (
            source.startswith("[")
            and (ONLY_NOTES.fullmatch(source) or _ONLY_REFERENCES.fullmatch(source)) is not None
        )

    def number(self, label: str) -> int | None:
        """Number of a footnote, from 1, in the order in which the text refers to them."""
        if not self.has_note(label):
            return None
        if label not in self._numbers:
            for _ in self._reading:
                if label in self._numbers:
                    break
            else:
                return self._labels.index(label) + 1
        return self._numbers[label]

    def note(self, number: int) -> tuple[str, int]:
        """Label of footnote `number` and the block that defines it."""
        label = self._labels[number - 1]
        return label, self._defining_block(label)

    def note_use(self, number: int) -> int:
        """The block that refers to footnote `number` first, or else defines it."""
        label = self._labels[number - 1]
        use = self._uses.get(label)
        return self._defining_block(label) if use is None else self._block_at(use)

    def note_at(self, position: int) -> int | None:
        """Number of the footnote whose definition is in the block at `position`."""
        block = self._block_at(position)
        first = bisect_left(self._note_marks, (self._blocks.starts[block], ""))
        last = bisect_left(self._note_marks, (position + 1, ""))
        for _, label in reversed(self._note_marks[first:last]):
            if self._defining_block(label) == block:
                return self.number(label)
        return None

    def _read_uses(self) -> Iterator[None]:
        """Finds references to footnotes, one each time it is resumed."""
        line_end, defines = 0, None
        for label, place, end in _note_uses(self._text):
            if label in self._uses or not self.has_note(label):
                continue
            if self._text.startswith(":", end):
                if place >= line_end:  # each line is looked at once, however long it is
                    line = self._text.rfind("\n", 0, place) + 1
                    line_end = self._text.find("\n", place) + 1 or len(self._text)
                    defines = _NOTE_DEFINITION.match("\n" + self._text[line:line_end])
                if defines:
                    continue
            if not self._in_code(place):
                self._numbers[label] = len(self._numbers) + 1
                self._uses[label] = place
                yield

    @cached_property
    def _labels(self) -> list[str]:
        """All footnotes in the order of their numbers; those never referred to come last."""
        for _ in self._reading:
            pass
        for label in self._note_places:
            self._numbers.setdefault(label, len(self._numbers) + 1)
        return list(self._numbers)

    def has_note(self, label: str) -> bool:
        """Whether there is a footnote of this label.

        The first few are looked for from the end, where footnotes mostly are, so that a screen
        of a long text does not wait for all of it to be searched.
        """
        known = self._known_notes.get(label)
        if len(label) > _LONGEST_LABEL:
            known = False
        elif known is None:
            if len(self._known_notes) < _FEW_NOTES:
                known = self._looks_defined(label)
            else:
                known = label in self._note_places
            self._known_notes[label] = known
        return known

    def _looks_defined(self, label: str) -> bool:
        text, mark = self._text, f"[^{label}]:"
        place = text.rfind(mark)
        while place >= 0:
            if self._begins_line(place):
                return True
            place = text.rfind(mark, 0, place)
        return False

    @cached_property
    def _note_marks(self) -> list[tuple[int, str]]:
        """Where the text looks as if it defined footnotes, in its order, and their labels."""
        if "[^" not in self._text:
            return []
        found = _NOTE_DEFINITION.finditer("\n" + self._text)
        marks = ((match.start(1) - 1, match[2]) for match in found)
        return [mark for mark in marks if self._begins_line(mark[0])]

    @cached_property
    def _note_places(self) -> dict[str, list[int]]:
        """The same by label."""
        places: dict[str, list[int]] = {}
        for place, label in self._note_marks:
            places.setdefault(label, []).append(place)
        return places

    def _defining_block(self, label: str) -> int:
        """The block that defines a footnote: of several that look so, the first that does."""
        block = self._defining.get(label)
        if block is None:
            blocks = list(dict.fromkeys(map(self._block_at, self._note_places[label])))
            block = blocks[0]
            if len(blocks) > 1:
                perhaps = (each for each in blocks if not self._is_code(each))
                tried = islice(perhaps, _MOST_PLACES)
                block = next((each for each in tried if label in self._defined_in(each)), block)
            self._defining[label] = block
        return block

    def _defined_in(self, block: int) -> frozenset[str]:
        """Labels of the footnotes that a block defines; it is parsed for that once."""
        if block not in self._defined:
            self._defined[block] = frozenset(self._notes_in(block))
        return self._defined[block]

    def _is_code(self, block: int) -> bool:
        """Whether a block is nothing but code, as far as can be told without parsing."""
        blocks = self._blocks
        part = blocks.parts.get(block)
        if part is not None:
            return part.literal
        return _ALL_CODE.fullmatch(self._text, blocks.starts[block], blocks.ends[block]) is not None

    @cached_property
    def _reference_places(self) -> dict[str, list[int]]:
        """Where the text looks as if it defined a reference, by normalised label."""
        places: dict[str, list[int]] = {}
        if "]:" in self._text:
            for match in _DEFINITION.finditer(self._text):
                if match[1] and self._begins_line(match.start()):
                    places.setdefault(normalized_label(match[1]), []).append(match.start())
        return places

    def _begins_line(self, place: int) -> bool:
        """Whether nothing stands before `place` on its line but quotes and items that begin."""
        near = max(0, place - _FARTHEST_IN)
        line = self._text.rfind("\n", near, place) + 1
        if not line and near:
            return False
        return _CONTAINERS.fullmatch(self._text, line, place) is not None

    def _reference(self, label: str) -> Any:
        """The definition of a reference as markdown-it has it; the first in the text holds."""
        if label not in self._found:
            places = self._reference_places.get(label, [])[:_MOST_PLACES]
            defined = (self._defined_at(place).get(label) for place in places)
            self._found[label] = next((found for found in defined if found is not None), None)
        return self._found[label]

    def _defined_at(self, place: int) -> dict[str, Any]:
        """The references defined in the block (or if that suffices, the line) at `place`."""
        start, end = self._extent(place)
        if (start, end) in self._parsed:
            return self._parsed[start, end]
        line = self._text.rfind("\n", start, place) + 1 or start
        if line < self._one_line(start, end):
            stop = self._text.find("\n", place, end)
            start, end = line, stop if stop >= 0 else end
        found = self._parsed.get((start, end))
        if found is None:
            env: dict[str, Any] = {}
            parse_structure(self._text[start:end], env)
            found = self._parsed[start, end] = env.get("references", {})
        return found

    def _one_line(self, start: int, end: int) -> int:
        """Where the rows end that a block begins with and that each define one reference."""
        if start not in self._plain_to:
            found = _ONLY_REFERENCES.match(self._text, start, end)
            self._plain_to[start] = found.end() if found else start
        return self._plain_to[start]

    def _in_code(self, place: int) -> bool:
        """Whether `place` is in code, as far as can be told without parsing."""
        start, end = self._extent(place)
        if _CODE_BLOCK.match(self._text, start):
            return True
        if self._code[0] != start:
            spans = _code_spans(self._text, start, end)
            self._code = start, [span[0] for span in spans], [span[1] for span in spans]
        _, starts, ends = self._code
        span = bisect_right(starts, place) - 1
        return span >= 0 and place < ends[span]

    def _block_at(self, position: int) -> int:
        self._blocks.advance(position)
        return max(0, bisect_right(self._blocks.starts, position) - 1)

    def _extent(self, position: int) -> tuple[int, int]:
        """Start and end of the block at `position`."""
        block = self._block_at(position)
        return self._blocks.starts[block], self._blocks.ends[block]


def _note_uses(text: str) -> Iterator[tuple[str, int, int]]:
    """What may refer to footnotes: label, start and end."""
    for match in _NOTE_USE.finditer(text):
        if match[0].endswith("]") and len(match[1]) <= _LONGEST_LABEL:
            yield match[1], match.start(), match.end()


def _code_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of code with their backticks: each goes on to the next run of as many."""
    runs = [match.span() for match in _BACKTICKS.finditer(text, start, end)]
    following: list[int] = []  # for each run the next that is as long, or 0
    seen: dict[int, int] = {}
    for number in range(len(runs) - 1, -1, -1):
        length = runs[number][1] - runs[number][0]
        following.append(seen.get(length, 0))
        seen[length] = number
    following.reverse()
    spans, number = [], 0
    while number < len(runs):
        closing = following[number]
        if closing:
            spans.append((runs[number][0], runs[closing][1]))
        number = max(number, closing) + 1
    return spans
