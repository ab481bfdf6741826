"""The keys in force: the bindings of the panes, as the config's keymap has changed them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import format_key

from tui.widgets.glyphs import WORDS, default_glyphs

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
        keys: Its keys as they are drawn, the usual one first.
        description: What it does.
    """

    id: str
    keys: tuple[str, ...]
    description: str


def bindings_of(node: type[DOMNode]) -> list[Binding]:
    """The bindings with an id of a widget or screen class, those of its bases first."""
    found: dict[str, Binding] = {}
    for base in reversed(node.__mro__):
        for binding in base.__dict__.get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.id:
                found[binding.id] = binding
    return list(found.values())


def keys_in_force(nodes: Iterable[type[DOMNode]], keymap: Mapping[str, str]) -> dict[str, Key]:
    """The bindings of several classes by id, with the keymap's keys in place of their own."""
    keys: dict[str, Key] = {}
    for node in nodes:
        for binding in bindings_of(node):
            assert binding.id is not None
            names = keymap.get(binding.id, binding.key).split(",")
            shown = tuple(dict.fromkeys(map(display, names)))
            keys.setdefault(binding.id, Key(binding.id, shown, binding.description))
    return keys


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
