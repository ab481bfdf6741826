"""Keeps what the next first frame is drawn with: the look, and the reader beside the list."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._border import get_box
from textual._compositor import LayoutUpdate
from textual.color import Color
from textual.strip import Strip
from textual.style import Style as VisualStyle

from store import LibraryError, glance
from tui.article_setting import setting_of
from tui.early import look as looks
from tui.early.frame import known_of, name_of_library, readers_of
from tui.early.look import Look
from tui.early.picture import Kept, glyphs_of
from tui.screens.keys import KEY_BAR
from tui.screens.listing import ALL, listed_name
from tui.screens.reading import marks_of
from tui.terminal.ascii import AsciiFilter, SignsFilter
from tui.terminal.display import want
from tui.terminal.driver import TerminalDriver
from tui.terminal.painter import Painter
from tui.terminal.pens import Pens
from tui.widgets.bars import progress_text
from tui.widgets.component_style import component_style
from tui.widgets.geometry import Area, panes
from tui.widgets.list_style import row_styles

if TYPE_CHECKING:
    from textual.widget import Widget

    from store import Row, State
    from tui.app import BroadsheetApp
    from tui.early.start import Start
    from tui.terminal.lane import Lane
    from tui.terminal.pens import Pen

#: Parts of a row of the list, when nothing is selected and nothing was searched for.
_ROW: Final = ("list--read", "list--unread", "list--dim", "list--state", "list--star", "list--mark")

#: The main screen as it opens, but for the article beside the list.
_PLAIN: Final = frozenset({"-open", "-searching", "-empty", "-full"})


#: Rows that are kept of an order of one's own: as many as the highest screens have lines.
_FIRST: Final = 200

#: Sizes of the screen for which the reader is kept.
_READERS: Final = 4


class _Shown(NamedTuple):
    """The reader as it was shown.

    Attributes:
        article: Id of the article in it.
        size: Columns and lines of the screen.
        kept: The cells.
        marks: What was known of the article, see `_marks`.
        first: `Glance.first` at that time; "" for what it is when all is saved.
    """

    article: int
    size: tuple[int, int]
    kept: Kept
    marks: tuple[object, ...]
    first: str = ""


class Keeper:
    """Writes down what the next start needs, when the app has come up and when it is left.

    Args:
        app: The app; its driver is a `TerminalDriver`.
        start: How the program was begun.
    """

    def __init__(self, app: BroadsheetApp, start: Start) -> None:
        self._app = app
        self._start = start
        self._look: Look | None = None
        self._reader: _Shown | None = None

    async def come_up(self, lane: Lane) -> None:
        """Write down how things look now, in a lane; on the event loop."""
        library = self._start.order.library
        sort = self._app.config.sort_of(ALL.name)
        before = await lane.run(lambda _: glance(library, 1, sort=sort))
        self.notice_look()
        shown = self._reader_shown()
        seen = await lane.run(lambda _: glance(library, 1, sort=sort))
        if before is not None and seen is not None and before.first == seen.first:
            self._reader = shown and shown._replace(first=seen.first)
        await lane.run(lambda _: self.keep())

    def notice_look(self) -> None:
        """Take in how things look; on the event loop, while the app runs."""
        self._look = look_of(self._app)

    def notice_end(self) -> None:
        """Take in the reader as the next start will show it; on the event loop, before the end."""
        self._reader = self._reader_made() or self._reader

    def keep(self) -> None:
        """Write down what was noticed, for the settings as they are now; from any thread."""
        look = self._look
        if look is None:
            return
        name = looks.name_of(self._start.settings)
        looks.keep_json(name, look._asdict())
        library = self._start.order.library
        file = name_of_library(library)
        known = looks.load_json(file)
        rows = _FIRST if look.sort else 1
        seen = glance(library, rows, known=known_of(known, look.sort), sort=look.sort)
        if seen is None or not seen.rows:
            return
        readers: list[tuple[list[Any], Sequence[Any]]] = [
            (about, kept) for about, kept in readers_of(known) if about[-1] == seen.first
        ]
        reader = self._reader
        newest = seen.rows[0]
        # What was still on its way when the screen was looked at is saved by now.
        if reader is not None and (reader.article, reader.marks) == (newest.id, _marks(newest)):
            about = [name, *reader.size, reader.first or seen.first]
            readers = [(about, reader.kept), *(each for each in readers if each[0] != about)]
        known = {
            "signs": seen.signs,
            "total": seen.total,
            "first": (look.sort, [row.id for row in seen.rows] if look.sort else []),
            "readers": readers[:_READERS],
        }
        looks.keep_json(file, known)

    def _reader_area(self) -> tuple[Painter, Area] | None:
        """The painter, and where the reader is that stands beside the list."""
        main, driver = self._app.main, self._app._driver
        if not isinstance(driver, TerminalDriver) or not main.wide or not main.articles.ids:
            return None
        painter, config = driver.current_painter, self._app.config
        if painter is None or (painter.width, painter.height) != self._app.size:
            return None
        reader = main.reader
        if reader.full_width or reader.column != config.column:
            return None
        if reader.setting != setting_of(config, os.environ):
            return None  # it is set in a way that was chosen for this time
        where = panes(*self._app.size, layout=config.layout, share=config.list_share)
        return None if where.reader is None else (painter, where.reader)

    def _reader_shown(self) -> _Shown | None:
        """The reader beside the list, if it shows what it will show at the next start."""
        main, found = self._app.main, self._reader_area()
        article = main.article_shown
        if (
            found is None
            or article is None
            or not main.is_current
            or main.classes & _PLAIN
            or main.listing.view != ALL
            or main.articles.cursor
            or main.articles.current_id != article.id
        ):
            return None
        painter, where = found
        kept = Kept(*_cells(painter, where), main.status.right)
        marks = _marks(self._app.library.state(article.id))
        return _Shown(article.id, (painter.width, painter.height), kept, marks)

    def _reader_made(self) -> _Shown | None:
        """The reader as the next start shows it; what it showed before is gone."""
        main, found = self._app.main, self._reader_area()
        if found is None or main.reader.outer_size != found[1][2:]:
            return None
        library = self._app.library
        try:
            first = main.articles.ids[0] if main.listing.view == ALL else library.newest(1)[0].id
            main.reading.close()
            article, state = library.get(first), library.state(first)
            highlights = library.highlights(first)
        except (IndexError, LibraryError):
            return None
        opening = main.reader.prepare(article, state, None, highlights)
        main.reader.show(article, state, opening=opening)
        painter = Painter(Pens(found[0].pens.color_system, nearby=self._app.takes_nearby_colours))
        painter.resize(*self._app.size)
        update = main._compositor.render_update(full=True)
        assert isinstance(update, LayoutUpdate)
        want(painter, update)
        painter.paint()
        right = progress_text(marks_of(state), state.progress)
        kept = Kept(*_cells(painter, found[1]), right)
        return _Shown(first, (painter.width, painter.height), kept, _marks(state))


def _marks(known: Row | State) -> tuple[object, ...]:
    """What of an article's state shows beside the list."""
    return known.read, known.starred, known.archived, known.trashed, known.progress


