"""What the search pane says to the screen; the names are also attributes of `SearchPane`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from tui.widgets.search_pane import SearchPane


class SearchMessage(Message):
    """What the pane says; `control` is the pane."""

    def __init__(self, sender: SearchPane) -> None:
        super().__init__()
        self.sender = sender

    @property
    def control(self) -> SearchPane:
        """The pane that says so."""
        return self.sender


class Changed(SearchMessage, namespace="search_pane"):
    """The text is another; one for each keystroke."""

    def __init__(self, sender: SearchPane, text: str) -> None:
        super().__init__(sender)
        self.text = text


class Left(SearchMessage, namespace="search_pane"):
    """The input was left: what stands in it is finished."""


class Opened(SearchMessage, namespace="search_pane"):
    """The hit is to be opened."""

    def __init__(self, sender: SearchPane, index: int, id: int) -> None:
        super().__init__(sender)
        self.index = index
        self.id = id


class Moved(SearchMessage, namespace="search_pane"):
    """Another hit is the current one; `id` is None when there is none."""

    def __init__(self, sender: SearchPane, index: int, id: int | None) -> None:
        super().__init__(sender)
        self.index = index
        self.id = id


class PageWanted(SearchMessage, namespace="search_pane"):
    """Hits `start` to `end` (exclusive) are needed; answer with `put`."""

    def __init__(self, sender: SearchPane, start: int, end: int, generation: int) -> None:
        super().__init__(sender)
        self.start = start
        self.end = end
        self.generation = generation


class CompletionWanted(SearchMessage, namespace="search_pane"):
    """The term at the cursor may be completed; answer with `show_completions`."""

    def __init__(self, sender: SearchPane, text: str, cursor: int) -> None:
        super().__init__(sender)
        self.text = text
        self.cursor = cursor


class FacetsWanted(SearchMessage, namespace="search_pane"):
    """The facets have come into view; answer with `show_facets`."""


class FacetChosen(SearchMessage, namespace="search_pane"):
    """The query is to ask for `value` in `field`, or no longer."""

    def __init__(self, sender: SearchPane, field: str, value: str) -> None:
        super().__init__(sender)
        self.field = field
        self.value = value


class Dismissed(SearchMessage, namespace="search_pane"):
    """The search is over: the list is to be as it was."""
