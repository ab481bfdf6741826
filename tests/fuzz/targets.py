"""All targets, by name."""

from __future__ import annotations

from typing import Final

from tests.fuzz import files, sources, texts
from tests.fuzz.findings import Target

TARGETS: Final[dict[str, Target]] = {
    target.name: target for target in (*files.TARGETS, *texts.TARGETS, *sources.TARGETS)
}
