"""The TinyDB interface to a library file does what stock TinyDB does, and stock reads the file."""

import datetime
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from tinydb import Query, TinyDB, operations, where
from tinydb.middlewares import CachingMiddleware
from tinydb.table import Document

from store.database import ArticleDB, LineTable
from store.errors import LibraryError, ReadOnlyError
from store.linefile import LineFile

ROOT = Path(__file__).parents[2]


class Pair:
    """The same calls on stock TinyDB and on ours, each on a file of its own."""

    def __init__(self, directory):
        self.path = directory / "ours.json"
        self.stock_db = TinyDB(directory / "stock.json")
        self.our_db = ArticleDB(self.path)
        self.stock = self.stock_db.table("articles")
        self.ours = self.our_db.table("articles")

    def do(self, call):
        """Make a call on both; return or raise what both agreed on."""
        results = []
        for table in (self.stock, self.ours):
            try:
                results.append(("returned", call(table)))
            except Exception as error:
                results.append(("raised", type(error), str(error)))
        assert plain(results[1]) == plain(results[0])
        self.compare()
        return results[1][1]

    def compare(self):
        expected = by_id(self.stock)
        assert by_id(self.ours) == expected
        assert len(self.ours) == len(expected)
        with TinyDB(self.path, access_mode="r") as db:
            assert by_id(db.table("articles")) == expected

    def close(self):
        self.stock_db.close()
        self.our_db.close()


def plain(value):
    """A result with documents as pairs of id and content, so that types count."""
    if isinstance(value, Document):
        return ("document", value.doc_id, dict(value))
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def by_id(table):
    return {document.doc_id: dict(document) for document in sorted(table, key=lambda d: d.doc_id)}


@pytest.fixture
def pair(tmp_path):
    pair = Pair(tmp_path)
    yield pair
    pair.close()


@pytest.fixture
def filled(pair):
    pair.do(lambda t: t.insert_multiple({"n": n, "even": n % 2 == 0} for n in range(1, 8)))
    return pair


# -- call by call


def test_inserting(pair):
    assert pair.do(lambda t: t.insert({"a": 1})) == 1
    assert pair.do(lambda t: t.insert(MappingProxyType({"a": 2}))) == 2
    assert pair.do(lambda t: t.insert_multiple([{"a": 3}, {"a": 4}])) == [3, 4]
    assert pair.do(lambda t: t.insert_multiple([])) == []
    assert pair.do(lambda t: t.insert_multiple({"g": n} for n in range(3))) == [5, 6, 7]
    assert pair.do(lambda t: t.insert(Document({"a": 5}, doc_id=20))) == 20
    assert pair.do(lambda t: t.insert({"a": 6})) == 21
    assert pair.do(lambda t: t.insert(Document({"low": 1}, doc_id=9))) == 9
    assert pair.do(lambda t: t.insert_multiple([Document({}, doc_id=0), Document({}, 12)])) == [
        0,
        12,
    ]
    assert pair.do(lambda t: t.insert({1: "keys become text", "t": (1, 2)})) == 22


@pytest.mark.parametrize(
    "wrong",
    [
        lambda t: t.insert([1, 2]),
        lambda t: t.insert("text"),
        lambda t: t.insert(Document({}, doc_id=3)),
        lambda t: t.insert_multiple([{"a": 1}, Document({}, doc_id=3)]),
        lambda t: t.insert_multiple([{"a": 1}, 7]),
        lambda t: t.insert({"a": {1, 2}}),
        lambda t: t.insert({"a": object()}),
        lambda t: t.insert({"a": datetime.datetime(2020, 1, 1)}),
        lambda t: t.get(),
        lambda t: t.contains(),
        lambda t: t.remove(),
        lambda t: t.upsert({"a": 1}),
        lambda t: t.update(operations.delete("missing"), where("n") > 3),
        lambda t: t.update(operations.increment("missing"), doc_ids=[2, 3]),
        lambda t: t.search(where("n").test(lambda n: n / 0)),
    ],
)
def test_mistakes_raise_the_same_and_change_nothing(filled, wrong):
    before = filled.path.read_bytes()
    filled.do(wrong)
    assert filled.path.read_bytes() == before


