"""Drawing lines: styles, matches, links."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from rich.style import Style

from tui.typeset.document import Document
from tui.typeset.draw import CURRENT_MATCH, HIGHLIGHTS, MATCH, SELECTED, draw
from tui.typeset.flow import Flow
from tui.typeset.setting import Setting
from tui.typeset.styles import StyleSheet, is_safe_url


def drawn(source: str, sheet: StyleSheet | None = None, lit=(), width: int = 60):
    lines = Flow(Document(source), width).lines(0)
    return [segment for line in lines for segment in draw(line, sheet or StyleSheet(), lit)]


def style_of(segments, text: str) -> Style:
    [style] = [segment.style for segment in segments if segment.text == text]
    return style


def test_marks_add_up():
    segments = drawn("a *b **c** `d`* ~~e~~")
    assert style_of(segments, "b ").italic
    assert style_of(segments, "c").bold
    assert style_of(segments, "c").italic
    assert style_of(segments, "d").italic
    assert style_of(segments, "e").strike


def test_links_to_the_web_are_given_to_the_terminal_unless_that_is_switched_off():
    source = "[a](https://one.example) [b](mailto:x@one.example)"
    assert style_of(drawn(source), "a").link == "https://one.example"
    assert style_of(drawn(source), "b").link == "mailto:x@one.example"
    assert style_of(drawn(source, StyleSheet(hyperlinks=False)), "a").link is None
    assert style_of(drawn(source, StyleSheet(hyperlinks=False)), "a").underline


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "ftp://x",
        "vbscript:x",
        "//x",
    ],
)
def test_other_schemes_are_no_links_at_all(url):
    [segment] = drawn(f"[text]({url})")
    assert segment.text == "text"
    assert segment.style.link is None
    assert not segment.style.underline


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://a\x1b]8;;",
        "https://a b",
        "http://é.example",
        "https://" + "a" * 5000,
        "http://[x",
    ],
)
def test_addresses_that_could_upset_a_terminal_are_not_safe(url):
    assert not is_safe_url(url)


def test_footnote_numbers_are_no_web_links():
    segments = drawn("text[^1]\n\n[^1]: note")
    assert style_of(segments, "[1]").link is None


def test_matches_are_lit_across_styles_and_lines():
    lit = [(2, 9, MATCH), (12, 17, CURRENT_MATCH)]
    segments = drawn("one **two** three four", lit=lit, width=16)
    assert [(s.text, bool(s.style.reverse), bool(s.style.bold)) for s in segments] == [
        ("on", False, False),
        ("e ", True, False),
        ("two", True, True),
        (" t", True, False),
        ("hre", False, False),
        ("e", True, True),
        ("fou", True, True),
        ("r", False, False),
    ]


def test_a_match_does_not_part_a_letter_from_its_marks():
    segments = drawn("cafe\u0301s", lit=[(0, 4, MATCH)])
    assert [segment.text for segment in segments] == ["cafe\u0301", "s"]


@pytest.mark.parametrize(
    ("text", "lit", "shown"),
    [
        ("a👨‍👩‍👧b", (1, 2), "👨‍👩‍👧"),
        ("a👍🏽b", (2, 3), "👍🏽"),
        ("नमस्ते जी", (4, 5), "स्ते"),
        ("한국", (0, 1), "한"),
        ("g\u0308x", (1, 2), "g\u0308"),
    ],
)
def test_what_is_lit_is_whole_characters_as_they_are_seen(text, lit, shown):
    segments = drawn(text, lit=[(*lit, MATCH)])
    assert "".join(segment.text for segment in segments if segment.style.reverse) == shown
    assert "".join(segment.text for segment in segments) == text


def test_matches_in_tables_light_up_in_their_cell():
    segments = drawn("|a|b|\n|-|-|\n|one|two|", lit=[(8, 11, MATCH)])
    assert [segment.text for segment in segments if segment.style.reverse] == ["two"]


def test_code_is_coloured_when_its_language_is_known():
    sheet = StyleSheet(keyword=Style(color="red"), comment=Style(color="blue"))
    segments = drawn("```python\ndef f(): # why\n```", sheet)
    assert style_of(segments, "def").color.name == "red"
    assert style_of(segments, "# why").color.name == "blue"
    plain = drawn("```nosuchlanguage\ndef f(): # why\n```", sheet)
    assert "def f(): # why" in [segment.text for segment in plain]


@pytest.mark.parametrize(
    ("language", "code"),
    [("diff", "+a" * 10_000), ("java", "a.b " * 5_000), ("java", ("a.b " * 200 + "\n") * 25)],
)
def test_code_made_to_take_its_lexer_long_is_drawn_at_once(language, code):
    start = time.process_time()
    segments = drawn(f"```{language}\n{code}\n```\n\n" * 3)
    assert time.process_time() - start < 3  # ten of them would take half a minute
    assert code[:20] in "".join(segment.text for segment in segments)


def test_neither_the_parser_nor_the_highlighter_is_loaded_before_it_is_needed():
    program = """
import sys
from tui.typeset.document import Document
from tui.typeset.draw import draw
from tui.typeset.styles import StyleSheet
from tui.typeset.viewport import Viewport
plain = "Plain text, nothing else.\\n\\n" * 50
view = Viewport(Document(plain), 40, 10)
assert view.rows and "markdown_it" not in sys.modules
view = Viewport(Document("*text*\\n\\n" + plain + "```python\\nx = 1\\n```"), 40, 10)
for row in view.rows:
    draw(view.line(row), StyleSheet())
assert "markdown_it" in sys.modules and "pygments" not in sys.modules
view.end()
for row in view.rows:
    draw(view.line(row), StyleSheet())
assert "pygments" in sys.modules
assert "textual" not in sys.modules and "store" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_what_is_lit_goes_through_hyphens_and_stretched_spaces():
    source = "Lighthouse keepers remembered extraordinary circumstances. " * 6
    document = Document(source, setting=Setting(justify=True, hyphenate=True, lang="en"))
    lines = Flow(document, 36).lines(0)
    plain = document.plain(0)
    sheet = StyleSheet(selected=Style(reverse=True))
    hyphens = 0
    for line in lines[:-1]:
        segments = draw(line, sheet, [(0, len(plain), SELECTED)])
        assert all(segment.style.reverse for segment in segments), line
        hyphens += any(sign.text == "-" for sign in line.signs)
    assert hyphens
    assert any(len(line.pieces) > 1 for line in lines)


def test_a_hyphen_is_not_lit_when_what_is_lit_ends_there():
    source = "Lighthouse keepers remembered extraordinary circumstances. " * 6
    document = Document(source, setting=Setting(hyphenate=True, lang="en"))
    line = next(line for line in Flow(document, 36).lines(0) if line.signs)
    *_, hyphen = draw(line, StyleSheet(), [(line.start, line.end, HIGHLIGHTS[0])])
    assert hyphen.text == "-"
    assert not hyphen.style.underline
