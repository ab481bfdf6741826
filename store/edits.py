"""Telling a file that was edited since it was added from another article under its name.

A file of one article that has no address of its own is known by its title and text; edited, it
would be another.  It is the same one if it lies in the same place and says much of the same.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from store.article import Article

if TYPE_CHECKING:
    from store.adding import Incoming
    from store.index import Index

#: Formats of which a file holds one article.
ONE_A_FILE: Final = frozenset({"text", "markdown", "html", "pdf", "epub"})

#: The share of the words of two texts that both have, from which on they are one that was edited.
_ALIKE: Final = 0.5

_COMPARED: Final = 50_000  # characters of each text
_WORD: Final = re.compile(r"\w+")


def edited_files(
    batch: Sequence[Incoming],
    identified: Mapping[int, int],
    index: Index,
    get: Callable[[int], Article],
) -> dict[int, int]:
    """Which articles of a batch are edited forms of one in the library: place -> its id.

    Args:
        batch: Articles on their way in.
        identified: Those that the library has, by their identity.
        index: The columns of the library.
        get: The article of an id.
    """
    unknown = {
        item.article.source: place
        for place, item in enumerate(batch)
        if item.article.type in ONE_A_FILE
        and item.article.source.startswith(os.sep)
        and not item.same
        and item.identity not in identified
    }
    found: dict[int, int] = {}
    for source, ids in index.with_sources(list(unknown)).items():
        place = unknown[source]
        article = batch[place].article
        if len(ids) == 1 and is_edited(get(ids[0]), article):
            found[place] = ids[0]
    return found


def is_edited(old: Article, new: Article) -> bool:
    """Whether two articles from one file are one, before and after it was edited."""
    if (old.source, old.type) != (new.source, new.type) or (old.url and new.url):
        return False
    if old.title and old.title.casefold() == new.title.casefold():
        return True
    before, after = _words(old), _words(new)
    return len(before & after) >= _ALIKE * min(len(before), len(after)) > 0


def _words(article: Article) -> set[str]:
    return set(_WORD.findall(article.body[:_COMPARED].casefold()))
