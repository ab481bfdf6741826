"""What of the config's keys can be in force, and what is said of the rest."""

from __future__ import annotations

import pytest
from app_harness import fill, press, running, screen, text

from tui.checking import checked
from tui.config import Config, load
from tui.screens.keymap import KEYED


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "config.toml"

    def write(keys: str):
        path.write_text(f"[keys]\n{keys}", encoding="utf-8")
        config, faults = load(path)
        assert faults == []
        return config

    return write


def said(config: Config) -> list[str]:
    return [fault.removeprefix("config.toml ") for fault in checked(config)[1]]


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ('"article.archive" = "r"',
         "line 2: 'r' is the key of article.archive, and of article.read in the list"),
        ('"article.archive" = "?"',
         "line 2: 'question_mark' is the key of article.archive, and of app.help in the list"),
        ('"article.star" = "m"',
         "line 2: 'm' is the key of article.star, and of reader.set_mark in the reader"),
        ('"list.down" = "e"', "line 2: 'e' is the key of list.down, and of article.export in the "
         "list, highlights.note in the highlights' list"),
        ('"dialog.rename" = "j"',
         "line 2: 'j' is the key of dialog.rename, and of dialog.down in the views"),
    ],
)  # fmt: skip
def test_two_actions_on_one_key_in_the_same_place_are_told(written, keys, fault):
    assert said(written(keys)) == [fault]


@pytest.mark.parametrize(
    "keys",
    [
        '"article.archive" = "r"\n"article.read" = "a"',  # they change places
        '"article.archive" = "r"\n"article.read" = ""',
        '"list.views" = "f,V"',  # the reader has the same key for its links, as ever
        '"list.down" = "j,down,ctrl+n"',  # as the README has it
        '"dialog.rename" = "n"',  # another place
    ],
)
def test_keys_that_do_not_meet_are_no_fault(written, keys):
    assert said(written(keys)) == []


def test_the_keys_there_are_by_default_are_no_fault():
    assert checked(Config(keys={binding.id: binding.key for binding in KEYED}))[1] == []


def test_what_no_terminal_sends_is_told_and_the_others_hold(written):
    config = written('"list.up" = ["kk", "ctrl+up"]\n"list.down" = "crtl+n"\n"list.top" = ","')
    sound, faults = checked(config)
    assert sound.keys == {"list.up": "ctrl+up", "list.top": "comma"}
    assert [fault.partition(";")[0] for fault in faults] == [
        "config.toml line 2: 'kk' is no key",
        "config.toml line 3: 'crtl+n' is no key",
    ]


async def test_a_key_that_is_none_leaves_the_usual_ones(written, tmp_path):
    fill(tmp_path / "library.json")
    config = written('"list.down" = "kk"')
    async with running(tmp_path / "library.json", config=config) as (app, pilot):
        assert "line 2: 'kk' is no key" in app.main.status.notice[0]
        await press(pilot, "j")
        assert app.main.articles.cursor == 1


async def test_two_actions_on_one_key_are_told_at_the_start(written, tmp_path):
    fill(tmp_path / "library.json")
    config = written('"article.archive" = "r"')
    async with running(tmp_path / "library.json", config=config) as (app, _):
        assert "'r' is the key of article.archive, and of article.read" in app.main.status.notice[0]


@pytest.mark.parametrize("none", ['""', "[]"])
async def test_what_has_no_key_is_done_by_none(written, tmp_path, none):
    fill(tmp_path / "library.json")
    keys = "".join(f'"{id}" = {none}\n' for id in ("article.star", "article.trash", "list.open"))
    async with running(tmp_path / "library.json", config=written(keys)) as (app, pilot):
        await press(pilot, "s", "D", "enter")
        state = app.library.state(app.main.articles.ids[0])
        assert not state.starred and not state.trashed
        assert not app.main.in_reader
        assert "star" not in screen(app)[-1] and "search" in screen(app)[-1]
        await press(pilot, "question_mark", "slash", *"star", "enter")
        assert "no key fits" in text(app)
