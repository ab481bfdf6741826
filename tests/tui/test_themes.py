"""The themes: their contrast, and which one fits a terminal."""

from __future__ import annotations

import pytest
from textual.color import Color

from tui import themes
from tui.terminal.profile import Link
from tui.themes import DARK, LIGHT, TERMINAL, fitting

#: Least contrast of text, WCAG 2.1 AA.
AA = 4.5

INKS = (
    "foreground", "text-muted", "text-disabled", "foreground-muted", "primary", "secondary",
    "accent", "success", "warning", "error", "text-primary", "text-secondary", "text-accent",
    "text-success", "text-warning", "text-error", "footer-key-foreground", "link-color",
    "markdown-h1-color", "markdown-h2-color", "markdown-h3-color",
)  # fmt: skip
PAPERS = ("background", "surface", "panel", "block-cursor-background")


def luminance(color: Color) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    channels = [value / 255 for value in color.rgb]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: Color, paper: Color) -> float:
    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("ink", INKS)
def test_text_reaches_aa_on_every_paper(theme, ink):
    colors = theme.to_color_system().generate()
    for paper in PAPERS:
        assert contrast(Color.parse(colors[ink]), Color.parse(colors[paper])) >= AA, paper


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_text_on_the_cursor_and_the_selection_reaches_aa(theme):
    colors = theme.to_color_system().generate()
    for ink, paper in (
        ("block-cursor-foreground", "block-cursor-background"),
        ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
        ("input-cursor-foreground", "input-cursor-background"),
        ("foreground", "input-selection-background"),
    ):
        assert contrast(Color.parse(colors[ink]), Color.parse(colors[paper])) >= AA, ink


@pytest.mark.parametrize(
    ("environ", "link", "theme"),
    [
        ({}, Link.LOCAL, DARK),
        ({"COLORFGBG": "15;0"}, Link.LOCAL, DARK),
        ({"COLORFGBG": "0;15"}, Link.LOCAL, LIGHT),
        ({"COLORFGBG": "0;default;7"}, Link.SSH, LIGHT),
        ({"COLORFGBG": "default"}, Link.LOCAL, DARK),
        ({"TERM": "linux"}, Link.LOCAL, TERMINAL),
        ({"COLORFGBG": "0;15"}, Link.SLOW, TERMINAL),
    ],
)
def test_a_theme_is_found_that_fits_the_terminal(environ, link, theme):
    assert fitting(environ, link) == theme.name


def test_themes_have_short_names():
    assert {themes.ALIASES[name] for name in ("dark", "light", "terminal")} == set(themes.THEMES)
