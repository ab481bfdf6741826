"""What the name of a file says about the article in it."""

from __future__ import annotations

import re
from pathlib import PurePath

from store.dates import parse_date

# Jekyll's names, and those of people who sort their notes: "2017-03-09-a-title.md".
_DATED = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2}|\d{8})(?:[-_. T]++(?P<rest>.*))?")


def date_from_name(name: str) -> str:
    """The date that a file name begins with, ISO 8601; "" when there is none."""
    match = _DATED.fullmatch(PurePath(name).stem)
    return parse_date(match["date"]) if match else ""


def title_from_name(name: str) -> str:
    """A title made of a file name: no extension, no date, words parted by spaces.

    "" for standard input and for names with no letters in them.
    """
    if name == "-":
        return ""
    stem = PurePath(name).stem
    match = _DATED.fullmatch(stem)
    if match and match["rest"] and parse_date(match["date"]):
        stem = match["rest"]
    if " " not in stem:
        stem = re.sub(r"[_]+|(?<=\w)-+(?=\w)", " ", stem)
    title = stem.strip(" -_.")
    if not any(character.isalpha() for character in title):
        return ""
    return title[0].upper() + title[1:] if title.islower() else title


def title_from_text(text: str, length: int = 80) -> str:
    """The first words of a text, with "…" when it goes on."""
    line = " ".join(text.split(None, length)[:length])
    if len(line) <= length:
        return line
    return (
        line[: length + 1].rpartition(" ")[0].rstrip(" ,;:–—-") + "…"
        if " " in line[:length]
        else (line[: length - 1] + "…")
    )
