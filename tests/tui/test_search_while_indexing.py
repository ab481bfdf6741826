"""While the words of many articles are still being indexed, a search does not say there is none."""

from __future__ import annotations

import fcntl
from pathlib import Path

from app_harness import fill, press, running, screen, until

from store import Article
from store.places import index_directory


def text(app) -> str:
    return " ".join(" ".join(screen(app)).split())


async def test_nothing_is_found_yet_and_what_is_there_comes_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "library.json"
    fill(path, [Article(title=f"Number {n}", body="The lamp.") for n in range(700)])
    directory, _ = index_directory(path, None)
    with (directory / "words.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # somebody else is at it, and does not come to an end
        async with running(path) as (app, pilot):
            await press(pilot, "slash", *"lamp")
            await until(pilot, lambda: "nothing found yet" in text(app), "it is told")
            assert "articles are still being indexed" in text(app)
            await pilot.resize_terminal(60, 20)
            await until(pilot, lambda: "nothing found yet" in text(app), "it is still told")
            lock.close()
            await until(pilot, lambda: app.main.search.hits.ids, "it comes")
            assert len(app.main.search.hits.ids) == 700
            await press(pilot, *"zzz")
            await until(pilot, lambda: "nothing found" in text(app), "there is none")
            assert "nothing found yet" not in text(app)
