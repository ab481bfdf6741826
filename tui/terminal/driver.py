"""Textual's terminal driver, made to survive the loss of its terminal and to send less.

Differences from `LinuxDriver`, each for a reason met in practice:

- Output to a terminal that is gone is dropped.  Textual's writer thread dies of the first
  failed write, its queue fills, and the event loop waits for it for ever.
- End of input ends the program.  Textual reads on, at full speed, from a hung-up terminal.
- Only keys, the mouse and what is pasted is taken from the input: other answers of the terminal
  are not typed, and nothing in it is an exception (see `sieve`).
- The mouse reports buttons and drags only (modes 1000 and 1002), not every motion (1003) nor
  pixels (1016); focus changes (1004) are not reported, since they would repaint the screen
  each time the person looks at another window.
- SIGCONT after a SIGSTOP that the program never saw sets the terminal up again, once.
- Frames are painted by difference (see `painter`), and one that is still on its way is not
  followed by others that would only queue up behind it.
- A terminal that shows a first frame already (see `tui.early`) is taken over as it is.
"""

from __future__ import annotations

import os
import select
import sys
import termios
from collections.abc import Callable, Iterable
from io import TextIOWrapper
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.terminal.incoming import Incoming
from tui.terminal.painter import Painter, fills_erased
from tui.terminal.pens import Pens

if TYPE_CHECKING:
    from rich.color import ColorSystem

    from tui.early.screen import EarlyScreen

#: Enters the alternate screen; where an early frame is shown that was done.
_ALTERNATE = "\x1b[?1049h"

#: Leaves every mode that Textual or this driver enters, for an ending that cannot wait for
#: Textual: link, synchronized output, scroll region, mouse, paste, focus, line wrap, kitty
#: keyboard, colours, alternate screen, cursor.
RESTORE = (
    "\x1b]8;;\x1b\\\x1b[?2026l\x1b[r\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?2004l"
    "\x1b[?1004l\x1b[?2048l\x1b[?7h\x1b[<u\x1b[m\x1b[?1049l\x1b[?25h"
)

#: Seconds between looks at the exit flag.
_TICK = 0.1


class TerminalFile:
    """The terminal as the file Textual's writer thread writes to; never raises.

    Text is kept until `flush` and then written whole, so that a frame is one write where the
    terminal takes it.  After the first error nothing more is written.
    """

    def __init__(self, descriptor: int, *, written: Callable[[], None] = lambda: None) -> None:
        """Write to `descriptor`; call `written` after each flush."""
        self._descriptor = descriptor
        self._pending: list[str] = []
        self._written = written
        self._kept = 0
        self.taken = 0
        """How many of the texts the terminal has taken."""
        self.lost = False

    def write(self, text: str) -> int:
        """Keep `text` for the next flush."""
        self._kept += 1
        if not self.lost:
            self._pending.append(text)
        return len(text)

    def flush(self) -> None:
        """Write what was kept; waits for a terminal that is busy or stopped."""
        data = memoryview("".join(self._pending).encode("utf-8", "replace"))
        self._pending.clear()
        kept = self._kept
        while data and not self.lost:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:
                # Someone left the terminal in non-blocking mode.
                select.select([], [self._descriptor], [], 1.0)
            except OSError:
                self.lost = True
        self.taken = kept
        self._written()

    def isatty(self) -> bool:
        """Always: the driver asks only to decide whether to draw."""
        return True

    def fileno(self) -> int:
        """The terminal's file descriptor."""
        return self._descriptor


