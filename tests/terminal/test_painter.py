"""Any screen after any other, drawn by difference, looks as it should in a terminal."""

from __future__ import annotations

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tests.emulator import Screen
from tui.terminal.frame import Row
from tui.terminal.moves import way
from tui.terminal.order import orders
from tui.terminal.painter import Painter, fills_erased
from tui.terminal.pens import Pen, Pens, parsed
from tui.terminal.runs import Differ
from tui.terminal.writer import At, Writer

WIDTH, HEIGHT = 24, 8

STYLES = [
    Style.parse(text)
    for text in (
        "", "bold", "#d0c0a0", "bold #d0c0a0 on #202020", "on #202020", "red on blue",
        "underline on #202020", "reverse", "italic green", "dim strike",
    )
]  # fmt: skip

CLUSTERS = ("a", "b", "7", " ", " ", " ", "—", "港", "の", "é", "e\u0301")

lines = st.lists(
    st.tuples(st.sampled_from(CLUSTERS), st.integers(1, 14), st.sampled_from(STYLES)),
    min_size=1, max_size=6,
)  # fmt: skip
screens = st.lists(lines, min_size=HEIGHT, max_size=HEIGHT)


def strip(line):
    """A whole line of the screen."""
    segments = [Segment(cluster * times, style) for cluster, times, style in line]
    return Strip(segments).adjust_cell_length(WIDTH, STYLES[0])


def drawn(strips):
    """A terminal that was sent every cell of a screen."""
    terminal = Screen(WIDTH, HEIGHT)
    terminal.reset_mode(pyte.modes.DECAWM)
    stream = pyte.Stream(terminal)
    for y, each in enumerate(strips):
        stream.feed(f"\x1b[{y + 1}H")
        for text, style, _ in each:
            sgr = Strip.render_ansi(style or STYLES[0], ColorSystem.TRUECOLOR)
            stream.feed(f"\x1b[0;{sgr}m{text}" if sgr else f"\x1b[m{text}")
    return terminal


def looks(terminal):
    """What a person sees: of a blank neither its colour nor its weight."""
    return [
        [
            (" ", cell.bg)
            if cell.data == " " and not (cell.underscore or cell.strikethrough or cell.reverse)
            else tuple(cell)
            for cell in (terminal.buffer[y][x] for x in range(WIDTH))
        ]
        for y in range(HEIGHT)
    ]


class Shown:
    """A painter and the terminal it writes to."""

    def __init__(self, *, fills=True):
        self.painter = Painter(Pens(ColorSystem.TRUECOLOR), fills=fills)
        self.terminal = Screen(WIDTH, HEIGHT)
        self.terminal.reset_mode(pyte.modes.DECAWM)
        self.stream = pyte.Stream(self.terminal)
        self.painter.resize(WIDTH, HEIGHT)

    def show(self, strips):
        for y, each in enumerate(strips):
            self.painter.put(0, y, [each])
        data = self.painter.paint()
        self.stream.feed(data)
        return data


@settings(max_examples=20)
@given(st.lists(screens, min_size=2, max_size=6))
def test_screens_look_the_same_when_pens_are_forgotten_in_between(frames):
    shown = Shown()
    for n, frame in enumerate(frames):
        # Many links that are seen no longer, and then a few lines only of what is wanted next.
        links = [Segment("x", Style(link=f"https://quay.example/{n}/{i}")) for i in range(1_100)]
        for first in range(0, len(links), WIDTH):
            shown.painter.put(0, 0, [Strip(links[first : first + WIDTH])])
        strips = [strip(line) for line in frame]
        shown.show(strips)
        assert looks(shown.terminal) == looks(drawn(strips))
        shown.painter.put(0, 1, [strips[2]])
        shown.stream.feed(shown.painter.paint())
        assert looks(shown.terminal)[1] == looks(drawn(strips))[2]


def test_pens_of_links_that_are_seen_no_longer_do_not_add_up():
    shown = Shown()
    for n in range(5_000):
        link = Style(link=f"https://quay.example/{n}", bold=True)
        data = shown.show([Strip([Segment(f"tide {n}", link)]), *numbered(n)[1:]])
        assert f"quay.example/{n}\x1b" in data
    assert len(shown.painter.pens.pens) < 1_200
    assert len(shown.painter.pens._styles) < 2_100


