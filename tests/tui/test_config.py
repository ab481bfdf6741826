"""The config file: what it sets, what it says when something in it is wrong."""

from __future__ import annotations

import pytest

from tui import config
from tui.config import Config, load


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "config.toml"

    def write(text: str):
        path.write_text(text, encoding="utf-8")
        return load(path)

    return write


def fault(written, text: str) -> str:
    """The one fault of a config, without the file's name before it."""
    settings, faults = written(text)
    assert len(faults) == 1
    where, _, what = faults[0].partition("config.toml: ")
    assert where == ""
    assert settings == Config()
    return what


def test_without_a_file_everything_has_its_default(tmp_path):
    assert load(tmp_path / "config.toml") == (Config(), [])


def test_every_setting_is_taken(written):
    settings, faults = written(
        'theme = "light"\ncolumn = 80\nread_when = "open"\nopener = "ssh-open {url}"\n'
        'clipboard = "tool"\nmouse = false\nlink = "slow"\n[keys]\n"list.down" = "e"\n'
    )
    assert faults == []
    assert settings == Config(
        theme="light", column=80, read_when="open", opener="ssh-open {url}", clipboard="tool",
        mouse=False, link="slow", keys={"list.down": "e"},
    )  # fmt: skip


def test_keys_may_be_a_list_and_need_no_quotes_around_their_id(written):
    settings, faults = written('[keys]\nlist.down = ["e", "down"]\nreader.down = "e, down"\n')
    assert faults == []
    assert settings.keys == {"list.down": "e,down", "reader.down": "e, down"}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('colum = 72', "colum: no such setting; did you mean 'column'?"),
        ('zzz = 1', "zzz: no such setting"),
        ('column = 30', "column: is 30, must be a number from 40 to 100"),
        ('column = true', "column: is true, must be a number from 40 to 100"),
        ('mouse = "yes"', 'mouse: is "yes", must be true or false'),
        ('theme = 3', "theme: is 3, must be a text in quotes"),
        ('read_when = "never"',
         'read_when: is "never", must be one of "open", "end", "hand"'),
        ('link = "fast"', 'link: is "fast", must be one of "auto", "local", "ssh", "slow"'),
        ('keys = "j"', "keys: must be a table: [keys]"),
        ('[keys]\n"list.down" = 3',
         'keys: list.down must be a key or a list of keys, like "j" or ["j", "down"]'),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_that_names_file_key_and_what_is_allowed(written, text, what):
    assert fault(written, text) == what


def test_a_file_that_is_not_toml_is_named_with_the_line(written):
    assert "not TOML: " in fault(written, 'theme = "light\n')
    assert "line 1" in fault(written, 'theme = "light\n')


def test_what_is_right_holds_beside_what_is_wrong(written):
    settings, faults = written('column = 999\ntheme = "light"\n')
    assert (settings.theme, settings.column, len(faults)) == ("light", 72, 1)


def test_a_file_that_cannot_be_read_is_one_fault(tmp_path):
    (tmp_path / "config.toml").mkdir()
    settings, faults = load(tmp_path / "config.toml")
    assert settings == Config()
    assert faults == ["config.toml: cannot be read: Is a directory"]


def test_a_file_that_is_not_utf8_is_one_fault(tmp_path):
    (tmp_path / "config.toml").write_bytes(b'theme = "\xff"')
    assert load(tmp_path / "config.toml")[1][0].endswith("cannot be read: it is not UTF-8")


def test_a_key_for_a_binding_that_does_not_exist_is_one_line(tmp_path):
    path = tmp_path / "config.toml"
    settings = Config(keys={"list.donw": "e", "list.up": "k"})
    assert config.unknown_keys(settings, ["list.down", "list.up"], path) == [
        "config.toml: keys: no binding is called 'list.donw'; did you mean 'list.down'?"
    ]


def test_the_theme_chosen_in_the_app_is_remembered_beside_the_config(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert config.remembered_theme() == ""
    config.remember_theme("broadsheet-light")
    assert config.remembered_theme() == "broadsheet-light"
    (tmp_path / "broadsheet" / "app.json").write_text("[1")
    assert config.remembered_theme() == ""
