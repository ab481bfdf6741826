"""Targets that take text: sanitize, queries, searches, patterns, typesetting, config."""

from __future__ import annotations

from functools import cache

from store import sanitize
from store.article import Article, Passage, State
from tests.fuzz.findings import Target, promise, scratch
from tests.hostile import CORPUS, unsafe_in

_QUERIES = (
    'harbour "the last tram" -tag:x is:unread OR (title:pier* author:"A B") sort:-words limit:3',
    "view:unread words:>2000 before:2019 after:2018-03 #history lang:en has:note",
    "((((((((a OR b) c) d) -e) f) g)))",
    "is:unread,read tag:a,b,c read:7d published:2019..2021 minutes:<5 site:example.org",
    "view:today -view:starred near:12 id:1,2,3 url:https://a.example/b https://a.example/c",
)
_ARTICLE = """# A title

A paragraph with *emphasis*, **strong**, `code`, a [link](https://a.example/b "t") and ~~more~~.[^1]

> A quote
> > in a quote

- one
  1. two
     - [x] three

| a | b |
|---|--:|
| 1 | 日本語 |

```python
def f(x): return x
```

![A picture](https://a.example/p.png "caption")

Term
: Definition $x^2$ and $$\\sum_i$$

<div>HTML <b>bold</b></div>

[^1]: A note.

[ref]: https://a.example
"""