def test_reading(filled):
    even, none = where("even") == True, where("n") == 99  # noqa: E712
    filled.do(lambda t: t.all())
    filled.do(lambda t: list(t))
    filled.do(lambda t: len(t))
    filled.do(lambda t: t.search(even))
    filled.do(lambda t: t.search(even & (where("n") > 3)))
    filled.do(lambda t: t.search(none))
    filled.do(lambda t: t.count(even))
    filled.do(lambda t: t.count(none))
    filled.do(lambda t: t.get(even))
    filled.do(lambda t: t.get(none))
    filled.do(lambda t: t.contains(even))
    filled.do(lambda t: t.contains(none))
    for doc_id in (1, 7, 8, 0, -1, "3", "03", "x", True, 3.0):
        filled.do(lambda t, doc_id=doc_id: t.get(doc_id=doc_id))
        filled.do(lambda t, doc_id=doc_id: t.contains(doc_id=doc_id))
    for doc_ids in ([], [3], [7, 1, 99, 1], ["2", "x"]):
        filled.do(lambda t, doc_ids=doc_ids: t.get(doc_ids=doc_ids))
    filled.do(lambda t: t.get(even, doc_id=3))


def test_updating(filled):
    filled.do(lambda t: t.update({"read": True}, where("n") > 5))
    filled.do(lambda t: t.update({"all": 1}))
    filled.do(lambda t: t.update(operations.increment("n"), doc_ids=[3, 1, 99, 3]))
    filled.do(lambda t: t.update(operations.delete("even"), doc_ids=(n for n in (2, 4))))
    filled.do(lambda t: t.update(lambda d: d.update(x=d["n"] * 2), where("n") < 4))
    filled.do(lambda t: t.update({"never": 1}, where("n") == 99))
    filled.do(lambda t: t.update({"never": 1}, doc_ids=[]))
    filled.do(
        lambda t: t.update_multiple(
            [({"p": 1}, where("n") > 2), (operations.set("q", 2), where("p") == 1)]
        )
    )
    filled.do(lambda t: t.update_multiple([]))


def test_upserting(filled):
    filled.do(lambda t: t.upsert({"n": 3, "new": 1}, where("n") == 3))
    filled.do(lambda t: t.upsert({"n": 50}, where("n") == 50))
    filled.do(lambda t: t.upsert(Document({"z": 1}, doc_id=4)))
    filled.do(lambda t: t.upsert(Document({"z": 1}, doc_id=30)))
    filled.do(lambda t: t.upsert(Document({"z": 2}, doc_id=31), where("n") == 2))


def test_removing(filled):
    assert filled.do(lambda t: t.remove(doc_ids=[6, 2, 99])) == [6, 2]
    assert filled.do(lambda t: t.remove(where("n") < 4)) == [1, 3]
    assert filled.do(lambda t: t.remove(where("n") == 99)) == []
    assert filled.do(lambda t: t.remove(doc_ids=[])) == []
    filled.do(lambda t: t.truncate())
    assert len(filled.ours) == 0


def test_cached_results_are_kept_until_a_write_and_are_lists_of_their_own(filled):
    looked_at = []

    def look(number):
        looked_at.append(number)
        return number > 3

    table = filled.ours
    query = where("n").test(look)
    first = table.search(query)
    assert looked_at == [1, 2, 3, 4, 5, 6, 7]
    first.clear()
    table.search(query).clear()
    assert [d["n"] for d in table.search(query)] == [4, 5, 6, 7]
    assert table.count(query) == 4
    assert len(looked_at) == 7
    table.insert({"n": 8})
    assert [d["n"] for d in table.search(query)] == [4, 5, 6, 7, 8]
    table.update({"n": 0}, doc_ids=[8])
    assert table.count(query) == 4
    table.clear_cache()
    assert len(table._query_cache) == 0


