"""The reader's places: where the person is, and the jumps that can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from store import Article
from tui.typeset.places import anchor_of, find_place, position_of
from tui.typeset.viewport import Place
from tui.widgets.reader_messages import Jumped, ReadingPlace, Spot
from tui.widgets.reader_view import ArticleView

#: Line of the screen a heading is brought to: one of air is above it.
UNDER_TOP: Final = 1
#: Jumps of which several in a row, with nothing between, are one: the way back is to where they
#: began.
_RUNS: Final = frozenset({"heading", "match"})


class PlacedView(ArticleView):
    """An article view that can say where it is, and go there again.

    Places leave it as offsets into the text with the words that stand there: rows and lines are
    other ones at another width, and blocks after an edit.
    """

    article: Article | None = None
    """The article on show."""

    _arrived: tuple[str, Place] | None = None  # how we jumped last, and where that led

    def position_now(self) -> ReadingPlace | None:
        """Where reading stands at this moment, to be saved; None without an article."""
        spot = self.spot()
        return spot and ReadingPlace(
            spot.id, spot.position, spot.anchor, round(self._progress(), 4)
        )

    def spot(self) -> Spot | None:
        """Where the text stands, to come back to; None without an article."""
        if self.article is None or self.document is None or self.view is None:
            return None
        id, place = self.article.id, self.view.place
        if place.block < self.document.first:  # in the head, which is no part of the text
            return Spot(id, row=self.view.flow.line_at(0, 0) - self.view.rows[0].line)
        position, anchor = position_of(self.document, place), anchor_of(self.document, place)
        return Spot(id, position, anchor, self.view.row_of(place) or 0)

    def reading_place(self) -> Place | None:
        """Where one reads, for telling under which heading that is; None without an article.

        A heading on the line to which it is brought counts as being read already.
        """
        if self.view is None:
            return None
        top = [(row, self.view.line(row).start) for row in self.view.rows[: UNDER_TOP + 1]]
        return max(
            (Place(row.block, start) for row, start in top if start is not None),
            default=self.view.top_place(),
        )

    def go_to_heading(self, place: Place) -> None:
        """Jump to a heading."""
        self.jump(place, UNDER_TOP, "contents")

    def go_to_spot(self, spot: Spot) -> None:
        """Put the text of the article on show where it stood."""
        if self.document is not None:
            place = find_place(self.document, spot.position, spot.anchor)
            self.go(place if spot.position or spot.anchor else Place(0, 0), spot.row)

    def jump_to_spot(self, spot: Spot) -> None:
        """The same, by a jump that can be taken back."""
        with self.jumping("mark"):
            self.go_to_spot(spot)

    def jump(self, place: Place, row: int = 0, kind: str = "") -> None:
        """Bring a place to a row of the screen, by a jump that can be taken back."""
        with self.jumping(kind):
            self.go(place, row)

    @contextmanager
    def jumping(self, kind: str) -> Iterator[None]:
        """What is done inside is a jump, if it moves the text: say where it began.

        Args:
            kind: What is jumped to ("heading", "match", "link" and so on).
        """
        spot = self.spot()
        before = self.view.place if self.view is not None else None
        goes_on = kind in _RUNS and self._arrived == (kind, before)
        yield
        if spot is None or self.view is None or self.view.place == before:
            return
        if goes_on:
            self._arrived = (kind, self.view.place)
        else:
            self.jumped_from(spot, kind)

    def jumped_from(self, spot: Spot, kind: str) -> None:
        """What moved the text from `spot` to where it stands now was a jump, if it did."""
        if self.view is None or self.spot() == spot:
            return
        self._arrived = (kind, self.view.place)
        self.post_message(Jumped(self, spot))

    def _progress(self) -> float:
        """The share of the text above the bottom of the screen."""
        assert self.view is not None and self.document is not None
        if self.article is not None and self.article.is_blank:
            return 0.0
        bottom = self.view.bottom_place()
        if self.view.at_end or self.document.is_note(bottom.block):
            return 1.0
        if bottom.block < self.document.first:
            return 0.0
        length = self.document.to_source(self.document.body_end)
        return min(1.0, position_of(self.document, bottom) / max(1, length))
