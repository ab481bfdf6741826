"""Folding, tokens, marks and snippets: what the index finds is what is marked."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.folding import fold, fold_with_offsets, tokens
from store.fulltext import FullText
from store.matching import Term, TextMatcher, snippet, snippet_of_markdown
from store.query import parse


@pytest.fixture(scope="module")
def fulltext(tmp_path_factory):
    return FullText(tmp_path_factory.mktemp("words"))


def matcher(query, *, typing=False):
    return TextMatcher(map(Term.of, parse(query, typing=typing).words()))


def marked(query, text, *, typing=False, field="body"):
    return [text[a:b] for a, b in matcher(query, typing=typing).spans(text, field)]


LETTERS = st.sampled_from(
    "aZéßıİσςΣﬁøÆ ,.'’_-…™½²①Ⅷ　ＡｶﾞがかÅ漢字模型조선은کتابُשָׁالक्षिकाதமிழ்ไทยก็ပြန်កម្ពុ"
    "\u0301\u0308\u200d\u00ad\u3099\u309a\u1112\u1161\u11ab\u093f\u20dd\ufe0f𝔘😀🅰\u0488"
    "한ㅎㅏㄳﾡￂ㉠㉼㌀\u0bca\u0bc6\u0bbe\u1025\u102e"
)
TEXTS = st.one_of(st.text(LETTERS, max_size=30), st.text(max_size=30))


# ------------------------------------------------------------------------------------ tokens


@given(TEXTS)
def test_the_index_and_the_marks_see_the_same_words(fulltext, text):
    assert fulltext.tokens(text) == tokens(text)


def test_they_agree_on_every_character_of_the_basic_plane(fulltext):
    characters = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    for start in range(0, len(characters), 500):
        part = characters[start : start + 500]
        text = " ".join(f"x{character}y {character}" for character in part)
        if fulltext.tokens(text) != tokens(text):
            odd = [hex(ord(c)) for c in part if fulltext.tokens(f"x{c}y") != tokens(f"x{c}y")]
            pytest.fail(f"not the same on {odd}")


@given(TEXTS)
@example("\u1112\u00ad\u1161")
@example("\u1112\u3099\u1161")
@example("㉼\u11ab")
@example("ㅎㅏ")
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
@example("\u0bca")
@example("ｶ\u0301ﾞ")
def test_what_unicode_holds_equal_folds_to_the_same(text):
    assert fold(unicodedata.normalize("NFC", text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


def test_a_storm_of_marks_that_join_nothing_is_folded_at_once():
    assert fold("あ" + "\u3099" * 200_000 + "\u1112\u1161") == "あ하"


@given(TEXTS)
def test_offsets_ascend_and_end_with_the_text(text):
    folded, offsets = fold_with_offsets(text)
    if offsets is None:
        assert len(folded) == len(text)
    else:
        assert len(offsets) == len(folded) + 1
        assert offsets == sorted(offsets)
        assert offsets[-1] == len(text) or not folded


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("cafe", "Café"),
        ("cafe", "CAFE\u0301"),
        ("strasse", "Straße"),
        ("οδος", "ΟΔΟΣ"),
        ("οδοσ", "οδός"),
        ("istanbul", "İstanbul"),
        ("ısı", "ISI"),
        ("fine", "ﬁne"),
        ("2024", "２０２４"),
        ("ガ", "ｶﾞ"),
        ("が", unicodedata.normalize("NFD", "が")),
        ("한국", unicodedata.normalize("NFD", "한국")),
        ("한국", "하\u11ab\u1100\u00ad\u116e\u0301\u11a8"),
        ("한", "ㅎㅏ\u11ab"),
        ("ガ", "ｶ\u00adﾞ"),
        ("கொ", "க\u0bc6\u0bbe"),
        ("שלום", "שָׁלוֹם"),
        ("كتاب", "كِتَابٌ"),
        ("cooperate", "co\u00adoperate"),
    ],
)
def test_case_accents_and_width_do_not_matter(typed, written):
    assert tokens(typed) == tokens(written)
    assert marked(typed, f"x {written} y") == [written]


def test_a_letter_is_not_the_letter_with_another_vowel_sign():
    assert marked("कि", "का कि की") == ["कि"]
    assert marked("क", "का कि क") == ["क"]


# ------------------------------------------------------------------------------------ marks


@given(TEXTS, st.data())
def test_any_run_of_words_of_a_text_is_marked_in_it(text, data):
    words = tokens(text)
    if words:
        start = data.draw(st.integers(0, len(words) - 1))
        stop = data.draw(st.integers(start + 1, len(words)))
        assert TextMatcher([Term(tuple(words[start:stop]))]).spans(text)


@given(TEXTS, TEXTS, st.booleans())
def test_what_is_marked_holds_the_words_looked_for(sought, text, prefix):
    words = tuple(tokens(sought))
    spans = TextMatcher([Term(words, prefix)]).spans(text)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    for a, b in spans:
        found = tokens(text[a:b])
        assert tuple(found[:-1]) == words[:-1]
        assert found[-1].startswith(words[-1]) if prefix else found[-1] == words[-1]


@pytest.mark.parametrize(
    ("query", "text", "marks"),
    [
        ("art", "Art, part, arts: art.", ["Art", "art"]),
        ("art*", "Art, part, arts", ["Art", "arts"]),
        ('"state of the art"', "a state-of-the-art state of the arts", ["state-of-the-art"]),
        ("don't", "I don’t, don t; dont", ["don’t", "don t"]),
        ("snake_case", "a snake_case and snake case", ["snake_case", "snake case"]),
        ("cat OR dog", "a dog, a cat", ["dog", "cat"]),
        ("cat -dog", "a dog, a cat", ["cat"]),
        ("title:cat", "a cat", []),
        ("body:cat", "a cat", ["cat"]),
        ("模型", "GPT模型好", ["模型"]),
        ("GPT模型", "用GPT 模型的", ["GPT 模型"]),
        ("GPT", "用GPT模型", ["GPT"]),
        ("東京の", "夜の東京の夜", ["東京の"]),
        ("ภาษา", "ในภาษาไทย", ["ภาษา"]),
        ("한국", "한국은 크다", ["한국은"]),
        ("aa", "baa aa", ["aa"]),
        ('"b a b"', "xb a b a b", ["b a b"]),
    ],
)
def test_marks_are_the_words_of_the_query(query, text, marks):
    assert marked(query, text) == marks


def test_a_word_being_typed_marks_the_whole_words_that_begin_so():
    assert marked("ko", "Korea, a korma; dekor", typing=True) == ["Korea", "korma"]


def test_a_word_of_one_field_is_marked_there_only():
    assert marked("title:cat", "a cat", field="title") == ["cat"]
    assert marked("author:reyes cat", "Reyes' cat", field="title") == ["cat"]


def test_marks_take_as_long_as_the_text_is():
    text = "ab " * 100_000
    assert len(marked('"ab ab c" OR "ab"', text)) == 100_000


# ------------------------------------------------------------------------------------ snippets


def test_a_snippet_is_centred_on_the_densest_cluster():
    far = "filler " * 100
    text = f"the carrier {far} the carrier and the planes {far} planes"
    line, spans = snippet(text, matcher("carrier planes"))
    assert [line[a:b] for a, b in spans] == ["carrier", "planes"]
    assert line.startswith("…") and line.endswith("…")
    assert abs((spans[0][0] + spans[-1][1]) // 2 - len(line) // 2) < 30


def test_words_that_begin_alike_are_one_term_for_the_cluster():
    far = "filler " * 100
    text = f"korea korma korbel {far} korea ships"
    line, spans = snippet(text, matcher("ships kor", typing=True))
    assert [line[a:b] for a, b in spans] == ["korea", "ships"]


def test_without_a_match_the_beginning_is_shown():
    line, spans = snippet_of_markdown("# Head\n\nThe *text*.", matcher("other"))
    assert (line, spans) == ("Head The text.", [])


def test_markup_is_not_shown_and_marks_are_right():
    source = (
        f"{'word ' * 300}\n\nA [carrier](https://x.example/carrier) **sails**.\n\n" + "end " * 90
    )
    line, spans = snippet_of_markdown(source, matcher('"carrier sails"'))
    assert [line[a:b] for a, b in spans] == ["carrier sails"]
    assert "](" not in line and "**" not in line
