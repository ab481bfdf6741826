"""The reader, by its keys and its messages."""

from __future__ import annotations

import re

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding

from store import Article, State
from tui.widgets.reader import Reader
from tui.widgets.reader_head import head_paragraphs, human_date

SENTENCE = "The keeper of the book wrote down the height of the water as entry {}. "


class Words:
    """A matcher for a regular expression."""

    def __init__(self, pattern: str) -> None:
        self.pattern = re.compile(pattern)

    def spans(self, text: str, field: str = "body") -> list[tuple[int, int]]:
        return [match.span() for match in self.pattern.finditer(text)]


class ReaderApp(App[None]):
    """The reader alone; keeps what it says, and the keys it lets through."""

    BINDINGS = [Binding("n", "unread", "Next unread"), Binding("enter", "enter", "Enter")]

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[object, ...]] = []

    def compose(self) -> ComposeResult:
        reader = Reader()
        reader.rest = 0.01
        yield reader

    def action_unread(self) -> None:
        self.said.append(("unread",))

    def action_enter(self) -> None:
        self.said.append(("enter",))

    def on_reader_position_changed(self, message: Reader.PositionChanged) -> None:
        self.said.append(
            ("position", message.id, message.position, message.anchor, message.progress)
        )

    def on_reader_end_reached(self, message: Reader.EndReached) -> None:
        self.said.append(("end", message.id))

    def on_reader_next_wanted(self, message: Reader.NextWanted) -> None:
        self.said.append(("next", message.id))

    def on_reader_link_activated(self, message: Reader.LinkActivated) -> None:
        self.said.append(("link", message.url))

    def on_reader_match_changed(self, message: Reader.MatchChanged) -> None:
        self.said.append(("match", message.index, message.count))

    def on_reader_matches_ended(self, message: Reader.MatchesEnded) -> None:
        self.said.append(("no match", message.forward))

    @property
    def reader(self) -> Reader:
        return self.query_one(Reader)

    def kinds(self) -> list[object]:
        return [said[0] for said in self.said]

    def last(self, *kinds: str) -> tuple[object, ...]:
        """What was said last of these kinds of message."""
        return [said for said in self.said if said[0] in kinds][-1]


def book(paragraphs: int = 200) -> str:
    """A text with a heading every twenty paragraphs, in which no two sentences are alike."""
    parts = []
    for number in range(paragraphs):
        entries = (SENTENCE.format(number * 10 + entry) for entry in range(1 + number % 5))
        mark = "# " if number % 20 == 0 else ""
        parts.append(f"{mark}Number {number} begins. {''.join(entries)}".strip())
    return "\n\n".join(parts)


def article(body: str, **fields: object) -> Article:
    values: dict[str, object] = {"title": "A title", "words": 1234, "id": 7, "body": body}
    return Article(**(values | fields))  # type: ignore[arg-type]


def screen(reader: Reader) -> list[str]:
    """The lines on screen as text, without the space around them."""
    return [reader.render_line(y).text.strip() for y in range(reader.size.height)]


async def until(pilot, condition) -> None:
    """Let the app go on until `condition` holds."""
    for _ in range(500):
        if condition():
            return
        await pilot.pause(0.002)
    raise AssertionError("it did not come to that")


@pytest.fixture
async def pilot():
    async with ReaderApp().run_test(size=(60, 20)) as pilot:
        pilot.app.reader.focus()
        await until(pilot, lambda: pilot.app.reader.size.height == 20)
        yield pilot


# The head


async def test_the_head_tells_what_is_known_and_leaves_out_the_rest(pilot):
    reader = pilot.app.reader
    full = article(
        "Text.", author="Ada Brook", site="The Review", published="2017-03-09", tags=("a", "b-c")
    )
    reader.show(full, State())
    assert screen(reader)[1:8] == [
        "A title",
        "Ada Brook · The Review",
        "9 March 2017 · 1,234 words · 5 min",
        "#a #b-c",
        "─" * 55,
        "",
        "Text.",
    ]
    reader.show(article("Text.", words=0), State())
    assert screen(reader)[1:5] == ["A title", "─" * 55, "", "Text."]


