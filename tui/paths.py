"""Where broadsheet keeps its files, after the XDG Base Directory Specification (version 0.8).

Nothing here creates anything: whoever writes creates its directory, for the owner only.
"""

from __future__ import annotations

import os
from pathlib import Path

from tui import xdg
from tui.xdg import APP as APP

_PACKAGE = Path(__file__).resolve().parent


def data_dir() -> Path:
    """What must not be lost: the default library and the demo's copy of the sample."""
    return Path(xdg.directory(xdg.DATA))


def cache_dir() -> Path:
    """What can be made again: the side indexes."""
    return Path(xdg.directory(xdg.CACHE))


def config_dir() -> Path:
    """What the person wrote: `config.toml`, themes."""
    return Path(xdg.directory(xdg.CONFIG))


def state_dir() -> Path:
    """What is kept between runs but is of no value elsewhere: the log."""
    return Path(xdg.directory(xdg.STATE))


def default_library() -> Path:
    """The library when none is named: `$BROADSHEET_LIBRARY`, or one in the data directory."""
    return Path(xdg.default_library())


def demo_library() -> Path:
    """The demo's own copy of the sample, so that reading it changes nothing that was shipped."""
    return Path(xdg.demo_library())


def sample_library() -> Path:
    """The sample as shipped: inside the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "sample_data" / "library.json"
    return installed if installed.exists() else _PACKAGE.parent / "sample_data" / "library.json"


def log_file() -> Path:
    """Where the traceback of an unexpected error goes."""
    return state_dir() / "log"


def named(typed: str) -> Path:
    """The path that a person typed into the app; what is there, if anything, was looked at.

    Raises:
        LibraryError: It cannot be one: no such user, a name that is too long, no leave to look.
    """
    from store import LibraryError, named_place

    path = named_place(typed)
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        pass  # that is for whoever reads or writes there to tell
    except OSError as error:
        raise LibraryError(f"{error.strerror}: {typed}") from error
    except ValueError as error:
        raise LibraryError(f"this is no path: {typed!r}") from error
    return path


def existing(typed: str) -> Path:
    """The path that a person typed into the app, of something that is there; errors as `named`."""
    from store import LibraryError

    path = named(typed)
    if not os.path.exists(path):  # noqa: PTH110 - pathlib raises where one may not look
        raise LibraryError(f"there is no such file or folder: {typed}")
    return path


def spared() -> tuple[Path, ...]:
    """What nothing that is written out may take the place of, beside the library's own files."""
    return config_dir() / "config.toml", state_dir()
