"""`broadsheet show`: one article on standard output."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from tui.commands import output
from tui.commands.parsing import Commands, add_library_options, add_plain_option, whole_number

if TYPE_CHECKING:
    from store import Article, State
    from tui.typeset.model import Paragraph
    from tui.typeset.setting import Setting

#: Columns at most: no paragraph needs to be broken there, and a line that is drawn fits memory.
_WIDEST: Final = 100_000

_EXAMPLES = """\
examples:
  broadsheet show 12
  broadsheet show 12 --width 60 > article.txt
  broadsheet show 12 --json | jq -r .body
"""


def register(commands: Commands) -> None:
    """Add the parser of `show`."""
    parser = commands.add_parser(
        "show",
        help="print one article",
        description="Print one article, typeset on a terminal, as plain text to a pipe; lines are"
        " set as the config has them in the app.",
        more=lambda: _EXAMPLES,
    )
    parser.add_argument("id", type=whole_number, metavar="ID", help="its number in `list`")
    parser.add_argument(
        "--width",
        type=whole_number,
        metavar="N",
        help="columns of text (default: as wide as the config has the column, and the terminal)",
    )
    parser.add_argument("--json", action="store_true", help="write a JSON object")
    add_plain_option(parser)
    add_library_options(parser, default=argparse.SUPPRESS)
    parser.set_defaults(run=_show)


def article_json(article: Article, state: State) -> dict[str, Any]:
    """A whole article with the reader's state, for scripts."""
    from dataclasses import fields

    known = {item.name: getattr(article, item.name) for item in fields(article)}
    return {
        **known,
        "tags": list(article.tags),
        "minutes": article.minutes,
        "extra": dict(article.extra),
        "state": state._asdict(),
    }


def _show(arguments: argparse.Namespace) -> int:
    from tui.commands.opening import reading

    with reading(arguments) as library:
        if library is None:
            return 1
        article = library.get(arguments.id)
        state = library.state(article.id)
    if arguments.json:
        print(output.to_json(article_json(article, state), indent=2))
        return 0
    from dataclasses import replace

    from tui import config as configuration
    from tui.article_setting import setting_of
    from tui.widgets.glyphs import choose_glyphs

    config, _ = configuration.load()  # its faults are for `broadsheet config`
    config = replace(config, plain=config.plain or arguments.plain)
    choose_glyphs("words" if config.plain else config.glyphs)
    columns = min(arguments.width or 0, _WIDEST) or min(config.column, output.width(sys.stdout))
    terminal = output.is_terminal(sys.stdout)
    # A pipe reorders no lines, and nothing scrolls what is cut.
    setting = replace(setting_of(config, os.environ if terminal else {}), scroll_code=False)
    styled = terminal and not config.plain
    for line in _lines(article, state, columns, setting, styled=styled):
        print(line)
    choose_glyphs("auto")
    return 0


def _lines(
    article: Article, state: State, columns: int, setting: Setting, *, styled: bool
) -> Iterator[str]:
    """The article's lines in `columns` cells, with escape sequences if `styled`."""
    from dataclasses import replace

    from rich.color import ColorSystem

    from tui.typeset.document import Document
    from tui.typeset.draw import draw
    from tui.typeset.layout import lay_out
    from tui.typeset.styles import StyleSheet

    if setting.hyphenate:
        from tui.typeset import language

        setting = replace(setting, lang=article.lang or language.guess(article.body))
    sheet = StyleSheet()
    document = Document(article.body, _head(article, state), article.url, setting)
    for number in range(len(document)):
        for line in lay_out(document.block(number), columns, setting):
            segments = draw(line, sheet)
            text = "".join(segment.text for segment in segments).rstrip()
            if styled and text:
                text = "".join(
                    segment.style.render(segment.text, color_system=ColorSystem.STANDARD)
                    if segment.style
                    else segment.text
                    for segment in segments
                )
            yield text


def _head(article: Article, state: State) -> list[Paragraph]:
    """The head as the reader has it; the link in full, since nobody can press a key on it."""
    from tui.typeset.model import Kind, Paragraph, Role
    from tui.typeset.text import printable
    from tui.widgets.reader_head import head_paragraphs

    head = head_paragraphs(article, state)
    head[0].above = 0
    if not article.url:
        return head
    if article.is_stub:
        return head[:-1]  # without which key opens the link
    rule = next(place for place, part in enumerate(head) if part.kind is Kind.RULE)
    link = Paragraph(printable(article.url), role=Role.BYLINE, above=0)
    return [*head[:rule], link, *head[rule:]]
