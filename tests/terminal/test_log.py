"""The log of unexpected errors."""

from __future__ import annotations

import json
import logging
import os
import re
import stat
import time
from datetime import datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from store import LibraryError
from tui.commands.logs import kept
from tui.paths import log_file
from tui.terminal import log


def error() -> Exception:
    try:
        secret = "text of an article"
        raise ValueError(len(secret))
    except ValueError as raised:
        return raised


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_traceback_is_kept_for_the_owner_only(tmp_path, umask):
    path = tmp_path / "state" / "log"
    previous = os.umask(umask)
    try:
        assert log.write(path, error())
    finally:
        os.umask(previous)
    assert "ValueError: 18" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_no_local_variable_gets_into_it(tmp_path):
    log.write(tmp_path / "log", error())
    assert "text of an article" not in (tmp_path / "log").read_text().replace(
        'secret = "text of an article"', ""
    )


#: Addresses with a secret in them, as they come with messages: in quotes, in JSON, in one another.
SHAPES = [
    "https://ann:{0}@h.example/a", "HTTPS://{0}@h.example", "socks5://ann:{0}@h:1080",
    "//ann:{0}@h.example/a", "ann:{0}@h.example/a", "('https://ann:{0}@h.example',)",
    r"https:\/\/ann:{0}@h.example\/a", "https%3A%2F%2Fann%3A{0}%40h.example",
    "https://h.example/a?token={0}", "https://h.example/a?tok='{0}'&x={0}", "/a?b={0}",
    "https://h.example/a#{0}", "https://h.example/a;token={0}", "https://h.example/a%3Ftoken={0}",
    "https://h.example/a%253Ftoken%253D{0}", r"https://h.example/a\u003ftoken\u003d{0}",
    r'{{"url":"https:\/\/ann:{0}@h.example\/a?token={0}","x":"y"}}',
    "https://ann:x{0}/y@h.example/?a={0}",
]  # fmt: skip

#: What may stand in a password that nobody has encoded.
LETTERS = st.sampled_from(
    "abcdefgXYZ0123456789'\"`/?#@:;&=%\\[](){}<>|$!*,.-_~+^ü漢"
) | st.sampled_from(("%40", "%3F", "://", "\\/"))


def raised(kind, message):
    """An exception as it was raised; the message stands in no code."""
    try:
        raise kind(message)
    except Exception as error:
        return error


def logged(path, error=None, about=""):
    path.unlink(missing_ok=True)
    assert log.write(path, error, about)
    return path.read_text()


@pytest.mark.parametrize("shape", SHAPES)
@given(letters=st.lists(LETTERS, max_size=20))
def test_no_password_and_no_token_gets_into_it(tmp_path_factory, shape, letters):
    path = tmp_path_factory.getbasetemp() / "secrets.log"
    first, last = "sQ", "Qs"
    told = shape.format(f"{first}{''.join(letters)}{last}")
    cause, error = raised(ValueError, told), raised(KeyError, f"of {told} and more")
    error.__cause__ = cause
    error.add_note(told)
    group = BaseExceptionGroup(told, [error, raised(OSError, told)])
    text = logged(path, group, f"importing {told} failed")
    said = [line for line in text.splitlines() if not line.startswith("    ")]  # no source lines
    assert not [line for line in said if first in line or last in line]
    assert said[-2].endswith(" failed") or said[-1].endswith(" failed")


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ("importing https://:x@c.example:8443/d?x failed",
         "importing https://c.example:8443/d?… failed"),
        ("https://ann:hunter 2@h.example", "https://… …@h.example"),
        ("reading http://[::1]:80/feed failed", "reading http://[::1]:80/feed failed"),
        ("importing /home/ann/a b.md failed", "importing /home/ann/a b.md failed"),
        ("https://medium.example/@ann/a", "https://ann/a"),  # rather too little than too much
        ("a\x1b[31mb\u202ec", "a\ufffd[31mb\ufffdc"),
    ],
)  # fmt: skip
def test_what_was_read_is_named_without_its_secrets(tmp_path, about, told):
    assert logged(tmp_path / "log", None, about).splitlines()[1] == told


TEXT = "The harbour light went out, she whispered: 'nobody' saw Ferdinand; 4111111111111111."


class Odd(Exception):
    def __str__(self):
        raise ValueError(TEXT)


