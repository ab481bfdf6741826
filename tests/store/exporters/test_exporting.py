"""Where exports go, and what they leave alone."""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path

import pytest

from store import Article, CancelledError, LibraryError, export_articles


def test_a_file_is_made_whole_and_for_its_owner_only(library, tmp_path):
    target = tmp_path / "new" / "out.json"
    report = export_articles(library, str(target), format="json")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [each.name for each in target.parent.iterdir()] == ["out.json"]
    assert report.summary() == "4 articles, 2 highlights"


def test_what_is_there_is_left_alone_unless_it_is_to_be_replaced(library, tmp_path):
    target = tmp_path / "out.txt"
    target.write_text("mine")
    with pytest.raises(LibraryError, match="there already"):
        export_articles(library, str(target), format="text")
    assert target.read_text() == "mine"
    export_articles(library, str(target), format="text", force=True)
    assert "Harbour Street" in target.read_text()


def test_a_directory_with_files_in_it_is_left_alone_unless_forced(library, tmp_path):
    place = tmp_path / "notes"
    place.mkdir()
    (place / "mine.md").write_text("mine")
    with pytest.raises(LibraryError, match="not empty"):
        export_articles(library, str(place), format="markdown")
    assert len(list(place.iterdir())) == 1
    export_articles(library, str(place), format="markdown", force=True)
    assert (place / "mine.md").read_text() == "mine"
    assert len(list(place.iterdir())) == 6
    export_articles(library, str(place), format="markdown", force=True)
    assert len(list(place.iterdir())) == 6


def test_an_empty_directory_is_filled_and_stays_the_one_it_was(library, tmp_path, monkeypatch):
    place = tmp_path / "shared"
    place.mkdir()
    place.chmod(0o2775)
    before = place.stat()
    monkeypatch.chdir(place)
    report = export_articles(library, ".", format="markdown")
    after = place.stat()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)
    names = os.listdir()
    assert len(names) == report.files == 5
    assert not any(name.startswith(".") for name in names)


@pytest.mark.parametrize("fault", ["called off", "no leave", "in the way"])
def test_an_export_that_fails_leaves_nothing_of_it_in_an_empty_directory(
    library, tmp_path, monkeypatch, fault
):
    export_articles(library, str(tmp_path / "sample"), format="markdown")
    third = sorted(each.name for each in (tmp_path / "sample").iterdir())[2]
    place = tmp_path / "notes"
    place.mkdir()
    rename = Path.rename

    def refused(path, target):
        if path.name == third:
            raise PermissionError(13, "Permission denied")
        return rename(path, target)

    if fault == "no leave":
        monkeypatch.setattr(Path, "rename", refused)
    elif fault == "in the way":  # another program puts it there while this one writes
        monkeypatch.setattr(os, "sync", lambda: (place / third).write_text("mine"))
    said = {"no leave": "Permission denied", "in the way": "there meanwhile"}.get(fault)
    with pytest.raises(LibraryError if said else CancelledError, match=said):
        export_articles(
            library, str(place), format="markdown",
            cancelled=lambda: not said and any(place.glob(".*/*")),
        )  # fmt: skip
    assert [each.name for each in place.iterdir()] == ([third] if fault == "in the way" else [])


def test_an_export_that_is_called_off_leaves_nothing_behind(library, tmp_path):
    for format, name in (("json", "a.json"), ("markdown", "dir"), ("markdown", "a.zip")):
        told = []
        with pytest.raises(CancelledError):
            export_articles(
                library, str(tmp_path / "x" / name), format=format,
                on_progress=lambda done, total, told=told: told.append(done),
                cancelled=lambda told=told: len(told) == 2,
            )  # fmt: skip
        assert list((tmp_path / "x").iterdir()) == []


def test_several_files_do_not_fit_into_one(library, tmp_path):
    with pytest.raises(LibraryError, match=r"3 articles are as many files.*\.zip"):
        export_articles(library, str(tmp_path / "a.md"), format="markdown", ids=[1, 2, 4])
    export_articles(library, str(tmp_path / "a.md"), format="markdown", ids=[4])
    assert "&" in (tmp_path / "a.md").read_text()


def test_an_archive_holds_the_same_files_as_a_directory(library, tmp_path):
    export_articles(library, str(tmp_path / "dir"), format="markdown")
    export_articles(library, str(tmp_path / "all.zip"), format="markdown")
    archive = zipfile.ZipFile(tmp_path / "all.zip")
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == {
        path.name: path.read_bytes() for path in (tmp_path / "dir").iterdir()
    }


def test_the_articles_come_in_the_order_that_was_asked_for(library, tmp_path):
    target = tmp_path / "out.txt"
    export_articles(library, str(target), format="text", ids=[4, 1])
    text = target.read_text()
    assert text.index("alert(2)") < text.index("lamplighters")


def test_a_query_that_finds_nothing_writes_nothing(library, tmp_path):
    with pytest.raises(LibraryError, match="no article is found by tag:none"):
        export_articles(library, str(tmp_path / "out.txt"), format="text", query="tag:none")
    assert not (tmp_path / "out.txt").exists()


def test_a_place_that_cannot_be_written_is_said_in_one_line(library, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match="cannot be written"):
        export_articles(library, str(tmp_path / "file" / "out.json"), format="json")
    with pytest.raises(LibraryError, match="no format 'nope'"):
        export_articles(library, "-", format="nope")


def test_how_far_it_is_is_told(library, tmp_path):
    told = []
    export_articles(
        library, str(tmp_path / "o.json"), format="json",
        on_progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


def test_an_article_that_goes_away_meanwhile_is_counted(library, tmp_path):
    library.add([Article(title="One more", body="and gone")])
    library.purge([5])
    report = export_articles(library, str(tmp_path / "o.txt"), format="text", ids=[1, 5])
    assert report.left_out == {"it was removed meanwhile": 1}
