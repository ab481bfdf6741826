"""Plain text in the wild comes back as the author wrote it."""

import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.importers.record import Rejected, Source
from store.importers.text import read_text
from store.plaintext import plain_text

SAMPLE = Path(__file__).parents[3] / "sample_data" / "two-column.txt"

OPENING = (
    "On the first warm morning of June the lift bridge at Carrick Sound refused to open, and for "
    "nine hours nothing larger than a kayak passed beneath it. Three trawlers waited outside with "
    "their holds full."
)
SECOND = (
    "The relay in question was made in 1934 by a firm that no longer exists, in a town that has "
    "since changed countries. It is the size of a shoe box, and it decides whether the two leaves "
    "of the bridge may rise. When it is damp the relay says no."
)
THIRD = (
    "The leaves rose in the afternoon. It was, everyone agreed afterwards, the most beautiful "
    "thing they had seen all week: two hundred tons of steel going up without a sound, with the "
    "whole bright sea behind it."
)


def read(text, name="a-note.txt"):
    data = text if isinstance(text, bytes) else text.encode()
    (article,) = read_text(Source(name, data))
    assert not isinstance(article, Rejected), article
    return article


def body_of(text):
    """The body of a text that has a title."""
    return read(f"The Bridge\n\n{text}").body


def wrap(*paragraphs, width=72, between="\n\n", **options):
    return between.join(textwrap.fill(p, width, **options) for p in paragraphs) + "\n"


# --- the head ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        "The Bridge\nBy Ruth Okonjo\nMar. 9, 2017",
        "The Bridge\n\nBy Ruth Okonjo\n\nMar. 9, 2017\n",
        "The Bridge\n\nRuth Okonjo\n9 March 2017\n",
        "March 9, 2017\n\nThe Bridge\n\nby Ruth Okonjo\n",
        "The Bridge\nBy Ruth Okonjo | March 9, 2017\n",
        "The Bridge\n\nRuth Okonjo, 2017-03-09\n",
        "Thu, 9 Mar 2017\nThe Bridge\nWritten by Ruth Okonjo\n",
        "The Bridge\n\nVon Ruth Okonjo\n\nDonnerstag, 9. März 2017\n",
        "The Bridge\n\nPar Ruth Okonjo\n\nPublié le 9 mars 2017\n",
        "Title: The Bridge\nAuthor: Ruth Okonjo\nDate: 2017-03-09\n",
        "*The Bridge*\n\nAuthor: Ruth Okonjo\nPublished: 9 March 2017\n",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_title_author_and_date_are_found_in_any_order_and_leave_the_body(head, gap):
    article = read(head.rstrip("\n") + gap + OPENING + "\n\n" + SECOND + "\n")
    assert (article.title, article.author, article.published) == (
        "The Bridge",
        "Ruth Okonjo",
        "2017-03-09",
    )
    assert article.body == f"{OPENING}\n\n{SECOND}"
    assert (article.summary, dict(article.extra)) == ("", {})


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("9 March 2017", "2017-03-09"),
        ("March 9, 2017", "2017-03-09"),
        ("2017-03-09", "2017-03-09"),
        ("Thu, 9 Mar 2017, 14:30 GMT", "2017-03-09T14:30:00+00:00"),
        ("Published March 9, 2017 at 2:30 p.m.", "2017-03-09T14:30:00"),
        ("Last updated: 9 March 2017", "2017-03-09"),
        ("March 9, 2017 · 5 min read", "2017-03-09"),
        ("2017年3月9日", "2017-03-09"),
        ("March 2017", "2017-03"),
    ],
)
def test_date_lines_of_the_usual_forms_are_read(line, iso):
    article = read(f"The Bridge\n{line}\n\n{OPENING}\n")
    assert (article.published, article.body) == (iso, OPENING)


def test_a_place_beside_the_date_is_not_thrown_away():
    article = read(f"The Bridge\nCARRICK SOUND, March 9, 2017\n\n{OPENING}\n")
    assert article.published == "2017-03-09"
    assert article.extra == {"dateline": "CARRICK SOUND, March 9, 2017"}


