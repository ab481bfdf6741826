"""Pages that are read where they can be given up."""

from __future__ import annotations

import os
import signal
import threading
import time
from functools import cache
from pathlib import Path

import pytest

from store import Article, Rejected, Source
from store.answer import Fetched
from store.importers import deadline, read_source
from store.importers.deadline import DeadlineReader
from store.importers.html import read_html
from store.sanitize import clean_article
from store.webpages import read_page

TEXT = "".join(
    f"<p>The {name} had stood on the quay since the war, and nobody could say who had its key.</p>"
    for name in ("customs house", "ice store", "net loft", "pilot office")
)
PAGE = f"<title>The key</title><h1>The key</h1>{TEXT}"

#: Put before the readers in each process: what a page says is done instead of reading it.
_SPOILT = """
import os, signal, time
from store.importers import html

def read(source, real=html.read_html):
    if b"CRASH" in source.data:
        os.kill(os.getpid(), signal.SIGSEGV)
    if b"HANG" in source.data:
        time.sleep(1000)
    yield from real(source)

html.read_html = read
"""


@pytest.fixture
def spoilt(tmp_path, monkeypatch):
    """Readers that crash and hang where the page says so."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(_SPOILT)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))


def page(text=PAGE, name="page.html"):
    return Source(name, text.encode())


def test_a_page_is_read_by_another_process_as_by_this_one():
    (record,) = read_source(page())
    (own,) = read_html(page())
    assert record == clean_article(own)[0]
    assert _children()


def test_what_was_unsafe_in_a_page_is_counted():
    source = page(PAGE.replace("quay", "qu\u202eay"))
    (record,) = read_source(source)
    assert "\u202e" not in record.body
    assert source.cleaned > 0


def test_a_page_that_takes_too_long_is_given_up_with_the_reason_and_the_next_one_is_read(spoilt):
    reader = DeadlineReader(patience=1.5)
    (hung,) = reader.read(page("<p>HANG</p>"), "html").records
    assert isinstance(hung, Rejected)
    assert hung.reason == "it took longer than 2 seconds and was given up"
    reader.patience = 60.0
    (record,) = reader.read(page(), "html").records
    assert record.title == "The key"


def test_a_page_that_crashes_its_reader_costs_that_page(spoilt):
    reader = DeadlineReader()
    (crashed,) = reader.read(page("<p>CRASH</p>"), "html").records
    assert crashed.reason == "its reader crashed (SIGSEGV)"
    (record,) = reader.read(page(), "html").records
    assert isinstance(record, Article)


def test_a_page_from_the_web_that_takes_too_long_becomes_a_stub_that_says_so(spoilt, monkeypatch):
    monkeypatch.setattr(deadline, "_reader", DeadlineReader(patience=1.5))
    address = "https://quay.example/key"
    got = Fetched(address, data=b"<html><p>HANG</p></html>", content_type="text/html")
    found = read_page(got, address)
    assert found.error == "it took longer than 2 seconds and was given up"
    assert found.articles[0].is_stub


def test_a_feed_that_keeps_its_reader_busy_is_given_up_and_nothing_waits_for_it(monkeypatch):
    # An undeclared name makes it one for feedparser, which looks for an address from each letter.
    monkeypatch.setattr(deadline, "_reader", DeadlineReader(patience=1.0))
    author = f"<author>{'a' * 1_000_000}</author>"
    feed = (
        f'<rss xml:base="x"><channel><item><dc:x/><title>T</title>{author}</item></channel></rss>'
    )
    start = time.process_time()
    (record,) = read_source(Source("a.rss", feed.encode()))
    assert time.process_time() - start < 3
    assert record.reason == "it took longer than 1 seconds and was given up"
    (record,) = read_source(Source("a.rss", feed.replace("a" * 999_990, "").encode()))
    assert (record.title, record.author) == ("T", "a" * 10)


def test_threads_that_ask_at_once_get_each_their_own():
    reader = DeadlineReader()
    found = {}

    def ask(number):
        text = PAGE.replace("The key", f"The key {number}")
        found[number] = reader.read(page(text), "html").records[0].title

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: f"The key {number}" for number in range(6)}


def test_the_process_is_kept_for_the_next_page_and_goes_when_none_comes():
    before = _children()
    reader = DeadlineReader(idle=0.3)
    reader.read(page(), "html")
    (own,) = _children() - before
    reader.read(page(), "html")
    assert _children() - before == {own}
    _until(lambda: own not in _children())
    assert isinstance(reader.read(page(), "html").records[0], Article)


def test_a_process_that_died_in_between_is_replaced():
    before = _children()
    reader = DeadlineReader()
    reader.read(page(), "html")
    (own,) = _children() - before
    os.kill(int(own), signal.SIGKILL)
    assert isinstance(reader.read(page(), "html").records[0], Article)


def test_a_larger_page_is_given_more_time_within_bounds(monkeypatch):
    asked = []

    def answered(worker, request):
        asked.append(request.patience)
        return worker, deadline.Answer([])

    class Idle:
        is_over = False

        def kill(self):
            pass

    monkeypatch.setattr(deadline, "_answered", lambda _, request: answered(Idle(), request))
    reader = DeadlineReader(patience=10.0)
    for size in (100, 1 << 20, 3 << 20, 90 << 20):
        reader.read(Source("page.html", b" " * size), "html")
    assert asked == [10.0, 10.0, 30.0, 120.0]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>" + "[" * 1_000_000,
        "<table><tr>" + "<td>x" * 20_000 + "</table>",
        "<div class=author>" * 240 + "<i></i>" * 20_000 + "By Ann Lee",
        "<p>" + "word<br>" * 10_000,
        "<title>" + "a | b - c: " * 20_000 + "</title><h1>a</h1>",
        "<div class='" + "entry-meta author " * 20_000 + "'>By Ann Lee</div>",
        "<p>" + "12.03.2017 March 3, " * 20_000,
        "<p>" + "&amp;&lt;*_`~" * 40_000,
        "<p>" + "<b>.</b><i>,</i>" * 4_000,
    ],
    ids=["brackets", "row", "nested", "breaks", "title", "class", "dates", "marks", "emphasis"],
)
def test_pages_made_to_take_long_are_read_in_time(markup):
    # By squares of their length most would take minutes.
    reader = reader_of_hostile_pages()
    (record,) = reader.read(page(f"<html><body>{markup}{TEXT * 5}"), "html").records
    assert "given up" not in getattr(record, "reason", "")


@cache
def reader_of_hostile_pages():
    return DeadlineReader(patience=25.0)


def _children():
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {pid for task in tasks for pid in task.read_text().split()}


def _until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
