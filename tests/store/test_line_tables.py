"""The tables of the reading file: documents found and written without parsing the others."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import LibraryError, linetable
from store.reading import ReadingFile

_KEYS = st.integers(-3, 40).map(str) | st.sampled_from(["abc", "007", str(1 << 63), "-0"])
_DOCUMENTS = st.dictionaries(
    st.sampled_from(["read", "anchor", "n"]),
    st.booleans()
    | st.text(max_size=3)
    | st.integers(0, 1 << 70)
    | st.just(float("inf"))
    | st.just([{"a": {"b": 1}}, {"c": {}}])
    | st.just('}},{"'),
    min_size=1,
)
_DEEDS = st.lists(
    st.tuples(st.just("set"), _KEYS, _DOCUMENTS)
    | st.tuples(st.sampled_from(["pop", "get", "mend", "len", "all"]), _KEYS, st.none()),
    max_size=12,
)


def done(states, deeds) -> list:
    """What a table of states answers to what is done to it."""
    answers: list = []
    for deed, key, document in deeds:
        match deed:
            case "set":
                states[key] = dict(document)
            case "pop":
                answers.append(states.pop(key, None))
            case "get":
                answers.append((key in states, states.get(key)))
            case "mend":
                if key in states:
                    states[key]["n"] = 5
            case "len":
                answers.append(len(states))
            case "all":
                answers.append(sorted(states.items(), key=lambda item: item[0]))
    return answers


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.sampled_from(["states", "feeds", "highlights", "views"]), _DEEDS)),
    st.sampled_from([1, 3, 16]),
    st.sampled_from([1, 64, 65_536]),
)
def test_tables_are_what_dicts_would_be(tmp_path_factory, changes, worth, part):
    path = tmp_path_factory.mktemp("reading") / "library.json"
    expected: dict = {name: {} for name in ("states", "feeds", "highlights", "views")}
    patch = pytest.MonkeyPatch()
    with patch.context() as context:
        context.setattr(linetable, "_WORTH", worth)
        context.setattr(linetable, "_PART", part)
        reading = ReadingFile(path)
        for name, deeds in changes:
            answers = []
            reading.update(lambda tables, n=name, d=deeds, a=answers: a.extend(done(tables[n], d)))
            assert repr(answers) == repr(done(expected[name], deeds))
            for again in (reading, ReadingFile(path)):  # by what it knows of it, and by a look
                tables = again.load()[0]
                assert {each: dict(tables[each]) for each in expected} == expected
            stock = json.loads(reading.path.read_bytes())
            assert {each: stock[each] for each in expected} == expected


@pytest.fixture
def reading(tmp_path):
    reading = ReadingFile(tmp_path / "library.json")
    states = {str(n): {"read": True, "anchor": f"Words of {n}"} for n in range(1, 3_001)}
    reading.update(lambda tables: tables["states"].update(states))
    return reading


def test_a_mark_parses_no_state_but_its_own(reading, monkeypatch):
    parsed = []
    loads = linetable.loads
    monkeypatch.setattr(linetable, "loads", lambda raw: parsed.append(len(raw)) or loads(raw))
    reading.update(lambda tables: tables["states"]["1500"].update(starred=True))
    assert 0 < sum(parsed) < 1_000
    assert reading.load()[0]["states"]["1500"] == {
        "read": True, "anchor": "Words of 1500", "starred": True,
    }  # fmt: skip


def edited(reading, old: bytes, new: bytes) -> None:
    raw = reading.path.read_bytes()
    assert raw.count(old) == 1
    reading.path.write_bytes(raw.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'\n,"7":{', b',"7":{'),
        (b'\n,"7":{', b'\n\n,"7":{'),
        (b'\n,"7":{', b'\n, "7": {'),
        (b'\n,"7":{', b',\n"7":{'),
        (b'\n,"7":{', b'\n,"70000":{'),
        (b'\n,"7":{', b'\n,"6":{'),
        (b'\n,"7":{', b'\n,"x":{'),
        (b'\n,"7":{', b'\n,"007":{'),
        (b'"anchor":"Words of 6"}\n', b'"anchor":{"8":{}\n,"9":{}}},"10":{}\n'),
        (b'{"read":true,"anchor":"Words of 6"}\n,"7"', b'{"7":{}\n,"8":{}},"9":{}\n,"70"'),
        (b'{"read":true,"anchor":"Words of 6"}\n', b'{\n"6":{}},"7":{}\n'),
        (b'{"states":{\n', b'{"states": {\n'),
        (b'},"highlights"', b'},"states":{"5":{"starred":true}},"highlights"'),
        (b'\n},"feeds"', b'\n,"9000":{}},"feeds"'),
    ],
)  # fmt: skip
@pytest.mark.parametrize("part", [1, 65_536])
def test_a_file_that_was_edited_by_hand_is_read_as_the_json_it_is(
    reading, monkeypatch, old, new, part
):
    monkeypatch.setattr(linetable, "_PART", part)
    edited(reading, old, new)
    expected = json.loads(reading.path.read_bytes())["states"]
    for each in (reading, ReadingFile(reading.path.with_name("library.json"))):
        assert dict(each.load()[0]["states"]) == expected
    reading.update(lambda tables: tables["states"].setdefault("8", {}).update(starred=True))
    expected.setdefault("8", {})["starred"] = True
    assert json.loads(reading.path.read_bytes())["states"] == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'\n,"1500":{', b'\n"1500":{'),
        (b'\n,"1500":{', b'\n,"1500":{{'),
        (b'\n,"1500":{', b'\n,"1500":['),
        (b'\n,"1500":{"read":true', b'\n,"1500":{"read":tru\0'),
        (b'{"states":{\n"1"', b'{"states":{\n,"1"'),
        (b'},"highlights"', b',"highlights"'),
        (b'\n,"1500":{"read":true,"anchor":"Words of 1500"}', b'\n,"1500":5'),
    ],
)
@pytest.mark.parametrize("part", [1, 65_536])
def test_damage_is_told_though_no_state_beside_it_is_asked_for(
    reading, monkeypatch, old, new, part
):
    monkeypatch.setattr(linetable, "_PART", part)
    edited(reading, old, new)
    there = reading.path.read_bytes()
    for each in (reading, ReadingFile(reading.path.with_name("library.json"))):
        with pytest.raises(LibraryError, match="reading file"):
            each.update(lambda tables: tables["states"]["8"].update(starred=True))
    assert reading.path.read_bytes() == there
