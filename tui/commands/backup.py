"""`broadsheet backup` and `broadsheet restore`: the whole library in one file, and back."""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path

from tui.commands import output
from tui.commands.parsing import Commands, add_library_options, place

_BACKUP = """\
Write the library and what was read, with all marks, highlights, views and subscriptions, into one
ZIP archive.  The app may be open.  The archive appears whole or not at all, for its owner only."""

_BACKUP_MORE = """\
The settings are not in it: they are one file, see `broadsheet config`.  `broadsheet export` writes
single articles, and formats for other programs.

examples:
  broadsheet backup                     in the directory NAME.backups beside the library
  broadsheet backup /media/stick        a file with the date in its name, there
  broadsheet backup library.zip
  ssh host broadsheet backup - > library.zip
"""

_RESTORE = """\
Put a backup in the place of the library, or what was read up to a day in the place of what was read
since.  Every byte is compared first.  What is replaced is kept in the directory NAME.backups."""

_RESTORE_MORE = """\
Of what was read, starred, tagged, highlighted and so on a copy is kept for each of the last seven
days on which something changed.

examples:
  broadsheet restore --list             the copies there are
  broadsheet restore library.zip        a backup
  broadsheet restore 2026-11-27         what was read, as it was at the end of that day
"""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def register(commands: Commands) -> None:
    """Add the parsers of `backup` and `restore`."""
    backup = commands.add_parser(
        "backup",
        help="write the whole library into one file",
        description=_BACKUP,
        more=lambda: _BACKUP_MORE,
    )
    backup.add_argument(
        "place",
        nargs="?",
        type=place,
        metavar="PLACE",
        help='a file, a directory, or "-" for standard output',
    )
    backup.add_argument("--force", action="store_true", help="replace a file that is there")
    add_library_options(backup, default=argparse.SUPPRESS)
    backup.set_defaults(run=_backup, parser=backup)
    restore = commands.add_parser(
        "restore",
        help="put a backup in the place of the library",
        description=_RESTORE,
        more=lambda: _RESTORE_MORE,
    )
    restore.add_argument(
        "copy", nargs="?", type=place, metavar="COPY", help="a backup, a dated copy, or a day"
    )
    restore.add_argument("--list", action="store_true", help="list the copies there are")
    restore.add_argument(
        "--dry-run", action="store_true", help="only examine the backup, and say what is in it"
    )
    add_library_options(restore, default=argparse.SUPPRESS)
    restore.set_defaults(run=_restore, parser=restore)


def _backup(arguments: argparse.Namespace) -> int:
    from store import backups_of, write_backup
    from tui.commands.opening import library_path
    from tui.commands.progress import Progress
    from tui.paths import spared

    library = library_path(arguments)
    to_stdout = arguments.place == "-"
    if to_stdout and sys.stdout.isatty():
        arguments.parser.error("an archive is nothing for a terminal: name a file")
    target = Path(arguments.place) if arguments.place else backups_of(library)
    if not to_stdout and (not arguments.place or target.is_dir()):
        stamp = time.strftime("%Y-%m-%dT%H%M%S")
        target = target / f"{library.name.removesuffix('.json')}-{stamp}.zip"
    with Progress(shown=not to_stdout) as progress:
        made = write_backup(
            library,
            sys.stdout.buffer if to_stdout else target,
            force=arguments.force,
            spared=spared(),
            on_progress=progress.on_work,
        )
    if not to_stdout:
        from tui.widgets.cells import clean

        size = target.stat().st_size
        print(clean(f"{target}: {made.articles:,} articles, {size:,} bytes"))
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from store import ReadOnlyError, kind_of_copy
    from tui.commands.opening import library_path

    library = library_path(arguments)
    if arguments.list:
        return _list(library)
    if arguments.copy is None:
        arguments.parser.error("name a backup or a day; --list shows what there is")
    if arguments.read_only and not arguments.dry_run:
        raise ReadOnlyError("restoring writes: it does not go with --read-only")
    copy = _named(library, arguments.copy)
    kind = kind_of_copy(copy) or _kind_by_name(copy)
    if kind == "backup":
        return _restore_library(library, copy, dry_run=arguments.dry_run)
    return _restore_file(library, copy, kind, dry_run=arguments.dry_run)


