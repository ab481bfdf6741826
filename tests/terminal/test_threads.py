"""Threads: as many as have work at one time, each gone once it rests."""

from __future__ import annotations

import threading
import time

import pytest

from tui.terminal.threads import Threads

PATIENCE = 5.0


def alive(seen):
    return [thread for thread in seen if thread.is_alive()]


class Works:
    """Pieces of work that note their thread, and go on until they are let go."""

    def __init__(self, threads):
        self.threads = threads
        self.seen = []
        self._begun = threading.Semaphore(0)
        self._over = threading.Semaphore(0)

    def begin(self):
        """Have one done; returns once a thread is at it."""
        self.give()
        assert self._begun.acquire(timeout=PATIENCE)

    def give(self):
        self.threads.do(self._work)

    def let_go(self, number=1):
        self._over.release(number)

    def _work(self):
        self.seen.append(threading.current_thread())
        self._begun.release()
        assert self._over.acquire(timeout=PATIENCE)

    def wait_until_begun(self):
        assert self._begun.acquire(timeout=PATIENCE)


@pytest.fixture
def threads():
    threads = Threads()
    yield threads
    threads.rest()


def wait_until(condition):
    pause, end = threading.Event(), time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        pause.wait(0.001)


def rested(threads, number):
    """Wait until so many threads rest."""
    wait_until(lambda: len(threads._resting) == number)


def test_work_one_after_the_other_is_done_by_one_thread(threads):
    works = Works(threads)
    for _ in range(5):
        works.begin()
        works.let_go()
        rested(threads, 1)
    assert len(set(works.seen)) == 1


def test_no_work_waits_for_another(threads):
    works = Works(threads)
    for _ in range(20):
        works.begin()
    assert len(set(works.seen)) == 20
    works.let_go(20)


def test_threads_that_rest_end_when_they_are_told(threads):
    works = Works(threads)
    for _ in range(3):
        works.begin()
    works.let_go(2)
    rested(threads, 2)
    threads.rest()
    wait_until(lambda: len(alive(works.seen)) == 1)
    works.begin()  # a new one
    assert len(set(works.seen)) == 4
    works.let_go(2)


def test_threads_that_rest_end_by_themselves():
    threads = Threads(idle=0.01)
    works = Works(threads)
    works.begin()
    works.let_go()
    works.seen[0].join(PATIENCE)
    assert not alive(works.seen)
    works.begin()  # and another takes their place
    works.let_go()
    assert len(set(works.seen)) == 2


def test_work_given_while_a_thread_is_about_to_end_is_done():
    threads = Threads(idle=0.0)
    done = threading.Semaphore(0)
    for _ in range(2000):
        threads.do(done.release)
    assert all(done.acquire(timeout=PATIENCE) for _ in range(2000))


def test_where_there_are_no_more_threads_work_waits_for_one_that_is_there(threads, monkeypatch):
    works = Works(threads)
    works.begin()
    monkeypatch.setattr(threading.Thread, "start", refuse)
    works.give()
    assert len(works.seen) == 1
    works.let_go()
    works.wait_until_begun()
    works.let_go()
    rested(threads, 1)
    assert works.seen == [works.seen[0]] * 2


def test_where_there_is_no_thread_at_all_work_is_done_at_once(threads, monkeypatch):
    monkeypatch.setattr(threading.Thread, "start", refuse)
    seen = []
    threads.do(lambda: seen.append(threading.current_thread()))
    assert seen == [threading.current_thread()]


def refuse(_):
    raise RuntimeError("can't start new thread")
