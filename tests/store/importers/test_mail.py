"""Mail: newsletters and letters as they were meant to be read."""

from __future__ import annotations

import io
import time
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import Article, Library, Rejected, Source
from store.importers import find_format, mail, read_source, read_sources
from store.importers.mail_text import unflowed

SAMPLES = Path(__file__).parents[3] / "sample_data"

HEAD = (
    "From: Ruth Okonjo <ruth@slip.example>\nTo: you@example.org\nSubject: Lamps\n"
    "Date: Thu, 3 Oct 2019 08:00:00 +0200\nMessage-ID: <1@slip.example>\nMIME-Version: 1.0\n"
)
LAMPS = "<p>The lamps of the north quay were lit by hand until the spring of last year.</p>" * 3


def read_all(data, name="a.eml"):
    data = data.encode() if isinstance(data, str) else data
    return list(read_source(Source(name, data)))


def read(data, name="a.eml"):
    (record,) = read_all(data, name)
    return record


def html(body, head=""):
    return read(f"{HEAD}{head}Content-Type: text/html; charset=utf-8\n\n<html><body>{body}")


def test_a_newsletter_is_its_text_and_where_it_came_from():
    article = read((SAMPLES / "newsletter.eml").read_bytes())
    assert article.title == "The bell that was sold twice – No. 41"
    assert (article.author, article.site) == ("Marit Oskarsen", "The Tide Table")
    assert article.published == "2021-02-12T07:30:00+01:00"
    assert article.url == "https://tidetable.example/letters/41"
    assert (article.lang, article.type) == ("en-GB", "mail")
    assert article.extra["message_id"] == "letter-41@tidetable.example"
    assert article.body.startswith("Dear readers,\n\nThe church of St Ebba")
    assert article.body.endswith("Next week: eels.\n\nMarit Oskarsen")
    assert "- he kept the eleven pounds." in article.body
    for noise in ("Unsubscribe", "open.gif", "eel catchers", "View this letter", "logo"):
        assert noise not in article.body


def test_a_mailbox_gives_its_messages_and_says_which_have_no_text():
    first, second, third = read_all((SAMPLES / "mailbox.mbox").read_bytes(), "mailbox.mbox")
    assert (first.title, first.site) == ("[weirs] The ladder at Lowen", "Weirs and ladders")
    assert "\n\nFrom now on I shall believe nothing that is smooth." in first.body
    assert first.body.endswith("---\n\nAnneke Dijkhuis\\\nWeir Keepers' Union, Lowen")
    assert first.state.read
    assert second.author == "Jürgen Pöhl"
    assert "> Forty-one trout went up. From what I could see, none of them" in second.body
    assert "Lachse gerechnet, und wir haben keine. Früher" in second.body
    assert third == Rejected(
        "mailbox.mbox",
        "[weirs] Photographs: there is no text in the message, only ladder.png",
        "message 3, line 53",
    )


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.eml", HEAD + "\nHello", "mail"),
        ("1286.M1P2.host:2,S", HEAD + "\nHello", "mail"),
        ("-", "Received: by x\nFrom: a@b.example\n\nHello", "mail"),
        ("box", "From a@b.example Tue May  4 09:12:41 2004\n" + HEAD + "\nHello", "mbox"),
        ("a.txt", "From the harbour came a noise.\n\nIt was 12:30 in 2004.", "text"),
        ("a.txt", "Title: Lamps\nFrom: Ruth\nDate: 2019-10-03\n\nThe lamps were lit.", "text"),
        ("a.mht", "From: <Saved by Blink>\nSnapshot-Content-Location: https://a.example/\n"
                  "Subject: x\nDate: y\nMIME-Version: 1.0\n"
                  "Content-Type: multipart/related; boundary=x\n\n", "html"),
    ],
)  # fmt: skip
def test_mail_is_known_by_its_headers(name, data, expected):
    assert find_format(Source(name, data.encode())).name == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?= vom =?iso-8859-1?B?1mwuIDc=?=", "Grüße vom Öl. 7"),
        ("=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?=", "Grüße"),  # a letter cut in two
        ("=?utf-8?Q?a lamp?=", "a lamp"),
        ("=?no-such-charset?Q?caf=E9?=", "café"),
        ("Fwd: FW: Lamps", "Lamps"),
        ("=?utf-8?B?!!!?=", "=?utf-8?B?!!!?="),
    ],
)
def test_subjects_are_decoded(header, expected):
    data = HEAD.replace("Subject: Lamps", f"Subject: {header}") + "\nThe lamps were lit."
    assert read(data).title == expected


