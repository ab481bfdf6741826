"""Where broadsheet's files are, as plain strings: what `paths` is made of, without `pathlib`.

After the XDG Base Directory Specification (version 0.8).
"""

from __future__ import annotations

import os

APP = "broadsheet"

#: Variable and fallback of each kind of place.
DATA = ("XDG_DATA_HOME", ".local/share")
CACHE = ("XDG_CACHE_HOME", ".cache")
CONFIG = ("XDG_CONFIG_HOME", ".config")
STATE = ("XDG_STATE_HOME", ".local/state")


def directory(kind: tuple[str, str]) -> str:
    """The directory for one kind of files, such as `STATE`."""
    variable, fallback = kind
    base = os.environ.get(variable, "")
    # The specification: a relative path in these variables is invalid and to be ignored.
    if not base.startswith("/"):
        base = f"{os.path.expanduser('~')}/{fallback}"
    return f"{base}/{APP}"


def default_library() -> str:
    """The library when none is named: `$BROADSHEET_LIBRARY`, or one in the data directory."""
    named = os.environ.get("BROADSHEET_LIBRARY")
    return os.path.expanduser(named) if named else f"{directory(DATA)}/library.json"


def demo_library() -> str:
    """The demo's own copy of the sample, so that reading it changes nothing that was shipped."""
    return f"{directory(DATA)}/demo/library.json"
