"""A person's own directory for a program that is driven by a test."""

from __future__ import annotations

from pathlib import Path


def own_home(home: Path) -> Path:
    """Where the program finds, and exports to, the person's own files; below `home`."""
    person = home / "person"
    person.mkdir(exist_ok=True)
    return person
