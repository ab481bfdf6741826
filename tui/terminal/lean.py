"""Loading Textual without what this app does not use, or not at first: a sixth of its time.

Textual's app loads its command palette, and with that most of its widgets, for the sake of a few
names; a package that knows folders for downloads; and asyncio, which loads TLS.  While Textual is
loaded, stand-ins take their places.  The palette is loaded when it is opened (see `tui.palette`),
TLS by whoever fetches something: both find the real modules.

Where a version of Textual does not bear with that, it is loaded as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final

#: Modules of which Textual 8 needs names when it is loaded, and nothing before they are used.
_LATER: Final = ("textual.command", "platformdirs")


class _StandIn(ModuleType):
    """A module that has a class of any name, of which nothing is ever made."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = type(name, (), {"__module__": self.__name__})
        setattr(self, name, value)
        return value


def load_textual() -> None:
    """Load Textual's app, unless it is loaded already."""
    if "textual.app" in sys.modules:
        return
    try:
        with _replaced({"ssl": None}):
            import asyncio
        with _replaced({name: _StandIn(name) for name in _LATER}):
            import textual.app
    except Exception:  # whatever a stand-in may lead to
        import textual.app
    del asyncio, textual


@contextmanager
def _replaced(stand_ins: dict[str, ModuleType | None]) -> Iterator[None]:
    """Have modules that are not loaded yet taken for others (None: for missing) in the body."""
    new = {name: module for name, module in stand_ins.items() if name not in sys.modules}
    sys.modules.update(new)  # type: ignore[arg-type]  # None is what the import system asks for
    try:
        yield
    finally:
        for name in new:
            del sys.modules[name]
