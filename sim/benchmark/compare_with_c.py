"""Time the C program and this engine side by side: ``python -m sim.benchmark.compare_with_c``.

One process, one thread, turns taken, the least CPU time of several repetitions: what others do on
the machine then matters least. The whole benchmark is in ``study``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from functools import partial

from sim.benchmark import c_program, engine_program
from sim.benchmark.task import VARIANTS, differences, make_task, replicates
from sim.engines.ensemble.run import simulate_many


def least_times(programs: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Return the CPU seconds of each program, the least of its turns.

    Parameters
    ----------
    programs
        By name; each is called once before its turns, to compile and to fill the caches.
    repeats
        Turns of each.
    """
    for program in programs.values():
        program()
    least = dict.fromkeys(programs, float("inf"))
    for _ in range(repeats):
        for name, program in programs.items():
            start = time.process_time()
            program()
            least[name] = min(least[name], time.process_time() - start)
    return least


def main() -> None:
    """Print microseconds per run and core, the ratios, and how far the numbers are apart."""
    parser = argparse.ArgumentParser(description="the C program and this engine side by side")
    parser.add_argument("--runs", type=int, default=1_024)
    parser.add_argument("--repeats", type=int, default=15)
    chosen = parser.parse_args()
    runs = chosen.runs
    for variant in VARIANTS:
        task = make_task(variant, runs)
        c, engine = (partial(it.run, task, runs) for it in (c_program, engine_program))
        arguments = task.world, task.lanes, task.seed, replicates(runs)
        loop = partial(simulate_many, *arguments, fields=("tension",), jobs=1)
        programs = {"C": c, "engine": engine, "engine, its loop alone": loop}
        least = least_times(programs, chosen.repeats)
        for name, seconds in least.items():
            print(
                f"{variant:6} {name:23} {seconds / runs * 1e6:7.2f} microseconds a run, "
                f"{seconds / least['C']:5.2f} x C"
            )
        apart = differences(c(), engine())
        print(f"{variant:6} apart by", ", ".join(f"{k} {v:.1e}" for k, v in apart.items()))


if __name__ == "__main__":
    main()
