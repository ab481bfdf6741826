"""What a search needs is loaded behind: a letter comes first, and a rest of the keys goes on."""

from __future__ import annotations

import asyncio
import threading

from app_harness import fill, press, running, until

from store import Library
from tui.screens import preloading, searching


async def test_what_a_letter_cuts_off_is_prepared_once_keys_rest(tmp_path, monkeypatch) -> None:
    begun: list[bool] = []
    ended: list[bool] = []

    def prepare_search(self, *, cancelled) -> None:
        begun.append(True)
        while len(begun) == 1 and not cancelled():  # the first one would never end
            threading.Event().wait(0.001)
        ended.append(cancelled())

    monkeypatch.setattr(Library, "prepare_search", prepare_search)
    path = tmp_path / "library.json"
    fill(path)
    async with running(path) as (app, pilot):
        await pilot.press("slash")
        while not (app.main.is_searching and begun):  # workers are busy: nothing settles
            await asyncio.sleep(0.001)
        await pilot.press("h")
        await until(pilot, lambda: len(begun) == 2, "it goes on")
        assert ended == [True, False]
        assert app.main.search.hits.ids
        await press(pilot, "a", "r")
        assert len(begun) == 2


async def test_the_reader_is_loaded_when_nobody_types_a_query(tmp_path, monkeypatch) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(preloading, "import_module", loaded.append)
    monkeypatch.setattr(preloading, "_SOON", 0.05)
    monkeypatch.setattr(searching, "_TYPED", 60.0)
    path = tmp_path / "library.json"
    fill(path)
    async with running(path) as (app, pilot):
        await press(pilot, "slash", "h", "a")
        await asyncio.sleep(0.12)  # a look or two at whether it is time
        assert app.main.search.hits.ids
        assert loaded == []
        monkeypatch.setattr(searching, "_TYPED", 0.0)
        await until(pilot, lambda: loaded, "it is loaded")
