"""What stands above an article's text: title, author, dates, length, tags."""

from __future__ import annotations

from datetime import date

from store import Article, State
from tui.typeset.model import EMPHASIS, FAINT, LINK, Kind, Paragraph, Role, Span
from tui.typeset.styles import is_safe_url
from tui.typeset.text import one_space, printable
from tui.widgets.glyphs import WORDS, default_glyphs

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DOT = " · "


def head_paragraphs(article: Article, state: State) -> list[Paragraph]:
    """The head of an article; lines of which nothing is known are left out.

    Where signs are words, for screen readers, commas part what is on a line.

    A lead that the text does not repeat stands under the rule.  A stub's head also says that only
    its link was saved, and how to open it.
    """
    head = [Paragraph(_line(article.title) or "Untitled", role=Role.TITLE)]
    dot = ", " if default_glyphs() is WORDS else _DOT
    byline = Paragraph("", role=Role.BYLINE)
    _append(byline, _line(article.author), dot)
    _append(byline, _line(article.site), dot, article.url)
    facts = dot.join(filter(None, (human_date(article.published), length_text(article, dot))))
    tags = article.tags if state.tags is None else state.tags
    for line in (
        byline,
        Paragraph(facts, role=Role.BYLINE),
        Paragraph(_line(" ".join(f"#{tag}" for tag in tags)), role=Role.BYLINE),
    ):
        if line.text:
            line.above = 0
            head.append(line)
    head.append(Paragraph("", kind=Kind.RULE, above=0))
    if article.is_stub:
        head += _stub(article)
    elif (lead := _line(article.summary)) and lead not in _line(article.body[: 3 * len(lead)]):
        head.append(Paragraph(lead, [Span(0, len(lead), EMPHASIS)]))
    return head


def length_text(article: Article, dot: str = _DOT) -> str:
    """How long an article is, in words and minutes: "1,234 words · 5 min"; "" without words."""
    if not article.words:
        return ""
    unit = "word" if article.words == 1 else "words"
    return f"{article.words:,} {unit}{dot}{article.minutes} min"


def human_date(published: str) -> str:
    """An ISO 8601 date for people, as exact as it is: "9 March 2017", "March 2017", "2017"."""
    day = published[:10]
    try:
        exact = date.fromisoformat(day)
        return f"{exact.day} {_MONTHS[exact.month - 1]} {exact.year}"
    except ValueError:
        pass
    year, _, month = day.partition("-")
    if month.isdecimal() and 1 <= int(month) <= 12:
        return f"{_MONTHS[int(month) - 1]} {_line(year)}"
    return _line(published)


def _stub(article: Article) -> list[Paragraph]:
    parts = []
    if summary := _line(article.summary):
        parts.append(Paragraph(summary))
    if url := _line(article.url):
        parts.append(Paragraph("Only the link of this article was saved."))
        if why := _line(str(article.extra.get("fetch_error", ""))):
            parts.append(_faint(f"It could not be fetched: {why}."))
        spans = [Span(0, len(url), LINK, url)] if is_safe_url(url) else []
        parts.append(Paragraph(url, spans, above=0))
        parts.append(_faint("Press o to open it, W to fetch its text."))
    else:
        parts.append(_faint("This article has no text."))
    return parts


def _faint(text: str) -> Paragraph:
    return Paragraph(text, [Span(0, len(text), FAINT)])


def _line(text: str) -> str:
    """Foreign text as one safe line."""
    return one_space(printable(text).replace("\n", " ")).strip()


def _append(paragraph: Paragraph, text: str, dot: str, link: str = "") -> None:
    """Add a part to a line, with `dot` before it unless it is the first."""
    if not text:
        return
    if paragraph.text:
        paragraph.text += dot
    start = len(paragraph.text)
    paragraph.text += text
    if is_safe_url(link):
        span = Span(start, len(paragraph.text), FAINT | LINK, link)
        paragraph.spans = (*paragraph.spans, span)
