"""Designs: the points of its factors that a study runs.

``grid`` is every combination, ``zip`` the lists side by side. The others are sampled: ``lhs`` is
a Latin hypercube, ``sobol`` a scrambled Sobol sequence, ``morris`` trajectories that change one
factor at a time, ``saltelli`` the design that Sobol's indices are computed from.

Source: McKay, Beckman and Conover 1979 (lhs); Sobol 1967, Owen 1998 (sobol); Morris 1991;
Saltelli 2002.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem
from sim.estimators.design_reading import salib_problem
from sim.scenario.assignments import setting_text
from sim.scenario.error_texts import count_of, show_text
from sim.scenario.swept_keys import COUNT, FLAG, NUMBER, type_of_key
from sim.studies.designs import factors
from sim.studies.designs.factors import SAMPLES, Factor, Levels, Range
from sim.world.arrays import Floats
from sim.world.draws import stream_counter

MORRIS_LEVELS = 4  # as in Morris 1991; more only where a list of another length asks for it


def design_points(
    given: Mapping[str, Factor], kind: str, samples: int = SAMPLES, seed: int = 0
) -> pd.DataFrame:
    """The points: ``point`` (0, 1, ...) and one column per factor.

    What is drawn depends on kind, size, seed and the order of the factors alone. The first n
    points of a ``sobol`` design of 2n are the design of n; an ``lhs`` design has no such part.

    In ``lhs``, the shares of listed values, and of whole numbers where there are no more of them
    than points, are equal to within one point. In ``sobol`` they are equal where both counts are
    powers of two, and within two points of equal otherwise. In ``morris`` a listed value's share
    is equal in the mean; a range is met at its levels, evenly spaced with both ends.

    Parameters
    ----------
    samples
        Points of ``lhs`` and ``sobol``; trajectories of ``morris``, each of one point more than
        there are factors; base points of ``saltelli``, each of which makes two more than there are
        factors (those for indices of the second order are left out).

    Raises
    ------
    InputError
        Where the lists do not fit the kind, or the points are too many.
    """
    check_kind(kind, given)
    count = design_size(given, kind, samples)
    if count > factors.MOST_POINTS:
        place = factors.PLACE if kind in factors.LISTED else "--samples"
        raise InputError(f"{place}: at most {factors.MOST_POINTS} points (got {count})")
    if kind in factors.LISTED:
        lists = [_values(factor) for factor in given.values()]
        rows = product(*lists) if kind == "grid" else zip(*lists, strict=True)
        columns: list[Sequence[object]] = list(zip(*rows, strict=True))
    else:
        # a stream of their own: no run's draws come from it
        own = np.random.SeedSequence(seed, spawn_key=stream_counter("design", kind))
        columns = _sample(kind, list(given.values()), samples, np.random.default_rng(own))
    return design_frame(dict(zip(given, columns, strict=True)))


def check_kind(kind: str, given: Mapping[str, object]) -> None:
    """Refuse a kind of design that there is not, and a design without keys."""
    if kind not in (*factors.KINDS, factors.SALTELLI):
        raise InputError(f"--design: must be one of {', '.join(factors.KINDS)} (got {kind})")
    if not given:
        raise InputError(f"{factors.PLACE}: {factors.NO_KEYS}")


def design_size(given: Mapping[str, Factor], kind: str, samples: int) -> int:
    """How many points a design has."""
    if kind == "grid":
        return math.prod(len(_values(factor)) for factor in given.values())
    if kind == "zip":
        lengths = {key: len(_values(factor)) for key, factor in given.items()}
        if len(set(lengths.values())) > 1:
            said = ", ".join(f"{key} has {count}" for key, count in lengths.items())
            raise InputError(f"{factors.PLACE}: a zip design needs lists of one length ({said})")
        return next(iter(lengths.values()))
    if samples < 1:
        raise InputError(f"--samples: must be at least 1 (got {samples})")
    return samples * {"morris": len(given) + 1, factors.SALTELLI: len(given) + 2}.get(kind, 1)


def demand_different(given: Mapping[str, Factor], kind: str) -> None:
    """Refuse values, and points of a zip, that are there twice: their runs would be the same.

    Raises
    ------
    InputError
        Naming what is given twice.
    """
    listed: dict[str, Sequence[Any]] = {
        key: one.values for key, one in given.items() if isinstance(one, Levels)
    }
    if kind == "zip":
        design_size(given, kind, SAMPLES)  # refuses lists of several lengths
        listed = {", ".join(given): list(zip(*listed.values(), strict=True))}
    for key, values in listed.items():
        twice = [value for value, count in Counter(values).items() if count > 1]
        if twice:
            shown = map(setting_text, twice[0] if isinstance(twice[0], tuple) else twice[:1])
            reason = "is given twice; its runs would be the same, done and counted twice"
            got = show_text(", ".join(shown))
            raise InputError(Problem(show_text(key), reason, got, factors.PLACE))


def notes(kind: str, samples: int, points: pd.DataFrame) -> tuple[str, ...]:
    """What the user should know of a design of that size."""
    found = []
    if kind == "sobol" and samples & (samples - 1):
        fewer, more = 2 ** (samples.bit_length() - 1), 2 ** samples.bit_length()
        found.append(
            f"a Sobol design is balanced where its points are a power of two; {samples} are not "
            f"({fewer} or {more} would be)"
        )
    again = np.flatnonzero(points.drop(columns="point").duplicated())
    if len(again):
        found.append(
            f"{len(again):,} of the {count_of(len(points), 'point')} "
            f"{'has' if len(again) == 1 else 'have'} the values of an earlier one (the first is "
            f"point {again[0]}): their runs are the same, done and counted twice"
        )
    return tuple(found)


def design_frame(columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """A design from its columns, each of the type that its key is declared to hold."""
    types = {NUMBER: np.float64, COUNT: np.int64, FLAG: np.bool_}
    settled: dict[str, Any] = {
        key: np.array(values, dtype=types[kind]) if kind in types else list(values)
        for key, values in columns.items()
        for kind in [type_of_key(key)]
    }
    count = len(next(iter(settled.values())))
    return pd.DataFrame({"point": np.arange(count), **settled})


def morris_levels(given: Sequence[Factor]) -> int:
    """Levels of a Morris design: 4, or as many more as give each list's values equal shares."""
    lengths = [len(factor.values) for factor in given if isinstance(factor, Levels)]
    if 1 in lengths:
        raise InputError(
            f"{factors.PLACE}: in a Morris design every key needs at least two values"
        )
    return math.lcm(MORRIS_LEVELS, *lengths)


