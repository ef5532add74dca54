"""Who leads: the larger campaign, or the one that speaks first, and does it last?

The two campaigns of kashmir_2025 in other sizes and orders, the same for each country in turn,
against equal ones that begin on one day, all on the same draws and without mediation; the routes
of the teams are the historical ones, and once exchanged. In the control, `symmetric` without noise
and incidents, data favour neither side: exchanging the campaigns must mirror every result. An
answer is a paired effect on alignment, in words a claim that it lies between two limits, whose
Monte Carlo interval does so. Alignment is half of sympathy for the first side less sympathy for
the second; the lead is its mean over audiences, by importance.
"""

import argparse
import re
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.dates import DateFormatter
from matplotlib.figure import Figure

from sim import Scenario, compare

SIZES, HEAD_STARTS, SMALL, ROUNDING = (2, 4, 16), (14, 28), 0.001, 1e-12
CONTROL, ROUTES = "symmetric", 60  # on that day most teams have spoken
COLOURS, GREY, INF = ("#0072B2", "#D55E00"), "#666666", np.inf
KINDS = {"chance": "only the draws vary", "parameters": "what is not known varies too"}
NUMBERS = ["mean_diff", "mc_low", "mc_high"]


def study_of(name, pairs, uncertain_pairs, **changes):
    """The scenario with one arm for each pair of campaigns, against equal ones."""
    base = Scenario.from_yaml(name)
    arms, owner = {"equal": {}}, {}
    for side, rival in (base.claimants, base.claimants[::-1]):
        me, other = side.name.lower(), rival.name.lower()
        owner[side.name] = rival.name
        for size in SIZES:
            arms[f"{me}_x{size}"] = {"claimants": [{"name": side.name, "effort": size}]}
        late = [{"name": rival.name, "campaign_start": rival.campaign_start + days}
                for days in HEAD_STARTS]  # fmt: skip
        for days, start in zip(HEAD_STARTS, late, strict=True):
            arms[f"{me}_first_{days}"] = {"claimants": [start]}
        arms[f"{me}_first_{other}_x2"] = {"claimants": [{**late[0], "effort": 2}]}
    arms["teams_exchanged"] = {
        "delegations": [
            {"name": team.name, "claimant": owner[team.claimant]} for team in base.delegations
        ]
    }
    own = {"schema_version": 1, "name": f"{name}_campaigns", "extends": name, "arms": arms}
    scenario = Scenario.from_dict({**own, "baseline": "equal", **changes})
    return compare(scenario, list(arms), pairs=pairs, uncertain_pairs=uncertain_pairs,
                   channels=False)  # fmt: skip


def verdict(low, high, above, below):  # of the claim that a number lies between two limits
    if above < low <= high < below or above == low == high == below:
        return "holds"
    return "fails" if high <= above or low >= below else "undecided"


def mirrored(name, first, second):
    """A name with the two sides' names exchanged, whatever the case."""
    swap = {first: second, second: first}
    swap |= {one.lower(): other.lower() for one, other in swap.items()}
    return "".join(swap.get(part, part) for part in re.split("([ _])", name))


def mirror_error(control):
    """Alignment plus its mirror image where the campaigns are exchanged: most of any arm, day."""
    names = [side.name for side in control.scenario.claimants]
    rows = control.frames["summary"].query("metric == 'alignment'")
    twin = rows = rows.set_index(["arm", "actor", "step"])["mean"]
    for level in ("arm", "actor"):
        twin = twin.rename(index=lambda name: mirrored(name, *names), level=level)
    return (rows + twin.reindex(rows.index)).abs().max()


def mirror_claims(control, alone):
    exact, rounded = mirror_error(alone), mirror_error(control)
    return [("exchanging the campaigns mirrors every audience exactly, any arm and day",
             f"{CONTROL}, no peers", *[exact] * 3, 0, 0),
            (f"with peers, whose order in sums matters, but for rounding ({ROUNDING:g})",
             CONTROL, *[rounded] * 3, -INF, ROUNDING)]  # fmt: skip


