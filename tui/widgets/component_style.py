"""Styles of component classes, reversed ones included."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget

_REVERSED = Style(reverse=True)


def component_style(widget: Widget, *names: str) -> Style:
    """Style of `widget` with the component classes `names` over it, later ones on top.

    `Widget.get_visual_style`, which knows of colours relative to the background, leaves out
    reversing (Textual 8.2): it is added here.
    """
    style = widget.get_visual_style(*names).rich_style
    if widget.styles.text_style.reverse or any(
        widget.get_component_styles(name).text_style.reverse for name in names
    ):
        style += _REVERSED
    return style
