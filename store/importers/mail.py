"""Mail: single messages (.eml, Maildir) and mailboxes (mbox), newsletters above all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import PurePath
from typing import BinaryIO

from store.article import Article, State, clean_tags, count_words
from store.dates import parse_date
from store.importers.html_title import same_title
from store.importers.mail_parts import Part, take_apart
from store.importers.mail_text import read_text_of
from store.importers.names import title_from_name, title_from_text
from store.importers.record import Rejected, Source
from store.importers.sniffing import FROM_LINE
from store.importers.text_markup import to_plain
from store.sanitize import clean_line, clean_url

#: Longest message that is read, attachments included, in bytes.
MAX_MESSAGE = 64 * 1024**2
_LINE = 1 << 16

_HEADER = re.compile(rb"[!-9;-~]+:[ \t]?|>?From ")
_ESCAPED = re.compile(rb">+From ")

_MAILING = re.compile(
    r"^(?:e?mail|m|mailer|mailing|news|newsletters?|e|em\d*|info|reply|list|lists|bounce|send|mg|"
    r"updates?|hello|email-?\w*|www)\.(?=[^.]+\.[^.]+)",
    re.I,
)
_LIST_SERVICE = re.compile(r"\d{5,}|\bmc list\b|^[0-9a-f-]{16,}$", re.I)
_LABELS = frozenset({
    "inbox", "opened", "unread", "starred", "important", "sent", "archived", "trash", "spam",
    "draft", "drafts", "chat",
})  # fmt: skip
# The address runs to the last bracket, so that of a link around the picture is taken with it.
_IMAGE = re.compile(r"\[?!\[([^\]]*)\]\(\S*\)")
_TITLE_TAG = re.compile(r"^(?:(?:fwd?|wg|tr|rv|i)\s*:\s*)+", re.I)


def read_mail(source: Source) -> Iterator[Article | Rejected]:
    """One message."""
    yield _message(source, source.data, "", _flags(source.name))


def read_mbox(source: Source) -> Iterator[Article | Rejected]:
    """The messages of a mailbox, one after another; it is never in memory as a whole."""
    number = 0
    with source.open() as stream:
        for line, data in messages(stream):
            number += 1
            item = f"message {number}, line {line}"
            if data is None:
                reason = f"it is larger than {MAX_MESSAGE >> 20} MiB"
                yield Rejected(source.name, reason, item)
            else:
                yield _message(source, data, item, None)
    if not number:
        yield Rejected(source.name, "there is no message in it")


def messages(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """The messages of an mbox stream with the numbers of their first lines.

    A message begins at a line "From " that looks like one, stands first or below a blank line and
    above a header.  ">From " in a text is "From " (mboxrd); a length in a header is not believed.

    Yields:
        The line and the message; None for one longer than `MAX_MESSAGE`.
    """
    lines: list[bytes] = []
    size = start = number = 0
    blank, opened = True, False
    held: bytes | None = None  # a "From " line whose next line is not known yet
    while line := stream.readline(_LINE):
        number += 1
        whole = line.endswith(b"\n")
        if held is not None:
            if _HEADER.match(line):
                if opened:
                    yield start, None if size > MAX_MESSAGE else b"".join(lines)
                lines, size, start, opened = [], 0, number - 1, True
            elif opened:
                lines.append(held)
            held = None
        if blank and line.startswith(b"From ") and FROM_LINE.match(line):
            held = line
            blank = False
            continue
        if opened:
            size += len(line)
            if size <= MAX_MESSAGE:
                lines.append(line[1:] if _ESCAPED.match(line) else line)
            else:
                lines.clear()
        blank = whole and not line.strip()
    if opened:
        yield start, None if size > MAX_MESSAGE else b"".join(lines)


def _message(source: Source, data: bytes, item: str, state: State | None) -> Article | Rejected:
    try:
        message = take_apart(data.lstrip(b"\r\n"))
        text = read_text_of(message)
    except RecursionError:
        return Rejected(source.name, "its parts are nested too deep", item)
    source.cleaned += text.cleaned
    subject = _TITLE_TAG.sub("", message.header("subject"))
    if not text.markdown:
        what = f"{subject}: " if subject else ""
        files = ", ".join(text.attachments[:5])
        with_files = f", only {files}" if files else ""
        return Rejected(source.name, f"{what}there is no text in the message{with_files}", item)
    name, address = _sender(message)
    site = _site(message, name, address)
    body = _without_masthead(text.markdown, subject, site, name)
    extra: dict[str, object] = {}
    if identifier := clean_line(message.raw("message-id")).strip("<> "):
        extra["message_id"] = identifier
    if text.attachments:
        extra["attachments"] = text.attachments
    if address:
        extra["address"] = address
    tags, labelled = _labels(message)
    title = subject or title_from_text(to_plain(text.markdown.split("\n", 1)[0].lstrip("# ")))
    return Article(
        title=title or title_from_name(source.name),
        body=body,
        author=name,
        site=site,
        url=_url(message) or text.url,
        published=_date(message),
        tags=tags,
        lang=clean_line(message.raw("content-language")).split(",")[0] or text.lang,
        source=f"{source.name}#{item.split(',')[0].removeprefix('message ')}"
        if item
        else source.name,
        type="mail",
        words=count_words(body),
        extra=extra,
        state=state or labelled,
    )


def _without_masthead(markdown: str, subject: str, site: str, sender: str) -> str:
    """The text without a logo at its top, and without a heading that repeats the subject."""
    blocks = markdown.split("\n\n")
    for _ in range(3):
        if len(blocks) < 2:
            break
        logo = _IMAGE.fullmatch(blocks[0])
        heading = re.fullmatch(r"#{1,6} (.+)", blocks[0])
        named = logo and any(same_title(logo[1], name) for name in (site, sender, "logo"))
        title = to_plain(heading[1]) if heading else ""
        if not named and not (title and (same_title(title, subject) or title in subject)):
            break
        del blocks[0]
    return "\n\n".join(blocks)


def _addresses(said: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([said])
    except RecursionError:  # comments in comments
        return []


def _sender(message: Part) -> tuple[str, str]:
    """Name and address of the sender."""
    for header in ("from", "sender", "reply-to"):
        said = message.header(header)
        for name, address in _addresses(said) if said else ():
            name = clean_line(name).strip(" '\"")
            if "@" in name:
                name = ""
            if name or "@" in address:
                return name, address.lower() if "@" in address else ""
    return "", ""


def _site(message: Part, name: str, address: str) -> str:
    """The list the message came by, else the domain of its sender."""
    said = message.header("list-id")
    phrase, _, rest = said.partition("<")
    phrase = phrase.strip(" \"'")
    if phrase and not _LIST_SERVICE.search(phrase):
        return phrase
    domain = address.rpartition("@")[2]
    if said and _LIST_SERVICE.search(said):  # the number of a list at a sending service
        return name or _MAILING.sub("", domain)
    return _MAILING.sub("", domain or rest.rstrip("> "))


def _url(message: Part) -> str:
    """Where the message is kept on the web: Archived-At (RFC 5064), or a post's own address."""
    for header in ("archived-at", "list-post", "x-newsletter-url"):
        match = re.search(r"https?://[^\s<>]+", message.raw(header))
        if match:
            return clean_url(match[0])
    return ""


