"""Syntax of code, found with Pygments when a code block is first drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.typeset.model import COMMENT, KEYWORD, NAME, NUMBER, STRING, Span

if TYPE_CHECKING:
    from tui.typeset.model import Paragraph

#: Characters of a code block that are looked at (about 20 ms); what follows is plain.
LONGEST = 20_000


def colour(paragraph: Paragraph) -> None:
    """Give a code block the spans of its language; an unknown language leaves it plain."""
    paragraph.coloured = True
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(paragraph.language)
    except ClassNotFound:
        return
    spans: list[Span] = []
    source = paragraph.text[:LONGEST]
    for start, token, text in lexer.get_tokens_unprocessed(source):
        mark = _mark(token)
        if not mark or not text:
            continue
        end = start + len(text)
        last = spans[-1] if spans else None
        if last and last.end == start and last.marks == mark:
            spans[-1] = Span(last.start, end, mark)
        elif not last or last.end <= start:
            spans.append(Span(start, end, mark))
    paragraph.spans = tuple(spans)


def _mark(token: Any) -> int:
    """The mark of a Pygments token type."""
    from pygments.token import Comment, Keyword, Name, Number, Operator, String

    if token in Comment:
        return COMMENT
    if token in Keyword or token in Operator.Word or token in Name.Tag:
        return KEYWORD
    if token in String:
        return STRING
    if token in Number or token in Keyword.Constant:
        return NUMBER
    if token in Name.Function or token in Name.Class or token in Name.Decorator:
        return NAME
    return 0
