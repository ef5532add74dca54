"""Plug-ins in the compiled engine: each kind has one signature, and one kernel serves them all."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from numba import float64, int64, types
from numba.core.errors import NumbaWarning

from sim.plugins import registry
from sim.plugins.contracts import MediatorView, MorningView, SenderView, means_of_run, no_weights
from sim.plugins.outside import Outside, error_of
from sim.world.arrays import World

RULE = types.FunctionType(float64(float64, float64, float64, float64[::1]))
POLICY = types.FunctionType(
    float64(types.NamedUniTuple(float64, len(MediatorView._fields), MediatorView))
)
TODAY = types.FunctionType(
    types.UniTuple(float64, 2)(types.NamedUniTuple(float64, len(MorningView._fields), MorningView))
)
ANSWER = types.FunctionType(float64(float64, float64))
_SEEN = types.NamedTuple((int64, *[float64[::1]] * (len(SenderView._fields) - 1)), SenderView)
WEIGH = types.FunctionType(types.void(_SEEN, float64[::1]))
TYPES = (RULE, POLICY, TODAY, ANSWER, ANSWER, WEIGH, WEIGH)  # in the order of ``plug_ins``


def plug_ins(world: World) -> tuple[object, ...]:
    """Rule, policy, its ``today``, both acceptance rules and strategies of a world, compiled."""
    first, second = (
        registry.compile_plugin("acceptance", name, ANSWER) for name in world.acceptances
    )
    rule = registry.compile_plugin("rules", world.rule, RULE)
    return rule, *_policy(world.policy), first, second, *map(_weights, world.strategies)


def plug_ins_from_outside(world: World) -> list[Outside]:
    """The plug-ins from outside that are asked while the days of a world go on."""
    used = {("rules", world.rule), ("mediators", world.policy)}
    used |= {("acceptance", name) for name in world.acceptances}
    used |= {("strategies", name) for name in world.strategies if registry.weighs(name)}
    return [one for one in registry.from_outside() if (one.kind, one.name) in used]


@contextmanager
def name_plug_in_that_raises(world: World) -> Iterator[None]:
    """Report an error out of compiled days as that of the plug-ins from outside."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        suspects = plug_ins_from_outside(world)
        if not suspects:
            raise
        files, names = ({getattr(one, part) for one in suspects} for part in ("file", "name"))
        raise error_of(" or ".join(sorted(files)), " or ".join(sorted(names)), error) from error


def _policy(name: str) -> tuple[object, object]:
    return (
        registry.compile_plugin("mediators", name, POLICY),
        registry.compile_plugin("mediators", name, TODAY, "today", means_of_run),
    )


def _weights(name: str) -> object:
    """A strategy of weights; of places, one that gives none."""
    if registry.weighs(name):
        return registry.compile_plugin("strategies", name, WEIGH)
    return registry.compile_function(no_weights, WEIGH)


def why_not_compiled(kind: str, name: str) -> str:
    """Why the plug-in cannot be compiled to the signature of its kind, "" where it can.

    A strategy of places is asked before the days begin and need not be compiled.
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
            elif registry.weighs(name):
                registry.compile_plugin(kind, name, WEIGH)
    except Exception as error:  # whatever goes wrong inside Numba, the agents can still run it
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        said = [line for line in lines if not line.startswith(("Failed in", "During"))]
        return (said or lines or [type(error).__name__])[0]
    return ""
