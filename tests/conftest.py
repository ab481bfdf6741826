"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes is the machine's matter; speed is shown by the benchmarks.
settings.register_profile("broadsheet", deadline=None)
settings.load_profile("broadsheet")
