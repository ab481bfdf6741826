"""Finding a marked passage again after the text was edited."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from store.anchoring import Anchors
from store.highlights import CONTEXT

TEXT = (
    "The keeper wound the clock every night. He never spoke of it.\n"
    "In spring the boats came back, and the keeper counted them twice: once for the harbour, "
    "once for himself.\n"
    "He wound the clock again — “as one does” — and wrote the number down."
)


def marked(text: str, start: int, end: int) -> dict:
    """A passage as it is kept."""
    return {
        "quote": text[start:end],
        "before": text[max(0, start - CONTEXT) : start],
        "after": text[end : end + CONTEXT],
        "near": start,
    }


def passage(quote: str, which: int = 0, text: str = TEXT) -> dict:
    start = [match.start() for match in re.finditer(re.escape(quote), text)][which]
    return marked(text, start, start + len(quote))


def found(text: str, passage: dict) -> str | None:
    span = Anchors(text).find(**passage)
    return None if span is None else text[slice(*span)]


def test_a_quote_that_ends_with_marks_without_end_is_found_at_once():
    marks = ", " * 30_000
    start = time.process_time()
    assert found(f"The LAMP{marks}was lit.", passage={"quote": f"the lamp{marks}was"}) is not None
    assert time.process_time() - start < 3  # half a minute, if from each of them


@pytest.mark.parametrize("unit", ["a", "a.", "a b ", "- "])
def test_a_quote_that_is_in_the_text_again_from_each_character_is_found_at_once(unit):
    text = f"See: {unit * 100_000} end"
    kept = marked(text, 5 + 3 * len(unit), 5 + 50_003 * len(unit))
    start = time.process_time()
    span = Anchors(text).find(**kept)
    assert span == (kept["near"], kept["near"] + len(kept["quote"]))
    assert time.process_time() - start < 1.5  # three to twelve, if it is compared at each place


@given(
    st.text("ab", min_size=1, max_size=3), st.integers(1, 9), st.text("ab.", max_size=9), st.data()
)
def test_of_places_that_overlap_the_nearest_is_meant(unit, times, more, data):
    text = unit * times + more + unit * times
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote, near = text[start:end], data.draw(st.integers(0, len(text)))
    assume(quote.strip("."))
    places = [at for at in range(len(text)) if text.startswith(quote, at)]
    text, quote = ".".join(text), ".".join(quote)  # so that each letter is a word
    best = min(places, key=lambda at: (abs(2 * at - near), at))
    assert Anchors(text).find(quote, near=near) == (2 * best, 2 * best + len(quote))


@pytest.mark.parametrize(("opening", "closing"), [("<", "b>"), ("[", "](u)"), ("<a", ">")])
def test_markup_inside_of_markup_without_end_is_no_passage(opening, closing):
    assert Anchors(TEXT).find(opening * 5_000 + closing * 5_000) is None


def letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def distance(one: str, other: str) -> int:
    """Edit distance, the slow way."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1]


def test_of_equal_passages_the_one_with_the_context_is_meant_wherever_it_stands():
    first, second = passage("wound the clock"), passage("wound the clock", 1)
    for kept, rest in ((first, " every night"), (second, " again")):
        kept["near"] = 5_000  # the offset says nothing any more
        for text in (TEXT, f"{'Something new. ' * 40}\n{TEXT}", TEXT.replace("never", "seldom")):
            span = Anchors(text).find(**kept)
            assert text[span[1] :].startswith(rest)


def test_without_context_the_nearest_is_meant():
    text = "one mark here, " * 50
    assert Anchors(text).find("mark", near=15 * 30 + 6) == (15 * 30 + 4, 15 * 30 + 8)
    assert Anchors(text).find("mark") == (4, 8)


def test_a_quote_alone_is_found():
    assert found(TEXT, {"quote": "once for the harbour"}) == "once for the harbour"


def test_a_word_is_not_found_inside_another_unless_it_was_marked_so():
    assert Anchors("Bathe, then rest.").find("the") is None
    assert Anchors("Bathe, then the rest.").find("the") == (12, 15)
    assert found("A wordy text", {"quote": "word", "before": "A ", "after": "y text"}) == "word"


@pytest.mark.parametrize(
    "edited",
    [
        TEXT.replace("“as one does”", '"as one does"').replace("—", "--"),
        TEXT.replace("\n", "\n\n").replace(" ", "\n", 20),
        TEXT.upper(),
        TEXT.replace("clock again", "clock  **again**"),
        TEXT.replace("o", "ö"),
    ],
)
def test_typography_white_space_case_and_accents_do_not_matter(edited):
    kept = passage("He wound the clock again — “as one does”")
    assert letters(found(edited, kept)).replace("ö", "o") == letters(kept["quote"])


def test_punctuation_at_the_ends_is_part_of_what_is_found():
    kept = passage("“as one does” —")
    assert found(TEXT.replace("“as one does” —", '"As one does" –'), kept) == '"As one does" –'


def test_a_passage_across_paragraphs_is_found():
    kept = passage("He never spoke of it.\nIn spring the boats")
    assert found(TEXT.replace("\n", "\n\n"), kept) == "He never spoke of it.\n\nIn spring the boats"


