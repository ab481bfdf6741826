"""What is left of printed pages in a plain text, taken out: page numbers, running heads and feet.

None of it is the author's.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from store.importers.text_joining import Ending, ending, starts_lower
from store.importers.text_lines import PAGE

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[\s\-–—~•·*|\[(<]*+"
    r"(?P<word>page|pages|seite|página|pagina|pág\.?|pag\.?|p\.|pg\.?|s\.|стр\.?|第)?\s*+"
    r"(?P<number>\d{1,4})\s*+(?:(?P<of>of|von|de|sur|di|из|/)\s*+\d{1,4}\s*+)?(?:页|頁|ページ)?"
    r"[\s\-–—~•·*|\])>]*+",
    re.IGNORECASE,
)
#: Characters of a line that may be one.
_LONGEST_NUMBER = 80
_NO_TITLE = re.compile(r"(?:by|von|par|por|di)\s|\d|\w+\.? \d{1,2}, \d{4}", re.IGNORECASE)
_WIDE_GAP = re.compile(r"\S {12,}\S")
_AROUND_NUMBER = "# -–—|·•"
_ROMAN_NUMBER = re.compile(r"[\s\-–—]*[ivxl]{1,6}[\s\-–—]*")
_LEADING_NUMBER = re.compile(r"\W*(\d{1,4})\b")
_TRAILING_NUMBER = re.compile(r"\b(\d{1,4})\W*$")
#: Running heads and feet have no more lines than this, and no line is longer than so many
#: characters.
_EDGE = 3
#: A printed page has no fewer characters than this.
_PAGE_OF_TEXT = 1_500
_LONGEST = 120


def without_furniture(lines: list[str]) -> list[str]:
    """The lines without page numbers and without running heads and feet."""
    lines = _without_edges(lines) if PAGE in lines else _without_islands(lines)
    return lines[_masthead(lines) :]


def _masthead(lines: list[str]) -> int:
    """The number of lines atop a text that are the head of a page that has no other beside it.

    It parts two things by a wide gap (the name of the paper, the date), or says the title that
    stands below it once more.
    """
    filled = [index for index, line in enumerate(lines) if line and line != PAGE][:5]
    if len(filled) < 3 or filled[1] < filled[0] + 2:
        return 0
    first = lines[filled[0]]
    again = next((index for index in filled[1:3] if _key(lines[index]) == _key(first)), 0)
    between = [index for index in filled[1:3] if index < again]
    if again and all(_page_number(lines[index]) for index in between):
        return again
    return filled[1] if _WIDE_GAP.search(first) else 0


def _without_edges(lines: list[str]) -> list[str]:
    """Take heads and feet from the edges of pages that form feeds part."""
    pages: list[list[str]] = [[]]
    for line in lines:
        if line == PAGE:
            pages.append([])
        else:
            pages[-1].append(line)
    pages = [page for page in pages if any(page)]
    heads: Counter[tuple[int, str]] = Counter()  # by their place from the edge
    feet: Counter[tuple[int, str]] = Counter()
    for page in pages:
        filled = [line for line in page if line]
        heads.update((place, _key(line)) for place, line in enumerate(filled[:_EDGE]))
        feet.update((place, _key(line)) for place, line in enumerate(filled[::-1][:_EDGE]))
    needed = 2 if len(pages) <= 5 else max(3, len(pages) // 4)
    pages = _without_inner_numbers(pages)
    first = next((_key(line) for line in pages[0] if line), "") if pages else ""
    if sum(first in map(_key, page) for page in pages) >= needed:
        heads[0, first] = max(heads[0, first], needed)  # below a column on the other pages
    shift = _numbering(pages)
    kept: list[list[str]] = []
    gone: set[str] = set()
    for number, page in enumerate(pages):
        own = None if shift is None else number + shift
        below = _trim(page, heads, needed, own, first=number == 0)
        body = _trim(below[::-1], feet, needed, own)[::-1]
        if number:
            gone.update(map(_key, page[: len(page) - len(below)]))
        gone.update(map(_key, below[len(body) :]))
        kept.append(body)
    # The last page ends, too: that there are pages tells how the text came to be.
    return [*_joined_pages(_without_inner_heads(kept, gone, needed)), PAGE]


def _joined_pages(pages: list[list[str]]) -> list[str]:
    lines = list(pages[0]) if pages else []
    for page in pages[1:]:
        lines += [PAGE, *page]
    return lines


def _without_inner_heads(pages: list[list[str]], heads: set[str], needed: int) -> list[list[str]]:
    """Without running heads and feet that stand between the columns of a page.

    They are heads and feet of other pages, or stand on most pages, and end or begin a block.
    """
    most = max(2, round(0.6 * len(pages)))
    seen = Counter(
        key for page in pages for key in {_key(line) for line in page if 0 < len(line) <= 80}
    )
    kept: list[list[str]] = []
    for number, page in enumerate(pages):
        filled = [place for place, line in enumerate(page) if line]
        title = set(filled[:_EDGE]) if number == 0 else set()
        own = {
            place for place in filled
            if place not in title
            and len(page[place]) <= 80
            and any(map(str.isalpha, page[place]))
            and (
                seen[_key(page[place])] >= most
                or (_key(page[place]) in heads and seen[_key(page[place])] >= min(needed, 2))
            )
            and (not page[place - 1] or place + 1 == len(page) or not page[place + 1])
        }  # fmt: skip
        kept.append([line for place, line in enumerate(page) if place not in own])
    return kept


def _numbering(pages: list[list[str]]) -> int | None:
    """What to add to a page's index to get its printed number; None when there is none.

    The numbers that begin or end the first or last line of a page count up with the pages.
    """
    shifts: Counter[int] = Counter()
    for index, page in enumerate(pages):
        filled = [line for line in page if line]
        numbers = {n for line in (*filled[:1], *filled[-1:]) for n in _end_numbers(line)}
        shifts.update(number - index for number in numbers)
    shift, count = max(shifts.items(), key=lambda item: item[1], default=(0, 0))
    return shift if count >= 2 and 2 * count >= len(pages) else None


def _without_inner_numbers(pages: list[list[str]]) -> list[list[str]]:
    """Without page numbers that stand between the columns of a page, where some programs put them.

    They stand alone, and count up with the pages.
    """
    lone = [
        [
            (place, int(match["number"]))
            for place, line in enumerate(page)
            if (match := _page_number(line))
            and not (place and page[place - 1])
            and not (place + 1 < len(page) and page[place + 1])
        ]
        for page in pages
    ]
    shifts = Counter(
        shift for index, found in enumerate(lone) for shift in {n - index for _, n in found}
    )
    shift, count = max(shifts.items(), key=lambda item: item[1], default=(0, 0))
    # The number of a page that has no other beside it, unless it is part of the head.
    alone = (
        len(pages) == 1 and shift == 1 and len(lone[0]) == 1
        and sum(map(bool, pages[0][: lone[0][0][0]])) > _EDGE
    )  # fmt: skip
    if (count < 2 or 2 * count < len(pages)) and not alone:
        return pages
    kept = []
    for index, (page, found) in enumerate(zip(pages, lone, strict=True)):
        places = {place for place, number in found if number == index + shift}
        # The blank line after the number goes with it.
        kept.append(
            [
                line for place, line in enumerate(page)
                if place not in places and not (place - 1 in places and place > 1)
            ]
        )  # fmt: skip
    return kept


def _end_numbers(line: str) -> list[int]:
    """The numbers at the two ends of a line that may be a running head or foot."""
    if len(line) > _LONGEST:
        return []
    found = (_LEADING_NUMBER.match(line), _TRAILING_NUMBER.search(line))
    return [int(match[1]) for match in found if match]


def _trim(
    page: list[str],
    seen: Counter[tuple[int, str]],
    needed: int,
    own: int | None,
    *,
    first: bool = False,
) -> list[str]:
    """Drop the lines at the beginning of `page` that are furniture.

    A line is when it stands at the same place of other pages (`seen` in at least `needed`), when it
    is a mere number, or when it begins or ends with the page's own number.
    """
    start = taken = 0
    for index, line in enumerate(page):
        if not line:
            continue
        match = _page_number(line)
        numbered = bool(match or _ROMAN_NUMBER.fullmatch(line)) or own in _end_numbers(line)
        if first and match and not match["word"] and match["number"] != "1":
            numbered = False  # a title may be a number
        repeated = seen[taken, _key(line)] >= needed and len(line) <= _LONGEST
        if taken == _EDGE or not (numbered or repeated):
            break
        if first and repeated and not numbered and not _is_head(page, index, seen, needed):
            break
        start = index + 1
        taken += 1
    # Blank lines that stood between the head and the text go with the head.
    return page[start:] if taken else page


def _is_head(page: list[str], index: int, seen: Counter[tuple[int, str]], needed: int) -> bool:
    """Whether a line atop the first page is a running head, and not the title it repeats.

    It is one when a title of its own follows below what else of the page's head there is: a
    short line that is neither byline nor date.
    """
    following = [line for line in page[index + 1 :] if line][:_EDGE]
    place = sum(map(bool, page[: index + 1]))
    for line in following:
        number = _page_number(line)
        if number or (seen[place, _key(line)] >= needed and _key(line) != _key(page[index])):
            place += 1
            continue
        return len(line) < 100 and not _NO_TITLE.match(line)
    return False


def _page_number(line: str) -> re.Match[str] | None:
    """The number of a page, if a line is nothing else; a long one is not looked at."""
    return _PAGE_NUMBER.fullmatch(line) if len(line) <= _LONGEST_NUMBER else None


def _key(line: str) -> str:
    """What stays the same in a running head from page to page."""
    return " ".join(_DIGITS.sub("#", line.casefold()).split())


def _without_islands(lines: list[str]) -> list[str]:
    """Take page numbers and heads out of text whose form feeds are lost.

    There a line is suspect when it is a mere number, or stands alone and recurs with other
    numbers or none.  It is furniture when at least one of its kind stands in the middle of a
    sentence, repeats the title, or is a number at the very end.
    """
    groups: dict[str, list[int]] = {}
    for i in range(len(lines)):
        if _is_island(lines, i):
            number = _page_number(lines[i])
            groups.setdefault("#" if number else _key(lines[i]), []).append(i)
    filled = [i for i, line in enumerate(lines) if line]
    title = _key(lines[filled[0]]) if filled else ""
    groups = {
        key: found
        for key, found in groups.items()
        if key == "#" or len(found) > 1 or ("#" in key and key.strip(_AROUND_NUMBER) == title)
    }
    suspect = {i for found in groups.values() for i in found}
    cutting = _cut_sentences(lines, suspect)
    furniture: set[int] = set()
    for key, members in groups.items():
        cuts = sum(i in cutting for i in members)
        if key == "#":
            furniture.update(i for i in members if _says_page(lines[i]))
            plain = [i for i in members if not _says_page(lines[i])]
            if (cuts or _are_pages(lines, plain, filled[-1])) and _ascends(lines, plain):
                furniture.update(plain)
        elif "#" in key:
            if (cuts or key.strip(_AROUND_NUMBER) == title) and _ascends(lines, members):
                furniture.update(members)
        elif key == title and members[0] == filled[0]:
            furniture.update(members[1:])
        elif cuts and 2 * cuts >= len(members):
            furniture.update(members)
    return [PAGE if i in furniture else line for i, line in enumerate(lines)]


def _are_pages(lines: list[str], numbers: list[int], last: int) -> bool:
    """Whether lone numbers count pages and not sections, by where they stand.

    A section's number stands above it, so none is at the very end (line `last`), the first is 1,
    and there is no page of text before it.
    """
    if not numbers:
        return False
    first = _DIGITS.search(lines[numbers[0]])
    before = sum(map(len, lines[: numbers[0]]))
    return (len(numbers) > 1 and numbers[-1] == last) or (
        before > _PAGE_OF_TEXT and bool(first and first[0] in ("1", "2"))
    )


def _is_island(lines: list[str], i: int) -> bool:
    line = lines[i]
    if not line or len(line) > 80 or not any(c.isalnum() for c in line):
        return False
    if _page_number(line):
        return True
    before = lines[i - 1] if i else ""
    after = lines[i + 1] if i + 1 < len(lines) else ""
    return not (before and not _page_number(before)) and not (after and not _page_number(after))


def _cut_sentences(lines: list[str], suspect: set[int]) -> set[int]:
    """Those suspects that stand in the middle of a sentence."""
    cuts = set()
    text = ""  # the last line that is no suspect
    waiting: list[int] = []
    for i, line in enumerate(lines):
        if i in suspect:
            waiting.append(i)
        elif line:
            if waiting and text:
                state = ending(text)
                if state is Ending.CUT or (state is Ending.OPEN and starts_lower(line)):
                    cuts.update(waiting)
            waiting.clear()
            text = line
    return cuts


def _says_page(line: str) -> bool:
    match = _page_number(line)
    return bool(match and (match["word"] or match["of"]))


def _ascends(lines: list[str], members: list[int]) -> bool:
    """Whether the numbers of these lines go up, as page numbers do."""
    columns = zip(*(map(int, _DIGITS.findall(lines[i])) for i in members), strict=False)
    return len(members) < 2 or any(all(a < b for a, b in pairwise(column)) for column in columns)
