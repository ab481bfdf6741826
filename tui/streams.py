"""Standard input, output and errors that are closed, full, or that nobody reads any more."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO


def open_missing() -> None:
    """Let what was closed before the start read nothing, or take no output.

    Python has None for each of these, on which every `print` fails; and the next file that is
    opened, which may be the library, would be what prints go to.  Standard output then fails as
    it does in other programs, and is told: it is not written anywhere.
    """
    # In this order: a file gets the lowest number that is free, which is that of the stream.
    for name, mode, flags in (
        ("stdin", "r", os.O_RDONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY),
    ):  # fmt: skip
        if getattr(sys, name) is None:
            stream = os.fdopen(os.open(os.devnull, flags), mode, encoding="utf-8")
            os.set_inheritable(stream.fileno(), True)  # as these are
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


def finish(stream: TextIO) -> OSError | None:
    """Write what waits to be written; why that cannot be done.

    What is left then goes nowhere, or Python would fail with it once more as it ends.
    """
    try:
        stream.flush()
    except OSError as error:
        _drop(stream)
        return error
    return None


def _drop(stream: TextIO) -> None:
    """Point a stream at nothing."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    except (OSError, io.UnsupportedOperation):
        pass
    finally:
        os.close(nowhere)
