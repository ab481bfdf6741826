"""Articles as HTML that shows text and obeys none of it.

Tags in an article are shown as text, links lead to the web or nowhere, pictures are links to
themselves, so that a page loads nothing.  What comes out is XHTML as well as HTML.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from store.article import Article
from store.sanitize import URL_SCHEMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

#: Containers inside containers beyond this are not parsed.
_MAX_NESTING: Final = 60
_DEEP: Final = _MAX_NESTING - 2  # the level of what is not gone into may be one or two lower

#: A paragraph of more characters, or of more that mean something, is shown as it is written: what
#: the parser does with brackets takes time with the square of their number.
_LONGEST: Final = 100_000
_MOST_MARKS: Final = 2_000

#: BCP 47, as far as it is needed to leave out what is no language tag.
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")

#: A name, an address in numbers, or one of IPv6; percent signs belong to none of them.
_HOST: Final = re.compile(r"[^\s%/\[\]<>\"'@\\^`{|}]+")


def html_of(article: Article, *, level: int = 2) -> str:
    """The body of an article.

    Args:
        article: Its id keeps the anchors of its footnotes apart from those of others.
        level: What its highest headings become; lower ones follow, down to 6.
    """
    markdown = _parser()
    env: dict[str, Any] = {"docId": f"a{article.id}", "base": article.url}
    tokens = tokens_of(article, env)
    headings = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = level - min(headings, default=level)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + shift)}"
    return str(markdown.renderer.render(tokens, markdown.options, env))


def tokens_of(article: Article, env: dict[str, Any] | None = None) -> list[Token]:
    """The body of an article as markdown-it's tokens, tags in it taken for text."""
    tokens = _parser().parse(article.body, {} if env is None else env)
    if any(token.level >= _DEEP for token in tokens):
        return _flattened(tokens, article.body.split("\n"))
    return tokens


def link_of(url: str, base: str = "") -> str:
    """The absolute address a link leads to, or "" if it leads nowhere a reader may follow."""
    try:
        whole = urljoin(base, url) if base else url
        parts = urlsplit(whole)
        scheme = parts.scheme.lower()
        of_web = scheme in ("http", "https")
        if scheme not in URL_SCHEMES or (of_web and not _HOST.fullmatch(parts.hostname or "")):
            return ""
        if parts.port == 0:
            return ""
    except ValueError:
        return ""
    start, mark, fragment = whole.partition("#")
    return start + mark + fragment.replace("#", "%23")  # RFC 3986, 3.5


def language_of(article: Article) -> str:
    """The article's language tag, or ""."""
    return article.lang if _LANGUAGE.fullmatch(article.lang) else ""


def byline(article: Article) -> str:
    """Author, site and date, as far as they are known, in one line of HTML."""
    parts = [escape(part) for part in (article.author, article.site) if part]
    if article.published:
        parts.append(f"<time>{escape(article.published[:10])}</time>")
    return " · ".join(parts)


def source_link(article: Article) -> str:
    """A link to where the article came from, or ""."""
    url = link_of(article.url)
    return f'<a href="{escape(url)}">{escape(article.url)}</a>' if url else ""


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    options = {"html": False, "xhtmlOut": True, "maxNesting": _MAX_NESTING}
    markdown = MarkdownIt("commonmark", options)
    markdown.enable(["table", "strikethrough"])
    footnote_plugin(markdown)
    deflist_plugin(markdown)
    markdown.core.ruler.at("inline", _parse_inline)
    for name, rule in _RULES.items():
        markdown.add_render_rule(name, rule)
    return markdown


def _flattened(tokens: list[Token], lines: list[str]) -> list[Token]:
    """The tokens with blocks that the parser gave up on, for their depth, as they are written."""
    from markdown_it.token import Token

    kept: list[Token] = []
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level or token.nesting > 0:
            continue
        if any(each.level >= _DEEP for each in block) and (span := block[0].map):
            block = [Token("code_block", "code", 0, content="\n".join(lines[slice(*span)]))]
        kept += block
        block = []
    return kept + block


def _parse_inline(state: StateCore) -> None:
    from markdown_it.token import Token

    for token in state.tokens:
        if token.type != "inline":
            continue
        token.children = []
        text = token.content
        if len(text) > _LONGEST or sum(map(text.count, "[]<&*_!`\\")) > _MOST_MARKS:
            token.children = [Token("text", "", 0, content=text)]
        else:
            state.md.inline.parse(text, state.md, state.env, token.children)


def _link_open(
    self: Any, tokens: Sequence[Token], index: int, options: Any, env: dict[str, Any]
) -> str:
    token = tokens[index]
    env["in_link"] = True
    url = link_of(str(token.attrGet("href") or ""), env.get("base", ""))
    title = token.attrGet("title")
    return (
        "<a"
        + (f' href="{escape(url)}"' if url else "")
        + (f' title="{escape(str(title))}"' if title else "")
        + ">"
    )


def _link_close(
    self: Any, tokens: Sequence[Token], index: int, options: Any, env: dict[str, Any]
) -> str:
    env["in_link"] = False
    return "</a>"


def _image(
    self: Any, tokens: Sequence[Token], index: int, options: Any, env: dict[str, Any]
) -> str:
    token = tokens[index]
    alt = self.renderInlineAsText(token.children or [], options, env) or "picture"
    url = link_of(str(token.attrGet("src") or ""), env.get("base", ""))
    shown = f"[{escape(alt)}]"
    if not url or env.get("in_link"):  # a link in a link is no HTML
        return f'<span class="picture">{shown}</span>'
    return f'<a class="picture" href="{escape(url)}">{shown}</a>'


_RULES: Final = {"link_open": _link_open, "link_close": _link_close, "image": _image}