def test_a_second_date_is_not_thrown_away():
    article = read(f"The Bridge\nMarch 9, 2017\nUpdated March 12, 2017\n\n{OPENING}\n")
    assert article.published == "2017-03-09"
    assert article.extra == {"dateline": "Updated March 12, 2017"}


def test_a_dateline_within_the_first_paragraph_gives_the_date_and_stays():
    text = f"CARRICK SOUND, March 9, 2017 (Agency) — {OPENING}"
    article = read(f"The Bridge\n\n{text}\n")
    assert (article.published, article.body) == ("2017-03-09", text)


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Ruth Okonjo and Emil van der Berg", "Ruth Okonjo, Emil van der Berg"),
        ("By RUTH OKONJO, A. B. Frost & Emil Berg", "RUTH OKONJO, A. B. Frost, Emil Berg"),
        ("By Ruth Okonjo, Staff Writer", "Ruth Okonjo"),
        ("By Ruth Okonjo (ruth@example.org)", "Ruth Okonjo"),
        ("By Ruth Okonjo, The Sound Gazette", "Ruth Okonjo"),
        ("By Ruth O’Konjo-Frost Jr.", "Ruth O’Konjo-Frost Jr."),
        ("Text: Ruth Okonjo", "Ruth Okonjo"),
    ],
)
def test_bylines_of_the_usual_forms_are_read(line, author):
    article = read(f"The Bridge\n{line}\n\n{OPENING}\n")
    assert (article.author, article.body) == (author, OPENING)
    assert article.extra in ({}, {"byline": line})


def test_an_affiliation_is_not_thrown_away():
    article = read(f"The Bridge\nBy Ruth Okonjo, Staff Writer\n\n{OPENING}\n")
    assert article.extra == {"byline": "By Ruth Okonjo, Staff Writer"}


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("The Bridge:\nA Morning", "The Bridge: A Morning"),
        ("The Bridge and\nthe Relay", "The Bridge and the Relay"),
        ("The Morning of the Bridge\nThat Was Shut", "The Morning of the Bridge That Was Shut"),
    ],
)
def test_a_title_of_two_lines_is_one_title(lines, title):
    article = read(f"{lines}\n\nBy Ruth Okonjo\n\n{OPENING}\n")
    assert (article.title, article.body) == (title, OPENING)


def test_a_subtitle_between_title_and_byline_is_the_summary():
    lead = "How a town spent nine hours waiting for eleven brass contacts."
    article = read(f"The Bridge\n\n{lead}\n\nBy Ruth Okonjo\nMarch 9, 2017\n\n{OPENING}\n")
    assert (article.title, article.summary, article.body) == ("The Bridge", lead, OPENING)


def test_a_section_name_above_the_title_is_not_the_title():
    article = read(f"OPINION\nThe End of the Big Lift\nBy Ruth Okonjo\n\n{OPENING}\n")
    assert article.title == "The End of the Big Lift"
    assert article.extra == {"kicker": "OPINION"}


def test_capitalised_words_that_the_text_uses_are_no_name():
    text = f"The Bridge\n\nRelay Town\n\n{OPENING}\n\n{SECOND} The town and the relay agree.\n"
    assert read(text).author == ""
    assert "Relay Town" in read(text).body


def test_a_sentence_with_a_date_or_by_in_it_stays_in_the_body():
    for first in (
        "By the time the bridge opened, on March 9, 2017, the fish had gone off.",
        "It was March 9, 2017, and nothing moved on the water.",
        "By Royal Decree.",
    ):
        article = read(f"The Bridge\n\n{first}\n\n{OPENING}\n")
        assert (article.author, article.published) == ("", "")
        assert article.body == f"{first}\n\n{OPENING}"


def test_named_fields_of_other_programs_are_taken():
    article = read(
        "Title: The Bridge\nURL: https://example.org/bridge\nTags: Sea, Bridges\n"
        f"Source: Sound Gazette\n\n{OPENING}\n"
    )
    assert article.url == "https://example.org/bridge"
    assert article.tags == ("sea", "bridges")
    assert article.site == "Sound Gazette"