def claims(study, kind):
    scenario = study.scenario
    effects = study.comparison.query(f"uncertainty == '{kind}' and answers == 'any'")
    leads = effects.query("metric == 'lead'").set_index(["arm", "step"])[NUMBERS]
    capitals = effects.query("metric == 'alignment'").set_index(["arm", "step", "actor"])
    capitals = capitals[NUMBERS].sort_index()
    levels = study.frames["summary"].query(f"uncertainty == '{kind}' and metric == 'lead'")
    levels = levels.set_index(["arm", "step"])
    sides, last = [side.name for side in scenario.claimants], scenario.steps
    begun = scenario.claimants[0].campaign_start + HEAD_STARTS[0]  # when the late one begins

    def toward(sign, found):  # mean and interval of an effect, counted toward one side
        mean, low, high = found
        return (mean, low, high) if sign > 0 else (-mean, -high, -low)

    rows = []
    for sign, side, rival in ((1, *sides), (-1, *sides[::-1])):
        me, other, days = side.lower(), rival.lower(), HEAD_STARTS[0]
        doubled = capitals.loc[(f"{me}_x2", last)]
        doubled = doubled if sign > 0 else -doubled[["mean_diff", "mc_high", "mc_low"]]
        least = doubled.iloc[:, 1].idxmin()
        level = levels.loc[(f"{me}_x{SIZES[-1]}", last)]
        mean, reach = sign * level["mean"], 1.96 * level.se
        late, first = f"{other}_first_{me}_x2", f"{me}_first_{days}"
        rows += [
            (f"doubling {side}'s campaign moves the lead toward {side} by the last day",
             *toward(sign, leads.loc[(f"{me}_x2", last)]), 0, INF),
            (f"it moves every audience so (least sure: {least})", *doubled.loc[least], 0, INF),
            (f"with a campaign {SIZES[-1]} times as large {side} leads on the last day",
             mean, mean - reach, mean + reach, 0, INF),
            (f"speaking first by {days} days helps {side} until {rival} begins",
             *toward(sign, leads.loc[(first, begun)]), 0, INF),
            (f"of that less than {SMALL:g} is left on the last day",
             *toward(sign, leads.loc[(first, last)]), -SMALL, SMALL),
            (f"{side}, {days} days late but twice as large, is ahead by the last day",
             *toward(sign, leads.loc[(late, last)]), 0, INF),
        ]  # fmt: skip
    one, other = (toward(sign, leads.loc[(f"{side.lower()}_x2", last)])
                  for sign, side in zip((1, -1), sides, strict=True))  # fmt: skip
    reach = (one[2] - one[1] + other[2] - other[1]) / 2  # holds whatever the two have in common
    more = one[0] - other[0]
    rows.append((f"doubling gives {sides[0]} and {sides[1]} the same to within {SMALL:g}",
                 more, more - reach, more + reach, -SMALL, SMALL))  # fmt: skip
    rows += [(f"exchanging the teams moves the lead toward {sides[1]} on {when}",
              *toward(-1, leads.loc[("teams_exchanged", step)]), 0, INF)
             for when, step in ((f"day {ROUTES}", ROUTES), ("the last day", last))]  # fmt: skip
    return rows


def draw_sizes(axes, study, control):
    for scenario, line in ((study, "-"), (control, "--")):
        of = scenario.scenario
        rows = scenario.frames["summary"].query(
            f"metric == 'lead' and step == {of.steps} and uncertainty == 'chance'"
        ).set_index("arm")  # fmt: skip
        for side, colour in zip(of.claimants, COLOURS, strict=True):
            one = rows.loc[["equal", *(f"{side.name.lower()}_x{size}" for size in SIZES)]]
            sizes = (1, *SIZES)
            if scenario is study:
                band = f"larger: {side.name}, 5–95 % of runs, chance"
                axes.fill_between(sizes, one.q05, one.q95, color=colour, alpha=0.25,
                                  lw=0, label=band)  # fmt: skip
            label = f"larger: {side.name}, mean" + (f" ({CONTROL})" if scenario is control else "")
            axes.plot(sizes, one["mean"], line, color=colour, label=label)
    axes.set_xscale("log", base=2)
    axes.set_xticks([1, *SIZES], ["equal", *(f"× {size}" for size in SIZES)])
    axes.axhline(0, color="black", lw=0.8)
    axes.set(title="Size: the lead on the last day", ylim=(None, 0.42))
    axes.legend(fontsize=8, ncols=2)


