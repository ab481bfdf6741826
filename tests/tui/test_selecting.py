"""Selecting text in the reader with the keys and the mouse, and highlighting it."""

from __future__ import annotations

import pytest
from app_harness import NOW, fill, press, running, screen, settle, text, until
from textual import events

from store import Article, Highlight, Library
from tui.app import BroadsheetApp
from tui.config import Config
from tui.terminal.clipboard import Copied, Rung

BODY = """\
The keeper wound the clock every night. He never spoke of it. Boats came back in the spring, and \
the keeper counted them twice, once for the harbour and once for himself.

> He wrote the *number* down.

- a lamp of brass
- oil for the lamp

```python
number = count(boats)
```

| who | what |
|-----|------|
| keeper | clock |

""" + "\n\n".join(f"Paragraph {i} tells of the tide and of nothing else." for i in range(40))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.json"
    fill(path, [
        Article(title="The keeper", body=BODY, published="2026-11-20"),
        Article(title="The other", body="Nothing to see.", published="2026-11-19"),
    ])  # fmt: skip
    return path


def selected(app) -> str:
    return app.main.reader.selected_text


def bar(app) -> str:
    return next(line for line in screen(app) if line.strip().startswith("select ")).strip()


def made(app) -> list[tuple[str, str, str]]:
    return [(h.quote, h.note, h.colour) for h in app.library.highlights(1)]


def drawn(app, kind: str) -> str:
    """The text on the screen that is drawn as `kind` of the style sheet."""
    reader = app.main.reader
    style = getattr(reader.sheet, kind)
    return "".join(
        segment.text
        for y in range(reader.size.height)
        for segment in reader.render_line(y)
        if segment.style and segment.style.bgcolor == style.bgcolor and segment.text.strip()
    )


KEYS = {"(": "left_parenthesis", ")": "right_parenthesis", "{": "left_curly_bracket",
        "}": "right_curly_bracket", "$": "dollar_sign"}  # fmt: skip


async def keys(pilot, text: str) -> None:
    """Press keys one by one; words in <> are names."""
    names = [KEYS.get(key, key) for key in text.replace("<", " <").split()]
    flat: list[str] = []
    for name in names:
        if name.startswith("<"):
            head, _, rest = name[1:].partition(">")
            flat += [head, *(KEYS.get(c, c) for c in rest)]
        else:
            flat += [name] if name in KEYS.values() else [KEYS.get(c, c) for c in name]
    await press(pilot, *flat)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("v", "T"),
        ("ve", "The"),
        ("vw", "The k"),
        ("vwe", "The keeper"),
        ("vll", "The"),
        ("vll<left>", "Th"),
        ("v)", "The keeper wound the clock every night."),
        ("v))", "The keeper wound the clock every night. He never spoke of it."),
        ("v)(", "T"),
        ("vww<space>hhe", "r wound"),
        ("vww<space>e", "wound"),
        ("vww<space>eob", "keeper wound"),
        ("vlh", ""),
    ],
)
async def test_motions_select_what_they_go_over(path, typed, expected):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, typed)
        assert selected(app) == expected


async def test_a_paragraph_a_line_and_the_whole_article(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "v}")
        assert selected(app).endswith("once for himself.")
        await keys(pilot, "{")
        assert selected(app) == "T"
        await keys(pilot, "$")
        line = next(line for line in screen(app) if "The keeper wound" in line)
        assert selected(app) == line.strip()
        await keys(pilot, "0")
        assert selected(app) == "T"
        await keys(pilot, "G")
        assert selected(app).endswith("39 tells of the tide and of nothing else.")
        assert "Paragraph 39" in text(app)
        await keys(pilot, "g")
        assert selected(app) == "T"
        assert "The keeper wound" in text(app)


async def test_lines_keep_the_column_and_pass_quotes_lists_code_and_tables(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "vwwjjj")
        assert app.main.reader.selection.cursor.block > 1
        await keys(pilot, "jjjjjjj")
        assert (
            "He wrote the number down.\n\na lamp of brass\noil for the lamp\n\nnumber"
            in selected(app)
        )
        await keys(pilot, "kkkkkkkkkk")
        assert selected(app) == "The keeper w"


async def test_the_page_scrolls_along(path):
    async with running(path, size=(80, 24)) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "v" + "j" * 60)
        reader = app.main.reader
        assert reader.view.row_of(reader.selection.cursor) is not None
        assert reader.view.top_place().block > 3
        await keys(pilot, "k" * 60)
        assert reader.view.row_of(reader.selection.cursor) is not None


async def test_h_highlights_and_what_was_selected_is_drawn_so_after_reopening(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "v)h")
        assert app.main.reader.selection is None
        assert not app.main.select_bar.is_open
        assert made(app) == [("The keeper wound the clock every night.", "", "yellow")]
        assert "The keeper wound the clock every night." in drawn(app, "highlight_yellow")
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        assert "The keeper wound the clock every night." in drawn(app, "highlight_yellow")
        assert app.main.reader.highlights_placed


