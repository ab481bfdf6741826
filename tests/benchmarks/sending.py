"""What is sent for a key, plain and as `ssh -C` packs it, beside newsboat, less and w3m.

All show the very same titles and texts in the same run: packing depends on the words.  newsboat
gets them as a feed in a file, with a directory of its own; less and w3m get an article's text,
set in lines of the same length.  What is read is the first article that is long enough for all
moves, from its first line on, whatever was read before.
"""

from __future__ import annotations

import html
import shutil
import statistics
import subprocess
import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import NamedTuple

from store import Article, Library
from tests.benchmarks import files
from tests.benchmarks.figures import Figure
from tests.benchmarks.fresh import percentile
from tests.benchmarks.pty_bench import LINES, Keystroke, Terminal
from tests.benchmarks.searching import typed_words
from tests.benchmarks.startup import app

_ARTICLES = 200
_COLUMN = 72
_QUERIES = 6
_SETTLED = 0.6  # seconds without output: the program has nothing left to do
_PATIENCE = 5.0  # seconds until a key that is measured counts as not answered
_IDLE = 60.0
_HELD, _REPEAT = 10.0, 30  # seconds a key is held, and its repeats in a second
_DOWN, _PAGE_DOWN, _ENTER, _BACK = b"j", b"\x1b[6~", b"\r", b"\x7f"
#: Down and home, as a program hears them that has switched the keypad to applications, which
#: newsboat has; home means the same to the app.
_ARROW, _HOME = b"\x1bOB", b"\x1bOH"
_SCROLLED, _PAGES = 20, 4  # lines and pages that are read
#: Lines that an article has at least in which all of them are moves through its text.
_LONG = _SCROLLED + (_PAGES + 2) * LINES
_SSH = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}


class Move(NamedTuple):
    """A key pressed some times.

    Attributes:
        what: Its name.
        key: The key.
        times: How often it is pressed; what counts is the median.
        before: Keys that go before the first one, one by one.
        reach: The ratio to newsboat's bytes that is to be reached.
    """

    what: str
    key: bytes
    times: int
    before: tuple[bytes, ...] = ()
    reach: float = 1.0


MOVES = (
    Move("list, one down", _DOWN, 16),
    Move("list, a row scrolled in", _DOWN, 20, (_DOWN,) * LINES),
    Move("list, a page", _PAGE_DOWN, 4),
    Move("article, a line", _DOWN, _SCROLLED, (_HOME, _ENTER, _HOME)),
    Move("article, a page", b" ", _PAGES, (), 1.5),
)
_TEXT = MOVES[-2:]
_TYPED = Move("search, a letter typed", b"", 0)
#: newsboat does not search while one types; a new result fills the screen as a page does.
_LIKE = {_TYPED.what: "list, a page"}


class Bytes(NamedTuple):
    """What one key sends: the median, of letters typed the mean, since the first ones send most."""

    sent: float
    packed: float


_Found = dict[str, Bytes]


def figures(size: int, library: Path, cache: Path) -> Iterator[Figure]:
    """All figures of what the app sends, over a link and on the same machine.

    Args:
        size: Articles in the library.
        library: The library.
        cache: Its side index: the directory `broadsheet` of a cache directory.
    """
    with Library(library, cache_dir=cache, readonly=True) as opened:
        shown = [opened.get(row.id) for row in opened.newest(_ARTICLES)]
    articles = [article for article in shown if article is not None]
    number = next(number for number, one in enumerate(articles) if len(_lines(one)) >= _LONG)
    moves = _reading(number)
    place = files.work("sending")
    reference = newsboat(articles, moves, place / "newsboat")
    others = pagers(articles[number], place / "pagers")
    command, environment = app(library, cache)
    strokes: list[Keystroke] = []
    for link, more in (("over ssh", _SSH), ("local", {})):
        _forget(library)
        with Terminal(command, {**environment, **more}) as terminal:
            _wake(terminal)
            found = press(terminal, moves, strokes)
            found[_TYPED.what] = _typed(terminal)
        for move in (*MOVES, _TYPED):
            yield from _against(move, link, size, found[move.what], "newsboat", reference)
        for name, other in others.items():
            for move in _TEXT:
                yield from _against(move, link, size, found[move.what], name, other)
    late = percentile((stroke.last for stroke in strokes), 0.95)
    yield Figure("key to last byte, p95", late, "s", size, reach_value=0.025, anywhere=True)
    _forget(library)
    with Terminal(command, {**environment, **_SSH}) as terminal:
        _wake(terminal)
        backlog = terminal.hold(_DOWN, _HELD, _REPEAT)
        yield Figure("backlog after a key was held for 10 s", backlog, "s", size,
                     reach_value=0.1, anywhere=True)  # fmt: skip
        terminal.settle(_SETTLED)
        before = len(terminal.chunks)
        terminal.settle(_IDLE, patience=_IDLE)
        idle = sum(len(chunk.data) for chunk in terminal.chunks[before:])
        yield Figure("bytes: 60 s idle", idle, "B", size, reach_value=0, anywhere=True)
    _forget(library)


def _forget(library: Path) -> None:
    """Let the next start begin in the list, with nothing read: the one before was killed."""
    shutil.rmtree(library.parent / "STATE", ignore_errors=True)
    library.with_suffix(".reading.json").unlink(missing_ok=True)


def _wake(terminal: Terminal) -> None:
    """Wait until the app has answered a key: before, it may show a frame and read keys later."""
    terminal.come_up(_SETTLED)
    terminal.send(_DOWN)
    terminal.settle(_SETTLED)
    terminal.press(_HOME, quiet=_SETTLED)


