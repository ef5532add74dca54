"""Over which values of parity and goodwill does mediation move Washington, and which way?

kashmir_2025 on a grid of both, with and without mediation, all on the same draws, up to a day in
the middle of the offer. An answer is a paired effect on Washington's alignment whose Monte Carlo
interval excludes 0, and its change along each parameter. Alignment is half of sympathy for India
less sympathy for Pakistan: below 0 helps Pakistan. Only chance varies here.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim import Scenario, sweep

CAPITAL, LAST_DAY, ORANGE, GREY = "Washington", 58, "#D55E00", "#666666"
GRID = {"parity": [0.0, 0.15, 0.3, 0.45, 0.6], "goodwill": [0.0, 0.015, 0.03, 0.045, 0.06]}
DEFAULTS = {"parity": 0.3, "goodwill": 0.03}
NUMBERS = ["mean_diff", "mc_low", "mc_high"]


def verdict(low, high):  # of the claim that a difference is below 0, from its interval
    return "undecided" if low <= 0.0 <= high else "holds" if high < 0.0 else "fails"


def claims(effects):
    points = effects.set_index(list(GRID))
    least = points.mc_high.idxmax()
    where = f"least sure: parity {least[0]:g}, goodwill {least[1]:g}"
    rows = [("mediation moves Washington toward Pakistan at the default values",
             *points.loc[tuple(DEFAULTS.values()), NUMBERS]),
            (f"it does so at every point ({where})", *points.loc[least, NUMBERS])]  # fmt: skip
    for name, values in GRID.items():
        low, high = (points.loc[tuple((DEFAULTS | {name: end}).values())]
                     for end in (values[0], values[-1]))  # fmt: skip
        change = high.mean_diff - low.mean_diff
        # as if the points were independent; they share draws, so this is rather too wide
        half = np.hypot(high.mc_high - high.mean_diff, low.mc_high - low.mean_diff)
        rows.append((f"more {name} ({values[0]:g} to {values[-1]:g}) moves it further that way",
                     change, change - half, change + half))  # fmt: skip
    found = pd.DataFrame(rows, columns=["claim", *NUMBERS])
    return found.assign(verdict=list(map(verdict, found.mc_low, found.mc_high)))


def draw_shift(axes, shifts, along):
    other = next(name for name in GRID if name != along)
    for arm, colour in (("no_mediation", GREY), ("mediation", ORANGE)):
        one = shifts[(shifts.arm == arm) & (shifts[other] == DEFAULTS[other])]
        band = f"{arm}: 5–95 % of runs, chance"
        axes.fill_between(one[along], one.q05, one.q95, color=colour, alpha=0.2, lw=0, label=band)
        axes.plot(one[along], one["mean"], "o-", color=colour, label=f"{arm}: mean")
    title = f"Shift of alignment since day 0 ({other} {DEFAULTS[other]:g})"
    axes.set(title=title, xlabel=along, ylim=(None, 0.0))
    axes.legend(frameon=False, fontsize=9)


def draw_effects(axes, effects):
    effects = effects.assign(undecided=(effects.mc_low <= 0) & (effects.mc_high >= 0))
    table, undecided = (effects.pivot(index="goodwill", columns="parity", values=name)
                        for name in ("mean_diff", "undecided"))  # fmt: skip
    widest = float(table.abs().to_numpy().max())
    axes.imshow(table, cmap="PuOr_r", vmin=-widest, vmax=widest, origin="lower")
    for (i, j), value in np.ndenumerate(table):
        axes.text(j, i, f"{1000 * value:+.1f}{' ?' if undecided.iat[i, j] else ''}", ha="center",
                  color="black" if abs(value) < 0.6 * widest else "white")  # fmt: skip
    axes.set_xticks(range(table.shape[1]), [f"{value:g}" for value in table.columns])
    axes.set_yticks(range(table.shape[0]), [f"{value:g}" for value in table.index])
    title = "Paired effect of mediation × 1000 (?: undecided)"
    axes.set(title=title, xlabel="parity", ylabel="goodwill")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=100, help="pairs at each point")
    parser.add_argument("--out", type=Path, default=Path("results/experiments/sweep_parameters"))
    args = parser.parse_args()
    scenario = Scenario.from_yaml("kashmir_2025").replace(steps=LAST_DAY)
    study = sweep(scenario, GRID, ["mediation"], baseline="no_mediation", replicates=args.pairs,
                  metrics=["alignment", "alignment_shift"])  # fmt: skip
    here = f"actor == '{CAPITAL}' and step == {LAST_DAY}"
    effects = study.comparison.query(f"{here} and metric == 'alignment' and answers == 'any'")
    shifts = study.frames["summary"].query(f"{here} and metric == 'alignment_shift'")
    found = claims(effects)
    figure = Figure(figsize=(13.3, 7.5), layout="constrained")
    panels = figure.subplot_mosaic("AB;CB")
    draw_shift(panels["A"], shifts, "parity")
    draw_shift(panels["C"], shifts, "goodwill")
    draw_effects(panels["B"], effects)
    figure.suptitle(f"Alignment of {CAPITAL} on {shifts.date.iat[0]}; below 0: toward Pakistan")
    args.out.mkdir(parents=True, exist_ok=True)
    figure.savefig(args.out / "sweep_parameters.png", dpi=150)
    for name, table in (("effects", effects), ("shifts", shifts), ("claims", found)):
        table.to_csv(args.out / f"{name}.csv", index=False)
    for row in found.itertuples():
        print(f"{row.verdict:9}  {row.claim}: {row.mean_diff:+.4f}, "
              f"interval {row.mc_low:+.4f} to {row.mc_high:+.4f}")  # fmt: skip


if __name__ == "__main__":
    main()
