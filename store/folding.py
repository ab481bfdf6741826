"""Folding text so that case, accents and width do not matter to a search.

`fold` works one character at a time (so that offsets can be mapped back, see `fold_with_offsets`):
compatibility decomposition (NFKD), marks with a combining class dropped (accents, Hebrew points,
Arabic vowel signs, Indic virama and nukta; Japanese voicing marks are letters' identity and stay),
case folding, and a few Latin letters that Unicode does not decompose (ø, ł, đ ...).  Indic vowel
signs of two parts stay in their parts.  Kana and Hangul are one character each: a syllable spelt
out in its letters, or kana with a voicing mark of its own, half-width ones among them, is put
together first, whatever that folds to nothing stands between its pieces (a soft hyphen, say).
So texts that Unicode holds equal (NFC and NFD) fold to the same.

Scripts written without spaces (Chinese, Japanese kana, Thai, Lao, Khmer, Burmese) are indexed a
character a token: a run of two or more characters is then a phrase, found wherever it stands.

What is a word is decided here for both sides, since what the index finds must also be marked in
the text.  The index's tokenizer goes by Rust's `char::is_alphanumeric`, which counts vowel signs
as letters; Python's `str.isalnum` does not.  So marks that are left after folding count as part
of a word, and the few that Rust does not count are dropped.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import Final

from store.characters import ASCII, without

#: Latin letters without a Unicode decomposition, and what a person types for them; signs that
#: are no part of the word before them; and invisible ones, that are nothing.
_PLAIN: Final = {
    "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "þ": "th", "æ": "ae",
    "œ": "oe", "ŋ": "n", "ĸ": "k", "’": "'", "‘": "'", "ʼ": "'",
}  # fmt: skip
_SIGNS: Final = frozenset("™℠℗")
_INVISIBLE: Final = frozenset("\u00ad\u200c\u200d\u2060\ufeff")

_VOICING_CLASS: Final = 8  # canonical combining class of kana voicing marks

#: Marks of combining class 0 that are no part of a word to Rust: variation selectors, signs of
#: cantillation, silencers and the like.  Enclosing marks (category Me) are dropped as well.
_IGNORED: Final = re.compile(
    "[\u034f\u0afd-\u0aff\u0b55\u0e47\u0e4c\u0e4e\u0ecc\u0f3e\u0f3f\u17b4\u17b5\u17c9-\u17d1"
    "\u17d3\u180b-\u180d\u180f\u1ce1\u1cf7\u3099\u309a\uabec\ufe00-\ufe0f\U000111c9\U000111cb"
    "\U000111cc\U00011a33\U00011a98\U00013440\U00013447-\U00013455\U00016fe4\U0001bc9d"
    "\U0001cf00-\U0001cf46\U0001da00-\U0001daaf\U000e0100-\U000e01ef]"
)

#: Characters of scripts that put no spaces between words (ranges of a regular expression class).
UNSPACED: Final = (
    "\u0e01-\u0e3a\u0e40-\u0e4e"  # Thai
    "\u0e81-\u0ece"  # Lao
    "\u1000-\u103f\u1050-\u108f\u109a-\u109d"  # Burmese
    "\u1780-\u17d3"  # Khmer
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # ideographs
    "\U00020000-\U00033479"
)
_UNSPACED_CHARACTER = re.compile(f"([{UNSPACED}])")
_ANY_UNSPACED = re.compile(f"[{UNSPACED}]")

#: Ideographs that the newest Unicode knows and an older Python may not (extensions H, I, J).
_NEW_IDEOGRAPHS = re.compile("[\U0002ebf0-\U0002ee5d\U000323b0-\U00033479\U00031350-\U000323af]")

#: What may be a later piece of kana or of a syllable of Hangul: a voicing mark, a vowel, a final
#: consonant; also as keyboards and old encodings write them (half-width and compatibility).
_LATER_PIECE = re.compile(
    "[\u1161-\u1175\u11a8-\u11c2\u3099\u309a\u3133\u3135\u3136\u313a-\u313f\u314f-\u3163"
    "\uff9e\uff9f\uffa3\uffa5\uffa6\uffaa-\uffaf\uffc2-\uffdc]"
)
_PIECES = re.compile("[\u1100-\u11ff\u3099\u309a]")  # as compatibility decomposition has them
_NOT_ASCII = re.compile("[^\\x00-\\x7f]+")


class _Folds(dict[int, str]):
    """Character code -> folded text, computed when first met (used by `str.translate`).

    Attributes:
        uneven: Those met so far that did not fold to just one character.
    """

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = _folded(character)
        if len(folded) != 1:
            self.uneven.add(character)
        self[code] = folded
        return folded


def _folded(character: str) -> str:
    if character in _INVISIBLE:
        return ""
    if character in _SIGNS:
        return " "
    kept = "".join(
        c
        for c in unicodedata.normalize("NFKD", character)
        if unicodedata.combining(c) in (0, _VOICING_CLASS)
    )
    if _PIECES.search(kept):
        kept = unicodedata.normalize("NFC", kept)
    # Case folding turns Cherokee to upper case, and the index lower-cases once more.
    cased = kept.casefold().lower()
    return "".join(_part(_PLAIN.get(c, c)) for c in cased)


def _part(folded: str) -> str:
    """A character of folded text, as both tokenizers take it."""
    category = unicodedata.category(folded) if len(folded) == 1 else ""
    if category == "Me" or _IGNORED.match(folded):
        return ""
    if category == "Cn" and not _NEW_IDEOGRAPHS.match(folded):
        return " "  # Rust may know it as a letter
    return " " if category == "So" else folded


_FOLDS: Final = _Folds()
_NEEDS_FOLDING = re.compile("[^\\x00-\\x7f\\xa0\u2010-\u2026]")
#: Different characters beyond ASCII up to which each is replaced in the whole text in turn.
_FEW: Final = 16


def fold(text: str) -> str:
    """`text` with case, accents and width folded away."""
    if text.isascii():
        return text.lower()
    folded = _folded_text(text, without(text, ASCII))
    if folded.isascii():
        return folded.lower()
    return folded.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def _folded_text(text: str, odd: str) -> str:
    """`text` folded, but for the case of ASCII; `odd` holds its characters beyond ASCII.

    Most text is ASCII but for a few different characters, and `translate` is slow on it.
    """
    distinct = set(odd)
    if len(distinct) > _FEW or _LATER_PIECE.search(odd):
        return _NOT_ASCII.sub(_fold_run, text)
    folds = [(character, _FOLDS[ord(character)]) for character in distinct]
    if not all(folded.isascii() or folded == character for character, folded in folds):
        return _NOT_ASCII.sub(_fold_run, text)  # what one folds to may be one of the others
    for character, folded in folds:
        if folded != character:
            text = text.replace(character, folded)
    return text


def _fold_run(match: re.Match[str]) -> str:
    run = match[0]
    if len(run) == 1 or not _LATER_PIECE.search(run):
        return run.translate(_FOLDS)
    parts: list[str] = []
    done = 0
    for start, end, together in _put_together(run):
        parts += (run[done:start], together)
        done = end
    return "".join((*parts, run[done:])).translate(_FOLDS)


def _put_together(run: str) -> list[tuple[int, int, str]]:
    """Where one character of `run` is in pieces: from where, up to where, and the character."""
    found: list[tuple[int, int, str]] = []
    looked = 0
    last = -1  # the last character before `looked` that does not fold to nothing
    for piece in _LATER_PIECE.finditer(run):
        at = piece.start()
        last = next(
            (each for each in range(at - 1, looked - 1, -1) if _FOLDS[ord(run[each])]), last
        )
        looked = at + 1
        if last >= 0:
            more = bool(found) and last < found[-1][1]
            start, _, so_far = found[-1] if more else (last, 0, run[last])
            together = unicodedata.normalize("NFKC", so_far + piece[0])
            if len(together) == len(unicodedata.normalize("NFKC", so_far)):
                if more:
                    found.pop()
                found.append((start, looked, together))
                last = at
                continue
        if _FOLDS[ord(piece[0])]:
            last = at
    return found


def _sizes(run: str) -> Iterator[tuple[int, int, int]]:
    """Start and end of each character of `run`, in pieces or not, and how long it is folded."""
    at = 0
    for start, end, together in (*_put_together(run), (len(run), len(run), "")):
        for each in range(at, start):
            yield each, each + 1, len(_FOLDS[ord(run[each])])
        yield start, end, len(together.translate(_FOLDS))
        at = end


class Offsets:
    """Where the characters of a folded text come from, kept by the few that changed length."""

    def __init__(self, text: str) -> None:
        """The offsets of `fold(text)`."""
        self._ends = [0]  # in the folded text, ends of the pieces that changed length
        self._sources = [(0, 0)]  # in `text`, their starts and ends
        self._starts = [0]  # in the folded text, their starts
        shift = 0
        for run in _NOT_ASCII.finditer(text):
            for start, end, size in _sizes(run[0]):
                if size != end - start:
                    start, end = start + run.start(), end + run.start()
                    self._starts.append(start + shift)
                    self._ends.append(start + shift + size)
                    self._sources.append((start, end))
                    shift += size - (end - start)

    def __getitem__(self, at: int) -> int:
        """Offset in the text of the character that folded to character `at`."""
        which = bisect_right(self._starts, at) - 1
        start, end = self._sources[which]
        inside = at < self._ends[which]
        return start if inside else end + at - self._ends[which]


def fold_mapped(text: str) -> tuple[str, Offsets | None]:
    """Fold `text` and say where each folded character came from; None stands for the identity."""
    folded = fold(text)
    if len(folded) == len(text) and not any(character in text for character in _FOLDS.uneven):
        return folded, None
    return folded, Offsets(text)


def fold_with_offsets(text: str) -> tuple[str, list[int] | None]:
    """As `fold_mapped`, with the offsets as a list.

    Returns:
        The folded text, and for each of its characters the offset in `text` it comes from, plus
        one last entry, the length of `text`.  None stands for the identity (same length).
    """
    folded, offsets = fold_mapped(text)
    if offsets is None:
        return folded, None
    return folded, [offsets[at] for at in range(len(folded) + 1)]


def fold_for_index(text: str) -> str:
    """Folded text with unspaced scripts set apart character by character, for the tokenizer."""
    if text.isascii():
        return text  # the tokenizer lower-cases, and parts words at punctuation
    odd = without(text, ASCII)
    if _NEEDS_FOLDING.search(odd) is None:
        return text
    folded = _folded_text(text, odd)
    if not folded.isascii() and _ANY_UNSPACED.search(folded):
        return _UNSPACED_CHARACTER.sub(r" \1 ", folded)
    return folded


def is_word(character: str) -> bool:
    """Whether a folded character is part of a word: a letter, a digit, or a vowel sign."""
    return character.isalnum() or unicodedata.category(character) in ("Mn", "Mc")


_ASCII_TOKEN = re.compile(r"[a-z0-9]+")

# Where marks may be that are part of a word, in code points.
_MARKS: Final = (
    (0x0300, 0x1D00), (0xA600, 0xAC00), (0x10A00, 0x12000), (0x16F00, 0x17000), (0x1E000, 0x1E900),
)  # fmt: skip


@cache
def _token_pattern() -> re.Pattern[str]:
    """A word of folded text; compiled when text first needs it."""
    marks = "".join(
        chr(code)
        for start, stop in _MARKS
        for code in range(start, stop)
        if unicodedata.category(chr(code)) in ("Mn", "Mc") and not _ANY_UNSPACED.match(chr(code))
    )
    return re.compile(f"[{UNSPACED}]|(?:(?![{UNSPACED}])[^\\W_]|[{marks}])+")


def tokens(text: str) -> list[str]:
    """The index's words in `text`, folded: runs of letters and digits, or unspaced characters.

    Agrees with the tokenizer of the full-text index on text that went through `fold_for_index`.
    """
    folded = fold(text)
    if folded.isascii():
        return _ASCII_TOKEN.findall(folded)
    return _token_pattern().findall(folded)


def is_unspaced(token: str) -> bool:
    """Whether a token is one character of a script written without spaces."""
    return _ANY_UNSPACED.match(token) is not None