def _reading(number: int) -> tuple[Move, ...]:
    """The moves; the article that is read is the one that stands at `number` in the list."""
    *others, line, page = MOVES
    home, *more = line.before
    return (*others, line._replace(before=(home, *(_DOWN,) * number, *more)), page)


def _against(
    move: Move, link: str, size: int, found: Bytes, name: str, reference: _Found
) -> Iterator[Figure]:
    other = reference.get(_LIKE.get(move.what, move.what))
    reach = move.reach if link == "over ssh" and name == "newsboat" else None
    for what, value, noted in (
        ("bytes", found.sent, other and other.sent),
        ("ssh -C", found.packed, other and other.packed),
    ):
        yield Figure(f"{what}: {move.what}, {link}", value, "B", size, name if noted else "",
                     noted, reach, anywhere=True)  # fmt: skip


def press(
    terminal: Terminal, moves: Sequence[Move], strokes: list[Keystroke] | None = None
) -> _Found:
    """Make the moves; bytes by name of the move.

    Args:
        terminal: The program.
        moves: What to do.
        strokes: Takes all keystrokes in.

    Raises:
        TimeoutError: A key was not answered, so that there is nothing to compare.
    """
    found = {}
    for move in moves:
        for key in move.before:
            terminal.press(key, quiet=_SETTLED if key in (_ENTER, _HOME) else 0.1)
        pressed = [terminal.press(move.key, patience=_PATIENCE) for _ in range(move.times)]
        if not all(stroke.sent for stroke in pressed):
            raise TimeoutError(f"{move.what}: a key was not answered")
        found[move.what] = _medians(pressed)
        if strokes is not None:
            strokes += pressed
    return found


def _typed(terminal: Terminal) -> Bytes:
    """Leave the article and search, letter by letter."""
    for key in (b"h", b"/"):
        terminal.press(key, quiet=_SETTLED)
    pressed = []
    for query in typed_words()[:_QUERIES]:
        pressed += [terminal.press(letter.encode()) for letter in query]
        for _ in query:
            terminal.send(_BACK)
        terminal.settle(_SETTLED)
    return Bytes(
        statistics.mean(stroke.sent for stroke in pressed),
        statistics.mean(stroke.packed for stroke in pressed),
    )


def _medians(strokes: Sequence[Keystroke]) -> Bytes:
    return Bytes(
        statistics.median(stroke.sent for stroke in strokes),
        statistics.median(stroke.packed for stroke in strokes),
    )


def _with_key(move: Move, down: bytes) -> Move:
    """The same move for a program that goes down by another key."""
    before = tuple(down if key == _DOWN else key for key in move.before)
    return move._replace(key=down if move.key == _DOWN else move.key, before=before)


def newsboat(articles: Sequence[Article], moves: Sequence[Move], place: Path) -> _Found:
    """What newsboat sends for the moves; nothing where there is no newsboat."""
    program = shutil.which("newsboat")
    if program is None:
        return {}
    place.mkdir(parents=True, exist_ok=True)
    (place / "feed.xml").write_text(_feed(articles), encoding="utf-8")
    (place / "urls").write_text(f"file://{place}/feed.xml\n", encoding="utf-8")
    (place / "config").write_text(f"text-width {_COLUMN}\n", encoding="utf-8")
    command = [program, "-u", str(place / "urls"), "-c", str(place / "cache.db"),
               "-C", str(place / "config")]  # fmt: skip
    environment = {"HOME": str(place)}
    subprocess.run([*command, "-x", "reload"], env=environment, check=True, capture_output=True)
    with Terminal(command, environment) as terminal:
        terminal.settle(_SETTLED)
        terminal.press(_ENTER, quiet=_SETTLED)
        return press(terminal, [_with_key(move, _ARROW) for move in moves])


def pagers(article: Article, place: Path) -> dict[str, _Found]:
    """What less and w3m send for a line and a page of an article, by program."""
    place.mkdir(parents=True, exist_ok=True)
    text = place / "article.txt"
    text.write_text("\n".join(_lines(article)) + "\n")
    found = {}
    for name, line in (("less", _DOWN), ("w3m", b"J")):
        if (program := shutil.which(name)) is None:
            continue
        with Terminal([program, str(text)], {"HOME": str(place), "LESSHISTFILE": "-"}) as terminal:
            terminal.settle(_SETTLED)
            moves = [_TEXT[0]._replace(key=line, before=()), _TEXT[1]]
            found[name] = press(terminal, moves)
    return found


def _lines(article: Article) -> list[str]:
    """The text of an article, set in lines."""
    blocks = (textwrap.fill(block, _COLUMN) for block in article.body.split("\n\n"))
    return "\n\n".join(blocks).splitlines()


def _feed(articles: Sequence[Article]) -> str:
    return "".join(
        (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>All</title>',
            "<link>https://quay.example/</link><description>All</description>",
            *map(_item, articles),
            "</channel></rss>",
        )
    )


def _item(article: Article) -> str:
    date = format_datetime(datetime.fromisoformat(article.published))
    body = "".join(f"<p>{html.escape(block)}</p>" for block in article.body.split("\n\n"))
    return (
        f"<item><title>{html.escape(article.title)}</title><author>{html.escape(article.author)}"
        f"</author><link>{html.escape(article.url)}</link><guid>{article.id}</guid>"
        f"<pubDate>{date}</pubDate><description>{html.escape(body)}</description></item>"
    )
