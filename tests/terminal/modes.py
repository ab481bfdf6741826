"""What a program has set in a terminal and not taken back."""

from __future__ import annotations

import re
from pathlib import Path

#: Private modes that are on in a terminal nobody has touched: wrapping, the cursor.
_ON = frozenset({"7", "25"})
_SEQUENCE = re.compile(
    rb"\x1b\[(?P<private>[?<=>]?)(?P<numbers>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    rb"|\x1b\](?P<command>\d+);(?P<text>[^\x07\x1b]*)(?:\x07|\x1b\\)|\x1b(?P<keypad>[=>])"
)


def left_over(output: bytes) -> dict[str, object]:
    """What is otherwise than before, by name; nothing where all was given back.

    Args:
        output: All that the program wrote, from its start on.
    """
    modes: dict[str, bool] = {}
    keyboard, shape, style, region = 0, "", "", ""
    texts: dict[str, str] = {}
    keypad = ">"
    for found in _SEQUENCE.finditer(output):
        if found["keypad"]:
            keypad = found["keypad"].decode()
        elif found["command"]:
            texts[found["command"].decode()] = found["text"].decode()
        else:
            kind = (found["private"] + found["between"] + found["final"]).decode()
            numbers = found["numbers"].decode()
            if kind in ("?h", "?l"):
                modes.update(dict.fromkeys(numbers.split(";"), kind == "?h"))
            elif kind == ">u":
                keyboard += 1
            elif kind == "<u":
                keyboard = max(0, keyboard - int(numbers or 1))
            elif kind == "m":
                style = "" if numbers in ("", "0") else numbers
            elif kind == "r":
                region = numbers
            elif kind == " q":
                shape = numbers.strip("0")
    found_modes = {f"?{mode}": on for mode, on in modes.items() if on != (mode in _ON)}
    others = {
        "kitty keyboard": keyboard, "cursor": shape, "style": style, "scroll region": region,
        "keypad": keypad.strip(">"), "title": texts.get("0", "") or texts.get("2", ""),
        "link": texts.get("8", ";").strip(";"),
        "colours": [texts[number] for number in ("4", "10", "11", "12") if number in texts],
    }  # fmt: skip
    return found_modes | {name: value for name, value in others.items() if value}


def processes(session: int) -> list[int]:
    """The processes of a session that still run (Linux; elsewhere none is found)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(of) == session and state != "Z":
            found.append(int(stat.parent.name))
    return found
