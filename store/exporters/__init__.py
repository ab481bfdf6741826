"""The export formats.

To add a format: a module with a `record.Writer` or `record.FilesWriter`, and one line in
`EXPORT_FORMATS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

__all__ = ["EXPORT_FORMATS", "ExportFormat", "export_format_of"]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One export format.

    Attributes:
        name: As `--format` takes it.
        description: What it is, for help.
        module: Module of this package that writes it; loaded when first needed.
        writer: Name of the writer in it.
        extension: The usual ending of a file of it.
        several: Whether it writes a file an article, into a directory or an archive.
        binary: Whether it is no text, and so nothing for a terminal.
        lossless: Whether adding what was written gives back all there was.
    """

    name: str
    description: str
    module: str
    writer: str
    extension: str
    several: bool = False
    binary: bool = False
    lossless: bool = False

    def load(self) -> Any:
        """The writer."""
        return getattr(import_module(f"{__name__}.{self.module}"), self.writer)


EXPORT_FORMATS: Final[dict[str, ExportFormat]] = {
    format_.name: format_
    for format_ in (
        ExportFormat("json", "all there is, to be added again without loss", "own_json",
                     "write_json", ".json", lossless=True),
        ExportFormat("markdown", "a file an article, with front matter; without loss as well",
                     "markdown", "write_markdown", ".md", several=True,
                     lossless=True),
        ExportFormat("html", "one page that needs nothing else", "html", "write_html", ".html"),
        ExportFormat("text", "plain text, in lines of 72 columns", "text", "write_text", ".txt"),
        ExportFormat("epub", "a book for e-readers, a chapter an article", "epub", "write_epub",
                     ".epub", binary=True),
        ExportFormat("bookmarks", "the links, as web browsers take them in", "bookmarks",
                     "write_bookmarks", ".html"),
        ExportFormat("wallabag", "wallabag's JSON (v2)", "wallabag", "write_wallabag", ".json"),
        ExportFormat("readwise", "highlights and notes, as Readwise takes them in (CSV)",
                     "readwise", "write_readwise", ".csv"),
    )
}  # fmt: skip


def export_format_of(name: str) -> ExportFormat | None:
    """The format that the ending of a file's name tells, if it is that of one alone or the first.

    A directory and a `.zip` hold files of Markdown.
    """
    lower = name.lower()
    if lower.endswith((".zip", "/")):
        return EXPORT_FORMATS["markdown"]
    return next((f for f in EXPORT_FORMATS.values() if lower.endswith(f.extension)), None)
