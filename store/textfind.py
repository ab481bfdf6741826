"""Finding what a person types in one text: as it stands, or as a regular expression.

This is not the query language, which finds articles.  The rules are those of `less` and
`ripgrep --smart-case`:

- Text is found as it stands, punctuation included.  White space finds any white space, and the
  quotation marks, apostrophe and hyphen of a keyboard find those of a printed text.
- A pattern without upper-case letters ignores case, accents and width.  With one it is
  case-sensitive, and an accent counts as typed, however the text composes it.
- `/…/` is a regular expression, with the same rule for case; the closing slash may be missing.
  `^` and `$` stand for the ends of lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from store.folding import fold, fold_mapped

if TYPE_CHECKING:
    from regex import Pattern

Spans = list[tuple[int, int]]

#: What a key finds besides its own character.
_PRINTED: Final = {'"': '["“”„‟]', "'": "['‘’‚‛ʼ]", "-": "[-‐‑–−]"}

#: A break without width: it is not seen, so it parts nothing.
_UNSEEN: Final = "\u200b"

_MARKS: Final = "[\u0300-\u036f]"

#: Characters of a regular expression, and of text as it stands: some paragraphs of it.  Compiling
#: takes about 15 µs for each, up to 80 µs for a hyphen of a text.
_LONGEST: Final = 1_000
_LONGEST_TEXT: Final = 2_000

#: Parts of a regular expression once what is counted in braces is written out, as compiling does:
#: it takes up to 3 µs for each, and as much memory as it likes.
_MOST_PARTS: Final = 5_000

#: Digits of a count; more are more than enough.
_DIGITS: Final = 9

#: Steps of a regular expression, as far as its size is concerned.
_STEP = re.compile(
    r"\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]?"
    r"|(?P<open>\()|(?P<close>\))|\{(?P<least>\d+)(?:,\d*)?\}|\\.|.",
    re.DOTALL,
)

#: Seconds a regular expression gets for a text: at least, for each character, at most.  Finding
#: every single character takes under 1 µs each; what takes longer tries the same again and again.
_LEAST, _EACH, _MOST = 0.005, 2e-6, 0.05

#: The parts of a regular expression, as far as case and accents are concerned.
_PART = re.compile(
    r"\\x(?P<two>[0-9A-Fa-f]{2})|\\u(?P<four>[0-9A-Fa-f]{4})|\\U(?P<eight>[0-9A-Fa-f]{8})"
    r"|(?P<property>\\[pP]|\\N\{[^}]*\}|\[:\^?\w+:\])"
    r"|(?P<syntax>\\k<\w+>|\\g<\w+>|\\.|\(\?P?<\w+>|\(\?P[=>]\w+|\(\?[A-Za-z0-9-]*)"
    r"|(?P<plain>.)",
    re.DOTALL,
)


def find_in_text(pattern: str) -> TextFinder:
    """What finds `pattern`, as a person typed it, in any text.

    Never raises: what is wrong with the pattern is told by `TextFinder.warning`.
    """
    return TextFinder(pattern)


class TextFinder:
    """Finds one pattern in texts; a `store.Matcher`.

    Attributes:
        pattern: The pattern as it was typed.
        warning: What is wrong with it, in one line, or "".  With a warning nothing is found.
        given_up: Called once when the pattern turns out to be too slow, which `warning` then tells.
    """

    def __init__(self, pattern: str) -> None:
        """A finder for `pattern`; see `find_in_text`."""
        self.pattern = pattern
        self.warning = ""
        self.given_up: Callable[[], object] | None = None
        self._folds = True
        self._literal: re.Pattern[str] | None = None
        self._regex: Pattern[str] | None = None
        if pattern.startswith("/"):
            self._compile(_between_slashes(pattern))
        elif len(pattern) > _LONGEST_TEXT:
            self.warning = f"longer than {_LONGEST_TEXT:,} characters"
        else:
            self._literal, self._folds = _literal(pattern.replace(_UNSEEN, ""))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to find, because nothing was typed yet."""
        return self._literal is None and self._regex is None and not self.warning

    def spans(self, text: str, field: str = "body", /) -> Spans:
        """Matches in `text` as (start, end) in characters: ascending, apart, none of them empty.

        It finds the same in the text of every `field`.
        """
        if self.warning or self.is_empty:
            return []
        searched, places = _without_unseen(text)
        origin: Callable[[int], int] | None = None if places is None else places.__getitem__
        if self._folds:
            searched, offsets = fold_mapped(searched)
            if offsets is not None:
                folded_from = offsets.__getitem__
                origin = folded_from if origin is None else _one_after_other(folded_from, origin)
        if self._literal is not None:
            found: Iterable[tuple[int, int]] = (
                match.span() for match in self._literal.finditer(searched)
            )
        else:
            found = self._with_patience(searched)
        if origin is None:
            return [(start, end) for start, end in found if start < end]
        return list(_in_the_original(found, origin))

    def _compile(self, source: str) -> None:
        """Make the regular expression, or say what is wrong with it."""
        if not source:
            return
        if len(source) > _LONGEST:
            self.warning = f"longer than {_LONGEST:,} characters"
            return
        if _parts(source) > _MOST_PARTS:
            self.warning = f"its counts come to more than {_MOST_PARTS:,} parts"
            return
        import regex  # takes 50 ms to import, and is seldom needed

        try:
            self._regex = regex.compile(source, regex.MULTILINE)
        except regex.error as error:
            place = (error.pos or 0) + 1
            where = "the end" if place > len(source) else f"character {place + 1}"  # with the slash
            self.warning = f"{error.msg} at {where}"
            return
        except Exception as error:  # its parser fails in other ways too: RecursionError, ValueError
            self.warning = f"not a regular expression ({type(error).__name__})"
            return
        self._folds = False
        if _minds_case(source):
            return
        folded = _folded_expression(source)
        try:
            if folded is not None:
                self._regex = regex.compile(folded, regex.MULTILINE)
                self._folds = True
                return
        except Exception:  # such as a range whose ends fold apart
            pass
        self._regex = regex.compile(source, regex.MULTILINE | regex.IGNORECASE)

    def _with_patience(self, text: str) -> Spans:
        """What the regular expression finds in `text`, unless that takes too long."""
        assert self._regex is not None
        patience = min(_LEAST + len(text) * _EACH, _MOST)
        # The clock is that of the process: a collection of garbage may use up the time, but
        # hardly twice.
        for _ in range(2):
            try:
                return [match.span() for match in self._regex.finditer(text, timeout=patience)]
            except (TimeoutError, MemoryError):
                continue
        self.warning = f"too slow: /{_between_slashes(self.pattern)}/"
        if self.given_up is not None:
            self.given_up()
        return []


