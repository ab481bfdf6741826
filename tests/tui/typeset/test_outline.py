"""Going about by headings, paragraphs and links."""

from __future__ import annotations

import time

import pytest

from tui.typeset import outline
from tui.typeset.document import Document
from tui.typeset.flow import Flow
from tui.typeset.viewport import Place

SOURCE = """\
Intro text.

# First

- one
- two

```
# not a heading
```

Second
------

> ### In a quote

A [link *with* style](https://one.example) and [two](mailto:a@example.org), not
[this](javascript:alert(1)) or [that](ftp://x.example).
"""


def texts(document, step):
    place, found = Place(0, -1), []
    while (place := step(document, place)) is not None:
        found.append(document.plain(place.block)[place.offset :].split("\n")[0])
    return found


def test_headings_are_found_in_order_and_back_but_not_in_code():
    document = Document(SOURCE)
    assert texts(document, outline.next_heading) == ["First", "Second", "In a quote"]
    place, found = Place(len(document) - 1, 999), []
    while (place := outline.previous_heading(document, place)) is not None:
        found.append(document.plain(place.block)[place.offset :])
    assert found == ["In a quote", "Second", "First"]


def test_paragraphs_are_found_item_by_item():
    found = texts(Document(SOURCE), outline.next_paragraph)
    assert found[:5] == ["Intro text.", "First", "one", "two", "# not a heading"]


def test_the_previous_paragraph_is_the_beginning_of_the_one_we_are_in():
    document = Document(SOURCE)
    assert outline.previous_paragraph(document, Place(0, 5)) == (0, 0)
    assert outline.previous_paragraph(document, Place(0, 0)) is None


def test_links_are_whole_and_only_those_that_may_be_followed():
    document = Document(SOURCE)
    number = len(document) - 1
    found = outline.links(document, number)
    plain = document.plain(number)
    assert [(plain[link.start : link.end], link.url) for link in found] == [
        ("link with style", "https://one.example"),
        ("two", "mailto:a@example.org"),
    ]
    assert list(filter(None, outline.links_after(document, Place(0, 0)))) == found
    second = Place(number, found[1].start)
    assert list(filter(None, outline.links_before(document, second))) == found[:1]
    assert list(filter(None, outline.links_after(document, second))) == []


def test_relative_links_are_resolved_against_the_article():
    document = Document("[next](part2.html)", base="https://example.org/a/part1.html")
    assert outline.links(document, 0)[0].url == "https://example.org/a/part2.html"
    assert outline.links(Document("[next](part2.html)"), 0) == []


def test_the_link_under_a_cell_is_found_also_behind_wide_characters_and_decoration():
    document = Document("> 中文 [link](https://one.example) end")
    [_, line] = Flow(document, 40).lines(0)
    found = [outline.link_at(document, 0, line, column) is not None for column in range(20)]
    # "│ 中文 " takes seven cells, "link" four.
    assert found == [7 <= column < 11 for column in range(20)]


def named_place(document, name):
    return next(filter(None, outline.named_places(document, name)), None)


NAMED = """# The long way

Text with a [link](#the-long-way) inside.

## Notes

## Notes

> - # Crème *brûlée*, 2 ways

<a id="spot"></a> A named place.

## Given {#own}
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("", "The long way"),
        ("the-long-way", "The long way"),
        ("The%20Long%20Way", "The long way"),
        ("notes", "Notes"),
        ("notes-1", "Notes"),
        ("cr%C3%A8me-br%C3%BBl%C3%A9e-2-ways", "Crème brûlée, 2 ways"),
        ("spot", " A named place."),
        ("own", "Given {#own}"),
    ],
)
def test_the_fragment_of_an_address_leads_to_a_heading_or_a_named_place(name, text):
    document = Document(NAMED)
    place = named_place(document, name)
    assert place is not None
    assert document.plain(place.block)[place.offset :].split("\n")[0] == text
    if name == "notes-1":
        assert place > named_place(document, "notes")


def test_a_fragment_of_no_heading_leads_nowhere():
    document = Document(NAMED)
    for name in ("nowhere", "notes-2", "-", "a" * 3000):
        assert named_place(document, name) is None


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("-".join(["a"] * 20_000), "# a-b\n\n"),
        ("-".join(f"w{n}" for n in range(9_000)), f"# {' '.join(f'w{n}' for n in range(900))}\n\n"),
    ],
    ids=["one word", "many words"],
)
def test_a_name_of_any_length_is_looked_for_in_no_time(name, heading):
    document = Document(f"[there](#{name})\n\n{heading * (120_000 // len(heading))}")
    document.last  # noqa: B018  (cuts the text)
    start = time.process_time()
    assert named_place(document, name) is None
    assert time.process_time() - start < 0.5  # ten times as long, if each word is looked for


@pytest.mark.parametrize("name", ["part-2999", "nowhere", "spot"])
def test_what_is_looked_for_long_lets_others_go_on_now_and_then(name):
    text = "# part\n\n" * 3_000 + '<a id="x">\n' * 3_000 + '<a id="spot">'
    *pauses, place = outline.named_places(Document(text), name)
    assert (place is None) == (name == "nowhere")
    assert pauses.count(None) == len(pauses) >= 40


def test_the_number_behind_a_name_may_have_any_digits():
    assert named_place(Document(NAMED), f"notes-{'1' * 5_000}") is None
    assert named_place(Document(NAMED), "notes-000001") is not None


def test_a_place_has_the_name_that_is_asked_for_and_not_one_that_begins_so():
    document = Document("<a id=spotty></a> One.\n\n<a id=id=spot></a> Two.\n\n{#spot} Three.")
    place = named_place(document, "spot")
    assert place == Place(1, 0)


def test_links_within_the_article_are_kept_apart_from_those_to_its_footnotes():
    assert outline.links(Document("[x](#note-1)"), 0)[0].url == "#at-note-1"
    page = Document("[x](https://a.example/p#two)", base="https://a.example/p")
    assert outline.links(page, 0)[0].url == "#at-two"
    other = Document("[x](https://a.example/q#two)", base="https://a.example/p")
    assert outline.links(other, 0)[0].url == "https://a.example/q#two"