def test_headers_in_raw_bytes_are_read():
    data = HEAD.replace("Ruth", "Zoë").encode() + b"\nThe lamps were lit."
    assert read(data).author == "Zoë Okonjo"


@pytest.mark.parametrize(
    ("charset", "encoding"), [("windows-1252", "8bit"), ("utf-8", "base64"), ("koi8-r", "8bit")]
)
def test_charsets_and_transfer_encodings_are_undone(charset, encoding):
    text = "Свет погас в порту." if charset == "koi8-r" else "Das Café schloß um fünf."
    message = EmailMessage()
    message["From"], message["Date"], message["Message-ID"] = "a@b.example", "x", "<1@b>"
    message.set_content(text, charset=charset, cte=encoding)
    assert read(message.as_bytes(policy=SMTP)).body == text


def test_html_wins_unless_plain_text_says_more():
    def both(plain, rich):
        message = EmailMessage()
        message["From"], message["Message-ID"], message["To"] = "a@b.example", "<1@b>", "c@d"
        message.set_content(plain)
        message.add_alternative(rich, subtype="html")
        return read(message.as_bytes()).body

    long = "The lamps of the north quay were lit by hand until the spring. " * 8
    assert both("See the page.", f"<p>The <b>lamps</b>.</p>{LAMPS}").startswith("The **lamps**.")
    assert both(long, "<p>See the text.</p>") == long.strip()


def test_what_is_not_to_be_seen_is_not_shown():
    body = html(
        '<span class="preheader">Preview</span><div style="max-height:0px">hidden</div>'
        '<p style="font-size:0">nothing</p><div style="mso-hide:all">outlook</div>'
        f'{LAMPS}<img src="https://t.example/o.gif" style="width:1px;height:1px">'
        '<img src="https://t.example/p.gif" width="1" height="1">'
    ).body
    for unseen in ("Preview", "hidden", "nothing", "outlook", ".gif"):
        assert unseen not in body


def test_tables_that_hold_a_page_together_are_opened_and_those_of_figures_kept():
    layout = f"<table><tr><td><b>Left</b></td><td>{LAMPS}</td></tr></table>"
    figures = (
        "<table><tr><th>quay</th><th>lamps</th></tr><tr><td>north</td><td>14</td></tr></table>"
    )
    body = html(layout + figures).body
    assert "**Left**\n\nThe lamps" in body
    assert "| north | 14 |" in body


def test_the_lines_about_subscribing_go_and_a_mention_of_them_stays():
    feet = (
        "<p>Sent to you@example.org</p><p>3 Quay Row, Sund</p>"
        '<p><a href="https://a.example/u">Unsubscribe</a></p>'
    )
    body = html(
        "<p>Do not unsubscribe from the lamps: it is the quay that pays.</p>" + LAMPS + feet
    )
    assert body.body.startswith("Do not unsubscribe")
    assert body.body.endswith("last year.")


@pytest.mark.parametrize(
    ("headers", "site"),
    [
        ("List-Id: The Slip Letter <letter.slip.example>\n", "The Slip Letter"),
        ("List-Id: 8675309mc list <8675309.77.list-id.example.net>\n", "Ruth Okonjo"),
        ("", "slip.example"),
    ],
)
def test_the_list_or_the_sender_is_the_site(headers, site):
    assert read(f"{HEAD}{headers}\nThe lamps were lit.").site == site


def test_an_archived_message_has_an_address():
    data = f"{HEAD}List-Post: <https://slip.example/p/lamps>\n\nThe lamps were lit."
    assert read(data).url == "https://slip.example/p/lamps"
    tracked = html('<p><a href="https://t.example/click/?u=1">View in your browser</a></p>' + LAMPS)
    assert (tracked.url, tracked.body.startswith("The lamps")) == ("", True)


def test_flowed_text_is_joined_with_its_quotations():
    said = "> The lamps \n> were lit.\n\n They were \nnot. \n-- \nRuth"
    assert unflowed(said) == "> The lamps were lit.\n\nThey were not.\n-- \nRuth"
    assert unflowed("Lam \nps", joined=True) == "Lamps"


def test_a_flowed_paragraph_of_many_lines_is_joined_once():
    start = time.process_time()
    assert unflowed("a \n" * 200_000) == ("a " * 200_000).strip()
    assert time.process_time() - start < 2  # a tenth of that, mostly


def test_flags_and_labels_are_states_and_tags(tmp_path):
    folder = tmp_path / "cur"
    folder.mkdir()
    (folder / "1.M1.host:2,FS").write_text(HEAD + "\nThe lamps were lit.")
    (article,) = read_sources([str(tmp_path)])
    assert (article.state.read, article.state.starred) == (True, True)
    labels = "X-Gmail-Labels: Inbox,Unread,Starred,North Quay,Category Updates\n"
    article = read(f"{HEAD}{labels}\nThe lamps were lit.")
    assert article.tags == ("north-quay",)
    assert (article.state.read, article.state.starred) == (False, True)


