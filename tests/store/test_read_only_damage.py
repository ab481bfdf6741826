"""A damaged library that is opened for reading only: told, read on both sides, mended later."""

from __future__ import annotations

import io
import json

import pytest

from store import Article, Library, export_articles

COUNT = 60


@pytest.fixture
def damaged(path, open_library, request):
    """A library of `COUNT` articles, closed, with damage of the kind the test names."""
    library = open_library(path)
    library.add(
        Article(title=f"Title {n}", body=f"word{n} of the harbour " * 20) for n in range(COUNT)
    )
    library.wait_until_searchable()
    library.close()
    DAMAGE[getattr(request, "param", "typo")](path)
    return path


def spoil_line(path):
    path.write_bytes(path.read_bytes().replace(b'"title":"Title 2"', b'"title":"Title 2'))


def zero_page(path):
    raw = bytearray(path.read_bytes())
    raw[4_096:8_192] = bytes(4_096)
    path.write_bytes(raw)


def leave_conflict(path):
    lines = path.read_bytes().split(b"\n")
    lines[5:5] = [b"<<<<<<< HEAD"]
    lines[8:8] = [b"=======", *lines[6:8], b">>>>>>> theirs"]
    path.write_bytes(b"\n".join(lines))


def end_in_damage(path):
    lines = path.read_bytes().split(b"\n")
    lines[-2:-2] = [b">>>>>>> theirs"]
    path.write_bytes(b"\n".join(lines))


def tear(path):
    path.write_bytes(path.read_bytes()[:-100])


DAMAGE = {
    "typo": spoil_line,
    "zeros": zero_page,
    "conflict": leave_conflict,
    "last line": end_in_damage,
    "torn tail": tear,
}
each = pytest.mark.parametrize("damaged", DAMAGE, indirect=True)


def everything(library):
    library.wait_until_searchable()
    return {row.id: library.get(row.id).title for row in library.newest(COUNT)}


@each
def test_what_is_read_is_what_mending_will_keep(damaged, open_library):
    before = damaged.read_bytes()
    seen = [everything(open_library(damaged, readonly=True)) for _ in range(2)]
    assert damaged.read_bytes() == before
    assert not damaged.with_name("library.json.torn").exists()
    writer = open_library(damaged)
    assert [everything(writer)] * 2 == seen
    assert set(json.loads(damaged.read_bytes())["articles"]) == set(map(str, seen[0]))
    assert len(seen[0]) > COUNT - 15


@each
def test_damage_is_told_by_every_open_until_it_is_mended(damaged, open_library):
    for _ in range(2):
        reader = open_library(damaged, readonly=True)
        reader.wait_until_listed()
        reader.refresh()
        (notice,) = reader.notices
        assert "is damaged" in notice and "doctor --repair" in notice
        reader.close()
    writer = open_library(damaged)
    writer.wait_until_listed()
    (notice,) = writer.notices
    assert "put aside in library.json.torn" in notice
    reader = open_library(damaged, readonly=True)
    reader.wait_until_listed()
    assert reader.notices == []


@each
def test_an_export_has_the_articles_behind_the_damage(damaged, open_library):
    reader = open_library(damaged, readonly=True)
    expected = everything(reader)
    out = io.BytesIO()
    export_articles(reader, "-", format="json", out=out)
    written = out.getvalue().decode()
    assert [title for title in expected.values() if f'"{title}"' not in written] == []


@each
def test_adding_again_after_a_look_doubles_nothing(damaged, open_library):
    kept = everything(open_library(damaged, readonly=True))
    writer = open_library(damaged)
    writer.add(
        Article(title=f"Title {n}", body=f"word{n} of the harbour " * 20) for n in range(COUNT)
    )
    titles = [
        document["title"] for document in json.loads(damaged.read_bytes())["articles"].values()
    ]
    assert sorted(titles) == sorted(f"Title {n}" for n in range(COUNT))
    assert kept.items() <= everything(writer).items()


def test_what_is_added_after_a_look_at_a_torn_tail_is_found(damaged, open_library):
    with Library(damaged, readonly=True, cache_dir=damaged.parent / "cache") as reader:
        reader.wait_until_searchable()
        assert reader.find("word40").count == 1
        assert reader.find("word2").count == 0
        reader.rehearse([Article(title="New", body="new")])
    writer = open_library(damaged)
    (number,) = writer.add([Article(title="New", body="unheard")]).added
    assert writer.find("unheard").ids == [number]


def test_a_large_damaged_library_is_read_behind_its_first_articles(
    damaged, open_library, monkeypatch
):
    monkeypatch.setattr("store.columnskeeper.SMALL", 1_000)
    monkeypatch.setattr("store.columnskeeper._FIRST", 5_000)
    reader = open_library(damaged, cache="other", readonly=True)
    reader.wait_until_listed()
    assert len(reader) == COUNT - 1
    assert len(reader.notices) == 1
    again = open_library(damaged, cache="other", readonly=True)
    assert (len(again), again.indexing) == (COUNT - 1, None)
    assert again.notices == reader.notices


def test_what_was_put_aside_is_named_where_a_link_leads(damaged, tmp_path, open_library):
    link = tmp_path / "elsewhere" / "mine.json"
    link.parent.mkdir()
    link.symlink_to(damaged)
    writer = open_library(link)
    writer.wait_until_listed()
    (notice,) = [each for each in writer.notices if "put aside" in each]
    aside = damaged.with_name("library.json.torn")
    assert notice.endswith(f"put aside in {aside}")
    assert aside.exists()