async def test_edited_tags_replace_those_of_the_library(pilot):
    reader = pilot.app.reader
    shown = article("Text. " * 500, tags=("old",))
    reader.show(shown, State())
    reader.move_lines(10)
    before = screen(reader)
    reader.redraw_head(shown, State(tags=("new", "tags")))
    assert screen(reader) == before
    reader.move_home()
    assert "#new #tags" in screen(reader)
    assert "#old" not in screen(reader)


async def test_a_stub_says_how_to_open_its_link(pilot):
    pilot.app.reader.show(article("", url="https://example.org/x", words=0), State())
    text = "\n".join(screen(pilot.app.reader))
    assert "Only the link of this article was saved." in text
    assert "https://example.org/x" in text
    assert "Press o to open it, W to fetch its text." in text


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2017-03-09T10:00:00+01:00", "9 March 2017"),
        ("2017-03-09", "9 March 2017"),
        ("2017-03", "March 2017"),
        ("2017", "2017"),
        ("", ""),
        ("2017-99-99", "2017-99-99"),
        ("spring\x1b[31m", "spring␛[31m"),
    ],
)
def test_dates_are_shown_as_exactly_as_they_are_known(published, expected):
    assert human_date(published) == expected


def test_foreign_text_in_the_head_is_one_safe_line():
    [title, *_] = head_paragraphs(article("x", title="[b]A[/b]\n\x1b]0;x\x07 title"), State())
    assert title.text == "[b]A[/b] ␛]0;x␇ title"


async def test_without_an_article_there_is_a_hint_once_that_is_known(pilot):
    assert not any(screen(pilot.app.reader))
    await pilot.press("j", "space", "G", "n")
    pilot.app.reader.show(article("Text."), State())
    pilot.app.reader.clear()
    assert pilot.app.reader.article is None
    assert [line for line in screen(pilot.app.reader) if line] == ["No article is open."]


# Moving


async def test_pages_overlap_by_two_lines_and_lines_and_halves_move_as_said(pilot):
    reader = pilot.app.reader
    reader.show(article(book()), State())
    first = screen(reader)
    await pilot.press("space")
    assert screen(reader)[:2] == first[-2:]
    await pilot.press("b")
    assert screen(reader) == first
    await pilot.press("j", "j", "k")
    assert screen(reader)[:5] == first[1:6]
    await pilot.press("d")
    assert screen(reader)[0] == first[11]
    await pilot.press("u", "up")
    assert screen(reader) == first


async def test_the_end_is_the_end_and_the_beginning_the_beginning(pilot):
    reader = pilot.app.reader
    reader.show(article(book() + "\n\nThe last words."), State())
    await pilot.press("G")
    assert screen(reader)[-1] == "The last words."
    assert reader.scroll_y == reader.max_scroll_y
    await pilot.press("g")
    assert screen(reader)[1] == "A title"
    assert reader.scroll_y == 0


async def test_headings_and_paragraphs_come_to_the_top(pilot):
    reader = pilot.app.reader
    reader.show(article(book()), State())
    await pilot.press("]")
    await pilot.press("]")
    assert screen(reader)[1].startswith("Number 20 begins")
    await pilot.press("[")
    assert screen(reader)[1].startswith("Number 0 begins")
    await pilot.press("}")
    assert screen(reader)[0].startswith("Number 1 begins")
    await pilot.press("}", "}", "{")
    assert screen(reader)[0].startswith("Number 2 begins")
    await pilot.press("j", "{")
    assert screen(reader)[0].startswith("Number 2 begins")


async def test_the_mouse_wheel_scrolls(pilot):
    reader = pilot.app.reader
    reader.show(article(book()), State())
    before = screen(reader)
    await pilot._post_mouse_events([_wheel("down")], reader)
    assert screen(reader)[0] == before[3]
    await pilot._post_mouse_events([_wheel("up")], reader)
    assert screen(reader) == before


