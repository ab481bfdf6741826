"""Tables: dialects, broken rows, and every row accounted for."""

from __future__ import annotations

import csv
import io
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import Article, Rejected, Source
from store.importers import read_source
from store.importers.pocket import read_pocket
from store.importers.table_documents import read_rows
from store.importers.tables import Row, read_table
from store.sanitize import clean_article

HEADER = "title,url,time_added,tags,status\n"
LINK = "https://example.org/a"


def rows(data, **options):
    return list(
        read_table(Source("t.csv", data if isinstance(data, bytes) else data.encode()), **options)
    )


def articles(data, name="t.csv", **options):
    return list(
        read_source(Source(name, data if isinstance(data, bytes) else data.encode()), **options)
    )


def test_columns_go_by_their_names_in_any_order_and_case():
    for header, row in (
        ("title,url,tags", f"A,{LINK},x|y"),
        (" Tags ,\ufeffIGNORED,URL,Title", f"x|y,-,{LINK},A"),
    ):
        (article,) = articles(f"{header}\n{row}\n", format="pocket")
        assert (article.title, article.url, article.tags) == ("A", LINK, ("x", "y"))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding, end):
    row = f'"Caf\u00e9 \u201cNoir\u201d, un\u00e9{end}deux",{LINK},1600000000,,unread'
    text = f"{HEADER.strip()}{end}{row}{end}"
    (article,) = articles(text.encode(encoding), format="pocket")
    assert article.title == "Café “Noir”, uné deux"
    assert article.saved == "2020-09-13T12:26:40+00:00"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_what_parts_the_columns(mark):
    (row,) = rows(f'title{mark}url\n"a{mark}b"{mark}{LINK}\n')
    assert row.fields == {"title": f"a{mark}b", "url": LINK}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    ("first", "mark"),
    [("sep=;", ";"), ("SEP=,", ","), ('"sep=|"', "|"), ("sep=\t", "\t"), ("sep=|", ",")],
)
def test_a_first_line_may_name_what_parts_the_columns(first, mark, encoding, end):
    lines = [["title", "url", "tags"], ["A, B", "https://a.example/1", "x"]]
    table = end.join([first, *(mark.join(f'"{cell}"' for cell in line) for line in lines), ""])
    [article] = read_source(Source("t.csv", table.encode(encoding)))
    assert (article.title, article.url, article.tags) == ("A, B", "https://a.example/1", ("x",))
    [row] = rows(table.encode(encoding))
    assert row.line == 3


def test_places_are_the_lines_where_rows_begin():
    data = 'title,url\n"one\ntwo","a"\n\n\nthree,b\n'
    assert [row.item for row in rows(data)] == ["line 2", "line 6"]


def test_short_rows_are_filled_up_and_long_ones_mended_where_that_is_sure():
    short, comma, tags, hopeless, blank = rows(
        HEADER + f"A,{LINK}\n" + f"Knots, and ropes,{LINK},1,x,unread\n"
        + f"A,{LINK},1,x,unread,y,z\n" + "A,b,c,d,e,f,g\n" + f"A,{LINK},1,x,unread,,\n"
    )  # fmt: skip
    assert (short.get("title"), short.get("status")) == ("A", "")
    assert (comma.get("title"), comma.get("url"), comma.get("status")) == (
        "Knots, and ropes", LINK, "unread")  # fmt: skip
    assert tags.get("url") == LINK
    assert hopeless == Rejected("t.csv", "it has 7 fields where the header has 5", "line 5")
    assert blank.get("status") == "unread"


def test_a_mark_that_is_never_closed_costs_its_own_row_only():
    data = HEADER + f'A "quoted" word,{LINK}/1,,,\n"Open,{LINK}/2,,,\n' + f"B,{LINK}/3,,,\n"
    titles = [(r.title, r.url) for r in articles(data)]
    assert titles == [('A "quoted" word', f"{LINK}/1"), ("Open", f"{LINK}/2"), ("B", f"{LINK}/3")]


def test_many_marks_that_are_never_closed_do_not_take_for_ever():
    data = HEADER + "".join(f'"Open {n},{LINK}/{n},,,\n' for n in range(20_001))
    begin = time.process_time()
    assert len(articles(data)) == 20_001
    assert time.process_time() - begin < 60  # 20 s would be one look at all the rest for each


def test_long_fields_and_nul_bytes_are_read():
    text = "word " * 130_000
    (row,) = rows(f'title,text\nA\0B,"{text}"\n')
    assert row.fields == {"title": "AB", "text": text}


