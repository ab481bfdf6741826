"""Mail addresses of strangers: what they may put into a message, and what not."""

from __future__ import annotations

import re
from urllib.parse import unquote

#: Fields with which some mail programs attach a file of this machine to the message.
_FILES = frozenset({"attach", "attachment", "attachments"})

#: What may part the fields, and how often they may be percent-encoded.
_MARKS = re.compile(r"([?&;#])")
_DECODED = 4


def without_files(url: str) -> str:
    """A link as it may be opened: a `mailto:` that attaches files does so no more.

    Names of fields are known in any case, percent-encoded once or more, and after `&amp;`.
    """
    if url[:7].lower() != "mailto:" or "?" not in url:
        return url
    address, _, query = url.partition("?")
    # Parted wherever some program may part them: a piece too many is looked at, none too few.
    pieces = _MARKS.split(f"?{query}")
    kept = "".join(
        mark + field
        for mark, field in zip(pieces[1::2], pieces[2::2], strict=True)
        if not _attaches(field)
    )
    return f"{address}?{kept[1:]}" if len(kept) > 1 else address


def _attaches(field: str) -> bool:
    for _ in range(_DECODED):
        field = unquote(field)
    names = (part.partition("=")[0] for part in _MARKS.split(field))
    return any(name.strip().lower() in _FILES for name in names)
