"""`broadsheet config`: where the settings are, what is in force, and all there is to set."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.commands import output
from tui.commands.parsing import Commands

if TYPE_CHECKING:
    from tui.config import Config

#: Cells of a line of the printed defaults.
_WIDTH = 88

_MORE = """\
Prints the path of the config file, and each setting with where it comes from.  Written to a pipe,
each setting is one line, its fields parted by tabs: name, value as TOML, default, line N of the
file, or the variable of the environment.

examples:
  broadsheet config
  broadsheet config --print-default > ~/.config/broadsheet/config.toml

exit status: 0, or 1 when something in the file is wrong, each fault said in one line.
"""

_HEAD = """\
# The settings of broadsheet, each with its default.  Change what you want, and leave out the
# rest.  They are read when the app starts, from
# {path}
"""


class _Setting(NamedTuple):
    name: str
    value: Any
    origin: str


def register(commands: Commands) -> None:
    """Add the parser of `config`."""
    parser = commands.add_parser(
        "config",
        help="show the settings in force and where they come from",
        description="Show the settings in force and where they come from.",
        more=lambda: _MORE,
    )
    parser.add_argument(
        "--print-default", action="store_true", help="write a config file of all defaults instead"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the settings in force, or the defaults."""
    if arguments.print_default:
        print("\n".join(default_lines()))
        return 0
    from tui import checking
    from tui import config as configuration
    from tui.widgets.cells import clean

    path = configuration.config_file()
    config, faults = configuration.load(path)
    config, more = checking.checked(config)
    faults += more
    settings = list(_settings(config))
    if output.is_terminal(sys.stdout):
        print(f"{clean(str(path))}{'' if path.exists() else ' (not there: all is default)'}\n")
        for line in _table(settings):
            print(line)
    else:
        print("file", clean(str(path)), sep="\t")
        for setting in settings:
            print(clean(setting.name), toml(setting.value), setting.origin, sep="\t")
    sys.stdout.flush()
    for fault in faults:
        output.warn(fault)
    return 1 if faults else 0


def default_lines() -> Iterator[str]:
    """The lines of a TOML file that sets every option to its default, with comments."""
    import textwrap

    from tui.config import Config, config_file
    from tui.options import OPTIONS
    from tui.widgets.cells import clean

    yield _HEAD.format(path=clean(str(config_file())))
    config = Config()
    for name, option in OPTIONS.items():
        value = getattr(config, name)
        each = "Each is" if option.table else "Allowed"
        about = f"{option.about} {each}: {option.allowed}."
        for line in textwrap.wrap(about.replace("`", ""), _WIDTH - 2, break_on_hyphens=False):
            yield f"# {line}"
        if not option.table:
            yield f"{name} = {toml(value)}\n"
            continue
        yield f"[{name}]"
        if name == "sort":
            yield '# Unread = "saved"\n'
    for id, keys, description in _bindings():
        yield f"# {toml(id)} = {toml(keys)}  # {description}"


def toml(value: Any) -> str:
    """A value as TOML writes it, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    # JSON's strings are TOML's basic strings, but for the delete character.
    return output.to_json(value).replace("\x7f", "\\u007f")


def _settings(config: Config) -> Iterator[_Setting]:
    from tui.options import OPTIONS

    for name, option in OPTIONS.items():
        value = getattr(config, name)
        if option.table:
            for key, setting in value.items():
                yield _Setting(f"{name}.{key}", setting, _origin(config, f"{name}.{key}"))
        elif name == "theme" and (chosen := os.environ.get("BROADSHEET_THEME")):
            yield _Setting(name, chosen, "$BROADSHEET_THEME")
        else:
            yield _Setting(name, value, _origin(config, name))


def _origin(config: Config, name: str) -> str:
    line = config.lines.get(name)
    return f"line {line}" if line else "default"


def _table(settings: Iterable[_Setting]) -> Iterator[str]:
    """Lines with aligned columns."""
    from rich.cells import cell_len

    from tui.widgets.cells import clean, fit

    rows = [(clean(s.name), clean(toml(s.value)), s.origin) for s in settings]
    widths = [max(cell_len(row[column]) for row in rows) for column in (0, 1)]
    for name, value, origin in rows:
        yield f"{fit(name, widths[0])}  {fit(value, widths[1])}  {origin}"


def _bindings() -> list[tuple[str, str, str]]:
    """Id, default keys and description of everything whose keys can be changed."""
    from tui.screens.keymap import KEYED

    return [(binding.id or "", binding.key, binding.description) for binding in KEYED]