def test_a_query_that_cannot_be_cached_is_not(filled):
    query = Query().n.map(lambda n: n + 1) > 4
    assert not query.is_cacheable()
    filled.do(lambda t: t.search(query))
    assert len(filled.ours._query_cache) == 0


def test_a_search_sees_what_another_process_added(filled):
    query = where("n") > 5
    assert len(filled.ours.search(query)) == 2
    other = LineFile(filled.path)
    other.append([(100, b'{"n":100}')])
    assert [d.doc_id for d in filled.ours.search(query)] == [6, 7, 100]
    assert len(filled.ours) == 8
    assert filled.ours.insert({}) == 101
    assert len(filled.ours) == 9


def test_an_article_is_read_from_the_file_that_replaced_the_open_one(filled):
    assert filled.ours.get(doc_id=7)["n"] == 7
    LineFile(filled.path).rewrite([(7, b'{"n":70}'), (8, b'{"n":80}')])
    assert filled.ours.get(doc_id=7) == {"n": 70}
    assert filled.ours.get(doc_id=8) == {"n": 80}


def test_a_table_sees_what_stock_tinydb_wrote(filled):
    assert len(filled.ours) == 7
    with TinyDB(filled.path) as db:
        db.table("articles").remove(doc_ids=[1, 2])
    assert len(filled.ours) == 5
    assert filled.ours.get(doc_id=1) is None
    assert filled.ours.get(doc_id=3)["n"] == 3
    assert filled.ours.insert({"n": 8}) == 8
    assert len(filled.ours) == 6


# -- whole databases


def test_other_tables_behave_as_stock_and_leave_the_articles_alone(filled):
    for db in (filled.stock_db, filled.our_db):
        notes = db.table("notes")
        assert notes.insert({"text": "ü"}) == 1
        assert notes.insert_multiple([{"text": "b"}, {"text": "c"}]) == [2, 3]
        assert notes.update({"seen": True}, where("text") == "b") == [2]
        assert notes.remove(doc_ids=[1]) == [1]
        assert plain(notes.all()) == [
            ("document", 2, {"text": "b", "seen": True}),
            ("document", 3, {"text": "c"}),
        ]
        assert db.insert({"in": "the default table"}) == 1
        assert len(db) == 1
        assert db.tables() == {"articles", "notes", "_default"}
    filled.compare()
    ours, stock = json.loads(filled.path.read_bytes()), filled.stock_db.storage.read()
    assert ours == stock
    assert len(filled.path.read_bytes().splitlines()) == 9

    for db in (filled.stock_db, filled.our_db):
        db.drop_table("notes")
        db.drop_table("no such table")
        assert db.tables() == {"articles", "_default"}
    filled.compare()
    for db in (filled.stock_db, filled.our_db):
        db.drop_table("articles")
        assert db.tables() == {"_default"}
        db.drop_tables()
        assert db.tables() == set()


def test_the_storage_reads_and_writes_whole_databases(filled):
    storage = filled.our_db.storage
    assert storage.read() == filled.stock_db.storage.read()
    data = {"articles": {"12": {"b": 2}, 3: {"a": 1}}, "notes": {"1": {}}}
    storage.write(data)
    assert filled.path.read_bytes() == (
        b'{"notes": {"1":{}}, "articles": {\n"3":{"a":1}\n,"12":{"b":2}\n}}\n'
    )
    assert by_id(filled.ours) == {3: {"a": 1}, 12: {"b": 2}}
    storage.write({})
    assert storage.read() is None


