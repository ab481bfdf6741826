"""The lines of a TOML document's keys, and what is left of one that is broken."""

from __future__ import annotations

import time
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.tomllines import key_lines, read

#: Values that look like keys, headers and comments, or go over several lines.
VALUES = (
    "1", "-2.5e3", "true", "1979-05-27 07:32:00", "07:32:00.5", '"a = 1 # [b]"', "'[x] = {'",
    '"\\" = ["', '"""\na = 1\n[b]\n"""', "'''\n# no comment\nb = '' ''''", '"""\\"""\n x"""""',
    "[1, [2,\n # a = 1\n 3],\n]", '[{ a = 1 }, { "b]" = [\n2] }]', "[]", "{}",
    '{ b = "}", a.c = [1,\n2] }',
)  # fmt: skip

KEYS = st.one_of(
    st.sampled_from(["a", "b", "list", "down", "1", "2017-03", "-"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
)
TABLES = st.recursive(
    st.sampled_from(VALUES), lambda inner: st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
).filter(lambda tree: isinstance(tree, dict))


class Writer:
    """Writes a tree of tables as TOML in any of the ways there are, keeping the lines of keys."""

    def __init__(self, draw) -> None:
        self.draw = draw
        self.text = ""
        self.lines: dict[tuple[str, ...], int] = {}

    def put(self, text: str) -> None:
        self.text += text

    def key(self, name: str) -> str:
        if name and all(c.isascii() and (c.isalnum() or c in "-_") for c in name):
            quotes = self.draw(st.sampled_from(["", "'", '"']))
            return f"{quotes}{name}{quotes}"
        return '"' + "".join(f"\\U{ord(c):08x}" for c in name) + '"'

    def named(self, path: tuple[str, ...]) -> None:
        for depth in range(1, len(path) + 1):
            self.lines.setdefault(path[:depth], self.text.count("\n") + 1)

    def filler(self) -> None:
        self.put(self.draw(st.sampled_from(["", "", "\n", "# a = 1\n", "\t \n\n", "  "])))

    def pair(self, table: tuple[str, ...], names: tuple[str, ...], value) -> None:
        self.named(table + names)
        dot = self.draw(st.sampled_from([".", " . "]))
        self.put(dot.join(map(self.key, names)))
        self.put(self.draw(st.sampled_from(["=", " = ", "\t= "])))
        if isinstance(value, dict):
            self.put("{ ")
            for index, (name, inner) in enumerate(value.items()):
                self.put(", " if index else "")
                self.pair(table + names, (name,), inner)
            self.put(" }")
        else:
            self.inside(table + names, value)
            self.put(value)

    def inside(self, path: tuple[str, ...], value: str) -> None:
        """The keys of the inline tables among the values."""
        line = self.text.count("\n") + 1
        for key in {"[{ a": ["a", "b]"], "{ b =": ["b", "a", "a.c"]}.get(value[:5].rstrip(), []):
            self.lines.setdefault((*path, *key.split(".")), line)

    def statements(self, table: tuple[str, ...], names: tuple[str, ...], tree: dict) -> list:
        """The pairs of a table, and what is left to be tables with headers."""
        left = []
        for name, value in tree.items():
            here = (*names, name)
            how = self.draw(st.sampled_from(["inline", "dotted", "header"]))
            if isinstance(value, dict) and value and how == "dotted":
                self.statements_dotted(table, here, value)
            elif isinstance(value, dict) and how == "header":
                left.append((table + here, value))
            else:
                self.filler()
                self.pair(table, here, value)
                self.put(self.draw(st.sampled_from(["\n", " # b = 2\n", "\r\n"])))
        return left

    def statements_dotted(self, table: tuple[str, ...], names: tuple[str, ...], tree: dict) -> None:
        for name, value in tree.items():
            self.filler()
            self.pair(table, (*names, name), value)
            self.put("\n")

    def table(self, path: tuple[str, ...], tree: dict) -> None:
        left = self.statements(path, (), tree)
        for inner, value in left:
            self.filler()
            self.named(inner)
            self.put(f"[{' . '.join(map(self.key, inner))}] # [c]\n")
            self.table(inner, value)


def leaves(table: dict, path: tuple[str, ...] = ()):
    for name, value in table.items():
        yield (*path, name)
        if isinstance(value, dict):
            yield from leaves(value, (*path, name))


@given(st.data(), TABLES)
def test_every_key_is_on_the_line_that_is_told(data, tree):
    writer = Writer(data.draw)
    writer.table((), tree)
    found = key_lines(writer.text)
    document = tomllib.loads(writer.text)
    for path in leaves(document):
        assert found[path] == writer.lines[path], (path, writer.text)


def test_the_first_of_several_tables_and_the_first_dotted_key_are_told():
    lines = key_lines("[[a]]\nb = 1\n[[a]]\nb = 2\n[c]\nd.e = 1\nd.f = 2\n")
    assert lines == {("a",): 1, ("a", "b"): 2, ("c",): 5, ("c", "d"): 6, ("c", "d", "e"): 6,
                     ("c", "d", "f"): 7}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "values", "lines"),
    [
        ("a = 1\nb = \nc = 3", {"a": 1, "c": 3}, [2]),
        ("a = 1\na = 2\nc = 3", {"a": 1, "c": 3}, [2]),
        ("a = 1\n[b\nc = 2\n[d]\ne = 3", {"a": 1, "d": {"e": 3}}, [2]),
        ("[a]\nb = 1\n[a]\nc = 1\n[d]", {"a": {"b": 1}, "d": {}}, [3]),
        ("a = [1,\n2 3]\nb = 1", {"b": 1}, [2]),
        ("a = 1 2\nb = 1", {"b": 1}, [1]),
        ('a = "\\q"\r\nb = 1\r\n', {"b": 1}, [1]),
        ("a = 'x\nb = y\nc = 1", {"c": 1}, [1, 2]),
        ('a = 1\nb = """x\nc = 1', {"a": 1, "c": 1}, [2]),
        ("a = '''x\nb = 1", {"b": 1}, [1]),
        ('a = ""\nb = [\'\', """x"""""]\nc = "\nd = 1', {"a": "", "b": ["", 'x""'], "d": 1}, [3]),
    ],
)
def test_a_broken_statement_is_told_with_its_line_and_left_out(text, values, lines):
    document = read(text)
    assert document.values == values
    assert [line for line, _ in document.faults] == lines


@pytest.mark.parametrize("unit", ['\\"\\\n', '\\"""\n', "'\\\n", "''' \\\n", 'a="""\n"\n'])
def test_quotes_that_nothing_closes_are_each_looked_at_once(unit):
    lengths = []
    for times in (500, 4_000):
        start = time.process_time()
        assert read(unit * times).faults
        lengths.append(time.process_time() - start)
    assert lengths[1] < 30 * max(lengths[0], 0.002)  # eight times; 64, if each is looked for


def test_the_line_of_a_key_that_is_not_known_is_that_of_its_table():
    document = read("\n[a]\nb = 1\n")
    assert document.line(("a", "x")) == 2
    assert document.line(("x",)) == 1
