"""ZIP archives written as they go: each file's bytes leave memory before the next one's come."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Final

#: The earliest time a ZIP archive can name (APPNOTE 4.4.6), for every file: the same articles give
#: the same archive.
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def zipped(
    files: Iterable[tuple[str, bytes]], *, stored: frozenset[str] = frozenset()
) -> Iterator[bytes]:
    """A ZIP archive of `files`, in parts.

    Args:
        files: Names with contents, in the order they are to stand in.
        stored: Names of those that are not compressed.
    """
    window = _Window()
    with zipfile.ZipFile(window, "w") as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.external_attr = 0o600 << 16
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
            yield window.drain()
    yield window.drain()


class _Window(io.RawIOBase):
    """A file of which only the end is in memory: `zipfile` goes back no further than one member."""

    def __init__(self) -> None:
        super().__init__()
        self._gone = 0
        self._kept = io.BytesIO()

    def drain(self) -> bytes:
        """What is in memory, which is kept no longer."""
        data = self._kept.getvalue()
        self._gone += len(data)
        self._kept = io.BytesIO()
        return data

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._gone + self._kept.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_SET:
            offset -= self._gone
        return self._gone + self._kept.seek(offset, whence)

    def write(self, data: object) -> int:
        return self._kept.write(data)  # type: ignore[arg-type]  # what RawIOBase takes
