"""The Markdown parser: CommonMark with tables, strikethrough, footnotes, definitions, formulas.

The parser is made when it is first needed; an article of plain paragraphs never needs it.
"""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

#: Containers inside containers beyond this are not parsed (the parser recurses); such a block is
#: shown as its source instead.
MAX_NESTING = 60
#: Characters of one paragraph that are parsed at once, about 1,500 words; and when it has more
#: marks than any text written by people, about 300.
LONGEST_INLINE = 10_000
LONGEST_MARKED = 2_000
_MANY_MARKS = 1_000

_QUOTED_LINE_END = re.compile(r"\n[ \t>]*")


@cache
def parser() -> MarkdownIt:
    """The one parser; links of every scheme are kept, what may be followed is decided later."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    from tui.typeset.formulas import formulas_plugin

    markdown = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING})
    markdown.enable(["table", "strikethrough"])
    # Footnotes are numbered and placed for the whole article, see `notes`.
    footnote_plugin(markdown, inline=False, move_to_end=False)
    deflist_plugin(markdown)
    formulas_plugin(markdown)
    markdown.core.ruler.at("inline", _parse_inline)
    for name in ("link", "image"):
        rules = markdown.inline.ruler
        rule = next(each.fn for each in rules.__rules__ if each.name == name)
        rules.at(name, partial(_if_closed, rule))
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    return markdown


def _if_closed(rule: Callable[[StateInline, bool], bool], state: StateInline, silent: bool) -> bool:
    """A rule for what stands in brackets, asked only while there are closing ones to come.

    For an opening bracket that has none it reads all that follows, and so for each of a thousand.
    """
    at = state.pos
    return state.src[at] in "[!" and state.src.find("]", at) >= 0 and rule(state, silent)


def _parse_inline(state: StateCore) -> None:
    """Parse the text of paragraphs, very long ones in parts.

    Some of what the parser does takes time with the square of the length, which a text made to
    do harm, or a damaged one, could use to stop the program.
    """
    for token in state.tokens:
        if token.type == "inline":
            token.children = []
            for part in _parts(token.content):
                state.md.inline.parse(part, state.md, state.env, token.children)


def _parts(text: str) -> Iterator[str]:
    """The text in parts that are parsed in no time, cut after spaces if there are."""
    longest = LONGEST_INLINE
    if len(text) > LONGEST_MARKED and sum(map(text.count, "[]<&*_!`\\")) > _MANY_MARKS:
        longest = LONGEST_MARKED
    start = 0
    while len(text) - start > longest:
        limit = start + longest
        end = max(text.rfind(" ", start, limit), text.rfind("\n", start, limit)) + 1
        end = end if end > start else limit
        yield text[start:end]
        start = end
    yield text[start:]


def parse(source: str, env: dict[str, Any] | None = None) -> list[Token]:
    """Parse blocks and the text in them; `env` as markdown-it has it."""
    return parser().parse(source, {} if env is None else env)


def parse_structure(source: str, env: dict[str, Any] | None = None) -> list[Token]:
    """Parse blocks only, leaving the text in them alone; fills in `env["references"]`."""
    tokens: list[Token] = []
    markdown = parser()
    markdown.block.parse(source, markdown, {} if env is None else env, tokens)
    return tokens


def top_level_ends_open(source: str) -> bool:
    """Whether a fence or an HTML block is still open at the end of `source`."""
    probe = parse_structure(source + "\n\nx\n")
    line = source.count("\n") + 2
    return not any(
        token.type == "paragraph_open" and token.level == 0 and token.map == [line, line + 1]
        for token in probe
    )


def normalized_label(label: str) -> str:
    """A reference's label as the parser compares it; line ends in quotes are seen through."""
    from markdown_it.common.utils import normalizeReference

    return normalizeReference(_QUOTED_LINE_END.sub(" ", label))
