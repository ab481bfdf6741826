"""The first frame: on the screen before Textual is loaded, and taken over by it as it is."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pyte
import pytest
from pty_harness import CTRL_C, CTRL_Z, DOWN, ENTER, ESCAPE, TITLES, UP, Terminal

from store import Article, Library
from tests.emulator import Screen
from tui.early import look as looks
from tui.early.frame import first_frame
from tui.early.start import ordered

pytestmark = pytest.mark.pty

#: What the driver sends first when it takes the terminal.
TAKEN_OVER = b"\x1b[?1000h"

#: Writes down how many characters each frame takes, the early one first.  The app has all the time
#: it needs until all is there: a busy machine changes nothing.
COUNTING = """
import os
from tui.early import taking_over
from tui.terminal import painter
taking_over._ALL = 60.0
real = painter.Painter.paint
def paint(self, cursor=None):
    text = real(self, cursor)
    with open(os.environ["COUNTED"], "a") as file:
        file.write(f"{len(text)}\\n")
    return text
painter.Painter.paint = paint
"""

#: Never gets as far as Textual.
SLOW = """
import sys, time
class Never:
    def find_spec(self, name, path=None, target=None):
        if name == "textual":
            time.sleep(600)
sys.meta_path.insert(0, Never())
"""


def made(home):
    """A library in a new home."""
    with Library(home / "library.json", cache_dir=home / "cache" / "broadsheet") as library:
        library.add(
            Article(
                title=title,
                body="\n\n".join(f"Paragraph {i} of {title}." for i in range(60)),
                url=f"https://quay.example/{index}",
                published=f"{2020 - index:04}-05-01",
            )
            for index, title in enumerate(TITLES)
        )
    return home


def learn(home, size=(80, 24), **options):
    """Begin the program once, so that it knows how things look."""
    with start(home, size, **options) as terminal:
        terminal.sees(TITLES[0][:20])
        terminal.until(lambda: kept(home), "kept")
        terminal.type("q")
        assert terminal.ends() == 0


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A library on which the program was begun once."""
    home = made(tmp_path_factory.mktemp("early"))
    learn(home)
    return home


@pytest.fixture(autouse=True)
def own_places(home, monkeypatch):
    """The tests themselves see the places of the program."""
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    monkeypatch.setenv("BROADSHEET_THEME", "dark")  # no look that is delivered


def start(home, size=(80, 24), **options):
    return Terminal("--library", str(home / "library.json"), home=home, size=size, **options)


def kept(home):
    return list((home / "state" / "broadsheet" / "early").glob("library-*.json"))


def early(terminal):
    """What the program had sent before the driver took the terminal."""
    terminal.until(lambda: TAKEN_OVER in terminal.output, "taken over")
    return terminal.output.partition(TAKEN_OVER)[0]


def cells(output, size):
    """What a person sees of the cells that some output leaves on a screen of that size."""
    screen = Screen(*size)
    pyte.ByteStream(screen).feed(output)
    return [[seen(screen.buffer[y][x]) for x in range(size[0])] for y in range(size[1])]


def seen(cell):
    """A cell; of a blank neither the colour of its text nor its weight is seen."""
    if cell.data == " " and not (cell.underscore or cell.strikethrough or cell.reverse):
        return " ", cell.bg
    return tuple(cell)


