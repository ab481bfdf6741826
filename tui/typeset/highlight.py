"""Syntax of code, found with Pygments when a code block is first drawn."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from tui.typeset.model import COMMENT, KEYWORD, NAME, NUMBER, STRING, Span

if TYPE_CHECKING:
    from tui.typeset.model import Paragraph

#: Characters of a code block that are looked at (about 20 ms); what follows is plain.
LONGEST: Final = 20_000

#: Longest line of a block that is looked at: many lexers go over all of a line again from each of
#: its words.  No hand writes one so long.
LONGEST_LINE: Final = 1_000

#: Seconds of the processor for a block, and for each character of it: five times what code takes,
#: so that a slow machine colours it too.  Where a lexer goes over the rest of the text from each
#: word, what follows is plain.
PATIENCE: Final = 0.03
PATIENCE_EACH: Final = 5e-6


def colour(paragraph: Paragraph) -> None:
    """Give a code block the spans of its language; an unknown language leaves it plain."""
    paragraph.coloured = True
    source = paragraph.text[:LONGEST]
    if max(map(len, source.split("\n"))) > LONGEST_LINE:
        return
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(paragraph.language)
    except ClassNotFound:
        return
    spans: list[Span] = []
    end_of_time = time.thread_time() + PATIENCE + PATIENCE_EACH * len(source)
    # Many patterns of lexers want the end of a line, and look for it from each word where it fails.
    for start, token, text in lexer.get_tokens_unprocessed(f"{source}\n"):
        if time.thread_time() > end_of_time:
            break
        mark = _mark(token)
        end = min(start + len(text), len(source))
        if not mark or start >= end:
            continue
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
