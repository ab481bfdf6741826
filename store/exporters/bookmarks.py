"""Netscape bookmarks: the links as every web browser takes them in, with dates, tags and notes.

The form is that of Netscape 4, which browsers still write: a list of `<DT><A HREF …>` with the
date in Unix seconds; TAGS is Firefox's and Pinboard's, TOREAD Pinboard's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from typing import Final

from store.exporters.markup import link_of
from store.exporters.record import Entry, Export

NO_LINK: Final = "no link"

_HEAD: Final = """\
<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
"""


def write_bookmarks(entries: Iterable[Entry], export: Export) -> Iterator[bytes]:
    """The file in parts."""
    yield _HEAD.encode()
    for entry in entries:
        article = entry.shown
        if not link_of(article.url):
            export.report.leave_out(NO_LINK)
            continue
        export.report.articles += 1
        attributes = [f'HREF="{escape(article.url)}"']
        if added := unix_seconds(article.saved):
            attributes.append(f'ADD_DATE="{added}"')
        if article.tags:
            attributes.append(f'TAGS="{escape(",".join(article.tags))}"')
        if not entry.state.read:
            attributes.append('TOREAD="1"')
        title = escape(article.title or article.url)
        line = f"    <DT><A {' '.join(attributes)}>{title}</A>\n"
        if article.summary:
            line += f"    <DD>{escape(' '.join(article.summary.split()))}\n"
        yield line.encode("utf-8", "replace")
    yield b"</DL><p>\n"


def unix_seconds(moment: str) -> int:
    """Seconds since 1970 of an ISO 8601 time, taken as UTC where it names no zone; 0 for none."""
    try:
        value = datetime.fromisoformat(moment)
    except ValueError:
        return 0
    return max(0, int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()))
