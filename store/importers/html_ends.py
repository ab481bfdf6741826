"""What stands above and below an article on its page and was taken for a part of it."""

from __future__ import annotations

import re

from store.article import count_words
from store.importers.html_title import same_title

#: Blocks above a title that is repeated in the text, and words of them, that go with it.
_HEAD_BLOCKS = 10
_HEAD_WORDS = 60
#: Share of the text, in words, that may be taken off at its end.
_SHARE = 0.4
#: Characters that a caption has at least that is looked for again.
_CAPTION = 40

_HEADING = re.compile(r"#{1,6} (.*)")
# A text of brackets alone must not be read to its end from each of them: those that begin no link
# are escaped, and what is in one is bounded.
_LINK = re.compile(
    r"(?<!\\)\[((?:[^\[\]\\]|\\.|!\[[^\]]{0,1000}+\]\([^)]{0,2000}+\)){0,1000}+)\]\(<?[^)\s]{0,4000}+>?\)"
)
_IMAGE = re.compile(r"(?<!\\)!\[[^\]]{0,1000}+\]\([^\s)]{0,4000}+\)")
_ALT = re.compile(r"(?<!\\)!\[([^\]]{0,1000}+)\]\(")
_TEASER = re.compile(
    r"(?:\*{1,3}|_)?(?:(?:read|see|also|watch|related|don['’]t miss|mehr|lesen sie|lire|leggi|leia|"
    r"lea)\b[^\n\[]{0,24}[:\s*_]*)?\[(?:[^\[\]\\]|\\.)+\]\(<?https?://[^)\s]*>?\)(?:\*{1,3}|_)?",
    re.I,
)
_AFTER = re.compile(
    r"(?:#{1,6} |\*\*|\*)?\W*(?:"
    r"related(?: (?:articles?|stories|posts?|content|coverage|topics|links))?|"
    r"most (?:read|popular|viewed)\b.*|(?:read|up|see) (?:next|also)|"
    r"more (?:from|on|stories|news|in)\b.*|"
    r"recommended(?: (?:for you|stories|reading))?|trending(?: now)?|popular(?: posts| now)?|"
    r"top stories|you (?:may|might) (?:also )?(?:like|be interested in).*|explore further|"
    r"don['’]t miss|latest (?:news|stories|articles)|editor['’]s picks|sponsored(?: content)?|"
    r"share this(?: article| post| story)?:?|follow us\b.*|sign up\b.*|subscribe\b.*|newsletters?|"
    r"comments?(?: \(\d+\))?|leave a (?:reply|comment)|\d+ comments?|"
    r"join the (?:conversation|discussion)|"
    r"mehr zum thema|lesen sie auch|auch interessant|das könnte (?:sie|dich) auch interessieren|"
    r"weitere (?:artikel|themen|meldungen)|meistgelesen|verwandte (?:artikel|themen)|zum thema|"
    r"kommentare?|schreibe(?:n sie)? einen kommentar|artikel teilen|teilen|"
    r"à lire aussi|sur le même (?:sujet|thème)|lire aussi|articles liés|"
    r"te puede interesar|noticias relacionadas|lea también|leer también|más leídas?|"
    r"leia também|leggi anche|lees ook)\W*(?:\*\*|\*)?",
    re.I,
)
_NOISE = re.compile(
    r"(?:thanks? (?:you )?for (?:signing up|subscribing)|sign up (?:for|to) (?:our|the)|"
    r"subscribe to (?:our|the)|by signing up|there was an error processing|"
    r"keep an eye on your inbox|"
    r"follow (?:us|@?\w+) on (?:twitter|facebook|instagram)|like us on facebook|advertisement$|"
    r"click here to subscribe|©|copyright \d{4}|all rights reserved|read more:|continue reading|"
    r"follow (?:him|her|them|me) (?:on |@)|"
    r"(?:reach|contact|e-?mail) (?:the )?[\w .,]{3,50}? (?:at|on) (?:<|twitter|https?:|[\w.]+@)|"
    r"e-?mail [\w .]{3,40} at\b|may be reached at|"
    r"have a (?:news )?tip\?|(?:need|want) more \w+\?|subscribe (?:now|today)|"
    r"if you (?:enjoyed|liked) this (?:article|story|post)|personal,? non-?commercial use only|"
    r"delivered (?:to|through) your (?:inbox|door|letterbox)|(?:folgen|abonnieren) sie uns|"
    r"jetzt (?:abonnieren|newsletter)|suscríbete|abonnez-vous|iscriviti alla)",
    re.I,
)


