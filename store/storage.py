"""TinyDB storage on a library file, and the tables that are not the articles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tinydb.storages import Storage
from tinydb.table import Table

from store.linefile import LineFile, dumps, loads

ARTICLES = "articles"


class LineStorage(Storage):
    """TinyDB storage on a library file.

    Attributes:
        file: The open file.
        highest_id: The highest id known to have been given; those up to it are not given again.
            Raise it to what was remembered elsewhere.
    """

    def __init__(self, path: str | Path | LineFile, access_mode: str = "r+") -> None:
        """Open a library file, or use one that is open.

        Args:
            path: The file, or an open `LineFile` (which `close` then leaves open).
            access_mode: "r" to read only, as for TinyDB's `JSONStorage`.

        Raises:
            LibraryError: It is no library, or cannot be opened.
        """
        super().__init__()
        self._owned = not isinstance(path, LineFile)
        self.file = (
            path
            if isinstance(path, LineFile)
            else LineFile(Path(path), readonly="+" not in access_mode)
        )
        self.highest_id = 0

    def read(self) -> dict[str, dict[str, Any]] | None:
        """All tables, in memory; None when there are none."""
        self.file.reopen_if_replaced()
        tables = self.file.tables()
        articles = {str(record.id): loads(record.raw) for record in self.file.scan()}
        if articles:
            tables[ARTICLES] = articles
        return tables or None

    def write(self, data: Mapping[str, Mapping[Any, Any]]) -> None:
        """Replace all tables, atomically.

        Raises:
            LibraryError: The file cannot be written, and is as it was.
        """
        articles = {int(key): document for key, document in data.get(ARTICLES, {}).items()}
        with self.file.lock():
            self.file.verify()
            self.note_ids()
            self.file.rewrite(
                ((key, dumps(articles[key])) for key in sorted(articles)),
                tables={name: table for name, table in data.items() if name != ARTICLES},
            )

    def note_ids(self) -> None:
        """Remember the highest id in the file, before articles are removed."""
        self.highest_id = max(self.highest_id, self.file.last_id())

    def close(self) -> None:
        """Close the file, unless it was handed in open."""
        if self._owned:
            self.file.close()

    def write_tables(self, tables: Mapping[str, Any]) -> None:
        """Replace the other tables; the articles stay.  To be called under the file's lock."""
        self.file.verify()
        self.file.convert()
        records = ((record.id, record.raw) for record in self.file.scan())
        self.file.rewrite(records, tables=tables)


class HeaderTable(Table):
    """A table other than the articles; it is small and stands in the file's first line."""

    _storage: LineStorage

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        self._storage.file.reopen_if_replaced()
        table: dict[str, Mapping[str, Any]] = self._storage.file.tables().get(self.name, {})
        return table

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        file = self._storage.file
        with file.lock():
            tables = file.tables()
            table = {
                self.document_id_class(key): document
                for key, document in tables.get(self.name, {}).items()
            }
            updater(table)
            tables[self.name] = {str(key): document for key, document in table.items()}
            self._storage.write_tables(tables)
        self.clear_cache()
