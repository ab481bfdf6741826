"""The terminal as a file that outlives its terminal."""

from __future__ import annotations

import os
import threading

import pytest

from tui.terminal.driver import TerminalFile


@pytest.fixture
def pipe():
    reader, writer = os.pipe()
    yield reader, writer
    for descriptor in (reader, writer):
        try:
            os.close(descriptor)
        except OSError:
            pass


def test_a_frame_is_written_in_one_piece(pipe):
    reader, writer = pipe
    file = TerminalFile(writer)
    file.write("first ")
    file.write("second")
    os.set_blocking(reader, False)
    with pytest.raises(BlockingIOError):
        os.read(reader, 100)
    file.flush()
    assert os.read(reader, 100) == b"first second"


def test_a_terminal_that_is_gone_takes_everything_without_an_error(pipe):
    reader, writer = pipe
    os.close(reader)
    file = TerminalFile(writer)
    for _ in range(3):
        file.write("text")
        file.flush()
    assert file.lost


def test_a_terminal_left_in_non_blocking_mode_loses_nothing(pipe):
    reader, writer = pipe
    os.set_blocking(writer, False)
    file = TerminalFile(writer)
    file.write("x" * 1_000_000)
    thread = threading.Thread(target=file.flush)
    thread.start()
    got = 0
    while got < 1_000_000:
        got += len(os.read(reader, 65536))
    thread.join()
    assert not file.lost


def test_half_a_surrogate_pair_does_not_stop_the_writer(pipe):
    reader, writer = pipe
    file = TerminalFile(writer)
    file.write("a\ud800b")
    file.flush()
    assert os.read(reader, 100) == b"a?b"
