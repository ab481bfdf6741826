"""One writer at a time, across processes and threads."""

from __future__ import annotations

import fcntl
import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from store.errors import LibraryError
from store.regular import is_irregular, open_regular

#: Who made a lock can take it, whatever may be done with the file it guards just now.
_OWNER: Final = 0o600

_POLL: Final = 0.05  # seconds between two attempts


class FileLock:
    """An exclusive lock on a file of its own; re-entrant in a thread.

    The file it guards cannot carry the lock itself: a rename replaces that file's inode, and
    two processes would hold locks on different ones.  The system drops the lock when its
    process ends, however it ends.
    """

    def __init__(self, path: Path, *, like: Path) -> None:
        """Prepare a lock on `path`, which is created when first held.

        Args:
            path: The lock file.
            like: The file it guards; whoever may write that one can take the lock.
        """
        self._path = path
        self._like = like
        self._mutex = threading.RLock()
        self._depth = 0
        self._descriptor = -1

    def can_be_held(self) -> bool:
        """Whether the lock file can be opened or created; nothing is created yet."""
        if is_irregular(self._path):
            return False
        effective = os.access in os.supports_effective_ids
        if self._path.exists():
            readable = os.access(self._path, os.R_OK, effective_ids=effective)
            return readable or self._is_own()
        return os.access(self._path.parent, os.W_OK | os.X_OK, effective_ids=effective)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Wait for the lock and hold it for the body.

        Raises:
            OSError: The lock file cannot be created, or its file system has no locks.
            LibraryError: Something else than a file is in its place.
        """
        with self._mutex:
            if self._depth == 0:
                self._acquire()
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    @contextmanager
    def hold_if_there(self) -> Iterator[None]:
        """Wait for the lock and hold it for the body, where that makes and changes no file.

        Without a lock file nobody has written what it guards; one that we may not open we go
        without: who only reads has nothing to spoil.
        """
        with ExitStack() as stack:
            with suppress(OSError, LibraryError), self._mutex:
                if self._descriptor < 0:
                    self._descriptor = open_regular(self._path, os.O_RDONLY | os.O_NOFOLLOW)
                stack.enter_context(self.hold())
            yield

    @contextmanager
    def hold_unless(self, stop: Callable[[], bool]) -> Iterator[bool]:
        """Wait for the lock and hold it for the body.

        Args:
            stop: Asked between two attempts.

        Yields:
            False if `stop` said so before the lock was free.
        """
        pause = threading.Event()
        while not stop():
            with self.attempt() as mine:
                if mine:
                    yield True
                    return
            pause.wait(_POLL)
        yield False

    @contextmanager
    def attempt(self) -> Iterator[bool]:
        """Hold the lock for the body if it is free, or held by this thread; whether it was.

        Raises:
            OSError: The lock file cannot be created, or its file system has no locks.
            LibraryError: Something else than a file is in its place.
        """
        if not self._mutex.acquire(blocking=False):
            yield False
            return
        try:
            if self._depth == 0 and not self._acquire(wait=False):
                yield False
                return
            with self.hold():
                yield True
        finally:
            self._mutex.release()

    def close(self) -> None:
        """Let go of the lock file; it stays, so that nobody locks a name that was removed."""
        with self._mutex:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1

    def _acquire(self, *, wait: bool = True) -> bool:
        while True:
            if self._descriptor < 0:
                self._descriptor = self._open()
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                return False
            if self._is_current():
                return True
            # Somebody removed the lock file: what we hold no longer keeps others out.
            self.close()

    def _is_current(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except FileNotFoundError:
            return False

    def _is_own(self) -> bool:
        """Whether the lock file is ours, so that its mode can be mended."""
        status = self._path.lstat()
        return stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()

    def _open(self) -> int:
        flags = os.O_NOFOLLOW
        try:
            descriptor = open_regular(self._path, os.O_RDONLY | flags)
        except FileNotFoundError:
            descriptor = open_regular(self._path, os.O_RDWR | os.O_CREAT | flags, _OWNER)
        except PermissionError:
            if not self._is_own():
                raise
            self._path.chmod(_OWNER)  # it once took the mode of a file that nobody could read
            descriptor = open_regular(self._path, os.O_RDONLY | flags)
        self._match_guarded(descriptor)
        return descriptor

    def _match_guarded(self, descriptor: int) -> None:
        """Let those take the lock who may write the file it guards."""
        try:
            guarded, own = self._like.stat(), os.fstat(descriptor)
            if (guarded.st_uid, guarded.st_gid) != (own.st_uid, own.st_gid):
                os.fchown(descriptor, guarded.st_uid, guarded.st_gid)
            mode = guarded.st_mode & 0o666 | _OWNER
            if (mode ^ own.st_mode) & 0o666:
                os.fchmod(descriptor, mode)
        except OSError:
            pass  # the file is not there yet, or the lock is another person's
