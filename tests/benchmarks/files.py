"""The corpus as files, made once and kept in `.bench/` (which git ignores)."""

from __future__ import annotations

import csv
import html
import re
import shutil
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from store.article import Article
from store.linefile import LineFile, dumps
from tests.benchmarks import corpus

ROOT = Path(__file__).parents[2]
BENCH = ROOT / ".bench"


def kept() -> Path:
    """Where files of this very corpus are; another generator gets another directory."""
    sources = b"".join(Path(module).read_bytes() for module in (corpus.__file__, __file__))
    return BENCH / f"corpus-{blake2b(sources, digest_size=4).hexdigest()}"


def library(size: int) -> Path:
    """A library of `size` articles in broadsheet's form."""
    return made(f"library-{size}.json", lambda path: _write_library(path, size))


def stock(size: int) -> Path:
    """The same library as stock TinyDB writes it: one line."""

    def write(path: Path) -> None:
        with library(size).open("rb") as lines, path.open("wb") as file:
            file.writelines(line.rstrip(b"\n") for line in lines)

    return made(f"stock-{size}.json", write)


def markdown(count: int) -> Path:
    """A directory of `count` Markdown files with front matter."""

    def write(path: Path) -> None:
        path.mkdir()
        for article in corpus.articles(0, count):
            (path / f"{article.id:06}.md").write_text(_as_markdown(article), encoding="utf-8")

    return made(f"markdown-{count}", write)


def links(count: int) -> Path:
    """A table of `count` links as Pocket exported them: title, address, time, tags, status."""

    def write(path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("title", "url", "time_added", "tags", "status"))
            for article in corpus.articles(0, count):
                status = "archive" if article.id % 3 else "unread"
                tags = "|".join(article.tags)
                rows.writerow((article.title, f"https://links.example/{article.id}",
                               1_500_000_000 + article.id, tags, status))  # fmt: skip

    return made(f"links-{count}.csv", write)


def pages(count: int) -> Path:
    """A directory of `count` web pages, each an article among the usual furniture."""

    def write(path: Path) -> None:
        path.mkdir()
        for article in corpus.articles(0, count):
            (path / f"{article.id:06}.html").write_text(_as_page(article), encoding="utf-8")

    return made(f"pages-{count}", write)


def work(name: str) -> Path:
    """An empty directory to spoil."""
    path = BENCH / "work" / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def made(name: str, write: Callable[[Path], None]) -> Path:
    """A file or directory of the corpus, written once."""
    path = kept() / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{name}.part")
        if part.is_dir():
            shutil.rmtree(part)
        part.unlink(missing_ok=True)
        write(part)
        part.rename(path)
    return path


def _write_library(path: Path, size: int) -> None:
    file = LineFile(path)
    for start in range(0, size, corpus.CHUNK):
        articles = corpus.articles(start, min(size, start + corpus.CHUNK))
        file.append([(article.id, dumps(article.to_document())) for article in articles])
    file.close()
    path.with_name(f"{path.name}.lock").unlink(missing_ok=True)


def _as_markdown(article: Article) -> str:
    return (
        f'---\ntitle: "{article.title}"\nauthor: {article.author}\ndate: {article.published}\n'
        f"url: {article.url}\ntags: [{', '.join(article.tags)}]\n---\n\n{article.body}\n"
    )


def _as_page(article: Article) -> str:
    title, author = html.escape(article.title), html.escape(article.author)
    menu = "".join(f'<li><a href="/{tag}/">{tag}</a></li>' for tag in ("home", "world", "about"))
    return f"""<!DOCTYPE html>
<html lang="{article.lang}"><head><meta charset="utf-8"><title>{title} | {article.site}</title>
<meta name="author" content="{author}"><link rel="canonical" href="{article.url}">
<meta property="article:published_time" content="{article.published}">
<meta property="og:site_name" content="{article.site}"></head>
<body><header><nav><ul>{menu}</ul></nav></header>
<main><article><h1>{title}</h1><p class="byline">By {author}</p>
{"".join(map(_as_html, article.body.split(chr(10) * 2)))}
</article><aside><h3>More</h3><ul>{menu * 5}</ul></aside></main>
<footer><p>Copyright {article.site}. All rights reserved.</p><ul>{menu}</ul></footer>
<script>window.page = {{"section": "news", "ads": true}};</script></body></html>
"""


def _as_html(block: str) -> str:
    text = html.escape(block, quote=False)
    if text.startswith("## "):
        return f"<h2>{text[3:]}</h2>\n"
    text = re.sub(r"\[(\w+)\]\((\S+?)\)", r'<a href="\2">\1</a>', text)
    text = re.sub(r"[*](\w+)[*]", r"<em>\1</em>", text)
    return f"<p>{text}</p>\n"