def _wheel(direction):
    from textual import events

    return events.MouseScrollDown if direction == "down" else events.MouseScrollUp


async def test_dragging_the_scrollbar_goes_as_far_into_the_article(pilot):
    from textual.scrollbar import ScrollTo

    reader = pilot.app.reader
    reader.show(article(book(2000)), State())
    await pilot.pause()
    reader.post_message(ScrollTo(y=reader.max_scroll_y / 2, animate=True))
    await pilot.pause()
    assert 0.4 < reader.position_now().position / len(reader.article.body) < 0.6
    reader.scroll_to(y=0, animate=False)
    assert screen(reader)[1] == "A title"


async def test_the_column_is_centred_and_changes_with_its_keys(pilot):
    await pilot.resize_terminal(120, 20)
    reader = pilot.app.reader
    reader.show(article(book()), State())
    await pilot.pause()
    assert (reader.measure, reader.left) == (72, 23)
    await pilot.press("+")
    assert reader.measure == 76
    await pilot.press(*["minus"] * 20)
    assert reader.measure == 40
    await pilot.press("=")
    assert reader.measure == 72
    await pilot.press("z")
    assert reader.measure == 115
    await pilot.press("z")
    assert reader.measure == 72
    await pilot.resize_terminal(40, 12)
    await pilot.pause()
    assert (reader.measure, reader.left) == (37, 1)


async def test_resizing_keeps_the_sentence_at_the_top(pilot):
    reader = pilot.app.reader
    reader.show(article(book()), State())
    await pilot.press("space", "space", "space", "j")
    place = reader.position_now()
    first = screen(reader)[0]
    for width, height in ((40, 12), (120, 40), (80, 24), (60, 20)):
        await pilot.resize_terminal(width, height)
        await pilot.pause()
        assert reader.position_now()[:3] == place[:3]
        line = reader.view.line(reader.view.rows[0])
        assert line.start <= reader.view.place.offset < line.end
    assert screen(reader)[0] == first


async def test_no_line_of_any_article_is_wider_than_the_pane(pilot):
    reader = pilot.app.reader
    body = (
        "中文" * 60
        + "\n\n"
        + "👨‍👩‍👧‍👦 क्षत्रिय مرحبا " * 20
        + "\n\n"
        + "x" * 300
        + "\n\n|a|b|\n|-|-|\n|c|d|"
    )
    reader.show(article(body), State())
    for width in (40, 13, 79):
        await pilot.resize_terminal(width, 20)
        await pilot.pause()
        for y in range(20):
            assert reader.render_line(y).cell_length == reader.size.width


# What the reader says


async def test_a_position_is_told_once_when_scrolling_rests_and_restored_later(pilot):
    app, reader = pilot.app, pilot.app.reader
    shown = article(book())
    reader.show(shown, State())
    for _ in range(5):
        reader.action_page_down()
    reader.action_line_down()
    await until(pilot, lambda: "position" in app.kinds())
    await pilot.pause(0.05)
    [(_, id, position, anchor, progress)] = [said for said in app.said if said[0] == "position"]
    assert id == 7
    assert shown.body[position:].startswith(anchor)
    assert 0 < progress < 1
    before = screen(reader)
    reader.show(article("Another.", id=8), State())
    reader.show(shown, State(position=position, anchor=anchor, progress=progress))
    assert screen(reader) == before


async def test_reopening_and_resizing_tell_no_position(pilot):
    app, reader = pilot.app, pilot.app.reader
    reader.show(article(book()), State(position=3000, anchor=book()[3000:3040]))
    await pilot.resize_terminal(50, 10)
    await pilot.pause(0.05)
    reader.clear()
    await pilot.pause()
    assert "position" not in app.kinds()


async def test_leaving_an_article_tells_its_position_at_once(pilot):
    app, reader = pilot.app, pilot.app.reader
    reader.rest = 1000
    reader.show(article(book()), State())
    await pilot.press("space")
    reader.show(article("Another.", id=8), State())
    await pilot.pause()
    assert [said[1] for said in app.said if said[0] == "position"] == [7]


