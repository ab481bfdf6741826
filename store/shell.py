"""Commands that are offered to be typed: a file's name may be anything, `$(…)` too."""

from __future__ import annotations

from pathlib import Path


def command(*words: str | Path) -> str:
    """A command of ours as a shell takes it, each word for itself.

    Args:
        words: What follows the program's name; a path never counts as an option.
    """
    import shlex  # only for what went wrong

    return shlex.join(["broadsheet", *map(_word, words)])


def _word(word: str | Path) -> str:
    text = str(word)
    return f"./{text}" if isinstance(word, Path) and text.startswith("-") else text
