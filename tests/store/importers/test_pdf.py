"""PDFs: what was printed comes back as it was written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import Article, Rejected, Source
from store.errors import SourceError
from store.importers import pdf_pages, pdf_worker
from store.importers.pdf import read_pdf
from tests.store.importers.pdf_maker import Put, column, pdf

SAMPLE = Path(__file__).parents[3] / "sample_data" / "two-columns.pdf"

ICE = (
    "The ice house stood with its back to the hill and its door to the north, and in it the ice of "
    "January lasted until the plums were ripe. Nobody had built one since the railway came."
)
SALT = (
    "Salt came by the other road. The carters went at night, when the sand was hard, and the lamps "
    "of their waggons could be counted from the tower as they crossed the bay."
)
ROPE = (
    "Rope was made in a shed a quarter of a mile long. The man who spun it walked backwards all "
    "his working life, about eleven miles a day, and was said to turn round only for funerals."
)


def read(data, name="paper.pdf"):
    try:
        (record,) = read_pdf(Source(name, data))
    except SourceError as error:
        return Rejected(name, str(error))
    return record


def paragraphs(article):
    return article.body.split("\n\n")


def page_of(*texts, left=40, top=60, width=320, gap=6, indent=0.0):
    puts = []
    for text in texts:
        lines, top = column(text, left, top, width=width, indent=indent)
        puts += lines
        top += gap
    return puts


@pytest.fixture(scope="module")
def sample():
    return read(SAMPLE.read_bytes(), "two-columns.pdf")


def test_a_document_in_two_columns_is_read_as_it_was_written(sample):
    assert (sample.title, sample.author) == ("The pen that follows the sea", "Isla Kerr")
    assert (sample.published, sample.lang, sample.type) == ("2021-04-17", "en-GB", "pdf")
    assert sample.tags == ("tides", "instruments")
    blocks = paragraphs(sample)
    assert blocks[0].startswith("The tide gauge at Corran Slip is a brass float")
    assert blocks[0].endswith("and puts on the next.")
    assert blocks[1].endswith("left when the tide is taken away.")
    assert blocks[2] == "## What is left"
    assert blocks[-1].endswith("that was relieved.")
    assert "Firth Review" not in sample.body  # the running head
    assert "*Machines*, she says, *have never had a wet float*." in sample.body
    assert sum(block.startswith("- ") for block in sample.body.split("\n")) == 3


def test_paragraphs_go_on_over_pages_and_past_their_furniture():
    first = page_of(ICE, SALT, top=60)
    cut = first[:-2]
    rest = [Put(put.left, 60 + 13 * k, put.text) for k, put in enumerate(first[-2:])]
    pages = [
        [Put(40, 20, "The Parish Almanac", 8), *cut, Put(195, 570, "14", 8)],
        [Put(40, 20, "The Parish Almanac", 8), *rest, Put(195, 570, "15", 8)],
    ]
    assert paragraphs(read(pdf(pages))) == [ICE, SALT]


def test_columns_are_read_one_after_the_other():
    left = page_of(ICE, left=40, width=150)
    right = page_of(SALT, left=210, width=150)
    rows = [
        put for pair in zip(left, right, strict=False) for put in pair
    ]  # as some programs write
    rest = max(left, right, key=len)[min(len(left), len(right)) :]
    across = Put(40, 20, "What the parish was made of, and by which road it came", 16, "bold")
    article = read(pdf([[across, *rows, *rest]]))
    assert article.title == across.text
    assert paragraphs(article) == [ICE, SALT]


def test_five_narrow_columns_of_a_newspaper_are_read_in_order():
    texts = [ICE, SALT, ROPE, ICE.replace("ice", "hay"), SALT.replace("Salt", "Lime")]
    puts = []
    for k, text in enumerate(texts):
        puts += page_of(text, left=30 + 120 * k, width=105)
    assert paragraphs(read(pdf([puts], width=640))) == texts


def test_indents_part_paragraphs_where_no_gap_does():
    page = page_of(ICE, SALT, ROPE, gap=0, indent=14)
    assert paragraphs(read(pdf([page]))) == [ICE, SALT, ROPE]


def test_words_that_lines_cut_are_whole_again():
    lines = ["The narrow gauge, which had been the pride of the under-",
             "standing between the two valleys, was taken up in 1931, and",
             "the understanding with it. A well-known engineer wept at",
             "the last of the rails, since they were his, and very well-",
             "known too; nobody who saw it forgot the narrow gauge."]  # fmt: skip
    body = read(pdf([[Put(40, 60 + 13 * k, line) for k, line in enumerate(lines)]])).body
    assert "understanding between" in body
    assert "very well-known too" in body


def test_type_makes_headings_and_emphasis():
    page = [
        Put(40, 30, "The Three Trades", 20, "bold"),
        Put(40, 70, "By Hanna Quist"),
        Put(40, 90, "4 May 2012"),
        *page_of(ICE, top=120),
        Put(40, 190, "Of rope", 13, "bold"),
        *page_of(ROPE, top=215),
        Put(40, 300, "Nobody wrote the "), Put(122, 300, "Almanac", 10, "italic"),
        Put(166, 300, "for its weather."),
    ]  # fmt: skip
    article = read(pdf([page]))
    assert (article.title, article.author) == ("The Three Trades", "Hanna Quist")
    assert article.published == "2012-05-04"
    assert paragraphs(article)[1] == "## Of rope"
    assert paragraphs(article)[-1] == "Nobody wrote the *Almanac* for its weather."


def test_lists_and_code_keep_their_lines():
    page = [
        *page_of(ICE),
        Put(40, 130, "\u2022"), Put(52, 130, "the saw, which was as long as the pond was deep;"),
        Put(40, 143, "\u2022"), Put(52, 143, "the tongs."),
        Put(60, 170, "for block in pond:", font="fixed"),
        Put(84, 183, "cut(block)", font="fixed"),
        *page_of(SALT, top=210),
    ]  # fmt: skip
    blocks = paragraphs(read(pdf([page])))
    assert blocks[1] == "- the saw, which was as long as the pond was deep;\n- the tongs."
    assert blocks[2] == "```\nfor block in pond:\n    cut(block)\n```"
    assert blocks[3] == SALT


@pytest.mark.parametrize(
    ("title", "author"),
    [("Microsoft Word - almanac_v3.doc", "hp"), ("untitled", "Administrator"), ("scan0012", "")],
)
def test_metadata_that_programs_fill_in_is_not_believed(title, author):
    page = [Put(40, 30, "Of Ice and Rope", 18, "bold"), *page_of(ICE, ROPE, top=80)]
    article = read(pdf([page], info=f"/Title ({title}) /Author ({author})"))
    assert (article.title, article.author) == ("Of Ice and Rope", "")


def test_metadata_helps_where_the_page_says_nothing():
    info = "/Title (Ice, salt, rope) /Author (Hanna Quist) /CreationDate (D:20120504101500+02'00')"
    article = read(pdf([page_of(ICE, SALT)], info=info))
    assert (article.title, article.author) == ("Ice, salt, rope", "Hanna Quist")
    assert article.published == "2012-05-04"
    assert paragraphs(article) == [ICE, SALT]


@pytest.mark.parametrize("broken", ["FEFF202E0041D800", "FEFF004100420", "FFFE00", "FEFFDC00D800"])
def test_metadata_that_is_no_unicode_costs_no_text(broken):
    page = page_of(ICE, SALT)
    article = read(pdf([page], info=f"/Author <{broken}> /Subject (About ice) /Title (Ice)"))
    assert ICE in article.body
    assert article.summary == "About ice"
    assert article.author in ("A\ufffd", "AB", "", "\ufffd\ufffd")


def test_a_scan_without_text_is_rejected_with_the_reason():
    record = read(pdf([[], [], []]))
    assert isinstance(record, Rejected)
    assert (
        record.reason == "there is no text in its 3 pages: it looks scanned; run OCR over it first"
    )


def test_an_encrypted_file_is_rejected_with_the_reason():
    key = "0" * 64
    encrypt = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >> /ID [<00><00>]"
    )
    record = read(pdf([page_of(ICE)], trailer=encrypt))
    assert isinstance(record, Rejected)
    assert "encrypted" in record.reason


def test_a_damaged_file_is_rejected_with_the_reason():
    whole = SAMPLE.read_bytes()
    record = read(b"%PDF-1.7\n" + whole[3000:6000])
    assert isinstance(record, Rejected)
    assert "damaged" in record.reason


def test_a_reader_that_crashes_or_hangs_costs_one_file(monkeypatch, tmp_path):
    crash = tmp_path / "crash.py"
    crash.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    monkeypatch.setattr(pdf_worker, "__file__", str(crash))
    assert "breaks the reader" in read(SAMPLE.read_bytes()).reason
    hang = tmp_path / "hang.py"
    hang.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(pdf_worker, "__file__", str(hang))
    monkeypatch.setattr(pdf_pages, "TIMEOUT", 0.5)
    assert "takes more than 0.5 seconds" in read(SAMPLE.read_bytes()).reason


@pytest.mark.parametrize(
    ("size", "seconds"), [(30_000, pdf_worker._FEW_SECONDS + 1), (50_000_000, 60)]
)
def test_the_reader_runs_with_limits_of_memory_and_time(size, seconds):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from store.importers import pdf_worker as w; w._limit(int(sys.argv[2]));"
        "from resource import getrlimit as get, RLIMIT_AS, RLIMIT_CPU;"
        "print(get(RLIMIT_AS)[0], get(RLIMIT_CPU)[0])"
    )
    root = str(Path(__file__).parents[3])
    said = subprocess.run(
        [sys.executable, "-c", code, root, str(size)], capture_output=True, check=True
    ).stdout
    assert list(map(int, said.split())) == [pdf_worker.MAX_MEMORY + 3 * size, seconds]


def test_a_reader_that_takes_too_long_for_the_size_of_its_file_is_ended(monkeypatch, tmp_path):
    busy = tmp_path / "busy.py"
    busy.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGXCPU)\n")
    monkeypatch.setattr(pdf_worker, "__file__", str(busy))
    assert read(SAMPLE.read_bytes()).reason == "reading it takes too long for a file of its size"


def test_a_page_that_is_named_again_and_again_is_refused_before_it_takes_minutes(monkeypatch):
    page = pdf([page_of(ICE, SALT, ROPE)])
    often = page.replace(b"[8 0 R] /Count 1", b"[%b] /Count 100" % (b"8 0 R " * 100))
    assert len(pdf_worker.read(often)["pages"]) == 100
    monkeypatch.setattr(pdf_worker, "_FEW_CHARACTERS", 1000)
    said = pdf_worker.read(often)["error"]
    assert said == f"it has more than {20 * len(often):,} characters in {len(often):,} bytes: " + (
        "some pages are repeated"
    )


def test_too_many_pages_or_characters_are_refused_with_the_reason(monkeypatch):
    data = pdf([page_of(ICE)] * 3)
    monkeypatch.setattr(pdf_worker, "MAX_PAGES", 2)
    assert pdf_worker.read(data) == {"error": "it has 3 pages; at most 2 are read"}
    monkeypatch.setattr(pdf_worker, "MAX_PAGES", 5)
    monkeypatch.setattr(pdf_worker, "MAX_CHARACTERS", 200)
    assert "characters" in pdf_worker.read(data)["error"]


def test_the_head_of_a_chapter_goes_though_it_stands_on_few_pages():
    pages = [
        [Put(40, 20, f"{head} {number}", 10), *page_of(text, SALT, ROPE)]
        for number, (head, text) in enumerate(
            [*[("Chapter 1: Of ice", ICE)] * 4, *[("Chapter 2: Of rope", ROPE)] * 6], 1
        )
    ]
    assert "Chapter" not in read(pdf(pages)).body


def test_lines_that_recur_on_one_page_are_no_running_head():
    refrain = [Put(40, 20 + 13 * k, "Haul away, the tide is in,") for k in range(3)]
    assert read(pdf([[*refrain, *page_of(ICE, top=90)]])).body.count("Haul away") == 3


def test_reading_a_pdf_loads_no_native_code_here():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from store.importers.pdf import read_pdf; from store import Source;"
        "list(read_pdf(Source('a.pdf', open(sys.argv[2], 'rb').read())));"
        "print([m for m in sys.modules if 'pdfium' in m])"
    )
    root = str(Path(__file__).parents[3])
    command = [sys.executable, "-c", code, root, str(SAMPLE)]
    assert subprocess.run(command, capture_output=True, check=True).stdout.strip() == b"[]"


RUN = st.tuples(
    st.floats(-50, 700), st.floats(-50, 700), st.floats(-50, 700), st.floats(-50, 700),
    st.floats(0.1, 90), st.integers(0, 15), st.text(min_size=1, max_size=30),
).map(list)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(st.lists(RUN, min_size=1, max_size=4), max_size=30), min_size=1, max_size=4)
)
def test_no_layout_is_too_strange(pages):
    answer = {"meta": {}, "lang": "", "outline": [], "unread": [],
              "pages": [[600, 800, lines] for lines in pages]}  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf_pages, "_ask", lambda data: json.loads(json.dumps(answer)))
        (record,) = read_pdf(Source("a.pdf", b""))
    assert isinstance(record, Article | Rejected)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 16_000), st.binary(min_size=1, max_size=200))
def test_no_damage_raises(place, noise):
    data = SAMPLE.read_bytes()
    assert isinstance(read(data[:place] + noise + data[place + len(noise) :]), Article | Rejected)
