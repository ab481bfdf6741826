"""JSON is read and written with the json module's reach, whichever parser does it."""

import datetime
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import jsontext
from store.jsontext import dumps, loads

any_text = st.text(st.characters(exclude_categories=()))  # lone surrogates too
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(2**62, 2**70)
    | st.floats(allow_nan=False)
    | any_text,
    lambda inner: st.lists(inner) | st.dictionaries(any_text, inner),
    max_leaves=20,
)


def same(left, right):
    """Equal, and of the same types all through (2.0**70 equals 2**70)."""
    return left == right and repr(left) == repr(right)


@given(values)
def test_what_is_written_is_read_back_by_us_and_by_the_json_module(value):
    raw = dumps(value)
    assert b"\n" not in raw
    assert same(loads(raw), value)
    assert same(json.loads(raw), value)


@given(values, st.booleans())
def test_what_the_json_module_wrote_is_read_as_it_reads_it(value, escaped):
    text = json.dumps(value, ensure_ascii=escaped)
    raw = text.encode("utf-8", "surrogatepass")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        with pytest.raises(ValueError):
            loads(raw)
    else:
        assert same(loads(raw), json.loads(text))


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("where", [lambda x: x, lambda x: {"a": [1, (x,)]}, lambda x: [None, x]])
def test_numbers_that_are_not_finite_stay_what_they_are(number, where):
    assert repr(loads(dumps(where(number)))) == repr(json.loads(json.dumps(where(number))))


def test_null_stays_null():
    assert dumps({"a": None, "b": "null", "c": 1.5}) == b'{"a":null,"b":"null","c":1.5}'


def test_keys_become_text_as_the_json_module_makes_them():
    document = {1: "a", None: "b", False: "c", 1.5: "d"}
    assert loads(dumps(document)) == json.loads(json.dumps(document))


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, b"bytes", datetime.date(2020, 1, 1), {(1, 2): 3}]
)
def test_what_json_has_no_form_for_is_refused(value):
    with pytest.raises(TypeError):
        dumps({"a": value})


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"{'a': 1}", b"[1,]", b'"\n"', b"\xff", b"nul", b"[" * 5000 + b"]" * 5000]
)
def test_what_is_not_json_is_a_value_error(raw):
    with pytest.raises(ValueError):
        loads(raw)


@pytest.mark.parametrize("before", [0, 1, 9, 18, 19, 20, 40])
@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**64, 10**30])
def test_a_wide_integer_stays_one_wherever_it_stands_in_a_large_text(number, before):
    text = "x" * (jsontext._PART * 2 - before - len('["",'))
    assert same(loads(json.dumps([text, number]).encode()), [text, number])
