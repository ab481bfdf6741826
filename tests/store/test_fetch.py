"""Fetching from a real server with every fault: bounded, careful, polite."""

from __future__ import annotations

import gzip
import os
import socket
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import chain, count, cycle

import brotli
import pytest

from store.addresses import is_public
from store.answer import FetchError, Limits, shown
from store.errors import CancelledError
from store.fetch import USER_AGENT, Fetcher
from store.webpages import fetch_page
from tests.webserver import Page, Web, redirect

#: A certificate that nobody vouches for, made for these tests, and its key.
CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOXyJ5M6htWC7RNeA
IDN8/p8OIYRaAYjZizpakYVvW7yhRANCAAQm45Y/kLma7PpXsma4RiJPhwanr/0q
DzpALYnxAyW6c4gh6dIx7XN2uXp5n9yhT39UCvVZaRsCJbM4WnawZebn
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBpTCCAUqgAwIBAgIUeDBC9tkkrQ4E436JgAUCaDHxyVgwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMc2l0ZS5leGFtcGxlMCAXDTI2MTEyODA0MDYyOVoYDzIxMjYx
MTA0MDQwNjI5WjAXMRUwEwYDVQQDDAxzaXRlLmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAQm45Y/kLma7PpXsma4RiJPhwanr/0qDzpALYnxAyW6c4gh
6dIx7XN2uXp5n9yhT39UCvVZaRsCJbM4WnawZebno3IwcDAdBgNVHQ4EFgQUapUX
BPDT2oy/QsDUA6BEHivjBNYwHwYDVR0jBBgwFoAUapUXBPDT2oy/QsDUA6BEHivj
BNYwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHREEFjAUggxzaXRlLmV4YW1wbGWHBH8A
AAEwCgYIKoZIzj0EAwIDSQAwRgIhAJpi8gWMvkKKhPECP1CnRh5FMxRyX/j30/TV
9wOb1kykAiEAg3Yqc6v5P0sa/2/V8qe5LxDa+gPD5impN3ZXiKJao+k=
-----END CERTIFICATE-----
"""


@pytest.fixture
def web():
    server = Web()
    yield server
    server.close()


@pytest.fixture
def fetcher(web):
    opened = web.fetcher()
    yield opened
    opened.close()


def test_a_document_comes_with_what_the_server_says_of_it(web, fetcher):
    web.pages["/a"] = Page(
        b"hello", "text/HTML; charset=ISO-8859-1",
        headers={"ETag": '"1"', "Last-Modified": "Mon, 02 Mar 2026 07:00:00 GMT",
                 "Cache-Control": "public, max-age=600"},
    )  # fmt: skip
    got = fetcher.get(web.url("/a"))
    assert got.data == b"hello"
    assert (got.content_type, got.charset) == ("text/html", "ISO-8859-1")
    assert (got.etag, got.max_age) == ('"1"', 600)
    headers = web.asked[0][1]
    assert headers["user-agent"] == USER_AGENT
    assert "br" in headers["accept-encoding"]


def test_what_has_not_changed_is_not_sent_again(web, fetcher):
    web.pages["/a"] = Page(b"hello", headers={"ETag": '"1"'})
    first = fetcher.get(web.url("/a"))
    again = fetcher.get(web.url("/a"), etag=first.etag, last_modified="then")
    assert again.not_modified
    assert again.data == b""
    assert web.asked[1][1]["if-modified-since"] == "then"


@pytest.mark.parametrize("header", ["ETag", "Last-Modified", "Set-Cookie"])
def test_what_a_server_says_in_other_letters_than_ascii_keeps_nobody_from_asking_it(
    web, fetcher, header
):
    web.pages["/a"] = redirect("/b")
    web.pages["/b"] = Page(b"hello", headers={header: "caf\xe9=1"})
    web.pages["/a"].headers[header] = "caf\xe9=1"
    for _ in range(2):
        got = fetcher.get(web.url("/a"), etag="caf\xe9", last_modified="caf\xe9")
        assert (got.data, got.etag, got.last_modified) == (b"hello", "", "")
    assert "if-none-match" not in web.asked[-1][1]


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_told(web, fetcher, status):
    web.pages["/old"] = redirect("/new", status)
    web.pages["/new"] = Page(b"here")
    got = fetcher.get(web.url("/old"))
    assert got.data == b"here"
    assert got.moved_to == web.url("/new")


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_is_followed_and_not_told(web, fetcher, status):
    web.pages["/old"] = redirect(web.url("/new", "other.example"), status)
    web.pages["/new"] = redirect("/end", 301)
    web.pages["/end"] = Page(b"here")
    got = fetcher.get(web.url("/old"))
    assert got.url == web.url("/end", "other.example")
    assert got.moved_to == ""


def test_redirects_in_a_circle_or_without_end_are_given_up(web, fetcher):
    web.pages["/a"], web.pages["/b"] = redirect("/b"), redirect("/a")
    with pytest.raises(FetchError, match="in a circle"):
        fetcher.get(web.url("/a"))
    for number in range(40):
        web.pages[f"/{number}"] = redirect(f"/{number + 1}")
    with pytest.raises(FetchError, match="redirects more than 8 times"):
        fetcher.get(web.url("/0"))
    assert web.asked_for("/20") == 0


def test_a_redirect_to_a_private_address_is_refused(web, fetcher):
    for target in (web.url("/x", "private.example"), "http://10.0.0.1/", "http://127.0.0.2:1/"):
        web.pages["/a"] = redirect(target)
        with pytest.raises(FetchError, match="private address") as caught:
            fetcher.get(web.url("/a"))
        assert caught.value.refused
    for target in ("file:///etc/passwd", "gopher://site.example/"):
        web.pages["/a"] = redirect(target)
        with pytest.raises(FetchError, match="only http and https"):
            fetcher.get(web.url("/a"))


def test_private_addresses_are_asked_only_by_hand(web):
    careful = Fetcher(Limits(total=5), proxies={})
    web.pages["/a"] = Page(b"mine")
    local = f"http://localhost:{web.port}/a"
    try:
        with pytest.raises(FetchError, match="private address"):
            careful.get(local)
        assert not web.asked
        assert careful.get(local, by_hand=True).data == b"mine"
        # What it redirects to was not typed.
        web.pages["/b"] = redirect(f"http://127.0.0.1:{web.port}/a")
        with pytest.raises(FetchError, match="private address"):
            careful.get(f"http://localhost:{web.port}/b", by_hand=True)
        # And a connection that was opened by hand is not used for others.
        with pytest.raises(FetchError, match="private address"):
            careful.get(local)
    finally:
        careful.close()


def test_a_name_that_changes_its_meaning_gains_nothing(web):
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    fetcher = Fetcher(
        Limits(total=5),
        resolver=lambda host, port: next(answers),
        public=lambda address: address == "127.0.0.1",
        proxies={},
    )
    web.pages["/a"] = Page(b"hello", headers={"Connection": "close"})
    try:
        # One look, and the connection goes to what was looked at.
        assert fetcher.get(web.url("/a")).data == b"hello"
        with pytest.raises(FetchError, match="private address"):
            fetcher.get(web.url("/a"))
    finally:
        fetcher.close()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1%eth0",
     "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "ff02::1",
     "nonsense",
     # Metadata of Oracle's cloud and of Azure's, documentation, benchmarks, relays, reserved.
     "192.0.0.192", "168.63.129.16", "198.51.100.1", "203.0.113.1", "198.19.0.1", "192.88.99.2",
     "240.0.0.1", "3fff::1", "2001:db8::1", "2001:2::1", "2001:10::1", "100::1", "100:0:0:1::1",
     "5f00::1", "fec0::1", "4000::1",
     # NAT64 with a prefix of one's own, ISATAP, Teredo, IPv4-compatible, IPv4-translated.
     "64:ff9b:1::a00:1", "64:ff9b:1:a00:0:100:808:808", "2606:4700::5efe:10.0.0.1",
     "2606:4700::200:5efe:a00:1", "2001:0:4136:e378:8000:63bf:f5ff:fffe", "::8.8.8.8",
     "::ffff:0:10.0.0.1"],
)  # fmt: skip
def test_private_addresses_are_known_in_all_their_forms(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "192.0.0.9", "192.0.0.10", "192.0.1.1",
     "168.63.129.17", "2001:20::1", "2001:4:112::1", "64:ff9b::808:808", "2002:808:808::",
     "::ffff:8.8.8.8", "2606:4700::5efe:8.8.8.8", "2001:4860:4860::8888"],
)  # fmt: skip
def test_public_addresses_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("name", "pack"),
    [("gzip", gzip.compress), ("br", brotli.compress), ("deflate", zlib.compress),
     ("deflate", lambda data: zlib.compress(data)[2:-4]),
     ("gzip", lambda data: gzip.compress(data[:1000]) + gzip.compress(data[1000:])),
     ("gzip, br", lambda data: brotli.compress(gzip.compress(data)))],
)  # fmt: skip
def test_what_is_compressed_is_unpacked(web, fetcher, name, pack):
    text = bytes(range(256)) * 5000
    web.pages["/a"] = Page(pack(text), headers={"Content-Encoding": name})
    assert fetcher.get(web.url("/a")).data == text


@pytest.mark.parametrize(
    ("name", "pack"),
    [("gzip", gzip.compress), ("br", lambda data: brotli.compress(data, quality=1))],
)
def test_a_bomb_is_given_up_at_the_limit(web, name, pack):
    import tracemalloc

    bomb = pack(bytes(80_000_000))
    web.pages["/a"] = Page(bomb, headers={"Content-Encoding": name})
    fetcher = web.fetcher(size=4 << 20)
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="larger than 4 MiB"):
            fetcher.get(web.url("/a"))
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()
        fetcher.close()


def test_a_document_too_large_is_not_even_begun(web, fetcher):
    web.pages["/a"] = Page(b"x", headers={"Content-Length": str(1 << 40)})
    with pytest.raises(FetchError, match="larger than 32 MiB"):
        fetcher.get(web.url("/a"))


def test_a_document_without_end_is_given_up(web):
    def endless(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            handler.wfile.write(b"x" * 65_536)

    web.pages["/a"] = Page(fault=endless)
    fetcher = web.fetcher(size=1 << 20)
    with pytest.raises(FetchError, match="larger than 1 MiB"):
        fetcher.get(web.url("/a"))
    fetcher.close()


def cut_off(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this")


def hang_up(handler):
    handler.connection.close()


def nonsense(handler):
    handler.wfile.write(b"\x00\x01 this is no HTTP\r\n\r\n")


def odd_status(handler):
    handler.wfile.write(b"HTTP/1.0 \xc2\x9b31m\r\n\r\n")


def broken_gzip(handler):
    body = gzip.compress(b"hello" * 1000)[:-20]
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    handler.wfile.write(head.encode() + body)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [(cut_off, "cut off"), (hang_up, "hung up"), (nonsense, "is no proper HTTP"),
     (odd_status, "is no proper HTTP"), (broken_gzip, "too early")],
)  # fmt: skip
def test_a_broken_answer_is_one_clear_reason(web, fetcher, fault, reason):
    web.pages["/a"] = Page(fault=fault)
    with pytest.raises(FetchError, match=reason) as caught:
        fetcher.get(web.url("/a"))
    assert "\n" not in str(caught.value)
    assert "bytearray" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["zstd", "compress", "gzip, zstd"])
def test_a_compression_that_was_not_offered_is_one_clear_reason(web, fetcher, encoding):
    web.pages["/a"] = Page(b"(\xb5/\xfd", headers={"Content-Encoding": encoding})
    with pytest.raises(FetchError, match=encoding.rpartition(" ")[2]):
        fetcher.get(web.url("/a"))


def test_a_name_that_is_not_looked_up_in_time_is_not_waited_for(web):
    ready = threading.Event()
    asked = []

    def slow(host, port):
        asked.append(host)
        ready.wait(5)
        return ["127.0.0.1"]

    fetcher = Fetcher(Limits(connect=0.1), resolver=slow, public=lambda _: True, proxies={})
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(fetcher.get, web.url("/a")) for _ in range(2)]
        for each in both:
            with pytest.raises(FetchError, match=r"looking up .* took longer than 0.1 seconds"):
                each.result()
    assert asked == ["site.example"]  # the second waited for the same
    ready.set()
    fetcher.close()


def test_a_server_that_says_nothing_is_not_waited_for(web):
    ready = threading.Event()
    web.pages["/a"] = Page(fault=lambda handler: ready.wait(5))
    fetcher = web.fetcher(read=0.1)
    with pytest.raises(FetchError, match="too long to answer"):
        fetcher.get(web.url("/a"))
    ready.set()
    fetcher.close()


def test_a_server_that_trickles_runs_into_the_time_for_all_of_it(web):
    seconds = [0.0]

    def trickle(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            seconds[0] += 1
            handler.wfile.write(b"x")

    web.pages["/a"] = Page(fault=trickle)
    fetcher = web.fetcher(clock=lambda: seconds[0], total=30.0)
    with pytest.raises(FetchError, match="longer than 30 seconds"):
        fetcher.get(web.url("/a"))
    fetcher.close()


@pytest.mark.parametrize(
    ("begins", "goes_on"),
    [
        (b"HTTP", b"x"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\nC", b"c"),
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
    ],
    ids=["status", "header", "early hints", "chunk size"],
)
def test_a_server_that_never_comes_to_the_text_runs_into_it_too(web, begins, goes_on):
    seconds, turns = count(), threading.Semaphore(0)

    def clock():  # a second for each look at it, and a byte from the server
        turns.release()
        return float(next(seconds))

    def trickle(handler):
        with suppress(OSError):
            for byte in chain(begins, cycle(goes_on)):
                turns.acquire()
                handler.wfile.write(bytes([byte]))

    web.pages["/a"] = Page(fault=trickle)
    fetcher = web.fetcher(clock=clock, total=100.0)
    with pytest.raises(FetchError, match="longer than 100 seconds"):
        fetcher.get(web.url("/a"))
    fetcher.close()
    turns.release(10_000)  # so that it meets the closed connection


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [(429, {"Retry-After": "120"}, 120.0), (503, {"Retry-After": "Thu, 01 Jan 1970 00:10:00 GMT"},
     500.0), (503, {"Retry-After": "soon"}, None), (500, {}, None)],
)  # fmt: skip
def test_how_long_a_server_wants_to_be_left_alone_is_told(web, status, headers, wait):
    web.pages["/a"] = Page(status=status, headers=headers)
    fetcher = web.fetcher(now=lambda: 100.0)
    with pytest.raises(FetchError, match=f"HTTP {status}") as caught:
        fetcher.get(web.url("/a"))
    assert caught.value.retry_after == wait
    fetcher.close()


def test_what_is_gone_is_gone(web, fetcher):
    web.pages["/a"] = Page(status=410)
    with pytest.raises(FetchError) as caught:
        fetcher.get(web.url("/a"))
    assert caught.value.gone


def test_a_host_is_asked_by_few_connections_at_once(web):
    for number in range(12):
        web.pages[f"/{number}"] = Page(b"x")
    fetcher = web.fetcher(per_host=2)
    web.hold = threading.Event()
    with ThreadPoolExecutor(12) as pool:
        waiting = [pool.submit(fetcher.get, web.url(f"/{n}")) for n in range(12)]
        while web.most_at_once < 2:  # the first two are there
            threading.Event().wait(0.005)
        web.hold.set()
        assert all(each.result().data == b"x" for each in waiting)
    assert web.most_at_once == 2
    fetcher.close()


def test_the_time_that_others_take_at_a_host_is_not_counted(web):
    seconds, held, waits = [0.0], threading.Event(), threading.Event()
    web.pages["/slow"] = Page(fault=lambda handler: held.wait(5))
    web.pages["/a"] = Page(b"x")
    fetcher = web.fetcher(per_host=1, total=10.0, clock=lambda: seconds[0])

    def looked():
        waits.set()
        return False

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(fetcher.get, web.url("/slow"))
        while not web.asked:
            threading.Event().wait(0.005)
        after = pool.submit(fetcher.get, web.url("/a"), cancelled=looked)
        assert waits.wait(5)
        seconds[0] += 100
        held.set()
        assert after.result().data == b"x"
        assert slow.exception() is not None
    fetcher.close()


def test_a_fetch_that_waits_for_others_can_be_called_off_or_has_no_more_patience(web):
    held = threading.Event()
    web.pages["/slow"] = Page(fault=lambda handler: held.wait(5))
    fetcher = web.fetcher(per_host=1, turn=0.01)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(fetcher.get, web.url("/slow"))
        while not web.asked:
            threading.Event().wait(0.005)
        with pytest.raises(CancelledError):
            fetcher.get(web.url("/a"), cancelled=lambda: True)
        with pytest.raises(FetchError, match="busy with other requests") as caught:
            fetcher.get(web.url("/a"))
        assert caught.value.busy
        held.set()
    fetcher.close()


def test_a_fetch_can_be_called_off(web, fetcher):
    web.pages["/a"] = Page(b"x" * 1_000_000)
    with pytest.raises(CancelledError):
        fetcher.get(web.url("/a"), cancelled=lambda: True)


def test_cookies_last_for_one_document_only(web, fetcher):
    web.pages["/a"] = redirect("/b")
    web.pages["/a"].headers["Set-Cookie"] = "seen=yes"
    web.pages["/b"] = Page(b"x")
    fetcher.get(web.url("/a"))
    fetcher.get(web.url("/b"))
    assert web.asked[1][1].get("cookie") == "seen=yes"
    assert "cookie" not in web.asked[2][1]


def test_a_password_in_an_address_is_sent_to_its_host_and_never_shown(web, fetcher):
    web.pages["/a"] = redirect(web.url("/b", "other.example"))
    url = web.url("/a").replace("site.example", "me:secret@site.example")
    with pytest.raises(FetchError) as caught:
        fetcher.get(url)
    assert web.asked[0][1]["authorization"].startswith("Basic ")
    assert "authorization" not in web.asked[1][1]
    assert "secret" not in str(caught.value)
    assert shown(url) == web.url("/a")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://ann:sec/ret@h.example/a", "https://h.example/a"),
        ("https://ann:sec?ret@h.example/a", "https://h.example/a"),
        ("https://ann:sec#ret@h.example/a", "https://h.example/a"),
        ("https://ann:sec[ret@h.example/a", "https://h.example/a"),
        ("https://ann:sec\u2100ret@h.example/a", "https://h.example/a"),
        ("https://ann:/secret@h.example/a", "https://h.example/a"),
        ("https:/ann:secret@h.example/a", "https:/h.example/a"),
        ("https://h.example:3000/@ann/secrets", "https://h.example:3000/@ann/secrets"),
    ],
)
def test_a_password_that_is_not_encoded_is_not_shown_either(web, fetcher, address, told):
    assert shown(address) == told
    if "secrets" in address:
        return
    found = fetch_page(fetcher, address)
    (stub,) = found.articles
    assert "sec" not in f"{found.error} {stub.title} {stub.url} {stub.source} {stub.extra}"
    assert "ret" not in f"{found.error} {stub.title} {stub.url} {stub.source}".replace(
        "written", ""
    )
    assert not web.asked


def test_a_part_of_a_document_is_refused(web, fetcher):
    web.pages["/a"] = Page(b"<rss><chan", status=206)
    with pytest.raises(FetchError, match=r"sends only a part of it \(HTTP 206\)"):
        fetcher.get(web.url("/a"))


@pytest.mark.parametrize("host", ["localhost.", "127.0.0.1."])
def test_a_dot_at_the_end_of_a_name_of_this_machine_is_no_part_of_it(web, host):
    web.pages["/a"] = Page(b"hello")
    fetcher = Fetcher(Limits(total=5), proxies={})
    assert fetcher.get(web.url("/a", host), by_hand=True).data == b"hello"
    fetcher.close()


@pytest.mark.parametrize(("address", "error"), [("fe80::1", 22), ("fe80::2", 101)])
def test_why_there_is_no_connection_is_told_in_words(monkeypatch, address, error):
    def connect(*_, **__):
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(socket, "create_connection", connect)
    fetcher = Fetcher(Limits(total=5), proxies={}, resolver=lambda host, port: [host])
    with pytest.raises(FetchError) as failed:
        fetcher.get(f"http://[{address}]/", by_hand=True)
    assert failed.value.reason == f"it cannot be connected to: {os.strerror(error)}"
    fetcher.close()


def test_a_host_that_is_not_known_is_one_clear_reason(web, fetcher):
    with pytest.raises(FetchError, match="is not known"):
        fetcher.get("http://nowhere.example/")


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("xn--ls8h.la", "xn--ls8h.la"),
        ("\U0001f4a9.la", "xn--ls8h.la"),
        ("I\u2764.example", "xn--i-7iq.example"),
        ("fa\xdf.example", "xn--fa-hia.example"),
        ("under_score.example", "under_score.example"),
    ],
)
def test_a_name_that_browsers_open_is_asked_for(web, fetcher, host, name):
    web.pages["/a"] = redirect("/b")
    web.pages["/a"].headers["Set-Cookie"] = "seen=yes"
    web.pages["/b"] = Page(b"hello")
    assert fetcher.get(web.url("/a", host)).data == b"hello"
    headers = web.asked[-1][1]
    assert (headers["host"], headers["cookie"]) == (f"{name}:{web.port}", "seen=yes")


def test_a_proxy_is_asked_instead_and_private_names_are_still_refused(web):
    fetcher = Fetcher(
        Limits(total=5), proxies={"http": f"http://127.0.0.1:{web.port}"},
        resolver=lambda host, port: ["10.0.0.1"] if host == "private.example" else ["1.1.1.1"],
    )  # fmt: skip
    web.pages["http://far.example/a"] = Page(b"through")
    try:
        assert fetcher.get("http://far.example/a").data == b"through"
        with pytest.raises(FetchError, match="private address"):
            fetcher.get("http://private.example/a")
    finally:
        fetcher.close()


def test_behind_a_proxy_only_a_name_that_is_not_known_here_is_left_to_it(web):
    failures = iter(
        [socket.gaierror(-2, "Name or service not known"), OSError(24, "no more files")]
    )

    def fail(host, port):
        raise next(failures)

    fetcher = Fetcher(
        Limits(total=5), proxies={"http": f"http://127.0.0.1:{web.port}"}, resolver=fail
    )
    web.pages["http://far.example/a"] = Page(b"through")
    try:
        assert fetcher.get("http://far.example/a").data == b"through"
        with pytest.raises(FetchError, match="no more files"):
            fetcher.get("http://far.example/a")
    finally:
        fetcher.close()


def test_a_certificate_that_nobody_vouches_for_is_refused(web, fetcher, tmp_path, monkeypatch):
    (tmp_path / "cert.pem").write_text(CERTIFICATE)
    web.speak_tls(tmp_path / "cert.pem")
    web.pages["/a"] = Page(b"hello")
    url = web.url("/a").replace("http:", "https:")
    with pytest.raises(FetchError, match="certificate is not to be trusted"):
        fetcher.get(url)
    assert not web.asked
    # With the person's own list of authorities it is.
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    other = web.fetcher()
    assert other.get(url).data == b"hello"
    other.close()
