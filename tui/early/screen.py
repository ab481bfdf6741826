"""The terminal, from the first frame until Textual takes it over.

Keys typed meanwhile are kept as they were typed, for the app to read: neither echoed, nor held
back until Enter, nor turned into other characters; those that move the cursor do so at once.  The
signals that end a program give the terminal back and end it; so does ctrl-c, unless keys were typed
before it, which are obeyed first.
"""

from __future__ import annotations

import fcntl
import os
import signal
import termios
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tui.early.frame import FirstFrame

#: The other screen, empty; no cursor; nothing wrapped in the last column.
_ENTER: Final = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[m\x1b[2J"
_LEAVE: Final = "\x1b[m\x1b[?7h\x1b[?1049l\x1b[?25h"

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

#: Places in what `termios.tcgetattr` gives.
_INPUT, _OUTPUT, _LOCAL, _CHARACTERS = 0, 1, 3, 6


class EarlyScreen:
    """The terminal with a frame on it; see `enter`.

    Args:
        frame: The frame.
        source: Descriptor of the terminal that keys come from.
        target: Descriptor of the same terminal, to draw on.

    Attributes:
        painter: Holds the frame, and knows ever after what the terminal shows.
        link: The link that the frame is drawn for, by the name the config has for it.
        interrupted: Whether ctrl-c was pressed after other keys: it is to be obeyed after them.
        moves: What moves the cursor meanwhile, if anything does.
    """

    def __init__(self, frame: FirstFrame, *, source: int = 0, target: int = 2) -> None:
        self._frame = frame
        self.painter = frame.painter
        self.link = frame.link
        self.moves = frame.moves(self._paint)
        self._source = source
        self._target = target
        self._before: list[Any] | None = None
        self._previous: dict[int, Any] = {}
        self.interrupted = False

    def enter(self) -> None:
        """Take the terminal and show the frame.

        Raises:
            OSError, termios.error: It cannot be done; the terminal is as it was.
        """
        self._before = termios.tcgetattr(self._source)
        try:
            for number in _SIGNALS:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._previous[number] = signal.signal(number, self._end)
            self._previous[signal.SIGCONT] = signal.signal(signal.SIGCONT, self._resume)
            termios.tcsetattr(self._source, termios.TCSANOW, self._modes())
            self._write(_ENTER + self._frame.paint())
            if self.moves is not None:
                self.moves.start(self._source)
        except BaseException:
            self.leave()
            raise

    def leave(self) -> bool:
        """Give the terminal back as it was, without the keys that were meant for the app.

        Returns:
            Whether it was given back now: not when that was done before, nor when the app has it.
        """
        before = self.hand_over()
        if before is None:
            return False
        try:
            termios.tcsetattr(self._source, termios.TCSANOW, before)
            termios.tcflush(self._source, termios.TCIFLUSH)
            self._write(_LEAVE)
        except (OSError, termios.error):
            pass  # it is gone
        return True

    def queue_interrupts(self) -> None:
        """Let ctrl-c be a key like any other from now on: what reads it is as good as there."""
        try:
            modes = termios.tcgetattr(self._source)
            modes[_LOCAL] &= ~termios.ISIG
            termios.tcsetattr(self._source, termios.TCSANOW, modes)
        except termios.error:
            pass  # it is gone, which is told otherwise

    def hand_over(self) -> list[Any] | None:
        """Leave the terminal to the app.

        Returns:
            The settings it had before all this; None when they were asked for already.
        """
        self.take_keys()
        before, self._before = self._before, None
        for number, handler in self._previous.items():
            # Where another has a say in it already, that stands.
            if signal.getsignal(number) in (self._end, self._resume):
                signal.signal(number, handler)
        return before

    def take_keys(self) -> bytes:
        """Leave the keys to the app.

        Returns:
            Those typed before all that still are in the terminal's queue.
        """
        if self.moves is None:
            return b""
        self.moves.stop()
        return self.moves.typed

    def _end(self, number: int, frame: FrameType | None) -> None:
        """A signal: nothing is open that would have to be saved."""
        if self._before is None:  # the app's own endings have put this handler back
            signal.signal(number, self._previous.get(number, signal.SIG_DFL))
            signal.raise_signal(number)
            return
        if number == signal.SIGINT and not self.interrupted and self._keys_wait():
            self.interrupted = True
            return
        self.leave()
        os._exit(128 + number)

    def _resume(self, number: int, frame: FrameType | None) -> None:
        """After a stop that nobody announced, what was there before may be on the screen."""
        if self._before is not None:
            try:
                self.take_keys()
                termios.tcsetattr(self._source, termios.TCSANOW, self._modes())
                self.painter.cleared()
                self._write(_ENTER + self._frame.paint())
            except (OSError, termios.error):
                pass  # it is gone

    def _keys_wait(self) -> bool:
        if self.take_keys():
            return True
        try:
            return any(fcntl.ioctl(self._source, termios.FIONREAD, b"\0\0\0\0"))
        except OSError:
            return False

    def _modes(self) -> list[Any]:
        """The terminal's settings while the frame is shown.

        As Textual has them, but that ctrl-c is obeyed at once.  ctrl-z waits for the app, which
        knows how to come back from it.
        """
        modes = termios.tcgetattr(self._source)
        modes[_LOCAL] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
        modes[_LOCAL] |= termios.NOFLSH  # ctrl-c leaves the keys before it
        modes[_INPUT] &= ~(
            termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR
        )
        modes[_OUTPUT] &= ~termios.OPOST
        characters = list(modes[_CHARACTERS])
        characters[termios.VMIN], characters[termios.VTIME] = 1, 0
        for name in (termios.VSUSP, termios.VQUIT):
            characters[name] = b"\0"  # _POSIX_VDISABLE
        modes[_CHARACTERS] = characters
        return modes

    def _paint(self) -> None:
        self._write(self._frame.paint())

    def _write(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        while data:
            data = data[os.write(self._target, data) :]
