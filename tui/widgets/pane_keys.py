"""The keys of the lists, the search pane and the empty library; the reader has `reader_keys`.

They stand apart from the panes so that the keys are known before a pane is loaded.
"""

from __future__ import annotations

from textual.binding import Binding, BindingType

CURSOR_KEYS: list[BindingType] = [
    Binding("j,down", "cursor_down", "Down", id="list.down", show=False),
    Binding("k,up", "cursor_up", "Up", id="list.up", show=False),
    Binding("g,home", "cursor_top", "First", id="list.top", show=False),
    Binding("G,end", "cursor_bottom", "Last", id="list.bottom", show=False),
    Binding("space,pagedown", "page_down", "Page down", id="list.page_down", show=False),
    Binding("b,pageup", "page_up", "Page up", id="list.page_up", show=False),
    Binding("d", "half_page_down", "Half a page down", id="list.half_page_down", show=False),
    Binding("u", "half_page_up", "Half a page up", id="list.half_page_up", show=False),
    Binding("enter,l", "open", "Open", id="list.open"),
]

LIST_KEYS: list[BindingType] = [
    Binding("x", "select", "Select", id="list.select", show=False),
    Binding("X", "select_all", "Select all", id="list.select_all", show=False),
]

SEARCH_KEYS: list[BindingType] = [
    Binding("down", "move(1)", "Next hit", id="search.down", show=False),
    Binding("up", "move(-1)", "Previous hit", id="search.up", show=False),
    Binding("ctrl+n", "choose(1)", "Next completion, or hit", id="search.next", show=False),
    Binding("ctrl+p", "choose(-1)", "Previous completion, or hit",
            id="search.previous", show=False),
    Binding("pagedown", "page(1)", "Page down", id="search.page_down", show=False),
    Binding("pageup", "page(-1)", "Page up", id="search.page_up", show=False),
    Binding("tab", "complete", "Complete, or go to the hits", id="search.switch", show=False),
    Binding("shift+tab", "switch(-1)", "Input, hits or facets", id="search.switch_back",
            show=False),
    Binding("slash", "edit", "Change the search", id="search.edit", show=False),
    Binding("F", "facets", "What the hits have in common", id="search.facets", show=False),
    Binding("escape", "leave", "Leave", id="search.leave"),
]  # fmt: skip

HIGHLIGHT_KEYS: list[BindingType] = [
    Binding("e,i", "act('note')", "Edit the note", id="highlights.note", show=False),
    Binding("1", "act('yellow')", "Make it yellow", id="highlights.yellow", show=False),
    Binding("2", "act('green')", "Make it green", id="highlights.green", show=False),
    Binding("3", "act('blue')", "Make it blue", id="highlights.blue", show=False),
    Binding("4", "act('red')", "Make it red", id="highlights.red", show=False),
    Binding("c", "act('colour')", "Choose the colour", id="highlights.colour", show=False),
    Binding("d,x,delete", "act('remove')", "Remove it", id="highlights.remove", show=False),
    Binding("n", "act('new')", "Write a note on the article", id="highlights.new", show=False),
    Binding("y", "act('copy')", "Copy it", id="highlights.copy", show=False),
    Binding("Y", "act('copy_all')", "Copy all that are shown, as Markdown",
            id="highlights.copy_all", show=False),
    Binding("U", "act('undo')", "Undo", id="highlights.undo", show=False),
    Binding("ctrl+r", "act('redo')", "Redo", id="highlights.redo", show=False),
]  # fmt: skip

EMPTY_KEYS: list[BindingType] = [
    Binding("o,enter", "sample", "Sample library", id="empty.sample"),
]
