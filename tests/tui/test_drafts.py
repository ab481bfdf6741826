"""A note that is being written is on disk, and goes on after whatever ended the program."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from app_harness import TITLES, fill, press, running, text, until

from store import Highlight, Library, LibraryError
from tui.session import Session


@pytest.fixture
def path(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    fill(tmp_path / "library.json")
    return tmp_path / "library.json"


def files(path: Path) -> list[Path]:
    return sorted(path.parent.glob("state/broadsheet/drafts/*"))


def notes(path: Path) -> list[str]:
    """What the files say is being written."""
    return [json.loads(file.read_text())["note"] for file in files(path)]


async def begin_note(app, pilot, *keys: str) -> None:
    """Open the note on the first words of the first article, and type."""
    await until(pilot, lambda: app.main.is_whole, "came up")
    await press(pilot, "enter")
    await until(pilot, lambda: app.main.in_reader, "opened")
    await press(pilot, "v", "e", "i", *keys)


async def cut_off(path: Path, *keys: str) -> None:
    """A program that ends while a note is written on the first words of the first article."""
    session = Session(path)
    async with running(path, session=session) as (app, pilot):
        await begin_note(app, pilot, *keys)
        session.keep_drafts()
    session.drafts.release()


async def test_what_is_typed_is_on_disk_a_moment_later(path):
    async with running(path, session=Session(path)) as (app, pilot):
        await begin_note(app, pilot, *"half")
        await until(pilot, lambda: notes(path) == ["half"], "on disk")
        assert stat.S_IMODE(files(path)[0].stat().st_mode) == 0o600
        assert stat.S_IMODE(files(path)[0].parent.stat().st_mode) == 0o700


async def test_a_note_that_was_cut_off_is_told_and_goes_on_in_its_article(path):
    await cut_off(path, *"half")
    async with running(path, session=Session(path)) as (app, pilot):
        await until(pilot, lambda: "a note was left unfinished in" in text(app), "told")
        assert TITLES[0] in text(app)
        await press(pilot, "enter")
        await until(pilot, lambda: app.main.in_reader, "opened")
        await press(pilot, "v", "w", "w", "e", "i")
        assert "half" in text(app) and "your unfinished note" in text(app)
        await press(pilot, *"-done", "enter")
        await until(pilot, lambda: not files(path), "no draft any more")
        assert [h.note for h in app.library.highlights(1)] == ["half-done"]


async def test_what_is_thrown_away_is_asked_for_twice_and_gone(path):
    await cut_off(path, *"half")
    async with running(path, session=Session(path)) as (app, pilot):
        await until(pilot, lambda: "a note was left unfinished in" in text(app), "told")
        await begin_note(app, pilot, "escape")
        assert "esc again throws away" in text(app)
        await press(pilot, "escape")
        await until(pilot, lambda: not files(path), "no draft any more")
        await press(pilot, "i")
        assert app.screen.text() == ""


async def test_ctrl_c_leaves_a_note_that_is_being_written_as_escape_does(path):
    async with running(path, session=Session(path)) as (app, pilot):
        await begin_note(app, pilot, *"half", "ctrl+c")
        assert "esc again throws away" in text(app)
        await press(pilot, "enter")
        assert [h.note for h in app.library.highlights(1)] == ["half"]


async def test_the_draft_of_a_note_is_not_put_in_the_place_of_another_note(path):
    with Library(path) as library:
        library.highlight(Highlight(1, note="kept"))
        [kept] = library.highlights(1)
    await cut_off(path, *"half")
    async with running(path, session=Session(path)) as (app, pilot):
        await until(pilot, lambda: "a note was left unfinished in" in text(app), "told")
        app.main.highlighting.edit_note(kept)
        await until(pilot, lambda: app.screen is not app.main, "opened")
        assert app.screen.text() == "kept"


async def test_a_note_that_cannot_be_kept_stays_a_draft(path, monkeypatch):
    def fail(*_: object) -> None:
        raise LibraryError("the disk is full")

    monkeypatch.setattr(Library, "highlight", fail)
    async with running(path, session=Session(path)) as (app, pilot):
        await begin_note(app, pilot, *"half", "enter")
        await until(pilot, lambda: "the disk is full" in text(app), "told")
        await until(pilot, lambda: notes(path) == ["half"], "on disk")
        await press(pilot, "v", "e", "i")
        assert app.screen.text() == "half"


async def test_a_note_that_another_program_is_writing_is_left_to_it(path):
    first = Session(path)
    async with running(path, session=first) as (app, pilot):
        await begin_note(app, pilot, *"half")
        await until(pilot, lambda: notes(path) == ["half"], "on disk")
        second = Session(path)
        assert second.drafts.load(app.library) == ""
        assert second.drafts.begin(Highlight(1)).text() == ""
        first.drafts.release()
        assert "a note was left unfinished" in Session(path).drafts.load(app.library)


async def test_each_library_has_its_own_drafts(path):
    await cut_off(path, *"half")
    assert Session(path).has_drafts
    assert not Session(path.with_name("other.json")).has_drafts


def load(path: Path) -> str:
    with Library(path) as library:
        return Session(path).drafts.load(library)


DAMAGED = ["", "{", "[]", "7", '{"version": 1}', "\0" * 50, "[" * 4000]


@pytest.mark.parametrize("damaged", [*DAMAGED, ("version", 2), ("article", 1 << 70), ("note", 7)])
async def test_a_draft_that_is_damaged_or_of_a_newer_version_is_left_alone(path, damaged):
    await cut_off(path, *"half")
    [file] = files(path)
    said = json.loads(file.read_text())
    if isinstance(damaged, tuple):
        damaged = json.dumps({**said, damaged[0]: damaged[1]})
    file.write_text(damaged)
    assert load(path) == ""
    assert file.read_text() == damaged


async def test_a_draft_on_an_article_that_is_gone_is_told_with_its_file(path):
    await cut_off(path, *"half")
    with Library(path) as library:
        library.mark([1], trashed=True)
        library.purge([1])
    assert str(files(path)[0]) in load(path)
    assert notes(path) == ["half"]
