r"""Mathematics in TeX: left as it is written, so that nothing in it is taken for Markdown.

In a line of text `$...$` and `\(...\)`, with the rules of Pandoc for the dollar, so that prices
stay prices.  On lines of its own `$$...$$`, and `\[...\]` where it holds what only TeX does, since
brackets that are merely escaped are common.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

#: Lines of a formula that stands alone, and characters of one in the text, at most.
_MOST_LINES, _LONGEST = 100, 1_000
_CLOSING = {"$$": "$$", "\\[": "\\]"}
#: A formula that begins where it is matched: no space inside the dollars, no digit after them.
_INLINE = re.compile(
    rf"\$\$(?!\s)(?:[^$\\]|\\.){{1,{_LONGEST}}}?\$\$"
    rf"|\$(?![\s$])(?:[^$\\]|\\.){{1,{_LONGEST}}}?(?<!\s)\$(?![\w$])"
    rf"|\\\(.{{1,{_LONGEST}}}?\\\)",
    re.DOTALL,
)
#: Prose between two prices: words, and nothing that only TeX has.  It is looked for from where
#: words begin, and no part of it is read twice.
_PROSE = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,}+[^\w\s\\]*+\s++[^\w\s\\]*+[^\W\d_]{2}")
_TEX = re.compile(r"\\[A-Za-z]|[\^_=]")


def formulas_plugin(markdown: MarkdownIt) -> None:
    """Teach a parser formulas; their tokens are `formula` and `formula_block`."""
    markdown.inline.ruler.before("escape", "formula", _inline)
    markdown.block.ruler.before(
        "fence", "formula_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def _inline(state: StateInline, silent: bool) -> bool:
    """A formula in the text."""
    source, start = state.src, state.pos
    if source[start] not in "$\\" or (
        start and source[start] == "$" and source[start - 1].isalnum()
    ):
        return False
    if source.find("$" if source[start] == "$" else "\\)", start + 1, state.posMax) < 0:
        return False  # nothing closes it; the expression would look far for that every time
    match = _INLINE.match(source, start, state.posMax)
    if match is None:
        return False
    text = match.group()
    if text[0] == "$" and _PROSE.search(text) and not _TEX.search(text):
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content = " ".join(text.split("\n"))
    state.pos = match.end()
    return True


def _block(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """A formula on lines of its own; it ends before any blank line."""
    if state.is_code_block(first):
        return False
    start = state.bMarks[first] + state.tShift[first]
    closing = _CLOSING.get(state.src[start : start + 2])
    if closing is None:
        return False
    # A paragraph asks this at each of its lines: lines are gone through one by one only when the
    # rest says that this is a formula.
    stop = min(last, first + _MOST_LINES)
    found = state.src.find(closing, start + 2, state.eMarks[stop - 1])
    if found < 0:
        return False
    number = bisect_left(state.eMarks, found, first, stop)  # the line that it is closed on
    if state.src[found + 2 : state.eMarks[number]].strip():
        return False
    if closing == "\\]" and not _TEX.search(state.src, start + 2, found):
        return False
    if min(state.sCount[first : number + 1]) < state.blkIndent:
        return False
    if any(map(state.isEmpty, range(first, number))):
        return False
    content = state.getLines(first, number + 1, state.blkIndent, False)
    if not content.strip()[2:-2].strip():
        return False
    if not silent:
        state.line = number + 1
        token = state.push("formula_block", "", 0)
        token.map = [first, number + 1]
        token.content = content
    return True
