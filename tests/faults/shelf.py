"""Articles whose every byte follows from their number, and comparing a library with them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tinydb import TinyDB

from store import Article, Library

_WORDS = ("carrier", "pigeon", "missile", "harbour", "glacier", "lantern", "żółw", "海港", "velvet")


def article(number: int, *, longest: int = 400) -> Article:
    """Article `number`; its text has up to `longest` words, one in twenty is forty times longer."""
    rng = random.Random(number)
    count = rng.randrange(longest) * (40 if number % 20 == 7 else 1)
    text = " ".join(rng.choices(_WORDS, k=count))
    return Article(
        title=f"Number {number}",
        body=f"only{number}here {text}",
        url=f"https://e{number % 7}.example/{number}",
        author=f"Author {number % 5}",
        published=f"20{10 + number % 10}-0{1 + number % 9}-11",
        saved="2026-01-02T03:04:05Z",
        tags=(f"t{number % 4}",),
        words=count + 1,
    )


def number_of(document: dict[str, Any]) -> int:
    """The number of the article that a document says it is."""
    return int(str(document["title"]).removeprefix("Number "))


def differences(path: Path, cache: Path, *, index: bool = True) -> tuple[dict[int, int], list[str]]:
    """Open a library, and stock TinyDB on it, and look whether every article is whole.

    Returns:
        Number -> id of the articles that are there, and a line for everything that is wrong.
    """
    wrong: list[str] = []
    with Library(path, cache_dir=cache) as library:
        library.wait_until_listed()
        rows = {row.id: row.title for row in library.newest(100_000)}
        for row in library.rows(library.find("is:trashed").ids):
            rows[row.id] = row.title
        if len(rows) != len(library):
            wrong.append(f"{len(library)} articles, and {len(rows)} in the list")
        with TinyDB(path, access_mode="r") as db:
            documents = {d.doc_id: dict(d) for d in db.table("articles")}
        if rows.keys() != documents.keys():
            wrong.append(f"in the file and not in the list: {documents.keys() ^ rows.keys()}")
        for id, document in documents.items():
            expected = article(number_of(document)).to_document()
            if document != expected:
                wrong.append(f"article {id} is not whole: {json.dumps(document)[:200]}")
            if rows.get(id) != document["title"]:
                wrong.append(f"the list calls article {id} {rows.get(id)}")
            stored = library.stored(id).to_document()
            if stored != document:
                wrong.append(f"article {id} is given otherwise than it is stored")
        if index:
            library.wait_until_searchable()
            for id, document in documents.items():
                if id % 7 == 0 or len(documents) < 30:
                    found = list(library.find(f"only{number_of(document)}here").ids)
                    if found != [id] and not library.state(id).trashed:
                        wrong.append(f"article {id} is found as {found}")
        numbers = [number_of(document) for document in documents.values()]
        if len(set(numbers)) != len(numbers):
            wrong.append("an article is there twice")
    return dict(zip(numbers, documents, strict=True)), wrong


def stock_file(path: Path, numbers: Iterable[int]) -> None:
    """A library as stock TinyDB writes it: one long line."""
    with TinyDB(path) as db:
        db.table("articles").insert_multiple(article(n).to_document() for n in numbers)
