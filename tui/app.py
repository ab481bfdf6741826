"""The app itself: theme, keymap, painting, commands, and how it is left."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.filter import Monochrome, NoColor
from textual.message import Message
from textual.screen import Screen

from tui import config as configuration
from tui import paths, themes
from tui.config import Config
from tui.early.taking_over import TakingOver
from tui.garbage import Garbage
from tui.screens.keymap import Keys
from tui.screens.keys import APP_KEYS
from tui.screens.main import MainScreen
from tui.session import Session
from tui.stylesheet import RememberingStylesheet
from tui.terminal import log, profile
from tui.terminal.ascii import AsciiFilter, SignsFilter
from tui.terminal.display import FrugalDisplay, TimelyScreen
from tui.terminal.keys_in_order import KeysInOrder
from tui.terminal.lane import Lane
from tui.terminal.screenful import show_and_wait
from tui.terminal.threads import THREADS
from tui.widgets.glyphs import ASCII, choose_glyphs, default_glyphs, is_utf8
from tui.work import KeyWork, follow, supersede

if TYPE_CHECKING:
    from rich.console import RenderableType

    from store import Library
    from tui.early.keeping import Keeper
    from tui.early.start import Start

#: What the app returns when the person wants to see the sample library instead.
SAMPLE = "sample"

#: Seconds the threads get to finish what they are at when the app ends.
_LANES_GRACE = 1.0

#: Seconds after which all that was there before is painted, and nobody waits for it.
_SETTLED = 0.5

#: Seconds between two times that memory is given back which was needed for a moment only, and keys:
#: where they come fast, as much is needed in a second as else in a minute.
_TIDY = 20.0
_TIDY_KEYS = 200

#: Keys after which it is looked whether so much was made since the last time, in blocks of Python's
#: (2 MB), that memory is given back at once: Python keeps for good, in pieces, most of what it had
#: at its highest.  The look takes 10 microseconds.
_LOOK_KEYS = 50
_MUCH = 25_000

#: Seconds without a key after which the next one is not likely to come at once.
_QUIET = 1.0

#: Packages whose caches are emptied then.
_REMEMBERING = ("textual", "rich", "urllib", "wcwidth", "store", "tui")

#: Seconds that frames wait for keys that came with the one they are of.
_BURST = 0.1


class BroadsheetApp(FrugalDisplay, inherit_bindings=False):
    """The app on an open library, which stays the caller's to close.

    Args:
        library: The library.
        config: The settings.
        notices: Lines to tell the person at the start.
        clock: Gives the present, for dates.
        session: Is told what is being read, and knows what was when a program ended abruptly.
        driver_class: Textual's driver; the default one for tests and screenshots.
        start: How the program was begun, for what it keeps for the next start.
    """

    TITLE = "broadsheet"
    BINDINGS: ClassVar[list[BindingType]] = APP_KEYS

    class QuitWanted(Message):
        """Travels the way of a key, from the focused widget up, so that it overtakes none."""

    class LeaveWanted(Message):
        """Asks the program to end with an exit code."""

        def __init__(self, code: int) -> None:
            super().__init__()
            self.code = code

    def __init__(
        self,
        library: Library,
        config: Config | None = None,
        *,
        notices: Sequence[str] = (),
        clock: Callable[[], datetime] = datetime.now,
        session: Session | None = None,
        driver_class: Any = None,
        start: Start | None = None,
    ) -> None:
        self.config = config or Config()  # the style sheets ask for it
        super().__init__(driver_class=driver_class, css_path=self._style_sheets())
        self.stylesheet = RememberingStylesheet(variables=self.get_css_variables())
        self.library = library
        self.clock = clock
        self.session = session
        self.link = profile.detect(os.environ, self.config.link)
        self.animation_level = "none"
        self._text_lane = Lane("text")
        self._keys_in_order = KeysInOrder(
            self,
            super().on_event,
            settled=self._settled,
            caught_up=self._caught_up,
            done=self.settle_debt,
        )
        self.key_work = KeyWork(
            lambda: self._keys_in_order.is_obeying, lambda dialog: dialog in self.screen_stack
        )
        self._start = start
        self._keeper: Keeper | None = None
        self._taking_over = TakingOver(self, early=None if start is None else start.screen)
        self.link_was_measured = False
        self._bursting_since = 0.0
        self._used = 0
        self._last_used = 0.0
        self._left = 0  # blocks of memory that were in use when the last was given back
        self._garbage = Garbage()
        self._settled_screen: Screen[Any] | None = None
        self._notices = list(notices)
        for theme in themes.THEMES.values():
            self.register_theme(theme)
        self._theme_is_free = False
        self.theme = self.first_theme = self._first_theme()
        """The theme that nobody chose in this run."""
        if self.no_color:
            # Textual answers NO_COLOR with shades of grey, which are colours to a terminal.
            self._filters = [f for f in self._filters if not isinstance(f, Monochrome)]
            self._filters.append(NoColor())
        choose_glyphs("words" if self.config.plain else self.config.glyphs)
        self.set_class(self.config.plain, "-plain")
        if default_glyphs() is ASCII:
            self._filters.append(SignsFilter() if is_utf8(os.environ) else AsciiFilter())
        self._keys = Keys(self._sound_keymap())
        self._notices = _numbered(self._notices)
        self.main = MainScreen(self)
        self.main.spare_bytes(self.link.remote)

    def _sound_keymap(self) -> Mapping[str, str]:
        """The config's keys that can be in force; what is wrong with others becomes a notice."""
        if not self.config.keys:
            return {}
        from tui.checking import check_keys

        keymap, faults = check_keys(self.config)
        self._notices += [fault for _, fault in sorted(faults)]
        return keymap

    @property
    def keys_obeyed(self) -> int:
        """How many keys have done their work."""
        return self._keys_in_order.obeyed

    @property
    def takes_nearby_colours(self) -> bool:
        """Over a link, where each colour costs bytes with each key."""
        return self.link.remote

    def _style_sheets(self) -> list[str | PurePath]:
        """Those of what is on the screen from the beginning."""
        names = ["main"]
        if self.config.layout == "stacked":
            names.append("stacked")
        if self.config.plain:
            names.append("plain")
        return [Path(__file__).parent / "screens" / f"{name}.tcss" for name in names]

    def refresh_css(self, animate: bool = True) -> None:
        """Take in changed styles; before there is a screen they are not needed yet."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def get_css_variables(self) -> dict[str, str]:
        """Those of the theme, and what the config sets of the layout."""
        variables = super().get_css_variables()
        share = f"{self.config.list_share}%"
        return {**themes.highlights(variables), **variables, "list-share": share}

    @property
    def first_notice(self) -> str:
        """What the status line says first that follows from the settings; "" for nothing."""
        return self._notices[0] if self._notices else ""

    @property
    def shows_cursor(self) -> bool:
        """Whether anyone looks where the terminal's cursor stands: a screen reader always does."""
        return self.config.plain or super().shows_cursor

    def _wanted_cursor(self) -> tuple[int, int] | None:
        if self.config.plain and self.focused is not None:
            from tui.screens.spoken import place_of

            place = self.screen.outer_size.clamp_offset(place_of(self.focused))
            return place.x, place.y
        return super()._wanted_cursor()

    def get_default_screen(self) -> Screen[None]:
        """The main screen."""
        return self.main

    def on_mount(self) -> None:
        """Put the config's keys in force, and tell what there is to tell."""
        if keymap := self._keys.for_textual():
            self.set_keymap(keymap)
        self.app_resume_signal.subscribe(self, lambda _: self._resumed())
        self._show_cursor()
        self.main.announce(self._notices)
        self.set_interval(_TIDY, self._tidy)
        if self._start is not None:
            self._come_up()
            self.theme_changed_signal.subscribe(self, lambda _: self._look_changed())

    def _resumed(self) -> None:
        self._show_cursor()
        self.action_redraw()

    def _show_cursor(self) -> None:
        """Let the terminal's cursor be seen where a screen reader follows it."""
        if self.config.plain:
            self.write_terminal("\x1b[?25h")

    def _tidy(self) -> None:
        """Give memory back to the system, where something was done since the last time.

        The caches of Textual and Rich are emptied for it, see `forget_answers`, threads that rest
        end, and garbage is looked for.
        """
        if self._used:
            self._used = 0
            follow(self, "tidying", self._give_back)
        elif self._garbage.is_owed and self._is_quiet():
            self._garbage.collect(quiet=True)

    def _has_made_much(self) -> bool:
        return self._used % _LOOK_KEYS == 0 and sys.getallocatedblocks() > self._left + _MUCH

    def _is_quiet(self) -> bool:
        return time.monotonic() - self._last_used > _QUIET

    async def _give_back(self) -> None:
        from store import forget_answers

        self.forget_pens()
        THREADS.rest()
        await self._text_lane.run(lambda _: forget_answers(_REMEMBERING))
        self._garbage.collect(quiet=self._is_quiet())
        self._left = sys.getallocatedblocks()
        await self._text_lane.run(lambda _: self.library.give_back_memory())

    # The next start

    def _come_up(self, *, whole: bool = False) -> None:
        """Keep how things look, once all is there and nobody waits for anything."""
        if not whole:
            self.set_timer(_SETTLED, lambda: self._come_up(whole=self.main.is_whole))
        elif self._start is not None:
            from tui.early.keeping import Keeper

            self._keeper = Keeper(self, self._start)
            supersede(self, "keeping", partial(self._keeper.come_up, self._text_lane))

    def _look_changed(self) -> None:
        if self._keeper is not None:
            self.call_after_refresh(self._keeper.notice_look)

    @property
    def keeper(self) -> Keeper | None:
        """Keeps what the next start needs; None until the app has come up."""
        return self._keeper

    # Painting

    def may_paint(self) -> bool:
        """Not while the list is still empty, nor for each of many keys that came together."""
        if self._taking_over.is_held():
            return False
        now = time.monotonic()
        if self._keys_in_order.waiting:
            if self._bursting_since and now - self._bursting_since <= _BURST:
                return False
            due, self._bursting_since = bool(self._bursting_since), now
            return due  # a long burst is drawn now and then
        self._bursting_since = 0.0
        return True

    async def _settled(self) -> None:
        """Return when what a key began is there for the next one: dialogs with all their parts."""
        await self.key_work.settled()
        await self.main.settled()
        screen = self.screen
        if screen is not self._settled_screen:
            await screen._mounted_event.wait()
            laid_out = asyncio.Event()
            if screen.call_after_refresh(laid_out.set):
                await laid_out.wait()
            self._settled_screen = screen
        if screen is not self.main and isinstance(screen, TimelyScreen):
            await screen.settled()

    def push_screen(
        self,
        screen: Any,
        callback: Any = None,
        wait_for_dismiss: Any = False,
        *,
        mode: str | None = None,
    ) -> Any:
        """Open a dialog; while work waits for its answer, keys do not wait for the work."""
        pushed: Any = super().push_screen(screen, callback, wait_for_dismiss, mode=mode)
        if wait_for_dismiss:
            self.key_work.asks(screen)
        return pushed

    def _caught_up(self) -> None:
        self.call_later(self.settle_debt)
        self.main.preloading.keys_were_obeyed()

    def round_trip_measured(self, seconds: float) -> None:
        """Take in how long the terminal takes to answer."""
        self.link_was_measured = True
        link = profile.measured(self.link, seconds, self.config.link)
        if link is not self.link:
            self.link = link
            if self.main.made("reading"):
                self.main.reading.preview_delay = link.preview_delay
            self.main.spare_bytes(link.remote)
            if self._theme_is_free and self.theme == self.first_theme:
                self.theme = self.first_theme = themes.fitting(os.environ, link)
            self.screen.refresh()
            self.main.tell(f"slow link ({seconds * 1000:.0f} ms): previews wait until keys rest")
        self.settle_debt()  # the first frame may have waited for this

    def keys_in_force(self) -> Keys:
        """All bindings by id, with the config's keys in place of their own."""
        return self._keys

    async def on_event(self, event: events.Event) -> None:
        """Take a notice away with the next key or click; pass keys on in order."""
        if isinstance(event, (events.Key, events.MouseDown)) and not event.is_forwarded:
            self._used += 1
            self._last_used = time.monotonic()
            if self._used >= _TIDY_KEYS or self._has_made_much():
                self._tidy()
            self.main.key_was_pressed()
            if isinstance(event, events.Key):
                await self._keys_in_order.put(event)
                return
        await super().on_event(event)

    # Terminal

    def write_terminal(self, data: str) -> None:
        """Send a control sequence to the terminal; from any thread."""
        if self._driver is not None:
            self._driver.write(data)
            self._driver.flush()

    def show_text(self, text: str) -> None:
        """Show `text` alone, on the terminal's own screen, until Enter is pressed."""
        supersede(self, "text", partial(self._show_text, text))

    async def _show_text(self, text: str) -> None:
        if self._driver is None or not self._driver.can_suspend:
            return
        with self.suspend():
            await self._text_lane.run(lambda _: show_and_wait(text))

    # Themes

    def choose_theme(self, name: str) -> None:
        """Use a theme from now on."""
        self.theme = name
        if self.config.theme != "auto":
            self.main.tell(f"theme {name} until you quit: the config sets {self.config.theme}")

    def _first_theme(self) -> str:
        if self.no_color:
            return themes.TERMINAL.name
        for origin, name in (
            ("BROADSHEET_THEME", os.environ.get("BROADSHEET_THEME", "")),
            (self.config.place("theme"), self.config.theme),
            ("", configuration.remembered_theme()),
        ):
            if not name or name == "auto":
                continue
            try:
                return themes.resolve(name)
            except ValueError as error:
                if origin:
                    self._notices.append(f"{origin}: {error}")
        self._theme_is_free = True
        return themes.fitting(os.environ, self.link)

    # Commands

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the command palette offers."""
        from tui import palette

        return palette.commands(self)

    def action_command_palette(self) -> None:
        """Open the command palette."""
        from tui import palette

        if not isinstance(self.screen, palette.Palette):
            self.push_screen(palette.Palette(placeholder="command"))

    def action_change_theme(self) -> None:
        """Choose among all themes there are."""
        from tui import palette

        self.push_screen(palette.Palette([palette.ThemeCommands], placeholder="theme"))

    def action_help(self) -> None:
        """Show the keys in force, those of the pane one is in first."""
        from tui.screens.help import HelpDialog

        main = self.main
        first = "Reader" if main.in_reader else "Search" if main.is_searching else "List"
        if main.is_selecting:
            first = "Selecting text"
        footer = (f"The keys can be changed in {configuration.config_file()}.",)
        self.push_screen(HelpDialog(self._keys.values(), first, footer))

    def action_messages(self) -> None:
        """Show in full what the status line said, and will say."""
        from tui.screens.messages import MessagesDialog

        self.push_screen(MessagesDialog(self.main.messages, self.main.waiting_notices))

    def action_quit_behind(self) -> None:
        """Quit once the keys typed before this one have done their work."""
        (self.focused or self.screen).post_message(self.QuitWanted())

    def on_broadsheet_app_quit_wanted(self) -> None:
        """Quit; a note that is being written is closed instead, as by Escape."""
        if self.screen is not self.main:
            from tui.screens.note import NoteDialog

            if isinstance(self.screen, NoteDialog) and self.screen.is_changed:
                self.screen.action_close()
                return
        self.exit()

    def action_redraw(self) -> None:
        """Paint everything again."""
        self.repaint_terminal()
        self.screen.refresh(layout=True)

    def open_sample(self) -> None:
        """Leave this library for the sample library."""
        self.exit(SAMPLE)

    # Endings

    def save(self) -> None:
        """Write the state now; from any thread."""
        self.library.flush()

    def exit(
        self,
        result: str | None = None,
        return_code: int = 0,
        message: RenderableType | None = None,
    ) -> None:
        """End, and take in before what the next start needs."""
        if self._keeper is not None and self._thread_id == threading.get_ident() and not self._exit:
            try:
                self._keeper.notice_end()
            except Exception as error:  # whatever it is, it keeps nobody from leaving
                log.write(paths.log_file(), error)
        super().exit(result, return_code, message)

    def leave(self, code: int) -> None:
        """End with an exit code; from any thread.

        In its turn: Textual mounts nothing once it ends, and what is being mounted would fail.
        """
        self.post_message(self.LeaveWanted(code))

    def on_broadsheet_app_leave_wanted(self, message: LeaveWanted) -> None:
        """End with the exit code that was asked for."""
        self.exit(return_code=message.code)

    def restore_terminal(self) -> None:
        """Put the terminal back when Textual cannot any more; from any thread."""
        from tui.terminal.driver import TerminalDriver

        if isinstance(self._driver, TerminalDriver):
            self._driver.restore_now()

    def stop_lanes(self) -> None:
        """Wait for the threads, but not long."""
        deadline = time.monotonic() + _LANES_GRACE
        for lane in self.main.lanes:
            lane.stop(max(0.0, deadline - time.monotonic()))

    def _fatal_error(self) -> None:
        """After a bug: the traceback goes to the log, one line to the terminal."""
        path = paths.log_file()
        error = self._exception
        written = error is not None and log.write(path, getattr(error, "error", error))
        where = f"the details are in {path}" if written else "the log is not writable"
        self._exit_renderables.append(Text(f"broadsheet: ended by a bug ({error!r}); {where}"))
        self._close_messages_no_wait()


def _numbered(notices: Sequence[str]) -> list[str]:
    """Several notices with their numbers, the first with where all of them are."""
    if len(notices) < 2:
        return list(notices)
    first, *others = (f"{n} of {len(notices)}" for n in range(1, len(notices) + 1))
    heads = (f"{first} (:messages shows all)", *others)
    return [f"{head}: {notice}" for head, notice in zip(heads, notices, strict=True)]
