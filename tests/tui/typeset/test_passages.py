"""Passages of an article: what is kept of them, and where they are after edits."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from store import Anchors
from tui.typeset.document import Document
from tui.typeset.model import Paragraph
from tui.typeset.motions import Motions
from tui.typeset.passages import (
    CONTEXT,
    Anchor,
    Marked,
    Passage,
    anchor_of_passage,
    locate,
    text_of,
    unmoved,
)
from tui.typeset.viewport import Place

SOURCE = """\
The keeper **wound** the clock [every
night](https://quay.example/night).

> He never spoke of it.

- In spring the boats came back.
- The keeper counted them twice.

| who | what |
|-----|------|
| the keeper | the clock |

    wound = clock * 2

He wound it again.[^1]

[^1]: The keeper **said** nothing.
"""
HEAD = [Paragraph("Title of it")]


def passage(document: Document, first: str, last: str) -> Passage:
    """From the first place of one text to the end of another."""
    begin = end = None
    for block in range(document.first, len(document)):
        plain = document.plain(block)
        if begin is None and first in plain:
            begin = Place(block, plain.index(first))
        if begin is not None and last in plain:
            end = Place(block, plain.index(last) + len(last))
            break
    return Passage(begin, end)


def test_what_is_kept_is_the_plain_text_and_that_around_it():
    document = Document(SOURCE, HEAD)
    anchor = anchor_of_passage(document, passage(document, "wound the clock", "every"))
    assert anchor.quote == "wound the clock every"
    assert anchor.before == "The keeper "
    assert anchor.after.startswith(" night.\n\nHe never spoke")
    assert len(anchor.after) == CONTEXT
    assert SOURCE[anchor.position :].startswith("wound")


def test_a_passage_across_blocks_is_whole():
    document = Document(SOURCE, HEAD)
    found = passage(document, "night.", "The keeper counted")
    assert text_of(document, found) == (
        "night.\n\nHe never spoke of it.\n\nIn spring the boats came back.\nThe keeper counted"
    )


def test_what_was_not_moved_is_found_by_its_own_block_and_in_the_whole_text_alike():
    for head in ([], HEAD):
        document = Document(SOURCE, head)
        for first, last in (
            ("keeper", "keeper"), ("wound the", "every night"), ("never", "boats came"),
            ("boats", "twice"), ("the keeper", "the clock"), ("clock *", "2"), ("again", "again"),
            ("said", "nothing"), ("night.", "said"),
        ):  # fmt: skip
            where = passage(document, first, last)
            anchor = anchor_of_passage(document, where)
            assert unmoved(document, anchor) == where
            assert locate(SOURCE, document.first, [anchor], Anchors) == {0: where}


def test_what_was_moved_is_found_in_the_whole_text_only():
    document = Document(SOURCE, HEAD)
    anchor = anchor_of_passage(document, passage(document, "boats", "counted"))
    longer = "A new beginning of three words.\n\n" * 40 + SOURCE.replace("twice", "once")
    now = Document(longer, HEAD)
    assert unmoved(now, anchor) is None
    found = locate(longer, 1, [anchor], Anchors)[0]
    assert text_of(now, found) == anchor.quote


def test_one_that_is_gone_is_an_orphan_and_comes_back_with_its_text():
    document = Document(SOURCE, HEAD)
    anchor = anchor_of_passage(document, passage(document, "In spring", "came back."))
    without = SOURCE.replace("In spring the boats came back.", "Nobody writes about it.")
    assert locate(without, 1, [anchor], Anchors) == {0: None}
    assert locate(SOURCE, 1, [anchor], Anchors)[0] is not None


def test_equal_passages_are_told_apart_where_they_stand_side_by_side():
    source = "Ring the bell. Ring the bell. Ring the bell.\n\n" * 3
    document = Document(source)
    for block in range(3):
        for match in re.finditer("Ring", document.plain(block)):
            where = Passage(Place(block, match.start()), Place(block, match.end()))
            anchor = anchor_of_passage(document, where)
            assert unmoved(document, anchor) in (where, None)
            assert locate(source, 0, [anchor], Anchors) == {0: where}


def test_passages_are_given_block_by_block_before_and_after_all_are_known():
    document = Document(SOURCE, HEAD)
    passages = [
        passage(document, "wound the clock", "every"),
        passage(document, "every", "never"),
        passage(document, "counted", "counted"),
    ]
    anchors = [anchor_of_passage(document, each) for each in passages]
    anchors.append(Anchor("no such words in it", position=40))
    marked = Marked(Document(SOURCE, HEAD), anchors)
    before = [marked.inside(block) for block in range(4)]
    assert [[n for _, _, n in each] for each in before] == [[], [0, 1], [1], [2]]
    assert not marked.complete
    marked.settle(locate(SOURCE, 1, anchors, Anchors))
    assert [marked.inside(block) for block in range(4)] == before
    assert marked.passage(3) is None
    assert [number for _, number in marked.in_order()] == [0, 1, 2]
    assert marked.at(passages[1].start) in (0, 1)
    assert marked.at(Place(3, 0)) is None


def test_with_other_line_ends_the_same_is_found():
    source = SOURCE.replace("\n", "\r\n")
    document = Document(source, HEAD)
    where = passage(document, "boats", "counted")
    anchor = anchor_of_passage(document, where)
    assert unmoved(document, anchor) == where
    assert locate(source, 1, [anchor], Anchors) == {0: where}


WORDS = st.sampled_from(["keeper", "**clock**", "boats", "a", "of", "港の", "e\u0301", "`x`", "x."])
BLOCK = st.tuples(
    st.sampled_from(["", "> ", "- ", "## ", "1. "]), st.lists(WORDS, min_size=1, max_size=9)
).map(lambda part: part[0] + " ".join(part[1]))
SOURCES = st.lists(BLOCK, min_size=1, max_size=9).map("\n\n".join)


@settings(max_examples=120, deadline=None)
@given(SOURCES, SOURCES, SOURCES, st.data())
def test_any_passage_is_found_where_it_is_and_after_edits_around_it(source, above, below, data):
    document = Document(source, HEAD)
    motions = Motions(document)
    places = [motions.first()]
    while (after := motions.right(places[-1])) != places[-1]:
        places.append(after)
    start, last = sorted(data.draw(st.tuples(st.sampled_from(places), st.sampled_from(places))))
    where = Passage(start, motions.end_of(last))
    anchor = anchor_of_passage(document, where)
    quick = unmoved(document, anchor)
    assert quick is None or text_of(document, quick) == anchor.quote
    if not anchor.quote.strip():
        return
    (found,) = locate(source, 1, [anchor], Anchors).values()
    assert text_of(document, found) == anchor.quote
    longer = f"{above}\n\n---\n\n{source}\n\n---\n\n{below}"
    (again,) = locate(longer, 1, [anchor], Anchors).values()
    assert text_of(Document(longer, HEAD), again) == anchor.quote
