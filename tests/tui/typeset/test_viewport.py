"""What is on screen: scrolling over blocks that were never laid out, resizing, the ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.typeset.document import Document
from tui.typeset.model import Paragraph, Role
from tui.typeset.viewport import Place, Viewport

SENTENCE = "The keeper of the book wrote down the height of the water every hour. "


def article(paragraphs: int, sentences: int = 5) -> str:
    return "\n\n".join(
        f"Number {number} begins. {SENTENCE * (1 + number % sentences)}"
        for number in range(paragraphs)
    )


def rows(view: Viewport) -> list[str]:
    """The text on screen; blank lines are ""."""
    shown = []
    for row in view.rows:
        line = view.line(row)
        text = line.paragraph.text if line.paragraph else ""
        shown.append("".join(text[piece.start : piece.end] for piece in line.pieces))
    return shown


def all_lines(source: str, width: int) -> list[tuple[int, int]]:
    view = Viewport(Document(source), width, 1_000_000)
    return [tuple(row) for row in view.rows]


def test_a_screen_of_a_book_lays_out_and_even_cuts_only_what_it_shows():
    document = Document(article(20_000))
    view = Viewport(document, 72, 40)
    assert len(view.rows) == 40
    assert len(view.flow._lines) < 40
    assert document.known < 1000
    assert view.total > 40_000


def test_lines_down_and_up_visit_every_line_once():
    source = article(30)
    expected = all_lines(source, 40)
    view = Viewport(Document(source), 40, 10)
    seen = [tuple(view.rows[0])]
    while view.scroll(1):
        seen.append(tuple(view.rows[0]))
    assert seen == expected[: len(expected) - 9]
    while view.scroll(-1):
        seen.pop()
        assert tuple(view.rows[0]) == seen[-1]
    assert len(seen) == 1


def test_from_the_end_upwards_nothing_jumps_though_heights_above_were_estimated():
    source = article(200) + "\n\n" + "- item\n" * 300 + "\n\n" + article(200)
    expected = all_lines(source, 31)
    view = Viewport(Document(source), 31, 12)
    view.end()
    place = len(expected) - 12
    assert [tuple(row) for row in view.rows] == expected[place:]
    while view.scroll(-5):
        place = max(0, place - 5)
        assert [tuple(row) for row in view.rows] == expected[place : place + 12]
    assert place == 0


@given(st.lists(st.sampled_from([1, -1, 7, -9, 40, -31, 300]), max_size=30), st.integers(1, 30))
def test_any_way_of_scrolling_agrees_with_the_article_laid_out_whole(moves, height):
    source = (
        article(60, 3) + "\n\n# Heading\n\n" + "```\ncode\n\nmore\n```\n\n[a]: http://x\n\ntext"
    )
    expected = all_lines(source, 33)
    view = Viewport(Document(source), 33, height)
    place, last = 0, max(0, len(expected) - height)
    for move in moves:
        view.scroll(move)
        place = min(max(0, place + move), last)
        assert [tuple(row) for row in view.rows] == expected[place : place + height]


def test_the_end_is_the_real_end_and_the_scrollbar_agrees():
    view = Viewport(Document(article(500)), 50, 20)
    assert not view.at_end
    view.end()
    assert view.at_end
    assert view.y == view.total - 20
    assert rows(view)[-1].endswith("every hour.")


def test_resizing_keeps_the_sentence_at_the_top():
    view = Viewport(Document(article(100)), 72, 20)
    view.scroll(163)
    place = view.place
    text = view.document.plain(place.block)
    for width in (40, 100, 55, 41, 99, 72):
        view.resize(width, 15)
        line = view.line(view.rows[0])
        assert line.start is not None
        assert line.start <= place.offset < line.end
    assert view.place == place
    assert rows(view)[0] == text[place.offset :][: len(rows(view)[0])]


def test_resizing_back_and_forth_does_not_drift():
    view = Viewport(Document(article(100)), 72, 20)
    view.scroll(200)
    before = rows(view)
    for width in (50, 60, 43, 72):
        view.resize(width, 20)
    assert rows(view) == before


def test_seeking_goes_about_as_far_as_was_asked():
    document = Document(article(5000))
    view = Viewport(document, 60, 20)
    view.seek(view.total // 2)
    start, _ = document.extent(view.rows[0].block)
    assert 0.4 < start / len(document.text) < 0.6
    view.seek(10**9)
    assert view.at_end
    view.seek(-5)
    assert view.y == 0


def test_a_short_article_is_shown_whole_and_does_not_scroll():
    view = Viewport(Document("One.\n\nTwo."), 40, 20)
    assert view.at_end
    assert not view.scroll(1)
    assert not view.scroll(-1)
    assert view.total == 4


def test_an_article_without_anything_has_no_lines():
    view = Viewport(Document(""), 40, 20)
    assert view.rows == []
    assert view.at_end
    assert view.total == 0
    view.end()
    view.resize(30, 5)
    assert not view.scroll(3)


def test_the_head_comes_first_and_may_change_without_moving_the_text():
    document = Document(article(50), [Paragraph("Title", role=Role.TITLE)])
    view = Viewport(document, 40, 10)
    assert rows(view)[1] == "Title"
    view.scroll(30)
    before = rows(view)
    document.set_head([Paragraph(f"Line {number}") for number in range(9)])
    view.renew(0)
    assert rows(view) == before


def test_showing_a_place_puts_it_on_the_row_asked_for():
    view = Viewport(Document(article(300)), 40, 12)
    place = Place(150, 30)
    view.show(place, 4)
    assert view.row_of(place) == 4
    assert view.row_of(Place(3, 0)) is None


def test_thousands_of_definitions_at_the_end_do_not_count_as_lines():
    notes = "\n\n".join(f"[^{number}]: Note." for number in range(2000))
    source = "Text" + "".join(f"[^{number}]" for number in range(2000)) + ".\n\n" + notes
    view = Viewport(Document(source), 60, 10)
    view.end()
    assert view.at_end
    assert rows(view)[-1] == "Note. ↩"
    assert view.line(view.rows[-1]).prefix[0][0].strip() == "2000."
