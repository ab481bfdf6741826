"""Where the side index of a library lives, and what could not be put where it belongs."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from store.atomic import create_directories
from store.errors import UnwritableIndexError
from store.glancing import index_name


def index_place(path: Path, cache_dir: str | os.PathLike[str] | None) -> Path:
    """Where the side index of the library at `path` belongs; nothing is made there."""
    if cache_dir is None:
        base = Path(os.environ.get("XDG_CACHE_HOME", ""))
        if not base.is_absolute():  # the XDG specification says to ignore it
            base = Path("~/.cache").expanduser()
        cache_dir = base / "broadsheet"
    return Path(cache_dir) / index_name(path, path.stem)


def index_directory(path: Path, cache_dir: str | os.PathLike[str] | None) -> tuple[Path, str]:
    """Where the side index of the library at `path` goes, and what to remove when done ("").

    When the cache directory cannot be written the index lives in a temporary one.
    """
    directory = index_place(path, cache_dir)
    try:
        create_directories(directory)
        if os.access(directory, os.W_OK | os.X_OK):
            return directory, ""
    except OSError:
        pass
    scratch = scratch_directory()
    return Path(scratch), scratch


def scratch_directory() -> str:
    """A new directory for an index that can be kept nowhere else, to be removed when done.

    Raises:
        UnwritableIndexError: There is no room for temporary files either.
    """
    import tempfile  # slow, and hardly ever needed

    try:
        return tempfile.mkdtemp(prefix="broadsheet-")
    except OSError as error:
        raise UnwritableIndexError(
            f"there is nowhere to put the index: neither in the cache nor in {os.sep}tmp "
            f"({error.strerror}); make room, or set XDG_CACHE_HOME to another place"
        ) from error


def unsaved_places() -> list[Path]:
    """Directories for changes that could not be saved, the best first.

    The state directory, then what is on other disks as a rule, or in memory.
    """
    base = os.environ.get("XDG_STATE_HOME", "")
    state = Path(base) if base.startswith("/") else Path("~/.local/state").expanduser()
    own = f"broadsheet-{os.geteuid()}"
    shared = ("/var/tmp", os.environ.get("TMPDIR", ""), "/tmp", "/dev/shm")
    return [state / "broadsheet" / "unsaved",
            *(Path(place) / own for place in shared if place.startswith("/"))]  # fmt: skip


def unsaved_name(path: Path) -> str:
    """What the names of files there begin with: the same for all names of a library."""
    return index_name(os.path.realpath(path))


def unsaved_files(path: Path) -> list[Path]:
    """What was kept there of the library at `path`, oldest first; a few system calls."""
    starts = (f"{unsaved_name(path)}.", f"{index_name(path, path.stem)}.")
    found: dict[int, Path] = {}
    for place in unsaved_places():
        with suppress(OSError):
            for file in place.iterdir() if is_own(place.lstat()) else ():
                start, dot, number = file.name.rpartition(".")
                if start + dot in starts and number.isascii() and number.isdecimal():
                    found[int(number)] = file
    return [found[number] for number in sorted(found)]


def is_own(status: os.stat_result) -> bool:
    """Whether something is ours and nobody else can write it: some places are for all."""
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022
