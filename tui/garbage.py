"""Looking for garbage: how much of what the program has made it looks at, and when.

Dialogs and tasks refer to each other in circles, so that Python has to look for what of them is no
longer of use.  It does so after so many new objects, in the midst of typing if need be, and now and
then looks at everything: some 50,000 objects that are there for good once a few dialogs were open.
Of 3,000 random keys 22 waited 80 ms for that.  Here everything is looked at when nobody waits, so
often that Python hardly ever begins by itself, and what is there for good is left out.
"""

from __future__ import annotations

import gc
from time import perf_counter
from typing import Final

#: Seconds of a search from which on what is of use is to be left out of the next ones.
_LONG: Final = 0.03

#: Searches after which everything is looked at, though somebody is typing.
_PATIENCE: Final = 8

#: After how many searches among what is newer Python looks at everything by itself, at the soonest;
#: its own ten come in the midst of typing.
_SELDOM: Final = 50


def begin() -> None:
    """Have Python look for garbage from now on, but not among what stands now."""
    gc.freeze()
    newest, newer, _ = gc.get_threshold()
    gc.set_threshold(newest, newer, _SELDOM)
    gc.enable()


class Garbage:
    """Looks for garbage whenever it is told that this is a good moment.

    What is left out of searches (`gc.freeze`) still goes when nothing refers to it; only circles of
    it stay until everything is looked at again.  So nothing is left out while one thing comes and
    another goes, but only together with a look at everything.
    """

    def __init__(self) -> None:
        """Nothing is left out that is not already."""
        self._put_off = 0

    @property
    def is_owed(self) -> bool:
        """Whether a quiet moment is waited for, to look at everything."""
        return self._put_off > 0

    def collect(self, *, quiet: bool) -> None:
        """Look for garbage, in the thread of the one who calls.

        It takes 10 ms, up to 80 when there is much that is not left out, and 150 with everything.

        Args:
            quiet: Whether nobody is likely to press a key in the meantime.
        """
        begun = perf_counter()
        gc.collect()
        if perf_counter() - begun <= _LONG and not self._put_off:
            return
        self._put_off += 1
        if quiet or self._put_off > _PATIENCE:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            self._put_off = 0
