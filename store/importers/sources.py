"""What was asked to be read: files, directories and standard input, as sources."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, cast

from store.errors import SourceError, remedy
from store.importers.order import natural
from store.importers.record import Rejected, Source, too_large
from store.regular import open_regular

#: Bytes of standard input that are held in memory; more go through a temporary file.
_HELD: Final = 16 * 1024 * 1024
_CHUNK: Final = 1 << 20
#: Most bytes of standard input, as many as of the largest file that is read whole (JSON): a table
#: or an archive may be of any size, but here it takes its room a second time, and may never end.
MAX_PIPED: Final = 4 * 1024**3

#: What to do where a pipe was named: `/dev/stdin`, or what the shell puts for `<(…)`.
_PIPED: Final = '; what a pipe brings is read as "-": … | broadsheet add -'

_DIRECTORY: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW


class Name(str):
    """A path that was found in a folder: where links in it lead out of that, it is refused.

    Attributes:
        folder: The folder as a person named it.
        root: The same with links resolved.
    """

    folder: str
    root: str

    def __new__(cls, path: str, folder: str, root: str) -> Name:
        """The path, with the folder."""
        name = super().__new__(cls, path)
        name.folder, name.root = folder, root
        return name

    def __reduce__(self) -> tuple[type[Name], tuple[str, str, str]]:
        """How it gets to another process."""
        return Name, (str(self), self.folder, self.root)

    def leads_out(self) -> bool:
        """Whether it leads out of the folder, as the links on its way are now."""
        return not _is_in(os.path.realpath(self), self.root)


def walk(paths: Iterable[str]) -> Iterator[str]:
    """The files that paths stand for: directories in order of names, hidden ones skipped.

    Folders of a Maildir count, which are hidden by their names (Maildir++): `.Sent`, `.News.Daily`.
    What lies beside its messages, and those that are not delivered yet, do not.

    A link that is named itself is followed.  Links in a directory come after what lies in it
    itself: those to what was met there already are passed over, those that lead out of it are
    given as they are, to be refused by `open_source`.  Standard input can be read only once.
    """
    piped = False
    for path in paths:
        if path == "-":
            if not piped:
                yield path
            piped = True
        elif isinstance(path, Name):
            yield path
        elif Path(path).is_dir():
            yield from walk_below(path, path)
        else:
            yield path


def walk_below(path: str, folder: str) -> Iterator[Name]:
    """As `walk`, what is at a path in a folder that was named, or that folder itself."""
    root = os.path.realpath(folder)
    met: set[str] = set()
    links: deque[str] = deque()
    if path != folder and Path(path).is_symlink():
        links.append(path)
    elif Path(path).is_dir():
        for file in _plain(path, links, met):
            yield Name(file, folder, root)
    else:
        yield Name(path, folder, root)
    while links:
        link = links.popleft()
        target = os.path.realpath(link)
        if not _is_in(target, root):
            yield Name(link, folder, root)
        elif target in met:
            continue
        elif Path(target).is_dir():
            for file in _plain(link, links, met):
                yield Name(file, folder, root)
        else:
            met.add(target)
            yield Name(link, folder, root)


def _plain(path: str, links: deque[str], met: set[str]) -> Iterator[str]:
    """The files in a directory that are no links; those are put among `links`.

    Of each directory and file the real path is put among `met`, and none is gone into twice.
    """
    for directory, directories, files in os.walk(path):  # goes into no link but the first
        real = os.path.realpath(directory)
        if real in met:
            directories.clear()
            continue
        met.add(real)
        directories[:] = sorted(
            name
            for name in directories
            if not name.startswith(".") or is_mail_folder(os.path.join(directory, name))
        )
        directories.sort(key=natural)
        is_mail = is_mail_folder(directory)
        if is_mail:
            directories.remove("tmp")
        plain = sorted(name for name in files if not name.startswith("."))
        beside = [] if is_mail else sorted(plain, key=natural)
        linked = {name for name in (*directories, *beside) if Path(directory, name).is_symlink()}
        links += (os.path.join(directory, name) for name in sorted(linked))
        for name in beside:
            if name not in linked:
                met.add(os.path.join(real, name))
                yield os.path.join(directory, name)


def _is_in(target: str, root: str) -> bool:
    """Whether a real path is another one or below it."""
    return target == root or target.startswith(root.rstrip(os.sep) + os.sep)


def is_mail_folder(path: str) -> bool:
    """Whether a directory is a Maildir: it holds what is new, what was seen, and what comes."""
    return all(Path(path, part).is_dir() for part in ("cur", "new", "tmp"))


def open_source(
    name: str,
    stdin: BinaryIO | None = None,
    limit_of: Callable[[Source], int | None] = lambda beginning: None,
) -> Source | Rejected:
    """The source of a name that `walk` gave; its content is read when it is asked for.

    Args:
        name: A path, or "-".
        stdin: What "-" reads; standard input by default.
        limit_of: Tells by the beginning of standard input how many bytes its reader takes at most,
            None for any number; raises a `SourceError` where nothing reads it.
    """
    try:
        if name == "-":
            return _piped(stdin or sys.stdin.buffer, limit_of)
        path = Path(name)
        if isinstance(name, Name) and name.leads_out():
            reason = f"a link leads out of {name.folder} here; name what it leads to, to have that"
            return Rejected(str(name), reason)
        if not path.exists():
            if path.is_symlink():
                return Rejected(str(name), "it is a link to nothing")
            return Rejected(str(name), "there is no such file")
        if not path.is_file():
            how = _PIPED if path.is_fifo() and not isinstance(name, Name) else ""
            return Rejected(str(name), f"it is neither a file nor a directory{how}")
        opener = partial(_open, name) if isinstance(name, Name) else None
        if isinstance(name, Name) and (page := _page_of(name)):
            return Rejected(str(name), f"it is a part of the page {page}")
        source = Source(str(name), mtime=path.stat().st_mtime, path=path, opener=opener)
        source.was_found = isinstance(name, Name)
        return source
    except SourceError as error:
        return Rejected(str(name), str(error))
    except (OSError, ValueError) as error:
        return Rejected(str(name), f"it cannot be read: {getattr(error, 'strerror', '') or error}")


def _page_of(name: Name) -> str:
    """The saved page a file belongs to, "" for none: browsers put its parts into `PAGE_files`."""
    if "_files" not in name.removeprefix(name.folder):
        return ""
    for above in Path(name).parents:
        stem, parts, rest = above.name.rpartition("_files")
        if parts and stem and not rest:
            for ending in (".html", ".htm", ".xhtml"):
                if (above.parent / (stem + ending)).is_file():
                    return stem + ending
        if str(above) == name.folder:
            break
    return ""


def _open(name: Name) -> BinaryIO:
    """Open a file below its folder, whatever becomes of the directories between meanwhile.

    Raises:
        SourceError: It is no regular file, or no longer in the folder.
        OSError: It cannot be opened; a part of the way became a link just now, say.
    """
    inside = os.path.relpath(os.path.realpath(name), name.root)
    *way, last = Path(inside).parts
    if ".." in (*way, last):
        raise SourceError(f"it leads out of {name.folder}")
    directory = os.open(name.root, _DIRECTORY)
    try:
        for part in way:
            below = os.open(part, _DIRECTORY | os.O_NOFOLLOW, dir_fd=directory)
            os.close(directory)
            directory = below
        return cast(BinaryIO, os.fdopen(open_regular(last, _FILE, directory=directory), "rb"))
    finally:
        os.close(directory)


def _piped(stream: BinaryIO, limit_of: Callable[[Source], int | None]) -> Source:
    """A pipe can be read once, and a reader may need to begin anew.

    Raises:
        SourceError: It is larger than what reads it may take, or nothing reads it; or there is
            no room to keep it.
        OSError: It cannot be read.
    """
    data = stream.read(_HELD + 1)
    if len(data) <= _HELD:
        return Source("-", data)
    limit = limit_of(Source("-", data))
    import tempfile

    kept = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - it lives as long as the source
    size = 0
    while data:
        size += len(data)
        if limit is not None and size > limit:
            raise too_large(limit)
        if size > MAX_PIPED:
            raise SourceError(f"{too_large(MAX_PIPED)}; put it into a file, and add that")
        try:
            left = memoryview(data)
            while left:
                left = left[kept.write(left) :]
        except OSError as error:
            where = tempfile.gettempdir()
            raise SourceError(f"it cannot be kept in {where}: {remedy(error)}") from error
        data = stream.read(_CHUNK)

    def opened() -> BinaryIO:
        kept.seek(0)
        return cast(BinaryIO, os.fdopen(os.dup(kept.fileno()), "rb"))

    return Source("-", opener=opened, size=size)
