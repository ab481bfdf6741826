"""Links in the reader: gone through, labelled, followed; footnotes in place."""

from __future__ import annotations

import pytest
from app_harness import fill, press, running, screen, settle, text, until

from store import Article
from tui.config import Config
from tui.widgets.link_labels import LETTERS, labels

LONG = "\n\n".join(f"Line {i} of the log, in which nothing leads anywhere." for i in range(60))

BODY = f"""A [first](https://one.example/) and a [second](two.html) link.[^1]

To the [end](#the-end), or to [a place](#nowhere) there is not.

{LONG}

A [far](https://far.example/) link.

## The end

Of it all.[^2]

[^1]: A *note* with [a link](https://note.example/).
[^2]: Another one.
"""


@pytest.fixture
def path(tmp_path):
    """An article with links, of which "second" is in the library; it comes last in the list."""
    path = tmp_path / "library.json"
    fill(
        path,
        [
            Article(title="Origin", body=BODY, url="https://site.example/a/one.html",
                    published="2026-11-20"),
            Article(title="Next", body="Text.", published="2026-11-19"),
            Article(title="Target", body=f"## Above\n\n{LONG}\n\n## Deep\n\n{LONG}",
                    url="http://www.site.example/a/two.html?utm_source=x", published="2026-11-18"),
        ],
    )  # fmt: skip
    return path


def focused(app) -> str:
    """The text of the focused link."""
    reader = app.main.reader
    if reader.focused is None:
        return ""
    block, start, end, _ = reader.focused
    return reader.document.plain(block)[start:end]


def title(app) -> str:
    return app.main.reader.article.title


def status(app) -> str:
    return screen(app)[-2].strip()


async def focus(pilot, name: str) -> None:
    for _ in range(12):
        await press(pilot, "tab")
        if focused(pilot.app) == name:
            return
    raise AssertionError(f"{name} was never focused")


@pytest.fixture
def opened(monkeypatch):
    """The addresses that were opened outside."""
    addresses = []
    monkeypatch.setattr("tui.screens.sharing.Sharing.open", lambda _, url: addresses.append(url))
    return addresses


# Focus


async def test_tab_goes_from_link_to_link_and_says_where_it_leads(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "tab")
        assert focused(app) == "first"
        assert status(app).startswith("enter: https://one.example/")
        await press(pilot, "tab")
        assert focused(app) == "second"
        assert "enter: (in the library) https://site.example/a/two.html" in status(app)
        await press(pilot, "shift+tab")
        assert focused(app) == "first"


