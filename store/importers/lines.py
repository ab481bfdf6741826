"""Text by the line, from files of any size and encoding."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import Final

from store.encoding import detect_encoding
from store.importers.record import Source

_CHUNK: Final = 1 << 20


def text_lines(source: Source, longest: int) -> Iterator[str]:
    """The lines of a text with LF at their ends, without NUL and byte order mark.

    Args:
        source: The text.
        longest: Characters after which a line is cut: in a broken file one may be the whole.

    Raises:
        OSError: it cannot be read.
    """
    encoding = encoding_of(source)
    with source.open() as stream:
        text = io.TextIOWrapper(stream, encoding, errors="replace", newline=None)
        pieces: list[str] = []
        size = 0
        begun = False
        while piece := text.readline(_CHUNK):
            if not begun:
                piece = piece.removeprefix("\ufeff")
                begun = True
            pieces.append(piece)
            size += len(piece)
            if piece.endswith("\n") or size > longest:
                yield "".join(pieces).replace("\0", "")
                pieces.clear()
                size = 0
        if size:
            yield "".join(pieces).replace("\0", "")


def encoding_of(source: Source) -> str:
    """The codec for a text of any size, of which a part is in memory at a time.

    Raises:
        OSError: it cannot be read.
    """
    head = source.head
    if source.size and source.size <= len(head):
        return detect_encoding(head)
    guess = detect_encoding(head[: len(head) // 2 * 2])
    if guess.startswith(("utf-16", "utf-32", "utf-8-sig")):
        return guess
    decoder = codecs.getincrementaldecoder("utf-8")()
    with source.open() as stream:
        while chunk := stream.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                # What the other letters are is told by the part where the first of them stands.
                start = chunk.rfind(b"\n", 0, error.start) + 1
                return detect_encoding(chunk[start : start + (1 << 16)])
    return "utf-8"
