"""The reader: shows one article, goes about in it, and says where the person is."""

from __future__ import annotations

from asyncio import TimerHandle, get_running_loop
from collections.abc import Sequence
from dataclasses import replace
from time import monotonic
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import BindingType

from store import Article, Highlight, Matcher, State
from tui.typeset import hyphenate, language, outline
from tui.typeset.document import Document
from tui.typeset.matches import Matches
from tui.typeset.places import find_place
from tui.typeset.setting import Setting
from tui.typeset.viewport import Place
from tui.widgets import reader_messages as messages
from tui.widgets.reader_head import head_paragraphs
from tui.widgets.reader_highlights import Marks, marks_of
from tui.widgets.reader_keys import READER_BINDINGS
from tui.widgets.reader_letters import LetteredView
from tui.widgets.reader_messages import PatternsWanted, Spot
from tui.widgets.reader_places import UNDER_TOP
from tui.widgets.reader_search import Lights

#: Cells by which the column is made wider or narrower.
COLUMN_STEP = 4

_NO_ARTICLE = "No article is open."


class Opening(NamedTuple):
    """An article made ready to be shown.

    Attributes:
        document: Its text.
        place: Where it was left; None for its beginning.
        marks: What is highlighted in it.
    """

    document: Document
    place: Place | None
    marks: Marks = Marks()