def test_the_head_of_a_mail_is_a_head():
    article = read(
        "From: Ruth Okonjo <ruth@example.org>\nSubject: The Bridge\nTo: the desk\n"
        f"Date: Thu, 9 Mar 2017 14:05:06 +0000\n\nDear all,\n\n{wrap(OPENING)}\nYours,\nRuth\n"
    )
    assert (article.title, article.author) == ("The Bridge", "Ruth Okonjo")
    assert article.published == "2017-03-09T14:05:06+00:00"
    assert article.extra == {"byline": "Ruth Okonjo <ruth@example.org>", "to": "the desk"}
    assert article.body == f"Dear all,\n\n{OPENING}\n\nYours,\\\nRuth"


def test_a_text_without_a_title_is_named_by_its_file_or_its_first_words():
    text = f"{OPENING}\n\n{SECOND}\n"
    article = read(text, "2017-03-09-the-lift-bridge.txt")
    assert (article.title, article.published) == ("The lift bridge", "2017-03-09")
    assert read(text, "-").title == (
        "On the first warm morning of June the lift bridge at Carrick Sound refused to…"
    )
    assert read(text, "-").body == f"{OPENING}\n\n{SECOND}"


def test_a_head_with_nothing_below_it_is_the_text():
    assert read("Buy milk\n").body == "Buy milk"


def test_an_empty_text_is_rejected():
    for data in (b"", b"\n \f\n", b"\xef\xbb\xbf"):
        (record,) = read_text(Source("a.txt", data))
        assert record == Rejected("a.txt", "it is empty")


# --- paragraphs -------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [45, 60, 72, 80, 100])
@pytest.mark.parametrize(
    "style",
    [
        {"between": "\n\n"},
        {"between": "\n", "initial_indent": "    "},
        {"between": "\n\n", "initial_indent": "   "},
    ],
)
def test_wrapped_lines_are_joined(width, style):
    text = wrap(OPENING, SECOND, THIRD, width=width, **style)
    assert body_of(text) == f"{OPENING}\n\n{SECOND}\n\n{THIRD}"


@pytest.mark.parametrize("width", [45, 60, 72])
def test_a_short_last_line_ends_a_paragraph_where_nothing_else_does(width):
    assert body_of(wrap(OPENING, SECOND, THIRD, width=width, between="\n")) == (
        f"{OPENING}\n\n{SECOND}\n\n{THIRD}"
    )


def test_in_text_with_indents_only_an_indent_begins_a_paragraph():
    lines = (
        "    It was late. The ferry, which was\nfull, had left.\nHe sat down and waited\nfor one."
    )
    text = f"{lines}\n{lines}\n{lines}\n"
    whole = "It was late. The ferry, which was full, had left. He sat down and waited for one."
    assert body_of(text) == "\n\n".join([whole] * 3)


def test_a_margin_is_no_indent_though_the_title_has_none():
    text = textwrap.indent(wrap(OPENING, SECOND, width=60), "        ")
    assert body_of(text) == f"{OPENING}\n\n{SECOND}"


def test_text_with_a_paragraph_a_line_has_a_paragraph_a_line():
    text = f"{OPENING}\n{SECOND}\n“Well,” he said.\n{THIRD}\n"
    assert body_of(text) == f"{OPENING}\n\n{SECOND}\n\n“Well,” he said.\n\n{THIRD}"


def test_double_spaced_lines_are_joined():
    text = wrap(OPENING, SECOND, width=60).replace("\n\n", "\n\n\0").replace("\n", "\n\n")
    assert body_of(text.replace("\0", "")) == f"{OPENING}\n\n{SECOND}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OPENING[:100], OPENING[101:]),  # a word in lower case follows
        (SECOND[:66], SECOND[67:]),  # a comma
        ("It was bought by the", "Harbour Trust of Carrick Sound, which kept it."),
        ("He wrote to Mr.", "Halloran, who did not answer."),
        ("They called it well-", "Known Street."),
    ],
)
def test_a_paragraph_with_a_gap_in_a_sentence_is_one(before, after):
    glue = "" if before.endswith("-") else " "
    assert body_of(f"{OPENING}\n\n{before}\n\n\n{after}\n\n{SECOND}\n") == (
        f"{OPENING}\n\n{before}{glue}{after}\n\n{SECOND}"
    )