def _date(message: Part) -> str:
    for header in ("date", "resent-date", "received"):
        said = clean_line(message.raw(header)).rpartition(";")[2].strip()
        if not said:
            continue
        try:
            return parsedate_to_datetime(said).isoformat()
        except (ValueError, TypeError, OverflowError, IndexError):
            if date := parse_date(said):
                return date
    return ""


def _flags(name: str) -> State | None:
    """What the name of a file in a Maildir says: "…:2,FS" is seen and flagged."""
    _, mark, flags = PurePath(name).name.rpartition(":2,")
    if not mark or not flags.isalpha():
        return None
    return State(read="S" in flags, starred="F" in flags, trashed="T" in flags)


def _labels(message: Part) -> tuple[tuple[str, ...], State | None]:
    """Tags and state from the labels of Gmail's export, or from the flags of a mailbox."""
    said = message.header("x-gmail-labels")
    flags = f"{message.header('status')}{message.header('x-status')}"
    state = State(read="R" in flags, starred="F" in flags) if flags else None
    if not said:
        return (), state
    labels = [label.strip() for label in said.split(",")]
    known = {label.casefold() for label in labels}
    tags = [
        label for label in labels
        if label.casefold() not in _LABELS and not label.casefold().startswith("category ")
    ]  # fmt: skip
    return clean_tags(tags), State(
        read="unread" not in known,
        starred="starred" in known,
        archived="inbox" not in known,
        trashed="trash" in known,
    )
