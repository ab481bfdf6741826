"""Lists in plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from store.importers.text_joining import Ending, Vocabulary, ending, join_all, starts_upper

_BULLET = re.compile(r"(?P<indent> *)(?:(?P<mark>[-*+·–○□■])[ \t]+|(?P<dot>[•‣▪●◦∙])\s*)(?=\S)")
#: Marks that begin an item and nothing else, so that one is enough.
_SURE = "•‣▪●◦∙"
_NUMBER = re.compile(r"(?P<indent> *)(?P<number>\d{1,3})(?P<close>[.)])[ \t]+(?=\S)")
_LETTER = re.compile(
    r"(?P<indent> *)(?P<label>\((?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})\)|[a-zA-Z]\))[ \t]+(?=\S)"
)


@dataclass(slots=True)
class Item:
    """One item of a list.

    Attributes:
        level: 0 for the outermost list.
        marker: "-" or a number with its point, as Markdown has it; "" when the label is one that
            Markdown does not know ("a)", "(1)") and stands in the text.
        text: The item's text as one line.
    """

    level: int
    marker: str
    text: str


def list_start(lines: list[str], neighbours: list[str]) -> int | None:
    """The index of the line at which a list begins that goes on to the end; None without one.

    A single item is a list only beside another (`neighbours` are the first lines of the pieces
    around), since one dash or number may be anything; a bullet is not.
    """
    for index, line in enumerate(lines):
        kind = _kind(line)
        if not kind:
            continue
        same = sum(_kind(other) == kind for other in lines[index:])
        if kind in _SURE:
            return index
        if same >= 2 or (index == 0 and any(_kind(other) == kind for other in neighbours)):
            if index and kind == "number" and not re.match(r" *1[.)]", line):
                continue  # "1914." at the start of a wrapped line
            if index and _is_dash_in_prose(lines, index):
                continue
            return index
    return None


def read_list(lines: list[str], width: int, vocabulary: Vocabulary) -> tuple[list[Item], list[str]]:
    """The items of a list, and the lines after it that are none of it."""
    items: list[Item] = []
    texts: list[list[str]] = []
    indents: list[int] = []
    text_indent = 0
    for index, line in enumerate(lines):
        match = _match(line)
        if match:
            indent = len(match["indent"])
            while indents and indent < indents[-1]:
                indents.pop()
            if not indents or indent > indents[-1] + 1:
                indents.append(indent)
            marker, text = _marker(match), line[match.end() :]
            text_indent = match.end()
            items.append(Item(len(indents) - 1, marker, ""))
            texts.append([text])
            continue
        indent = len(line) - len(line.lstrip())
        before = lines[index - 1]
        if (
            indent < min(text_indent, 2)
            and ending(before) is Ending.CLOSED
            and starts_upper(line)
            and len(before) + 1 + len(line.split(None, 1)[0]) <= 0.88 * max(width, 40)
        ):
            break
        texts[-1].append(line)
    else:
        index = len(lines)
    for item, text_lines in zip(items, texts, strict=True):
        item.text = join_all(text_lines, vocabulary)
    return items, lines[index:]


def _match(line: str) -> re.Match[str] | None:
    return _NUMBER.match(line) or _LETTER.match(line) or _BULLET.match(line)


def _kind(line: str) -> str:
    if _NUMBER.match(line):
        return "number"
    if _LETTER.match(line):
        return "letter"
    match = _BULLET.match(line)
    return (match["mark"] or match["dot"]) if match else ""


def _marker(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if groups.get("number"):
        return groups["number"] + groups["close"]
    return "" if groups.get("label") else "-"


def _is_dash_in_prose(lines: list[str], index: int) -> bool:
    """Whether the dash that begins a line is one within a sentence that happened to be wrapped."""
    return ending(lines[index - 1]) is Ending.OPEN and lines[index].lstrip()[2:3].islower()
