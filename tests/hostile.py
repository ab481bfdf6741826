"""Text by somebody who means harm, and what must be true of text that is shown.

`CORPUS` is written for these tests.  Each text carries the word `MARK`, so that a test can see
that the harmless part of it is still there.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

#: Stands in every text of the corpus.
MARK: Final = "quayside"

_ESC, _BEL, _ST = "\x1b", "\x07", "\x1b\\"

#: What a program of ours might send as well, but never with these numbers.
ALLOWED_BUT_FOREIGN: Final = (f"{_ESC}[31;4;9;5m", f"{_ESC}[57A", f"{_ESC}[57;1H", f"{_ESC}[23;29r")

#: What a terminal would obey, by what it would do.
ESCAPES: Final = {
    "colour": f"{_ESC}[31m{MARK}{_ESC}[0m",
    "usual": f"{''.join(ALLOWED_BUT_FOREIGN)}{MARK}",
    "clear": f"{_ESC}[2J{_ESC}[H{MARK}",
    "move up and overwrite": f"{MARK}{_ESC}[5A{_ESC}[1G{_ESC}[K",
    "alternate screen": f"{_ESC}[?1049l{MARK}{_ESC}[?1049h",
    "mouse on": f"{_ESC}[?1003h{_ESC}[?1006h{MARK}",
    "cursor report": f"{MARK}{_ESC}[6n{_ESC}[5n{_ESC}[?6n",
    "device report": f"{MARK}{_ESC}[c{_ESC}[>c{_ESC}[=c{_ESC}Z\x05",
    "window report": f"{MARK}{_ESC}[21t{_ESC}[14t{_ESC}[18t",
    "mode report": f"{MARK}{_ESC}[?2026$p{_ESC}P$qm{_ST}",
    "window move": f"{_ESC}[3;0;0t{_ESC}[2t{MARK}",
    "title": f"{_ESC}]0;you have mail{_BEL}{_ESC}]2;root{_ST}{MARK}",
    "old title": f"{_ESC}ktitle{_ST}{MARK}",
    "paste": f"{_ESC}]52;c;cm0gLXJmIH4K{_BEL}{MARK}{_ESC}]52;c;?{_BEL}",
    "link": f"{_ESC}]8;;https://spoofed.example/{_ST}https://bank.example {MARK}{_ESC}]8;;{_ST}",
    "link to a file": f"{_ESC}]8;;file:///etc/passwd{_ST}{MARK}{_ESC}]8;;{_ST}",
    "palette": f"{_ESC}]4;1;#000000{_BEL}{_ESC}]10;?{_BEL}{_ESC}]11;?{_BEL}{MARK}",
    "notice": f"{_ESC}]9;fire{_BEL}{_ESC}]777;notify;a;b{_BEL}{_ESC}]99;;x{_ST}{MARK}",
    "iterm file": f"{_ESC}]1337;File=name=Lg==;inline=1:AAAA{_BEL}{MARK}",
    "sixel": f"{_ESC}Pq#0;2;0;0;0#0~~@@{_ST}{MARK}",
    "kitty picture": f"{_ESC}_Gf=24,s=1,v=1;AAAA{_ST}{MARK}",
    "tmux": f"{_ESC}Ptmux;{_ESC}{_ESC}]52;c;AAAA{_BEL}{_ST}{MARK}",
    "user keys": f"{_ESC}P1;1|17/726d{_ST}{MARK}",
    "privacy": f"{_ESC}^secret{_ST}{MARK}{_ESC}Xstring{_ST}",
    "eight bits": f"\x9b31m{MARK}\x9b2J\x9d52;c;AAAA\x9c\x90q~\x9c\x9fGx\x9c\x9ey\x9c\x98z\x9c",
    "reset": f"{_ESC}c{_ESC}[!p{MARK}",
    "charset": f"{_ESC}(0{MARK}\x0e{_ESC}n{_ESC}o{_ESC}#8",
    "keypad": f"{_ESC}={_ESC}>{MARK}{_ESC}7{_ESC}8{_ESC}D{_ESC}M{_ESC}E",
    "scroll region": f"{_ESC}[2;3r{_ESC}[5S{_ESC}[5T{_ESC}[4h{_ESC}[20h{MARK}",
    "print": f"{_ESC}[5i{MARK}{_ESC}[4i{_ESC}[?5i",
    "unfinished": f"{MARK}{_ESC}]52;c;AAAA",
    "unfinished string": f"{MARK}{_ESC}P1;1|",
    "cut": f"{MARK}{_ESC}",
    "nested": f"{_ESC}{_ESC}[31m[31m{MARK}{_ESC}]{_ESC}]0;a{_BEL}0;b{_BEL}",
    "controls in it": f"{_ESC}[3\x001m{_ESC}[\x1831m{_ESC}[\n31m{MARK}",
    "backspaces": f"{MARK}\b\b\b\b\b\b\b\b" + "\r" + "overwritten",
    "bell": f"{_BEL * 50}{MARK}\x00\x7f\x1a\x18",
    "delete": f"{_ESC}[99P{_ESC}[99M{_ESC}[99X{_ESC}[99@{MARK}",
}

#: What other readers of text would obey: Rich, Textual, Markdown, HTML, shells, tables, formats.
MARKUP: Final = {
    "rich": f"[bold red]{MARK}[/] [link=https://bad.example]x[/link] [/] [",
    "textual": f"[@click=app.quit]{MARK}[/] [@click=app.bell()]x[/] $primary [on red]",
    "textual action": f"[@click=\"screen.run('rm')\"]{MARK}",
    "rich unbalanced": f"[/bold]{MARK}[not closed \\[",
    "html": f"<script>alert(1)</script><b onclick=x>{MARK}</b>&lt;i&gt;",
    "markdown": f"![{MARK}](file:///etc/passwd) [{MARK}](javascript:alert(1)) `` <a href=x>",
    "shell": f"$(touch /tmp/broken) `id` ; rm -rf ~ | {MARK} && x > y 'a\"b",
    "table": f'=HYPERLINK("https://bad.example";"{MARK}")',
    "table plus": f"+1+cmd|' /C calc'!A0 {MARK}",
    "table at": f"@SUM(1+1)*{MARK}",
    "format": f"%s %n {{}} {{0.__class__}} {{self}} ${{HOME}} %(x)s {MARK}",
    "path": f"../../../../etc/{MARK}",
    "absolute": f"/etc/passwd\\..\\{MARK}",
    "device": f"CON {MARK}",
    "option": f"--output=/tmp/{MARK} -rf",
    "query": f'" OR is:unread ( -tag:x sort:nothing {MARK} "',
    "sql": f"'; DROP TABLE articles; -- {MARK}",
    "yaml": f"!!python/object/apply:os.system ['id'] {MARK}\n---\n- &a [*a]",
    "toml": f'"""\n[keys]\nquit = "x" {MARK}',
    "entity": f"&lol; &#27;[31m &#x9b;31m &#0; {MARK}",
}