def test_a_passage_that_was_edited_is_found_as_what_it_is_now():
    kept = passage("the boats came back, and the keeper counted them twice")
    edited = TEXT.replace("came back, and the keeper counted", "returned, and the keeper counts")
    assert found(edited, kept) == "the boats returned, and the keeper counts them twice"


def test_a_passage_that_was_rewritten_is_an_orphan_until_it_comes_back():
    kept = passage("the boats came back, and the keeper counted them twice")
    rewritten = TEXT.replace(kept["quote"], "nobody saw a sail before the first frost of that year")
    assert found(rewritten, kept) is None
    assert found(TEXT, kept) == kept["quote"]


def test_a_word_that_is_gone_is_not_found_in_what_only_resembles_it():
    assert Anchors("The keepsake was sold.").find("keeper", near=4) is None


def test_scripts_without_spaces_are_found_and_found_again_after_an_edit():
    text = "港の朝は早い。灯台守は毎晩時計を巻き、船が帰るのを二度数えた。誰もそれを話さない。"
    kept = passage("灯台守は毎晩時計を巻き、船が帰るのを二度数えた", 0, text)
    assert found(f"新しい段落。{text}", kept) == kept["quote"]
    edited = text.replace("船が帰る", "舟が戻る")
    assert found(edited, kept) == "灯台守は毎晩時計を巻き、舟が戻るのを二度数えた"


def test_letters_in_pieces_are_found_whole():
    assert found("Le cafe\u0301 noir", {"quote": "café"}) == "cafe\u0301"
    assert found("\u1112\u1161\u11ab\u1100\u1173\u11af", {"quote": "한글"}) == (
        "\u1112\u1161\u11ab\u1100\u1173\u11af"
    )


def test_a_quote_in_markdown_is_found_by_what_is_seen_of_it():
    kept = {"quote": "the **keeper** counted [them](https://quay.example/them) twice"}
    assert found(TEXT, kept) == "the keeper counted them twice"


def test_nothing_is_found_for_nothing():
    for quote in ("", "  \n", "!?", "\u0301"):
        assert Anchors(TEXT).find(quote) is None
    assert Anchors("").find("keeper") is None


def test_a_very_long_passage_is_found_after_edits_in_it_and_is_quick_to_find():
    words = random.Random(4).choices([f"w{i}x" for i in range(900)], k=60_000)
    text = " ".join(words)
    start, end = len(" ".join(words[:20_000])) + 1, len(" ".join(words[:29_000]))
    kept = marked(text, start, end)
    for at in range(20_300, 28_700, 60):
        words[at] = "changed"
    edited = " ".join(["And", "before", "it", *words])
    again = found(edited, kept)
    assert again.startswith(kept["quote"][:200])
    assert again.endswith(kept["quote"][-200:])


VOCABULARY = """
the a keeper clock night of it boats spring harbour wound never spoke counted himself number wrote
again once twice lamp oil stair tide quay 港 灯台 é ß
"""
WORDS = st.sampled_from(VOCABULARY.split())
SENTENCES = st.lists(WORDS, min_size=3, max_size=14).map(lambda w: " ".join(w).capitalize() + ".")
TEXTS = st.lists(SENTENCES, min_size=2, max_size=14).map("\n".join)


@st.composite
def edited(draw):
    """A text, a passage in it, and the text after edits anywhere."""
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, min(len(text), start + 160)))
    now = text
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(now)))
        gone = draw(st.integers(0, 30))
        now = now[:at] + draw(st.one_of(st.just(""), SENTENCES)) + now[at + gone :]
    return text, marked(text, start, end), now


@settings(max_examples=150, deadline=None)
@given(edited())
def test_what_is_found_has_the_quote_or_little_else_or_it_is_an_orphan(case):
    _, kept, now = case
    span = Anchors(now).find(**kept)
    if span is None:
        assert not kept["quote"].strip() or not re.search(
            rf"(?<!\w){re.escape(kept['quote'])}(?!\w)", now
        )
        return
    start, end = span
    assert 0 <= start < end <= len(now)
    wanted, there = letters(kept["quote"]), letters(now[start:end])
    accents = sum(letter in "éß" for letter in wanted + there)  # "é" counts as "e" where one looks
    most = len(wanted) / 3 + accents
    assert now[start:end] == kept["quote"] or distance(wanted, there) <= most


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.data())
def test_what_was_not_edited_is_found_where_it_is_whatever_was_added_around_it(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    kept = marked(text, start, end)
    assume(kept["quote"].strip())
    above, below = data.draw(TEXTS), data.draw(TEXTS)
    span = Anchors(f"{above}\n{text}\n{below}").find(**kept)
    assert span is not None
    there = f"{above}\n{text}\n{below}"[slice(*span)]
    assert there == kept["quote"]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.text(max_size=30), st.text(max_size=9), st.text(max_size=9))
def test_any_text_and_any_quote_are_taken(text, quote, before, after):
    span = Anchors(text).find(quote, before, after, near=7)
    assert span is None or 0 <= span[0] < span[1] <= len(text)