def test_a_message_is_known_by_its_id(tmp_path):
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as library:
        library.add(read_all(HEAD + "\nThe lamps were lit."))
        again = HEAD.replace("Subject: Lamps", "Subject: [slip] Lamps")
        report = library.add(read_all(again + "\nThe lamps were lit.\n\n_______\nslip list"))
    assert not report.added


def test_messages_of_a_digest_have_heads():
    inner = f"--x\n\n{HEAD.replace('Lamps', 'Buoys')}\nThe lamps were lit.\n"
    data = f'{HEAD}Content-Type: multipart/digest; boundary="x"\n\n{inner}{inner}--x--\n'
    body = read(data).body
    assert body.count("## Buoys\n\n*Ruth Okonjo") == 2
    assert body.count("The lamps were lit.") == 2


def test_a_mailbox_is_read_by_parts():
    message = "From a@b.example Tue May  4 09:12:41 2004\n" + HEAD + "\nThe lamps were lit.\n\n"

    class Endless(io.RawIOBase):
        given = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            data = (message * 40).encode()[: len(buffer)]
            self.given += len(data)
            buffer[: len(data)] = data
            return len(data)

    stream = Endless()
    found = mail.messages(io.BufferedReader(stream))
    assert [line for (line, _), _ in zip(found, range(3), strict=False)] == [1, 11, 21]
    assert stream.given < 100_000


def test_from_lines_within_a_text_begin_no_message():
    body = "From here on the quay is dark.\n\nFrom us to you 12:30 in 2004,\nlamps.\n"
    data = f"From a@b.example Tue May  4 09:12:41 2004\n{HEAD}\n{body}\n>From the slip.\n"
    (article,) = read_all(data, "box.mbox")
    assert article.body.endswith("From us to you 12:30 in 2004, lamps.\n\nFrom the slip.")


def test_too_large_a_message_is_rejected_and_the_next_is_read(monkeypatch):
    monkeypatch.setattr(mail, "MAX_MESSAGE", 2_000)
    one = "From a@b.example Tue May  4 09:12:41 2004\n" + HEAD + "\n{}\n\n"
    records = read_all(one.format("x" * 5_000) + one.format("The lamps were lit."), "box.mbox")
    assert [type(record) for record in records] == [Rejected, Article]
    assert records[0].item == "message 1, line 1"


def test_hostile_nesting_is_bounded():
    depth = 3_000
    heads = "".join(
        f'Content-Type: multipart/mixed; boundary="{k}"\n\n--{k}\n' for k in range(depth)
    )
    assert isinstance(read(HEAD + heads + "\nThe lamps were lit.\n" * 20_000), Article | Rejected)
    many = 'Content-Type: multipart/mixed; boundary="b"\n\n' + "--b\n\nx\n" * 100_000
    assert isinstance(read(HEAD + many), Article | Rejected)


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2_500))
def test_no_bytes_raise(noise, place):
    data = (SAMPLES / "newsletter.eml").read_bytes()
    for record in read_all(data[:place] + noise + data[place:]):
        assert isinstance(record, Article) or "failed" not in record.reason
    for record in read_all(
        b"From a@b.example Tue May  4 09:12:41 2004\nFrom: a\n" + noise, "b.mbox"
    ):
        assert isinstance(record, Article) or "failed" not in record.reason


def test_folders_of_a_maildir_are_read_though_they_are_hidden(tmp_path):
    from store.importers.landing import is_unfinished
    from store.importers.sources import walk

    for name in (
        "cur/1:2,S", "new/2", "tmp/3", "dovecot-uidlist", ".git/5", ".Sent/cur/4:2,F", ".Sent/new/",
        ".Sent/tmp/", ".Sent/maildirfolder", ".News.Daily/new/6", ".News.Daily/cur/",
        ".News.Daily/tmp/7",
    ):  # fmt: skip
        path = tmp_path / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_text("From: a@b.example")
    found = [name.removeprefix(f"{tmp_path}/") for name in walk([str(tmp_path)])]
    assert found == [".News.Daily/new/6", ".Sent/cur/4:2,F", "cur/1:2,S", "new/2"]
    assert not any(is_unfinished(name, str(tmp_path)) for name in found)
    for name in ("tmp/3", ".git/5", ".News.Daily/tmp/7", "new/.hidden"):
        assert is_unfinished(name, str(tmp_path))