def test_pens_that_are_to_be_forgotten_soon_go_with_the_next_frame():
    shown = Shown()

    def tide(n):
        link = Segment(f"tide {n}", Style(link=f"https://quay.example/{n}"))
        return [Strip([link]).adjust_cell_length(WIDTH, STYLES[0]), *numbered(n)[1:]]

    for n in range(50):
        shown.show(tide(n))
    assert len(shown.painter.pens.pens) > 50
    shown.painter.pens.forget_soon()
    for n in (99, 0):
        shown.show(tide(n))
        assert looks(shown.terminal) == looks(drawn(tide(n)))
    assert len(shown.painter.pens.pens) < 10


@settings(max_examples=150)
@given(st.lists(screens, min_size=2, max_size=4), st.booleans())
def test_one_screen_after_another_looks_as_if_it_were_sent_whole(frames, fills):
    shown = Shown(fills=fills)
    for frame in frames:
        strips = [strip(line) for line in frame]
        shown.show(strips)
        assert looks(shown.terminal) == looks(drawn(strips))


@settings(max_examples=100)
@given(screens, st.integers(-6, 6), st.integers(0, 3), st.data())
def test_scrolled_lines_look_as_if_they_were_sent_whole(frame, lines, top, data):
    shown = Shown()
    old = [strip(line) for line in frame]
    shown.show(old)
    moved = old[top:-1]
    count = min(abs(lines), len(moved))
    fresh = [strip(data.draw(lines_of_text)) for _ in range(count)]
    moved = moved[count:] + fresh if lines > 0 else fresh + moved[: len(moved) - count]
    new = [*old[:top], *moved, old[-1]]
    shown.show(new)
    assert looks(shown.terminal) == looks(drawn(new))


lines_of_text = lines


def numbered(first, width=WIDTH):
    return [strip([(f"{n}", 1, STYLES[0]), ("a", n % 9 + 5, STYLES[2])]) for n in
            range(first, first + HEIGHT)]  # fmt: skip


def test_what_scrolls_is_scrolled_by_the_terminal():
    shown = Shown()
    shown.show(numbered(10))
    whole = len(shown.show(numbered(30)))
    data = shown.show(numbered(31))
    assert "\x1b[M" in data
    assert len(data) < whole / 3


def test_one_changed_cell_costs_a_move_and_a_cell():
    shown = Shown()
    shown.show([strip([("a", WIDTH, STYLES[0])])] * HEIGHT)
    line = Strip([Segment("a" * 9 + "b" + "a" * (WIDTH - 10), STYLES[0])])
    shown.painter.put(0, 4, [line])
    assert shown.painter.paint() == "\x1b[5;10Hb"
    assert shown.painter.paint() == ""


def test_after_another_program_wrote_everything_is_sent_again():
    shown = Shown()
    strips = numbered(1)
    shown.show(strips)
    shown.stream.feed("\x1b[H\x1b[2J\x1b[31mwrite from root")
    shown.stream.feed("\x1b[m\x1b[2J")  # as the app clears it before
    shown.painter.cleared()
    shown.stream.feed(shown.painter.paint())
    assert looks(shown.terminal) == looks(drawn(strips))


def test_no_link_is_left_open_at_the_end_of_a_frame():
    shown = Shown()
    link = Style(link="https://quay.example/1")
    shown.painter.put(0, 0, [Strip([Segment("tide", link)])])
    data = shown.painter.paint()
    assert data.count("\x1b]8;id=") == 1
    assert data.index("tide") < data.index("\x1b]8;;\x1b\\")


def test_a_cluster_of_doubtful_width_does_not_shift_what_follows():
    shown = Shown()
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    shown.painter.put(0, 0, [Strip([Segment(f"{family} and more", STYLES[0])])])
    data = shown.painter.paint()
    assert f"{family}\x1b[3G" in data or f"{family}\x1b[4G" in data


def test_the_terminal_decides_whether_erasing_fills_with_the_background():
    assert fills_erased({"TERM": "xterm-256color"})
    assert not fills_erased({"TERM": "screen-256color"})
    assert fills_erased({"TERM": "screen-256color", "TMUX": "/tmp/tmux"})


