"""What the engine is held to, beside what was measured."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.benchmark.study import ENGINE, MESA, NUMPY, SIDE_BY_SIDE, C

COLUMNS = ("target", "limit", "measured", "verdict")
FLAT, PER_AUDIENCE, TIMES_C, TIMES_NUMPY, TIMES_MESA, MESA_MS = 1.15, 2.0, 1.4, 10.0, 1_200.0, 60.0


def targets(times: pd.DataFrame) -> pd.DataFrame:
    """One row for each target whose sizes were measured: holds or fails."""
    return pd.DataFrame(list(_rows(times)), columns=COLUMNS)


def _rows(times: pd.DataFrame) -> Iterator[tuple[str, float, float, str]]:
    def cost(growth: str, at: int, program: str, variant: str = "fixed") -> float | None:
        rows = times[
            (times["growth"] == growth) & (times["at"] == at) & (times["program"] == program)
            & (times["variant"] == variant)
        ]  # fmt: skip
        found = rows["microseconds_per_run_and_core"]
        return float(found.iloc[0]) if len(found) else None

    def most(
        text: str, limit: float, over: float | None, under: float | None
    ) -> Iterator[tuple[str, float, float, str]]:
        if over is not None and under is not None:
            ratio = over / under
            yield text, limit, ratio, "holds" if ratio <= limit else "fails"

    def least(
        text: str, limit: float, over: float | None, under: float | None
    ) -> Iterator[tuple[str, float, float, str]]:
        if over is not None and under is not None:
            ratio = over / under
            yield text, limit, ratio, "holds" if ratio >= limit else "fails"

    for variant, words in (("fixed", "exponents 1"), ("drawn", "exponents drawn")):
        engine, c, numpy = (cost(SIDE_BY_SIDE, 1, name, variant) for name in (ENGINE, C, NUMPY))
        yield from most(f"at most so many times C, {words}", TIMES_C, engine, c)
        yield from least(f"NumPy at least so many times, {words}", TIMES_NUMPY, numpy, engine)
    mesa = cost(SIDE_BY_SIDE, 1, MESA)
    yield from most("milliseconds of a Mesa run", MESA_MS, mesa, 1_000.0)
    rates = times[(times["growth"] == "threads") & (times["at"] == 2)]
    rate = {row.program: float(row.runs_per_second) for row in rates.itertuples()}
    yield from least(
        "runs a second on 2 threads, at least so many times Mesa's on 2 processes", TIMES_MESA,
        rate.get(ENGINE), rate.get(MESA),
    )  # fmt: skip
    few, many = (cost("runs", runs, ENGINE) for runs in (10_000, 1_000_000))
    yield from most("cost a run of 1,000,000 over 10,000 runs", FLAT, many, few)
    small, large = (cost("audiences", count, ENGINE) for count in (100, 10_000))
    if small is not None and large is not None:
        yield from most(
            "cost an audience of 10,000 over 100", PER_AUDIENCE, large / 10_000, small / 100
        )
