"""The exports of read-later services, one by one: their fields and their dialects."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import Article, Rejected, Source, State
from store.article import Passage
from store.importers import FORMATS, read_source, read_sources

SAMPLES = Path(__file__).parents[3] / "sample_data"
LINK = "https://example.org/a"


def sample(name):
    return list(read_sources([str(SAMPLES / name)]))


def read(data, name="export", **options):
    if not isinstance(data, bytes):
        data = data.encode() if isinstance(data, str) else json.dumps(data).encode()
    return list(read_source(Source(name, data), **options))


def packed(**entries):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries.items():
            made.writestr(
                name.replace("__", "/"), data if isinstance(data, str) else json.dumps(data)
            )
    return stream.getvalue()


def quotes(article):
    return [(h.quote, h.note) for h in article.highlights]


NUMBER = f"&#{'1' * 5_000};"  # more digits than Python reads
ENDLESS = {
    "bookmarks": (
        f'<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><DT><A HREF="{LINK}">Good</A>'
        f'<DT><A HREF="{LINK}/{NUMBER}">Odd {NUMBER}</A><DT><A HREF="{LINK}b">Fine</A></DL>'
    ),
    "opml": (
        f'<opml><body><outline xmlUrl="{LINK}" text="Good"/><outline xmlUrl="{LINK}c" '
        f'text="{NUMBER}"/><outline xmlUrl="{LINK}b" text="Fine"/></body></opml>'
    ),
    "csv": f'title,url\nGood,{LINK}\n"A &amp; {NUMBER}",{LINK}c\nFine,{LINK}b\n',
    "json": json.dumps(
        [{"title": each, "url": f"{LINK}{len(each)}"} for each in ("Good", f"&amp;{NUMBER}", "Fi")]
    ),
}


@pytest.mark.parametrize(("kind", "text"), ENDLESS.items(), ids=list(ENDLESS))
def test_a_reference_by_an_endless_number_costs_a_character_and_no_item(kind, text):
    records = read(text, format=kind)
    assert len(records) == 3
    assert not any(isinstance(record, Rejected) for record in records)
    assert "\ufffd" in records[1].title
    assert "11" not in records[1].title


# ------------------------------------------------------------------------- Pocket


def test_pocket_table():
    unread, archived, nameless = sample("pocket.csv")
    assert (unread.title, unread.tags) == (
        "The tide tables of a small harbour",
        ("harbours", "tables"),
    )
    assert (unread.saved, unread.state) == ("2020-09-17T06:06:28+00:00", None)
    assert archived.title == "A ferry, a fog bell and the man who rang it"
    assert archived.state == State(read=True, archived=True)
    assert (nameless.title, nameless.is_stub) == ("", True)


def test_pocket_archive_with_highlights():
    *links, noted = sample("pocket.zip")
    assert [a.title for a in links] == [
        "The lighthouse keeper’s accounts", "Oil by the barrel", "A lens from Paris"]  # fmt: skip
    assert links[0].source.endswith("pocket.zip/part_000000.csv")
    assert noted.url == links[0].url
    assert noted.highlights == (
        Passage("He charged the moon nothing.", made="2021-05-03T00:16:40+00:00"),
    )


def test_pocket_older_columns():
    data = f"title,url,time_added,cursor,tags,status\nA,{LINK},1600000000,,x,archive\n"
    (article,) = read(data)
    assert (article.type, article.tags, article.state.archived) == ("pocket", ("x",), True)


def test_pocket_archive_with_a_broken_part():
    data = packed(**{"part_000000.csv": f"title,url,time_added,tags,status\nA,{LINK},,,unread\n",
                     "annotations__part_000000.json": "{broken"})  # fmt: skip
    good, bad = read(data, "p.zip")
    assert good.title == "A"
    assert (bad.source, bad.reason[:13]) == ("p.zip/annotations/part_000000.json", "it is no JSON")


def test_pocket_page():
    unread, read_ = sample("pocket.html")
    assert unread.title == "The last rope walk & its people"
    assert unread.url == "https://harbour.example/rope-walk?part=1&long"
    assert (unread.tags, unread.saved[:10], unread.state) == (
        ("harbours", "craft"),
        "2017-03-04",
        None,
    )
    assert read_.state == State(read=True, archived=True)


def test_instapaper_page():
    page = (
        "<!DOCTYPE html><html><head><title>Instapaper: Export</title></head><body>"
        f'<h1>Unread</h1><ol><li><a href="{LINK}/1">One</a><li><a href="{LINK}/2">Two</a></ol>'
        "<h1>Archive</h1><ol>"
        f'<li><a href="{LINK}/3">Three</a></ol>'
        f'<h1>Long reads</h1><ol><li><a href="{LINK}/4">Four</a>'
        "</ol></body></html>"
    )
    articles = read(page)
    assert [a.type for a in articles] == ["pocket-html"] * 4
    assert [a.state is not None and a.state.read for a in articles] == [False, False, True, False]
    assert articles[3].tags == ("long-reads",)


# ------------------------------------------------------------------------- Instapaper


def test_instapaper_table():
    unread, archived, starred, folder = sample("instapaper.csv")
    assert (unread.saved, unread.tags, unread.state) == ("2019-07-05T16:54:38+00:00", (), None)
    assert (archived.state, archived.tags) == (State(read=True, archived=True), ("craft", "knots"))
    assert archived.summary == "A knot is a promise made by friction."
    assert starred.state == State(starred=True)
    assert folder.tags == ("long-reads",)


def test_instapaper_older_table():
    (article,) = read(f"URL,Title,Selection,Folder\n{LINK},A,,Archive\n")
    assert (article.type, article.saved, article.state.archived) == ("instapaper", "", True)


# ------------------------------------------------------------------------- wallabag


def test_wallabag():
    article, stub = sample("wallabag.json")
    assert article.body == "## Two summers\n\nIt took *two summers* and forty oxen.\n\n" + (
        "> Nobody measured the river first.")  # fmt: skip
    assert (article.author, article.site) == ("Ines Moreau, Tom Reyes", "span.example")
    assert (article.published, article.lang) == ("2019-04-30T00:00:00+02:00", "en-GB")
    assert article.saved == "2019-05-04T07:30:00+00:00"
    assert article.tags == ("bridges", "civil-engineering")
    assert article.image == "https://span.example/moved.jpg"
    assert article.state == State(read=True, archived=True, read_at="2019-05-06T16:00:00+00:00")
    assert quotes(article) == [("Nobody measured the river first.", "Is this true?")]
    assert (stub.is_stub, stub.title, stub.state) == (True, "", State(starred=True))


@pytest.mark.parametrize("yes", [1, "1", True, "true"])
def test_wallabag_flags_of_any_kind_and_tags_as_objects(yes):
    tags = [{"id": 1, "label": "Long Reads", "slug": "long-reads"}]
    entry = {"url": LINK, "title": "A", "is_archived": yes, "is_starred": yes, "tags": tags}
    (article,) = read([entry])
    assert article.state == State(read=True, starred=True, archived=True)
    assert article.tags == ("long-reads",)


def test_wallabag_version_1():
    twice = {"0": "1", "1": "A", "5": "<p>x</p>" * 9000}
    entry = {**twice, "title": "A", "url": LINK, "is_read": "1", "is_fav": "0"}
    (article,) = read([{**entry, "content": "<p>Text</p>", "tags": "a,B c"}])
    assert (article.type, article.body, article.tags) == ("wallabag", "Text", ("a", "b-c"))
    assert article.state == State(read=True, archived=True)


def test_odd_values_in_wallabag_cost_only_themselves():
    good, number = read(
        [{"url": LINK, "is_archived": 1, "title": 5, "tags": {"a": {}}, "annotations": 3,
          "published_by": [None, "Ada"], "content": None, "created_at": []}, 7]
    )  # fmt: skip
    assert (good.title, good.author, good.highlights) == ("5", "Ada", ())
    assert number == Rejected("export", "it is no object, but a number", "item 2")


# ------------------------------------------------------------------------- Omnivore


def test_omnivore():
    started, done = sample("omnivore.zip")
    assert started.body == "## The knife\n\nA graft is a *very small* door.\n\n- wax\n- string"
    assert (started.summary, started.author) == ("Grafting, mostly.", "Ines Moreau")
    assert started.tags == ("trees", "long-read")
    assert (started.published[:10], started.saved[:10]) == ("2024-02-27", "2024-03-01")
    assert started.state == State(progress=0.4)
    assert quotes(started) == [
        ("A graft is a very small door.", "#craft #doors\n\nUse this for the opening"), ("wax", "")
    ]  # fmt: skip
    assert done.state == State(read=True, archived=True, progress=1.0)


def test_omnivore_without_texts_or_with_a_broken_list():
    item = {
        "slug": "a",
        "title": "A",
        "url": LINK,
        "state": "Active",
        "readingProgress": 1,
        "labels": [],
    }
    (alone,) = read([item])
    assert (alone.type, alone.is_stub, alone.state.progress) == ("omnivore", True, 0.01)
    good, bad = read(packed(**{"metadata_0_to_20.json": [item], "metadata_20_to_40.json": "?"}))
    assert (good.title, bad.source) == ("A", "export/metadata_20_to_40.json")
    assert isinstance(bad, Rejected)


def test_omnivore_packed_anew_in_a_folder_and_in_the_order_of_its_numbers():
    item = {"title": "A", "url": LINK, "readingProgress": 0}
    articles = read(packed(**{
        "my__metadata_100_to_120.json": [{**item, "slug": "c", "title": "C"}],
        "my__metadata_20_to_40.json": [{**item, "slug": "b", "title": "B"}],
        "my__content__b.html": "<p>Text of b</p>",
    }))  # fmt: skip
    assert [(a.title, a.body) for a in articles] == [("B", "Text of b"), ("C", "")]


def test_what_an_export_holds_besides_is_read_by_itself():
    item = {"slug": "a", "title": "A", "url": LINK, "readingProgress": 0}
    page = (
        "<html><h1>Left over</h1><p>"
        + "A text of which no list knows anything. " * 9
        + "</p></html>"
    )
    entries = {"metadata_0_to_20.json": [item], "content__a.html": "<p>A</p>"}
    known, rest = read(packed(**entries, **{"content__b.html": page}))
    assert (known.body, rest.source, rest.type) == ("A", "export/content/b.html", "html")
    table = f"title,url,time_added,tags,status\nA,{LINK},,,unread\n"
    link, other = read(packed(**{"part_000000.csv": table, "collections__x.bin": "\0\1\2" * 99}))
    assert (link.title, other.source) == ("A", "export/collections/x.bin")
    assert isinstance(other, Rejected)


def test_a_slug_cannot_name_other_files():
    item = {"slug": "../metadata_0_to_20", "title": "A", "url": LINK, "readingProgress": 0}
    (article,) = read(packed(**{"metadata_0_to_20.json": [item]}))
    assert article.is_stub


# ------------------------------------------------------------------------- Readwise, Raindrop


def test_readwise_reader():
    later, archived, new = sample("readwise-reader.csv")
    assert (later.tags, later.state.progress, later.state.read) == (
        ("maps", "paper-work"),
        0.45,
        False,
    )
    assert later.saved == "2023-04-05T06:07:08+00:00"
    assert (archived.state.read, archived.state.archived) == (True, True)
    assert new.state is None


def test_readwise_highlights_meet_in_one_article(tmp_path):
    from store import Library

    first, second, third = sample("readwise-highlights.csv")
    assert (first.title, first.author, first.tags) == (
        "Folding the World",
        "Ines Moreau",
        ("reading",),
    )
    assert first.highlights == (
        Passage(
            "A map is an argument, folded.", "#maps #best", "blue", "2022-11-03T08:00:00+00:00"
        ),
    )
    quote = "The legend is where a map\nadmits what it left out."
    assert quotes(second) == [(quote, "Compare the chapter on scale")]
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as library:
        report = library.add([first, second, third])
        assert (len(report.added), len(report.merged), report.highlights) == (2, 1, 3)
        assert library.count('highlight:"an argument" note:maps') == 1


def test_a_row_of_readwise_without_a_highlight_is_rejected():
    (rejected,) = read("Highlight,Book Title,Note\n,A book,\n")
    assert (rejected.item, rejected.reason) == ("line 2", "it has neither a highlight nor a note")


def test_raindrop():
    clock, shade = sample("raindrop.csv")
    assert clock.tags == ("clocks", "water", "time", "instruments")
    assert (clock.saved, clock.state) == ("2021-02-03T04:05:06+00:00", State(starred=True))
    assert quotes(clock) == [
        ("", "For the talk in May"),
        ("The bowl sank once an hour.", "Measured how?"),
        ("It froze in January.", ""),
    ]
    assert (shade.tags, shade.highlights, shade.state) == ((), (), None)


# ------------------------------------------------------------------------- bookmarks


def test_pinboard():
    done, waiting = sample("pinboard.json")
    assert (done.title, done.url) == ("A drawer of type", "https://press.example/type")
    assert (done.summary, done.tags) == ("What the compositor's hand knew.", ("printing", "type"))
    assert (done.state, waiting.state) == (State(read=True), None)
    assert waiting.title == "Ink & weather"


def test_bookmarks_of_browsers_as_html():
    proofs, margins, paper, script = sample("bookmarks.html")
    assert (proofs.title, proofs.tags) == ("Reading proofs & other trades", ("printing", "proofs"))
    assert proofs.summary == "Marks in the margin, and what they cost."
    assert (margins.tags, margins.saved) == (("slow-reading",), "2017-07-14T02:40:03+00:00")
    assert paper.tags == ()
    assert script.reason == "its link is none that can be read: javascript:…"


def test_bookmarks_in_dialects():
    data = (
        "<!doctype netscape-bookmark-file-1><title>b</title><dl><p>\r\n"
        f"<dt><a href='{LINK}/1' add_date=1500000000 toread=1 tags='a,b'>"
        "One > <b>two</b> &lt;x&gt;</a>\r\n"
        f'<DT><A HREF="{LINK}/2" ADD_DATE="1500000000000" TOREAD="0" ICON="data:,a>b">Two</A>\r\n'
        f'<DT><A HREF="{LINK}/3" ADD_DATE="13144473600000000">Three\n'
        f'<DT><A HREF="{LINK}/4" ADD_DATE="0"></A><DD>A note\nof two lines</dl>'
    )
    one, two, three, four = read(data.encode("utf-16"))
    assert (one.title, one.tags, one.state) == ("One > two <x>", ("a", "b"), None)
    assert (two.saved, two.state) == ("2017-07-14T02:40:00+00:00", State(read=True))
    assert (three.title, three.saved[:4]) == ("Three", "2017")
    assert (four.title, four.saved, four.summary) == ("", "", "A note\nof two lines")


def test_bookmark_folders_that_are_never_closed_cost_no_bookmark():
    folders = "".join(
        f'<DT><H3>f{n}</H3><DL><p><DT><A HREF="{LINK}/{n}">a</A>' for n in range(10_000)
    )
    last = f'<H3>g</H3><DL><A HREF="{LINK}">a</A></DL>'
    data = f"<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p>{folders}{'</DL>' * 10_000}{last}"
    *articles, after = read(data.encode())
    assert len(articles) == 10_000
    assert articles[1].tags == ("f0", "f1")
    assert articles[-1].tags == tuple(f"f{n}" for n in range(32))
    assert after.tags == ("g",)


@pytest.mark.parametrize(
    "start", ["<!DOCTYPE NETSCAPE-Bookmark-file-1>", "<title>Pocket Export</title>"]
)
def test_a_link_with_a_name_of_an_attribute_without_end_is_read(start):
    (article,) = read(f"{start}<a {'x' * 400_000} href='{LINK}'>a</a>".encode())
    assert article.url == LINK


def test_bookmarks_of_chrome_and_firefox():
    wait, timetables = sample("chrome-bookmarks.json")
    assert (wait.title, wait.saved, wait.tags) == (
        "Trains that wait",
        "2016-09-20T13:15:29+00:00",
        (),
    )
    assert timetables.tags == ("railways",)
    box, viaduct = sample("firefox-bookmarks.json")
    assert (box.title, box.saved, box.tags) == (
        "A signal box in winter", "2017-02-27T03:28:11+00:00", ("rails", "winter"))  # fmt: skip
    assert viaduct.tags == ("bridges",)


def test_folders_nested_without_end_are_gone_through():
    node = {"type": "url", "name": "deep", "url": LINK, "date_added": "1"}
    for _ in range(300):
        node = {"type": "folder", "name": "f", "children": [node]}
    (article,) = read({"roots": {"bookmark_bar": node}})
    assert (article.title, article.tags) == ("deep", ("f",))


def test_karakeep_and_linkwarden():
    bees, beans = sample("karakeep.json")
    assert (bees.title, bees.saved, bees.state) == (
        "Bees on the roof", "2024-07-03T09:46:40+00:00", State(archived=True))  # fmt: skip
    assert quotes(bees) == [("", "Ask the neighbours")]
    assert (beans.body, beans.url) == ("Water the beans before nine, or not at all.", "")
    pruning, moss = sample("linkwarden.json")
    assert (pruning.tags, pruning.summary) == (("trees", "garden"), "It grew anyway.")
    assert (moss.tags, moss.state) == ((), State(starred=True))


def test_delicious_and_readability():
    (loom,) = sample("delicious.json")
    assert (loom.title, loom.saved[:4], loom.tags) == (
        "A loom with a memory",
        "2013",
        ("weaving", "machines"),
    )
    (dye,) = sample("readability.json")
    assert (dye.title, dye.summary) == ("Madder & woad", "Dye is patience.…")
    assert dye.state == State(
        read=True, starred=True, archived=True, read_at="2016-08-26T12:05:00+00:00")  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data"),
    [("pocket", "title,url,time_added,tags,status\n"), ("karakeep", '{"bookmarks": []}'),
     ("bookmarks", "<!doctype netscape-bookmark-file-1><dl></dl>"), ("wallabag", "7"),
     ("chrome", "[]"), ("linkwarden", '{"collections": 3}')],
)  # fmt: skip
def test_an_export_of_nothing_is_said_to_be_one(name, data):
    (rejected,) = read(data, format=name)
    assert rejected.reason == f"there is nothing to read in it (format {name})"


# ------------------------------------------------------------------------- anything at all

JSON_FORMATS = [
    "wallabag", "omnivore", "karakeep", "linkwarden", "pinboard", "delicious", "readability",
    "chrome", "firefox", "json",
]  # fmt: skip
TEXT_FORMATS = [
    "pocket", "pocket-html", "bookmarks", "instapaper", "readwise-reader", "readwise-highlights",
    "raindrop", "csv",
]  # fmt: skip
NAMES = [
    "url", "title", "tags", "bookmarks", "collections", "links", "content", "children", "roots",
    "annotations", "highlights", "name", "type", "slug", "is_archived", "createdAt", "guid",
    "labels",
]  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)


def failed(records):
    return [
        r.reason for r in records if isinstance(r, Rejected) and "reading it failed" in r.reason
    ]


@settings(max_examples=100, deadline=None)
@given(values)
def test_any_json_in_any_of_the_formats_is_read_or_rejected(value):
    data = json.dumps(value).encode()
    for name in JSON_FORMATS:
        assert not failed(read(data, format=name))


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_in_any_of_the_formats_are_read_or_rejected(data):
    for name in (*JSON_FORMATS, *TEXT_FORMATS, "newsboat"):
        records = read(data, format=name)
        assert not failed(records)
        assert all(isinstance(record, Article | Rejected) for record in records)


markup = st.lists(
    st.sampled_from(["<a href=x>", '<a href="https://e.org/"', "</a>", "<h3>", "<dl>", "</dl>",
                     "<dd>", "<h1>Unread</h1>", "text", "&amp;", '"', "'", ">", "<", "<!--", "-->",
                     "\0"]),
    max_size=20,
).map("".join)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(markup)
def test_any_markup_in_lists_of_links_is_read(text):
    for name in ("bookmarks", "pocket-html"):
        assert not failed(read(text or " ", format=name))


def test_all_formats_are_tried_above():
    ours = {*JSON_FORMATS, *TEXT_FORMATS, "newsboat", "zip", "gzip", "html", "markdown", "text"}
    assert ours <= set(FORMATS)
