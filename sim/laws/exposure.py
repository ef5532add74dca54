"""What a message is worth where it lands, and what both sides' messages add up to.

Source: equation (2); Mattingly & Sundquist 2023 (attacks backfire), Walter & Murphy 2018 (denial).
"""

from __future__ import annotations

from sim.compiling import law
from sim.laws.elementary import power


@law
def fit_scale(conflict_salience: float, contested: float) -> float:
    """What makes the mean of the ``contested`` issues' salience 1; 0 where none is salient.  (2)

    ``conflict_salience`` is the sum over these issues (all but the background).
    """
    return contested / conflict_salience if conflict_salience > 0.0 else 0.0


@law
def fit(salience: float, scale: float, resonance: float) -> float:
    """How far a message on a contested issue travels: 1 where all issues are equally salient.

    ``scale`` is that of ``fit_scale``.  (2)
    """
    travelled = power(scale * salience, resonance)
    return travelled if scale > 0.0 else 1.0


@law
def exposure(
    effort: float, bonus: float, evidence: float, trusted: float, fitting: float
) -> float:
    """Exposure of one message at one audience; ``trusted`` is credibility to its exponent.  (2)"""
    return effort * bonus * evidence * trusted * fitting


@law
def statement_effort(reach: float, share: float, part: float, effort: float) -> float:
    """Effort of statements that reaches one audience: ``part`` of the day's effort goes to the
    menu or to replies, ``share`` of that part to this narrative or answer.  (section 2.3)
    """
    return reach * share * part * effort


@law
def talk_effort(team_effort: float, capitals: float, share: float) -> float:
    """Effort of one narrative from a delegation on tour at a node of so many capitals.  (2.3)"""
    return team_effort / capitals * share


@law
def believed(exposure: float, credence: float) -> float:
    """Part of an accusation that lands on the accused.  (2)"""
    return credence * exposure


@law
def backfired(exposure: float, credence: float, backlash: float) -> float:
    """Part of a disbelieved accusation that lands on its sender.  (2)"""
    return (1.0 - credence) * exposure * backlash


@law
def undenied(attacks: float, denials: float, efficacy: float) -> float:
    """The part of an issue's attacks that denial leaves standing, as a factor in [0, 1].  (2)"""
    if attacks + denials <= 0.0:
        return 1.0
    return 1.0 - efficacy * denials / (denials + attacks)
