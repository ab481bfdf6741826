"""How articles are set: what the config says, and what is chosen in the palette since."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.article_setting import setting_of
from tui.terminal.lane import Lane
from tui.typeset import hyphenate
from tui.work import supersede

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from tui.config import Config
    from tui.widgets.reader import Reader
    from tui.widgets.reader_messages import PatternsWanted


class _Choice(NamedTuple):
    """Something that is one way or the other.

    Attributes:
        field: Its name in `Setting`.
        option: Its name in the config.
        on: What choosing it is called, and what it means.
        off: The same for the other way.
    """

    field: str
    option: str
    on: tuple[str, str]
    off: tuple[str, str]


_CHOICES = (
    _Choice(
        "justify", "justify",
        ("justified", "Lines as wide as the column"), ("ragged", "Lines as wide as they come"),
    ),
    _Choice(
        "hyphenate", "hyphenate",
        ("hyphenated", "Words may be divided"), ("words left whole", "No word is divided"),
    ),
    _Choice(
        "indent", "paragraphs",
        ("paragraphs indented", "An indent begins each paragraph"),
        ("paragraphs spaced", "A blank line parts paragraphs"),
    ),
    _Choice(
        "scroll_code", "code",
        ("long code scrolled", "Long lines of code are cut; < and > move them"),
        ("long code wrapped", "Long lines of code go on below"),
    ),
    _Choice(
        "frames", "frames",
        ("captions framed", "A frame around what stands for a picture"),
        ("captions without frames", "No frame around what stands for a picture"),
    ),
)  # fmt: skip


class Typesetting:
    """Tells the reader how to set articles.

    Args:
        host: The node whose workers do the waiting.
        reader: Where articles are read.
        config: The settings.
        tell: Shows a notice to the person.
    """

    def __init__(
        self, host: DOMNode, reader: Reader, config: Config, *, tell: Callable[[str], None]
    ) -> None:
        self._host = host
        self._reader = reader
        self._config = config
        self._tell = tell
        self.lanes = (Lane("patterns"),)
        reader.setting = setting_of(config, os.environ)

    def choices(self) -> Iterator[tuple[str, str, Callable[[], None]]]:
        """What can be chosen instead of what is: name, meaning, and what to call for it."""
        for choice in _CHOICES:
            title, about = choice.off if getattr(self._reader.setting, choice.field) else choice.on
            yield title, about, partial(self._turn, choice)

    def patterns_wanted(self, event: PatternsWanted) -> None:
        """Read the patterns of a language beside the event loop, then set the text anew."""
        supersede(self._host, "patterns", partial(self._read_patterns, event.lang))

    def _turn(self, choice: _Choice) -> None:
        now = not getattr(self._reader.setting, choice.field)
        changed: dict[str, Any] = {choice.field: now}
        self._reader.setting = replace(self._reader.setting, **changed)
        title = (choice.on if now else choice.off)[0]
        self._tell(f"{title} until you quit; the config has {choice.option!r} for it")

    async def _read_patterns(self, lang: str) -> None:
        await self.lanes[0].run(lambda _: hyphenate.hyphenator(lang))
        self._reader.set_anew()
