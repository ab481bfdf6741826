"""The real program in a real pseudo-terminal, its screen read with a terminal emulator."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

from tests.emulator import Screen
from tests.person import own_home

ROOT = Path(__file__).parents[2]

#: Articles of the tests' library, newest first.
TITLES = [f"Article number {n} of the harbour" for n in range(1, 41)]

#: Seconds anything may take before a test gives up.
PATIENCE = 20.0

ENTER, ESCAPE, CTRL_C, CTRL_L, CTRL_Z = "\r", "\x1b", "\x03", "\x0c", "\x1a"
DOWN, UP = "\x1b[B", "\x1b[A"


def own_command(*arguments: str, code: str = "") -> list[str]:
    """What starts the program."""
    main = "from tui.__main__ import main; import sys; sys.exit(main())"
    return [sys.executable, "-c", f"{code}\n{main}", *arguments]


class Terminal:
    """`python -m tui ARGUMENTS` in a terminal of its own.

    Attributes:
        output: Every byte the program has written.
        before: The terminal's settings before the program started.
    """

    def __init__(
        self,
        *arguments: str,
        home: Path,
        size: tuple[int, int] = (80, 24),
        environ: Mapping[str, str] | None = None,
        code: str = "",
        command: Sequence[str] = (),
    ) -> None:
        """Start the program.

        Args:
            arguments: Of the command line.
            home: Directory for its config, state and cache, and for the person's own files.
            size: Columns and lines.
            environ: More environment.
            code: Python that runs before the program, to put it into trouble.
            command: What is started instead, which may start the program by `own_command`.
        """
        self.output = b""
        self.screen = Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self._master, self._slave = os.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.before = termios.tcgetattr(self._slave)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(own_home(home)),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            **{
                f"XDG_{n}_HOME": str(home / n.lower()) for n in ("CONFIG", "STATE", "CACHE", "DATA")
            },
            **(environ or {}),
        }
        self.process = subprocess.Popen(
            command or own_command(*arguments, code=code),
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            env=environment,
            start_new_session=True,
            preexec_fn=self._take_terminal,
        )

    @staticmethod
    def _take_terminal() -> None:
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTSTP):
            signal.signal(number, signal.SIG_DFL)  # some are ignored behind a shell, or by nohup
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.hang_up()
        os.close(self._slave)

    @property
    def lines(self) -> list[str]:
        """What is on the screen."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """The same in one piece."""
        return "\n".join(self.lines)

    @property
    def settings(self) -> list[object]:
        """The terminal's settings now."""
        return termios.tcgetattr(self._slave)

    def read(self, seconds: float = 0.05) -> bytes:
        """Take in what the program writes within so many seconds after its last byte."""
        new = b""
        while self._master >= 0 and select.select([self._master], [], [], seconds)[0]:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                break
            if not data:
                break
            new += data
        self.output += new
        self._stream.feed(new)
        return new

    def rests(self, silence: float = 0.5) -> list[str]:
        """What is on the screen once nothing has come for so many seconds."""
        end = time.monotonic() + PATIENCE
        while self.read(silence):
            assert time.monotonic() < end, f"never rested; the screen:\n{self.text}"
        return self.lines

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Read until `condition()` holds."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.read()
            if condition():
                return
        raise AssertionError(f"never {what}; the screen:\n{self.text}")

    def sees(self, text: str) -> None:
        """Read until `text` is on the screen."""
        self.until(lambda: text in self.text, f"saw {text!r}")

    def comes_up(self) -> None:
        """Read until the program reads keys; a first frame may be there long before that."""
        self.until(lambda: b"\x1b[?2004h" in self.output, "came up")

    def type(self, keys: str) -> None:
        """Type `keys`."""
        os.write(self._master, keys.encode())

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of the window, as a person does; the kernel tells the program."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    def ends(self) -> int:
        """Read until the program has ended; its exit code."""
        self.until(lambda: self.process.poll() is not None, "ended")
        self.read()
        assert self.process.returncode is not None
        return self.process.returncode

    def hang_up(self) -> None:
        """Close the terminal, as when its window is closed."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1
