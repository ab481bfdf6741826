"""Where broadsheet keeps its files, after the XDG Base Directory Specification (version 0.8).

Nothing here creates anything: whoever writes creates its directory, for the owner only.
"""

from __future__ import annotations

import os
from pathlib import Path

APP = "broadsheet"
_PACKAGE = Path(__file__).resolve().parent


def data_dir() -> Path:
    """What must not be lost: the default library and the demo's copy of the sample."""
    return _xdg("XDG_DATA_HOME", ".local/share")


def cache_dir() -> Path:
    """What can be made again: the side indexes."""
    return _xdg("XDG_CACHE_HOME", ".cache")


def config_dir() -> Path:
    """What the person wrote: `config.toml`, themes."""
    return _xdg("XDG_CONFIG_HOME", ".config")


def state_dir() -> Path:
    """What is kept between runs but is of no value elsewhere: the log."""
    return _xdg("XDG_STATE_HOME", ".local/state")


def default_library() -> Path:
    """The library when none is named: `$BROADSHEET_LIBRARY`, or one in the data directory."""
    named = os.environ.get("BROADSHEET_LIBRARY")
    return Path(named).expanduser() if named else data_dir() / "library.json"


def demo_library() -> Path:
    """The demo's own copy of the sample, so that reading it changes nothing that was shipped."""
    return data_dir() / "demo" / "library.json"


def sample_library() -> Path:
    """The sample as shipped: inside the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "sample_data" / "library.json"
    return installed if installed.exists() else _PACKAGE.parent / "sample_data" / "library.json"


def log_file() -> Path:
    """Where the traceback of an unexpected error goes."""
    return state_dir() / "log"


def _xdg(variable: str, fallback: str) -> Path:
    base = Path(os.environ.get(variable, ""))
    # The specification: a relative path in these variables is invalid and to be ignored.
    return (base if base.is_absolute() else Path.home() / fallback) / APP
