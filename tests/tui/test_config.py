"""The config file: what it sets, what it says when something in it is wrong."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from pathlib import Path

import pytest
from app_harness import fill, running
from hypothesis import given
from hypothesis import strategies as st

from store.query import SORT_KEYS
from tui import config, options, themes
from tui.checking import check_keys
from tui.config import Config, load
from tui.options import OPTIONS

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "config.toml"

    def write(text: str):
        path.write_text(text, encoding="utf-8")
        return load(path)

    return write


def fault(written, text: str) -> str:
    """The one fault of a config that sets nothing else, without the file's name before it."""
    settings, faults = written(text)
    assert len(faults) == 1, faults
    assert settings == Config()
    return faults[0].removeprefix("config.toml ")


def test_without_a_file_everything_has_its_default(tmp_path):
    assert load(tmp_path / "config.toml") == (Config(), [])


def test_every_setting_is_taken(written):
    settings, faults = written(
        'theme = "light"\nlayout = "stacked"\nlist_share = 30\ncolumn = 80\ndates = "iso"\n'
        'read_when = "open"\nopener = "ssh-open {url}"\nclipboard = "tool"\nmouse = false\n'
        "feed_interval = 30\nfeed_refresh = false\n"
        'link = "slow"\njustify = true\nhyphenate = true\nparagraphs = "indent"\n'
        'code = "scroll"\nframes = false\nbidi = "on"\nglyphs = "ascii"\nplain = true\n'
        '[sort]\nUnread = "-saved"\n[keys]\n"list.down" = "e"\n'
    )
    assert faults == []
    assert settings == Config(
        theme="light", layout="stacked", list_share=30, column=80, dates="iso", read_when="open",
        opener="ssh-open {url}", clipboard="tool", mouse=False, link="slow",
        justify=True, hyphenate=True, paragraphs="indent", code="scroll", frames=False, bidi="on",
        glyphs="ascii", plain=True,
        feed_interval=30, feed_refresh=False,
        sort={"Unread": "-saved"}, keys={"list.down": "e"},
    )  # fmt: skip
    for item in dataclasses.fields(Config):
        assert getattr(settings, item.name) != getattr(Config(), item.name), item.name


def test_keys_may_be_a_list_and_need_no_quotes_around_their_id(written):
    settings, faults = written('[keys]\nlist.down = ["e", "down"]\nreader.down = "e, down"\n')
    assert faults == []
    assert settings.keys == {"list.down": "e,down", "reader.down": "e,down"}


def test_the_order_of_a_view_is_found_by_its_name_in_any_case():
    settings = Config(sort={"Unread": "saved", "Überblick": "-title"})
    assert settings.sort_of("unread") == "saved"
    assert settings.sort_of("überblick") == "-title"
    assert settings.sort_of("Starred") == ""


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("\ncolum = 72", "line 2: no option is called 'colum'; did you mean 'column'?"),
        ("zzz = 1", "line 1: no option is called 'zzz'"),
        ("[zzz]\nred = 1", "line 1: no option is called 'zzz'"),
        ("# narrow\n\ncolumn = 30",
         "line 3: column is 30, must be a whole number from 40 to 100"),
        ("column = true", "line 1: column is true, must be a whole number from 40 to 100"),
        ('column = "72"', 'line 1: column is "72", must be a whole number from 40 to 100'),
        ("column = [\n72]", "line 1: column is [72], must be a whole number from 40 to 100"),
        ("list_share = 90", "line 1: list_share is 90, must be a whole number from 25 to 60"),
        ('mouse = "yes"', 'line 1: mouse is "yes", must be true or false'),
        ("theme = 3", "line 1: theme is 3, must be a text in quotes"),
        ('read_when = "never"',
         'line 1: read_when is "never", must be one of "open", "end", "hand"'),
        ('dates = "relativ"',
         'line 1: dates is "relativ" (did you mean "relative"?), must be one of "relative", '
         '"plain", "iso"'),
        ('link = ["ssh"]', 'line 1: link is ["ssh"], must be one of "auto", "local", "ssh", '
         '"slow"'),
        ('keys = "j"', "line 1: keys must be a table: [keys]"),
        ('[keys]\n\n"list.down" = 3', "line 3: keys.list.down is 3, "
         'must be a key or a list of keys, like "j" or ["j", "down"], or "" for none'),
        ('keys = { list.down = [""] }', 'line 1: keys.list.down is [""], '
         'must be a key or a list of keys, like "j" or ["j", "down"], or "" for none'),
        ('[sort]\nUnread = "publishd"',
         'line 2: sort.Unread is "publishd" (did you mean "published"?), must be one of '
         '"published", "saved", "read", "title", "author", "words", "random", or with - before it'),
        ('opener = 2017-03-09', 'line 1: opener is "2017-03-09", must be a text in quotes'),
        ("opener = 'sh -c \"echo {url}\"'",
         "line 1: opener cannot be used: a shell may run what is in a link: keep {url} a word of "
         """its own, outside of the script, as in sh -c 'echo "$1"' sh {url}"""),
        ("opener = 'open \"'", "line 1: opener cannot be used: No closing quotation"),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_that_names_file_line_option_and_what_is_allowed(written, text, what):
    assert fault(written, text) == what


