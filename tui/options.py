"""What can be set: the values each option takes, and what it means, for the config and its help."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, get_args

from tui.widgets.when import Dates

#: Looks by name; the app knows more, those that come with Textual.
THEMES = ("dark", "slate", "light", "mist", "contrast", "terminal")

#: How dates are written in lists.
DATES: tuple[str, ...] = get_args(Dates)

#: How list and reader share the terminal.
LAYOUTS = ("auto", "stacked", "single")

#: What tells paragraphs apart, and what becomes of lines of code that are too long.
PARAGRAPHS = ("space", "indent")
CODE = ("wrap", "scroll")

#: Whether the terminal puts right-to-left text in order; and which signs it has.
BIDI = ("auto", "on", "off")
GLYPHS = ("auto", "unicode", "ascii")

#: When opening an article marks it read.
READ_WHEN = ("open", "end", "hand")

#: Orders of a view by their sort keys ("-" before one turns it round): what each goes by, its
#: direction, and that turned round; both are "" for the one that has none.
ORDERS = {
    "published": ("date published", "newest first", "oldest first"),
    "saved": ("date saved", "newest first", "oldest first"),
    "read": ("date read", "latest first", "earliest first"),
    "title": ("title", "A to Z", "Z to A"),
    "author": ("author", "A to Z", "Z to A"),
    "words": ("length", "longest first", "shortest first"),
    "random": ("chance", "", ""),
}

#: Characters of a wrong value that are shown.
_LONGEST = 40

#: Least and most cells of the article's text, and percent of the terminal the list takes.
COLUMN = (40, 100)
LIST_SHARE = (25, 60)

#: Least and most minutes between two checks of a feed.
FEED_INTERVAL = (5, 43_200)


class Fault(ValueError):
    """A value is not allowed; the message tells what it is and what is allowed."""


class Option(NamedTuple):
    """One option of the config.

    Attributes:
        read: Turns the value in the file into that of the config; raises `Fault`.  Of a table,
            one of its values.
        allowed: What it may be, in words.
        about: What it means, in one or two sentences.
        table: Whether it is a table of names that the person chooses.
    """

    read: Callable[[Any], Any]
    allowed: str
    about: str
    table: bool = False


def nearest(name: str, known: Iterable[str]) -> str:
    """A question for what may have been meant by a name that is not known; "" for none."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def order_words(sort: str) -> str:
    """An order as it is told: "by title, Z to A" for "-title"; "" for none."""
    if not sort:
        return ""
    by, forward, backward = ORDERS[sort.removeprefix("-")]
    return f"by {by}, {backward if sort.startswith('-') else forward}".removesuffix(", ")


def _show(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(_show, names))


def _one(value: Any, names: Sequence[str], more: str = "") -> str:
    if not isinstance(value, str) or value not in names:
        close = difflib.get_close_matches(value, names, n=1) if isinstance(value, str) else []
        hint = f" (did you mean {_show(close[0])}?)" if close else ""
        raise Fault(f"is {_show(value)}{hint}, must be one of {_names(names)}{more}")
    return value


def _one_of(names: tuple[str, ...], about: str) -> Option:
    return Option(lambda value: _one(value, names), ", ".join(f"`{n}`" for n in names), about)


def _number(least: int, most: int, about: str) -> Option:
    allowed = f"{least} to {most}"

    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Fault(f"is {_show(value)}, must be a whole number from {allowed}")
        return value

    return Option(read, allowed, about)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Fault(f"is {_show(value)}, must be a text in quotes")
    return value


