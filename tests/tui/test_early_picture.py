"""The first frame, drawn without Textual, is the app's own in every cell."""

from __future__ import annotations

import random

import pytest
from app_harness import NOW, articles, fill, running

from store import Article, Library
from tui.config import Config
from tui.early.keeping import _cells, look_of
from tui.early.picture import Kept, draw
from tui.terminal.display import want
from tui.terminal.painter import Painter
from tui.terminal.pens import Pens
from tui.widgets.geometry import panes

WORDS = [
    "harbour", "tide", "Ångström", "naïve", "“quoted”", "港の朝", "夜明け", "👩\u200d👩\u200d👧",
    "🇩🇪", "❤️", "क्षि", "กำ", "cafe\u0301", "مرحبا", "[bold]", "ledger", "—", "…", "\x1b[31mred\x07",
    "★", "✓", "─", "⟶",
]  # fmt: skip

#: Size of the terminal, settings, and environment beside them.
CASES = [
    ((80, 24), {}, {}),
    ((40, 10), {"theme": "light"}, {}),
    ((109, 30), {"theme": "contrast", "dates": "iso"}, {}),
    ((70, 20), {"link": "ssh"}, {}),
    ((113, 31), {"list_share": 47, "dates": "plain"}, {}),
    ((200, 50), {"theme": "slate", "list_share": 25}, {}),
    ((90, 40), {"layout": "stacked", "list_share": 33}, {}),
    ((150, 30), {"layout": "single", "keys": {"list.open": "o", "app.quit": "Q"}}, {}),
    ((120, 30), {"theme": "terminal"}, {}),
    ((120, 30), {"theme": "dark"}, {"NO_COLOR": "1"}),
    ((118, 24), {"theme": "dracula"}, {"COLORTERM": "", "TERM": "xterm"}),
    ((112, 24), {}, {"LANG": "C", "LC_ALL": "C"}),
    ((112, 24), {"glyphs": "ascii", "keys": {"no.such": "x"}}, {}),
    ((120, 30), {"plain": True, "link": "ssh"}, {}),
    ((60, 20), {"plain": True, "layout": "stacked", "dates": "iso"}, {}),
    ((80, 24), {"theme": "nope", "keys": {"no.such": "x"}}, {}),
    ((120, 20), {"keys": {"no." + "such" * 40: "x"}}, {}),
    ((90, 24), {"sort": {"All": "title"}}, {}),
    ((120, 24), {"sort": {"all": "-words"}}, {}),
]


def library_of(chance, number):
    records = [
        Article(
            title=" ".join(chance.choices(WORDS, k=chance.randint(0, 14))),
            body="word",
            words=chance.choice([0, 3, 900, 40_000]),
            author=" ".join(chance.choices(WORDS, k=chance.randint(0, 5))),
            site="quay.example",
            published=chance.choice(
                ["", "2026", "2026-11", "2026-11-22T09:30:00", "2026-11-21", "2026-11-18",
                 "2026-03-02", "1999-12-31", "of old"]
            ),
        )
        for _ in range(number)
    ]  # fmt: skip
    return [*records, articles()[0]]


def mark_some(library, chance):
    ids = list(library.find("").ids)
    for name in ("read", "starred", "archived"):
        library.mark(chance.sample(ids, len(ids) // 3), **{name: True})
    for id in chance.sample(ids, len(ids) // 4):
        library.remember(id, position=1, anchor="", progress=chance.choice([0.1, 0.5, 0.9]))
    library.mark(ids[-1:], trashed=True)


@pytest.mark.parametrize(("size", "settings", "environ"), CASES)
async def test_the_frame_is_the_apps_own_in_every_cell(
    tmp_path, monkeypatch, size, settings, environ
):
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    chance = random.Random(repr((size, settings, environ)))
    path = tmp_path / "library.json"
    fill(path, library_of(chance, chance.choice([4, 40])))
    with Library(path) as library:
        mark_some(library, chance)
    async with running(path, size=size, config=Config(**settings)) as (app, _):
        pens = Pens(app.console._color_system, nearby=app.takes_nearby_colours)
        theirs = Painter(pens)
        theirs.resize(*size)
        want(theirs, app.screen._compositor.render_update(full=True))
        theirs.paint()
        look = look_of(app)
        found = app.library.find("", sort=look.sort or None)
        rows, total = found.rows(0, size[1]), found.count
        reader = panes(*size, layout=look.layout, share=look.share).reader
        kept = reader and Kept(*_cells(theirs, reader), app.main.status.right)
        assert (reader is not None) == app.main.wide
        ours = Painter(pens)
        ours.resize(*size)
        draw(ours, look, rows, total, now=NOW, kept=kept)
        ours.paint()
        for y in range(size[1]):
            assert ours.cells(0, y, size[0]) == theirs.cells(0, y, size[0]), y


async def test_a_reader_of_another_size_is_left_blank(tmp_path):
    path = tmp_path / "library.json"
    fill(path)
    async with running(path, size=(120, 30)) as (app, _):
        look = look_of(app)
        painter = Painter(Pens())
        painter.resize(120, 30)
        kept = Kept([["", ""]], [[["x" * 10, 0]]] * 3, "50%")
        draw(painter, look, app.library.newest(30), 10, now=NOW, kept=kept)
        painter.paint()
        assert set(painter.cells(60, 5, 60)[0]) == {" "}


@pytest.mark.parametrize(
    ("size", "settings", "environ"),
    [
        ((80, 24), {}, {}), ((40, 10), {"theme": "light"}, {}), ((150, 40), {"link": "ssh"}, {}),
        ((100, 30), {"layout": "stacked", "theme": "contrast"}, {}),
        ((120, 30), {"theme": "terminal"}, {}), ((80, 24), {"plain": True}, {}),
        ((80, 24), {"theme": "slate"}, {"NO_COLOR": "1"}), ((80, 24), {}, {"LANG": "C"}),
    ],
)  # fmt: skip
async def test_an_empty_library_says_so_in_the_apps_own_cells(
    tmp_path, monkeypatch, size, settings, environ
):
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    path = tmp_path / "Ångström 港" / "library.json"
    path.parent.mkdir()
    fill(path, [])
    async with running(path, size=size, config=Config(**settings)) as (app, _):
        pens = Pens(app.console._color_system, nearby=app.takes_nearby_colours)
        theirs, ours = Painter(pens), Painter(pens)
        theirs.resize(*size)
        want(theirs, app.screen._compositor.render_update(full=True))
        theirs.paint()
        ours.resize(*size)
        draw(ours, look_of(app), (), 0, now=NOW, kept=None, empty=str(path))
        ours.paint()
        for y in range(size[1]):
            assert ours.cells(0, y, size[0]) == theirs.cells(0, y, size[0]), y


async def test_an_order_by_chance_has_no_look(tmp_path):
    path = tmp_path / "library.json"
    fill(path)
    async with running(path, config=Config(sort={"All": "random"})) as (app, _):
        assert look_of(app) is None
