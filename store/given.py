"""Numbers that were given in a library, so that none is given again: they are in the table `meta`.

2  highest   the highest id of an article
3  highlights   the highest number of a highlight
"""

from __future__ import annotations

from store.migration import Tables
from store.numbers import MAX_ID, free_numbers, whole


def noted(tables: Tables, key: str, name: str) -> int:
    """The highest number ever given of something, as far as it is noted; 0 where it is not."""
    number = tables["meta"].get(key, {}).get(name)
    return whole(number, MAX_ID - 1)  # nothing could follow the highest there is


def keep_numbers(tables: Tables, before: Tables) -> None:
    """Let no number be given again that was given before `tables` took the place of `before`."""
    for key, name in (("2", "highest"), ("3", "highlights")):
        highest = max(noted(t, key, name) for t in (tables, before))
        if highest:
            tables["meta"].setdefault(key, {})[name] = highest


def next_highlight(tables: Tables, given: int = 0) -> int:
    """A number no highlight had before, so that undo cannot bring one back in another's place.

    Args:
        tables: The tables, in which the number is noted as given.
        given: The highest number given meanwhile, to note that one only.
    """
    given = given or next(free_numbers(tables["highlights"], noted(tables, "3", "highlights")))
    tables["meta"].setdefault("3", {})["highlights"] = given
    return given
