"""Markdown to plain text, fast: for the index and for snippets, never for display of articles."""

from __future__ import annotations

import re
from collections.abc import Set

# Order matters: code fences keep their content, images and links keep their words.
# A line that may begin or end a block of code: whether in a quote or the first of an item of a
# list, its fence, and what stands behind that.
_FENCE = re.compile(
    r"^[ \t]*+(?P<quote>>[ \t>]*+)?(?P<item>(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)*+)"
    r"(?P<fence>`{3,}+|~{3,}+)(?P<rest>[^\n]*+)$",
    re.M,
)
_UNQUOTED = re.compile(r"\n[ \t]*+(?![ \t>])")
_TICKS = re.compile("(`+)")
# What means something outside of code, and what stands for it until all marks are gone.
_HIDDEN = dict(zip("<>[]|*_~`\\", "\1\2\3\4\5\6\7\x0e\x0f\x10", strict=True))
_HIDE = str.maketrans(_HIDDEN)
_HIDE_LINES = str.maketrans({**_HIDDEN, "\n": "\x11"})
_SHOW = {"\x11": "\n", **{hidden: mark for mark, hidden in _HIDDEN.items()}}
_LINE_BEGINS = "\x12"  # before a block of code: its lines bear no marks
_MEANS = re.compile(r"[<>\[\]|*_~`\\]")
# An escaped bracket begins none: a label goes on over it, and so each of many would be gone over
# from all that stand before it.
_LABEL = r"\[(?<!\\\[)([^\[\]\\]*+(?:\\.[^\[\]\\]*+)*+)\]"
_LINKED = (
    rf"{_LABEL}\((?:<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'))?\)"
)
_IMAGE = re.compile(f"!{_LINKED}")  # two patterns: one that may begin with "!" is searched slowly
_LINK = re.compile(_LINKED)
_REFERENCE_LINK = re.compile(rf"!?(?!\[\]){_LABEL}\[([^\[\]\n]*)\]")
_REFERENCE = re.compile(  # an address and a title at most; "[Editor]: This was …" is a text
    r"^ {0,3}\[(?!\^)([^\[\]\n]+)\]:[ \t]*+\n?[ \t]*+(?:<[^<>\n]*>|[^\s<]\S*+)"
    r"(?:[ \t]++(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*+$",
    re.M,
)
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]+\]:?")
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)([^<>\s]*)>")
# A tag ends before the next blank line: "a<b" begins none.
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*+(?=[\s/>])(?:[^<>\n]|\n(?![ \t]*+\n))*+>")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
# A line that is marked begins with one of these or a digit.
_MARKS = frozenset(" \t>#*+-")
_LINE_MARK = re.compile(
    r"\A[ \t]*(?:>[ \t]?)*(?:#{1,6}[ \t]+|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|\d{1,9}[.)][ \t]+)?"
)
_RULE = re.compile(r"^[ \t]*+(?:[-*_=][ \t]*+){3,}+$", re.M)
_TABLE_RULE = re.compile(r"^(?=[ \t:|]*+(?:-[ \t:|]++)*+--)[ \t:|-]++$", re.M)
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|~~|`+)")
_UNDERSCORE = re.compile(r"(?<![\w\\])_{1,3}(?=\S)|(?<=\S)(?<!\\)_{1,3}(?!\w)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SPACES = re.compile(r"\s+")


def plain_text(markdown: str) -> str:
    """The words of `markdown` without its markup; paragraphs stay apart by newlines.

    Linear in the length of the text.  It is a stripping of the usual marks and not a parse: what
    it leaves standing at worst is a stray mark, and it never drops a word that is shown.
    Code stays as it is.
    """
    text = markdown
    # One character is looked for many times as fast as two.
    coded = "`" in text or ("~" in text and "~~~" in text)
    if coded:
        text = _with_code_hidden(text)
    if "[" in text:
        text = _unlinked(text)
    if "<" in text:
        text = _TAG.sub("", _uncommented(_words_of(_AUTOLINK, text)))
    if "|" in text or any(mark in text and mark * 3 in text for mark in "-*_="):
        text = _RULE.sub("", text)
        if "|" in text:
            text = _TABLE_RULE.sub("", text).replace("|", " ")
    text = _unmarked(text)
    if "\\" in text:
        text = _EMPHASIS.sub("", text)
    else:  # nothing is escaped: the same, ten times as fast
        if "~" in text:
            text = text.replace("~~", "")
        text = text.replace("*", "").replace("`", "")
    if "_" in text:
        text = _UNDERSCORE.sub("", text)
    if "\\" in text:
        text = _words_of(_ESCAPE, text)
    return _shown(text) if coded else text


