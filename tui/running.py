"""Running the app: the library it opens, every way it can end, and what is kept for next time."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui import config as configuration
from tui import garbage
from tui.app import SAMPLE, BroadsheetApp
from tui.session import Session
from tui.terminal.endings import HANGUP, Endings
from tui.widgets.cells import clean

if TYPE_CHECKING:
    from store import Library
    from tui.early.start import Start

#: Seconds that a thread may keep the interpreter while another waits for it: a search is asked
#: for while its letter is painted, and with Python's 5 ms would begin when that is done.
_TURN = 0.001

#: Seconds after which opening a library tells how far it is.
_PATIENCE = 0.4


def run(
    path: Path,
    *,
    readonly: bool = False,
    demo: bool = False,
    plain: bool = False,
    link: str = "",
    start: Start | None = None,
) -> int:
    """Open the library at `path` in the app, until the person leaves.

    Args:
        path: The library file; made when it is not there.
        readonly: Change neither the library nor the reading state.
        demo: The library is the sample.
        plain: Everything in words, for screen readers.
        link: What is between the app and the terminal, as the config has it; "" leaves it to that.
        start: How the program was begun: what is on the screen already, and what is kept for the
            next start.

    Returns:
        The exit status: 0 after q or ctrl-c, 1 after a bug, 143 after SIGTERM, 129 after SIGHUP
        or when the terminal is gone, 130 after a SIGINT from outside.

    Raises:
        LibraryError: The library cannot be opened, or the state not be saved.
    """
    from store import Library, share_arenas
    from tui.terminal.driver import TerminalDriver

    share_arenas()
    config, notices = configuration.load()
    if plain:
        config = replace(config, plain=True)
    if link:
        config = replace(config, link=link)
    if demo:
        notices.append("this is the sample library; ? shows the keys")
    app: BroadsheetApp | None = None
    library: Library | None = None
    session: Session | None = None

    def save() -> None:
        if session is not None:
            session.keep_drafts()
        if library is not None:
            library.flush()

    early = None if start is None else start.screen
    if early is not None:
        early.queue_interrupts()

    def leave(code: int) -> None:
        if early is not None and early.leave():
            os._exit(code)  # no key was read, so there is nothing to be saved
        if app is not None:
            app.leave(code)

    def restore() -> None:
        if app is not None:
            app.restore_terminal()
        if early is not None:
            early.leave()

    def measured(round_trip: float) -> None:
        if app is not None:
            app.round_trip_measured(round_trip)

    with Endings(save=save, leave=leave, restore=restore) as endings:
        with _Opening(path, quiet=early is not None) as opening:
            library = Library(path, readonly=readonly, on_progress=opening.tell)
        try:
            driver = partial(
                TerminalDriver,
                on_hangup=lambda: endings.begin(HANGUP),
                before_suspend=save,
                on_round_trip=measured,
                early=early,
            )
            session = Session(path)
            app = BroadsheetApp(
                library, config, notices=notices, session=session, driver_class=driver,
                start=start,
            )  # fmt: skip
            garbage.begin()
            sys.setswitchinterval(_TURN)
            try:
                answer = app.run(mouse=config.mouse)
            except OSError:
                # The terminal went away while Textual was setting it up or giving it back.
                answer = None
                endings.begin(HANGUP)
            if app.theme != app.first_theme:
                configuration.remember_theme(app.theme)
            session.keep_drafts()
            app.stop_lanes()
            if endings.code is None and not app.return_code:
                session.end()
        finally:
            library.close()
        if app.keeper is not None:
            app.keeper.keep()
    if endings.code is not None:
        return endings.code
    if answer == SAMPLE:
        from tui.sample import sample_copy

        return run(sample_copy(), demo=True, plain=plain, link=link)
    return app.return_code or 0


class _Opening:
    """Tells on one line how far the opening of a large library is, if it takes long."""

    def __init__(self, path: Path, *, quiet: bool) -> None:
        self._path = path
        self._next = float("inf") if quiet else time.monotonic() + _PATIENCE
        self._told = False

    def __enter__(self) -> _Opening:
        return self

    def __exit__(self, *_: object) -> None:
        if self._told:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def tell(self, what: str, done: int, total: int) -> None:
        """Progress of the library: `done` of `total`."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + 0.1
            self._told = True
            part = f" {done / total:.0%}" if total else ""
            sys.stderr.write(f"\r\x1b[K{clean(self._path.name)}: {what}{part}")
            sys.stderr.flush()
