"""Searching through the library's door: what is found, counted, shown and called off."""

from __future__ import annotations

import itertools
import os
from collections import Counter

import pytest

from store import Article, CancelledError, Library
from store.beginnings import Beginnings
from store.highlights import Highlight
from tests.benchmarks import corpus

SIZE = 1_200


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Made-up articles, every third read, one in fifty starred, two in the trash."""
    directory = tmp_path_factory.mktemp("many")
    with Library(directory / "library.json", cache_dir=directory / "cache") as library:
        library.add(corpus.articles(0, SIZE))
        library.wait_until_searchable()
        library.mark(range(1, SIZE, 3), read=True)
        library.mark(range(1, SIZE, 50), starred=True)
        library.mark([4, 5], trashed=True)
        yield library


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    directory = tmp_path_factory.mktemp("few")
    with Library(directory / "library.json", cache_dir=directory / "cache") as library:
        library.add(
            [
                Article(title="On carriers", body="The carrier sails.", tags=("navy",)),
                Article(title="大型语言模型", body="GPT模型在北京发布。今天天气很好。"),
                Article(title="夜の東京", body="東京の夜は明るい。コンピューターで書く。"),
                Article(title="ภาษาไทย", body="ผมพูดภาษาไทยได้นิดหน่อย"),
                Article(title="ພາສາລາວ", body="ຂ້ອຍເວົ້າພາສາລາວ"),
                Article(title="ភាសាខ្មែរ", body="ខ្ញុំនិយាយភាសាខ្មែរ"),
                Article(title="မြန်မာဘာသာ", body="ကျွန်တော်မြန်မာစကားပြောတတ်တယ်"),
                Article(title="한국 소식", body="한국은 서울에서 발표했다."),
                Article(title="Ελληνικά", body="Ο δρόμος της Οδύσσειας."),
                Article(title="Straße", body="Die Straße in İstanbul; ﬁne ‘café’ don’t."),
                Article(title="हिन्दी", body="किताब पढ़ना अच्छा है"),
                Article(title="עברית", body="שָׁלוֹם לכולם"),
                Article(title="Names", body="snake_case, state-of-the-art, x86_64 and IPv6."),
                Article(title="A summary", body="Nothing here.", summary="Of the kestrel."),
                Article(title="Unmarked", author="Ada Reyes", body="It begins so. And goes on."),
            ]
        )
        library.highlight(Highlight(15, note="Ask the ornithologist about the kestrel"))
        library.highlight(Highlight(15, quote="It begins so"))
        yield library


def titles(library, query, **options):
    return {row.title for row in library.find(query, **options).rows(0, 50)}


def marks(library, query, **options):
    hit = library.find(query, **options).hits(0, 1)[0]
    return [hit.snippet[a:b] for a, b in hit.spans] + [
        hit.row.title[a:b] for a, b in hit.title_spans
    ]


# ------------------------------------------------------------------------------------ scripts


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("语言", "大型语言模型"),
        ('"语言模型"', "大型语言模型"),
        ("GPT模型", "大型语言模型"),
        ("gpt 模型", "大型语言模型"),
        ("ＧＰＴ", "大型语言模型"),
        ("天气很好", "大型语言模型"),
        ("京", "大型语言模型"),
        ("東京の", "夜の東京"),
        ("ｺﾝﾋﾟｭｰﾀｰ", "夜の東京"),
        ("ภาษา", "ภาษาไทย"),
        ("นิดหน่อย", "ภาษาไทย"),
        ("ພາສາ", "ພາສາລາວ"),
        ("ភាសា", "ភាសាខ្មែរ"),
        ("စကားပြော", "မြန်မာဘာသာ"),
        ("한국", "한국 소식"),
        ("서울", "한국 소식"),
        ("ΔΡΟΜΟΣ", "Ελληνικά"),
        ("οδυσσειας", "Ελληνικά"),
        ("strasse", "Straße"),
        ("istanbul", "Straße"),
        ("FINE", "Straße"),
        ("cafe", "Straße"),
        ("don't", "Straße"),
        ("किताब", "हिन्दी"),
        ("שלום", "עברית"),
        ("snake", "Names"),
        ("snake_case", "Names"),
        ("state-of-the-art", "Names"),
        ("x86_64", "Names"),
        ("ipv6", "Names"),
    ],
)
def test_a_word_of_any_script_is_found_and_marked(few, query, title):
    for typing in (False, True):
        assert title in titles(few, query, typing=typing)
    ids = [hit.row.id for hit in few.find(query).hits(0, 9) if hit.spans or hit.title_spans]
    assert ids == list(few.find(query).ids)


@pytest.mark.parametrize(
    "query", ["语言型", "学习", "北东", "ตลาด", "कताब", "snakecase", "tate of"]
)
def test_what_does_not_stand_side_by_side_is_not_found(few, query):
    assert titles(few, f'"{query}"') == set()


def test_a_library_whose_name_is_no_text_is_searched(tmp_path):
    path = tmp_path / os.fsdecode(b"lib\xff.json")
    with Library(path, cache_dir=tmp_path / "cache") as library:
        library.add([Article(title="A ferry", body="It came late.")])
        library.wait_until_searchable()
        assert library.find("late").count == 1


def test_while_it_is_typed_every_beginning_finds_it(few):
    for word in ("carrier", "state-of-the-art", "GPT模型", "οδύσσειας", "किताब"):
        for end in range(1, len(word) + 1):
            if word[:end].strip("-"):
                assert titles(few, word[:end], typing=True), word[:end]


# ------------------------------------------------------------------------------------ snippets


def test_a_snippet_marks_beginnings_phrases_and_alternatives_but_not_what_is_excluded(few):
    assert marks(few, "carr", typing=True) == ["carrier", "carriers"]
    assert marks(few, '"carrier sails"') == ["carrier sails"]
    assert sorted(marks(few, "sails OR nothingelse")) == ["sails"]
    assert marks(few, "sails -telegraph") == ["sails"]
    assert marks(few, "语言 GPT模型") == ["GPT模型", "语言"]


def test_a_word_of_the_title_only_is_marked_there_only(few):
    hit = few.find("title:carriers").hits(0, 1)[0]
    assert hit.spans == ()
    assert hit.title_spans == ((3, 11),)


def test_what_matches_by_author_or_tag_shows_the_beginning(few):
    hit = few.find("reyes").hits(0, 1)[0]
    assert hit.snippet == "It begins so. And goes on."
    assert hit.spans == ()
    assert few.find("navy").hits(0, 1)[0].snippet == "The carrier sails."


def test_what_matches_by_the_summary_shows_it(few):
    hits = {hit.row.title: hit for hit in few.find("kestrel").hits(0, 9)}
    assert hits["A summary"].snippet == "Of the kestrel."


def test_what_matches_by_a_note_or_highlight_shows_that(few):
    hit = few.find("ornithologist").hits(0, 1)[0]
    assert hit.row.title == "Unmarked"
    assert hit.snippet == "note: Ask the ornithologist about the kestrel"
    assert [hit.snippet[a:b] for a, b in hit.spans] == ["ornithologist"]
    hit = few.find("highlight:begins").hits(0, 1)[0]
    assert hit.snippet == "highlight: It begins so"
    assert [hit.snippet[a:b] for a, b in hit.spans] == ["begins"]


# ------------------------------------------------------------------------------------ filters


def checked(library, query):
    """The ids that meet a query, worked out without the index: each part of it by itself."""
    parts = query.split()
    sets = []
    for part in parts:
        negative = part.startswith("-")
        ids = set(library.find(part.lstrip("-"), everything=True).ids)
        sets.append(set(range(1, SIZE + 1)) - ids if negative else ids)
    return set.intersection(*sets) - {4, 5}


@pytest.mark.parametrize(
    "query",
    [
        "the is:unread",
        "the is:read",
        "the is:starred",
        "the -is:starred",
        "the published:2017..2018",
        "the published:2017-03",
        "the -published:2017..2018",
        "the published:>=2020 words:>1000",
        "the saved:2019",
        "the words:<600",
        "the time:<4m",
        "the lang:zh",
        "lang:zh -the",
        "the lang:en -and",
        "the type:markdown is:starred",
        "the id:7",
        "the tag:TAG",
        "the -tag:TAG is:unread",
        "t* is:read words:>900",
        "-the",
        "-the is:unread",
    ],
)
def test_filters_and_words_together_find_what_each_finds(many, query):
    query = query.replace("TAG", corpus.tags()[0])
    found = many.find(query, everything=True)
    assert set(found.ids) == checked(many, query)
    assert found.exact
    assert found.count == len(found.ids) == many.count(query)


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("(soo OR is:starred)", ("soo", "is:starred")),
        ("(soo OR is:unread)", ("soo", "is:unread")),
        ("(the OR lang:zh)", ("the", "lang:zh")),
        ("(soo OR published:2017)", ("soo", "published:2017")),
    ],
)
def test_words_or_filters_find_what_either_finds(many, query, parts):
    either = set().union(*(many.find(part, everything=True).ids for part in parts))
    assert set(many.find(query, everything=True).ids) == either
    assert many.count(query) == len(either)


def test_a_long_result_gives_the_best_thousand_and_counts_the_others(many):
    for query in ("-zzz", "the OR lang:zh", "the -zzz"):
        found = many.find(query)
        assert len(found.ids) == 1_000
        assert found.ids[:100] == many.find(query, everything=True).ids[:100]
        assert found.count > 1_000 or not found.exact


def test_a_beginning_that_is_excluded_excludes_all_words_that_begin_so(many):
    begun = many.find("p*", everything=True)
    rest = many.find("-p*")
    assert rest.exact
    assert rest.count == SIZE - 2 - begun.count
    assert not set(rest.ids) & set(begun.ids)


def test_an_inexact_count_is_never_too_high(many):
    for query in ("the is:unread", "t*", "a* -is:starred", "th* published:>2016", "-zzz"):
        found = many.find(query)
        exact = many.count(query)
        assert found.count == exact if found.exact else found.count <= exact


def test_sorting_by_date_gives_the_newest_of_all_that_match(many):
    rows = many.find("the sort:published").rows(0, 30)
    everything = many.rows(many.find("the", everything=True).ids)
    dates = sorted((row.published for row in everything), reverse=True)
    assert [row.published for row in rows] == dates[:30]
    oldest = many.find("the sort:-published").rows(0, 30)
    assert [row.published for row in oldest] == dates[::-1][:30]


@pytest.mark.parametrize(("sort", "key"), [("words", "words"), ("saved", "saved")])
def test_sorting_by_a_column_orders_what_matches(many, sort, key):
    rows = many.find(f"soo sort:{sort}").rows(0, 50)
    values = [getattr(row, key) for row in rows]
    assert len(values) > 5
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("query", ["", "is:unread", "tag:history OR the"])
def test_an_order_by_chance_holds_until_another_is_asked_for(many, query):
    found = list(many.find(query, sort="random", everything=True).ids)
    assert sorted(found) == sorted(many.find(query, everything=True).ids)
    assert len(found) > 100
    assert list(many.find(query, sort="random", everything=True).ids) == found
    many.mark(found[:1], starred=True)
    assert list(many.find(query, sort="random", everything=True).ids) == found
    many.shuffle()
    other = list(many.find(query, sort="random", everything=True).ids)
    assert sorted(other) == sorted(found)
    assert other != found


def test_an_order_by_chance_keeps_nothing_of_the_order_of_the_ids(many):
    for _ in range(20):
        many.shuffle()
        found = list(many.find("", sort="random").ids)
        rising = sum(a < b for a, b in itertools.pairwise(found)) / len(found)
        assert 0.4 < rising < 0.6  # 7 standard deviations
        near = sum(abs(a - b) < 12 for a, b in itertools.pairwise(found)) / len(found)
        assert near < 0.06  # 0.02 by chance
        steps = Counter(b - a for a, b in itertools.pairwise(found))
        assert max(steps.values()) < 12


def test_a_limit_caps_rows_and_count(many):
    for query in ("the limit:7", "the sort:published limit:7", "is:read limit:7"):
        found = many.find(query)
        assert (len(found.ids), found.count, many.count(query)) == (7, 7, 7)


def test_the_trash_is_found_only_when_it_is_asked_for(many):
    assert not {4, 5} & set(many.find("lang:en OR lang:zh", everything=True).ids)
    assert set(many.find("is:trashed").ids) == {4, 5}
    assert set(many.find("is:trashed id:4 -zzz").ids) == {4}


# ------------------------------------------------------------------------------------ calling off


class After:
    """Says that a search is called off once it was asked a number of times."""

    def __init__(self, times):
        self.left = times

    def __call__(self):
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize(
    "query", ["the", "th", "the is:unread", "(soo OR is:starred)", "the sort:title", "is:unread"]
)
def test_a_search_that_is_called_off_ends_wherever_it_is(many, query):
    for times in range(100):
        try:
            many.find(query, typing=True, cancelled=After(times))
        except CancelledError:
            continue
        break
    assert times > 0
    with pytest.raises(CancelledError):
        many.count(query, cancelled=lambda: True)


def test_snippets_that_are_called_off_end(many):
    found = many.find("the")
    asked = After(3)
    with pytest.raises(CancelledError):
        found.hits(0, 20, asked)
    assert len(found.hits(0, 20, lambda: False)) == 20


@pytest.mark.parametrize("term", ["#tag ", "is:unread OR ", "-is:starred ", "(word OR #tag) "])
def test_a_query_of_a_great_many_terms_is_answered(few, term):
    result = few.find(term * 12_000)
    assert any("characters" in warning for warning in result.warnings)
    assert few.find("tag:" + "a," * 30_000).warnings


def test_a_beginning_that_a_query_repeats_is_looked_up_as_often_as_one(many, monkeypatch):
    looked = Counter()
    real = Beginnings.words

    def words(self, field, start):
        looked[start] += 1
        return real(self, field, start)

    monkeypatch.setattr(Beginnings, "words", words)
    for query in ("st* {}", "ca* OR {}", "-q* {}", "(st* OR ca*) {}"):
        times = []
        for repeated in (2, 500):
            looked.clear()
            text = query.format("") * repeated
            found = many.find(f"{text} st*")
            times.append((looked.total(), found.count))
        assert times[0] == times[1]


def test_a_word_that_a_query_repeats_counts_so_much_more(tmp_path):
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as library:
        for title, body in (("Kestrel", "A heron. A heron."), ("Heron", "A kestrel. A kestrel.")):
            library.add([Article(title=title, body=body)])
        for word in ("kestrel", "heron"):
            first = next(iter(library.find(f"kestrel heron {word} {word}").ids))
            assert library.get(first).title.lower() == word


@pytest.mark.parametrize(
    "body",
    [
        "We need a<b here.\n\nThe lighthouse.\n\n> quoted",
        "[Editor]: This was made in the lighthouse.\n\nNext.",
        "[note]:\n\nThe lighthouse.",
    ],
)
def test_a_word_behind_what_looks_like_the_beginning_of_a_mark_is_found(tmp_path, body):
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as library:
        library.add([Article(title="T", body=body)])
        library.wait_until_searchable()
        assert list(library.find("lighthouse").ids) == [1]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("```cpp\nstd::vector<int> x = y[0](callback);\n\n10. a<b> c\n```", "int callback 10 b"),
        ("- ~~~\n  List<int> x\n  ~~~\n- [two](https://x.example)", "int two"),
        ("> ```\n> x<int> y\n> ```\n> said\n\nNext, a <b>bold</b> one", "int said bold"),
        ("A `vector<int>` of ``c[`a`](call)`` as [`f<T>`](https://x.example)", "int call t"),
        ("One ` and a <b>bold</b> one\n\nand another ` there", "bold another"),
        ("Take matrix[row][column] of [this][1]\n\n[1]: https://x.example", "row column this"),
    ],
)
def test_a_word_of_code_is_found_as_it_stands_there(tmp_path, body, words):
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as library:
        library.add([Article(title="T", body=body)])
        library.wait_until_searchable()
        for word in words.split():
            assert list(library.find(word).ids) == [1], word
        for mark in ("example", "cpp"):
            assert not list(library.find(mark).ids), mark
