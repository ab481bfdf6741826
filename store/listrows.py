"""Rows of the list as the side index has them; light, since the first frame is drawn with it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final

from store.checksums import compare_sum, joined
from store.row import Row

#: Raised with every change of the schema, of what its columns mean, or of what is indexed.
VERSION: Final = 6

#: Columns of `Row`, in its order, over `doc d left join state s`.
ROW: Final = (
    "d.id, d.title, d.author, d.site, d.published, d.saved, d.words, d.stub, "
    "coalesce(s.read, 0), coalesce(s.starred, 0), coalesce(s.archived, 0), "
    "coalesce(s.trashed, 0), coalesce(s.progress, 0), coalesce(s.tags, d.tags)"
)

#: What a row's checksum is taken of.  An article's place is left out: it changes without the
#: article, and a wrong one is noticed by what is read there.  SQLite and Python write a float
#: differently; as a millionth it is a whole number.
DOC_SUM: Final = joined(
    "d.id", "d.hash", "d.identity", "d.title", "d.author", "d.site", "d.url",
    "d.published", "d.saved", "d.words", "d.stub", "d.lang", "d.type", "d.source", "d.tags",
    "d.at", "d.published_at", "d.saved_at", "d.title_key", "d.author_key",
)  # fmt: skip
STATE_SUM: Final = joined(
    "s.id", "s.read", "s.starred", "s.archived", "s.trashed",
    "cast(s.progress * 1000000 as integer)", "s.position", "s.anchor", "'=' || s.tags",
    "s.opened", "s.read_iso", "s.read_at",
)  # fmt: skip
ANNOTATION_SUM: Final = joined("number", "article", "quote", "note")

#: What `as_row` needs besides: checksums, and what they were taken of.
ROW_SUMS: Final = f"d.sum, {DOC_SUM}, s.sum, {STATE_SUM}"

#: The newest articles that are not in the trash, as `as_row` takes them; the one parameter is how
#: many.
NEWEST: Final = (
    f"select {ROW}, {ROW_SUMS} from doc d left join state s on s.id = d.id "
    "where coalesce(s.trashed, 0) = 0 order by d.at desc, d.id desc limit ?"
)

#: The articles of some ids that are not in the trash, in no order; "{}" takes the ids.
THESE: Final = (
    f"select {ROW}, {ROW_SUMS} from doc d left join state s on s.id = d.id "
    "where coalesce(s.trashed, 0) = 0 and d.id in ({})"
)

#: How many that are: two short passes over the smallest indices.
COUNT: Final = (
    "select (select count(*) from doc) - "
    "(select count(*) from state s join doc d on d.id = s.id where s.trashed = 1)"
)


#: By sort key, but for chance: the SQL order, and the same turned round.
ORDERS: Final[dict[str, tuple[str, str]]] = {
    "published": ("d.at desc, d.id desc", "d.at asc, d.id asc"),
    "saved": ("d.saved_at desc, d.id desc", "d.saved_at asc, d.id asc"),
    "read": ("s.read_at desc nulls last, d.id desc", "s.read_at asc nulls last, d.id asc"),
    "title": ("d.title_key asc, d.id asc", "d.title_key desc, d.id desc"),
    "author": (
        "d.author_key = '', d.author_key asc, d.at desc",
        "d.author_key = '', d.author_key desc, d.at desc",
    ),
    "words": ("d.words desc, d.id desc", "d.words asc, d.id asc"),
}

#: A prime below which two numbers can be multiplied in 63 bits.
_PRIME: Final = 2**31 - 1

#: What the order by chance is made of; none of them until it is asked for.
_shuffle: list[int] = []


def order_by(sort: str) -> str:
    """The SQL order for a sort key, with "-" before it turned round; newest first if unknown."""
    turned = sort.startswith("-")
    if sort.lstrip("-") == "random":
        return _shuffled()
    pair = ORDERS.get(sort.lstrip("-"), ORDERS["published"])
    return pair[1] if turned else pair[0]


def shuffle() -> None:
    """Make the order by chance another one; it stays the same until then, or the program ends."""
    _shuffle[:] = [1 + int.from_bytes(os.urandom(4), "big") % (_PRIME - 1) for _ in range(2)]


def _shuffled() -> str:
    """An order by chance that holds: a list is found anew with each mark, and must not change.

    The fifth power is a permutation modulo this prime (5 divides no part of 2^31 - 2), and of a
    degree that leaves nothing of the steps between ids.
    """
    if not _shuffle:
        shuffle()
    factor, shift = _shuffle
    mixed = f"((d.id % {_PRIME} * {factor} + {shift}) % {_PRIME})"
    square = f"({mixed} * {mixed} % {_PRIME})"
    return f"{square} * {square} % {_PRIME} * {mixed} % {_PRIME}, d.id"


def in_order(sort: str) -> str:
    """The ids that come first in an order of one's own, as many as the one parameter says."""
    return (
        "select d.id from doc d left join state s on s.id = d.id "
        f"where coalesce(s.trashed, 0) = 0 order by {order_by(sort)} limit ?"
    )


def as_row(values: Sequence[Any]) -> Row:
    """A row of `ROW` and `ROW_SUMS`.

    Raises:
        DamagedError: it does not bear its checksum.
    """
    compare_sum(values[14], values[15])
    if values[16] is not None:
        compare_sum(values[16], values[17])
    tags = values[13]
    return Row(
        values[0], values[1], values[2], values[3], values[4], values[5], values[6],
        bool(values[7]), bool(values[8]), bool(values[9]), bool(values[10]), bool(values[11]),
        float(values[12]), tuple(tags.split(" ")) if tags else (),
    )  # fmt: skip
