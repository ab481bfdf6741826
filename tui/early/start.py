"""Decides whether there can be a first frame before anything is loaded, and shows it.

Every command comes by here, so nothing is loaded for the decision.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from tui import xdg

if TYPE_CHECKING:
    from tui.early.screen import EarlyScreen

#: Values of `--link` that the full parser takes, too.
_LINKS: Final = ("auto", "local", "ssh", "slow")


class Order(NamedTuple):
    """What a command line asks for, where that is nothing but the app.

    Attributes:
        library: The library file.
        flags: What else changes how the app looks, in a fixed order.
    """

    library: str
    flags: tuple[str, ...]


class Start:
    """A start of the app on a terminal.

    Attributes:
        order: What was asked for.
        settings: What the look depends on, as it was at the start; see `look.settings`.
        screen: The terminal with the first frame on it; None where there is none.
    """

    def __init__(self, order: Order) -> None:
        from tui.early import look as looks

        self.order = order
        self.settings = looks.settings(os.environ, order.flags)
        self.screen: EarlyScreen | None = None

    def show(self) -> None:
        """Show the first frame, if all of it is known; else do nothing."""
        import termios

        from tui.early.frame import first_frame
        from tui.early.screen import EarlyScreen

        frame = first_frame(
            self.order.library, self.settings, self.order.flags, os.get_terminal_size(1)
        )
        if frame is None:
            return
        screen = EarlyScreen(frame)
        try:
            screen.enter()
        except (OSError, termios.error):
            return
        self.screen = screen

    def leave(self) -> None:
        """Give the terminal back, unless the app has taken it over."""
        if self.screen is not None:
            self.screen.leave()


_begun: Start | None = None


def begin(arguments: Sequence[str]) -> None:
    """Show the first frame, where the arguments ask for the app and the terminal takes it.

    Args:
        arguments: Those of the command line.
    """
    global _begun
    order = ordered(arguments)
    if order is not None and _has_terminal():
        _begun = Start(order)
        try:
            _begun.show()
        except Exception as error:  # whatever it is, the app starts without it
            from tui.paths import log_file
            from tui.terminal import log

            log.write(log_file(), error)


def begun() -> Start | None:
    """The start that `begin` made, if it made one."""
    return _begun


def leave() -> None:
    """Give the terminal back, if the first frame is still on it and nothing has taken it over."""
    if _begun is not None:
        _begun.leave()


def ordered(arguments: Sequence[str]) -> Order | None:
    """What is asked for, if it is the app and plainly so; else the full parser has to tell."""
    library, link = "", ""
    demo = readonly = plain = False
    left = list(arguments)
    while left:
        argument = left.pop(0)
        name, equals, value = argument.partition("=")
        if name in ("--library", "--link"):
            if not equals:
                value = left.pop(0) if left else ""
            if not value or value.startswith("-"):
                return None
            if name == "--library":
                library = value
            elif value in _LINKS:
                link = value
            else:
                return None
        elif argument == "--read-only":
            readonly = True
        elif argument == "--plain":
            plain = True
        elif argument == "demo" and not demo:
            demo = True
        else:
            return None
    if demo:
        path = xdg.demo_library()
    else:
        path = os.path.expanduser(library) if library else xdg.default_library()
    given = "read-only" if readonly else "", "plain" if plain else ""
    flags = ("demo" if demo else "", link, *given)
    return Order(path, flags)


def _has_terminal() -> bool:
    """Whether input, output and errors are one terminal that takes a frame, and it is ours."""
    environ = os.environ
    if environ.get("TERM", "") in ("", "dumb", "unknown"):
        return False
    if environ.get("COLUMNS") or environ.get("LINES"):
        return False  # the size is not the terminal's
    try:
        one = len({os.fstat(descriptor).st_rdev for descriptor in (0, 1, 2)}) == 1
    except OSError:
        return False  # one of them is closed
    if not one or not all(map(os.isatty, (0, 1, 2))):
        return False
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return True  # it is nobody's controlling terminal
