"""Hostile text in every field: the terminal is told nothing but what the program itself says."""

from __future__ import annotations

import json
import os

import pytest
from pty_harness import CTRL_C, ENTER, ESCAPE, Terminal
from sequences import OF_APP, OF_COMMANDS, told

from tests.hostile import (
    ALL,
    ALLOWED_BUT_FOREIGN,
    CORPUS,
    ESCAPES,
    MARK,
    UNSEEN,
    write_library,
)

pytestmark = pytest.mark.pty

_TAG = "\U000e0041"  # a tag character, which no flag has
#: A name that a file may have.
_NAME = f"li\x1b]0;name\x07b\x1b[31;4;9m\x9b31m\u202e{_TAG}rary.json"
_SAID = f"\x1b]0;said\x07\x1b[57A\x9b31m\u202e{_TAG}"
_CONFIG = """theme = "\\u001b]0;x\\u0007\\u009b31m"
column = "\\u001b[2J"
"\\u001b[31m" = 3
[keys]
"\\u001b[57A.quit" = "\\u001b"
[sort]
"\\u001b[57A" = "\\u001b[31m"
"""

#: Runs commands one after the other in one process, as if each were typed.
_RUN = """
import json, os, sys
from tui.__main__ import main
for argv in json.loads(os.environ["COMMANDS"]):
    sys.argv[1:] = argv
    try:
        main()
    except SystemExit:
        pass
    print("(done)", flush=True)
sys.exit(0)
"""


@pytest.fixture
def home(tmp_path):
    """A directory with a hostile library, a hostile config, and hostile files to import."""
    write_library(tmp_path / _NAME)
    config = tmp_path / "config" / "broadsheet" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(_CONFIG)
    inbox = tmp_path / "inbox\x1b[57A"
    inbox.mkdir()
    for number, text in enumerate((*ESCAPES.values(), UNSEEN["override"])):
        name = f"{number}{text}".replace("/", "_").replace("\0", "")[:80]
        (inbox / f"{name}.md").write_text(f"---\ntitle: {json.dumps(text)}\n---\n{text}")
        (inbox / f"{name}.json").write_text("{" + json.dumps(text))
    (inbox / f"{ESCAPES['title'].replace('/', '_')}.pdf").write_text(
        f"%PDF-{ALL}", errors="replace"
    )
    (inbox / "page.html").write_text(f"<title>{ALL}</title><p>{ALL}", errors="replace")
    (inbox / "mail.eml").write_text(
        "From: =?utf-8?q?=1b[31m?= <a@a.example>\nSubject: =?utf-8?q?=1b]0;x=07=9b31m?=\n"
        "Date: Sat, 4 May 2019 10:00:00 +0000\nMessage-ID: <a\x1b[31m@a>\n"
        "Content-Type: image/\x1b[31mpng; name=\"\x1b]0;x\x07\"\n\nAAAA"
    )  # fmt: skip
    (inbox / os.fsdecode(b"not \xff\x9b31m text.zip")).write_bytes(b"PK\x03\x04\x1b[31m")
    return tmp_path


def nothing_hostile(output: bytes, allowed):
    """Nothing but the list is in an output, nor what is on the list and yet of the corpus."""
    found = told(output, allowed)
    assert found.refused == []
    for sequence in ALLOWED_BUT_FOREIGN:
        assert sequence.encode() not in output
    assert _TAG.encode() not in output
    assert not any("spoofed" in link for link in found.links)
    return found