def _kind_by_name(copy: Path) -> str:
    """What a file was to be that is damaged or not there; restoring it tells what is wrong."""
    if copy.suffix != ".json":
        return "backup"
    is_reading = copy.name.startswith("reading-") or copy.name.endswith(".reading.json")
    return "reading" if is_reading else "library"


def _restore_library(library: Path, copy: Path, *, dry_run: bool) -> int:
    from store import restore_backup
    from tui.commands.progress import Progress
    from tui.widgets.cells import clean

    with Progress() as progress:
        done = restore_backup(library, copy, dry_run=dry_run, on_progress=progress.on_work)
    what = f"{done.backup.articles:,} articles, as of {done.backup.made}"
    if dry_run:
        print(clean(f"{copy} is sound: {what}"))
        return 0
    print(clean(f"{library}: {what}"))
    _say_kept(done.kept)
    return 0


def _restore_file(library: Path, copy: Path, kind: str, *, dry_run: bool) -> int:
    """Restore a copy of one of the two files, "library" or "reading"."""
    from store import restore_library, restore_reading
    from tui.widgets.cells import clean

    what = "the library" if kind == "library" else "what was read"
    restore = restore_library if kind == "library" else restore_reading
    kept = restore(library, copy, dry_run=dry_run)
    if dry_run:
        print(clean(f"{copy} is sound: {what}, {copy.stat().st_size:,} bytes"))
        return 0
    print(clean(f"{library}: {what} is as in {copy.name}"))
    _say_kept(() if kept is None else (kept,))
    return 0


def _named(library: Path, name: str) -> Path:
    """The file that is meant by a day, a file's name among the copies, or a path."""
    from store import LibraryError, backups_of, copies_of

    if _DAY.fullmatch(name):
        _check_day(name)
        for copy in copies_of(library):
            if copy.kind == "reading" and copy.day == name and not copy.at:
                return copy.path
        raise LibraryError(f"no copy was kept of {name}: `broadsheet restore --list` shows which")
    path = Path(name)
    kept = backups_of(library) / name
    return kept if not path.exists() and kept.exists() else path


def _check_day(name: str) -> None:
    """See that there is such a day.

    Raises:
        LibraryError: There is none.
    """
    from datetime import date

    from store import LibraryError

    try:
        date.fromisoformat(name)
    except ValueError:
        raise LibraryError(
            f"there is no day {name}: `broadsheet restore --list` shows of which copies were kept"
        ) from None


def _list(library: Path) -> int:
    from store import backups_of, copies_of, fault_of
    from tui.widgets.cells import clean

    rows = [
        (copy.path.name, copy.day, copy.size,
         ("what was read" if copy.kind == "reading" else "the library")
         + (", cannot be restored" if fault_of(library, copy) else ""))
        for copy in copies_of(library)
    ]  # fmt: skip
    directory = backups_of(library)
    if directory.is_dir():
        rows += [
            (path.name, time.strftime("%Y-%m-%d", time.localtime(path.stat().st_mtime)),
             path.stat().st_size, "a backup of everything")
            for path in sorted(directory.glob("*.zip"), reverse=True)
        ]  # fmt: skip
    if not rows:
        output.warn(f"no copies are kept in {directory} yet")
        return 1
    terminal = output.is_terminal(sys.stdout)
    longest = max(len(name) for name, *_ in rows)
    for name, day, size, what in rows:
        if terminal:
            print(clean(f"{name:{longest}}  {day}  {size:>13,}  {what}"))
        else:
            print(*map(clean, (str(directory / name), day, str(size), what)), sep="\t")
    return 0


def _say_kept(kept: tuple[Path, ...]) -> None:
    for path in kept:
        output.warn(f"what was there is kept: {path}")
