"""`broadsheet feed`: subscribe to feeds, refresh them, move them between programs."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.commands import output
from tui.commands.parsing import CommandParser, Commands, add_library_options, place

if TYPE_CHECKING:
    from store import Library, Outcome, RefreshReport, Subscription, ViewCount

    #: A subscription and its articles.
    Counted = tuple[Subscription, ViewCount]

_UNITS = {"m": 1, "h": 60, "d": 24 * 60}

#: Cells of the columns of a table: title at most, numbers, state.
_NAME = 32
_NUMBER = 6
_STATE = 12
_NARROW = 60  # columns below which the next check gives way

_MORE = """\
The articles of feeds are found by `feed:ADDRESS`, by the tags of the feed, and by `site:TITLE`.

examples:
  broadsheet feed add https://example.org/ --tag news
  broadsheet feed refresh
  broadsheet feed list
  broadsheet feed import subscriptions.opml
  broadsheet feed export > subscriptions.opml
"""

_ADD_MORE = """\
A page's address will do: its feed is found by what the page names, else where feeds usually are.
Only addresses typed here may be on a private network; those of pages, lists and redirects may not.

examples:
  broadsheet feed add https://example.org/ https://example.net/atom.xml
  broadsheet feed add https://example.org/feed --tag news --full-text --interval 6h

exit status: 0, or 1 when no feed was found at one of the addresses.
"""

_LIST_MORE = """\
Written to a pipe, each subscription is one line without a header, its fields parted by tabs:
address, title, tags, state (new, ok, failing, gone), unread, total, interval in minutes (0: the
default), full text (yes, no), last check, next check, error.
"""

_REFRESH_MORE = """\
Without names all feeds are asked but those that are gone, and those whose server asked to be left
alone for a while; named ones are asked in any case.

examples:
  broadsheet feed refresh                   all of them
  broadsheet feed refresh '#news' https://example.org/feed
  broadsheet feed refresh --due             those whose interval has passed: for cron

