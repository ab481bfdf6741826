"""What a worker was given goes with it, without a search for garbage."""

from __future__ import annotations

import asyncio
import weakref
from functools import partial

import pytest
from app_harness import until
from textual.app import App

from tui.work import follow, supersede


class _Results:
    """What a search found."""


async def _show(results: _Results, shown: asyncio.Event) -> None:
    held = [results]
    await shown.wait()
    held.clear()


@pytest.mark.usefixtures("by_hand")
async def test_the_results_of_a_search_that_was_superseded_are_not_kept():
    app: App[None] = App()
    async with app.run_test() as pilot:
        results, shown = _Results(), asyncio.Event()
        left = weakref.ref(results)
        supersede(app, "search", partial(_show, results, asyncio.Event()))
        del results
        await asyncio.sleep(0)
        assert left() is not None
        shown.set()
        supersede(app, "search", partial(_show, _Results(), shown))
        await until(pilot, lambda: left() is None)


@pytest.mark.usefixtures("by_hand")
async def test_nor_are_those_of_one_that_is_done():
    app: App[None] = App()
    async with app.run_test() as pilot:
        results, shown = _Results(), asyncio.Event()
        left = weakref.ref(results)
        follow(app, "search", partial(_show, results, shown))
        del results
        shown.set()
        await until(pilot, lambda: left() is None)
