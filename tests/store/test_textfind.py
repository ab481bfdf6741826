"""What finds a person's pattern in a text."""

from __future__ import annotations

import re
import string
import time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from store import find_in_text
from store.textfind import TextFinder

#: Letters, accents, wide forms, marks, ligatures, quotation marks, spaces of all kinds.
ODD = st.sampled_from(
    "aAbBéÉeE\u0301ßſæÆøłİıａＡﬁ½…’‘“”\"'-‐‑ \t\n\xa0\u2009\u200b\u3000港の가\u1100/\\.*+?()[]{}^$|"
)
TEXTS = st.text(ODD, max_size=40) | st.text(max_size=40)


def found(pattern: str, text: str) -> list[str]:
    return [text[start:end] for start, end in find_in_text(pattern).spans(text)]


# Text as it stands


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("c++ (2)", "C++ (2), c+ 2", ["C++ (2)"]),
        ("two words", "a two\n  words Two\xa0Words", ["two\n  words", "Two\xa0Words"]),
        ("one  two", "one two", ["one two"]),
        (" two", "one   two", [" two"]),
        ("is ", "this is it", ["is ", "is "]),
        ("cafe", "Café CAFE cafe\u0301", ["Café", "CAFE", "cafe\u0301"]),
        ("café", "cafe CAFÉ", ["cafe", "CAFÉ"]),
        ("abc", "ＡＢＣ", ["ＡＢＣ"]),
        ("strasse", "Straße", ["Straße"]),
        ("港", "ある港の", ["港"]),
        ("don't", "don’t DON'T", ["don’t", "DON'T"]),
        ('"yes"', "“yes” \"yes\"", ["“yes”", '"yes"']),
        ("self-made", "self‑made self-made", ["self‑made", "self-made"]),
        ("broken", "bro\u200bken", ["bro\u200bken"]),
        ("...", "and so on…", ["…"]),
        ("aa", "aaaaa", ["aa", "aa"]),
        ("★★ café", "★★ Café ☆☆ café", ["★★ Café"]),
    ],
)  # fmt: skip
def test_text_is_found_as_it_stands_case_accents_and_width_aside(pattern, text, expected):
    assert found(pattern, text) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("Carrier", "carrier Carrier CARRIER", ["Carrier"]),
        ("Cafe", "Café Cafe Cafe\u0301", ["Cafe"]),
        ("Café", "Café Cafe Cafe\u0301", ["Café", "Cafe\u0301"]),
        ("Cafe\u0301", "Café", ["Café"]),
        ("Don't", "Don’t don't", ["Don’t"]),
        ("The End", "the end, The\n\nEnd", ["The\n\nEnd"]),
    ],
)
def test_a_capital_makes_case_and_accents_matter(pattern, text, expected):
    assert found(pattern, text) == expected


@pytest.mark.parametrize("pattern", ["", " ", "\n\t", "/", "//", "\u200b"])
def test_nothing_typed_finds_nothing_and_warns_of_nothing(pattern):
    finder = find_in_text(pattern)
    assert finder.is_empty
    assert finder.warning == ""
    assert finder.spans("a b\nc / d") == []


@pytest.mark.parametrize("character", ["-", '"', "a", "É"])
def test_text_of_any_length_is_taken_at_once_and_what_is_too_long_is_said(character):
    find_in_text(character * 50)  # loads what is needed
    begun = time.process_time()
    finder = find_in_text(character * 50_000)
    assert finder.warning == "longer than 2,000 characters"
    assert not finder.is_empty
    assert finder.spans(character * 60_000) == []
    assert find_in_text(character * 2_000).spans(f"{character * 2_000}.") == [(0, 2_000)]
    assert time.process_time() - begun < 2


# Regular expressions


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("/colou?r/", "Color colour COLOUR", ["Color", "colour", "COLOUR"]),
        ("/colou?r", "colour", ["colour"]),
        ("/Colou?r/", "color Color", ["Color"]),
        (r"/\W+", "a, b", [", "]),
        (r"/\bÉt", "été Été", ["Ét"]),
        ("/[éü]b", "eb UB", ["eb", "UB"]),
        (r"/\u00e9", "E", ["E"]),
        (r"/a\/b", "a/b", ["a/b"]),
        (r"/a\\/", "a\\b", ["a\\"]),
        ("/^b", "a\nb", ["b"]),
        ("/x*", "axxa", ["xx"]),
        ("/s{2}", "ß", ["ß"]),
        (r"/\p{Lu}", "aB", ["B"]),
        ("/(?<first>a)b", "ab", ["ab"]),
        ("/（", "(", ["("]),
        ("/★+ a", "★★ A   a", ["★★ A"]),
    ],
)
def test_between_slashes_is_a_regular_expression_with_the_same_rule_for_case(
    pattern, text, expected
):
    finder = find_in_text(pattern)
    assert finder.warning == ""
    assert found(pattern, text) == expected


