"""Plug-ins in the compiled engine: each kind has one signature, and one kernel serves them all."""

from __future__ import annotations

import warnings

from numba import float64, types
from numba.core.errors import NumbaWarning

from sim.plugins import registry
from sim.plugins.contracts import MediatorView, MorningView, means_of_run
from sim.world.arrays import World

RULE = types.FunctionType(float64(float64, float64, float64, float64[::1]))
POLICY = types.FunctionType(
    float64(types.NamedUniTuple(float64, len(MediatorView._fields), MediatorView))
)
TODAY = types.FunctionType(
    types.UniTuple(float64, 2)(types.NamedUniTuple(float64, len(MorningView._fields), MorningView))
)
ANSWER = types.FunctionType(float64(float64, float64))
TYPES = (RULE, POLICY, TODAY, ANSWER, ANSWER)  # in the order of ``plug_ins``


def plug_ins(world: World) -> tuple[object, ...]:
    """Rule, policy, its ``today`` and both acceptance rules of a world, compiled."""
    first, second = (
        registry.compile_plugin("acceptance", name, ANSWER) for name in world.acceptances
    )
    rule = registry.compile_plugin("rules", world.rule, RULE)
    return rule, *_policy(world.policy), first, second


def _policy(name: str) -> tuple[object, object]:
    return (
        registry.compile_plugin("mediators", name, POLICY),
        registry.compile_plugin("mediators", name, TODAY, "today", means_of_run),
    )


def why_not_compiled(kind: str, name: str) -> str:
    """Why the plug-in cannot be compiled to the signature of its kind, "" where it can.

    A strategy is asked before the days begin and need not be compiled.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NumbaWarning)
            if kind == "rules":
                registry.compile_plugin(kind, name, RULE)
            elif kind == "mediators":
                _policy(name)
            elif kind == "acceptance":
                registry.compile_plugin(kind, name, ANSWER)
    except Exception as error:  # whatever goes wrong inside Numba, the agents can still run it
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        said = [line for line in lines if not line.startswith(("Failed in", "During"))]
        return (said or lines or [type(error).__name__])[0]
    return ""
