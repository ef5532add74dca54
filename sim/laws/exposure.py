"""What a message is worth where it lands, and what both sides' messages add up to.

Source: equation (2); Mattingly & Sundquist 2023 (attacks backfire), Walter & Murphy 2018 (denial).
"""

from __future__ import annotations

from sim.compiling import law
from sim.laws.elementary import power


@law
def fit_scale(conflict_salience: float, contested: float) -> float:
    """What makes the mean salience of the contested issues 1.  (2)

    Parameters
    ----------
    conflict_salience
        Sum over the contested issues: all but the background.
    contested
        How many they are.

    Returns
    -------
    float
        0 where none is salient.
    """
    return contested / conflict_salience if conflict_salience > 0.0 else 0.0


@law
def fit(salience: float, scale: float, resonance: float) -> float:
    """How far a message on a contested issue travels.  (2)

    Parameters
    ----------
    salience
        Of the issue.
    scale
        Of ``fit_scale``.
    resonance
        eta: 0 makes all issues alike.

    Returns
    -------
    float
        1 where all issues are equally salient.
    """
    travelled = power(scale * salience, resonance)
    return travelled if scale > 0.0 else 1.0


@law
def exposure(
    effort: float, bonus: float, evidence: float, trusted: float, fitting: float
) -> float:
    """Exposure of one message at one audience.  (2)

    Parameters
    ----------
    effort
        Effort that reaches the audience, effort/day.
    bonus
        Factor of a team; 1 for statements.
    evidence
        0 to 1.
    trusted
        Credibility to its exponent.
    fitting
        Of ``fit``.
    """
    return effort * bonus * evidence * trusted * fitting


@law
def statement_effort(reach: float, share: float, part: float, effort: float) -> float:
    """Effort of statements that reaches one audience.  (section 2.3)

    Parameters
    ----------
    reach
        b: the part that reaches each audience, 0 to 1.
    share
        Of this narrative or answer in ``part``.
    part
        Of the day's effort: what goes to the menu, or what goes to replies.
    effort
        E of the claimant, effort/day.
    """
    return reach * share * part * effort


@law
def talk_effort(team_effort: float, capitals: float, share: float) -> float:
    """Effort of one narrative from a delegation on tour.  (section 2.3)

    Parameters
    ----------
    team_effort
        Effort of one team, effort/day.
    capitals
        How many capitals a tour of the audience calls at.
    share
        Of the narrative in the menu.
    """
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
    """The part of an issue's attacks that denial leaves standing.  (2)

    Parameters
    ----------
    attacks, denials
        Exposures on the issue, 0 and above.
    efficacy
        delta: the part that denial can take away, 0 to 1.

    Returns
    -------
    float
        0 to 1; 1 where nothing was said.
    """
    if attacks + denials <= 0.0:
        return 1.0
    return 1.0 - efficacy * denials / (denials + attacks)
