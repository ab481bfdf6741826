"""The keys in force: the bindings of the panes, as the config's keymap has changed them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, NamedTuple

from textual.binding import Binding, BindingType
from textual.keys import format_key

from tui.screens.bar_keys import FIND_KEYS, SELECT_KEYS
from tui.screens.dialog_keys import (
    ASK_KEYS,
    CHOICE_KEYS,
    DETAILS_KEYS,
    DIALOG_KEYS,
    EXPORT_KEYS,
    FEEDS_KEYS,
    HIGHLIGHTS_KEYS,
    NARROWING_KEYS,
    NOTE_KEYS,
    PAGE_KEYS,
    SWITCHER_KEYS,
    TAGS_KEYS,
)
from tui.screens.keys import APP_KEYS, MAIN_KEYS
from tui.widgets.glyphs import WORDS, default_glyphs
from tui.widgets.pane_keys import CURSOR_KEYS, EMPTY_KEYS, HIGHLIGHT_KEYS, LIST_KEYS, SEARCH_KEYS
from tui.widgets.reader_keys import READER_BINDINGS

#: Keys as they are drawn; all others are named as Textual names them.
_SIGNS = {
    "space": "space", "enter": "enter", "escape": "esc", "backspace": "bksp", "tab": "tab",
    "shift+tab": "shift-tab", "pagedown": "pgdn", "pageup": "pgup", "home": "home", "end": "end",
    "down": "↓", "up": "↑", "left": "←", "right": "→",
}  # fmt: skip


#: Those of them that are no words and no letters, named.
_NAMES = {
    "escape": "escape", "backspace": "backspace", "pagedown": "page-down", "pageup": "page-up",
    "down": "down", "up": "up", "left": "left", "right": "right", "slash": "slash",
    "backslash": "backslash", "question_mark": "question-mark", "colon": "colon",
}  # fmt: skip


class Key(NamedTuple):
    """One binding in force.

    Attributes:
        id: Its id, as the config names it.
        keys: Its keys as they are drawn, the usual one first; none where it has none.
        description: What it does.
    """

    id: str
    keys: tuple[str, ...]
    description: str


def with_ids(*tables: Iterable[BindingType]) -> tuple[Binding, ...]:
    """The bindings of several tables that have an id, the first of each."""
    found: dict[str, Binding] = {}
    for binding in chain.from_iterable(tables):
        if isinstance(binding, Binding) and binding.id:
            found.setdefault(binding.id, binding)
    return tuple(found.values())


#: The tables of keys by their names.
TABLES: Final[dict[str, list[BindingType]]] = {
    "CURSOR_KEYS": CURSOR_KEYS, "LIST_KEYS": LIST_KEYS, "READER_BINDINGS": READER_BINDINGS,
    "SELECT_KEYS": SELECT_KEYS, "FIND_KEYS": FIND_KEYS, "SEARCH_KEYS": SEARCH_KEYS,
    "MAIN_KEYS": MAIN_KEYS, "APP_KEYS": APP_KEYS, "DIALOG_KEYS": DIALOG_KEYS,
    "NARROWING_KEYS": NARROWING_KEYS, "CHOICE_KEYS": CHOICE_KEYS, "SWITCHER_KEYS": SWITCHER_KEYS,
    "FEEDS_KEYS": FEEDS_KEYS, "TAGS_KEYS": TAGS_KEYS, "NOTE_KEYS": NOTE_KEYS,
    "DETAILS_KEYS": DETAILS_KEYS, "PAGE_KEYS": PAGE_KEYS, "HIGHLIGHTS_KEYS": HIGHLIGHTS_KEYS,
    "HIGHLIGHT_KEYS": HIGHLIGHT_KEYS, "EMPTY_KEYS": EMPTY_KEYS, "ASK_KEYS": ASK_KEYS,
    "EXPORT_KEYS": EXPORT_KEYS,
}  # fmt: skip

#: Everything whose keys can be changed, without the panes and dialogs they belong to.
KEYED: Final = with_ids(*TABLES.values())


class Keys(Mapping[str, Key]):
    """All bindings by id, with the keymap's keys in place of their own; each made when asked for.

    Args:
        keymap: Binding id -> keys, comma separated; "" where it is to have none.
    """

    def __init__(self, keymap: Mapping[str, str]) -> None:
        self._keymap = keymap
        self._bindings = {binding.id or "": binding for binding in KEYED}
        self._made: dict[str, Key] = {}

    def for_textual(self) -> dict[str, str]:
        """The keymap as Textual takes it: what has no key gets one that nothing sends."""
        return {id: keys or f"unbound {id}" for id, keys in self._keymap.items()}

    def first(self, id: str) -> str:
        """The usual key of a binding as it is drawn; "" where it has none, or there is none."""
        keys = self[id].keys if id in self else ()
        return keys[0] if keys else ""

    def __getitem__(self, id: str) -> Key:
        if id not in self._made:
            binding = self._bindings[id]
            names = self._keymap.get(id, binding.key).split(",")
            shown = tuple(dict.fromkeys(map(display, filter(None, names))))
            self._made[id] = Key(id, shown, binding.description)
        return self._made[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._bindings)

    def __len__(self) -> int:
        return len(self._bindings)

    def __contains__(self, id: object) -> bool:
        return id in self._bindings


def display(name: str) -> str:
    """A key as a person reads it: "ctrl+n" is "^n", "slash" is "/"; in words for screen readers."""
    name = name.strip()
    words = default_glyphs() is WORDS
    signs = _SIGNS | _NAMES if words else _SIGNS
    if name in signs:
        return signs[name]
    *modifiers, key = name.split("+") if name != "+" else [name]
    key = signs.get(key, format_key(key))
    if modifiers == ["ctrl"] and not words:
        return f"^{key}"
    return "+".join([*modifiers, key])
