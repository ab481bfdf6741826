"""Where to export to, and as what: a field for the place, the formats under it.

The field keeps the keys while one moves among the formats; the ending of the name follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from store import EXPORT_FORMATS, ExportFormat, LibraryError
from tui import paths
from tui.screens.dialog import Dialog
from tui.screens.dialog_keys import EXPORT_KEYS
from tui.typeset.simple import cell_len
from tui.widgets.options import Options

_HINT = "up down format   enter export   esc cancel"


#: Cells of the box at least, and of what is around its lines: frame, padding, scroll bar.
_LEAST, _AROUND = 64, 6

#: Characters of a label that may make the box wider.
_LABEL = 100

#: Cells of the column of names.
_NAME = max(map(len, EXPORT_FORMATS))


class Scope(NamedTuple):
    """Some articles that can be exported.

    Attributes:
        label: What they are, in words.
        ids: The articles, in order.
        name: What a file of them may be called, without an ending.
    """

    label: str
    ids: Sequence[int]
    name: str


class Wanted(NamedTuple):
    """What was asked for: which articles, as what, where to, whether to replace what is there."""

    ids: Sequence[int]
    format: str
    place: str
    force: bool


class ExportDialog(Dialog[Wanted | None]):
    """Answers what to export, or None.

    Args:
        scopes: The articles to choose from, the nearest first; at least one.
        format: Name of the format to begin with.
    """

    CSS_PATH = ["dialog.tcss", "export.tcss"]

    GIVES_WAY = ("#formats", 11)

    BINDINGS: ClassVar[list[BindingType]] = EXPORT_KEYS

    def __init__(self, scopes: Sequence[Scope], format: str) -> None:
        which = "tab which   " if len(scopes) > 1 else ""
        super().__init__("Export", hint=which + _HINT)
        self._scopes = scopes
        self._scope = 0
        self._formats = list(EXPORT_FORMATS.values())
        self._at = [each.name for each in self._formats].index(format)
        self._refused = ""

    def content(self) -> ComposeResult:
        """Which articles, the place, the formats."""
        yield Static(id="scope")
        place = Input(self._proposal(), id="place", select_on_focus=False)
        place.cursor_blink = False
        yield place
        yield Static(id="wrong")
        formats = Options(id="formats", markup=False)
        formats.can_focus = False
        yield formats

    def on_mount(self) -> None:
        """Start in the field."""
        formats = self.query_one(OptionList)
        formats.set_options(Option(_line(each)) for each in self._formats)
        formats.highlighted = self._at
        self.query_one("#box").styles.width = max(_LEAST, self._widest() + _AROUND)
        place = self.query_one(Input)
        place.focus()
        place.cursor_position = len(place.value)
        self._write_scope()

    def _widest(self) -> int:
        """Cells of the widest line: of the formats, or of what there is to choose from."""
        formats = (_NAME + 1 + len(each.description) for each in self._formats)
        return max(*formats, *(cell_len(scope.label[:_LABEL]) for scope in self._scopes))

    def action_scope(self) -> None:
        """To the next articles that can be exported."""
        before = self._proposal()
        self._scope = (self._scope + 1) % len(self._scopes)
        self._follow(before)
        self._write_scope()

    def action_move(self, step: int) -> None:
        """To the next or previous format."""
        before = self._proposal()
        self._at = (self._at + step) % len(self._formats)
        self.query_one(OptionList).highlighted = self._at
        self._follow(before)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_move(event.option_index - self._at)

    @on(Input.Changed)
    def _changed(self) -> None:
        self._say("")

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        place = event.value.strip()
        if not place:
            return
        if place == "-":
            place = "./-"  # the screen is ours: nothing goes to standard output
        try:
            self._take(place, paths.named(place))
        except LibraryError as error:
            self._say(str(error))
        except OSError as error:
            self._say(f"{error.strerror}: {place}")

    def _take(self, place: str, target: Path) -> None:
        """Be done with this place, unless something is there already."""
        full = target.is_dir() and any(target.iterdir()) if self._format.several else False
        there = (target.exists() or target.is_symlink()) and (full or not target.is_dir())
        if target.is_dir() and not self._format.several:
            self._say("it is a directory: name a file in it")
        elif there and place != self._refused:
            self._refused = place
            what = "files in it stay, those of the same name" if full else "it"
            self._say(f"it is there already: enter once more to replace {what}")
        else:
            self.dismiss(Wanted(self._scopes[self._scope].ids, self._format.name, place, there))

    @property
    def _format(self) -> ExportFormat:
        return self._formats[self._at]

    def _proposal(self) -> str:
        scope = self._scopes[self._scope]
        several = self._format.several and len(scope.ids) != 1
        return f"~/{scope.name}{'/' if several else self._format.extension}"

    def _follow(self, before: str) -> None:
        """Propose another name where the one before was left as it was, else change its ending."""
        place = self.query_one(Input)
        now = self._proposal()
        if place.value == before:
            place.value = now
        else:
            endings = {each.extension for each in self._formats}
            stem, dot, ending = place.value.rpartition(".")
            if f"{dot}{ending}" in endings and now.endswith(self._format.extension):
                place.value = stem + self._format.extension
        place.cursor_position = len(place.value)

    def _write_scope(self) -> None:
        label = Text(self._scopes[self._scope].label, no_wrap=True, overflow="ellipsis")
        self.query_one("#scope", Static).update(label)

    def _say(self, words: str) -> None:
        if not words:
            self._refused = ""
        self.query_one("#wrong", Static).update(Text(words, no_wrap=True, overflow="ellipsis"))


def _line(format_: ExportFormat) -> Table:
    line = Table.grid(expand=True, padding=(0, 1))
    line.add_column(width=_NAME)
    line.add_column(ratio=1)  # in as many lines as it takes where the terminal is narrow
    line.add_row(Text(format_.name), Text(format_.description))
    return line
