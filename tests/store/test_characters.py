"""Texts that are ASCII but for a few signs are gone through faster, and mean the same."""

from hypothesis import example, given
from hypothesis import strategies as st

from store.article import count_words
from store.characters import ASCII, ORDINARY, without
from store.folding import fold, fold_for_index, tokens
from store.links import links_in
from store.sanitize import scrub

# More different characters than are replaced one by one, so that each is looked up.
_MANY = "абвгдежзиклмнопрстуфхцчшщ"
_FEW = st.lists(
    st.sampled_from(["a", "Word ", "one-two ", "don’t ", "-", "'", "É", "ß", "™", "Σ", "か\u3099",
                     "\u1112\u1161", "ﬁ", "日", "\u0301", "\u00ad", "—", "\xa0", "\n"]),
    max_size=12,
).map("".join)  # fmt: skip
_LINKS = st.lists(
    st.sampled_from(["[", "]", "(", ")", "!", " ", "\n", "x", "[a](http://a.example/)",
                     "![p](http://p.example)", "[b](http://b.example/(c))", "[r]: http://r.example",
                     "[r]"]),
    max_size=10,
).map("".join)  # fmt: skip


@given(st.text(max_size=40))
@example("\ud800é")
def test_what_is_left_is_what_was_not_taken_out(text: str) -> None:
    left = "".join(character for character in text if not character.isascii())
    assert without(text, ASCII) in (left, text)
    assert without("plain\n\ttext", ORDINARY) == ""


@given(_FEW)
def test_few_different_characters_fold_as_among_many(text: str) -> None:
    assert fold(f"{text} {_MANY}") == f"{fold(text)} {_MANY}"
    # The index's tokenizer parts words at punctuation, and so what is nothing else is left.
    assert tokens(fold_for_index(text).lower()) == tokens(text)


@given(_FEW)
def test_words_are_counted_alike_whatever_else_is_in_the_text(text: str) -> None:
    assert count_words(f"{text} ᚠ") == count_words(text) + 1


@given(_FEW, st.text(max_size=40))
@example("", "\u202eab\x1b[31m" + "\u0301" * 20)
def test_a_long_text_is_cleaned_as_a_short_one(ordinary: str, odd: str) -> None:
    before = "ordinary " * 20
    clean, removed = scrub(ordinary + odd)
    assert scrub(before + ordinary + odd) == (before + clean, removed)


@given(_LINKS)
def test_plain_links_are_found_as_among_others(text: str) -> None:
    assert links_in(f"{text}\n\n\\") == links_in(text)
