"""The themes: the contrast of everything drawn in them, and which one fits a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from app_harness import articles, fill, press, running, screen, settle
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.color import Color
from textual.screen import ModalScreen
from textual.widget import Widget

from store import COLOURS, Article, Highlight, Library, Row
from tui import themes
from tui.config import Config
from tui.terminal.ascii import in_ascii
from tui.terminal.profile import Link
from tui.themes import CONTRAST, DARK, LIGHT, TERMINAL, THEMES, fitting
from tui.typeset.draw import CURSOR
from tui.typeset.model import Role
from tui.widgets.component_style import component_style
from tui.widgets.glyphs import ASCII, UNICODE
from tui.widgets.reader_styles import style_sheet

#: Least contrast of text (WCAG 2, level AAA), and of signs and lines that say something.
TEXT = 7.0
SIGN = 4.5

COLOURED = [theme for theme in THEMES.values() if theme is not TERMINAL]

#: Cells that only part one thing from another: the line between two panes, code's background.
DECORATION = set("▕▏")

#: Component classes that draw signs and lines, no text, and how those of the app begin.
SIGNS = {"reader--bar", "reader--rule", "list--state", "list--star", "list--mark"}
OURS = (
    "list--", "reader--", "status--", "key-bar--", "completion--", "empty--", "select-bar--",
)  # fmt: skip

#: What the typesetter draws lines with, and how many marks text may have.
LINES = {Role.RULE, Role.BAR}
MARKS = 12

#: Every kind of text the reader knows.
ALL_MARKS = """\
# A part of it

