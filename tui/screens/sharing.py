"""Links and texts of an article on their way out of the app: opened, copied, or shown."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from store import Article
from tui.terminal import clipboard, links
from tui.terminal.links import LinkError
from tui.work import supersede

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from tui.config import Config
    from tui.terminal.profile import Link


class Sharing:
    """Opens links where the person sits, and sends text to their clipboard.

    Args:
        host: The node whose workers do the waiting.
        config: The opener and the clipboard rung the person asked for.
        link: Where the person sits.
        write: Writes to the terminal.
        show: Shows a text alone on the screen, to be selected with the mouse.
        tell: Shows what was done to the person.
        report: Shows an error to the person.
    """

    def __init__(
        self,
        host: DOMNode,
        config: Config,
        link: Link,
        *,
        write: Callable[[str], None],
        show: Callable[[str], None],
        tell: Callable[[str], None],
        report: Callable[[str], None],
    ) -> None:
        self._host = host
        self._config = config
        self._link = link
        self._write = write
        self._show = show
        self._tell = tell
        self._report = report

    def open(self, url: str) -> None:
        """Open a link; without a way to, send it to the clipboard."""
        if not url:
            self._tell("this article has no link")
        elif not links.is_safe(url):
            self._report(f"not opened, only http, https and mailto links are: {url}")
        else:
            supersede(self._host, "sharing", partial(self._open, url))

    def copy(self, text: str, what: str) -> None:
        """Send `text`, called `what`, to the person's clipboard."""
        if not text:
            self._tell(f"this article has no {what}")
        else:
            supersede(self._host, "sharing", partial(self._copy, text, what))

    async def _open(self, url: str) -> None:
        try:
            command = links.command_for(
                url, opener=self._config.opener, link=self._link, environ=os.environ
            )
            if command is not None:
                self._tell(f"opening {url}")
                await asyncio.to_thread(links.start, command)
                return
        except LinkError as error:
            self._report(str(error))
            return
        await self._copy(url, "link")

    async def _copy(self, text: str, what: str) -> None:
        copied = await asyncio.to_thread(
            clipboard.send,
            text,
            what,
            write=self._write,
            environ=os.environ,
            link=self._link,
            asked=self._config.clipboard,
        )
        if copied.rung is clipboard.Rung.SCREEN:
            self._show(text)
        self._tell(copied.message)


def citation(article: Article) -> str:
    """The article as one cites it: Author, “Title”, Site, date, URL; what is unknown left out."""
    title = f"“{article.title}”" if article.title else ""
    parts = (article.author, title, article.site, article.published[:10], article.url)
    return ", ".join(part for part in parts if part)


def full_text(article: Article) -> str:
    """Title, citation and body, as Markdown."""
    head = ", ".join(p for p in (article.author, article.site, article.published[:10]) if p)
    return "\n\n".join(part for part in (f"# {article.title}", head, article.body) if part)
