"""How many runs do paired draws save against independent draws: of what, and on which day?

Arms of kashmir_2025 share their draws, pair by pair. The factor says how many times as many runs
independent draws need for an interval of the same width: the variances of both arms together over
the variance of their paired difference. An answer is a factor by metric and day, the mean over
seeds (of its logarithm) with its 95 % interval, and the same measured where draws are independent
indeed. At a factor of 1 pairing saves nothing, below 1 it does harm.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.dates import DateFormatter
from matplotlib.figure import Figure
from scipy.stats import t as student

from sim import Scenario, compare

BASE, ARMS, CAPITAL = "no_mediation", ("mediation", "no_us_role"), "Washington"
DAYS = {36: "a week after the offer", 60: "middle", 130: "last day", -1: "mean over the offer"}
WEEK, _, LAST, WINDOW = DAYS
SHOWN = {  # metric, actor, toward; colour, line
    "lead over all audiences": (("lead", "", ""), "#0072B2", "-"),
    f"alignment of {CAPITAL}": (("alignment", CAPITAL, ""), "#D55E00", "-"),
    f"mean sympathy of {CAPITAL}": (("regard", CAPITAL, ""), "#CC79A7", "-"),
    "tension": (("tension", "", ""), "#009E73", "-"),
    "whether India has accepted": (("accepted", "", "India"), "#AAAAAA", "-"),
    "whether Pakistan has accepted": (("accepted", "", "Pakistan"), "#000000", ":"),
}
KEY = ["uncertainty", "arm", "metric", "actor", "toward", "step"]


def interval(logs):  # [..., seed] -> mean factor and its 95 % interval, from logarithms
    mean, count = logs.mean(axis=-1), logs.shape[-1]
    half = student.ppf(0.975, count - 1) * logs.std(axis=-1, ddof=1) / np.sqrt(count)
    return np.exp([mean, mean - half, mean + half])


def verdict(low, high, above, below):  # of the claim that a number lies between two limits
    if above < low <= high < below or above == low == high == below:
        return "holds"
    return "fails" if high <= above or low >= below else "undecided"


def by_day(studies):  # [row, seed] logarithms of the factor, from the day after the offer
    rows = [study.comparison.assign(of=seed) for seed, study in enumerate(studies)]
    rows = pd.concat(rows).query("answers == 'any' and (step >= 30 or step == -1)")
    removed = rows.set_index([*KEY, "of"]).variance_reduction.unstack()
    # without a difference in some seed (incidents late, say) there is no factor to speak of
    return -np.log1p(-removed[(removed < 1.0).all(axis=1)])


def against_independent(studies, arm):
    """Variance of the lead with the arm's runs of the next seed, over its paired variance."""
    chance = [study.runs.query("uncertainty == 'chance'") for study in studies]
    leads = [runs.pivot(index="replicate", columns="arm", values="lead") for runs in chance]
    found = []
    for one, other in zip(leads, [*leads[1:], leads[0]], strict=True):
        independent, paired = other[arm] - one[BASE], one[arm] - one[BASE]
        found.append(np.log(independent.var() / paired.var()))
    return np.array(found)


def claims(logs, studies):
    def at(name, step, arm):
        return known.loc[("chance", arm, *SHOWN[name][0], step)].to_numpy()

    lead, capital, warmth, tension, *answers = SHOWN
    inf, rows = np.inf, []
    asked = [("chance", arm, *key, step) for arm in ARMS for key, *_ in SHOWN.values()
             for step in DAYS]  # fmt: skip
    known = logs.reindex(logs.index.union(asked))  # few pairs may not differ at all
    for arm in ARMS:
        rows += [
            (
                f"paired draws save runs on the {name} on the last day",
                arm,
                at(name, LAST, arm),
                1,
                inf,
            )
            for name in (lead, capital, tension)
        ]
        rows += [
            (
                f"they save more on the {name} a week after the offer than on the last day",
                arm,
                at(name, WEEK, arm) - at(name, LAST, arm),
                1,
                inf,
            )
            for name in (lead, tension)
        ]
        measured = against_independent(studies, arm)
        rows.append(("draws independent indeed give the same factor (lead, last day) to a tenth",
                     arm, measured - at(lead, LAST, arm), 0.9, 1.1))  # fmt: skip
    mediated = ARMS[0]
    rows += [
        (
            f"they at least halve the runs for the mean over the offer: {name}",
            mediated,
            at(name, WINDOW, mediated),
            2,
            inf,
        )
        for name in (lead, capital, warmth, tension)
    ]
    rows += [(f"they save nothing on {name}: without an offer it does not vary", mediated,
              at(name, WEEK, mediated), 1, 1) for name in answers]  # fmt: skip
    others = logs[~logs.index.isin(["accepted", "mediation"], level="metric")]
    least = others.index[interval(others.to_numpy())[1].argmin()]
    where = " ".join(filter(None, least[2:5])) + f", day {least[5]}, {least[0]}"
    rows.append((f"they do harm nowhere (least: {where})", least[1], others.loc[least].to_numpy(),
                 1, inf))  # fmt: skip
    found = [(claim, arm, *interval(values), *limits) for claim, arm, values, *limits in rows]
    table = pd.DataFrame(found, columns=["claim", "arm", "value", "low", "high", "above", "below"])
    table = table.dropna()
    return table.assign(verdict=[verdict(*row[1:]) for row in table.iloc[:, 2:].to_numpy()])


