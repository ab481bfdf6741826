"""Plain text that was set in type: paragraphs, columns and lines as they were before."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from store.importers.record import Source
from store.importers.text import read_text
from store.importers.text_metrics import Face

WORDS = """
    harbour ferry tide lamp keeper window paper morning evening letter table river bridge stone
    winter summer island captain ledger engine signal station garden kitchen market village road
    slow green narrow heavy early quiet second wooden northern little common certain empty distant
    carried opened followed remembered crossed repaired counted painted answered gathered measured
    of in by over under beside between after before without across along the the the a a and and
    it was had been were would could never always often hardly nearly almost still again
""".split()  # noqa: SIM905


def sentence(rng: random.Random) -> str:
    words = [rng.choice(WORDS) for _ in range(rng.randint(6, 18))]
    # A sentence ends with a noun: the last word is none that a text cannot end with.
    return " ".join([words[0].capitalize(), *words[1:], rng.choice(WORDS[:25])]) + "."


def paragraphs(seed: int, count: int = 40) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(sentence(rng) for _ in range(rng.randint(3, 7))) for _ in range(count)]


def set_in_type(texts: list[str], face: str, width: float, indent: float = 0.0) -> list[str]:
    """The lines of paragraphs in a column, as programs give them that know no indents."""
    measure = Face(face).measure
    lines: list[str] = []
    for text in texts:
        line, room = "", width - indent
        for word in text.split():
            longer = f"{line} {word}" if line else word
            if measure(longer) <= room:
                line = longer
            else:
                lines.append(line)
                line, room = word, width
        lines.append(line)
    return lines


def body_of(lines: list[str]) -> list[str]:
    text = "The keeper of the lamp\n\nBy Ada Brandt\n\n" + "\n".join(lines) + "\n\f"
    (article,) = read_text(Source("set.txt", text.encode()))
    assert article.title == "The keeper of the lamp"
    return article.body.split("\n\n")


@pytest.mark.parametrize(("width", "indent", "share"), [(75, 3.0, 0.82), (48, 2.5, 0.74)])
def test_paragraphs_are_told_by_the_room_that_lines_leave(width, indent, share):
    right = count = 0
    for seed, face in enumerate(["Times", "Palatino", "Helvetica", "DejaVu Serif"], 20):
        texts = paragraphs(seed)
        right += len(set(body_of(set_in_type(texts, face, width, indent))) & set(texts))
        count += len(texts)
    assert right >= share * count


def test_an_indent_that_is_gone_parts_paragraphs_where_the_last_line_is_full():
    texts = paragraphs(3, 60)
    lines = set_in_type(texts, "Times", 60, 4.0)
    measure = Face("Times").measure
    starts = {text[:20] for text in texts}
    full = [
        below[:20]
        for above, below in pairwise(lines)
        if below[:20] in starts and measure(f"{above} {below.split()[0]}") > 60
    ]
    assert len(full) >= 3
    found = {text[:20] for text in body_of(lines)}
    assert sum(start in found for start in full) >= 0.5 * len(full)


def test_a_sentence_that_happens_to_end_a_line_ends_no_paragraph():
    texts = paragraphs(11, 30)
    found = body_of(set_in_type(texts, "Century", 70, 3.0))
    starts = {text[:20] for text in texts}
    assert sum(text[:20] not in starts for text in found) <= 2


def test_a_heading_in_a_column_is_parted_from_the_text_below_it():
    texts = paragraphs(5, 12)
    first = set_in_type(texts[:6], "Times", 50, 2.5)
    second = set_in_type(texts[6:], "Times", 50, 2.5)
    found = body_of([*first, "", "The wooden bridge", *second])
    assert "## The wooden bridge" in found


# --- columns ----------------------------------------------------------------------------------
def test_blocks_of_two_columns_that_were_shuffled_are_put_in_order():
    texts = paragraphs(9, 20)
    lines = set_in_type(texts, "Times", 50, 2.5)
    half = len(lines) // 2
    while lines[half - 1].endswith("."):
        half += 1
    lines[half : half + 1] = [f"gether {lines[half]}"]
    lines[half - 1] += " to-"  # a word broken over the columns
    left, right = lines[:half], lines[half:]
    ends = [i for i, line in enumerate(left) if line.endswith(".") and i > 8]
    cut = ends[0] + 1
    more = next(i for i, line in enumerate(right) if line.endswith(".") and i > 8) + 1
    shuffled = [*left[:cut], "", *right[:more], "", *left[cut:], "", *right[more:]]
    text = "\n\n".join(body_of(shuffled))
    words = " ".join(text.split())
    assert "together" in words.replace("-", "")
    assert words.index(right[more].rstrip(".")[-20:]) > words.index(left[-2][:20])
    assert words.index(right[0][7:25]) > words.index(left[cut][:20])


def test_numbers_and_heads_of_pages_that_stand_between_columns_go():
    texts = paragraphs(13, 24)
    lines = set_in_type(texts, "Times", 50, 2.5)
    pages = []
    for number, start in enumerate(range(0, len(lines), 60), 1):
        page = lines[start : start + 60]
        pages.append("\n".join([*page[:30], "The Night Ledger", "", str(number), "", *page[30:]]))
    found = "\n\n".join(body_of("\n\f".join(pages).split("\n")))
    assert "Night Ledger" not in found
    assert not any(block.isdigit() for block in found.split("\n\n"))


# --- lines ------------------------------------------------------------------------------------
def test_lines_that_were_joined_over_a_broken_word_are_parted_again():
    texts = paragraphs(17, 40)
    lines = set_in_type(texts, "Times", 60)
    joined: list[str] = []
    for place, line in enumerate(lines):
        if joined and place % 7 == 0 and not joined[-1].endswith("."):
            # "har-" and "bour" are "harbour" on the first line, and the second goes on there.
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    found = body_of(joined)
    assert len(set(found) & set(texts)) >= 0.7 * len(texts)


def test_marks_that_stand_apart_from_their_items_are_put_before_them():
    (article,) = read_text(
        Source(
            "list.txt",
            b"Three rules\n\nBy Ada Brandt\n\nThese are the rules of the house:\n"
            b"1.\nKeep the lamp lit until the last ferry is in.\n"
            b"2.\nCount the ledgers every evening and write down the sum.\n"
            b"3.\nAnswer no letter before the second morning.\n",
        )
    )
    assert article.body.split("\n\n")[1].split("\n") == [
        "1. Keep the lamp lit until the last ferry is in.",
        "2. Count the ledgers every evening and write down the sum.",
        "3. Answer no letter before the second morning.",
    ]
