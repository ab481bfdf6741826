"""What is done to articles from the keyboard: marks, tags, undo, and the words that tell of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from store import LibraryError
from tui.screens.tags import TagChange, TagsDialog
from tui.terminal.lane import Lane
from tui.widgets.cells import clean
from tui.work import follow

if TYPE_CHECKING:
    from textual.screen import Screen

    from store import Library

#: What a mark is called when it was set, and when it was taken away.
_DONE = {
    "read": ("marked read", "marked unread"),
    "starred": ("starred", "star taken away"),
    "archived": ("archived", "taken out of the archive"),
    "trashed": ("put into the trash", "taken out of the trash"),
}

#: Articles whose states are looked up without a thread.
_FEW = 100


class Marking:
    """Changes the state of articles, and has what shows it drawn anew.

    Args:
        screen: The screen whose workers do the waiting, and over which dialogs open.
        library: Where the state is.
        touched: Called with the ids whose state has changed.
        moved: Called when articles may have left the view or come into it.
        tell: Shows what was done to the person.
        report: Shows an error to the person.
    """

    def __init__(
        self,
        screen: Screen[None],
        library: Library,
        *,
        touched: Callable[[Sequence[int]], None],
        moved: Callable[[], None],
        tell: Callable[[str], None],
        report: Callable[[str], None],
    ) -> None:
        self._screen = screen
        self._library = library
        self._touched = touched
        self._moved = moved
        self._tell = tell
        self._report = report
        self.lanes = (Lane("marking"),)

    def toggle(self, ids: Sequence[int], mark: str) -> None:
        """Set a mark on all of the articles, or take it away where all of them have it.

        Args:
            ids: The articles.
            mark: "read", "starred", "archived" or "trashed".
        """
        if not self._may():
            return
        if len(ids) <= _FEW:
            # At once: the sign changes with the key, and a quick q after it loses nothing.
            self._marked(ids, mark, self._change(ids, mark))
        else:
            follow(self._screen, "marking", partial(self._toggle_many, ids, mark))

    def edit_tags(self, ids: Sequence[int], title: str) -> None:
        """Open the tag editor on the articles, called `title`."""
        if self._may():
            follow(self._screen, "marking", partial(self._edit_tags, ids, title))

    def purge(self, ids: Sequence[int]) -> None:
        """Ask which articles of the trash are to be removed for good, and remove them.

        Args:
            ids: The articles that are meant, of which those in the trash are offered.
        """
        if self._may():
            follow(self._screen, "marking", partial(self._purge, ids))

    def undo(self) -> None:
        """Take the last change back."""
        if self._may():
            step = partial(self._step, self._library.undo, "undone", "nothing to undo")
            follow(self._screen, "marking", step)

    def redo(self) -> None:
        """Do again what was undone."""
        if self._may():
            step = partial(self._step, self._library.redo, "done again", "nothing to do again")
            follow(self._screen, "marking", step)

    def _may(self) -> bool:
        if self._library.readonly:
            self._report("nothing can be marked: the library is read-only")
        return not self._library.readonly

    def _change(self, ids: Sequence[int], mark: str) -> bool:
        value = not all(getattr(self._library.state(id), mark) for id in ids)
        self._library.mark(ids, **{mark: value})
        return value

    async def _toggle_many(self, ids: Sequence[int], mark: str) -> None:
        try:
            value = await self.lanes[0].run(lambda _: self._change(ids, mark))
        except LibraryError as error:
            self._report(str(error))
            return
        self._marked(ids, mark, value)

    def _marked(self, ids: Sequence[int], mark: str, value: bool) -> None:
        self._touched(ids)
        if mark in ("archived", "trashed"):
            self._moved()
        if len(ids) > 1 or mark in ("archived", "trashed"):
            self._tell(f"{articles(len(ids))} {_DONE[mark][not value]}")

    async def _edit_tags(self, ids: Sequence[int], title: str) -> None:
        run, number = self.lanes[0].run, len(ids)
        try:
            counts = await run(lambda _: self._library.tags(ids))
            known = await run(lambda _: self._library.tags())
            rows = await run(lambda _: self._library.rows(ids[:1]))
        except LibraryError as error:
            self._report(str(error))
            return
        # In the order they were given to the first.
        every = {tag for tag, count in counts if count == number}
        shared = [tag for row in rows for tag in row.tags if tag in every]
        partly = [(tag, count) for tag, count in counts if count < number]
        dialog = TagsDialog(title, shared, known, partly, number)
        answer = await self._screen.app.push_screen_wait(dialog)
        if isinstance(answer, TagChange):
            try:
                await run(lambda _: self._library.tag(ids, add=answer.add, remove=answer.remove))
            except LibraryError as error:
                self._report(str(error))
                return
            self._touched(ids)
            if number > 1:
                changes = [f"+{tag}" for tag in answer.add] + [f"-{tag}" for tag in answer.remove]
                self._tell(f"{articles(number)}: {' '.join(changes)}")

    async def _purge(self, ids: Sequence[int]) -> None:
        from tui.screens.choice import Choice, ChoiceDialog

        run = self.lanes[0].run
        try:
            every = await run(lambda _: list(self._library.find("is:trashed", everything=True).ids))
            rows = await run(lambda _: self._library.rows(list(ids)))
            meant = [row for row in rows if row.trashed]
            if not every:
                self._tell("the trash is empty")
                return
            choices = [Choice("", "Keep them")]
            if 0 < len(meant) < len(every):
                name = f"“{clean(meant[0].title)}”" if len(meant) == 1 else articles(len(meant))
                choices.append(Choice("meant", f"Remove {name}"))
            choices.append(Choice("all", "Remove all of the trash", articles(len(every))))
            dialog = ChoiceDialog("Remove for good? It cannot be undone", choices)
            answer = await self._screen.app.push_screen_wait(dialog)
            if not answer:
                return
            gone = every if answer == "all" else [row.id for row in meant]
            self._tell(f"removing {articles(len(gone))} for good")
            # The question may have stood open for long: what another program took out stays.
            removed = await run(lambda _: self._library.purge(gone, trashed_only=True))
            stays = 0
            if removed < len(gone):
                stays = len(await run(lambda _: self._library.rows(gone)))
        except LibraryError as error:
            self._report(str(error))
            return
        self._moved()
        told = f"{articles(removed)} removed for good"
        if stays:
            were = "was" if stays == 1 else "were"
            told += f"; {stays:,} {were} taken out of the trash meanwhile, and kept"
        self._tell(told)

    async def _step(self, step: Callable[[], str | None], done: str, nothing: str) -> None:
        try:
            words = await self.lanes[0].run(lambda _: step())
        except LibraryError as error:
            self._report(str(error))
            return
        if words is None:
            self._tell(nothing)
            return
        self._touched(())
        self._moved()
        self._tell(f"{done}: {words}")


def articles(number: int) -> str:
    """How many articles, in words: "1 article", "1,200 articles"."""
    return "1 article" if number == 1 else f"{number:,} articles"
