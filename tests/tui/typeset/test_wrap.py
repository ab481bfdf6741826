"""Breaking text into lines."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import iter_graphemes, wcswidth

from tui.typeset import wrap as module
from tui.typeset.clusters import clusters, cut
from tui.typeset.wrap import wrap, wrap_hyphenated

BREAKING_SPACE = (
    " \t\n\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u200b\u205f\u3000"
)
SCRIPTS = st.sampled_from(
    [
        *"abcdeF1 2,.;!?-–—/&_'\"()[]{}…«»   ",
        *("é", "e\u0301", "ß", "я", "Ω", "\u00a0", "\u202f", "\u200b", "\u2060", "\u3000"),
        *"中文，。「」（）、あいっカー한국어ﾊﾝ",
        *("क्षत्रि", "हिन्दी", "ภาษา", "เก็", "العربية", "עברית", "\u200f"),
        *("👨‍👩‍👧‍👦", "👍🏽", "🇩🇪", "❤️", "1️⃣", "🙂", "\u200d", "\ufe0f", "\u0301"),
    ]
)


def lines(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in wrap(text, width)]


texts = st.one_of(st.lists(SCRIPTS, max_size=60).map("".join), st.text(max_size=60))


@given(texts, st.integers(2, 40))
@example("❤\u200b\ufe0f", 4)
@example("❤ ❤\u200b\u200b\ufe0fa", 6)
def test_no_line_is_wider_than_the_measure(text, width):
    assert all(cell_len(line) <= width for line in lines(text, width))


@given(texts, st.integers(2, 40))
def test_what_is_between_the_lines_is_white_space_and_nothing_is_lost(text, width):
    extents = wrap(text, width)
    place = 0
    for start, end in extents:
        assert place <= start <= end
        assert not text[place:start].strip(BREAKING_SPACE)
        place = end
    assert not text[place:].strip(BREAKING_SPACE)
    shown = "".join(text[start:end] for start, end in extents)
    assert shown.translate(dict.fromkeys(map(ord, BREAKING_SPACE))) == text.translate(
        dict.fromkeys(map(ord, BREAKING_SPACE))
    )


@given(st.lists(SCRIPTS, max_size=40).map("".join), st.integers(8, 40))
def test_clusters_are_not_broken(text, width):
    inside = set()
    place = 0
    for cluster in iter_graphemes(text):
        if cluster[0] not in BREAKING_SPACE:
            inside.update(range(place + 1, place + len(cluster)))
        place += len(cluster)
    for start, end in wrap(text, width):
        assert start not in inside
        assert end not in inside


@given(st.text(alphabet="ab cd-—–.é/?&(“ ”x,;1 ", max_size=80), st.integers(2, 30))
def test_the_fast_way_for_plain_text_gives_what_the_general_way_gives(text, width):
    assert module._PLAIN.fullmatch(text)
    general = module._Breaker(text, 0, width).lines(text)
    assert lines(text, width) == [text[a:b] for a, b in general] or not text.strip()


@given(texts, st.integers(2, 40))
def test_the_same_text_and_width_give_the_same_lines(text, width):
    assert wrap(text, width) == wrap(text, width)


def test_plain_text_is_one_cell_a_character():
    plain = [chr(code) for code in range(0x110000) if module._PLAIN.fullmatch(chr(code))]
    assert len(plain) > 1000
    assert {cell_len(character) for character in plain} == {1}


def test_words_are_kept_whole_and_spaces_at_line_ends_are_not_shown():
    assert lines("The quick   brown fox", 9) == ["The quick", "brown fox"]


def test_compounds_break_after_the_hyphen_and_dashes_between_words():
    assert lines("a state-of-the-art idea—new", 12) == ["a state-of-", "the-art", "idea—new"]
    assert lines("over—the hill", 6) == ["over—", "the", "hill"]


def test_no_break_before_numbers_and_options():
    assert lines("about -5 or --flag", 8) == ["about -5", "or", "--flag"]


def test_no_break_spaces_hold():
    assert lines("about 10\u00a0000 people", 11) == ["about", "10\u00a0000", "people"]


def test_a_long_url_breaks_after_its_punctuation():
    url = "https://example.org/archive/2017/notes?kind=all&sort=date-of-entry"
    assert lines(f"See {url} there", 24) == [
        "See https://example.org/",
        "archive/2017/notes?kind=",
        "all&sort=date-of-entry",
        "there",
    ]


def test_an_address_that_fits_on_a_line_is_not_broken_at_its_hyphens():
    url = "https://example.org/state-of-the-art"
    assert lines(f"See all of {url} first", 40) == ["See all of", f"{url}", "first"]
    assert lines(f"See {url}/hyphens-too (page)", 30) == [
        "See https://example.org/",
        "state-of-the-art/hyphens-too",
        "(page)",
    ]


def test_no_address_breaks_before_what_closes_behind_it():
    for width in range(12, 40):
        rows = lines("(see https://example.org/a/), and https://example.org/long/path/.", width)
        assert not [row for row in rows if row[0] in "),."]


def test_closing_punctuation_that_stands_alone_starts_no_line_and_opening_ends_none():
    text = "Il dit « bonjour tout le monde » ; puis : « quoi ? » Et encore ( ceci ) !"
    for width in range(12, 60):
        rows = lines(text, width)
        assert not [row for row in rows if row[0] in "»;:?)!" or row[-1] in "«("], rows
    assert lines("quel plaisir !", 12) == ["quel", "plaisir !"]


def test_marks_that_are_part_of_a_word_may_start_a_line():
    assert lines("all of .NET", 7) == ["all of", ".NET"]
    assert lines("such as ”ord” and »Wort«", 8) == ["such as", "”ord”", "and", "»Wort«"]


def test_a_word_is_cut_so_that_its_full_stop_is_not_alone():
    assert lines("a" * 8 + ".", 8) == ["a" * 7, "a."]
    assert lines("é" * 8 + "中.", 8) == ["é" * 8, "中."]


@given(st.text(alphabet="ab é中( ).,!?«»;:/-https", max_size=80), st.integers(4, 30))
def test_a_line_starts_with_closing_punctuation_only_for_want_of_any_other_place(text, width):
    for before, (start, end) in pairwise(wrap(text, width)):
        if re.compile(r"[.,!?;:)»]++(?!\w)").match(text, start):
            # There was no break in that line before: all of it is one word, or held together.
            line = text[before[0] : before[1]]
            assert not re.search(r"[a-zé] +[a-zé]", line), (line, text[start:end])


def test_a_first_line_with_an_indent_is_shorter():
    assert [text_of(e) for e in wrap(TEN, 10, 4)] == ["one", "two three", "four"]


def syllables(start: int, end: int) -> list[int]:
    """Places after every second letter."""
    return list(range(start + 2, end - 1, 2))


TEN = "one two three four"


def text_of(extent: tuple[int, int]) -> str:
    return TEN[extent[0] : extent[1]]


def test_words_take_a_hyphen_that_fits_and_never_on_three_lines_running():
    text = "aaaa bbbbbbbb cccccccc dddddddd eeeeeeee"
    extents, hyphenated = wrap_hyphenated(text, 8, syllables)
    rows = [text[a:b] + "-" * (b in hyphenated) for a, b in extents]
    assert rows == ["aaaa bb-", "bbbbbb", "cccccccc", "dddddddd", "eeeeeeee"]
    text = "aa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeeee"
    extents, hyphenated = wrap_hyphenated(text, 10, syllables)
    running = longest = 0
    for _, end in extents:
        running = running + 1 if end in hyphenated else 0
        longest = max(longest, running)
    assert longest == 2


@given(texts, st.integers(4, 40), st.integers(0, 6))
def test_hyphenated_lines_with_their_hyphens_are_within_the_measure(text, width, indent):
    indent = min(indent, width - 2)
    extents, hyphenated = wrap_hyphenated(text, width, syllables, indent)
    for number, (start, end) in enumerate(extents):
        room = width if number else width - indent
        assert cell_len(text[start:end]) + (end in hyphenated) <= room
    shown = "".join(text[start:end] for start, end in extents)
    assert "".join(shown.split()) == "".join(text.split()) or "\u200b" in text


def test_a_word_without_a_place_to_break_is_cut():
    assert lines("x " + "a" * 20 + " y", 8) == ["x", "aaaaaaaa", "aaaaaaaa", "aaaa y"]


def test_chinese_and_japanese_break_between_characters_with_kinsoku():
    assert lines("道可道，非常道。", 6) == ["道可", "道，非", "常道。"]
    assert lines("これは「引用」です", 8) == ["これは", "「引用」", "です"]
    assert lines("ちょっとまって", 6) == ["ちょっ", "とまっ", "て"]


def test_latin_words_in_chinese_stay_whole():
    assert lines("使用Python编程", 8) == ["使用", "Python编", "程"]


def test_korean_breaks_at_spaces():
    assert lines("띄어쓰기에서 줄을 바꿉니다", 14) == ["띄어쓰기에서", "줄을 바꿉니다"]


@pytest.mark.parametrize(
    "text",
    [
        *("किताब में लिखी हुई बात", "தமிழ் எழுத்துகள்", "বাংলা লিপির অক্ষর", "ภาษาไทยที่นี่กำลัง"),
        *("한국어 각", "\u1112\u1161\u11ab\u1100\u1173\u11af", "日本語のテキスト", "e\u0301"),
        *("שָׁלוֹם", "السَّلَام", "👩\u200d👩\u200d👧", "👍🏽", "🇩🇪🇫🇷", "❤\ufe0f"),
    ],
)  # fmt: skip
def test_every_script_is_as_wide_as_terminals_show_it(text):
    # wcwidth takes two spacing marks on one letter as one; no line is too long for that.
    assert 0 <= cell_len(text) - wcswidth(text) <= 1
    assert sum(cells for _, _, cells in clusters(text)) == cell_len(text)


def test_emoji_sequences_and_flags_stay_whole():
    family, flag = "👨‍👩‍👧‍👦", "🇩🇪"
    assert lines(family * 3, 4) == [family * 2, family]
    assert lines(flag * 3, 4) == [flag * 2, flag]


def test_a_line_end_in_the_text_is_kept():
    assert lines("one\ntwo three\n\nfour", 20) == ["one", "two three", "", "four"]


def test_code_is_cut_to_the_width_with_all_its_spaces():
    text = "    if a:  # 中文 comment"
    parts = cut(text, 0, len(text), 10)
    assert "".join(text[a:b] for a, b in parts) == text
    assert all(cell_len(text[a:b]) <= 10 for a, b in parts)
