"""The course of one metric over time, in each arm: where it comes from, its lines and bands.

Only what lies in the report's tables is drawn; panels and axes are the business of ``panels``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.report.effects import CHANCE, PARAMETERS
from sim.report.figures import style
from sim.store.results import MissingInputError, Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# kinds of uncertainty in the order in which they are drawn: the wider band below
BANDS = {PARAMETERS: style.BAND_PARAMETERS, CHANCE: style.BAND_CHANCE}
WORDS = {
    CHANCE: "chance alone, 5\u201395 % of runs",
    PARAMETERS: "parameters drawn too, 5\u201395 % of runs",
}
NO_ROWS = pd.DataFrame(columns=["step", "mean"], dtype=float)


@dataclass(frozen=True)
class Courses:
    """All courses of one metric: means over many runs with bands, or one run in full.

    Attributes
    ----------
    results
        What they are of.
    rows
        Rows of each course by step, the line itself in the column `mean`; keys are arm, actor,
        toward and the kind of uncertainty.
    bands
        Whether they are means over runs, of the summary, with the columns `q05` and `q95`. Else
        they are of one run, whose only uncertainty is chance.
    """

    results: Results
    rows: dict[tuple[str, str, str, str], pd.DataFrame]
    bands: bool

    @property
    def words(self) -> str:
        """What the lines are."""
        return "mean over runs" if self.bands else "one run, replicate 0"

    @property
    def main_kind(self) -> str:
        """Of which kind of uncertainty the lines are: chance, or that of the parameters.

        The second is where only the parameters' uncertainty was run.
        """
        return CHANCE if any(kind == CHANCE for *_, kind in self.rows) else PARAMETERS

    def pick(self, arm: str, actor: str, toward: str) -> pd.DataFrame:
        """Return the rows of one line, by step; none if there is no such line."""
        return self.rows.get((arm, actor, toward, self.main_kind), NO_ROWS)

    def draw_arms(self, ax: Axes, actor: str, toward: str, colour: str = style.INK) -> None:
        """Draw a line for each arm that figures show, told apart by their line styles."""
        for arm, look in zip(self.results.shown, style.ARM_STYLES, strict=False):
            rows = self.pick(arm, actor, toward)
            ax.plot(rows["step"], rows["mean"], color=colour, linestyle=look)

    def draw_bands(self, ax: Axes, actor: str) -> set[str]:
        """Draw the 5-95 % bands of the first arm; returns the kinds of uncertainty drawn."""
        kinds = set()
        for kind, colour in BANDS.items() if self.bands else ():
            rows = self.rows.get((self.results.arm, actor, "", kind))
            if rows is not None:
                draw_band(ax, rows, color=colour)
                kinds.add(kind)
        return kinds


def read_courses(results: Results, metric: str) -> Courses:
    """Return the courses of a metric, from the summary or else from replicate 0, recorded in full.

    Raises
    ------
    MissingInputError
        Of a sweep, which has a course at each point; and where no table has the metric on more
        than one day.
    """
    if results.swept:
        raise MissingInputError("a sweep has many courses over time, not one to draw")
    for name in ("summary", "timeseries"):
        if results.has(name):
            frame = results.tables[name]
            frame = frame[(frame["metric"] == metric) & (frame["step"] >= 0)]
            if name == "timeseries":
                frame = frame.rename(columns={"value": "mean"}).assign(uncertainty=CHANCE)
            if frame["step"].nunique() > 1:
                by = ["arm", "actor", "toward", "uncertainty"]
                courses = frame.sort_values("step", kind="stable").groupby(by, sort=False)
                return Courses(results, dict(iter(courses)), name == "summary")
    raise MissingInputError(f"neither the summary nor timeseries.parquet has {metric} over time")


def draw_band(ax: Axes, rows: pd.DataFrame, **look: Any) -> None:
    """Fill between the 5 % and the 95 % quantiles."""
    x, low, high = (rows[name].to_numpy() for name in ("step", "q05", "q95"))
    ax.fill_between(x, low, high, linewidth=0, **look)


def band_keys(results: Results, kinds: set[str]) -> list[tuple[Any, str]]:
    """Return legend entries of the bands that were drawn, chance first."""
    shown = style.arm_name(results.arm_title)
    return [
        (style.patch(BANDS[kind]), f"{words} ({shown})")
        for kind, words in WORDS.items()
        if kind in kinds
    ]
