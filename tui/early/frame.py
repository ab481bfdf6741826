"""The first frame, from the look and the index."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from store import Glance, Known, Signs, glance, is_new
from tui.early import look as looks
from tui.early.look import Look
from tui.early.moving import EarlyMoves
from tui.early.picture import Kept, Picture, fits
from tui.terminal.painter import Painter, fills_erased
from tui.terminal.pens import Pens
from tui.widgets.geometry import SMALLEST, panes

#: Text and links without controls.
_SAFE: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f]{0,4096}")
_SGR: Final = re.compile(r"[0-9;:]{0,80}")
_SHOW_CURSOR: Final = "\x1b[?25h"


class FirstFrame(NamedTuple):
    """What is to be on the screen first.

    Attributes:
        painter: Wants the frame.
        link: The link that it is drawn for.
        picture: Draws it with the cursor on another row.
        look: How it looks, and the keys that move the cursor.
    """

    painter: Painter
    link: str
    picture: Picture
    look: Look

    def paint(self) -> str:
        """What to send so that it is on the screen."""
        text = self.painter.paint(self.picture.reading)
        return text if self.picture.reading is None else f"{text}{_SHOW_CURSOR}"

    def moves(self, paint: Callable[[], None]) -> EarlyMoves | None:
        """What moves the cursor; None where the first key has more to do than that.

        Args:
            paint: Sends what the painter wants.
        """
        if self.look.notice[0] or not self.picture.total:
            return None  # a key takes it away, and may bring another; or there is nowhere to go

        def moved(before: int, after: int) -> None:
            self.picture.move(before, after)
            paint()

        down, up = self.look.moves
        last = self.picture.last
        whole = last + 1 == self.picture.total
        return EarlyMoves(down, up, last=last, whole=whole, moved=moved)


def first_frame(
    library: str, settings: str, flags: Sequence[str], size: tuple[int, int]
) -> FirstFrame | None:
    """The first frame; None where something about it is not known.

    Args:
        library: The library file.
        settings: What the look depends on, see `look.settings`.
        flags: The options given, see `start.Order`.
        size: Columns and lines of the terminal.
    """
    width, height = size
    if width < SMALLEST[0] or height < SMALLEST[1]:
        return None
    look = looks.load(settings)
    if look is None:
        from tui.early.shipped import shipped

        look = shipped(os.environ, flags)
    if look is None:
        return None
    known = looks.load_json(name_of_library(library))
    seen = glance(library, height, known=known_of(known, look.sort), sort=look.sort)
    if seen is None:
        if not is_new(library) or any(flags[2:3]):
            return None
        seen = Glance((), 0, Signs("", ""), "", holds_any=False)
    empty = "" if seen.holds_any else library
    if not seen.rows and (not empty or os.path.normpath(library) != library):
        return None  # all are in the trash, or the app writes the path in another way
    now = datetime.now()
    kept = _kept(known, [looks.name_of(settings), width, height, seen.first])
    reader = panes(width, height, layout=look.layout, share=look.share).reader
    if kept is not None and (reader is None or not fits(reader, kept)):
        kept = None
    painter = Painter(Pens(), fills=fills_erased(os.environ))
    painter.resize(width, height)
    picture = Picture(painter, look, seen.rows, seen.total, now=now, kept=kept, empty=empty)
    try:
        picture.draw()
    except (KeyError, ValueError):
        return None
    return FirstFrame(painter, look.link, picture, look)


def name_of_library(library: str) -> str:
    """Name of the file of what is kept of a library: how many articles, and the newest one."""
    return f"library-{looks.digest(os.fsencode(os.path.realpath(library)))}.json"


def known_of(known: Any, sort: str) -> Known | None:
    """How many articles the library had, and the first ones, if they were in this order."""
    try:
        signs, total = Signs(*known["signs"]), known["total"]
        order, first = known["first"]
    except (TypeError, KeyError, ValueError):
        return None
    if not isinstance(total, int) or not all(isinstance(id, int) for id in first):
        return None
    return Known(signs, total, first if order == sort else ())


def readers_of(known: Any) -> list[tuple[list[Any], list[Any]]]:
    """The readers kept of a library, the newest first: what each is about, and its cells."""
    try:
        return [(list(about), list(kept)) for about, kept in known["readers"] if about]
    except (TypeError, KeyError, ValueError):
        return []


def _kept(known: Any, about: list[Any]) -> Kept | None:
    """The reader as it was shown, if it was of this article in this state and on this screen."""
    found = next((kept for each, kept in readers_of(known) if each == about), None)
    if found is None:
        return None
    try:
        kept = Kept(*found)
        pens = len(kept.pens)
        sound = (
            all(_SGR.fullmatch(codes) and _SAFE.fullmatch(link) for codes, link in kept.pens)
            and _SAFE.fullmatch(kept.right)
            and all(
                0 <= pen < pens and all(map(_SAFE.fullmatch, text))
                for line in kept.lines
                for text, pen in line
            )
        )
    except (TypeError, ValueError):
        return None
    return kept if sound else None
