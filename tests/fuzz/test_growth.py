"""What takes more time than its length is found, and what does not is not."""

from __future__ import annotations

import random
from itertools import islice

import pytest

from tests.fuzz import growth
from tests.fuzz.findings import Target
from tests.fuzz.growth import LENGTHS, LIMIT, Growth, Shape, shapes


@pytest.mark.parametrize(
    ("power", "found"),
    [(1, False), (1.2, False), (2, True), (3, True)],
)
def test_what_grows_with_the_square_of_its_length_is_found(monkeypatch, capsys, power, found):
    now = 0.0

    def run(data: bytes) -> None:
        nonlocal now
        now += 0.05 * (len(data) / LENGTHS[0]) ** power if data.startswith(b"(") else 0.004

    monkeypatch.setattr(growth.time, "process_time", lambda: now)
    search = Growth(Target("a", run, lambda: [b"a (b)"]), random.Random(1))
    search.look(2)
    assert search.tried
    assert bool(search.found) is found
    assert ("Shape(" in capsys.readouterr().out) is found
    for shape, took in search.found:
        assert shape.of(LENGTHS[0]).startswith(b"(")
        assert took[-1] > 1


def test_what_is_given_up_beyond_a_length_is_found_below_it(monkeypatch):
    now = 0.0

    def run(data: bytes) -> None:
        nonlocal now
        now += 0.01 if len(data) > LENGTHS[1] else 0.1 * (len(data) / LENGTHS[0]) ** 2

    monkeypatch.setattr(growth.time, "process_time", lambda: now)
    took = Growth(Target("a", run, lambda: []), random.Random(1)).grows(Shape(b"", b"a"))
    assert took == pytest.approx([0.1, 1.6])


def test_a_case_without_end_is_stopped_and_found():
    def run(data: bytes) -> None:
        raise growth._TooLongError  # as the timer does in it

    assert Growth(Target("a", run, lambda: []), random.Random(1)).grows(Shape(b"", b"a")) == [LIMIT]


def test_a_shape_has_the_length_that_is_asked_for_and_its_numbers_count():
    assert Shape(b"<", b"ab", b"-", b"cd").of(14) == b"<ababab-cdcdcd"
    assert Shape(b"", b"[1]", b"", b"x", counted=True).of(12) == b"[0][1][2]xxx"
    for shape in islice(shapes([b"a [b](c) 1"], (b"word",), random.Random(2)), 200):
        assert shape.of(1_000)