def _between_slashes(pattern: str) -> str:
    """The regular expression of `/…/`; a closing slash after a backslash belongs to it."""
    source = pattern[1:]
    if source.endswith("/"):
        before = len(source) - 1 - len(source[:-1].rstrip("\\"))
        if before % 2 == 0:
            return source[:-1]
    return source


def _parts(source: str) -> int:
    """How many parts a regular expression has once every count is written out."""
    groups = [0]  # those of each open group so far
    last = 0
    for step in _STEP.finditer(source):
        if step["open"]:
            groups.append(0)
            last = 0
        elif step["least"]:
            more = last * max(0, int(step["least"][:_DIGITS]) - 1)
            last += more
            groups[-1] += more
        else:
            last = 1 + (groups.pop() if step["close"] and len(groups) > 1 else 0)
            groups[-1] += last
    return sum(groups)


def _has_upper(text: str) -> bool:
    return any(character.isupper() or character.istitle() for character in text)


def _is_lost(character: str) -> bool:
    """Whether folding makes a blank of a sign, such as a star or an arrow."""
    return not character.isascii() and not character.isspace() and fold(character).isspace()


def _literal(pattern: str) -> tuple[re.Pattern[str] | None, bool]:
    """A pattern as a regular expression, and whether it is for folded text.

    None when there is nothing but white space.
    """
    if not pattern.strip():
        return None, True
    folded = fold(pattern)
    exact = _has_upper(pattern)
    if not exact and folded.strip() and not any(map(_is_lost, pattern)):
        return re.compile(_spaced(folded, lambda c: _PRINTED.get(c) or re.escape(c))), True
    # Without a following mark: a letter with an accent is another letter.
    as_typed = _spaced(normalize("NFC", pattern), _composed_or_not) + f"(?!{_MARKS})"
    return re.compile(as_typed, 0 if exact else re.IGNORECASE), False


