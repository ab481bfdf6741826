"""A disk that is full while one reads: it is told, nothing is lost, and it is saved later."""

from __future__ import annotations

import asyncio
import errno
import os

import pytest
from app_harness import fill, press, running, screen

from store import Library, reading, writeback


@pytest.fixture
def disk(monkeypatch):
    """A disk for the reading file; full for as long as `full` is in it."""
    state = {"full"}
    real = reading.replace_file

    def replace_file(target, chunks):
        if state:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(target, chunks)

    monkeypatch.setattr(reading, "replace_file", replace_file)
    monkeypatch.setattr(writeback, "DELAY", 0.01)
    monkeypatch.setattr(writeback, "RETRY", 0.05)
    return state


async def until(condition, pilot):
    for _ in range(400):
        if condition():
            return
        await pilot.pause()
        await asyncio.sleep(0.025)
    raise AssertionError("it never came")


async def test_a_mark_that_finds_the_disk_full_is_told_kept_and_saved_once_there_is_room(
    tmp_path, disk
):
    path = tmp_path / "library.json"
    disk.clear()
    fill(path)
    async with running(path, size=(150, 24)) as (app, pilot):
        disk.add("full")
        await press(pilot, "s")
        await until(lambda: "reading state cannot be saved" in "\n".join(screen(app)), pilot)
        assert any("★" in line and "The ferry that waited" in line for line in screen(app))
        await press(pilot, "j")  # the app goes on
        disk.clear()
        await until(lambda: "reading state is saved again" in "\n".join(screen(app)), pilot)
        with Library(path, readonly=True, cache_dir=tmp_path / "other") as library:
            library.wait_until_listed()
            (starred,) = library.find("is:starred").ids
            assert library.get(starred).title == "The ferry that waited"
