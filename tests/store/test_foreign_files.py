"""Files that are not in our form: stock TinyDB's, people's, and what is no library at all."""

import json
import math
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb import TinyDB

from store import jsonspans
from store.errors import LibraryError, NotALibraryError, ReadOnlyError
from store.linefile import LineFile, Shape, dumps

DOCUMENTS = {
    "1": {"title": "Tea", "body": 'She said: "{[not a bracket]}" \\ and left.', "tags": []},
    "2": {
        "title": "Żółw 🐢",
        "body": "Line\nafter line\u2028and more",
        "deep": {"a": [1, {"b": None}]},
    },
    "40": {},
}


@pytest.fixture(scope="module", autouse=True)
def at_rest():
    """Nobody else writes these files: nobody needs to wait whether they become whole."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("store.sharedfile._LONG_REST", 0.0)
        yield


@pytest.fixture
def path(tmp_path):
    return tmp_path / "library.json"


def documents_in(file):
    """What a scan finds, each read again at the bytes the scan gave."""
    found = {}
    for record in file.scan():
        number, document = file.read(record.offset, record.length)
        assert number == record.id
        assert document == json.loads(record.raw)
        assert file.find(number) == (record.offset, record.length)
        found[str(number)] = document
    assert (file.count(), file.last_id()) == (len(found), max(map(int, found), default=0))
    return found


def read_by_stock(path):
    with TinyDB(path, access_mode="r") as db:
        return {str(document.doc_id): dict(document) for document in db.table("articles")}


SHAPES = {
    "one long line, escaped, as stock TinyDB writes": lambda data: json.dumps(data),
    "one long line, compact": lambda data: json.dumps(data, separators=(",", ":")),
    "pretty-printed": lambda data: json.dumps(data, indent=2, ensure_ascii=False) + "\n",
    "pretty-printed with tabs": lambda data: json.dumps(data, indent="\t"),
    "a record a line, indented": lambda data: json.dumps(data, indent=1).replace("{\n  ", "{ "),
    "Windows line ends": lambda data: json.dumps(data, indent=4).replace("\n", "\r\n"),
    "a byte order mark": lambda data: "\ufeff" + json.dumps(data, indent=1),
    "white space around": lambda data: " \n\t" + json.dumps(data) + "\r\n\r\n  ",
    "white space everywhere": lambda data: json.dumps(data, separators=(" ,\t", "  :\n ")),
}
AROUND = {
    "alone": lambda articles: {"articles": articles},
    "after another table": lambda articles: {"_default": {"1": {"a": [1]}}, "articles": articles},
    "before other tables": lambda articles: {
        "articles": articles, "notes": {"7": {"t": 'articles": {'}}, "odd": [3.5, "x"], "ü": {},
    },
}  # fmt: skip


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_any_json_arrangement_is_read_as_it_is_and_converted_by_the_first_write(
    path, shape, around
):
    data = around(DOCUMENTS)
    content = shape(data).encode()
    path.write_bytes(content)
    file = LineFile(path)
    others = {name: table for name, table in data.items() if name != "articles"}
    assert file.shape is Shape.FOREIGN
    assert documents_in(file) == DOCUMENTS
    assert file.tables() == others
    assert file.verify() == 0
    assert path.read_bytes() == content

    file.append([(41, b'{"title":"New"}')])
    assert file.shape is Shape.LINES
    expected = {**DOCUMENTS, "41": {"title": "New"}}
    assert documents_in(file) == expected
    assert read_by_stock(path) == expected
    assert json.loads(path.read_bytes()) == {**others, "articles": expected}
    assert len(path.read_bytes().splitlines()) == len(expected) + 2
    assert LineFile(path).tables() == others


@pytest.mark.parametrize(
    "content", [b"", b"{}", b" \n\t ", b"{ \n }", b"\xef\xbb\xbf{}", b"\xef\xbb\xbf"]
)
def test_an_empty_file_is_an_empty_library(path, content):
    path.write_bytes(content)
    file = LineFile(path)
    assert (file.shape, documents_in(file), file.tables()) == (Shape.EMPTY, {}, {})
    assert file.first() == file.end() == 0
    assert path.read_bytes() == content
    file.append([(1, b"{}")])
    assert path.read_bytes() == b'{"articles": {\n"1":{}\n}}\n'


@pytest.mark.parametrize(
    "content", ['{"articles": {}}', '{"_default": {}}', '{"articles":{}, "x":{"1":{}}}']
)
def test_a_table_without_articles_is_an_empty_library(path, content):
    path.write_text(content)
    file = LineFile(path)
    assert documents_in(file) == {}
    file.append([(1, b"{}")])
    assert read_by_stock(path) == {"1": {}}
    others = {name: table for name, table in json.loads(content).items() if name != "articles"}
    assert file.tables() == others


def test_ids_are_sorted_and_the_last_of_equal_keys_counts(path):
    path.write_text('{"articles": {"9":{"n":1}, "-3":{"n":2}, "10":{"n":3}, "9":{"n":4}}}')
    file = LineFile(path)
    assert documents_in(file) == {"-3": {"n": 2}, "9": {"n": 4}, "10": {"n": 3}}
    file.convert()
    assert path.read_bytes() == b'{"articles": {\n"-3":{"n":2}\n,"9":{"n":4}\n,"10":{"n":3}\n}}\n'
    assert documents_in(file) == {"-3": {"n": 2}, "9": {"n": 4}, "10": {"n": 3}}


def test_equal_keys_beside_each_other_are_one_article(path):
    path.write_text('{"articles": {"1":{"n":1}, "2":{"n":2}, "2":{"n":3}}}')
    assert documents_in(LineFile(path)) == {"1": {"n": 1}, "2": {"n": 3}}


def test_values_that_only_the_json_module_knows_survive_conversion(path):
    odd = {
        "wide": 2**70, "wider": [-(2**64), {"x": 10**40}], "lone": "a\ud800b", "\udfff": 1,
        "inf": math.inf, "less": -math.inf, "huge": 1e300, "tiny": 5e-324, "zero": -0.0,
    }  # fmt: skip
    with TinyDB(path) as db:
        db.table("articles").insert(odd)
        db.table("articles").insert({"nan": math.nan})
    file = LineFile(path)
    file.append([(3, dumps(odd))])
    stock = read_by_stock(path)
    assert stock["1"] == stock["3"] == odd == file.read(*file.find(1))[1]
    assert isinstance(stock["1"]["wide"], int)  # which a float of that size would equal
    assert math.copysign(1, stock["1"]["zero"]) == -1
    assert math.isnan(stock["2"]["nan"])
    assert math.isnan(file.read(*file.find(2))[1]["nan"])


def test_text_that_needs_no_escapes_has_none_after_conversion(path):
    with TinyDB(path) as db:
        db.table("articles").insert({"title": "Żółw 🐢"})
    assert "Żółw" not in path.read_text("utf-8")
    LineFile(path).convert()
    assert '"title":"Żółw 🐢"' in path.read_text("utf-8")


def test_a_foreign_file_that_is_trusted_is_not_walked_until_it_must_be(path, monkeypatch):
    path.write_text(json.dumps({"articles": DOCUMENTS}))
    stamp = LineFile(path).stamp()
    walks = []
    survey = jsonspans.survey
    monkeypatch.setattr(jsonspans, "survey", lambda read: (walks.append(1), survey(read))[1])
    file = LineFile(path, trusted=stamp)
    assert (file.shape, walks) == (Shape.FOREIGN, [])
    assert documents_in(file) == DOCUMENTS
    assert walks == [1]


def test_a_foreign_file_open_for_reading_only_stays_as_it_is(path):
    content = json.dumps({"articles": DOCUMENTS}, indent=2)
    path.write_text(content)
    file = LineFile(path, readonly=True)
    assert documents_in(file) == DOCUMENTS
    for write in (file.convert, lambda: file.append([(99, b"{}")])):
        with pytest.raises(ReadOnlyError):
            write()
    assert path.read_text() == content
    assert os.listdir(path.parent) == ["library.json"]


def test_a_file_much_larger_than_a_block_is_walked_in_blocks(path, monkeypatch):
    data = {str(n): {"title": f"Nº {n}", "body": 'x\\" ' * n} for n in range(1, 60)}
    path.write_text(json.dumps({"a": {"1": {}}, "articles": data, "z": 12345678}, indent=1))
    for block in (1, 2, 3, 7, 16, 61, 1000):
        monkeypatch.setattr(jsonspans, "_BLOCK", block)
        file = LineFile(path)
        assert documents_in(file) == data
        assert file.tables() == {"a": {"1": {}}, "z": 12345678}


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    articles=st.dictionaries(
        st.integers(-(2**63) + 1, 2**63 - 1).map(str),
        st.dictionaries(st.text(), values, max_size=4),
        max_size=5,
    ),
    others=st.dictionaries(st.text().filter(lambda name: name != "articles"), values, max_size=3),
    first=st.booleans(),
    indent=st.none() | st.integers(0, 3),
    escaped=st.booleans(),
    block=st.integers(1, 200),
)
def test_whatever_json_can_say_is_found_and_survives(
    tmp_path, articles, others, first, indent, escaped, block
):
    path = tmp_path / "any.json"
    table = {"articles": articles}
    data = {**table, **others} if first else {**others, **table}
    text = json.dumps(data, indent=indent, ensure_ascii=escaped)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonspans, "_BLOCK", block)
        file = LineFile(path)
        in_order = {str(number): articles[str(number)] for number in sorted(map(int, articles))}
        assert {str(r.id): file.read(r.offset, r.length)[1] for r in file.scan()} == in_order
        file.convert()
        assert json.loads(path.read_bytes()) == data
        assert list(json.loads(path.read_bytes())["articles"]) == list(in_order)
        assert {str(r.id): json.loads(r.raw) for r in file.scan()} == in_order
    file.close()


def test_a_foreign_file_is_rewritten_from_its_own_scan(path):
    path.write_text(json.dumps({"articles": DOCUMENTS, "x": {}}, indent=2))
    file = LineFile(path)
    file.rewrite((record.id, record.raw) for record in file.scan() if record.id != 1)
    assert documents_in(file) == {"2": DOCUMENTS["2"], "40": {}}
    assert len(path.read_bytes().splitlines()) == 4


def test_a_foreign_file_that_changes_during_a_scan_is_not_taken_for_its_end(path):
    path.write_text(json.dumps({"articles": DOCUMENTS}))
    scan = LineFile(path).scan()
    next(scan)
    path.write_text(json.dumps({"articles": DOCUMENTS}, indent=1))
    with pytest.raises(LibraryError, match="article 2 is not at byte"):
        list(scan)


# -- what is refused

REFUSED = {
    "text": (b"Dear diary", "is not JSON (line 1 column 1: "),
    "text in UTF-16": ("{}".encode("utf-16"), "is not JSON (line 1 column 1: "),
    "zeros": (bytes(100), "is not JSON (line 1 column 1: "),
    "an open string": (b'"abc', "is not JSON (line 1 column 5: "),
    "a list": (b'[{"title": "x"}]', "its top level is a list"),
    "a string": (b'"articles"', "its top level is a string"),
    "a number": (b"12", "its top level is a number"),
    "null": (b"null", "its top level is null"),
    "JSON Lines": (b'{"a": 1}\n{"b": 2}\n', "is not valid JSON, line 2 column 1: more text"),
    "text after the end": (b'{"articles": {}} x', "is not valid JSON, line 1 column 18"),
    "a comma too many": (b'{"articles": {"1": {},}}', "line 1 column 23: a key in double quotes"),
    "a comma too few": (b'{"articles": {"1": {} "2": {}}}', "column 23: a comma or the end"),
    "a comma too few inside": (b'{"articles": {"1":\n{"a":"\xc3\xa9" 1}}}', "line 2 column 10: "),
    "no colon": (b'{"articles" {}}', "line 1 column 13: a colon expected"),
    "no quotes": (b"{articles: {}}", "line 1 column 2: a key in double quotes"),
    "single quotes": (b"{'articles': {}}", "line 1 column 2: a key in double quotes"),
    "no value": (b'{"articles": , "b": 1}', "line 1 column 14: a value expected"),
    "brackets crossed": (b'{"articles": {"1": {"a": [}]}}', "line 1 column 27: "),
    "a raw line end in a string": (b'{"articles": {"1": {"a": "\n"}}}', "line 1 column 27: "),
    "Latin-1": (b'{"articles": {"1": {"a": "caf\xe9"}}}', "column 30: it is not UTF-8"),
    "a list of articles": (b'{"articles": [{"title": "x"}]}', "its articles are a list"),
    "no articles at all": (b'{"articles": null}', "its articles are null"),
    "a key that is no id": (b'{"articles": {"first": {}}}', 'no document id: "first"'),
    "an id beyond 64 bits": (b'{"articles": {"9223372036854775808": {}}}', "no document id"),
    "an article that is a string": (b'{"articles": {"3": "x"}}', "its article 3 is a string"),
    "other tables": (b'{"_default": {"1": {}}, "books": {}}', "its tables are _default, books"),
    "another program's settings": (b'{"theme": "dark", "size": 3}', "its tables are theme, size"),
    "a name with controls": (b'{"\\u001b[2J\\u202e": {"1": {}}}', "its tables are ?[2J?"),
    "our first line and others' rest": (b'{"articles": {\n  "1": {x}\n}}\n', "line 2 column 9: "),
}  # fmt: skip


@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_library_is_refused_untouched_and_said_in_one_line(path, content, reason):
    path.write_bytes(content)
    before = path.stat()
    with pytest.raises(NotALibraryError) as caught:
        LineFile(path)
    message = str(caught.value)
    assert reason in message
    assert message.startswith(str(path))
    assert "left untouched" in message
    assert f"broadsheet add {path}" in message
    assert message.isprintable()
    assert path.read_bytes() == content
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert os.listdir(path.parent) == ["library.json"]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_foreign_file_cut_off_anywhere_is_refused_untouched(path, shape):
    content = shape({"version": 3, "articles": DOCUMENTS, "z": {}}).encode()
    whole = content.rstrip()
    start = content.index(b"{") + 1
    for size in range(start, len(whole)):
        path.write_bytes(whole[:size])
        with pytest.raises(NotALibraryError, match="restore it from a backup or mend it"):
            LineFile(path)
        assert path.read_bytes() == whole[:size]


def test_where_a_file_ends_is_given_in_lines_and_characters(path):
    path.write_bytes('{\n "articles": {\n  "1": {"title": "Żółw'.encode())
    with pytest.raises(NotALibraryError, match="ends in the middle, line 3 column 23;"):
        LineFile(path)


def test_a_value_nested_too_deeply_is_refused(path):
    path.write_bytes(b'{"articles": {"1": {"a": ' + b"[" * 5000 + b"]" * 5000 + b"}}}")
    with pytest.raises(NotALibraryError, match="nested too deeply"):
        LineFile(path)


def test_a_library_that_became_something_else_is_not_written(path):
    file = LineFile(path)
    file.append([(1, b"{}")])
    path.write_bytes(b"Dear diary")
    with pytest.raises(NotALibraryError):
        file.append([(2, b"{}")])
    assert path.read_bytes() == b"Dear diary"


# -- edited by hand: ids out of order, or more than once


def edited(path, order):
    """A file in our form, with its lines in another order, some of them twice."""
    lines = [f'"{number}":{{"title":"{title}"}}' for number, title in order]
    path.write_text('{"articles": {\n' + "\n,".join(lines) + "\n}}\n")
    return path.read_bytes()


def test_ids_out_of_order_are_no_damage(path):
    content = edited(path, [(1, "a"), (3, "c"), (2, "b")])
    file = LineFile(path, readonly=True)
    assert file.torn() is None
    assert (file.shape, file.doubled(), list(file.contents())) == (Shape.FOREIGN, [], [content])
    file = LineFile(path)
    assert file.verify() == 0
    assert documents_in(file) == {"1": {"title": "a"}, "2": {"title": "b"}, "3": {"title": "c"}}
    assert file.shape is Shape.LINES
    assert not path.with_name("library.json.torn").exists()


def test_of_an_id_that_stands_twice_the_last_counts_and_the_others_are_put_aside(path):
    content = edited(path, [(1, "old"), (2, "b"), (1, "newer"), (3, "c"), (1, "newest")])
    reader = LineFile(path, readonly=True)
    assert reader.torn() is None
    assert reader.doubled() == [1]
    assert read_by_stock(path)["1"] == {"title": "newest"}
    assert path.read_bytes() == content
    file = LineFile(path)
    file.verify()
    assert documents_in(file)["1"] == {"title": "newest"}
    assert len(documents_in(file)) == 3
    assert path.with_name("library.json.torn").read_text() == (
        '"1":{"title":"old"}\n"1":{"title":"newer"}\n'
    )
    assert LineFile(path).doubled() == []


@pytest.mark.parametrize("rewritten", ["convert", "append"])
def test_nothing_is_lost_of_another_layout_either(path, rewritten):
    path.write_text(
        '{"articles": {"1": {"t": "first"}},\n "articles": {"2": {"t": "x"}, "2": {"t": "y"}}}'
    )
    file = LineFile(path)
    assert file.doubled() == [1, 2]
    if rewritten == "convert":
        file.convert()
    else:
        file.append([(3, b"{}")])
    assert documents_in(file)["2"] == {"t": "y"}
    assert path.with_name("library.json.torn").read_text() == (
        '"1": {"t": "first"}\n"2": {"t": "x"}\n'
    )