@pytest.mark.parametrize(
    ("size", "theme"),
    [((80, 24), ""), ((40, 12), ""), ((120, 40), "light"), ((200, 50), "terminal")],
)
def test_textual_takes_the_frame_over_and_sends_no_cell_again(home, tmp_path, size, theme):
    environ = {"BROADSHEET_THEME": theme} if theme else {}
    if theme:
        home = made(tmp_path)
        learn(home, size, environ=environ)
    environ["COUNTED"] = str(tmp_path / "counted")
    with start(home, size, environ=environ, code=COUNTING) as terminal:
        first = taken_over(terminal, size, tmp_path / "counted")
        terminal.type("?")
        terminal.sees("Keys")
        terminal.type(ESCAPE)
        terminal.until(lambda: "Keys" not in terminal.text, "closed the help")
        terminal.read(0.2)
        assert TITLES[0][:20] in line(first, 0)
        assert terminal.output.count(b"\x1b[?1049h") == 1
        assert cells(terminal.output, size) == first
        if theme != "light":
            return
        terminal.type(f"j{ENTER}")
        terminal.sees(f"Paragraph 1 of {TITLES[1]}.")
        terminal.type("q")
        terminal.sees("2/40")
        terminal.type(f"k{ENTER}jjs")  # left where the article was read, and with a mark
        terminal.sees("starred")
        terminal.type(CTRL_C)
        assert terminal.ends() == 0
    with start(home, size, environ=environ, code=COUNTING) as terminal:
        first = taken_over(terminal, size, tmp_path / "counted")
        assert "★" in line(first, 0)
        assert "starred" in line(first, size[1] - 2)
        assert any("Paragraph 9 of" in line(first, y) for y in range(size[1]))
        terminal.type("q")
        assert terminal.ends() == 0
    changed_article_is_left_out(home, size, environ)


def taken_over(terminal, size, counted):
    """The first frame, of which the app did not have to send a cell again."""
    counted.unlink(missing_ok=True)
    first = cells(early(terminal), size)
    terminal.until(lambda: len(counted.read_text().split()) > 1, "painted by Textual")
    frame, *later = map(int, counted.read_text().split())
    assert frame > 300
    assert set(later) == {0}, terminal.output.partition(TAKEN_OVER)[2]
    return first


def test_a_library_that_is_not_there_yet_is_empty_at_once(tmp_path):
    counted = tmp_path / "counted"
    with start(tmp_path, environ={"COUNTED": str(counted)}, code=COUNTING) as terminal:
        first = taken_over(terminal, (80, 24), counted)
        assert "Your library is empty." in "".join(line(first, y) for y in range(8))
        terminal.type("q")
        assert terminal.ends() == 0
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache" / "broadsheet") as library:
        library.add([Article(title="The very first tram", body=".")])
    with start(tmp_path) as terminal:
        assert "The very first tram" in line(cells(early(terminal), (80, 24)), 0)


@pytest.mark.parametrize("plain", [False, True])
def test_an_order_of_ones_own_and_all_in_words_are_taken_over_too(tmp_path, plain):
    home, size = made(tmp_path), (100, 50)
    config = home / "config" / "broadsheet" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'plain = {str(plain).lower()}\n[sort]\nAll = "-title"\n')
    learn(home, size)
    counted = tmp_path / "counted"
    with start(home, size, environ={"COUNTED": str(counted)}, code=COUNTING) as terminal:
        first = taken_over(terminal, size, counted)
        assert max(TITLES) in line(first, 0)
        assert line(first, 0).startswith("unread: ") == plain
        assert (b"\x1b[?25h" in early(terminal)) == plain
        assert (terminal.screen.cursor.x, terminal.screen.cursor.y) == (0, 0) or not plain
        terminal.type("q")
        assert terminal.ends() == 0


def line(frame, y):
    return "".join(cell[0] for cell in frame[y])


def changed_article_is_left_out(home, size, environ):
    with Library(home / "library.json", cache_dir=home / "cache" / "broadsheet") as library:
        library.mark([1], starred=False)
    with start(home, size, environ=environ) as terminal:
        first = cells(early(terminal), size)
        assert "★" not in line(first, 0)
        assert {cell[0] for cell in first[10][50:]} == {" "}
        terminal.sees("Paragraph 1 of")


def answer_late(terminal):
    terminal.until(lambda: b"\x1b[?2026$p" in terminal.output, "asked the terminal")
    time.sleep(0.3)  # the link
    terminal.type("\x1b[?2026;0$y")
    terminal.sees("slow link")


def test_over_a_slow_link_it_has_the_colours_that_the_app_will_have(tmp_path):
    home = made(tmp_path)
    with start(home) as terminal:
        answer_late(terminal)
        terminal.until(lambda: kept(home), "kept")
        terminal.type("q")
        assert terminal.ends() == 0
    with start(home) as terminal:
        first = cells(early(terminal), (80, 24))
        answer_late(terminal)
        terminal.read(0.3)
        assert b"48;2;" not in terminal.output
        assert cells(terminal.output, (80, 24))[:22] == first[:22]


