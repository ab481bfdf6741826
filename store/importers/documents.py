"""Records of programs that nobody foresaw: fields by their usual names, the others kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from store.article import FIELD_NAMES, Article, State, count_words
from store.dates import parse_date
from store.importers.fields import flag, moment, progress, state_of, tags_of, unescaped
from store.importers.html_fragment import looks_like_html, markdown_of
from store.importers.record import Rejected
from store.plaintext import plain_text
from store.sanitize import clean_line, clean_url

#: Marks of reading, by the names other programs give them.
_READ: Final = ("read", "is_read", "isRead", "seen")
_UNREAD: Final = ("unread", "is_unread", "isUnread", "toread", "to_read")
_STARRED: Final = (
    "starred", "is_starred", "isStarred", "favorite", "is_favorite", "isFavorite", "favourite",
    "is_fav", "liked", "saved_for_later", "is_saved", "important", "bookmarked",
)  # fmt: skip
_ARCHIVED: Final = ("archived", "is_archived", "isArchived", "archive")
_PROGRESS: Final = ("progress", "reading_progress", "readingProgress", "read_percent")
_STATUS: Final = ("status", "state", "location", "folder")
_TIMES: Final = {"read_at": ("read_at", "readAt", "time_read"), "opened": ("opened", "opened_at")}

_OF_READING: Final = frozenset(
    (*_READ, *_UNREAD, *_STARRED, *_ARCHIVED, *_PROGRESS, *_STATUS, *sum(_TIMES.values(), ()))
)

#: Dates that are those of the record; of a mere link they say when it was saved.
_OF_THE_RECORD: Final = ("created_at", "createdAt", "created", "timestamp", "date", "time")


#: More names that fields have, besides those of `FIELD_NAMES`; all are compared without regard to
#: case, spaces and marks, so that "Date published" is `datePublished` and `date_published`.
_MORE_NAMES: Final = {
    "title": ("article title", "page title", "post title", "resolved title", "given title"),
    "body": ("body html", "full text", "html", "html content", "content md", "text content",
             "body markdown", "article body", "main text"),
    "author": ("writer", "writers", "author name", "article author", "by line"),
    "site": ("site title", "source name", "feed title", "feed", "website name", "hostname"),
    "url": ("uri", "source url", "canonical url", "original url", "address", "web address",
            "page url", "article url", "website", "web url", "external url"),
    "published": ("publish date", "published date", "published on", "publish time",
                  "first published", "issued", "time"),
    "saved": ("date saved", "saved date", "saved on", "added at", "added on", "bookmarked at"),
    "tags": ("tag", "label", "tag list", "keyword", "category", "topics", "topic"),
    "lang": ("locale",),
    "summary": ("notes", "note", "blurb", "subtitle", "standfirst", "dek", "meta description"),
    "image": ("cover", "cover image", "preview image", "preview picture", "picture"),
}  # fmt: skip


def _plain_name(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


_NAMES: Final = {
    _plain_name(name): names[0]
    for field, names in FIELD_NAMES.items()
    for name in (*_MORE_NAMES.get(field, ()), *names)
}
_EXACT: Final = frozenset(name for names in FIELD_NAMES.values() for name in names)


def with_usual_names(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record with its fields called as `FIELD_NAMES` does, where none is called so already.

    Names pass the door first: as they are kept, so they are understood.
    """
    if not all(map(str.isprintable, document)):
        odd = {clean_line(name): value for name, value in document.items()}
        document = {**odd, **{n: v for n, v in document.items() if n.isprintable()}}
    renamed: dict[str, Any] = {}
    for name, value in document.items():
        if name in _EXACT or value in (None, "", []):
            continue
        usual = _NAMES.get(_plain_name(name))
        if usual and usual not in renamed.values() and not any(
            document.get(other) for other in FIELD_NAMES[_FIELD[usual]]
        ):  # fmt: skip
            renamed[name] = usual
    if not renamed:
        return document
    return {renamed.get(name, name): value for name, value in document.items()}


_FIELD: Final = {names[0]: field for field, names in FIELD_NAMES.items()}


def article_of_document(
    document: Mapping[str, Any], place: tuple[str, str], kind: str
) -> Article | Rejected:
    """The article that a record stands for.

    Args:
        document: The record, names as the program wrote them.
        place: Name of the source, and which item of it this is.
        kind: Name of the format.
    """
    name, item = place
    document = with_usual_names(document)
    article = Article.from_document(document)
    if not (article.title.strip() or article.body.strip() or article.url.strip()):
        return Rejected(name, "it has neither title, text nor link", item)
    link = clean_url(article.url)
    if article.url.strip() and not (link or article.body.strip()):
        return Rejected(name, f"its link is none that can be read: {article.url[:60]}", item)
    body = article.body
    if looks_like_html(body):
        body = markdown_of(body, base=link)
    extra = dict(article.extra)
    published, saved = _date(article.published), moment(article.saved)
    if article.published and not published:
        extra["published_as_given"] = article.published
    if not body.strip() and not saved and (date := _date_of_record(document, article.published)):
        published, saved = "", date
    state = _state(document)
    if state is not None:
        for each in (
            *_READ,
            *_UNREAD,
            *_STARRED,
            *_ARCHIVED,
            *_PROGRESS,
            *sum(_TIMES.values(), ()),
        ):
            extra.pop(each, None)
    tags = next((t for n in ("tags", "labels", "keywords", "categories")
                 if (t := tags_of(document.get(n)))), article.tags)  # fmt: skip
    return replace(
        article,
        title=clean_line(unescaped(article.title)),
        url=link,
        body=body,
        published=published,
        saved=saved,
        tags=tags,
        source=name,
        type=kind,
        words=count_words(plain_text(body)),
        extra=extra,
        state=state,
    )


def _date(value: str) -> str:
    """A date as it is known; a number is a point in time."""
    if value.strip().lstrip("-").replace(".", "", 1).isdecimal() and len(value.strip()) > 8:
        return moment(value)
    return parse_date(value)


def _date_of_record(document: Mapping[str, Any], found: str) -> str:
    """When a link was saved, if all it has is the date of its record."""
    for name in _OF_THE_RECORD:
        value = document.get(name)
        if isinstance(value, str | int | float) and found and str(value) == found:
            return moment(value)
    return ""


def _state(document: Mapping[str, Any]) -> State | None:
    if _OF_READING.isdisjoint(document):
        return None

    def marked(names: tuple[str, ...]) -> bool:
        return any(flag(document.get(name)) for name in names)

    done = max((progress(document.get(name)) for name in _PROGRESS), default=0.0)
    status = next((v.strip().lower() for n in _STATUS if isinstance(v := document.get(n), str)), "")
    archived = marked(_ARCHIVED) or status in ("archive", "archived")
    unread = [document[name] for name in _UNREAD if name in document]
    read = marked(_READ) or status == "read" or any(_says_no(value) for value in unread)
    times = {
        field: next((m for n in names if (m := moment(document.get(n)))), "")
        for field, names in _TIMES.items()
    }
    return state_of(
        read=read, starred=marked(_STARRED) or status == "starred", archived=archived, done=done,
        **times,
    )  # fmt: skip


def _says_no(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in ("0", "false", "no", "n")
    return isinstance(value, bool | int) and value == 0
