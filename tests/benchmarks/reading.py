"""The reader: a book must open as fast as an article, since only what is seen is laid out."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Iterator

from store import Article, State
from tests.benchmarks import corpus
from tests.benchmarks.figures import Figure
from tests.benchmarks.fresh import Figures, measure, timed

_ARTICLE_WORDS, _BOOK_WORDS = 1_500, 200_000
_COLUMNS, _LINES = 80, 24
_TIMES = 9


def figures() -> Iterator[Figure]:
    """All figures of the reader."""
    opened = measure(open_in_reader, runs=3)
    yield Figure("open a 200,000-word book", opened["book"], "s", 0, "a 1,500-word article",
                 opened["article"], 1.2)  # fmt: skip
    yield Figure("go to the end of that book", opened["end"], "s", 0, "a 1,500-word article",
                 opened["article_end"])  # fmt: skip


def open_in_reader() -> Figures:
    """Show texts in a reader of 80 x 24 cells, and draw what is on the screen."""
    return asyncio.run(_open_in_reader())


async def _open_in_reader() -> Figures:
    from textual.app import App

    from tui.widgets.reader import Reader

    article, book = _text(1, _ARTICLE_WORDS), _text(2, _BOOK_WORDS)
    async with App[None]().run_test(size=(_COLUMNS, _LINES)) as pilot:
        reader = Reader()
        await pilot.app.mount(reader)
        await pilot.pause()

        def draw() -> None:
            for line in range(reader.size.height):
                reader.render_line(line)

        def show(text: Article) -> None:
            reader.show(text, State())
            draw()

        def end() -> None:
            reader.action_bottom()
            draw()

        show(article)  # what is made once for all articles is not the matter here
        times: dict[str, list[float]] = {name: [] for name in ("article", "book")}
        times |= {"article_end": [], "end": []}
        for _ in range(_TIMES):
            for text, name, last in ((article, "article", "article_end"), (book, "book", "end")):
                times[name].append(timed(show, text))
                await pilot.pause()
                times[last].append(timed(end))
                await pilot.pause()
    return {name: statistics.median(values) for name, values in times.items()}


def _text(number: int, words: int) -> Article:
    """An article of about `words` words: chapters, one after the other."""
    chapters: list[str] = []
    missing = words
    for part in corpus.articles(0, 1_000):
        if missing <= 0:
            break
        if part.lang == "en":
            text = " ".join(part.body.split(" ")[:missing])
            chapters.append(f"# {part.title}\n\n{text}")
            missing -= part.words
    return Article(title=f"Text {number}", body="\n\n".join(chapters), words=words, id=number)