def test_keys_typed_before_textual_is_there_are_obeyed_in_order(tmp_path):
    home = made(tmp_path)
    with start(home) as terminal:  # for the first time ever
        terminal.until(lambda: b"\x1b[?1049h" in terminal.output, "shown")
        assert TAKEN_OVER not in terminal.output
        assert TITLES[0] in terminal.text
        terminal.type(f"jsj{ENTER}")
        terminal.sees(f"Paragraph 1 of {TITLES[2]}.")
        terminal.type("q")
        terminal.sees("3/40")
        terminal.type("q")
        assert terminal.ends() == 0
    with Library(home / "library.json", cache_dir=home / "cache" / "broadsheet") as library:
        library.add([Article(title="The very last tram", body=".", published="2030-01-01")])
    with start(home) as terminal:
        terminal.until(lambda: b"\x1b[?1049h" in terminal.output, "shown")
        terminal.type(f"s{CTRL_C}")
        first = cells(early(terminal), (80, 24))
        assert "The very last tram" in line(first, 0)
        assert "1/41" in line(first, 22)
        assert terminal.ends() == 0
        assert terminal.settings == terminal.before
    with Library(home / "library.json", cache_dir=home / "cache" / "broadsheet") as library:
        marked = [row.title for row in library.newest(50) if row.starred]
    assert marked == ["The very last tram", TITLES[1]]


def test_the_cursor_moves_before_textual_is_there(home):
    with start(home, code=SLOW) as terminal:
        terminal.sees("1/40")
        terminal.type(f"j{DOWN}j")
        terminal.sees("4/40")
        terminal.type(f"{UP}kkk")
        terminal.sees(" 1/40")
        terminal.type("jj\x1bOBj")
        terminal.sees("5/40")
        moved = cells(terminal.output, (80, 24))
        terminal.type("Gk")  # the rest is for the app
        terminal.type("j" * 30)
        assert terminal.read(0.3) == b""
    with start(home) as terminal:
        terminal.sees("1/40")
        terminal.comes_up()
        terminal.type("jjjj")
        terminal.sees("5/40")
        terminal.rests()
        assert cells(terminal.output, (80, 24)) == moved


@pytest.mark.parametrize("keys", ["jjj", f"{DOWN}j{UP}j"])
def test_what_was_moved_before_is_taken_over_as_it_is(home, tmp_path, keys):
    counted = tmp_path / "counted"
    with start(home, environ={"COUNTED": str(counted)}, code=COUNTING) as terminal:
        terminal.sees("1/40")
        terminal.type(keys)
        first = cells(early(terminal), (80, 24))
        place = f"{1 + keys.count('j') + keys.count(DOWN) - keys.count(UP)}/40"
        assert place in line(first, 22)
        terminal.until(lambda: counted.read_text().split()[-1] == "0", "painted by Textual")
        terminal.rests()
        assert cells(terminal.output, (80, 24)) == first
        frames = list(map(int, counted.read_text().split()))
        assert frames[0] > 500
        assert 0 in frames
        assert not any(frames[frames.index(0) :])
        terminal.type(ENTER)
        terminal.sees(f"Paragraph 1 of {TITLES[int(place.partition('/')[0]) - 1]}.")
        terminal.type("qq")
        assert terminal.ends() == 0


def test_keys_that_would_scroll_are_left_to_the_app(home):
    with start(home) as terminal:
        terminal.sees("1/40")
        terminal.type("j" * 30)
        terminal.sees("31/40")
        assert "20/40" in early(terminal).decode()  # two rows stay in view below the cursor
        terminal.type("q")
        assert terminal.ends() == 0


def test_keys_that_move_the_cursor_are_those_of_the_config(tmp_path):
    home = made(tmp_path)
    config = home / "config" / "broadsheet" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[keys]\n"list.down" = "Z,down"\n"list.select" = "j"\n')
    learn(home)
    with start(home, code=SLOW) as terminal:
        terminal.sees("1/40")
        terminal.type(f"Z{DOWN}")
        terminal.sees("3/40")
        terminal.type("jZ")
        assert terminal.read(0.3) == b""