def _values(factor: Factor) -> Sequence[object]:
    if isinstance(factor, Range):
        raise InputError(
            f"{factors.PLACE}: a range without a count needs one of {', '.join(factors.SAMPLED)}"
        )
    return factor.values


def _sample(
    kind: str, given: Sequence[Factor], samples: int, generator: np.random.Generator
) -> list[Sequence[object]]:
    """A column of values for each factor, from numbers u[point, factor] in the unit interval."""
    count, place = len(given), _by_share
    problem = salib_problem([str(i) for i in range(count)])
    if kind == "lhs":
        from scipy.stats import qmc

        u, place = qmc.LatinHypercube(count, seed=generator).random(samples), _by_stratum
    elif kind == "sobol":
        from scipy.stats import qmc

        # powers of two are sampled and cut: the points are the same, and SciPy has no objection
        u = qmc.Sobol(count, seed=generator).random_base2((samples - 1).bit_length())[:samples]
    elif kind == factors.SALTELLI:
        from SALib.sample import sobol

        if samples & (samples - 1):
            raise InputError(f"--samples: must be a power of two (got {samples})")
        u = sobol.sample(problem, samples, calc_second_order=False, seed=generator)
    else:
        from SALib.sample import morris

        levels = morris_levels(given)
        u = morris.sample(problem, samples, num_levels=levels, seed=generator)
        place = partial(_by_level, levels=levels)
    return [place(factor, u[:, i]) for i, factor in enumerate(given)]


# From the unit interval to values


def _by_stratum(factor: Factor, u: Floats) -> Sequence[object]:
    """Values of a column that has one point in each of len(u) strata: equal shares of choices."""
    choices, n = _choices(factor), len(u)
    if choices is None or len(choices) > n:
        return _by_share(factor, u)
    strata = np.minimum((u * n).astype(np.int64), n - 1)
    return [choices[stratum * len(choices) // n] for stratum in strata.tolist()]


def _by_share(factor: Factor, u: Floats) -> Sequence[object]:
    """Values by equal parts of the unit interval; numbers of a range by their place in it."""
    choices = _choices(factor)
    if choices is not None:
        most = len(choices) - 1
        return [choices[min(int(x * len(choices)), most)] for x in u.tolist()]
    return [_between(factor, x) for x in u.tolist()]


def _by_level(factor: Factor, u: Floats, levels: int) -> Sequence[object]:
    """Values at the levels of a Morris design; a step of half the levels changes every one."""
    steps = np.rint(u * (levels - 1)).astype(np.int64)
    if isinstance(factor, Levels):
        return [factor.values[step * len(factor.values) // levels] for step in steps.tolist()]
    if factor.whole:
        low, width, last = int(factor.low), int(factor.high) - int(factor.low), levels - 1
        return [low + (2 * step * width + last) // (2 * last) for step in steps.tolist()]
    return [_between(factor, step / (levels - 1)) for step in steps.tolist()]


def _choices(factor: Factor) -> Sequence[object] | None:
    """The values that share a column: those of a list, the whole numbers of a whole range."""
    if isinstance(factor, Levels):
        return factor.values
    return range(int(factor.low), int(factor.high) + 1) if factor.whole else None


def _between(factor: Factor, part: float) -> float:
    """The number that lies that part of the way up a range."""
    if not isinstance(factor, Range):
        raise TypeError(factor)  # not reached: lists have choices
    value = factors.round_number(factor.low + part * (factor.high - factor.low))
    return min(max(value, factor.low), factor.high)
