"""The log of unexpected errors: one file, for its owner only, kept small.

It holds tracebacks and what the program ran on; no article text, no local variables, and of
addresses neither names, passwords nor what follows a question mark.
"""

from __future__ import annotations

import os
import platform
import re
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

# An address: who may ask stands before its host, and what only they may know often behind its path.
_ADDRESS = re.compile(r"(?P<kind>[a-z][a-z0-9+.-]{1,20}://)(?P<host>[^\s/?#'\"]*)"
                      r"(?P<path>[^\s?#'\"]*)(?P<more>[?#][^\s'\"]*)?", re.I)  # fmt: skip

#: Bytes after which the log starts anew; the last one is kept beside it as `log.1`.
LIMIT = 512 * 1024


def write(path: Path, error: BaseException) -> bool:
    """Append the traceback of `error`; whether that worked (a log must never add an error)."""
    from store import __version__, create_directories

    head = (
        f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} broadsheet {__version__}, "
        f"Python {platform.python_version()}, {sys.platform}, "
        f"TERM={os.environ.get('TERM', '')!r}\n"
    )
    told = _ADDRESS.sub(_without_secrets, "".join(traceback.format_exception(error)))
    text = f"{head}{told}\n"
    try:
        create_directories(path.parent)
        if path.exists() and path.stat().st_size > LIMIT:
            path.replace(path.with_suffix(".1"))
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except OSError:
        return False
    return True


def _without_secrets(match: re.Match[str]) -> str:
    more = f"{match['more'][0]}…" if match["more"] else ""
    return f"{match['kind']}{match['host'].rpartition('@')[2]}{match['path']}{more}"
