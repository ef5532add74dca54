"""Never offers."""

from __future__ import annotations

from sim.compiling import law
from sim.plugins.contracts import MediatorView


@law
def none(view: MediatorView) -> float:
    """No offer."""
    return 0.0
