"""Targets that take a file of ours which something else has written, cut or mixed up."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from itertools import repeat
from pathlib import Path
from unittest.mock import patch

from store import Article, Library, LibraryError
from store.linefile import LineFile, dumps
from store.lineformat import MAX_ID
from store.reading import ReadingFile
from tests.fuzz.findings import HUGE, Target, nothing_logged, promise, scratch

_NEW = {"title": "New", "body": "It was added."}
_LINES = (
    b'{"articles": {\n"1":{"title":"One","body":"A."}\n,"2":{"title":"Two"}\n'
    b',"7":{"title":"Seven \xc3\xa9","tags":["a"],"n":1.5}\n}}\n'
)
_STOCK = b'{"_default": {"1": {"a": 1}}, "articles": {"1": {"title": "One"}, "2": {"body": "B"}}}'
_READING = (
    b'{"states": {"1": {"read": true, "tags": ["a"], "position": 9, "progress": 0.5}}, '
    b'"highlights": {"1": {"article": 1, "quote": "A", "note": "n", "offset": 0}}, '
    b'"bookmarks": {"1": {"letter": "a", "article": 1, "position": 3}}, "views": {"1": {"name": '
    b'"V", "query": "is:unread"}}, "feeds": {"1": {"url": "https://a.example/f", "interval": 60, '
    b'"ttl": 5, "errors": 1, "skip_hours": [3], "seen": {"k": ["m", 1]}}}, "journal": {"1": '
    b'{"label": "l", "before": [[{"read": false}, [1]]], "after": [[{"read": true}, [1]]]}, "2": '
    b'{"label": "m", "views": {"before": {"1": null}, "after": {"1": {"name": "V"}}}}}, "imports": '
    b'{"1": {"read": [1]}}, "meta": {"1": {"format": 1}, "2": {"highest": 9}, "3": '
    b'{"highlights": 1}, "4": {"feeds": 1}}}'
)
_LINED_READING = (
    b'{"states":{\n"1":{"read":true}\n,"2":{"anchor":"},{\\"","position":9}\n,"30":{"n":[{"a":{}}]}\n'
    b'},"highlights":{},"journal":{},"meta":{"1":{"format":1}}}'
)
_ODD_READING = (
    _READING.replace(b"9}", b"%d}" % 10**30).replace(b"[1]", b"[%d]" % 2**63)
    .replace(b'"journal": {"1"', b'"journal": {"j"').replace(b": 60", b": %d" % 10**400)
)  # fmt: skip
_WORDS = (
    b'{"articles": {\n', b"}}\n", b'\n,"3":{}', b'"1":{', b"\0\0\0\0", b'{"_default": {', b"NaN",
    b"1e999", b"\\ud800", b"99999999999999999999", b"-1", b"[[[[", b'{"a":{"a":', b"\r\n", b"\t",
    b'"articles"', b",", b"\xef\xbb\xbf", b"null", b"true", *HUGE,
)  # fmt: skip


#: Nobody else writes these files: they need not be seen at rest before they are mended.
_at_rest = patch.multiple("store.sharedfile", _REST=0.0, _LONG_REST=0.0)


def _stock(data: bytes) -> dict[int, object] | None:
    """The articles that stock TinyDB reads in a file; None where it reads none.

    None as well where an id has more than 64 bits: such a record is put aside, as is one that is
    no object, or whose id is written as no program writes it ("007").
    """
    try:
        tables = json.loads(data)
        table = tables.get("articles", {})
        articles = {int(key): document for key, document in table.items()}
    except (ValueError, AttributeError, RecursionError):
        return None
    readable = all(map(isinstance, articles.values(), repeat(dict))) and all(
        abs(int(key)) <= MAX_ID and key == str(int(key)) for key in table
    )
    return articles if readable else None


@_at_rest
def run_linefile(data: bytes) -> None:
    """Any bytes open or are refused untouched; what stock TinyDB read in them is read after it.

    Opening and reading write nothing.  An article that is added is there, beside all that were.
    """
    path = scratch() / "line.json"
    for old in scratch().glob("line.json*"):
        old.unlink()
    path.write_bytes(data)
    before = _stock(data)
    try:
        file = LineFile(path)
    except LibraryError as error:
        promise("\n" not in str(error), "an error of two lines")
        promise(path.read_bytes() == data, "a refused file was written")
        return
    try:
        try:
            records = {record.id: record.raw for record in file.scan()}
            seen = set(records)
            file.tables()
            file.last_id()
            for number in list(seen)[:5]:
                file.find(number)
        except (LibraryError, ValueError):
            records, seen = {}, set()
        promise(path.read_bytes() == data, "reading a file wrote it")
        try:
            torn = file.verify()
        except LibraryError:
            return
        try:
            last = file.last_id()
            there = [record.id for record in file.scan()]
            promise(last == max(there, default=0), "another id is the last")
            promise(all(map(file.find, there[:5])), "a record is not found")
            file.append([(last + 1, dumps(_NEW))])
        except LibraryError:
            return
        except ValueError:
            promise(last + 1 >= 1 << 63, "appending is refused")
            return
        after = _stock(path.read_bytes())
        promise(after is not None, "stock TinyDB does not read it any more")
        promise(after.get(last + 1) == _NEW, "the new article is not there")
        put_aside = path.with_name("line.json.torn")
        kept = put_aside.read_bytes() if put_aside.exists() else b""
        if before is not None:
            del after[last + 1]
            promise(_same(before, after), "an article has changed")
            promise(torn == 0, "a good file was torn")
            return  # what looked like a record may have been a line of a larger one
        kept += path.read_bytes()
        gone = [raw for number, raw in records.items() if number not in after and raw not in kept]
        promise(not gone, "a record is gone")
    finally:
        file.close()


def _same(one: object, other: object) -> bool:
    """Equal, NaN being NaN."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@_at_rest
