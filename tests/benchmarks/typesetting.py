"""Setting what is hard to set: blocks of megabytes, and how much memory an article takes."""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
import tracemalloc
from collections.abc import Iterator

from store import Article, State
from tests.benchmarks import corpus
from tests.benchmarks.figures import Figure
from tests.benchmarks.fresh import Figures, measure
from tests.benchmarks.reading import text_of

_COLUMNS, _LINES = 80, 24
#: Seconds that nothing may hold up the keys, and times its text that an article may take.
_NO_WAIT, _MEMORY = 0.1, 12
_TIMES = 5
#: Words that fill the screen.
_SCREENFUL = 300


def figures() -> Iterator[Figure]:
    """All figures of typesetting."""
    first = measure(first_screens, runs=3)
    for name in ("paragraph", "table", "code", "list"):
        yield Figure(f"first screen of one {name} of 650 KB", first[name], "s", 0,
                     "a 1,500-word article", first["article"], reach_value=_NO_WAIT)  # fmt: skip
        yield Figure(f"set that {name} anew, justified", first[f"{name}_anew"], "s", 0,
                     "a 1,500-word article", first["article_anew"],
                     reach_value=_NO_WAIT)  # fmt: skip
    taken = measure(memory_taken, runs=1)
    for name, what in (("article", "a 1,500-word article"), ("book", "a 200,000-word book")):
        yield Figure(f"memory of {what}, beyond a screenful", taken[name], "B", 0, "its text",
                     taken[f"{name}_text"], _MEMORY)  # fmt: skip


def first_screens() -> Figures:
    """CPU seconds to lay out and draw the first screen of long blocks, and to set them anew."""
    from tui.typeset.document import Document
    from tui.typeset.draw import draw
    from tui.typeset.setting import Setting
    from tui.typeset.styles import StyleSheet
    from tui.typeset.viewport import Viewport

    sheet = StyleSheet()

    def frame(view: Viewport) -> None:
        for row in view.rows:
            draw(view.line(row), sheet)

    times: dict[str, list[float]] = {}
    samples = {"article": text_of(1, 1_500).body, **dict(_long_blocks())}
    for turn in range(_TIMES + 1):
        for name, source in samples.items():
            begin = time.process_time()
            document = Document(source)
            view = Viewport(document, 72, _LINES)
            frame(view)
            opened = time.process_time() - begin
            begin = time.process_time()
            document.setting = Setting(justify=True, indent=True)
            view.resize(72, _LINES)
            frame(view)
            if turn:  # the first turn loads the parser, once for all articles
                times.setdefault(name, []).append(opened)
                times.setdefault(f"{name}_anew", []).append(time.process_time() - begin)
    return {name: statistics.median(values) for name, values in times.items()}


def memory_taken() -> Figures:
    """Bytes that open articles take in the reader when all of them was on the screen.

    Beyond what a text takes that just fills the screen: the picture of a screen costs the same
    for all.
    """
    return asyncio.run(_memory_taken())


async def _memory_taken() -> Figures:
    from textual.app import App

    from tui.widgets.reader import Reader

    found: Figures = {}
    async with App[None]().run_test(size=(_COLUMNS, _LINES)) as pilot:
        reader = Reader()
        await pilot.app.mount(reader)
        await pilot.pause()

        def draw() -> None:
            for line in range(reader.size.height):
                reader.render_line(line)

        def page_through(words: int) -> tuple[float, float]:
            article = text_of(2, words)
            body = "".join(list(article.body))  # a copy, whose own size counts
            del article
            reader.show(Article(title="Text", body=body, words=words, id=7), State())
            draw()
            while reader.move_page(1):
                draw()
            gc.collect()
            return float(tracemalloc.get_traced_memory()[0]), float(len(body.encode()))

        tracemalloc.start()
        page_through(20_000)  # fills what is kept for all articles, such as widths of characters
        screenful, its_text = page_through(_SCREENFUL)
        for name, words in (("article", 1_500), ("book", 200_000)):
            taken, text = page_through(words)
            found[name] = taken - screenful
            found[f"{name}_text"] = text - its_text
        tracemalloc.stop()
    return found


def _long_blocks() -> Iterator[tuple[str, str]]:
    """One block of each kind, of about 650 KB."""
    size = 650_000
    prose = " ".join(part.body for part in corpus.articles(0, 200) if part.lang == "en")
    words = prose.replace("\n", " ").split(" ")
    yield "paragraph", " ".join(words)[:size]
    rows = [f"| {n} | {' '.join(words[n : n + 3])} | {' '.join(words[n : n + 9])} |\n"
            for n in range(5_000)]  # fmt: skip
    yield "table", "| Number | Name | Text |\n|--:|---|---|\n" + "".join(rows)
    code = [f"def function_{n}(a, b):  # {words[n]}\n" for n in range(20_000)]
    yield "code", "```python\n" + "".join(code)[:size] + "\n```"
    yield "list", "\n".join(f"- {' '.join(words[n : n + 9])}" for n in range(10_000))
