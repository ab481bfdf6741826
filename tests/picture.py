"""The picture in the README, made from the real app on the sample library: `make snapshots`."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from store import Library
from tui.app import BroadsheetApp
from tui.config import Config

SAMPLE = Path(__file__).parent.parent / "sample_data" / "library.json"
PICTURE = SAMPLE.with_name("broadsheet.svg")
SIZE = (124, 36)
NOW = datetime(2026, 11, 22, 12, 0)
SHOWN = "Why sixty-six characters"


async def take() -> str:
    """The app with an article open, as SVG."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "library.json"
        shutil.copy(SAMPLE, path)
        with Library(path, cache_dir=Path(directory)) as library:
            titles = {row.title: row.id for row in library.newest(100)}
            library.mark([titles["A day of short dispatches"]], read=True, starred=True)
            library.mark([titles["The night train comes back to Varnholm"]], read=True)
            library.remember(
                titles["The Page That Fits the Day: how the newspaper learned to be read"],
                position=30_000, anchor="", progress=0.5,
            )  # fmt: skip
            app = BroadsheetApp(library, Config(theme="dark"), clock=lambda: NOW)
            async with app.run_test(size=SIZE) as pilot:
                await app.main.settled()
                index = list(app.main.articles.ids).index(titles[SHOWN])
                app.main.articles.cursor = index
                while app.main.reader.article is None or app.main.reader.article.title != SHOWN:
                    await pilot.pause()
                await pilot.pause()
                picture = app.export_screenshot(title="broadsheet")
            app.stop_lanes()
            return picture


if __name__ == "__main__":
    os.environ["COLORTERM"] = "truecolor"
    PICTURE.write_text(asyncio.run(take()))
