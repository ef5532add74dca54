"""Which coded stances are compared with the model: one code an audience, by what it is about.

An audience's code is the mean over its statements. A set is compared where it can say something:
overall where at least four audiences are coded and not all alike, an issue where besides at least
four codes are not 0. In the other reading, statements coded 2 take the place of those coded 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.errors import InputError, Problem
from sim.scenario.error_texts import printable
from sim.scenario.scenario import Scenario
from sim.studies.outcomes_file import OVERALL, CodedStance
from sim.world.arrays import Floats

FEWEST = 4  # audiences, and of an issue codes that are not 0


class CodedSet(NamedTuple):
    """What audiences said about one thing, in one reading of it.

    Attributes
    ----------
    about
        ``OVERALL`` or an issue.
    reading
        1, or 2 for the other way to read statements that can be read two ways.
    audiences
        Those that are coded, in the order of the scenario.
    codes : [a]
        From -2 to 2, toward the first claimant.
    """

    about: str
    reading: int
    audiences: tuple[str, ...]
    codes: Floats


def choose_sets(
    scenario: Scenario, stances: Sequence[CodedStance], file: str
) -> tuple[list[CodedSet], list[str]]:
    """Return the sets that can be compared, and a sentence for each that cannot.

    Parameters
    ----------
    file
        What a refusal calls the file of the stances.

    Raises
    ------
    InputError
        Where none can be compared.
    """
    abouts = [OVERALL, *(issue.name for issue in scenario.issues)]
    given = [about for about in abouts if any(one.about == about for one in stances)]
    chosen, left_out = [], []
    for about in given:
        mine = [one for one in stances if one.about == about]
        readings = sorted({one.reading for one in mine})
        for reading in readings:
            found = _set_of(scenario, mine, about, reading)
            why = _why_not(found)
            if why:
                left_out.append(why)
            else:
                chosen.append(found)
    if not chosen:
        raise InputError([Problem("", why, place=printable(file)) for why in left_out])
    return chosen, left_out


def _set_of(
    scenario: Scenario, stances: Sequence[CodedStance], about: str, reading: int
) -> CodedSet:
    """The codes of one reading, each the mean over an audience's statements."""
    read: dict[tuple[str, int], int] = {}
    for one in sorted(stances, key=lambda one: one.reading):
        if one.reading <= reading:
            read[one.audience, one.day] = one.code
    codes = defaultdict(list)
    for (audience, _), code in read.items():
        codes[audience].append(code)
    named = tuple(one.name for one in scenario.audiences if one.name in codes)
    means = [sum(codes[name]) / len(codes[name]) for name in named]
    return CodedSet(about, reading, named, np.array(means, dtype=np.float64))


def _why_not(found: CodedSet) -> str:
    """Why a set cannot be compared, or ""."""
    whole = found.about == OVERALL
    counted = len(found.codes) if whole else int((found.codes != 0.0).sum())
    which = f"about {found.about}, reading {found.reading}, "
    if counted < FEWEST:
        what = "coded audiences" if whole else "codes that are not 0"
        return f"{which}{what}: {counted}; an order needs at least {FEWEST}"
    if len(set(found.codes.tolist())) < 2:
        return f"{which}all codes are alike, so there is no order to compare with"
    return ""
