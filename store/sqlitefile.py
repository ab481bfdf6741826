"""A disposable SQLite file with a version, a pool of readers and one writer."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class DisposableDatabase:
    """Connections to a SQLite file whose loss costs nothing but time.

    Reading connections are pooled and may be used from any thread; writes go through one lock.
    """

    def __init__(self, file: Path, *, schema: str, version: int) -> None:
        """Open `file`, making it new when it is missing, damaged or of another version.

        Args:
            file: The database; its directory is created.
            schema: Statements that make a new one; among them a table `meta(key, value)`.
            version: Kept in `meta`; a file with another number is made anew.

        Raises:
            OSError, sqlite3.Error: the directory cannot be written.
        """
        self.file = file
        self._schema = schema
        self._version = str(version)
        self._pool: list[sqlite3.Connection] = []
        self._pool_lock = threading.Lock()
        self._write_lock = threading.RLock()
        self._closed = False
        #: Whether this object made the file anew.
        self.created = False
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._writer = self._connect()
            self._prepare()
        except sqlite3.DatabaseError:
            self._discard()
            self._writer = self._connect()
            self._prepare()

    def _connect(self) -> sqlite3.Connection:
        self.file.touch(mode=0o600)
        connection = sqlite3.connect(
            self.file, isolation_level=None, check_same_thread=False, cached_statements=64
        )
        connection.execute("pragma busy_timeout=10000")
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=normal")
        connection.execute("pragma cache_size=-4000")
        return connection

    def _prepare(self) -> None:
        db = self._writer
        tables = {name for (name,) in db.execute("select name from sqlite_master")}
        if "meta" in tables:
            row = db.execute("select value from meta where key = 'version'").fetchone()
            if row is not None and row[0] == self._version:
                return
        if tables:
            db.close()
            self._discard()
            self._writer = db = self._connect()
        self.created = True
        with self.writing():
            for statement in self._schema.split(";"):
                if statement.strip():
                    db.execute(statement)
            db.execute("insert into meta values ('version', ?)", (self._version,))

    def _discard(self) -> None:
        writer = getattr(self, "_writer", None)
        if writer is not None:
            writer.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)

    def close(self) -> None:
        """Close all connections; idempotent."""
        with self._pool_lock, self._write_lock:
            self._closed = True
            for connection in self._pool:
                connection.close()
            self._pool.clear()
            self._writer.close()

    # ------------------------------------------------------------------------- connections

    @contextmanager
    def reading(self, cancelled: Callable[[], bool] | None = None) -> Iterator[sqlite3.Connection]:
        """A connection for reads; `cancelled` is asked now and then and interrupts a statement."""
        with self._pool_lock:
            connection = self._pool.pop() if self._pool else None
        if connection is None:
            connection = self._connect()
        if cancelled is not None:
            connection.set_progress_handler(lambda: int(cancelled()), 20_000)
        try:
            yield connection
        finally:
            if cancelled is not None:
                connection.set_progress_handler(None, 0)
            with self._pool_lock:
                if self._closed or len(self._pool) >= 4:
                    connection.close()
                else:
                    self._pool.append(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The writing connection inside a transaction; re-entrant in its thread."""
        with self._write_lock:
            if self._writer.in_transaction:
                yield self._writer
                return
            self._writer.execute("begin immediate")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("rollback")
                raise
            self._writer.execute("commit")

    # ------------------------------------------------------------------------- meta

    def meta(self, *keys: str) -> list[str]:
        """Values of the meta table, "" for what is not there."""
        with self.reading() as db:
            found = dict(
                db.execute(
                    f"select key, value from meta where key in ({marks(keys)})", keys
                ).fetchall()
            )
        return [found.get(key, "") for key in keys]

    def set_meta(self, **values: object) -> None:
        """Set values of the meta table."""
        with self.writing() as db:
            db.executemany(
                "insert or replace into meta values (?, ?)",
                [(key, str(value)) for key, value in values.items()],
            )


def marks(values: Sequence[object]) -> str:
    """As many question marks as values, for an `in (...)`."""
    return ", ".join("?" * len(values))
