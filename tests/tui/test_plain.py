"""Plain mode, for screen readers: words and nothing else, the cursor on what is current."""

from __future__ import annotations

import re
import unicodedata

import pytest
from app_harness import NOW, fill, press, running, screen, settle, text, until

from store import Article, Highlight, Library, State
from tui.config import Config
from tui.screens.spoken import place_of
from tui.widgets.article_line import in_words

#: What a screen reader names one by one, or passes over: all kinds of drawings.
DRAWN = re.compile("[\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff"
                   "\ue000-\uf8ff\U0001f000-\U0001faff\u00b7\u2022]")  # fmt: skip

BODY = """\
First a paragraph with a [link](https://one.example/) and a note[^1].

## A heading

> A quote that is said to be one.

- one
- [x] done
- [ ] to do

---

| name | number |
|------|--------|
| oak  | 12     |

```python
print("a line of code that is longer than the column it is set in, by quite a lot of letters")
```

![A boat](https://quay.example/boat.png)

[^1]: What the note says.
"""


def records():
    made = [
        Article(title=f"Number {n}", body=f"Text of number {n}, about the quay.\n\n" * 3,
                author="Ada Reyes", site="quay.example", url=f"https://quay.example/{n}",
                published=f"2026-11-{20 - n:02}", tags=("harbour", "sea"),
                state=State(read=n == 3, starred=n == 2, progress=0.5 if n == 4 else 0.0))
        for n in range(1, 12)
    ]  # fmt: skip
    made[0] = Article(title="Number 1", body=BODY, author="Ada Reyes", published="2026-11-19",
                      site="quay.example", url="https://quay.example/1", tags=("a",))  # fmt: skip
    return made


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.json"
    fill(path, records())
    with Library(path) as library:
        library.highlight(Highlight(1, quote="First a paragraph", note="Why?"))
    return path


def plain(path, size=(80, 24)):
    return running(path, size=size, config=Config(plain=True))


def undrawn(app):
    shown = text(app)
    drawn = DRAWN.findall(shown)
    assert not drawn, f"{sorted(set(drawn))} in\n{shown}"
    odd = {c for c in shown if unicodedata.category(c) in ("Co", "Cf", "Cc", "So") and c != "\n"}
    assert not odd
    return shown


def cursor_line(app):
    """The line of the screen that the terminal's cursor is on."""
    assert app.shows_cursor
    return screen(app)[app._wanted_cursor()[1]]


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (200, 50)])
async def test_no_screen_has_anything_but_words_on_it(path, size):
    async with plain(path, size) as (app, pilot):
        app.library.wait_until_searchable()
        assert "unread: Number 1" in undrawn(app)
        await press(pilot, "x")
        assert "selected, unread" in undrawn(app)
        await press(pilot, "escape", "g", "enter")  # the reader
        await until(pilot, lambda: app.main.in_reader, "reading")
        await press(pilot, "c")  # its headings
        undrawn(app)
        await press(pilot, "escape")
        for _ in range(8):
            undrawn(app)
            await press(pilot, "space" if not app.main.reader.view.at_end else "k")
        await press(pilot, "slash", *"quote")  # find in the article
        undrawn(app)
        await press(pilot, "escape", "h")
        await press(pilot, "backslash", *"quay")  # search
        await until(pilot, lambda: app.main.search.hits.ids, "found")
        undrawn(app)
        await press(pilot, "enter", "h", "F")
        undrawn(app)
        await press(pilot, "escape", "escape", "escape")
        for keys in ("question_mark", "i", "T", "f", "t", "S", "H", "colon"):
            await press(pilot, keys)
            await until(pilot, lambda: app.screen is not app.main, keys)
            await settle(pilot)
            undrawn(app)
            await press(pilot, "G" if keys not in ("t", "colon") else "a")
            undrawn(app)
            await press(pilot, "escape")
            if app.screen is not app.main:
                await press(pilot, "escape")
            assert app.screen is app.main, keys


async def test_marks_and_progress_are_words(path):
    async with plain(path) as (app, _):
        shown = text(app)
        assert "unread, starred: Number 2; Ada Reyes; 4 days; 1 minute" in shown
        assert "read: Number 3" in shown
        assert "half read: Number 4" in shown
        assert "All, article 1 of 11." in shown


async def test_in_the_reader_progress_is_said_in_words(path):
    async with plain(path) as (app, pilot):
        await press(pilot, "enter")
        await until(pilot, lambda: app.main.in_reader, "reading")
        assert "percent read." in text(app)
        assert "19 November 2026, " in text(app)


async def test_one_pane_is_shown_at_a_time_however_wide_it_is(path):
    async with plain(path, (200, 50)) as (app, pilot):
        assert not app.main.wide
        await press(pilot, "enter")
        await until(pilot, lambda: app.main.in_reader, "reading")
        assert "Number 2" not in text(app)


async def test_the_terminals_cursor_is_on_what_is_current(path):
    async with plain(path) as (app, pilot):
        assert "Number 1;" in cursor_line(app)
        await press(pilot, "j", "j")
        assert "Number 3" in cursor_line(app)
        await press(pilot, "G")
        assert "Number 11" in cursor_line(app)
        await press(pilot, "g", "enter")
        await until(pilot, lambda: app.main.in_reader, "reading")
        assert "Number 1" in cursor_line(app)
        await press(pilot, "tab", "tab")
        assert "link" in cursor_line(app)
        await press(pilot, "h", "t")
        await until(pilot, lambda: app.screen is not app.main, "tags")
        assert cursor_line(app).strip() == "a"
        await press(pilot, "escape", "f", "j")
        await until(pilot, lambda: app.screen is not app.main, "views")
        assert "Unread" in cursor_line(app)


async def test_the_cursor_is_where_one_types(path):
    async with plain(path) as (app, pilot):
        await press(pilot, "slash", *"quay")
        before = app._wanted_cursor()
        await press(pilot, "s")
        assert app._wanted_cursor() == (before[0] + 1, before[1])
        assert place_of(app.focused).x == before[0] + 1


async def test_without_it_nothing_is_changed(path):
    async with running(path) as (app, pilot):
        assert "●" in text(app)
        assert not app.shows_cursor
        await press(pilot, "f")
        assert "╭" in text(app)


def test_an_article_is_said_in_one_sentence():
    from store import Row

    row = Row(1, "Title", "", "Site", "2026-11-20", "", 460, False, False, True, False, False, 0.5)
    assert in_words(row, now=NOW, selected=True) == (
        "selected, half read, starred: Title; Site; 2 days; 2 minutes"
    )
