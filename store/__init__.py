"""broadsheet's article library: usable from any script, draws nothing.

    from store import Library

    with Library("library.json") as library:
        for row in library.find("carrier is:unread").rows(0, 20):
            print(row.id, row.title)

Names are loaded when first used, so that a program pays only for what it touches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from store.version import __version__

if TYPE_CHECKING:
    from store.article import Article, State
    from store.errors import (
        ArticleNotFoundError,
        CancelledError,
        LibraryError,
        NotALibraryError,
        ReadOnlyError,
        SourceError,
    )
    from store.highlights import Highlight
    from store.importers.record import Rejected, Source
    from store.library import Library
    from store.results import Hit, ImportReport, Matcher, Result, Row

_HOME = {
    "Article": "article", "State": "article",
    "ArticleNotFoundError": "errors", "CancelledError": "errors", "LibraryError": "errors",
    "NotALibraryError": "errors", "ReadOnlyError": "errors", "SourceError": "errors",
    "Highlight": "highlights",
    "Rejected": "importers.record", "Source": "importers.record",
    "Library": "library",
    "Hit": "results", "ImportReport": "results", "Matcher": "results", "Result": "results",
    "Row": "results",
}  # fmt: skip

__all__ = [
    "Article",
    "ArticleNotFoundError",
    "CancelledError",
    "Highlight",
    "Hit",
    "ImportReport",
    "Library",
    "LibraryError",
    "Matcher",
    "NotALibraryError",
    "ReadOnlyError",
    "Rejected",
    "Result",
    "Row",
    "Source",
    "SourceError",
    "State",
    "__version__",
]


def __getattr__(name: str) -> Any:
    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module 'store' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"store.{module}"), name)
    globals()[name] = value
    return value
