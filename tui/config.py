"""The config file, read once into a frozen value; what the app itself remembers, beside it.

`$XDG_CONFIG_HOME/broadsheet/config.toml` is the person's: the app never writes it.  A fault in
it is one line, short enough for the status line, that names the file, the line, the option and
what is allowed; everything else in it holds.
What is chosen inside the app (the theme) is kept in the state directory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from tui.options import OPTIONS, Fault, nearest
from tui.paths import config_dir, state_dir
from tui.widgets.when import Dates

#: Keys from the top of the document down to a value.
Keys: TypeAlias = tuple[str, ...]

#: Version of what the app remembers by itself; a file of a newer one is read and not written.
_MEMORY_VERSION = 1

#: Bytes of a config file at most; all options with comments are a tenth of that.
_MOST = 1 << 17

#: Faults that are told at most.
MOST_TOLD = 20

_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set; `OPTIONS` tells what each may be and means.

    Attributes:
        theme: Name of a theme, or "auto": the one chosen last in the app, else one that fits
            the terminal.
        layout: "auto", "stacked" or "single".
        list_share: Percent of the terminal that the list takes, 25 to 60.
        column: Width of the article's text, 40 to 100 cells.
        justify: Whether running text is stretched to the full width.
        hyphenate: Whether its words are hyphenated.
        paragraphs: "space" or "indent".
        code: "wrap" or "scroll".
        frames: Whether captions of pictures are framed.
        bidi: "auto", "on" or "off".
        glyphs: "auto", "unicode" or "ascii".
        plain: Whether everything is in words, for screen readers.
        dates: "relative", "plain" or "iso".
        read_when: An article is read once it was opened ("open"), once its end was on the
            screen ("end"), or only by hand ("hand").
        opener: Command that opens a link, `{url}` replaced; "" for the system's.
        clipboard: "auto", or one rung of the clipboard ladder: "osc52", "tool", "show".
        feed_interval: Minutes between two checks of a feed, by default.
        feed_refresh: Whether the app asks feeds by itself when they are due.
        mouse: Whether the mouse is taken; without it the terminal's own selection works.
        link: "auto", "local", "ssh" or "slow".
        sort: Name of a view -> its order; see `sort_of`.
        keys: Binding id -> keys, comma separated as Textual writes them; "" for none.
        lines: Option, or "option.key" in a table -> the line of the file that sets it.
    """

    theme: str = "auto"
    layout: str = "auto"
    list_share: int = 40
    column: int = 72
    justify: bool = False
    hyphenate: bool = False
    paragraphs: str = "space"
    code: str = "wrap"
    frames: bool = True
    bidi: str = "auto"
    glyphs: str = "auto"
    plain: bool = False
    dates: Dates = "relative"
    read_when: str = "end"
    opener: str = ""
    clipboard: str = "auto"
    feed_interval: int = 60
    feed_refresh: bool = True
    mouse: bool = True
    link: str = "auto"
    sort: Mapping[str, str] = field(default_factory=lambda: _NONE)
    keys: Mapping[str, str] = field(default_factory=lambda: _NONE)
    lines: Mapping[str, int] = field(default_factory=lambda: _NONE, compare=False, repr=False)

    def sort_of(self, view: str) -> str:
        """The order of a view, by its name in any case; "" where none is set."""
        name = view.casefold()
        return next((order for key, order in self.sort.items() if key.casefold() == name), "")

    def place(self, option: str) -> str:
        """Where an option is set, to begin a message with: "config.toml line 3"."""
        line = self.lines.get(option)
        name = config_file().name
        return f"{name} line {line}" if line else name


assert {*OPTIONS, "lines"} == {item.name for item in fields(Config)}


def config_file() -> Path:
    """Where the config is looked for."""
    return config_dir() / "config.toml"


