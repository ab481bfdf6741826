"""The log of unexpected errors."""

from __future__ import annotations

import os
import stat

from tui.terminal import log


def error() -> Exception:
    try:
        secret = "text of an article"
        raise ValueError(len(secret))
    except ValueError as raised:
        return raised


def test_a_traceback_is_kept_for_the_owner_only(tmp_path):
    path = tmp_path / "state" / "log"
    previous = os.umask(0)
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


def test_no_password_and_no_token_gets_into_it(tmp_path):
    try:
        try:
            raise ValueError("https://ann:hunter2@feeds.example:8443/a?token=s3cret#s3cret")
        except ValueError as cause:
            raise OSError("of 'http://ann@b.example/c?key=s3cret' and ftp://x/?s3cret") from cause
    except OSError as raised:
        raised.add_note("importing https://:hunter2@c.example/d?s3cret failed")
        log.write(tmp_path / "log", raised)
    text = (tmp_path / "log").read_text()
    told = [line for line in text.splitlines() if not line.startswith("    ")]  # no source lines
    assert "hunter2" not in "".join(told)
    assert "s3cret" not in "".join(told)
    assert "https://feeds.example:8443/a?…" in text
    assert "https://c.example/d?… failed" in text


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