@pytest.mark.parametrize(
    "fail",
    [
        lambda: int(TEXT), lambda: {}[TEXT], lambda: json.loads(TEXT), lambda: TEXT.index(TEXT * 2),
        lambda: yaml.safe_load(f"a: [{TEXT}"), lambda: etree.fromstring(f"<{TEXT}"),
        lambda: getattr(TEXT, TEXT), lambda: os.stat(TEXT), lambda: datetime.fromisoformat(TEXT),
        lambda: exec(f"{TEXT}"), lambda: re.compile(f"({TEXT}"),
        lambda: raise_(AssertionError(TEXT)),
        lambda: raise_(LibraryError(TEXT)), lambda: raise_(OSError(5, TEXT)),
        lambda: raise_(OSError(TEXT, 5)), lambda: raise_(OSError(1 << 99, TEXT)),
        lambda: raise_(Odd()),
        lambda: raise_(UnicodeDecodeError("utf-8", TEXT.encode(), 0, 1, TEXT)),
        lambda: raise_(ValueError(TEXT * 20_000)),
    ],
)  # fmt: skip
def test_no_text_of_an_article_gets_into_it(tmp_path, fail):
    with pytest.raises(Exception) as caught:
        fail()
    text = logged(tmp_path / "log", caught.value)
    assert not [word for word in re.findall(r"[A-Za-z]{5,}|\d{9,}", TEXT) if word in text]
    assert "Traceback" in text
    assert type(caught.value).__name__ in text


def raise_(error):
    raise error


def test_the_words_of_python_and_of_the_code_are_kept(tmp_path):
    path = tmp_path / "log"
    with pytest.raises(ValueError) as caught:
        int(TEXT)
    assert "\nValueError: invalid literal for int with base 10 … out …\n" in logged(
        path, caught.value
    )
    with pytest.raises(AttributeError) as caught:
        _ = None.wanted_name
    said = "AttributeError: NoneType object has no attribute wanted_name"
    assert f"\n{said}\n" in logged(path, caught.value)
    with pytest.raises(RuntimeError) as caught:
        raise RuntimeError(f"the lamp of {TEXT[:3]} broke in row {len(TEXT)}")
    assert "\nRuntimeError: the lamp of … broke in row 84\n" in logged(path, caught.value)
    assert "\nPermissionError: [Errno 13] Permission denied\n" in logged(
        path, raised(lambda said: PermissionError(13, said, said), TEXT)
    )


def test_what_the_library_logs_is_kept_with_what_it_was_at(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    logger = logging.getLogger("store.importers")
    with kept():
        try:
            int(TEXT)
        except ValueError:
            logger.exception("importing %s failed", "https://h.example/a?tok='s3cret'&x=s3cret")
        logger.warning("odd: %s", "https://ann:s3cret@h.example/b")
    text = log_file().read_text()
    assert "importing https://h.example/a?… failed\n" in text
    assert "odd: https://h.example/b\n" in text
    assert "s3cret" not in "".join(
        line for line in text.splitlines() if not line.startswith("    ")
    )


@pytest.mark.parametrize(
    "piece",
    ["@", "a@", ":", "a:", "]", "%25", "\\/", "/", "_", "a ", "://", "https://a:", "?", "["],
)
def test_a_megabyte_of_strange_text_takes_no_long_time(tmp_path, piece):
    text = piece * (1_000_000 // len(piece))
    begin = time.process_time()
    logged(tmp_path / "log", raised(ValueError, text), text)
    assert time.process_time() - begin < 10  # a hundredth of it, but for what is quadratic
    assert (tmp_path / "log").stat().st_size < 10_000


def test_errors_are_appended_and_an_old_log_is_put_aside(tmp_path, monkeypatch):
    path = tmp_path / "log"
    log.write(path, error())
    log.write(path, error())
    assert path.read_text().count("ValueError: 18") == 2
    monkeypatch.setattr(log, "LIMIT", 10)
    log.write(path, error())
    assert path.read_text().count("ValueError: 18") == 1
    assert path.with_suffix(".1").exists()


def test_a_log_that_cannot_be_written_adds_no_error(tmp_path):
    (tmp_path / "file").write_text("")
    assert not log.write(tmp_path / "file" / "log", error())


def test_a_log_that_is_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "log")
    assert not log.write(tmp_path / "log", error())
