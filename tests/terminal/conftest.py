"""A small library for the program in the terminal."""

from __future__ import annotations

import pytest
from pty_harness import TITLES

from store import Article, Library


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Config, state and cache of a test; a library at `home / "library.json"`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with Library(tmp_path / "library.json") as library:
        library.add(
            Article(
                title=title,
                body="\n\n".join(f"Paragraph {i} of {title}." for i in range(60)),
                url=f"https://quay.example/{index}",
                published=f"{2020 - index:04}-05-01",
            )
            for index, title in enumerate(TITLES)
        )
    return tmp_path
