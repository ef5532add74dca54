"""Does mediation move the capitals' alignment, and through what?

Two arms of kashmir_2025 on the same draws: a ceasefire with an offer of mediation, and without.
An answer is a paired effect on alignment over the days the offer acts whose Monte Carlo interval
excludes 0, under chance and with what is not known drawn too, and the channels it needs. Alignment
is half of sympathy for India less sympathy for Pakistan: an effect below 0 helps Pakistan.
"""

import argparse
from pathlib import Path

import pandas as pd
from matplotlib.dates import DateFormatter
from matplotlib.figure import Figure

from sim import compare

CAPITAL, BLUE, ORANGE, GREY = "Washington", "#0072B2", "#D55E00", "#666666"
KINDS = {"chance": "only the draws vary", "parameters": "what is not known varies too"}
NUMBERS = ["mean_diff", "mc_low", "mc_high", "q05", "q95"]


def verdict(low, high):  # of the claim that an effect is below 0, from its Monte Carlo interval
    return "undecided" if low <= 0.0 <= high else "holds" if high < 0.0 else "fails"


def claims(effects, channels):
    rows = []
    for kind in KINDS:
        effect = effects[effects.uncertainty == kind].set_index("actor")[NUMBERS]
        parts = channels.query(f"uncertainty == '{kind}' and actor == '{CAPITAL}'")
        least = effect.mc_high.idxmax()
        rows += [(f"mediation moves {CAPITAL} toward Pakistan", kind, *effect.loc[CAPITAL]),
                 (f"it moves every capital so (least sure: {least})", kind, *effect.loc[least]),
                 *((f"part of its effect in {CAPITAL} is {part.channel}", kind, *part[NUMBERS])
                   for _, part in parts.iterrows())]  # fmt: skip
    found = pd.DataFrame(rows, columns=["claim", "uncertainty", *NUMBERS])
    return found.assign(verdict=list(map(verdict, found.mc_low, found.mc_high)))


def draw_shift(axes, summary):
    rows = summary.query(f"metric == 'alignment_shift' and actor == '{CAPITAL}'")
    for arm, colour in (("no_mediation", GREY), ("mediation", ORANGE)):
        one = rows.query(f"arm == '{arm}' and uncertainty == 'chance'")
        days, band = pd.to_datetime(one.date), f"{arm}: 5–95 % of runs, chance"
        axes.fill_between(days, one.q05, one.q95, color=colour, alpha=0.2, lw=0, label=band)
        axes.plot(days, one["mean"], color=colour, label=f"{arm}: mean")
    axes.set(title=f"{CAPITAL}: shift of alignment since day 0", ylim=(None, 0.08))
    axes.xaxis.set_major_formatter(DateFormatter("%d.%m."))


def draw_effects(axes, effects):
    order = effects.query("uncertainty == 'chance'").sort_values("mean_diff").actor.tolist()
    for kind, shift, colour in (("chance", -0.17, BLUE), ("parameters", 0.17, ORANGE)):
        one = effects[effects.uncertainty == kind].set_index("actor").loc[order]
        y = [i + shift for i in range(len(order))]
        band = f"{kind}: 5–95 % of pairs, {KINDS[kind]}"
        axes.hlines(y, one.q05, one.q95, color=colour, lw=4, alpha=0.35, label=band)
        axes.plot(one.mean_diff, y, "o", ms=4, color=colour, label=f"{kind}: mean")
    axes.set_yticks(range(len(order)), order)
    axes.set(title="Effect of mediation on alignment", ylim=(len(order) + 2.2, -0.6))


def draw_channels(axes, channels):
    rows = channels.query(f"actor == '{CAPITAL}' and uncertainty == 'chance'")
    error = (rows.mean_diff - rows.mc_low, rows.mc_high - rows.mean_diff)
    label = "mean; whisker: its 95 % Monte Carlo interval, chance"
    axes.barh(rows.channel, rows.mean_diff, xerr=error, color=BLUE, height=0.5, label=label)
    axes.set(title=f"{CAPITAL}: what the effect loses without a channel", ylim=(4.2, -0.6))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=400, help="pairs of each kind")
    parser.add_argument("--out", type=Path, default=Path("results/experiments/mediation"))
    args = parser.parse_args()
    study = compare("kashmir_2025", ["mediation"], baseline="no_mediation", pairs=args.pairs)
    effects = study.comparison.query("metric == 'alignment' and step == -1 and answers == 'any'")
    channels = study.channels.query("metric == 'alignment' and step == -1")
    found = claims(effects, channels)
    figure = Figure(figsize=(13.3, 7.5), layout="constrained")
    panels = figure.subplot_mosaic("AB;CB")
    draw_shift(panels["A"], study.frames["summary"])
    draw_effects(panels["B"], effects)
    draw_channels(panels["C"], channels)
    for panel in panels.values():
        panel.grid(alpha=0.3)
        panel.legend(fontsize=9)
    figure.suptitle("Below 0: toward Pakistan. Effects are means over the days the offer acts")
    args.out.mkdir(parents=True, exist_ok=True)
    figure.savefig(args.out / "mediation.png", dpi=150)
    effects.to_csv(args.out / "effects.csv", index=False)
    channels.to_csv(args.out / "channels.csv", index=False)
    found.to_csv(args.out / "claims.csv", index=False)
    for row in found.itertuples():
        print(
            f"{row.verdict:9}  {row.claim} ({row.uncertainty}): {row.mean_diff:+.4f}, interval "
            f"{row.mc_low:+.4f} to {row.mc_high:+.4f}; 5–95 % {row.q05:+.3f} to {row.q95:+.3f}"
        )


if __name__ == "__main__":
    main()
