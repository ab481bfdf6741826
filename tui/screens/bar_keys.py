"""The keys of the bars under the reader: to find in it, and to select in it."""

from __future__ import annotations

from textual.binding import Binding, BindingType


def _key(keys: str, action: str, description: str, id: str) -> Binding:
    return Binding(keys, action, description, show=False, id=f"select.{id}")


FIND_KEYS: list[BindingType] = [
    Binding("escape", "leave", "Back to where one was", id="find.leave"),
    Binding("up,ctrl+p", "recall(-1)", "Found before", id="find.earlier", show=False),
    Binding("down,ctrl+n", "recall(1)", "Found after that", id="find.later", show=False),
]

SELECT_KEYS: list[BindingType] = [
    _key("h", "highlight('left')", "Highlight; with nothing selected yet: left", "highlight"),
    _key("enter", "highlight", "Highlight; on a highlight: its note", "enter"),
    _key("i", "act('note')", "Highlight with a note; on a highlight: its note", "note"),
    _key("y", "act('copy')", "Copy", "copy"),
    _key("1", "act('yellow')", "Highlight in yellow, or make it so", "yellow"),
    _key("2", "act('green')", "Highlight in green, or make it so", "green"),
    _key("3", "act('blue')", "Highlight in blue, or make it so", "blue"),
    _key("4", "act('red')", "Highlight in red, or make it so", "red"),
    _key("c", "act('colour')", "Choose the colour", "colour"),
    _key("x,delete", "act('remove')", "Remove the highlight at the cursor", "remove"),
    _key("left", "move('left')", "Left", "left"),
    _key("l,right", "move('right')", "Right", "right"),
    _key("j,down", "move('down')", "Line down", "down"),
    _key("k,up", "move('up')", "Line up", "up"),
    _key("w", "move('word')", "Next word", "word"),
    _key("b", "move('word_back')", "Beginning of the word, or of the one before", "back"),
    _key("e", "move('word_end')", "End of the word, or of the next", "end"),
    _key("right_parenthesis", "move('sentence_end')", "End of the sentence", "sentence_end"),
    _key("left_parenthesis", "move('sentence_start')", "Beginning of the sentence",
         "sentence_start"),
    _key("right_curly_bracket", "move('paragraph_end')", "End of the paragraph",
         "paragraph_end"),
    _key("left_curly_bracket", "move('paragraph_start')", "Beginning of the paragraph",
         "paragraph_start"),
    _key("0,home", "move('line_start')", "Beginning of the line", "line_start"),
    _key("dollar_sign,end", "move('line_end')", "End of the line", "line_end"),
    _key("d,pagedown", "move('page_down')", "Half a page down", "page_down"),
    _key("u,pageup", "move('page_up')", "Half a page up", "page_up"),
    _key("g", "move('top')", "Beginning of the article", "top"),
    _key("G", "move('bottom')", "End of the article", "bottom"),
    _key("n", "move('next_highlight')", "Next highlight", "next"),
    _key("N", "move('previous_highlight')", "Previous highlight", "previous"),
    _key("o", "act('swap')", "Cursor to the other end", "swap"),
    _key("space", "act('here')", "Begin here", "here"),
    _key("v,escape,q", "act('leave')", "Leave", "leave"),
]  # fmt: skip
