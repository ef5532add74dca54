"""What does mediation's effect on Washington depend on, and how much of it is chance?

kashmir_2025 with and without mediation, all on the same draws. Every parameter that is not fixed
goes over its plausible range: Morris screening keeps those that may matter, and Sobol's indices
say which share of the variance each makes, of the mean effect over chance and of its spread. An
answer is a share whose 95 % interval lies above 2 %, or below; total shares (ST) count the
interactions too, so they may add up to more than 100 %. The effect is on Washington's alignment,
a mean over the days the offer acts; alignment is half of sympathy for India less for Pakistan.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from sim import sensitivity

CAPITAL, LITTLE, INF = "Washington", 0.02, np.inf
WHAT = {"mean": "the mean effect", "sd": "the spread of the effect"}


def verdict(low, high, above, below):  # of the claim that a number lies between two limits
    if above < low <= high < below or above == low == high == below:
        return "holds"
    return "fails" if high <= above or low >= below else "undecided"


def claims(indices, shares):
    columns = ["claim", "value", "low", "high", "above", "below"]
    numbers = columns[1:4]
    chance = shares.set_index("part").loc["chance", ["share", "low", "high"]]
    rows = [("less than half of the variance of one pair's effect is chance", *chance, -INF, 0.5)]
    first = indices[(indices["of"] == "mean") & (indices["index"] == "S1")]
    first = first.set_index("parameter")[numbers]
    if "parity" in first.index:
        rows.append(("parity alone makes more of the mean effect's variance than all else",
                     *first.loc["parity"], 0.5, INF))  # fmt: skip
    for of, what in WHAT.items():
        total = indices[(indices["of"] == of) & (indices["index"] == "ST")]
        for row in total.sort_values("value", ascending=False, kind="stable").itertuples():
            rows.append((f"{what} depends on {row.parameter}", row.value, row.low, row.high,
                         LITTLE, INF))  # fmt: skip
    found = pd.DataFrame(rows, columns=columns)
    return found.assign(verdict=[verdict(*row) for row in found[columns[2:]].to_numpy()])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=32, help="pairs at each point")
    parser.add_argument("--trajectories", type=int, default=40, help="of the screening")
    parser.add_argument("--samples", type=int, default=512, help="base points of the indices")
    parser.add_argument("--out", type=Path, default=Path("results/experiments/sensitivity"))
    args = parser.parse_args()
    study = sensitivity("kashmir_2025", arms=["mediation"], baseline="no_mediation",
                        of=f"effect.window.alignment.{CAPITAL}", replicates=args.pairs,
                        trajectories=args.trajectories, samples=args.samples)  # fmt: skip
    found = claims(study.sensitivity, study.shares)
    args.out.mkdir(parents=True, exist_ok=True)
    pictures = study.plot()
    pictures["indices"].savefig(args.out / "sensitivity.png")
    pictures["screening"].savefig(args.out / "screening.png")
    study.sensitivity.to_csv(args.out / "indices.csv", index=False)
    study.shares.to_csv(args.out / "shares.csv", index=False)
    found.to_csv(args.out / "claims.csv", index=False)
    for row in found.itertuples():
        print(f"{row.verdict:9}  {row.claim}: share {row.value:.0%}, interval {row.low:.0%} to "
              f"{row.high:.0%}")  # fmt: skip


if __name__ == "__main__":
    main()
