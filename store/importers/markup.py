"""The elements of simple HTML in their order, as exports of links write it.

Such files are lists that no parser of trees agrees on (nothing is closed in bookmark files), and
may hold hundreds of thousands of links; their elements one after another are all that matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from store.entities import unescape

# A name is tried from its beginning only, however long it is.
_ATTRIBUTE = re.compile(
    r"(?<![\w:.-])([A-Za-z_][\w:.-]*+)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", re.S
)
# A quoted value may hold ">"; the bounds keep a hostile file from being read again and again.
_REST = r"(?:(?:[^<>\"']++|\"[^\"]{0,200000}+\"|'[^']{0,200000}+'){0,200}+(?=>)|[^<>]{0,200000}+)>"
_TAG = re.compile(rf"<[!/?A-Za-z]{_REST}", re.S)
_INLINE = re.compile(
    r"</?(?:b|i|em|strong|span|code|mark|small|sub|sup|u|font|br|wbr)(?=[\s/>])", re.I
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)


class Element(NamedTuple):
    """An element.

    Attributes:
        name: Its name in lower case; "/name" for the end of one.
        attributes: By name in lower case, entities resolved.
        text: The text after its start tag, up to the next tag that may not stand within it.
    """

    name: str
    attributes: Mapping[str, str]
    text: str


def elements(markup: str, names: Sequence[str]) -> Iterator[Element]:
    """The elements of these names, and the ends of them, in order.

    Args:
        markup: HTML, well-formed or not.
        names: Names in lower case, with "/" before those whose end tags are wanted.
    """
    markup = _COMMENT.sub("", markup)
    wanted = _pattern(tuple(names))
    for match in wanted.finditer(markup):
        name = (match[1] + match[2]).lower()
        attributes = {
            each[1].lower(): unescape(each[2] or each[3] or each[4] or "")
            for each in _ATTRIBUTE.finditer(match[3])
        }
        yield Element(name, attributes, _text_after(markup, match.end(), match[2].lower()))


@cache
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    starts = "|".join(name for name in names if name[0] != "/")
    ends = "|".join(name[1:] for name in names if name[0] == "/") or "(?!)"
    return re.compile(
        rf"<(?:(?=(?:{starts})\b)|(?=/(?:{ends})\b))(/?)(\w++)(?=[\s>/])({_REST})", re.I | re.S
    )


def _text_after(markup: str, start: int, name: str) -> str:
    """The text of an element: marks of emphasis are passed over, anything else ends it."""
    pieces = []
    position = start
    while True:
        end = markup.find("<", position)
        pieces.append(markup[position : end if end >= 0 else len(markup)])
        if end < 0:
            break
        tag = _TAG.match(markup, end)
        if tag is None:  # a "<" of the text
            pieces.append("<")
            position = end + 1
        elif re.match(
            r"</?(?:b|i|em|strong|span|code|mark|small|sub|sup|u|font|br|wbr)[\s/>]", tag[0], re.I
        ):
            position = tag.end()
        else:
            break
    return unescape("".join(pieces)).strip()
