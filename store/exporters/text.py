"""Plain text: the articles one after another, in lines of at most 72 cells, without markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from wcwidth import wcswidth, wcwidth

from store.article import Article
from store.exporters.markup import link_of, tokens_of
from store.exporters.record import Entry, Export

if TYPE_CHECKING:
    from markdown_it.token import Token

#: Cells in a line, at most: those of a mail (RFC 3676, 4.2, less what a quotation takes).
WIDTH: Final = 72
_NARROWEST: Final = 20  # cells that are left to a text however deep it stands
_BETWEEN: Final = "\n" + "=" * WIDTH + "\n\n"


def write_text(entries: Iterable[Entry], export: Export) -> Iterator[bytes]:
    """The articles in parts."""
    for number, entry in enumerate(entries):
        export.report.articles += 1
        export.report.highlights += len(entry.highlights)
        text = (_BETWEEN if number else "") + text_of(entry)
        yield text.encode("utf-8", "replace")


def text_of(entry: Entry) -> str:
    """One article: title, where it is from, text, highlights."""
    article = entry.shown
    parts = ["\n".join(_underlined(article.title or "Untitled", "=")), "\n".join(_about(article))]
    if article.is_stub and article.summary:
        parts.append("\n".join(wrapped(article.summary)))
    parts.append("\n".join(_Blocks(article.url).lines(tokens_of(article))))
    if entry.highlights:
        parts.append("\n".join(_underlined("Highlights and notes", "-")))
        for highlight in entry.highlights:
            lines = [f"> {line}" for line in wrapped(highlight.quote, WIDTH - 2)]
            parts.append("\n".join([*lines, *wrapped(highlight.note)]))
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def wrapped(text: str, width: int = WIDTH) -> list[str]:
    """Lines of at most `width` cells; a word that is longer, such as an address, keeps its own.

    Scripts without spaces are cut between characters.
    """
    width = max(_NARROWEST, width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0
        for word in paragraph.split():
            cells = max(0, wcswidth(word)) or len(word)
            if line and used + 1 + cells > width:
                lines.append(line)
                line, used = "", 0
            if cells > width and cells > len(word):  # wide characters
                *full, word = _cut(word, width)
                lines += [f"{line} {full.pop(0)}".strip(), *full] if full and line else full
                line, used, cells = "", 0, max(0, wcswidth(word))
            line, used = (f"{line} {word}", used + 1 + cells) if line else (word, cells)
        if line:
            lines.append(line)
    return lines


def _cut(word: str, width: int) -> list[str]:
    parts, used = [""], 0
    for character in word:
        cells = max(0, wcwidth(character))
        if used + cells > width:
            parts.append("")
            used = 0
        parts[-1] += character
        used += cells
    return parts


def _underlined(text: str, mark: str) -> list[str]:
    lines = wrapped(text)
    return [*lines, mark * min(WIDTH, max(map(wcswidth, lines), default=0))] if lines else []


def _about(article: Article) -> list[str]:
    line = ", ".join(
        part for part in (article.author, article.site, article.published[:10]) if part
    )
    tags = " ".join(f"#{tag}" for tag in article.tags)
    return [*wrapped(line), *([article.url] if article.url else []), *wrapped(tags)]


class _Blocks:
    """Writes the blocks of one article as lines."""

    def __init__(self, base: str) -> None:
        self._base = base

    def lines(self, tokens: Sequence[Token], width: int = WIDTH) -> list[str]:
        """The lines of some blocks, with one empty line between two of them."""
        blocks: list[list[str]] = []
        tight = False
        at = 0
        while at < len(tokens):
            token = tokens[at]
            end = _end_of(tokens, at)
            inner = tokens[at + 1 : end]
            if token.type in ("bullet_list_open", "ordered_list_open"):
                lines = self._list(token, inner, width)
            elif token.type == "dl_open":
                lines = self._definitions(inner, width)
            else:
                lines = self._block(token, inner, width)
            if lines:
                if tight and token.hidden and blocks:
                    blocks[-1] += lines
                else:
                    blocks.append(lines)
            tight = token.hidden
            at = end + 1
        return [line for n, block in enumerate(blocks) for line in ([""] if n else []) + block]

    def _block(self, token: Token, inner: Sequence[Token], width: int) -> list[str]:
        kind = token.type
        if kind == "inline":
            return wrapped(self._inline(token.children or []), width)
        if kind == "heading_open":
            text = self._inline(inner[0].children or [])
            return _underlined(text, "=" if token.tag == "h1" else "-")
        if kind in ("fence", "code_block"):
            return [f"    {line}".rstrip() for line in token.content.rstrip("\n").split("\n")]
        if kind == "hr":
            return ["* * *"]
        if kind == "blockquote_open":
            return [f"> {line}".rstrip() for line in self.lines(inner, width - 2)]
        if kind == "table_open":
            return self._table(inner, width)
        if kind == "footnote_open":
            label = f"[{token.meta['id'] + 1}] "
            return self._hung(label, self.lines(inner, width - len(label)))
        return self.lines(inner, width)

    def _list(self, token: Token, inner: Sequence[Token], width: int) -> list[str]:
        items: list[list[str]] = []
        number = int(token.attrGet("start") or 1)
        at = 0
        while at < len(inner):
            end = _end_of(inner, at)
            label = "- " if token.type == "bullet_list_open" else f"{number + len(items)}. "
            items.append(self._hung(label, self.lines(inner[at + 1 : end], width - len(label))))
            at = end + 1
        loose = any(each.type == "paragraph_open" and not each.hidden for each in inner)
        return [
            line for n, item in enumerate(items) for line in ([""] if n and loose else []) + item
        ]

    def _definitions(self, tokens: Sequence[Token], width: int) -> list[str]:
        lines: list[str] = []
        at = 0
        while at < len(tokens):
            end = _end_of(tokens, at)
            room = "    " if tokens[at].type == "dd_open" else ""
            inner = self.lines(tokens[at + 1 : end], width - len(room))
            lines += ([""] if lines and not room else []) + [
                (room + each).rstrip() for each in inner
            ]
            at = end + 1
        return lines

    @staticmethod
    def _hung(label: str, lines: list[str]) -> list[str]:
        room = " " * len(label)
        return [
            ((label if n == 0 else room) + line).rstrip() for n, line in enumerate(lines or [""])
        ]

    def _table(self, tokens: Sequence[Token], width: int) -> list[str]:
        """Columns where they fit, else each row as "column: value" lines."""
        rows: list[list[str]] = []
        for place, token in enumerate(tokens):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                rows[-1].append(self._inline(tokens[place + 1].children or []).replace("\n", " "))
        if not rows:
            return []
        count = max(map(len, rows))
        rows = [row + [""] * (count - len(row)) for row in rows]
        widths = [max(max(0, wcswidth(row[n])) for row in rows) for n in range(count)]
        if sum(widths) + 2 * (count - 1) <= width:
            rule = "  ".join("-" * max(1, each) for each in widths)
            lines = [
                "  ".join(cell + " " * (w - max(0, wcswidth(cell)))
                          for cell, w in zip(row, widths, strict=True)).rstrip()
                for row in rows
            ]  # fmt: skip
            return [lines[0], rule, *lines[1:]]
        head, *body = rows
        lines = []
        for number, row in enumerate(body or [head]):
            lines += [""] if number else []
            for name, cell in zip(head, row, strict=True):
                if cell:
                    lines += wrapped(f"{name}: {cell}" if name and body else cell, width)
        return lines

    def _inline(self, tokens: Sequence[Token]) -> str:
        parts: list[str] = []
        links: list[tuple[str, int]] = []
        for token in tokens:
            kind = token.type
            if kind in ("text", "code_inline", "text_special", "html_inline"):
                parts.append(token.content)
            elif kind == "softbreak":
                parts.append(" ")
            elif kind == "hardbreak":
                parts.append("\n")
            elif kind == "image":
                parts.append(f"[{self._inline(token.children or []) or 'picture'}]")
            elif kind == "footnote_ref":
                parts.append(f"[{token.meta['id'] + 1}]")
            elif kind == "link_open":
                links.append((link_of(str(token.attrGet("href") or ""), self._base), len(parts)))
            elif kind == "link_close" and links:
                url, begin = links.pop()
                shown = "".join(parts[begin:])
                if url and shown.strip() not in (url, url.removeprefix("mailto:")):
                    parts.append(f" <{url}>")
        return "".join(parts)


def _end_of(tokens: Sequence[Token], at: int) -> int:
    """Where the token that closes the one at `at` stands; `at` itself if it opens nothing."""
    depth = 0
    for place in range(at, len(tokens)):
        depth += tokens[place].nesting
        if depth <= 0:
            return place
    return len(tokens) - 1