def draw_days(axes, factors, arm, dates):
    for name, (key, colour, line) in SHOWN.items():
        rows = factors.loc[("chance", arm, *key)] if ("chance", arm, *key) in factors.index else []
        if len(rows):
            days = rows.drop(WINDOW, errors="ignore")
            when = dates[days.index]
            axes.fill_between(when, days.low, days.high, color=colour, alpha=0.25, lw=0)
            width = 4 if key[0] == "accepted" else 1.5
            axes.plot(when, days.factor, line, color=colour, lw=width, label=name)
    axes.set(title=f"{arm} against {BASE}", yscale="log", ylim=(0.7, 3000))
    axes.set_yticks([1, 2, 5, 10, 100, 1000], ["1: nothing saved", "2", "5", "10", "100", "1000"])
    axes.xaxis.set_major_formatter(DateFormatter("%d.%m."))
    axes.grid(alpha=0.3)


def markdown(factors, arm=ARMS[0]):
    lines = [f"| {arm}, chance | " + " | ".join(DAYS.values()) + " |", "|---" * 5 + "|"]
    for name, (key, *_) in SHOWN.items():
        known = factors.reindex([("chance", arm, *key, day) for day in DAYS]).to_numpy()
        cells = ["–" if np.isnan(mean) else f"{mean:.3g}" if low == high else
                 f"{mean:.3g} ({low:.3g}–{high:.3g})" for mean, low, high in known]  # fmt: skip
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=250, help="pairs of each kind and seed")
    parser.add_argument("--seeds", type=int, default=20, help="seeds the mean is taken over")
    parser.add_argument("--out", type=Path, default=Path("results/experiments/paired_draws"))
    args = parser.parse_args()
    scenario = Scenario.from_yaml("kashmir_2025")
    studies = [compare(scenario, ARMS, baseline=BASE, pairs=args.pairs, channels=False, seed=seed)
               for seed in range(args.seeds)]  # fmt: skip
    logs = by_day(studies)
    factors = pd.DataFrame(dict(zip(("factor", "low", "high"), interval(logs.to_numpy()),
                                    strict=True)), index=logs.index)  # fmt: skip
    found = claims(logs, studies)
    figure = Figure(figsize=(13.3, 7.5), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    dates = studies[0].comparison.query("step >= 0").groupby("step").date.first()
    for axes, arm in zip(panels, ARMS, strict=True):
        draw_days(axes, factors, arm, pd.to_datetime(dates))
    panels[0].set_ylabel("times as many runs with independent draws")
    panels[0].legend(title=f"mean over {args.seeds} seeds; band: its 95 % interval", fontsize=10)
    figure.suptitle("What paired draws save: runs for an effect as sharp (only chance varies)")
    args.out.mkdir(parents=True, exist_ok=True)
    figure.savefig(args.out / "paired_draws.png", dpi=150)
    factors.reset_index().to_csv(args.out / "factors.csv", index=False)
    found.to_csv(args.out / "claims.csv", index=False)
    (args.out / "table.md").write_text(markdown(factors), encoding="utf-8")
    for row in found.itertuples():
        print(f"{row.verdict:9}  {row.claim} ({row.arm}): {row.value:.3g}, interval "
              f"{row.low:.3g} to {row.high:.3g}")  # fmt: skip


if __name__ == "__main__":
    main()
