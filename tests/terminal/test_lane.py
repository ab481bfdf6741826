"""The worker lane: the newest request counts, and a lost one is told so."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tui.terminal.lane import Lane


@pytest.fixture
def lane():
    lane = Lane("test")
    yield lane
    assert lane.stop(5.0)


async def test_work_is_done_on_another_thread(lane):
    assert await lane.run(lambda _: threading.current_thread().name) == "test"


async def test_an_error_comes_back_to_who_asked(lane):
    with pytest.raises(ZeroDivisionError):
        await lane.run(lambda _: 1 // 0)
    assert await lane.run(lambda _: "still alive") == "still alive"


async def test_work_under_way_sees_that_it_was_cancelled(lane):
    begun, seen = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def work(cancelled):
        loop.call_soon_threadsafe(begun.set)
        while not cancelled():
            threading.Event().wait(0.001)
        seen.set()

    task = asyncio.create_task(lane.run(work))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen.wait(5.0)


async def test_cancelled_work_that_had_not_begun_never_begins(lane):
    release, done = threading.Event(), []
    first = asyncio.create_task(lane.run(lambda _: release.wait(5.0)))
    second = asyncio.create_task(lane.run(lambda _: done.append("second")))
    third = asyncio.create_task(lane.run(lambda _: done.append("third")))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    release.set()
    await asyncio.gather(first, third)
    assert done == ["third"]


def test_stopping_cancels_what_is_under_way():
    lane, begun = Lane("test"), threading.Event()

    def work(cancelled):
        begun.set()
        while not cancelled():
            threading.Event().wait(0.001)

    async def ask():
        task = asyncio.create_task(lane.run(work))
        await asyncio.to_thread(begun.wait, 5.0)
        assert await asyncio.to_thread(lane.stop, 5.0)
        task.cancel()

    asyncio.run(ask())


async def test_lanes_do_not_wait_for_each_other_and_share_the_threads_that_rest():
    lanes = [Lane(f"lane {n}") for n in range(40)]
    over = threading.Event()
    first = asyncio.create_task(lanes[0].run(lambda _: over.wait(5.0)))
    threads = {await lane.run(lambda _: threading.current_thread()) for lane in lanes[1:]}
    assert not first.done()
    over.set()
    assert await first
    assert len(threads) < 20
    assert all(lane.stop(5.0) for lane in lanes)


async def test_nothing_is_begun_once_a_lane_was_stopped(lane):
    assert lane.stop(5.0)
    done = []
    task = asyncio.create_task(lane.run(lambda _: done.append(1)))
    await asyncio.sleep(0)
    other = Lane("other")
    await other.run(lambda _: None)
    task.cancel()
    assert not done


async def test_what_is_given_after_a_stop_is_not_begun_by_work_still_under_way(lane):
    over, done = threading.Event(), []
    first = asyncio.create_task(lane.run(lambda _: over.wait(5.0)))
    await asyncio.sleep(0)
    assert not lane.stop(0.0)
    late = asyncio.create_task(lane.run(lambda _: done.append(1)))
    await asyncio.sleep(0)
    over.set()
    assert await first
    assert lane.stop(5.0)
    late.cancel()
    assert not done