async def test_keys_typed_in_one_go_arrive_in_order(path):
    async with running(path) as (app, pilot):
        await pilot.press("enter", "v", "w", "space", "e", "h", "j")
        await settle(pilot)
        assert made(app) == [("keeper", "", "yellow")]


@pytest.mark.parametrize(
    ("key", "colour"), [("1", "yellow"), ("2", "green"), ("3", "blue"), ("4", "red")]
)
async def test_a_number_highlights_in_its_colour_and_h_takes_the_same_next(path, key, colour):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, f"ve{key}")
        assert made(app) == [("The", "", colour)]
        await keys(pilot, "v)<space>)h")
        assert {h[2] for h in made(app)} == {colour}


async def test_the_colour_is_chosen_from_a_menu(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "vec")
        assert "yellow" in text(app)
        assert "red" in text(app)
        await press(pilot, "j", "j", "enter")
        assert made(app) == [("The", "", "blue")]


async def test_a_note_of_several_lines_is_written_and_shown_by_a_sign(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "vei")
        assert "Note on what you selected" in text(app)
        await press(pilot, "a", "b", "ctrl+j", "c", "enter")
        assert made(app) == [("The", "ab\nc", "yellow")]
        assert any(line.strip().startswith("y* The keeper") for line in screen(app))


async def test_escape_leaves_the_note_and_keeps_what_is_selected(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "vei")
        await press(pilot, "a", "escape")
        assert "throws away" in text(app)
        await press(pilot, "escape")
        assert made(app) == []
        assert selected(app) == "The"
        await press(pilot, "h")
        assert made(app) == [("The", "", "yellow")]


async def test_a_click_beside_a_note_throws_nothing_away(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "vei")
        await press(pilot, "a", "b")
        for _ in range(2):
            await pilot.click(offset=(1, 1))
            assert "esc throws away what you typed" in text(app)
        await press(pilot, "enter")
        assert made(app) == [("The", "ab", "yellow")]


async def test_an_existing_highlight_is_coloured_noted_and_removed_and_all_is_undone(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "veh")
        await keys(pilot, "v")
        assert "in yellow" in bar(app)
        await keys(pilot, "2")
        assert made(app) == [("The", "", "green")]
        assert "in green" in bar(app)
        await keys(pilot, "<enter>")
        await press(pilot, "m", "y", "enter")
        assert made(app) == [("The", "my", "green")]
        assert "in green: my" in bar(app)
        await keys(pilot, "x")
        assert made(app) == []
        assert "in green" not in bar(app)
        await press(pilot, "escape", "U")
        assert made(app) == [("The", "my", "green")]
        assert "The" in drawn(app, "highlight_green")
        await press(pilot, "U", "U", "U")
        assert made(app) == []
        assert not drawn(app, "highlight_yellow")
        await press(pilot, "ctrl+r")
        assert made(app) == [("The", "", "yellow")]


async def test_y_copies_what_is_selected(path, monkeypatch):
    sent = []
    monkeypatch.setattr(
        "tui.terminal.clipboard.send",
        lambda text, what, **_: sent.append((text, what)) or _copied(),
    )
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "vwey")
        assert sent == [("The keeper", "selection")]
        assert app.main.reader.selection is None


def _copied():
    return Copied(Rung.TOOL, "sent")


@pytest.mark.parametrize("key", ["v", "escape", "q"])
async def test_one_leaves_selecting_and_reads_on(path, key):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "vjj")
        await press(pilot, key)
        assert app.main.reader.selection is None
        assert app.main.reader.has_focus
        assert app.main.in_reader
        before = text(app)
        await press(pilot, "j")
        assert text(app) != before


async def test_no_other_key_does_anything_while_text_is_selected(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "vw")
        await press(pilot, "s", "a", "D", "t", "J", "r", "tab", "S", "R")
        state = app.library.state(1)
        assert not (state.starred or state.archived or state.trashed)
        assert app.main.reader.selection is not None
        assert selected(app) == "The k"


async def test_it_begins_at_the_match_that_was_found(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "slash", *"tide", "enter")
        await keys(pilot, "v")
        assert selected(app) == "tide"
        await keys(pilot, "h")
        assert made(app) == [("tide", "", "yellow")]


async def test_at_a_match_in_the_title_it_begins_at_the_first_word_of_the_text(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash")
        app.main.search.text = "keeper"
        await settle(pilot)
        await press(pilot, "enter")
        reader = app.main.reader
        assert reader.current_match.block < reader.document.first
        await press(pilot, "v")
        assert selected(app) == "T"
        await press(pilot, "w", "e", "h")
        await until(pilot, lambda: made(app), "highlighted")
        assert made(app) == [("The keeper", "", "yellow")]
        await until(pilot, lambda: reader.highlights, "loaded")
        assert reader.passage_of(reader.highlights[0].id) is not None


async def test_at_a_link_in_the_head_it_begins_at_the_first_word_of_the_text(tmp_path):
    path = tmp_path / "library.json"
    fill(path, [Article(title="A title", body=BODY, site="quay", url="https://quay.example/")])
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "tab")
        assert app.main.reader.focused.block == 0
        await press(pilot, "v")
        assert selected(app) == "T"


