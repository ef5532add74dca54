"""Time the C program and this engine side by side: ``python -m sim.benchmark.compare_with_c``.

One process, one thread, turns taken, the least CPU time of several repetitions: what others do on
the machine then matters least.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial

from sim.benchmark import c_program, engine_program
from sim.benchmark.task import VARIANTS, differences, make_task, replicates
from sim.engines.ensemble.run import simulate_many


def least_times(programs: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """CPU seconds of each program, the least of its repetitions; programs take turns."""
    for program in programs.values():
        program()  # compiles, and fills the caches
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
        least = least_times(
            {
                "C": partial(c_program.run, task, runs),
                "engine": partial(engine_program.run, task, runs),
                "engine, its loop alone": partial(
                    simulate_many, task.world, task.lanes, task.seed, replicates(runs),
                    fields=("tension",), jobs=1,
                ),
            },
            chosen.repeats,
        )  # fmt: skip
        for name, seconds in least.items():
            print(
                f"{variant:6} {name:23} {seconds / runs * 1e6:7.2f} microseconds a run, "
                f"{seconds / least['C']:5.2f} x C"
            )
        apart = differences(c_program.run(task, runs), engine_program.run(task, runs))
        print(f"{variant:6} apart by", ", ".join(f"{k} {v:.1e}" for k, v in apart.items()))


if __name__ == "__main__":
    main()