def _with_code_hidden(text: str) -> str:
    """The text without fences of code, and with what would be taken for marks in code hidden."""
    if "```" not in text and "~~~" not in text:
        return _with_spans_hidden(text)
    pieces: list[str] = []
    begin = looked = 0  # where the prose or the block begins; how far its quote was looked for
    opened: re.Match[str] | None = None
    for line in _FENCE.finditer(text):
        if opened is not None and opened["quote"]:
            left = _UNQUOTED.search(text, max(begin, looked), line.start("fence"))
            looked = line.end()
            if left is not None:  # a block ends with the quote it is in
                pieces.append(_block(text[begin : left.start()], opened))
                begin, opened = left.start(), None
        if opened is None:
            if line["fence"][0] == "`" and "`" in line["rest"]:
                continue  # a span
            pieces.append(_with_spans_hidden(text[begin : line.start()]))
        else:
            closes = line["fence"].startswith(opened["fence"]) and not line["item"]
            if not closes or line["rest"].strip(" \t\r"):
                continue
            pieces.append(_block(text[begin : line.start()], opened))
        begin, opened = line.end(), line if opened is None else None
    rest = text[begin:]
    pieces.append(_with_spans_hidden(rest) if opened is None else _block(rest, opened))
    return "".join(pieces)


def _block(code: str, opened: re.Match[str]) -> str:
    """A block of code, from the end of the line that opens it."""
    if opened["quote"]:
        return _unquoted(code.translate(_HIDE))
    line, code = code[:1], code[1:]
    end = "\n" if code.endswith("\n") else ""
    return f"{line}{_LINE_BEGINS}{code.removesuffix(end).translate(_HIDE_LINES)}{end}"


def _unquoted(code: str) -> str:
    """Code whose lines may begin with the mark of a quote, which is none of its own."""
    return code.replace("\n\2", "\n>") if "\n\2" in code else code


def _with_spans_hidden(text: str) -> str:
    """The same of prose: there is code between two runs of as many backticks in a paragraph."""
    if "``" not in text:
        return _with_short_spans_hidden(text) if "`" in text else text
    parts = _TICKS.split(text)  # every other one is a run
    ends: dict[int, int] = {}
    following: dict[int, int] = {}
    for at in range(len(parts) - 2, 0, -2):
        if "\n\n" in parts[at + 1]:
            following = {}
        size = len(parts[at])
        if size in following:
            ends[at] = following[size]
        following[size] = at
    after = 0
    for at in range(1, len(parts), 2):
        if at < after or at not in ends or parts[at - 1].endswith("\\"):
            continue
        end = ends[at]
        after = end + 2
        code = parts[at + 1] if end == at + 2 else "".join(parts[at + 1 : end])
        if _MEANS.search(code) is not None:
            parts[at + 1 : end] = [_unquoted(code.translate(_HIDE)), *[""] * (end - at - 2)]
    return "".join(parts)


def _with_short_spans_hidden(text: str) -> str:
    """The same, sooner, of a text whose backticks stand alone."""
    parts = text.split("`")
    at, last = 1, len(parts) - 1
    while at < last:
        code = parts[at]
        if "\n\n" in code or parts[at - 1][-1:] == "\\":
            at += 1
            continue
        if _MEANS.search(code) is not None:
            parts[at] = _unquoted(code.translate(_HIDE))
        at += 2
    return "`".join(parts)


def _shown(text: str) -> str:
    """The text with what was hidden in code."""
    for hidden, mark in _SHOW.items():
        if hidden in text:
            text = text.replace(hidden, mark)
    return text.replace(_LINE_BEGINS, "")


def _uncommented(text: str) -> str:
    """Without comments; after the end of the last one none is looked for, however many begin."""
    end = text.rfind("-->") + 3
    return _COMMENT.sub("", text[:end]) + text[end:] if "<!--" in text and end > 2 else text


def _unlinked(text: str) -> str:
    """Links, pictures and footnotes as the words that stand for them."""
    if "](" in text:
        if "![" in text:
            text = _words_of(_IMAGE, text)
        text = _words_of(_LINK, text)
        if "[" in text and "](" in text:  # a link inside a link
            text = _words_of(_LINK, text)
    if "]" in text:
        defined: set[str] = set()
        if "]:" in text and (pieces := _REFERENCE.split(text))[1:]:
            defined = set(map(_key, pieces[1::2]))
            text = "".join(pieces[::2])
        if "][" in text:
            text = _unreferred(text, defined)
    if "[" in text and "[^" in text:
        text = _FOOTNOTE.sub("", text)
    return text


def _unreferred(text: str, defined: Set[str]) -> str:
    """Links by reference as their words; "matrix[i][j]" is none."""

    def words(match: re.Match[str]) -> str:
        label = match[2]
        return match[1] if not label.strip() or _key(label) in defined else match[0]

    return _REFERENCE_LINK.sub(words, text)


def _key(label: str) -> str:
    """What two writings of a label share."""
    return " ".join(label.split()).casefold()


def _words_of(pattern: re.Pattern[str], text: str) -> str:
    r"""Each match as its only group: what `pattern.sub(r"\1", text)` gives, many times as fast."""
    return "".join(pattern.split(text))


def _unmarked(text: str) -> str:
    """Lines without what marks them as headings, quotations and items of lists."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        first = line[:1]
        if first in _MARKS or first.isdecimal():
            lines[number] = _LINE_MARK.sub("", line, 1)
    return "\n".join(lines)


def one_line(text: str) -> str:
    """Runs of white space become one space; ends are trimmed."""
    return _SPACES.sub(" ", text).strip()
