"""The style sheet: which Rich style each role and mark has."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from rich.style import Style

from tui.mailto import without_files
from tui.typeset.model import (
    CODE,
    COMMENT,
    EMPHASIS,
    FAINT,
    KEYWORD,
    LINK,
    NAME,
    NOTE,
    NUMBER,
    STRIKE,
    STRING,
    STRONG,
    Role,
)

#: Schemes of links that a terminal may be given.
SAFE_SCHEMES = frozenset({"http", "https", "mailto"})
_LONGEST_URL = 2000  # characters; terminals drop longer ones or worse
_MOST_STYLES = 2000  # combinations kept; every link makes its own


def _bold() -> Style:
    return Style(bold=True)


def _underlined() -> Style:
    return Style(underline=True)


def _italic() -> Style:
    return Style(italic=True)


def _dim() -> Style:
    return Style(dim=True)


@dataclass
class StyleSheet:
    """Styles, each laid over `text`.

    The defaults have no colour, and still every level and mark looks different: that is how an
    article looks with NO_COLOR.  Headings: 1 bold over a heavy line, 2 bold over a light line,
    3 bold, 4 bold italic, 5 italic underlined, 6 italic.

    Attributes:
        hyperlinks: Whether links to the web are given to the terminal (OSC 8).
    """

    text: Style = field(default_factory=Style)
    title: Style = field(default_factory=_bold)
    byline: Style = field(default_factory=_dim)
    heading_1: Style = field(default_factory=_bold)
    heading_2: Style = field(default_factory=_bold)
    heading_3: Style = field(default_factory=_bold)
    heading_4: Style = field(default_factory=lambda: Style(bold=True, italic=True))
    heading_5: Style = field(default_factory=lambda: Style(italic=True, underline=True))
    heading_6: Style = field(default_factory=_italic)
    quote: Style = field(default_factory=Style)
    code_block: Style = field(default_factory=Style)
    caption: Style = field(default_factory=lambda: Style(italic=True, dim=True))
    table_head: Style = field(default_factory=_bold)
    note_text: Style = field(default_factory=Style)
    bar: Style = field(default_factory=_dim)
    marker: Style = field(default_factory=Style)
    rule: Style = field(default_factory=_dim)
    strong: Style = field(default_factory=_bold)
    emphasis: Style = field(default_factory=_italic)
    strike: Style = field(default_factory=lambda: Style(strike=True))
    code: Style = field(default_factory=_bold)
    link: Style = field(default_factory=lambda: Style(underline=True))
    note: Style = field(default_factory=Style)
    faint: Style = field(default_factory=_dim)
    keyword: Style = field(default_factory=_bold)
    name: Style = field(default_factory=Style)
    string: Style = field(default_factory=Style)
    number: Style = field(default_factory=Style)
    comment: Style = field(default_factory=_italic)
    match: Style = field(default_factory=lambda: Style(reverse=True))
    match_current: Style = field(default_factory=lambda: Style(reverse=True, bold=True))
    focus: Style = field(default_factory=lambda: Style(reverse=True))
    highlight_yellow: Style = field(default_factory=_underlined)
    highlight_green: Style = field(default_factory=_underlined)
    highlight_blue: Style = field(default_factory=_underlined)
    highlight_red: Style = field(default_factory=_underlined)
    selected: Style = field(default_factory=lambda: Style(reverse=True))
    cursor: Style = field(default_factory=lambda: Style(bold=True, underline=True))
    hyperlinks: bool = True

    def __post_init__(self) -> None:
        self._roles: dict[Role, Style] = {
            role: self.text + getattr(self, role.name.lower()) for role in Role
        }
        self._made: dict[tuple[Role, int, str, int], Style] = {}
        # In the order in which they are laid over each other.
        self._marks = (
            (FAINT, self.faint),
            (STRONG, self.strong),
            (EMPHASIS, self.emphasis),
            (STRIKE, self.strike),
            (CODE, self.code),
            (LINK, self.link),
            (NOTE, self.note),
            (KEYWORD, self.keyword),
            (NAME, self.name),
            (STRING, self.string),
            (NUMBER, self.number),
            (COMMENT, self.comment),
        )
        self._lit = (
            Style(),
            self.match,
            self.match_current,
            self.focus,
            self.highlight_yellow,
            self.highlight_green,
            self.highlight_blue,
            self.highlight_red,
            self.selected,
            self.cursor,
        )

    def role(self, role: Role) -> Style:
        """Style of decoration and of text without marks."""
        return self._roles[role]

    def style(self, role: Role, marks: int = 0, link: str = "", lit: int = 0) -> Style:
        """Style of a run of text.

        Args:
            role: What it is part of.
            marks: Its marks, as bits.
            link: Where it leads, or "".
            lit: 0, or a constant of `draw`: a match, the focused link, a highlight and so on.
        """
        link = link if self.hyperlinks and is_safe_url(link) else ""
        key = (role, marks, link, lit)
        style = self._made.get(key)
        if style is None:
            if len(self._made) >= _MOST_STYLES:
                self._made.clear()
            style = self._roles[role]
            for mark, part in self._marks:
                # An inner link (a footnote) is not underlined: its number stands out enough.
                if marks & mark and not (mark == LINK and marks & (NOTE | FAINT)):
                    style += part
            style += self._lit[lit]
            if link:
                style += Style(link=without_files(link))
            self._made[key] = style
        return style


def is_safe_url(url: str) -> bool:
    """Whether a link may be given to the terminal and opened: a web or mail address, in ASCII."""
    if not url or len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable():
        return False
    if " " in url:
        return False
    try:
        return urlsplit(url).scheme.lower() in SAFE_SCHEMES
    except ValueError:
        return False
