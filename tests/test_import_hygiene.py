"""What loading a part of the program loads with it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from store import Article, Library
from tui.cli import COMMANDS

DRAWING = {"textual", "rich"}
HEAVY = {"textual", "rich", "tinydb", "tantivy", "trafilatura", "markdown_it", "yaml"}


RUN = "from tui.cli import main\nmain(sys.argv[1:])"


@pytest.fixture
def library(tmp_path):
    path = tmp_path / "library.json"
    with Library(path, cache_dir=tmp_path / "broadsheet") as opened:
        opened.add([Article(title="The last tram", body="It ran at **midnight**.")])
    return path


def modules_loaded_by(code, *arguments, cache=""):
    """Names of all modules that a new Python has loaded after `code`."""
    report = "print('loaded', *sys.modules)"
    program = f"import sys\n{code}\n{report}"
    environment = {"XDG_CACHE_HOME": str(cache), "XDG_DATA_HOME": str(cache)} if cache else {}
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True, text=True, env=environment, check=True,
    )  # fmt: skip
    return set(done.stdout.splitlines()[-1].split()[1:])


def loaded_by(code, *arguments, cache=""):
    """Top-level names of them."""
    return {name.partition(".")[0] for name in modules_loaded_by(code, *arguments, cache=cache)}


def loaded_by_command(*arguments, cache):
    return loaded_by(RUN, *arguments, cache=cache)


def test_the_store_loads_nothing_heavy():
    assert not loaded_by("import store") & HEAVY


def test_every_public_name_of_the_store_comes_without_drawing():
    assert not loaded_by("import store\nfor name in store.__all__: getattr(store, name)") & DRAWING


def test_opening_a_library_and_showing_its_list_loads_nothing_heavy(library, tmp_path):
    code = (
        "from pathlib import Path\nfrom store import Library\n"
        "with Library(sys.argv[1], cache_dir=Path(sys.argv[2])) as opened:\n"
        "    assert opened.newest(50)[0].title == 'The last tram'"
    )
    loaded = loaded_by(code, library, tmp_path / "broadsheet")
    assert not loaded & HEAVY


def test_a_command_loads_nothing_of_the_first_frame(tmp_path):
    loaded = loaded_by("from tui.__main__ import main\nmain()", "--version", cache=tmp_path)
    assert not loaded & (HEAVY | {"sqlite3", "json", "asyncio", "dataclasses", "termios"})


def test_version_and_help_load_neither_the_library_nor_anything_heavy(tmp_path):
    for argument in ("--version", "--help"):
        loaded = loaded_by_command(argument, cache=tmp_path)
        assert not loaded & (HEAVY | {"sqlite3", "json", "asyncio", "dataclasses"})


@pytest.mark.parametrize(
    "command", [["list"], ["search", "tram"], ["show", "1"], ["add", "-"], ["demo"], []]
)
def test_commands_that_draw_nothing_do_not_load_textual(command, library, tmp_path):
    loaded = loaded_by_command("--library", library, *command, cache=tmp_path)
    assert "store" in loaded
    assert "textual" not in loaded


def test_a_command_loads_no_other_one(library, tmp_path):
    loaded = modules_loaded_by(RUN, "--library", library, "list", cache=tmp_path)
    commands = {f"tui.commands.{module}" for module in COMMANDS.values()}
    assert loaded & commands == {"tui.commands.find"}


def test_typesetting_loads_neither_textual_nor_the_library():
    modules = "document", "draw", "layout", "styles", "viewport"
    loaded = loaded_by("".join(f"import tui.typeset.{module}\n" for module in modules))
    assert not loaded & {"textual", "store"}


def test_the_layers_hold():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
