"""Motions: where they lead in any text, by characters as they are seen."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui.typeset.clusters import clusters
from tui.typeset.document import Document
from tui.typeset.model import Paragraph
from tui.typeset.motions import Motions
from tui.typeset.viewport import Place

PLAIN = "The keeper's clock, wound twice, stopped. He went up."


def walk(source: str, motion: str, *, start: str = "first", most: int = 200) -> list[str]:
    """The character at each place a motion leads to, with the next four, until it stays."""
    document = Document(source)
    motions = Motions(document)
    place = getattr(motions, start)()
    seen = []
    for _ in range(most):
        after = getattr(motions, motion)(place)
        if after == place:
            return seen
        place = after
        seen.append(document.plain(place.block)[place.offset :][:5])
    raise AssertionError("it never stops")


def test_words_are_those_of_vim_with_the_apostrophe_in_them():
    assert walk(PLAIN, "word") == [
        "keepe", "clock", ", wou", "wound", "twice", ", sto", "stopp", ". He ", "He we", "went ",
        "up.", ".",
    ]  # fmt: skip
    assert walk(PLAIN, "word_end")[:4] == ["e kee", "s clo", "k, wo", ", wou"]
    assert walk(PLAIN, "word_back", start="last")[:4] == ["up.", "went ", "He we", ". He "]


def test_chinese_and_japanese_go_by_kinds_of_writing():
    assert walk("港の朝、カモメは早い。", "word") == [
        "の朝、カモ", "朝、カモメ", "、カモメは", "カモメは早", "は早い。", "早い。", "い。", "。",
    ]  # fmt: skip


def test_words_go_on_in_the_next_block_and_over_blocks_without_text():
    source = "one\n\n---\n\n[ref]: https://quay.example\n\n- two\n- three"
    assert walk(source, "word") == ["two\nt", "three", "e"]
    assert walk(source, "word_back", start="last") == ["three", "two\nt", "one"]


def test_sentences_end_where_a_person_would_say_so():
    source = (
        "Dr. A. Reyes came at 9.30 p.m. by boat. “Was it late?” she asked. “No!” He left… Then "
        "not.\n\n今日は。「はい。」明日も。"
    )
    ends = walk(source, "sentence_end")
    assert ends == [". “Wa", ". “No", "” He ", "… The", ".", "。「はい。", "」明日も。", "。"]
    starts = walk(source, "sentence_start", start="last")
    assert starts[:3] == ["明日も。", "「はい。」", "今日は。「"]
    assert starts[-1] == "Dr. A"


def test_question_marks_without_end_are_gone_over_once():
    start = time.process_time()
    assert walk("Who" + "?" * 20_000 + "x", "sentence_end") == ["x"]
    assert time.process_time() - start < 3  # 7 s, if from each of them


def test_paragraphs_are_gone_through_by_their_ends_forward_and_their_beginnings_back():
    source = "First one.\n\n- in a list\n- of two\n\n> quoted"
    assert walk(source, "paragraph_end") == [".", "t\nof ", "o", "d"]
    assert walk(source, "paragraph_start", start="last") == ["quote", "of tw", "in a ", "First"]


def test_the_head_is_no_part_of_it_and_footnotes_are():
    document = Document("Text.[^1]\n\n[^1]: The note.", [Paragraph("Title")])
    motions = Motions(document)
    assert motions.first() == Place(1, 0)
    assert motions.first(Place(0, 3)) == Place(1, 0)
    assert document.is_note(motions.last().block)


def test_there_is_nowhere_to_go_in_nothing():
    motions = Motions(Document("---"))
    assert motions.first() is None
    assert motions.last() is None


@pytest.mark.parametrize("cluster", ["👩‍👩‍👧", "é", "🇩🇪", "한", "नि", "각"])
def test_a_character_as_it_is_seen_is_one_step(cluster):
    document = Document(f"a{cluster}b")
    motions = Motions(document)
    after = motions.right(Place(0, 0))
    assert after == Place(0, 1)
    assert motions.end_of(after) == Place(0, 1 + len(cluster))
    assert motions.right(after) == Place(0, 1 + len(cluster))
    assert motions.left(motions.right(after)) == after
    assert motions.snapped(Place(0, len(cluster))) == after


NAMES = ("right", "left", "word", "word_end", "word_back", "sentence_end", "sentence_start",
         "paragraph_end", "paragraph_start")  # fmt: skip
LETTERS = st.text(
    st.sampled_from("ab .,!?\n\n'é\u0301港の。」👩\u200d🇩🇪*->#`|1\u200b\t"), min_size=1, max_size=60
)


@settings(max_examples=150, deadline=None)
@given(LETTERS, st.lists(st.sampled_from(NAMES), max_size=12), st.booleans())
@example("1 \u200d", ["right"], False)
def test_every_motion_leads_to_the_beginning_of_a_character_of_the_text(source, names, head):
    document = Document(source, [Paragraph("Title")] if head else [])
    motions = Motions(document)
    place = motions.first()
    if place is None:
        return
    last = motions.last()
    for name in names:
        after = getattr(motions, name)(place)
        assert motions.first() <= after <= last
        forward = name in ("right", "word", "word_end", "sentence_end", "paragraph_end")
        assert after >= place if forward else after <= place
        place = after
        plain = document.plain(place.block)
        assert place.offset in {start for start, _, _ in clusters(plain)}
        assert plain[place.offset] != "\n"
