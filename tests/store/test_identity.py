"""The same article is known again through another link, another wrap or another markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.article import Article
from store.identity import canonical_url, identity


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://Example.ORG:80/a/", "https://example.org/a"),
        ("https://www.example.org:443", "https://example.org"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://reader:secret@example.org/a", "https://example.org/a"),
        ("https://example.org/a#section-2", "https://example.org/a"),
        ("https://example.org/#!/story/5", "https://example.org#!/story/5"),
        ("https://example.org/#/story/5", "https://example.org#/story/5"),
        ("https://example.org/a?utm_source=x&id=7&fbclid=z", "https://example.org/a?id=7"),
        ("https://example.org/a?UTM_Medium=x&mc_cid=1&ref=home", "https://example.org/a"),
        ("https://example.org/a?b=2&a=1", "https://example.org/a?b=2&a=1"),
        ("https://example.org/a?", "https://example.org/a"),
        ("https://example.org//a/./b/../c/", "https://example.org/a/c"),
        ("https://example.org/%7euser/%c3%a9t%C3%A9", "https://example.org/~user/%C3%A9t%C3%A9"),
        ("https://example.org/été", "https://example.org/%C3%A9t%C3%A9"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://m.example.org/a", "https://m.example.org/a"),
        ("gemini://example.org/a", "gemini://example.org/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("mailto:desk@example.org", ""),
        ("/only/a/path", ""),
        ("https://", ""),
        ("https://[broken/a", ""),
        ("https://example.org:port/a", ""),
        ("", ""),
    ],
)
def test_links_to_one_page_have_one_canonical_form(url, canonical):
    assert canonical_url(url) == canonical


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_a_canonical_address_is_its_own_canonical_form(tail):
    once = canonical_url("https://example.org/" + tail)
    assert canonical_url(once) == once


def test_an_article_of_the_web_is_known_by_its_address():
    first = Article(title="One", body="text", url="http://www.example.org/a/?utm_source=mail")
    second = Article(title="Another", body="", url="https://example.org/a#top")
    assert identity(first) == identity(second)
    assert identity(first) != identity(Article(url="https://example.org/b"))


def test_an_article_without_address_is_known_by_its_words():
    first = Article(title="The “End”", body="It was *late* in\nthe day.")
    second = Article(title='The "End"', body="It was _late_ in the day.\n")
    assert identity(first) == identity(second)
    assert identity(first) != identity(Article(title="The “End”", body="It was early."))


def test_words_do_not_pass_from_title_to_text():
    assert identity(Article(title="a b", body="c")) != identity(Article(title="a", body="b c"))


@given(st.text(), st.text(), st.text())
def test_an_identity_is_a_signed_64_bit_number(title, body, url):
    number = identity(Article(title=title, body=body, url=url))
    assert -(2**63) <= number < 2**63


def test_an_identity_stays_the_same_between_versions():
    assert identity(Article(url="https://example.org/a")) == 3136536848290159699
    assert identity(Article(title="Title", body="Some text.")) == 3693692638070393790


@given(
    st.lists(st.text("abz-09", min_size=1, max_size=5), min_size=1, max_size=3).map(".".join),
    st.lists(st.text("aZ0_~.-", max_size=4), max_size=4).map("/".join),
)
def test_plain_addresses_take_a_shorter_way_to_the_same_form(host, path):
    url = f"http://www.{host}.example/{path}"
    assert canonical_url(url) == canonical_url(url + "?utm_source=feed")


def test_an_article_is_known_by_any_form_of_its_address(path, open_library):
    library = open_library(path)
    report = library.add([
        Article(title="One", body="Text.", url="http://www.example.org/a/?utm_source=feed"),
        Article(title="Two", body="Other text.", url="https://example.org/b"),
        Article(title="No address", body="A third text."),
    ])  # fmt: skip
    one, two, _ = report.added
    assert library.at_url("https://example.org/a#part-2") == one
    assert library.at_url("https://example.org/c") is None
    assert library.at_url("") is None
    assert library.at_url("mailto:a@example.org") is None
    library.mark([two], trashed=True)
    assert library.at_url("https://example.org/b") is None
