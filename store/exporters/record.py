"""What an exporter is given, and what an export says of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, TypeAlias

from store.article import Article, State
from store.highlights import Highlight

#: Tables of the reading file that belong to no article, by name: lists of documents.
Tables: TypeAlias = Mapping[str, list[dict[str, Any]]]


class Entry(NamedTuple):
    """One article with all that the reader did to it.

    Attributes:
        article: As the library file has it, with the tags it has there.
        state: What the reader did.
        highlights: Its highlights and notes, by place.
    """

    article: Article
    state: State = State()
    highlights: tuple[Highlight, ...] = ()

    @property
    def shown(self) -> Article:
        """The article as the reader sees it: with the tags that were edited, if they were."""
        if self.state.tags is None:
            return self.article
        return replace(self.article, tags=self.state.tags)


@dataclass(slots=True)
class ExportReport:
    """What an export wrote.

    Attributes:
        format: Name of the format.
        target: Where to, as a person would name it; "-" is standard output.
        articles: Articles written.
        highlights: Highlights and notes written.
        files: Files written.
        left_out: How many articles were not written, by the reason.
    """

    format: str
    target: str
    articles: int = 0
    highlights: int = 0
    files: int = 0
    left_out: dict[str, int] = field(default_factory=dict)

    def leave_out(self, reason: str) -> None:
        """Count an article that is not written."""
        self.left_out[reason] = self.left_out.get(reason, 0) + 1

    def summary(self) -> str:
        """One line for a person: "12 articles, 3 highlights; 1 left out: no link"."""
        line = _count(self.articles, "article")
        if self.highlights:
            line += f", {_count(self.highlights, 'highlight')}"
        if self.files > 1:
            line += f", {_count(self.files, 'file')}"
        return "; ".join(
            (line, *(f"{n:,} left out: {reason}" for reason, n in self.left_out.items()))
        )

    def to_json(self) -> dict[str, Any]:
        """The report for scripts."""
        return {
            "format": self.format,
            "target": self.target,
            "articles": self.articles,
            "highlights": self.highlights,
            "files": self.files,
            "left_out": self.left_out,
        }


@dataclass(slots=True)
class Export:
    """What an exporter knows besides the articles.

    Attributes:
        title: What is exported, for formats that have a title: a query, or the library's name.
        report: Where it counts what it writes.
        tables: What else belongs to the library; empty unless all of it is exported.
        now: The time of the export, ISO 8601 in UTC.
    """

    title: str
    report: ExportReport
    tables: Tables = field(default_factory=dict)
    now: str = ""


#: Writes one file: its bytes in parts, each article's as it comes, so that memory stays bounded.
Writer: TypeAlias = Callable[[Iterable[Entry], Export], Iterator[bytes]]

#: Writes several files: names, which are safe and unique, and contents.
FilesWriter: TypeAlias = Callable[[Iterable[Entry], Export], Iterator[tuple[str, bytes]]]


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
