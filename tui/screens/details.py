"""Everything that is known about one article: its fields, where it leads, what leads to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from store import Article, Links, State
from store.article import TEXT_SOURCE
from store.identity import ENTRY
from tui.mailto import without_files
from tui.screens.dialog import Dialog
from tui.screens.dialog_keys import DETAILS_KEYS
from tui.terminal.links import takes_links
from tui.typeset.styles import is_safe_url
from tui.widgets.cells import clean
from tui.widgets.options import Options
from tui.widgets.reader_head import human_date, length_text

#: Characters of an unknown field that are shown.
_EXTRA_LIMIT = 300

#: Cells of the names of fields.
_NAMES = 11

_HINT = "enter open   o open outside   esc close"


class Target(NamedTuple):
    """What a line of the details leads to.

    Attributes:
        url: An address, or "".
        id: The article of the library there, None when there is none.
    """

    url: str
    id: int | None = None


class DetailsDialog(Dialog[Target | None]):
    """The article's fields, its reading state and its links, one a line; answers what to open.

    Args:
        article: The article.
        state: What the reader did with it.
    """

    CSS_PATH = ["dialog.tcss", "details.tcss"]

    GIVES_WAY = ("#details", 6)

    BINDINGS: ClassVar[list[BindingType]] = DETAILS_KEYS

    def __init__(self, article: Article, state: State) -> None:
        super().__init__("Details", hint=_HINT)
        self._article = article
        self._facts = facts(article, state)
        self.links: Links | None = None
        """Its links, once they are there."""
        self._note = "looking for links"
        self._targets: list[Target | None] = []
        self._sections: list[int] = []

    def content(self) -> ComposeResult:
        """One list of everything."""
        yield Options(id="details", markup=False)

    def on_mount(self) -> None:
        """Show the fields at once; the links follow."""
        self._show()
        self.query_one(OptionList).focus()

    def set_article(self, article: Article, state: State) -> None:
        """Take in the article as it is now; its links stay until they are set anew."""
        self._article, self._facts = article, facts(article, state)
        if self.is_ready:
            self._show()

    def set_links(self, links: Links | None, note: str = "") -> None:
        """Take in the links, which are looked up while the dialog is already open.

        Args:
            links: The links; None when they cannot be found.
            note: What there is to say of them.
        """
        self.links, self._note = links, note
        if self.is_ready:
            self._show()

    def action_move(self, action: str) -> None:
        """Pass a movement on to the list."""
        getattr(self.query_one(OptionList), f"action_{action}")()

    def action_section(self, step: int) -> None:
        """Go to the first line of the next part, or of the previous one."""
        options = self.query_one(OptionList)
        at = options.highlighted or 0
        places = [n for n in self._sections if (n > at if step > 0 else n < at)]
        if places:
            options.highlighted = places[0] if step > 0 else places[-1]

    def action_outside(self) -> None:
        """Open the link under the cursor outside of the library; elsewhere the article's own."""
        at = self.query_one(OptionList).highlighted
        target = self._targets[at] if at is not None else None
        url = target.url if target is not None else self._article.url
        if url:
            self.dismiss(Target(url))

    @on(OptionList.OptionSelected)
    def _select(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        target = self._targets[event.option_index]
        if target is not None:
            self.dismiss(target)

    def _show(self) -> None:
        options = self.query_one(OptionList)
        at = options.highlighted or 0
        lines: list[Option] = []
        self._targets, self._sections = [], [0]
        for prompt, target, heading in self._lines():
            if heading:
                self._sections.append(len(lines) + 1)
            lines.append(Option(prompt, disabled=heading))
            self._targets.append(target)
        options.set_options(lines)
        options.highlighted = min(at, len(lines) - 1)

    def _lines(self) -> Iterator[tuple[Table | Text, Target | None, bool]]:
        """(what is shown, what it leads to, whether it is a heading) of each line."""
        for name, value in self._facts:
            url = value if name == "Link" else ""
            yield _row(name, _linked(value, url)), Target(url) if url else None, False
        if self.links is None:
            yield Text(self._note, style="italic"), None, True
            return
        out, into, more = self.links
        yield _heading(f"Links out: {len(out) or 'none'}"), None, True
        for link in out:
            url, text = clean(link.url), clean(link.text)
            about = "in the library" if link.id is not None else "" if text == url else url
            yield _named(_linked(text, link.url), about), Target(link.url, link.id), False
        yield _heading(f"Links in: {f'{len(into) + more:,}' if into else 'none'}"), None, True
        for row in into:
            known = (row.author or row.site, human_date(row.published))
            about = ", ".join(clean(text) for text in known if text)
            title = clean(row.title) or "untitled"
            yield _named(title, about), Target("", row.id), False
        if more:
            yield Text(f"{more:,} older ones are not shown", style="italic"), None, True
        if self._note:
            yield Text(self._note, style="italic"), None, True


def facts(article: Article, state: State) -> list[tuple[str, str]]:
    """What is known of an article, as (name, value); nothing for what is empty."""
    tags = article.tags if state.tags is None else state.tags
    marks = [name for name in ("read", "starred", "archived", "trashed") if getattr(state, name)]
    known = [
        ("Title", article.title),
        ("Author", article.author),
        ("Site", article.site),
        ("Link", article.url),
        ("Published", moment(article.published)),
        ("Saved", moment(article.saved)),
        ("Length", length_text(article, ", ") or "no text"),
        ("State", ", ".join(marks) or ("started" if state.started else "unread")),
        ("Progress", f"{state.progress:.0%}" if state.progress else ""),
        ("Opened", moment(state.opened)),
        ("Read", moment(state.read_at)),
        ("Tags", ", ".join(tags)),
        ("Language", article.lang),
        ("Summary", article.summary),
        ("Image", article.image),
        ("Source", article.source),
        ("Text from", _extra(article, TEXT_SOURCE)),
        ("Format", article.type),
        ("Id", str(article.id)),
        ("Not fetched", _extra(article, "fetch_error")),
        ("Last tried", moment(_extra(article, "fetch_tried"))),
    ]
    named = ("fetch_error", "fetch_tried", TEXT_SOURCE, ENTRY)  # the last says nothing to a person
    extra = [(name, _extra(article, name)) for name in article.extra if name not in named]
    return [(_line(name), _line(value)) for name, value in known + extra if value]


def _extra(article: Article, name: str) -> str:
    """A field that the library itself does not know, as text."""
    return str(article.extra.get(name, ""))[:_EXTRA_LIMIT]


def moment(value: str) -> str:
    """An ISO 8601 date or time for people, in their time zone: "9 March 2017, 14:05"."""
    from datetime import datetime

    if len(value) > len("2017-03-09"):
        try:
            when = datetime.fromisoformat(value).astimezone()
        except (ValueError, OverflowError, OSError):
            return human_date(value)
        return f"{human_date(when.date().isoformat())}, {when:%H:%M}"
    return human_date(value)


def _linked(text: str, url: str) -> Text:
    """A text that can be clicked in terminals that know links."""
    if is_safe_url(url) and takes_links(os.environ):
        return Text(text, Style(link=without_files(url)))
    return Text(text)


def _row(name: str, value: Text) -> Table:
    line = Table.grid(padding=(0, 1), expand=True)
    line.add_column(width=_NAMES, no_wrap=True, overflow="ellipsis", style="bold")
    line.add_column(ratio=1, overflow="fold")
    line.add_row(Text(name), value)
    return line


def _named(name: Text | str, about: str) -> Text:
    """A link: what it is called, and more about it; the rest of a long one hangs below."""
    return Text.assemble(name, ("  " + about if about else "", "italic"), overflow="fold")


def _heading(text: str) -> Text:
    return Text(f"\n{text}", style="bold underline")


def _line(text: str) -> str:
    """`text` on one line, with nothing in it that a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)