def test_the_app_shows_hostile_text_and_obeys_none_of_it(home):
    environ = {"TERM_PROGRAM": _SAID, "LC_TERMINAL": _SAID, "TERM_PROGRAM_VERSION": _SAID}
    with Terminal(
        "--library", str(home / _NAME), home=home, size=(110, 40), environ=environ
    ) as app:
        app.sees(MARK)
        app.comes_up()  # what is wrong in the config may lie over the keys
        for keys, sight in [
            ("i", "Details"), ("t", "Tags"), ("T", "Statistics"), ("F", "Feeds"),
            ("f", "Views"), ("H", "Highlights"), ("?", "Keys"), ("e", "Export"),
            (":", "key A"),
        ]:  # fmt: skip
            app.type(keys)
            app.sees(sight)
            app.type(ESCAPE)
            app.until(lambda sight=sight: sight not in app.text, f"left {sight}")
        for _ in range(3):
            app.type(" ")
            app.read(0.1)
        app.type("G" + ENTER)
        app.sees("h back")
        for _ in range(16):
            app.type("K")
            app.read(0.02)
        app.type("f")
        app.sees("esc leaves")
        app.type(ESCAPE)
        app.until(lambda: "esc leaves" not in app.text, "left the links")
        app.type("c")
        app.sees("Contents")
        app.type(ESCAPE)
        app.until(lambda: "Contents" not in app.text, "left the contents")
        app.type("yY")
        app.until(lambda: app.output.count(b"\x1b]52;") == 2, "copied")
        app.type("h")
        app.sees("enter read")
        app.type(f"/{MARK}")
        app.sees("tab hits")
        app.type(ENTER)
        app.read(0.2)
        app.type(CTRL_C)
        assert app.ends() == 0
    found = nothing_hostile(app.output, OF_APP)
    assert found.links
    assert all(MARK in copied for copied in found.copied)
    assert len(found.copied) == 2, "copied by own keys alone"


def test_commands_show_hostile_text_and_obey_none_of_it(home):
    library = str(home / _NAME)
    inbox = str(home / "inbox\x1b[57A")
    commands = [
        ["list", "--limit", "0"], ["list", "--json"], ["list", "--plain"],
        ["list", "tag:\x1b[31m", "nosuch:\x1b[57A", '"'], ["list", "--sort", _SAID],
        ["search", MARK, "--limit", "100"], ["search", MARK, "--json"],
        ["search", _SAID + "\udcff"],
        *(["show", str(n)] for n in range(1, len(CORPUS) + 1, 2)), ["show", "3", "--json"],
        ["show", "5", "--plain"], ["show", _SAID], ["show", "9999"],
        ["stats"], ["stats", "--json"], ["view", "list", "--tags"], ["view", "list", "--json"],
        ["view", "add", f"{_SAID}v", f"{_SAID}q"], ["view", "rm", f"{_SAID}v"],
        ["view", "rm", _SAID],
        ["feed", "list"], ["feed", "refresh"], ["feed", "export"], ["feed", "rm", _SAID],
        ["feed", "add", f"https://127.0.0.1:9/{_SAID}"], ["feed", "import", f"{inbox}/page.html"],
        ["highlights"], ["highlights", "--format", "csv"], ["highlights", "--format", "json"],
        ["tag", MARK, f"+{_SAID}"], ["tag", MARK, f"-{_SAID}", "+x"], ["config"],
        ["add", inbox, "--verbose"], ["add", f"{inbox}/mail.eml", "--json"],
        ["add", f"{inbox}/{_SAID}"], ["add", "--format", _SAID, inbox], ["fetch", "is:stub"],
        ["export", "--format", "text"], ["export", "--format", "markdown", "-o", inbox],
        ["export", "-o", f"{inbox}/{_SAID}.json"], ["export", "-o", f"{inbox}/no/{_SAID}.epub"],
        [_SAID], ["list", f"--{_SAID}"], ["--library", f"{inbox}/{_SAID}", "--read-only", "list"],
        ["--library", f"{inbox}/page.html", "list"], ["--library", f"/nowhere/{_SAID}", "list"],
    ]  # fmt: skip
    environ = {
        "TERM_PROGRAM": _SAID,
        "COMMANDS": json.dumps(commands),
        "BROADSHEET_LIBRARY": library,
    }
    with Terminal(home=home, size=(110, 40), environ=environ, code=_RUN) as terminal:
        for number, command in enumerate(commands, 1):
            terminal.until(
                lambda number=number: terminal.output.count(b"(done)") >= number, f"done {command}"
            )
        assert terminal.ends() == 0
    found = nothing_hostile(terminal.output, OF_COMMANDS)
    assert found.text.count(MARK) > 500
    assert "Traceback" not in found.text
    assert "unexpected" not in found.text
    assert found.copied == []
