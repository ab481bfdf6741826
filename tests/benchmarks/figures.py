"""Figures, their references and targets, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

#: Size of library at which targets are set.
TARGET_SIZE = 100_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        what: What was measured.
        value: The figure, in `unit`.
        unit: "s", "B" (bytes), "/s" (a rate), or "" for a plain ratio.
        size: Articles in the library, 0 where it does not matter.
        reference: What it is compared with, or "".
        reference_value: The reference's figure in the same unit, measured in the same run.
        reach: The ratio that is to be reached: at most, or at least for a rate without reference.
        reach_value: The value to be reached instead: at most; at least for a rate.
        anywhere: Whether the target holds at every size, not at `TARGET_SIZE` alone.
    """

    what: str
    value: float
    unit: str
    size: int = 0
    reference: str = ""
    reference_value: float | None = None
    reach: float | None = None
    reach_value: float | None = None
    anywhere: bool = False

    @property
    def ratio(self) -> float | None:
        """The figure over its reference."""
        return self.value / self.reference_value if self.reference_value else None

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None where none is set."""
        if self.size not in (0, TARGET_SIZE) and not self.anywhere:
            return None
        if self.reach is not None and self.ratio is not None:
            return self.ratio <= self.reach
        if self.reach_value is not None:
            rate = self.unit == "/s"
            return self.value >= self.reach_value if rate else self.value <= self.reach_value
        return None

    def to_json(self) -> dict[str, Any]:
        """The figure for scripts."""
        return {**asdict(self), "ratio": self.ratio, "reached": self.reached}


def table(figures: Iterable[Figure]) -> str:
    """The figures as an aligned table."""
    rows: list[tuple[str, ...]] = [
        ("what", "articles", "figure", "reference", "", "ratio", "reach", "")
    ]
    rows += (_cells(figure) for figure in figures)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    left = (0, 3, 7)  # columns of words; numbers stand to the right
    return "\n".join(
        "  ".join(
            cell.ljust(width) if number in left else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _cells(figure: Figure) -> tuple[str, ...]:
    reach = ""
    if figure.reached is not None:
        if figure.reach is not None:
            reach = f"<= {_ratio(figure.reach)}"
        elif figure.reach_value is not None:
            sign = ">=" if figure.unit == "/s" else "<="
            reach = f"{sign} {_amount(figure.reach_value, figure.unit)}"
    return (
        figure.what,
        f"{figure.size:,}" if figure.size else "",
        _amount(figure.value, figure.unit),
        figure.reference,
        "" if figure.reference_value is None else _amount(figure.reference_value, figure.unit),
        "" if figure.ratio is None else _ratio(figure.ratio),
        reach,
        {None: "", True: "yes", False: "NO"}[figure.reached],
    )


def _ratio(ratio: float) -> str:
    if 0 < ratio < 0.01:
        return f"1/{1 / ratio:,.0f}"
    return f"{ratio:.2f}"


def _amount(value: float, unit: str) -> str:
    if unit == "s":
        for scale, name in ((1, "s"), (1e3, "ms")):
            if value * scale >= 1:
                return f"{value * scale:,.2f} {name}"
        return f"{value * 1e6:,.1f} µs"
    if unit == "B":
        for scale, name in ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")):
            if value >= scale:
                return f"{value / scale:,.1f} {name}"
        return f"{value:,.0f} B"
    if unit == "/s":
        return f"{value:,.0f}/s"
    return f"{value:,.2f}"