def test_a_database_closes_with_its_context_and_opens_again(tmp_path):
    with ArticleDB(tmp_path / "a.json") as db:
        db.table("articles").insert({"a": 1})
    with ArticleDB(tmp_path / "a.json", access_mode="r") as db:
        assert db.table("articles").all() == [{"a": 1}]
        for write in (
            lambda t: t.insert({}),
            lambda t: t.update({"b": 1}),
            lambda t: t.remove(doc_ids=[]),
            lambda t: t.truncate(),
        ):
            with pytest.raises(ReadOnlyError):
                write(db.table("articles"))
    with pytest.raises(LibraryError):
        ArticleDB(tmp_path / "none.json", access_mode="r")


def test_the_table_refuses_a_storage_that_is_not_a_library_file(tmp_path):
    with (
        ArticleDB(
            tmp_path / "a.json", storage=CachingMiddleware(TinyDB.default_storage_class)
        ) as db,
        pytest.raises(TypeError, match="LineStorage"),
    ):
        db.table("articles")


@pytest.mark.parametrize("indent", [None, 2])
def test_a_foreign_file_is_read_as_it_is_and_updated(tmp_path, indent):
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps({"x": {"1": {}}, "articles": {"5": {"n": 5}, "2": {"n": 2}}}, indent=indent)
    )
    before = path.read_bytes()
    table = ArticleDB(path).table("articles")
    assert (len(table), table.get(doc_id=5), table.all()) == (2, {"n": 5}, [{"n": 2}, {"n": 5}])
    assert path.read_bytes() == before
    assert table.update({"n": 6}, doc_ids=[5]) == [5]
    assert path.read_bytes() == b'{"x": {"1":{}}, "articles": {\n"2":{"n":2}\n,"5":{"n":6}\n}}\n'


def test_a_torn_tail_is_not_lost_when_the_file_is_rewritten(filled):
    with filled.path.open("r+b") as handle:
        handle.truncate(filled.path.stat().st_size - 12)
    table = ArticleDB(filled.path).table("articles")
    assert table.remove(doc_ids=[1]) == [1]
    assert [d.doc_id for d in table] == [2, 3, 4, 5, 6]
    assert b'"7":{"n":7' in filled.path.with_name("ours.json.torn").read_bytes()


def test_a_torn_tail_is_not_lost_when_another_table_is_written(filled):
    with filled.path.open("r+b") as handle:
        handle.truncate(filled.path.stat().st_size - 12)
    with ArticleDB(filled.path) as db:
        db.table("notes").insert({})
        assert len(db.table("articles")) == 6
    assert b'"7":{"n":7' in filled.path.with_name("ours.json.torn").read_bytes()


def test_a_subclass_that_writes_through_tinydbs_inner_methods_works(filled):
    filled.ours._update_table(lambda table: table.update({3: {"via": "inner"}, 50: {}}))
    assert filled.ours.get(doc_id=3) == {"via": "inner"}
    assert sorted(filled.ours._read_table(), key=int)[-1] == "50"
    assert filled.ours.insert({}) == 51


# -- what is better than stock


def test_an_id_is_never_given_twice(pair):
    pair.ours.insert_multiple([{}, {}, {}])
    pair.ours.remove(doc_ids=[3])
    assert pair.ours.insert({}) == 4
    pair.ours.truncate()
    assert pair.ours.insert({}) == 5
    pair.our_db.drop_tables()
    assert pair.our_db.table("articles").insert({}) == 6
    pair.our_db.storage.highest_id = 40  # remembered elsewhere
    assert pair.our_db.table("articles").insert({}) == 41
    assert pair.our_db.table("articles").insert_multiple([Document({}, 50), {}]) == [50, 51]


@pytest.mark.parametrize(
    "empty",
    [
        lambda db: db.table("articles").truncate(),
        lambda db: db.table("articles").remove(doc_ids=[7]),
        lambda db: db.table("articles")._update_table(lambda table: table.clear()),
        lambda db: db.drop_table("articles"),
        lambda db: db.drop_tables(),
    ],
)
def test_the_highest_id_is_noted_before_articles_go(filled, empty):
    with ArticleDB(filled.path) as db:  # which has given no id yet
        empty(db)
        assert db.table("articles").insert({}) == 8


