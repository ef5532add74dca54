"""Offers on the days the scenario lists."""

from __future__ import annotations

from sim.compiling import law
from sim.plugins.contracts import MediatorView


@law
def scripted(view: MediatorView) -> float:
    """An offer on a listed day; the cool-down does not bind it."""
    return view.scripted
