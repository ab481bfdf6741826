"""The query language: text to tree.

`parse` never raises: what it does not understand is searched for literally, with a warning of
one line.  The operators live in `store.operators.OPERATORS`, the one table from which parsing,
evaluation and help are derived.  The tree says nothing of how it is evaluated.

`view:NAME` stands for the query of that view, as if it were written there in brackets.  Order and
cap of the view's query count where the view is all that is asked for, and give way to those
beside it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from store.views import BUILT_IN_VIEWS, ViewNames


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or the beginning of one; `field` is a text field, or "" for all of them."""

    text: str
    prefix: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on an article's columns or state: `is:unread`, `tag:history`, `words:>2000`."""

    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    """What does not match `part`."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """What matches all parts; everything when there are none."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """What matches any part."""

    parts: tuple[Node, ...]


Node: TypeAlias = Word | Phrase | Filter | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query.

    Attributes:
        text: The query as given.
        tree: What to find.
        sort: Sort key with "-" when turned round, or "" for the default order.
        limit: Most articles to give, or None.
        warnings: What was not understood, one line each.
        unfinished: Whether something is left out of the tree that is still being typed.
    """

    text: str
    tree: Node = And()
    sort: str = ""
    limit: int | None = None
    warnings: tuple[str, ...] = ()
    unfinished: bool = False

    def words(self) -> Iterator[Word | Phrase]:
        """The words and phrases that matches are marked for: those not under a `Not`."""
        for leaf in leaves(self.tree, excluded=False):
            if isinstance(leaf, Word | Phrase):
                yield leaf


def leaves(node: Node, *, excluded: bool = True) -> Iterator[Node]:
    """Words, phrases and filters of a tree; those under a `Not` only where `excluded` says so."""
    if isinstance(node, Not):
        if excluded:
            yield from leaves(node.part)
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part, excluded=excluded)
    else:
        yield node


#: What matches everything because it was asked for; `And()` is what asks for nothing.
_EVERYTHING = And((And(),))

#: Text fields that `has:` knows: `note:*` is any note at all.
_PRESENCE = ("author", "note", "highlight")

#: Sort keys a query may name.
SORT_KEYS = ("relevance", "published", "saved", "read", "title", "author", "words", "random")

# What stands in quotes; see `unquoted`.
_INSIDE = r'[^"]*(?:""[^"]*)*'

#: One lexeme of a query; the name of the group that matched is its kind.
LEXEME = re.compile(
    rf"""(?P<space>\s+)
      | (?P<open>-?\()
      | (?P<close>\))
      | (?P<quoted>-?"(?P<quote>{_INSIDE})(?P<shut>"?))
      | (?P<tag>-?\#(?:"(?P<tquote>{_INSIDE})(?P<tshut>"?)|(?P<label>[^\s()"]+)))
      | (?P<field>-?(?P<name>[A-Za-z]+):
          (?:"(?P<fquote>{_INSIDE})(?P<fshut>"?)|(?P<value>[^\s()"]*)))
      | (?P<word>[^\s()"]+)""",
    re.X,
)


def unquoted(inside: str) -> str:
    """What is meant by what stands between two quotes: a quote in it is written twice."""
    return inside.replace('""', '"')


