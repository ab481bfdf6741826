"""How a cell is drawn, and the shortest way for a terminal from one manner to another.

A pen is what SGR (ECMA-48, 8.3.117) can set, and the link (OSC 8) of a cell.  Pens are numbered,
so that rows of cells are compared by whole lists of numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.color import ColorSystem
    from rich.style import Style

#: The code that takes away what an SGR code sets.
_OFF: Final = {
    "1": "22", "2": "22", "3": "23", "4": "24", "21": "24", "5": "25", "6": "25", "7": "27",
    "8": "28", "9": "29", "51": "54", "52": "54", "53": "55",
}  # fmt: skip
#: Attributes that are seen on a blank, too.
_SEEN_ON_BLANKS: Final = frozenset({"4", "21", "5", "6", "7", "9", "51", "52", "53"})
#: Parameters that follow "38" or "48", by the one that comes next.
_COLOUR_LENGTHS: Final = {"5": 2, "2": 4}

#: The table of 256 colours: what red, green and blue may be in its cube, which begins with number
#: 16, and the first of its numbers that can be relied on (see `nearby`).
LEVELS: Final = (0, 95, 135, 175, 215, 255)
FIRST: Final = 22

#: The number of the pen that sets nothing.
PLAIN: Final = 0

#: Pens from which on those that are seen no longer are forgotten: a theme has some 300, and every
#: link has its own.
_MANY: Final = 1_024
#: Styles whose pens are at hand: more than there are on a screen.
_MOST_STYLES: Final = 2_048


class Pen(NamedTuple):
    """One manner of drawing.

    Attributes:
        attributes: SGR codes without the colours, ascending.
        foreground: SGR parameters of the colour of the text, "" for the terminal's own.
        background: Likewise of what is behind it.
        link: What stands between OSC 8 and its end for the link of the cell: "id=…;URL", or "".
    """

    attributes: tuple[str, ...] = ()
    foreground: str = ""
    background: str = ""
    link: str = ""

    @property
    def on_blank(self) -> Pen:
        """The pen that draws a blank just as this one does."""
        if self.link or not _SEEN_ON_BLANKS.isdisjoint(self.attributes):
            return self
        return Pen(background=self.background)

    def with_short_colours(self) -> Pen:
        """The pen with shorter codes, where they are of the same colours."""
        return self._replace(
            foreground=_shorter(self.foreground), background=_shorter(self.background)
        )

    def with_nearby_colours(self) -> Pen:
        """The pen with shorter codes, where the eye hardly tells their colours from these."""
        from tui.terminal.nearby import FIELD_LIMIT, TEXT_LIMIT, near, table

        text, field = _rgb(self.foreground), _rgb(self.background)
        pen = self
        if field is not None and (number := near(field, FIELD_LIMIT)) is not None:
            pen = pen._replace(background=f"48;5;{number}")
            field = table()[number]
        if text is not None and (number := near(text, TEXT_LIMIT, field)) is not None:
            pen = pen._replace(foreground=f"38;5;{number}")
        return pen

    @property
    def erases(self) -> bool:
        """Whether erasing draws the same as a blank, where erasing fills with the background."""
        return not self.link and _SEEN_ON_BLANKS.isdisjoint(self.attributes)


class Pens:
    """The pens in use, by number, and the codes that change one into another.

    Attributes:
        pens: Pen by number; the first sets nothing.
        on_blank: For each pen the number of the one that draws blanks like it.
        erases: For each pen whether erasing draws blanks like it.
        filled: For each pen whether there is a colour behind its text.
        color_system: The colours of the terminal; may be given later.
    """

    def __init__(self, color_system: ColorSystem | None = None, *, nearby: bool = False) -> None:
        """Pens for a terminal.

        Args:
            color_system: The colours the terminal has; without them Rich's styles have no pens.
            nearby: Whether colours may give way to ones that look like them and are shorter.
        """
        self.color_system = color_system
        self._nearby = nearby
        self._numbers: dict[Pen, int] = {}
        self._styles: dict[Style, int] = {}
        self._changes: dict[tuple[int, int], str] = {}
        self._many = _MANY
        self.pens: list[Pen] = []
        self.on_blank: list[int] = []
        self.erases: list[bool] = []
        self.filled: list[bool] = []
        self.number(Pen())

    def allow_nearby(self, nearby: bool) -> None:
        """Whether styles asked for from now on may get the shorter colours."""
        if nearby != self._nearby:
            self._nearby = nearby
            self._styles.clear()

    def number(self, pen: Pen) -> int:
        """The number of a pen."""
        number = self._numbers.get(pen)
        if number is None:
            number = self._numbers[pen] = len(self.pens)
            self.pens.append(pen)
            self.erases.append(pen.erases)
            self.filled.append(bool(pen.background))
            self.on_blank.append(number)
            self.on_blank[number] = self.number(pen.on_blank)
        return number

    def of(self, style: Style) -> int:
        """The number of the pen for a Rich style."""
        number = self._styles.get(style)
        if number is None:
            if len(self._styles) >= _MOST_STYLES:
                self._styles.clear()
            number = self._styles[style] = self.number(self._pen(style))
        return number

    @property
    def many(self) -> bool:
        """Whether there are so many that those which are seen no longer should go."""
        return len(self.pens) > self._many

    def forget_soon(self) -> None:
        """Let those that are seen no longer go with the next frame, however few there are."""
        self._many = 0

    def keep(self, numbers: Iterable[int]) -> list[int]:
        """Forget all pens but some.

        Returns:
            The new number of each pen by its old one, `PLAIN` for those that are gone.
        """
        old, new = self.pens, [PLAIN] * len(self.pens)
        for known in (self._numbers, self._styles, self._changes):
            known.clear()
        self.pens, self.on_blank, self.erases, self.filled = [], [], [], []
        self.number(Pen())
        for number in sorted(numbers):
            new[number] = self.number(old[number])
        self._many = max(_MANY, 2 * len(self.pens))
        return new

    def _pen(self, style: Style) -> Pen:
        from textual.strip import Strip

        assert self.color_system is not None, "nothing of Rich is drawn before they are known"
        # What is rendered is kept, and every link would be once more.
        looks = style.clear_meta_and_links() if style.link or style.meta else style
        sgr = Strip.render_ansi(looks, self.color_system)
        # Rich numbers links at random; another process that draws the same must know it to be so.
        link = f"id={crc32(style.link.encode()):x};{style.link}" if style.link else ""
        pen = parsed(sgr.split(";") if sgr else (), link)
        return pen.with_nearby_colours() if self._nearby else pen.with_short_colours()

    def draws(self, pen: int, wanted: int, *, blank: bool) -> bool:
        """Whether a pen draws a text, or mere blanks, as the one that is wanted does."""
        return pen == wanted or (blank and self.on_blank[pen] == wanted)

    def change(self, old: int, new: int) -> str:
        """What to send so that a terminal that draws with `old` draws with `new`."""
        if old == new:
            return ""
        sequence = self._changes.get((old, new))
        if sequence is None:
            sequence = self._changes[old, new] = _change(self.pens[old], self.pens[new])
        return sequence


def parsed(codes: Iterable[str], link: str = "") -> Pen:
    """The pen that SGR parameters set, beginning with none."""
    attributes: set[str] = set()
    foreground = background = ""
    left = list(codes)
    while left:
        code = left.pop(0)
        colour = code
        if code in ("38", "48") and left:
            length = _COLOUR_LENGTHS.get(left[0], 1)
            colour = ";".join([code, *left[:length]])
            del left[:length]
        if code in ("38", "39") or code in _FOREGROUNDS:
            foreground = "" if code == "39" else colour
        elif code in ("48", "49") or code in _BACKGROUNDS:
            background = "" if code == "49" else colour
        else:
            attributes.add(code)
    return Pen(tuple(sorted(attributes)), foreground, background, link)


def _shorter(code: str) -> str:
    """An SGR code of a colour by its number in the table of 256, where that is the very colour."""
    rgb = _rgb(code)
    if rgb is None:
        return code
    red, green, blue = rgb
    number = 0
    if red == green == blue and red % 10 == 8 and red < 240:
        number = 232 + red // 10
    elif red in LEVELS and green in LEVELS and blue in LEVELS:
        number = 16 + 36 * LEVELS.index(red) + 6 * LEVELS.index(green) + LEVELS.index(blue)
    return f"{code[:2]};5;{number}" if number >= FIRST else code


def _rgb(code: str) -> tuple[int, int, int] | None:
    """The colour of an SGR code that tells red, green and blue."""
    _, *rest = code.split(";")
    if rest[:1] != ["2"] or len(rest) != 4:
        return None
    red, green, blue = map(int, rest[1:])
    return red, green, blue


_FOREGROUNDS: Final = frozenset(map(str, (*range(30, 38), *range(90, 98))))
_BACKGROUNDS: Final = frozenset(map(str, (*range(40, 48), *range(100, 108))))


def _change(old: Pen, new: Pen) -> str:
    """The shorter of two ways: taking away and adding, or beginning anew."""
    off = {_OFF.get(code, "0") for code in old.attributes if code not in new.attributes}
    kept = {code for code in old.attributes if _OFF.get(code, "0") not in off}
    codes = [*sorted(off), *(code for code in new.attributes if code not in kept)]
    if old.foreground != new.foreground:
        codes.append(new.foreground or "39")
    if old.background != new.background:
        codes.append(new.background or "49")
    anew = [c for c in ("0", *new.attributes, new.foreground, new.background) if c]
    sgr = ""
    if codes:
        ways = [";".join(anew) if anew != ["0"] else ""]
        if "0" not in off:
            ways.append(";".join(codes))
        sgr = f"\x1b[{min(ways, key=len)}m"
    if old.link != new.link:
        sgr += f"\x1b]8;{new.link or ';'}\x1b\\"
    return sgr