def test_a_table_is_read_by_the_piece(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("w") as file:
        file.write(HEADER)
        for n in range(30_000):
            file.write(f"Title {n},{LINK}/{n},1600000000,,unread\n")
    source = Source(str(path), path=path)
    records = read_pocket(source)
    assert next(records).title == "Title 0"
    assert source._data is None
    assert sum(1 for _ in records) == 29_999


def test_a_letter_beyond_the_head_tells_the_encoding(tmp_path):
    path = tmp_path / "late.csv"
    body = HEADER + f"Plain,{LINK},,,\n" * 3000 + f"Größe über alles: Straßen, Käse,{LINK}/x,,,\n"
    path.write_bytes(body.encode("cp1252"))
    *_, last = read_table(Source(str(path), path=path))
    assert last.get("title") == "Größe über alles: Straßen, Käse"


def test_a_table_without_a_header_is_known_by_its_links():
    for data in (f"A,{LINK},1600322788,,unread\n", f"A,{LINK},1600322788,x|y,archive\n"):
        (article,) = articles(data, format="pocket")
        assert (article.title, article.url, article.saved[:4]) == ("A", LINK, "2020")
    (article,) = articles(f"{LINK},A,,Archive\n", format="instapaper")
    assert (article.title, article.url, article.state.archived) == ("A", LINK, True)
    (article,) = articles(f"{LINK},1600322788,A title\n")
    assert (article.title, article.url, article.type) == ("A title", LINK, "csv")


def test_a_column_is_known_whatever_controls_stand_in_its_name():
    header = "Headline\x00\x00\x1bO\x00;link\x00;By\u200bline"
    data = f"{header}\nA kite;https://a.example/k;Ada Reyes\n".encode()
    (article,) = articles(data)
    assert (article.title, article.author) == ("A kite", "Ada Reyes")
    assert clean_article(article)[0] == Article.from_document(article.to_document())


def test_other_tables_are_read_by_usual_names():
    data = f"Headline;Link;Byline;Date;Keywords;Mood\nA;{LINK};Ada;2018-06-01;x, y;blue\n"
    (article,) = articles(data, "links.txt")
    assert (article.title, article.url, article.author) == ("A", LINK, "Ada")
    assert (article.saved, article.tags, article.extra) == (
        "2018-06-01",
        ("x", "y"),
        {"mood": "blue"},
    )
    (article,) = articles('name,body,published\nA,"<p>One <em>two</em></p>",2017-03\n')
    assert (article.title, article.body, article.published) == ("A", "One *two*", "2017-03")


def test_prose_with_commas_is_no_table():
    for text in ("Name, rank and number were all he gave.\n\nAnother paragraph.", "A, b\n\nC, d\n"):
        (record,) = articles(text, "prose.txt")
        assert record.type == "text"


def test_a_table_of_something_else_has_each_row_rejected():
    first, second = articles("height,width\n1,2\n3,4\n")
    assert (first.item, second.item) == ("line 2", "line 3")
    assert "neither title, text nor link" in first.reason


printable = st.characters(exclude_categories=["Cs", "Cc"])
cell = st.text(printable, max_size=12) | st.sampled_from(
    ['"', ",", "a\nb", 'say "x"', ";", "'", LINK, "  ", "\\"]
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"])
)
def test_what_a_writer_of_tables_writes_is_read_back(cells, end):
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=end)
    writer.writerow(("one", "two", "three"))
    writer.writerows(cells)
    read = rows(stream.getvalue())
    # White space at the ends is nobody's; line ends are LF.
    expected = [row for row in cells if any(value.strip() for value in row)]
    assert len(read) == len(expected)
    for row, values in zip(read, expected, strict=True):
        assert isinstance(row, Row)
        assert tuple(row.fields.get(name, "") for name in ("one", "two", "three")) == values


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_rejections(data):
    for start in (b"", HEADER.encode(), b'a,"b\n'):
        for record in rows(start + data):
            assert isinstance(record, Row | Rejected)
        for record in read_rows(Source("x", start + data)):
            assert isinstance(record, Article | Rejected)


def test_every_line_of_a_shuffled_export_is_accounted_for():
    chance = random.Random(5)
    lines = [f"T{n},{LINK}/{n},{1500000000 + n},,unread" for n in range(300)]
    for n in range(0, 300, 7):
        broken = [f'"{lines[n]}', lines[n] + ",x,y", lines[n].replace(",", "", 1), "?"]
        lines[n] = chance.choice(broken)
    assert len(articles(HEADER + "\n".join(lines) + "\n")) == 300