#: What is seen differently from what is stored, or not at all.
UNSEEN: Final = {
    "override": f"user\u202e{MARK}\u202cgpj.exe",
    "isolates": f"\u2066\u2067\u2068{MARK}" + "\u2069" * 20,
    "embeddings": "\u202a\u202b\u202d" * 50 + MARK,
    "zero width": f"\u200b\u2060\ufeff{MARK}\u00ad\u180e\u2063",
    "tags": "".join(chr(0xE0000 + ord(c)) for c in "run rm") + MARK,
    "variation": MARK + "\ufe0f" * 40 + "\U000e0100" * 40,
    "surrogates": f"\ud800{MARK}\udfff\ud83d",
    "paired surrogates": f"\ud83d\ude00{MARK}",
    "nul": f"\x00{MARK}\x00",
    "noncharacters": f"\ufffe\uffff\ufdd0{MARK}\U0001ffff\U0010fffe",
    "annotation": f"\ufff9{MARK}\ufffaabove\ufffb",
    "marks": f"{MARK}a" + "\u0301" * 1_000 + "b",
    "marks of many kinds": f"{MARK}e" + "\u0300\u0489\u20dd\u0ba3\u3099" * 200,
    "joiners": f"{MARK}" + "\u200d" * 1_000 + "\u200c" * 1_000,
    "family": f"{MARK}" + "👩\u200d" * 200 + "👧",
    "line ends": f"{MARK}\r\n\v\f\x85\u2028\u2029\x1c\x1d\x1e\x1ftwo",
    "wide": f"{MARK}" + "\ufdfd" * 50 + "\u2e3b" * 50,
    "hangul": f"{MARK}" + "\u1100" * 500 + "\u1161" * 500,
    "private": f"{MARK}\ue000\uf8ff\U000f0000",
    "spaces": f"{MARK}\u00a0\u2003\u3000\u1680\u205f" + " " * 500,
}

