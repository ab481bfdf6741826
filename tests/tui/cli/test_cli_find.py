"""`broadsheet list`, `search` and `show`."""

from __future__ import annotations

import json
import re

import pytest
from rich.cells import cell_len

from store import Article, Library, Row
from tui.cli import main
from tui.commands.output import tab_separated, to_json

# ------------------------------------------------------------------------------- list


def test_a_piped_list_is_one_line_an_article_its_fields_parted_by_tabs(run):
    rows = [line.split("\t") for line in run("list").out.splitlines()]
    assert [row[2] for row in rows] == [
        "Why bridges sing", "The lamplighters of Harbour Street", "长城上的灯", "Draft of nothing",
    ]  # fmt: skip
    lamps = rows[1]
    assert lamps[:2] == ["1", "2019-03-09"]
    assert lamps[3:5] == ["Ada Reyes", "ledger.example"]
    assert lamps[6:] == ["history,cities", ""]
    assert rows[3][7] == "stub"


def test_list_takes_a_query_with_options_among_its_words(run):
    shown = run("list", "-draft", "--limit", "2", "lamp", "--sort", "-published", "-instrument")
    assert [line.split("\t")[2] for line in shown.out.splitlines()] == [
        "The lamplighters of Harbour Street"
    ]


def test_list_sorts_and_limits(run):
    shown = run("list", "--sort=title", "--limit", "1")
    assert shown.out.split("\t")[2] == "Draft of nothing"
    assert run("list", "--limit", "0").out.count("\n") == 4


def test_list_writes_json(run):
    rows = json.loads(run("list", "tag:history", "--json").out)
    assert [row["title"] for row in rows] == ["The lamplighters of Harbour Street"]
    assert rows[0]["tags"] == ["history", "cities"]
    assert rows[0]["starred"] is False
    assert json.loads(run("list", "tag:none", "--json").out) == []


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_the_table_is_aligned_by_cells_and_fits_the_terminal(run, terminal, columns):
    terminal(columns)
    head, *rows = run("list").out.splitlines()
    assert head.split()[:3] == ["ID", "DATE", "TITLE"]
    assert len(rows) == 4
    assert all(cell_len(line) <= columns for line in (head, *rows))
    column = cell_len(head[: head.index("TITLE")])
    for row, title in zip(rows, ("Why", "The lamp", "长城", "Draft"), strict=True):
        assert cell_len(row[: row.index(title)]) == column


def test_the_table_has_the_dates_that_the_app_shows_and_no_header_over_nothing(
    run, terminal, tmp_path
):
    (tmp_path / "note.md").write_text("# Only a note\n\nNobody dated it.\n")
    run("add", str(tmp_path / "note.md"))
    terminal(80)
    (line,) = [each for each in run("list").out.splitlines() if "Only a note" in each]
    assert not re.search(r"\d{4}-\d\d-\d\d", line)
    assert run("list", "tag:none").out == ""


def test_a_terminal_gets_the_first_fifty_and_is_told_of_the_rest(run, terminal, library):
    with Library(library) as opened:
        opened.add(Article(title=f"Number {n}", body=f"Text {n}.") for n in range(60))
    terminal()
    shown = run("list")
    assert len(shown.out.splitlines()) == 51
    assert "14 more" in shown.err


def test_a_misspelt_operator_is_told_of_and_searched_for_literally(run):
    said = run("list", "titel:lamp")
    assert said.status == 0
    assert said.err.startswith("broadsheet: ")


# ------------------------------------------------------------------------------- search


def test_search_finds_nothing_as_grep_does(run):
    found = run("search", "qqqqzzzz")
    assert (found.status, found.out) == (1, "")


def test_a_piped_hit_ends_with_its_snippet_and_holds_no_escapes(run):
    found = run("search", "pylon")
    assert found.status == 0
    fields = found.out.rstrip("\n").split("\t")
    assert fields[2] == "Why bridges sing"
    assert "the lamp on the pylon" in fields[8]
    assert "\x1b" not in found.out


def test_on_a_terminal_matches_are_bold_and_lines_fit(run, terminal):
    terminal(60)
    found = run("search", "lamp", "-instrument").out
    assert "\x1b[1mlamp\x1b[22m" in found
    assert all(cell_len(re.sub(r"\x1b\[\d+m", "", line)) <= 60 for line in found.splitlines())


def test_a_dumb_terminal_gets_no_escapes(run, terminal, monkeypatch):
    terminal()
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in run("search", "lamp").out


def test_search_writes_json_with_spans(run):
    (hit,) = json.loads(run("search", "pylon", "--json").out)
    (start, end), *_ = hit["spans"]
    assert hit["snippet"][start:end] == "pylon"
    assert hit["title_spans"] == []
    assert hit["score"] > 0


