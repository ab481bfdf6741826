"""Colours of the table of 256 in place of those that are meant: short, near, and as well read."""

from __future__ import annotations

import pytest
from rich.color import ColorSystem
from rich.style import Style

from tui import themes
from tui.terminal.nearby import FIELD_LIMIT, contrast, near, table
from tui.terminal.pens import Pen, Pens


def rgb(colour):
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def seen(code):
    """What is seen of a colour that is sent."""
    kind, *rest = code.split(";")[1:]
    return table()[int(rest[0])] if kind == "5" else tuple(map(int, rest))


def test_the_table_is_that_of_xterm():
    assert table()[110] == (0x87, 0xAF, 0xD7)
    assert table()[231] == (255, 255, 255)
    assert (table()[232], table()[255]) == ((8, 8, 8), (238, 238, 238))
    assert sorted(table()) == list(range(22, 256))  # 16 to 21 are taken by base16-shell


def test_a_colour_of_the_table_is_itself():
    assert all(table()[near(colour, 0.001)] == colour for colour in table().values())


def test_a_colour_that_is_like_none_is_sent_as_it_is():
    assert near(rgb("#2b3a45"), FIELD_LIMIT) is None
    pens = Pens(ColorSystem.TRUECOLOR, nearby=True)
    pen = pens.pens[pens.of(Style.parse("bold #dfd9cc on #2b3a45"))]
    assert pen == Pen(("1",), "38;5;253", "48;2;43;58;69")


def test_without_a_link_all_colours_are_exact():
    pens = Pens(ColorSystem.TRUECOLOR)
    assert pens.pens[pens.of(Style.parse("#dfd9cc"))].foreground == "38;2;223;217;204"
    for number, colour in table().items():
        red, green, blue = colour
        pen = pens.pens[pens.of(Style.parse(f"on rgb({red},{green},{blue})"))]
        assert pen.background.startswith("48;5;"), number
        assert seen(pen.background) == colour
    assert pens.pens[pens.of(Style.parse("#000000"))].foreground == "38;2;0;0;0"


@pytest.mark.parametrize("theme", [t for t in themes.THEMES.values() if not t.ansi],
                         ids=lambda theme: theme.name)  # fmt: skip
def test_text_is_read_as_well_in_the_nearby_colours(theme):
    colours = {
        "ink": theme.foreground, "blue": theme.primary, "stone": theme.secondary,
        "gold": theme.accent, "green": theme.success, "red": theme.error,
        "quiet": theme.variables["text-muted"],
    }  # fmt: skip
    pens = Pens(ColorSystem.TRUECOLOR, nearby=True)
    for name, text in colours.items():
        for paper in (theme.background, theme.surface, theme.panel):
            pen = pens.pens[pens.of(Style.parse(f"{text} on {paper}"))]
            meant = contrast(rgb(text), rgb(paper))
            found = contrast(seen(pen.foreground), seen(pen.background))
            assert found >= min(7.0, meant) * 0.99, (name, text, paper, meant, found)
