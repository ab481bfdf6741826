"""Folding text so that case, accents and width do not matter to a search.

`fold` works one character at a time (so that offsets can be mapped back, see `fold_with_offsets`):
compatibility decomposition (NFKD), marks with a combining class dropped (accents, Hebrew points,
Arabic vowel signs, Indic virama and nukta; Japanese voicing marks are letters' identity and stay),
recomposition, case folding, and a few Latin letters that Unicode does not decompose (ø, ł, đ ...).

Scripts written without spaces (Chinese, Japanese kana, Thai, Lao, Khmer, Burmese) are indexed a
character a token: a run of two or more characters is then a phrase, found wherever it stands.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Latin letters without a Unicode decomposition, and what a person types for them.
_PLAIN: Final = {
    "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "þ": "th", "æ": "ae",
    "œ": "oe", "ŋ": "n", "ĸ": "k", "’": "'", "‘": "'", "ʼ": "'",
}  # fmt: skip

_VOICING_CLASS: Final = 8  # canonical combining class of kana voicing marks

#: Characters of scripts that put no spaces between words (ranges of a regular expression class).
UNSPACED: Final = (
    "\u0e01-\u0e3a\u0e40-\u0e4e"  # Thai
    "\u0e81-\u0ece"  # Lao
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17d3"  # Khmer
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # ideographs
    "\U00020000-\U0003134f"
)
_UNSPACED_CHARACTER = re.compile(f"([{UNSPACED}])")
_ANY_UNSPACED = re.compile(f"[{UNSPACED}]")


class _Folds(dict[int, str]):
    """Character code -> folded text, computed when first met (used by `str.translate`)."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        parts = unicodedata.normalize("NFKD", character)
        kept = "".join(c for c in parts if unicodedata.combining(c) in (0, _VOICING_CLASS))
        folded = unicodedata.normalize("NFC", kept).casefold()
        folded = "".join(_PLAIN.get(c, c) for c in folded)
        self[code] = folded
        return folded


_FOLDS: Final = _Folds()
_NEEDS_FOLDING = re.compile("[^\\x00-\\x7f\\xa0\u2010-\u2026]")


def fold(text: str) -> str:
    """`text` with case, accents and width folded away."""
    return text.lower() if text.isascii() else text.translate(_FOLDS)


def fold_with_offsets(text: str) -> tuple[str, list[int] | None]:
    """Fold `text` and say where each folded character came from.

    Returns:
        The folded text, and for each of its characters the offset in `text` it comes from, plus
        one last entry, the length of `text`.  None stands for the identity (same length).
    """
    if text.isascii():
        return text.lower(), None
    folded = text.translate(_FOLDS)
    if len(folded) == len(text) and all(len(_FOLDS[ord(c)]) == 1 for c in set(text)):
        return folded, None
    offsets: list[int] = []
    for offset, character in enumerate(text):
        offsets.extend([offset] * len(_FOLDS[ord(character)]))
    offsets.append(len(text))
    return folded, offsets


def fold_for_index(text: str) -> str:
    """Folded text with unspaced scripts set apart character by character, for the tokenizer."""
    if _NEEDS_FOLDING.search(text) is None:
        return text  # the tokenizer lower-cases, and parts words at punctuation
    folded = text.translate(_FOLDS)
    if _ANY_UNSPACED.search(folded):
        return _UNSPACED_CHARACTER.sub(r" \1 ", folded)
    return folded


_TOKEN = re.compile(f"[{UNSPACED}]|(?:(?![{UNSPACED}])[^\\W_])+")


def tokens(text: str) -> list[str]:
    """The index's words in `text`, folded: runs of letters and digits, or unspaced characters.

    Agrees with the tokenizer of the full-text index on text that went through `fold_for_index`,
    except for scripts whose vowel signs Python does not count as letters; see `fulltext.py`.
    """
    return _TOKEN.findall(fold(text))


def is_unspaced(token: str) -> bool:
    """Whether a token is one character of a script written without spaces."""
    return _ANY_UNSPACED.match(token) is not None
