"""Saved pages: the page in a file, and the address that the browser noted in it."""

from __future__ import annotations

import re
from typing import NamedTuple

from store.encoding import decode
from store.identity import canonical_url
from store.sanitize import clean_url

#: Bytes at the start of a page that may name its encoding; browsers look at 1024.
_HEAD = 4096
_DECLARED = re.compile(
    rb"<meta[^>]+charset\s*+=\s*+(?:[\"']\s*+)?([\w.:-]+)"
    rb"|<\?xml[^>]+encoding\s*+=\s*+[\"']([\w.:-]+)",
    re.I,
)
# "saved from url=(0042)https://…" is written by browsers, the other by SingleFile.
_SAVED_FROM = re.compile(
    r"<!--(?:\s*+saved from url=\(\d+\)|(?>[^<>]*?\bsinglefile\b)[^<>]*?\burl:\s*+)(\S+)", re.I
)
_ARCHIVE = re.compile(rb"(?:[\w-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)*?content-type:\s*"
                      rb"multipart/related", re.I)  # fmt: skip
_EMBEDDED = re.compile(r"data:[\w.+/-]*(?:;[\w=.-]+)*;base64,[A-Za-z0-9+/=%\s]{64,}")


class Page(NamedTuple):
    """The text of a page and where it was saved from ("" when nothing says so)."""

    markup: str
    url: str


def open_page(data: bytes) -> Page:
    """The page in a file: HTML as it is, or the main part of a web archive (MHTML, RFC 2557).

    Pictures that are embedded in the page are taken out, since they are no text.
    """
    url = ""
    declared = ""
    if _ARCHIVE.match(data[:_HEAD]):
        data, declared, url = _from_archive(data)
    markup = decode(data, declared or _declared(data))
    if "base64," in markup:
        markup = _EMBEDDED.sub("data:,", markup)
    match = _SAVED_FROM.search(markup[:_HEAD])
    return Page(markup, url or (_web_url(match[1]) if match else ""))


def _declared(data: bytes) -> str:
    match = _DECLARED.search(data[:_HEAD])
    return (match[1] or match[2]).decode("ascii", "replace") if match else ""


def _from_archive(data: bytes) -> tuple[bytes, str, str]:
    """The first HTML part of a web archive: its bytes, their encoding, its address."""
    from email import message_from_bytes

    message = message_from_bytes(data)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            url = message.get("Snapshot-Content-Location") or part.get("Content-Location") or ""
            if isinstance(content, bytes):
                return content, part.get_content_charset() or "", _web_url(str(url))
    return b"", "", ""


def is_web_url(url: str) -> bool:
    """Whether an address leads to a page on the web."""
    return url.startswith(("http://", "https://")) and bool(canonical_url(url))


def _web_url(url: str) -> str:
    url = clean_url(url)
    return url if is_web_url(url) else ""