@pytest.mark.parametrize(
    ("number", "code"),
    [(None, 130), (signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_it_ends_at_once_while_textual_is_loading(home, number, code):
    with start(home, code=SLOW) as terminal:
        terminal.sees(TITLES[3])
        if number is None:
            terminal.type(CTRL_C)
        else:
            terminal.signal(number)
        assert terminal.ends() == code
        assert terminal.settings == terminal.before
        assert terminal.output.endswith(b"\x1b[?1049l\x1b[?25h")


def test_ctrl_c_leaves_the_keys_before_it_and_a_second_one_does_not(home):
    with start(home, code=SLOW) as terminal:
        terminal.sees(TITLES[3])
        terminal.type(f"j{CTRL_Z}{CTRL_C}")
        terminal.read(0.3)
        assert terminal.process.poll() is None
        terminal.type(CTRL_C)
        assert terminal.ends() == 130
        assert terminal.settings == terminal.before


def test_a_library_that_cannot_be_opened_is_told_of_on_the_screen_one_came_from(home):
    with start(home, code=BROKEN) as terminal:
        assert terminal.ends() == 1
        assert b"\x1b[?1049h" in terminal.output
        after = terminal.output.rpartition(b"\x1b[?1049l")[2].decode()
        assert "broadsheet: it cannot be read" in after
        assert "Traceback" not in after
        assert terminal.settings == terminal.before


BROKEN = """
import store
class Library:
    def __init__(self, *arguments, **options):
        raise store.LibraryError("it cannot be read")
store.Library = Library
"""


# Where something is not known, it starts as ever


@pytest.fixture
def settings(home, monkeypatch):
    """The settings that the program was begun with."""
    environ = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    return looks.settings(environ, ("", "", "", ""))


def frame(home, settings, size=(80, 24)):
    return first_frame(str(home / "library.json"), settings, ("", "", "", ""), size)


def test_there_is_a_frame_for_the_settings_it_was_begun_with_and_any_size(home, settings):
    for size in ((80, 24), (40, 10), (300, 100)):
        assert frame(home, settings, size) is not None


def test_there_is_none_on_a_screen_that_is_too_small_or_for_other_settings(home, settings):
    assert frame(home, settings, (39, 24)) is None
    assert frame(home, settings, (80, 9)) is None
    for other in ({"TERM": "xterm"}, {"NO_COLOR": ""}, {"SSH_TTY": "/dev/pts/1"}):
        environ = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **other}
        assert frame(home, looks.settings(environ, ("", "", "", ""))) is None
    assert frame(home, looks.settings({}, ("demo", "", "", ""))) is None


@pytest.mark.parametrize("version", ["0.0.1", "99.0.0"])
def test_what_an_older_or_a_newer_version_kept_is_not_used(home, settings, monkeypatch, version):
    assert frame(home, settings) is not None
    environ = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    monkeypatch.setattr(looks, "__version__", version)  # as if that one had kept what is there
    assert frame(home, looks.settings(environ, ("", "", "", ""))) is None


def test_there_is_none_where_the_index_is_not_in_step(home, settings):
    reading = home / "library.reading.json"
    before = reading.read_bytes() if reading.exists() else None
    reading.write_text("{}")
    assert frame(home, settings) is None
    if before is None:
        reading.unlink()
        assert frame(home, settings) is not None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("pens", {"list": "\x1b]0;title\x07"}), ("pens", {"list": "1"}), ("pens", None),
        ("signs", ["ab", "c", "d"]), ("signs", []), ("keys", [["q"]]), ("keys", 7),
        ("share", "wide"), ("notice", []), ("view", None), (None, None),
    ],
)  # fmt: skip
def test_a_look_that_was_tampered_with_is_not_used(home, settings, key, value):
    (file,) = (home / "state" / "broadsheet" / "early").glob("look-*.json")
    whole = file.read_bytes()
    try:
        look = json.loads(whole)
        look[key or "more"] = value
        file.write_text(json.dumps(look) if key else whole.decode()[:-9])
        assert frame(home, settings) is None
    finally:
        file.write_bytes(whole)