exit status: 0, or 1 when all that were asked failed.
"""


def register(commands: Commands) -> None:
    """Add the parser of `feed`."""
    feed = commands.add_parser(
        "feed",
        help="subscribe to feeds, refresh, list and remove them",
        description="Subscribe to feeds, refresh, list and remove them.",
        more=lambda: _MORE,
    )
    actions = feed.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=CommandParser
    )
    parser = actions.add_parser(
        "add",
        help="subscribe to feeds, by their addresses or those of their pages",
        description="Subscribe to feeds, by their addresses or those of their pages.",
        words="urls",
        more=lambda: _ADD_MORE,
    )
    parser.add_argument("urls", nargs="+", metavar="URL", help="the address of a feed or a page")
    parser.add_argument(
        "--tag", action="append", default=[], metavar="TAG", help="a tag for its articles; repeat"
    )
    parser.add_argument(
        "--full-text", action="store_true", help="fetch the pages of entries, for short feeds"
    )
    parser.add_argument(
        "--interval",
        type=_interval,
        default=0,
        metavar="TIME",
        help="between two checks: 30m, 6h, 1d",
    )
    parser.add_argument("--title", default="", metavar="TITLE", help="what to call it")
    parser.add_argument(
        "--unchecked", action="store_true", help="subscribe without asking the address"
    )
    _finish(parser).set_defaults(run=_add)

    parser = actions.add_parser(
        "list",
        help="list the subscriptions",
        description="List the subscriptions with what is unread, errors and the next check.",
        more=lambda: _LIST_MORE,
    )
    parser.add_argument("--json", action="store_true", help="write a JSON array of objects")
    _finish(parser).set_defaults(run=_list)

    parser = actions.add_parser(
        "rm",
        help="unsubscribe",
        description="Unsubscribe from feeds; their articles stay.",
        words="names",
    )
    parser.add_argument(
        "names", nargs="+", metavar="NAME", help="an address, a title, or a tag for all with it"
    )
    _finish(parser).set_defaults(run=_remove)

    parser = actions.add_parser(
        "refresh",
        help="ask feeds for what is new",
        description="Ask feeds for what is new.",
        words="names",
        more=lambda: _REFRESH_MORE,
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="an address, a title, or a tag (default: all)"
    )
    parser.add_argument("--due", action="store_true", help="only those whose interval has passed")
    parser.add_argument("--json", action="store_true", help="write the full report as JSON")
    parser.add_argument("--verbose", action="store_true", help="name also feeds with nothing new")
    _finish(parser).set_defaults(run=_refresh)

    parser = actions.add_parser(
        "import",
        help="subscribe to the feeds of a list (OPML)",
        description="Subscribe to the feeds of a list (OPML), as other programs write them.  "
        "Groups become tags.",
        words="files",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help='a list, or "-" for stdin')
    _finish(parser).set_defaults(run=_import)

    parser = actions.add_parser(
        "export",
        help="write the subscriptions as a list (OPML)",
        description="Write the subscriptions as a list (OPML 2.0), for other programs.",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=place,
        default="-",
        help="where to (default: standard output)",
    )
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    _finish(parser).set_defaults(run=_export)


def _finish(parser: CommandParser) -> CommandParser:
    add_library_options(parser, default=argparse.SUPPRESS)
    return parser


def _interval(text: str) -> int:
    """Minutes of "30m", "6h", "1d" or "90"."""
    match = re.fullmatch(r"(\d{1,6})([mhd]?)", text.strip().lower())
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write 30m, 6h or 1d")
    return int(match[1]) * _UNITS[match[2] or "m"]


def in_words(minutes: int) -> str:
    """An interval as it is written: "30m", "6h", "1d"."""
    for unit in ("d", "h"):
        if minutes and minutes % _UNITS[unit] == 0:
            return f"{minutes // _UNITS[unit]}{unit}"
    return f"{minutes}m"


# ------------------------------------------------------------------------------ add


def _add(arguments: argparse.Namespace) -> int:
    from store import FetchError, Subscription
    from store.answer import shown
    from tui.commands.fetch import no_address
    from tui.commands.opening import writing
    from tui.commands.progress import Progress
    from tui.widgets.cells import clean

    failed = 0
    made: list[Subscription] = []
    with writing(arguments) as library:
        _configure(library)
        for url in map(_address, arguments.urls):
            if reason := no_address(url):
                output.warn(f"{shown(url)}: {reason}")
                failed += 1
                continue
            others: list[Subscription] = []
            if arguments.unchecked:
                found = Subscription(url, private=library.web.is_private(url))
            else:
                try:
                    with Progress() as progress:
                        progress.on_work(f"asking {shown(url)}", 0, 0)
                        feeds = library.web.discover(url)
                except FetchError as error:
                    output.warn(f"{error}; --unchecked subscribes all the same")
                    failed += 1
                    continue
                if not feeds:
                    output.warn(f"{shown(url)}: there is no feed, nor does the page name one")
                    failed += 1
                    continue
                found, *others = feeds
            subscription, is_new = library.feeds.subscribe(
                found.url, title=arguments.title, site=found.site,
                tags=arguments.tag, interval=arguments.interval, full_text=arguments.full_text,
                by_hand=found.private,
            )  # fmt: skip
            made.append(subscription)
            what = "subscribed to" if is_new else "already subscribed to"
            name = subscription.title or found.title or "it"
            print(clean(f"{what} {name}: {shown(subscription.url)}"))
            for other in others[:5]:
                print(clean(f"  also there: {shown(other.url)}  {other.title}"))
        if made and not arguments.unchecked:
            report = _run(library, made, insist=True)
            _tell(report, verbose=False)
    return 1 if failed else 0


def _address(text: str) -> str:
    """An address as it was typed; one without a scheme is taken for https."""
    text = text.strip()
    return text if "://" in text else f"https://{text}"


# ------------------------------------------------------------------------------ list, rm


def _list(arguments: argparse.Namespace) -> int:
    from store.answer import shown
    from tui.commands.opening import reading
    from tui.widgets.cells import clean

    counted: list[Counted] = []
    with reading(arguments) as library:
        if library is not None:
            counted = _counted(library)
    if arguments.json:
        output.write_json_array(_json(*each) for each in counted)
    elif sys.stdout.isatty():
        for line in _table(counted, columns=output.width(sys.stdout)):
            print(line)
    else:
        for feed, count in counted:
            fields = (
                shown(feed.url), feed.title, ",".join(feed.tags), feed.state, str(count.unread),
                str(count.total), str(feed.interval), "yes" if feed.full_text else "no",
                feed.checked, feed.next_check, feed.error,
            )  # fmt: skip
            print("\t".join(map(clean, fields)))
    return 0


def _counted(library: Library) -> list[Counted]:
    feeds = library.feeds.all()
    return list(zip(feeds, library.feeds.counts_of(feeds), strict=True))


def _json(feed: Subscription, count: ViewCount) -> dict[str, Any]:
    from store.answer import shown

    return {
        "url": shown(feed.url), "title": feed.title, "site": feed.site, "tags": list(feed.tags),
        "state": feed.state, "unread": count.unread, "total": count.total,
        "interval": feed.interval, "full_text": feed.full_text, "added": feed.added,
        "checked": feed.checked, "next_check": feed.next_check, "errors": feed.errors,
        "error": feed.error,
    }  # fmt: skip


def _table(counted: Sequence[Counted], *, columns: int) -> Iterator[str]:
    from rich.cells import cell_len

    from tui.widgets.cells import clean, fit, shorten
    from tui.widgets.glyphs import default_glyphs

    ellipsis = default_glyphs().ellipsis
    longest = max((cell_len(clean(feed.name)) for feed, _ in counted), default=0)
    name = max(5, min(longest, _NAME, columns // 3))

    def line(title: str, unread: str, total: str, next_: str, rest: str) -> str:
        cells = [
            fit(clean(title), name, ellipsis=ellipsis),
            fit(unread, _NUMBER, right=True, ellipsis=ellipsis),
            fit(total, _NUMBER, right=True, ellipsis=ellipsis),
        ]
        if columns >= _NARROW:
            cells.append(fit(next_, _STATE))
        start = "  ".join((*cells, ""))
        return (start + shorten(clean(rest), columns - cell_len(start), ellipsis)).rstrip()

    if counted:
        yield line("TITLE", "UNREAD", "TOTAL", "NEXT CHECK", "TAGS, OR WHAT IS WRONG")
    for feed, count in counted:
        tags = " ".join(f"#{tag}" for tag in feed.tags)
        rest = f"{feed.state}: {feed.error}" if feed.error else tags
        yield line(feed.name, f"{count.unread:,}", f"{count.total:,}", next_check(feed), rest)


def next_check(feed: Subscription) -> str:
    """When a feed is asked next: "in 25m", "now", "never"."""
    from datetime import UTC, datetime

    from tui.widgets.when import until_words

    return "never" if feed.gone else until_words(feed.next_check, datetime.now(UTC))


def _remove(arguments: argparse.Namespace) -> int:
    import shlex

    from tui.commands.opening import writing
    from tui.widgets.cells import clean

    with writing(arguments) as library:
        for feed in library.feeds.chosen(arguments.names):
            library.feeds.remove(feed)
            words = ["broadsheet", "feed", "add", feed.url]
            for tag in feed.tags:
                words += ["--tag", tag]
            if feed.full_text:
                words.append("--full-text")
            if feed.interval:
                words += ["--interval", in_words(feed.interval)]
            print(clean(f"removed {feed.name}; to put it back: {shlex.join(words)}"))
    return 0


# ------------------------------------------------------------------------------ refresh


def _refresh(arguments: argparse.Namespace) -> int:
    from tui.commands.opening import writing

    with writing(arguments) as library:
        _configure(library)
        feeds = library.feeds
        chosen = feeds.chosen(arguments.names) if arguments.names else list(feeds.all())
        if not chosen:
            output.warn("there is no subscription: `broadsheet feed add URL` makes one")
            return 0
        if arguments.due:
            due = {each.id for each in feeds.due()}
            chosen = [each for each in chosen if each.id in due]
        report = _run(library, chosen, insist=bool(arguments.names))
    if arguments.json:
        print(output.to_json(report.to_json(), indent=2))
    else:
        _tell(report, verbose=arguments.verbose)
    failed = len(report.failed)
    return 1 if failed and failed == len(report.outcomes) else 0


def _configure(library: Library) -> None:
    """Put the settings of the config file in force; its faults are for `broadsheet config`."""
    from tui import config

    library.feeds.default = config.load()[0].feed_interval


def _run(library: Library, chosen: Sequence[Subscription], *, insist: bool) -> RefreshReport:
    from tui.commands.progress import Progress

    with Progress() as progress:

        def told(outcome: Outcome, done: int, total: int) -> None:
            progress.on_work(outcome.subscription.name, done, total)

        progress.on_work("feeds", 0, len(chosen))
        return library.feeds.refresh(chosen, insist=insist, on_outcome=told)


def _tell(report: RefreshReport, *, verbose: bool) -> None:
    from store.answer import shown
    from tui.widgets.cells import clean

    for outcome in report.outcomes:
        name = outcome.subscription.name
        if outcome.error:
            print(clean(f"failed {name}: {outcome.error}"), file=sys.stderr)
        elif outcome.new or outcome.updated or outcome.moved_to or verbose:
            words = f"{len(outcome.new):,} new"
            if outcome.updated:
                words += f", {len(outcome.updated):,} updated"
            if verbose:
                words += f", {outcome.unchanged:,} unchanged"
            if outcome.moved_to:
                words += f"; it moved to {shown(outcome.moved_to)}"
            print(clean(f"{name}: {words}"))
    for waiting in report.waiting:
        print(clean(f"left alone {waiting.name}: its server asked to wait"), file=sys.stderr)
    print(clean(report.summary()))


# ------------------------------------------------------------------------------ import, export


def _import(arguments: argparse.Namespace) -> int:
    from itertools import chain

    from store.importers import read_sources
    from tui.commands.add import readable_names
    from tui.commands.opening import writing
    from tui.widgets.cells import clean

    files, wrong = readable_names(arguments.files)
    with writing(arguments) as library:
        records = read_sources(
            files, format="opml", stdin=sys.stdin.buffer if "-" in files else None
        )
        report = library.add(chain(wrong, records))
    for rejected in report.rejected:
        place = f"{rejected.source}, {rejected.item}" if rejected.item else rejected.source
        print(clean(f"rejected {place}: {rejected.reason}"), file=sys.stderr)
    known = len(report.links) - report.subscribed
    print(
        f"{report.subscribed:,} subscribed to, {known:,} known, {len(report.rejected):,} rejected"
    )
    return 1 if report.rejected and not report.links else 0


def _export(arguments: argparse.Namespace) -> int:
    from store import LibraryError, own_files, write_target
    from store.importers.opml import write_opml
    from tui.commands.opening import library_path, reading
    from tui.paths import spared

    lines: list[str] = []
    with reading(arguments) as library:
        if library is not None:
            lines = list(write_opml(library.feeds.links()))
    if arguments.output == "-":
        sys.stdout.writelines(lines)
        return 0
    try:
        write_target(
            Path(arguments.output),
            ["".join(lines).encode()],
            own=(*own_files(library_path(arguments)), *spared()),
            force=arguments.force,
        )
    except OSError as error:
        raise LibraryError(
            f"{arguments.output} cannot be written: {error.strerror or error}"
        ) from error
    return 0
