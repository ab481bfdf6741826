"""The app's own themes: dark, light, and the terminal's own colours.

The two with colours of their own are warm and low in glare, like paper by day and by lamp.
Every pair that text is drawn in reaches WCAG 2.1 AA (4.5:1); `tests/tui/test_themes.py`
measures them.  A new theme is one constant here and its name in `THEMES`.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

from tui.terminal.profile import Link

DARK = Theme(
    name="broadsheet-dark",
    primary="#93b8d0",
    secondary="#a9a18f",
    accent="#d9b26a",
    success="#9dbf8a",
    warning="#d9b26a",
    error="#e5958a",
    foreground="#ddd6c8",
    background="#1c1b19",
    surface="#23221f",
    panel="#2a2825",
    boost="#ffffff06",
    dark=True,
    variables={
        "text-muted": "#b2aa9a",
        "text-disabled": "#a9a191",
        "foreground-muted": "#b2aa9a",
        "foreground-disabled": "#a9a191",
        "block-cursor-background": "#2f3a43",
        "block-cursor-foreground": "#f4eee2",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#2f2d29",
        "block-cursor-blurred-foreground": "#ddd6c8",
        "border": "#6c8799",
        "border-blurred": "#3a3732",
        "scrollbar": "#4a463f",
        "scrollbar-hover": "#5b564d",
        "scrollbar-active": "#93b8d0",
        "scrollbar-background": "#1c1b19",
        "footer-background": "#23221f",
        "footer-foreground": "#b2aa9a",
        "footer-key-foreground": "#d9b26a",
        "footer-description-foreground": "#b2aa9a",
        "input-cursor-background": "#ddd6c8",
        "input-cursor-foreground": "#1c1b19",
        "input-selection-background": "#3b4a55",
        "markdown-h1-color": "#f4eee2",
        "markdown-h2-color": "#f4eee2",
        "markdown-h3-color": "#d9b26a",
        "link-color": "#93b8d0",
    },
)

LIGHT = Theme(
    name="broadsheet-light",
    primary="#2c5a78",
    secondary="#625a48",
    accent="#7c4f06",
    success="#3f6b2b",
    warning="#7c4f06",
    error="#a2352a",
    foreground="#2b2924",
    background="#faf6ec",
    surface="#f3eee2",
    panel="#ece6d8",
    boost="#00000006",
    dark=False,
    variables={
        "text-muted": "#5e5748",
        "text-disabled": "#655e4f",
        "foreground-muted": "#5e5748",
        "foreground-disabled": "#655e4f",
        "block-cursor-background": "#d9e2e8",
        "block-cursor-foreground": "#14130f",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#ebe5d6",
        "block-cursor-blurred-foreground": "#2b2924",
        "border": "#6c8799",
        "border-blurred": "#d8d0be",
        "scrollbar": "#c9c0ac",
        "scrollbar-hover": "#b5ab95",
        "scrollbar-active": "#2c5a78",
        "scrollbar-background": "#faf6ec",
        "footer-background": "#f3eee2",
        "footer-foreground": "#5e5748",
        "footer-key-foreground": "#7c4f06",
        "footer-description-foreground": "#5e5748",
        "input-cursor-background": "#2b2924",
        "input-cursor-foreground": "#faf6ec",
        "input-selection-background": "#d9e2e8",
        "markdown-h1-color": "#14130f",
        "markdown-h2-color": "#14130f",
        "markdown-h3-color": "#7c4f06",
        "link-color": "#2c5a78",
    },
)

#: The sixteen colours of the terminal and its own background: whatever the person set there
#: holds, and the codes are the shortest there are.
TERMINAL = Theme(
    name="broadsheet-terminal",
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_cyan",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_green",
    accent="ansi_yellow",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    dark=True,
    variables={
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "border": "ansi_blue",
        "border-blurred": "ansi_bright_black",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_cyan",
        "block-cursor-text-style": "none",
        "footer-key-foreground": "ansi_cyan",
        "input-cursor-text-style": "reverse",
        "input-selection-background": "ansi_blue",
        "input-selection-foreground": "ansi_white",
    },
)

THEMES = {theme.name: theme for theme in (DARK, LIGHT, TERMINAL)}

#: Short names for the config and the environment.
ALIASES = {"dark": DARK.name, "light": LIGHT.name, "terminal": TERMINAL.name}


def resolve(name: str) -> str:
    """The full name of a theme given by its full or short name; "" when there is none."""
    name = ALIASES.get(name, name)
    return name if name in THEMES else ""


def fitting(environ: Mapping[str, str], link: Link) -> str:
    """A theme for this terminal, as far as it can be known without asking it.

    COLORFGBG ("15;0": foreground;background, set by rxvt, konsole and others) names a light
    background by 7 or 9 to 15.  A slow link, and a terminal of 16 colours, get the terminal's
    own colours.
    """
    if link is Link.SLOW or environ.get("TERM", "") in ("linux", "vt100", "vt220", "screen"):
        return TERMINAL.name
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    if background == "7" or (background.isdecimal() and 9 <= int(background) <= 15):
        return LIGHT.name
    return DARK.name
