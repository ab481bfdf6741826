"""What was asked to be read: files, directories and standard input, as sources."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from store.importers.record import Rejected, Source

#: Bytes of standard input that are held in memory; more go through a temporary file.
_HELD: Final = 16 * 1024 * 1024
_CHUNK: Final = 1 << 20


def walk(paths: Iterable[str]) -> Iterator[str]:
    """The files that paths stand for: directories in order of names, hidden ones skipped.

    Folders of a Maildir count, which are hidden by their names (Maildir++): `.Sent`, `.News.Daily`.
    What lies beside its messages, and those that are not delivered yet, do not.
    """
    for path in paths:
        if path != "-" and Path(path).is_dir():
            # Links to directories are not followed, so that a loop of them ends.
            for directory, directories, files in os.walk(path):
                directories[:] = sorted(
                    name
                    for name in directories
                    if not name.startswith(".") or is_mail_folder(os.path.join(directory, name))
                )
                if is_mail_folder(directory):
                    directories.remove("tmp")
                    continue
                for file in sorted(files):
                    if not file.startswith("."):
                        yield os.path.join(directory, file)
        else:
            yield path


def is_mail_folder(path: str) -> bool:
    """Whether a directory is a Maildir: it holds what is new, what was seen, and what comes."""
    return all(Path(path, part).is_dir() for part in ("cur", "new", "tmp"))


def open_source(name: str, stdin: BinaryIO | None = None) -> Source | Rejected:
    """The source of a name that `walk` gave; its content is read when it is asked for.

    Args:
        name: A path, or "-".
        stdin: What "-" reads; standard input by default.
    """
    try:
        if name == "-":
            return _piped(stdin or sys.stdin.buffer)
        path = Path(name)
        if not path.exists():
            if path.is_symlink():
                return Rejected(name, "it is a link to nothing")
            return Rejected(name, "there is no such file")
        if not path.is_file():
            return Rejected(name, "it is neither a file nor a directory")
        return Source(name, mtime=path.stat().st_mtime, path=path)
    except (OSError, ValueError) as error:
        return Rejected(name, f"it cannot be read: {getattr(error, 'strerror', '') or error}")


def _piped(stream: BinaryIO) -> Source:
    """A pipe can be read once, and a reader may need to begin anew."""
    data = stream.read(_HELD + 1)
    if len(data) <= _HELD:
        return Source("-", data)
    import tempfile

    kept = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the source
    while data:
        kept.write(data)
        data = stream.read(_CHUNK)
    size = kept.tell()

    def opened() -> BinaryIO:
        kept.seek(0)
        return cast(BinaryIO, os.fdopen(os.dup(kept.fileno()), "rb"))

    return Source("-", opener=opened, size=size)
