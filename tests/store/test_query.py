"""The query language: what a text is understood as, and that any text is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import Article, Library
from store.operators import OPERATORS
from store.query import And, Filter, Not, Or, Phrase, Word, parse
from store.row import fewest_words, reading_minutes


def test_words_stand_side_by_side_and_all_must_match():
    assert parse("korea missile").tree == And((Word("korea"), Word("missile")))


def test_the_last_word_is_also_a_beginning_while_typing():
    assert parse("korea mis", typing=True).tree == And((Word("korea"), Word("mis", prefix=True)))
    assert parse("korea mis ", typing=True).tree == And((Word("korea"), Word("mis")))


def test_a_star_asks_for_a_beginning():
    assert parse("miss* test").tree == And((Word("miss", prefix=True), Word("test")))


def test_quotes_make_a_phrase():
    assert parse('"aircraft carrier"').tree == Phrase("aircraft carrier")


def test_a_minus_negates_words_phrases_groups_and_fields():
    assert parse("-draft").tree == Not(Word("draft"))
    assert parse('-"a draft"').tree == Not(Phrase("a draft"))
    assert parse("-(a OR b)").tree == Not(Or((Word("a"), Word("b"))))
    assert parse("-tag:work").tree == Not(Filter("tag", "work"))


def test_juxtaposition_binds_tighter_than_or():
    assert parse("a b OR c").tree == Or((And((Word("a"), Word("b"))), Word("c")))
    assert parse("(a OR b) c").tree == And((Or((Word("a"), Word("b"))), Word("c")))


def test_or_in_small_letters_is_a_word():
    assert parse("a or b").tree == And((Word("a"), Word("or"), Word("b")))


def test_a_comma_in_a_field_means_or():
    assert parse("tag:a,b").tree == Or((Filter("tag", "a"), Filter("tag", "b")))


def test_a_hash_is_short_for_a_tag():
    assert parse("#history").tree == Filter("tag", "history")


def test_a_field_takes_a_word_a_beginning_or_a_phrase():
    assert parse("author:ada").tree == Word("ada", field="author")
    assert parse("title:kor*").tree == Word("kor", prefix=True, field="title")
    assert parse('author:"ada reyes"').tree == Phrase("ada reyes", field="author")


def test_order_and_cap_are_no_conditions():
    query = parse("ships sort:-words limit:20")
    assert (query.tree, query.sort, query.limit) == (Word("ships"), "-words", 20)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("isue:unread", "isue"),
        ("is:unred", "nearest is unread"),
        ("published:yesteryear", "published"),
        ("sort:size", "sort"),
        ("limit:many", "limit"),
        ("-limit:3", "-limit:3 excludes nothing"),
        ("-sort:title", "sort:-title turns it round"),
        ("-", "- needs a term after it"),
        ('"open', "quote"),
        ("(open", "("),
        ("closed)", ")"),
        ("a OR", "OR"),
        ("tag:", "tag"),
    ],
)
def test_what_is_not_understood_is_named_in_one_line(text, names):
    (warning,) = parse(text).warnings
    assert names in warning
    assert "\n" not in warning


@pytest.mark.parametrize("text", ['"open', "(open", "a OR", "tag:", "is:unr", "sort:ti"])
def test_what_is_not_finished_is_no_mistake_while_typing(text):
    assert parse(text, typing=True).warnings == ()


def test_an_unknown_field_is_searched_for_as_text():
    assert parse("ratio:9").tree == Phrase("ratio 9")


def test_an_address_is_text_and_needs_no_warning():
    query = parse("https://example.org/a")
    assert query.tree == Phrase("https://example.org/a")
    assert query.warnings == ()


@pytest.mark.parametrize("text", ["", "  ", "-", "--", "OR", "()", '""', "*", "…", "-()"])
def test_nothing_to_look_for_finds_everything(text):
    assert parse(text).tree == And()


@pytest.mark.parametrize("name", OPERATORS)
def test_the_example_of_every_operator_is_understood(name):
    query = parse(OPERATORS[name].example)
    assert query.warnings == ()
    assert query.tree != And()


pieces = st.sampled_from(
    ['"', "(", ")", "-", "OR", " ", ":", "*", "#", ",", "..", ">", "<", "=", "is:", "tag:", "sort:",
     "limit:", "published:", "words:", "view:", "é", "字", "a", "unread", "2017", "-03", "7d", "\n",
     "\\"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(pieces, max_size=25).map("".join)), st.booleans())
def test_any_text_is_a_query(text, typing):
    query = parse(text, typing=typing)
    assert query.text == text
    assert all("\n" not in warning for warning in query.warnings)


def test_brackets_without_end_are_parsed_in_bounded_depth():
    assert parse("(" * 5_000 + "a").tree is not None


def test_what_is_being_typed_is_a_beginning_unless_it_is_excluded():
    assert parse("ships dra", typing=True).tree == And((Word("ships"), Word("dra", prefix=True)))
    assert parse("ships -dra", typing=True).tree == And((Word("ships"), Not(Word("dra"))))
    assert parse("-title:dra", typing=True).tree == Not(Word("dra", field="title"))


def test_a_tag_being_typed_is_a_beginning_too():
    assert parse("#his", typing=True).tree == Filter("tag", "his*")
    assert parse("tag:war,his", typing=True).tree == Or(
        (Filter("tag", "war"), Filter("tag", "his*"))
    )
    assert parse("tag:his ", typing=True).tree == Filter("tag", "his")
    assert parse("-#his", typing=True).tree == Not(Filter("tag", "his"))


@pytest.mark.parametrize(
    "text",
    ["is:", "is:unr", "published:2017-", "published:2017-0", "published:tod", "published:2017..2",
     "published:<7", "words:>", "words:5.", "time:<", "sort:ti", "limit:", "view:Un", "older:1",
     "tag:a is:st", "like:", "id:", "published:>"],
)  # fmt: skip
def test_what_may_become_a_term_is_left_out_until_it_is_finished(text):
    typed = parse(text, typing=True)
    assert (typed.warnings, typed.unfinished) == ((), True)
    (warning,) = parse(text, typing=True, finished=True).warnings
    assert text.rpartition(" ")[2].partition(":")[0] in warning
    assert not parse(text, typing=True, finished=True).unfinished


@pytest.mark.parametrize(
    "text",
    ["is:unred", "published:2017-13", "words:abc", "words:today", "sort:foo", "limit:x",
     "view:Nowhere", "has:nothing", "is:unr,read", "older:soon"],
)  # fmt: skip
def test_what_can_become_no_term_is_told_while_it_is_typed(text):
    typed = parse(text, typing=True)
    assert len(typed.warnings) == 1
    assert not typed.unfinished
    assert typed == parse(text, typing=True, finished=True)


@pytest.mark.parametrize("text", ["harb", "title:harb", '"open', "(a", "a OR", "#ne", "tag:ne", ""])
def test_words_that_were_typed_stay_beginnings_when_they_are_finished(text):
    assert parse(text, typing=True, finished=True) == parse(text, typing=True)


def test_and_between_terms_says_what_is_so_anyway():
    assert parse("ships AND planes").tree == parse("ships planes").tree
    assert parse("ships AND -planes AND (a OR b)").tree == parse("ships -planes (a OR b)").tree
    assert parse("ships AND", typing=True).tree == parse("ships").tree
    assert parse("AND").tree == Word("AND")
    assert parse("ships and planes").tree != parse("ships planes").tree


def test_the_short_form_of_tags_takes_several():
    assert parse("#news,history").tree == parse("tag:news,history").tree
    assert parse("-#news,history").tree == parse("-tag:news,history").tree
    assert parse("#news,his", typing=True).tree == parse("tag:news,his", typing=True).tree


def test_the_short_form_of_tags_takes_quotes():
    assert parse('#"long reads"').tree == Filter("tag", "long reads")
    assert parse('-#"long reads" x').tree == parse('-tag:"long reads" x').tree
    assert parse('#"a,b"', typing=True).tree == Filter("tag", "a,b")
    assert parse('#"long').warnings == ('the quote that opens #"long is not closed',)
    assert parse('#"long', typing=True).warnings == parse('#""').warnings == ()


def test_a_quote_within_quotes_is_written_twice():
    assert parse('tag:"quo""te"').tree == parse('#"quo""te"').tree == Filter("tag", 'quo"te')
    assert parse('tag:"""a"""').tree == Filter("tag", '"a"')
    assert parse('title:"the ""old"" sea"').tree == Phrase('the "old" sea', "title")
    assert parse('"the ""old"" sea" lake').tree == And((Phrase('the "old" sea'), Word("lake")))
    assert parse('#"a""').warnings == ('the quote that opens #"a"" is not closed',)
    assert parse('tag:"quo""te"').warnings == parse('""').warnings == ()


def test_any_note_at_all_is_written_with_a_star():
    for name in ("note", "highlight", "author"):
        assert parse(f"{name}:*").tree == parse(f"has:{name}").tree


@given(st.integers(1, 3_000))
def test_minutes_and_words_agree(minutes):
    assert reading_minutes(fewest_words(minutes)) == minutes
    assert reading_minutes(fewest_words(minutes) - 1) == minutes - 1


@pytest.mark.parametrize(
    "query",
    [
        "published:0001..9999", "published:9999", "published:9999-12", "published:>=9999-12",
        "published:..9999", "before:9999-12-31T12 OR published:9999-12-31",
        "words:<99999999999999999999", f"words:..{'9' * 5_000}", f"time:<{'9' * 400}m",
        "progress:<100000000000%", f"limit:{'9' * 5_000}", "published:<9999999d",
    ],
)  # fmt: skip
def test_bounds_that_nothing_reaches_find_all(tmp_path, query):
    with Library(tmp_path / "library.json") as library:
        library.add([Article(title="The last day", body="It ends.", published="9999-12-31")])
        found = library.find(query)
        assert list(found.ids) == [1]
        assert not found.warnings
        assert list(library.find("published:>9999 OR words:>99999999999").ids) == []
