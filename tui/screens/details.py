"""Everything that is known about one article."""

from __future__ import annotations

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from store import Article, State
from tui.screens.page import PageDialog

#: Characters of an unknown field that are shown.
_EXTRA_LIMIT = 300


class DetailsDialog(PageDialog):
    """The article's fields and its reading state, one a line."""

    def __init__(self, article: Article, state: State) -> None:
        super().__init__("Details", hint="esc close")
        self._article = article
        self._state = state

    def page(self) -> RenderableType:
        """A table of two columns."""
        table = Table.grid(padding=(0, 2), expand=True)
        table.add_column(no_wrap=True, style="bold")
        table.add_column(ratio=1, overflow="fold")
        for name, value in facts(self._article, self._state):
            table.add_row(name, Text(value))
        return table


def facts(article: Article, state: State) -> list[tuple[str, str]]:
    """What is known of an article, as (name, value); nothing for what is empty."""
    tags = article.tags if state.tags is None else state.tags
    length = f"{article.words:,} words, {article.minutes} min" if article.words else "no text"
    marks = [name for name in ("read", "starred", "archived", "trashed") if getattr(state, name)]
    known = [
        ("Title", article.title),
        ("Author", article.author),
        ("Site", article.site),
        ("Link", article.url),
        ("Published", article.published),
        ("Saved", article.saved),
        ("Length", length),
        ("State", ", ".join(marks) or ("started" if state.started else "unread")),
        ("Progress", f"{state.progress:.0%}" if state.progress else ""),
        ("Opened", state.opened),
        ("Read", state.read_at),
        ("Tags", ", ".join(tags)),
        ("Language", article.lang),
        ("Summary", article.summary),
        ("Image", article.image),
        ("Source", article.source),
        ("Format", article.type),
        ("Id", str(article.id)),
    ]
    extra = [(name, str(value)[:_EXTRA_LIMIT]) for name, value in article.extra.items()]
    return [(_line(name), _line(value)) for name, value in known + extra if value]


def _line(text: str) -> str:
    """`text` on one line, with nothing in it that a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)
