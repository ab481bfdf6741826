"""A style sheet that finds out once how the parts of a widget look, not at each change of a class.

Textual styles the parts that a widget draws by itself (its "component classes") by way of a node of
its own for each, made anew whenever the widget is styled: with every change of focus, or of a class
anywhere above.  Opening an article and leaving it again made 260 such nodes, 50 of the 70 ms that
it took, and 12,000 objects that only the search for garbage finds.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.styles import RenderStyles
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

#: Where a widget keeps how its parts look.
_KNOWN: Final = "_known_looks"

#: Situations of which a widget remembers that.
_SITUATIONS: Final = 16

#: Sources whose rules are remembered: Textual's and our widgets and screens are some 80.
_SOURCES: Final = 512


class RememberingStylesheet(Stylesheet):
    """A style sheet that remembers how a widget's parts look in each situation.

    A situation is all that rules can tell apart: classes and pseudo-classes of the widget and of
    what it lies in.

    What has been parsed is remembered, too.  Textual parses everything again for each new dialog,
    and keeps what it had parsed before: another 450 rules, 2 MB.
    """

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        """A style sheet without rules, see `Stylesheet`."""
        super().__init__(variables=variables)
        self._parse_cache = LRUCache(_SOURCES)
        self._rules_seen: list[RuleSet] | None = None
        self._edition = 0
        self._pseudo_classes: frozenset[str] = frozenset()
        self._standings: dict[Hashable, Hashable] = {}

    def reparse(self) -> None:
        """Put in force what the sources and variables are now; nothing changes if that fails.

        Raises:
            StylesheetError: a source is not valid.
        """
        self.parse()

    def _process_component_classes(self, node: DOMNode) -> None:
        """Style the parts of a widget; Textual's own way where that situation is new."""
        if not node._get_component_classes():
            return
        self._look_at_rules()
        known: _Looks | None = getattr(node, _KNOWN, None)
        if known is None or known.edition != self._edition:
            known = _Looks(self._edition)
            setattr(node, _KNOWN, known)
        situation = self._situation_of(node)
        parts = node._component_styles
        looks = known.looks.get(situation)
        if looks is None:
            super()._process_component_classes(node)
            known.keep(situation, parts)
        elif looks != parts:
            parts.clear()
            parts.update(looks)
            node.refresh()

    def _look_at_rules(self) -> None:
        """Notice other rules than at the last time."""
        rules = self.rules
        if rules is not self._rules_seen:
            self._rules_seen = rules
            self._edition += 1
            self._pseudo_classes = frozenset().union(*(each.pseudo_classes for each in rules))
            self._standings.clear()

    def _situation_of(self, node: DOMNode) -> Hashable:
        return tuple(map(self._standing_of, node.css_path_nodes))

    def _standing_of(self, node: DOMNode) -> Hashable:
        """All of a node itself that rules can tell apart; the same object for the same."""
        pseudo_classes = (node.has_pseudo_classes({name}) for name in self._pseudo_classes)
        standing = (type(node), node.id, node.classes, *pseudo_classes)
        return self._standings.setdefault(standing, standing)


class _Looks:
    """How the parts of one widget look by one edition of the rules, by situation."""

    def __init__(self, edition: int) -> None:
        self.edition = edition
        self.looks: dict[Hashable, dict[str, RenderStyles]] = {}

    def keep(self, situation: Hashable, parts: dict[str, RenderStyles]) -> None:
        """Remember how the parts look now; those that look as in another situation are the same."""
        if len(self.looks) >= _SITUATIONS:
            del self.looks[next(iter(self.looks))]
        for name, style in parts.items():
            for before in self.looks.values():
                if before.get(name) == style:
                    parts[name] = before[name]
                    break
        self.looks[situation] = dict(parts)
