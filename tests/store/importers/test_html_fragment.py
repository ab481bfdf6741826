"""HTML in fields of JSON and items of feeds, to Markdown."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring
from markdown_it import MarkdownIt

from store.importers.html_fragment import looks_like_html, markdown_of

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@pytest.mark.parametrize(
    ("markup", "markdown"),
    [
        ("<h2>Oil &amp; brass</h2><p>One.</p><p>Two.</p>", "## Oil & brass\n\nOne.\n\nTwo."),
        ("a <b>bold</b>, an <i>old</i>, a <del>gone</del> word",
         "a **bold**, an *old*, a ~~gone~~ word"),
        ("loose<div>and boxed</div>text", "loose\n\nand boxed\n\ntext"),
        ("one<br>two<br><br>three", "one\\\ntwo\n\nthree"),
        ("<blockquote><p>Said</p><p>twice</p></blockquote>", "> Said\n>\n> twice"),
        ("<p>a</p><hr><hr><p>b</p><hr>", "a\n\n___\n\nb"),
        ("H<sub>2</sub>O, 10<sup>-6</sup>, 4<sup>th</sup>", "H₂O, 10⁻⁶, 4th"),
        ("<q>Yes</q>, <kbd>Ctrl</kbd> and <code>a`b</code>", "“Yes”, `Ctrl` and ``a`b``"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "漢(かん)"),
        ("<dl><dt>Wick</dt><dd>It burns.</dd></dl>", "- **Wick**\n\n  It burns."),
        ("<details><summary>More</summary>text</details>", "**More**\n\ntext"),
    ],
)  # fmt: skip
def test_each_kind_of_markup_has_its_markdown(markup, markdown):
    assert markdown_of(markup) == markdown


def test_lists_nest_count_from_their_start_and_do_not_run_together():
    assert markdown_of(
        "<ul><li>a<ol start=9><li>b</li><li>c</li></ol></li></ul><ul><li>d</li></ul>"
    ) == "- a\n  9. b\n  10. c\n\n* d"  # fmt: skip


def test_an_item_of_several_paragraphs_keeps_them():
    assert markdown_of("<ol><li><p>a</p><p>b</p></li><li>c</li></ol>") == "1. a\n\n   b\n\n2. c"


def test_a_list_between_items_belongs_to_the_item_before():
    assert markdown_of("<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>") == "- a\n  - b\n- c"


def test_code_keeps_its_lines_and_language_and_outlives_backticks():
    markup = '<pre><code class="language-python">if a:\n\n    b = "```"\n</code></pre>'
    assert markdown_of(markup) == '````python\nif a:\n\n    b = "```"\n````'


def test_a_table_keeps_spans_alignment_and_bars():
    markup = (
        "<table><caption>Ships</caption><tr><th>Name</th><th>Masts</th></tr>"
        "<tr><td rowspan=2>Ada|Bo</td><td align=right>2</td></tr><tr><td align=right>3</td></tr>"
        "<tr><td colspan=2>none</td></tr></table>"
    )
    assert markdown_of(markup) == (
        "**Ships**\n\n| Name | Masts |\n| --- | ---: |\n| Ada\\|Bo | 2 |\n|  | 3 |\n| none |  |"
    )


def test_a_table_that_lays_out_a_page_becomes_its_text():
    two = "<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>"
    assert markdown_of(two) == "a\n\nb\n\nc"
    assert markdown_of("<table><tr><td>only</td></tr></table>") == "only"


def test_links_are_resolved_and_dead_or_dangerous_ones_become_text():
    base = "https://example.org/a/b"
    assert (
        markdown_of('<a href="../c?d=(1">x]</a>', base=base)
        == "[x\\]](https://example.org/c?d=%281)"
    )
    assert markdown_of('<a href="c">x</a>') == "x"
    assert markdown_of('<a href="javascript:alert(1)">x</a> <a href="#n">y</a>', base=base) == "x y"
    assert markdown_of('<a href="https://e.org/">https://e.org/</a>') == "<https://e.org/>"
    assert markdown_of('<a href="https://e.org/"></a>rest') == "rest"


def test_pictures_keep_captions_and_counters_of_visits_go():
    figure = (
        '<figure><img src="https://e.org/i.png" alt="{}"><figcaption>A boat.</figcaption></figure>'
    )
    assert markdown_of(figure.format("Red boat")) == "![Red boat](https://e.org/i.png)\n\n*A boat.*"
    assert markdown_of(figure.format("")) == "![A boat.](https://e.org/i.png)"
    assert markdown_of('a<img src="https://e.org/p.gif" width=1 height=1>b') == "ab"
    lazy = '<img src="data:image/gif;base64,R0" data-src="https://e.org/big.jpg" alt="x">'
    assert markdown_of(lazy) == "![x](https://e.org/big.jpg)"


def test_what_is_no_text_is_left_out():
    markup = (
        "<script>a()</script><style>b{}</style><form>c<input></form><iframe>d</iframe>"
        "<!-- e --><p hidden>f</p><p style='display: none'>g</p><p>kept</p>"
    )
    assert markdown_of(markup) == "kept"


def test_emphasis_moves_off_spaces_and_commas_where_it_could_not_be_read():
    assert markdown_of("<b>Note:</b>this, <i> that </i>and<b></b> <b>a</b><b>b</b>") == (
        "**Note**:this, *that* and **ab**"
    )
    assert markdown_of("<i><b>a</b>b<b>c</b></i>") == "_**a**b**c**_"
    assert markdown_of("これは<b>「強調」</b>です") == "これは「**強調**」です"


@pytest.mark.parametrize(
    "text",
    ["1986. A year", "# no heading", "- no item", "> no quote", "*not* _this_ `or` that",
     "[a](b) and [c]: d", "<script> & &amp;", "~~no~~", "---", "=== ", "snake_case [sic] 2 * 3",
     "C:\\new\\*", "| a | b |", "Wow!"],
)  # fmt: skip
def test_text_that_looks_like_markdown_shows_as_written(text):
    shown = document_fromstring(RENDERER.render(markdown_of(f"<p>{html.escape(text)}</p>")))
    assert [e.tag for e in shown.iter()] == ["html", "body", "p"]
    assert shown.text_content().split() == text.split()


def test_ordinary_text_is_not_littered_with_escapes():
    text = "snake_case, 2 * 3 < 7, [sic], R&D, a ~ b, 50%! (C#)"
    assert markdown_of(f"<p>{html.escape(text)}</p>") == text


TEXTS = st.text(alphabet="ab1 .*_`[]()!<>&~|\\#-+:=“\u00a0'\"語\n", max_size=10).map(html.escape)
TAGS = ("b", "i", "em", "strong", "del", "span", "a href='https://e.org/x'")


def inside_a_tag(inner):
    return st.tuples(st.sampled_from(TAGS), inner).map(
        lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0].split()[0]}>"
    )


LINES = st.recursive(
    TEXTS,
    lambda inner: inside_a_tag(inner) | st.lists(inner, max_size=4).map("<br>".join),
    max_leaves=8,
)


@pytest.mark.parametrize("line", [":-", "-:", ":-:", ":--- ", "-", ":-|-", "|-", "| :- |", "- - -"])
def test_lines_with_a_bar_before_them_do_not_become_a_table(line):
    rendered = RENDERER.render(markdown_of(f"<p>|<br>{line}</p>"))
    assert "<table" not in rendered
    assert shown_text(rendered) == f"|{line}".replace(" ", "")


@settings(max_examples=150, deadline=None)
@given(LINES, st.sampled_from(["<p>{}</p>", "<ul><li>{}</li></ul>", "<h2>{}</h2>",
                               "<blockquote>{}</blockquote>",
                               "<table><tr><th>A<th>B<tr><td>{}<td>z</table>"]))  # fmt: skip
def test_the_markdown_shows_the_text_of_the_html(line, frame):
    markup = frame.format(line)
    rendered = RENDERER.render(markdown_of(markup)) or "<p></p>"
    assert shown_text(rendered) == shown_text(markup)


def shown_text(markup):
    return re.sub(r"\s+", "", document_fromstring(f"<div>{markup}</div>").text_content())


@pytest.mark.parametrize("tag", ["div", "ul><li", "b", "blockquote", "table><tr><td", "a href=x"])
@pytest.mark.parametrize("depth", [300, 1500, 20_000])
def test_no_nesting_is_too_deep(tag, depth):
    assert "deep" in markdown_of("<p>first</p>" + f"<{tag}>" * depth + "deep")


@given(st.text(alphabet="<>/abpdiv \"'=&;!-\0\ud800\n", max_size=60))
def test_no_input_makes_it_fail(markup):
    assert isinstance(markdown_of(markup), str)


@pytest.mark.parametrize(
    "text",
    ["<p>One</p>", "  <div class='x'>a</div>", "Line<br>line", "a <b>b</b> c",
     '<!DOCTYPE html><html><body>x', "<!-- wp:paragraph --><p>x</p>", '<a href="/x">y</a>'],
)  # fmt: skip
def test_html_is_known(text):
    assert looks_like_html(text)


@pytest.mark.parametrize(
    "text",
    ["", "plain", "if a < b and c > d", "mail <ada@example.org>", "<https://example.org/>",
     "# Title\n\nsome <b>bold</b>", "Use `<br>` to break.", "```html\n<p>x</p>\n```",
     "[a](https://e.org) <i>b</i>", "a List<String> and <T>"],
)  # fmt: skip
def test_markdown_and_plain_text_are_not_html(text):
    assert not looks_like_html(text)