def _spaced(pattern: str, one: Callable[[str], str]) -> str:
    """A regular expression for `pattern`, of `one` character at a time, and any white space."""
    body = r"\s+".join("".join(map(one, word)) for word in pattern.split())
    # At the start one space stands for all: going through a run of them from each again would
    # take time with the square of its length.
    first = r"\s" if pattern[0].isspace() else ""
    return first + body + (r"\s+" if pattern[-1].isspace() else "")


def _composed_or_not(character: str) -> str:
    if character in _PRINTED:
        return _PRINTED[character]
    parts = normalize("NFD", character)
    if parts == character:
        return re.escape(character)
    return f"(?:{re.escape(character)}|{re.escape(parts)})"


def _minds_case(source: str) -> bool:
    """Whether case matters to a regular expression: it has a capital, or may ask for a case.

    The letters of escapes are no capitals; Unicode properties, and classes such as `[[:upper:]]`,
    may ask for a case.
    """
    return any(
        part.lastgroup == "property" or (part.lastgroup != "syntax" and _has_upper(_meant(part)))
        for part in _PART.finditer(source)
    )


def _meant(part: re.Match[str]) -> str:
    """The character that a part which is not syntax stands for."""
    kind = part.lastgroup
    return part[0] if kind in (None, "plain") else chr(min(int(part[kind], 16), 0x10FFFF))


def _folded_expression(source: str) -> str | None:
    """A regular expression that finds in folded text what `source` means; None if there is none."""
    parts: list[str] = []
    in_set = False
    for part in _PART.finditer(source):
        if part.lastgroup == "syntax" or (part.lastgroup == "plain" and part[0].isascii()):
            if part[0] == "[":
                in_set = True
            elif part[0] == "]":
                in_set = in_set and parts[-1] in ("[", "^")
            parts.append(part[0])
            continue
        character = _meant(part)
        if _is_lost(character):
            return None
        folded = fold(character)
        escaped = re.escape(folded)
        parts.append(escaped if in_set or len(folded) == 1 else f"(?:{escaped})")
    return "".join(parts)


def _without_unseen(text: str) -> tuple[str, list[int] | None]:
    """`text` without breaks that are not seen, and where each character was (None: all there)."""
    if _UNSEEN not in text:
        return text, None
    places = [place for place, character in enumerate(text) if character != _UNSEEN]
    return text.replace(_UNSEEN, ""), [*places, len(text)]


def _one_after_other(
    first: Callable[[int], int], second: Callable[[int], int]
) -> Callable[[int], int]:
    return lambda at: second(first(at))


def _in_the_original(
    found: Iterable[tuple[int, int]], origin: Callable[[int], int]
) -> Iterator[tuple[int, int]]:
    """Spans of the text searched as spans of the original; `origin` says where each came from."""
    last = 0
    for start, end in found:
        if start == end:
            continue
        # What one character became may be found in part: it is lit as a whole, once.
        begin, stop = max(last, origin(start)), max(origin(end), origin(end - 1) + 1)
        if begin < stop:
            yield begin, stop
            last = stop
