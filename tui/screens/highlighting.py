"""Highlights and notes: made from what is selected in the reader, changed, and shown in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from store import COLOURS, Highlight, LibraryError
from store.article import count_words
from store.highlights import LONGEST
from tui.screens.choice import Choice, ChoiceDialog
from tui.screens.note import NoteDialog
from tui.screens.select_bar import SelectBar
from tui.terminal.lane import Lane
from tui.typeset.passages import anchor_of_passage, locate
from tui.widgets.reader import Reader
from tui.widgets.reader_messages import PassagesWanted
from tui.work import follow, supersede

if TYPE_CHECKING:
    from textual.screen import Screen

    from store import Library
    from tui.drafts import Draft
    from tui.session import Session

#: Characters of a note that are shown on one line.
_NOTE = 200
#: Blocks up to which the words in what is selected are counted.
_MANY_BLOCKS = 50


class Highlighting:
    """Selects text in the reader and keeps what becomes of it.

    Args:
        screen: The screen whose workers do the waiting, and over which dialogs open.
        library: Where highlights are kept.
        reader: The pane they are made and shown in.
        bar: Has the keys while text is selected.
        copy: Copies a text, given what it is called.
        touched: Called with the id of an article whose highlights have changed.
        changed: Called when selecting begins, goes on or ends.
        tell: Shows what was done to the person.
        report: Shows an error to the person.
        session: Keeps notes while they are written.
    """

    def __init__(
        self,
        screen: Screen[None],
        library: Library,
        reader: Reader,
        bar: SelectBar,
        *,
        copy: Callable[[str, str], None],
        touched: Callable[[int], None],
        changed: Callable[[], None],
        tell: Callable[[str], None],
        report: Callable[[str], None],
        session: Session | None = None,
    ) -> None:
        self._screen = screen
        self._library = library
        self._reader = reader
        self._bar = bar
        self._copy = copy
        self._touched = touched
        self._changed = changed
        self._tell = tell
        self._report = report
        self._session = session
        self._colour = COLOURS[0]  # the one used last
        self._reveal: Highlight | None = None
        self.lanes = (Lane("highlights"), Lane("passages"))

    # What the reader shows

    def load(self) -> None:
        """Show the highlights of the article in the reader as they are now."""
        article = self._reader.article
        if article is not None:
            supersede(self._screen, "highlights", partial(self._load, article.id))

    def passages_wanted(self, event: PassagesWanted) -> None:
        """Find where the passages are."""
        supersede(self._screen, "passages", partial(self._locate, event))

    def gone_from(self, article: int) -> set[int] | None:
        """Numbers of the highlights whose text is gone from the article in the reader.

        None where that is another one, or it is not known yet.
        """
        reader = self._reader
        if reader.article is None or reader.article.id != article or not reader.highlights_placed:
            return None
        return {each.id for each in reader.highlights if reader.passage_of(each.id) is None}

    def reveal(self, highlight: Highlight) -> None:
        """Bring a highlight on the screen, once its article is open and it is known where it is."""
        self._reveal = highlight
        self._show_revealed()

    async def _load(self, id: int) -> None:
        try:
            found = await self.lanes[0].run(lambda _: self._library.highlights(id))
        except LibraryError as error:
            self._report(str(error))
            return
        article = self._reader.article
        if article is not None and article.id == id:
            self._reader.set_highlights(found)
            self._show_revealed()
            self._selection_moved()

    async def _locate(self, event: PassagesWanted) -> None:
        article, document = self._reader.article, self._reader.document
        if article is None or document is None:
            return
        from store import Anchors  # not needed before there are highlights

        source, first = article.body, document.first
        found = await self.lanes[1].run(lambda _: locate(source, first, event.anchors, Anchors))
        self._reader.place_highlights(event.anchors, found)
        self._show_revealed()

    def _show_revealed(self) -> None:
        wanted, reader = self._reveal, self._reader
        if wanted is None or reader.article is None or reader.article.id != wanted.article:
            return
        if not any(each.id == wanted.id for each in reader.highlights):
            return
        passage = reader.passage_of(wanted.id)
        if passage is not None:
            self._reveal = None
            reader.bring(passage.start)
        elif reader.highlights_placed:
            self._reveal = None
            stub = reader.article.is_stub
            gone = "the text of this highlight is no longer in the article"
            self._tell("the article has no text yet" if stub else gone)

    # Selecting

    def start(self) -> None:
        """Begin to select with the keys."""
        if self._reader.select_here():
            self.selection_moved()
        else:
            self._tell("there is no text to select from here on")

    def selection_moved(self) -> None:
        """Follow what is selected in the reader."""
        if (self._reader.selection is not None) != self._bar.is_open:
            if self._reader.selection is not None:
                self._bar.open()
            else:
                self._close()
            self._changed()
        self._selection_moved()

    def _selection_moved(self) -> None:
        if self._reader.selection is not None:
            before = self._bar.state
            self._bar.only_cursor = self._reader.is_only_cursor
            self._bar.text = self._words(), self._about()
            if self._bar.state != before:
                self._changed()

    def moved(self, motion: str) -> None:
        """Move the cursor."""
        self._reader.select_to(motion)
        self.selection_moved()

    def left(self) -> None:
        """The keys went elsewhere: nothing is selected any more."""
        self._reader.stop_selecting()
        self._bar.close()
        self._changed()

    def act(self, what: str) -> None:
        """Do what a key asks for; see `SelectBar.Acted`."""
        if self._reader.selection is None:
            return
        here = self._at_cursor if self._reader.is_only_cursor else None
        if what == "leave":
            self._leave()
        elif what == "swap":
            self._reader.swap_ends()
            self.selection_moved()
        elif what == "here":
            self._reader.select_from_here()
            self.selection_moved()
        elif what == "copy":
            self._copy(self._reader.selected_text, "selection")
            self._leave()
        elif what == "remove":
            if (at_cursor := self._at_cursor) is None:
                self._tell("no highlight here")
            elif self._may():
                self.remove(at_cursor)
        elif self._may():
            self._highlight(what, here)

    def _highlight(self, what: str, here: Highlight | None) -> None:
        """Highlight, or change the highlight the cursor stands on."""
        if what == "colour":
            follow(self._screen, "menu", partial(self._choose_colour, here))
        elif here is not None:
            if what in COLOURS:
                self.change(here._replace(colour=what))
            else:
                self.edit_note(here)
        elif what == "note":
            follow(self._screen, "menu", self._add_note)
        else:
            self._make(what if what in COLOURS else self._colour, "")

    @property
    def _at_cursor(self) -> Highlight | None:
        selection = self._reader.selection
        return None if selection is None else self._reader.highlight_at(selection.cursor)

    def _words(self) -> str:
        if self._reader.is_only_cursor:
            return "on a highlight" if self._at_cursor else "move to where it begins"
        passage = self._reader.passage
        if passage is not None and passage.end.block - passage.start.block > _MANY_BLOCKS:
            return "many paragraphs"  # counting the words of a book would hold up each key
        words = count_words(self._reader.selected_text)
        return "1 word" if words == 1 else f"{words:,} words"

    def _about(self) -> str:
        """The highlight at the cursor, in words."""
        highlight = self._at_cursor
        if highlight is None:
            return ""
        note = " ".join(highlight.note[:_NOTE].split())
        return f"in {highlight.colour}: {note}" if note else f"in {highlight.colour}"

    def _leave(self) -> None:
        self._reader.stop_selecting()
        self.selection_moved()

    def _close(self) -> None:
        had_keys = self._bar.has_focus
        self._bar.close()
        if had_keys:
            self._screen.set_focus(self._reader, scroll_visible=False)

    # Making and changing

    def edit_note(self, highlight: Highlight) -> None:
        """Let the person edit the note of a highlight."""
        if self._may():
            follow(self._screen, "menu", partial(self._edit_note, highlight))

    def choose_colour(self, highlight: Highlight) -> None:
        """Let the person choose the colour of a highlight."""
        if self._may():
            follow(self._screen, "menu", partial(self._choose_colour, highlight))

    def clicked(self, id: int) -> None:
        """Show the note of a highlight that was clicked."""
        for highlight in self._reader.highlights:
            if highlight.id == id:
                self.edit_note(highlight)

    def change(self, highlight: Highlight, draft: Draft | None = None) -> None:
        """Keep a highlight as it is now, and no longer what its note was a draft of."""
        if not self._may():
            return
        if highlight.quote:
            self._colour = highlight.colour
        follow(self._screen, "marking", partial(self._keep, highlight, draft))

    def remove(self, highlight: Highlight) -> None:
        """Take a highlight away."""
        if not self._may():
            return
        follow(self._screen, "marking", partial(self._remove, highlight))

    def _may(self) -> bool:
        if self._library.readonly:
            self._report("nothing can be highlighted: the library is read-only")
        return not self._library.readonly

    def _made(self, colour: str, note: str) -> Highlight | None:
        reader = self._reader
        passage, article = reader.passage, reader.article
        if passage is None or article is None or reader.document is None:
            return None
        anchor = anchor_of_passage(reader.document, passage)
        if not anchor.quote.strip():
            self._tell("there is no text in it")
            return None
        if len(anchor.quote) > LONGEST:
            self._tell(f"too long to be highlighted: {LONGEST:,} characters at most")
            return None
        return Highlight(
            article.id, anchor.quote, note, colour, anchor.before, anchor.after, anchor.position
        )

    def _make(self, colour: str, note: str) -> None:
        highlight = self._made(colour, note)
        if highlight is None:
            return
        self._leave()
        self.change(highlight)

    async def _add_note(self) -> None:
        highlight = self._made(self._colour, "")
        if highlight is None:
            return
        note, draft = await self._written("Note on what you selected", highlight)
        if note:
            self._leave()
            self.change(highlight._replace(note=note), draft)

    async def _edit_note(self, highlight: Highlight) -> None:
        title = f"Note, in {highlight.colour}" if highlight.quote else "Note on the article"
        note, draft = await self._written(title, highlight)
        if note is None:
            return
        if note or highlight.quote:
            self.change(highlight._replace(note=note), draft)
        else:
            self.remove(highlight)

    async def _written(self, title: str, highlight: Highlight) -> tuple[str | None, Draft | None]:
        """What the person makes of a note, None for nothing new; and what is on disk of it."""
        drafts = None if self._session is None else self._session.drafts
        if drafts is None:
            dialog = NoteDialog(title, highlight.note, highlight.quote)
            return await self._screen.app.push_screen_wait(dialog), None
        draft = drafts.begin(highlight)
        write = partial(follow, self._screen, "drafts", drafts.write)
        dialog = NoteDialog(title, highlight.note, highlight.quote, draft=draft.text(), typed=write)
        draft.text = dialog.text
        note = await self._screen.app.push_screen_wait(dialog)
        draft.close(note or "")
        write()
        return note, draft

    async def _choose_colour(self, here: Highlight | None) -> None:
        current = here.colour if here is not None else self._colour
        choices = [
            Choice(colour, f"{colour[0]}  {colour}", f"key {key}", colour == current)
            for key, colour in enumerate(COLOURS, 1)
        ]
        colour = await self._screen.app.push_screen_wait(ChoiceDialog("Colour", choices))
        if colour is None:
            return
        if here is not None:
            self.change(here._replace(colour=colour))
        else:
            self._make(colour, "")

    async def _keep(self, highlight: Highlight, draft: Draft | None) -> None:
        if await self._try(partial(self._library.highlight, highlight)):
            if draft is not None and self._session is not None:
                draft.is_over = True
                follow(self._screen, "drafts", self._session.drafts.write)
            what = "changed" if highlight.id else "highlighted"
            about = f"in {highlight.colour}" if highlight.quote else "a note on the article"
            self._tell(f"{what}: {about}; U undoes")
            self._touched(highlight.article)

    async def _remove(self, highlight: Highlight) -> None:
        if await self._try(partial(self._library.remove_highlight, highlight.id)):
            self._tell("highlight removed; U brings it back")
            self._touched(highlight.article)

    async def _try(self, work: Callable[[], object]) -> bool:
        try:
            await self.lanes[0].run(lambda _: work())
        except LibraryError as error:
            self._report(str(error))
            return False
        return True
