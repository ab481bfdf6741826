"""When two articles are the same one: canonical URLs and content hashes.

An article that came from the web is known by its address, any other by its title and text.  The
same article imported twice, from two exports or through two links, is then found to be one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes, urlsplit

from store.article import Article
from store.blake import blake2b

#: Query parameters that say where a reader came from, not what is read.  A name that ends in "*"
#: is a prefix.  Collected from the documentation of the services that add them.
TRACKING_PARAMETERS: tuple[str, ...] = (
    "utm_*", "mtm_*", "pk_*", "piwik_*", "matomo_*", "ga_*", "hsa_*", "_hs*", "at_*", "mc_*",
    "oly_*", "vero_*", "fb_*", "wt_*",
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ymclid",
    "twclid", "ttclid", "li_fat_id", "igshid", "igsh", "si", "epik", "rdt_cid", "s_kwcid",
    "mkt_tok", "wickedid", "_openstat", "_ga", "_gl", "s_cid", "cmpid", "cmp", "ncid", "ito",
    "xtor", "spm", "smid", "smtyp", "sref", "sr_share", "share", "rss", "feature", "partner",
    "ref", "ref_src", "ref_url", "referrer", "hsctatracking", "__twitter_impression",
    "guccounter", "guce_referrer", "guce_referrer_sig", "ck_subscriber_id",
)  # fmt: skip

#: Unknown field of an article of a feed: what tells it from others of the same page or guid.
ENTRY = "feed_entry"

_EXACT = frozenset(name for name in TRACKING_PARAMETERS if not name.endswith("*"))
_PREFIXES = tuple(name[:-1] for name in TRACKING_PARAMETERS if name.endswith("*"))
_DEFAULT_PORTS = {"https": 443, "http": 80, "ftp": 21, "gemini": 1965, "gopher": 70}
_BLANK = re.compile(r"[\x00-\x20\x7f]")  # what a parser of addresses trims or drops
_SIMPLE = re.compile(
    r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)((?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*)/?", re.ASCII
)
_WORD = re.compile(r"[^\W_]+")
#: Fields, beside the unknown ones, that tell articles apart of which there is neither title, text
#: nor address.
_ELSE = ("author", "site", "url", "published", "lang", "summary", "image", "source", "type")


@lru_cache(maxsize=4096)
def canonical_url(url: str) -> str:
    """The form of a web address that all links to one article share.

    It is for comparing, not for opening: `http` is written `https`, a leading `www.`, a default
    port, a trailing slash, user data and tracking parameters are left out, host and scheme are
    in lower case, percent-encoding and dots in the path are normalised (RFC 3986, 6.2.2).  The
    fragment goes, unless it begins with `!` or `/`, the way of one-page sites to name a page.
    The order of the other parameters is kept, since a few sites depend on it, and so are mobile
    and AMP hosts, since they cannot be mapped back without asking.

    Args:
        url: An absolute address.

    Returns:
        The canonical address, or "" when `url` is not an absolute address with a host.
    """
    if (simple := _SIMPLE.fullmatch(url)) is not None:  # the same, sooner: most links are so
        return f"https://{_canonical_host(simple[1])}{simple[2]}"
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    scheme = "https" if parts.scheme == "http" else parts.scheme
    if not host or scheme not in _DEFAULT_PORTS:
        return ""
    host = _canonical_host(host)
    if port is not None and port not in (_DEFAULT_PORTS[scheme], _DEFAULT_PORTS[parts.scheme]):
        host = f"{host}:{port}"
    path = _normal_path(parts.path)
    query = "&".join(
        _normal_escapes(pair) for pair in parts.query.split("&") if pair and not _tracks(pair)
    )
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return (
        f"{scheme}://{host}{path}"
        + (f"?{query}" if query else "")
        + (f"#{_normal_escapes(fragment)}" if fragment else "")
    )


def spoken_url(url: str) -> str:
    """A web address as a person would say it: what a link without a title is listed by.

    No scheme, no `www.`, no trailing slash; "" when there is no address.
    """
    return re.sub(r"\A(?:https?://)?(?:www\.)?", "", url.strip(), flags=re.I).rstrip("/")


def identity(article: Article) -> int:
    """A signed 64-bit number that is the same for the same article.

    It is the first 8 bytes of BLAKE2b of the canonical URL where there is one, together with what
    tells it from the others where an entry of a feed shares its page; of what else names it where
    there is none: the Message-ID of a mail, the guid of an entry of a feed; else of the words of
    title and text (letters and digits only, NFKC, case-folded), so that another line
    wrap, other markup or other quotation marks do not make a new article.  Where there are no
    words it is of the signs, and of an article without title and text, which only an export
    brings in, of all that it says but its tags, which may become more.  With a million articles
    the chance that any two different ones collide is 3 in 100 million.
    """
    entry = article.extra.get(ENTRY)
    if entry and article.type == "feed":
        return _number(f"e\0{canonical_url(article.url) or article.source}\0{entry}")
    number = address_identity(article.url)
    return _number(_known_by(article)) if number is None else number


def _known_by(article: Article) -> str:
    """What an article without an address on the web is known by."""
    message, guid = article.extra.get("message_id"), article.extra.get("guid")
    if message and isinstance(message, str):
        return f"m\0{message}"
    if article.type == "feed" and guid:
        return f"f\0{article.source}\0{guid}"
    title, body = _words(article.title), _words(article.body)
    if title or body:
        return f"t\0{title}\0{body}"
    title, body = article.title.strip(), article.body.strip()
    if title or body:
        return f"s\0{title}\0{body}"
    import json  # seldom needed

    values = {name: getattr(article, name) for name in _ELSE} | {"extra": dict(article.extra)}
    return f"n\0{json.dumps(values, sort_keys=True)}"


def address_identity(url: str) -> int | None:
    """The `identity` of the article at an address; None where that is no absolute address."""
    canonical = canonical_url(url) if url else ""
    return _number(f"u\0{canonical}") if canonical else None


def _number(key: str) -> int:
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _words(text: str) -> str:
    text = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_WORD.findall(text))


def _canonical_host(host: str) -> str:
    host = host.rstrip(".").lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            pass  # too long or an odd label: compared as it is
    return host.removeprefix("www.") if host.count(".") > 1 else host


def _normal_path(path: str) -> str:
    """Dot segments resolved, doubled and trailing slashes dropped, escapes normalised."""
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if segments:
                segments.pop()
        elif segment not in ("", "."):
            segments.append(_normal_escapes(segment))
    return "".join("/" + segment for segment in segments)


def _normal_escapes(text: str) -> str:
    """Percent-encode what must be and decode what need not be; reserved characters stay."""
    text = _BLANK.sub(lambda match: f"%{ord(match[0]):02X}", text)
    if text.isascii() and "%" not in text:
        return text
    pieces = re.split(r"(%[0-9A-Fa-f]{2})", text)
    for index, piece in enumerate(pieces):
        if index % 2:
            raw = unquote_to_bytes(piece)
            unreserved = raw.isalnum() or raw in (b"-", b".", b"_", b"~")
            pieces[index] = raw.decode("ascii") if unreserved else piece.upper()
        elif not piece.isascii():
            pieces[index] = quote(
                piece.encode("utf-8", "replace"), safe="!$&'()*+,;=:@/?%[]|\\^`{}"
            )
    return "".join(pieces)


def _tracks(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in _EXACT or name.startswith(_PREFIXES)
