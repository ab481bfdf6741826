"""PDF: the text of a document that was made to be printed, as its author wrote it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

from store.article import Article, clean_tags, count_words
from store.dates import parse_date
from store.importers.html_inline import Kind, Run, render, render_heading
from store.importers.names import date_from_name, title_from_name, title_from_text
from store.importers.pdf_layout import columns_of, without_furniture
from store.importers.pdf_pages import Line, Pdf, body_size, open_pdf
from store.importers.pdf_paragraphs import Part, heading_key, level_headings, read_parts
from store.importers.pdf_worker import BOLD, ITALIC
from store.importers.record import Rejected, Source
from store.importers.text_head import Head, read_head
from store.importers.text_joining import Vocabulary
from store.sanitize import clean_line

#: A document with fewer letters a page, on average, is a scan with stray text.
_FEW_LETTERS = 20
#: Blocks at the beginning that may be title, byline, date and lead.
_HEAD_PARTS = 10

_JUNK_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*|unbenannt.*|sans titre.*|"
    r"document\s*\d*|dokument\s*\d*|title|titel|slide \d+|presentation\s*\d*|print(?:ing)?|"
    r"layout \d+|"
    r"\S+\.(?:docx?|pdf|indd|rtf|odt|tex|dvi|pptx?|qxd|pages|html?|xlsx?|ps|eps|txt|fm|cdr|pub)|"
    r"[\w-]*\d[\w.-]*|about:blank|https?://\S+|file:/\S+|\W*)$",
    re.IGNORECASE,
)
_JUNK_AUTHOR = re.compile(
    r"^(?:admin(?:istrator)?|user|owner|unknown|author|anonymous|root|guest|\w*\\\S+|\S+@\S+|"
    r"default|test|pc|hp|dell|asus|acer|lenovo|microsoft.*|adobe.*|windows.*|\W*|[\w.-]*\d[\w.-]*)$",
    re.IGNORECASE,
)
_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?(?:(\d{2})(\d{2})(\d{2})?)?")


def read_pdf(source: Source) -> Iterator[Article | Rejected]:
    """The article of a PDF.

    Columns are read one after another, running heads, feet and page numbers are dropped, words and
    paragraphs that lines and pages cut are joined, sizes and weights make headings.  Encrypted
    and damaged files and scans without text are rejected with the reason.
    """
    pdf = open_pdf(source.data)
    source.cleaned += pdf.cleaned
    letters = sum(map(str.isalpha, "".join(_texts(pdf))))
    if letters < _FEW_LETTERS * min(len(pdf.pages), 5):
        count = f"{len(pdf.pages):,} page{'s' if len(pdf.pages) != 1 else ''}"
        yield Rejected(
            source.name,
            f"there is no text in its {count}: it looks scanned; run OCR over it first",
        )
        return
    body = body_size(pdf.pages)
    pages = without_furniture(pdf.pages, body)
    columns = [column for page in pages for column in columns_of(page)]
    vocabulary = Vocabulary(_flat(columns))
    outline = {heading_key(title): level + 1 for level, title, _ in pdf.outline}
    outline.pop("", None)
    parts = read_parts(columns, body, vocabulary, outline)
    title, head = _take_head(parts, pdf, body, outline, vocabulary)
    level_headings(parts, body)
    text = "\n\n".join(_blocks(parts))
    author = clean_line(pdf.meta.get("Author", ""))
    made = _date(pdf.meta.get("CreationDate", ""))
    yield Article(
        title=title
        or title_from_name(source.name)
        or title_from_text(parts[0].text if parts else ""),
        body=text,
        author=head.author or ("" if _JUNK_AUTHOR.match(author) else author.replace(";", ",")),
        url=head.url,
        published=head.published or date_from_name(source.name) or made,
        tags=clean_tags(re.split(r"[,;]", pdf.meta.get("Keywords", ""))[:20]),
        lang=pdf.lang,
        summary=head.summary or clean_line(pdf.meta.get("Subject", "")),
        source=source.name,
        type="pdf",
        words=count_words(text),
        extra=_extra(pdf, head),
    )


def _extra(pdf: Pdf, head: Head) -> dict[str, object]:
    extra: dict[str, object] = dict(head.extra)
    if len(pdf.pages) > 1:
        extra["pages"] = len(pdf.pages)
    if pdf.unread:
        extra["unread_pages"] = pdf.unread
    return extra


def _texts(pdf: Pdf) -> Iterator[str]:
    for page in pdf.pages[:50]:
        for line in page.lines:
            yield line.text


def _flat(columns: list[list[Line]]) -> str:
    return "\n".join(line.text for column in columns for line in column)


def _date(stamp: str) -> str:
    """A date of the document information dictionary (ISO 32000-1, 7.9.4), to the day."""
    match = _DATE.match(stamp)
    if not match:
        return parse_date(stamp)
    return parse_date("-".join(part for part in match.group(1, 2, 3) if part))


def _take_head(
    parts: list[Part], pdf: Pdf, body: float, outline: Collection[str], vocabulary: Vocabulary
) -> tuple[str, Head]:
    """Take title, byline, date and lead off the blocks."""
    said = clean_line(pdf.meta.get("Title", ""))
    said = re.sub(r"^Microsoft Word - |\.(?:docx?|pdf|indd|rtf|odt)$", "", said)
    said = "" if _JUNK_TITLE.match(said) else said
    start, end = _title_place(parts, said, body)
    if start == end:
        return said, Head()
    title = " ".join(part.text for part in parts[start:end])
    if said and _same(said, title):
        title = said
    lines = [title, ""]
    after = parts[end : end + _HEAD_PARTS]
    for part in after:
        if part.kind not in ("paragraph", "heading") or heading_key(part.text) in outline:
            break
        lines += [part.text, ""]
        if len(part.text) > 300:
            break
    head, rest = read_head(lines, vocabulary)
    taken = (len(lines) - len(rest) + 1) // 2 - 1 if head.title else 0
    above = [part.text for part in parts[:start]]
    if not head.published:
        kept, _ = read_head([title, "", *above], vocabulary)
        head.published = kept.published
    if taken < 0 or taken > len(after):
        taken = 0
    del parts[start : end + taken]
    if all(len(text) < 80 for text in above) and len(above) <= 3 and above:
        head.extra.setdefault("kicker", "; ".join(above))
        del parts[:start]
    return title, head


def _title_place(parts: list[Part], said: str, body: float) -> tuple[int, int]:
    """Where the title stands: the largest type on the first page that has text, or what says so."""
    first = parts[0].page if parts else 0
    near = [k for k, part in enumerate(parts[:25]) if part.page == first]
    for k in near:
        if said and _same(said, parts[k].text) and len(parts[k].text) < 300:
            return k, k + 1
    heads = [k for k in near if parts[k].kind == "heading" and parts[k].size >= 1.2 * body]
    if not heads:
        return (near[0], near[0] + 1) if near and parts[near[0]].kind == "heading" else (0, 0)
    largest = max(parts[k].size for k in heads)
    start = next(k for k in heads if parts[k].size == largest)
    end = start + 1
    while end < len(parts) and parts[end].kind == "heading" and parts[end].size == largest:
        end += 1
    return (start, end) if end - start <= 3 else (start, start + 1)


def _same(one: str, other: str) -> bool:
    a, b = heading_key(one), heading_key(other)
    return bool(a and b) and (a == b or (len(b) > 12 and a.startswith(b)) or b.startswith(a))


def _blocks(parts: list[Part]) -> Iterator[str]:
    """The Markdown of each block; the items of a list are one."""
    items: list[str] = []
    for part in parts:
        if part.kind == "item":
            lead = f"{part.marker} "
            items.append(lead + render(_runs(part)).replace("\n", f"\n{' ' * len(lead)}"))
            continue
        if items:
            yield "\n".join(items)
            items = []
        if part.kind == "heading":
            yield f"{'#' * part.level} {render_heading([Run(Kind.TEXT, part.text)])}"
        elif part.kind == "table":
            yield part.text
        elif part.kind == "code":
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", part.text)), default=0))
            yield f"{fence}\n{part.text}\n{fence}"
        elif shown := render(_runs(part)):
            yield shown
    if items:
        yield "\n".join(items)


def _runs(part: Part) -> list[Run]:
    """The text with its bold and italic words marked; what all of it has is no emphasis."""
    plain = part.style
    styles = [0] * (len(part.text) + 1)
    for start, end, style in part.spans:
        for k in range(max(0, start), min(end, len(part.text))):
            styles[k] = style & ~plain & (BOLD | ITALIC)
    for k, character in enumerate(part.text):
        if character == " " and k and styles[k - 1] == styles[k + 1]:
            styles[k] = styles[k - 1]
    edges = [
        0,
        *(k + 1 for k, (a, b) in enumerate(pairwise(styles[:-1])) if a != b),
        len(part.text),
    ]
    runs: list[Run] = []
    for start, end in pairwise(edges):
        marks = [m for bit, m in ((BOLD, "**"), (ITALIC, "*")) if styles[start] & bit]
        if len(marks) == 2:
            marks = marks[:1]
        runs += [Run(Kind.OPEN, mark) for mark in marks]
        runs.append(Run(Kind.TEXT, part.text[start:end]))
        runs += [Run(Kind.CLOSE, mark) for mark in reversed(marks)]
    return runs