def test_a_paragraph_cut_before_a_name_is_one_where_all_others_end_with_a_full_stop():
    before, after = (
        "Nothing was known, said the chair of the board, who is",
        "Adaeze Whitlock, and it",
    )
    before, after = (
        f"{SECOND} {before[:-7]}, Commissioner",
        f"{after} is not known now either. {THIRD}",
    )
    text = "\n\n".join((OPENING, before, after, SECOND, THIRD))
    assert body_of(text + "\n") == "\n\n".join((OPENING, f"{before} {after}", SECOND, THIRD))


def test_an_end_mark_and_a_salutation_stand_alone():
    text = f"Dear all,\n\n{OPENING}\n\n-30-\n\n{SECOND}"
    assert body_of(text + "\n") == text


def test_paragraphs_that_end_with_a_full_stop_stay_apart():
    assert body_of(f"{OPENING}\n\niron is what it was made of.\n\n{SECOND}\n") == (
        f"{OPENING}\n\niron is what it was made of.\n\n{SECOND}"
    )


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("the har-\nbour and the harbour master", "the harbour and the harbour master"),
        ("a well-\nknown and well-known man", "a well-known and well-known man"),
        ("the admini-\nstration of the administration", "the administration of the administration"),
        ("a question of circula-\ntion, they said", "a question of circulation, they said"),
        ("a self-\nappointed committee", "a self-appointed committee"),
        ("the Anglo-\nSaxon wall", "the Anglo-Saxon wall"),
        ("in 2016-\n17 and later", "in 2016-17 and later"),
        ("pre-\nand post-war tables", "pre- and post-war tables"),
        ("soft\u00ad\nware of the town", "software of the town"),
        ("the sea—\nand the sky", "the sea—and the sky"),
        ("the sea —\nand the sky", "the sea — and the sky"),
    ],
)
def test_words_cut_at_line_ends_are_joined_as_they_are_written(broken, whole):
    first, second = broken.split("\n")
    filler = "something was written here about nothing in particular and "
    text = f"{filler[: 60 - len(first)]} {first}\n{second} with more of the same to come\nbelow.\n"
    assert whole in body_of(text)


def test_compounds_keep_their_hyphen_in_a_text_that_breaks_words():
    text = (
        "The question was one of circula-\ntion, and of what the self-\nappointed editor called "
        "har-\nbour news; the harbour and the con-\ntract were old.\n"
    )
    assert body_of(text) == (
        "The question was one of circulation, and of what the self-appointed editor called "
        "harbour news; the harbour and the contract were old."
    )


def test_lines_without_spaces_between_words_are_joined_without_one():
    text = (
        "最後の夕刊\n山田花子\n2017年3月9日\n\n町で最後の夕刊が昨日終わった。編集長は読者が少なくなり\n"
        "すぎたと話し、印刷所は機械を止めた。古い時計は四分進ん\nでいる。\n\n翌朝、新聞はなかった。\n"
    )
    article = read(text)
    assert (article.title, article.author) == ("最後の夕刊", "山田花子")
    assert article.body == (
        "町で最後の夕刊が昨日終わった。編集長は読者が少なくなりすぎたと話し、印刷所は機械を止めた。"
        "古い時計は四分進んでいる。\n\n翌朝、新聞はなかった。"
    )


# --- page furniture ---------------------------------------------------------------------------

LINES = wrap(OPENING, SECOND, THIRD, width=44).split("\n")


def pages(form):
    """The title and the lines in pages of 8, each made of (number, lines) by `form`."""
    lines = ["The Bridge", "", *LINES]
    starts = range(0, len(lines), 8)
    return [form(n, "\n".join(lines[i : i + 8]).strip("\n")) for n, i in enumerate(starts, 1)]


