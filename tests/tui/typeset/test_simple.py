"""Text known to be simple without Rich's tables."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len as by_rich

from tui.typeset.clusters import clusters
from tui.typeset.simple import cell_len, is_simple

SIMPLE = [c for c in map(chr, range(0x3000)) if is_simple(c)]


def test_a_simple_character_is_a_cell_and_a_cluster_wherever_it_stands():
    for character in SIMPLE:
        text = f"a{character}{character}b"
        assert clusters(text) == [(i, i + 1, 1) for i in range(4)], hex(ord(character))


def test_what_joins_is_obeyed_or_is_wide_is_not_simple():
    for character in "\n\x1b\x7f\x9b\u00ad\u0301\u0483\u200d\u202e\u25fd\u4e2d\ufe0f\U0001f600":
        assert not is_simple(f"a{character}"), hex(ord(character))


@given(st.text(max_size=30))
def test_all_text_is_as_wide_as_for_rich(text):
    assert cell_len(text) == by_rich(text)
