"""A few minutes of a random day, with the same keys each time; `make soak` is the long one."""

from __future__ import annotations

import random

import pytest

from tests.soak import __main__ as soak


@pytest.mark.pty
def test_typing_at_random_into_a_terminal_ends_in_no_error(tmp_path, monkeypatch):
    monkeypatch.setattr(soak, "ARTICLES", 60)
    monkeypatch.setattr(soak, "HOURS", 2)
    measured = soak.in_terminal(tmp_path, 150, random.Random(7), lambda _: None)
    # Caches still fill: memory is for the long run.
    assert [fault for fault in measured.faults() if "memory" not in fault] == []