def run_library(data: bytes) -> None:
    """A library whose two files are any bytes opens, or says in a line why not, untouched."""
    home = scratch() / "library"
    home.mkdir(exist_ok=True)
    for old in home.rglob("*"):
        if old.is_file():
            old.unlink()
    one, _, two = data.partition(b"\n--\n")
    path, reading = home / "library.json", home / "library.reading.json"
    path.write_bytes(one)
    reading.write_bytes(two)
    with nothing_logged():
        try:
            library = Library(path, cache_dir=home / "cache")
        except LibraryError as error:
            promise("\n" not in str(error), "an error of two lines")
            promise(reading.read_bytes() == two, "the reading file of a refused library changed")
            return
        with library:
            try:
                library.wait_until_listed()
                rows = library.newest(50)
                for row in rows:
                    library.get(row.id)
                library.find("a is:unread").rows(0, 5)
                library.all_views()
                library.tags()
                library.annotated()
                library.statistics()
                library.feeds.due()
                added = library.add([Article(title="New", body="It was added.")]).added
                promise(len(added) == 1, "nothing was added")
                library.mark(added, read=True)
                library.mark([row.id for row in rows], starred=True)
                for _ in range(4):
                    library.undo()
            except LibraryError as error:
                promise("\n" not in str(error), "an error of two lines")


def run_reading(data: bytes) -> None:
    """A reading file of any bytes is read as the JSON it is, or refused and left as it was."""
    for old in scratch().glob("mark*"):
        old.unlink()
    path = scratch() / "mark.json"
    file = ReadingFile(path)
    file.path.write_bytes(data)
    sizes = {"_PART": (24, 65_536)[len(data) % 2], "_WORTH": (1, 16)[len(data) // 2 % 2]}
    try:
        with patch.multiple("store.linetable", **sizes):
            tables, _ = file.load()
            expected = json.loads(data.decode())
            states = expected.setdefault("states", {})
            promise(_rows(tables["states"]) == _rows(states), "other states than the file has")
            for key in ("5", "1"):
                file.update(lambda tables, key=key: tables["states"].update({key: {"read": True}}))
                states[key] = {"read": True}
            file.update(lambda tables: tables["states"].pop("2", None))
            states.pop("2", None)
            written = json.loads(file.path.read_bytes().decode())
        for name, table in expected.items():
            promise(_rows(written[name]) == _rows(table), f"other {name} than were written")
    except LibraryError as error:
        promise("\n" not in str(error), "an error of two lines")
        promise(file.path.read_bytes() == data, "a refused reading file was written")
    finally:
        file.close()


def _rows(table: Mapping[str, object]) -> list[str]:
    return sorted(map(repr, table.items()))


def run_session(data: bytes) -> None:
    """What a killed program left behind gives a place, or none."""
    from tui.session import Session

    os.environ["XDG_STATE_HOME"] = str(scratch())
    session = Session(Path("/nowhere/library.json"))
    directory = scratch() / "broadsheet" / "reading"
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{session._prefix}-1.json").write_bytes(data)
    place = session.left_behind()
    promise(
        place is None or (0 < place.id <= MAX_ID and 0 <= place.position <= MAX_ID),
        "a place nowhere",
    )


TARGETS = (
    Target("linefile", run_linefile, lambda: [
               _LINES, _STOCK, b"", b"{}", b"[]", _LINES[:-3], _LINES[:60], _LINES + b"\0" * 20,
               json.dumps(json.loads(_STOCK), indent=1).encode(), b'{"articles": {\n}}\n',
               _LINES.replace(b'\n,"2"', b'\n"2"'), b'{"a": {"1": {}}, "articles": {\n}}\n'],
           _WORDS, weight=6),
    Target("library", run_library, lambda: [
               _LINES + b"\n--\n" + _READING, _STOCK + b"\n--\n{}", _LINES[:-20] + b"\n--\n",
               _LINES.replace(b'"n":1.5', b'"words":%d' % 2**63) + b"\n--\n" + _ODD_READING],
           (*_WORDS, b"\n--\n"), weight=2, seconds=5.0),
    Target("reading", run_reading, lambda: [_READING, b"{}", b"", b"[]", _READING[:50],
               _ODD_READING, _LINED_READING, _LINED_READING.replace(b'"1":', b'"-1":')],
           (*_WORDS, b'{"states":{\n', b'\n,"3":{', b"}\n", b'},"meta":{', b'"states":', b"\n")),
    Target("session", run_session, lambda: [
               b'{"id": 3, "position": 99, "anchor": "text", "progress": 0.5}\n', b"\n", b"{}",
               b'{"version": 1, "id": 3, "position": %d, "anchor": "", "progress": 1e999}' % 2**63],
           (b'"id"', b"-1", b"1e999", b"NaN", b"null", b"[[[", b'"version": 2', *HUGE),
           longest=4_096),
)  # fmt: skip
