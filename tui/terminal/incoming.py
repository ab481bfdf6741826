"""What a terminal sends, as the messages of Textual: keys, the mouse, pastes."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.message import Message

from tui.paths import log_file
from tui.terminal import log
from tui.terminal.keyforms import MODE_REPORT
from tui.terminal.sieve import Pasted, Sieve

#: Bytes that are not UTF-8, as Python's "surrogateescape" writes them.
_NOT_UTF8 = re.compile("[\udc80-\udcff]+")


class _Parser(XTermParser):
    """Textual's parser, which can be told that a sequence is whole."""

    def settle(self) -> Iterable[Message]:
        """What has been fed, as the keys it is if nothing follows."""
        if self._timeout_time is None:
            return ()
        self._timeout_time = 0.0
        return self.tick()


class Incoming:
    """Takes the bytes that a terminal sends, cut anywhere, and gives messages; never raises.

    Args:
        debug: Textual's debug mode.
        mode_reported: Called when the terminal answers the one question that it is asked.
    """

    def __init__(self, *, debug: bool, mode_reported: Callable[[], None]) -> None:
        self._debug = debug
        self._mode_reported = mode_reported
        self._decode = getincrementaldecoder("utf-8")("surrogateescape").decode
        self._sieve = Sieve(constants.ESCAPE_DELAY)
        self._parser = _Parser(debug)
        self._logged = False

    def feed(self, data: bytes, now: float) -> Iterator[Message]:
        """What stands in some bytes."""
        text = _NOT_UTF8.sub(_controls_or_unknown, self._decode(data))
        return self._messages(self._sieve.feed(text, now))

    def tick(self, now: float) -> Iterator[Message]:
        """What can be said by now that nothing more has come."""
        return self._messages(self._sieve.tick(now))

    def give_up(self) -> Iterator[Message]:
        """Wait no longer for the end of what was begun."""
        return self._messages(self._sieve.give_up())

    def wait(self, now: float) -> float | None:
        """Seconds until `tick` is due; None if it is not."""
        return self._sieve.wait(now)

    def _messages(self, found: Iterable[str | Pasted]) -> Iterator[Message]:
        for each in found:
            if isinstance(each, Pasted):
                from store.sanitize import clean_text  # few paste

                if text := clean_text(each.text):
                    yield events.Paste(text)
                continue
            if MODE_REPORT.fullmatch(each):
                self._mode_reported()
            for key in (each,) if each.startswith("\x1b") else each:
                yield from self._parsed(key)

    def _parsed(self, key: str) -> list[Message]:
        """The messages of a key; none, where Textual does not bear with it."""
        try:
            return [*self._parser.feed(key), *self._parser.settle()]
        except Exception as error:  # whatever it is, it is no reason to end
            if not self._logged:
                self._logged = True
                log.write(log_file(), error, "what the terminal sent was ignored")
            self._parser = _Parser(self._debug)
            return []


def _controls_or_unknown(found: re.Match[str]) -> str:
    """Controls of 8 bits (C1) as such; all else, and what follows a letter's beginning, U+FFFD."""
    text = found[0]
    if text[0] >= "\udca0":
        return "\ufffd" * len(text)
    return "".join(chr(ord(c) - 0xDC00) if c < "\udca0" else "\ufffd" for c in text)
