"""Names and numbers that are mistyped: each ends in one clear line."""

from __future__ import annotations

import os
import shlex

import pytest

from store import FetchError, Library, LibraryError
from tests.webserver import Page, Web
from tui.cli import COMMANDS, main

#: What a person, or a variable of a script that is empty, may give for a name, a word or a number.
ODD = (
    "", "~nobody-of-that-name/x.json", "x" * 300, "x" * 255, os.fsdecode(b"\xff\xfe"),
    "9" * 30, "9" * 5_000, "-1", "https://[", "(((", ".",
)  # fmt: skip

#: Of these, what a library may be mistyped as.
NO_LIBRARY = (
    "",
    "~nobody-of-that-name/x.json",
    "x" * 300,
    "x" * 250,
    os.fsdecode(b"\xff"),
    ".",
    "/",
)

#: Every place of a command line where something can be mistyped, `@` in its stead.
LINES = {
    "demo": [],  # it takes nothing
    "add": ["add @", "add --format @ x", "add --watch @", "add --dry-run @"],
    "feed": ["feed add --unchecked @", "feed add @", "feed rm @", "feed refresh @",
             "feed import @", "feed export --output @",
             "feed add --unchecked --tag @ --title @ --interval @ https://127.0.0.1:9/f"],
    "fetch": ["fetch @", "fetch --again @"],
    "list": ["list @", "list --limit @", "list --sort @", "list tag:@ title:@"],
    "search": ["search @", "search lamp --limit @"],
    "show": ["show @", "show 1 --width @"],
    "tag": ["tag @ +seen", "tag --all +@", "tag --all -@"],
    "highlights": ["highlights @", "highlights --format @"],
    "stats": ["stats @"],
    "export": ["export @", "export --format @", "export --format json -o @",
               "export --format markdown -o @", "export @ --format text"],
    "view": ["view add @ lamp", "view add Lamps @", "view rm @"],
    "backup": ["backup @"],
    "restore": ["restore @", "restore --dry-run @"],
    "doctor": ["doctor @"],
    "config": ["config @"],
    "completion": ["completion @"],
    "": ["@", "--link @", "--library @"],
}  # fmt: skip


def test_every_command_is_tried():
    assert set(LINES) == {*COMMANDS, ""}


@pytest.fixture
def elsewhere(home, monkeypatch):
    """A directory of the test's own to be in, with something to add."""
    place = home / "here"
    place.mkdir()
    (place / "note.md").write_text("# A note\n\nIt says little.\n")
    monkeypatch.chdir(place)
    return place


