"""Where what belongs to a library file lies; light, since the first frame is drawn with it."""

from __future__ import annotations

import os


def beside(library: str | os.PathLike[str], suffix: str) -> str:
    """What has the library's name with another suffix, beside it.

    That is beside the file itself where `library` is a link to it: a library has one reading file,
    by whatever name it is opened.  What lies beside the link already, as it once was made there,
    stays where it is and counts.

    Args:
        library: The library file.
        suffix: ".reading.json", say.
    """
    path = os.fspath(library)
    named = path.removesuffix(".json") + suffix
    if os.path.islink(path) and not os.path.lexists(named):
        return os.path.realpath(path).removesuffix(".json") + suffix
    return named


def reading_of(library: str | os.PathLike[str]) -> str:
    """The reading file of a library; it need not exist."""
    return beside(library, ".reading.json")


def restoring_of(library: str | os.PathLike[str]) -> str:
    """What is there while both files are replaced by a backup's, and after that was broken off."""
    return beside(library, ".restoring")


def notices_of(path: str | os.PathLike[str]) -> list[str]:
    """What is to be told of what lies beside a library when it is opened; mostly nothing."""
    told = _twin(os.fspath(path))
    if os.path.lexists(restoring_of(path)):
        from pathlib import Path

        from store.interrupted import notices

        told += notices(Path(path))
    return told


def _twin(path: str) -> list[str]:
    """What is to be told of a library beside it whose name differs in ".json" alone."""
    twin = path.removesuffix(".json") if path.endswith(".json") else f"{path}.json"
    try:
        if not os.path.isfile(twin):
            return []
        with open(twin, "rb") as file:
            if not file.read(64).lstrip().startswith(b"{"):
                return []
    except OSError:
        return []
    both, read = os.path.basename(twin), os.path.basename(reading_of(path))
    return [f"{both} beside it has the same {read}: give one of the two another name"]


def other_reading_of(library: str | os.PathLike[str]) -> str:
    """The reading file that counts where the library is opened by its own name and not by this.

    Returns:
        Its path; "" unless `library` is a link with a reading file beside it, and another lies
        beside the file that is meant.
    """
    path = os.fspath(library)
    if not os.path.islink(path):
        return ""
    named, other = reading_of(path), reading_of(os.path.realpath(path))
    differ = os.path.lexists(other) and os.path.realpath(named) != os.path.realpath(other)
    return other if differ else ""