Plain, *emphasis*, **strong**, `code of boats`, ~~struck~~, a [link to boats](https://e.example)
and a note.[^1]

## Section

### Smaller

#### Fourth

##### Fifth

###### Sixth

![A picture of boats](https://quay.example/boats.png "From the quay")

Boats
: What this is about.

- [x] done

> A quotation of boats.
>
> - with a list
>   1. in it

```python
# a comment on boats
@decorated
def name(argument: str = "boats") -> int:
    return 42 if argument else None
```

| head | of boats |
|------|----------|
| cell | `code`   |

---

[^1]: The note on boats, with a [link](https://n.example).
"""

#: Scene -> the keys that lead to it.
SCENES = {
    "list": ["j", "x", "j", "s", "x", "j", "r"],
    "reader": ["enter"],
    "search": ["slash", *"boats", "enter"],
    "search_typing": ["slash", *"boat"],
    "search_nothing": ["slash", *"zzqx"],
    "search_help": ["slash"],
    "completion": ["slash", *"is:"],
    "match": ["slash", *"boats", "enter", "enter"],
    "find": ["enter", "slash", *"boats"],
    "find_nothing": ["enter", "slash", *"zzqx"],
    "views": ["f"],
    "order": ["S"],
    "tags": ["t", "h"],
    "details": ["i"],
    "help": ["question_mark"],
    "palette": ["colon", "t", "h"],
    "notice": ["s"],
    "selecting": ["enter", "v", "right_parenthesis"],
    "highlighted": ["enter", "v", "e", "h", "v", "right_parenthesis", "3"],
    "note": ["enter", "v", "e", "i", "a"],
    "colours": ["enter", "v", "e", "c"],
    "highlights": ["H"],
}


def luminance(color: Color) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [value / 255 for value in color.rgb]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: Color, paper: Color) -> float:
    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def contrast_of(style: Style) -> float:
    """Contrast of what is drawn in `style`; no theme with colours leaves one open."""
    assert style.color is not None, style
    assert style.bgcolor is not None, style
    assert not style.dim, f"{style}: how dim it gets is the terminal's to say"
    pair = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
    return contrast(*pair)


def drawn(app) -> Iterator[tuple[str, Style]]:
    """Everything on the screen that is not blank."""
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            if segment.text.strip() and segment.style is not None:
                yield segment.text.strip(), segment.style


def faint(text: str, style: Style, least: float) -> str:
    """What is wrong with the contrast of `text`, if anything."""
    if set(text) <= DECORATION:
        return ""
    is_text = any(unicodedata.category(character)[0] in "LN" for character in text)
    least = least if is_text else SIGN
    found = contrast_of(style)
    return "" if found >= least else f"{text[:30]!r} {style}: {found:.2f} < {least}"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.json"
    first = Article(
        title="All about boats", body=ALL_MARKS, author="Ada Reyes", site="quay.example",
        url="https://quay.example/boats", published="2026-11-21", saved="2026-11-21T09:00:00Z",
        tags=("harbour",), type="markdown", words=90,
    )  # fmt: skip
    fill(path, [first, *articles()])
    with Library(path) as library:
        for colour, quote in zip(COLOURS, ("Plain", "strong", "code of", "a link"), strict=True):
            library.highlight(Highlight(1, quote, "a note on it", colour))
        library.highlight(Highlight(1, "words of another edition", made="2026-11-21"))
    return path


async def show(app, pilot, theme: str, keys: list[str]) -> None:
    """Go through a scene from the list on, as a dialog keeps the colours it was opened with."""
    app.theme = theme
    await press(pilot, *keys)


@pytest.mark.parametrize("keys", SCENES.values(), ids=SCENES)
async def test_everything_on_the_screen_has_the_contrast_of_its_kind(path, keys):
    async with running(path, size=(160, 50)) as (app, pilot):
        dialog = False
        for theme in COLOURED:
            if theme is COLOURED[0] or dialog:
                await show(app, pilot, theme.name, keys)
                dialog = isinstance(app.screen, ModalScreen)
            else:
                app.theme = theme.name
                await settle(pilot)
            least = 10.0 if theme is CONTRAST else TEXT
            wrong = {faint(text, style, least) for text, style in drawn(app)} - {""}
            assert not wrong, f"{theme.name}: " + "; ".join(sorted(wrong))
            if dialog:
                await press(pilot, "escape")


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
async def test_every_component_has_the_contrast_of_text(path, theme):
    """Also those that no scene shows: all styles, on the background of their own widget."""
    async with running(path, size=(160, 50), config=Config(theme=theme.name)) as (app, pilot):
        await press(pilot, "slash", *"boats", "enter")
        app.main.empty.display = False  # made where there are no articles at all
        await settle(pilot)
        seen: set[str] = set()
        for widget in app.screen.walk_children(Widget):
            for name in widget.COMPONENT_CLASSES:
                if not name.startswith(OURS) or name in SIGNS:
                    continue
                seen.add(name)
                found = contrast_of(component_style(widget, name))
                assert found >= TEXT, f"{widget} {name}: {found:.2f}"
        assert {name.partition("--")[0] + "--" for name in seen} == set(OURS)
        sheet = style_sheet(app.main.reader)
        for role in Role:
            for marks in (*(1 << bit for bit in range(MARKS)), 0):
                for lit in range(CURSOR + 1):
                    found = contrast_of(sheet.style(role, marks, "", lit))
                    assert found >= (SIGN if role in LINES else TEXT), f"{role} {marks} {lit}"


#: xterm's colours that the theme of the terminal's own colours may draw with.
XTERM = {
    "color(0)": "#000000", "color(2)": "#00cd00", "color(3)": "#cdcd00", "color(5)": "#cd00cd",
    "color(6)": "#00cdcd", "color(8)": "#7f7f7f", "color(13)": "#ff00ff",
}  # fmt: skip


@pytest.mark.parametrize("keys", SCENES.values(), ids=SCENES)
async def test_the_terminals_own_colours_can_be_read_on_black_and_on_white(path, keys):
    async with running(path, size=(160, 50), config=Config(theme="terminal")) as (app, pilot):
        await press(pilot, *keys)
        for text, style in drawn(app):
            least = 4.4 if any(map(str.isalnum, text)) else 3.5
            for own in (("#e5e5e5", "#000000"), ("#000000", "#ffffff")):
                ink, paper = (
                    Color.parse(default if part is None or part.is_default else XTERM[part.name])
                    for part, default in zip((style.color, style.bgcolor), own, strict=True)
                )
                assert contrast(ink, paper) >= least, f"{text!r} {style}"


def coloured(style: Style) -> bool:
    return any(part is not None and not part.is_default for part in (style.color, style.bgcolor))


@pytest.mark.parametrize(
    "scene",
    ["search", "match", "completion", "views", "palette", "help", "selecting", "highlights"],
)
async def test_with_no_color_the_same_is_there_and_nothing_is_coloured(path, scene, monkeypatch):
    async with running(path, size=(160, 50), config=Config(theme="terminal")) as (app, pilot):
        await press(pilot, *SCENES[scene])
        before = screen(app)
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(path, size=(160, 50), config=Config(theme="light")) as (app, pilot):
        await press(pilot, *SCENES[scene])
        assert [text for text, style in drawn(app) if coloured(style)] == []
        assert screen(app) == before


async def test_the_cursor_a_match_and_a_selection_show_without_colour(path, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(path) as (app, pilot):
        await press(pilot, "x", "g", "j")
        strips = app.screen._compositor.render_strips()
        reversed_ = [any(s.style.reverse for s in strip if s.style) for strip in strips]
        assert reversed_[:3] == [False, True, False]
        assert screen(app)[0].startswith("✓")
        await press(pilot, "slash", *"boats")
        lit = [style for text, style in drawn(app) if text == "boats"]
        assert any(style.underline and style.bold for style in lit)


async def test_highlights_selection_and_cursor_show_without_colour(path, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(path, size=(80, 40)) as (app, pilot):
        await press(pilot, "enter")
        assert any(line.startswith("y* Plain") for line in screen(app))
        assert dict(drawn(app))["Plain"].underline
        await press(pilot, "v", *["right_curly_bracket"] * 2)
        assert any(style.reverse for text, style in drawn(app) if "emphasis" in text)
        cursor = [style for text, style in drawn(app) if style.bold and style.underline]
        assert cursor and not cursor[0].reverse


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_every_state_has_a_sign_of_its_own(glyphs):
    row = Row(1, "", "", "", "", "", 100, False, False, False, False, False, 0.0, ())
    states = [
        row, row._replace(read=True), row._replace(stub=True), row._replace(archived=True),
        row._replace(trashed=True), *(row._replace(progress=part / 4) for part in (1, 2, 3)),
    ]  # fmt: skip
    signs = [glyphs.state(state) for state in states]
    assert len(set(signs)) == len(states)
    assert all(cell_len(sign) == 1 for sign in (*signs, glyphs.starred, glyphs.selected))


@pytest.mark.parametrize(
    "scene", ["list", "reader", "completion", "views", "help", "selecting", "highlights"]
)
async def test_a_terminal_without_utf8_gets_ascii_alone_in_the_same_cells(path, scene, monkeypatch):
    monkeypatch.setenv("LANG", "C")
    async with running(path, size=(100, 40)) as (app, pilot):
        await press(pilot, *SCENES[scene])
        strips = app.screen._compositor.render_strips()
        assert all(segment.text.isascii() for strip in strips for segment in strip)
        assert {strip.cell_length for strip in strips} == {100}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("plain", "plain"),
        ("Überblick: æon, naïve", "Uberblick: aon, naive"),
        ("cafe\u0301", "cafe"),
        ("“it’s” – so…", '"it\'s" - so.'),
        ("港の", "????"),
        ("╭─╮│", "+-+|"),
        ("a\u200bb", "ab"),
        ("½ ﬁ", "1 f"),
    ],
)
def test_text_in_ascii_keeps_its_letters_and_its_width(text, plain):
    assert in_ascii(text) == plain


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_text_in_ascii_takes_as_many_cells(text):
    assert in_ascii(text).isascii()
    assert len(in_ascii(text)) == cell_len(text)


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


def test_there_are_two_light_and_two_dark_themes_one_of_high_contrast_and_the_terminals_own():
    assert [(name, theme.dark) for name, theme in zip(themes.ALIASES, THEMES.values(), strict=True)
            ] == [("dark", True), ("slate", True), ("light", False), ("mist", False),
                  ("contrast", True), ("terminal", True)]  # fmt: skip


def test_a_theme_is_named_by_its_short_or_full_name_and_textuals_own_by_theirs():
    assert themes.resolve("mist") == themes.resolve("broadsheet-mist") == "broadsheet-mist"
    assert themes.resolve("nord") == "nord"
    with pytest.raises(ValueError, match="no theme is called 'miss'; did you mean 'mist'"):
        themes.resolve("miss")
    with pytest.raises(ValueError, match="there are dark, slate, light, mist, contrast, terminal"):
        themes.resolve("paper")