def load(path: Path | None = None) -> tuple[Config, list[str]]:
    """Read the config.

    Args:
        path: The file; by default `config_file()`.  That it does not exist is no fault.

    Returns:
        The config, with defaults for what is missing or wrong, and one line for each of the first
        faults, and for how many more there are.
    """
    from store import LibraryError, read_regular

    path = path or config_file()
    try:
        text = read_regular(path, _MOST).decode("utf-8-sig")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        return Config(), []
    except LibraryError as error:  # it is no file
        return Config(), [str(error)]
    except (OSError, UnicodeDecodeError) as error:
        return Config(), [f"{path.name}: cannot be read: {_reason(error)}"]
    from tui.tomllines import read

    document = read(text)
    faults = [(line, f"not TOML: {fault}") for line, fault in document.faults]
    values: dict[str, Any] = {}
    for name, value in document.values.items():
        option = OPTIONS.get(name)
        if option is None:
            hint = nearest(name, OPTIONS) if len(faults) < MOST_TOLD else ""
            fault = f"no option is called {name!r}{hint}"
            faults.append((document.line((name,)), fault))
            continue
        if option.table and not isinstance(value, dict):
            faults.append((document.line((name,)), f"{name} must be a table: [{name}]"))
            continue
        taken: dict[Keys, Any] = {}
        for key, setting in _settings((name,), value) if option.table else [((name,), value)]:
            try:
                taken[key] = option.read(setting)
            except Fault as error:
                faults.append((document.line(key), f"{'.'.join(key)} {error}"))
        if option.table:
            table = {".".join(key[1:]): setting for key, setting in taken.items()}
            values[name] = MappingProxyType(table)
        else:
            values.update((name, setting) for setting in taken.values())
    lines = {".".join(key): line for key, line in document.lines.items() if key[0] in values}
    config = Config(**values, lines=MappingProxyType(lines))
    told = [f"{path.name} line {line}: {fault}" for line, fault in sorted(faults)[:MOST_TOLD]]
    if len(faults) > MOST_TOLD:
        told.append(f"{path.name}: {len(faults) - MOST_TOLD:,} more faults; mend these first")
    return config, told


def _settings(path: Keys, value: Any) -> Iterator[tuple[Keys, Any]]:
    """The values of a table and of those in it: `list.down = "j"` is `"list.down" = "j"`."""
    if not isinstance(value, dict):
        yield path, value
        return
    for key, setting in value.items():
        yield from _settings((*path, key), setting)


def unknown_keys(config: Config, known: Iterable[str]) -> dict[str, str]:
    """Binding ids of the config that name no binding, with one line that says so."""
    known = list(known)
    faults: dict[str, str] = {}
    for name in config.keys:
        if name not in known:
            hint = nearest(name, known) if len(faults) < MOST_TOLD else ""
            faults[name] = f"{config.place(f'keys.{name}')}: no binding is called {name!r}{hint}"
    return faults


def remembered_theme() -> str:
    """The theme chosen last in the app, or "" when none was."""
    from store import LibraryError, read_regular

    try:
        value = json.loads(read_regular(_memory_file(), _MOST)).get("theme", "")
    except (LibraryError, OSError, ValueError, AttributeError):
        return ""
    return value if isinstance(value, str) else ""


def remember_theme(name: str) -> None:
    """Keep the theme for the next run; failing to is not worth an error."""
    from store import LibraryError, create_directories, read_regular, replace_file

    path = _memory_file()
    try:
        version = json.loads(read_regular(path, _MOST)).get("version", 1)
        if version > _MEMORY_VERSION:
            return  # a newer program's
    except (LibraryError, OSError, ValueError, TypeError, AttributeError):
        pass
    text = json.dumps({"version": _MEMORY_VERSION, "theme": name}) + "\n"
    try:
        create_directories(path.parent)
        replace_file(path, (text.encode(),))
    except OSError:
        pass


def _memory_file() -> Path:
    return state_dir() / "app.json"


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8"
