"""Documents made to fill memory, to take for ever, or to reach what is not theirs: refused.

Each is read in a process that may take a second or two and little memory more than it has.
"""

from __future__ import annotations

import pytest

from store.article import Article
from store.importers import read_source
from store.importers.record import Source


def read(name: str, data: str | bytes) -> list[object]:
    return list(read_source(Source(name, data if isinstance(data, bytes) else data.encode())))


def aliases(first: str, each: str) -> str:
    """Front matter of a kilobyte whose last value stands for 9 to the power of 11 others."""
    lines = [f"a0: &a0 {first}"]
    lines += [f"a{n}: &a{n} {each % ','.join([f'*a{n - 1}'] * 9)}" for n in range(1, 12)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "front",
    [
        aliases("[x,x,x,x,x,x,x,x,x]", "[%s]") + "\ntitle: *a11\ntags: *a11",
        aliases("{x: 1}", "{<<: [%s]}") + "\ntitle: t",
        "title: &a [*a]\ntags: &t [*t]\nx: &x {y: *x}",
        "title: " + "[" * 100_000,
        "title: " + "1:" * 5_000 + "1\nwords: 0x" + "f" * 100_000,
    ],
    ids=["aliases", "merges", "circle", "depth", "number"],
)
def test_front_matter_that_stands_for_more_than_it_says_is_read_line_by_line(front):
    [article] = read("a.md", f"---\n{front}\n---\n\nThe lamp was lit.")
    assert isinstance(article, Article), article
    assert article.body == "The lamp was lit."
    assert len(str(article)) < 300_000
