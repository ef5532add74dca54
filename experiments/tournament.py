"""Could either side have done better by sending its teams elsewhere, whatever the other does?

kashmir_2025, every strategy of India against every one of Pakistan, on the same draws in each
cell; effort and lines of argument stay as they were. Against what the rival did, the best reply is
chosen by one half of the draws and judged by the other. What it gains in the lead at the end over
what was done is an answer if its Monte Carlo interval lies above 0, and one that matters if that
lies above a point of net opinion. That nothing is gained is an answer too. The lead is alignment
over all audiences, by importance; each side's has its own sign.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from sim import tournament

POINT, INF = 0.003, np.inf  # of net opinion, in units of alignment (seeds/formulas.md)
KINDS = {"chance": "by chance alone", "parameters": "with parameters and judgements drawn"}


def verdict(low, high, above, below):  # of the claim that a number lies between two limits
    if above < low <= high < below or above == low == high == below:
        return "holds"
    return "fails" if high <= above or low >= below else "undecided"


def claims(study):
    rows = []
    replies = study.replies[(study.replies.payoff == "lead") & (study.replies.n_pairs > 0)]
    for row in replies[replies.against == replies.instead_of].itertuples():
        what = f"{row.claimant} gains by its best reply ({row.choice}) over {row.instead_of}"
        for more, above in (("", 0.0), (" more than a point of net opinion", POINT)):
            rows.append((f"{what}{more}, {KINDS[row.uncertainty]}", row.mean_diff, row.mc_low,
                         row.mc_high, above, INF))  # fmt: skip
    games = study.games[study.games.payoff == "lead"].drop_duplicates("uncertainty")
    for row in games.itertuples():
        what = "the value of the game to the first side is above 0"
        rows.append((f"{what}, {KINDS[row.uncertainty]}", row.value, row.low, row.high, 0.0, INF))
    columns = ["claim", "value", "low", "high", "above", "below"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(verdict=[verdict(*row) for row in table[columns[2:]].to_numpy()])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=200, help="draws of each cell")
    parser.add_argument("--out", type=Path, default=Path("results/experiments/tournament"))
    args = parser.parse_args()
    study = tournament("kashmir_2025", replicates=args.pairs)
    found = claims(study)
    args.out.mkdir(parents=True, exist_ok=True)
    pictures = study.plot()
    pictures["matrix"].savefig(args.out / "tournament.png", dpi=150)
    pictures["ranks"].savefig(args.out / "ranks.png", dpi=150)
    for name in ("payoffs", "standings", "replies", "equilibria"):
        study.frames[name].to_csv(args.out / f"{name}.csv", index=False)
    found.to_csv(args.out / "claims.csv", index=False)
    for row in found.itertuples():
        print(f"{row.verdict:9}  {row.claim}: {row.value:.5f}, interval {row.low:.5f} to "
              f"{row.high:.5f}")  # fmt: skip


if __name__ == "__main__":
    main()
