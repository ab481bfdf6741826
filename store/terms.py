"""The terms of a query as they stand in its text: what completion and facets change in place.

`store.query` reads the same lexemes into a tree; here they keep where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from store.query import LEXEME, unquoted

#: What a value may be without quotes; a comma would part it in two.
_BARE: Final = re.compile(r"""[^\s()",]+""")


class Term(NamedTuple):
    """One lexeme of a query.

    Attributes:
        start: Where it starts in the text, in characters, a leading "-" included.
        end: Where it ends (exclusive).
        kind: "word", "quoted", "tag" (#x), "field", "open", "close" or "or"; "stray" for a
            closing bracket that nothing opened.
        negative: Whether a "-" stands before it.
        name: Name of the field, in lower case; "tag" for #x.
        value: What is looked for, without the quotes around it.
        value_start: Where the value starts in the text, an opening quote included.
        quoted: Whether the value stands in quotes.
        closed: Whether the closing quote is there, if one is needed.
        depth: How many brackets it stands in.
    """

    start: int
    end: int
    kind: str
    negative: bool
    name: str
    value: str
    value_start: int
    quoted: bool
    closed: bool
    depth: int


def terms(text: str) -> Iterator[Term]:
    """The terms of a query in order; never raises."""
    depth = 0
    for lexeme in LEXEME.finditer(text.replace("\n", " ")):
        kind, whole = lexeme.lastgroup or "", lexeme.group()
        if kind == "space":
            continue
        if kind == "close":
            kind = "close" if depth else "stray"
            depth = max(0, depth - 1)
        start, end = lexeme.span()
        negative = whole.startswith("-") and len(whole) > 1
        name, value, value_start, quoted, closed = "", whole, start + negative, False, True
        if kind == "quoted":
            value, quoted, closed = unquoted(lexeme["quote"]), True, bool(lexeme["shut"])
        elif kind == "tag":
            quoted = lexeme["tquote"] is not None
            name, value_start = "tag", start + negative + 1
            value = unquoted(lexeme["tquote"]) if quoted else lexeme["label"]
            closed = not quoted or bool(lexeme["tshut"])
        elif kind == "field":
            name, value_start = lexeme["name"].lower(), lexeme.end("name") + 1
            quoted = lexeme["fquote"] is not None
            value = unquoted(lexeme["fquote"]) if quoted else lexeme["value"]
            closed = not quoted or bool(lexeme["fshut"])
        elif kind == "word":
            kind = "or" if whole == "OR" else "word"
            value = whole[negative:]
        yield Term(start, end, kind, negative, name, value, value_start, quoted, closed, depth)
        if kind == "open":
            depth += 1


def quote(value: str, *, always: bool = False) -> str:
    """`value` as it is written after a field's colon.

    Args:
        value: Any text.
        always: In quotes even where it needs none: then it is never a beginning only.
    """
    if _BARE.fullmatch(value) and not always:
        return value
    return '"' + value.replace('"', '""') + '"'