codes = st.lists(
    st.sampled_from(["1", "3", "4", "7", "9", "31", "97", "42", "38;5;7", "48;2;1;2;3"]),
    unique=True, max_size=5,
)  # fmt: skip


@given(codes, codes)
def test_a_change_of_pen_leaves_nothing_of_the_old_one(old, new):
    pens = Pens(ColorSystem.TRUECOLOR)
    first, second = (parsed(";".join(each).split(";") if each else ()) for each in (old, new))
    terminal = pyte.Screen(4, 1)
    stream = pyte.Stream(terminal)
    stream.feed(pens.change(0, pens.number(first)))
    stream.feed(pens.change(pens.number(first), pens.number(second)) + "x")
    wanted = pyte.Screen(4, 1)
    pyte.Stream(wanted).feed(pens.change(0, pens.number(second)) + "x")
    assert terminal.buffer[0][0] == wanted.buffer[0][0]


def test_the_pen_of_a_blank_keeps_only_what_is_seen_on_it():
    assert Pen(("1",), "31", "42").on_blank == Pen(background="42")
    assert Pen(("1", "4"), "31", "42").on_blank == Pen(("1", "4"), "31", "42")


def listed(cursor, width=WIDTH):
    """A list with a bar on one row, and how far down it is below."""
    rows = []
    for y in range(HEIGHT - 1):
        look = STYLES[3 if y == cursor else 2]
        rows.append(strip([("*", 1, STYLES[5]), ("a" if y % 2 else "b", width - 1, look)]))
    return [*rows, strip([(str(cursor), 1, STYLES[6])])]


def test_a_pen_that_each_frame_needs_is_kept_by_the_terminal():
    shown = Shown()
    sent = []
    for cursor in (0, 1, 2, 3, 4, 5, 4, 3):
        strips = listed(cursor)
        sent.append(shown.show(strips))
        assert looks(shown.terminal) == looks(drawn(strips))
    assert "\x1b7" in "".join(sent)
    assert all("\x1b8" in data for data in sent[4:])


def test_what_the_terminal_kept_is_not_trusted_after_another_size():
    shown = Shown()
    for cursor in range(5):
        shown.show(listed(cursor))
    shown.painter.resize(WIDTH + 1, HEIGHT)
    shown.painter.resize(WIDTH, HEIGHT)
    strips = listed(5)
    data = shown.show(strips)
    assert "\x1b8" not in data
    assert looks(shown.terminal) == looks(drawn(strips))


places = st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1))


@given(places, places, st.booleans())
def test_each_way_leads_where_it_should_and_scrolls_nothing(start, goal, knows_column):
    terminal = Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(terminal)
    for y in range(HEIGHT):
        stream.feed(f"\x1b[{y + 1}Hline {y}")
    before = list(terminal.display)
    stream.feed(f"\x1b[{start[1] + 1};{start[0] + 1}H")
    sequence = way(start[0] if knows_column else None, start[1], *goal)
    stream.feed(sequence)
    assert (terminal.cursor.x, terminal.cursor.y) == goal
    assert terminal.display == before
    assert len(sequence) <= len(f"\x1b[{goal[1] + 1};{goal[0] + 1}H")


@settings(max_examples=60)
@given(screens, screens)
def test_the_order_that_is_found_is_no_longer_than_line_by_line(old, new):
    pens = Pens(ColorSystem.TRUECOLOR)
    rows = [[Row.blank(WIDTH) for _ in frame] for frame in (old, new)]
    for frame, lines in zip(rows, (old, new), strict=True):
        for row, line in zip(frame, lines, strict=True):
            row.put(0, [strip(line)], pens)
    differ = Differ(pens, fills=True)
    runs = [run for y in range(3) for run in differ.runs(y, rows[0][y], rows[1][y])]
    lengths = []
    for order in (runs, *orders(runs, At(0, 0, 0), pens, WIDTH)):
        assert sorted(order) == sorted(runs)
        writer = Writer(pens, At(0, 0, 0))
        writer.runs(order, rows[1])
        lengths.append(len(writer))
    assert min(lengths[1:]) <= lengths[0]
