"""Outcomes that runs of a sweep do not have: how many, in which arm, and what there is instead.

A run that makes no offer has no days on which one acts; an audience need not be there at every
point. Such a run went well, and is no failed one. What is said of the other runs says nothing of
what decides whether there is an outcome.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.errors import InputError
from sim.running.sweeps.outcomes import FINAL, GROUPS, WINDOW
from sim.running.sweeps.sweep_tables import SweepRows
from sim.running.sweeps.swept import DIVERGED, Swept, scenarios
from sim.scenario.error_texts import begin_sentence, count_of, show_text
from sim.scenario.scenario import Scenario
from sim.world.arrays import Bools, Floats

NO_DAYS = "Where no offer is made there are no days on which one acts."


class PointValues(NamedTuple):
    """A column of runs in one arm, by point and replicate.

    Attributes
    ----------
    values
        ``[point, replicate]``; NaN where there is none.
    missing
        ``[point, replicate]``: the run went well, and has none.
    unmoved
        ``[point, replicate]``: the run makes no offer and never differs from its baseline, so
        that its effect over the days of an offer counts as 0.
    """

    values: Floats
    missing: Bools
    unmoved: Bools


class NoEffect(NamedTuple):
    """At how many points an effect over the days of an offer counts as 0 for want of an offer.

    Attributes
    ----------
    points
        All points.
    always
        Points at which no run makes an offer, and none differs from its baseline on any day.
    sometimes
        Points at which that is so of some runs.
    """

    points: int
    always: int
    sometimes: int

    def __str__(self) -> str:
        """Whole sentences: where the effect counts as 0, and why."""
        total, said = f"of {count_of(self.points, 'point')}", []
        if self.always:
            said.append(
                f"In {self.always:,} {total} no offer is made and the arm never differs from its "
                "baseline: there the effect counts as 0."
            )
        if self.sometimes:
            said.append(
                f"In {self.sometimes:,} {total} some runs make no offer and never differ from "
                "their baseline: their effect counts as 0."
            )
        return " ".join(said)


class MissingOutcome(NamedTuple):
    """At how many points runs of an arm do not have an outcome.

    Attributes
    ----------
    column, arm
        The outcome, and whose runs they are; ``arm`` is "" without arms.
    points
        All points.
    never
        Points at which no run has it.
    sometimes
        Points at which some runs have it.
    instead
        Columns that every run of the arm has.
    """

    column: str
    arm: str
    points: int
    never: int
    sometimes: int
    instead: tuple[str, ...]

    def __str__(self) -> str:
        """Whole sentences: where it is missing, why, and what may be asked instead."""
        arm = f"In the arm {show_text(self.arm)} " if self.arm else ""
        column = show_text(self.column)
        if self.never == self.points:
            said = f"{arm}no run has {column} at any of {count_of(self.points, 'point')}."
        else:
            said = (
                f"{arm}{column} is missing at {self.never + self.sometimes:,} of "
                f"{count_of(self.points, 'point')}: in every run at {self.never:,}, in some runs "
                f"at {self.sometimes:,}."
            )
        if _is_over_offer(self.column):
            said += f" {NO_DAYS}"
        if self.instead:
            said += f" Every run has {' and '.join(map(show_text, self.instead))}."
        return begin_sentence(said)


def refuse_never_there(swept: Swept, column: str, arm: str) -> None:
    """Refuse, before anything runs, a mean over an offer's days in an arm that never offers.

    Raises
    ------
    InputError
        It says what the arm has instead.
    """
    if not _is_over_offer(column) or any(map(_may_offer, scenarios(swept, arm))):
        return
    points, name = len(swept.design), column.removeprefix("effect.").removeprefix(f"{WINDOW}.")
    effect = () if arm == swept.base else (f"effect.{FINAL}.{name}",)
    found = MissingOutcome(column, arm, points, points, 0, (*effect, f"{FINAL}.{name}"))
    raise InputError(f"{column}: {found}")


def _is_over_offer(column: str) -> bool:
    return column.startswith((f"{WINDOW}.", f"effect.{WINDOW}."))


def _may_offer(scenario: Scenario) -> bool:
    """Whether a run may make an offer, as far as the scenario alone can tell."""
    return scenario.switches.mediation and any(one.may_offer for one in scenario.mediator.roles)


def count_missing(
    swept: Swept, rows: SweepRows, column: str, arm: str, found: PointValues
) -> MissingOutcome | None:
    """Count where an outcome is missing; None where every run that went well has it."""
    missing = np.asarray(found.missing.any(axis=1))
    if not missing.any():
        return None
    has = np.isfinite(found.values).any(axis=1)
    counts = len(missing), int((missing & ~has).sum()), int((missing & has).sum())
    return MissingOutcome(column, arm, *counts, _find_others(swept, rows, column, arm))


def count_unmoved(found: PointValues) -> NoEffect | None:
    """Count where an effect counts as 0 for want of an offer; None where that is nowhere so."""
    some = np.asarray(found.unmoved.any(axis=1))
    if not some.any():
        return None
    others = (np.isfinite(found.values) | found.missing) & ~found.unmoved
    always = int((some & ~others.any(axis=1)).sum())
    return NoEffect(len(some), always, int(some.sum()) - always)


def _find_others(swept: Swept, rows: SweepRows, column: str, arm: str) -> tuple[str, ...]:
    """Columns of the same quantity that every run of the arm has, those alike in kind first."""
    group = max((one for one in GROUPS if column.startswith(f"{one}.")), key=len)
    name = column.removeprefix(f"{group}.")
    is_effect = group.startswith("effect.")
    kinds = sorted(GROUPS, key=lambda one: one.startswith("effect.") != is_effect)
    known = [f"{one}.{name}" for one in kinds]
    there = np.ones(len(known), dtype=bool)
    for piece in rows.pieces(["arm", DIVERGED, *known]):
        own = piece[(piece["arm"] == arm) & piece[DIVERGED].notna()]  # the others were lost
        there &= own[known].notna().to_numpy().all(axis=0)
    return tuple(one for one, is_there in zip(known, there, strict=True) if is_there)