def test_a_change_that_changes_nothing_writes_nothing(filled):
    before = filled.path.stat()
    filled.ours.update({"x": 1}, where("n") == 99)
    filled.ours.remove(doc_ids=[99])
    filled.ours.update_multiple([({"x": 1}, where("n") == 99)])
    filled.ours.insert_multiple([])
    assert filled.path.stat().st_ino == before.st_ino
    assert filled.path.stat().st_mtime_ns == before.st_mtime_ns


def test_everyday_calls_do_not_read_the_file_from_end_to_end(filled, monkeypatch):
    table = filled.ours
    len(table)
    monkeypatch.setattr(LineFile, "scan", lambda *_: pytest.fail("the file was scanned"))
    monkeypatch.setattr(LineFile, "verify", lambda *_: pytest.fail("the file was checked"))
    monkeypatch.setattr(LineFile, "count", lambda *_: pytest.fail("the file was counted"))
    assert table.insert({"n": 8}) == 8
    assert table.insert_multiple([{}, Document({}, doc_id=20)]) == [9, 20]
    assert len(table) == 10
    assert table.get(doc_id=8) == {"n": 8}
    assert not table.contains(doc_id=99)
    fresh = ArticleDB(filled.path).table("articles")
    assert fresh.get(doc_id=2)["n"] == 2
    assert fresh.insert({}) == 21


def test_a_directory_is_asked_first_and_corrected_by_the_file(filled):
    class Behind:
        def count(self):
            return 7

        def span(self, article_id):
            return filled.ours._file.find(4)  # wrong for every other id

    filled.ours.directory = Behind()
    assert len(filled.ours) == 7
    assert [filled.ours.get(doc_id=n)["n"] for n in (4, 5, 1)] == [4, 5, 1]
    assert len(filled.ours.search(where("n") > 0)) == 7


def test_one_open_file_serves_a_library_and_tinydb_alike(tmp_path):
    file = LineFile(tmp_path / "a.json")
    with ArticleDB(file) as db:
        assert db.table("articles").insert({"a": 1}) == 1
    assert file.count() == 1  # still open


def test_two_processes_that_insert_at_once_lose_nothing(tmp_path):
    path = tmp_path / "a.json"
    script = (
        "import sys\n"
        "from store.database import ArticleDB\n"
        "table = ArticleDB(sys.argv[1]).table('articles')\n"
        "for n in range(60):\n"
        "    number = table.insert({'by': sys.argv[2], 'n': n})\n"
        "    if n % 20 == 19:\n"
        "        table.update({'seen': True}, doc_ids=[number])\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", script, str(path), name], cwd=ROOT)
        for name in ("a", "b")
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    with TinyDB(path) as db:
        documents = db.table("articles").all()
    assert [d.doc_id for d in documents] == list(range(1, 121))
    assert sum("seen" in d for d in documents) == 6
    for name in ("a", "b"):
        assert [d["n"] for d in documents if d["by"] == name] == list(range(60))


# -- any sequence of calls

texts = st.text(max_size=5)
contents = st.dictionaries(
    st.sampled_from(["n", "title", "tags", "ü"]),
    st.integers(-3, 3)
    | texts
    | st.lists(texts, max_size=2)
    | st.none()
    | st.floats(allow_nan=False),
    max_size=3,
)
some_ids = st.lists(st.integers(1, 12), max_size=4, unique=True)
queries = st.sampled_from(
    [
        where("n") == 1,
        where("n").exists(),
        ~where("title").exists(),
        where("n").one_of([0, 1, 2, None]),
        (where("tags") == []) | (where("ü") == None),  # noqa: E711
        where("n").test(lambda n: isinstance(n, int) and n > 0),
    ]
)
changes = contents | st.sampled_from(
    [operations.set("n", 1), lambda d: d.pop("n", None), lambda d: d.update(title="x")]
)


