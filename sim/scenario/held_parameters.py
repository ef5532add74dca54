"""Parameters that are held at their own values where all others are drawn (``--hold``).

Drawing itself is ``engines.ensemble.uncertainty``'s.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.errors import InputError, Problem
from sim.parameters import SPECS, Parameters
from sim.scenario.error_texts import show_text, unknown


def check_hold_names(names: Sequence[str]) -> None:
    """Refuse what is not the name of a parameter that would be drawn.

    Raises
    ------
    InputError
        With every name that is none.
    """
    drawn = [name for name, spec in SPECS.items() if not spec.fixed]
    problems = []
    for name in names:
        if name not in drawn:
            fixed = "is fixed and never drawn"
            reason = fixed if name in SPECS else unknown("parameter", name, drawn)
            problems.append(Problem("hold", reason, show_text(name)))
    if problems:
        raise InputError(problems)


def hold_parameters(names: Sequence[str], own: Parameters, drawn: Parameters) -> Parameters:
    """The drawn parameters, those of these names as the scenario has them.

    Parameters
    ----------
    names
        Of the parameters that are held.
    own
        The scenario's own values.
    drawn
        Numbers, or arrays [run].
    """
    return drawn._replace(**{name: getattr(own, name) for name in names})