_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class _Parser:
    text: str
    typing: bool
    lexemes: list[re.Match[str]]
    views: ViewNames
    outside: int = 0
    at: int = 0
    depth: int = 0
    sort: str = ""
    limit: int | None = None
    warnings: list[str] = field(default_factory=list)
    view: Query | None = None
    finished: bool = True
    unfinished: bool = False

    #: Groups may nest this deep; deeper brackets are ignored.
    MAX_DEPTH = 50
    #: Views nest this deep, and a query may name this many, those named by views counted too.
    MAX_NESTED_VIEWS = 8
    MAX_VIEWS = 64
    #: Terms of a query, those of its views and each value of a list (`tag:a,b`) counted.
    MAX_TERMS = 10_000
    #: Characters of a query, and of a word: looking for words like it takes time and memory by its
    #: length, and none is so long.
    MAX_TEXT = 10_000
    MAX_WORD = 200
    #: The largest cap; a larger one caps nothing.
    MAX_LIMIT = 999_999_999

    def warn(self, line: str) -> None:
        if line not in self.warnings:
            self.warnings.append(line)

    def is_unfinished(self, last: bool) -> bool:
        """Whether what makes no sense yet is left out, since it stands where somebody types."""
        self.unfinished |= last and not self.finished
        return last and not self.finished

    def alternatives(self) -> Node:
        parts = [self.conjunction()]
        while self.at < len(self.lexemes) and self.lexemes[self.at].group() == "OR":
            self.at += 1
            unfinished = self.typing and self.at == len(self.lexemes)
            part = self.conjunction()
            if (part == And() and not unfinished) or parts == [And()]:
                self.warn("OR needs a term on both sides")
            if part != And():
                parts.append(part)
        parts = [part for part in parts if part != And()]
        if not parts:
            return And()
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def conjunction(self) -> Node:
        parts: list[Node] = []
        everything = False
        while self.at < len(self.lexemes):
            lexeme = self.lexemes[self.at]
            if lexeme.group() == "OR":
                break
            if lexeme.group() == "AND" and parts and (self.typing or not self.is_last(lexeme)):
                self.at += 1  # what stands beside each other is meant so anyway
                continue
            if lexeme.lastgroup == "close":
                if self.depth:
                    break
                self.warn("a ) without a ( was ignored")
                self.at += 1
                continue
            self.at += 1
            part = self.term(lexeme)
            if part == _EVERYTHING:
                everything = True
            elif isinstance(part, And):
                parts.extend(part.parts)
            elif part is not None:
                parts.append(part)
        if len(parts) == 1:
            return parts[0]
        return _EVERYTHING if everything and not parts else And(tuple(parts))

    def term(self, lexeme: re.Match[str]) -> Node | None:
        kind, whole = lexeme.lastgroup, lexeme.group()
        negative = whole.startswith("-") and len(whole) > 1
        node: Node | None
        if kind == "open":
            node = self.group(lexeme)
        elif kind == "quoted":
            if not lexeme["shut"] and not self.typing:
                self.warn(f"the quote that opens {_shown(whole)} is not closed")
            node = phrase(unquoted(lexeme["quote"]))
        elif kind == "tag":
            begun = self.typing and self.is_last(lexeme) and not negative
            quoted = lexeme["tquote"]
            labels = [unquoted(quoted)] if quoted is not None else lexeme["label"].split(",")
            labels = [label for label in labels if label]
            if quoted is not None and not lexeme["tshut"] and not self.typing:
                self.warn(f"the quote that opens {_shown(whole)} is not closed")
            if begun and labels and quoted is None:
                labels[-1] = labels[-1].rstrip("*") + "*"
            tags = tuple(Filter("tag", label) for label in labels)
            node = tags[0] if len(tags) == 1 else Or(tags) if tags else None
        elif kind == "field":
            node = self.field(lexeme)
        else:
            # What is excluded is excluded as typed: each letter of it would empty the list.
            last = self.is_last(lexeme) and not negative
            node = self.word(whole[1:] if negative else whole, last=last)
        if node is None or node == And():
            return None
        return Not(node) if negative else node

    def group(self, lexeme: re.Match[str]) -> Node | None:
        if self.outside + self.depth >= self.MAX_DEPTH:
            self.warn(f"brackets nested deeper than {self.MAX_DEPTH} were ignored")
            return None
        self.depth += 1
        node = self.alternatives()
        self.depth -= 1
        if self.at < len(self.lexemes) and self.lexemes[self.at].lastgroup == "close":
            self.at += 1
        elif not self.typing:
            self.warn("a ( is not closed")
        return node

    def is_last(self, lexeme: re.Match[str]) -> bool:
        return lexeme.end() == len(self.text)

    def word(self, text: str, *, last: bool, name: str = "") -> Node | None:
        prefix = text.endswith("*") or (self.typing and last)
        text = text.rstrip("*")
        if len(text) > self.MAX_WORD:
            self.warn(
                f"{_shown(text)} has more than {self.MAX_WORD} letters: the rest was left out"
            )
            text = text[: self.MAX_WORD]
        if not any(c.isalnum() for c in text):
            return None  # punctuation alone finds nothing and hides nothing
        return Word(text, prefix, name)

    def field(self, lexeme: re.Match[str]) -> Node | None:
        from store.operators import OPERATORS

        name = lexeme["name"].lower()
        quoted = lexeme["fquote"]
        value = unquoted(quoted) if quoted is not None else lexeme["value"]
        whole = lexeme.group().lstrip("-")
        last = self.is_last(lexeme)
        begun = last and not lexeme.group().startswith("-")
        if name in ("sort", "limit"):
            known = self.order(value, last) if name == "sort" else self.cap(value, last)
            if known and lexeme.group().startswith("-"):
                turned = name == "sort" and not value.startswith("-")
                hint = f"; sort:-{value} turns it round" if turned else ""
                self.warn(f"-{_shown(whole)} excludes nothing: taken as {_shown(whole)}{hint}")
            return None
        operator = OPERATORS.get(name)
        if operator is None:
            if value.startswith("//"):  # an address, not a field
                return phrase(whole)
            return self.literal(whole, f"no field {name}", name, list(OPERATORS), last)
        if not value:
            if not self.is_unfinished(last):
                self.warn(f"{name}: needs a value, as in {operator.example}")
            return None
        if name in _PRESENCE and not value.strip("*"):
            return Filter("has", name)
        if operator.kind == "text":
            values = [value] if quoted is not None else [v for v in value.split(",") if v]
            nodes: list[Node] = []
            for each in values:
                node = (
                    phrase(each, name)
                    if quoted is not None
                    else self.word(each, last=begun and each is values[-1], name=name)
                )
                if node is not None and node != And():
                    nodes.append(node)
            if not nodes:
                return None
            return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))
        values = [value] if quoted is not None else [v for v in value.split(",") if v]
        if name == "tag" and self.typing and begun and values and quoted is None:
            values[-1] = values[-1].rstrip("*") + "*"
        if operator.kind == "view":
            return self.any_view(values, last=last)
        good = [Filter(name, each) for each in values if operator.accepts(each)]
        bad = [each for each in values if not operator.accepts(each)]
        if bad:
            begins = bad == values[-1:] and operator.begins(bad[0])
            if begins and self.is_unfinished(last):
                return None if not good else Or(tuple(good))
            return self.literal(whole, f"{name}: takes no {_shown(bad[0])}", bad[0],
                                list(operator.values), last, operator.example)  # fmt: skip
        if not good:
            return None
        return good[0] if len(good) == 1 else Or(tuple(good))

    def any_view(self, names: list[str], *, last: bool) -> Node | None:
        found = [(name, self.expanded(name, last and name is names[-1])) for name in names]
        nodes = [node for _, node in found if node is not None]
        if not nodes:
            return None
        return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))

    def expanded(self, name: str, last: bool) -> Node | None:
        if name.startswith("#"):  # a tag is the view of its articles
            return Filter("tag", name[1:]) if len(name) > 1 else None
        views = self.views
        views.asked += 1
        if views.asked > self.MAX_VIEWS:
            self.warn(f"more than {self.MAX_VIEWS} views in one query: the others were left out")
            return None
        view = views.get(name)
        if view is None:
            if views.begins(name) and self.is_unfinished(last):
                return None
            near = views.nearest(name)
            hint = f"; nearest is {near.name}" if near else ""
            self.warn(f"no view {_shown(name)}{hint}: searched for view:{_shown(name)} as text")
            return phrase(f"view {name}")
        if view in views.within:
            self.warn(f"the view {view.name} leads back to itself: left out there")
            return None
        if len(views.within) == self.MAX_NESTED_VIEWS:
            self.warn(f"views nested deeper than {self.MAX_NESTED_VIEWS} were left out")
            return None
        views.within.append(view)
        self.view = _parse(view.query, False, views, self.outside + self.depth)
        views.within.pop()
        for warning in self.view.warnings:
            self.warn(f"in the view {view.name}: {warning}")
        return self.view.tree if self.view.tree != And() else _EVERYTHING

    def alone(self) -> Query | None:
        """The query of the view that is all this query asks for, if it is so."""
        if self.view is None:
            return None
        terms = [
            lexeme
            for lexeme in self.lexemes
            if lexeme.lastgroup not in ("open", "close")
            and (lexeme["name"] or "").lower() not in ("sort", "limit")
        ]
        negative = any(each.group().startswith("-") for each in self.lexemes)
        several = "," in (terms[0]["value"] or "")
        return None if len(terms) > 1 or negative or several else self.view

    def literal(
        self, whole: str, problem: str, wrong: str, known: list[str], last: bool, example: str = ""
    ) -> Node | None:
        near = difflib.get_close_matches(wrong.lower(), known, n=1)
        hint = f"; nearest is {near[0]}" if near else f"; as in {example}" if example else ""
        self.warn(f"{problem}{hint}: searched for {_shown(whole)} as text")
        return phrase(whole.replace(":", " "))

    def order(self, value: str, last: bool) -> bool:
        """Take the order; whether there is such a one."""
        key = value.lower()
        if key.lstrip("-") in SORT_KEYS:
            self.sort = key
            return True
        if not (_begins(key.lstrip("-"), SORT_KEYS) and self.is_unfinished(last)):
            self.warn(f"no sort:{_shown(value)}; known are {', '.join(SORT_KEYS)}")
        return False

    def cap(self, value: str, last: bool) -> bool:
        """Take the cap; whether it is one."""
        if value.isdecimal() and float(value) > 0:
            self.limit = int(min(float(value), self.MAX_LIMIT))
            return True
        if value or not self.is_unfinished(last):
            self.warn(f"limit: takes a number, as in limit:20, not {_shown(value)}")
        return False