#: A command of each kind that opens a library, or looks at its files.
ON_A_LIBRARY = (
    "add note.md", "add --dry-run note.md", "backup", "doctor", "doctor --repair",
    "export --format text", "feed export --output out.opml", "list", "restore --list",
    "restore x.zip", "tag --all +x", "view rm x",
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Nothing that is mistyped is looked for on the web."""

    def fail(self, url, **_):
        raise FetchError(url, "it is not to be asked")

    monkeypatch.setattr("store.fetch.Fetcher.get", fail)
    monkeypatch.setattr("store.fetch.Fetcher.is_private", lambda *_: False)


def in_one_line(status, said):
    """Whether a command ended as it is to, in one line where it was not quiet on purpose."""
    odd = ("unexpected", "Traceback", "invalid whole_number value")
    if status not in (0, 1, 2) or any(word in said for word in odd):
        return False
    lines = [each for each in said.splitlines() if not each.startswith(("usage:", " "))]
    return status != 2 or len(lines) == 1 or "nothing was" in lines[0]


@pytest.mark.parametrize("line", [line for each in LINES.values() for line in each])
def test_it_ends_in_one_clear_line(run, elsewhere, line):
    for odd in ODD:
        if odd == "." and line.startswith("add"):
            continue  # a directory may be added
        said = run(*(word.replace("@", odd) for word in line.split()))
        assert in_one_line(said.status, said.err), ascii((odd[:30], said))
        if said.status and not line.startswith(("search", "highlights")):  # quiet, as grep is
            assert said.err or said.out, ascii(odd[:30])
    assert run("show", 1).status == 0
    assert not os.path.lexists("~nobody-of-that-name")


@pytest.mark.parametrize("line", ON_A_LIBRARY)
def test_a_library_that_is_mistyped_ends_in_one_clear_line(elsewhere, capsys, line):
    for odd in NO_LIBRARY:
        status = main(["--library", odd, *line.split()])
        said = capsys.readouterr()
        assert in_one_line(status, said.err), ascii((odd[:30], said))
        assert status == 0 or said.err or said.out, ascii(odd[:30])
    assert not os.path.lexists("~nobody-of-that-name")


def test_the_library_of_the_environment_is_looked_at_likewise(home, monkeypatch, capsys):
    for odd in ("~nobody-of-that-name/x.json", "x" * 300, "x" * 250, str(home)):
        monkeypatch.setenv("BROADSHEET_LIBRARY", odd)
        assert main(["list"]) in (0, 1)
        assert main(["doctor"]) in (0, 1)
        assert "unexpected" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "not_done"),
    [
        (["fetch", "--again", "((("], "nothing was fetched"),
        (["fetch", "x) OR (is:read"], "nothing was fetched"),
        (["fetch", "lampp"], "nothing was fetched"),
        (["tag", "(((", "+seen"], "nothing was changed"),
        (["export", "(((", "--format", "json", "-o", "out.json"], "nothing was written"),
        (["export", "lampp", "--format", "json", "-o", "out.json"], "nothing was written"),
    ],
)
def test_nothing_is_done_by_a_query_that_is_not_understood_whole(
    run, elsewhere, monkeypatch, words, not_done
):
    def never(*_, **__):
        raise AssertionError("something is fetched")

    monkeypatch.setattr("store.web.Web.retry", never)
    said = run(*words)
    assert said.status == 2
    assert said.err.startswith(f"broadsheet: {not_done}: ")
    assert not (elsewhere / "out.json").exists()


def test_an_address_that_is_none_costs_no_other_source(run, library, elsewhere):
    said = run("add", "note.md", "https://[", "x" * 300, "http://localhost:99999999/")
    assert said.status == 0
    assert said.out.startswith("1 added")
    assert "rejected https://[: it is no address: " in said.err
    assert "rejected http://localhost:99999999/: it is no address: " in said.err
    assert said.err.count("\n") == 3
    with Library(library) as opened:
        assert opened.get(5).title == "A note"


def test_of_an_address_with_controls_that_is_said(run):
    said = run("add", "http://\x1b[31mx", "https://127.0.0.1:9/\x9b")
    assert said.status == 1
    assert said.err.count("it is no address: there are control characters in it") == 2
    assert run("feed", "add", "http://\x1b[31mx").err.count("control characters") == 1


def test_a_feeds_address_that_is_none_costs_no_other_feed(run):
    web = Web()
    web.pages["/feed"] = Page(b"<rss version='2.0'><channel><title>F</title></channel></rss>")
    said = run("feed", "add", "--unchecked", "https://[", web.url("/feed", "127.0.0.1"))
    web.close()
    assert said.status == 1
    assert said.err.startswith("broadsheet: https://[: it is no address: ")
    assert "subscribed to" in said.out


def test_a_command_that_is_offered_holds_a_name_as_one_word(home, monkeypatch, capsys):
    name = home / "a $(touch pwned); b.json"
    name.write_text("no JSON")
    assert main(["--library", str(name), "list"]) == 1
    said = capsys.readouterr().err
    offered = said[said.index("broadsheet add ") :]
    assert shlex.split(offered) == ["broadsheet", "add", str(name)]
    monkeypatch.chdir(home)
    (home / "-x y.json").write_text("[]")
    with pytest.raises(LibraryError, match=r"broadsheet add './-x y.json'"):
        Library("-x y.json")