def without_ends(markdown: str, title: str, summary: str = "") -> str:
    """The text of an article without what is about the page.

    Above: the title and what stands over it, when the text repeats the title near its beginning;
    a heading that is the summary.
    Below: lists of other articles, and lines about sharing, subscribing and comments.
    """
    blocks = markdown.split("\n\n")
    start = _start(blocks, title)
    deck = _HEADING.fullmatch(blocks[start])
    if deck and start + 1 < len(blocks) and same_title(_plain(deck[1]), summary):
        start += 1
    end = _end(blocks, start)
    kept = _without_repeats(_without_teasers(blocks[start:end]))
    return "\n\n".join(kept) if len(kept) < len(blocks) else markdown


def _without_teasers(blocks: list[str]) -> list[str]:
    """The blocks without those between paragraphs that are a link to another article and no more.

    Where many paragraphs are links, they are the article.
    """
    teasers = {
        place
        for place in range(1, len(blocks) - 1)
        if _TEASER.fullmatch(blocks[place])
        and count_words(_plain(blocks[place])) >= 4
        and _is_prose(blocks[place - 1])
        and (_is_prose(blocks[place + 1]) or _TEASER.fullmatch(blocks[place + 1]))
    }
    if not teasers or 5 * len(teasers) > len(blocks):
        return blocks
    return [block for place, block in enumerate(blocks) if place not in teasers]


def _without_repeats(blocks: list[str]) -> list[str]:
    """The blocks, each caption once: what a page shows again is its gallery or print version.

    A caption is known by its picture, which says the same in its place.
    """
    captions = {
        _key(alt[1]) for block in blocks for alt in _ALT.finditer(block) if len(alt[1]) > _CAPTION
    }
    kept = []
    seen: set[str] = set()
    for block in blocks:
        key = _key(_plain(block)) if captions and _CAPTION < len(block) < 2000 else ""
        if key in captions and key in seen:
            continue
        seen.add(key)
        kept.append(block)
    return kept


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _is_prose(block: str) -> bool:
    return count_words(_plain(block)) >= 12 and not _HEADING.match(block)


def _start(blocks: list[str], title: str) -> int:
    words = 0
    for place, block in enumerate(blocks[:_HEAD_BLOCKS]):
        heading = _HEADING.fullmatch(block)
        if heading and same_title(_plain(heading[1]), title):
            return place + 1 if place + 1 < len(blocks) else 0
        words += count_words(_plain(block))
        if words > _HEAD_WORDS or block.startswith(("```", "~~~")):
            break
    return 0


def _end(blocks: list[str], start: int) -> int:
    total = sum(count_words(block) for block in blocks[start:])
    left = _SHARE * total
    end = kept = len(blocks)
    while end > start + 1:
        block = blocks[end - 1]
        words = count_words(_plain(block))
        left -= words
        if left < 0 or block.startswith(("```", "~~~", "|", "[^")) or block.endswith("```"):
            break
        plain = _plain(block)
        first = block.split("\n", 1)[0]
        if len(plain) < 80 and _AFTER.fullmatch(first):
            kept = end - 1
        elif not (_is_links(block) or _HEADING.fullmatch(block) or _NOISE.search(plain[:200])
                  or _IMAGE.fullmatch(block) or words < 4):  # fmt: skip
            break
        elif _NOISE.search(plain[:200]) and words < 60:
            kept = end - 1
        end -= 1
    while kept > start + 1 and (
        _HEADING.fullmatch(blocks[kept - 1]) or blocks[kept - 1].strip("_*- ") == ""
    ):
        kept -= 1  # a heading above nothing
    return kept


def _plain(block: str) -> str:
    """A block without images and the addresses of its links."""
    text = _LINK.sub(lambda match: match[1], _IMAGE.sub("", block))
    return re.sub(r"[*_#>\\]|^\s*(?:[-*]|\d+[.)])\s", "", text).strip()


def _is_links(block: str) -> bool:
    """Whether a block is little but links."""
    bare = _IMAGE.sub("", block)
    linked = sum(len(match[1]) for match in _LINK.finditer(bare))
    rest = len(re.sub(r"[\s*_#>|-]", "", _LINK.sub("", bare)))
    return linked > 0 and rest < 0.4 * linked