def test_the_openers_that_the_readme_shows_are_accepted(written):
    lines = re.findall(r"`(opener = .+?)`", README.read_text())
    assert len(lines) == 2
    for line in lines:
        settings, faults = written(f"{line}\n")
        assert (bool(settings.opener), faults) == (True, [])


def test_a_wrong_value_of_any_length_leaves_room_for_what_is_allowed(written):
    said = fault(written, f'dates = "{"x" * 5_000}"')
    assert said.endswith('..., must be one of "relative", "plain", "iso"')
    assert len(said) < 150


def test_what_is_right_holds_beside_what_is_wrong(written):
    settings, faults = written(
        'column = 999\ntheme = "light"\n[sort]\nAll = 1\nUnread = "title"\n[keys]\na = 2\nb = "c"\n'
    )
    assert settings == Config(theme="light", sort={"Unread": "title"}, keys={"b": "c"})
    assert [said.split(":")[0] for said in faults] == [f"config.toml line {n}" for n in (1, 4, 7)]


def test_a_statement_that_is_not_toml_is_left_out_and_the_rest_holds(written):
    settings, faults = written('theme = "light\ncolumn = 80\n[keys\n"a" = "b"\n[sort]\nAll="title"')
    assert settings == Config(column=80, sort={"All": "title"})
    assert faults == [
        "config.toml line 1: not TOML: illegal character '\\n' in column 15",
        "config.toml line 3: not TOML: expected ']' at the end of a table declaration in column 6",
    ]


@pytest.mark.parametrize(
    "text", ["\0\n" * 100, "x = [\n" * 50, "a" * 10_000, "[" * 5_000, f"a = {'[' * 100_000}",
             f"a = {'9' * 10_000}", "'''", 'a = """\n[b]\n'],
)  # fmt: skip
def test_what_is_no_toml_at_all_is_told_and_changes_nothing(written, text):
    settings, faults = written(text)
    assert settings == Config()
    assert 1 <= len(faults) <= 21
    assert all(re.match(r"config\.toml line \d+: ", said) for said in faults)