def test_a_bug_in_it_keeps_nobody_from_the_app(home):
    with start(home, code="from tui.early import picture; picture.Picture = None") as terminal:
        assert b"\x1b[?1049h" in early(terminal)
        terminal.sees(TITLES[0])
        terminal.type("q")
        assert terminal.ends() == 0
    assert "TypeError" in (home / "state" / "broadsheet" / "log").read_text()


def test_only_command_lines_that_plainly_ask_for_the_app_begin_early(monkeypatch):
    monkeypatch.setenv("BROADSHEET_LIBRARY", "/one.json")
    assert ordered([]) == ("/one.json", ("", "", "", ""))
    assert ordered(["--library", "/a b.json", "--link=ssh"]) == ("/a b.json", ("", "ssh", "", ""))
    assert ordered(["demo", "--read-only"])[1] == ("demo", "", "read-only", "")
    assert ordered(["--plain"]) == ("/one.json", ("", "", "", "plain"))
    for words in (
        ["list"], ["--help"], ["--library"], ["--library", "--plain"],
        ["--link", "fast"], ["demo", "demo"], ["demo", "--fresh"], ["--lib", "x"], ["--", "demo"],
        ["-h"], [""],
    ):  # fmt: skip
        assert ordered(words) is None


# What is loaded


#: All that may be loaded before the first frame, but for what Python itself loads.
LOADED = {
    "__future__", "_bisect", "_blake2", "_collections", "_datetime", "_functools", "_heapq",
    "_json", "_operator", "_signal", "_sqlite3", "_sre", "_typing", "_weakref", "bisect",
    "collections", "contextlib", "copyreg", "datetime", "enum", "fcntl", "functools", "heapq",
    "importlib", "itertools", "json", "keyword", "math", "operator", "re", "reprlib", "select",
    "signal",
    "sqlite3", "store", "termios", "tui", "types", "typing", "warnings", "zlib",
}  # fmt: skip
PARTS = {
    "store", "store.besides", "store.blake", "store.checksums", "store.glancing", "store.listrows",
    "store.row", "store.version",
    "tui", "tui.__main__", "tui.early", "tui.early.frame", "tui.early.look", "tui.early.moving",
    "tui.early.picture",
    "tui.early.screen", "tui.early.start", "tui.terminal", "tui.terminal.frame",
    "tui.terminal.moves", "tui.terminal.order", "tui.terminal.painter", "tui.terminal.pens",
    "tui.terminal.runs", "tui.terminal.writer",
    "tui.typeset", "tui.typeset.simple", "tui.widgets", "tui.widgets.article_line",
    "tui.widgets.bars", "tui.widgets.cells", "tui.widgets.geometry", "tui.widgets.glyphs",
    "tui.widgets.when", "tui.xdg",
}  # fmt: skip

#: Ends the program when the first frame is on the screen.
REPORTING = """
import os, sys
before = set(sys.modules)
from tui.early.screen import EarlyScreen
real = EarlyScreen.enter
def enter(self):
    real(self)
    new = set(sys.modules) - before
    with open(os.environ["REPORT"], "w") as file:
        file.write(" ".join(sorted(new)))
EarlyScreen.enter = enter
"""


def test_the_first_frame_loads_no_more_than_it_needs(home, tmp_path):
    report = tmp_path / "report"
    with start(home, environ={"REPORT": str(report)}, code=REPORTING) as terminal:
        terminal.until(report.exists, "shown")
        terminal.type("q")
        assert terminal.ends() == 0
    plain = subprocess.run(
        [sys.executable, "-c", "import sys; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    loaded = set(report.read_text().split())
    assert {name for name in loaded if name.split(".")[0] in ("store", "tui")} == PARTS
    assert {name.partition(".")[0] for name in loaded} - set(plain) <= LOADED


def test_what_is_kept_is_for_its_owner_only_and_not_much(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for number in range(40):
        looks.keep_json(f"look-{number}.json", {"number": number})
    assert looks.load_json("look-39.json") == {"number": 39}
    files = list((tmp_path / "state").rglob("*"))
    assert 0 < len([file for file in files if file.is_file()]) < 40
    assert not [file for file in files if file.stat().st_mode & 0o077]
