"""The letters that are put on links to follow them."""

from __future__ import annotations

from collections import deque
from typing import Final

#: Letters of the home row, the strongest fingers first.
LETTERS: Final = "fjdkslagh"


def labels(count: int, letters: str = LETTERS) -> list[str]:
    """So many labels, none of which is the beginning of another, the shortest first.

    A label is lengthened by each letter in turn until there are enough, so that no more of them
    are long than must be (as browsers with link hints do it).
    """
    made = deque(letters[:count] if count < len(letters) else letters)
    while len(made) < count:
        label = made.popleft()
        made.extend(label + letter for letter in letters)
    return sorted(list(made)[:count], key=len)
