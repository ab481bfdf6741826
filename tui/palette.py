"""The command palette: everything a key does, by name, the views and the themes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, cast

from textual import on, work
from textual.app import SystemCommand
from textual.command import (
    CommandList,
    CommandPalette,
    DiscoveryHit,
    Hit,
    Hits,
    Provider,
)
from textual.content import Content
from textual.css.query import NoMatches
from textual.markup import escape
from textual.widgets import Input, OptionList
from textual.worker import get_current_worker

from tui.screens.keys import MAIN_KEYS
from tui.screens.switcher import EVERYTHING
from tui.terminal.display import ClosingScreen
from tui.themes import ALIASES
from tui.widgets.cells import clean
from tui.widgets.options import by_a_page
from tui.widgets.reader_keys import READER_BINDINGS

if TYPE_CHECKING:
    from textual.binding import Binding

    from store import View, ViewCount
    from tui.app import BroadsheetApp
    from tui.screens.keymap import Key
    from tui.widgets.reader import Reader

#: Seconds after which the views are offered without their counts.
_PATIENCE: Final = 0.3

#: Most views looked through with each letter: the built-in ones, the saved ones, the first tags.
_MOST: Final = 500

#: What a view weighs against a command whose name fits as well.
_WEIGHT: Final = 0.8


class Palette(CommandPalette, ClosingScreen[None]):
    """Textual's command palette in our looks, with a cursor that does not blink."""

    CSS_PATH = "screens/palette.tcss"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._wanted: list[Callable[[], object]] = []  # what keys do once the hits are there
        self._answered = asyncio.Event()

    def on_mount(self) -> None:
        """Paint nothing while nothing happens."""
        self.query_one(Input).cursor_blink = False

    # Hits come late, and keys are for those of what was typed, not of its beginning.

    async def settled(self) -> None:
        """Return when no key waits for hits."""
        if self._wanted:
            await self._answered.wait()

    @on(Input.Changed)
    def _text_changed(self) -> None:
        self._answered.clear()
        self._wanted.clear()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        event.prevent_default()
        self._once_answered(self._choose)

    def _action_cursor_down(self) -> None:
        self._once_answered(super()._action_cursor_down)

    def _action_command_list(self, action: str) -> None:
        move = partial(super()._action_command_list, action)
        farthest = "first" if action.endswith("up") else "last"
        far = partial(super()._action_command_list, farthest)
        self._once_answered(partial(by_a_page, move, far))

    def _once_answered(self, act: Callable[[], object]) -> None:
        if self._answered.is_set():
            act()
        else:
            self._wanted.append(act)

    def _choose(self) -> None:
        """Run the command under the cursor, at once: the list's own message would come late."""
        found = self.query_one(CommandList)
        if (at := found.highlighted) is not None:
            option = found.get_option_at_index(at)
            if not option.disabled:
                self._select_command(OptionList.OptionSelected(found, option, at))

    # Textual's search for commands goes on for a moment after the palette was closed, and would end
    # the program when it finds no widgets any more.

    def _is_there(self) -> bool:
        return self.is_attached and bool(self.query(CommandList))

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)
    async def _gather_commands(self, search_value: str) -> None:
        try:
            await _gather(self, search_value)
        except NoMatches:
            if self._is_there():
                raise
        if self._is_there() and not get_current_worker().is_cancelled:
            self._answered.set()
            wanted, self._wanted = self._wanted, []
            for act in wanted:
                act()

    def _watch__list_visible(self) -> None:
        if self._is_there():
            super()._watch__list_visible()

    async def _watch__show_busy(self) -> None:
        if self._is_there():
            await super()._watch__show_busy()


#: The search itself, without the worker around it.
_gather: Callable[[CommandPalette, str], Awaitable[None]] = vars(CommandPalette._gather_commands)[
    "__wrapped__"
]


