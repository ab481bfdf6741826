"""Programs measured as a person meets them: in a terminal, by what it shows and when.

The program runs in a pseudo-terminal.  Every chunk it writes is kept with its time and only
replayed afterwards, so that the emulator costs nothing while the clock runs.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import termios
import time
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import pyte

from tests.emulator import Screen

COLUMNS, LINES = 80, 24

#: What a plain, modern terminal answers: "not supported" to a mode, VT220 with colours to DA1,
#: the top left corner, an 80 x 24 window.
_QUERIES = re.compile(rb"\x1b\[\?(\d+)\$p|\x1b\[0?(c)|\x1b\[6(n)|\x1b\[18(t)")
_CHUNK = 1 << 16
#: Bracketed paste: what a program asks for that is about to read keys.
_READS_KEYS = b"\x1b[?2004h"
_PATIENCE = 30.0  # seconds until a program that shows nothing is given up


class Chunk(NamedTuple):
    """Bytes the program wrote at once, and when (seconds of `time.perf_counter`)."""

    at: float
    data: bytes


class Keystroke(NamedTuple):
    """What one key caused.

    Attributes:
        sent: Bytes written in answer.
        packed: The same as `ssh -C` would send it.
        last: Seconds from the key to the last byte; 0 when there was none.
    """

    sent: int
    packed: int
    last: float


class Terminal:
    """A program in a pseudo-terminal; a context manager that ends it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start `command` with `environment` added to a terminal's usual one."""
        self.chunks: list[Chunk] = []
        self._packer = zlib.compressobj(6)
        self._packed = 0  # chunks that went through it
        plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
        self._terminal, end = os.openpty()
        termios.tcsetwinsize(end, (LINES, COLUMNS))
        self.begun = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=end, stdout=end, stderr=end, start_new_session=True,
            env={**plain, **terminal, **environment},
        )  # fmt: skip
        os.close(end)
        self._poll = select.poll()
        self._poll.register(self._terminal, select.POLLIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._terminal)

    def send(self, keys: bytes) -> float:
        """Type `keys`; the time."""
        now = time.perf_counter()
        os.write(self._terminal, keys)
        return now

    def settle(self, quiet: float, patience: float = _PATIENCE) -> None:
        """Read until nothing came for `quiet` seconds; wait for the first byte with `patience`."""
        if self._read(patience):
            while self._read(quiet):
                pass

    def come_up(self, quiet: float) -> None:
        """Wait until a Textual program reads keys, and then for `quiet` seconds without output.

        What it shows before that may be a first frame that was drawn before anything was loaded.
        """
        end = time.perf_counter() + _PATIENCE
        while not any(_READS_KEYS in chunk.data for chunk in self.chunks):
            if not self._read(0.1) and time.perf_counter() > end:
                raise TimeoutError(f"it never read keys; {_last_screen(self)}")
        while self._read(quiet):
            pass

    def press(self, key: bytes, quiet: float = 0.15, patience: float = 0.5) -> Keystroke:
        """Type one key and wait until the program has answered it.

        Args:
            key: The key.
            quiet: Seconds without output after which it is answered.
            patience: Seconds in which the answer begins, if there is one.
        """
        before = len(self.chunks)
        sent = self.send(key)
        self.settle(quiet, patience=patience)
        answer = self.chunks[before:]
        data = b"".join(chunk.data for chunk in answer)
        self._pack(before)
        packed = self._pack(len(self.chunks))
        return Keystroke(len(data), packed if data else 0, answer[-1].at - sent if answer else 0.0)

    def hold(self, key: bytes, seconds: float, rate: float) -> float:
        """Repeat a key as a keyboard does; seconds from the last one to the last byte."""
        begin = self.send(key)
        last = begin
        for number in range(1, int(seconds * rate)):
            self.read_until(begin + number / rate)
            last = self.send(key)
        before = len(self.chunks)
        self.settle(0.3, patience=0.5)
        return self.chunks[-1].at - last if len(self.chunks) > before else 0.0

    def read_until(self, moment: float) -> None:
        """Read what comes until a time of `time.perf_counter`."""
        while (wait := moment - time.perf_counter()) > 0:
            self._read(wait)

    def _pack(self, end: int) -> int:
        """Put the chunks up to one through the link, as OpenSSH does: zlib's level 6, a partial
        flush a packet, one dictionary for all that was ever sent (`packet.c`); bytes of them."""
        data = b"".join(chunk.data for chunk in self.chunks[self._packed : end])
        self._packed = end
        if not data:
            return 0
        return len(self._packer.compress(data)) + len(self._packer.flush(zlib.Z_PARTIAL_FLUSH))

    def shown_after(self, text: str) -> float | None:
        """Seconds from the start until `text` was on the screen; None if it never was."""
        screen = Screen(COLUMNS, LINES)
        stream = pyte.ByteStream(screen)
        for chunk in self.chunks:
            stream.feed(chunk.data)
            if any(text in line for line in screen.display):
                return chunk.at - self.begun
        return None

    def memory(self) -> float:
        """Bytes the program has in memory (0 where there is no /proc)."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text()
        except OSError:
            return 0.0
        match = re.search(r"VmRSS:\s+(\d+) kB", status)
        return float(match[1]) * 1024 if match else 0.0

    def _read(self, timeout: float) -> bool:
        if not self._poll.poll(timeout * 1000):
            return False
        try:
            data = os.read(self._terminal, _CHUNK)
        except OSError:  # EIO: the program has ended
            return False
        self.chunks.append(Chunk(time.perf_counter(), data))
        self._answer(data)
        return bool(data)

    def _answer(self, data: bytes) -> None:
        for query in _QUERIES.finditer(data):
            mode, attributes, position, _ = query.groups()
            if mode:
                reply = b"\x1b[?%s;0$y" % mode
            elif attributes:
                reply = b"\x1b[?62;22c"
            elif position:
                reply = b"\x1b[1;1R"
            else:
                reply = b"\x1b[8;%d;%dt" % (LINES, COLUMNS)
            os.write(self._terminal, reply)


def first_shown(command: Sequence[str], environment: Mapping[str, str], text: str) -> float:
    """Seconds from the start until `text` is on the screen.

    Raises:
        TimeoutError: It never came; the message holds what was there instead.
    """
    return _shown(command, environment, text, key=None)


def first_answer(
    command: Sequence[str], environment: Mapping[str, str], key: bytes, text: str
) -> float:
    """Seconds from the start until `key`, pressed at the first sign of life, has shown `text`."""
    return _shown(command, environment, text, key)


def _shown(
    command: Sequence[str], environment: Mapping[str, str], text: str, key: bytes | None
) -> float:
    with Terminal(command, environment) as terminal:
        if key is not None and terminal._read(_PATIENCE):
            terminal.send(key)
        while True:
            terminal.settle(0.4)
            shown = terminal.shown_after(text)
            if shown is not None:
                return shown
            if time.perf_counter() - terminal.begun > _PATIENCE:
                raise TimeoutError(f"{text!r} never came; {_last_screen(terminal)}")


def _last_screen(terminal: Terminal) -> str:
    screen = Screen(COLUMNS, LINES)
    stream = pyte.ByteStream(screen)
    for chunk in terminal.chunks:
        stream.feed(chunk.data)
    return "the screen:\n" + "\n".join(line.rstrip() for line in screen.display)


def python(*arguments: str) -> list[str]:
    """The command that runs this Python with `arguments`."""
    return [sys.executable, *arguments]
