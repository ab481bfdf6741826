"""Foreign text passes one door; nothing that a terminal obeys or hides comes out."""

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.article import Article, State
from store.sanitize import (
    MAX_BODY,
    MAX_LINE,
    MAX_MARKS,
    MAX_TAGS,
    clean_article,
    clean_line,
    clean_text,
    clean_url,
    scrub,
)

# Text with the characters that matter far more often than chance would bring them.
_ODD = st.sampled_from(
    [
        *(chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))),
        *("\x1b[", "\x1b]", "\x1bP", "\x1b\\", "31m", "0;title", "\r\n", "\u2028", "\u2029"),
        *("\u202e", "\u2066", "\u200b", "\u200d", "\u00ad", "\ufeff", "\ufffe", "\u0301" * 12),
        *("\ud83d", "\ude00", "\U000e0041", "\U0001f3f4", "\U000e0067\U000e0062", "\U000e007f"),
        *("é", "日本", "עברית", "😀"),
    ]
)
_TEXT = st.lists(st.one_of(_ODD, st.text(max_size=5)), max_size=30).map("".join)
_FLAG_OF_SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


def forbidden(character: str) -> bool:
    code = ord(character)
    return (
        (unicodedata.category(character) == "Cc" and character not in "\n\t")
        or unicodedata.category(character) == "Cs"
        or character in "\u00ad\u200b\u2060\ufeff\u2028\u2029"
        or 0x202A <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
        or code in (0xFFFE, 0xFFFF)
    )


@given(_TEXT)
@example("\x1b\x1b[31m[31m")
@example("\ud800\udc00\udbff")
def test_no_forbidden_character_comes_out(text):
    assert not [character for character in clean_text(text) if forbidden(character)]
    line = clean_line(text)
    assert not [character for character in line if forbidden(character) or character in "\n\t"]


@given(_TEXT)
def test_cleaning_twice_changes_nothing_more(text):
    once = clean_text(text)
    assert clean_text(once) == once
    assert scrub(once)[1] == 0
    line = clean_line(text)
    assert clean_line(line) == line
    url = clean_url("https://example.org/" + text)
    assert clean_url(url) == url


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "M", "Zl", "Zp"])))
def test_clean_text_is_unchanged(text):
    assert clean_text(text) is text


@given(_TEXT)
def test_no_base_carries_more_marks_than_the_cap(text):
    run = 0
    for character in clean_text(text):
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        assert run <= MAX_MARKS


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[38;2;1;2;3mx\x1b[?25l", "x"),
        ("\x9b31mred\x9b0m", "red"),
        ("\x1b[3\x001mred", "red"),
        ("\x1b]0;new title\x07text", "text"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9d0;new title\x9ctext", "text"),
        ("\x1bPq#0;2;0;0;0\n#0~~\x1b\\after", "after"),
        ("\x90q#0\x9cafter", "after"),
        ("\x1b_payload\x1b\\\x1b^note\x1b\\\x1bXstring\x1b\\end", "end"),
        ("\x1b(Bplain\x1b7\x1bc", "plain"),
        ("\x1b#8test", "test"),
        ("ends with \x1b", "ends with "),
    ],
)
def test_escape_sequences_go_whole(dirty, clean):
    assert clean_text(dirty) == clean


def test_an_unfinished_sequence_takes_no_text_with_it():
    assert clean_text("\x1b]2;first line\nsecond line") == "first line\nsecond line"
    assert clean_text("\x1bPfirst line\nsecond line") == "first line\nsecond line"
    # Mojibake of UTF-8 read as Latin-1 holds C1 characters that open nothing.
    assert clean_text("â\x80\x9cHello,â\x80\x9d he said") == "âHello,â he said"


def test_line_ends_of_all_kinds_become_line_feeds_and_are_not_counted_as_unsafe():
    assert scrub("a\r\nb\rc\u2028d\x0be\x0cf\x85g\u2029h") == ("a\nb\nc\nd\ne\nf\ng\n\nh", 0)


def test_bidi_overrides_go_and_the_marks_that_writers_need_stay():
    assert clean_text("user\u202e\u2066exe\u2069.txt") == "userexe.txt"
    assert clean_text("\u05d0\u200f (abc)\u200e \u061c12") == "\u05d0\u200f (abc)\u200e \u061c12"


def test_joiners_of_emoji_and_persian_stay():
    for text in ("👩\u200d👩\u200d👧", "می\u200cخواهم", "क\u094d\u200dष", "❤\ufe0f"):
        assert clean_text(text) == text


def test_tag_characters_stay_in_flags_only():
    assert clean_text(_FLAG_OF_SCOTLAND) == _FLAG_OF_SCOTLAND
    assert clean_text("hi\U000e0068\U000e0069!") == "hi!"
    assert clean_text("\U0001f3f4\U000e0067 no flag") == "\U0001f3f4 no flag"


def test_surrogates_are_paired_or_replaced():
    assert scrub("\ud83d\ude00") == ("😀", 0)
    assert scrub("a\ud83db\ude00") == ("a\ufffdb\ufffd", 2)


def test_real_writing_with_marks_is_left_alone():
    for text in ("e\u0302\u0301", "\u05d1\u05b0\u05bc\u0596", "प्रार्थना", "————————————", "🙂" * 20):
        assert clean_text(text) is text


def test_the_count_is_of_unsafe_characters():
    assert scrub("\x1b[31mred\x1b[0m\x00") == ("red", 10)
    assert scrub("a" + "\u0301" * 20) == ("a" + "\u0301" * MAX_MARKS, 20 - MAX_MARKS)


def test_a_line_has_no_line_ends_and_no_doubled_spaces():
    assert clean_line("  A\ttitle\r\n on  two lines ") == "A title on two lines"
    assert clean_line("10\u00a0000") == "10\u00a0000"
    assert clean_line("x" * 5_000) == "x" * (MAX_LINE - 1) + "…"


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("  https://example.org/a b\n", "https://example.org/a%20b"),
        ('https://example.org/"<x>', "https://example.org/%22%3Cx%3E"),
        ("https://example.org/\x1b]8;;\x07x", "https://example.org/x"),
        ("//example.org/a", "https://example.org/a"),
        ("www.example.org", "https://www.example.org"),
        ("example.org/a", "https://example.org/a"),
        ("mailto:desk@example.org", "mailto:desk@example.org"),
        ("javascript:alert(1)", ""),
        ("JavaScript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("notes.md", ""),
        ("", ""),
        ("https://example.org/" + "x" * 9_000, ""),
    ],
)
def test_links_are_made_safe_or_dropped(dirty, clean):
    assert clean_url(dirty) == clean


