"""What is wrong in a config that only the app can tell: names of themes, of actions and of keys."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from tui import config as configuration
from tui.config import Config
from tui.options import THEMES

#: Where keys are obeyed, and the tables that they come from there.  What the search and the list of
#: highlights do with the keys of a list is their own affair.
_TOGETHER: Final = {
    "the list": ("CURSOR_KEYS", "LIST_KEYS", "MAIN_KEYS", "APP_KEYS"),
    "the reader": ("READER_BINDINGS", "MAIN_KEYS", "APP_KEYS"),
    "the search": ("SEARCH_KEYS", "MAIN_KEYS", "APP_KEYS"),
    "an empty library": ("EMPTY_KEYS", "MAIN_KEYS", "APP_KEYS"),
    "selecting": ("SELECT_KEYS", "APP_KEYS"),
    "finding": ("FIND_KEYS",),
    "the views": ("DIALOG_KEYS", "NARROWING_KEYS", "CHOICE_KEYS", "SWITCHER_KEYS"),
    "the feeds": ("DIALOG_KEYS", "NARROWING_KEYS", "CHOICE_KEYS", "FEEDS_KEYS"),
    "the highlights": ("DIALOG_KEYS", "HIGHLIGHTS_KEYS", "HIGHLIGHT_KEYS"),
    "the highlights' list": ("CURSOR_KEYS", "HIGHLIGHT_KEYS"),
    "the tags": ("DIALOG_KEYS", "TAGS_KEYS"),
    "a note": ("DIALOG_KEYS", "NOTE_KEYS"),
    "the details": ("DIALOG_KEYS", "DETAILS_KEYS"),
    "a page": ("DIALOG_KEYS", "PAGE_KEYS"),
    "a question": ("DIALOG_KEYS", "ASK_KEYS"),
    "the export": ("DIALOG_KEYS", "EXPORT_KEYS"),
}

_MODIFIERS: Final = {"ctrl", "alt", "shift", "super", "hyper", "meta"}


def checked(config: Config) -> tuple[Config, list[str]]:
    """A config without what cannot be obeyed, and one line for each fault, in order of their lines.

    Args:
        config: As it was read from the file.
    """
    faults: list[tuple[int, str]] = []
    rejected: list[str] = []
    changed: dict[str, object] = {}
    if config.theme not in ("auto", *THEMES):
        from tui import themes

        try:
            themes.resolve(config.theme)
        except ValueError as error:
            faults.append((config.lines.get("theme", 0), f"{config.place('theme')}: {error}"))
            rejected.append("theme")
            changed["theme"] = Config().theme
    if config.keys:
        keymap, more = check_keys(config)
        faults += more
        rejected += [f"keys.{id}" for id in config.keys if id not in keymap]
        changed["keys"] = MappingProxyType(keymap)
    lines = {name: line for name, line in config.lines.items() if name not in rejected}
    sound = dataclasses.replace(config, lines=MappingProxyType(lines), **changed)  # type: ignore[arg-type]
    return sound, [fault for _, fault in sorted(faults, key=lambda each: each[0])]


def check_keys(config: Config) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """The keys of a config that can be in force, and (line, what is wrong) of the first others.

    Two actions on one key are told, and left as they are.
    """
    from tui.screens.keymap import KEYED

    known = {binding.id or "": binding.key for binding in KEYED}
    faults = [
        (config.lines.get(f"keys.{id}", 0), fault)
        for id, fault in configuration.unknown_keys(config, known).items()
    ]
    keymap: dict[str, str] = {}
    for id, keys in config.keys.items():
        if id not in known:
            continue
        names = keys.split(",") if keys else []
        sound = [name for name in names if _is_key(name)]
        faults += (
            (
                config.lines.get(f"keys.{id}", 0),
                f"{config.place(f'keys.{id}')}: {name!r} is no key; a key is a letter, a sign or "
                "a name, like j, ctrl+n, space, pagedown, f5",
            )
            for name in names
            if name not in sound
        )
        if sound or not names:
            keymap[id] = ",".join(sound)
    faults += _doubles(config, keymap, known)
    if len(faults) > (most := configuration.MOST_TOLD):
        more = (sys.maxsize, f"{config.place('')}: {len(faults) - most:,} more faults in the keys")
        faults = [*sorted(faults)[:most], more]
    return keymap, faults


def _is_key(name: str) -> bool:
    """Whether a terminal may send it."""
    from textual._keyboard_protocol import FUNCTIONAL_KEYS
    from textual.keys import KEY_NAME_REPLACEMENTS, Keys, key_to_character

    if len(name) == 1:
        return True
    *modifiers, key = name.split("+")
    if not key or not _MODIFIERS.issuperset(modifiers):
        return False
    named = {*(each.value for each in Keys), *FUNCTIONAL_KEYS.values()}
    return (
        len(key) == 1
        or key in named
        or key in KEY_NAME_REPLACEMENTS.values()
        or key_to_character(key) is not None
    )


def _doubles(
    config: Config, keymap: Mapping[str, str], known: Mapping[str, str]
) -> Iterator[tuple[int, str]]:
    """(line, what is wrong) of each key that two actions have in the same place by this keymap."""
    from tui.screens.keymap import TABLES, with_ids

    usual = {id: _names(keys) for id, keys in known.items()}
    now = usual | {id: _names(keys) for id, keys in keymap.items()}
    found: dict[tuple[str, str], list[str]] = {}
    told: set[frozenset[str]] = set()
    for place, names in _TOGETHER.items():
        ids = [binding.id or "" for binding in with_ids(*(TABLES[name] for name in names))]
        for id in (id for id in keymap if id in ids):
            for other in ids:
                both, pair = now[id] & now[other], frozenset((id, other))
                # Where they have one by default, what is nearer to the keys goes first on purpose.
                if id == other or not both or pair in told or usual[id] & usual[other]:
                    continue
                told.add(pair)
                found.setdefault((id, min(both)), []).append(f"{other} in {place}")
    for (id, key), others in found.items():
        text = f"{config.place(f'keys.{id}')}: {key!r} is the key of {id}, and of "
        yield config.lines.get(f"keys.{id}", 0), text + ", ".join(others)


def _names(keys: str) -> set[str]:
    """Keys by the names that Textual has for them."""
    from textual.keys import _normalize_key_list

    return set(_normalize_key_list(keys).split(",")) if keys else set()
