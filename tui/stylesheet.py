"""A style sheet that finds out once how the parts of a widget look, not at each change of a class.

Textual styles the parts that a widget draws by itself (its "component classes") by way of a node of
its own for each, made anew whenever the widget is styled: with every change of focus, or of a class
anywhere above.  Opening an article and leaving it again made 260 such nodes, 50 of the 70 ms that
it took, and 12,000 objects that only the search for garbage finds.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from textual.css.model import RuleSet
from textual.css.styles import RenderStyles
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

#: Where a widget keeps how its parts look.
_KNOWN: Final = "_known_looks"

#: Situations of which a widget remembers that.
_SITUATIONS: Final = 32


class RememberingStylesheet(Stylesheet):
    """A style sheet that remembers how a widget's parts look in each situation.

    A situation is all that rules can tell apart: classes and pseudo-classes of the widget and of
    what it lies in.
    """

    _rules_asked: list[RuleSet] | None = None
    _pseudo_classes: frozenset[str] = frozenset()

    def _process_component_classes(self, node: DOMNode) -> None:
        """Style the parts of a widget; Textual's own way where that situation is new."""
        if not node._get_component_classes():
            return
        known: _Looks | None = getattr(node, _KNOWN, None)
        if known is None or known.rules is not self.rules:
            known = _Looks(self.rules)
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

    def _situation_of(self, node: DOMNode) -> Hashable:
        if self._rules_asked is not self.rules:
            self._rules_asked = self.rules
            self._pseudo_classes = frozenset().union(*(each.pseudo_classes for each in self.rules))
        return tuple(
            (
                type(each),
                each.id,
                each.classes,
                *(each.has_pseudo_classes({name}) for name in self._pseudo_classes),
            )
            for each in node.css_path_nodes
        )


class _Looks:
    """How the parts of one widget look by some rules, by situation."""

    def __init__(self, rules: list[RuleSet]) -> None:
        self.rules = rules
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