@pytest.mark.parametrize(
    ("pattern", "warning"),
    [
        ("/(a", "missing ) at the end"),
        ("/[a", "unterminated character set at the end"),
        ("/a**b", "multiple repeat at character 4"),
        ("/" + "a" * 2_000, "longer than 1,000 characters"),
        ("/" + "(" * 900, "not a regular expression (RecursionError)"),
    ],
)
def test_a_bad_regular_expression_is_one_warning_that_says_where(pattern, warning):
    finder = find_in_text(pattern)
    assert finder.warning == warning
    assert finder.spans("aaa") == []


BOMB, VICTIM = "/(a|aa)+$/", "a" * 60 + "b"


@pytest.mark.parametrize(
    "source",
    [
        "((a{1000}){1000}){1000}",
        "(?:a{500}|b{500}){500}",
        "((a?){1000}){1000}",
        "(?:" + "a{100}" * 80 + "){100}",
        r"(([)]a{100}){100}){100}",
        r"(([\])]a{100}){100}){100}",
        "(a{1000}+){500}+",
        "a{99999999}",
        "(?P<x>a{500}){500}(?&x){500}",
        "(?:a{" + "9" * 900 + "})",
    ],
)
def test_a_regular_expression_that_would_grow_beyond_measure_is_not_made(source):
    begun = time.process_time()
    finder = find_in_text(f"/{source}/")
    assert finder.warning == "its counts come to more than 5,000 parts"
    assert finder.spans("aaa") == []
    assert time.process_time() - begun < 0.25


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"\d{4}-\d{2}-\d{2}", "2026-11-22"),
        (r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", "00:1b:44:11:3a:b7"),
        ("(a{0,65535}){0,65535}", "aaa"),
        ("((a{1,1000}){1,1000}){1,1000}", "aaa"),
        (r"(?:\w+\W+){1,500}z", "a b c z"),
        ("x{1000}", "x" * 1000),
        ("[{}(]{3}", "{}("),
    ],
)
def test_counts_in_use_are_no_matter(source, text):
    assert find_in_text(f"/{source}/").spans(text) == [(0, len(text))]


@pytest.mark.parametrize(
    "source",
    [
        "(?=" * 150 + "a+" + ")" * 150,
        "(" * 490 + "a" + ")" * 490,
        "(?V1)" + r"[\p{L}--[\p{Lu}&&\p{Latin}]]" * 30,
        "(?i)[" + "".join(chr(0x100 + i * 7) for i in range(900)) + "]",
        "(?if)" + "ß" * 900,
        "|".join(f"{i}" for i in range(250)),
        "(" * 10_000 + "a" + ")" * 10_000,
    ],
)
def test_no_other_shape_takes_long_to_be_made(source):
    find_in_text("/./")  # loads what is needed
    begun = time.process_time()
    find_in_text(f"/{source}/")
    assert time.process_time() - begun < 0.25


def test_a_regular_expression_that_takes_too_long_ends_and_says_so_once():
    finder, said = find_in_text(BOMB), []
    finder.given_up = lambda: said.append(finder.warning)
    assert finder.spans("aaa") == [(0, 3)]
    assert finder.spans(VICTIM) == []
    assert finder.spans("aaa") == []
    assert said == ["too slow: /(a|aa)+$/"] == [finder.warning]


def test_one_slow_moment_of_the_machine_is_forgiven(monkeypatch):
    finder = find_in_text("/a")

    class Hiccup:
        left = 1

        def finditer(self, text, timeout):
            if self.left:
                self.left -= 1
                raise TimeoutError
            return re.finditer("a", text)

    monkeypatch.setattr(finder, "_regex", Hiccup())
    assert finder.spans("ba") == [(1, 2)]
    assert finder.warning == ""


# What holds for all patterns and texts


def check(finder: TextFinder, text: str) -> None:
    last = 0
    for start, end in finder.spans(text):
        assert last <= start < end <= len(text)
        last = end


@given(TEXTS, TEXTS)
@example("/[ﬁ-ﬂ]", "ﬁ")
@example("/\\U0FFFFFFF", "a")
@example("e", "æ")
def test_no_pattern_raises_and_all_matches_lie_in_the_text_apart(pattern, text):
    check(find_in_text(pattern), text)
    check(find_in_text("/" + pattern), text)
    check(find_in_text("/" + pattern + "/"), text)


@given(TEXTS, st.data())
def test_what_is_cut_out_of_a_text_is_found_in_it(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    pattern = text[start:end]
    assume(not any(c.isupper() or c.istitle() for c in pattern))
    assume(pattern.replace("\u200b", "").strip() and not pattern.startswith("/"))
    spans = find_in_text(pattern).spans(text)
    assert spans
    assert spans[0][0] <= end


ASCII = st.text(string.ascii_letters + " .'", max_size=30)


@given(ASCII, ASCII)
def test_on_plain_letters_it_agrees_with_casefold(pattern, text):
    assume(pattern.strip() and "  " not in pattern + text)
    fold = str.casefold if pattern == pattern.lower() else str
    assert bool(find_in_text(pattern).spans(text)) == (fold(pattern) in fold(text))


@given(st.text(string.ascii_lowercase, min_size=1, max_size=3), TEXTS)
def test_a_word_as_a_regular_expression_finds_what_the_word_finds(word, text):
    assert find_in_text(f"/{word}/").spans(text) == find_in_text(word).spans(text)
