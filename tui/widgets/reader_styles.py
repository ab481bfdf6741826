"""How the reader looks: its CSS, and the style sheet that typesetting draws with."""

from __future__ import annotations

from dataclasses import fields

from rich.style import Style
from textual.widget import Widget

from tui.typeset.styles import StyleSheet

#: Component class of each style of the sheet; themes and app CSS may restyle any of them.
COMPONENTS: dict[str, str] = {
    field.name: "reader--" + field.name.replace("_", "-")
    for field in fields(StyleSheet)
    if field.name not in ("text", "hyperlinks")
}
#: Also for all headings at once, before the class of the level.
HEADING = "reader--heading"
HINT = "reader--dim"
#: The letters on links.
LABEL = "reader--label"
#: Laid over text of any colour, with a background of their own: they bring the colour that can be
#: read on it.
_LIT = (
    "match",
    "match_current",
    "highlight_yellow",
    "highlight_green",
    "highlight_blue",
    "highlight_red",
    "selected",
    "cursor",
)

#: Colours say nothing that bold, italic, lines or indentation do not say as well.
CSS = """
ArticleView {
    width: 1fr;
    height: 1fr;
    background: $background;
    color: $foreground;
    overflow-x: hidden;
    overflow-y: scroll;
    scrollbar-size-vertical: 1;
    scrollbar-color: $foreground 70%;
    scrollbar-color-hover: $foreground 85%;
    scrollbar-color-active: $primary;
    scrollbar-background: $background;
    scrollbar-background-hover: $background;
    scrollbar-background-active: $background;

    & > .reader--heading { color: $text-primary; text-style: bold; }
    & > .reader--title { color: $text-primary; text-style: bold; }
    & > .reader--byline { color: $text-muted; }
    & > .reader--heading-4 { text-style: bold italic; }
    & > .reader--heading-5 { text-style: not bold italic underline; }
    & > .reader--heading-6 { text-style: not bold italic; }
    & > .reader--quote { color: $foreground 85%; }
    & > .reader--bar { color: $text-secondary; }
    & > .reader--marker { color: $text-secondary; }
    & > .reader--rule { color: $foreground 70%; }
    & > .reader--caption { color: $text-muted; text-style: italic; }
    & > .reader--code-block { background: $foreground 6%; }
    & > .reader--code { color: $text-warning; background: $foreground 6%; }
    & > .reader--table-head { text-style: bold; }
    & > .reader--note-text { color: $foreground 85%; }
    & > .reader--strong { text-style: bold; }
    & > .reader--emphasis { text-style: italic; }
    & > .reader--strike { text-style: strike; color: $text-muted; }
    & > .reader--link { color: $text-secondary; text-style: underline; }
    & > .reader--note { color: $text-accent; }
    & > .reader--faint { color: $text-muted; }
    & > .reader--dim { color: $text-muted; }
    & > .reader--keyword { color: $text-primary; text-style: bold; }
    & > .reader--name { color: $text-secondary; }
    & > .reader--string { color: $text-success; }
    & > .reader--number { color: $text-warning; }
    & > .reader--comment { color: $text-muted; text-style: italic; }
    & > .reader--match { background: $warning 20%; color: $foreground; text-style: underline; }
    & > .reader--match-current { background: $warning; color: auto; text-style: bold; }
    & > .reader--focus { text-style: reverse; }
    & > .reader--label { background: $warning; color: auto; text-style: bold; }
    /* The app's own themes have colours for these: see main.tcss. */
    & > .reader--highlight-yellow { background: $warning 25%; color: $foreground; }
    & > .reader--highlight-green { background: $success 25%; color: $foreground; }
    & > .reader--highlight-blue { background: $primary 25%; color: $foreground; }
    & > .reader--highlight-red { background: $error 25%; color: $foreground; }
    & > .reader--selected {
        background: $input-selection-background;
        color: $input-selection-foreground;
    }
    & > .reader--cursor { background: $primary; color: $background; }

    &:ansi {
        & > .reader--highlight-yellow { background: ansi_yellow; }
        & > .reader--highlight-green { background: ansi_green; }
        & > .reader--highlight-blue { background: ansi_cyan; }
        & > .reader--highlight-red { background: ansi_bright_magenta; }
        & > .reader--highlight-yellow, & > .reader--highlight-green,
        & > .reader--highlight-blue, & > .reader--highlight-red {
            color: ansi_black;
            text-style: not dim underline;
        }
        & > .reader--selected {
            background: ansi_default;
            color: ansi_default;
            text-style: not dim reverse;
        }
        & > .reader--cursor {
            background: ansi_default;
            color: ansi_default;
            text-style: bold not dim underline;
        }
        scrollbar-color: ansi_bright_black;
        scrollbar-color-hover: ansi_default;
        & > .reader--byline, & > .reader--rule, & > .reader--faint, & > .reader--dim {
            color: ansi_default;
            text-style: dim;
        }
        & > .reader--caption, & > .reader--comment { color: ansi_default; text-style: dim italic; }
        & > .reader--strike { color: ansi_default; text-style: dim strike; }
        & > .reader--quote, & > .reader--note-text { color: ansi_default; }
        & > .reader--code-block { background: ansi_default; }
        & > .reader--code { color: ansi_magenta; background: ansi_default; }
        & > .reader--match {
            background: ansi_default;
            color: ansi_default;
            text-style: not dim reverse;
        }
        & > .reader--match-current {
            background: ansi_default;
            color: ansi_magenta;
            text-style: bold not dim reverse;
        }
        & > .reader--label {
            background: ansi_default;
            color: ansi_default;
            text-style: bold reverse;
        }
    }

    &:nocolor {
        & > .reader--title, & > .reader--heading, & > .reader--link { color: $foreground; }
        & > .reader--code { text-style: bold; }
        & > .reader--match { text-style: reverse; }
        & > .reader--match-current { text-style: bold reverse; }
        & > .reader--label { text-style: bold reverse; }
        & > .reader--highlight-yellow, & > .reader--highlight-green,
        & > .reader--highlight-blue, & > .reader--highlight-red { text-style: underline; }
        & > .reader--selected { text-style: reverse; }
        & > .reader--cursor { text-style: bold underline; }
    }
}
"""


def style_sheet(reader: Widget, *, hyperlinks: bool = True) -> StyleSheet:
    """The style sheet that the reader's component classes give under the theme in force.

    Args:
        reader: A widget with the component classes of `COMPONENTS` and `HEADING`.
        hyperlinks: Whether links are given to the terminal (OSC 8).
    """
    text = reader.rich_style
    heading = _over(reader.get_component_rich_style(HEADING), text)
    sheet = {}
    for name, component in COMPONENTS.items():
        style = reader.get_component_rich_style(component)
        if name not in _LIT:
            style = _over(style, text)
        sheet[name] = heading + style if name.startswith("heading_") else style
    return StyleSheet(text=text, hyperlinks=hyperlinks, **sheet)


def _over(style: Style, base: Style) -> Style:
    """What `style` changes of `base`, so that styles can be laid over each other."""
    return Style(
        color=style.color if style.color != base.color else None,
        bgcolor=style.bgcolor if style.bgcolor != base.bgcolor else None,
        bold=style.bold,
        dim=style.dim,
        italic=style.italic,
        underline=style.underline,
        strike=style.strike,
        reverse=style.reverse,
    )
