"""What servers compress, decompressed no further than a limit, whatever it would swell to."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, Final, Protocol

#: What a request says it can read.
ACCEPTED: Final = "gzip, deflate, br"

#: Most compressions one upon another.
_LAYERS: Final = 2

#: Bytes made at a time.
_PIECE: Final = 256 * 1024


class EncodingError(ValueError):
    """The body is not compressed as the server says; the text says how."""


class Decoder(Protocol):
    """Turns the pieces of a body into pieces of what it was."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What `data` adds, at most `_PIECE` bytes at a time."""
        ...

    def finish(self) -> None:
        """The body ended: complain when that was too early."""
        ...


class _Zlib:
    """gzip (RFC 1952), and deflate with or without the frame of zlib (RFC 1950, 1951)."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._begun = False
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._inflate.eof:
                if not data.startswith(b"\x1f"):
                    return  # what follows the end is no part of it
                self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)  # another member
            try:
                piece = self._inflate.decompress(data, _PIECE)
            except zlib.error as error:
                if self._begun or self._name != "deflate":
                    raise EncodingError(f"its {self._name} compression is broken") from error
                self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
                self._begun = True
                continue
            self._begun = True
            data = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
            if piece:
                yield piece
        # A piece that is full may have more behind it, all of its input taken.
        while not self._inflate.eof and (piece := self._inflate.decompress(b"", _PIECE)):
            yield piece

    def finish(self) -> None:
        if self._begun and not self._inflate.eof:
            raise EncodingError(f"its {self._name} compression ends too early")


class _Brotli:
    """Brotli (RFC 7932)."""

    def __init__(self) -> None:
        import brotli

        self._error = brotli.error
        self._decompress: Any = brotli.Decompressor()

    def pieces(self, data: bytes) -> Iterator[bytes]:
        try:
            piece = self._decompress.process(data, output_buffer_limit=_PIECE)
            # All input may be taken while there is output left.
            while piece or not self._decompress.can_accept_more_data():
                if piece:
                    yield piece
                piece = self._decompress.process(b"", output_buffer_limit=_PIECE)
        except self._error as error:
            raise EncodingError("its brotli compression is broken") from error

    def finish(self) -> None:
        if not self._decompress.is_finished():
            raise EncodingError("its brotli compression ends too early")


class _Chain:
    """Several compressions, the outermost first."""

    def __init__(self, decoders: list[Decoder]) -> None:
        self._decoders = decoders

    def pieces(self, data: bytes) -> Iterator[bytes]:
        yield from self._through(data, 0)

    def finish(self) -> None:
        for decoder in self._decoders:
            decoder.finish()

    def _through(self, data: bytes, index: int) -> Iterator[bytes]:
        if index == len(self._decoders):
            yield data
            return
        for piece in self._decoders[index].pieces(data):
            yield from self._through(piece, index + 1)


def decoder_for(encoding: str) -> Decoder:
    """The decoder for a Content-Encoding header.

    Raises:
        EncodingError: it names what cannot be read.
    """
    names = [name.strip().lower() for name in encoding.split(",")]
    names = [name for name in names if name and name != "identity"]
    if len(names) > _LAYERS:
        raise EncodingError("it is compressed too many times over")
    decoders: list[Decoder] = []
    for name in reversed(names):
        if name in ("gzip", "x-gzip", "deflate"):
            decoders.append(_Zlib(name.removeprefix("x-")))
        elif name == "br":
            decoders.append(_Brotli())
        else:
            raise EncodingError(f"it is compressed as {name}, which was not asked for")
    return _Chain(decoders)
