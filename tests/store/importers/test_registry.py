"""Finding formats by content, walking directories, and never failing on a source."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from store import Article, Rejected, Source, SourceError
from store.importers import find_format, read_source, read_sources
from store.importers.sources import open_source, walk


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.txt", b"Just a text.\n\nAnother paragraph.", "text"),
        ("-", b"Just a text.\n\nAnother paragraph.", "text"),
        ("-", b"# A\n\ntext\n\n## B\n", "markdown"),
        ("-", b"---\ntitle: A\n---\ntext", "markdown"),
        ("a.md", b"no marks at all", "markdown"),
        ("page", b"<!DOCTYPE html><html><body>x", "html"),
        ("a.txt", b"\xef\xbb\xbf\n<!-- saved --><HTML lang=en>", "html"),
        ("-", b"From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n b=x", "html"),
        ("-", b'{"articles": {}}', "json"),
        ("data.txt", b'[{"title": "A"}]', "json"),
        ("-", b'{"title": "A"}\n{"title": "B"}\n', "json"),
        ("-", b"{not json} but a text in braces", "text"),
        ("a.md", b'{"title": "A"}\n\nBody', "markdown"),
        ("x.json", b"[ broken", "json"),
        ("-", '[{"title": "Ä"}]'.encode("utf-16"), "json"),
        ("-", '{"bookmarks": [{"createdAt": 1, "content": {}}]}'.encode("utf-16-le"), "karakeep"),
        ("-", b"MZ is how some programs begin, and this note as well.", "text"),
        ("-", b"[1] A footnote, and no list.\n\n{2} Another.", "text"),
        ("-", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "pdf"),
    ],
)
def test_the_format_is_found_by_content(name, data, expected):
    assert find_format(Source(name, data)).name == expected


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"7z\xbc\xaf\x27\x1c", "7z archive"), (b"\x89PNG\r\n\x1a\n", "PNG"),
     (b"MZ\x90\0\3", "program"), (b"abc\x00\x01\x02" * 50, "binary")],
)  # fmt: skip
def test_a_file_of_another_kind_is_named(data, kind):
    with pytest.raises(SourceError, match=kind):
        find_format(Source("x", data))


def test_directories_are_walked_in_order_and_hidden_files_skipped(tmp_path):
    for name in ("b.txt", "a.txt", ".hidden.txt", "sub/c.txt", ".git/d.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"Title {path.stem}\n\nSome text of {path.stem} that is long enough.\n")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    seen = []
    records = list(read_sources([str(tmp_path)], on_source=lambda *a: seen.append(a)))
    assert [os.path.basename(r.source) for r in records] == ["a.txt", "b.txt", "c.txt"]
    assert [done for _, done, _ in seen] == [0, 1, 2, 3]
    assert {total for *_, total in seen} == {3}


def test_standard_input_is_a_dash():
    (article,) = read_sources(["-"], stdin=io.BytesIO(b"# T\n\n## S\n\nBody"))
    assert (article.title, article.source) == ("T", "-")


def test_one_bad_source_does_not_stop_the_others(tmp_path, monkeypatch):
    good = tmp_path / "good.md"
    good.write_text("# T\n\nBody")
    (tmp_path / "nothing.txt").write_bytes(b"")
    (tmp_path / "dead").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "pipe")
    names = ["missing.txt", "nothing.txt", "dead", "pipe", "good.md"]
    records = list(read_sources([str(tmp_path / n) for n in names]))
    assert [type(r) for r in records] == [Rejected] * 4 + [Article]
    assert [r.reason for r in records[:4]] == [
        "there is no such file",
        "it is empty",
        "it is a link to nothing",
        'it is neither a file nor a directory; what a pipe brings is read as "-": '
        "… | broadsheet add -",
    ]


def test_a_bug_in_an_importer_costs_one_source(tmp_path, monkeypatch):
    import store.importers.markdown

    def broken(source):
        raise ZeroDivisionError("oops")
        yield

    monkeypatch.setattr(store.importers.markdown, "read_markdown", broken)
    (tmp_path / "a.md").write_text("x")
    (record,) = read_sources([str(tmp_path / "a.md")])
    assert "ZeroDivisionError" in record.reason


def test_a_format_can_be_forced_and_an_unknown_one_is_refused(tmp_path):
    (tmp_path / "a.md").write_text("# T\n\nBody")
    (article,) = read_sources([str(tmp_path / "a.md")], format="text")
    assert article.type == "text"
    with pytest.raises(SourceError, match="markdown"):
        list(read_sources([], format="docx"))


def test_everything_passes_the_door(tmp_path):
    (tmp_path / "a.md").write_bytes(b"# T\x1b[31m\n\nBody \x9b2J\x00 \xe2\x80\xae end")
    (article,) = read_sources([str(tmp_path / "a.md")])
    assert article.title == "T"
    assert not any(ord(c) < 32 and c != "\n" for c in article.body)
    assert "\u202e" not in article.body


def test_what_was_removed_as_unsafe_is_counted(tmp_path):
    (tmp_path / "a.md").write_bytes(b"# T\x1b[31m\n\nBody\x07")
    removed = []
    list(read_sources([str(tmp_path / "a.md")], on_cleaned=removed.append))
    assert removed == [6]


@pytest.fixture
def folder(tmp_path):
    """A folder with one file in it; beside it a file and a folder that are not its."""
    folder = tmp_path / "folder"
    for place in (folder / "own.md", tmp_path / "secret.md", tmp_path / "others" / "other.md"):
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"# {place.stem.title()}\n\nThe text of {place.stem}.")
    return folder


def taken(*names):
    """Titles, and of what is refused name and reason, as read here and by workers."""
    for workers in (0, 1):
        records = list(read_sources(list(map(str, names)), workers=workers))
        yield (
            [record.title for record in records if isinstance(record, Article)],
            {Path(r.source).name: r.reason for r in records if isinstance(r, Rejected)},
        )


def test_links_that_lead_out_of_a_folder_are_refused_by_name(folder, tmp_path):
    (folder / "a.md").symlink_to(tmp_path / "secret.md")
    (folder / "b.md").symlink_to("../secret.md")
    (folder / "c").symlink_to(tmp_path / "others")
    (folder / "d.md").symlink_to("c/other.md")
    (folder / "up").symlink_to("..")
    (folder / "gone.md").symlink_to("nothing.md")
    for titles, refused in taken(folder):
        assert titles == ["Own"]
        assert refused.pop("gone.md") == "it is a link to nothing"
        reason = f"a link leads out of {folder} here; name what it leads to, to have that"
        assert refused == dict.fromkeys(("a.md", "b.md", "c", "d.md", "up"), reason)


def test_links_within_a_folder_are_followed_once_and_without_end(folder):
    (folder / ".kept" / "deep").mkdir(parents=True)
    (folder / ".kept" / "deep" / "hidden.md").write_text("# Hidden\n\nIt is hidden.")
    (folder / ".kept" / "deep" / "loop").symlink_to("../..")
    (folder / "again.md").symlink_to("own.md")
    (folder / "here").symlink_to(".")
    (folder / "round").symlink_to("round")
    (folder / "shown").symlink_to(".kept")
    (folder / "twice").symlink_to(".kept/deep")
    for titles, refused in taken(folder):
        assert titles == ["Own", "Hidden"]
        assert list(refused) == ["round"]


def test_a_link_that_is_named_itself_is_followed(folder, tmp_path):
    (tmp_path / "to-folder").symlink_to(folder)
    (tmp_path / "to-file.md").symlink_to("secret.md")
    (folder / "out.md").symlink_to(tmp_path / "secret.md")
    for titles, refused in taken(tmp_path / "to-folder", tmp_path / "to-file.md"):
        assert titles == ["Own", "Secret"]
        assert list(refused) == ["out.md"]


def test_what_becomes_a_link_after_it_was_looked_at_is_not_followed(folder, tmp_path):
    (folder / "sub").mkdir()
    (folder / "sub" / "other.md").write_text("# Mine\n\nMine.")
    for place, instead in (("own.md", tmp_path / "secret.md"), ("sub", tmp_path / "others")):
        name = next(each for each in walk([str(folder)]) if place in each)
        source = open_source(name)
        moved = (folder / place).rename(tmp_path / f"moved-{place}")
        (folder / place).symlink_to(instead)
        (record,) = read_source(source)
        assert isinstance(record, Rejected) and "leads out" in record.reason
        (folder / place).unlink()
        moved.rename(folder / place)


def test_files_come_as_people_number_them(tmp_path):
    names = ["part 10.md", "part 2.md", "1/z.md", "part 010.md", "10/a.md", "2/a.md", "part a.md",
             "9" * 60 + ".md", "8" * 61 + ".md"]  # fmt: skip
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [name.removeprefix(f"{tmp_path}/") for name in walk([str(tmp_path)])]
    assert found == ["9" * 60 + ".md", "8" * 61 + ".md", "part 2.md", "part 010.md", "part 10.md",
                     "part a.md", "1/z.md", "2/a.md", "10/a.md"]  # fmt: skip


PAGE = "<html><head><title>A page</title></head><body><article><p>{}</p></article></body></html>"


def test_a_folder_of_saved_pages_gives_the_pages_and_not_their_parts(tmp_path):
    folder = tmp_path / "saved"
    parts = folder / "page_files"
    parts.mkdir(parents=True)
    (folder / "page.html").write_text(PAGE.format("The quay was quiet. " * 40))
    (parts / "frame.html").write_text(PAGE.format("Buy a boat. " * 40))
    (parts / "style.css").write_text("body { color: red }")
    (folder / "other_files").mkdir()
    (folder / "other_files" / "note.md").write_text("# A note\n\nOf a folder that is called so.\n")
    (folder / "app.js").write_text("var tide = 1;")
    (folder / "lamp.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"></svg>')
    records = list(read_sources([str(folder)]))
    rejected = {r.source.removeprefix(f"{folder}/"): r.reason for r in records
                if isinstance(r, Rejected)}  # fmt: skip
    assert [r.title for r in records if isinstance(r, Article)] == ["A page", "A note"]
    assert rejected["page_files/frame.html"] == "it is a part of the page page.html"
    assert rejected["page_files/style.css"] == "it is a part of the page page.html"
    assert "a part of a page or program (.js)" in rejected["app.js"]
    assert "an SVG picture" in rejected["lamp.svg"]


def test_a_file_that_is_named_is_meant(tmp_path):
    (tmp_path / "app.js").write_text("var tide = 1;")
    (record,) = read_sources([str(tmp_path / "app.js")])
    assert isinstance(record, Article)
    (tmp_path / "lamp.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"></svg>')
    (record,) = read_sources([str(tmp_path / "lamp.svg")])
    assert isinstance(record, Rejected)
    (record,) = read_sources([str(tmp_path / "lamp.svg")], format="text")
    assert isinstance(record, Article)


@given(st.binary(min_size=1_000, max_size=4_000))
@settings(max_examples=30)
def test_what_is_no_text_is_no_article(data):
    assume(sum(byte < 9 or 13 < byte < 27 for byte in data) > len(data) // 20)
    assert not any(isinstance(r, Article) for r in read_source(Source("x", data)))


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("latin-1", "Übergröße ähnlich "), ("cp1251", "Съешь ещё булок "), ("utf-16", "Öl "),
        ("koi8-r", "Съешь ещё булок "), ("shift_jis", "港の一日と灯台 "), ("utf-8", "Öl "),
    ],
)  # fmt: skip
def test_texts_in_old_encodings_are_texts(encoding, words):
    (record,) = read_source(Source("x.txt", (words * 40).encode(encoding)))
    assert isinstance(record, Article)


def test_a_title_by_itself_and_text_under_it_is_markdown():
    (article,) = read_source(Source("-", b"# From a pipe\n\nSome text.\n"))
    assert (article.title, article.body, article.type) == ("From a pipe", "Some text.", "markdown")
    (article,) = read_source(Source("-", b"# a remark\nexport TIDE=1\n"))
    assert article.type == "text"
