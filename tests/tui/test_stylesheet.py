"""What is remembered of how the parts of widgets look is what they would look like anew."""

from __future__ import annotations

import shutil
from pathlib import Path

from app_harness import press, running, until
from textual.css import stylesheet
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

import tui.app
from tui.app import BroadsheetApp
from tui.widgets.reader import Reader

SAMPLE = Path(__file__).parents[2] / "sample_data" / "library.json"

KEYS = (
    "j", "enter", "j", "v", "escape", "slash", "t", "h", "enter", "n", "escape", "h", "h",
    "slash", "t", "h", "e", "enter", "j", "space", "escape", "escape", "question_mark", "escape",
    "o", "escape", "x", "enter", "escape", "tab", "tab", "s", "a", "escape",
)  # fmt: skip


def is_marking(app: BroadsheetApp) -> bool:
    return any(worker.is_running and worker.group == "marking" for worker in app.workers)


async def pictures(path: Path) -> list[str]:
    """The whole screen after each of many keys, in two themes and two sizes."""
    taken = []
    async with running(path, size=(100, 30)) as (app, pilot):
        await until(pilot, lambda: app.library.indexing is None, "indexed")
        for theme, size in ((app.theme, (100, 30)), ("textual-light", (60, 20))):
            app.theme = theme
            await pilot.resize_terminal(*size)
            for key in KEYS:
                await press(pilot, key)
                await until(pilot, lambda: not is_marking(app), "marked")
                taken.append(app.export_screenshot(title=key))
    return taken


async def test_all_looks_as_with_a_style_sheet_that_remembers_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(Reader, "rest", 3_600.0)  # else how far one is is told in the midst of it
    looks = []
    for name in ("remembering", "plain"):
        (tmp_path / name).mkdir()
        path = shutil.copy(SAMPLE, tmp_path / name / "library.json")
        if name == "plain":
            monkeypatch.setattr(tui.app, "RememberingStylesheet", Stylesheet)
        looks.append(await pictures(Path(path)))
    remembering, plain = looks
    assert len(remembering) == 2 * len(KEYS)
    for number, (one, other) in enumerate(zip(remembering, plain, strict=True)):
        assert one == other, f"after key {number}, {KEYS[number % len(KEYS)]}"


async def test_what_was_found_out_is_not_found_out_again(tmp_path, monkeypatch):
    made = []

    class Counted(DOMNode):
        def __init__(self, *arguments, **named):
            made.append(named)
            super().__init__(*arguments, **named)

    path = Path(shutil.copy(SAMPLE, tmp_path / "library.json"))
    async with running(path) as (_app, pilot):
        for _ in range(2):
            await press(pilot, "enter", "escape", "slash", "escape")
        monkeypatch.setattr(stylesheet, "DOMNode", Counted)
        await press(pilot, "enter", "escape", "slash", "escape")
        assert made == []
