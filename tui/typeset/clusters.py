"""Characters as they are seen: grapheme clusters (UAX #29), and cutting text between them."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

#: A part of a text: from its first character to one past the last.
Extent = tuple[int, int]


def clusters(text: str) -> Iterator[tuple[int, int, int]]:
    """Grapheme clusters of `text`: (start, end, cells).

    Clusters without width (stray marks) are part of the one before.
    """
    from wcwidth import iter_graphemes

    start = end = cells = 0
    for cluster in iter_graphemes(text):
        width = cell_len(cluster)
        if end and not width:
            end += len(cluster)
            cells = cell_len(text[start:end])
            continue
        if end:
            yield start, end, cells
        start, end, cells = end, end + len(cluster), width
    if end:
        yield start, end, cells


def units(text: str, width: int) -> Iterator[tuple[int, int, int]]:
    """Clusters; one that is wider than the measure is taken apart."""
    for first, last, cells in clusters(text):
        if cells <= width:
            yield first, last, cells
        else:
            for index in range(first, last):
                yield index, index + 1, cell_len(text[index])


def cut(text: str, start: int, end: int, width: int) -> list[Extent]:
    """Cut text into lines of `width` cells anywhere between clusters; spaces are kept (code)."""
    if end - start <= width // 2 or cell_len(text[start:end]) <= width:
        return [(start, end)]
    parts: list[Extent] = []
    begin, used = start, 0
    for first, _, cells in units(text[start:end], width):
        if used + cells > width and begin < start + first:
            parts.append((begin, start + first))
            begin, used = start + first, 0
        used += cells
    return [*parts, (begin, end)]