class TerminalDriver(LinuxDriver):
    """The driver of the real app; see the module's text for what differs.

    Args:
        app: The app.
        debug: Textual's debug mode.
        mouse: Whether to take the mouse.
        size: Columns and lines, or None to ask the terminal.
        on_hangup: Called on the input thread when the terminal is gone, perhaps twice.
        before_suspend: Called on the main thread before the process is stopped.
        on_round_trip: Called once on the event loop with the seconds that the terminal took to
            answer the first question; never, where it answers none.
        early: The terminal with a first frame on it, to be taken over.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
        on_hangup: Callable[[], None] | None = None,
        before_suspend: Callable[[], None] | None = None,
        on_round_trip: Callable[[float], None] | None = None,
        early: EarlyScreen | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._on_hangup = on_hangup
        self._before_suspend = before_suspend
        self._on_round_trip = on_round_trip
        self._asked = 0.0
        stderr = sys.__stderr__
        assert stderr is not None, "the app is only started on a terminal"
        self._terminal = TerminalFile(stderr.fileno(), written=self._written)
        self._file = cast("TextIOWrapper", self._terminal)  # all the writer thread needs of it
        self._suspended = False
        self._early = early
        self._typed = b""  # what was read of the keys before the app was there to do it
        self._interrupted = early is not None and early.interrupted  # ctrl-c after the first keys
        self.current_painter: Painter | None = None
        """What frames go through; None until the first one."""
        self._queued = 0  # writes handed to the writer thread
        self._waiting: Callable[[], None] | None = None

    # Output

    def write(self, data: str) -> None:
        """Queue `data`; nothing, while the process has given the terminal away."""
        if self._early is not None and data == _ALTERNATE:
            return
        if self._writer_thread is not None and not self._suspended:
            self._queued += 1
            self._writer_thread.write(data)

    def painter(self, colours: ColorSystem, *, nearby: bool = False) -> Painter:
        """The painter of the frames, made with the first one.

        Args:
            colours: The colours the terminal has.
            nearby: Whether to send ones that look like those that are meant, and are shorter.
        """
        if self.current_painter is None:
            self.current_painter = Painter(Pens(), fills=fills_erased(os.environ))
        self.current_painter.pens.color_system = colours
        self.current_painter.pens.allow_nearby(nearby)
        return self.current_painter

    def when_written(self, then: Callable[[], None]) -> bool:
        """Whether the terminal has taken all that was written.

        Args:
            then: Called on the event loop once it has, if it has not yet.
        """
        self._waiting = then
        if self._terminal.taken < self._queued:
            return False
        self._waiting = None
        return True

    def _written(self) -> None:
        then = self._waiting
        if then is not None and self._terminal.taken >= self._queued:
            self._waiting = None
            try:
                self._loop.call_soon_threadsafe(then)
            except RuntimeError:  # the event loop is closed
                pass

    def _enable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1002h\x1b[?1006h")

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1000l\x1b[?1002l\x1b[?1006l")

    def _query_in_band_window_resize(self) -> None:
        """Not asked: with it Textual takes mouse positions for pixels; SIGWINCH does."""

    # Input

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except OSError:
            self._hung_up()
        except Exception as error:
            self._app.call_later(self._app._handle_exception, error)

    def run_input_thread(self) -> None:
        """Read keys and mouse until the driver stops, or the terminal is gone."""
        incoming = Incoming(debug=self._debug, mode_reported=self._tell_round_trip)
        while not self.exit_event.is_set():
            wait = incoming.wait(monotonic())
            patience = _TICK if wait is None else min(wait, _TICK)
            if self._typed or select.select([self.fileno], [], [], patience)[0]:
                data, self._typed = self._typed or os.read(self.fileno, 4096), b""
                if not data:
                    self._hung_up()
                    return
                self._pass_on(incoming.feed(data, monotonic()))
                if self._interrupted:
                    self._interrupted = False
                    self._pass_on(incoming.give_up())
                    self._pass_on(incoming.feed(b"\x03", monotonic()))
            self._pass_on(incoming.tick(monotonic()))

    def _pass_on(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)

    def _request_terminal_sync_mode_support(self) -> None:
        self._asked = monotonic()
        super()._request_terminal_sync_mode_support()

    def _tell_round_trip(self) -> None:
        if not self._asked:
            return
        seconds, self._asked = monotonic() - self._asked, 0.0
        tell, self._on_round_trip = self._on_round_trip, None
        if tell is not None:
            try:
                self._loop.call_soon_threadsafe(tell, seconds)
            except RuntimeError:  # the event loop is closed
                pass

    def _hung_up(self) -> None:
        # Whatever else goes on: a hangup brings a SIGCONT with it, so that the driver may just
        # be about to stop and start again, on a terminal that is no longer there.
        if self._on_hangup is not None:
            self._on_hangup()

    # Suspending

    def start_application_mode(self) -> None:
        """Take the terminal; the process stays suspended when it runs in the background."""
        self._suspended = False
        if self.current_painter is not None:
            self.current_painter.cleared()  # as the alternate screen is when it is entered
        early = self._early
        if early is not None:
            self._typed = early.take_keys()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if early is not None and (before := early.hand_over()) is not None:
            self.attrs_before = before
            self.current_painter = early.painter
        self._early = None
        if os.isatty(self.fileno) and not self._holds_terminal():
            self._suspended = True
        else:
            # Textual enables focus reports; there is no hook to leave them out.
            self.write("\x1b[?1004l")
            self._send_line_feeds_as_they_are()

    def has_size(self, width: int, height: int) -> bool:
        """Whether the terminal is of a size, as far as can be told."""
        try:
            return tuple(os.get_terminal_size(self.fileno)) in ((width, height), (0, 0))
        except OSError:
            return True

    def _send_line_feeds_as_they_are(self) -> None:
        """Let the terminal device put no carriage return before a line feed (OPOST)."""
        try:
            modes = termios.tcgetattr(self.fileno)
            modes[1] &= ~termios.OPOST
            termios.tcsetattr(self.fileno, termios.TCSANOW, modes)
        except termios.error:
            pass  # then line feeds go to the first column, which no one relies on not being

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self.write("\x1b]8;;\x1b\\\x1b[m")  # frames leave the pen as it is
        super().stop_application_mode()

    def suspend_application_mode(self) -> None:
        """Give the terminal back."""
        super().suspend_application_mode()
        self._suspended = True

    def _sigtstp_application(self, *arguments: Any) -> None:
        if self._before_suspend is not None:
            self._before_suspend()
        super()._sigtstp_application(*arguments)

    def _sigcont_application(self, *arguments: Any) -> None:
        if self._auto_restart and not self._suspended:
            # Stopped without SIGTSTP: the shell has changed the terminal's modes meanwhile.
            self.suspend_application_mode()
        self._must_signal_resume = True
        super()._sigcont_application(*arguments)

    def _holds_terminal(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:
            return True

    def restore_now(self) -> None:
        """Put the terminal back without Textual's help; for the last moment, never blocks long."""
        try:
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            descriptor = self._terminal.fileno()
            os.set_blocking(descriptor, False)
            os.write(descriptor, RESTORE.encode("ascii"))
            os.set_blocking(descriptor, True)
        except (OSError, termios.error):
            pass
