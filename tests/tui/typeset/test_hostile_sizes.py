"""Text of hostile size and shape is cleaned and its first screen set, in bounded time and memory.

All of it in one process of its own, whose processor time and address space have an end.  So is text
of which a few thousand characters are enough, if each is looked at from each other, for minutes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

#: Seconds of the processor that all of it may take, the start of Python with it.
SECONDS = 20
#: The same for text that is slow to set only where each character is looked at from each other.
SECONDS_FOR_SLOW = 10
#: Address space in bytes.
MEMORY = 1024**3

_RUN = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
from store.plaintext import plain_text
from store.sanitize import clean_text, clean_line, clean_url
from store.textfind import find_in_text
from tui.typeset.document import Document
from tui.typeset.draw import draw
from tui.typeset.matches import Matches
from tui.typeset.styles import StyleSheet
from tui.typeset.viewport import Viewport
from tui.widgets.cells import clean, fit
sheet = StyleSheet()
for kind, texts in KINDS.items():
    print(kind, flush=True)
    for text in texts:
        safe = clean_text(text)
        clean_line(text), clean_url(text), plain_text(safe)
        fit(clean(safe), 40)
        view = Viewport(Document(safe), 72, 40)
        for row in view.rows:
            draw(view.line(row), sheet)
for text in SEARCHED:
    for _ in Matches(Document(text), find_in_text("zq").spans).counting():
        pass
print("done")
"""

_KINDS = """{
    "long lines": ["a" * 10_000_000, "wo " * 1_000_000, "\\u65e5" * 500_000],
    "nesting": [
        "> " * 10_000 + "x", "- " * 10_000 + "x", "1. " * 10_000, "[" * 10_000 + "]" * 10_000,
        "[" * 10_000 + "x" + "](u)" * 10_000, "![" * 10_000, "*" * 10_000 + "x" + "*" * 10_000,
        "> - " * 5_000, "<div>" * 10_000, "[a](" + "(" * 10_000,
    ],
    "marks and escapes": [
        ("a" + "\\u0301" * 1000) * 300, "\\x1b[31m" * 30_000, "\\x1b]52;c;" * 30_000,
        "\\x1bP" * 50_000, "\\x9d1" * 50_000, "\\U000e0041" * 100_000, "\\ud800" * 50_000,
        "\\u202e" * 100_000, "\\U0001f469\\u200d" * 10_000, "\\0" * 100_000,
    ],
    "markup": [
        "`" * 20_000 + "x", "$" * 50_000, "&amp;" * 100_000, "*a _b " * 20_000, "|a" * 5_000,
        "http://a.example/" * 20_000, "```\\n" * 20_000, "a\\n=" * 10_000, "[^1]" * 20_000,
        "<!-- " * 200_000, "a <b " * 200_000, "<" * 1_000_000, "[^a" * 100_000,
        "`" * 400_000, "words\\n\\n" + "~" * 400_000,
        "|" + "-" * 20_000 + "x", "".join("`" * (n % 300) + "a" for n in range(20_000)),
    ],
    "long blocks": [
        "> a\\n" + "lazy line of words\\n" * 100_000, "- a\\n" + "lazy\\n" * 100_000,
        "> - > a\\n" + "lazy\\n" * 100_000,
        "    some code = 1\\n" * 400_000, "a\\n" + "\\n" * 2_000_000 + "b", "a\\n: b\\n" * 100_000,
        "---\\n" + "a: b\\n" * 200_000, "# a " + "#" * 1_000_000 + " b",
        "|a|\\n|-|\\n|" + "w " * 500_000 + "|", "- a\\n\\n  ```\\n" + "  x = 1\\n" * 100_000,
        "<div>\\n" + "text\\n" * 200_000, "<http://a" * 100_000,
        "|" * 1_000_000, "a|b\\n-" + "|-" * 100_000 + "x",
    ],
}"""

_SEARCHED = """["[" * 100_000, "![" * 50_000, "a\\n" * 300_000]"""

#: Each takes longer than that where the time for it grows with the square of the size, or more.
_SLOW = """{
    "HTML": [
        "<div>" + "<img alt='' " * 4_500, ("<div>" + "<img " * 11_000 + "\\n\\n") * 6,
        "<div>" + "<img alt=\\"' " * 4_500,
    ],
    "addresses": [("http://a" + "." * 24_900 + "a\\n\\n") * 8],
    "line ends": [("a\\nb" + " " * 24_900 + "c\\n\\n") * 25],
    "references to notes": [
        "x\\n# h\\n`" + "[^a] " * 11_500 + "`\\n\\n[^a]: foo",
        "x [^a]\\n\\n[^a]: x\\n" + "    \\n" * 40 + "    more\\nlazy",
        "x [^a]\\n\\n" + "<!--\\n[^a]: x\\n-->\\n\\n" * 10_000,
        ("<!--\\n" + "".join(f"[^{n}]: x\\n" for n in range(1_000)) + "-->\\n\\n") * 40,
        "".join(f"[^{n}]: x\\n" for n in range(2_000)) * 3,
    ],
    "definitions": [
        "".join(f"[a{n}]: x\\n" for n in range(5_500)) + "# h\\n\\n"
        + " ".join(f"[a{n}]" for n in range(5_500)),
        "[a]:\\n\\n" * 5_000 + "[a]", "- " + "\\\\[" * 29_000 + "x",
    ],
    "terms": ["term\\n: def\\n" + "\\n" * 55_000 + ": more"],
    "quotes": ["> " * 26 + "1\\n" + ("lazy " * 50 + "\\n") * 70],
    "links in tables": ["|a|b|\\n|-|-|\\n|" + "[" * 300_000 + "|x|\\n"],
    "long heads of tables": ["".join(f"!{n}quayside" for n in range(9_000)) + "| a | b |\\n"
                             + "|---|---|\\n| a | b |\\n" * 4_000],
    "wide words in tables": [
        "|a" * 20 + "\\n" + "|-" * 20 + "\\n" + "|b\\n" * 400 + "|" + "x" * 1_000_000 + "|\\n",
    ],
}"""

_SET = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
from tui.typeset.document import Document
from tui.typeset.flow import Flow
for kind, texts in SLOW.items():
    print(kind, flush=True)
    for text in texts:
        document = Document(text)
        flow, number = Flow(document, 72), 0
        while document.has(number):
            flow.lines(number)
            number += 1
print("done")
"""


def test_text_of_any_size_and_shape_is_cleaned_and_set():
    names = f"MEMORY, SECONDS, KINDS, SEARCHED = {MEMORY}, {SECONDS}, {_KINDS}, {_SEARCHED}"
    run(f"{names}\n{_RUN}")


def test_text_that_no_person_wrote_is_set_in_time_that_grows_with_its_size():
    run(f"MEMORY, SECONDS, SLOW = {MEMORY}, {SECONDS_FOR_SLOW}, {_SLOW}\n{_SET}")


def run(code):
    """Run Python to its end in a process of its own; the kind that was too slow is told."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.endswith("done\n"), (done.returncode, done.stdout, done.stderr[-500:])
