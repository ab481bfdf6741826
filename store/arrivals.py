"""What an import says of reading, put into the reading file beside what the reader did here.

What the person did here later is worth more than what another program knew: an import never makes
an article unread again, takes no star away and no tag back that was removed by hand, and moves
progress only forward.  Saying the same again changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from store.article import Article, Passage, State, clean_tags
from store.given import next_highlight, noted
from store.highlights import COLOURS, Highlight, cleaned, document_of_highlight, highlight_of
from store.numbers import free_numbers
from store.reading import Annotated, Tables, document_of, state_of
from store.takenback import passage_number, removed, unmarked, words

#: What other programs call the colours we have; theirs that are no word here are our default.
_COLOURS: Final = {
    "orange": "yellow", "purple": "blue", "violet": "blue", "pink": "red", "teal": "green",
    "cyan": "blue", "magenta": "red", "brown": "yellow",
}  # fmt: skip

#: Article, whether it has a quote, and the words; see `_words_of`.
_Words = tuple[int, bool, str]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What one imported item says of reading the article that it became or met.

    Attributes:
        id: The article.
        added: The item made the article; else it was there.
        unchanged: The item changed nothing of the article itself.
        state: What it says, or None.
        tags: Its tags.
        own_tags: The tags that the article in the library had before.
        highlights: The passages it says are marked.
    """

    id: int
    added: bool
    unchanged: bool
    state: State | None
    tags: tuple[str, ...]
    own_tags: tuple[str, ...]
    highlights: tuple[Passage, ...]


class Effect(NamedTuple):
    """What arrivals changed.

    Attributes:
        states: New states by article.
        annotated: Documents of new or changed highlights by number.
        changed: For each arrival whether it changed anything.
        highlights: How many highlights are new.
    """

    states: dict[int, State]
    annotated: Annotated
    changed: list[bool]
    highlights: int


def arrival(article: Article, doc_id: int, old: Article | None, *, unchanged: bool) -> Arrival:
    """What an imported article says; `old` is the one it met, or None when it was added."""
    return Arrival(
        doc_id, old is None, unchanged, article.state, article.tags,
        article.tags if old is None else old.tags, article.highlights,
    )  # fmt: skip


def says_anything(each: Arrival) -> bool:
    """Whether it may change the reading file at all."""
    return (
        each.state is not None
        or bool(each.highlights)
        or (not each.added and not set(each.tags) <= set(each.own_tags))
    )


def take_in(tables: Tables, arrivals: Sequence[Arrival]) -> Effect:
    """Put what arrived into the tables of the reading file, in order."""
    effect = Effect({}, {}, [], 0)
    known = _passages(tables, {each.id for each in arrivals if each.highlights})
    lost, gone = unmarked(tables), removed(tables)
    free = free_numbers(list(tables["highlights"]), noted(tables, "3", "highlights"))
    number = new = 0
    met: set[int] = set()  # highlights that something which arrived stands for
    for each in arrivals:
        document = tables["states"].get(str(each.id))
        old = state_of(document or {})
        state = _joined(old, each, lost, fresh=each.added and document is None)
        changed = state != old
        if changed:
            effect.states[each.id] = state
            if stored := document_of(state):
                tables["states"][str(each.id)] = stored
            else:
                tables["states"].pop(str(each.id), None)
        for passage in each.highlights:
            made = _made(each.id, passage)
            there = known.setdefault(_words_of(made), [])
            same = _counterpart(there, made, passage.made, met)
            if same is None:
                if passage_number(each.id, made.quote, made.note) in gone:
                    continue
                number = next(free)
                made = made._replace(id=number)
                new += 1
                met.add(number)
                there.append(made)
            elif made.note and not same.note:
                met.add(same.id)
                there.remove(same)
                made = same._replace(note=made.note)
                there.append(made)
            else:
                met.add(same.id)
                continue
            changed = True
            key = str(made.id)
            effect.annotated[key] = tables["highlights"][key] = document_of_highlight(made)
        effect.changed.append(changed)
    if new:
        next_highlight(tables, number)
    return effect._replace(highlights=new)


