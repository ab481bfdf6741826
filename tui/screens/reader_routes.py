"""The routes of what the reader, the find bar and the select bar say, each to its controller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from tui.screens.controlled import Controlled
from tui.widgets.reader_messages import (
    BackWanted,
    EndReached,
    HighlightClicked,
    Jumped,
    LaidOut,
    LetterTyped,
    LetterWanted,
    LinkActivated,
    LinkFocused,
    LinksLabelled,
    MatchChanged,
    MatchesEnded,
    MatchesWrapped,
    Moving,
    NextWanted,
    NothingThere,
    PaneWanted,
    PassagesWanted,
    PatternsWanted,
    PositionChanged,
    SelectionMoved,
    SelectWanted,
)

if TYPE_CHECKING:
    from tui.screens.find_bar import FindBar
    from tui.screens.select_bar import SelectBar


class ReaderRoutes(Controlled):
    """Hands on the messages of the reader's pane."""

    def back(self) -> None:
        """Out of the article, or of what is going on in it."""
        raise NotImplementedError

    async def to_pane(self, pane: str) -> None:
        """Give another pane the keys; see `Actions.action_pane`."""
        raise NotImplementedError

    @on(PositionChanged)
    def _position_changed(self, event: PositionChanged) -> None:
        self.reading.position_changed(event)
        self.refresh_status()

    @on(LaidOut)
    def _laid_out(self) -> None:
        self.reading.laid_out()

    @on(Moving)
    def _moving(self, event: Moving) -> None:
        self.reading.moving(event)

    @on(EndReached)
    def _end_reached(self, event: EndReached) -> None:
        self.reading.end_reached(event)

    @on(LinkActivated)
    def _link_activated(self, event: LinkActivated) -> None:
        self.following.follow(event.url)

    @on(LinkFocused)
    def _link_focused(self, event: LinkFocused) -> None:
        self.following.tell_of(event.address, event.url)

    @on(LetterWanted)
    def _letter_wanted(self, event: LetterWanted) -> None:
        self.bookmarking.ask(event.purpose)

    @on(LetterTyped)
    def _letter_typed(self, event: LetterTyped) -> None:
        self.bookmarking.typed(event.purpose, event.letter)

    @on(LinksLabelled)
    def _links_labelled(self, event: LinksLabelled) -> None:
        self.tell(f"follow {event.typed}_   esc leaves")

    @on(NothingThere)
    def _nothing_there(self, event: NothingThere) -> None:
        self.tell(event.text)

    @on(PaneWanted)
    async def _pane_wanted(self, event: PaneWanted) -> None:
        await self.to_pane("next" if event.direction > 0 else "previous")

    @on(NextWanted)
    def _next_wanted(self) -> None:
        hits = self.search.hits if self.is_searching else None
        self.listing.to_unread(1, self.open_article, hits=hits)

    @on(Jumped)
    def _jumped(self, event: Jumped) -> None:
        self.jumping.jumped(event.spot)

    @on(BackWanted)
    def _back_wanted(self) -> None:
        if not self.jumping.back():
            self.back()

    @on(PatternsWanted)
    def _patterns_wanted(self, event: PatternsWanted) -> None:
        self.typesetting.patterns_wanted(event)

    @on(MatchChanged)
    def _match_changed(self, event: MatchChanged) -> None:
        self.finding.match_changed(event.index, event.count)
        self.matches_changed()

    @on(MatchesWrapped)
    def _matches_wrapped(self, event: MatchesWrapped) -> None:
        self.finding.wrapped(event.forward)

    @on(MatchesEnded)
    def _matches_ended(self, event: MatchesEnded) -> None:
        if self.reader.wraps:
            return  # there is none at all, which the count tells
        id = self.passages.step(1 if event.forward else -1)
        if id is None:
            self.tell("no further match" if event.forward else "no earlier match")
        else:
            self.open_article(id, last=not event.forward)

    @on(PassagesWanted)
    def _passages_wanted(self, event: PassagesWanted) -> None:
        self.highlighting.passages_wanted(event)

    @on(SelectWanted)
    def _select_wanted(self) -> None:
        self.highlighting.start()

    @on(SelectionMoved)
    def _selection_moved(self) -> None:
        self.highlighting.selection_moved()

    @on(HighlightClicked)
    def _highlight_clicked(self, event: HighlightClicked) -> None:
        self.highlighting.clicked(event.id)

    # The bars; by name, since they are not loaded yet

    def on_find_bar_changed(self, event: FindBar.Changed) -> None:
        """Find what was typed."""
        self.finding.find(event.text)

    def on_find_bar_submitted(self) -> None:
        """On to the matches."""
        self.finding.accept()

    def on_find_bar_dismissed(self) -> None:
        """Back to where one was."""
        self.finding.leave()

    def on_select_bar_moved(self, event: SelectBar.Moved) -> None:
        """Move the end of the selection."""
        self.highlighting.moved(event.motion)

    def on_select_bar_acted(self, event: SelectBar.Acted) -> None:
        """Do something with what is selected."""
        self.highlighting.act(event.what)
