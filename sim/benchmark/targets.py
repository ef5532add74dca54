"""What the engine is held to, beside what was measured."""

from __future__ import annotations

from collections.abc import Iterator
from operator import ge, le

import pandas as pd

from sim.benchmark.programs import ENGINE, MESA, NUMPY, C
from sim.benchmark.study import COST, SIDE_BY_SIDE
from sim.benchmark.task import VARIANTS

COLUMNS = ("target", "limit", "measured", "verdict")
FLAT, PER_AUDIENCE, TIMES_C, TIMES_NUMPY, TIMES_MESA, MESA_MS = 1.15, 2.0, 1.4, 10.0, 1_200.0, 60.0
BOUNDS = {"at most": le, "at least": ge}


def targets(times: pd.DataFrame) -> pd.DataFrame:
    """Judge the engine by what was measured.

    Parameters
    ----------
    times
        Rows of ``study.time_jobs``.

    Returns
    -------
    pandas.DataFrame
        One row for each target whose sizes were measured: target, limit, measured (a ratio) and
        verdict, holds or fails.
    """
    rows = []
    for target, bound, limit, over, under in _ratios(times):
        if over is not None and under is not None:
            ratio = over / under
            verdict = "holds" if BOUNDS[bound](ratio, limit) else "fails"
            rows.append((target, limit, ratio, verdict))
    return pd.DataFrame(rows, columns=COLUMNS)


def _ratios(times: pd.DataFrame) -> Iterator[tuple[str, str, float, float | None, float | None]]:
    """Yield for each target its words, its bound and limit, and what is divided by what."""

    def cost(growth: str, at: int, program: str, variant: str = "fixed") -> float | None:
        key = {"growth": growth, "at": at, "program": program, "variant": variant}
        return _only(times, key, COST)

    for variant in VARIANTS:
        words = "exponents drawn" if variant == "drawn" else "exponents 1"
        engine, c, numpy = (cost(SIDE_BY_SIDE, 1, name, variant) for name in (ENGINE, C, NUMPY))
        yield f"at most so many times C, {words}", "at most", TIMES_C, engine, c
        yield f"NumPy at least so many times, {words}", "at least", TIMES_NUMPY, numpy, engine
    mesa = cost(SIDE_BY_SIDE, 1, MESA)
    yield "milliseconds of a Mesa run", "at most", MESA_MS, mesa, 1_000.0
    words = "runs a second on 2 threads, at least so many times Mesa's on 2 processes"
    engine, mesa = (
        _only(times, {"growth": "threads", "at": 2, "program": name}, "runs_per_second")
        for name in (ENGINE, MESA)
    )
    yield words, "at least", TIMES_MESA, engine, mesa
    few, many = (cost("runs", runs, ENGINE) for runs in (10_000, 1_000_000))
    yield "cost a run of 1,000,000 over 10,000 runs", "at most", FLAT, many, few
    small, large = (cost("audiences", count, ENGINE) for count in (100, 10_000))
    small, large = small and small / 100, large and large / 10_000
    yield "cost an audience of 10,000 over 100", "at most", PER_AUDIENCE, large, small


def _only(times: pd.DataFrame, key: dict[str, object], column: str) -> float | None:
    """Return the number of a column in the first row with this key, None where there is none."""
    rows = times[(times[list(key)] == pd.Series(key)).all(axis=1)]
    return float(rows[column].iloc[0]) if len(rows) else None