async def test_the_position_survives_edits_above_it(pilot):
    reader = pilot.app.reader
    reader.show(article(book()), State())
    await pilot.press(*["space"] * 6)
    _, position, anchor, progress = reader.position_now()
    before = screen(reader)[0]
    edited = "Some words that were added.\n\n" * 30 + book()
    reader.show(article(edited), State(position=position, anchor=anchor, progress=progress))
    assert screen(reader)[0] == before


async def test_progress_grows_to_one_and_the_end_is_told_once(pilot):
    app, reader = pilot.app, pilot.app.reader
    reader.show(article(book(40)), State())
    await pilot.pause()
    progress = [reader.position_now().progress]
    while not reader.view.at_end:
        assert app.kinds().count("end") == 0
        await pilot.press("space")
        progress.append(reader.position_now().progress)
    await pilot.press("k", "j", "G")
    assert progress == sorted(progress)
    assert progress[-1] == 1.0
    assert app.kinds().count("end") == 1


async def test_an_article_that_fits_the_screen_is_at_its_end_at_once(pilot):
    pilot.app.reader.show(article("Text."), State())
    await pilot.pause()
    assert ("end", 7) in pilot.app.said
    assert pilot.app.reader.position_now().progress == 1.0


async def test_space_at_the_end_asks_for_the_next_article(pilot):
    app, reader = pilot.app, pilot.app.reader
    reader.show(article(book(20)), State())
    await pilot.press("G")
    assert ("next", 7) not in app.said
    await pilot.press("space")
    assert ("next", 7) in app.said


# Links


LINKS = (
    "A [first](https://one.example/) and, after *some* words, a [second](two.html).[^1]\n\n"
    "[^1]: Note."
)


async def test_a_click_on_a_link_follows_it_and_elsewhere_does_nothing(pilot):
    app, reader = pilot.app, pilot.app.reader
    reader.show(article(LINKS, url="https://example.org/dir/"), State())
    await pilot.pause()
    row = next(y for y, line in enumerate(screen(reader)) if "first" in line)
    line = reader.render_line(row).text
    await pilot.click(reader, offset=(line.index("first") + 2, row))
    await pilot.click(reader, offset=(line.index("words"), row))
    await pilot.click(reader, offset=(line.index("second"), row))
    assert [said for said in app.said if said[0] == "link"] == [
        ("link", "https://one.example/"),
        ("link", "https://example.org/dir/two.html"),
    ]


async def test_enter_is_ours_only_while_a_link_is_focused(pilot):
    app, reader = pilot.app, pilot.app.reader
    reader.show(article(LINKS + "\n\n" + book()), State())
    await pilot.press("enter")
    assert app.kinds().count("enter") == 1
    reader.action_next_link()
    await pilot.press("enter")
    assert ("link", "https://one.example/") in app.said
    assert app.kinds().count("enter") == 1
    await pilot.press("G", "enter")
    assert app.kinds().count("enter") == 2


# Matches


