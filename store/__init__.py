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
    from store.anchoring import Anchors
    from store.answer import FetchError, Limits
    from store.article import Article
    from store.atomic import create_directories, replace_file
    from store.backup import Backup, read_backup, write_backup
    from store.bookmarks import Bookmark, Bookmarks
    from store.completion import Candidate, Completions, completable, help_lines
    from store.copies import Copy, backups_of, copies_of
    from store.copiesexam import fault_of
    from store.copykind import kind_of_copy
    from store.doctor import examine
    from store.errors import (
        ArticleNotFoundError,
        CancelledError,
        LibraryError,
        NotALibraryError,
        ReadOnlyError,
        SourceError,
    )
    from store.exporters import EXPORT_FORMATS, ExportFormat, export_format_of
    from store.exporters.passages import write_highlights
    from store.exporters.record import ExportReport
    from store.exporting import export_articles
    from store.facets import Facets, is_narrowed, narrowed
    from store.feeds import Feeds, view_of
    from store.fetch import Fetcher
    from store.findings import Finding, Kind, Level
    from store.glancing import Glance, Known, Signs, glance, is_new
    from store.highlightquery import (
        FoundHighlights,
        HighlightFilter,
        find_highlights,
        known_highlight,
        orphans,
    )
    from store.highlights import COLOURS, Highlight, KnownHighlight
    from store.importers.record import Rejected, Source
    from store.library import Library
    from store.links import LinkOut, Links
    from store.listed import Listed
    from store.memory import forget_answers, share_arenas
    from store.mending import repair
    from store.refreshing import Outcome, RefreshReport
    from store.regular import read_regular
    from store.restoring import Restored, restore_backup, restore_library, restore_reading
    from store.results import Hit, ImportReport, Matcher, Result
    from store.row import Row, reading_minutes
    from store.state import State
    from store.statistics import Statistics
    from store.subscription import Subscription
    from store.targets import named_place, own_files, write_target
    from store.textfind import TextFinder, find_in_text
    from store.views import BUILT_IN_VIEWS, View, ViewCount
    from store.webpages import Found, is_address

_HOME = {
    "Anchors": "anchoring",
    "Article": "article", "State": "state",
    "create_directories": "atomic", "replace_file": "atomic",
    "Backup": "backup", "read_backup": "backup", "write_backup": "backup",
    "Restored": "restoring", "restore_backup": "restoring", "restore_library": "restoring",
    "restore_reading": "restoring",
    "Bookmark": "bookmarks", "Bookmarks": "bookmarks",
    "Candidate": "completion", "Completions": "completion", "completable": "completion",
    "help_lines": "completion",
    "Copy": "copies", "backups_of": "copies", "copies_of": "copies", "fault_of": "copiesexam",
    "kind_of_copy": "copykind",
    "examine": "doctor", "Finding": "findings", "Kind": "findings", "Level": "findings",
    "ArticleNotFoundError": "errors", "CancelledError": "errors", "LibraryError": "errors",
    "NotALibraryError": "errors", "ReadOnlyError": "errors", "SourceError": "errors",
    "EXPORT_FORMATS": "exporters", "ExportFormat": "exporters", "export_format_of": "exporters",
    "ExportReport": "exporters.record", "export_articles": "exporting",
    "Facets": "facets", "is_narrowed": "facets", "narrowed": "facets",
    "Feeds": "feeds", "view_of": "feeds",
    "Fetcher": "fetch", "FetchError": "answer", "Limits": "answer",
    "FoundHighlights": "highlightquery", "HighlightFilter": "highlightquery",
    "KnownHighlight": "highlights", "known_highlight": "highlightquery",
    "find_highlights": "highlightquery", "orphans": "highlightquery",
    "COLOURS": "highlights", "Highlight": "highlights",
    "write_highlights": "exporters.passages",
    "forget_answers": "memory", "share_arenas": "memory", "repair": "mending",
    "read_regular": "regular",
    "Rejected": "importers.record", "Source": "importers.record",
    "Library": "library", "Listed": "listed",
    "LinkOut": "links", "Links": "links",
    "Outcome": "refreshing", "RefreshReport": "refreshing",
    "Hit": "results", "ImportReport": "results", "Matcher": "results", "Result": "results",
    "Glance": "glancing", "Known": "glancing", "Signs": "glancing", "glance": "glancing",
    "is_new": "glancing",
    "Row": "row", "reading_minutes": "row",
    "Statistics": "statistics", "Subscription": "subscription",
    "Found": "webpages", "is_address": "webpages",
    "named_place": "targets", "own_files": "targets", "write_target": "targets",
    "TextFinder": "textfind", "find_in_text": "textfind",
    "BUILT_IN_VIEWS": "views", "View": "views", "ViewCount": "views",
}  # fmt: skip

__all__ = [
    "BUILT_IN_VIEWS",
    "COLOURS",
    "EXPORT_FORMATS",
    "Anchors",
    "Article",
    "ArticleNotFoundError",
    "Backup",
    "Bookmark",
    "Bookmarks",
    "CancelledError",
    "Candidate",
    "Completions",
    "Copy",
    "ExportFormat",
    "ExportReport",
    "Facets",
    "Feeds",
    "FetchError",
    "Fetcher",
    "Finding",
    "Found",
    "FoundHighlights",
    "Glance",
    "Highlight",
    "HighlightFilter",
    "Hit",
    "ImportReport",
    "Kind",
    "Known",
    "KnownHighlight",
    "Level",
    "Library",
    "LibraryError",
    "Limits",
    "LinkOut",
    "Links",
    "Listed",
    "Matcher",
    "NotALibraryError",
    "Outcome",
    "ReadOnlyError",
    "RefreshReport",
    "Rejected",
    "Restored",
    "Result",
    "Row",
    "Signs",
    "Source",
    "SourceError",
    "State",
    "Statistics",
    "Subscription",
    "TextFinder",
    "View",
    "ViewCount",
    "__version__",
    "backups_of",
    "completable",
    "copies_of",
    "create_directories",
    "examine",
    "export_articles",
    "export_format_of",
    "fault_of",
    "find_highlights",
    "find_in_text",
    "forget_answers",
    "glance",
    "help_lines",
    "is_address",
    "is_narrowed",
    "is_new",
    "kind_of_copy",
    "known_highlight",
    "named_place",
    "narrowed",
    "orphans",
    "own_files",
    "read_backup",
    "read_regular",
    "reading_minutes",
    "repair",
    "replace_file",
    "restore_backup",
    "restore_library",
    "restore_reading",
    "share_arenas",
    "view_of",
    "write_backup",
    "write_highlights",
    "write_target",
]


def __getattr__(name: str) -> Any:
    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module 'store' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"store.{module}"), name)
    globals()[name] = value
    return value
