"""Textual without its palette, and the palette all the same."""

from __future__ import annotations

import subprocess
import sys


def said(code):
    """What a new Python says that runs `code`."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_app_is_loaded_without_the_palette_and_the_palette_is_the_real_one():
    code = """
import sys
from tui.terminal.lean import load_textual
load_textual()
print(*(name for name in ("textual.command", "platformdirs", "ssl") if name in sys.modules), "|")
from tui.palette import Palette, ThemeCommands, ViewCommands
import ssl, asyncio, platformdirs, textual.command
print(issubclass(Palette, textual.command.CommandPalette))
print(issubclass(ThemeCommands, textual.command.Provider))
print(hasattr(ssl, "SSLContext"), hasattr(platformdirs, "user_downloads_path"))
"""
    assert said(code) == ["|", "True", "True", "True", "True"]


def test_textual_that_cannot_do_without_is_loaded_as_it_is():
    code = """
import sys
from tui.terminal import lean
class Fragile(lean._StandIn):
    def __getattr__(self, name):
        raise RuntimeError(name)
lean._StandIn = Fragile
lean.load_textual()
print("textual.app" in sys.modules, "textual.command" in sys.modules)
"""
    assert said(code) == ["True", "True"]
