"""Lines and bands over time, of one quantity in each arm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from sim.report.folder import MissingInputError, RunFolder

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Source(NamedTuple):
    """Where lines come from: means over many runs with bands, or one run told in full."""

    lines: dict[tuple[str, ...], pd.DataFrame]  # by arm, actor, toward, kind of uncertainty
    bands: bool

    @property
    def words(self) -> str:
        """What the lines are."""
        return "mean over runs" if self.bands else "one run, replicate 0"


def source(folder: RunFolder, metric: str) -> Source:
    """The lines of a metric over time, from the summary or else from the run that is told."""
    if folder.swept:
        raise MissingInputError("a sweep has many courses over time, not one to draw")
    for name in ("summary", "series"):
        if folder.has(name):
            frame = folder.tables[name]
            frame = frame[(frame["metric"] == metric) & (frame["step"] >= 0)]
            if frame["step"].nunique() > 1:
                by = ["arm", "actor", "toward", *(["uncertainty"] if name == "summary" else [])]
                lines = {
                    tuple(str(part) for part in keys): rows.sort_values("step")
                    for keys, rows in frame.groupby(by, sort=False)
                }
                return Source(lines, name == "summary")
    raise MissingInputError(f"neither summary.csv nor timeseries.parquet has {metric} over time")


def pick(lines: Source, arm: str, actor: str, toward: str, kind: str = "chance") -> pd.DataFrame:
    """Rows of one line, by step; the line itself is that of chance alone where there is one."""
    if not lines.bands:
        return lines.lines.get((arm, actor, toward), NO_ROWS)
    found = lines.lines.get((arm, actor, toward, kind))
    if found is None and kind == "chance":
        found = lines.lines.get((arm, actor, toward, "parameters"))
    return NO_ROWS if found is None else found


NO_ROWS = pd.DataFrame({"step": [], "mean": [], "value": [], "uncertainty": []})


def line(ax: Axes, lines: Source, rows: pd.DataFrame, **look: Any) -> None:
    """The mean, or the one run."""
    if not rows.empty:
        column = "mean" if lines.bands else "value"
        ax.plot(rows["step"].to_numpy(), rows[column].to_numpy(), **look)


def band(ax: Axes, rows: pd.DataFrame, **look: Any) -> bool:
    """The 5-95 % band; says whether there is one."""
    if rows.empty or "q05" not in rows:
        return False
    x, low, high = (rows[name].to_numpy() for name in ("step", "q05", "q95"))
    ax.fill_between(x, low, high, linewidth=0, **look)
    return True