CORPUS: Final = {**ESCAPES, **MARKUP, **UNSEEN}

#: All of it in one text.
ALL: Final = "\n\n".join(CORPUS.values())

_UNSAFE_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_UNSAFE = re.compile(_UNSAFE_LINE.pattern.replace("\x1f", "\x08\x0b-\x1f"))


def unsafe_in(text: str, *, line: bool = False) -> list[str]:
    """What in `text` a terminal would obey, show in another order, or could not be given.

    Args:
        text: What is about to be shown.
        line: Whether it must be one line, without tabs.
    """
    return (_UNSAFE_LINE if line else _UNSAFE).findall(text)


def write_library(path: Path) -> int:
    """Write a library that a stranger's program made: every field of every article is hostile.

    It is in no form of ours and has passed no door; the reading file beside it is like it.

    Args:
        path: Of the library file; its directory must exist.

    Returns:
        The number of its articles.
    """
    articles = {
        str(number): {
            "title": text, "author": text, "site": text, "url": f"https://a.example/{text}",
            "body": f"{text}\n\n# {text}\n\n[{text}]({text}) `{text}`\n\n- {text}\n\n> {text}",
            "tags": [text, f"x{text}"], "summary": text, "image": text, "lang": text,
            "published": f"2019-05-04{text}", "saved": text, "source": text, "type": text,
            "words": 90 + number, text: {text: [text]},
        }
        for number, text in enumerate(CORPUS.values(), 1)
    }  # fmt: skip
    reading = {
        "states": {"1": {"tags": [ALL[:500]], "anchor": ESCAPES["paste"], "opened": ALL[:99]}},
        "highlights": {
            str(n): {"article": n, "quote": MARK, "note": text, "colour": text, "made": text,
                     "before": text, "after": text}
            for n, text in enumerate(CORPUS.values(), 1)
        },
        "views": {
            str(n): {"name": text[:50], "query": text[:200]}
            for n, text in enumerate(CORPUS.values(), 1)
        },
        "feeds": {
            str(n): {"url": f"https://127.0.0.1:9/{n}", "title": text, "site": text, "tags": [text],
                     "error": text, "errors": 2, "checked": text, "etag": text}
            for n, text in enumerate(ESCAPES.values(), 1)
        },
        "meta": {"1": {"version": 1}},
    }  # fmt: skip
    path.write_text(json.dumps({"articles": articles}))
    name = path.name.removesuffix(".json")
    path.with_name(f"{name}.reading.json").write_text(json.dumps(reading))
    return len(articles)


_NESTED: Final = "[" * 3_000 + "]" * 3_000
_SOME_NESTED: Final = "[" * 200 + "]" * 200


def _filled(files: dict[str, str]) -> dict[str, str]:
    """The files, in which a word in capitals stands for what would be too long to read."""
    words = {
        "ONE": '{"title":"One","body":"some text"}', "HUGE": "9" * 400, "NESTED": _NESTED,
        "INNER": _SOME_NESTED, "ZEROS": "\0" * 99,
        "MANY": ",".join(f'"{n}":{{"read":true}}' for n in range(2, 20_000)),
    }  # fmt: skip
    return {
        name: re.sub("|".join(words), lambda match: words[match[0]], text)
        for name, text in files.items()
    }


