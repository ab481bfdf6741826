"""The article as a value."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.article import count_words

WORD = re.compile(r"\w+(?:['’\-]\w+)*")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0), ("one", 1), ("don't well-known", 2), ("'tis -- not-", 2), ("a-b-c a--b", 3),
        ("l’été — “déjà” vu…", 3), ("snake_case 3.5", 3), ("长城上的灯", 3), ("a’b ‘c’", 2),
    ],
)  # fmt: skip
def test_words_are_counted(text, words):
    assert count_words(text) == words


@given(st.text(alphabet="ab_1é×²'’‘-— \n.…\u00a0ǆ", max_size=40))
def test_words_are_counted_as_the_pattern_finds_them(text):
    assert count_words(text) == len(WORD.findall(text))
