"""The config file, read once into a frozen value; what the app itself remembers, beside it.

`$XDG_CONFIG_HOME/broadsheet/config.toml` is the person's: the app never writes it.  A fault in
it is one line, short enough for the status line, that names the file, the key and what is
allowed; everything else in it holds.
What is chosen inside the app (the theme) is kept in the state directory.
"""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tui.paths import config_dir, state_dir

#: When opening an article marks it read.
READ_WHEN = ("open", "end", "hand")


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set.

    Attributes:
        theme: Name of a theme, or "auto": the one chosen last in the app, else one that fits
            the terminal.
        column: Width of the article's text, 40 to 100 cells.
        read_when: An article is read once it was opened ("open"), once its end was on the
            screen ("end"), or only by hand ("hand").
        opener: Command that opens a link, `{url}` replaced; "" for the system's.
        clipboard: "auto", or one rung of the clipboard ladder: "osc52", "tool", "show".
        mouse: Whether the mouse is taken; without it the terminal's own selection works.
        link: "auto", "local", "ssh" or "slow".
        keys: Binding id -> keys, comma separated as Textual writes them.
    """

    theme: str = "auto"
    column: int = 72
    read_when: str = "end"
    opener: str = ""
    clipboard: str = "auto"
    mouse: bool = True
    link: str = "auto"
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def config_file() -> Path:
    """Where the config is looked for."""
    return config_dir() / "config.toml"


def load(path: Path | None = None) -> tuple[Config, list[str]]:
    """Read the config.

    Args:
        path: The file; by default `config_file()`.  That it does not exist is no fault.

    Returns:
        The config, with defaults for what is missing or wrong, and one line for each fault.
    """
    path = path or config_file()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config(), []
    except (OSError, UnicodeDecodeError) as error:
        return Config(), [f"{path.name}: cannot be read: {_reason(error)}"]
    import tomllib

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Config(), [f"{path.name}: not TOML: {_lower(str(error))}"]
    values: dict[str, Any] = {}
    faults: list[str] = []
    for key, value in document.items():
        read = _READERS.get(key)
        if read is None:
            faults.append(f"{path.name}: {key}: no such setting{_nearest(key, list(_READERS))}")
            continue
        try:
            values[key] = read(value)
        except ValueError as error:
            faults.append(f"{path.name}: {key}: {error}")
    return Config(**values), faults


def unknown_keys(config: Config, known: list[str], path: Path | None = None) -> list[str]:
    """One line for each binding id of the config that names no binding."""
    path = path or config_file()
    return [
        f"{path.name}: keys: no binding is called {name!r}{_nearest(name, known)}"
        for name in config.keys
        if name not in known
    ]


def remembered_theme() -> str:
    """The theme chosen last in the app, or "" when none was."""
    try:
        value = json.loads(_memory_file().read_text(encoding="utf-8")).get("theme", "")
    except (OSError, ValueError, AttributeError):
        return ""
    return value if isinstance(value, str) else ""


def remember_theme(name: str) -> None:
    """Keep the theme for the next run; failing to is not worth an error."""
    path = _memory_file()
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary.write_text(json.dumps({"theme": name}) + "\n", encoding="utf-8")
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)


def _memory_file() -> Path:
    return state_dir() / "app.json"


def _one_of(*allowed: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"is {_show(value)}, must be one of {', '.join(map(_show, allowed))}")
        return str(value)

    return read


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"is {_show(value)}, must be a text in quotes")  # noqa: TRY004
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"is {_show(value)}, must be true or false")  # noqa: TRY004
    return value


def _column(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 40 <= value <= 100:
        raise ValueError(f"is {_show(value)}, must be a number from 40 to 100")
    return value


def _keys(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise ValueError("must be a table: [keys]")  # noqa: TRY004
    keys: dict[str, str] = {}
    for name, setting in _flat(value):
        parts = setting if isinstance(setting, list) else [setting]
        if not parts or not all(isinstance(part, str) and part.strip() for part in parts):
            raise ValueError(f'{name} must be a key or a list of keys, like "j" or ["j", "down"]')
        keys[name] = ",".join(part.strip() for part in parts)
    return MappingProxyType(keys)


def _flat(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Both `"list.down" = "j"` and `list.down = "j"`, which TOML reads as a nested table."""
    items: list[tuple[str, Any]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            items += _flat(value, f"{prefix}{name}.")
        else:
            items.append((prefix + name, value))
    return items


_READERS: dict[str, Callable[[Any], Any]] = {
    "theme": _string,
    "column": _column,
    "read_when": _one_of(*READ_WHEN),
    "opener": _string,
    "clipboard": _one_of("auto", "osc52", "tool", "show"),
    "mouse": _boolean,
    "link": _one_of("auto", "local", "ssh", "slow"),
    "keys": _keys,
}
assert set(_READERS) == {item.name for item in fields(Config)}


def _show(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _nearest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
