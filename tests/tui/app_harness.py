"""The whole app on a small library of its own, for the tests of the screens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from textual.pilot import Pilot

from store import Article, Library
from tui.app import BroadsheetApp
from tui.config import Config
from tui.session import Session

NOW = datetime(2026, 11, 22, 12, 0)

#: Environment that would change what the app does.
FOREIGN = (
    "SSH_CONNECTION", "SSH_TTY", "COLORFGBG", "NO_COLOR", "BROADSHEET_THEME", "TMUX", "STY",
    "DISPLAY", "WAYLAND_DISPLAY", "VTE_VERSION",
)  # fmt: skip

#: Workers that are always at something, or wait for the person.
_PATIENT = {"watching", "menu", "marking", "text", "adding", "feeds"}


def _paragraphs(subject: str, number: int) -> str:
    return "\n\n".join(
        f"Paragraph {i} on the {subject}: the boats went out before light and came back before "
        f"rain, and whoever stood on the quay counted them twice."
        for i in range(1, number + 1)
    )


#: Newest first, as the list shows them.
TITLES = (
    "The ferry that waited",
    "Counting bridges at night",
    "A short note",
    "Why the tide clock stopped",
    "Letters from the lighthouse",
    "港の一日",
    "[bold]Brackets[/bold] and other honest marks",
    "The map room",
    "Salt, rope and rain",
    "Ein Sommer am Deich",
)


def articles() -> list[Article]:
    """Ten articles: the first is long, the third short and without a link, the fourth a stub."""
    bodies = [_paragraphs("ferry", 40), _paragraphs("bridges", 6), "One line about the quay."]
    bodies += ["", *(_paragraphs(f"subject {i}", 3 + i) for i in range(4, 10))]
    tags = [("harbour", "travel"), ("harbour",), (), ("clocks",)]
    return [
        Article(
            title=title,
            body=body,
            author="" if index == 2 else ("Ada Reyes", "Jonas Holm", "Mei Sato")[index % 3],
            site="quay.example",
            url="" if index == 2 else f"https://quay.example/{index}",
            published=f"2026-11-{20 - index:02}",
            saved="2026-11-21T08:00:00Z",
            tags=tags[index] if index < len(tags) else (),
            words=len(body.split()),
        )
        for index, (title, body) in enumerate(zip(TITLES, bodies, strict=True))
    ]


def fill(path: Path, records: Sequence[Article] | None = None) -> None:
    """Make a library at `path`."""
    with Library(path) as library:
        library.add(articles() if records is None else records)


@asynccontextmanager
async def running(
    path: Path,
    *,
    size: tuple[int, int] = (80, 24),
    config: Config | None = None,
    session: Session | None = None,
) -> AsyncIterator[tuple[BroadsheetApp, Pilot[str]]]:
    """The app on the library at `path`, with its list filled."""
    with Library(path) as library:
        app = BroadsheetApp(library, config, clock=lambda: NOW, session=session)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            yield app, pilot
        app.stop_lanes()


async def settle(pilot: Pilot[str]) -> None:
    """Wait until no worker has anything to do and everything is drawn."""
    app = pilot.app
    for _ in range(2):
        await pilot.pause()
        while any(w.is_running and w.group not in _PATIENT for w in app.workers):
            await asyncio.sleep(0.001)
        await pilot.pause()


async def press(pilot: Pilot[str], *keys: str) -> None:
    """Press keys, each once what the one before did is done."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def until(pilot: Pilot[str], condition, what: str = "condition") -> None:
    """Wait until `condition()` holds."""
    for _ in range(2_000):
        if condition():
            await settle(pilot)
            return
        await pilot.pause()
        await asyncio.sleep(0.001)
    raise AssertionError(f"never: {what}")


def screen(app: BroadsheetApp) -> list[str]:
    """The lines on the screen."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def text(app: BroadsheetApp) -> str:
    """Everything on the screen."""
    return "\n".join(screen(app))
