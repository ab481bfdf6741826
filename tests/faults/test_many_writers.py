"""A few writes of four processes at once; `make faults` does two thousand."""

from __future__ import annotations

from tests.faults.test_kills import run


def test_four_writers_lose_nothing_and_double_nothing():
    assert "nothing lost, nothing doubled" in run("together", "--writes", "64")
