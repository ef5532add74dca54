"""What a sweep is: a document that its folder begins with, and what must be equal to go on."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib import metadata
from typing import Any

import pandas as pd

from sim.plugins import registry
from sim.running.sweeps.swept import Swept
from sim.scenario.scenario import Scenario
from sim.scenario.writing import drop_texts
from sim.store.identity import differences
from sim.tables import frames

FORMAT = 1
UNMOVING = ("replay", "asked", "origin", "sources")
LIBRARIES = ("numpy", "numba")  # those that can move a bit of a run


def document(swept: Swept, engine: str) -> dict[str, Any]:
    """All that decides the numbers of a sweep, as plain values."""
    keys = [key for key in swept.design.columns if key != "point"]
    return {
        "format": FORMAT,
        "scenario": swept.scenario.to_dict(sources=True),
        "scenarios": {
            name: one.to_dict(sources=True) for name, one in sorted(swept.scenarios.items())
        },
        "design": {
            "keys": keys,
            "points": [
                [_plain(value) for value in row]
                for row in swept.design[keys].itertuples(index=False, name=None)
            ],
        },
        "baseline": swept.base,
        "arms": list(swept.arms),
        "uncertainty": swept.kind,
        "seed": swept.seed,
        "metrics": list(swept.metrics),
        "payoffs": list(swept.payoffs),
        "replay": swept.replay,
        "sources": frames.sources(swept.scenario).values.tolist(),
        "engine": engine,
        **made_with(),
    }


def made_with() -> dict[str, Any]:
    """The code and the libraries that decide the bits of a run."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {
        "code_version": registry.full_code_version(),
        "libraries": {"python": python, **{name: metadata.version(name) for name in LIBRARIES}},
    }


def swept_of(known: Mapping[str, Any]) -> Swept:
    """The sweep that a document describes."""
    design = pd.DataFrame(known["design"]["points"], columns=known["design"]["keys"])
    return Swept(
        scenario=Scenario.from_dict(known["scenario"]),
        scenarios={name: Scenario.from_dict(one) for name, one in known["scenarios"].items()},
        design=design.rename_axis("point").reset_index(),
        base=known["baseline"],
        arms=tuple(known["arms"]),
        kind=known["uncertainty"],
        seed=known["seed"],
        metrics=tuple(known["metrics"]),
        replay=known["replay"],
        payoffs=tuple(known.get("payoffs", ())),
    )


def changed(known: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What differs in what could move a number, each as ``key: was X, is Y``."""
    return differences(_moving(known), _moving(now))


def changed_scenario(known: Scenario, now: Scenario) -> list[str]:
    """What differs in what could move a number."""
    return differences(*({"scenario": drop_texts(one.to_dict())} for one in (known, now)))


def _moving(found: Mapping[str, Any]) -> dict[str, Any]:
    """Scenarios without words and sources; what is asked for and where from moves nothing."""
    held = {key: value for key, value in found.items() if key not in UNMOVING}
    if "scenario" in found:
        held["scenario"] = drop_texts(Scenario.from_dict(found["scenario"]).to_dict())
    if "scenarios" in found:
        held["scenarios"] = {
            name: drop_texts(Scenario.from_dict(one).to_dict())
            for name, one in found["scenarios"].items()
        }
    return held


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
