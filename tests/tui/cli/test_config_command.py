"""`broadsheet config`."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.commands.config import toml
from tui.config import Config, load
from tui.options import OPTIONS
from tui.screens.keymap import KEYED


@pytest.fixture
def file(home):
    path = home / "config" / "broadsheet" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


def fields(out: str) -> dict[str, tuple[str, str]]:
    """The settings in a pipe: value and origin by name."""
    lines = [line.split("\t") for line in out.splitlines()]
    assert lines[0][0] == "file"
    return {name: (value, origin) for name, value, origin in lines[1:]}


def test_without_a_file_all_is_default_and_the_path_is_told(run, home):
    shown = run("config")
    assert (shown.status, shown.err) == (0, "")
    assert shown.out.splitlines()[0] == f"file\t{home}/config/broadsheet/config.toml"
    settings = fields(shown.out)
    assert list(settings) == [name for name, option in OPTIONS.items() if not option.table]
    assert {origin for _, origin in settings.values()} == {"default"}
    assert settings["mouse"] == ("true", "default")


def test_each_setting_has_the_line_it_comes_from(run, file):
    file.write_text(
        'theme = "light"\n\ncolumn = 80\n[keys]\nlist.down = "Z"\n[sort]\nAll="title"\n'
    )
    shown = run("config")
    assert (shown.status, shown.err) == (0, "")
    settings = fields(shown.out)
    assert settings["theme"] == ('"light"', "line 1")
    assert settings["column"] == ("80", "line 3")
    assert settings["keys.list.down"] == ('"Z"', "line 5")
    assert settings["sort.All"] == ('"title"', "line 7")
    assert settings["dates"] == ('"relative"', "default")


def test_a_theme_of_the_environment_goes_before_the_file(run, file, monkeypatch):
    file.write_text('theme = "light"\n')
    monkeypatch.setenv("BROADSHEET_THEME", "mist")
    assert fields(run("config").out)["theme"] == ('"mist"', "$BROADSHEET_THEME")


def test_faults_are_told_line_by_line_and_what_holds_is_shown(run, file):
    file.write_text('column = 9\ntheme = "lihgt"\nmouse = false\n[keys]\nlist.donw = "e"\n')
    shown = run("config")
    assert shown.status == 1
    assert shown.err.splitlines() == [
        "broadsheet: config.toml line 1: column is 9, must be a whole number from 40 to 100",
        "broadsheet: config.toml line 2: no theme is called 'lihgt'; did you mean 'light'?",
        "broadsheet: config.toml line 5: no binding is called 'list.donw'; "
        "did you mean 'list.down'?",
    ]
    settings = fields(shown.out)
    assert settings["column"] == ("72", "default")
    assert settings["mouse"] == ("false", "line 3")
    assert settings["theme"] == ('"auto"', "default")
    assert "keys.list.donw" not in settings


def test_keys_that_cannot_be_in_force_are_told_and_not_shown(run, file):
    file.write_text('[keys]\n"list.up" = "kk"\n"article.archive" = "r"\n"list.top" = ""\n')
    shown = run("config")
    assert shown.status == 1
    assert "line 2: 'kk' is no key" in shown.err
    assert "line 3: 'r' is the key of article.archive, and of article.read in the list" in shown.err
    keys = {name: value for name, (value, _) in fields(shown.out).items() if "keys" in name}
    assert keys == {"keys.article.archive": '"r"', "keys.list.top": '""'}


def test_a_theme_of_textual_is_no_fault(run, file):
    file.write_text('theme = "nord"\n')
    assert run("config").status == 0


def test_in_a_terminal_the_columns_are_aligned_and_nothing_is_obeyed(run, file, terminal):
    terminal()
    file.write_text('opener = "\\u001b[31m\\u202e"\n')
    shown = run("config")
    path, blank, *rows = shown.out.splitlines()
    assert (path, blank) == (str(file), "")
    assert "\x1b" not in shown.out
    assert "\u202e" not in shown.out
    origins = {cell_len(row) - len("default") for row in rows if row.endswith("default")}
    assert len(origins) == 1
    file.unlink()
    assert "not there" in run("config").out.splitlines()[0]


def test_the_printed_defaults_are_exactly_the_defaults(run, tmp_path):
    shown = run("config", "--print-default")
    assert shown.status == 0
    assert set(tomllib.loads(shown.out)) == set(OPTIONS)
    path = tmp_path / "config.toml"
    path.write_text(shown.out, encoding="utf-8")
    assert load(path) == (Config(), [])
    assert max(len(line) for line in shown.out.splitlines() if str(tmp_path) not in line) <= 100


def test_the_printed_defaults_hold_every_key_ready_to_be_changed(run, tmp_path):
    shown = run("config", "--print-default").out
    path = tmp_path / "config.toml"
    before, keys = shown.split("[keys]\n")
    path.write_text(before + "[keys]\n" + re.sub("^# ", "", keys, flags=re.MULTILINE))
    settings, faults = load(path)
    assert faults == []
    known = {binding.id: binding.key for binding in KEYED}
    assert set(settings.keys) == set(known)
    assert settings.keys["list.down"] == known["list.down"]


@given(st.one_of(st.booleans(), st.integers(-(2**63), 2**63 - 1), st.text()))
def test_a_value_is_written_as_toml_reads_it(value):
    written = toml(value)
    assert tomllib.loads(f"a = {written}") == {"a": value}
    assert "\n" not in written
