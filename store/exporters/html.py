"""One page of HTML with all the articles: readable as it is, and it loads and runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from store.exporters.markup import byline, html_of, language_of, source_link
from store.exporters.record import Entry, Export

#: What the page may do, told to the browser besides (CSP level 3): look as it does, no more.
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)

_STYLE: Final = """\
:root { color-scheme: light dark; }
body { margin: 2rem auto; max-width: 40rem; padding: 0 1rem; line-height: 1.55;
  font-family: Georgia, "Times New Roman", serif; font-size: 1.1rem; overflow-wrap: break-word; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; }
article { border-top: 1px solid; margin-top: 3rem; padding-top: 1rem; }
.about, .tags, .state { font-family: sans-serif; font-size: .85rem; opacity: .8; }
blockquote { border-left: 3px solid; margin-left: 0; padding-left: 1rem; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid; }
code { font-size: .9em; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid; padding: .25rem .5rem; text-align: left; vertical-align: top; }
aside { border: 1px solid; margin-top: 1.5rem; padding: 0 1rem; }
"""


def write_html(entries: Iterable[Entry], export: Export) -> Iterator[bytes]:
    """The page in parts: head, an article each, foot."""
    yield _head(export.title)
    for entry in entries:
        export.report.articles += 1
        export.report.highlights += len(entry.highlights)
        yield article_html(entry).encode("utf-8", "replace")
    yield b"</main>\n</body>\n</html>\n"


def article_html(entry: Entry) -> str:
    """One article as a section of the page."""
    article = entry.shown
    language = language_of(article)
    parts = [
        f'<article id="article-{article.id}"' + (f' lang="{language}">' if language else ">"),
        f"<h2>{escape(article.title) or 'Untitled'}</h2>",
    ]
    about = " · ".join(part for part in (byline(article), source_link(article)) if part)
    parts += [f'<p class="about">{about}</p>'] if about else []
    if article.tags:
        parts.append(f'<p class="tags">{escape(" ".join(f"#{tag}" for tag in article.tags))}</p>')
    if article.is_stub and article.summary:
        parts.append(f"<p>{escape(article.summary)}</p>")
    parts += [html_of(article, level=3), *notes_of(entry), "</article>\n"]
    return "\n".join(parts)


def notes_of(entry: Entry) -> list[str]:
    """The highlights and notes of an article, as a list behind it."""
    if not entry.highlights:
        return []
    items = []
    for highlight in entry.highlights:
        quote = f"<blockquote><p>{escape(highlight.quote)}</p></blockquote>"
        note = f"<p>{escape(highlight.note)}</p>"
        items.append((quote if highlight.quote else "") + (note if highlight.note else ""))
    return ["<aside>", "<p><strong>Highlights and notes</strong></p>", *items, "</aside>"]


def _head(title: str) -> bytes:
    return f"""\
<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta http-equiv="Content-Security-Policy" content="{_POLICY}" />
<meta name="referrer" content="no-referrer" />
<title>{escape(title)}</title>
<style>
{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
""".encode("utf-8", "replace")