@pytest.mark.parametrize(
    "form",
    [
        lambda n, page: page,
        lambda n, page: f"{page}\n\n- {n} -",
        lambda n, page: f"{page}\n\nPage {n} of 4\n",
        lambda n, page: f"The Sound Gazette          {n}\n\n{page}" if n > 1 else page,
        lambda n, page: (
            page if n == 1 else f"{'THE BRIDGE' if n % 2 else 'Gazette'}    {n}\n\n{page}"
        ),
        lambda n, page: f"{page}\n\nhttps://example.org/bridge          {n}/4\n",
        lambda n, page: textwrap.indent(page, "           " if n % 2 else "     "),
        lambda n, page: f"THE SOUND GAZETTE\nSummer 2017, page {n}\n\n{page}" if n > 1 else page,
    ],
)
def test_page_breaks_numbers_heads_and_margins_are_removed(form):
    plain = body_of("\n".join(LINES))
    article = read("\f".join(pages(form)))
    assert article.title == "The Bridge"
    assert article.body == plain


def test_a_paragraph_goes_on_beyond_a_page_break_before_a_name():
    before = f"{SECOND} The key was kept, as everyone knew, by Commissioner"
    assert body_of(f"{OPENING}\n\n{before}\n\fWhitlock and her son.\n") == (
        f"{OPENING}\n\n{before} Whitlock and her son."
    )


def test_a_paragraph_goes_on_beyond_a_page_break_after_a_line_that_is_full():
    first = "It was a cold morning, and on the quay the whole town had been\nwaiting for the ferry"
    for end in (" since the first light of the winter day.", "."):
        text = f"{first}{end}\n\fNobody believed that it would come any more, and some of us\nleft."
        joined = "\n\n" if end == "." else " "
        assert body_of(text + "\n") == (
            f"{first}{end}{joined}Nobody believed that it would come any more, and some of us left."
        ).replace("been\n", "been ")


def test_a_list_item_goes_on_beyond_a_page_break():
    text = f"{OPENING}\n\n- a cap\n- one apology, to be\n\f\npaid in person\n"
    assert body_of(text).endswith("- a cap\n- one apology, to be paid in person")


@pytest.mark.parametrize(
    "form",
    [lambda n, page: f"{page}\n\n{n}\n", lambda n, page: f"{page}\n\nThe Sound Gazette, p. {n}\n"],
)
def test_page_numbers_are_removed_where_form_feeds_are_lost(form):
    article = read("\n".join(pages(form)))
    assert article.body == body_of("\n".join(LINES))


def test_page_numbers_below_whole_pages_are_removed_though_no_sentence_is_cut():
    page = "\n\n".join([OPENING, SECOND, THIRD] * 4)
    text = f"{page}\n\n1\n\n{page}\n\n2\n\n{page}"
    assert body_of(f"{text}\n") == "\n\n".join([page] * 3)


def test_numbers_that_part_sections_stay():
    body = body_of(f"1\n\n{OPENING}\n\n2\n\n{SECOND}\n\n3\n\n{THIRD}\n")
    assert body == f"## 1\n\n{OPENING}\n\n## 2\n\n{SECOND}\n\n## 3\n\n{THIRD}"


def test_the_closing_lines_of_an_article_stay_lines():
    contact = "Contact the author at ruth@example.org\nTel. 555 0147\n© 2017 Sound Gazette."
    assert body_of(wrap(OPENING, SECOND) + "\n" + contact + "\n") == (
        f"{OPENING}\n\n{SECOND}\n\nContact the author at ruth@example.org\\\n"
        "Tel. 555 0147\\\n© 2017 Sound Gazette."
    )


# --- what is not prose ------------------------------------------------------------------------


def test_verse_keeps_its_lines_and_indents():
    verse = (
        "The tide goes out, the tide comes in,\n  the ferryman forgets his tin;\n"
        "the tin floats off.\n"
    )
    assert body_of(f"{wrap(OPENING, SECOND)}\n{verse}").endswith(
        "The tide goes out, the tide comes in,\\\n\u00a0\u00a0the ferryman forgets his tin;\\\n"
        "the tin floats off."
    )