class AnySequence(RuleBasedStateMachine):
    """Random calls on both; after each, both tables and what stock reads of our file agree.

    Results are sorted: stock goes through articles in the order they came in, ours by id.
    """

    @initialize()
    def begin(self):
        self.directory = tempfile.TemporaryDirectory()
        self.pair = Pair(Path(self.directory.name))

    def teardown(self):
        if hasattr(self, "pair"):
            self.pair.close()
            self.directory.cleanup()

    def do(self, call):
        # Stock may give an id again after a removal; ours does not.
        highest = max([self.pair.our_db.storage.highest_id, *by_id(self.pair.ours)], default=0)
        self.pair.stock._next_id = highest + 1
        self.pair.do(call)

    @rule(document=contents)
    def insert(self, document):
        self.do(lambda t: t.insert(document))

    @rule(documents=st.lists(contents, max_size=4))
    def insert_multiple(self, documents):
        self.do(lambda t: t.insert_multiple(documents))

    @rule(document=contents, doc_id=st.integers(1, 15))
    def insert_with_id(self, document, doc_id):
        self.do(lambda t: t.insert(Document(document, doc_id=doc_id)))

    @rule(documents=st.dictionaries(st.integers(1, 15), contents, max_size=3))
    def insert_multiple_with_ids(self, documents):
        self.do(lambda t: t.insert_multiple(Document(d, doc_id=n) for n, d in documents.items()))

    @rule(change=changes, query=queries)
    def update(self, change, query):
        self.do(lambda t: sorted(t.update(change, query)))

    @rule(change=changes, doc_ids=some_ids)
    def update_ids(self, change, doc_ids):
        self.do(lambda t: t.update(change, doc_ids=doc_ids))

    @rule(change=changes)
    def update_all(self, change):
        self.do(lambda t: sorted(t.update(change)))

    @rule(pairs=st.lists(st.tuples(changes, queries), max_size=3))
    def update_multiple(self, pairs):
        self.do(lambda t: sorted(t.update_multiple(pairs)))

    @rule(document=contents, query=queries)
    def upsert(self, document, query):
        self.do(lambda t: sorted(t.upsert(document, query)))

    @rule(document=contents, doc_id=st.integers(1, 15))
    def upsert_with_id(self, document, doc_id):
        self.do(lambda t: t.upsert(Document(document, doc_id=doc_id)))

    @rule(query=queries)
    def remove(self, query):
        self.do(lambda t: sorted(t.remove(query)))

    @rule(doc_ids=some_ids)
    def remove_ids(self, doc_ids):
        self.do(lambda t: t.remove(doc_ids=doc_ids))

    @rule()
    def truncate(self):
        self.do(lambda t: t.truncate())

    @rule(query=queries, doc_id=st.integers(-1, 15), doc_ids=some_ids)
    def look(self, query, doc_id, doc_ids):
        self.do(lambda t: sorted(d.doc_id for d in t.search(query)))
        self.do(lambda t: t.count(query))
        self.do(lambda t: t.contains(query))
        self.do(lambda t: t.get(doc_id=doc_id))
        self.do(lambda t: sorted(d.doc_id for d in t.get(doc_ids=doc_ids)))

    @rule(indent=st.none() | st.integers(0, 2))
    def rewritten_by_another_program(self, indent):
        data = json.loads(self.pair.path.read_bytes())
        self.pair.path.write_text(json.dumps(data, indent=indent))
        self.pair.compare()

    @precondition(lambda self: self.pair.path.stat().st_size > 40)
    @rule()
    def written_by_stock(self):
        with TinyDB(self.pair.path) as db:
            db.table("notes").insert({"a": 1})
        self.pair.compare()

    @rule()
    def opened_again(self):
        highest = self.pair.our_db.storage.highest_id
        self.pair.our_db.close()
        self.pair.our_db = ArticleDB(self.pair.path)
        self.pair.our_db.storage.highest_id = highest
        self.pair.ours = self.pair.our_db.table("articles")
        assert isinstance(self.pair.ours, LineTable)


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
