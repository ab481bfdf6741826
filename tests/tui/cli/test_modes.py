"""What the program writes is for its owner only; what is there already keeps its mode and place."""

from __future__ import annotations

import os
import stat

import pytest

from store import Article, Highlight, Library
from tui.cli import main
from tui.config import remember_theme
from tui.paths import log_file
from tui.session import Session
from tui.terminal import log
from tui.widgets.reader_messages import ReadingPlace


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=lambda umask: f"umask {umask:03o}")
def home(tmp_path, monkeypatch, request):
    """A home where nothing is yet, for persons whose new files are for everybody, or for none."""
    home = tmp_path / "home"
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    monkeypatch.delenv("BROADSHEET_LIBRARY", raising=False)
    before = os.umask(request.param)
    yield home
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.lstat().st_mode)


def open_to_others(home):
    """Files and directories below `home`, itself included, that others may read or write."""
    return [
        str(path.relative_to(home.parent))
        for path in (home, *home.rglob("*"))
        if mode(path) & 0o077
    ]


def test_everything_that_is_made_is_for_its_owner_only(home, tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text("# A title\n\nSome text of it.")
    out = home / "exports" / "deep"
    for command in (
        ["add", str(page)], ["tag", "title", "+harbour"], ["view", "add", "Mine", "is:unread"],
        ["export", "-o", f"{out}/all.json"], ["export", "-o", f"{out}/pages", "--format=markdown"],
        ["export", "-o", f"{out}/book.epub"], ["backup", str(home / "kept" / "all.zip")],
    ):  # fmt: skip
        main(command)
    path = home / "data" / "broadsheet" / "library.json"
    with Library(path) as library:
        library.highlight(Highlight(1, quote="text"))
        library.mark([1], read=True)
        library.wait_until_searchable()
    session = Session(path)
    session.note(ReadingPlace(1, 0, "", 0.0))
    remember_theme("paper")
    assert log.write(log_file(), ValueError("no"))
    from tui.sample import sample_copy

    sample_copy()
    capsys.readouterr()
    made = {p.name for p in home.rglob("*")}
    assert {"library.json", "library.reading.json", "all.json", "book.epub", "pages", "log",
            "app.json", "columns.sqlite", "all.zip"} <= made  # fmt: skip
    assert open_to_others(home) == []
    session.end()


def test_what_is_there_keeps_its_mode(home, tmp_path, capsys):
    shared = tmp_path / "shared"
    shared.mkdir()
    path = shared / "library.json"
    with Library(path) as library:
        library.add([Article(title="One", body="Text.")])
        library.mark([1], starred=True)
    reading = shared / "library.reading.json"
    shared.chmod(0o750)
    path.chmod(0o640)
    reading.chmod(0o660)
    export = shared / "out.html"
    export.write_text("old")
    export.chmod(0o644)
    backup = shared / "all.zip"
    backup.write_text("old")
    backup.chmod(0o640)
    owner = (1234, 1234) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    os.chown(backup, *owner)
    page = tmp_path / "page.md"
    page.write_text("# Another title\n\nSome text of it.")
    at = ["--library", str(path)]
    main([*at, "add", str(page)])
    main([*at, "tag", "another", "+x"])
    main([*at, "export", "-o", str(export), "--force"])
    main([*at, "backup", str(backup), "--force"])
    with Library(path) as library:
        library.mark([1], trashed=True)
        library.purge([1])
    capsys.readouterr()
    assert (mode(shared), mode(path), mode(reading)) == (0o750, 0o640, 0o660)
    assert mode(export) == 0o644
    assert export.read_text() != "old"
    status = backup.stat()
    assert (mode(backup), status.st_uid, status.st_gid) == (0o640, *owner)
    assert backup.read_bytes() != b"old"


def test_a_library_that_is_a_link_is_followed_by_all_that_writes(home, tmp_path, capsys):
    real = tmp_path / "elsewhere" / "real.json"
    real.parent.mkdir()
    real.write_text('{"articles": {"1": {"title": "One", "body": "Of stock TinyDB."}}}')
    link = tmp_path / "library.json"
    link.symlink_to(real)
    page = tmp_path / "page.md"
    page.write_text("# Another title\n\nSome text of it.")
    main(["--library", str(link), "add", str(page)])  # converts it
    main(["--library", str(link), "tag", "one", "+x"])
    with Library(link) as library:
        library.mark([1], trashed=True)
        assert library.purge([1]) == 1
        assert [row.title for row in library.newest(9)] == ["Another title"]
    capsys.readouterr()
    assert link.is_symlink()
    assert real.read_bytes().startswith(b'{"articles": {\n')
    assert b"Another title" in real.read_bytes()


def test_a_link_that_lies_in_wait_is_not_followed(home, tmp_path, capsys):
    """Exports and temporary files go where they were meant to go, or nowhere."""
    precious = tmp_path / "precious"
    precious.write_text("precious")
    place = tmp_path / "out.json"
    place.symlink_to(precious)
    page = tmp_path / "page.md"
    page.write_text("# A title\n\nSome text of it.")
    main(["add", str(page)])
    assert main(["export", "-o", str(place)]) == 1
    assert "there already" in capsys.readouterr().err
    torn = home / "data" / "broadsheet" / "library.json.torn"
    torn.symlink_to(precious)
    path = home / "data" / "broadsheet" / "library.json"
    path.write_bytes(path.read_bytes()[:-3] + b',"2":{"cut')
    main(["list"])
    capsys.readouterr()
    assert precious.read_text() == "precious"