def look_of(app: BroadsheetApp) -> Look | None:
    """How the main screen looks as it opens; None where it cannot be drawn without Textual."""
    main = app.main
    articles, status, keys = main.articles, main.status, main.key_bar
    glyphs = articles.glyphs
    sort = app.config.sort_of(ALL.name)
    if sort.lstrip("-") == "random":
        return None
    styles: dict[str, tuple[Widget, Style]] = {
        "list": (articles, component_style(articles)),
        "reader": (main, component_style(main)),
        "track": (articles, _thumb(articles, track=True)),
    }
    for suffix, current in (("", False), ("+", True)):
        style = row_styles(articles, current=current, active=True)
        styles.update({f"{name}{suffix}": (articles, style(name)) for name in _ROW})
    styles["empty"] = styles["list"]
    for part in ("title", "key", "dim"):
        look = component_style(articles, f"list--{part}")
        styles[f"empty--{part}"] = articles, look + Style(bold=part == "key" or None)
    for bar, own in ((status, "status"), (keys, "keys")):
        styles[own] = bar, component_style(bar)
        styles.update({n: (bar, component_style(bar, n)) for n in sorted(bar.COMPONENT_CLASSES)})
    colours = app.console._color_system or ColorSystem.TRUECOLOR
    kinds = Pens(colours, nearby=app.takes_nearby_colours)
    pens = {
        name: _codes(kinds, _as_seen(widget, Segment(" ", style)))
        for name, (widget, style) in styles.items()
    }
    signs = {
        "thumb": _as_seen(articles, Segment(articles.thumb_sign, _thumb(articles))),
        **{name: _as_seen(main, sign) for name, sign in _edges(app).items()},
    }
    pens.update({name: _codes(kinds, sign) for name, sign in signs.items()})
    filters = app.get_line_filters()
    only_ascii = ""
    if any(isinstance(each, AsciiFilter) for each in filters):
        only_ascii = "text"
    elif any(isinstance(each, SignsFilter) for each in filters):
        only_ascii = "signs"
    known = app.keys_in_force()

    def shown(pane: str) -> list[tuple[str, str]]:
        return [(known.first(id), label) for id, label in KEY_BAR[pane] if known.first(id)]

    return Look(
        pens=pens,
        signs=[sign.text for sign in signs.values()],
        keys=shown("list"),
        empty_keys=shown("empty"),
        moves=[list(known[id].keys) if id in known else [] for id in ("list.down", "list.up")],
        view=listed_name(ALL.name, sort),
        sort=sort,
        glyphs=next(name for name in ("words", "ascii", "unicode") if glyphs is glyphs_of(name)),
        only_ascii=only_ascii,
        dates=articles.dates,
        layout="single" if app.config.plain else app.config.layout,
        share=app.config.list_share,
        sparing=articles.sparing,
        link=app.link.value,
        notice=(app.first_notice, bool(app.first_notice)),
    )