def text_of(data: bytes) -> str:
    """Any string: what is not UTF-8 becomes lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def bytes_of(text: str) -> bytes:
    """A seed whose `text_of` is about `text`."""
    return text.encode("utf-8", "surrogatepass")


def _corpus(*more: str) -> list[bytes]:
    return [bytes_of(text) for text in (*more, *CORPUS.values())]


def run_sanitize(data: bytes) -> None:
    """Nothing unsafe comes out, cleaning twice changes nothing, and the count is right."""
    text = text_of(data)
    clean, removed = sanitize.scrub(text)
    promise(not unsafe_in(clean), "unsafe text came out")
    promise(sanitize.scrub(clean) == (clean, 0), "cleaning twice changes more")
    promise(0 <= removed <= len(text), "a count out of range")
    line = sanitize.clean_line(text)
    promise(not unsafe_in(line, line=True), "an unsafe line came out")
    promise(len(line) <= sanitize.MAX_LINE, "a line too long")
    promise(sanitize.clean_line(line) == line, "cleaning a line twice changes more")
    url = sanitize.clean_url(text)
    promise(url == "" or url.split(":")[0].lower() in sanitize.URL_SCHEMES, f"a link {url[:40]!r}")
    promise(not unsafe_in(url, line=True) and not set(url) & set(' "<>`\\'), "an unsafe link")
    promise(sanitize.clean_url(url) == url, "cleaning a link twice changes more")
    half = len(text) // 2
    article, _ = sanitize.clean_article(
        Article(
            title=text, body=text, author=text[half:], url=text[:half], tags=(text, text[half:]),
            extra={text: [text, {text[half:]: text}]}, state=State(anchor=text, tags=(text,)),
            highlights=(Passage(quote=text, note=text[half:], before=text, colour=text),),
        )
    )  # fmt: skip
    again, more = sanitize.clean_article(Article(**{
        name: getattr(article, name) for name in article.__dataclass_fields__
    }))  # fmt: skip
    promise(more == 0 and again == article, "an article cleaned twice changes more")
    promise(Article.from_document(article.to_document()).body == article.body, "a lost body")


def run_query(data: bytes) -> None:
    """Parsing never raises, each warning is a line, and there is an end to the tree."""
    from store.highlightquery import HighlightFilter
    from store.query import Query, leaves, parse

    text = text_of(data)
    for typing in (False, True):
        query = parse(text, typing=typing, views=lambda: {"loop": "view:loop a", "b": text[:99]})
        promise(isinstance(query, Query), "no query")
        promise(sum(1 for _ in leaves(query.tree)) <= 10_001 * 64, "too many leaves")
        promise(all("\n" not in warning for warning in query.warnings), "a warning of two lines")
        list(query.words())
    HighlightFilter(text)


@cache
def _library():
    from store import Library

    library = Library(scratch() / "search.json", cache_dir=scratch() / "search")
    library.add(
        Article(
            title=f"The harbour, part {n}", body=_ARTICLE + f"\n\nThe last tram {n} of the pier.",
            author=("A. Writer", "B Reader")[n % 2], site="a.example", tags=("history", f"t{n}"),
            url=f"https://a.example/{n}", published=f"20{n:02}-05-04", lang="en", words=100 * n,
        )
        for n in range(1, 20)
    )  # fmt: skip
    library.wait_until_listed()
    library.prepare_search()
    return library


def run_search(data: bytes) -> None:
    """Any query finds something or nothing, in the time a keystroke may take."""
    text = text_of(data)
    library = _library()
    for typing in (False, True):
        found = library.find(text, typing=typing)
        for row in found.rows(0, 5):
            promise(row.id > 0, "a row without an id")
        for hit in found.hits(0, 3):
            promise(all(0 <= a <= b <= len(hit.snippet) for a, b in hit.spans), "spans beyond")
    library.count(text)
    library.facets(text)
    library.complete(text, len(text) // 2)
    library.complete(text, len(text))


def run_find(data: bytes) -> None:
    """A pattern, regular expressions included, finds spans in a text or says what is wrong."""
    from store.textfind import find_in_text

    pattern, _, text = text_of(data).partition("\n")
    finder = find_in_text(pattern)
    for subject in (sanitize.clean_text(text), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\nÀ la quête"):
        for start, end in finder.spans(subject):
            promise(0 <= start <= end <= len(subject), "a span beyond the text")


def run_typeset(data: bytes) -> None:
    """Any article is set: each line fits, holds nothing unsafe, and all links are known."""
    from rich.cells import cell_len

    from tui.typeset.document import Document
    from tui.typeset.draw import draw
    from tui.typeset.flow import Flow
    from tui.typeset.outline import headings, links, links_on
    from tui.typeset.setting import Setting
    from tui.typeset.viewport import Viewport

    options, width = (data[0], 12 + data[1] % 100) if len(data) > 1 else (0, 72)
    text = sanitize.clean_text(text_of(data[2:]))
    setting = Setting(
        justify=bool(options & 1), indent=bool(options & 2), plain=bool(options & 4),
        ascii=bool(options & 8), bidi=bool(options & 16), frames=bool(options & 32),
        scroll_code=bool(options & 64), hyphenate=bool(options & 128), lang="en",
    )  # fmt: skip
    document = Document(text, setting=setting)
    flow = Flow(document, width)
    for number in range(len(document)):
        for line in flow.lines(number):
            row = "".join(segment.text for segment in draw(line, _sheet()))
            promise(cell_len(row) <= width, f"a line of {cell_len(row)} cells in {width}")
            promise(not unsafe_in(row, line=True), f"an unsafe line {row!r}")
            links_on(document, number, line)
        for link in links(document, number):
            promise(link.start <= link.end <= len(document.plain(number)), "a link beyond its text")
    list(headings(document))
    viewport = Viewport(document, width, 24)
    viewport.resize(max(12, width // 2), 10)
    for row in viewport.rows:
        viewport.line(row)
    for position in range(0, len(text), max(1, len(text) // 8)):
        promise(0 <= document.at(position) < max(1, len(document)), "a place in no block")
        promise(document.from_source(document.to_source(position)) >= 0, "a place before all")


@cache
def _sheet():
    from tui.typeset.styles import StyleSheet

    return StyleSheet()


def run_config(data: bytes) -> None:
    """Any config file gives a config, and each fault is a line without a control character."""
    from tui.config import load

    path = scratch() / "config.toml"
    path.write_bytes(data)
    _, faults = load(path)
    promise(all("\n" not in fault for fault in faults), "a fault of two lines")


_TOML = b'theme = "paper"\ncolumn = 72\n[keys]\nquit = "q,ctrl+q"\n[sort]\nUnread = "-words"\n'

TARGETS = (
    Target("sanitize", run_sanitize, lambda: _corpus("plain text", "https://a.example/b?c=d#e"),
           (b"\x1b[", b"\x1b]", b"\xc2\x9b", b"\x1b\\", b"https:", b"\xe2\x80\xae", b"\xcc\x81" * 9,
            b"\xf0\x9f\x8f\xb4", b"\xf3\xa0\x81\xa7", b"\xed\xa0\x80", b"www."), weight=4),
    Target("query", run_query, lambda: _corpus(*_QUERIES),
           (b" OR ", b'"', b"(", b")", b" -", b"view:loop", b"view:b", b"is:", b"tag:", b"#", b"*",
            b"words:>", b"sort:", b"limit:", b",", b".."), longest=4_096, weight=4),
    Target("search", run_search, lambda: _corpus(*_QUERIES),
           (b" OR ", b'"', b"(", b")", b" -", b"view:", b"is:unread ", b"tag:", b"#", b"*",
            b"words:>", b"sort:", b"limit:", b",", b"title:", b"near:"), longest=512, weight=2),
    Target("find", run_find, lambda: [bytes_of(text) for text in (
               "tram\nThe last tram", r"/(a+)+$/" + "\n" + "a" * 40, "/\\p{L}+(?<x>a)\\k<x>/\nx",
               "/[[:alpha:]]{2,}|(?i)x/\nx", "/(?:x*)*y/", "don't - \"x\"\nx", "/é\\u0301/\né")],
           (b"/", b"(", b")", b"*", b"+", b"{1,9}", b"[", b"]", b"\\", b"(?<", b"|", b"\\p{L}"),
           longest=1_024),
    Target("typeset", run_typeset,
           lambda: [b"\0\x3c" + each for each in _corpus(_ARTICLE)] + [bytes([n, 5 * n % 256]) +
           _ARTICLE.encode() for n in (1, 2, 4, 8, 16, 32, 64, 128, 255)],
           (b"\n\n", b"> ", b"- ", b"1. ", b"    ", b"```\n", b"| a | b |\n|---|---|\n", b"[^1]",
            b"[^1]: ", b"](", b"![", b"$$", b"<b>", b"**", b"`", b"\n: ", b"\xe6\x97\xa5",
            b"\xd7\x90", b"https://", b"&amp;", b"\n===\n", b"***\n"),
           seconds=3.0, longest=8_192, weight=4),
    Target("config", run_config, lambda: [_TOML, *_corpus()],
           (b"[keys]\n", b'"""', b"'''", b" = ", b"[[", b"{", b"1979-05-27", b"\n", b"column"),
           longest=4_096),
)  # fmt: skip
