"""The text of a mail as Markdown: the best of its parts, without what only senders need.

Newsletters carry text that is not to be seen (the preview in the list of mails), pictures that
count readers, tables that hold the page together, and lines about subscribing at their ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from store.article import count_words
from store.importers.html_fragment import depth_of, markdown_of, parse, take_out_all
from store.importers.html_inline import Kind, Run, render, render_heading
from store.importers.mail_parts import Part
from store.importers.text import to_body
from store.sanitize import clean_url

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_HTML = 20_000_000
MAX_DEPTH = 1_000
#: Blocks at the beginning of a newsletter that may be about the newsletter itself; words that such
#: a block has at most; blocks of address and the like that stand between or below such ones.
_HEAD_BLOCKS = 6
_FEW_WORDS = 90
_BETWEEN = 4

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?!\.?[1-9])"
    r"|font-size\s*:\s*[01](?:px|pt|em|%)?\s*(?:;|!|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|line-height\s*:\s*[01]px\s*(?:;|!|$)",
    re.I,
)
_PREHEADER = re.compile(r"(?:^|[\s_-])pre-?(?:header|view-?text)", re.I)
_PADDING = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u17b4\u180e\u200b-\u200f\u2007\u2060-\u2064\ufeff]+"
)
_PIXEL = re.compile(r"(?:width|height)\s*:\s*[01]px", re.I)
_BROWSER = re.compile(
    r"\b(?:view|read|open|see)\b.{0,40}\b(?:browser|online|web)\b|\bweb(?:\s|-)?version\b|"
    r"\btrouble (?:viewing|reading)\b|\bim browser\b|\bonline (?:ansehen|lesen)\b|"
    r"\bversion en ligne\b|\bdans (?:votre|un) navigateur\b|\ben (?:el|tu|su) navegador\b|"
    r"\bnel browser\b|\bno navegador\b|\bin (?:je|uw) browser\b",
    re.I,
)
_FOOT = re.compile(
    r"\bun-?subscrib|\bopt[- ]?out\b|\b(?:manage|update|change|edit) (?:your )?(?:email )?"
    r"(?:preferences|subscription|settings)|\babbestell|\babmeld|\bd[ée]sabonner|\bd[ée]sinscri|"
    r"\bdarse de baja|\bcancelar (?:la |tu |su )?suscripci|\bannulla l.iscrizione|\bdisiscriver|"
    r"\buitschrijven|\bafmelden|\bcancelar (?:a )?inscri|\bno longer (?:wish|want) to receive|"
    r"\bwhy (?:did i|am i)\b.{0,20}\bget|\byou(?:['’]re| are)? (?:receiv|getting|subscribed)|"
    r"\bthis (?:e-?mail|message|newsletter) was sent\b|\bsent to\b.{0,60}@",
    re.I,
)
_FORWARDED = re.compile(r"^\W*(?:was this |has this been )?(?:email )?forwarded\b.{0,40}\?", re.I)
_NOTICE = re.compile(
    r"©|\(c\)\s*\d{4}|\bcopyright\b|\ball rights reserved\b|\bprivacy policy\b", re.I
)
_LINK = re.compile(r"\]\((<?)(https?://[^)\s>]{1,400}+)\1>?\)|<(https?://[^>\s]{1,400}+)>")
_TRACKED = re.compile(r"/(?:track|click|redirect|ls/click|c/|e3t/|wf/)", re.I)
_FLOW_QUOTE = re.compile(r"(>*)")


@dataclass(slots=True)
class Text:
    """What a message says.

    Attributes:
        markdown: Its text.
        url: Where it can be seen on the web, when it says so.
        lang: The language its HTML names.
        attachments: Names of the files that came with it.
        cleaned: Unsafe characters that had to be removed to read it.
    """

    markdown: str = ""
    url: str = ""
    lang: str = ""
    attachments: list[str] = field(default_factory=list)
    cleaned: int = 0


def read_text_of(message: Part) -> Text:
    """The text of a message."""
    text = Text()
    pieces = _read(message, text)
    text.markdown = "\n\n".join(piece for piece in pieces if piece)
    return text


def _read(part: Part, text: Text) -> list[str]:
    """Markdown of what is to be seen of a part, in order."""
    if part.is_attachment:
        text.attachments.append(part.name or part.type)
        return []
    if part.type == "multipart/alternative":
        return _best(part.parts, text)
    if part.type == "multipart/related" and part.parts:
        for extra in part.parts[1:]:
            if extra.is_attachment and not extra.headers.get("content-id"):
                text.attachments.append(extra.name or extra.type)
        return _read(part.parts[0], text)
    if part.type == "message/rfc822" and part.parts:
        return [*_head_of(part.parts[0]), *_read(part.parts[0], text)]
    if part.type.startswith("multipart/"):
        return [piece for inner in part.parts for piece in _read(inner, text)]
    if part.type == "text/html":
        return _from_html(part.text(), text)
    if part.type in ("text/plain", "text/markdown", "text/enriched", "text/richtext"):
        return _from_plain(part, text)
    if part.type.startswith(("text/", "message/")):  # calendars, reports of delivery
        text.attachments.append(part.name or part.type)
    return []


def _best(parts: list[Part], text: Text) -> list[str]:
    """The alternative that says most: HTML, unless it has less than half of what plain text has."""
    rich = next((p for p in reversed(parts) if _holds(p, "text/html")), None)
    plain = next((p for p in parts if p.type == "text/plain"), None)
    shown = _read(rich, text) if rich is not None else []
    if plain is None:
        return shown
    said = plain.text()
    if shown and 2 * sum(map(count_words, shown)) >= count_words(said) - 40:
        return shown
    return _from_plain(plain, text) or shown


def _holds(part: Part, kind: str) -> bool:
    return part.type == kind or any(_holds(inner, kind) for inner in part.parts)


def _head_of(message: Part) -> list[str]:
    """The head of a message in a message: subject as a heading, sender and date below it."""
    head = []
    if subject := message.header("subject"):
        head.append(f"## {render_heading([Run(Kind.TEXT, subject)])}")
    sender = ", ".join(filter(None, (message.header("from"), message.header("date"))))
    if sender:
        line = [Run(Kind.OPEN, "*"), Run(Kind.TEXT, sender), Run(Kind.CLOSE, "*")]
        head.append(render(line))
    return head


def _from_plain(part: Part, text: Text) -> list[str]:
    said = part.text()
    if part.parameter("format") == "flowed":
        said = unflowed(said, joined=part.parameter("delsp") == "yes")
    body, _, signature = said.partition("\n-- \n")
    shown, text.cleaned = to_body(body)
    pieces = [shown] if shown else []
    if signature.strip():
        lines = [line.strip() for line in signature.strip().split("\n")[:12]]
        breaks: list[Run] = []
        for line in lines:
            breaks += [Run(Kind.TEXT, line), Run(Kind.BREAK)]
        pieces += ["---", render(breaks[:-1])]
    return pieces


def unflowed(said: str, *, joined: bool = False) -> str:
    """Text of `format=flowed` (RFC 3676) with its paragraphs on one line each, parted by blanks.

    Args:
        said: The text, with LF for line ends.
        joined: Whether the space that ends a line is only a sign (`delsp=yes`).
    """
    lines: list[list[str]] = []  # the parts of each, joined at the end: a line may have many
    open_depth = -1
    for line in said.split("\n"):
        marks = _FLOW_QUOTE.match(line)
        depth = len(marks[1]) if marks else 0
        rest = line[depth:].removeprefix(" ")
        flows = rest.endswith(" ") and rest != "-- "
        if rest == "-- ":
            lines.append([f"{'>' * depth}{rest}"])
            open_depth = -1
            continue
        if joined and flows:
            rest = rest[:-1]
        if open_depth == depth:
            lines[-1].append(rest)
        else:
            lines.append([f"{'> ' * depth}{rest}"])
        open_depth = depth if flows else -1
    whole = map("".join, lines)
    return "\n".join(line.rstrip() if line != "-- " else line for line in whole)


def _from_html(markup: str, text: Text) -> list[str]:
    from lxml.etree import LxmlError

    from store.importers.html_markdown import to_markdown

    try:
        root = parse(markup) if len(markup) <= MAX_HTML else None
    except (LxmlError, ValueError, AssertionError):
        root = None
    if root is None or depth_of(root, MAX_DEPTH) >= MAX_DEPTH:
        return [markdown_of(markup)]
    lang = root.get("lang") or ""
    text.lang = lang if re.fullmatch(r"[A-Za-z]{2,3}(?:-\w{2,8})?", lang) else ""
    _drop_unseen(root)
    _open_layout(root)
    blocks = to_markdown(root).split("\n\n")
    blocks = [clean for block in blocks if (clean := _PADDING.sub("", block).strip())]
    blocks, text.url = _without_head(blocks)
    return ["\n\n".join(_without_foot(blocks))]


def _drop_unseen(root: _Element) -> None:
    """Take out what nobody is to see, and pictures that only count readers."""
    doomed = []
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in ("html", "body"):
            continue
        style = element.get("style") or ""
        if element.tag == "img":
            sides = (element.get("width") or "", element.get("height") or "")
            tiny = any(side.strip().removesuffix("px") in ("0", "1") for side in sides)
            if tiny or _PIXEL.search(style):
                doomed.append(element)
        elif _is_unseen(element, style):
            doomed.append(element)
    take_out_all(doomed)


def _is_unseen(element: _Element, style: str) -> bool:
    if _PREHEADER.search(element.get("class") or ""):
        return True
    match = _HIDDEN.search(style)
    if not match:
        return False
    # The size of nothing is set on cells that only hold pictures, too.
    return not match[0].lower().startswith(("font-size", "line-height")) or not len(element)


def _open_layout(root: _Element) -> None:
    """Mark the tables that hold a page together, so that they are not shown as tables."""
    for table in root.iter("table"):
        if table.get("role") or table.find(".//table") is not None:
            continue
        rows = list(table.iter("tr"))
        widths = {sum(cell.tag in ("td", "th") for cell in row) for row in rows}
        cells = [cell for row in rows for cell in row if cell.tag in ("td", "th")]
        short = sum(len("".join(cell.itertext()).strip()) for cell in cells) < 50 * len(cells)
        figures = table.find(".//th") is not None or (len(rows) >= 3 and len(widths) == 1)
        if not (figures and short and min(widths, default=0) >= 2 and table.find(".//img") is None):
            table.set("role", "presentation")


def _without_head(blocks: list[str]) -> tuple[list[str], str]:
    """Take out the line that leads to the web, and give the address it leads to."""
    for place, block in enumerate(blocks[:_HEAD_BLOCKS]):
        if _FORWARDED.search(block) and count_words(block) < 20:
            blocks = blocks[:place] + blocks[place + 1 :]
            break
    for place, block in enumerate(blocks[:_HEAD_BLOCKS]):
        if count_words(block) > 25 or not _BROWSER.search(re.sub(r"\(https?://[^)]*\)", "", block)):
            continue
        url = ""
        for match in _LINK.finditer(block):
            address = clean_url(match[2] or match[3])
            if not _TRACKED.search(address) and len(address) < 200:
                url = address
                break
        return blocks[:place] + blocks[place + 1 :], url
    return blocks, ""


def _without_foot(blocks: list[str]) -> list[str]:
    """Take off the lines about subscribing that end a newsletter, and what stands below them."""
    start = len(blocks)
    between = 0
    for place in range(len(blocks) - 1, 0, -1):
        block = blocks[place]
        if count_words(block) > _FEW_WORDS or between > _BETWEEN:
            break
        if _FOOT.search(block) or _NOTICE.search(block):
            start, between = place, 0
        else:
            between += 1
    if start == len(blocks):
        return blocks
    rest = blocks[:start]
    while len(rest) > 1 and re.fullmatch(r"[\s_*-]*", rest[-1]):
        rest.pop()
    return rest