class Reader(LetteredView):
    """Shows one article, or a hint when there is none.

    The screen gives it an article with `show`; it answers with messages.  It is still while
    nothing happens: the only timer is the one that waits for scrolling to end.
    """

    BINDINGS: ClassVar[list[BindingType]] = READER_BINDINGS

    PositionChanged = messages.PositionChanged
    EndReached = messages.EndReached
    NextWanted = messages.NextWanted
    Jumped = messages.Jumped
    BackWanted = messages.BackWanted
    LinkActivated = messages.LinkActivated
    PatternsWanted = messages.PatternsWanted
    LinkFocused = messages.LinkFocused
    LinksLabelled = messages.LinksLabelled
    NothingThere = messages.NothingThere
    PaneWanted = messages.PaneWanted
    MatchChanged = messages.MatchChanged
    MatchesWrapped = messages.MatchesWrapped
    MatchesEnded = messages.MatchesEnded
    SelectWanted = messages.SelectWanted

    rest: float = 0.3
    """Seconds without scrolling after which `PositionChanged` is posted."""
    _end_said = False
    _told: Place | None = None
    _last_move = 0.0
    _timer: TimerHandle | None = None

    # What is shown

    @staticmethod
    def prepare(
        article: Article,
        state: State,
        spot: Spot | None = None,
        highlights: Sequence[Highlight] = (),
    ) -> Opening:
        """Cut an article as far as it was read and find the place; from any thread.

        In a long book this is what takes time when it is opened in the middle.

        Args:
            article: The article.
            state: What is known of its reading.
            spot: Where it is to be opened; None for where it was left.
            highlights: What is highlighted in it.
        """
        document = Document(article.body, head_paragraphs(article, state), article.url)
        marks = marks_of(document, highlights)
        position, anchor = (spot or state).position, (spot or state).anchor
        if position > 0 or anchor:
            return Opening(document, find_place(document, position, anchor), marks)
        return Opening(document, None, marks)

    def show(
        self,
        article: Article,
        state: State,
        *,
        matcher: Matcher | None = None,
        last: bool = False,
        spot: Spot | None = None,
        opening: Opening | None = None,
    ) -> None:
        """Show an article.

        Args:
            article: The article.
            state: What is known of its reading; without `matcher` it opens where it was left.
            matcher: Finds what is looked for; the article opens at the first match, or where
                there is none at its beginning.
            last: Whether it opens at the last match.
            spot: Where it opens, whatever the others say; what `matcher` finds is lit up there.
            opening: What `prepare` made of article, state and spot; made now without it.
        """
        self._say_position()
        opening = opening or self.prepare(article, state, spot)
        document, place, marks = opening
        document.setting = self.setting_of(article)
        self._open(article, document, place if matcher is None or spot else None)
        self.show_marks(marks)
        if spot is None:
            self.set_matcher(matcher, last=last)
        else:
            self.go(place or Place(0, 0), spot.row)
            matches = None if matcher is None else Matches(document, matcher.spans)
            self.relight(Lights(matcher, matches, None, wraps=False))
        self._look_for_end()

    def clear(self) -> None:
        """Show no article."""
        self.hint = _NO_ARTICLE
        self._say_position()
        self._open(None, None, None)
        self.set_matcher(None)

    def redraw_head(self, article: Article, state: State) -> None:
        """Draw the head anew after the article's tags or title have changed."""
        if self.document is None or self.article is None or article.id != self.article.id:
            return
        self.article = article
        self.document.set_head(head_paragraphs(article, state))
        if self.view is not None:
            self.view.renew(0)
        self.text_changed(0)
        self.tell_scrollbar()
        self.restyle()

    def _open(self, article: Article | None, document: Document | None, at: Place | None) -> None:
        self.article = article
        self.forget_links()
        self._end_said = False
        self.stop_selecting()
        self.set_highlights(())
        self.open_document(document, at)
        self._told = self.view.place if self.view is not None else at or Place(0, 0)

    # Setting

    def setting_here(self) -> Setting:
        """The setting, in the language of the article."""
        return self.setting if self.article is None else self.setting_of(self.article)

    def setting_of(self, article: Article) -> Setting:
        """The setting for an article; its language counts once its patterns were read."""
        if not self.setting.hyphenate:
            return self.setting
        lang = article.lang or language.guess(article.body)
        if not hyphenate.is_ready(lang):
            self.post_message(PatternsWanted(self, lang))
            return self.setting
        return replace(self.setting, lang=lang)

    # Telling the screen

    def moved(self) -> None:
        """What is on screen was moved: say so when it rests, and say when it is the end."""
        super().moved()
        self._look_for_end()
        self._last_move = monotonic()
        if self._timer is None:
            self._wait(self.rest)

    def fitted(self) -> None:
        """The size has changed: the end may have come on screen."""
        super().fitted()
        self._look_for_end()
        self.post_message(messages.LaidOut(self))

    def _look_for_end(self) -> None:
        if self.view is not None and self.article is not None and not self._end_said:
            self._end_said = self.view.at_end
            if self._end_said:
                self.post_message(self.EndReached(self, self.article.id))

    def _wait(self, seconds: float) -> None:
        # Not a timer of Textual, which is never called if it is late when it starts (8.2).
        self._timer = get_running_loop().call_later(seconds, self.call_next, self._perhaps_rested)

    def _perhaps_rested(self) -> None:
        left = self._last_move + self.rest - monotonic()
        if left > 0:
            if (now := self.position_now()) is not None:
                self.post_message(messages.Moving(self, now))
            self._wait(max(left, self.rest / 2))
        else:
            self._say_position()

    def _say_position(self) -> None:
        """Post the position if it is another than was told last."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.view is not None and self.view.place != self._told:
            self._told = self.view.place
            if (now := self.position_now()) is not None:
                self.post_message(self.PositionChanged(self, now))

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys for matches and links are ours only while there are such."""
        if action in ("next_match", "previous_match"):
            return self.matches is not None
        if action == "follow_link":
            return self.focused is not None
        if action == "scroll_code":
            return self.setting.scroll_code
        return True

    def action_line_down(self) -> None:
        """Scroll down a line."""
        self.move_lines(1)

    def action_line_up(self) -> None:
        """Scroll up a line."""
        self.move_lines(-1)

    def action_page_down(self) -> None:
        """Scroll down a page, two lines of which stay on screen."""
        self.move_page(1)

    def action_page_up(self) -> None:
        """Scroll up a page, two lines of which stay on screen."""
        self.move_page(-1)

    def action_page_down_or_next(self) -> None:
        """Scroll down a page; at the end ask for the next article."""
        if self.article is not None and (self.view is None or self.view.at_end):
            self.post_message(self.NextWanted(self, self.article.id))
        else:
            self.move_page(1)

    def action_half_down(self) -> None:
        """Scroll down half a page."""
        self.move_page(0.5)

    def action_half_up(self) -> None:
        """Scroll up half a page."""
        self.move_page(-0.5)

    def action_top(self) -> None:
        """Go to the beginning."""
        with self.jumping("end"):
            self.move_home()

    def action_bottom(self) -> None:
        """Go to the end."""
        with self.jumping("end"):
            self.move_end()

    def action_next_heading(self) -> None:
        """Bring the next heading to the top."""
        if self.view is not None and self.document is not None:
            place = outline.next_heading(self.document, self.view.top_place())
            while place is not None and self._is_on_top(place):
                place = outline.next_heading(self.document, place)
            if place is not None:
                self.jump(place, UNDER_TOP, "heading")

    def action_previous_heading(self) -> None:
        """Bring the previous heading to the top; before the first, the beginning."""
        if self.view is not None and self.document is not None:
            place = outline.previous_heading(self.document, self.view.top_place())
            self.jump(place or Place(0, 0), UNDER_TOP, "heading")

    def action_next_paragraph(self) -> None:
        """Bring the next paragraph to the top."""
        if self.view is not None and self.document is not None:
            self._bring(outline.next_paragraph(self.document, self.view.top_place()))

    def action_previous_paragraph(self) -> None:
        """Bring the beginning of this paragraph, or else the previous one, to the top."""
        if self.view is not None and self.document is not None:
            self._bring(outline.previous_paragraph(self.document, self.view.top_place()))

    def action_wider(self) -> None:
        """Make the column wider."""
        self.full_width = False
        self.column += COLUMN_STEP

    def action_narrower(self) -> None:
        """Make the column narrower."""
        self.full_width = False
        self.column -= COLUMN_STEP

    def action_default_width(self) -> None:
        """Give the column its default width."""
        self.full_width = False
        self.column = self.usual_column

    def action_scroll_code(self, direction: int) -> None:
        """Move the code on screen sideways."""
        self.scroll_code(direction)

    def action_full_width(self) -> None:
        """Make the text as wide as the pane, or as the column again."""
        self.full_width = not self.full_width

    def _is_on_top(self, place: Place) -> bool:
        """Whether a heading is where `]` and `[` bring one."""
        assert self.view is not None
        row = self.view.row_of(place)
        return row is not None and row <= UNDER_TOP

    def _bring(self, place: Place | None, row: int = 0) -> None:
        if place is not None:
            self.go(place, row)

    def action_back(self) -> None:
        """Go back to where the last jump began; out of the article if there was none."""
        self.post_message(self.BackWanted(self))

    # Selecting

    def action_select(self) -> None:
        """Begin to select text: at the focused link, at the current match, or at the top."""
        self.post_message(self.SelectWanted(self))

    def select_here(self) -> bool:
        """Begin to select what is focused or found, or else at the first text on screen."""
        if self.view is None or self.document is None:
            return False
        if self.focused is not None:
            block, start, end, _ = self.focused
            return self.begin_selecting(Place(block, start), Place(block, end - 1))
        match = self.current_match
        if match is not None and self.matches is not None and self.view.row_of(match) is not None:
            ends = (b for a, b in self.matches.inside(match.block) if a == match.offset)
            return self.begin_selecting(match, Place(match.block, next(ends, match.offset + 1) - 1))
        return self.begin_selecting(self.view.top_place())

    def bring(self, place: Place) -> None:
        """Bring a place on the screen, if it is not there."""
        if self.view is None:
            self.start_at(place)
        elif self.view.row_of(place) is None:
            self.go(place, self.size.height // 3)

    def on_click(self, event: events.Click) -> None:
        """Select what was clicked; a link that was clicked once is followed."""
        if self.was_dragged():
            event.stop()
            event.prevent_default()  # a link under the end of a drag is not followed
        elif event.chain > 1 or self.link_under(event) is None:
            event.prevent_default()
            if self.click_text(event):
                event.stop()