def test_an_article_is_cleaned_in_all_its_fields():
    article, removed = clean_article(
        Article(
            title="A \x1b[1mtitle\x1b[0m\nof two lines",
            body="One.\r\n\r\nTwo\x00.",
            author="\u202eA. Writer",
            url="javascript:x",
            tags=("\x07News", "news", "a\u200bb"),
            words=3,
            extra={"k\x00ey": ["\x1b[2Jv", 3, None, {"deep": "\u202e"}]},
            state=State(progress=7.5, position=-3, anchor="\x9b1mhere"),
        )
    )
    assert article.title == "A title of two lines"
    assert article.body == "One.\n\nTwo."
    assert article.author == "A. Writer"
    assert article.url == ""
    assert article.tags == ("news", "ab")
    assert article.words == 2
    assert article.extra == {"key": ["v", 3, None, {"deep": ""}]}
    assert article.state == State(progress=1.0, position=0, anchor="here")
    assert removed == 8 + 1 + 1 + 12 + 2 + 1 + 4 + 1


def test_a_clean_article_comes_back_as_it_is():
    article = Article(title="T", body="Text.\n", url="https://example.org", tags=("a",), words=1)
    assert clean_article(article) == (article, 0)
    assert clean_article(article)[0] is article


def test_sizes_are_capped():
    article, removed = clean_article(
        Article(body="x" * (MAX_BODY + 5), tags=tuple(f"t{n}" for n in range(500)))
    )
    assert len(article.body) == MAX_BODY
    assert article.body.endswith("…")
    assert len(article.tags) == MAX_TAGS
    assert removed == 5


def test_nesting_without_end_is_cut():
    value = "x"
    for _ in range(500):
        value = [value]
    article, removed = clean_article(Article(extra={"deep": value}))
    assert removed == 1
    assert str(article.extra).count("[") < 40


@pytest.mark.parametrize(
    "hostile",
    [
        "\x9d1",
        "\x90",
        "\x1b]0",
        "\x1bP",
        "\x1b[",
        "\x1b[1",
        "\u0301",
        "\U0001f3f4\U000e0067",
        "\ud800",
    ],
)
def test_hostile_text_costs_linear_time(hostile):
    start = time.process_time()
    clean_text(hostile * 100_000)
    assert time.process_time() - start < 3
