"""Large files of JSON: read a record at a time, to the same articles as small ones."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import Article, Rejected, Source
from store.errors import SourceError
from store.importers import json_stream, read_sources
from store.importers.json_stream import LongList, open_json, whole_value

_SAMPLES = Path(__file__).parents[3] / "sample_data"


@pytest.fixture
def everything_is_long(monkeypatch):
    monkeypatch.setattr(json_stream, "LARGE", 1)
    monkeypatch.setattr(json_stream, "_LONG", 250)


def read(path: Path) -> list:
    return list(read_sources([str(path)], workers=0))


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=60)
@given(_VALUES, st.sampled_from([None, 2]), st.sampled_from([8, 64, 640]))
def test_any_value_is_the_same_by_parts(tmp_path_factory, value, indent, long):
    path = tmp_path_factory.getbasetemp() / "value.json"
    path.write_text(json.dumps(value, indent=indent))
    patch = pytest.MonkeyPatch()
    with patch.context() as context:
        context.setattr(json_stream, "LARGE", 1)
        context.setattr(json_stream, "_LONG", long)
        assert whole_value(open_json(Source(str(path), path=path))) == value


@pytest.mark.parametrize("path", sorted(_SAMPLES.rglob("*.json")), ids=lambda path: path.stem)
def test_each_sample_gives_the_same_by_parts(path, request):
    whole = read(path)
    request.getfixturevalue("everything_is_long")
    assert read(path) == whole


_ARTICLES = [
    {"title": f"No {n}", "body": f"Text of {n}.", "read": bool(n % 2), "more": {"n": [n] * 9}}
    for n in range(1, 40)
]
_TABLE = {str(n): article for n, article in enumerate(_ARTICLES, 1)}


@pytest.mark.parametrize(
    "value",
    [
        _ARTICLES,
        {"made": "2020", "articles": _ARTICLES},
        {"articles": _TABLE},
        {"_default": _TABLE, "more": {"7": {"title": "A", "body": "x"}}},
        {"title": "A", "body": "Text. " * 99, "comments": [{"by": "B"}] * 99},
    ],
    ids=["list", "wrapped", "table", "tables", "document"],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_every_shape_gives_the_same_by_parts(tmp_path, everything_is_long, value, indent):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(value, indent=indent))
    packed = tmp_path / "y.json.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    by_parts = read(path)
    assert by_parts
    assert all(isinstance(each, Article) for each in by_parts)
    assert [each.title for each in read(packed)] == [each.title for each in by_parts]
    patch = pytest.MonkeyPatch()
    with patch.context() as context:
        context.setattr(json_stream, "LARGE", 1 << 30)
        assert read(path) == by_parts


def test_a_large_list_is_never_held_as_a_whole(tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    record = json.dumps({"title": "A", "body": "word " * 2_000})
    path.write_text("[" + ",\n".join([record] * 500) + "]")
    assert path.stat().st_size > json_stream.LARGE
    monkeypatch.setattr(json_stream, "load_json", None)
    source = Source(str(path), path=path)
    value = open_json(source)
    assert isinstance(value, LongList)
    assert sum(1 for _ in value) == 500
    assert source._data is None


def looks_at(monkeypatch) -> list:
    """The names of what is asked of the places in files, each time it is."""
    looks = []

    class Counting(json_stream.Cursor):
        def value(self, **how):
            looks.append("value")
            return super().value(**how)

        def value_up_to(self, most):
            looks.append("value_up_to")
            return super().value_up_to(most)

    monkeypatch.setattr(json_stream, "Cursor", Counting)
    return looks


@pytest.mark.parametrize("file", ["[%s]", "%s"])
@pytest.mark.parametrize("around", ['{"a":%s}', "[%s]"])
def test_a_value_deep_in_a_record_is_not_gone_over_for_each_level(
    tmp_path, everything_is_long, monkeypatch, file, around
):
    inner = '"x"'.rjust(400)
    for _ in range(30):
        inner = around % inner
    path = tmp_path / "deep.json"
    path.write_text(file % f'{{"title": "T", "url": "https://a.example/1", "z": {inner}}}')
    looks = looks_at(monkeypatch)
    (article,) = read(path)
    assert article.title == "T"
    assert 0 < len(looks) < 30


@pytest.mark.parametrize("file", ["[%s]", "%s"])
@pytest.mark.parametrize("around", ['{"a":%s}', "[%s]"])
@pytest.mark.parametrize("inner", [[1] * 3_000, [[]] * 3_000, {str(n): "x" for n in range(3_000)}])
def test_small_values_of_a_long_one_are_not_taken_one_by_one(
    tmp_path, monkeypatch, file, around, inner
):
    monkeypatch.setattr(json_stream, "LARGE", 1)
    monkeypatch.setattr(json_stream, "_LONG", 4096)
    raw = json.dumps(inner)
    for _ in range(4):
        raw = around % raw
    path = tmp_path / "wide.json"
    path.write_text(file % f'{{"title": "T", "url": "https://a.example/1", "z": {raw}}}')
    looks = looks_at(monkeypatch)
    (article,) = read(path)
    assert len(json.dumps(article.extra)) > 3_000
    assert 0 < len(looks) < 60


@pytest.mark.parametrize(
    "text",
    [
        '[1,"a,]",[2,[]], {oops}, 3,\n"b"]', "[1,2,]", "[1,,2]", "[1 2,3]", '["a" "b", 1]', "[,1]",
        "[1,2", "[1,2}", '[1,"a', '["a","b"]x', "[[1},2]", "[]", "[ 1 , [ 2 , 3 ] , NaN ]",
    ],
)  # fmt: skip
def test_values_taken_together_are_those_taken_one_by_one(tmp_path, monkeypatch, text):
    path = tmp_path / "x.json"
    path.write_text(text)
    monkeypatch.setattr(json_stream, "LARGE", 1)

    def parts(long):
        monkeypatch.setattr(json_stream, "_LONG", long)
        found = []
        try:
            found.extend(map(repr, open_json(Source(str(path), path=path))))
        except SourceError as error:
            found.append(str(error))
        return found

    one_by_one = parts(8)
    assert one_by_one or text == "[]"
    assert [found for long in range(16, 640, 16) if (found := parts(long)) != one_by_one] == []


@settings(max_examples=100)
@given(
    st.lists(st.sampled_from(["1", '"a,]"', "[2, []]", '{"a": 3}', "01", "{oops}", '"\x01"'])),
    st.sampled_from([16, 640, 8_000, 80_000]),
    st.booleans(),
)
def test_any_values_taken_together_are_those_taken_one_by_one(
    tmp_path_factory, values, long, named
):
    path = tmp_path_factory.getbasetemp() / "several.json"
    texts = [f'"{n}": {text}' for n, text in enumerate(values)] if named else values
    path.write_text(("{%s}" if named else "[%s]") % ", ".join(texts))
    patch = pytest.MonkeyPatch()

    def taken(long):
        with patch.context() as context:
            context.setattr(json_stream, "LARGE", 1)
            context.setattr(json_stream, "_LONG", long)
            try:
                value = open_json(Source(str(path), path=path))
                return repr(value if isinstance(value, dict) else list(value))
            except SourceError as error:
                return str(error)[:13]  # the place depends on what is taken together

    assert taken(long) == taken(8)


def test_one_bad_value_among_many_has_few_of_them_taken_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(json_stream, "LARGE", 1)
    path = tmp_path / "x.json"
    path.write_text("[" + '{"a": 1}, ' * 4_000 + "{oops}" + ', {"a": 1}' * 4_000 + "]")
    looks = looks_at(monkeypatch)
    assert sum(isinstance(each, json_stream.Broken) for each in open_json(Source("", path=path)))
    assert 0 < len(looks) < 200


@pytest.mark.parametrize(
    "file", ['{"title": "A", %s}', '{"articles": {"1": {%s}, "2": {"title": "B"}}}']
)
def test_a_record_is_given_up_at_its_first_bad_value(tmp_path, monkeypatch, file):
    monkeypatch.setattr(json_stream, "LARGE", 1)
    monkeypatch.setattr(json_stream, "_LONG", 4096)
    path = tmp_path / "x.json"
    path.write_text(file % ", ".join(f'"{n}": {{oops}}' for n in range(3_000)))
    looks = looks_at(monkeypatch)
    rejected, *others = read(path)
    assert "it is no JSON" in rejected.reason
    assert [each.title for each in others] == ["B"][: file.count("B")]
    assert 0 < len(looks) < 60


def test_a_broken_record_of_a_large_list_costs_only_itself(tmp_path, everything_is_long):
    path = tmp_path / "x.json"
    path.write_text('[{"title": "A", "body": "x"}, {oops: 1}, 5, {"title": "B", "body": "y"}]')
    first, broken, number, last = read(path)
    assert (first.title, last.title) == ("A", "B")
    assert (broken.item, broken.reason[:13]) == ("item 2", "it is no JSON")
    assert number.reason == "it is no object, but a number"


def test_what_stands_before_the_end_of_a_list_that_was_cut_off_comes_in(
    tmp_path, everything_is_long
):
    path = tmp_path / "x.json"
    path.write_text('[{"title": "A", "body": "x"}, {"title": "B", "bo')
    first, rejected = read(path)
    assert first.title == "A"
    assert isinstance(rejected, Rejected)
    assert "ends in the middle" in rejected.reason


def test_lines_of_json_behind_a_bad_first_one_are_read(tmp_path, everything_is_long):
    path = tmp_path / "x.jsonl"
    path.write_text('{broken\n{"title": "B", "body": "y"}\n')
    rejected, article = read(path)
    assert rejected.item == "line 1"
    assert article.title == "B"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_other_encodings_are_read_too(tmp_path, everything_is_long, encoding):
    path = tmp_path / "x.json"
    text = json.dumps([{"title": "Größe", "body": "Die Größe über alles."}], ensure_ascii=False)
    path.write_bytes(text.encode(encoding))
    (article,) = read(path)
    assert article.title == "Größe"
