"""Plain text: what came out of a PDF, a mail or an editor, given back as the author wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from store.article import Article, clean_tags, count_words
from store.encoding import decode
from store.importers.names import date_from_name, title_from_name, title_from_text
from store.importers.record import Rejected, Source
from store.importers.text_blocks import read_blocks
from store.importers.text_columns import unfold_columns
from store.importers.text_furniture import without_furniture
from store.importers.text_head import read_head
from store.importers.text_joining import Vocabulary
from store.importers.text_lines import PAGE, tidy
from store.importers.text_lists import join_markers
from store.importers.text_markup import to_plain
from store.importers.text_order import in_reading_order
from store.importers.text_render import mend, to_markdown_text
from store.importers.text_setting import restore_lines

#: Ends of lines, of pages included, of a text that is read line by line; no book has as many.  Each
#: line takes some 300 bytes and ten microseconds.
_MOST_LINES: Final = 400_000

_TILDES = re.compile("~{3,}")


def read_text(source: Source) -> Iterator[Article | Rejected]:
    """One article from a plain text.

    The head becomes title, author, date and summary; page furniture is dropped; wrapped lines are
    joined; the body is Markdown in which everything but light markup is shown as it is written.
    """
    text = decode(source.data)
    if sum(map(text.count, "\n\r\f")) > _MOST_LINES:
        yield _as_written(source, text)
        return
    lines, source.cleaned = tidy(text)
    if not any(line and line != PAGE for line in lines):
        yield Rejected(source.name, "it is empty")
        return
    lines = join_markers(unfold_columns(without_furniture(lines)))
    vocabulary = Vocabulary("\n".join(line for line in lines if line != PAGE))
    lines = restore_lines(in_reading_order(lines, vocabulary), vocabulary)
    head, rest = read_head(lines, vocabulary)
    body = _markdown(rest, vocabulary)
    if not body:  # a head and nothing else: better a text with no head than no text
        body = _markdown(lines, vocabulary)
    yield Article(
        title=head.title or title_from_name(source.name) or title_from_text(to_plain(body)),
        body=body,
        author=head.author,
        site=head.fields.pop("site", ""),
        url=head.url,
        published=head.published or date_from_name(source.name),
        tags=clean_tags(head.fields.pop("tags", "").split(",")),
        summary=head.summary,
        source=source.name,
        type="text",
        words=count_words(body),
        extra=dict(head.extra),
    )


def _as_written(source: Source, text: str) -> Article | Rejected:
    """A text of more lines than any book, shown as it is: a log, a list, or made to do harm."""
    text = text.strip()
    if not text:
        return Rejected(source.name, "it is empty")
    fence = max(_TILDES.findall(text), key=len, default="~~") + "~"
    return Article(
        title=title_from_name(source.name) or title_from_text(text[:200]),
        body=f"{fence}\n{text}\n{fence}",
        published=date_from_name(source.name),
        source=source.name,
        type="text",
        words=count_words(text),
    )


def to_body(text: str) -> tuple[str, int]:
    """Markdown for a plain text that has no head, such as that of a mail.

    Returns:
        The Markdown, and the number of unsafe characters that were removed to read it.
    """
    lines, cleaned = tidy(text)
    vocabulary = Vocabulary("\n".join(line for line in lines if line != PAGE))
    return _markdown(lines, vocabulary), cleaned


def _markdown(lines: list[str], vocabulary: Vocabulary) -> str:
    blocks, wrap = read_blocks(lines, vocabulary)
    return to_markdown_text(mend(blocks, wrap, vocabulary))
