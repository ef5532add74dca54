"""Under which conditions does mediation move Washington toward India, under which toward Pakistan?

kashmir_2025 with and without mediation on the same draws, at points that fill the plausible ranges
of every parameter that is not fixed. PRIM looks for a box of conditions in which the mean effect
on Washington's alignment over the draws lies on one side more often than elsewhere. An answer is a
box found on one half of the points whose share on the other half, with its 95 % interval, lies
above that of all points; that there is none is an answer too. Alignment is half of sympathy for
India less sympathy for Pakistan, and the effect a mean over the days the offer acts.
"""

import argparse
import textwrap
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim import discover

CAPITAL, INF = "Washington", np.inf
SIDES = {"above": "India", "below": "Pakistan"}
THERE_IS = "there is a condition"
COLOURS = {"above": "#0072B2", "below": "#D55E00"}


def verdict(low, high, above, below):  # of the claim that a number lies between two limits
    if above < low <= high < below or above == low == high == below:
        return "holds"
    return "fails" if high <= above or low >= below else "undecided"


def on_side(points, side):
    return points["mean"] > 0 if side == "above" else points["mean"] < 0


def conditions(box):  # the keys and ranges of a box in words
    words = []
    for row in box.itertuples():
        said = f"is above {row.low:.2g}" if np.isnan(row.high) else f"is below {row.high:.2g}"
        both = f"lies between {row.low:.2g} and {row.high:.2g}"
        words.append(f"{row.key} {said if np.isnan(row.low * row.high) else both}")
    return " and ".join(words)


def claims(points, boxes):
    rows = []
    for side, country in SIDES.items():
        what = f"mediation moves {CAPITAL} toward {country}"
        share = float(on_side(points, side).mean())
        half = 1.96 * np.sqrt(share * (1 - share) / len(points))
        rows.append((f"{what} at most points", share, share - half, share + half, 0.5, INF))
        found = list(boxes[boxes.direction == side].groupby("box"))
        rows.append((f"{THERE_IS} under which {what} more often", *[len(found)] * 3,
                     0, INF))  # fmt: skip
        for _, box in found:
            one = box.iloc[0]
            rows.append((f"{what} more often where {conditions(box)}", one.density,
                         one.density_low, one.density_high, share, INF))  # fmt: skip
            rows.append((f"{what} there more often than not", one.density, one.density_low,
                         one.density_high, 0.5, INF))  # fmt: skip
    columns = ["claim", "value", "low", "high", "above", "below"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(verdict=[verdict(*row) for row in table[columns[2:]].to_numpy()])


def draw(axes, points, boxes, side):
    box = boxes[(boxes.direction == side) & (boxes.box == 1)].sort_values("quasi_p")
    keys = [*box.key, *(key for key in ("parity", "goodwill") if key not in set(box.key))][:2]
    x, y = keys
    order = sorted(SIDES, key=lambda one: -on_side(points, one).sum())  # the rare ones on top
    for rank, each in enumerate(order):
        some = points[on_side(points, each)]
        axes.scatter(some[x], some[y], s=3 + 8 * rank, lw=0, alpha=0.4 + 0.4 * rank,
                     c=COLOURS[each], label=f"toward {SIDES[each]}")  # fmt: skip
    edges = box.set_index("key").reindex(keys)
    if len(box):
        low, high = (edges[end].fillna(getattr(points[keys], fill)()) for end, fill in
                     (("low", "min"), ("high", "max")))  # fmt: skip
        axes.add_patch(Rectangle(tuple(low), *(high - low), fill=False, lw=2.5))
    one = box.iloc[0] if len(box) else None
    words = (
        "no condition found"
        if one is None
        else (
            f"where {conditions(box)}: {one.density:.0%} ({one.density_low:.0%} to "
            f"{one.density_high:.0%}), elsewhere {one.elsewhere:.0%}; the box holds "
            f"{one.coverage:.0%} of all such points"
        )
    )
    title = f"Toward {SIDES[side]} ({on_side(points, side).mean():.0%} of all points)\n{words}"
    axes.set_title("\n".join(textwrap.fill(line, 62) for line in title.split("\n")), fontsize=12)
    axes.set(xlabel=x, ylabel=y)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.07), ncols=2, frameon=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=8, help="pairs at each point")
    parser.add_argument("--samples", type=int, default=8000, help="points")
    parser.add_argument("--out", type=Path, default=Path("results/experiments/discover"))
    args = parser.parse_args()
    study = discover("kashmir_2025", arms=["mediation"], baseline="no_mediation",
                     of=f"effect.window.alignment.{CAPITAL}", samples=args.samples,
                     replicates=args.pairs)  # fmt: skip
    points, boxes = study.points, study.boxes
    found = claims(points, boxes)
    figure = Figure(figsize=(13.3, 7.5), layout="constrained")
    for axes, side in zip(figure.subplots(1, 2), SIDES, strict=True):
        draw(axes, points, boxes, side)
    figure.suptitle(f"Which way mediation moves {CAPITAL}: one dot a point, the mean of "
                    f"{args.pairs} pairs; other parameters differ too")  # fmt: skip
    args.out.mkdir(parents=True, exist_ok=True)
    figure.savefig(args.out / "discover.png", dpi=150)
    points.to_csv(args.out / "points.csv", index=False)
    boxes.to_csv(args.out / "boxes.csv", index=False)
    study.tradeoff.to_csv(args.out / "tradeoff.csv", index=False)
    found.to_csv(args.out / "claims.csv", index=False)
    for row in found.itertuples():
        counted = f"{row.value:.0%} of points, interval {row.low:.0%} to {row.high:.0%}"
        if row.claim.startswith(THERE_IS):
            counted = f"{row.value:.0f} found"
        print(f"{row.verdict:9}  {row.claim}: {counted}")


if __name__ == "__main__":
    main()
