"""What a column of runs is called in sentences, which way it goes, and a report about one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.report.escaping import plain, quoted
from sim.report.figures import saving
from sim.report.numerals import in_points
from sim.report.writing import ENDINGS, make_figure_folder
from sim.running.sweeps.outcomes import GROUPS
from sim.running.sweeps.swept import Outcome, outcomes
from sim.store.folder import write_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.studies.sweep_study import SweepAnswer

LEANING = ("alignment", "lead", "alignment_shift")  # above 0 nearer to the first claimant
IN_SYMPATHY = (*LEANING, "sympathy", "regard", "wedge")  # metrics in its units
WHEN = {"window": "a mean over the days the first offer acts", "final": "on the last day"}
# What each metric is called, {} being whose it is, or the claimant it is toward
NAMES = {
    "alignment": "{actor}'s alignment",
    "sympathy": "{actor}'s sympathy for {toward}",
    "regard": "{actor}'s regard for both sides",
    "lead": "the lead",
    "alignment_shift": "the shift of {actor}'s alignment since the first day",
    "tension": "tension",
    "incidents": "incidents that hit {toward}",
    "mediation": "how far mediation gets",
    "accepted": "{toward}'s acceptance",
    "polarization": "polarization",
    "wedge": "Western capitals' loss of sympathy for {toward}",
}


class ColumnParts(NamedTuple):
    """A column of a sweep's runs, such as ``effect.window.alignment.Washington``.

    Attributes
    ----------
    days
        A key of ``WHEN``.
    is_effect
        Whether the arm is compared with the baseline.
    outcome
        The metric, whose, and toward whom.
    """

    days: str
    is_effect: bool
    outcome: Outcome


def parts(done: SweepAnswer) -> ColumnParts:
    """The parts of the column that was asked of.

    A name may hold dots (`St. Petersburg`), so a column is looked up among those of the sweep.
    """
    group = next(g for g in sorted(GROUPS, key=len, reverse=True) if done.of.startswith(f"{g}."))
    named = {outcome.name: outcome for outcome in outcomes(done.sweeps[0].swept)}
    outcome = named[done.of.removeprefix(f"{group}.")]
    return ColumnParts(group.removeprefix("effect."), group.startswith("effect."), outcome)


def name_of(outcome: Outcome) -> str:
    """``Washington's alignment``: the number alone, without the arm or the days."""
    return plain(NAMES[outcome.metric].format(actor=outcome.actor, toward=outcome.toward))


def subject(done: SweepAnswer) -> str:
    """``the effect of "mediation" on Washington's alignment``.

    Of a level, ``Washington's alignment in "mediation"``; without the arm where there are none.
    """
    _, is_effect, outcome = parts(done)
    if is_effect:
        return f"the effect of {_arm(done)} on {name_of(outcome)}"
    return f"{name_of(outcome)} in {_arm(done)}" if done.arm else name_of(outcome)


def sides(done: SweepAnswer) -> tuple[str, str]:
    """What a number above 0 is nearer to, and one below: the claimants, in file order.

    Where the metric does not lie between the two it is just higher or lower.
    """
    if parts(done).outcome.metric in LEANING:
        swept = done.sweeps[0].swept
        one = next(iter(swept.scenarios.values()), swept.scenario)  # all have the same pair
        first, second = (plain(claimant.name) for claimant in one.claimants)
        return first, second
    return "higher values", "lower values"


def is_of_opinion(done: SweepAnswer) -> bool:
    """Whether the number is in units of sympathy, so that it is points of net opinion too."""
    return parts(done).outcome.metric in IN_SYMPATHY


def event(done: SweepAnswer, direction: str, threshold: float) -> str:
    """``the arm "mediation" moves Washington toward India``: the number lies on that side.

    Parameters
    ----------
    direction, threshold
        The side asked about: ``above`` or ``below`` a number.

    Notes
    -----
    Above -0.01 lie effects of either sign, so of such a side it is only said where it lies.
    """
    _, is_effect, outcome = parts(done)
    at = direction == "above"
    by = f" by more than {abs(threshold):g}" if threshold else ""
    if threshold and is_of_opinion(done):
        by += f" ({in_points(threshold)} of net opinion)"
    against = (threshold > 0.0) != at and threshold != 0.0  # such as above -0.01
    if not is_effect or against:
        return f"{subject(done)} is {direction} {threshold:g}"
    if outcome.metric in LEANING:
        whom = plain(outcome.actor) or "the audiences"
        return f"the arm {_arm(done)} moves {whom} toward {sides(done)[not at]}{by}"
    return f"the arm {_arm(done)} {'raises' if at else 'lowers'} {name_of(outcome)}{by}"


def _arm(done: SweepAnswer) -> str:
    return quoted(done.scenario.arm_title(done.arm))


def asked_of(done: SweepAnswer) -> str:
    """``the effect of "mediation" on the lead (against "no mediation", on the last day)``."""
    baseline = quoted(done.scenario.arm_title(done.baseline))
    against = f"against {baseline}, " if done.baseline else ""
    return f"{subject(done)} ({against}{WHEN[parts(done).days]})"


def write_report(
    done: SweepAnswer,
    pictures: Mapping[str, Figure],
    titles: Mapping[str, str],
    text: str,
    path: Path,
) -> Path:
    """Write the pictures into ``figures/`` beside ``path``, and the words as Markdown to it.

    Parameters
    ----------
    done
        Whose pictures they are; its facts go into the files.
    pictures, titles
        Both by the names of the files. A title is for the file's metadata and is not drawn.
    text
        The words, as a terminal shows them.

    Returns
    -------
    Path
        The file of the words.
    """
    place = make_figure_folder(path.parent)
    for picture, figure in pictures.items():
        for ending in ENDINGS:
            saving.save(figure, place / f"{picture}{ending}", titles[picture], done.picture_facts)
    write_text(path, text)
    return path
