"""A strategy of weights from a file of one's own: its form, its exam, and faulty weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.errors import InputError
from sim.plugins import outside, registry
from sim.running.plugin_contracts import find_breaks
from sim.scenario.scenario import Scenario
from sim.verification.exam import examine
from tests.engines.cases import plugged, row
from tests.engines.comparing import run_agents, run_compiled

HEAD = '"""Made up."""\n\nfrom sim.compiling import law\n\n\n'
LOYAL = HEAD.replace("\n\n\n", '\n\nREADS = ("gains",)\n\n\n') + (
    "@law\ndef loyal(view, weights):\n"
    "    for a in range(len(weights)):\n"
    "        weights[a] = view.own_teams[a] + view.attention[a] + 0.0 * view.gains[a]\n"
)
LATE = HEAD + (
    "@law\ndef late(view, weights):\n"
    "    for a in range(len(weights)):\n"
    "        weights[a] = 1.0 if view.day < 8 else 1.0 / view.own_teams[a] - 1.0 / view.own_teams[a]\n"
)


def written(folder: Path, text: str, name: str) -> str:
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return f"{folder / name}.py:{name}"


def test_strategy_of_weights_passes_the_exam(tmp_path: Path) -> None:
    with registry.none_from_outside():
        found = examine(written(tmp_path, LOYAL, "loyal"))
        assert found.kind == "strategies"
        assert found.passed, found.failures
        assert registry.weighs("loyal")
        assert registry.reads("loyal") == ("gains",)


@pytest.mark.parametrize("reads", ["'gains'", "('gain',)", "['gains']"])
def test_what_cannot_be_read_is_refused(reads: str, tmp_path: Path) -> None:
    spec = written(tmp_path, LOYAL.replace('("gains",)', reads), "loyal")
    with pytest.raises(InputError, match="READS"):
        outside.read_plugin(spec)


def test_weight_that_is_left_out_breaks_the_contract(tmp_path: Path) -> None:
    text = LOYAL.replace("range(len(weights))", "range(1, len(weights))")
    with registry.none_from_outside():
        registry.use([written(tmp_path, text, "loyal")])
        assert "a finite weight for each audience" in next(find_breaks("strategies", "loyal"))


def test_weights_that_are_no_numbers_cost_the_run_in_both_engines(tmp_path: Path) -> None:
    with registry.none_from_outside(), np.errstate(all="ignore"):
        registry.use([written(tmp_path, LATE, "late")])
        lost = kept = 0
        for number in range(12):
            scenario = Scenario.from_dict(plugged(row(80)[number], {"strategies": "late"}))
            told = run_agents(scenario, 1, 0)
            counted = run_compiled(scenario, 1, [0])
            finite = bool(np.isfinite(told.tension).all())
            assert counted.finite.tolist() == [finite]
            lost += not finite
            kept += finite
        assert lost
        assert kept
