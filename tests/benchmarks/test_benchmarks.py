"""The benchmark itself: a corpus that never changes, and figures that mean what they say."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks import corpus, files, searching
from tests.benchmarks.figures import TARGET_SIZE, Figure, table
from tests.benchmarks.fresh import measure, percentile
from tests.benchmarks.pty_bench import Terminal, first_answer, first_shown, python


@pytest.fixture(scope="module")
def articles():
    return list(corpus.articles(0, 1_000))


def test_an_article_is_the_same_whatever_part_of_the_corpus_is_asked_for(articles):
    assert list(corpus.articles(498, 502)) == articles[498:502]


def test_the_corpus_never_changes(articles):
    assert articles[0].title == "No for pot slosoo"
    assert articles[0].published == "2022-03-24T12:59:35+00:00"


def test_articles_are_about_six_kilobytes(articles):
    sizes = [len(article.body.encode()) for article in articles]
    assert 5_500 < sum(sizes) / len(sizes) < 6_500


def test_one_in_a_hundred_is_chinese(articles):
    chinese = [article for article in articles if article.lang == "zh"]
    assert len(chinese) == 10
    assert not any(part.isascii() for article in chinese for part in article.body.split())


def test_words_are_as_frequent_as_zipf_says(articles):
    words = Counter(word for article in articles for word in article.body.lower().split())
    (_, first), *_ = words.most_common(1)
    assert 1.7 < first / words["to"] < 2.6  # (4 + 2.7) / (1 + 2.7), and emphasis takes some away
    assert len(words) > 40_000


def test_the_vocabulary_holds_sixty_thousand_different_words():
    assert len(set(corpus.vocabulary())) == corpus.VOCABULARY


def test_there_are_two_hundred_mixed_queries_and_always_the_same():
    queries = searching.mixed_queries()
    assert len(queries) == 200
    assert queries == searching.mixed_queries()
    assert len(searching.typed_words()) == 30


def test_a_ratio_is_the_figure_over_its_reference_and_is_judged_at_one_size_only():
    figure = Figure("open", 0.002, "s", TARGET_SIZE, "stock", 8.0, reach=1 / 1_000)
    assert figure.ratio == pytest.approx(1 / 4_000)
    assert figure.reached is True
    small = Figure("open", 0.002, "s", 1_000, "stock", 0.06, reach=1 / 1_000)
    assert small.reached is None
    assert Figure("rate", 900, "/s", reach_value=1_000).reached is False
    assert Figure("time", 0.9, "s", reach_value=1.0).reached is True


def test_the_table_is_aligned():
    shown = table(
        [
            Figure("open", 0.002, "s", TARGET_SIZE, "stock TinyDB", 8.0, reach=1 / 1_000),
            Figure("memory", 3 * 2**20, "B", 1_000),
        ]
    )
    head, first, second = shown.splitlines()
    assert first.split() == [
        "open", "100,000", "2.00", "ms", "stock", "TinyDB", "8.00", "s", "1/4,000", "<=", "1/1,000",
        "yes",
    ]  # fmt: skip
    assert head.index("reference") == first.index("stock")
    assert second.endswith("3.0 MB")


def test_a_percentile_is_a_value_that_was_measured():
    assert percentile([3, 1, 2, 4], 0.5) == 3
    assert percentile([1], 0.95) == 1


def test_the_stock_file_is_the_library_on_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "BENCH", tmp_path)
    library, stock = files.library(60).read_bytes(), files.stock(60).read_bytes()
    assert json.loads(library) == json.loads(stock)
    assert stock.count(b"\n") == 0
    assert len(json.loads(stock)["articles"]) == 60


def test_the_benchmark_runs_through(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(files, "BENCH", tmp_path)
    report = tmp_path / "figures.json"
    bench.main(["--sizes", "60", "--only", "index", "storage", "--json", str(report)])
    shown = capsys.readouterr().out
    figures = {figure["what"]: figure for figure in json.loads(report.read_text())}
    assert "could not be measured" not in shown
    assert figures["open one article"]["reference"] == "stock TinyDB get"
    assert figures["add one, on disk and listed"]["ratio"] > 0
    assert not list((tmp_path / "work").iterdir())


def test_what_cannot_be_measured_is_said_and_the_rest_is_measured(monkeypatch, capsys):
    def fails():
        measure(percentile, values=[], share="none")
        yield Figure("never", 1.0, "s")

    monkeypatch.setattr(bench.importing, "figures", fails)
    monkeypatch.setattr(bench.reading, "figures", lambda: iter([Figure("reading", 1.0, "s")]))
    assert bench.main(["--only", "import", "read"]) == 1
    shown = capsys.readouterr().out
    assert "could not be measured: import" in shown
    assert "reading" in shown


@pytest.mark.pty
def test_a_program_in_a_terminal_is_timed_by_what_it_shows():
    program = (
        "import sys, tty; tty.setraw(0); print('hel', end='', flush=True)\n"
        "print('lo', end='', flush=True); key = sys.stdin.read(1); print('got', key, flush=True)\n"
        "sys.stdin.read(1)"
    )
    command = python("-c", program)
    assert 0 < first_shown(command, {}, "hello") < 10
    assert 0 < first_answer(command, {}, b"x", "got x") < 10


@pytest.mark.pty
def test_bytes_of_a_key_are_counted_plain_and_packed():
    program = (
        "import sys, tty; tty.setraw(0); print('ready', flush=True)\n"
        "while sys.stdin.read(1): print('a' * 1000, end='', flush=True)"
    )
    with Terminal(python("-c", program), {}) as terminal:
        terminal.settle(0.3)
        strokes = [terminal.press(b"x") for _ in range(3)]
    assert [stroke.sent for stroke in strokes] == [1000] * 3
    assert all(0 < stroke.packed < 100 for stroke in strokes)
    # a flush ends where the bits do: a byte more or less
    assert all(later.packed <= strokes[0].packed + 1 for later in strokes)
    assert all(0 < stroke.last < 5 for stroke in strokes)
