"""What is being read, on disk while it is: so that an abrupt end loses neither article nor line.

The place in an article goes to the reading file when scrolling rests; that file is written whole.
This one is small enough to be written while scrolling goes on.  It lies in the state directory, one
for each running program, locked while that runs: a file that can be locked was left by one that was
killed, or whose terminal or machine went away.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from store import create_directories
from store.blake import blake2b
from store.numbers import MAX_ID, whole
from tui.paths import state_dir
from tui.widgets.reader_messages import ReadingPlace

if TYPE_CHECKING:
    from tui.drafts import Drafts

_LONGEST: Final = 4096  # bytes of such a file

#: Version of such a file; one that names none is of the first, a newer one is left alone.
_VERSION: Final = 1
_FIRST: Final = 1


class Session:
    """The place of this program in a library.  Methods touch the disk and raise nothing.

    Args:
        library: The library's file.
    """

    def __init__(self, library: Path) -> None:
        self._directory = state_dir() / "reading"
        self._prefix = blake2b(os.fsencode(library.resolve()), digest_size=8).hexdigest()
        self._file: int | None = None
        self._drafts: Drafts | None = None

    @property
    def is_left_behind(self) -> bool:
        """Whether `left_behind` may find anything; one look into a directory."""
        return self._has_files(self._directory)

    @property
    def has_drafts(self) -> bool:
        """Whether earlier programs may have left notes unfinished; one look into a directory."""
        return self._has_files(self._draft_directory)

    @property
    def drafts(self) -> Drafts:
        """The notes that are being written."""
        if self._drafts is None:
            from tui.drafts import Drafts  # seldom needed

            self._drafts = Drafts(self._draft_directory, self._prefix)
        return self._drafts

    def keep_drafts(self) -> None:
        """Bring the disk up to what is being written; from any thread."""
        if self._drafts is not None:
            self._drafts.keep()

    def left_behind(self) -> ReadingPlace | None:
        """Where a program was that ended abruptly, the latest if there were several; once."""
        latest, found = 0.0, None
        for path in self._directory.glob(f"{self._prefix}-*.json"):
            with suppress(OSError):
                written, place = _taken(path)
                if place is not None and written >= latest:
                    latest, found = written, place
        return found

    def note(self, place: ReadingPlace | None) -> None:
        """This is where reading stands; None when nothing is being read."""
        text = b""
        if place is not None:
            text = json.dumps({"version": _VERSION, **place._asdict()}).encode()
        if len(text) >= _LONGEST or (not text and self._file is None):
            return
        with suppress(OSError):
            if self._file is None:
                self._file = self._open()
            os.pwrite(self._file, text + b"\n", 0)  # what is behind the first line does not count

    def end(self) -> None:
        """The person has left: nothing is to be taken up again."""
        if self._file is not None:
            with suppress(OSError):
                self._path.unlink()
            with suppress(OSError):
                os.close(self._file)
            self._file = None

    @property
    def _draft_directory(self) -> Path:
        return self._directory.with_name("drafts")

    def _has_files(self, directory: Path) -> bool:
        try:
            return any(path.name.startswith(self._prefix) for path in directory.iterdir())
        except OSError:
            return False

    @property
    def _path(self) -> Path:
        return self._directory / f"{self._prefix}-{os.getpid()}.json"

    def _open(self) -> int:
        create_directories(self._directory)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return file


def _taken(path: Path) -> tuple[float, ReadingPlace | None]:
    """When a file was written last, and what it says; it is gone then.

    Raises:
        OSError: a program that runs holds it, or it is gone already.
    """
    file = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        line, _, _ = os.pread(file, _LONGEST, 0).partition(b"\n")
        written = os.fstat(file).st_mtime
        fields = _fields(line)
        version = fields.pop("version", _FIRST)
        if isinstance(version, int) and version > _VERSION:
            return written, None
        path.unlink()
    finally:
        os.close(file)
    try:
        place = ReadingPlace(**fields)
        id, position, progress = int(place.id), int(place.position), float(place.progress)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return written, None  # nothing was being read
    if not 0 < id <= MAX_ID:
        return written, None
    return written, ReadingPlace(id, whole(position), str(place.anchor), progress)


def _fields(line: bytes) -> dict[str, Any]:
    """What a line of JSON says; nothing where it is none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
