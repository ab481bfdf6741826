"""The reader's links: focused, labelled with letters, followed; footnotes shown in place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from time import monotonic
from typing import Final, NamedTuple, TypeVar

from rich.segment import Segment
from textual import events
from textual.strip import Strip

from tui.typeset import outline
from tui.typeset.draw import FOCUS, Lit
from tui.typeset.model import BACK, TO_NOTE, WITHIN
from tui.typeset.outline import Link
from tui.typeset.viewport import Place, Row
from tui.widgets.link_labels import labels
from tui.widgets.reader_messages import (
    LinkActivated,
    LinkFocused,
    LinksLabelled,
    NothingThere,
    PaneWanted,
)
from tui.widgets.reader_places import UNDER_TOP
from tui.widgets.reader_search import SearchingView
from tui.widgets.reader_styles import LABEL

_Found = TypeVar("_Found")

#: Seconds that looking for a link may hold up the keys; then it goes on between them.
_SLICE: Final = 0.006


class _Shown(NamedTuple):
    """A link on the screen.

    Attributes:
        link: The link.
        block: The block it is shown in, which is another one for a footnote shown in place.
        y: The line of the screen where it begins.
        column: The cell of that line.
    """

    link: Link
    block: int
    y: int
    column: int


class LinkingView(SearchingView):
    """An article view whose links can be gone through, picked by letters, and followed."""

    focused: Link | None = None
    """The link that Enter follows."""

    _labels: dict[str, _Shown] | None = None  # the links to pick from, by what is to be typed
    _typed = ""

    @property
    def focused_url(self) -> str:
        """The address of the focused link; "" where none is focused or it has none."""
        return "" if self.focused is None else self._address(self.focused)

    def forget_links(self) -> None:
        """Nothing is focused or labelled any more: another text is on show."""
        self.workers.cancel_group(self, "link")
        self.focused = self._labels = None

    # Focus

    def action_next_link(self) -> None:
        """Focus the next link; after the last ask for the next pane."""
        self._step(1)

    def action_previous_link(self) -> None:
        """Focus the previous link; before the first ask for the previous pane."""
        self._step(-1)

    def _step(self, direction: int) -> None:
        if self.document is None or self.view is None:
            self.post_message(PaneWanted(self, direction))
            return
        shown = [seen.link for seen in self._links_on_screen()]
        if self.focused in shown:
            index = shown.index(self.focused) + direction
        else:
            index = 0 if direction > 0 else len(shown) - 1
        if 0 <= index < len(shown):
            self._focus(shown[index])
        elif direction > 0:
            last = self.view.bottom_place()
            self._look_for_link(outline.links_after(self.document, last), 1)
        else:
            first = self.view.top_place()
            self._look_for_link(outline.links_before(self.document, first), -1)

    def _look_for_link(self, steps: Iterator[Link | None], direction: int) -> None:
        """Go to the first link that `steps` give, or ask for another pane."""

        def go(link: Link) -> None:
            self.jump(Place(link.block, link.start), self.size.height // 3, "focus")
            self._focus(link)

        self._look_for(steps, go, lambda: self.post_message(PaneWanted(self, direction)))

    def _look_for(
        self,
        steps: Iterator[_Found | None],
        found: Callable[[_Found], object],
        nothing: Callable[[], object],
    ) -> None:
        """Tell `found` the first that `steps` give, or `nothing`; if need be, between the keys."""
        self.workers.cancel_group(self, "link")
        if not _decided(steps, found, nothing):
            self._go_on("link", partial(_decide, steps, found, nothing))

    def _focus(self, link: Link | None) -> None:
        self.focused = link
        self.restyle()
        if link is not None:
            self.post_message(LinkFocused(self, self._address(link), link.url))

    def moved(self) -> None:
        """A link that is not on the screen any more is not focused; letters go."""
        self._unlabel()
        if self.focused is not None and not any(
            seen.link == self.focused for seen in self._links_on_screen()
        ):
            self.focused = None
            self.restyle()

    def fitted(self) -> None:
        """Letters go: their links are elsewhere now."""
        self._unlabel()

    def lit(self, block: int, start: int, end: int) -> Sequence[Lit]:
        """Matches, and the focused link."""
        lit = super().lit(block, start, end)
        focused = self.focused
        if focused is None or focused.block != block:
            return lit
        return [*lit, (focused.start, focused.end, FOCUS)]

    def _links_on_screen(self) -> list[_Shown]:
        """The links that can be seen, each where it is first seen."""
        view, document = self.view, self.document
        found: dict[Link, _Shown] = {}
        if view is not None and document is not None:
            for y, row in enumerate(view.rows):
                for seen in outline.links_on(document, row.block, view.line(row)):
                    place = _Shown(seen.link, row.block, y, self.left + seen.column)
                    found.setdefault(seen.link, place)
        return list(found.values())

    # Letters

    def action_label_links(self) -> None:
        """Put letters on the links that can be seen; typing them follows one."""
        shown = self._links_on_screen()
        if not shown:
            self.post_message(NothingThere(self, "no link is on the screen"))
            return
        self._labels = dict(zip(labels(len(shown)), shown, strict=True))
        self._typed = ""
        self._labels_changed()

    def on_key(self, event: events.Key) -> None:
        """While there are letters on the links, keys pick among them."""
        if self._labels is None:
            return
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self._unlabel()
        elif event.key == "backspace":
            self._typed = self._typed[:-1]
            self._labels_changed()
        elif event.character and self._left(self._typed + event.character.lower()):
            self._typed += event.character.lower()
            chosen = self._labels.get(self._typed)
            if chosen is None:
                self._labels_changed()
            else:
                self._unlabel()
                self._focus(chosen.link)
                self.follow(chosen.link, chosen.block)
        else:
            self._labels_changed()

    def on_blur(self) -> None:
        """The keys go elsewhere: so do the letters."""
        self._unlabel()

    def over(self, y: int, strip: Strip) -> Strip:
        """A line of the screen with the letters on its links."""
        strip = super().over(y, strip)
        if self._labels is None:
            return strip
        style = self.get_component_rich_style(LABEL)
        free = 0  # where links stand closer than their letters, these give way to the right
        for label, seen in sorted(self._left(self._typed).items(), key=lambda one: one[1].column):
            if seen.y == y:
                rest = label[len(self._typed) :]
                start = min(max(seen.column, free), strip.cell_length - len(rest))
                free = start + len(rest)
                letters = Strip([Segment(rest, style)], len(rest))
                strip = Strip.join([strip.crop(0, start), letters, strip.crop(free)])
        return strip

    def _left(self, typed: str) -> dict[str, _Shown]:
        return {
            label: seen for label, seen in (self._labels or {}).items() if label.startswith(typed)
        }

    def _labels_changed(self) -> None:
        self.refresh()
        self.post_message(LinksLabelled(self, self._typed))

    def _unlabel(self) -> None:
        if self._labels is not None:
            self._labels = None
            self.refresh()

    # Following

    def action_follow_link(self) -> None:
        """Follow the focused link."""
        focused = self.focused
        if focused is not None:
            shown = (seen for seen in self._links_on_screen() if seen.link == focused)
            self.follow(focused, next((seen.block for seen in shown), focused.block))

    def on_click(self, event: events.Click) -> None:
        """Follow the link that was clicked."""
        found = self.link_under(event)
        if found is not None:
            event.stop()
            self.follow(*found)

    def link_under(self, event: events.MouseEvent) -> tuple[Link, int] | None:
        """The link under the mouse and the block that shows it."""
        offset = event.get_content_offset(self)
        if offset is None or self.view is None or self.document is None:
            return None
        if offset.y >= len(self.view.rows):
            return None
        row = self.view.rows[offset.y]
        column = offset.x - self.left
        link = outline.link_at(self.document, row.block, self.view.line(row), column)
        return None if link is None else (link, row.block)

    def follow(self, link: Link, block: int) -> None:
        """Show or hide a footnote, go to a place in the article, or let the screen open a link.

        Args:
            link: The link.
            block: The block that shows it.
        """
        url = link.url
        if url.startswith(TO_NOTE):
            self._toggle_note(int(url.removeprefix(TO_NOTE)), block)
        elif url.startswith(BACK):
            self._go_back_from(int(url.removeprefix(BACK)), block)
        elif not url.startswith(WITHIN):
            self.post_message(LinkActivated(self, url))
        else:
            self.go_to_name(url.removeprefix(WITHIN), partial(self._not_within, link))

    def _not_within(self, link: Link) -> None:
        if address := self._address(link):
            self.post_message(LinkActivated(self, address))
        else:
            self.post_message(NothingThere(self, "this article has no such place"))

    def go_to_name(
        self, name: str, otherwise: Callable[[], object] | None = None, *, jump: bool = True
    ) -> None:
        """Go to where the fragment `name` of the article's address leads.

        Args:
            name: The fragment; "" is the beginning.
            otherwise: Called if it leads nowhere.
            jump: Whether that is a jump that can be taken back.
        """

        def go(place: Place) -> None:
            if jump:
                self.jump(place, UNDER_TOP, "link")
            else:
                self.go(place, UNDER_TOP)

        document = self.document
        steps = iter(()) if document is None else outline.named_places(document, name)
        self._look_for(steps, go, otherwise or (lambda: None))

    def _address(self, link: Link) -> str:
        """Where a link leads on the web; "" where it only leads inside the article."""
        if not link.url.startswith("#"):
            return link.url
        page = self.article.url.partition("#")[0] if self.article else ""
        within = link.url.startswith(WITHIN)
        return f"{page}#{link.url.removeprefix(WITHIN)}" if page and within else ""

    def _toggle_note(self, note: int, block: int) -> None:
        assert self.view is not None and self.document is not None
        if not self.view.toggle_note(block, note):
            self._notes_changed()
            return
        self._notes_changed()
        # What was asked for is to be seen, as far as its reference stays on the screen.
        lines = [line.note for line in self.view.flow.lines(block)]
        reference = Row(block, lines.index(note) - 1) if note in lines else None
        if reference in self.view.rows:
            y = self.view.rows.index(reference)
            unseen = y + lines.count(note) - (self.view.height - 1)
            if unseen > 0:
                self.move_lines(min(unseen, y))

    def _go_back_from(self, note: int, block: int) -> None:
        """From a footnote to where the text refers to it; one shown in place is hidden."""
        assert self.view is not None and self.document is not None
        document = self.document
        in_place = self.view.is_note_open(block, note)
        if in_place:
            self.view.toggle_note(block, note)
            self._notes_changed()
        else:
            block = document.first + document.definitions.note_use(note)
        there = (link for link in outline.links(document, block) if link.url == f"{TO_NOTE}{note}")
        link = next(there, None)
        if not in_place:
            self.jump(Place(block, link.start if link else 0), self.size.height // 3, "link")
        self._focus(link)

    def _notes_changed(self) -> None:
        self.tell_scrollbar()
        self.restyle()


def _decided(
    steps: Iterator[_Found | None], found: Callable[[_Found], object], nothing: Callable[[], object]
) -> bool:
    """Look for a moment; whether one of the two was told."""
    end = monotonic() + _SLICE
    for step in steps:
        if step is not None:
            found(step)
            return True
        if monotonic() > end:
            return False
    nothing()
    return True


async def _decide(
    steps: Iterator[_Found | None], found: Callable[[_Found], object], nothing: Callable[[], object]
) -> None:
    await asyncio.sleep(0)
    while not _decided(steps, found, nothing):
        await asyncio.sleep(0)
