"""What is loaded when the app is ready: the first key was obeyed, and what it did is painted.

A module that is not in the lists makes the start slower and the program larger.  Load it where it
is needed (see `late_panes`, `controlled`), or put it on the list and say in the commit what it
costs.
"""

from __future__ import annotations

import subprocess
import sys

from pty_harness import TITLES, Terminal

#: Notes what is loaded when a thread begins to load the reader, as it does once the first key was
#: obeyed.
NOTING = """
import sys
class Noting:
    def find_spec(self, name, path=None, target=None):
        if name == "tui.widgets.reader":
            with open({file!r}, "x") as file:
                file.write(" ".join(sys.modules))
sys.meta_path.insert(0, Noting())
"""

#: Our modules by package.
OURS = {
    "store": """
        atomic besides blake checksums columnskeeper errors filelock given glancing index indexing
        indexrows journal jsontext library linefile lineformat linereader listed listrows marks
        memory migration moments numbers opening ownwrites places reading regular row sharedfile
        sqlitefile state stored upkeep version views wordkeeper writeback
    """,
    "tui": """
        __main__ app cli commands config early garbage options paths running screens session
        stylesheet terminal themes typeset widgets work xdg
    """,
    "tui.commands": """
        app logs opening output parsing
    """,
    "tui.early": """
        frame look moving picture screen shipped start taking_over
    """,
    "tui.screens": """
        actions bar_keys controlled dialog_keys keymap keys late_panes listing main panes
        preloading reader_routes watching
    """,
    "tui.terminal": """
        ascii asciitext display driver endings frame incoming keyforms keys_in_order lane lean
        log moves order painter pens profile runs screenful sieve threads writer
    """,
    "tui.typeset": """
        simple
    """,
    "tui.widgets": """
        article_line article_list bars cells component_style cursor_view geometry glyphs
        key_bar line_view list_style one_line pane_keys reader_keys reader_messages
        row_cache scroll_thumb search_messages status_line steady_view virtual_list when
    """,
}

#: What comes half a second after the start, and may be there on a machine that is busy.
LATER = {
    "tui.screens.subscribing", "tui.screens.reading", "tui.widgets.bars",
    "tui.early.keeping", "tui.article_setting", "tui.terminal.bidi", "tui.typeset.setting",
}  # fmt: skip

#: Modules of others that an app of Textual does without.
OTHERS = {
    "_blake2", "_sqlite3", "sqlite3", "sqlite3.dbapi2",  # the index
    "json", "json.decoder", "json.encoder", "json.scanner", "_json",  # how the app looks
    "argparse", "gettext", "calendar", "gc", "pwd",
    "ctypes", "ctypes._endian", "_ctypes",  # giving memory back
}  # fmt: skip

#: Modules of others that take long to load or much memory, some of which Textual loads by itself.
HEAVY = {
    "textual.command", "textual.widgets._input", "textual.widgets._option_list",
    "textual.widgets._text_area", "platformdirs", "ssl", "pygments", "markdown_it", "tantivy",
    "tinydb", "yaml", "httpx", "trafilatura", "lxml", "html", "csv", "multiprocessing", "email",
    "rich.markdown", "rich.syntax", "rich.traceback", "tomllib",
}  # fmt: skip


def loaded_when_ready(home):
    """Names of all modules at that moment."""
    file = home / "modules"
    library = str(home / "library.json")
    with Terminal("--library", library, home=home, code=NOTING.format(file=str(file))) as terminal:
        terminal.sees(TITLES[0])
        terminal.type("j")
        terminal.sees(f"2/{len(TITLES)}")
        terminal.until(lambda: file.exists() and file.read_text(), "loaded the reader")
    return set(file.read_text().split())


def loaded_by_textual():
    """Names of all modules that the smallest app has loaded."""
    code = (
        "import sys, textual.app, textual.drivers.linux_driver\n"
        "from textual.widgets import Static\nprint(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_what_is_loaded_when_the_app_is_ready_is_on_the_list(home):
    loaded = loaded_when_ready(home)
    ours = {name for name in loaded if name.partition(".")[0] in ("store", "tui")}
    listed = {f"{package}.{name}" for package, names in OURS.items() for name in names.split()}
    assert ours - listed - {"store", "tui"} <= LATER
    assert not loaded & HEAVY
    others = loaded - ours - loaded_by_textual()
    assert {name for name in others if not name.startswith(("textual.", "rich."))} <= OTHERS
