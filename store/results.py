"""What the library answers with: list rows, search hits, results, import reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from store.row import Row as Row

if TYPE_CHECKING:
    from store.importers.record import FeedLink, Rejected


class Hit(NamedTuple):
    """A row found by a search.

    Attributes:
        row: The article's list columns.
        score: Relevance, higher is better; 0.0 when the order is not by relevance.
        snippet: One line of the article's plain text around the densest cluster of matches.
        spans: Matches in `snippet`, as (start, end) in characters, ascending, not overlapping.
        title_spans: Matches in `row.title`, likewise.
    """

    row: Row
    score: float = 0.0
    snippet: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    title_spans: tuple[tuple[int, int], ...] = ()


class Matcher(Protocol):
    """Finds what a query looks for in any text."""

    def spans(self, text: str, field: str = "body", /) -> list[tuple[int, int]]:
        """Matches in `text` as (start, end) in characters, ascending, not overlapping.

        Args:
            text: Any text.
            field: The text field it is: "title", "author" or "body"; what a query looks for in
                another field only is not found.
        """
        ...


class Result(Protocol):
    """The answer to a query: a fixed, ordered list of ids whose rows are fetched by the page."""

    @property
    def query(self) -> str:
        """The query as given."""
        ...

    @property
    def count(self) -> int:
        """Articles found."""
        ...

    @property
    def exact(self) -> bool:
        """Whether `count` is exact; if not, there are at least as many."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """One line each: what of the query was not understood or was corrected."""
        ...

    @property
    def unfinished(self) -> bool:
        """Whether the last term of the query was left out because it is still being typed."""
        ...

    @property
    def matcher(self) -> Matcher | None:
        """Finds the query's words in any text; None when it has none."""
        ...

    @property
    def ids(self) -> Sequence[int]:
        """The ids in order, as many as can be scrolled to."""
        ...

    def rows(self, start: int, stop: int) -> list[Row]:
        """List rows `start` to `stop` (exclusive); one short read of the index."""
        ...

    def hits(self, start: int, stop: int, cancelled: Callable[[], bool] | None = None) -> list[Hit]:
        """The same rows with snippets; reads each article.

        Raises:
            CancelledError: `cancelled` said so.
        """
        ...


@dataclass(slots=True)
class ImportReport:
    """What became of every item of an import: in = added + merged + unchanged + rejected.

    Attributes:
        added: Ids of new articles.
        merged: Ids of articles that were filled in or updated.
        stubs: How many of the new articles are links without a text.
        unchanged: Number of items the library already had as they are.
        in_trash: Ids of articles that items met in the trash, where they stay.
        rejected: Items that could not be taken, each with its reason.
        highlights: Highlights and notes that came along and were not there yet.
        links: Feeds that a list names.
        subscribed: How many of them are subscribed to now and were not before.
        cleaned: Characters removed as unsafe (controls, escapes, bidi overrides).
        ids: What articles from an exported library are called here, by their ids there.
        others: What else came along from an exported library, by kind: {"views": 2}.
    """

    added: list[int] = field(default_factory=list)
    merged: list[int] = field(default_factory=list)
    stubs: int = 0
    unchanged: int = 0
    in_trash: set[int] = field(default_factory=set)
    rejected: list[Rejected] = field(default_factory=list)
    highlights: int = 0
    cleaned: int = 0
    links: list[FeedLink] = field(default_factory=list)
    subscribed: int = 0
    ids: dict[int, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Items seen."""
        return len(self.added) + len(self.merged) + self.unchanged + len(self.rejected)

    def summary(self) -> str:
        """One line for a person: "12 added (2 without text), 1 merged, 3 unchanged, 2 rejected"."""
        stubs = f" ({self.stubs:,} without text)" if self.stubs else ""
        line = (
            f"{len(self.added):,} added{stubs}, {len(self.merged):,} merged, "
            f"{self.unchanged:,} unchanged, {len(self.rejected):,} rejected"
        )
        if self.in_trash:
            line += f"; {len(self.in_trash):,} of them in the trash"
        if self.links:
            line += f"; subscribed to {self.subscribed:,} of {len(self.links):,} feeds"
        if self.highlights:
            line += f"; {self.highlights:,} highlights"
        for name, count in self.others.items():
            line += f"; {count:,} {name}"
        return f"{line}; {self.cleaned:,} unsafe characters removed" if self.cleaned else line

    def to_json(self) -> dict[str, Any]:
        """The report for scripts."""
        return {
            "added": self.added,
            "stubs": self.stubs,
            "merged": self.merged,
            "unchanged": self.unchanged,
            "in_trash": sorted(self.in_trash),
            "rejected": [
                {"source": r.source, "item": r.item, "reason": r.reason} for r in self.rejected
            ],
            "highlights": self.highlights,
            "cleaned": self.cleaned,
            "feeds": [link.url for link in self.links],
            "subscribed": self.subscribed,
            "others": self.others,
        }