def _as_seen(widget: Widget, segment: Segment) -> Segment:
    """A segment of a widget as it leaves Textual, behind the app's filters."""
    strip = Strip([segment])
    _, background = widget.background_colors
    for each in widget.get_line_filters():
        strip = strip.apply_filter(each, background)
    return next(iter(strip))


def _codes(pens: Pens, segment: Segment) -> str:
    """The SGR parameters a segment is drawn with."""
    return "" if segment.style is None else _sgr(pens.pens[pens.of(segment.style)])


def _thumb(articles: Widget, *, track: bool = False) -> Style:
    """The style of the thumb of the list's scroll bar, or of what it moves on."""
    styles = articles.styles
    background = styles.scrollbar_background
    if background.a < 1:
        background = articles.background_colors[0] + background
    if track:
        return Style(bgcolor=background.rich_color)
    colour = background + styles.scrollbar_color
    return Style.from_color(colour.rich_color, background.rich_color)


def _edges(app: BroadsheetApp) -> dict[str, Segment]:
    """The line that parts list and reader, beside the list and under it."""
    index = app.main.query_one("#index")
    behind, background = index.background_colors
    inner, outer = VisualStyle(background=behind + background), VisualStyle(background=behind)
    colour = Color.parse(app.get_css_variables()["border-blurred"])
    line = VisualStyle(foreground=behind + colour)
    return {
        "beside": get_box("vkey", inner, outer, line)[1][2],
        "under": get_box("hkey", inner, outer, line)[2][1],
    }


def _cells(painter: Painter, area: Area) -> tuple[list[list[str]], list[list[list[Any]]]]:
    """Pens and lines of an area of the screen, as `picture.Kept` has them."""
    numbers: dict[int, int] = {}
    lines: list[list[list[Any]]] = []
    for y in range(area.y, area.y + area.height):
        runs: list[list[Any]] = []
        for text, pen in zip(*painter.cells(area.x, y, area.width), strict=True):
            number = numbers.setdefault(pen, len(numbers))
            if not runs or runs[-1][1] != number:
                runs.append([[], number])
            runs[-1][0].append(text)
        lines.append(
            [["".join(run) if all(len(t) == 1 for t in run) else run, pen] for run, pen in runs]
        )
    pens = [painter.pens.pens[number] for number in numbers]
    return [[_sgr(pen), pen.link] for pen in pens], lines


def _sgr(pen: Pen) -> str:
    """SGR parameters of a pen."""
    return ";".join(filter(None, (*pen.attributes, pen.foreground, pen.background)))