async def test_tab_goes_on_to_links_below_the_screen_and_then_to_the_next_pane(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await focus(pilot, "far")
        assert "A far link." in text(app)
        await press(pilot, "backspace")  # that was a jump
        assert "A first and a second link" in text(app)
        await press(pilot, "G")
        for _ in range(8):
            await press(pilot, "tab")
        assert not app.main.in_reader


async def test_in_an_article_without_links_tab_goes_to_the_next_pane(path):
    async with running(path) as (app, pilot):
        await press(pilot, "j", "enter", "tab")
        assert not app.main.in_reader


async def test_scrolled_away_a_link_loses_the_focus(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await focus(pilot, "first")
        await press(pilot, "j", "j")
        assert focused(app) == "first"
        await press(pilot, "space")
        assert focused(app) == ""


async def test_the_focused_link_is_what_is_opened_and_copied(path, opened, monkeypatch):
    copied = []
    monkeypatch.setattr("tui.screens.sharing.Sharing.copy", lambda _, *what: copied.append(what))
    async with running(path) as (_app, pilot):
        await press(pilot, "enter")
        await focus(pilot, "first")
        await press(pilot, "o", "y")
        await focus(pilot, "end")
        await press(pilot, "y")
        await press(pilot, "space", "o")  # none is focused any more
    assert opened == ["https://one.example/", "https://site.example/a/one.html"]
    assert copied == [("https://one.example/", "link"),
                      ("https://site.example/a/one.html#the-end", "link")]  # fmt: skip


# Following


async def test_a_link_to_an_article_of_the_library_opens_it_and_backspace_comes_back(path, opened):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "j")
        before = app.main.reader.render_line(0).text
        await focus(pilot, "second")
        await press(pilot, "enter", "space")
        assert title(app) == "Target"
        assert opened == []
        await press(pilot, "backspace")
        assert title(app) == "Origin"
        assert app.main.reader.render_line(0).text == before


async def test_back_from_a_linked_article_is_one_key_and_the_list_has_stayed(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await focus(pilot, "second")
        await press(pilot, "enter", "d", "d")
        assert title(app) == "Target"
        assert app.main.articles.cursor == 0
        await press(pilot, "backspace")
        assert title(app) == "Origin"
        await press(pilot, "L")
        assert title(app) == "Target"
        await press(pilot, "J")  # on from where one left the list
        assert title(app) == "Next"


async def test_a_link_with_a_fragment_opens_the_article_there(tmp_path):
    path = tmp_path / "library.json"
    records = [
        Article(title="A", body="[x](https://b.example/p#deep)", published="2026-11-20"),
        Article(title="B", body=f"{LONG}\n\n## Deep\n\n{LONG}", url="https://b.example/p/",
                published="2026-11-19"),
    ]  # fmt: skip
    fill(path, records)
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "tab", "enter")
        assert title(app) == "B"
        assert any(line.strip() == "Deep" for line in screen(app)[:4])
        await press(pilot, "backspace")
        assert title(app) == "A"


async def test_any_other_link_leaves_the_app_by_the_usual_way(path, opened):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await focus(pilot, "first")
        await press(pilot, "enter")
        assert opened == ["https://one.example/"]
        assert title(app) == "Origin"


async def test_a_link_within_the_article_goes_to_its_heading_or_to_the_page_it_came_from(
    path, opened
):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await focus(pilot, "end")
        await press(pilot, "enter")
        assert "Of it all" in text(app)
        await press(pilot, "backspace")
        assert "A first and a second link" in text(app)
        await focus(pilot, "a place")
        await press(pilot, "enter")
        assert opened == ["https://site.example/a/one.html#nowhere"]


async def test_a_place_far_behind_many_headings_of_the_same_words_is_gone_to_between_the_keys(
    tmp_path,
):
    path = tmp_path / "library.json"
    body = "[down](#part-7999)\n\n" + "# part\n\n" * 8_000 + "The last words."
    fill(path, [Article(title="A", body=body, published="2026-11-20")])
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "tab", "enter")
        await until(pilot, lambda: "The last words." in text(app), "the last part")
        await press(pilot, "backspace")
        assert "down" in text(app)
        await press(pilot, "enter", "tab")  # it looks for the link instead
        await settle(pilot)
        assert "The last words." not in text(app)


# Letters


async def test_letters_stand_on_the_links_and_follow_them_without_moving_the_text(path, opened):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        before = screen(app)
        await press(pilot, "f")
        lines = screen(app)
        assert "follow _   esc leaves" in status(app)
        row = next(y for y, line in enumerate(before) if "A first" in line)
        at = before[row].index("first")
        letter = lines[row][at]
        assert letter in LETTERS
        assert lines[row][:at] == before[row][:at]
        assert lines[row][at + 1 : at + 5] == "irst"
        await press(pilot, letter)
        assert opened == ["https://one.example/"]
        assert screen(app)[:-2] == before[:-2]


async def test_escape_leaves_the_letters_and_other_keys_do_nothing(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        before = screen(app)
        await press(pilot, "f", "q", "1", "U", "space", "escape")
        assert screen(app)[:-2] == before[:-2]
        assert app.main.in_reader
        await press(pilot, "j")
        assert screen(app)[:-2] != before[:-2]


async def test_with_many_links_letters_narrow(tmp_path, opened):
    path = tmp_path / "library.json"
    body = " ".join(f"[{i:03}](https://x.example/{i})" for i in range(30))
    fill(path, [Article(title="Many", body=body)])
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "f")
        typed = labels(30)[-1]
        await press(pilot, typed[0])
        assert f"follow {typed[0]}_   esc leaves" in status(app)
        shown = "".join(screen(app))
        assert "001" in shown  # what cannot be meant any more has its text back
        await press(pilot, "backspace", *typed)
        assert opened == ["https://x.example/29"]