def test_lists_keep_their_items_and_lose_their_line_wraps():
    text = (
        wrap(OPENING) + "\n* two pounds to the baker, who had asked for it twice and then, being\n"
        "  a kind man, had stopped asking\n* a cap to the harbour boy\n  - a blue one\n"
        "\n1. Paint the rail.\n2. Ask about the engine.\n"
    )
    assert body_of(text).endswith(
        "- two pounds to the baker, who had asked for it twice and then, being a kind man, had "
        "stopped asking\n- a cap to the harbour boy\n  - a blue one\n\n"
        "1. Paint the rail.\n2. Ask about the engine."
    )


def test_a_year_at_the_start_of_a_wrapped_line_is_no_list():
    text = "It was a long and quiet winter, and it ended in the spring of\n1914. Nobody knew why.\n"
    assert body_of(text).endswith("in the spring of 1914. Nobody knew why.")


def test_a_dash_or_a_number_at_the_start_of_a_wrapped_line_is_no_list():
    text = (
        "He had seen it all before, he said - or nearly all of it\n"
        "- and he would not see it again - not for money, not for\n"
        "- well, perhaps for money. He had come on the ninth and\n"
        "12. What he wanted was this:\n"
        "1. a cap\n2. a boat\n"
    )
    assert body_of(f"{wrap(OPENING, width=57)}\n{text}") == (
        f"{OPENING}\n\nHe had seen it all before, he said - or nearly all of it - and he would not "
        "see it again - not for money, not for - well, perhaps for money. He had come on the ninth "
        "and 12. What he wanted was this:\n\n1. a cap\n2. a boat"
    )


def test_tables_with_columns_become_tables():
    table = "Departure     Fare\n08:15         1.20\n12:30         0.90\n"
    assert body_of(f"{OPENING}\n\n{table}").endswith(
        "| Departure | Fare |\n| --- | ---: |\n| 08:15 | 1.20 |\n| 12:30 | 0.90 |"
    )
    assert body_of(f"{OPENING}\n\nA\tB\nx\t2\n").endswith("| A | B |\n| --- | ---: |\n| x | 2 |")


def test_code_is_shown_as_it_stands():
    code = "    def fare(hour):\n        if hour > 17:\n            return 0.90\n"
    assert body_of(f"{OPENING}\n\n{code}").endswith(
        "```\ndef fare(hour):\n    if hour > 17:\n        return 0.90\n```"
    )
    fenced = "```\na *b*\n\nc\n```\n"
    assert body_of(f"{OPENING}\n\n{fenced}").endswith("```\na *b*\n\nc\n```")


def test_quotations_are_quotations():
    assert body_of(f"{OPENING}\n\n> Nobody reads it, unless he has missed\n> the boat.\n").endswith(
        "> Nobody reads it, unless he has missed the boat."
    )
    quoted = textwrap.indent(wrap(SECOND, width=50), "     ")
    assert body_of(f"{wrap(OPENING)}\n{quoted}\n{wrap(THIRD)}") == (
        f"{OPENING}\n\n> {SECOND}\n\n{THIRD}"
    )


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("What became of the tin", "## What became of the tin"),
        ("THE SECOND DAY", "## THE SECOND DAY"),
        ("2. Method", "## 2. Method"),
        ("Results\n=======", "## Results"),
        ("Results\n-------", "### Results"),
    ],
)
def test_headings_are_told_from_paragraphs(line, heading):
    assert (
        body_of(f"{OPENING}\n\n{line}\n\n{wrap(SECOND)}") == f"{OPENING}\n\n{heading}\n\n{SECOND}"
    )


def test_short_sentences_and_signatures_are_no_headings():
    for line in ("“No.”", "Nobody has proposed it.", "And why not?", "Photo: Ruth Okonjo"):
        assert f"\n\n{line}\n\n" in body_of(f"{OPENING}\n\n{line}\n\n{SECOND}\n")


def test_asterisks_between_scenes_are_a_rule():
    assert body_of(f"{OPENING}\n\n* * *\n\n{SECOND}\n") == f"{OPENING}\n\n---\n\n{SECOND}"