def _joined(
    old: State, arrived: Arrival, lost: Mapping[str, frozenset[int]], *, fresh: bool
) -> State:
    said = arrived.state
    if fresh:
        return said or old
    state = old
    if said is not None:

        def marked(name: str) -> bool:
            return bool(
                getattr(old, name) or (getattr(said, name) and arrived.id not in lost[name])
            )

        state = old._replace(
            read=marked("read"),
            starred=marked("starred"),
            archived=marked("archived"),
            opened=max(old.opened, said.opened),
        )
        if state.read:
            state = state._replace(read_at=old.read_at or said.read_at)
        if said.progress > old.progress and (old.read or arrived.id not in lost["read"]):
            state = state._replace(
                progress=said.progress, position=said.position, anchor=said.anchor
            )
    came = [*arrived.tags, *((said.tags or ()) if said else ())]
    if old.tags is not None:
        # A tag the article had already and has no more was taken away by hand.
        came = [tag for tag in came if tag not in arrived.own_tags]
        return state._replace(tags=clean_tags([*old.tags, *came]))
    if said is not None and said.tags is not None:
        own = clean_tags([*arrived.own_tags, *arrived.tags])
        tags = clean_tags([*own, *said.tags])
        return state._replace(tags=tags if tags != own else None)
    return state


def _passages(tables: Tables, ids: set[int]) -> dict[_Words, list[Highlight]]:
    """The highlights there are of those articles, by their words."""
    found: dict[_Words, list[Highlight]] = {}
    if ids:
        for key, document in tables["highlights"].items():
            there = highlight_of(key, document)
            if there is not None and there.article in ids:
                found.setdefault(_words_of(there), []).append(there)
    return found


def _words_of(highlight: Highlight) -> _Words:
    """What two highlights of one passage have in common: the quote, or the note without one."""
    return (
        highlight.article,
        bool(highlight.quote),
        " ".join(words(highlight.quote or highlight.note)),
    )


def _made(doc_id: int, passage: Passage) -> Highlight:
    colour = passage.colour.strip().lower()
    colour = _COLOURS.get(colour, colour)
    return cleaned(
        Highlight(
            doc_id, passage.quote.strip(), passage.note.strip(),
            colour if colour in COLOURS else COLOURS[0],
            passage.before, passage.after, passage.offset, passage.made,
        )
    )  # fmt: skip


def _counterpart(
    there: Iterable[Highlight], made: Highlight, moment: str, met: Collection[int]
) -> Highlight | None:
    """The highlight that an arriving one stands for.

    Of a passage that comes with several notes each is a highlight of its own.  One whose note was
    edited here is still the same, unless another arrival stood for it already (`met`).
    """
    alike = [h for h in there if _is_same(h, made) and not _is_another(h, made, moment)]
    for highlight in alike:
        if not made.note or words(highlight.note) == words(made.note):
            return highlight
    return next((h for h in alike if not h.note or h.id not in met), None)


def _is_same(there: Highlight, made: Highlight) -> bool:
    """Whether a highlight of the same words is the same; short quotes may stand there twice."""
    return (
        not made.quote
        or there.offset == made.offset
        or not _anchored(there)
        or not _anchored(made)
        or (
            bool(there.before + there.after)
            and (there.before, there.after) == (made.before, made.after)
        )
    )


def _is_another(there: Highlight, made: Highlight, moment: str) -> bool:
    """Whether a passage was marked twice: at another moment, which is known, and otherwise."""
    return moment not in ("", there.made) and (there.note, there.colour) != (made.note, made.colour)


def _anchored(highlight: Highlight) -> bool:
    return bool(highlight.offset or highlight.before or highlight.after)
