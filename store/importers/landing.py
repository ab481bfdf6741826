"""Files as they land in watched directories: each once it is whole, however slowly written."""

from __future__ import annotations

import fcntl
import os
import re
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from store.errors import LibraryError, SourceError
from store.importers.sources import Name, is_mail_folder, walk, walk_below
from store.regular import open_regular

#: Seconds for which a file must not have changed to be whole.
SETTLED: Final = 1.0

#: Names that programs give to what they have not finished: downloads, editors, synchronisation.
_UNFINISHED: Final = re.compile(
    r"\.|~\$|#.*#\Z|.*(?:~|\.(?:part|partial|crdownload|download|opdownload|tmp|temp|swp|swx|swo|bak|"
    r"aria2|filepart|!ut|!qb|lock|sb-\w+-\w+))\Z",
    re.I | re.S,
)

_TIMEOUT: Final = 200  # milliseconds between two looks at what may be whole by now


class _Look(NamedTuple):
    """What a file was like when it was looked at."""

    size: int
    mtime_ns: int
    inode: int


def is_unfinished(path: str, base: str = "") -> bool:
    """Whether a file's name, or that of a directory it lies in, says that it is not meant yet.

    Folders of a Maildir are hidden by their names and are meant; what lies in their `tmp` is not.

    Args:
        path: The file.
        base: Where that begins, if it is no whole path; names of directories above do not count.
    """
    place = base
    for part in Path(path).parts:
        above, place = place, os.path.join(place, part)
        if part in ("/", ".", ".."):
            continue
        if part == "tmp" and is_mail_folder(above):
            return True
        if _UNFINISHED.match(part) and not (part.startswith(".") and is_mail_folder(place)):
            return True
    return False


class Landing:
    """The files below some directories, as they land; a subdirectory made later counts as well.

    Args:
        directories: Where to look.
        stop: Asked several times a second; once it says so, the files end.
    """

    def __init__(self, directories: Sequence[str], stop: Callable[[], bool]) -> None:
        self._directories = [str(Path(directory).absolute()) for directory in directories]
        self._stop = stop
        # What each file was like when it was looked at last, and when to look again.
        self._pending: dict[str, tuple[_Look | None, float]] = {}

    def begin(self) -> list[str]:
        """Begin to watch; the files that are there already and whole.

        Raises:
            SourceError: a directory is not there, or the system cannot watch it.
        """
        from watchfiles import watch

        for directory in self._directories:
            if not Path(directory).is_dir():
                raise SourceError(f"{directory} is no directory that can be watched")
        self._changes = watch(
            *self._directories,
            watch_filter=None,
            debounce=_TIMEOUT,
            step=50,
            rust_timeout=_TIMEOUT,
            yield_on_timeout=True,
            raise_interrupt=False,
        )
        self._take(self._next())  # from now on nothing is missed
        there = []
        for name in walk(self._directories):
            if self._is_meant(name):
                look = _look(name)
                if look is None:
                    continue
                if time.time() - look.mtime_ns / 1e9 > SETTLED and not is_being_written(name):
                    self._pending.pop(name, None)
                    there.append(name)
                else:
                    self._pending[name] = None, 0.0
        return there

    def files(self) -> Iterator[str]:
        """Each file that lands or changes, once it is whole; ends when `stop` says so.

        Raises:
            SourceError: none of the directories is there any more.
        """
        while not self._stop():
            self._take(self._next())
            yield from self._whole()
            if not any(Path(directory).is_dir() for directory in self._directories):
                raise SourceError(f"{', '.join(self._directories)}: it is gone; nothing to watch")

    def again(self, name: str, seconds: float) -> None:
        """Have a file come once more, after some time: it could not be taken."""
        self._pending[name] = None, time.monotonic() + seconds

    def _next(self) -> set[str]:
        try:
            return {path for _, path in next(self._changes)}
        except StopIteration:
            return set()
        except OSError as error:
            raise SourceError(
                f"{', '.join(self._directories)} cannot be watched: {error.strerror or error}"
            ) from error

    def _take(self, changed: set[str]) -> None:
        for path in changed:
            # Of a directory that was moved here, nothing tells of the files in it.
            folder = self._folder_of(path)
            for name in walk_below(path, folder) if folder else ():
                if self._is_meant(name) and not self._is_behind(name):
                    self._pending[name] = None, 0.0

    def _is_meant(self, path: str) -> bool:
        folder = self._folder_of(path)
        return bool(folder) and not is_unfinished(os.path.relpath(path, folder), folder)

    def _folder_of(self, path: str) -> str:
        """The directory that is watched in which something lies, or ""."""
        for directory in self._directories:
            if not os.path.relpath(path, directory).startswith(".."):
                return directory
        return ""

    @staticmethod
    def _is_behind(name: Name) -> bool:
        """Whether it lies in a directory to which a link leads out: that link is refused itself."""
        return Name(os.path.dirname(name), name.folder, name.root).leads_out()

    def _whole(self) -> Iterator[str]:
        for name in sorted(self._pending):
            before, due = self._pending[name]
            now = time.monotonic()
            if now < due:
                continue
            look = _look(name)
            if look is None:
                del self._pending[name]  # it is gone, or no file
            elif look != before or is_being_written(name):
                self._pending[name] = look, now + SETTLED
            else:
                del self._pending[name]
                yield name
                if self._stop():
                    return


def _look(name: str) -> _Look | None:
    # Of a link that leads out, itself: it comes too, to be refused with the reason.
    out = isinstance(name, Name) and name.leads_out()
    try:
        status = Path(name).stat(follow_symlinks=not out)
    except OSError:
        return None
    if not (out or stat.S_ISREG(status.st_mode)):
        return None
    return _Look(status.st_size, status.st_mtime_ns, status.st_ino)


def is_being_written(name: str) -> bool:
    """Whether some process has the file open to write it, as far as the system tells.

    Linux gives a lease for reading only on files that nobody has open for writing (fcntl(2)).
    """
    if isinstance(name, Name) and name.leads_out():
        return False
    try:
        descriptor = open_regular(name, os.O_RDONLY)
    except (OSError, LibraryError):
        return False
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except (OSError, AttributeError):
        pass  # another system, another owner, a network: what does not change must be whole
    finally:
        os.close(descriptor)
    return False