def draw_order(axes, study):
    scenario = study.scenario
    rows = study.comparison.query("metric == 'lead' and uncertainty == 'chance' and step > 8")
    for side, colour in zip(scenario.claimants, COLOURS, strict=True):
        me = side.name.lower()
        for arm, line, said in ((f"{me}_x2", ":", "twice as large"), *(
                (f"{me}_first_{days}", "--" if days == HEAD_STARTS[0] else "-",
                 f"first by {days} days") for days in HEAD_STARTS)):  # fmt: skip
            one = rows[rows.arm == arm]
            days = pd.to_datetime(one.date)
            axes.fill_between(days, one.q05, one.q95, color=colour, alpha=0.2, lw=0)
            axes.plot(days, one.mean_diff, line, color=colour, label=f"{side.name} {said}")
    axes.axhline(0, color="black", lw=0.8)
    axes.set(title="Order: effect on the lead (bands: 5–95 % of pairs, chance)",
             ylim=(-0.0155, None))  # fmt: skip
    axes.xaxis.set_major_formatter(DateFormatter("%d.%m."))
    axes.legend(fontsize=8, ncols=2, loc="lower right")


def draw_places(axes, study):
    rows = study.comparison.query(
        f"metric == 'alignment' and uncertainty == 'parameters' and step == {ROUTES}"
    )
    scenario = study.scenario
    order = [audience.name for audience in scenario.audiences]
    first, second = (side.name for side in scenario.claimants)
    shown = ((f"{first.lower()}_x2", COLOURS[0], f"{first} twice as large"),
             (f"{second.lower()}_x2", COLOURS[1], f"{second} twice as large"),
             ("teams_exchanged", GREY, "teams exchanged"))  # fmt: skip
    for shift, (arm, colour, said) in zip((-0.25, 0, 0.25), shown, strict=True):
        one = rows[rows.arm == arm].set_index("actor").loc[order]
        y = [i + shift for i in range(len(order))]
        axes.hlines(y, one.q05, one.q95, color=colour, lw=4, alpha=0.35,
                    label=f"{said}: 5–95 % of pairs, {KINDS['parameters']}")  # fmt: skip
        axes.plot(one.mean_diff, y, "o", ms=4, color=colour, label=f"{said}: mean")
    axes.axvline(0, color="black", lw=0.8)
    axes.set_yticks(range(len(order)), order)
    axes.set(title=f"Where: effect on alignment on {rows.date.iat[0]}",
             ylim=(len(order) + 3.4, -0.6))  # fmt: skip
    axes.legend(fontsize=8, loc="lower left")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=400, help="pairs of each kind")
    parser.add_argument("--out", type=Path, default=Path("results/experiments/who_leads"))
    args = parser.parse_args()
    study = study_of("kashmir_2025", args.pairs, args.pairs)
    quiet = {"noise": False, "incidents": False}
    control = study_of(CONTROL, 2, 0, switches=quiet)
    rows = mirror_claims(control, study_of(CONTROL, 2, 0, switches={**quiet, "peers": False}))
    rows += [(claim, kind, *row) for kind in KINDS for claim, *row in claims(study, kind)]
    columns = ["claim", "uncertainty", "value", "low", "high", "above", "below"]
    found = pd.DataFrame(rows, columns=columns)
    found["verdict"] = [verdict(*row) for row in found[columns[3:]].to_numpy()]
    figure = Figure(figsize=(13.3, 7.5), layout="constrained")
    panels = figure.subplot_mosaic("AC;BC")
    draw_sizes(panels["A"], study, control)
    draw_order(panels["B"], study)
    draw_places(panels["C"], study)
    for panel in panels.values():
        panel.grid(alpha=0.3)
    first, second = (side.name for side in study.scenario.claimants)
    sides = f"Above 0: toward {first} (North), below: {second} (South)"
    figure.suptitle(f"Campaigns without mediation. {sides}")
    args.out.mkdir(parents=True, exist_ok=True)
    figure.savefig(args.out / "who_leads.png", dpi=150)
    effects = study.comparison.query("metric in ('lead', 'alignment') and answers == 'any'")
    for name, table in (("effects", effects), ("claims", found)):
        table.to_csv(args.out / f"{name}.csv", index=False)
    for row in found.itertuples():
        print(f"{row.verdict:9}  {row.claim} ({row.uncertainty}): {row.value:+.4g}, interval "
              f"{row.low:+.4g} to {row.high:+.4g}")  # fmt: skip


if __name__ == "__main__":
    main()