#: Library files whose arrangement is odd, by what is odd in them.
LIBRARIES: Final = _filled({
    "no object": "[]",
    "a text": '"articles"',
    "a number": "HUGE",
    "zeros": "ZEROS",
    "a mark": '\ufeff{"articles":{"1":ONE}}',
    "table is a list": '{"articles":[ONE]}',
    "table is null": '{"articles":null}',
    "tables twice": '{"articles":{"1":ONE},"articles":{"2":ONE}}',
    "other tables": '{"articles":{"1":ONE},"a":{"1":{}},"":{},"\\u001b[2J":{}}',
    "other tables are odd": '{"articles":{"1":ONE},"a":[1],"b":null,"c":HUGE}',
    "format": '{"broadsheet":{"1":{"format":HUGE}},"articles":{"1":ONE}}',
    "format is odd": '{"broadsheet":[[]],"articles":{"1":ONE}}',
    "stock's table": '{"_default":{"1":ONE}}',
    "documents are odd": '{"articles":{"1":[],"2":null,"3":"x","4":HUGE,"5":ONE}}',
    "ids are odd": '{"articles":{"":ONE,"a":ONE,"007":ONE,"-1":ONE,"1.5":ONE,"\\u0663":ONE}}',
    "ids are huge": '{"articles":{"HUGE":ONE,"1":ONE}}',
    "ids descend": '{"articles": {\n"3":ONE\n,"1":ONE\n,"2":ONE\n}}\n',
    "ids are doubled": '{"articles": {\n"1":ONE\n,"1":ONE\n,"2":ONE\n}}\n',
    "a line is none": '{"articles": {\n"1":ONE\nnone of ours\n,"2":ONE\n}}\n',
    "a line is no object": '{"articles": {\n"1":ONE\n,"2":[1]\n}}\n',
    "a line is deep": '{"articles": {\n"1":ONE\n,"2":{"x":NESTED}\n}}\n',
    "footers": '{"articles": {\n"1":ONE\n}}\n}}\n}}\n',
    "no footer": '{"articles": {\n"1":ONE\n',
    "zeros behind": '{"articles": {\n"1":ONE\n}}\nZEROS',
    "other line ends": '{"articles": {\r\n"1":ONE\r\n,"2":ONE\r\n}}\r\n',
    "deep": '{"articles":{"1":{"title":"One","body":"some text","x":NESTED}}}',
    "fields are deep": '{"articles":{"1":{"title":INNER,"body":INNER,"tags":INNER,"url":INNER}}}',
    "fields twice": '{"articles":{"1":{"title":"One","title":[],"body":"some text","body":{}}}}',
    "keys are odd": '{"articles":{"1":{"":1,"\\u0000":2,"\\ud800":3,"title":"One"}}}',
})  # fmt: skip

#: Reading files likewise; the library has one article, 1.
READINGS: Final = _filled({
    "no object": "[]",
    "a text": '"states"',
    "nothing": "",
    "blanks": "\n\n",
    "zeros": "ZEROS",
    "cut": '{"states":{"1":{"read":tr',
    "a mark": '\ufeff{"states":{"1":{"read":true}}}',
    "tables are odd": '{"states":[],"views":null}',
    "documents are odd": '{"states":{"1":[]},"views":{"1":"x"}}',
    "tables twice": '{"states":{"1":{"read":true}},"states":{"1":{"starred":true}}}',
    "unknown tables": '{"":{"1":{}},"\\u001b[2J":{"1":{"article":1}},"meta2":{"x":{"y":[]}}}',
    "deep": '{"states":{"1":{"x":NESTED}},"unknown":{"1":{"x":NESTED}}}',
    "rows are deep": '{"views":{"1":{"name":"n","query":INNER}},'
                     '"highlights":{"1":{"article":1,"quote":INNER}},"unknown":{"1":{"x":INNER}}}',
    "keys are odd": '{"states":{"":{"read":true},"01":{},"1e3":{},"HUGE":{"read":true}}}',
    "format": '{"meta":{"1":{"format":HUGE}}}',
    "format is odd": '{"meta":{"1":{"format":"1"},"2":{"highest":"x"},"3":{"highlights":-1}}}',
    "journal": '{"journal":{"1":{"label":1,"before":[[1,2]],"after":{"1":[]}},"x":{}}}',
    "many": '{"states":{MANY}}',
    "taken back": '{"imports":{"1":{"read":[[1],null,HUGE],"removed":{"a":1}},"2":{"read":1}}}',
})  # fmt: skip
