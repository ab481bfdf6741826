"""Opens the list of highlights, filters it, and does what is asked for in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from store import COLOURS, Highlight, LibraryError
from tui.screens.highlighting import Highlighting
from tui.screens.highlights import HighlightsDialog
from tui.terminal.lane import Lane
from tui.work import follow, supersede

if TYPE_CHECKING:
    from textual.screen import Screen

    from store import Article, KnownHighlight, Library
    from tui.app import BroadsheetApp

#: Articles that are looked into at once for passages that are gone.
_SOME = 8


class HighlightLists:
    """The highlights of an article or of all, in a dialog.

    Args:
        screen: The screen the dialog opens over.
        library: Where highlights are kept.
        highlighting: Makes the changes.
        app: Knows the time and how dates are written.
        open: Opens an article at a highlight.
        copy: Copies a text, given what it is called.
        step: Undoes (-1) or redoes (1) the last change; gives what that was, in words.
        tell: Shows a notice to the person.
        report: Shows an error to the person.
    """

    def __init__(
        self,
        screen: Screen[None],
        library: Library,
        highlighting: Highlighting,
        app: BroadsheetApp,
        *,
        open: Callable[[Highlight], None],
        copy: Callable[[str, str], None],
        step: Callable[[int], None],
        tell: Callable[[str], None],
        report: Callable[[str], None],
    ) -> None:
        self._screen = screen
        self._library = library
        self._highlighting = highlighting
        self._app = app
        self._open = open
        self._copy = copy
        self._step = step
        self._tell = tell
        self._report = report
        self._dialog: HighlightsDialog | None = None
        self._article: int | None = None
        self._all: Sequence[KnownHighlight] = ()
        self._orphans: dict[int, bool] = {}  # numbers; whether their article has a text
        self._looked: set[int] = set()  # articles in which passages were looked for
        self.lanes = (Lane("highlight list"), Lane("orphans"))

    def show(self, article: Article | None) -> None:
        """Open the list of an article's highlights, or (None) of all."""
        supersede(self._screen, "menu", partial(self._show, article))

    def changed(self) -> None:
        """Highlights have changed: list them anew, if the list is open."""
        if self._dialog is not None:
            self._looked.clear()
            supersede(self._screen, "highlight list", partial(self._refill, self._dialog))

    async def _show(self, article: Article | None) -> None:
        self._article = None if article is None else article.id
        self._orphans, self._looked = {}, set()
        items = await self._load()
        if items is None:
            return
        if not items and article is None:
            self._tell("no highlights yet: v in an article selects text, h highlights it")
            return
        self._all = items
        heading = "Highlights" if article is None else f"Highlights of “{article.title}”"
        config = self._app.config
        dialog = self._dialog = HighlightsDialog(
            heading, items, clock=self._app.clock, dates=config.dates, titles=article is None,
            act=self._act, wanted=self._filter, seen=self._seen,
        )  # fmt: skip
        try:
            chosen = await self._app.push_screen_wait(dialog)
        finally:
            self._dialog = None
        if chosen is not None:
            self._open(chosen.highlight)

    async def _load(self) -> list[KnownHighlight] | None:
        from store import find_highlights, known_highlight

        def load() -> list[KnownHighlight]:
            if self._article is not None:
                return [known_highlight(h) for h in self._library.highlights(self._article)]
            groups = find_highlights(self._library).groups
            rows = {row.id: row for row in self._library.rows([id for id, _ in groups])}
            nothing = ("", "")
            return [
                known_highlight(each, *((row.title, row.author) if row else nothing))
                for id, mine in groups
                for row in (rows.get(id),)
                for each in mine
            ]

        try:
            return await self.lanes[0].run(lambda _: load())
        except LibraryError as error:
            self._report(str(error))
            return None

    async def _refill(self, dialog: HighlightsDialog) -> None:
        items = await self._load()
        if items is not None:
            self._all = items
            await self._filtered(dialog, dialog.filter_text)

    def _filter(self, text: str) -> None:
        if self._dialog is not None:
            supersede(self._screen, "highlight list", partial(self._filtered, self._dialog, text))

    async def _filtered(self, dialog: HighlightsDialog, text: str) -> None:
        from store import HighlightFilter

        every, items = self._all, self._all
        if text.strip():
            fits = HighlightFilter(text).fits
            items = await self.lanes[0].run(
                lambda cancelled: [each for each in every if not cancelled() and fits(each)]
            )
        dialog.set_items(items, len(every))

    # Passages that are gone

    def _seen(self) -> None:
        if self._dialog is not None:
            supersede(self._screen, "orphans", partial(self._look, self._dialog))

    async def _look(self, dialog: HighlightsDialog) -> None:
        """Look for the passages of what is in view, some articles at a time."""
        wanted = dict.fromkeys(
            known.highlight.article
            for known in dialog.list.in_view
            if known.highlight.article not in self._looked
        )
        by_article: dict[int, list[Highlight]] = {}
        for known in self._all:
            if known.highlight.article in wanted:
                by_article.setdefault(known.highlight.article, []).append(known.highlight)
        todo = list(by_article.items())
        for start in range(0, len(todo), _SOME):
            part = todo[start : start + _SOME]
            found = await self.lanes[1].run(partial(self._all_gone, part))
            for (id, mine), (gone, has_text) in zip(part, found, strict=True):
                seen = self._highlighting.gone_from(id)  # the reader has looked closer
                self._looked.add(id)
                for each in mine:
                    self._orphans.pop(each.id, None)
                self._orphans.update(dict.fromkeys(gone if seen is None else seen, has_text))
            dialog.set_orphans(self._orphans)

    def _all_gone(
        self, part: list[tuple[int, list[Highlight]]], _: object
    ) -> list[tuple[set[int], bool]]:
        return [self._gone(id, highlights) for id, highlights in part]

    def _gone(self, id: int, highlights: list[Highlight]) -> tuple[set[int], bool]:
        """The numbers of those whose passages are gone, and whether the article has a text."""
        from store import orphans

        try:
            article = self._library.get(id)
        except LibraryError:
            return {each.id for each in highlights}, True
        return orphans(article.body, highlights), not article.is_stub

    # What is asked for

    def _act(self, what: str, known: KnownHighlight | None) -> None:
        highlight = None if known is None else known.highlight
        if what in ("undo", "redo"):
            self._step(-1 if what == "undo" else 1)
        elif what == "new":
            if self._article is not None:
                self._highlighting.edit_note(Highlight(self._article))
            elif highlight is not None:
                self._highlighting.edit_note(Highlight(highlight.article))
        elif highlight is None:
            return
        elif what == "note":
            self._highlighting.edit_note(highlight)
        elif what == "remove":
            self._highlighting.remove(highlight)
        elif what == "copy":
            self._copy(highlight.quote or highlight.note, "highlight")
        elif what == "copy_all":
            follow(self._screen, "copying", self._copy_all)
        elif highlight.quote:
            if what in COLOURS:
                self._highlighting.change(highlight._replace(colour=what))
            else:
                self._highlighting.choose_colour(highlight)

    async def _copy_all(self) -> None:
        from store import FoundHighlights, write_highlights

        if self._dialog is None:
            return
        items = [known.highlight for known in self._dialog.list.items]
        groups = [(id, list(mine)) for id, mine in groupby(items, key=lambda h: h.article)]
        found = FoundHighlights(groups)
        text = await self.lanes[0].run(
            lambda _: "".join(write_highlights(self._library, found, "md"))
        )
        self._copy(text, "highlights")
