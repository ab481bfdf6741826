"""Lists in plain text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from store.importers.text_joining import Ending, Vocabulary, ending, join_all, starts_upper
from store.importers.text_lines import PAGE
from store.importers.text_wrap import Wrap

_BULLET = re.compile(r"(?P<indent> *)(?:(?P<mark>[-*+·–○□■])[ \t]+|(?P<dot>[•‣▪●◦∙])\s*)(?=\S)")
#: Marks that begin an item and nothing else, so that one is enough.
_SURE_KINDS = frozenset("•‣▪●◦∙")
_NUMBER = re.compile(r"(?P<indent> *)(?P<number>\d{1,3})(?P<close>[.)])[ \t\u2002]+(?=\S)")
_LETTER = re.compile(
    r"(?P<indent> *)(?P<label>\((?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})\)|[a-zA-Z]\))[ \t]+(?=\S)"
)

#: Put after a mark that stood on a line of its own: it begins an item, and nothing else.
_APART = "\u2002"
#: The mark of an item on a line of its own.
_LONE_MARK = re.compile(r" *(?:\d{1,2}[.)]|[•‣▪●◦∙])")
#: What is longer is no heading.
_LONGEST_HEADING = 80
_OPENERS = "\"'“‘«‹„([¿¡"


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


def join_markers(lines: list[str]) -> list[str]:
    """The lines with the numbers and bullets that stand on lines of their own put before the text.

    What takes text from a page gives the mark of an item apart where it stands in the margin.
    """
    joined: list[str] = []
    waiting = ""
    apart = printed = PAGE in lines
    for place, line in enumerate(lines):
        if waiting and apart and not line and lines[place - 1]:
            continue  # one blank line may stand between
        if waiting:
            bare = line.lstrip()
            if bare[:1].isalnum() or bare[:1] in _OPENERS:
                joined.append(f"{waiting}{_APART}{bare}")
                waiting = ""
                continue
            joined.append(waiting)
            if not lines[place - 1]:
                joined.append("")
            waiting = ""
        if _LONE_MARK.fullmatch(line) and not (place and lines[place - 1] == line):
            waiting = line
            apart = printed or bool(place and lines[place - 1])
        else:
            joined.append(line)
    return [*joined, waiting] if waiting else joined


def list_start(lines: list[str], neighbours: list[str]) -> int | None:
    """The index of the line at which a list begins that goes on to the end; None without one.

    A single item is a list only beside another (`neighbours` are the first lines of the pieces
    around), since one dash or number may be anything; a bullet is not.
    """
    kinds = [list_kind(line) for line in lines]
    ahead = Counter(kinds)
    for index, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        same = ahead[kind]
        ahead[kind] -= 1
        if not kind:
            continue
        if index == 0 and _is_lone_note(lines):
            return index
        if is_sure_item(line):
            return index
        if same >= 2 or (index == 0 and any(list_kind(other) == kind for other in neighbours)):
            if index and kind == "number" and not re.match(r" *1[.)]", line):
                continue  # "1914." at the start of a wrapped line
            if index and _is_dash_in_prose(lines, index):
                continue
            return index
    return None


def _is_lone_note(lines: list[str]) -> bool:
    """Whether lines are a list of one: a paragraph with number 1."""
    return (
        re.match(r" *1[.)]\s", lines[0]) is not None
        and ending(lines[-1]) is Ending.CLOSED
        and sum(map(len, lines)) > _LONGEST_HEADING
    )


def is_sure_item(line: str) -> bool:
    """Whether a line begins with a mark that begins an item and nothing else."""
    return list_kind(line) in _SURE_KINDS or (_APART in line and bool(list_kind(line)))


def read_list(lines: list[str], wrap: Wrap, vocabulary: Vocabulary) -> tuple[list[Item], list[str]]:
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
        if indent < min(text_indent, 2) and _ends_list(lines[index - 1], line, wrap):
            break
        texts[-1].append(line)
    else:
        index = len(lines)
    for item, text_lines in zip(items, texts, strict=True):
        item.text = join_all(text_lines, vocabulary)
    return items, lines[index:]


def _ends_list(before: str, line: str, wrap: Wrap) -> bool:
    """Whether a line that is not set in is no part of the item above it."""
    known = wrap.ends.get((before, line))
    if known is not None:
        return known
    return (
        ending(before) is Ending.CLOSED
        and starts_upper(line)
        and len(before) + 1 + len(line.split(None, 1)[0]) <= 0.88 * max(int(wrap.width), 40)
    )


def _match(line: str) -> re.Match[str] | None:
    return _NUMBER.match(line) or _LETTER.match(line) or _BULLET.match(line)


def list_kind(line: str) -> str:
    """The kind of mark with which a line begins an item of a list; "" without one."""
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
