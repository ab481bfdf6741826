"""Noticing damage in the files of the full-text index, which the engine trusts blindly.

Segment files are written once.  Each ends with a footer that bears a CRC-32 of what comes before
it: the footer's JSON, its length and a magic number, both 32 bits, little endian (tantivy's
`directory/footer.rs`; the engine itself compares it with nothing).  `meta.json`, which names the
segments, bears none, and so its CRC-32 is noted when a piece of work is done.

A file is read for its checksum once; after that its size and time of change vouch for it, which
costs a look at the directory.  Damage that leaves both as they were (a bit that the disk lost) is
not noticed before the next piece of work.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from struct import error as struct_error
from struct import unpack
from typing import Final
from zlib import crc32

from store.errors import LibraryError
from store.regular import is_irregular, open_regular, read_regular
from store.sqlitefile import DamagedError

_META: Final = "meta.json"
_MANAGED: Final = ".managed.json"
_MAGIC: Final = 1337
_LONGEST_FOOTER: Final = 50_000
_BLOCK: Final = 1 << 20

#: Size in bytes and time of change in nanoseconds, by file name.
Signs = dict[str, tuple[int, int]]


class Segments:
    """The files of one full-text index, and which of them have been vouched for."""

    def __init__(self, directory: Path) -> None:
        """Watch over `directory`, which need not exist."""
        self._directory = directory
        self._vouched: Signs = {}
        self._named: frozenset[str] = frozenset()
        self._named_at: tuple[int, int] | None = None

    def forget(self) -> None:
        """Vouch for nothing: the files were thrown away, or may have been."""
        self._vouched = {}

    def note(self) -> str:
        """What to keep, once a piece of work is done, for `recall`; nobody may be writing."""
        self._vouched = self._signs()
        checksum = crc32(_read(self._directory / _META))
        return json.dumps({"meta": checksum, "files": self._vouched})

    def recall(self, noted: str) -> None:
        """Vouch for the files that are as they were when `note` gave this.

        Raises:
            DamagedError: `meta.json` is not what it was.
        """
        try:
            kept = json.loads(noted)
            if crc32(_read(self._directory / _META)) != kept["meta"]:
                raise DamagedError("meta.json does not bear its checksum")
            self._vouched = {name: (size, time) for name, (size, time) in kept["files"].items()}
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise DamagedError(str(error)) from error

    def look(self, *, writing: bool, first: bool) -> None:
        """Examine the files that are not as they were when they were vouched for.

        Args:
            writing: Somebody may be at work, or was broken off: files come and go, and
                `meta.json` changes.
            first: Files that nothing is known of are examined, too; a writer's own need not be.

        Raises:
            DamagedError: a file does not bear its checksum, or is gone.
        """
        signs = self._signs()
        for name, sign in signs.items():
            known = self._vouched.get(name)
            if known == sign or (writing and known is None and not first):
                continue
            if name == _META:
                if not writing and known is not None:
                    raise DamagedError("meta.json was changed")
            elif not bears_checksum(self._directory / name):
                raise DamagedError(f"{name} does not bear its checksum")
            self._vouched[name] = sign
        if not writing and not self._vouched.keys() <= signs.keys():
            raise DamagedError("a file is gone")

    def faults(self, noted: str) -> Iterator[str]:
        """What is wrong with the files, a line each; every byte is read, none is written.

        Args:
            noted: What `note` gave; "" while somebody is at work, or was broken off.
        """
        if not (self._directory / _META).exists():
            yield f"{_META} is gone"
            return
        try:
            if noted:
                self.recall(noted)
            signs = self._signs()
        except DamagedError as error:
            yield str(error)
            return
        for name in sorted(signs.keys() | self._vouched.keys()):
            if name not in signs:
                yield f"{name} is gone"
            elif name != _META and not bears_checksum(self._directory / name):
                yield f"{name} does not bear its checksum"
        if not self._is_managed():
            yield f"{_MANAGED} is damaged"

    def count(self) -> int:
        """Articles in the segments, as `meta.json` has it.

        Raises:
            DamagedError: it cannot be read.
        """
        try:
            meta = json.loads(_read(self._directory / _META))
            return sum(
                int(segment["max_doc"])
                - int((segment.get("deletes") or {}).get("num_deleted_docs", 0))
                for segment in meta["segments"]
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedError(f"{_META}: {error}") from error

    def _is_managed(self) -> bool:
        """Whether the list of files that the engine may remove is one, or is not there."""
        try:
            names = json.loads(_read(self._directory / _MANAGED))
        except FileNotFoundError:
            return True
        except (OSError, ValueError, DamagedError):
            return False
        return isinstance(names, list) and all(isinstance(name, str) for name in names)

    def _signs(self) -> Signs:
        """The signs of `meta.json` and of the files of the segments it names.

        Raises:
            DamagedError: `meta.json` names none, or there is what is no file: the engine would
                wait for a named pipe for ever.
        """
        signs: Signs = {}
        try:
            with os.scandir(self._directory) as entries:
                for entry in entries:
                    if not entry.is_file() and is_irregular(Path(entry.path)):
                        raise DamagedError(f"{entry.name} is no file")
                    if entry.name == _META or entry.name[:1] != ".":
                        status = entry.stat()
                        signs[entry.name] = (status.st_size, status.st_mtime_ns)
        except FileNotFoundError:
            pass  # the directory, or a file that was merged into another just now
        except NotADirectoryError as error:
            raise DamagedError(str(error)) from error
        named = self._segments_named(signs.get(_META))
        return {
            name: sign
            for name, sign in signs.items()
            if name == _META or name.partition(".")[0] in named
        }

    def _segments_named(self, sign: tuple[int, int] | None) -> frozenset[str]:
        """Names of the segments in `meta.json`, without hyphens, as their files have them."""
        if sign is None or sign != self._named_at:
            try:
                meta = json.loads(_read(self._directory / _META))
                self._named = frozenset(
                    segment["segment_id"].replace("-", "") for segment in meta["segments"]
                )
            except FileNotFoundError:
                self._named = frozenset()
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise DamagedError(f"{_META}: {error}") from error
            self._named_at = sign
        return self._named


def bears_checksum(path: Path) -> bool:
    """Whether a segment file bears the checksum of what it holds; True if it is gone."""
    try:
        with os.fdopen(open_regular(path, os.O_RDONLY), "rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 8))
            length, magic = unpack("<II", file.read(8))
            if magic != _MAGIC or length > min(_LONGEST_FOOTER, size - 8):
                return False
            body = size - 8 - length
            file.seek(body)
            wanted = json.loads(file.read(length))["crc"]
            file.seek(0)
            found = 0
            while body > 0:
                block = file.read(min(_BLOCK, body))
                if not block:
                    return False
                found = crc32(block, found)
                body -= len(block)
            return bool(found == wanted)
    except FileNotFoundError:
        return True
    except (OSError, ValueError, KeyError, TypeError, struct_error, LibraryError):
        return False


def _read(path: Path) -> bytes:
    """All that is in a file; `DamagedError` of what is none, `OSError` of what cannot be read."""
    try:
        return read_regular(path)
    except LibraryError as error:
        raise DamagedError(f"{path.name} is no file") from error