async def test_without_links_on_the_screen_that_is_said(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "space", "f")
        assert "no link is on the screen" in status(app)
        await press(pilot, "j")
        assert app.main.in_reader


async def test_the_palette_offers_what_the_reader_can_do_while_one_reads(path, opened):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "colon", *"letterson")
        await until(pilot, lambda: "Letters on the links" in text(app), "offered")
        await press(pilot, "enter", "f")
        assert opened == ["https://one.example/"]


@pytest.mark.parametrize("count", [0, 1, 9, 10, 80, 200])
def test_no_label_begins_another_and_they_are_as_short_as_can_be(count):
    made = labels(count)
    assert len(set(made)) == count
    assert not any(a != b and b.startswith(a) for a in made for b in made)
    assert max(map(len, made), default=1) <= (1 if count <= 9 else 2 if count <= 81 else 3)


# Footnotes


async def test_enter_on_a_footnote_shows_it_in_place_and_hides_it_again(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await focus(pilot, "[1]")
        assert "note 1: enter shows it here, or hides it" in status(app)
        await press(pilot, "enter")
        assert "1. A note with a link. ↩" in text(app)
        await press(pilot, "enter")
        assert "A note with" not in text(app)


async def test_links_of_a_footnote_in_place_can_be_focused_and_it_leads_back(path, opened):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await focus(pilot, "[1]")
        await press(pilot, "enter", "tab")
        assert focused(app) == "a link"
        await press(pilot, "enter")
        assert opened == ["https://note.example/"]
        await press(pilot, "tab")
        assert focused(app) == "↩"
        await press(pilot, "enter")
        assert focused(app) == "[1]"
        assert "A note with" not in text(app)


async def test_a_footnote_at_the_bottom_of_the_screen_comes_into_sight(tmp_path):
    path = tmp_path / "library.json"
    lines = "\n\n".join(f"Line {i}." for i in range(6))
    body = f"{lines}\n\nLast line.[^1]\n\n{LONG}\n\n[^1]: The note."
    fill(path, [Article(title="Low", body=body)])
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        row = next(y for y, line in enumerate(screen(app)) if "Last line." in line)
        await pilot.resize_terminal(80, row + 3)
        await settle(pilot)
        assert screen(app)[-3].strip() == "Last line.[1]"
        await focus(pilot, "[1]")
        await press(pilot, "enter")
        assert "1. The note. ↩" in text(app)
        assert "Last line.[1]" in text(app)


async def test_from_the_notes_at_the_end_one_comes_to_the_text_and_back(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "G")
        await press(pilot, "shift+tab")
        assert focused(app) == "↩"
        await press(pilot, "enter")
        assert focused(app) == "[2]"
        await focus(pilot, "↩")
        await press(pilot, "enter")
        assert focused(app) == "[1]"
        assert "A first and a second link" in text(app)
        await press(pilot, "backspace")
        assert "A note with" in text(app)


@pytest.mark.parametrize("tabs", [1, 2])
async def test_the_own_link_of_an_article_without_text_goes_out_of_the_app(tmp_path, tabs):
    path = tmp_path / "library.json"
    fill(path, [Article(title="Stub", url="https://stub.example/a", site="stub.example")])
    async with running(path, config=Config(opener="true")) as (app, pilot):
        await press(pilot, "enter", *["tab"] * tabs)
        assert "enter: https://stub.example/a" in status(app)
        await press(pilot, "enter")
        await until(pilot, lambda: "opening https://stub.example/a" in text(app), "told")
