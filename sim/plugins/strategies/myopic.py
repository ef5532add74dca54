"""Teams go where a visit gains most by tomorrow.  Source: best reply to today, Cournot 1838."""

from __future__ import annotations

from sim.compiling import law
from sim.plugins.contracts import Floats, SenderView

READS = ("gains",)


@law
def myopic(view: SenderView, weights: Floats) -> None:
    """The own gain in X(t + 1) from a small visit."""
    for a in range(len(weights)):
        weights[a] = view.gains[a]
