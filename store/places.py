"""Where the side index of a library lives."""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path


def index_directory(path: Path, cache_dir: str | os.PathLike[str] | None) -> tuple[Path, str]:
    """Where the side index of the library at `path` goes, and what to remove when done ("").

    When the cache directory cannot be written the index lives in a temporary one.
    """
    if cache_dir is None:
        base = Path(os.environ.get("XDG_CACHE_HOME", ""))
        if not base.is_absolute():  # the XDG specification says to ignore it
            base = Path("~/.cache").expanduser()
        cache_dir = base / "broadsheet"
    real = os.path.realpath(path)
    key = blake2b(os.fsencode(real), digest_size=8).hexdigest()
    directory = Path(cache_dir) / f"{path.stem}-{key}"
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.access(directory, os.W_OK | os.X_OK):
            return directory, ""
    except OSError:
        pass
    import tempfile  # slow, and hardly ever needed

    scratch = tempfile.mkdtemp(prefix="broadsheet-")
    return Path(scratch), scratch
