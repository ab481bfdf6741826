"""`broadsheet completion`: a script for the shell that completes commands, options and formats."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import NamedTuple

from tui.commands.parsing import Commands

_MORE = """\
Prints a script; the shell reads it as it starts.  Names of files are completed by the shell.

examples:
  broadsheet completion bash > ~/.local/share/bash-completion/completions/broadsheet
  broadsheet completion fish > ~/.config/fish/completions/broadsheet.fish
  echo 'eval "$(broadsheet completion zsh)"' >> ~/.zshrc
"""

#: The function that bash calls; `path` is the commands that stand before the word.
_BASH = """\
_broadsheet() {{
    local path="" word words=""
    local current="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}"
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "${{path:+$path }}$word" in
            {paths}) path="${{path:+$path }}$word" ;;
        esac
    done
    case "$path|$before" in
{values}
        *) case "$path" in
{words}
        esac ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _broadsheet broadsheet
"""


class _Level(NamedTuple):
    """What may stand behind some commands.

    Attributes:
        path: The commands.
        commands: Those that may follow, with their help.
        options: Their options: help, and which values each takes; None where it takes none, empty
            where any will do.
    """

    path: tuple[str, ...]
    commands: dict[str, str]
    options: dict[str, tuple[str, tuple[str, ...] | None]]


def register(commands: Commands) -> None:
    """Add the parser of `completion`."""
    parser = commands.add_parser(
        "completion",
        help="print a script that completes commands and options in your shell",
        description="Print a script that completes commands and options in your shell.",
        more=lambda: _MORE,
    )
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")
    parser.set_defaults(run=_completion)


def _completion(arguments: argparse.Namespace) -> int:
    from tui.cli import make_parser

    levels = list(_levels(make_parser(), ()))
    if arguments.shell == "fish":
        for line in _fish(levels):
            print(line)
    else:
        if arguments.shell == "zsh":
            print("autoload -U +X compinit bashcompinit && compinit && bashcompinit")
        print(_bash(levels), end="")
    return 0


def _levels(parser: argparse.ArgumentParser, path: tuple[str, ...]) -> Iterator[_Level]:
    """The parser and all below it, those above first."""
    commands: dict[str, str] = {}
    options: dict[str, tuple[str, tuple[str, ...] | None]] = {}
    below: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            below = dict(action.choices)
            commands = {each.dest: each.help or "" for each in action._choices_actions}
            continue
        values = tuple(map(str, action.choices or ())) if action.nargs != 0 else None
        for name in action.option_strings:
            taken = _formats(path) if name == "--format" and not values else values
            options[name] = (action.help or "").replace("%%", "%"), taken
    yield _Level(path, commands, options)
    for name, each in below.items():
        yield from _levels(each, (*path, name))


def _formats(path: tuple[str, ...]) -> tuple[str, ...]:
    """The names that `--format` of a command takes, where its parser does not list them."""
    from store import EXPORT_FORMATS
    from store.importers import FORMATS

    names = {"export": tuple(EXPORT_FORMATS), "add": tuple(sorted(FORMATS))}
    return names.get(" ".join(path), ())


def _bash(levels: list[_Level]) -> str:
    values = [
        f'        "{" ".join(level.path)}|{name}") words="{" ".join(taken)}" ;;'
        for level in levels
        for name, (_, taken) in level.options.items()
        if taken is not None
    ]
    words = [
        f'            "{" ".join(level.path)}") words="{" ".join(offered)}" ;;'
        for level in levels
        for offered in [(*level.commands, *level.options)]
    ]
    paths = "|".join(f'"{" ".join(level.path)}"' for level in levels if level.path)
    return _BASH.format(paths=paths, values="\n".join(values), words="\n".join(words))


def _fish(levels: list[_Level]) -> Iterator[str]:
    for level in levels:
        seen = "; and ".join(f"__fish_seen_subcommand_from {name}" for name in level.path)
        last = " ".join(level.commands)
        inside = seen or "true"
        if last:
            choose = f"{inside}; and not __fish_seen_subcommand_from {last}"
            for name, about in level.commands.items():
                yield f"complete -c broadsheet -f -n '{choose}' -a {name} -d {_quoted(about)}"
        for name, (about, taken) in level.options.items():
            kind = f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"
            values = f" -x -a {_quoted(' '.join(taken))}" if taken else ""
            values = values or " -r" * (taken is not None)
            yield f"complete -c broadsheet -n '{inside}' {kind}{values} -d {_quoted(about)}"


def _quoted(text: str) -> str:
    """As fish reads it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
