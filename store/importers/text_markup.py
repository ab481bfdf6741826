r"""Light markup of plain text to Markdown, and everything else kept as it is written.

Plain text as people type it and as converters write it has `*italic*`, `_italic_`, `**bold**`
and backslash escapes (`\$`, `\_`, `\*`).  These keep their meaning; any other character that
Markdown would read as markup is escaped, so that the reader shows what the author wrote.
"""

from __future__ import annotations

import re

# The 32 ASCII punctuation characters map one to one onto 32 noncharacters of Unicode, which
# the door for foreign text never lets through: a character so hidden is literal.
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_HIDDEN = {character: chr(0xFDD0 + index) for index, character in enumerate(_PUNCTUATION)}
_SHOWN = {hidden: character for character, hidden in _HIDDEN.items()}
_ANY_HIDDEN = re.compile("[\ufdd0-\ufdef]")
_ESCAPE = re.compile(r"\\([!-/:-@\[\]-`{-~])")  # not the backslash itself: \\server\share

_LINK = re.compile(
    r"<(?:https?|ftp)://[^\s<>]+>"
    r"|\b(?:https?|ftp)://[^\s<>\"“”«»]+[^\s<>\"“”«».,;:!?'’)\]*_]"
)
_STOWED = re.compile("\uffff(\\d+)\uffff")
_MARK = re.compile(r"[*_\\`<&\[~]")
_NEEDS_CARE = re.compile(r"(?<![^\W_])[_*]|[_*](?![^\W_])")

# A span opens where no letter stands before it, closes after a character that is not a space,
# and is no longer than a long sentence: what is longer is two stray marks.
_SPAN = re.compile(
    r"(?<![\w*])\*(?=[^\s*])(?P<one>[^*]{1,600})(?<=[^\s*])\*(?!\*)"
    r"|(?<![\w*])(?P<star>\*{2,3})(?=[^\s*])(?P<starred>(?:[^*]|(?<!\*)\*(?!\*)){1,600}?)"
    r"(?<=[^\s*])(?P=star)(?!\*)"
    r"|(?<![\w_])(?P<line>_{1,3})(?=[^\s_])(?P<lined>(?:[^_]|(?<=[^\W_])_(?=[^\W_])){1,600}?)"
    r"(?<=[^\s_])(?P=line)(?![\w_])"
)
_LITERAL = re.compile(
    r"`|<(?=[A-Za-z/!?])|&(?=#?\w{1,32};)|~(?=~)|(?<=~)~|\[(?=\^|[^\[\]]*\][(\[:])"
    r"|(?<!\s)\*|\*(?!\s|$)|(?<=[^\w\s])_|_(?=[^\w\s])|(?<=\s)_(?=\w)|^_(?=\w)|(?<=\w)_(?=\s|$)"
    r"|\\(?=[!-/:-@\[-`{-~]|$)"
)
_LINE_START = re.compile(
    r"(?P<mark>#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|=+\s*$|~~~|(?P<rule>[_*])(?:\s*(?P=rule)){2,}\s*$"
    r"|(?=[ :|]*-)[:|-][\s:|-]*$)|(?P<number>\d{1,9})(?P<point>[.)])(?=\s|$)|\[(?=[ xX]\]\s)"
)


def to_markdown(text: str) -> str:
    """Inline Markdown for one line of plain text with light markup."""
    if not _MARK.search(text):
        return text
    text, links = _stow_links(text)
    text = _ESCAPE.sub(lambda match: _HIDDEN[match[1]], text)
    text = _emphasis(text)
    text = _ANY_HIDDEN.sub(_show_literal, text)
    return _STOWED.sub(lambda match: _as_link(links[int(match[1])]), text)


def to_plain(text: str) -> str:
    """The text without its light markup, for a title."""
    if not _MARK.search(text):
        return text
    text, links = _stow_links(text)
    text = _ESCAPE.sub(lambda match: _HIDDEN[match[1]], text)
    for _ in range(3):  # bold within italic within bold
        text = _SPAN.sub(lambda match: _inner(match) if _is_span(match) else match[0], text)
    text = _ANY_HIDDEN.sub(lambda match: _SHOWN[match[0]], text)
    return _STOWED.sub(lambda match: links[int(match[1])], text)


def escape_line_start(markdown: str) -> str:
    """Escape what at the start of a line would make a heading, list, quote or rule."""
    match = _LINE_START.match(markdown)
    if not match:
        return markdown
    if match["number"]:
        return f"{match['number']}\\{markdown[match.end('number') :]}"
    return "\\" + markdown


def _stow_links(text: str) -> tuple[str, list[str]]:
    """Put addresses out of reach: their `_` and `*` are no markup."""
    links: list[str] = []

    def stow(match: re.Match[str]) -> str:
        links.append(match[0])
        return f"\uffff{len(links) - 1}\uffff"

    return _LINK.sub(stow, text), links


def _as_link(link: str) -> str:
    return f"<{link}>" if _NEEDS_CARE.search(link) and not link.startswith("<") else link


def _inner(match: re.Match[str]) -> str:
    return match["one"] or match["starred"] or match["lined"] or ""


def _is_span(match: re.Match[str]) -> bool:
    """Whether CommonMark reads the closing mark as one when a letter follows it."""
    end = match.end()
    if end < len(match.string) and match.string[end].isalnum():
        return _inner(match)[-1].isalnum()
    return True


def _emphasis(text: str) -> str:
    parts = []
    position = 0
    for match in _SPAN.finditer(text):
        if not _is_span(match):
            continue
        mark = match["star"] or match["line"] or "*"
        parts += [_escape(text, position, match.start()), mark, _emphasis(_inner(match)), mark]
        position = match.end()
    parts.append(_escape(text, position, len(text)))
    return "".join(parts)


def _escape(text: str, start: int, end: int) -> str:
    # Matched in place: whether a mark is markup depends on the characters around it.
    parts = []
    position = start
    for match in _LITERAL.finditer(text, start):
        if match.start() >= end:
            break
        parts += [text[position : match.start()], "\\", match[0]]
        position = match.end()
    parts.append(text[position:end])
    return "".join(parts)


def _show_literal(match: re.Match[str]) -> str:
    """A character that was escaped by hand: escaped again only where it has to be."""
    character = _SHOWN[match[0]]
    text = match.string
    before = text[match.start() - 1 : match.start()]
    after = text[match.end() : match.end() + 1]
    if character == "_" and before.isalnum() and after.isalnum():
        return character
    if character in "*_`[<~\\" or (character in "#>+-." and not before.strip()):
        return "\\" + character
    return character
