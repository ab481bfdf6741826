"""Every target holds for its seeds and for some cases made of them; `make fuzz` tries on."""

from __future__ import annotations

import random
import time
from itertools import islice

import pytest

from store.importers import FORMATS
from tests.fuzz.mutate import cases
from tests.fuzz.targets import TARGETS

#: Cases a target is tried with beside its seeds, and seconds of the processor after which it is
#: left at those.
CASES, SECONDS = 40, 0.1
QUICK = [name for name, target in TARGETS.items() if not target.slow]


@pytest.mark.parametrize("name", QUICK)
def test_a_target_holds_for_its_seeds_and_what_is_made_of_them(name):
    target = TARGETS[name]
    seeds = target.seeds()
    assert seeds
    end = time.process_time() + SECONDS
    chance = random.Random(name)
    made = cases(seeds, target.words, target.longest, chance)
    for case in (*chance.sample(seeds, min(3, len(seeds))), *islice(made, CASES)):
        target(case)
        if time.process_time() > end:
            break


def test_every_format_is_a_target():
    assert {f"import-{name}" for name in FORMATS} <= set(TARGETS)
