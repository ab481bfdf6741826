"""How an article is set: what a reader may choose beside the measure.

None of it changes the text: an offset in a block's plain text is the same under every setting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple


class Signs(NamedTuple):
    """The decoration that stands around text.

    Attributes:
        bar: Beside a quote.
        aside: Beside a footnote that is shown where the text refers to it.
        bullets: Of lists, by depth.
        open_task: Before a task that is to be done.
        done_task: Before one that is done.
        wrapped: Before the rest of a line of code, as wide as the margin of code.
        cut_left: Before a line of code whose beginning is out of sight, as wide as that margin.
        cut_right: After one whose end is; one cell.
        heavy: Line under headings of level 1.
        light: Line under headings of level 2 and in tables.
        back: Leads from a footnote back to the text.
        frame: Of a picture's caption: corners from the top left to the bottom right, across, down.
    """

    bar: str
    aside: str
    bullets: tuple[str, ...]
    open_task: str
    done_task: str
    wrapped: str
    cut_left: str
    cut_right: str
    heavy: str
    light: str
    back: str
    frame: str


UNICODE: Final = Signs(
    bar="│ ",
    aside="┆ ",
    bullets=("• ", "◦ ", "▪ "),
    open_task="☐ ",
    done_task="☑ ",
    wrapped="↪ ",
    cut_left="‹ ",
    cut_right="›",
    heavy="━",
    light="─",
    back="↩",
    frame="┌┐└┘─│",
)

ASCII: Final = Signs(
    bar="| ",
    aside=": ",
    bullets=("* ", "- ", "+ "),
    open_task="[ ] ",
    done_task="[x] ",
    wrapped="\\ ",
    cut_left="< ",
    cut_right=">",
    heavy="=",
    light="-",
    back="^",
    frame="++++-|",
)

#: For screen readers: what is said aloud is a word, or the mark that Markdown has for it.
WORDS: Final = ASCII._replace(
    bar="> ",
    aside="note: ",
    bullets=("- ",),
    wrapped="... ",
    cut_left="... ",
    back="[back]",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a reader may choose; the defaults are ragged lines in Unicode.

    Attributes:
        justify: Whether lines of running text are stretched to the measure.
        hyphenate: Whether its words are hyphenated, as `lang` has it; see `hyphenate.hyphenator`
            for what must be done first.
        indent: Whether a paragraph after another begins with an indent, not after a blank line.
        lang: Language of the article, as in "en" or "pt-BR"; "" when unknown, and nothing is
            hyphenated.
        plain: Whether there is no decoration but words: for screen readers, which read it aloud.
        ascii: Whether decoration is of ASCII characters.
        bidi: Whether paragraphs in Arabic or Hebrew stand at the right edge.  The text keeps its
            logical order: putting it in visual order is the terminal's part.
        frames: Whether captions of pictures that stand alone are framed.
        scroll_code: Whether lines of code that are too long are cut at the edge, to be scrolled
            sideways, instead of going on in the next line.  Plain settings never cut.
    """

    justify: bool = False
    hyphenate: bool = False
    indent: bool = False
    lang: str = ""
    plain: bool = False
    ascii: bool = False
    bidi: bool = False
    frames: bool = True
    scroll_code: bool = False

    @property
    def signs(self) -> Signs:
        """The decoration of this setting."""
        return WORDS if self.plain else ASCII if self.ascii else UNICODE


DEFAULT: Final = Setting()
