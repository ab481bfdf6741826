"""Making foreign text safe and simple to lay out, without markup of its own."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

from tui.typeset.simple import TAGS, tags_in_flags

#: What must not reach a terminal, or would be measured wrongly.
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u202a-\u202e\u2028\u2029\u2060\u2066-\u2069\ufeff"
    f"\ud800-\udfff{TAGS}]"
)
_REPLACEMENT: dict[int, str | None] = {
    # Control pictures, such as ␛ for escape; tabs and line ends are laid out.
    **{code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)},
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), "\ufffd"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # lone surrogates cannot be encoded
    0x0B: " ",
    0x0C: " ",
    0x2028: "\n",
    0x2029: "\n",
    # Overrides of direction could make text read as something else; the others are invisible
    # and only get in the way of searching (soft hyphens, joiners, byte order marks).
    **dict.fromkeys([0xAD, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2060, 0xFEFF]),
}

#: A joiner that joins no emoji.  Terminals show it as nothing; `rich.cells` would take it and what
#: follows as one character, and measure a line too short.
_EMOJI = "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_LONE_JOINER = re.compile(f"\u200d(?:(?<![{_EMOJI}\ufe0f]\u200d)|(?![{_EMOJI}]))")

#: Between two of these a line end of the source is not a space: scripts written without spaces.
_UNSPACED = "\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60"
_UNSPACED_END = re.compile(f"[{_UNSPACED}]\\Z")
_UNSPACED_START = re.compile(f"[{_UNSPACED}]")
#: Spaces are looked through from their first only: from each anew would take time with the square.
_LINE_END = re.compile(r"\n[ \t]*+|(?<![ \t])[ \t]++\n[ \t]*+")
_SPACES = re.compile(r"[ \t]{2,}|\t")

#: What begins HTML that is not shown.
_HTML_HIDDEN = re.compile(r"<!--|<\?|<(script|style|template|head)\b", re.IGNORECASE)
#: All of these are looked for in what something closes, so that none reads on to the end in vain.
_HTML_DECLARATION = re.compile(r"<!\[CDATA\[|\]\]>|<![A-Za-z][^>]*+>")
_HTML_IMAGE = re.compile(r"<img\b", re.IGNORECASE)
_HTML_ALT = re.compile(r"\balt\s*+=\s*+([\"'])", re.IGNORECASE)
_HTML_BREAK = re.compile(r"<br\b[^>]*+>", re.IGNORECASE)
_HTML_BLOCK = re.compile(
    r"</?(?:p|div|section|article|aside|header|footer|main|figure|figcaption|details|summary|table"
    r"|tr|ul|ol|li|dl|dt|dd|blockquote|pre|h[1-6]|hr|form|center|nav|address)\b[^>]*+>",
    re.IGNORECASE,
)
_HTML_TAG = re.compile(r"</?[A-Za-z][^>]*+>")
# `unescape` refuses numbers of more digits than Python reads; no character has such a one.
_ENDLESS = re.compile(r"&#[0-9]{641,}+;?")


def printable(text: str) -> str:
    """`text` with what a terminal would obey shown as symbols, and invisible characters removed."""
    if _ODD.search(text):
        text = tags_in_flags(text.translate(_REPLACEMENT), "")
    return _LONE_JOINER.sub("", text) if "\u200d" in text else text


def one_space(text: str) -> str:
    """`text` with runs of spaces and tabs as one space, as Markdown and HTML show them."""
    return _SPACES.sub(" ", text) if "  " in text or "\t" in text else text


def joins_without_space(before: str, after: str) -> bool:
    """Whether a line end between these is nothing rather than a space (Chinese, Japanese)."""
    return _UNSPACED_END.search(before) is not None and _UNSPACED_START.match(after) is not None


def unwrap(text: str) -> str:
    """A paragraph of source with its line ends as spaces; nothing between Chinese characters."""
    if "\n" not in text:
        return text
    if text.isascii():
        return _LINE_END.sub(" ", text)
    lines = _LINE_END.split(text)
    parts = [lines[0]]
    for before, after in pairwise(lines):
        if not joins_without_space(before, after):
            parts.append(" ")
        parts.append(after)
    return "".join(parts)


def html_text(source: str) -> list[str]:
    """The paragraphs of text in an HTML block: tags are dropped, nothing is obeyed."""
    source, rest = _parted(_without_hidden(source))
    source = _HTML_DECLARATION.sub("", source) + rest.replace("<![CDATA[", "")
    source, rest = _parted(" ".join(_with_descriptions(source).split()))
    source = _HTML_BLOCK.sub("\x01", _HTML_BREAK.sub("\x00", source))
    source = unescape(_ENDLESS.sub("\ufffd", _HTML_TAG.sub("", source) + rest))
    paragraphs = []
    for part in source.split("\x01"):
        lines = [one_space(line).strip() for line in part.split("\x00")]
        if text := printable("\n".join(lines).strip()):
            paragraphs.append(text)
    return paragraphs


def _parted(source: str) -> tuple[str, str]:
    """HTML up to the end of its last tag, and the rest."""
    end = source.rfind(">") + 1
    return source[:end], source[end:]


def _with_descriptions(source: str) -> str:
    """HTML with the descriptions of its pictures in their places."""
    parts, done = [], 0
    last = source.rfind(">")
    place = 0
    while (opening := _HTML_IMAGE.search(source, place)) and opening.end() <= last:
        place = source.find(">", opening.end()) + 1
        for alt in _HTML_ALT.finditer(source, opening.end(), place):
            closing = source.find(alt[1], alt.end())  # a description may have a ">" in it
            if 0 <= closing < last:
                text = source[alt.end() : closing].strip()
                parts += [source[done : opening.start()], f"[image: {text}]"]
                place = done = source.find(">", closing) + 1
                break
    return "".join([*parts, source[done:]])


def _without_hidden(source: str) -> str:
    """HTML without comments, scripts and the like; one that never ends only loses its mark."""
    parts, place = [], 0
    while opening := _HTML_HIDDEN.search(source, place):
        name = opening[1]
        end_mark = rf"</{name}\s*>" if name else "-->" if opening[0] == "<!--" else r"\?>"
        closing = re.compile(end_mark, re.IGNORECASE).search(source, opening.end())
        if closing is None:
            break
        parts.append(source[place : opening.start()])
        place = closing.end()
    rest = source[place:].replace("<!--", "").replace("<?", "")
    return "".join([*parts, rest])
