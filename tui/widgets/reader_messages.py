"""What the reader says to the screen; the names are also attributes of `Reader`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.typeset.passages import Anchor
    from tui.widgets.reader_view import ArticleView


class ReadingPlace(NamedTuple):
    """Where reading stands.

    Attributes:
        id: The article.
        position: Offset into the article's body of the first text on screen.
        anchor: The plain text there, up to 64 characters; "" while the head is on top.
        progress: How far the text was read, 0.0 to 1.0, by the last text on screen.
    """

    id: int
    position: int
    anchor: str
    progress: float


class Spot(NamedTuple):
    """Where the text of an article stands on the screen, at any width and after edits elsewhere.

    Attributes:
        id: The article.
        position: Offset into the article's body of the first text on screen.
        anchor: The plain text there, up to 64 characters; "" while the head is on top.
        row: The line of the screen it is on; in the head, that of the title, which may be above
            the screen.
    """

    id: int
    position: int = 0
    anchor: str = ""
    row: int = 0


class ReaderMessage(Message):
    """Base of the reader's messages.

    Attributes:
        reader: The reader that says it.
    """

    def __init__(self, reader: ArticleView) -> None:
        super().__init__()
        self.reader = reader

    @property
    def control(self) -> ArticleView:
        """The reader, for `@on` with a selector."""
        return self.reader


class PositionChanged(ReaderMessage, namespace="reader"):
    """The reader came to rest at another place; attributes as in `ReadingPlace`."""

    def __init__(self, reader: ArticleView, place: ReadingPlace) -> None:
        super().__init__(reader)
        self.id, self.position, self.anchor, self.progress = place


class LaidOut(ReaderMessage, namespace="reader"):
    """The text was laid out for a new size: the place is the same, and more or less is seen."""


class Moving(ReaderMessage, namespace="reader"):
    """The text is being scrolled, and has not come to rest for a while; `place` is where it is."""

    def __init__(self, reader: ArticleView, place: ReadingPlace) -> None:
        super().__init__(reader)
        self.place = place


class EndReached(ReaderMessage, namespace="reader"):
    """The last line of the article `id` is on screen; said once each time it is shown."""

    def __init__(self, reader: ArticleView, id: int) -> None:
        super().__init__(reader)
        self.id = id


class NextWanted(ReaderMessage, namespace="reader"):
    """Space was pressed at the end of the article `id`."""

    def __init__(self, reader: ArticleView, id: int) -> None:
        super().__init__(reader)
        self.id = id


class Jumped(ReaderMessage, namespace="reader"):
    """The text was moved by a jump; `spot` is where it stood before."""

    def __init__(self, reader: ArticleView, spot: Spot) -> None:
        super().__init__(reader)
        self.spot = spot


class BackWanted(ReaderMessage, namespace="reader"):
    """Back to where the last jump began, or where there was none, out of the article."""


class LinkActivated(ReaderMessage, namespace="reader"):
    """A link was clicked or followed; `url` is http, https or mailto."""

    def __init__(self, reader: ArticleView, url: str) -> None:
        super().__init__(reader)
        self.url = url


class PatternsWanted(ReaderMessage, namespace="reader"):
    """The patterns by which `lang` is hyphenated are to be read, and the text then set anew."""

    def __init__(self, reader: ArticleView, lang: str) -> None:
        super().__init__(reader)
        self.lang = lang


class LetterWanted(ReaderMessage, namespace="reader"):
    """A letter is waited for, to "set" a mark or to "go" to one."""

    def __init__(self, reader: ArticleView, purpose: str) -> None:
        super().__init__(reader)
        self.purpose = purpose


class LetterTyped(ReaderMessage, namespace="reader"):
    """The letter was typed; `letter` is "" for a key that is no character."""

    def __init__(self, reader: ArticleView, purpose: str, letter: str) -> None:
        super().__init__(reader)
        self.purpose = purpose
        self.letter = letter


class LinkFocused(ReaderMessage, namespace="reader"):
    """A link has the focus.

    Attributes:
        address: Where it leads on the web; "" where it only leads inside the article.
        url: The link itself, as in `Span`.
    """

    def __init__(self, reader: ArticleView, address: str, url: str) -> None:
        super().__init__(reader)
        self.address = address
        self.url = url


class LinksLabelled(ReaderMessage, namespace="reader"):
    """There are letters on the links, of which `typed` were typed so far."""

    def __init__(self, reader: ArticleView, typed: str) -> None:
        super().__init__(reader)
        self.typed = typed


class NothingThere(ReaderMessage, namespace="reader"):
    """What was asked for is not there; `text` says what."""

    def __init__(self, reader: ArticleView, text: str) -> None:
        super().__init__(reader)
        self.text = text


class PaneWanted(ReaderMessage, namespace="reader"):
    """There is no further link: on to the next pane (`direction` 1) or the previous one (-1)."""

    def __init__(self, reader: ArticleView, direction: int) -> None:
        super().__init__(reader)
        self.direction = direction


class MatchChanged(ReaderMessage, namespace="reader"):
    """Another match is the current one, or all have been counted.

    Attributes:
        index: Which match is current, from 1; 0 when none is, or while that is not known.
        count: How many there are; None while they are being counted.
    """

    def __init__(self, reader: ArticleView, index: int, count: int | None) -> None:
        super().__init__(reader)
        self.index = index
        self.count = count


class MatchesWrapped(ReaderMessage, namespace="reader"):
    """Looking for a match went on from the other end of the article; `MatchChanged` follows.

    Attributes:
        forward: Whether it went on from the beginning, not from the end.
    """

    def __init__(self, reader: ArticleView, forward: bool) -> None:
        super().__init__(reader)
        self.forward = forward


class MatchesEnded(ReaderMessage, namespace="reader"):
    """There is no further match in the article.

    Attributes:
        forward: Whether the next was looked for, not the previous.
    """

    def __init__(self, reader: ArticleView, forward: bool) -> None:
        super().__init__(reader)
        self.forward = forward


class PassagesWanted(ReaderMessage, namespace="reader"):
    """Where the passages of the highlights are has to be found in the whole text.

    Attributes:
        anchors: What was kept of them; the answer is `place_highlights` with the same object.
    """

    def __init__(self, reader: ArticleView, anchors: Sequence[Anchor]) -> None:
        super().__init__(reader)
        self.anchors = anchors


class SelectWanted(ReaderMessage, namespace="reader"):
    """Text is to be selected with the keys, from what is on the screen."""


class SelectionMoved(ReaderMessage, namespace="reader"):
    """Other text is selected, or none any more."""


class HighlightClicked(ReaderMessage, namespace="reader"):
    """The highlight `id` was clicked."""

    def __init__(self, reader: ArticleView, id: int) -> None:
        super().__init__(reader)
        self.id = id
