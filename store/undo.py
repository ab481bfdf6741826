"""What a change did, in words, for the line that says what was undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

#: Tags named in a phrase at most.
_NAMED: Final = 3

_WORDS: Final[dict[tuple[str, bool], str]] = {
    ("read", True): "marked {} read",
    ("read", False): "marked {} unread",
    ("starred", True): "starred {}",
    ("starred", False): "took the star from {}",
    ("archived", True): "archived {}",
    ("archived", False): "took {} out of the archive",
    ("trashed", True): "moved {} to the trash",
    ("trashed", False): "took {} out of the trash",
}


def done_in_words(fields: Mapping[str, bool], *, one: bool = False) -> str:
    """A change of marks as a phrase, "{}" in it for the articles: "starred {}".

    Args:
        fields: The marks, set or taken away.
        one: Whether it is about one article.
    """
    first, *others = (_WORDS[mark] for mark in fields.items())
    return ", ".join((first, *(words.format(_whom(one)) for words in others)))


def tagged_in_words(added: Sequence[str], removed: Sequence[str], *, one: bool = False) -> str:
    """A change of tags likewise: "tagged {} with ships", "took the tag draft from {}"."""
    if len(added) + len(removed) > _NAMED:
        return "changed the tags of {}"
    parts = [f"tagged {{}} with {_listed(added)}"] if added else []
    if removed:
        whom = _whom(one) if parts else "{}"
        parts.append(f"took the tag{'s' * (len(removed) > 1)} {_listed(removed)} from {whom}")
    return ", ".join(parts)


def _whom(one: bool) -> str:
    return "it" if one else "them"


def _listed(tags: Sequence[str]) -> str:
    """Tags in a phrase that braces have a meaning in."""
    return " ".join(tags).replace("{", "{{").replace("}", "}}")
