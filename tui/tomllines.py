"""TOML, with what `tomllib` does not tell: on which line a key is, and all but the broken lines.

`tomllib` gives no positions, and gives nothing at all of a file with one fault in it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, NamedTuple

#: Keys from the top of the document down to a value or table.
Path = tuple[str, ...]

#: So many broken statements are left out; a file with more is not TOML.
_MOST_BROKEN = 20
#: Parts of a dotted key, at most; `tomllib` takes time with their square.
_MOST_PARTS = 20

# Strings and comments may hold any of the rest, so they come first.  A string in three quotes may
# end with one or two quotes of its own (TOML 1.0, "String").  One that nothing closes is passed
# over at once, to the end of its line or, in three quotes, of the document.
_TOKEN = re.compile(
    r'''(?P<string>"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3,5} | \'\'\'.*?\'\'\'(?:'{0,2})
                 | "(?!"")(?:[^"\\\n]|\\[^\n])*+" | '(?!\'\')[^'\n]*+')
      | (?P<unclosed>""".* | \'\'\'.* | "[^\n]* | '[^\n]*)
      | (?P<skipped>\#[^\n]* | [ \t\r]+)
      | (?P<newline>\n)
      | (?P<sign>[\[\]{}=,.])
      | (?P<bare>[^\s\[\]{}=,.\#"']+ | .)''',
    re.X | re.S,
)
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class Document(NamedTuple):
    """What was read.

    Attributes:
        values: The document, without its broken statements.
        lines: The line of each key and table, counted from 1.
        faults: (line, what is wrong there) of each broken statement.
    """

    values: dict[str, Any]
    lines: dict[Path, int]
    faults: list[tuple[int, str]]

    def line(self, path: Path) -> int:
        """The line of a key, or of the table around it that has one; 1 for the whole document."""
        known = (path[:depth] for depth in range(len(path), 0, -1) if path[:depth] in self.lines)
        return self.lines.get(next(known, ()), 1)


def read(text: str) -> Document:
    """Read TOML, leaving out what is broken.

    A broken statement is left out from its first line to the line the fault was found on; with a
    broken table header goes its table, whose keys would else be taken for those of the one before.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    faults: list[tuple[int, str]] = []
    while True:
        kept = "\n".join(lines)
        try:
            _require_short_keys(kept)
            return Document(tomllib.loads(kept), key_lines(kept), faults)
        except (ValueError, RecursionError) as error:  # too long a number, too deep an array
            fault, line = _fault(str(error), kept)
        start = max((n for n in _statements(kept) if n <= line), default=1)
        end = line
        if lines[start - 1].lstrip().startswith("["):
            after = (n for n in range(line + 1, len(lines) + 1) if _is_header(lines[n - 1]))
            end = next(after, len(lines) + 1) - 1
        faults.append((line, fault))
        if len(faults) > _MOST_BROKEN or not any(lines[start - 1 : end]):
            return Document({}, {}, faults[:1])
        lines[start - 1 : end] = [""] * (end - start + 1)


def key_lines(text: str) -> dict[Path, int]:
    """The line of each key and table of a valid document, counted from 1.

    A table made by dotted keys or headers alone is where it is first named; of an array of tables
    only the first is told.
    """
    return _Scan(text.replace("\r\n", "\n")).lines


def _require_short_keys(text: str) -> None:
    """Raise as `tomllib` does where a key has too many parts."""
    if text.count(".") < _MOST_PARTS:
        return
    dots, line = 0, 1
    for match in _TOKEN.finditer(text):
        if match["sign"] == ".":
            dots += 1
            if dots >= _MOST_PARTS:
                column = match.start() - text.rfind("\n", 0, match.start())
                fault = f"More than {_MOST_PARTS} parts in a key"
                raise ValueError(f"{fault} (at line {line}, column {column})")
        elif match["sign"] or match["newline"]:
            dots = 0
        line += match[0].count("\n")


def _fault(message: str, text: str) -> tuple[str, int]:
    """What `tomllib` says of `text`, and the line it says it of.

    What it notices at the end of the document began at a quote that nothing closes, if there is
    one.
    """
    where = _AT.search(message)
    if where is not None:
        message = message[: where.start()]
        message = message[:1].lower() + message[1:]
        if where[1]:
            return f"{message} in column {where[2]}", int(where[1])
    quotes = (m.start() for m in _TOKEN.finditer(text) if m["unclosed"])
    return message, 1 + text.count("\n", 0, next(quotes, len(text)))


def _is_header(line: str) -> bool:
    return re.match(r"\s*\[\[?[^\[\]]+\]\]?\s*(#.*)?$", line) is not None


def _statements(text: str) -> list[int]:
    """The lines that statements of a document that may be broken start on."""
    starts, depth, fresh, line = [], 0, True, 1
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match[0]
        if kind == "newline":
            fresh = fresh or depth == 0
        elif kind != "skipped":
            if fresh:
                starts.append(line)
                fresh = False
            depth = max(0, depth + (token in "[{") - (token in "]}")) if kind == "sign" else depth
        line += token.count("\n")
    return starts


class _Scan:
    """One pass over the tokens of a valid document."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._line = 1
        self._tokens = self._read(text)
        self._kind, self._token = "", ""
        self._next()
        table: Path = ()
        while self._kind:
            if self._token == "[":
                table = self._header()
            elif self._kind in ("string", "bare"):
                self._pair(table)
            else:
                self._next()

    def _read(self, text: str) -> Iterator[tuple[str, str]]:
        for match in _TOKEN.finditer(text):
            kind = match.lastgroup or ""
            if kind != "skipped":
                yield kind, match[0]
            self._line += match[0].count("\n")

    def _next(self) -> None:
        self._kind, self._token = next(self._tokens, ("", ""))

    def _header(self) -> Path:
        while self._token == "[":
            self._next()
        path = self._key(())
        while self._token == "]":
            self._next()
        return path

    def _pair(self, table: Path) -> None:
        path = self._key(table)
        self._next()  # the "="
        self._value(path)

    def _key(self, table: Path) -> Path:
        """A key, dotted or not, up to the sign after it."""
        path = table
        while self._kind in ("string", "bare") or self._token == ".":
            if self._token != ".":
                name = next(iter(tomllib.loads(f"{self._token} = 0")))
                path = (*path, name)
                self.lines.setdefault(path, self._line)
            self._next()
        return path

    def _value(self, path: Path) -> None:
        if self._token == "{":
            self._next()
            while self._kind and self._token != "}":
                if self._kind in ("string", "bare"):
                    self._pair(path)
                else:
                    self._next()
            self._next()
        elif self._token == "[":
            self._next()
            while self._kind and self._token != "]":
                if self._token == "," or self._kind == "newline":
                    self._next()
                else:
                    self._value(path)
            self._next()
        else:  # a number or a time may be several tokens
            while self._kind in ("string", "bare") or self._token == ".":
                self._next()
