"""Editing tags: one field with the tags in force, and completions from those the library has.

Of several articles the field holds the tags that all of them have; those that only some have are
told beside it.  Typing one of these gives it to all, typing it with "-" before it takes it away.

A comma parts tags like a space; quotes hold one together that is to have either in it (the library
makes "-" of a space).  The tags that the dialog itself put there are each one word, whatever is in
them: imports know tags with commas, and such as begin with "-".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, NamedTuple

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from store.article import clean_tags
from tui.screens.dialog import Dialog
from tui.screens.dialog_keys import TAGS_KEYS
from tui.widgets.options import Options

#: Completions shown at most.
_SHOWN = 8

#: What parts one word from the next.
_GAP = re.compile(r"[\s,]+")
_WORD = re.compile(r"""(-?)(?:#*"([^"]*)(?:"|\Z)(?=[\s,]|\Z)|([^\s,]*))""")


class _Word(NamedTuple):
    """A word of the field: where it stands in it, and the tag it means, to be taken away or not."""

    start: int
    end: int
    tag: str = ""
    negative: bool = False


class TagChange(NamedTuple):
    """What to do to the tags of the articles."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


class TagsDialog(Dialog[TagChange | None]):
    """Answers the tags to add and to remove, or None.

    Args:
        title: What the tags belong to.
        tags: The tags in force: those that all the articles share.
        known: The library's tags with their numbers, most used first.
        partly: Tags that only some of the articles have, with how many.
        number: How many articles there are.
    """

    CSS_PATH = ["dialog.tcss", "tags.tcss"]

    GIVES_WAY = ("#completions", 10)

    BINDINGS: ClassVar[list[BindingType]] = TAGS_KEYS

    def __init__(
        self,
        title: str,
        tags: Iterable[str],
        known: Sequence[tuple[str, int]] = (),
        partly: Sequence[tuple[str, int]] = (),
        number: int = 1,
    ) -> None:
        take = "-tag takes away   " if number > 1 else ""
        super().__init__(title, hint=f"tab complete   {take}enter save   esc cancel")
        self._tags = tuple(tags)
        self._known = list(known)
        self._partly = dict(partly)
        self._number = number
        self._offered: list[str] = []
        self._own = {*self._tags, *self._partly}
        self._line = "".join(f"{tag} " for tag in self._tags)

    def content(self) -> ComposeResult:
        """The field, and the completions under it."""
        field = Input(
            self._line, placeholder="tags, parted by spaces", id="tags", select_on_focus=False
        )
        field.cursor_blink = False
        yield field
        if self._partly:
            some = ", ".join(f"{tag} {self._share(tag)}" for tag in self._partly)
            yield Static(Text(f"On some: {some}", overflow="ellipsis"), id="partly")
        completions = Options(id="completions", markup=False)
        completions.can_focus = False
        yield completions

    def on_mount(self) -> None:
        """Start typing at the end of the field."""
        field = self.query_one(Input)
        field.focus()
        field.cursor_position = len(field.value)
        self._offer()

    @property
    def is_changed(self) -> bool:
        """Whether the line is another than it was."""
        return self.is_ready and self.query_one(Input).value.split() != self._line.split()

    def set_known(self, known: Sequence[tuple[str, int]]) -> None:
        """Take in the library's tags, which are counted while the dialog is already open."""
        self._known = list(known)
        if self.is_ready:
            self._offer()

    def action_complete(self) -> None:
        """Put the highlighted completion in the place of the word being typed."""
        at = self.query_one(OptionList).highlighted
        if at is None or not self._offered:
            return
        field = self.query_one(Input)
        word = _word_at(self._words(field.value), field.cursor_position)
        rest = field.value[word.end :].lstrip()
        tag = self._offered[at]
        self._own.add(tag)
        head = f"{field.value[: word.start]}{'-' * word.negative}{tag} "
        field.value = head + rest
        field.cursor_position = len(head)

    def action_move(self, action: str) -> None:
        """Move among the completions while the field keeps the keys."""
        getattr(self.query_one(OptionList), f"action_{action}")()

    @on(Input.Changed)
    def _offer(self) -> None:
        field = self.query_one(Input)
        words = self._words(field.value)
        here = _word_at(words, field.cursor_position)
        typed = self._words(field.value[here.start : field.cursor_position])
        word = typed[0].tag if typed else ""
        present = {each.tag for each in words} - {word}
        offered = [pair for pair in self._candidates(here.negative) if pair[0] not in present]
        if word:
            offered = [pair for pair in offered if word in pair[0] and pair[0] != word]
            offered.sort(key=lambda pair: not pair[0].startswith(word))
        self._offered = [tag for tag, _ in offered[:_SHOWN]]
        completions = self.query_one(OptionList)
        completions.set_options(_option(*pair) for pair in offered[:_SHOWN])
        completions.highlighted = 0 if self._offered else None

    def _words(self, text: str) -> list[_Word]:
        return list(_words(text, self._own))

    def _candidates(self, negative: bool) -> list[tuple[str, str]]:
        """Tags with what is told of them: those of some articles first, then the most used."""
        partly = [(tag, self._share(tag)) for tag in self._partly]
        if negative:  # what is not there cannot be taken away
            return partly + [(tag, "on all") for tag in self._tags]
        known = ((tag, f"{count:,}") for tag, count in self._known if tag not in self._partly)
        return [*partly, *known]

    def _share(self, tag: str) -> str:
        return f"({self._partly[tag]:,} of {self._number:,})"

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        words = [word for word in self._words(event.value) if word.tag]
        wanted = dict.fromkeys(word.tag for word in words if not word.negative)
        unwanted = [word.tag for word in words if word.negative]
        add = tuple(tag for tag in wanted if tag not in self._tags)
        gone = [tag for tag in self._tags if tag not in wanted]
        remove = tuple(dict.fromkeys([*gone, *(tag for tag in unwanted if tag not in wanted)]))
        self.dismiss(TagChange(add, remove) if add or remove else None)

    @on(OptionList.OptionSelected)
    def _pick(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_complete()


def _words(text: str, own: Iterable[str]) -> Iterator[_Word]:
    """The words of a field in order; one of the tags in `own` is one word, whatever is in it."""
    longest_first = sorted(own, key=len, reverse=True)
    either = "|".join(map(re.escape, longest_first)) or "(?!)"
    known = re.compile(rf"(-??)({either})(?=[\s,]|\Z)")
    at = 0
    while at < len(text):
        if found := known.match(text, at):
            yield _Word(at, found.end(), found[2], bool(found[1]))
        elif found := _GAP.match(text, at):
            pass
        else:
            found = _WORD.match(text, at)
            assert found is not None, "it matches anything"
            tag = "".join(clean_tags([found[2] or found[3] or ""]))
            yield _Word(at, found.end(), tag, bool(found[1]))
        at = found.end()


def _word_at(words: Iterable[_Word], cursor: int) -> _Word:
    """The word the cursor is in or at the end of; an empty one where it is in none."""
    return next((word for word in words if word.start <= cursor <= word.end), _Word(cursor, cursor))


def _option(tag: str, note: str) -> Option:
    line = Table.grid(expand=True, padding=(0, 1))
    line.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    line.add_column(justify="right", no_wrap=True)
    line.add_row(Text(tag), Text(note))
    return Option(line)
