"""The help: every key under the heading of where it is obeyed, found by key or by words."""

from __future__ import annotations

import pytest
from app_harness import fill, press, running, screen, text

from tui.config import Config
from tui.screens.help import HelpDialog
from tui.screens.keymap import Keys


@pytest.fixture
def path(tmp_path):
    fill(tmp_path / "library.json")
    return tmp_path / "library.json"


def rows(app) -> list[str]:
    """What stands in the box, without its frame."""
    return [line.strip(" │▐▁▔") for line in screen(app) if "│" in line]


def shown(app) -> list[str]:
    """The keys and headings of the help."""
    return [row for row in rows(app) if row][1:-1]


async def sections(app, pilot) -> dict[str, list[str]]:
    """Headings and the lines under them, of the whole help."""
    await press(pilot, "question_mark")
    found: dict[str, list[str]] = {}
    lines = rows(app)[2:-2]
    for before, line in zip(["", *lines], lines, strict=False):
        if line and not before:
            heading = found.setdefault(line, [])
        elif line:
            heading.append(line)
    return found


HIGH = (100, 300)


async def test_the_keys_of_each_dialog_stand_together(path):
    async with running(path, size=HIGH) as (app, pilot):
        found = await sections(app, pilot)
    joined = {heading: "\n".join(lines) for heading, lines in found.items()}
    assert "Rename the view" in joined["Views"] and "Edit its query" in joined["Views"]
    assert "Save the note" in joined["Note"]
    assert "Save the note" not in joined["Selecting text"]
    assert "Complete" in joined["Tags"]
    assert "Next format" in joined["Export"]
    assert "Next part" in joined["Details"]
    assert "Make it yellow" in joined["Highlights"]
    assert "Found before" in joined["Find in the article"]
    assert "Dialogs" not in joined


async def test_nothing_stands_twice_under_a_heading(path):
    async with running(path, size=HIGH) as (app, pilot):
        found = await sections(app, pilot)
    described = sorted({key.description for key in Keys({}).values()}, key=len)
    for heading, lines in found.items():
        ends = [[words for words in described if line.endswith(words)][-1:] for line in lines]
        assert all(ends.count(end) == 1 for end in ends if end), heading
    menus = next(lines for heading, lines in found.items() if heading.startswith("Menus"))
    assert ["esc", "q", "Close"] in [line.split() for line in menus]


async def test_slash_narrows_the_help_by_words(path):
    async with running(path) as (app, pilot):
        await press(pilot, "question_mark", "slash", *"next head")
        lines = [row.split() for row in rows(app)]
        assert ["Reader"] in lines and ["]", "Next", "heading"] in lines
        assert "Search" not in text(app) and "Previous" not in text(app)
        await press(pilot, *"zz")
        assert "no key fits" in text(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, HelpDialog)
        assert "Down" in text(app)
        await press(pilot, "escape")
        assert app.screen is app.main


@pytest.mark.parametrize(
    ("typed", "there", "not_there"),
    [
        ("G", "G end", "First"),
        ("g", "g home", "Last"),
        ("ctrl-o", "^o", "esc"),
        ("views", "Rename the view", "Save the note"),
        ("CITATION", "Copy citation", "Next heading"),
    ],
)
async def test_a_key_or_a_heading_finds_what_it_is_of(path, typed, there, not_there):
    async with running(path, size=(80, 40)) as (app, pilot):
        await press(pilot, "question_mark", "slash")
        app.screen.query_one("#narrow").value = typed
        await press(pilot, "enter")
        lines = "\n".join(shown(app))
        assert there in lines
        assert not_there not in lines


async def test_the_keys_found_are_those_in_force(path):
    config = Config(keys={"article.star": "ctrl+x"})
    async with running(path, config=config) as (app, pilot):
        await press(pilot, "question_mark", "slash", *"star", "enter")
        assert any(line.split()[:2] == ["^x", "Star"] for line in shown(app))
        assert app.screen.query_one("#pane").has_focus


async def test_narrowing_begins_at_the_top_again(path):
    async with running(path) as (app, pilot):
        await press(pilot, "question_mark", "G", "slash", *"page")
        assert app.screen.query_one("#pane").scroll_y == 0


@pytest.mark.parametrize("size", [(40, 10), (40, 14), (80, 24)])
async def test_the_field_the_keys_and_the_hint_fit_any_terminal(path, size):
    async with running(path, size=size) as (app, pilot):
        await press(pilot, "question_mark", "slash", "e")
        for selector in ("#title", "#narrow", "#pane", "#hint"):
            part = app.screen.query_one(selector).region
            assert part.height > 0
            assert part in app.screen.query_one("#box").region
            assert part in app.screen.region
