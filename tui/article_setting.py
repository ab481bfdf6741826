"""How the config has articles set, in the app and on standard output."""

from __future__ import annotations

from collections.abc import Mapping

from tui.config import Config
from tui.terminal.bidi import reorders
from tui.typeset.setting import Setting
from tui.widgets.glyphs import ASCII, default_glyphs


def setting_of(config: Config, environ: Mapping[str, str]) -> Setting:
    """How the config has articles set in a terminal of this environment."""
    return Setting(
        justify=config.justify,
        hyphenate=config.hyphenate,
        indent=config.paragraphs == "indent",
        scroll_code=config.code == "scroll",
        frames=config.frames,
        bidi=config.bidi == "on" or (config.bidi == "auto" and reorders(environ)),
        ascii=default_glyphs() is ASCII,
        plain=config.plain,
    )
