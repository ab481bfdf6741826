"""Memory that was needed for a moment goes back to the system."""

from __future__ import annotations

import gc
import sys
import weakref

from app_harness import fill, press, running, until

import store
import tui.app
from store import Article, Library, forget_answers


async def test_memory_is_given_back_now_and_then_while_the_app_is_used(tmp_path, monkeypatch):
    given, back = [], []
    monkeypatch.setattr(tui.app, "_TIDY", 0.02)
    monkeypatch.setattr(Library, "give_back_memory", lambda _: back.append(len(given)))
    monkeypatch.setattr(store, "forget_answers", given.append, raising=False)
    fill(tmp_path / "library.json")
    async with running(tmp_path / "library.json") as (app, pilot):
        assert given == []
        await press(pilot, "j")
        await until(pilot, lambda: given)
        await press(pilot, "j")
        await until(pilot, lambda: len(given) == 2)
        await until(pilot, lambda: {1, 2} <= {*back})  # each time, after the caches
        rounds = []
        app.set_interval(0.02, lambda: rounds.append(None))
        await until(pilot, lambda: len(rounds) > 3)
        assert len(given) == 2  # nothing was done since


async def test_memory_is_given_back_after_so_many_keys_however_fast_they_come(
    tmp_path, monkeypatch
):
    back = []
    monkeypatch.setattr(tui.app, "_TIDY", 3_600)
    monkeypatch.setattr(tui.app, "_TIDY_KEYS", 5)
    monkeypatch.setattr(store, "forget_answers", back.append, raising=False)
    fill(tmp_path / "library.json")
    async with running(tmp_path / "library.json") as (_app, pilot):
        await press(pilot, *"jkjk")
        assert back == []
        await press(pilot, "j")
        await until(pilot, lambda: len(back) == 1)
        await press(pilot, *"kjkjkjkjkj")
        await until(pilot, lambda: len(back) == 3)


async def test_memory_is_given_back_sooner_where_much_was_made(tmp_path, monkeypatch):
    back = []
    monkeypatch.setattr(tui.app, "_TIDY", 3_600)
    monkeypatch.setattr(tui.app, "_LOOK_KEYS", 5)
    monkeypatch.setattr(store, "forget_answers", back.append, raising=False)
    fill(tmp_path / "library.json")
    async with running(tmp_path / "library.json") as (_app, pilot):
        await press(pilot, *"jkjkj")  # all that was made at the start
        await until(pilot, lambda: len(back) == 1)
        await press(pilot, *"kjkjk")
        made = [object() for _ in range(30_000)]
        await press(pilot, *"jkjk")
        assert len(back) == 1
        await press(pilot, "j")
        await until(pilot, lambda: len(back) == 2)
        assert made


def test_a_cache_that_has_grown_large_is_emptied_and_a_small_one_is_kept(tmp_path, monkeypatch):
    (tmp_path / "remembering.py").write_text(
        "from functools import cache\n\n\n"
        "@cache\ndef large(n):\n    return n\n\n\n"
        "@cache\ndef small(n):\n    return n\n\n\n"
        "class Holder:\n"
        "    @classmethod\n    @cache\n    def of_class(cls, n):\n        return n\n\n"
        "    @cache\n    def method(self, n):\n        return n\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import remembering

    holder = remembering.Holder()
    for n in range(300):
        for answer in (remembering.large, remembering.Holder.of_class, holder.method):
            answer(n)
    for n in range(30):
        remembering.small(n)
    forget_answers(["another"])
    assert remembering.large.cache_info().currsize == 300
    forget_answers(["remembering"])
    kept = (remembering.large, remembering.Holder.of_class, remembering.Holder.method)
    assert [cache.cache_info().currsize for cache in kept] == [0, 0, 0]
    assert remembering.small.cache_info().currsize == 30
    del sys.modules["remembering"]


async def test_nothing_of_a_dialog_stays_when_it_is_closed(tmp_path):
    fill(tmp_path / "library.json", [Article(title="The keeper", body="He wound the clock.")])
    async with running(tmp_path / "library.json") as (app, pilot):
        await press(pilot, "enter")
        stays = []
        for keys in (("v", "e", "i"), ("?",), ("t",), ("T",)):
            await press(pilot, *keys)
            await until(pilot, lambda: len(app.screen_stack) == 2)
            nodes = app.screen.walk_children(with_self=True)
            opened = [weakref.ref(one) for node in nodes for one in (node, node._styles_cache)]
            del nodes
            await press(pilot, "escape")
            await until(pilot, lambda: len(app.screen_stack) == 1)
            await press(pilot, "v", "escape")
            gc.collect()
            stays += [node for node in (one() for one in opened) if node is not None]
        assert stays == []


async def test_a_large_screen_takes_little_more_than_a_small_one(tmp_path):
    fill(tmp_path / "library.json", [Article(title=f"The keeper {n}") for n in range(100)])
    async with running(tmp_path / "library.json") as (_app, pilot):
        taken = []
        for size in ((190, 77), (80, 24), (190, 77)):
            await pilot.resize_terminal(*size)
            await press(pilot, "j")
            forget_answers(("textual", "rich", "store", "tui"))
            gc.collect()
            taken.append(sys.getallocatedblocks())
        assert taken[2] - taken[1] < 30_000  # 86,000 where each row has caches of its own