def _begins(text: str, known: Iterable[str]) -> bool:
    return any(each.startswith(text) for each in known)


def phrase(text: str, name: str = "") -> Node:
    """A phrase node for `text`; a single word is a word; nothing but punctuation is nothing."""
    if not any(c.isalnum() for c in text):
        return And()
    return Phrase(text, name)


def _shown(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"


def parse(
    text: str,
    *,
    typing: bool = False,
    finished: bool | None = None,
    views: Callable[[], Mapping[str, str]] | None = None,
) -> Query:
    """Parse a query.

    Args:
        text: Any string.
        typing: The query was typed letter by letter: its last word is also a prefix, and what
            was not closed (a quote, a bracket) is no mistake.
        finished: Nobody types any more: a last term that makes no sense yet (a field without its
            value, a value that only begins like one) is a mistake.  By default while not `typing`.
        views: Gives the queries that `view:` can name, by name; called only when the query has
            a `view:`.  Without it these are the built-in views.

    Returns:
        The query; raises nothing but what `views` does.
    """
    names = ViewNames(views or (lambda: dict(BUILT_IN_VIEWS)))
    return _parse(text, typing, names, 0, not typing if finished is None else finished)


def _parse(text: str, typing: bool, views: ViewNames, outside: int, finished: bool = True) -> Query:
    # What a terminal or a shell gave that is no character (a lone surrogate) can be nowhere.
    flat = _SURROGATE.sub("\ufffd", text[: _Parser.MAX_TEXT]).replace("\n", " ")
    lexemes: list[re.Match[str]] = []
    parser = _Parser(flat, typing, lexemes, views, outside, finished=finished)
    if len(text) > parser.MAX_TEXT:
        parser.warn(f"more than {parser.MAX_TEXT:,} characters: the rest was left out")
    for lexeme in LEXEME.finditer(flat):
        if lexeme.lastgroup == "space":
            continue
        views.terms += (lexeme.group() != "OR") + lexeme.group().count(",")
        if views.terms > parser.MAX_TERMS:
            parser.warn(f"more than {parser.MAX_TERMS:,} terms: the rest was left out")
            break
        lexemes.append(lexeme)
    nodes: list[Node] = []
    while parser.at < len(parser.lexemes):
        node = parser.alternatives()
        if node not in (And(), _EVERYTHING):
            nodes.append(node)
    tree: Node = nodes[0] if len(nodes) == 1 else And(tuple(nodes))
    if flat.strip() == "-" and not parser.is_unfinished(True):
        parser.warn("- needs a term after it")
    alone = parser.alone()
    sort = parser.sort or (alone.sort if alone else "")
    limit = parser.limit or (alone.limit if alone else None)
    return Query(text, tree, sort, limit, tuple(parser.warnings), parser.unfinished)
