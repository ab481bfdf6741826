"""Guess an encoding by the letters that come out of it.

Bytes read in the wrong encoding still give characters, but not those of any one language: Czech
read as Western European has Danish, Spanish and French letters in one word, Russian in the wrong
Cyrillic set has capitals in the middle of words, Chinese in the wrong set has rare ideographs.
So each candidate is scored by how many of its non-ASCII characters belong to the language it
fits best, and the best candidate wins; ties go to the one that stands first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

# Letters beyond ASCII of the languages that are written in each single-byte encoding.
_WESTERN = (
    "éèêëàâäçîïôöùûüÿœæ", "äöüß", "áéíóúüñ¿¡ªº", "áâãàçéêíóôõúü", "àèéìíîòóù", "éëïóöüáèê",
    "åäöé", "æøåéóò", "áðéíóúýþæö", "çàèéíïòóúü·",
)  # fmt: skip
_CENTRAL = (
    "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţșț", "čćđšž",
)  # fmt: skip
_BALTIC = ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž")
_RUSSIAN = ("абвгдежзийклмнопрстуфхцчшщъыьэюяё",)
_CYRILLIC = (
    *_RUSSIAN, "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "абвгдђежзијклљмнњопрстћуфхцчџш",
    "абвгдежзийклмнопрстуфхцчшщъьюя", "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
)  # fmt: skip
_GREEK = ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",)
_HEBREW = ("אבגדהוזחטיכךלמםנןסעפףצץקרשת",)
_ARABIC = ("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأإؤئپچژگکی",)
_TURKISH = ("çğıöşüâîû",)

_ALPHABETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("cp1252", _WESTERN), ("cp1250", _CENTRAL),
    ("cp1255", _HEBREW),  # before Cyrillic: all of Hebrew lies within it, not the other way
    ("cp1251", _CYRILLIC), ("koi8_r", _RUSSIAN), ("iso8859_2", _CENTRAL), ("cp1253", _GREEK),
    ("cp1254", _TURKISH), ("cp1256", _ARABIC), ("cp1257", _BALTIC), ("koi8_u", _CYRILLIC),
    ("iso8859_5", _CYRILLIC), ("iso8859_7", _GREEK), ("mac_roman", _WESTERN), ("cp866", _RUSSIAN),
    ("cp850", _WESTERN),
)  # fmt: skip
_PUNCTUATION = frozenset("“”‘’„‚«»‹›–—…•·§°©®™€£¥†‡№\u00a0×½¼¾²³")
_WIDE_PUNCTUATION = frozenset("、。，．：；？！「」『』（）《》〈〉【】・ー…—“”‘’　々〜·")
_LATIN_END = "\u024f"
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_HIGH = re.compile(r"[^\x00-\x7f]")
_MIXED_SCRIPTS = re.compile(r"[A-Za-z][^\W\x00-\x7f]|[^\W\x00-\x7f][A-Za-z]")
_CAPITAL_INSIDE = re.compile(r"[a-zß-öø-ÿа-яёα-ω][A-ZÀ-ÖØ-ÞА-ЯЁΑ-Ω]")
#: A candidate whose score is lower is no better than a guess.
_GOOD = 0.5


def detect_legacy_encoding(data: bytes) -> str:
    """The codec of text that is not Unicode; "" when no candidate fits.

    Args:
        data: A sample; some tens of characters beyond ASCII are enough.
    """
    best, best_score = "", _GOOD
    for encoding, score in _scores(data):
        if score > best_score + 1e-9:
            best, best_score = encoding, score
    return best


def _scores(data: bytes) -> Iterable[tuple[str, float]]:
    for encoding, alphabets in _ALPHABETS:
        yield encoding, _alphabet_score(data.decode(encoding, "replace"), alphabets)
    for encoding in ("cp932", "euc_jp"):
        yield encoding, _japanese_score(data.decode(encoding, "replace"))
    for encoding, common in _WIDE:
        yield encoding, _wide_score(data.decode(encoding, "replace"), common)


def _alphabet_score(text: str, alphabets: tuple[str, ...]) -> float:
    """Share of the characters beyond ASCII that the best language has, less what speaks against."""
    high = _HIGH.findall(text)
    if not high:
        return 0.0
    marks = sum(character in _PUNCTUATION for character in high)
    letters = [character.lower() for character in high if character not in _PUNCTUATION]
    known = max(sum(letter in alphabet for letter in letters) for alphabet in alphabets)
    wrong = len(letters) - known + 2 * len(_CAPITAL_INSIDE.findall(text))
    if alphabets[0] > _LATIN_END:
        capitals = sum(character != character.lower() for character in high)
        wrong += max(0, capitals - len(letters) // 2) + len(_MIXED_SCRIPTS.findall(text))
    return (known + marks - wrong) / len(high)


def _wide_score(text: str, common: Callable[[str], bool]) -> float:
    high = _HIGH.findall(text)
    good = sum(map(common, high))
    return (2 * good - len(high)) / len(high) if high else 0.0


def _japanese_score(text: str) -> float:
    """Every Japanese sentence has kana; ideographs alone are Chinese."""
    kana = len(_KANA.findall(text))
    score = _wide_score(text, _is_japanese)
    return score if 10 * kana >= len(_HIGH.findall(text)) else min(score, _GOOD)


def _is_japanese(character: str) -> bool:
    return (
        "\u3041" <= character <= "\u30fe"
        or character in _WIDE_PUNCTUATION
        or _in_set(character, "euc_jp", 0xB0, 0xF4)
    )


def _is_simplified(character: str) -> bool:
    return character in _WIDE_PUNCTUATION or _in_set(character, "gb2312", 0xB0, 0xD7)


def _is_traditional(character: str) -> bool:
    return character in _WIDE_PUNCTUATION or _in_set(character, "big5", 0xA4, 0xC6)


def _is_korean(character: str) -> bool:
    return character in _WIDE_PUNCTUATION or _in_set(character, "euc_kr", 0xB0, 0xC8)


@lru_cache(maxsize=8192)
def _in_set(character: str, encoding: str, first: int, last: int) -> bool:
    """Whether a character is among the common ones: national sets put these in their first rows."""
    try:
        raw = character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return len(raw) == 2 and first <= raw[0] <= last


# Korean before Chinese: all of Korean lies within the common Chinese rows, not the other way.
_WIDE: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("cp949", _is_korean), ("gb18030", _is_simplified), ("big5", _is_traditional),
)  # fmt: skip