@given(st.text())
def test_no_text_stops_the_reading_of_the_config(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    load(path)


def test_a_file_that_cannot_be_read_is_one_fault(tmp_path):
    path = tmp_path / "config.toml"
    path.mkdir()
    assert load(path) == (Config(), [f"{path} is a directory and no file; move it away"])


def test_a_file_that_is_not_utf8_is_one_fault(tmp_path):
    (tmp_path / "config.toml").write_bytes(b'theme = "\xff"')
    assert load(tmp_path / "config.toml")[1][0].endswith("cannot be read: it is not UTF-8")


def test_a_byte_order_mark_does_no_harm(tmp_path):
    (tmp_path / "config.toml").write_bytes(b'\xef\xbb\xbftheme = "light"')
    assert load(tmp_path / "config.toml") == (Config(theme="light"), [])


def test_a_key_for_a_binding_that_does_not_exist_is_one_line(written):
    settings, _ = written('[keys]\nlist.up = "k"\nlist.donw = "e"\n')
    assert config.unknown_keys(settings, ["list.down", "list.up"]) == {
        "list.donw": "config.toml line 3: no binding is called 'list.donw'; did you mean "
        "'list.down'?"
    }


async def test_faults_are_told_in_the_app_one_by_one_with_their_lines(written, tmp_path):
    settings, _ = written('theme = "lihgt"\n[keys]\nlist.donw = "e"\n')
    fill(tmp_path / "library.json")
    async with running(tmp_path / "library.json", config=settings) as (app, _pilot):
        assert app._notices == [
            "1 of 2 (:messages shows all): config.toml line 1: no theme is called 'lihgt'; "
            "did you mean 'light'?",
            "2 of 2: config.toml line 3: no binding is called 'list.donw'; "
            "did you mean 'list.down'?",
        ]


def test_the_options_know_the_themes_and_orders_there_are():
    assert tuple(themes.ALIASES) == options.THEMES
    assert set(options.ORDERS) <= set(SORT_KEYS)


def test_the_readme_tells_every_option_its_default_and_what_is_allowed():
    section = README.read_text(encoding="utf-8").partition("## Settings")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$", section, re.M)
    assert [row[0] for row in rows] == list(OPTIONS)
    for name, default, allowed, about in rows:
        option, value = OPTIONS[name], getattr(Config(), name)
        shown = str(value).lower() if isinstance(value, bool) else str(value) or '""'
        assert default == ("none" if option.table else f"`{shown}`"), name
        assert (allowed, about) == (option.allowed, option.about), name


def test_the_theme_chosen_in_the_app_is_remembered_beside_the_config(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert config.remembered_theme() == ""
    config.remember_theme("broadsheet-light")
    assert config.remembered_theme() == "broadsheet-light"
    (tmp_path / "broadsheet" / "app.json").write_text("[1")
    assert config.remembered_theme() == ""


def test_what_an_older_version_remembers_is_read_and_overwritten(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    config.remember_theme("slate")
    monkeypatch.setattr(config, "_MEMORY_VERSION", 2)
    assert config.remembered_theme() == "slate"
    config.remember_theme("mist")
    assert config.remembered_theme() == "mist"
    assert json.loads((tmp_path / "broadsheet" / "app.json").read_text())["version"] == 2


def test_what_a_newer_version_remembers_is_read_and_not_overwritten(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    config.remember_theme("slate")
    file = tmp_path / "broadsheet" / "app.json"
    assert json.loads(file.read_text())["version"] == 1
    file.write_text('{"version": 2, "theme": "mist", "more": [1]}')
    config.remember_theme("slate")
    assert config.remembered_theme() == "mist"
    assert "more" in file.read_text()
    file.write_text('{"version": [], "theme": "mist"}')  # of none
    config.remember_theme("light")
    assert config.remembered_theme() == "light"
    file.write_text('{"theme": "mist"}')  # of the first, which did not say so
    config.remember_theme("slate")
    assert config.remembered_theme() == "slate"


def test_a_config_that_is_no_file_or_without_an_end_is_one_fault(tmp_path):
    file = tmp_path / "config.toml"
    os.mkfifo(file)
    assert config.load(file) == (
        config.Config(),
        [f"{file} is a named pipe and no file; move it away"],
    )
    file.unlink()
    file.write_bytes(b"#" * (1 << 20) + b"\n")
    (fault,) = config.load(file)[1]
    assert fault == "config.toml: cannot be read: it is larger than 128 KiB"


def test_lines_may_end_as_on_other_systems(tmp_path):
    file = tmp_path / "config.toml"
    file.write_bytes(b"column = 66\r\njustify = true\r\n")
    loaded, faults = config.load(file)
    assert (loaded.column, loaded.justify, faults) == (66, True, [])


@pytest.mark.parametrize("before", ["a", "keys", "keys.a", "[keys"])
def test_a_key_of_thousands_of_parts_is_one_fault(written, before):
    after = "]\n" if before.startswith("[") else " = 1\n"
    settings, faults = written("column = 66\n" + before + ".a" * 10_000 + after)
    assert settings == Config(column=66)
    (said,) = faults
    assert said.startswith("config.toml line 2: not TOML: more than 20 parts in a key in column ")


def test_of_faults_by_the_thousand_the_first_are_told_and_how_many_more(written):
    _, faults = written("".join(f"lsyout{number} = 1\n" for number in range(3_000)))
    assert len(faults) == 21
    assert faults[0].endswith("no option is called 'lsyout0'; did you mean 'layout'?")
    assert faults[-1] == "config.toml: 2,980 more faults; mend these first"
    settings, _ = written("[keys]\n" + "".join(f"k{number} = 'j'\n" for number in range(3_000)))
    _, told = check_keys(settings)
    assert len(told) == 21
    assert max(told)[1] == "config.toml: 2,980 more faults in the keys"
