"""What holds for all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# How long an example takes is the machine's matter; speed is shown by the benchmarks.
settings.register_profile("broadsheet", deadline=None)
settings.load_profile("broadsheet")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: half of the time a test waits for a program."""
    return (os.cpu_count() or 1) + 1
