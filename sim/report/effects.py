"""The paired effect as rows: one per audience and one for the weighted whole.

Figures, words and the page all read the effect from here.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from sim.report.folder import OFFER_MEAN, MissingInputError, RunFolder

WHOLE = ""  # the actor of the weighted whole
CHANCE, PARAMETERS = "chance", "parameters"
CHANNELS = ("parity", "goodwill", "impartiality", "calming")


class EffectInterval(NamedTuple):
    """A paired difference: its mean, and how far single pairs spread."""

    mean: float
    mc_low: float
    mc_high: float
    low: float  # 5 % quantile of pairs
    high: float  # 95 % quantile
    pairs: int
    share_positive: float


class Level(NamedTuple):
    """One quantity in both arms, and its paired difference."""

    arm: float | None
    baseline: float | None
    difference: float | None


class Effect(NamedTuple):
    """What the arm changes at one audience, or in the weighted whole (actor "")."""

    actor: str
    arm: str
    chance: EffectInterval | None
    parameters: EffectInterval | None
    alignment: Level
    sympathies: tuple[Level, Level]
    channels: dict[str, float]

    @property
    def main(self) -> EffectInterval | None:
        """The interval to quote first."""
        return self.chance or self.parameters


def metric_of(actor: str) -> str:
    """The whole is `lead`, an audience's own is `alignment`."""
    return "lead" if actor == WHOLE else "alignment"


def step_shown(frame: pd.DataFrame) -> int:
    """The rows to quote: the mean over the days the offer acts, or else the last step."""
    steps = frame["step"]
    return OFFER_MEAN if bool((steps == OFFER_MEAN).any()) else int(steps.max())


def step_words(folder: RunFolder, arm: str = "") -> str:
    """Which days the quoted numbers are of."""
    frame = folder.table("comparison")
    if step_shown(frame[frame["arm"] == (arm or folder.arm)]) == OFFER_MEAN:
        return "mean over the days on which the offer acts"
    day = folder.day(folder.steps)
    return "on the last day" + (f", {day.isoformat()}" if day else "")


def effects(folder: RunFolder, arm: str = "", order: str = "file") -> list[Effect]:
    """One effect per audience, after the whole's; ``order`` is "file" or "size"."""
    if folder.swept:
        raise MissingInputError("the comparison is of a sweep, not of one pair of arms")
    arm = arm or folder.arm
    known = folder.kept.get(("effects", arm))
    if known is None:
        known = folder.kept["effects", arm] = _effects(folder, arm)
    found = list(known)
    if order == "size":
        found[1:] = sorted(found[1:], key=lambda e: e.main.mean if e.main else 0.0)
    return found


def _effects(folder: RunFolder, arm: str) -> list[Effect]:
    frame = folder.table("comparison")
    frame = frame[(frame["arm"] == arm) & (frame["answers"] == "any")]
    if frame.empty:
        raise MissingInputError("comparison.csv has no rows over all answers")
    frame = frame[frame["step"] == step_shown(frame)]
    found = [_effect(folder, frame, arm, actor) for actor in (WHOLE, *folder.audiences)]
    return [effect for effect in found if effect.main is not None]


def _effect(folder: RunFolder, frame: pd.DataFrame, arm: str, actor: str) -> Effect:
    metric = metric_of(actor)
    chance, parameters = (
        _interval(rows_of(frame, metric, actor, "", uncertainty))
        for uncertainty in (CHANCE, PARAMETERS)
    )
    main = chance or parameters
    levels = tuple(
        _level(folder, frame, "sympathy", arm, actor, claimant) for claimant in folder.claimants
    )
    return Effect(
        actor, arm, chance, parameters,
        _level(folder, frame, metric, arm, actor, "")._replace(
            difference=main.mean if main else None
        ),
        (levels[0], levels[1]), _channels(folder, metric, arm, actor),
    )  # fmt: skip


def rows_of(
    frame: pd.DataFrame, metric: str, actor: str, toward: str, uncertainty: str
) -> pd.DataFrame:
    """The rows of one quantity."""
    return frame[
        (frame["metric"] == metric)
        & (frame["actor"] == actor)
        & (frame["toward"] == toward)
        & (frame["uncertainty"] == uncertainty)
    ]


def _interval(rows: pd.DataFrame) -> EffectInterval | None:
    if rows.empty:
        return None
    row = rows.iloc[0]
    mean, mc_low, mc_high, low, high = (
        float(row[name]) for name in ("mean_diff", "mc_low", "mc_high", "q05", "q95")
    )
    share = float(row["share_positive"])
    return EffectInterval(mean, mc_low, mc_high, low, high, int(row["n_pairs"]), share)


def _level(
    folder: RunFolder, frame: pd.DataFrame, metric: str, arm: str, actor: str, toward: str
) -> Level:
    """Means in both arms: of an audience from the summary, of the whole weighted from those."""
    if actor == WHOLE and metric == "sympathy":
        parts = [
            (w, _level(folder, frame, metric, arm, a, toward))
            for a, w in folder.importance.items()
        ]
        return Level(*(_weighted_sum([(w, level[i]) for w, level in parts]) for i in range(3)))
    difference = None
    for uncertainty in (CHANCE, PARAMETERS):
        rows = rows_of(frame, metric, actor, toward, uncertainty)
        if not rows.empty:
            row = rows.iloc[0]
            difference = float(row["mean_diff"])
            if "mean_arm" in row and "mean_baseline" in row:
                return Level(float(row["mean_arm"]), float(row["mean_baseline"]), difference)
            break
    step = int(frame["step"].iloc[0])
    return Level(
        _mean(folder, metric, arm, actor, toward, step),
        _mean(folder, metric, folder.baseline, actor, toward, step),
        difference,
    )


def _weighted_sum(parts: list[tuple[float, float | None]]) -> float | None:
    total = 0.0
    for weight, value in parts:
        if value is None:
            return None
        total += weight * value
    return total if parts else None


def _mean(
    folder: RunFolder, metric: str, arm: str, actor: str, toward: str, step: int
) -> float | None:
    if not folder.has("summary"):
        return None
    frame = folder.kept.get(("summary", arm, step))
    if frame is None:
        frame = folder.tables["summary"]
        frame = frame[(frame["arm"] == arm) & (frame["step"] == step)]
        folder.kept["summary", arm, step] = frame
    for uncertainty in (CHANCE, PARAMETERS):
        rows = rows_of(frame, metric, actor, toward, uncertainty)
        if not rows.empty:
            return float(rows["mean"].iloc[0])
    return None


def _channels(folder: RunFolder, metric: str, arm: str, actor: str) -> dict[str, float]:
    """What the effect loses with each channel off, in the order of the model page."""
    if not folder.has("channels"):
        return {}
    frame = folder.tables["channels"]
    frame = frame[(frame["arm"] == arm)]
    if frame.empty:
        return {}
    frame = frame[frame["step"] == step_shown(frame)]
    for uncertainty in (CHANCE, PARAMETERS):
        rows = rows_of(frame, metric, actor, "", uncertainty)
        if not rows.empty:
            found = {
                str(name): float(value)
                for name, value in zip(rows["channel"], rows["mean_diff"], strict=True)
            }
            known = {name: found.pop(name) for name in CHANNELS if name in found}
            return {**known, **found}
    return {}
