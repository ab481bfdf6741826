"""What happens at a signal: saving, leaving, and what if the app cannot leave."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from tui.terminal import endings
from tui.terminal.endings import HANGUP, Endings


class World:
    """Stands for the app and the process; records what is asked of them."""

    def __init__(self) -> None:
        self.did: list[object] = []
        self.ended = threading.Event()
        self.saved = threading.Event()
        self.left = threading.Event()

    def save(self) -> None:
        self.did.append("save")
        self.saved.set()

    def leave(self, code: int) -> None:
        self.did.append(("leave", code))
        self.left.set()

    def restore(self) -> None:
        self.did.append("restore")

    def leave_process(self, code: int) -> None:
        self.did.append(("process", code))
        self.ended.set()

    def endings(self) -> Endings:
        return Endings(
            save=self.save, leave=self.leave, restore=self.restore, leave_process=self.leave_process
        )


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_signal_saves_and_asks_the_app_to_leave_with_its_code(number, code):
    world = World()
    with world.endings() as ending:
        os.kill(os.getpid(), number)
        assert world.left.wait(5.0)
        assert world.saved.wait(5.0)
    assert ("leave", code) in world.did
    assert ending.code == code
    assert ("process", code) not in world.did


def test_an_app_that_is_stuck_is_ended_with_state_saved_and_terminal_restored(monkeypatch):
    monkeypatch.setattr(endings, "GRACE", 0.01)
    world = World()
    with world.endings() as ending:
        ending.begin(143)
        assert world.ended.wait(5.0)
    assert world.did.index("save") < world.did.index("restore") < world.did.index(("process", 143))


def test_saving_that_fails_does_not_keep_the_program_from_ending(monkeypatch):
    monkeypatch.setattr(endings, "GRACE", 0.01)
    world = World()

    def save() -> None:
        raise OSError("disk full")

    world.save = save  # type: ignore[method-assign]
    with world.endings() as ending:
        ending.begin(HANGUP)
        assert world.ended.wait(5.0)


def test_only_the_first_ending_counts():
    world = World()
    with world.endings() as ending:
        ending.begin(143)
        ending.begin(129)
        assert world.left.wait(5.0)
    assert ending.code == 143
    assert [entry for entry in world.did if entry in [("leave", 143), ("leave", 129)]] == [
        ("leave", 143)
    ]


def test_the_handlers_from_before_are_put_back():
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)]
    with World().endings():
        assert signal.getsignal(signal.SIGTERM) is not before[0]
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)] == before
