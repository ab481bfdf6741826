"""Looking into a SQLite file without writing anything, neither to it nor beside it."""

from __future__ import annotations

import sqlite3
from pathlib import Path


class OtherVersionError(Exception):
    """Another version made the file."""


def connect_to_look(file: Path) -> sqlite3.Connection:
    """A connection that writes nothing.

    Where there is a write-ahead log, someone has the file open, or was killed: what is in it is
    read as they left it.  Without one SQLite would make one, even to read, unless it is told that
    nothing can change (https://www.sqlite.org/wal.html#read_only_databases).

    Raises:
        sqlite3.Error: The file cannot be opened.
    """
    how = "readonly_shm=1" if Path(f"{file}-wal").exists() else "immutable=1"
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro&{how}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("pragma busy_timeout=10000")
    connection.execute("pragma cache_size=-1000")
    return connection
