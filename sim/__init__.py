"""Narrative diplomacy: an agent-based model of two countries' competition for sympathy.

The public names are loaded when they are first used, so that ``import sim`` costs nothing. What
they are is documented where they are defined: in ``sim.api``, ``sim.scenario`` and
``sim.engines.agents``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api import compare, discover, evaluate, hindcast, run, sensitivity, sweep, tournament
    from sim.engines.agents.model import NarrativeModel
    from sim.scenario.scenario import Scenario

__all__ = ["NarrativeModel", "Scenario"]
__all__ += ["compare", "discover", "evaluate", "hindcast", "run", "sensitivity", "sweep"]
__all__ += ["tournament"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used.

    Raises
    ------
    AttributeError
        Where the name is not public.
    """
    if name not in __all__:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    if name == "NarrativeModel":
        from sim.engines.agents import model

        return model.NarrativeModel
    if name == "Scenario":
        from sim.scenario import scenario

        return scenario.Scenario
    from sim import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