class ViewCommands(Provider):
    """The views as commands, with how much in them is unread: "View: Short (3 of 12 unread)"."""

    _views: list[tuple[str, View]]
    _reading: asyncio.Task[None] | None = None

    async def startup(self) -> None:
        """Begin to read the views.

        A search that the next letter cancels would cancel all of Textual's wait for this, and with
        it every search that follows: so they wait for the views themselves, and shield that.
        """
        self._reading = asyncio.create_task(self._read())

    async def shutdown(self) -> None:
        """Read no further."""
        if self._reading is not None:
            self._reading.cancel()

    async def _are_read(self) -> None:
        if self._reading is not None:
            await asyncio.shield(self._reading)

    async def _read(self) -> None:
        """Read the views, and count what is in them if that does not take long."""
        menus = cast("BroadsheetApp", self.app).main.menus
        self._show = menus.show
        views = list(islice(await menus.views(), _MOST))
        self._views = [(f"View: {clean(view.name)}", view) for view in views]
        try:
            counts = await asyncio.wait_for(menus.count(views), _PATIENCE)
        except TimeoutError:
            return
        self._views = [
            (f"{label} ({_counted(count)})", view)
            for (label, view), count in zip(self._views, counts, strict=False)
        ]

    async def discover(self) -> Hits:
        """The built-in and the saved views."""
        await self._are_read()
        for label, view in self._views:
            if view.kind != "tag":
                yield DiscoveryHit(Content(label), partial(self._show, view), label, _help(view))

    async def search(self, query: str) -> Hits:
        """Views whose names fit, tags too."""
        await self._are_read()
        matcher = self.matcher(query)
        for label, view in self._views:
            score, offsets = matcher.fuzzy_search.match(query, label)
            if score > 0:
                shown = Content(label)
                for offset in offsets:
                    shown = shown.stylize(matcher.match_style, offset, offset + 1)
                yield Hit(score * _WEIGHT, shown, partial(self._show, view), label, _help(view))


class ThemeCommands(Provider):
    """All themes there are, as commands."""

    async def discover(self) -> Hits:
        """All of them, by name."""
        for name in sorted(self.app.available_themes):
            yield DiscoveryHit(name, partial(setattr, self.app, "theme", name))

    async def search(self, query: str) -> Hits:
        """Those whose names fit."""
        matcher = self.matcher(query)
        for name in sorted(self.app.available_themes):
            if (score := matcher.match(name)) > 0:
                shown = matcher.highlight(name)
                yield Hit(score, shown, partial(setattr, self.app, "theme", name))


#: What the reader's keys do that is offered by name while an article is read.
_READING: Final = ("reader.select", "reader.label_links", "reader.set_mark", "reader.go_to_mark")


def _counted(count: ViewCount) -> str:
    """How much of a view is unread, as the switcher of views tells it."""
    return f"{count.unread:,} of {count.total:,} unread" if count.unread else f"{count.total:,}"


def _help(view: View) -> str:
    return escape(clean(view.query)) or EVERYTHING


def commands(app: BroadsheetApp) -> Iterable[SystemCommand]:
    """The commands of the palette, those used most first."""
    known = app.keys_in_force()
    for binding in MAIN_KEYS:
        key = known.get(getattr(binding, "id", None) or "")
        if key is not None and not key.id.startswith("pane."):
            yield _command(app, binding, _key_of(key))  # type: ignore[arg-type]
    if app.main.in_reader:
        for binding in READER_BINDINGS:
            if (key := known.get(getattr(binding, "id", None) or "")) and key.id in _READING:
                yield _command(app, binding, _key_of(key), app.main.reader)  # type: ignore[arg-type]
    for title, text, act in app.main.typesetting.choices():
        yield SystemCommand(f"Text: {title}", text, act)
    for short, name in ALIASES.items():
        text = "the terminal's own colours" if short == "terminal" else f"the {short} theme"
        yield SystemCommand(f"Theme: {short}", f"Use {text}", partial(app.choose_theme, name))
    yield SystemCommand("Theme: others", "Choose among all themes", app.action_change_theme)
    yield SystemCommand("Messages", "What the line below said last, in full", app.action_messages)
    yield SystemCommand("Help: all keys", "Show the keys", app.action_help)
    yield SystemCommand("Quit", "Leave; everything is saved", app.exit)


def _key_of(key: Key) -> str:
    return f"key {key.keys[0]}" if key.keys else "it has no key"


def _command(
    app: BroadsheetApp, binding: Binding, help_text: str, reader: Reader | None = None
) -> SystemCommand:
    async def act() -> None:
        await (reader or app.main).run_action(binding.action)

    return SystemCommand(binding.description, help_text, act)
