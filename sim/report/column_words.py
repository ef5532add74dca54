"""What a column of runs is called in sentences, which way it goes, and a report about one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.escaping import plain, readable
from sim.report.figures import saving
from sim.report.writing import ENDINGS, make_figure_folder
from sim.running.sweeps.outcomes import GROUPS
from sim.store.folder import write_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario.scenario import Scenario
    from sim.studies.sweep_study import SweepAnswer

LEANING = ("alignment", "lead", "alignment_shift")  # above 0 nearer to the first claimant
WHEN = {"window": "mean over the days the offer acts", "final": "on the last day"}


def parts(column: str) -> tuple[str, bool, str, list[str]]:
    """When, whether it is an effect, metric, and whose or toward whom.

    Parameters
    ----------
    column
        A column of a sweep's runs: ``effect.window.alignment.Washington``.

    Returns
    -------
    tuple
        A key of ``WHEN``, whether the arm is compared with the baseline, the metric, and up to
        two names, the first of which ends at a dot.
    """
    group = next(g for g in sorted(GROUPS, key=len, reverse=True) if column.startswith(f"{g}."))
    metric, *who = column.removeprefix(f"{group}.").split(".", 2)
    return group.removeprefix("effect."), group.startswith("effect."), metric, who


def name_of(column: str) -> str:
    """``Washington's alignment``: the number alone, without the arm or the days."""
    _, _, metric, who = parts(column)
    actor = f"{who[0]}'s " if who else ""
    toward = f" toward {who[1]}" if len(who) > 1 else ""
    return plain(f"{actor}{readable(metric)}{toward}")


def subject(column: str, arm: str) -> str:
    """``the effect of mediation on Washington's alignment``.

    Of a level, ``Washington's alignment in mediation``. ``arm`` is "" where there are no arms.
    """
    _, is_effect, _, _ = parts(column)
    if is_effect:
        return f"the effect of {readable(arm)} on {name_of(column)}"
    return f"{name_of(column)} in {readable(arm)}" if arm else name_of(column)


def when(column: str) -> str:
    """``mean over the days the offer acts``."""
    return WHEN[parts(column)[0]]


def sides(column: str, scenario: Scenario) -> tuple[str, str]:
    """What a number above 0 is nearer to, and one below: the claimants, in file order.

    Where the metric does not lie between the two it is just higher or lower.
    """
    if parts(column)[2] in LEANING:
        first, second = (plain(claimant.name) for claimant in scenario.claimants)
        return first, second
    return "higher values", "lower values"


def event(column: str, arm: str, scenario: Scenario, direction: str, threshold: float) -> str:
    """``mediation moves Washington toward India``: the number lies on that side.

    Parameters
    ----------
    direction, threshold
        The side asked about: ``above`` or ``below`` a number.

    Notes
    -----
    Above -0.01 lie effects of either sign, so of such a side it is only said where it lies.
    """
    _, is_effect, metric, who = parts(column)
    at = direction == "above"
    by = f" by more than {abs(threshold):g}" if threshold else ""
    against = (threshold > 0.0) != at and threshold != 0.0  # such as above -0.01
    if not is_effect or against:
        return f"{subject(column, arm)} is {direction} {threshold:g}"
    if metric in LEANING:
        whom = plain(who[0]) if who else "the audiences"
        return f"{readable(arm)} moves {whom} toward {sides(column, scenario)[not at]}{by}"
    return f"{readable(arm)} {'raises' if at else 'lowers'} {name_of(column)}{by}"


def asked_of(done: SweepAnswer) -> str:
    """``the effect of mediation on the lead (against no mediation), on the last day``."""
    against = f" (against {readable(done.baseline)})" if done.baseline else ""
    return f"{subject(done.of, done.arm)}{against}, {when(done.of)}"


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
