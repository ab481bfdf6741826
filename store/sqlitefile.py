"""A disposable SQLite file with a version, a pool of readers and one writer.

What SQLite itself notices of damage (a page that makes no sense, a file cut short, a table that is
gone) is raised as `DamagedError`; `renew` then makes the file anew.  What it does not notice, a
bit of a value turned round, is for checksums in the rows (`checksum`).

Where the disk is full or does not take what is written, that is no damage: `UnwritableIndexError`
says so, what is in the file goes on answering, and nothing is thrown away.

Opened only to be looked at, nothing is written: neither to the file nor beside it.

A file closed in good order is sealed with its size and time of change.  One that bears its seal
was not touched since by anyone who leaves traces, and need not be examined soon after opening.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from store.atomic import create_directories
from store.checksums import DamagedError as DamagedError
from store.checksums import checksum as checksum
from store.errors import LibraryError, UnwritableIndexError
from store.regular import is_irregular, open_regular, read_regular

#: Primary result codes (https://www.sqlite.org/rescode.html) that say nothing of the file's
#: contents: it is busy, the statement was interrupted, memory or disk are full, the caller erred.
_HARMLESS: Final = frozenset(
    {
        sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_TOOBIG,
        sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE,
    }
)  # fmt: skip

#: Extended result codes of input and output that tell of the file itself, not of writing it.
_UNREADABLE: Final = frozenset(
    {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS}
)
_LOST: Final = ("no such table", "no such column", "no such index", "malformed", "UTF-8")


class DisposableDatabase:
    """Connections to a SQLite file whose loss costs nothing but time.

    Reading connections are pooled and may be used from any thread; writes go through one lock.

    Attributes:
        file: The database.
        created: Whether this object made the file anew.
        sealed: Whether the file was found as a close in good order had left it.
        damaged: Whether damage was met since the file was opened or made.
    """

    def __init__(self, file: Path, *, schema: str, version: int, readonly: bool = False) -> None:
        """Open `file`, making it new when it is missing, damaged or of another version.

        Args:
            file: The database; its directory is created.
            schema: Statements that make a new one; among them `meta(key, value, sum)`.
            version: Kept in `meta`; a file with another number is made anew.
            readonly: Only look at what is there, and write nothing.

        Raises:
            UnwritableIndexError: the directory cannot be written.
            OtherVersionError: another version made the file (`readonly`).
            DamagedError: it is damaged (`readonly`).
            sqlite3.Error: it cannot be opened for another reason (`readonly`).
        """
        self.file = file
        self._readonly = readonly
        self._schema = schema
        self._version = str(version)
        self._pool: list[sqlite3.Connection] = []
        self._pool_lock = threading.Lock()
        self._write_lock = threading.RLock()
        self._closed = False
        self._half_open = False
        self._inode = 0
        self._epoch = 0
        self.created = False
        self.damaged = False
        self.sealed = self._bears_seal()
        if readonly:
            self._open_to_look()
        else:
            self._open()

    def _open_to_look(self) -> None:
        from store.sqlitelook import OtherVersionError, connect_to_look

        try:
            self._require_files()  # a named pipe would be waited for
            self._writer = connect_to_look(self.file)
            if not self._is_current(self._writer):
                if self._is_of_another_version(self._writer):
                    raise OtherVersionError
                raise DamagedError("it does not say what it is")
        except BaseException as error:
            if hasattr(self, "_writer"):
                self._writer.close()
            if isinstance(error, sqlite3.Error):
                self._examine(error)
            raise

    def _is_of_another_version(self, db: sqlite3.Connection) -> bool:
        if "meta" not in self._tables(db):
            return False
        if "sum" not in {row[1] for row in db.execute("pragma table_info(meta)")}:
            return True
        row = db.execute("select value, sum from meta where key = 'version'").fetchone()
        return row is not None and row[1] == checksum("version", row[0])

    def _open(self) -> None:
        self._half_open = False
        try:
            create_directories(self.file.parent)
            try:
                self._require_files()
                self._writer = self._connect()
                self._prepare()
            except (sqlite3.DatabaseError, DamagedError) as error:
                if not (isinstance(error, DamagedError) or is_damage(error)):
                    raise
                self._discard()
                self._writer = self._connect()
                self._prepare()
        except (OSError, sqlite3.Error, DamagedError, UnwritableIndexError) as error:
            self._half_open = True
            writer = getattr(self, "_writer", None)
            if writer is not None:
                writer.close()
            if isinstance(error, UnwritableIndexError):
                raise
            raise self._unwritable(error) from error
        self._inode = self._inode_now()

    def _require_files(self) -> None:
        for file in self._files():
            if is_irregular(file):
                raise DamagedError(f"{file.name} is no file")

    def _files(self) -> Iterator[Path]:
        """The database, its log and the log's index."""
        return (Path(f"{self.file}{suffix}") for suffix in ("", "-wal", "-shm"))

    def _require_open(self) -> None:
        if self._closed:
            raise sqlite3.ProgrammingError("the database is closed")
        if self._half_open:
            raise DamagedError("it could not be made anew")

    def _connect(self) -> sqlite3.Connection:
        if self._readonly:
            from store.sqlitelook import connect_to_look  # not loaded by what writes

            return connect_to_look(self.file)
        try:
            self.file.touch(mode=0o600)
        except OSError as error:
            raise self._unwritable(error) from error
        connection = sqlite3.connect(
            self.file, isolation_level=None, check_same_thread=False, cached_statements=64
        )
        try:
            connection.execute("pragma busy_timeout=10000")
            connection.execute("pragma journal_mode=wal")
            connection.execute("pragma synchronous=normal")
            connection.execute("pragma cache_size=-1000")
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self) -> None:
        db = self._writer
        if self._is_current(db):
            return
        db.execute("begin immediate")
        current, tables = self._is_current(db), self._tables(db)  # another process was quicker?
        db.execute("rollback")
        if current:
            return
        if tables:
            self._discard()
            self._writer = db = self._connect()
        self.created = True
        with self.writing():
            for statement in self._schema.split(";"):
                if statement.strip():
                    db.execute(statement)
            self.set_meta(version=self._version)

    def _is_current(self, db: sqlite3.Connection) -> bool:
        if "meta" not in self._tables(db):
            return False
        columns = {row[1] for row in db.execute("pragma table_info(meta)")}
        if not {"key", "value", "sum"} <= columns:
            return False
        row = db.execute("select value, sum from meta where key = 'version'").fetchone()
        return row is not None and row == (self._version, checksum("version", self._version))

    @staticmethod
    def _tables(db: sqlite3.Connection) -> set[str]:
        return {name for (name,) in db.execute("select name from sqlite_master")}

    def _discard(self) -> None:
        writer = getattr(self, "_writer", None)
        if writer is not None:
            writer.close()
        for file in self._files():
            file.unlink(missing_ok=True)

    @property
    def epoch(self) -> int:
        """What changes whenever the file is made anew; in `writing` it stays as it is."""
        return self._epoch

    def renew(self) -> None:
        """Throw the file away and begin an empty one; statements under way fail or see the old.

        If another process has put a new file there already, that one is opened.

        Raises:
            UnwritableIndexError: the directory cannot be written; to be tried again later.
        """
        with self._write_lock, self._pool_lock:
            if self._closed:
                return
            self._epoch += 1
            for connection in self._pool:
                connection.close()
            self._pool.clear()
            if self._inode_now() == self._inode:
                self._discard()
            else:
                self._writer.close()
            self.damaged = False
            self.sealed = False
            self._open()

    def replaced(self) -> bool:
        """Whether another process has thrown the file away; `renew` opens the new one."""
        return self._inode_now() != self._inode

    def _inode_now(self) -> int:
        try:
            return self.file.stat().st_ino
        except OSError:
            return 0

    def close(self) -> None:
        """Close all connections, and seal the file if nobody else has it open; idempotent."""
        with self._write_lock, self._pool_lock:
            if self._closed:
                return
            self._closed = True
            for connection in self._pool:
                connection.close()
            self._pool.clear()
            self._writer.close()
            if not self.damaged and not self._readonly:
                with suppress(OSError, LibraryError):
                    self._seal()

    # ------------------------------------------------------------------------- seal

    @property
    def _seal_file(self) -> Path:
        return self.file.with_suffix(".seal")

    def _sign(self) -> str:
        status = self.file.stat()
        return f"{status.st_ino} {status.st_size} {status.st_mtime_ns}"

    def _bears_seal(self) -> bool:
        if Path(f"{self.file}-wal").exists():
            return False
        try:
            return read_regular(self._seal_file) == self._sign().encode()
        except (OSError, LibraryError):
            return False

    def _seal(self) -> None:
        if Path(f"{self.file}-wal").exists():
            return  # the last to close folds the log into the file
        if is_irregular(self._seal_file):
            self._seal_file.unlink()
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        with os.fdopen(open_regular(self._seal_file, flags), "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(self._sign().encode())

    # ------------------------------------------------------------------------- connections

    @contextmanager
    def reading(self, cancelled: Callable[[], bool] | None = None) -> Iterator[sqlite3.Connection]:
        """A connection for reads; `cancelled` is asked now and then and interrupts a statement.

        Raises:
            DamagedError: the file is damaged.
        """
        connection = None
        try:
            with self._pool_lock:
                self._require_open()
                epoch = self._epoch
                connection = self._pool.pop() if self._pool else self._connect()
            if cancelled is not None:
                connection.set_progress_handler(lambda: int(cancelled()), 20_000)
            yield connection
        except (sqlite3.Error, DamagedError) as error:
            self._examine(error)
            raise
        finally:
            if connection is not None:
                if cancelled is not None:
                    connection.set_progress_handler(None, 0)
                with self._pool_lock:
                    if self._closed or epoch != self._epoch or len(self._pool) >= 4:
                        connection.close()
                    else:
                        self._pool.append(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The writing connection inside a transaction; re-entrant in its thread.

        Raises:
            DamagedError: the file is damaged; nothing was written.
            UnwritableIndexError: the disk is full, or the like; nothing was written.
        """
        with self._write_lock:
            if not self._half_open and self._writer.in_transaction:
                yield self._writer
                return
            try:
                self._require_open()
                self._writer.execute("begin immediate")
                try:
                    yield self._writer
                except BaseException:
                    with suppress(sqlite3.Error):
                        self._writer.execute("rollback")
                    raise
                self._writer.execute("commit")
            except (sqlite3.Error, DamagedError) as error:
                with suppress(sqlite3.Error):
                    if self._writer.in_transaction:
                        self._writer.execute("rollback")
                self._examine(error)
                raise

    def shrink(self) -> None:
        """Forget the pages that idle connections have read or written, and close all but one.

        Each keeps the statements it has prepared, and what it needed for them.
        """
        with self._pool_lock, suppress(sqlite3.Error):
            while len(self._pool) > 1:
                self._pool.pop().close()
            for connection in self._pool:
                connection.execute("pragma shrink_memory")
        if self._write_lock.acquire(blocking=False):
            try:
                with suppress(sqlite3.Error):
                    self._writer.execute("pragma shrink_memory")
            finally:
                self._write_lock.release()

    def _examine(self, error: Exception) -> None:
        """Raise what `error` comes from: damage, or a disk that takes no more."""
        if isinstance(error, DamagedError):
            self.damaged = True
        elif is_damage(error):
            self.damaged = True
            raise DamagedError(str(error)) from error
        elif is_unwritable(error):
            raise self._unwritable(error) from error

    def _unwritable(self, error: Exception) -> UnwritableIndexError:
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
        return UnwritableIndexError(
            f"the index cannot be written ({reason}); make room, or set XDG_CACHE_HOME to another "
            f"place than {self.file.parent}"
        )

    # ------------------------------------------------------------------------- meta

    def meta(self, *keys: str) -> list[str]:
        """Values of the meta table, "" for what is not there or does not bear its checksum."""
        with self.reading() as db:
            found = {
                key: value
                for key, value, kept in db.execute(
                    f"select key, value, sum from meta where key in ({marks(keys)})", keys
                )
                if kept == checksum(key, value)
            }
        return [found.get(key, "") for key in keys]

    def set_meta(self, **values: object) -> None:
        """Set values of the meta table."""
        with self.writing() as db:
            db.executemany(
                "insert or replace into meta values (?, ?, ?)",
                [(key, str(value), checksum(key, str(value))) for key, value in values.items()],
            )


def is_damage(error: Exception) -> bool:
    """Whether an error of SQLite says that the file is damaged (or was taken from under us)."""
    if not isinstance(error, sqlite3.DatabaseError):
        return False
    code = getattr(error, "sqlite_errorcode", None)
    if code is None or code & 0xFF == sqlite3.SQLITE_ERROR:
        return any(sign in str(error) for sign in _LOST)
    return code & 0xFF not in _HARMLESS and not is_unwritable(error)


def is_unwritable(error: Exception) -> bool:
    """Whether an error of SQLite says that the disk does not take what is written."""
    code = getattr(error, "sqlite_errorcode", None) or 0
    if code & 0xFF == sqlite3.SQLITE_IOERR:
        return code not in _UNREADABLE
    return code & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN)


def marks(values: Sequence[object]) -> str:
    """As many question marks as values, for an `in (...)`."""
    return ", ".join("?" * len(values))
