"""What a terminal sends, parted into keys, pastes, and what is neither.

Keys share their channel with the terminal's answers and with what is pasted.  An answer that nobody
waits for (any more) must not be typed: in `]11;rgb:dada/…` stand commands.  So control strings are
swallowed up to their end, control sequences are passed on only where they are known to be keys (see
`keyforms`), and a paste is one piece of text, whatever stands in it.

Nothing is held back but a sequence that has begun, and that not for long: a lone Escape, and a key
with Alt, come through after the time that Textual waits, too.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final, NamedTuple

from tui.terminal.keyforms import key_form, rxvt_ends

#: Characters of a control sequence that is still looked at; a longer one is dropped as a whole.
_LONGEST: Final = 256

#: Characters of a paste; what is more is dropped.
_LONGEST_PASTE: Final = 1_000_000

#: Seconds of silence after which something that was begun will not be ended: a link may stall in
#: between.  What follows is typed, so the text of a paste is waited for longer.
_PATIENCE: Final = 1.0
_PASTE_PATIENCE: Final = 15.0

#: Seconds that a control string may take as a whole: a held key makes no silence.
_STRING_IN_ALL: Final = 5.0

_ESC, _CTRL_C = "\x1b", "\x03"
_PASTE_START, _PASTE_END = "\x1b[200~", "\x1b[201~"

#: What begins DCS, SOS, OSC, PM and APC after an Escape (ECMA-48, 5.6), and what ends them.
_STRINGS: Final = "PX]^_"

#: What comes first in those that terminals answer with: colours, titles, versions, settings and
#: kitty's graphics.  Anything else after an Escape and such a character was typed in one go.
_ANSWERS: Final = {"]": frozenset("0123456789lL"), "P": frozenset("0123456789>!$+|"),
                   "_": frozenset("G")}  # fmt: skip
_STRING_END: Final = re.compile("[\x07\x1b\x9c]")

#: Everything that is a key by itself.
_KEYS: Final = re.compile("[^\x1b\x80-\x9f]+")

#: The controls of one character (C1) as they are written after an Escape.
_C1: Final = {chr(code): chr(code - 0x40) for code in range(0x80, 0xA0)}


#: What terminals may say without parameters: of the focus, and a key that has no number.
_BARE: Final = "IOu"


class Pasted(NamedTuple):
    """Text that was pasted, as the terminal sent it."""

    text: str


class _In(Enum):
    """Where the sieve stands."""

    KEYS = auto()
    ESCAPE = auto()
    SEQUENCE = auto()
    FUNCTION = auto()
    """After Escape and O, with which some keys begin (SS3)."""
    CONSOLE = auto()
    """After Escape and two brackets: a function key of the Linux console."""
    MOUSE = auto()
    """In the three characters of a mouse report of X10, which may be any."""
    STRING = auto()
    PASTE = auto()


class Sieve:
    """Takes text as it comes, cut anywhere, and gives what it is.

    Args:
        escape_delay: Seconds until an Escape with nothing after it is a key.
    """

    def __init__(self, escape_delay: float) -> None:
        self._delay = escape_delay
        self._state = _In.KEYS
        self._held = ""
        self._since = 0.0  # when a control string began
        self._escaped = False  # whether the last character of a control string was an Escape
        self._paste: list[str] = []
        self._pasted = 0
        self._deadline: float | None = None
        self._found: list[str | Pasted] = []

    def feed(self, text: str, now: float) -> list[str | Pasted]:
        """Take in text.

        Args:
            text: What the terminal sent.
            now: Seconds, by the clock of all calls.

        Returns:
            Keys and pastes: keys either as characters of which each is one, or as one sequence that
            begins with an Escape and is whole.
        """
        at = 0
        while at < len(text):
            at = self._step(text, at, now)
        self._deadline = self._due(now)
        return self._taken()

    def tick(self, now: float) -> list[str | Pasted]:
        """What can be said by now that nothing more has come."""
        if self._deadline is None or now < self._deadline:
            return []
        return self.give_up()

    def give_up(self) -> list[str | Pasted]:
        """Wait no longer for the end of what was begun."""
        if self._state is _In.PASTE:
            self._end_paste()
        elif self._is_key_so_far():
            self._found.append(self._held)
        self._rest()
        self._deadline = None
        return self._taken()

    def wait(self, now: float) -> float | None:
        """Seconds until `tick` is due; None if it is not."""
        return None if self._deadline is None else max(0.0, self._deadline - now)

    def _taken(self) -> list[str | Pasted]:
        found, self._found = self._found, []
        return found

    def _rest(self) -> None:
        self._state, self._held, self._escaped = _In.KEYS, "", False

    def _is_key_so_far(self) -> bool:
        """Whether what is held is what a person can type: Escape, or Alt with a key."""
        return 0 < len(self._held) <= 2

    def _due(self, now: float) -> float | None:
        if self._state is _In.KEYS:
            return None
        if self._state is _In.PASTE:
            return now + _PASTE_PATIENCE
        if self._is_key_so_far():
            return now + self._delay
        if self._state is _In.STRING:
            return min(now + _PATIENCE, self._since + _STRING_IN_ALL)
        return now + _PATIENCE

    def _step(self, text: str, at: int, now: float) -> int:
        """Take in some of the text; where the rest begins."""
        state = self._state
        if state is _In.KEYS:
            if keys := _KEYS.match(text, at):
                self._found.append(keys[0])
                return keys.end()
            if text[at] == _ESC:
                self._state, self._held = _In.ESCAPE, _ESC
            else:
                self._begin(_C1[text[at]], now, typed=False)
            return at + 1
        if state is _In.STRING:
            return self._in_string(text, at)
        if state is _In.PASTE:
            return self._in_paste(text, at)
        if state is _In.MOUSE:
            self._held += text[at]
            if len(self._held) == len("\x1b[M") + 3:
                self._rest()
            return at + 1
        character = text[at]
        if character == _ESC:
            if state is _In.ESCAPE:
                self._found.append(_ESC)
            self._state, self._held = _In.ESCAPE, _ESC  # what was not ended is dropped
        elif state is _In.ESCAPE:
            self._begin(character, now, typed=True)
        elif state is _In.SEQUENCE:
            return at + self._in_sequence(character)
        else:
            self._held += character
            if state is _In.CONSOLE or not character.isdigit() or len(self._held) > _LONGEST:
                self._end_sequence(self._held)
        return at + 1

    def _begin(self, character: str, now: float, *, typed: bool) -> None:
        """Go on after an Escape, or at a C1 control (not `typed`), which no key begins with."""
        self._held = _ESC + character
        if character == "[":
            self._state = _In.SEQUENCE
        elif character == "O":
            self._state = _In.FUNCTION
        elif character in (_ANSWERS if typed else _STRINGS):
            self._state, self._since = _In.STRING, now
            if not typed:
                self._held = ""
        else:
            if typed:
                self._found.append(self._held)
            self._rest()

    def _in_sequence(self, character: str) -> int:
        """Take in a character of a control sequence, unless it ends it unfinished: then 0."""
        held = self._held
        if len(held) < _LONGEST:
            self._held += character
        if " " <= character <= "?" and not rxvt_ends(self._held):
            return 1
        if character == "[" and held == "\x1b[":
            self._state = _In.CONSOLE
        elif character == "M" and held == "\x1b[":
            self._state = _In.MOUSE
        elif "@" <= character <= "~" or rxvt_ends(self._held):
            self._end_sequence(held + character if len(held) < _LONGEST else "")
        elif character < " " and character != _CTRL_C:
            self._held = held  # terminals obey a control in between; here it means nothing
        else:
            self._rest()
            return 0
        return 1

    def _end_sequence(self, sequence: str) -> None:
        self._rest()
        if sequence == _PASTE_START:
            self._state = _In.PASTE
        elif form := key_form(sequence):
            self._found.append(form)
        elif len(sequence) == 3 and sequence[1] == "[" and sequence[2] not in _BARE:
            # All else that terminals say has parameters: this was typed in one go.
            self._found += (_ESC, sequence[1:])

    def _in_string(self, text: str, at: int) -> int:
        if self._held:
            if text[at] not in _ANSWERS[self._held[1]]:
                self._found.append(self._held)
                self._rest()
                return at
            self._held = ""  # it is no key with Alt
        if self._escaped:
            self._escaped = text[at] == _ESC
            if text[at] == "\\" or text[at] in "\x07\x9c":
                self._rest()
            return at + 1
        end = _STRING_END.search(text, at)
        if end is None:
            return len(text)
        if end[0] == _ESC:
            self._escaped = True
        else:
            self._rest()
        return end.end()

    def _in_paste(self, text: str, at: int) -> int:
        """Take in text up to the end of the paste, which may be cut."""
        before = self._held
        joined = before + text[at:]
        end = joined.find(_PASTE_END)
        if end >= 0:
            self._keep_pasted(joined[:end])
            self._held = ""
            self._end_paste()
            self._rest()
            return at + end + len(_PASTE_END) - len(before)
        kept = max(0, len(joined) - len(_PASTE_END) + 1)
        self._keep_pasted(joined[:kept])
        self._held = joined[kept:]
        return len(text)

    def _keep_pasted(self, text: str) -> None:
        text = text[: _LONGEST_PASTE - self._pasted]
        if text:
            self._pasted += len(text)
            self._paste.append(text)

    def _end_paste(self) -> None:
        self._keep_pasted(self._held)
        self._found.append(Pasted("".join(self._paste)))
        self._paste.clear()
        self._pasted = 0
