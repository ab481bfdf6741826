"""The keys of the dialogs, apart from them: so that the keys are known before any is loaded."""

from __future__ import annotations

from textual.binding import Binding, BindingType

DIALOG_KEYS: list[BindingType] = [
    Binding("escape", "close", "Close", id="dialog.close"),
]

NARROWING_KEYS: list[BindingType] = [
    Binding("q", "close", "Close", id="dialog.quit", show=False),
    Binding("slash", "filter", "Narrow", id="dialog.filter", show=False),
]

CHOICE_KEYS: list[BindingType] = [
    Binding("j,ctrl+n", "move('cursor_down')", "Down", id="dialog.down", show=False),
    Binding("k,ctrl+p", "move('cursor_up')", "Up", id="dialog.up", show=False),
    Binding("g", "move('first')", "First", id="dialog.first", show=False),
    Binding("G", "move('last')", "Last", id="dialog.last", show=False),
    Binding("l", "move('select')", "Choose", id="dialog.choose", show=False),
]

SWITCHER_KEYS: list[BindingType] = [
    Binding("x,delete", "change('remove')", "Remove the view", id="dialog.remove", show=False),
    Binding("r", "change('rename')", "Rename the view", id="dialog.rename", show=False),
    Binding("e", "change('edit')", "Edit its query", id="dialog.edit", show=False),
    Binding("U", "put_back", "Put back what was removed", id="dialog.put_back", show=False),
]

FEEDS_KEYS: list[BindingType] = [
    Binding("a", "act('add')", "Subscribe", id="feeds.add", show=False),
    Binding("r", "act('refresh')", "Ask this feed", id="feeds.refresh", show=False),
    Binding("R", "act('refresh_all')", "Ask all feeds", id="feeds.refresh_all", show=False),
    Binding("t", "act('tags')", "Its tags", id="feeds.tags", show=False),
    Binding("e", "act('rename')", "Its name", id="feeds.rename", show=False),
    Binding("I", "act('interval')", "Its interval", id="feeds.interval", show=False),
    Binding("T", "act('full_text')", "Fetch full texts", id="feeds.full_text", show=False),
    Binding("x,delete", "act('remove')", "Unsubscribe", id="feeds.remove", show=False),
    Binding("U", "act('undo')", "Undo", id="feeds.undo", show=False),
]

TAGS_KEYS: list[BindingType] = [
    Binding("tab", "complete", "Complete", id="tags.complete", priority=True),
    Binding("down,ctrl+n", "move('cursor_down')", "Next", id="tags.down", priority=True),
    Binding("up,ctrl+p", "move('cursor_up')", "Previous", id="tags.up", priority=True),
]

NOTE_KEYS: list[BindingType] = [
    Binding("enter", "save", "Save the note", id="note.save", priority=True, show=False),
    Binding("ctrl+j,alt+enter,shift+enter", "new_line", "New line", id="note.line",
            priority=True, show=False),
]  # fmt: skip

DETAILS_KEYS: list[BindingType] = [
    Binding("j,ctrl+n", "move('cursor_down')", "Down", id="dialog.down", show=False),
    Binding("k,ctrl+p", "move('cursor_up')", "Up", id="dialog.up", show=False),
    Binding("g", "move('first')", "First", id="dialog.first", show=False),
    Binding("G", "move('last')", "Last", id="dialog.last", show=False),
    Binding("space", "move('page_down')", "Page down", id="page.next", show=False),
    Binding("b", "move('page_up')", "Page up", id="page.previous", show=False),
    Binding("tab", "section(1)", "Next part", id="details.next", show=False),
    Binding("shift+tab", "section(-1)", "Previous part", id="details.previous", show=False),
    Binding("l", "move('select')", "Choose", id="dialog.choose", show=False),
    Binding("o", "outside", "Open the link outside", id="details.outside", show=False),
    Binding("q", "close", "Close", id="dialog.quit", show=False),
]

PAGE_KEYS: list[BindingType] = [
    Binding("j,down", "scroll('down')", "Down", id="page.down", show=False),
    Binding("k,up", "scroll('up')", "Up", id="page.up", show=False),
    Binding("space,pagedown", "scroll('page_down')", "Page down", id="page.next", show=False),
    Binding("b,pageup", "scroll('page_up')", "Page up", id="page.previous", show=False),
    Binding("g,home", "scroll('home')", "Top", id="page.top", show=False),
    Binding("G,end", "scroll('end')", "End", id="page.end", show=False),
    Binding("q,enter", "close", "Close", id="page.close", show=False),
]

HIGHLIGHTS_KEYS: list[BindingType] = [
    Binding("slash", "filter", "Filter", id="highlights.filter", show=False),
    Binding("q", "close", "Close", id="highlights.close", show=False),
    Binding("down,ctrl+n", "from_filter(1)", "Next", id="highlights.down", show=False),
    Binding("up,ctrl+p", "from_filter(-1)", "Previous", id="highlights.up", show=False),
]

CONTENTS_KEYS: list[BindingType] = [
    Binding("ctrl+n,down", "move(1)", "Down", id="dialog.down", show=False),
    Binding("ctrl+p,up", "move(-1)", "Up", id="dialog.up", show=False),
]

ASK_KEYS: list[BindingType] = [
    Binding("tab", "complete", "Complete", id="ask.complete", priority=True),
]

EXPORT_KEYS: list[BindingType] = [
    Binding("tab", "scope", "Which articles", id="export.scope", priority=True),
    Binding("down,ctrl+n", "move(1)", "Next format", id="export.down", priority=True),
    Binding("up,ctrl+p", "move(-1)", "Previous format", id="export.up", priority=True),
]
