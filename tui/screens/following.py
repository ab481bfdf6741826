"""Links in the text: into the library where the article is there, else out of the app."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tui.typeset.model import BACK, TO_NOTE
from tui.widgets.cells import clean
from tui.widgets.reader import Reader

if TYPE_CHECKING:
    from store import Library


class Following:
    """Follows links.

    Args:
        library: Where the articles are.
        reader: What the links are in.
        open: Opens an article by its id, at the place with the given name ("" for none).
        open_outside: Opens an address that is not in the library.
        tell: Shows a notice to the person.
    """

    def __init__(
        self,
        library: Library,
        reader: Reader,
        *,
        open: Callable[[int, str], None],
        open_outside: Callable[[str], None],
        tell: Callable[[str], None],
    ) -> None:
        self._library = library
        self._reader = reader
        self._open = open
        self._open_outside = open_outside
        self._tell = tell

    def follow(self, url: str) -> None:
        """Open the article of an address, or the address itself."""
        id = self._article_at(url)
        article = self._reader.article
        if id is None:
            self._open_outside(url)
        elif article is not None and id == article.id:
            # A name that is not in the text is one of the page it came from.
            self._reader.go_to_name(url.partition("#")[2], partial(self._open_outside, url))
        else:
            self._open(id, url.partition("#")[2])

    def tell_of(self, address: str, url: str) -> None:
        """Say where the focused link leads."""
        if url.startswith(TO_NOTE):
            self._tell(f"note {url.removeprefix(TO_NOTE)}: enter shows it here, or hides it")
        elif url.startswith(BACK):
            self._tell("enter: back to where the note is referred to")
        else:
            known = address and self._article_at(address) is not None
            where = " (in the library)" if known else ""
            self._tell(clean(f"enter:{where} {address or 'a place in this article'}"))

    def _article_at(self, url: str) -> int | None:
        """The article of an address, if its text is here or it is another one than is shown."""
        id, article = self._library.at_url(url), self._reader.article
        if article is not None and article.id == id and article.is_stub:
            return None
        return id
