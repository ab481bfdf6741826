"""The log of unexpected errors: one file, for its owner only, kept small.

It holds tracebacks and what the program ran on; no article text and no local variables.
"""

from __future__ import annotations

import os
import platform
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

#: Bytes after which the log starts anew; the last one is kept beside it as `log.1`.
LIMIT = 512 * 1024


def write(path: Path, error: BaseException) -> bool:
    """Append the traceback of `error`; whether that worked (a log must never add an error)."""
    from store.version import __version__

    head = (
        f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} broadsheet {__version__}, "
        f"Python {platform.python_version()}, {sys.platform}, "
        f"TERM={os.environ.get('TERM', '')!r}\n"
    )
    text = head + "".join(traceback.format_exception(error)) + "\n"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LIMIT:
            path.replace(path.with_suffix(".1"))
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except OSError:
        return False
    return True