# --- bytes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_line_ends_and_encodings_do_not_matter(end, encoding):
    text = f"Das Café\nVon Ruth Okonjo\n\n{wrap(OPENING, SECOND)}".rstrip("\n")
    article = read(text.replace("\n", end).encode(encoding))
    assert (article.title, article.author) == ("Das Café", "Ruth Okonjo")
    assert article.body == f"{OPENING}\n\n{SECOND}"


def test_escapes_are_removed_before_the_lines_are_looked_at_and_counted():
    source = Source(
        "a.txt", f"The \x1b[1mBridge\x1b[0m\n\x1b[32mBy Ruth Okonjo\n\n{OPENING}\0".encode()
    )
    (article,) = read_text(source)
    assert (article.title, article.author, article.body) == ("The Bridge", "Ruth Okonjo", OPENING)
    assert source.cleaned == 4 + 4 + 5 + 1


# --- as a whole -------------------------------------------------------------------------------


def test_the_sample_from_a_two_column_pdf_is_put_together():
    article = read(SAMPLE.read_bytes(), str(SAMPLE))
    assert article.title == (
        "The Last Edition of the Evening Packet: How a Harbour Town Put Its Paper to Bed"
    )
    assert (article.author, article.published) == ("Ines Calloway", "2017-03-09")
    assert (article.type, article.source) == ("text", str(SAMPLE))
    paragraphs = article.body.split("\n\n")
    assert len(paragraphs) == 14
    assert "four minutes fast so that reporters would catch the last tram" in paragraphs[2]
    assert "reserved for the Salt Lane branch. She has kept" in paragraphs[7]
    assert "a little under $5 million" in paragraphs[2]
    assert [p for p in paragraphs if p.startswith("#")] == [
        "## A town that set its watch by the post",
        "## The last front page",
    ]
    assert paragraphs[-1] == (
        "Contact the author at ines_calloway@marrowhavenreview.example\\\n"
        "Follow the *Marrow Haven Review* for more from the coast\\\n"
        "© 2017 Marrow Haven Review. All rights reserved."
    )
    assert article.words == 863


@pytest.mark.parametrize("width", [60, 72, 80, 100])
def test_the_sample_is_the_same_article_when_its_lines_are_wrapped(width):
    whole = read(SAMPLE.read_bytes())
    head, _, body = SAMPLE.read_text().partition("\nMARROW")
    pieces = f"MARROW{body}".split("\n\n")
    wrapped = "\n\n".join(textwrap.fill(piece, width) for piece in pieces[:-1])
    article = read(f"{head}\n{wrapped}\n\n{pieces[-1]}")
    assert article.body == whole.body


_PIECES = st.sampled_from(
    [
        *(OPENING, SECOND, "By Ruth Okonjo", "March 9, 2017", "- one", "1. two", "> three"),
        *("| a | b |", "|---|---|", "```", "\f", "===", "a\tb", "    indented", "5", "* * *"),
        *("Title: x", "word-"),
    ]
)


@settings(max_examples=300)
@given(
    st.lists(st.one_of(_PIECES, st.text(max_size=30)), max_size=12), st.sampled_from(["\n", "\n\n"])
)
def test_no_text_makes_it_fail_and_no_word_is_lost(pieces, between):
    text = between.join(pieces)
    for article in read_text(Source("a.txt", text.encode("utf-8", "replace"))):
        if isinstance(article, Rejected):
            continue
        everything = " ".join(
            (article.title, article.author, article.summary, article.published, article.site,
             plain_text(article.body), *article.extra.values())
        )  # fmt: skip
        if OPENING in text:
            assert "Carrick Sound" in everything


def test_a_word_of_megabytes_takes_no_longer_than_its_letters():
    """Tried from each letter, as it once was, this would take weeks."""
    (article,) = read_text(Source("long.txt", b"a" * 2_000_000))
    assert len(article.body) == 2_000_000


def test_a_text_of_more_lines_than_any_book_is_shown_as_it_is():
    text = "ab\n~~~\n" * 250_000
    (article,) = read_text(Source("a long log.txt", text.encode()))
    assert article.title == "A long log"
    assert article.body == f"~~~~\n{text.strip()}\n~~~~"
    assert isinstance(next(read_text(Source("empty.txt", b"\n" * 500_000))), Rejected)
