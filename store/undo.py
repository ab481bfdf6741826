"""What a change did, in words, for the line that says what was undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_WORDS: Final[dict[tuple[str, bool], str]] = {
    ("read", True): "marked {} read",
    ("read", False): "marked {} unread",
    ("starred", True): "starred {}",
    ("starred", False): "took the star from {}",
    ("archived", True): "archived {}",
    ("archived", False): "took {} out of the archive",
    ("trashed", True): "moved {} to the trash",
    ("trashed", False): "took {} out of the trash",
    ("tags", True): "changed the tags of {}",
}


def done_in_words(fields: Mapping[str, bool], count: int) -> str:
    """A change of marks as a phrase: "starred 3 articles"."""
    what = "1 article" if count == 1 else f"{count:,} articles"
    return ", ".join(_WORDS[name, value].format(what) for name, value in fields.items())