def test_search_finds_what_was_only_just_added(run, library):
    with Library(library) as opened:
        opened.add(Article(title=f"New {n}", body=f"quillwort{n}") for n in range(700))
    assert len(run("search", "quillwort699").out.splitlines()) == 1


# ------------------------------------------------------------------------------- show


def test_a_piped_article_is_plain_text_within_the_width(run):
    shown = run("show", "1", "--width", "50").out
    lines = shown.splitlines()
    assert lines[0] == "The lamplighters of Harbour Street"
    assert lines[1].startswith("Ada Reyes · ledger.example")
    assert "https://ledger.example/lamps" in lines
    assert "At dusk they came, ladder on shoulder." in lines
    assert "The last lamp" in lines
    assert max(map(len, lines)) <= 50
    assert "\x1b" not in shown


@pytest.mark.parametrize("number", [1 << 63, 10**30])
def test_a_number_that_no_article_can_have_is_told_like_any_other_that_none_has(run, number):
    shown = run("show", number)
    assert shown.status == 1
    assert shown.err.count("\n") == 1 and f"no article {number}" in shown.err


def test_a_width_beyond_all_measure_breaks_no_line(run):
    for width in (10**6, 1 << 63, 10**30):
        shown = run("show", 1, "--width", width)
        assert shown.status == 0
        lines = shown.out.splitlines()
        assert ("It was taken down in spring. " * 20).strip() in lines
        assert max(map(len, lines)) <= 100_000


def test_a_stub_shows_its_link_and_no_keys(run):
    shown = run("show", "4").out
    assert "https://ledger.example/none" in shown.splitlines()
    assert "Press" not in shown


def test_on_a_terminal_an_article_is_typeset(run, terminal):
    terminal()
    shown = run("show", "1").out
    assert "\x1b[1mThe lamplighters of Harbour Street\x1b[0m" in shown
    assert "\x1b[3mladder\x1b[0m" in shown


def test_an_article_is_set_as_the_config_has_it(run, home):
    directory = home / "config" / "broadsheet"
    directory.mkdir(parents=True)
    settings = 'column = 44\njustify = true\nhyphenate = true\nparagraphs = "indent"\n'
    (directory / "config.toml").write_text(settings)
    lines = run("show", "1").out.splitlines()
    text = [line for line in lines[lines.index("The last lamp") + 2 :] if line]
    assert {len(line) for line in text[:-1]} == {44}
    assert any("  " in line for line in text)
    assert max(map(len, run("show", "1", "--width", "60").out.splitlines())) == 60
    (directory / "config.toml").write_text("plain = true\n")
    assert "Ada Reyes, ledger.example" in run("show", "1").out


def test_show_writes_the_whole_article_and_its_state_as_json(run, library):
    with Library(library) as opened:
        opened.mark([1], starred=True)
    article = json.loads(run("show", "1", "--json").out)
    assert article["body"].startswith("At dusk they came, *ladder*")
    assert article["url"] == "https://ledger.example/lamps"
    assert article["state"]["starred"] is True


def test_an_article_that_is_not_there_is_an_error(run):
    said = run("show", "99")
    assert (said.status, said.out) == (1, "")
    assert "99" in said.err


# ------------------------------------------------------------------------------- hostile text


HOSTILE = "Red\x1b[31m \x9b2J\u202edaer\u2066\tme\nnow\x07 [bold]please[/bold]"


@pytest.fixture
def hostile(home):
    """A library that another program wrote."""
    path = home / "foreign.json"
    article = {"title": HOSTILE, "site": HOSTILE, "body": f"{HOSTILE} lamp", "published": HOSTILE}
    path.write_text(json.dumps({"articles": {"1": article}}))
    return path


@pytest.mark.parametrize(
    "command",
    [[], ["list"], ["search", "lamp"], ["show", "1"], ["list", "--json"],
     ["search", "lamp", "--json"], ["show", "1", "--json"]],
)  # fmt: skip
def test_nothing_in_a_library_is_obeyed_by_the_terminal(hostile, command, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["--library", str(hostile), *command]) == 0
    shown = capsys.readouterr().out
    assert "[bold]please[/bold]" in shown
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


def test_a_line_of_tab_separated_fields_is_one_line_and_safe_whatever_a_row_holds():
    line = tab_separated(Row(1, HOSTILE, author=HOSTILE, tags=(HOSTILE,)), HOSTILE)
    assert line.count("\t") == 8
    assert line.replace("\t", "").isprintable()


def test_json_escapes_what_a_terminal_would_obey():
    text = to_json({"title": HOSTILE})
    assert text.isprintable()
    assert json.loads(text) == {"title": HOSTILE}


@pytest.mark.parametrize(("number", "wrong"), [("-3", "is less than 0"), ("x", "no whole number")])
def test_what_is_wrong_with_a_number_is_said(run, number, wrong):
    said = run("list", "--limit", number)
    assert said.status == 2
    assert f"{number!r} {wrong}" in said.err.replace("is no", "no")
