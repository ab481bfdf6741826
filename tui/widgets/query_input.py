"""The input of a search: a letter typed changes this line and nothing else of the screen."""

from __future__ import annotations

from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input


class QueryInput(Input):
    """An input of a height and a width that do not depend on what is typed.

    Textual lays the whole screen out anew whenever the text of an input has another length, and
    again when it has told the input its size (8.2): as much work as painting the letter.
    """

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
