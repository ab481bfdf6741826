"""The reader: a book must open as fast as an article, since only what is seen is laid out."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Iterator
from functools import partial

from store import Article, Highlight, State
from tests.benchmarks import corpus
from tests.benchmarks.figures import Figure
from tests.benchmarks.fresh import Figures, measure, timed

_ARTICLE_WORDS, _BOOK_WORDS = 1_500, 200_000
_COLUMNS, _LINES = 80, 24
_HIGHLIGHTS = 500
_TIMES = 9


def figures() -> Iterator[Figure]:
    """All figures of the reader."""
    opened = measure(open_in_reader, runs=3)
    article = "a 1,500-word article"
    yield Figure("open a 200,000-word book", opened["book"], "s", 0, article,
                 opened["article"], 1.2)  # fmt: skip
    yield Figure("open it where it was left, in the middle", opened["middle"], "s", 0,
                 f"{article}, in its middle", opened["article_middle"], 1.2)  # fmt: skip
    yield Figure("cut it and find the place, off the event loop", opened["prepared"], "s", 0,
                 f"{article}, in its middle", opened["article_prepared"])  # fmt: skip
    yield Figure("lay it out for another width, in the middle", opened["narrower"], "s", 0,
                 f"{article}, in its middle", opened["article_narrower"], 1.2)  # fmt: skip
    marked = measure(open_with_highlights, runs=3)
    yield Figure(f"open that book with {_HIGHLIGHTS} highlights", marked["marked"], "s", 0,
                 "the book without", marked["plain"], 1.2)  # fmt: skip
    yield Figure(f"find where {_HIGHLIGHTS} highlights are, off the event loop",
                 marked["located"], "s", 0, "reading the book's plain text",
                 marked["read"])  # fmt: skip
    yield Figure("the same after an edit in every 100th word", marked["edited"], "s", 0,
                 "reading the book's plain text", marked["read"])  # fmt: skip
    yield Figure("go to the end of that book", opened["end"], "s", 0, article,
                 opened["article_end"])  # fmt: skip


def open_in_reader() -> Figures:
    """Show texts in a reader of 80 x 24 cells, and draw what is on the screen."""
    return asyncio.run(_open_in_reader())


async def _open_in_reader() -> Figures:
    from textual.app import App

    from tui.widgets.reader import Opening, Reader

    article, book = text_of(1, _ARTICLE_WORDS), text_of(2, _BOOK_WORDS)
    async with App[None]().run_test(size=(_COLUMNS, _LINES)) as pilot:
        reader = Reader()
        await pilot.app.mount(reader)
        await pilot.pause()

        def draw() -> None:
            for line in range(reader.size.height):
                reader.render_line(line)

        def show(text: Article, opening: Opening | None = None) -> None:
            reader.show(text, State(), opening=opening)
            draw()

        def end() -> None:
            reader.action_bottom()
            draw()

        def narrower() -> None:
            reader.action_narrower()
            draw()

        def left_in_the_middle(text: Article) -> State:
            reader.show(text, State(position=len(text.body) // 2))
            place = reader.position_now()
            assert place is not None
            return State(position=place.position, anchor=place.anchor)

        texts = {"": book, "article_": article}
        left = {name: left_in_the_middle(text) for name, text in texts.items()}
        show(article)  # what is made once for all articles is not the matter here
        ready: dict[str, Opening] = {}

        def prepare(name: str) -> None:
            ready[name] = reader.prepare(texts[name], left[name])

        def show_middle(name: str) -> None:
            show(texts[name], ready[name])

        times: dict[str, list[float]] = {}
        for _ in range(_TIMES):
            for name, text in texts.items():
                for what, action in {
                    name.rstrip("_") or "book": partial(show, text),
                    f"{name}end": end,
                    f"{name}prepared": partial(prepare, name),
                    f"{name}middle": partial(show_middle, name),
                    f"{name}narrower": narrower,
                }.items():
                    times.setdefault(what, []).append(timed(action))
                    await pilot.pause()
                reader.action_default_width()
                await pilot.pause()
    return {name: statistics.median(values) for name, values in times.items()}


def open_with_highlights() -> Figures:
    """Show a book with highlights all over it, and find them in it."""
    return asyncio.run(_open_with_highlights())


async def _open_with_highlights() -> Figures:
    from textual.app import App

    from store import Anchors
    from tui.typeset.document import Document
    from tui.typeset.passages import Anchor, locate
    from tui.widgets.reader import Opening, Reader

    book = text_of(2, _BOOK_WORDS)
    marks = highlights_of(book)
    anchors = [Anchor(h.quote, h.before, h.after, h.offset) for h in marks]
    words = book.body.split(" ")
    words[::100] = ["edited"] * len(words[::100])
    edited = " ".join(words)
    times: dict[str, list[float]] = {}
    async with App[None]().run_test(size=(_COLUMNS, _LINES)) as pilot:
        reader = Reader()
        await pilot.app.mount(reader)
        await pilot.pause()

        def show(opening: Opening) -> None:
            reader.show(book, State(), opening=opening)
            for line in range(reader.size.height):
                reader.render_line(line)

        for _ in range(_TIMES):
            for what, shown in (("plain", []), ("marked", marks)):
                opening = reader.prepare(book, State(), None, shown)
                times.setdefault(what, []).append(timed(partial(show, opening)))
                await pilot.pause()

    def read() -> None:
        document = Document(book.body)
        for block in range(len(document)):
            document.plain(block)

    times["read"] = [timed(read)]
    times["located"] = [timed(partial(locate, book.body, 0, anchors, Anchors))]
    times["edited"] = [timed(partial(locate, edited, 0, anchors, Anchors))]
    return {name: statistics.median(values) for name, values in times.items()}


def highlights_of(text: Article) -> list[Highlight]:
    """Highlights all over a text, one to five lines each, as the reader would make them."""
    from tui.typeset.document import Document
    from tui.typeset.passages import Passage, anchor_of_passage
    from tui.typeset.viewport import Place

    document = Document(text.body)
    blocks = [n for n in range(len(document)) if len(document.plain(n)) > 400]
    made = []
    for number in range(_HIGHLIGHTS):
        block = blocks[number * len(blocks) // _HIGHLIGHTS]
        start = document.plain(block).find(" ", number % 60) + 1
        end = document.plain(block).find(" ", start + 70 + number % 280)
        anchor = anchor_of_passage(document, Passage(Place(block, start), Place(block, end)))
        quote, before, after, offset = anchor
        made.append(Highlight(text.id, quote, "", "yellow", before, after, offset, "", number + 1))
    return made


def text_of(number: int, words: int) -> Article:
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
