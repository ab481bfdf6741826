"""The app's own themes: two dark, two light, one of high contrast, and the terminal's own colours.

Those with colours of their own are low in glare, like paper by day and by lamp, and still reach
WCAG 2 AAA: 7:1 for all text, and 4.5:1 for signs and lines that say something.  The tests in
`tests/tui/test_themes.py` measure both in the running app.  A new theme is one constant here and
its name in `THEMES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from textual.theme import BUILTIN_THEMES, Theme

from tui.options import nearest
from tui.terminal.profile import fitting as fitting


class Palette(NamedTuple):
    """The colours of a theme.

    Attributes:
        paper: Behind lists and articles.
        surface: Behind dialogs.
        panel: Behind the status line and what is typed into.
        ink: Text.
        quiet: Text that comes second.
        bright: Text on the cursor's row.
        cursor: The cursor's row.
        resting: The cursor's row while keys go elsewhere.
        selection: Text that is selected where one types.
        blue: Headings, keys, states.
        stone: Links and quotation bars.
        gold: Matches, stars, what is selected.
        green: Strings in code.
        red: Errors.
        edge: Frames.
        line: Lines that only part things.
        thumb: The moving part of a scroll bar.
        highlights: Behind passages marked yellow, green, blue and red.
        marked: Text in them.
    """

    paper: str
    surface: str
    panel: str
    ink: str
    quiet: str
    bright: str
    cursor: str
    resting: str
    selection: str
    blue: str
    stone: str
    gold: str
    green: str
    red: str
    edge: str
    line: str
    thumb: str
    highlights: tuple[str, str, str, str]
    marked: str


#: Variables of the style sheets for highlights; Textual's own themes have none (see `highlights`).
HIGHLIGHT_VARIABLES = (
    "highlight-yellow", "highlight-green", "highlight-blue", "highlight-red", "highlight-text",
)  # fmt: skip


def highlights(variables: Mapping[str, str]) -> dict[str, str]:
    """Colours of highlights for a theme that does not set them, mixed from those it has.

    Args:
        variables: The variables of the theme.
    """
    names = ("warning", "success", "primary", "error")
    mixed = [f"{variables[name]} 25%" for name in names]
    return dict(zip(HIGHLIGHT_VARIABLES, (*mixed, variables["foreground"]), strict=True))


def _theme(name: str, palette: Palette, *, dark: bool) -> Theme:
    """A theme that draws in `palette`."""
    p = palette
    return Theme(
        name=name,
        dark=dark,
        primary=p.blue,
        secondary=p.stone,
        accent=p.gold,
        success=p.green,
        warning=p.gold,
        error=p.red,
        foreground=p.ink,
        background=p.paper,
        surface=p.surface,
        panel=p.panel,
        boost="#ffffff06" if dark else "#00000006",
        variables={
            # Textual would mix these from the colours above, to another contrast.
            "text-primary": p.blue,
            "text-secondary": p.stone,
            "text-accent": p.gold,
            "text-success": p.green,
            "text-warning": p.gold,
            "text-error": p.red,
            "text-muted": p.quiet,
            "text-disabled": p.quiet,
            "foreground-muted": p.quiet,
            "foreground-disabled": p.quiet,
            "block-cursor-background": p.cursor,
            "block-cursor-foreground": p.bright,
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": p.resting,
            "block-cursor-blurred-foreground": p.ink,
            "border": p.edge,
            "border-blurred": p.line,
            "scrollbar": p.thumb,
            "scrollbar-hover": p.ink,
            "scrollbar-active": p.blue,
            "scrollbar-background": p.paper,
            "footer-background": p.surface,
            "footer-foreground": p.quiet,
            "footer-key-foreground": p.gold,
            "footer-description-foreground": p.quiet,
            "input-cursor-background": p.ink,
            "input-cursor-foreground": p.paper,
            "input-selection-background": p.selection,
            "input-selection-foreground": p.bright,
            "markdown-h1-color": p.bright,
            "markdown-h2-color": p.bright,
            "markdown-h3-color": p.gold,
            "link-color": p.blue,
            **dict(zip(HIGHLIGHT_VARIABLES, (*p.highlights, p.marked), strict=True)),
        },
    )


#: Warm, like a page under a lamp.
DARK = _theme(
    "broadsheet-dark",
    Palette(
        paper="#1a1917",
        surface="#201f1c",
        panel="#282623",
        ink="#dfd9cc",
        quiet="#b9b2a3",
        bright="#f4eee2",
        cursor="#2b3a45",
        resting="#2f2d29",
        selection="#34444f",
        blue="#93b8d0",
        stone="#bbb29d",
        gold="#d9b26a",
        green="#9dbf8a",
        red="#e8a197",
        edge="#718b9c",
        line="#3a3732",
        thumb="#8e8779",
        highlights=("#5a4a12", "#24502f", "#264a6e", "#6e2f35"),
        marked="#f4eee2",
    ),
    dark=True,
)

#: Cool and dark.
SLATE = _theme(
    "broadsheet-slate",
    Palette(
        paper="#14181f",
        surface="#1a1f27",
        panel="#212732",
        ink="#d9dfe8",
        quiet="#abb4c3",
        bright="#f2f5fa",
        cursor="#2c3d57",
        resting="#272d38",
        selection="#34496a",
        blue="#8fb8ee",
        stone="#a8b5c8",
        gold="#e0bd78",
        green="#93cba0",
        red="#f19ea1",
        edge="#7089af",
        line="#333b48",
        thumb="#7e8897",
        highlights=("#5c4c14", "#1f5236", "#23497e", "#712f3d"),
        marked="#f2f5fa",
    ),
    dark=True,
)

#: Warm, like a page by day.
LIGHT = _theme(
    "broadsheet-light",
    Palette(
        paper="#faf6ec",
        surface="#f4efe3",
        panel="#ece6d8",
        ink="#2b2924",
        quiet="#4f493c",
        bright="#14130f",
        cursor="#d5e0e8",
        resting="#e9e2d2",
        selection="#d5e0e8",
        blue="#254d66",
        stone="#504939",
        gold="#674105",
        green="#305221",
        red="#832b22",
        edge="#576e7d",
        line="#d8d0be",
        thumb="#716b5e",
        highlights=("#f4df7e", "#bfe3a9", "#b9d9f2", "#f5c4bb"),
        marked="#14130f",
    ),
    dark=False,
)

#: Cool and light.
MIST = _theme(
    "broadsheet-mist",
    Palette(
        paper="#fcfdfe",
        surface="#f4f6f9",
        panel="#e9edf2",
        ink="#1f2630",
        quiet="#444d5b",
        bright="#0b0f15",
        cursor="#cfdff5",
        resting="#e3e8ef",
        selection="#cfdff5",
        blue="#1b4c91",
        stone="#424d62",
        gold="#6e4300",
        green="#1c582f",
        red="#942028",
        edge="#53709c",
        line="#cdd4de",
        thumb="#67707d",
        highlights=("#f7e483", "#bce8bd", "#b9dafb", "#fac6c9"),
        marked="#0b0f15",
    ),
    dark=False,
)

#: As far apart as colours get: 10:1 for all text.
CONTRAST = _theme(
    "broadsheet-contrast",
    Palette(
        paper="#000000",
        surface="#000000",
        panel="#1c1c1c",
        ink="#ffffff",
        quiet="#e6e6e6",
        bright="#000000",
        cursor="#ffffff",
        resting="#3a3a3a",
        selection="#ffffff",
        blue="#9bd4ff",
        stone="#dcdcdc",
        gold="#ffd75f",
        green="#9df09d",
        red="#ffb8b8",
        edge="#ffffff",
        line="#9a9a9a",
        thumb="#dcdcdc",
        highlights=("#4a3c00", "#0f4a1c", "#10407a", "#701f27"),
        marked="#ffffff",
    ),
    dark=True,
)

#: The colours of the terminal and its own background: whatever the person set there holds, and the
#: codes are the shortest there are.  Of the sixteen only magenta can be read on black and on white,
#: and black on cyan anywhere; what else there is to tell is told by bold, underline and reversing.
TERMINAL = Theme(
    name="broadsheet-terminal",
    ansi=True,
    primary="ansi_default",
    secondary="ansi_default",
    warning="ansi_magenta",
    error="ansi_magenta",
    success="ansi_default",
    accent="ansi_magenta",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    dark=True,
    variables={
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "border": "ansi_default",
        "border-blurred": "ansi_bright_black",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_cyan",
        "block-cursor-text-style": "none",
        "footer-key-foreground": "ansi_default",
        "input-cursor-text-style": "reverse",
        "input-selection-background": "ansi_cyan",
        "input-selection-foreground": "ansi_black",
        "scrollbar": "ansi_bright_black",
        "scrollbar-hover": "ansi_default",
        "scrollbar-active": "ansi_default",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
    },
)

THEMES = {theme.name: theme for theme in (DARK, SLATE, LIGHT, MIST, CONTRAST, TERMINAL)}

#: Short names for the config and the environment.
ALIASES = {name.removeprefix("broadsheet-"): name for name in THEMES}


def resolve(name: str) -> str:
    """The full name of a theme of the app or of Textual, given by its full or short name.

    Raises:
        ValueError: There is none of that name; the message tells which one
            may be meant, or those of the app.
    """
    full = ALIASES.get(name, name)
    if full not in THEMES and full not in BUILTIN_THEMES:
        hint = nearest(name, ALIASES) or f"; there are {', '.join(ALIASES)}"
        raise ValueError(f"no theme is called {name!r}{hint}")
    return full
