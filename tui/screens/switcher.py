"""The switcher of views: built-in ones, saved ones and tags, with their counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar, Literal, TypeAlias

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, OptionList, Static

from store import View, ViewCount
from tui.screens.choice import Choice, ChoiceDialog
from tui.screens.dialog_keys import SWITCHER_KEYS
from tui.widgets.cells import clean

#: What can be done to a saved view from here; "save" puts back the one removed last.
Change: TypeAlias = Literal["remove", "rename", "edit", "save"]

#: What the query of the view of all articles means, in words.
EVERYTHING = "everything but the trash"


class SwitcherDialog(ChoiceDialog):
    """Answers the name of the view picked, or None.

    Letters are commands here; after / they narrow the choice.

    Args:
        views: The views in order.
        current: The view in force.
        change: Called when the person wants a saved view changed.
    """

    CSS_PATH = ["dialog.tcss", "choice.tcss", "switcher.tcss"]

    GIVES_WAY = ("#choices", 10)

    BINDINGS: ClassVar[list[BindingType]] = SWITCHER_KEYS

    def __init__(
        self, views: Iterable[View], current: View, *, change: Callable[[Change, View], None]
    ) -> None:
        self._current = current
        self._change = change
        self._views: dict[str, View] = {}
        self._counts: dict[str, ViewCount] = {}
        self._removed: View | None = None
        self._wanted: str | None = None  # the view to be on once the views are told anew
        self._notice = ""
        self._take(views)
        super().__init__(
            "Views", self._lines(), hint="/ narrow   e edit   r rename   x remove   esc close"
        )

    def content(self) -> ComposeResult:
        """The choices, and the query of the one under the cursor."""
        yield from super().content()
        yield Static(id="query")

    def view(self, name: str) -> View:
        """The view of that name."""
        return self._views[name]

    def set_views(self, views: Iterable[View], current: View) -> None:
        """Show the views there are now, and which one is in force."""
        self._current = current
        self._take(views)
        self._fill()
        self._wanted = None

    def set_counts(self, counts: Mapping[str, ViewCount]) -> None:
        """Fill in counts, by the names of their views."""
        self._counts.update(counts)
        self._fill()

    def was_removed(self, view: View) -> None:
        """Tell how to put back a view that is gone now."""
        self._removed = view
        self.tell(f"removed: U puts back {view.name} ({view.query})")

    def was_put_back(self, view: View) -> None:
        """Tell that the view that was removed is there again, and go to it."""
        self._removed = None
        self._wanted = view.name
        self.tell(f"{view.name} is back")

    def was_renamed(self, view: View, name: str) -> None:
        """Stay on a view that has another name now."""
        self._wanted = name
        if view.name in self._counts:
            self._counts[name] = self._counts.pop(view.name)

    def tell(self, text: str) -> None:
        """Show a line in the place of the query, until the cursor is moved."""
        self._notice = text
        self._write_line()

    def action_change(self, what: Change) -> None:
        """Have the view under the cursor changed, if it is a saved one."""
        choice = self.highlighted
        if choice is None:
            return
        view = self._views[choice.value]
        if view.kind == "saved":
            self._change(what, view)
        else:
            kind = "a tag" if view.kind == "tag" else "built in"
            self.tell(f"{view.name} is {kind}: only saved views can be changed")

    def action_put_back(self) -> None:
        """Save the view that was removed last again."""
        if self._removed is not None:
            self._change("save", self._removed)

    @on(OptionList.OptionHighlighted)
    @on(Input.Changed)
    def _moved(self) -> None:
        self._notice = ""
        self._write_line()

    def _fill(self) -> None:
        with self.prevent(OptionList.OptionHighlighted):  # the cursor was not moved by a person
            self.set_choices(
                self._lines(), to=self._wanted if self._wanted in self._views else None
            )
        self._write_line()

    def _write_line(self) -> None:
        if not self.is_ready:
            return
        choice = self.highlighted
        query = (self._views[choice.value].query or EVERYTHING) if choice else ""
        line = self.query_one("#query", Static)
        line.set_class(bool(self._notice), "-notice")
        line.update(Text(clean(self._notice or query), no_wrap=True, overflow="ellipsis"))

    def _take(self, views: Iterable[View]) -> None:
        self._views = {}
        for view in views:
            self._views.setdefault(view.name, view)

    def _lines(self) -> Sequence[Choice]:
        known = [count for name, count in self._counts.items() if name in self._views]
        unread = max((len(f"{count.unread:,}") for count in known), default=0)
        total = max((len(f"{count.total:,}") for count in known), default=0)

        def note(count: ViewCount | None) -> str:
            if count is None:
                return ""
            left = f"{count.unread:>{unread},} unread" if count.unread else ""
            return f"{left}  {count.total:>{total},}"

        return [
            Choice(name, clean(name), note(self._counts.get(name)), name == self._current.name)
            for name in self._views
        ]
