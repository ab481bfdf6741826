"""The keys of the app and of the main screen, and which of them the key bar shows.

Every binding has an id, which the config's `[keys]` table refers to.
"""

from __future__ import annotations

from textual.binding import Binding, BindingType

APP_KEYS: list[BindingType] = [
    Binding("question_mark", "help", "All keys", id="app.help", show=False),
    Binding("colon,ctrl+p", "command_palette", "Commands", id="app.palette", show=False),
    Binding("ctrl+l", "redraw", "Redraw", id="app.redraw", show=False, priority=True),
    Binding("ctrl+z", "suspend_process", "To the shell", id="app.suspend", priority=True),
    Binding("ctrl+c", "quit_behind", "Quit at once", id="app.quit_now", priority=True),
]

MAIN_KEYS: list[BindingType] = [
    # Articles: the one under the cursor, those selected, or the one in the reader.
    Binding("r", "mark('read')", "Read or unread", id="article.read", show=False),
    Binding("s", "mark('starred')", "Star", id="article.star", show=False),
    Binding("a", "mark('archived')", "Archive", id="article.archive", show=False),
    Binding("D", "mark('trashed')", "Trash", id="article.trash", show=False),
    Binding("P", "purge", "Remove from the trash for good", id="article.purge", show=False),
    Binding("t", "tags", "Edit tags", id="article.tags", show=False),
    Binding("o", "open_link", "Open its link", id="article.open_link", show=False),
    Binding("y", "copy_link", "Copy its link", id="article.copy_link", show=False),
    Binding("Y", "copy_text", "Copy citation, or text", id="article.copy_text", show=False),
    Binding("R", "related", "Articles like this one", id="article.related", show=False),
    Binding("e", "export", "Export", id="article.export", show=False),
    Binding("i", "details", "Details", id="article.details", show=False),
    Binding(
        "H",
        "highlights",
        "Highlights: of all, or of the article",
        id="article.highlights",
        show=False,
    ),
    Binding("U", "undo", "Undo", id="app.undo", show=False),
    Binding("ctrl+r", "redo", "Redo", id="app.redo", show=False),
    # What comes in.
    Binding("A", "add", "Add a page, a feed or a file", id="app.add", show=False),
    Binding("F", "feeds", "Feeds", id="app.feeds", show=False),
    Binding(
        "dollar_sign", "refresh_feeds", "Ask the feeds for news", id="app.refresh_feeds", show=False
    ),
    Binding("W", "fetch_text", "Fetch its text from the web", id="article.fetch", show=False),
    # What is listed.
    Binding("slash", "search", "Search; in the reader: find", id="search.open"),
    Binding("backslash", "search_library", "Search the library", id="search.library", show=False),
    Binding("w", "save_view", "Save the search as a view", id="search.save", show=False),
    Binding("f", "views", "Views", id="list.views"),
    Binding("S", "sort", "Order of the list", id="list.sort", show=False),
    Binding("T", "statistics", "Statistics of reading", id="list.statistics", show=False),
    Binding("n", "next(1)", "Next unread or hit", id="list.next", show=False),
    Binding("N", "next(-1)", "Previous unread or hit", id="list.previous", show=False),
    Binding("J", "step(1)", "Next article", id="article.next", show=False),
    Binding("K", "step(-1)", "Previous article", id="article.previous", show=False),
    Binding("c", "contents", "Contents: the headings", id="reader.contents", show=False),
    Binding("ctrl+o", "jump(-1)", "Back to before the last jump", id="jump.back", show=False),
    Binding("L", "jump(1)", "Forward to where the jump led", id="jump.forward", show=False),
    # Panes.
    Binding("h,backspace,escape", "back", "Back", id="pane.back", show=False),
    Binding("z", "full", "Reader in full width", id="pane.full", show=False),
    Binding("tab", "pane('next')", "Next pane", id="pane.next", show=False),
    Binding("shift+tab", "pane('previous')", "Previous pane", id="pane.previous", show=False),
    Binding("1", "pane('list')", "List", id="pane.list", show=False),
    Binding("2", "pane('reader')", "Reader", id="pane.reader", show=False),
    Binding("3", "pane('search')", "Search", id="pane.search", show=False),
    Binding("q", "leave", "Quit, or back", id="app.quit"),
]

#: The few keys the key bar shows, by pane, most wanted first.
KEY_BAR: dict[str, tuple[tuple[str, str], ...]] = {
    "list": (
        ("list.open", "read"),
        ("search.open", "search"),
        ("list.views", "views"),
        ("article.star", "star"),
        ("article.archive", "archive"),
        ("article.tags", "tags"),
        ("app.undo", "undo"),
        ("app.help", "keys"),
        ("app.quit", "quit"),
        ("article.related", "related"),
        ("app.add", "add"),
        ("app.feeds", "feeds"),
    ),
    "reader": (
        ("pane.back", "back"),
        ("reader.space", "page"),
        ("article.next", "next"),
        ("reader.contents", "contents"),
        ("reader.label_links", "links"),
        ("article.star", "star"),
        ("article.archive", "archive"),
        ("article.tags", "tags"),
        ("app.help", "keys"),
        ("reader.select", "highlight"),
        ("article.related", "related"),
    ),
    "matches": (
        ("reader.next_match", "next match"),
        ("reader.previous_match", "previous"),
        ("pane.back", "back"),
        ("article.next", "next article"),
        ("article.star", "star"),
        ("article.archive", "archive"),
        ("app.help", "keys"),
        ("article.related", "related"),
    ),
    "find": (
        ("find.leave", "back to where you were"),
        ("find.earlier", "found before"),
    ),
    "cursor": (
        ("select.leave", "leave"),
        ("select.end", "select a word"),
        ("select.sentence_end", "a sentence"),
        ("select.paragraph_end", "a paragraph"),
        ("select.next", "next highlight"),
        ("app.help", "keys"),
    ),
    "marked": (
        ("select.leave", "leave"),
        ("select.enter", "note"),
        ("select.colour", "colour"),
        ("select.remove", "remove"),
        ("select.next", "next highlight"),
        ("app.help", "keys"),
    ),
    "select": (
        ("select.leave", "leave"),
        ("select.highlight", "highlight"),
        ("select.note", "with a note"),
        ("select.copy", "copy"),
        ("select.colour", "colour"),
        ("select.here", "begin here"),
        ("select.swap", "other end"),
        ("select.sentence_end", "sentence"),
        ("select.paragraph_end", "paragraph"),
        ("select.remove", "remove"),
    ),
    "search": (
        ("list.open", "open"),
        ("search.down", "next"),
        ("search.switch", "hits"),
        ("search.leave", "back"),
    ),
    "hits": (
        ("list.open", "open"),
        ("search.edit", "change"),
        ("search.facets", "facets"),
        ("search.save", "save as view"),
        ("article.star", "star"),
        ("search.leave", "back"),
        ("app.help", "keys"),
    ),
    "empty": (
        ("app.add", "add"),
        ("empty.sample", "sample library"),
        ("app.help", "keys"),
        ("app.quit", "quit"),
    ),
}
