"""Measuring and cutting text by cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from list_harness import TITLES
from rich.cells import cell_len
from rich.style import Style
from wcwidth import iter_graphemes

from tui.typeset.clusters import clusters
from tui.widgets.cells import clean, fit, lit, shorten, shorten_around

FAMILY = "👩‍👩‍👧‍👦"
FLAG = "🇩🇪"
PLAIN, MATCH = Style(dim=True), Style(bold=True)

#: Text with many characters that join, are wide, have no width, or are obeyed by terminals.
texts = st.lists(
    st.one_of(
        st.sampled_from(
            [FAMILY, FLAG, "e\u0301", "क्षि", "กำ", "각", "\u1112\u1161\u11ab", "港", "❤️"]
        ),
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(list("\u200d\ufe0f\u0301\x1b\x9b\u202e\r\n \U0001f1e9\u0e33")),
    ),
    max_size=40,
).map("".join)


def spans_in(text: str) -> st.SearchStrategy[list[tuple[int, int]]]:
    edges = st.lists(st.integers(0, len(text)), max_size=8, unique=True)
    return edges.map(sorted).map(lambda found: list(zip(found[::2], found[1::2], strict=False)))


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("harbour", 7, "harbour"),
        ("harbour", 6, "harbo…"),
        ("the harbour", 5, "the…"),
        ("港の町", 6, "港の町"),
        ("港の町", 5, "港の…"),
        ("港の町", 4, "港…"),
        ("cafe\u0301s", 5, "cafe\u0301s"),
        ("cafe\u0301s!", 5, "cafe\u0301…"),
        (f"{FAMILY}!", 2, "…"),
        (f"{FAMILY}!!", 3, f"{FAMILY}…"),
        (f"{FLAG}{FLAG}", 3, f"{FLAG}…"),
        ("กำกำกำ", 3, "กำ…"),
        ("क्षक्षक्ष", 3, "क्ष…"),
        ("harbour", 1, "…"),
        ("harbour", 0, ""),
    ],
)
def test_what_does_not_fit_is_cut_between_grapheme_clusters(
    text: str, width: int, shown: str
) -> None:
    assert shorten(text, width) == shown


def test_another_ellipsis_takes_its_own_room() -> None:
    assert shorten("harbour", 6, "...") == "har..."
    assert shorten("harbour", 2, "...") == ".."


def test_a_megabyte_costs_no_more_than_a_title() -> None:
    assert shorten("é" * 1_000_000, 5) == "éééé…"


@given(texts, st.integers(0, 60))
def test_shortened_text_fits_and_is_a_beginning_in_whole_clusters(text: str, width: int) -> None:
    shown = shorten(text, width)
    assert cell_len(shown) <= width
    if shown != text and width:
        kept = shown.removesuffix("…")
        assert text.startswith(kept)
        starts = {0}
        for cluster in iter_graphemes(text):
            starts.add(max(starts) + len(cluster))
        tail = len(text[len(kept) :]) - len(text[len(kept) :].lstrip())
        assert any(len(kept) + space in starts for space in range(tail + 1))


@given(texts)
def test_pieces_make_up_the_text_and_their_widths_its_width(text: str) -> None:
    pieces = clusters(text)
    assert "".join(text[start:end] for start, end, _ in pieces) == text
    assert sum(cells for _, _, cells in pieces) == cell_len(text)


@given(texts, st.integers(0, 30), st.booleans())
def test_fitted_text_is_exactly_as_wide_as_asked(text: str, width: int, right: bool) -> None:
    assert cell_len(fit(clean(text), width, right=right)) == width


def test_text_is_fitted_to_either_side() -> None:
    assert fit("港", 4) == "港  "
    assert fit("港", 4, right=True) == "  港"


@given(st.text())
def test_cleaned_text_is_as_long_and_holds_nothing_a_terminal_obeys(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    cleaned.encode()
    assert not any(c < " " or "\x7f" <= c < "\xa0" or c in "\u2028\u2029\u202e" for c in cleaned)


def test_lone_surrogates_are_replaced() -> None:
    assert clean("a\ud800b\nc") == "a\ufffdb c"


FLAG = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"  # of Scotland


def test_tag_characters_are_replaced_outside_flags() -> None:
    assert clean(f"a\U000e0041\U000e007f{FLAG}\U0001f3f4\U000e0067") == (
        f"a\ufffd\ufffd{FLAG}\U0001f3f4\ufffd"
    )


def test_harmless_text_stays_as_it_is() -> None:
    for title in TITLES:
        assert clean(title) == title


# Around a match.


def test_a_text_that_fits_is_shown_whole() -> None:
    assert shorten_around("a harbour town", [(2, 9)], 14) == ("a harbour town", [(2, 9)])


def test_a_match_near_the_start_is_shown_from_the_start() -> None:
    text, spans = shorten_around("a harbour town by the sea", [(2, 9)], 15)
    assert (text, spans) == ("a harbour town…", [(2, 9)])


def test_a_match_far_on_is_shown_with_words_around_it() -> None:
    text = "we went on for hours and then saw the harbour lights below us in the dark"
    shown, ((start, end),) = shorten_around(text, [(38, 45)], 30)
    assert shown == "…saw the harbour lights below…"
    assert shown[start:end] == "harbour"


def test_a_match_near_the_end_is_shown_with_all_that_follows() -> None:
    text = "we went on for hours and then saw the harbour"
    shown, ((start, end),) = shorten_around(text, [(38, 45)], 20)
    assert shown == "…then saw the harbour"[-20:] or shown == "…saw the harbour"
    assert shown[start:end] == "harbour"


def test_a_match_in_text_without_spaces_is_shown() -> None:
    text = "港の町で働く人々の長い一日についての短い報告" * 3
    shown, ((start, end),) = shorten_around(text, [(40, 42)], 21)
    assert cell_len(shown) <= 21
    assert shown[start:end] == text[40:42]


@given(st.data(), texts, st.integers(24, 80))
def test_the_first_match_always_shows(data: st.DataObject, text: str, width: int) -> None:
    text = clean(text)
    spans = [(a, b) for a, b in data.draw(spans_in(text)) if cell_len(text[a:b]) < 8]
    shown, moved = shorten_around(text, spans, width)
    assert cell_len(shown) <= width
    assert all(0 <= a < b <= len(shown) for a, b in moved)
    if spans and text[slice(*spans[0])].strip():
        assert moved
        a, b = moved[0]
        assert text[slice(*spans[0])].startswith(shown[a:b])
        assert shown[a:b].strip() == text[slice(*spans[0])].strip()


# Lighting up.


def test_matches_are_lit_and_the_rest_is_not() -> None:
    segments = lit("a harbour town", [(2, 9), (10, 14)], PLAIN, MATCH)
    assert [(text, style) for text, style, _ in segments] == [
        ("a ", PLAIN), ("harbour", MATCH), (" ", PLAIN), ("town", MATCH),
    ]  # fmt: skip


def test_a_match_of_half_a_cluster_lights_the_whole() -> None:
    segments = lit("cafe\u0301!", [(3, 4)], PLAIN, MATCH)
    assert [segment.text for segment in segments] == ["caf", "e\u0301", "!"]
    segments = lit(f"{FLAG}{FLAG}", [(1, 2)], PLAIN, MATCH)
    assert [(s.text, s.style) for s in segments] == [(FLAG, MATCH), (FLAG, PLAIN)]


@given(st.data(), texts)
def test_lighting_changes_neither_text_nor_width(data: st.DataObject, text: str) -> None:
    segments = lit(text, data.draw(spans_in(text)), PLAIN, MATCH)
    assert "".join(segment.text for segment in segments) == text
    assert sum(segment.cell_length for segment in segments) == cell_len(text)
