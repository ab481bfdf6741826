"""The help panel: the keys in force, for the pane the person is in first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import ClassVar, NamedTuple

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Input

from tui.screens.keymap import Key
from tui.screens.narrowing import NarrowingDialog
from tui.screens.page import PageDialog
from tui.widgets.page_text import PageText

#: Cells of the column of keys.
_KEYS = 12

_BOLD, _UNDERLINED = Style(bold=True), Style(underline=True)

#: Lines of the field that narrows, with the blank one under it.
_FIELD = 2

#: Headings, and how the ids of the keys under them begin; the longest beginning decides.
SECTIONS = {
    "List": ("list.",),
    "Reader": ("reader.", "jump."),
    "Find in the article": ("find.",),
    "Selecting text": ("select.",),
    "Articles": ("article.",),
    "Search": ("search.",),
    "Panes": ("pane.",),
    "Program": ("app.",),
    "Feeds": ("feeds.",),
    "Views": ("dialog.remove", "dialog.rename", "dialog.edit", "dialog.put_back"),
    "Highlights": ("highlights.",),
    "Note": ("note.",),
    "Tags": ("tags.",),
    "Details": ("details.",),
    "Export": ("export.",),
    "A question": ("ask.",),
    "Menus: views, contents, details and others": ("dialog.",),
    "Pages: help, statistics, details": ("page.",),
    "Empty library": ("empty.",),
}


class HelpDialog(PageDialog, NarrowingDialog[None]):
    """All keys by heading; `/` narrows them by key or by words.

    Args:
        keys: The keys in force.
        first: The heading to begin with.
        footer: Lines under the keys, such as where the config file is.
    """

    CSS_PATH = ["dialog.tcss", "page.tcss", "help.tcss"]

    GIVES_WAY = ("#pane", 6)
    NARROW_HINT: ClassVar[str] = "a key or words   esc show all"

    def __init__(self, keys: Iterable[Key], first: str, footer: Sequence[str] = ()) -> None:
        super().__init__("Keys", hint="/ narrow   j k scroll   esc close")
        sections: dict[str, list[Key]] = {heading: [] for heading in SECTIONS}
        for key in keys:
            if key.keys:
                sections[_heading(key)].append(key)
        order = sorted(SECTIONS, key=lambda heading: heading != first)
        self._sections = {heading: list(_joined(sections[heading])) for heading in order}
        self._footer = footer

    def content(self) -> ComposeResult:
        """The field to narrow with, hidden until it is asked for, and the keys."""
        yield self.narrow_field()
        yield from super().content()

    def page(self) -> RenderableType:
        """A heading and a table for each section of which something fits."""
        words = self.query_one("#narrow", Input).value.split() if self.is_ready else []
        shown = {
            heading: [key for key in keys if all(_fits(word, key, heading) for word in words)]
            for heading, keys in self._sections.items()
        }
        return _Page(shown, () if words else self._footer)

    def action_filter(self) -> None:
        """Show the field; the pane makes room for it."""
        super().action_filter()
        self._make_room(self.size.height)

    def action_close(self) -> None:
        """Leave the narrowing first, then the help."""
        super().action_close()
        if self.is_ready:
            self._make_room(self.size.height)

    def on_resize(self, event: events.Resize) -> None:
        """Keep title, field and hint on the screen."""
        self._make_room(event.size.height)

    def _make_room(self, height: int) -> None:
        shown = self.query_one("#narrow").display
        self._give_way(height, _FIELD if shown else 0)

    def listed(self) -> Widget:
        """The pane of the keys."""
        return self.query_one("#pane")

    def narrow(self) -> None:
        """Show the keys that fit, from the first of them."""
        if self.is_ready:
            self.query_one(PageText).update(self.page())
            self.action_scroll("home")

    @on(Input.Submitted, "#narrow")
    def _submit(self) -> None:
        self.listed().focus()


class _Page(NamedTuple):
    """The keys of each heading; drawn without Rich's tables, which take longer than a key may."""

    sections: Mapping[str, Sequence[Key]]
    footer: Sequence[str]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        empty = True
        for heading, keys in self.sections.items():
            if not keys:
                continue
            empty = False
            yield from _line((heading, _UNDERLINED))
            for key in keys:
                names = wrap(" ".join(key.keys), _KEYS)
                does = wrap(key.description, max(1, width - _KEYS - 1))
                for name, part in zip_longest(names, does, fillvalue=""):
                    yield from _line((f"{name:<{_KEYS}} ", _BOLD), (part, None))
            yield from _line()
        if empty:
            yield from _line(("no key fits", None))
        for line in self.footer:
            for part in wrap(line, width):
                yield from _line((part, None))


def _line(*pieces: tuple[str, Style | None]) -> Iterator[Segment]:
    yield from (Segment(text, style) for text, style in pieces)
    yield Segment.line()


def _heading(key: Key) -> str:
    """The heading a key stands under."""
    beginnings = [(len(start), heading) for heading, starts in SECTIONS.items() for start in starts
                  if key.id.startswith(start)]  # fmt: skip
    return max(beginnings)[1]


def _joined(keys: Iterable[Key]) -> Iterator[Key]:
    """The keys of a section, those that do the same in one line."""
    joined: dict[str, Key] = {}
    for key in keys:
        before = joined.get(key.description)
        drawn = dict.fromkeys((*before.keys, *key.keys) if before else key.keys)
        joined[key.description] = key._replace(keys=tuple(drawn))
    yield from joined.values()


def _fits(word: str, key: Key, heading: str) -> bool:
    """Whether a word is meant for this key: one letter is the key itself, as it is written."""
    if len(word) == 1:
        return word in key.keys
    drawn = " ".join(key.keys)
    said = f"{drawn} {drawn.replace('^', 'ctrl-')} {key.description} {heading}"
    return word.casefold() in said.casefold()
