"""The article lane: loading what is previewed or opened, and remembering how far it was read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.worker import Worker

from store import LibraryError, State
from tui.terminal.lane import Lane
from tui.widgets.reader_messages import EndReached, Moving, PositionChanged, ReadingPlace, Spot
from tui.work import ended, follow, supersede

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from store import Article, Library, Matcher
    from tui.session import Session
    from tui.widgets.reader import Opening, Reader


def marks_of(state: State) -> str:
    """The marks of an article, in words."""
    marks = ("starred", "archived", "trashed", "read")
    return " ".join(name for name in marks if getattr(state, name))


class Reading:
    """Fills the reader.

    An article is either previewed, because the cursor is on it, or opened, because the person
    asked for it; only an opened one is marked read or remembered.

    Args:
        host: The node whose workers do the waiting.
        library: Where the articles are.
        reader: The pane to fill.
        read_when: When an opened article is marked read, if there is anything to read: "open",
            "end" or "hand".
        preview_delay: Seconds a preview waits for a newer one.
        shown: Called when an opened article is there to be read.
        changed: Called when another article is in the reader, or none.
        touched: Called with the ids of articles whose state has changed.
        session: Told where reading stands, should the program end abruptly.
        report: Shows an error to the person.
    """

    def __init__(
        self,
        host: DOMNode,
        library: Library,
        reader: Reader,
        *,
        read_when: str,
        preview_delay: float,
        shown: Callable[[], None],
        changed: Callable[[], None],
        touched: Callable[[Sequence[int]], None],
        report: Callable[[str], None],
        session: Session | None = None,
    ) -> None:
        self._host = host
        self._library = library
        self._reader = reader
        self._read_when = read_when
        self.preview_delay = preview_delay
        self._shown = shown
        self._changed = changed
        self._touched = touched
        self._report = report
        self._session = session
        self._opened: int | None = None
        self._opening: Worker[None] | None = None
        self._resuming: Worker[None] | None = None
        self._unmoved: int | None = None  # an article that was taken up and not moved in yet
        self._matcher: Matcher | None = None
        self._end_seen: int | None = None
        self._state = State()
        self._kept = (0, False)  # the position that is remembered, and whether the end was seen
        self.progress = 0.0
        """How far the article in the reader is read, 0.0 to 1.0: a preview as far as that is
        remembered, an opened one by what is on the screen."""
        self.lanes = (Lane("article"), Lane("session"))

    @property
    def article(self) -> Article | None:
        """The article in the reader."""
        return self._reader.article

    @property
    def marks(self) -> str:
        """The marks of the article in the reader, in words."""
        return "" if self._reader.article is None else marks_of(self._state)

    def preview(self, id: int | None, matcher: Matcher | None = None) -> None:
        """Show the article the cursor is on, or nothing; a newer preview takes its place."""
        self.close()
        supersede(self._host, "article", partial(self._preview, id, matcher))

    def open(
        self,
        id: int,
        matcher: Matcher | None = None,
        *,
        last: bool = False,
        spot: Spot | None = None,
        then: Callable[[], object] | None = None,
    ) -> None:
        """Show an article to be read, at its first match, (`last`) its last, or at `spot`.

        Args:
            id: The article.
            matcher: Finds what is looked for.
            last: Whether it opens at the last match.
            spot: Where it opens instead.
            then: Called when it is there.
        """
        work = partial(self._open, id, matcher, last=last, spot=spot, then=then)
        self._opening = supersede(self._host, "article", work)

    def reload(self) -> None:
        """Show the article in the reader as the library has it now."""
        if (article := self._reader.article) is not None:
            supersede(self._host, "article", partial(self._reload, article.id))

    def refresh(self) -> None:
        """Take in what others have changed in the article in the reader; it stays in place."""
        if (article := self._reader.article) is not None:
            supersede(self._host, "refreshing", partial(self._refresh, article))

    async def opened(self) -> None:
        """Return when no article is on its way from the disk to be read.

        One that is on its way when this is cancelled is not waited for again.
        """
        resuming, opening = self._resuming, self._opening
        try:
            for worker in (resuming, opening):
                if worker is not None:
                    await ended(worker)
        finally:
            self._resuming = None
            if self._opening is opening:
                self._opening = None
        if resuming is not None:
            await self.opened()  # what is taken up is on its way only now

    def fetch(self, id: int, act: Callable[[Article], None]) -> None:
        """Load an article for something else than reading it."""
        supersede(self._host, "fetch", partial(self._fetch, id, act))

    def resume(self, first: Callable[[int], Awaitable[None]]) -> None:
        """Take up what was being read when a program ended abruptly.

        Args:
            first: Called with the article's id before it is opened.
        """
        if self._session is not None:
            work = partial(self._resume, self._session, first)
            self._resuming = supersede(self._host, "resume", work)

    def close(self) -> None:
        """Remember where the person is; the article is only a preview from now on."""
        self._keep()
        if self._opened is not None:
            self.progress = self._library.state(self._opened).progress
            self._opened = None
            self._note(None)

    def end(self) -> None:
        """Remember where the person is: the program ends."""
        self._keep()

    def moving(self, event: Moving) -> None:
        """The person is reading on: should the program end now, it is to be known where."""
        if event.place.id == self._opened:
            self._note(event.place)

    def state_changed(self) -> None:
        """Take in the state of the article in the reader as it is now."""
        if (article := self._reader.article) is not None:
            tags = self._state.tags
            self._state = self._library.state(article.id)
            if self._state.tags != tags:
                self._reader.redraw_head(article, self._state)

    def position_changed(self, event: PositionChanged) -> None:
        """Remember where the person stopped."""
        if event.id == self._opened:
            self.progress = event.progress
            self._remember(event)

    def laid_out(self) -> None:
        """More or less of the article is on the screen."""
        self._look_how_far()
        self._changed()

    def end_reached(self, event: EndReached) -> None:
        """The end of the article is on the screen: it is read, if it is open."""
        self._end_seen = event.id
        if event.id == self._opened and self._read_when == "end":
            self._mark_read(event.id)

    async def _resume(self, session: Session, first: Callable[[int], Awaitable[None]]) -> None:
        place = await self.lanes[1].run(lambda _: session.left_behind())
        if place is None or not self._library.rows([place.id]):
            return
        self._library.remember(
            place.id, position=place.position, anchor=place.anchor, progress=place.progress
        )
        await first(place.id)
        # Should it be this article that ends the program, it is not to do so each time.
        self._unmoved = place.id
        self.open(place.id, spot=Spot(place.id, place.position, place.anchor))

    def _note(self, place: ReadingPlace | None) -> None:
        if self._session is not None:
            follow(self._host, "session", partial(self._write_note, self._session, place))

    async def _write_note(self, session: Session, place: ReadingPlace | None) -> None:
        await self.lanes[1].run(lambda _: session.note(place))

    async def _preview(self, id: int | None, matcher: Matcher | None) -> None:
        if id is None:
            self._reader.clear()
            self._changed()
        elif not self._is_there(id, matcher):
            if self.preview_delay:
                await asyncio.sleep(self.preview_delay)
            await self._load(id, matcher)

    async def _open(
        self,
        id: int,
        matcher: Matcher | None,
        *,
        last: bool,
        spot: Spot | None,
        then: Callable[[], object] | None,
    ) -> None:
        article = self._reader.article
        if spot is not None and article is not None and article.id == id:
            self._reader.go_to_spot(spot)
        elif (spot is not None or not self._is_there(id, matcher)) and not await self._load(
            id, matcher, last=last, spot=spot
        ):
            return
        self._opened = id
        if then is not None:
            then()
        self._look_how_far()
        self._changed()
        self._shown()
        if id != self._unmoved:
            self._note(self._reader.position_now() or ReadingPlace(id, 0, "", 0.0))
        if self._read_when == "open" or (self._read_when == "end" and self._end_seen == id):
            self._mark_read(id)

    async def _reload(self, id: int) -> None:
        opened = self._opened
        if await self._load(id, self._matcher):
            self._opened = opened
            self._look_how_far()
            self._changed()
            if id == opened and self._read_when == "open":
                self._mark_read(id)

    async def _refresh(self, article: Article) -> None:
        spot = self._reader.spot()
        try:
            changed = await self.lanes[0].run(partial(self._get_changed, article, spot))
        except LibraryError:
            return  # it is gone, or cannot be read now: what is shown can be read to its end
        if self._reader.article is not article:
            return
        if changed is None:
            self.state_changed()
        else:
            article, self._state, opening = changed
            matcher, wraps = self._reader.matcher, self._reader.wraps
            self._reader.show(article, self._state, matcher=matcher, spot=spot, opening=opening)
            self._reader.wraps = wraps
            self._look_how_far()
        self._changed()

    def _get_changed(
        self, article: Article, spot: Spot | None, _: object
    ) -> tuple[Article, State, Opening] | None:
        """As `_get`; None if the article is as it was."""
        same = self._library.get(article.id) == article
        return None if same else self._get(article.id, spot, _)

    async def _load(
        self,
        id: int,
        matcher: Matcher | None,
        *,
        last: bool = False,
        spot: Spot | None = None,
    ) -> bool:
        self._keep()
        try:
            article, state, opening = await self.lanes[0].run(partial(self._get, id, spot))
        except LibraryError as error:
            self._reader.clear()
            self._changed()
            self._report(str(error))
            return False
        self.close()
        self._state = state
        self._matcher, self._end_seen, self.progress = matcher, None, state.progress
        self._kept = (state.position, state.progress == 1.0)
        self._reader.show(article, state, matcher=matcher, last=last, spot=spot, opening=opening)
        self._changed()
        return True

    def _get(self, id: int, spot: Spot | None, _: object) -> tuple[Article, State, Opening]:
        article, state = self._library.get(id), self._library.state(id)
        try:
            highlights = self._library.highlights(id)
        except LibraryError:
            highlights = []  # the article can be read all the same
        return article, state, self._reader.prepare(article, state, spot, highlights)

    async def _fetch(self, id: int, act: Callable[[Article], None]) -> None:
        try:
            article = await self.lanes[0].run(lambda _: self._library.get(id))
        except LibraryError as error:
            self._report(str(error))
            return
        act(article)

    def _is_there(self, id: int, matcher: Matcher | None) -> bool:
        article = self._reader.article
        return article is not None and article.id == id and matcher is self._matcher

    def _mark_read(self, id: int) -> None:
        article = self._reader.article
        if article is not None and article.is_blank:
            return  # what there is to read is still to come
        if not self._library.readonly and not self._library.state(id).read:
            self._library.mark([id], read=True)
            self._state = self._library.state(id)
            self._touched([id])

    def _look_how_far(self) -> None:
        """Take what is on the screen as read so far, as soon as an opened article stands there."""
        now = self._reader.position_now()
        if now is not None and now.id == self._opened:
            self.progress = now.progress

    def _keep(self) -> None:
        place = self._reader.position_now()
        if place is not None:
            self._remember(place)

    def _remember(self, place: PositionChanged | ReadingPlace) -> None:
        ended = place.progress == 1.0
        moved = place.position != self._kept[0]
        # To be looked at is not to be begun; but what is seen to its end in one view is finished.
        if place.id != self._opened or not (moved or (ended and not self._kept[1])):
            return
        self._kept = (place.position, ended)
        if moved:
            self._unmoved = None
            self._note(ReadingPlace(place.id, place.position, place.anchor, place.progress))
        if not self._library.readonly:
            self._library.remember(
                place.id, position=place.position, anchor=place.anchor, progress=place.progress
            )
            self._touched([place.id])
