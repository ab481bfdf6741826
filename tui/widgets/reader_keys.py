"""The reader's keys.  Every binding has an id, so that a keymap can change it."""

from __future__ import annotations

from textual.binding import Binding, BindingType


def _key(keys: str, action: str, description: str, *, id: str | None = None) -> Binding:
    return Binding(keys, action, description, show=False, id=f"reader.{id or action}")


READER_BINDINGS: list[BindingType] = [
    _key("j,down", "line_down", "Line down", id="down"),
    _key("k,up", "line_up", "Line up", id="up"),
    _key("space", "page_down_or_next", "Page down, next article at the end", id="space"),
    _key("pagedown", "page_down", "Page down"),
    _key("b,pageup", "page_up", "Page up"),
    _key("d", "half_down", "Half page down"),
    _key("u", "half_up", "Half page up"),
    _key("g,home", "top", "Beginning"),
    _key("G,end", "bottom", "End"),
    _key("right_square_bracket", "next_heading", "Next heading"),
    _key("left_square_bracket", "previous_heading", "Previous heading"),
    _key("right_curly_bracket", "next_paragraph", "Next paragraph"),
    _key("left_curly_bracket", "previous_paragraph", "Previous paragraph"),
    _key("n", "next_match", "Next match"),
    _key("N", "previous_match", "Previous match"),
    _key("plus", "wider", "Wider column"),
    _key("minus", "narrower", "Narrower column"),
    _key("equals_sign", "default_width", "Default column"),
    _key("z", "full_width", "As wide as the pane, or not"),
    _key("greater_than_sign", "scroll_code(1)", "Code that is cut: to the right", id="code_right"),
    _key("less_than_sign", "scroll_code(-1)", "Code that is cut: to the left", id="code_left"),
    _key("tab", "next_link", "Next link, after the last the next pane"),
    _key("shift+tab", "previous_link", "Previous link, before the first the previous pane"),
    _key("f", "label_links", "Letters on the links, to follow one"),
    _key("v", "select", "Select text: highlight it, copy it"),
    _key("m", "set_mark", "Mark this place with a letter; a capital for the library"),
    _key("apostrophe,grave_accent", "go_to_mark", "Go to a mark; '' to before the last jump"),
    _key("enter", "follow_link", "Follow the focused link"),
    _key("backspace", "back", "Back to before the last jump; without one to the list"),
]