async def test_an_article_opens_at_its_first_match_a_third_from_the_top(pilot):
    app, reader = pilot.app, pilot.app.reader
    reader.show(article(book()), State(position=20), matcher=Words("Number (90|95|150)"))
    await app.workers.wait_for_complete()
    await until(pilot, lambda: ("match", 1, 3) in app.said)
    assert screen(reader)[20 // 3].startswith("Number 90")


async def test_matches_are_gone_through_both_ways_and_said(pilot):
    app, reader = pilot.app, pilot.app.reader
    reader.show(article(book()), State(), matcher=Words("Number (90|95|150) begins"))
    await until(pilot, lambda: ("match", 1, 3) in app.said)
    await pilot.press("n", "n")
    assert app.last("match", "no match") == ("match", 3, 3)
    assert any(line.startswith("Number 150") for line in screen(reader))
    await pilot.press("n")
    assert app.last("match", "no match") == ("no match", True)
    await pilot.press("N")
    assert app.last("match", "no match") == ("match", 2, 3)
    await pilot.press("g", "n")
    assert app.last("match", "no match") == ("match", 1, 3)


async def test_n_is_left_to_others_when_nothing_is_looked_for(pilot):
    app, reader = pilot.app, pilot.app.reader
    reader.show(article(book()), State())
    await pilot.press("n")
    assert app.said[-1] == ("unread",)
    reader.set_matcher(Words("Number 3 "))
    await pilot.press("n")
    assert app.kinds().count("unread") == 1
    reader.set_matcher(None)
    await pilot.press("n")
    assert app.kinds().count("unread") == 2


async def test_lines_drawn_before_are_drawn_anew_when_something_else_is_looked_for(pilot):
    reader = pilot.app.reader
    reader.show(article("one two three"), State())
    row = screen(reader).index("one two three")

    def parts():
        return [segment.text for segment in reader.render_line(row)][1:]

    assert parts()[0] == "one two three"
    reader.set_matcher(Words("two"))
    assert parts()[:3] == ["one ", "two", " three"]
    reader.set_matcher(None)
    assert parts()[0] == "one two three"


async def test_live_finding_begins_where_one_was_and_wraps(pilot):
    app, reader = pilot.app, pilot.app.reader
    reader.show(article(book()), State())
    await pilot.press(*["space"] * 12)
    origin = reader.standing()
    reader.set_matcher(Words("Number 3 begins|Number 150 begins"), origin=origin)
    await until(pilot, lambda: ("match", 2, 2) in app.said)
    reader.set_matcher(Words("Number 3 begins"), origin=origin)
    await until(pilot, lambda: ("match", 1, 1) in app.said)
    assert any(line.startswith("Number 3 ") for line in screen(reader))


async def test_nothing_found_is_said_and_the_article_opens_where_it_would(pilot):
    app, reader = pilot.app, pilot.app.reader
    reader.show(article(book()), State(), matcher=Words("xyzzy"))
    await until(pilot, lambda: ("match", 0, 0) in app.said)
    assert "no match" not in app.kinds()  # nobody asked for another
    assert screen(reader)[1] == "A title"


async def test_a_match_far_into_a_book_is_looked_for_between_the_keys(pilot):
    app, reader = pilot.app, pilot.app.reader
    body = book(6000) + "\n\nThe needle.\n\n" + book(10)
    reader.show(article(body), State(), matcher=Words("needle"))
    assert reader.document.known < 6000
    await until(pilot, lambda: ("match", 1, 1) in app.said)
    assert screen(reader)[20 // 3] == "The needle."


# Opening


async def test_a_book_opens_without_being_cut_parsed_or_laid_out(pilot):
    reader = pilot.app.reader
    reader.show(article(book(20_000)), State())
    await pilot.pause()
    assert reader.document.known < 1000
    assert len(reader.view.flow._lines) < 40


async def test_an_article_given_before_there_is_a_size_opens_when_there_is(pilot):
    later = Reader()
    later.show(article(book()), State(), matcher=Words("Number 90"))
    pilot.app.reader.display = False
    await pilot.app.mount(later)
    await pilot.pause()
    assert screen(later)[later.size.height // 3].startswith("Number 90")


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark", "nord"])
async def test_every_theme_draws_matches_and_text_apart(pilot, theme):
    pilot.app.theme = theme
    reader = pilot.app.reader
    reader.show(article("one two three"), State(), matcher=Words("one|three"))
    await pilot.pause()
    row = next(y for y, line in enumerate(screen(reader)) if line == "one two three")
    styles = {segment.text: segment.style for segment in reader.render_line(row)}
    assert len({str(styles[word]) for word in ("one", " two ", "three")}) == 3


async def test_nothing_is_painted_while_nothing_happens(pilot):
    reader = pilot.app.reader
    reader.show(article(book()), State())
    await pilot.press("space")
    await until(pilot, lambda: "position" in pilot.app.kinds())
    drawn = []
    original = reader.render_lines
    reader.render_lines = lambda crop: drawn.append(crop) or original(crop)
    await pilot.pause(0.05)
    assert not drawn
