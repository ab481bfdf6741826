"""A few file calls that fail, and a few cuts of the power; `make faults` tries all of them."""

from __future__ import annotations

import shutil
import sys

import pytest

from tests.faults.test_kills import run

pytestmark = pytest.mark.skipif(
    shutil.which("cc") is None or not sys.platform.startswith("linux"),
    reason="file calls are failed by a library made with a C compiler",
)


def test_a_file_call_that_fails_loses_nothing_and_is_told_in_one_line():
    kinds = ("a disk that is full", "an input/output error", "a kill halfway")
    said = run(
        "fail:adding-one", "fail:marking", "fail:purging", "fail:restoring", "--most", "2",
        *(word for kind in kinds for word in ("--fault", kind)),
    )  # fmt: skip
    assert said.count("nothing lost") == 4


def test_a_power_cut_loses_nothing_that_was_on_disk():
    said = run("power:an-edit", "power:a-torn-file", "--states", "2")
    assert said.count("nothing lost") == 2
