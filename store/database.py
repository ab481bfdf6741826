"""TinyDB's own interface to the library file: `ArticleDB(path).table("articles")`.

Scripts written for `TinyDB(path)` work on it unchanged.  What differs from stock TinyDB:

- Inserting, `len`, and getting or looking for one id do not read the whole file; `search`,
  iteration, `update` and `remove` stream it.
- Articles are kept and listed in the order of their ids.
- An id is never given twice, not even after the article is removed or the table truncated.
- A change that changes nothing writes nothing; an empty table of articles is not listed.
- Two processes may write at the same time.
"""

from __future__ import annotations

from typing import Any

from tinydb import TinyDB
from tinydb.table import Table

from store.storage import ARTICLES, HeaderTable, LineStorage
from store.table import LineTable

__all__ = ["ArticleDB", "HeaderTable", "LineStorage", "LineTable"]


class ArticleDB(TinyDB):
    """TinyDB on a library file: `ArticleDB("library.json").table("articles")`."""

    table_class = LineTable
    default_storage_class = LineStorage  # type: ignore[assignment]  # TinyDB says JSONStorage
    _storage: LineStorage

    def table(self, name: str, **kwargs: Any) -> Table:
        """A table by name, opened once; see `tinydb.TinyDB.table`."""
        if name not in self._tables:
            table_class = LineTable if name == ARTICLES else HeaderTable
            self._tables[name] = table_class(self.storage, name, **kwargs)
        return self._tables[name]

    def tables(self) -> set[str]:
        """Names of the tables; the articles' only when there are any."""
        file = self._storage.file
        file.reopen_if_replaced()
        names = set(file.tables())
        return names | {ARTICLES} if file.end() > file.first() else names

    def drop_table(self, name: str) -> None:
        """Remove a table with all it holds."""
        self._tables.pop(name, None)
        file = self._storage.file
        with file.lock():
            tables = file.tables()
            if name == ARTICLES:
                self._storage.note_ids()
                file.rewrite(())
            elif name in tables:
                del tables[name]
                self._storage.write_tables(tables)
