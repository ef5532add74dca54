"""The Python interface checks what it is given, as the command line checks its options."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.scenario import arguments
from tests.interface.conftest import SMALL

CASE = sim.Scenario.from_yaml(SMALL)
SEED = "must be a whole number from 0 to 18446744073709551615"


def swept(parameters: Any = None, **more: Any) -> Any:
    chosen = {"replicates": 2, "arms": "offer", "metrics": "lead", **more}
    return sim.sweep(CASE, {"parity": 0.3} if parameters is None else parameters, **chosen)


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "seed with a fraction": (lambda: sim.evaluate({"scenario": SMALL}, 3.7), f"seed: {SEED} (got 3.7)"),
    "seed below 0": (lambda: sim.evaluate({"scenario": SMALL}, -1), f"seed: {SEED} (got -1)"),
    "seed too large": (lambda: sim.run(CASE, seed=2**64), f"seed: {SEED} (got 18446744073709551616)"),
    "true for a seed": (lambda: sim.evaluate({"scenario": SMALL}, True), f"seed: {SEED} (got True)"),
    "text for a seed": (lambda: swept(seed="3"), f"seed: {SEED} (got '3')"),
    "text for a number": (lambda: sim.evaluate({"parity": "0.3"}), "parity: must be a finite number such as 2 or 0.5 (got '0.3')"),
    "nan": (lambda: sim.evaluate({"parity": float("nan")}), "parity: must be a finite number such as 2 or 0.5 (got nan)"),
    "an array for a number": (lambda: sim.evaluate({"parity": np.array([0.2])}), "parity: must be a finite number such as 2 or 0.5 (got array([0.2]))"),
    "no mapping": (lambda: sim.evaluate([0.2]), "params: must be a mapping of keys to values (got [0.2])"),  # type: ignore[arg-type]
    "a misspelled parameter": (lambda: sim.evaluate({"parrity": 0.2}), "parrity: unknown parameter; did you mean parity?"),
    "number for an arm": (lambda: sim.evaluate({"scenario": SMALL, "arm": 3}), "arm: must be a text (got 3)"),
    "no such engine": (lambda: sim.run(CASE, engine="messa"), "engine: unknown engine; did you mean mesa? (got messa)"),
    "no such arm": (lambda: sim.compare(CASE, "ofer"), "arms: unknown arm; did you mean offer? (got ofer)"),
    "an arm twice": (lambda: sim.compare(CASE, ["offer", "offer"]), "arms: is given twice (got offer)"),
    "number for a baseline": (lambda: sim.compare(CASE, baseline=3), "baseline: must be a text (got 3)"),  # type: ignore[arg-type]
    "no pairs": (lambda: sim.compare(CASE, pairs=0), "pairs: must be a whole number from 1 to 10000000 (got 0)"),
    "pairs with a fraction": (lambda: sim.compare(CASE, pairs=2.5), "pairs: must be a whole number from 1 to 10000000 (got 2.5)"),  # type: ignore[arg-type]
    "no threads": (lambda: sim.compare(CASE, jobs=0), "jobs: must be a whole number from 1 to 4096 (got 0)"),
    "no days": (lambda: sim.run(CASE, every=0), "every: must be a whole number from 1 to 36500 (got 0)"),
    "text for a flag": (lambda: sim.run(CASE, uncertain="no"), "uncertain: must be True or False (got 'no')"),  # type: ignore[arg-type]
    "a dict for a scenario": (lambda: sim.run({"name": "x"}), "scenario: must be one scenario, as an object, a file or a name; its arms are compared (got {'name': 'x'})"),  # type: ignore[arg-type]
    "two scenarios": (lambda: sim.compare([CASE, CASE]), "scenario: must be one scenario, as an object, a file or a name; its arms are compared (got [Scenario(name='small', title='A small case', description...)"),  # type: ignore[arg-type]
    "an object among scenarios": (lambda: swept({"scenario": [CASE]}), "scenario: must be a text (got Scenario(name='small', title='A small case', description=...)"),
    "nothing for values": (lambda: swept({"parity": None}), "parity: must be a value, or a list of values (got None)"),
    "a set of values": (lambda: swept({"parity": {0.1}}), "parity: must be a value, or a list of values (got {0.1})"),
    "a list of keys": (lambda: swept(["parity"]), "parameters: must be a mapping of keys to values (got ['parity'])"),
    "number for a key": (lambda: swept({1: [2]}), "parameters: a key must be a text (got 1)"),
    "no replicates": (lambda: swept(replicates=0), "replicates: must be a whole number from 1 to 10000000 (got 0)"),
    "no samples": (lambda: swept({"parity": "0:1"}, design="lhs", samples=0), "samples: must be a whole number from 1 to 100000 (got 0)"),
    "text for until": (lambda: swept(until="final.lead=0.1"), "until: must be a column and a half-width, such as ('effect.window.lead', 0.001) (got 'final.lead=0.1')"),
    "a spreadsheet": (lambda: swept({}, design="points.xlsx"), "points.xlsx: is a spreadsheet; save it as CSV (Save As, CSV UTF-8) and name that file"),
    "trajectories": (lambda: sim.sensitivity(CASE, trajectories=2.5), "trajectories: must be a whole number from 0 to 100000 (got 2.5)"),  # type: ignore[arg-type]
    "text for a threshold": (lambda: sim.discover(CASE, above="x"), "above: must be a finite number such as 2 or 0.5 (got 'x')"),  # type: ignore[arg-type]
    "no side": (lambda: sim.discover(CASE, above=None, below=None), "above, below: must not both be None: there is nothing to look for"),
    "a design that is no sample": (lambda: sim.discover(CASE, design="grid"), "design: unknown design; known: lhs, sobol (got grid)"),
    "nothing to set": (lambda: CASE.set(None), "assignments: must be a text, or a list of texts (got None)"),  # type: ignore[arg-type]
    "number for an arm of a scenario": (lambda: CASE.arm(3), "arms: must be a text (got 3)"),  # type: ignore[arg-type]
    "nothing for a path": (lambda: sim.Scenario.from_yaml(None), "path: must be a text (got None)"),  # type: ignore[arg-type]
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_argument_is_refused_in_these_words(name: str) -> None:
    call, expected = REFUSED[name]
    with pytest.raises(InputError) as caught:
        call()
    assert str(caught.value) == expected


def test_one_alone_is_a_list_of_one_and_numpys_numbers_are_numbers() -> None:
    assert swept({"parity": 0.3}).design["parity"].tolist() == [0.3]
    assert swept({"parity": np.linspace(0, 1, 3)}).design["parity"].tolist() == [0.0, 0.5, 1.0]
    assert swept({"mediation_length": range(2, 4)}).design["mediation_length"].tolist() == [2, 3]
    assert swept({"switches.noise": True}, seed=np.uint64(3)).arms == ("offer",)
    assert swept(replicates=np.float64(2)).asked.replicates == 2
    assert CASE.set("parity=0.3") == CASE.set({"parity": 0.3}) == CASE.set(["parity=0.3"])
    assert CASE.set({"switches.noise": np.False_}).switches.noise is False
    assert CASE.replace(noise=np.False_).switches.noise is False
    assert CASE.replace(steps=np.float64(12)).steps == 12
    assert sim.Scenario.from_yaml(SMALL, sets="parity=0.3").parameters.parity == 0.3
    found = sim.evaluate({"scenario": SMALL, "parity": np.array(0.2)}, np.int64(3))
    assert found == sim.evaluate({"scenario": SMALL, "parity": 0.2}, 3.0)  # type: ignore[arg-type]
    assert sim.run(CASE, uncertain=True, held="parity", replicate=np.int64(2)).held == ("parity",)


def test_equal_points_are_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("parity\n0.1\n0.10\n", encoding="utf-8")
    with pytest.warns(UserWarning, match="1 of the 2 points has the values of an earlier one"):
        assert len(swept({}, design=str(path)).design) == 2


def test_bounds_are_those_of_the_command_line() -> None:
    from sim.cli import options, parsing

    assert arguments.LARGEST_COUNT == parsing.LARGEST_COUNT
    assert arguments.MOST_DAYS == options.MOST_DAYS
