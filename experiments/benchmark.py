"""How fast is the ensemble engine beside C, NumPy and Mesa programs of the same model?

The same work in four programs, side by side in one run: noise, incidents, replies and mediation
on, 12 audiences, 90 days; then more runs, days, audiences, narratives and threads. An answer is a
time a run and core at most 1.4 times that of C, with every program giving the same numbers. Times
are of this machine and this hour; ratios travel better.
"""

import argparse
from pathlib import Path

from sim.benchmark.report import text_of, write
from sim.benchmark.study import benchmark
from sim.benchmark.targets import targets


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer sizes, fewer turns")
    parser.add_argument("--out", type=Path, default=Path("results/experiments/benchmark"))
    args = parser.parse_args()
    done = benchmark(args.quick)
    args.out.mkdir(parents=True, exist_ok=True)
    write(done, args.out)
    print(text_of(done))
    for row in targets(done.times).itertuples():
        print(f"{row.verdict:9}  {row.target}: {row.measured:.3g}, limit {row.limit:g}")


if __name__ == "__main__":
    main()
