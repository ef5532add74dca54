"""Teams go by importance, attacks to the rival's weakest issue.  Source: Crawford 2011."""

from __future__ import annotations

from sim.compiling import law
from sim.plugins.contracts import Bools, Floats, SenderView


@law
def wedge(view: SenderView, weights: Floats) -> None:
    """The importance of the audience."""
    for a in range(len(weights)):
        weights[a] = view.importance[a]


def attacked_issue(judged: Floats, attacks: Bools) -> int:
    """Of the issues of own attacks that on which the rival is judged worst, the first on ties."""
    worst = -1
    for q in range(len(judged)):
        if attacks[q] and (worst < 0 or judged[q] < judged[worst]):
            worst = q
    return worst