async def test_a_drag_of_the_mouse_selects_and_a_double_click_takes_a_word(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        reader = app.main.reader
        y = next(i for i, line in enumerate(screen(app)) if "The keeper wound" in line)
        x = screen(app)[y].index("keeper")
        await pilot.mouse_down(reader, offset=(x, y))
        await pilot.hover(reader, offset=(x + 3, y))
        await pilot._post_mouse_events([events.MouseMove], reader, offset=(x + 10, y), button=1)
        await settle(pilot)
        assert selected(app) == "keeper woun"
        await pilot.mouse_up(reader, offset=(x + 10, y))
        await settle(pilot)
        assert app.main.select_bar.is_open
        await press(pilot, "h")
        assert made(app) == [("keeper woun", "", "yellow")]


async def test_highlights_across_blocks_are_drawn_in_all_of_them(path):
    async with running(path, size=(80, 40)) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "v}}}}}}2")
        shown = drawn(app, "highlight_green")
        for part in ("once for himself.", "He wrote the ", "number", "a lamp of brass",
                     "number = count(boats)"):  # fmt: skip
            assert part in shown


@pytest.mark.parametrize("column", [40, 60, 72])
async def test_wide_characters_and_clusters_are_never_cut(tmp_path, column):
    path = tmp_path / "library.json"
    body = (
        "港の朝は早い。灯台守は毎晩時計を巻く。" * 6
        + "\n\nA family 👩‍👩‍👧 and cafe\u0301s 🇩🇪 over there."
    )
    fill(path, [Article(title="港", body=body)])
    async with running(path, config=Config(column=column)) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "v" + "l" * 12)
        assert selected(app) == body[:13]
        await keys(pilot, ")h")
        assert made(app)[0][0] == "港の朝は早い。灯台守は毎晩時計を巻く。"
        assert drawn(app, "highlight_yellow").endswith("港の朝は早い。灯台守は毎晩時計を巻く。")
        await keys(pilot, "vGo<space>}}wwh")
    with Library(path) as library:
        quotes = [h.quote for h in library.highlights()]
    assert all(quote in body for quote in quotes)


async def test_highlights_come_with_the_article_and_those_that_were_moved_a_moment_later(path):
    with Library(path) as library:
        library.highlight(Highlight(1, "wound the clock", offset=11))
        library.highlight(Highlight(1, "a quote of another edition of this"))
        library.highlight(Highlight(1, "Boats came back in spring and the keeper counted them"))
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        reader = app.main.reader
        await until(pilot, lambda: reader.highlights_placed, "placed")
        shown = drawn(app, "highlight_yellow")
        assert "wound the clock" in shown
        assert "Boats came" in shown
        assert "back in the spring, and the keeper counted them" in shown
        assert reader.passage_of(2) is None


async def test_nothing_is_highlighted_in_a_read_only_library(path):
    with Library(path, readonly=True) as library:
        app = BroadsheetApp(library, clock=lambda: NOW)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "enter")
            await keys(pilot, "veh")
            assert "read-only" in text(app)
            assert library.highlights() == []
        app.stop_lanes()


async def test_an_article_without_text_has_nothing_to_select(tmp_path):
    path = tmp_path / "library.json"
    fill(path, [Article(title="Stub", url="https://quay.example/stub")])
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "v")
        assert "no text to select" in text(app)
        assert app.main.reader.has_focus


async def test_the_first_picture_of_an_article_has_its_highlights(path):
    with Library(path) as library:
        library.highlight(Highlight(1, "wound the clock", "", "blue", "The keeper ", " every", 11))
    async with running(path, size=(120, 40)) as (app, pilot):
        reader = app.main.reader
        article, state = app.library.get(1), app.library.state(1)
        opening = reader.prepare(article, state, None, app.library.highlights(1))
        reader.clear()
        await settle(pilot)
        reader.show(article, state, opening=opening)
        assert "wound the clock" in drawn(app, "highlight_blue")  # nothing else has run yet


async def test_the_palette_selects_text_too(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "colon", *"select", "space", *"text")
        await until(pilot, lambda: "Select text" in text(app), "offered")
        await press(pilot, "enter")
        await until(pilot, lambda: app.main.select_bar.has_focus, "selecting")
        await press(pilot, "e", "h")
        assert made(app) == [("The", "", "yellow")]


async def test_n_goes_from_highlight_to_highlight(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "v)<space>eh")
        await keys(pilot, "v)))<space>eh")
        await keys(pilot, "vn")
        assert "in yellow" in bar(app)
        first = app.main.reader.selection.cursor
        await keys(pilot, "n")
        assert app.main.reader.selection.cursor > first
        await keys(pilot, "N")
        assert app.main.reader.selection.cursor == first


async def test_a_book_is_no_highlight(tmp_path):
    path = tmp_path / "library.json"
    body = "\n\n".join(["The tide comes and the tide goes, and so on. " * 40] * 70)
    fill(path, [Article(title="A book", body=body)])
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await keys(pilot, "vG")
        assert "many paragraphs" in bar(app)
        await keys(pilot, "h")
        assert "too long to be highlighted" in text(app)
        assert app.library.highlights() == []
        assert app.main.reader.selection is not None
