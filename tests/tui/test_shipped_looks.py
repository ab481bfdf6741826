"""The looks that are delivered are those of the running app."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path

import pytest
from rich.color import ColorSystem

import tui.early.shipped as shipping
from tui.early.keeping import look_of
from tui.early.shipped import as_file, kind_of, shipped
from tui.terminal.profile import Link

FILE = Path(shipping.__file__).with_name("looks.json")
SYSTEMS = {
    "truecolor": ColorSystem.TRUECOLOR, "256": ColorSystem.EIGHT_BIT, "16": ColorSystem.STANDARD,
}  # fmt: skip
THEMES = ("broadsheet-dark", "broadsheet-light", "broadsheet-terminal")


async def as_it_is(path):
    """What the file has to say, from the app itself."""
    from app_harness import fill, running

    from tui.config import Config

    fill(path)
    kinds, ascii_signs = {}, ()
    for theme in THEMES:
        async with running(path, config=Config(theme=theme)) as (app, _):
            for link in (Link.LOCAL, Link.SSH):
                app.link = link
                for name, system in SYSTEMS.items():
                    app.console._color_system = system
                    kinds.setdefault(kind_of(theme, name, link), look_of(app))
    async with running(path, config=Config(glyphs="ascii")) as (app, _):
        ascii_signs = look_of(app).signs
    return as_file(kinds, ascii_signs=ascii_signs)


async def test_they_are_those_of_the_app(tmp_path):
    assert json.loads(FILE.read_text()) == await as_it_is(tmp_path / "library.json"), (
        "python -m tests.tui.test_shipped_looks writes them anew"
    )


@pytest.mark.parametrize(
    ("environ", "link", "kind", "glyphs"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "", "dark-truecolor", "unicode"),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "", "light-256", "unicode"),
        ({"TERM": "xterm"}, "", "dark-16", "unicode"),
        ({"TERM": "linux"}, "", "terminal", "ascii"),
        ({"TERM": "xterm-kitty", "COLORTERM": "truecolor"}, "slow", "terminal", "unicode"),
        ({"TERM": "tmux-256color", "COLORTERM": "24bit", "SSH_TTY": "/dev/pts/3"}, "",
         "dark-truecolor-near", "unicode"),
        ({"TERM": "xterm", "LANG": "C"}, "", "dark-16", "ascii"),
    ],
)  # fmt: skip
def test_the_one_that_fits_the_terminal_is_taken(environ, link, kind, glyphs):
    made = json.loads(FILE.read_text())
    look = shipped({"LANG": "C.UTF-8", **environ}, ("", link, "", ""))
    assert list(look.pens.values()) == [made["codes"][n] for n in made[f"broadsheet-{kind}"]]
    assert look.glyphs == glyphs
    assert look.sparing == (look.signs[0] == " ") == ("SSH_TTY" in environ or bool(link))


def test_there_is_none_where_anything_was_set_or_chosen(own_home):
    environ = {"TERM": "xterm", "LANG": "C.UTF-8"}
    assert shipped(environ, ("", "", "", "")) is not None
    assert shipped({**environ, "NO_COLOR": ""}, ("", "", "", "")) is None
    assert shipped({**environ, "BROADSHEET_THEME": "mist"}, ("", "", "", "")) is None
    assert shipped(environ, ("demo", "", "", "")) is None
    assert shipped(environ, ("", "", "", "plain")) is None
    for file in ("config/broadsheet/config.toml", "state/broadsheet/app.json"):
        (own_home / file).parent.mkdir(parents=True)
        (own_home / file).write_text("")
        assert shipped(environ, ("", "", "", "")) is None
        (own_home / file).unlink()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    with tempfile.TemporaryDirectory() as place:
        for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            os.environ[variable] = place
        os.environ["LANG"] = "C.UTF-8"
        said = asyncio.run(as_it_is(Path(place) / "library.json"))
    FILE.write_text(json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n")
