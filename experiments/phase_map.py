"""Which way does mediation move Washington, by parity and by whom a yes costs more at home?

Parity moves the effect on Washington's alignment most of all parameters. Beside it stands what
accepting costs at home: the costs of both countries add up to 0.15, the upper end of their usual
range, from all of them Pakistan's to all India's. The map ends at the usual parity; the upper end
of its range is tried too. Every point runs with and without mediation on the same draws. An answer
is the sign of the paired effect, a mean over the days the offer acts, where its 95 % Monte Carlo
interval excludes 0 (of points without an effect, one in twenty will do so by chance). Where what
is not known is drawn too, a point's parity is the median of the draws; the costs stay. Alignment
is half of sympathy for India less sympathy for Pakistan: below 0 helps Pakistan.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from sim import Scenario, sweep

CAPITAL, LAST_DAY, INF = "Washington", 91, np.inf  # the offer acts up to the day before the last
COSTS = {side: f"claimants.{side}.audience_cost" for side in ("India", "Pakistan")}
TOTAL, USUAL, HIGHEST = 0.15, 0.3, 1.0  # costs together; parity by default, end of its range
KINDS = {"chance": "only the draws vary", "parameters": "what is not known varies too"}
SIGNS = (-1, 0, 1)  # toward Pakistan, undecided, toward India


def verdict(low, high, above, below):  # of the claim that a number lies between two limits
    if above < low <= high < below or above == low == high == below:
        return "holds"
    return "fails" if high <= above or low >= below else "undecided"


def effects_on(side, pairs):
    """The paired effect at every point: `share` is India's part of the costs, `sign` -1, 0, 1."""
    scenario = Scenario.from_yaml("kashmir_2025").replace(steps=LAST_DAY)
    axes = np.linspace(0, 1, side), [*np.linspace(0, USUAL, side), HIGHEST]
    share, parity = (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij"))
    india = (TOTAL * share).round(6)
    points = {"parity": parity.round(6), COSTS["India"]: india,
              COSTS["Pakistan"]: (TOTAL - india).round(6)}  # fmt: skip
    tables = []
    for kind in KINDS:
        study = sweep(scenario, {key: values.tolist() for key, values in points.items()},
                      ["mediation"], baseline="no_mediation", replicates=pairs, design="zip",
                      uncertain=kind == "parameters", metrics=["alignment"])  # fmt: skip
        tables.append(
            study.comparison.query(
                f"actor == '{CAPITAL}' and metric == 'alignment' and step == -1 "
                "and answers == 'any'"
            )
        )
    found = pd.concat(tables, ignore_index=True)
    sign = np.sign(found.mc_low).where(np.sign(found.mc_low) == np.sign(found.mc_high), 0)
    share = (found[COSTS["India"]] / TOTAL).round(4)
    net = found.share_positive - found.share_negative  # pairs that are exactly equal are neither
    return found.assign(share=share, parity=found.parity.round(6), sign=sign.astype(int), net=net)


def crossing(parity, values):
    """The parity from which values are no longer above 0: 0 where they begin so; nan: nowhere."""
    if values[0] <= 0 or (values > 0).all():
        return 0.0 if values[0] <= 0 else np.nan
    i = int(np.argmax(values <= 0))
    part = values[i - 1] / (values[i - 1] - values[i])
    return parity[i - 1] + part * (parity[i] - parity[i - 1])


def boundary(effects):
    """By kind and share of the costs: parity where the effect's sign changes, and its interval."""
    rows = []
    for (kind, share), line in effects.groupby(["uncertainty", "share"]):
        line = line.sort_values("parity")
        rows.append((kind, share, *(crossing(line.parity.to_numpy(), line[name].to_numpy())
                                    for name in ("mean_diff", "mc_low", "mc_high"))))  # fmt: skip
    return pd.DataFrame(rows, columns=["uncertainty", "share", "parity", "low", "high"])


def claims(effects, edges):
    numbers, rows = ["mean_diff", "mc_low", "mc_high"], []
    where = {0.0: "where a yes costs Pakistan alone", 0.5: "where it costs both the same",
             1.0: "where it costs India alone"}  # fmt: skip
    for kind, points in effects.groupby("uncertainty"):
        at = points.set_index(["share", "parity"])[numbers]
        ends = at.xs(HIGHEST, level="parity")
        rows += [
            (
                f"{words}, mediation moves {CAPITAL} toward Pakistan at the usual parity",
                kind,
                *at.loc[(share, USUAL)],
                -INF,
                0,
            )
            for share, words in where.items()
        ]
        rows += [
            (f"at a parity of {HIGHEST:g} it does so whoever bears the costs (least sure: "
             f"{ends.mc_high.idxmax():.0%} by India)", kind,
             *ends.loc[ends.mc_high.idxmax()], -INF, 0),
            (f"{where[0.0]}, it moves {CAPITAL} toward India without parity", kind,
             *at.loc[(0.0, 0.0)], 0, INF),
            (f"{where[1.0]}, it does so too", kind, *at.loc[(1.0, 0.0)], 0, INF),
        ]  # fmt: skip
        edge = edges[(edges.uncertainty == kind) & (edges.share == 0.0)]
        if edge.parity.iat[0] > 0:
            rows.append(
                (
                    f"{where[0.0]}, the sign changes between no and half the usual parity",
                    kind,
                    *edge[["parity", "low", "high"]].iloc[0],
                    0,
                    USUAL / 2,
                )
            )
        on_map = points[points.parity <= USUAL]
        share = {sign: float((on_map.sign == sign).mean()) for sign in SIGNS}
        rows += [
            ("most of the map is toward Pakistan, whatever the undecided points are", kind,
             float((on_map.mean_diff < 0).mean()), share[-1], 1 - share[1], 0.5, INF),
            ("less than a tenth of the map is undecided", kind, *[share[0]] * 3, -INF, 0.1),
            ("some of the map is toward India", kind, *[share[1]] * 3, 0, INF),
        ]  # fmt: skip
    columns = ["claim", "uncertainty", "value", "low", "high", "above", "below"]
    found = pd.DataFrame(rows, columns=columns)
    return found.assign(verdict=[verdict(*row) for row in found[columns[3:]].to_numpy()])


def draw(axes, points, name, scale, colours):
    table = points.pivot(index="share", columns="parity", values=name)
    drawn = axes.pcolormesh(table.columns, table.index, table * scale, shading="nearest",
                            **colours)  # fmt: skip
    width, height = table.columns[1] - table.columns[0], table.index[1] - table.index[0]
    for point in points[points.sign == 0].itertuples():
        corner = (point.parity - width / 2, point.share - height / 2)
        axes.add_patch(Rectangle(corner, width, height, fill=False, hatch="////", lw=0,
                                 edgecolor="#555555"))  # fmt: skip
    for each, style in (("mean_diff", "-"), ("mc_low", "--"), ("mc_high", "--")):
        values = points.pivot(index="share", columns="parity", values=each)
        if values.min(axis=None) < 0 < values.max(axis=None):
            axes.contour(values.columns, values.index, values, [0], colors="black",
                         linestyles=style, linewidths=2.5 if style == "-" else 1.2)  # fmt: skip
    if name == "net":
        lines = axes.contour(table.columns, table.index, 100 * table, [-90, -80, -60, -40],
                             colors="white", linewidths=0.8)  # fmt: skip
        axes.clabel(lines, fmt="%.0f %%", fontsize=9)
    axes.plot(USUAL, 0.5, "D", color="black", mfc="white", ms=10, clip_on=False, zorder=5)
    axes.set(xlabel="parity: how far mediation makes audiences treat both alike",
             xlim=(-USUAL / 40, USUAL), title=KINDS[points.uncertainty.iat[0]])  # fmt: skip
    axes.set_yticks([0, 0.5, 1], ["Pakistan\nalone", "both\nalike", "India\nalone"])
    return drawn


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=200, help="pairs of each kind at each point")
    parser.add_argument("--side", type=int, default=21, help="points along each side of the map")
    parser.add_argument("--out", type=Path, default=Path("results/experiments/phase_map"))
    args = parser.parse_args()
    effects = effects_on(args.side, args.pairs)
    edges = boundary(effects)
    found = claims(effects, edges)
    figure = Figure(figsize=(13.3, 7.5), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    on_map = effects[effects.parity <= USUAL]
    widest = 1000 * on_map.query("uncertainty == 'chance'").mean_diff.abs().max()
    shown = (("mean_diff", 1000, {"cmap": "PuOr_r", "vmin": -widest, "vmax": widest},
              "mean effect on alignment × 1000"),
             ("net", 100, {"cmap": "PuOr_r", "vmin": -100, "vmax": 100},
              "% of draws toward India less % toward Pakistan"))  # fmt: skip
    for axes, kind, (name, scale, colours, said) in zip(panels, KINDS, shown, strict=True):
        drawn = draw(axes, on_map[on_map.uncertainty == kind], name, scale, colours)
        figure.colorbar(drawn, ax=axes, label=said, location="bottom", pad=0.02)
    panels[0].set_ylabel("who bears the cost at home of a yes")
    figure.legend(handles=[
        Line2D([], [], color="black", lw=2.5, label="the mean effect changes sign"),
        Line2D([], [], color="black", lw=1.2, ls="--", label="95 % interval of that line"),
        Patch(facecolor="white", edgecolor="black", hatch="////", label="sign undecided"),
        Line2D([], [], color="black", marker="D", mfc="white", ms=9, lw=0,
               label="usual parity, costs alike"),
    ], loc="outside lower center", ncols=4)  # fmt: skip
    figure.suptitle(f"Which way mediation moves {CAPITAL}: orange toward India, violet toward "
                    "Pakistan")  # fmt: skip
    args.out.mkdir(parents=True, exist_ok=True)
    figure.savefig(args.out / "phase_map.png", dpi=150)
    for name, table in (("effects", effects), ("boundary", edges), ("claims", found)):
        table.to_csv(args.out / f"{name}.csv", index=False)
    for row in found.itertuples():
        print(f"{row.verdict:9}  {row.claim} ({row.uncertainty}): {row.value:+.4f}, interval "
              f"{row.low:+.4f} to {row.high:+.4f}")  # fmt: skip


if __name__ == "__main__":
    main()
