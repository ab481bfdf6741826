"""A terminal emulator for tests and benchmarks: pyte's, with what it gets wrong put right."""

from __future__ import annotations

from copy import copy

import pyte


class Screen(pyte.Screen):
    """pyte's screen, deaf to what it mistakes for colours: CSI > … m and CSI < … m.

    Lines that were never written are moved like others when lines are inserted or deleted (pyte
    0.8.2 leaves what stood where they go).  What was saved can be restored any number of times,
    and there is one place for it, as in a terminal (pyte keeps a stack and takes from it).
    """

    def select_graphic_rendition(self, *attributes: int, private: bool = False) -> None:
        if not private:
            super().select_graphic_rendition(*attributes)

    def save_cursor(self) -> None:
        self.savepoints.clear()
        super().save_cursor()

    def restore_cursor(self) -> None:
        saved = [point._replace(cursor=copy(point.cursor)) for point in self.savepoints]
        super().restore_cursor()
        self.savepoints += saved

    def delete_lines(self, count: int | None = None) -> None:
        self._touch_lines()
        super().delete_lines(count)

    def insert_lines(self, count: int | None = None) -> None:
        self._touch_lines()
        super().insert_lines(count)

    def _touch_lines(self) -> None:
        for y in range(self.lines):
            self.buffer[y]