def _opener(value: Any) -> str:
    if _text(value):
        from tui.terminal.opener import OpenerError, command

        try:
            command(value, "https://example.org/")
        except OpenerError as error:
            raise Fault(f"cannot be used: {error}") from error
    return _text(value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Fault(f"is {_show(value)}, must be true or false")
    return value


def _flag(about: str) -> Option:
    return Option(_boolean, "`true`, `false`", about)


def _order(value: Any) -> str:
    if isinstance(value, str) and value.removeprefix("-") in ORDERS:
        return value
    return _one(value, tuple(ORDERS), ", or with - before it")


def _key(value: Any) -> str:
    parts = value if isinstance(value, list) else [value] if value != "" else []
    if not all(isinstance(part, str) and part.strip() for part in parts):
        allowed = 'must be a key or a list of keys, like "j" or ["j", "down"], or "" for none'
        raise Fault(f"is {_show(value)}, {allowed}")
    lists = (["comma"] if part.strip() == "," else part.split(",") for part in parts)
    return ",".join(name.strip() for names in lists for name in names if name.strip())


#: All options in the order of the documentation, tables last.
OPTIONS: dict[str, Option] = {
    "theme": Option(
        _text,
        ", ".join(f"`{name}`" for name in ("auto", *THEMES)) + " or another of the palette",
        "Colours. `auto` is the theme chosen last in the app, else one that fits the terminal.",
    ),
    "layout": _one_of(
        LAYOUTS,
        "List and reader: side by side where there is room (`auto`), one above the other "
        "(`stacked`), or one at a time (`single`).",
    ),
    "list_share": _number(
        *LIST_SHARE, "Percent of the terminal that the list takes where it shares it."
    ),
    "column": _number(*COLUMN, "Cells in a line of an article, at most."),
    "justify": _flag("Whether lines of running text are stretched to the full width."),
    "hyphenate": _flag(
        "Whether words are hyphenated, by the language of the article; where that is not known it "
        "is guessed from its words."
    ),
    "paragraphs": _one_of(
        PARAGRAPHS, "What tells paragraphs apart: a blank line (`space`) or an `indent`."
    ),
    "code": _one_of(
        CODE,
        "Lines of code that are too long go on in the next one (`wrap`), or are cut at the edge "
        "and move sideways with `<` and `>` (`scroll`).",
    ),
    "frames": _flag("Whether captions of pictures are framed."),
    "bidi": _one_of(
        BIDI,
        "Whether Arabic and Hebrew stand at the right edge, for terminals that put their letters "
        "in order: `auto` knows those of VTE (GNOME) and Konsole, outside of tmux and screen.",
    ),
    "glyphs": _one_of(
        GLYPHS,
        "Signs and lines; `auto` is `ascii` in a locale without UTF-8 and on the Linux console.",
    ),
    "plain": _flag(
        "For screen readers: words instead of signs, no frames and bars, one thing at a time, and "
        "the terminal's cursor on what is current. `broadsheet --plain` asks for it once."
    ),
    "dates": _one_of(
        DATES,
        "Dates in lists: `yesterday` and `9 Mar` while they are young (`relative`), always "
        "`9 Mar 2017` (`plain`), always `2017-03-09` (`iso`).",
    ),
    "read_when": _one_of(
        READ_WHEN,
        "An article counts as read once it was opened (`open`), once its end was on the screen "
        "(`end`), or only by hand (`hand`). One of which there is only the link does by hand "
        "alone.",
    ),
    "opener": Option(
        _opener,
        "a command",
        "Opens links; `{url}` in it is replaced, but not where a shell would read the link. Empty: "
        "the system's own, and over SSH the clipboard.",
    ),
    "clipboard": _one_of(
        ("auto", "osc52", "tool", "show"),
        "How text is copied: by the terminal (`osc52`), by a program (`tool`), by showing it to be "
        "selected (`show`), or the best of these there is (`auto`).",
    ),
    "feed_interval": _number(
        *FEED_INTERVAL,
        "Minutes between two checks of a feed that has no interval of its own and asks for no "
        "longer one.",
    ),
    "feed_refresh": _flag(
        "Whether the app asks feeds for what is new, as it starts and while it is open, when they "
        "are due."
    ),
    "mouse": _flag(
        "Whether clicks and the wheel come to the app; without them the terminal selects text."
    ),
    "link": _one_of(
        ("auto", "local", "ssh", "slow"),
        "What is between the app and the terminal; `slow` sends less.",
    ),
    "sort": Option(
        _order,
        ", ".join(f"`{name}`" for name in ORDERS) + ", or with `-` before it",
        "The order of a view when it is opened, by the view's name; `-` turns it round. `random` "
        "shuffles once; choosing it again in `S` shuffles anew.",
        table=True,
    ),
    "keys": Option(
        _key,
        'keys, as `"j,down"` or `["j", "down"]`, or `""` for none',
        "The keys of what can be done, by its id; `broadsheet config --print-default` lists all.",
        table=True,
    ),
}
