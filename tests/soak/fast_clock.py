"""`python -m tests.soak.fast_clock SPEED ...`: the program on a clock that runs so much faster.

Only what tells the time of day does.  What measures seconds (`monotonic`, and with it every timer
and every wait) stays as it is: nothing is hurried, but feeds are due sooner and days pass.
"""

from __future__ import annotations

import datetime
import sys
import time

_real = time.time


def install(speed: float) -> None:
    """Let `time.time` and `datetime.now` run faster from now on."""
    begun = _real()

    def fast() -> float:
        return begun + (_real() - begun) * speed

    class Fast(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Fast:
            return cls.fromtimestamp(fast(), tz)

    time.time = fast
    datetime.datetime = Fast  # type: ignore[misc]


if __name__ == "__main__":
    install(float(sys.argv.pop(1)))
    from tui.__main__ import main

    sys.exit(main())
