"""Link references and footnotes: defined anywhere in the article, used from every block.

Nothing is parsed ahead.  Text searches find where something may be defined; only the blocks that
may define what a visible block uses are parsed, once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from tui.typeset.markdown import normalized_label, parse_structure
from tui.typeset.split import Splitter

#: What may refer to a definition: brackets, unless a plain address in parentheses follows.
_LABEL = re.compile(r"\[(?!\^)((?:[^\[\]\\]|\\.)+)\](?!\([^\s()<>]*\))", re.DOTALL)
_NOTE_USE = re.compile(r"(?<![\\!])\[\^([^\s\]]{1,999})\]")
_NOTE_DEFINITION = re.compile(r"\n[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?\[\^([^\s\]]{1,999})\]:")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_CODE_BLOCK = re.compile(r" {4}| {0,3}(?:\t|```|~~~)")
#: A definition on one line, as nearly all are.
_ONE_LINE = re.compile(
    r" {0,3}\[(?:[^\[\]\\\n]|\\.)+\]:[ \t]*[^\s<>()\\]+(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?[ \t]*"
)
#: A block of nothing but definitions, in their plainest forms.
_ONLY_NOTES = re.compile(
    r"(?:\[\^[^\] \n]+\]:[^\n]*(?:\n(?:[ \t]*(?=\n)| {4}[^\n]*|\t[^\n]*))*(?:\n|\Z))+"
)
_ONLY_REFERENCES = re.compile(rf"(?:{_ONE_LINE.pattern}(?:\n|\Z))+")
_FEW_NOTES = 8
#: What may stand before a definition on its line, and how much of it at most.
_CONTAINERS = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t>]+)*")
_FARTHEST_IN = 400
_DEFINITION = re.compile(r"\[(?!\^)((?:[^\[\]\\]|\\.){1,999})\]:", re.DOTALL)


class Definitions:
    """What an article defines.

    Args:
        text: The article's Markdown.
        blocks: Its top-level blocks; they are cut as far as the definitions need.
    """

    def __init__(self, text: str, blocks: Splitter) -> None:
        self._text = text
        self._blocks = blocks
        self._parsed: dict[tuple[int, int], dict[str, Any]] = {}
        self._uses: dict[str, int] = {}  # where footnotes are first referred to, so far
        self._known_notes: dict[str, bool] = {}
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
            for raw in _LABEL.findall(source):
                label = normalized_label(raw)
                if label not in references and (found := self._reference(label)):
                    references[label] = found
        env: dict[str, Any] = {"references": references}
        if "[^" in source:
            labels = [label for label in _NOTE_USE.findall(source) if self._has_note(label)]
            env["footnotes"] = {
                "refs": {":" + label: index for index, label in enumerate(labels)},
                "list": {index: {"label": label, "count": 0} for index, label in enumerate(labels)},
            }
        return env

    def only_defines(self, source: str) -> bool:
        """Whether the block `source` surely shows nothing in its place; cheap."""
        return (
            source.startswith("[")
            and (_ONLY_NOTES.fullmatch(source) or _ONLY_REFERENCES.fullmatch(source)) is not None
        )

    def number(self, label: str) -> int | None:
        """Number of a footnote, from 1, in the order in which the text refers to them."""
        if not self._has_note(label):
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
        return label, self._block_at(self._note_places[label])

    def note_use(self, number: int) -> int:
        """The block that refers to footnote `number` first, or else defines it."""
        label = self._labels[number - 1]
        return self._block_at(self._uses.get(label, self._note_places[label]))

    def note_at(self, position: int) -> int | None:
        """Number of the footnote whose definition is in the block at `position`."""
        start, end = self._extent(position)
        inside = [
            (place, label) for label, place in self._note_places.items() if start <= place < end
        ]
        before = [label for place, label in inside if place <= position + len(label) + 4]
        return self.number(before[-1]) if before else None

    def _read_uses(self) -> Iterator[None]:
        """Finds references to footnotes, one each time it is resumed."""
        for match in _NOTE_USE.finditer(self._text):
            label, place = match[1], match.start()
            if label in self._uses or not self._has_note(label):
                continue
            if self._text.startswith(":", match.end()):
                line = self._text.rfind("\n", 0, place)
                if _NOTE_DEFINITION.match("\n" + self._text[line + 1 : match.end() + 1]):
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

    def _has_note(self, label: str) -> bool:
        """Whether there is a footnote of this label.

        The first few are looked for from the end, where footnotes mostly are, so that a screen
        of a long text does not wait for all of it to be searched.
        """
        known = self._known_notes.get(label)
        if known is None:
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
            line = text.rfind("\n", 0, place) + 1
            found = _NOTE_DEFINITION.match("\n" + text[line : place + len(mark)])
            if found and found[1] == label:
                return True
            place = text.rfind(mark, 0, place)
        return False

    @cached_property
    def _note_places(self) -> dict[str, int]:
        """Where each footnote is defined: the first place that looks so."""
        places: dict[str, int] = {}
        if "[^" in self._text:
            for match in _NOTE_DEFINITION.finditer("\n" + self._text):
                places.setdefault(match[1], match.end() - 1)
        return places

    @cached_property
    def _reference_places(self) -> dict[str, list[int]]:
        """Where the text looks as if it defined a reference, by normalised label."""
        places: dict[str, list[int]] = {}
        if "]:" in self._text:
            for match in _DEFINITION.finditer(self._text):
                if self._begins_line(match.start()):
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
        for place in self._reference_places.get(label, ()):
            found = self._defined_at(place).get(label)
            if found is not None:
                return found
        return None

    def _defined_at(self, place: int) -> dict[str, Any]:
        """The references defined in the block (or if that suffices, the line) at `place`."""
        start, end = self._extent(place)
        if (start, end) in self._parsed:
            return self._parsed[start, end]
        line = self._text.rfind("\n", start, place) + 1 or start
        if all(_ONE_LINE.fullmatch(row) for row in self._text[start:place].split("\n")[:-1]):
            stop = self._text.find("\n", place, end)
            stop = stop if stop >= 0 else end
            if _ONE_LINE.fullmatch(self._text, line, stop):
                start, end = line, stop
        found = self._parsed.get((start, end))
        if found is None:
            env: dict[str, Any] = {}
            parse_structure(self._text[start:end], env)
            found = self._parsed[start, end] = env.get("references", {})
        return found

    def _in_code(self, place: int) -> bool:
        """Whether `place` is in code, as far as can be told without parsing."""
        start, end = self._extent(place)
        if _CODE_BLOCK.match(self._text, start):
            return True
        if "`" not in self._text[start:end]:
            return False
        return any(
            span.start() <= place < span.end()
            for span in _CODE_SPAN.finditer(self._text, start, end)
        )

    def _block_at(self, position: int) -> int:
        self._blocks.advance(position)
        return max(0, bisect_right(self._blocks.starts, position) - 1)

    def _extent(self, position: int) -> tuple[int, int]:
        """Start and end of the block at `position`."""
        block = self._block_at(position)
        return self._blocks.starts[block], self._blocks.ends[block]
