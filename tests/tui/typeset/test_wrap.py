"""Breaking text into lines."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import iter_graphemes

from tui.typeset import wrap as module
from tui.typeset.wrap import cut, wrap

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
    assert lines(text, width) == [text[a:b] for a, b in module._wrap(text, 0, width)] or not (
        text.strip()
    )


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
