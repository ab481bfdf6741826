"""Files that were edited since they were added."""

from __future__ import annotations

import pytest

from store.importers import read_sources


@pytest.fixture
def add(open_library, path):
    library = open_library(path)

    def add_(*files):
        return library.add(read_sources([str(file) for file in files]))

    return library, add_


def test_an_edited_file_updates_its_article_and_keeps_what_was_done(add, tmp_path):
    library, add = add
    note = tmp_path / "note.md"
    note.write_text("# Lamps\n\nAt dusk they came with ladders.\n")
    add(note)
    library.mark([1], starred=True)
    note.write_text("# Lamps\n\nAt dusk they came with ladders, and at dawn they went.\n")
    assert add(note).merged == [1]
    assert library.get(1).body.endswith("at dawn they went.")
    assert library.state(1).starred
    note.write_text("# Lamps of old\n\nAt dusk they came.\n")
    assert add(note).merged == [1]
    assert (library.get(1).title, library.get(1).body) == ("Lamps of old", "At dusk they came.")
    assert add(note).unchanged == 1
    assert len(library) == 1


def test_a_corrected_title_or_author_alone_is_taken_from_a_file(add, tmp_path):
    library, add = add
    note = tmp_path / "note.md"
    head = "---\ntitle: {}\nauthor: {}\nurl: https://a.example/whale\n---\n\nOf the whale.\n"
    note.write_text(head.format("Teh whale", "Jhon"))
    add(note)
    note.write_text(head.format("The whale", "John"))
    assert add(note).merged == [1]
    assert (library.get(1).title, library.get(1).author) == ("The whale", "John")
    assert library.count("title:the author:john") == 1
    assert add(note).unchanged == 1


def test_another_article_under_an_old_name_is_another(add, tmp_path):
    library, add = add
    file = tmp_path / "download.txt"
    file.write_text("The lamplighters\n\nAt dusk they came with ladders on their shoulders.\n")
    add(file)
    file.write_text("Why bridges sing\n\nWind, cable and pylon make an instrument of it.\n")
    assert len(add(file).added) == 1
    assert len(library) == 2


def test_a_file_of_many_articles_updates_none_by_its_name(add, tmp_path):
    _, add = add
    file = tmp_path / "many.json"
    file.write_text('[{"title": "A", "body": "one"}, {"title": "B", "body": "two"}]')
    add(file)
    file.write_text('[{"title": "A", "body": "one more"}, {"title": "B", "body": "two"}]')
    report = add(file)
    assert (len(report.added), report.unchanged) == (1, 1)


def test_files_of_one_name_in_two_places_are_two(add, tmp_path, monkeypatch):
    library, add = add
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        (tmp_path / name / "readme.md").write_text(f"# Readme\n\nThat of {name} alone.\n")
        add("readme.md")
    assert len(library) == 2
    assert library.get(2).source == str(tmp_path / "b" / "readme.md")
