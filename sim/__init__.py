"""Narrative diplomacy: an agent-based model of two countries' competition for sympathy.

The public names are loaded when they are first used, so that ``import sim`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api import compare, discover, evaluate, run, sensitivity, sweep
    from sim.engines.agents.model import NarrativeModel
    from sim.scenario.scenario import Scenario

__all__ = [
    "NarrativeModel", "Scenario", "compare", "discover", "evaluate", "run", "sensitivity", "sweep",
]  # fmt: skip

_HOMES = {
    "NarrativeModel": "sim.engines.agents.model",
    "Scenario": "sim.scenario.scenario",
    "compare": "sim.api",
    "discover": "sim.api",
    "evaluate": "sim.api",
    "run": "sim.api",
    "sensitivity": "sim.api",
    "sweep": "sim.api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
