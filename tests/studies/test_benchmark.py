"""The benchmark's programs do the same work and give the same numbers."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import InputError, MachineError
from sim.studies.benchmark import c_program, engine_program
from sim.studies.benchmark.work import VARIANTS, Product, differences, work
from sim.world.arrays import ATTACK, DENY, PROMOTE

RUNS = 40  # two full blocks and one that is not
CLOSE = {"mean": 1e-12, "variance": 1e-10, "tension": 1e-10, "diplomacy": 0.0, "final": 1e-12}
needs_compiler = pytest.mark.skipif(c_program.compiler() is None, reason="no C compiler here")


def agree(one: Product, other: Product) -> None:
    apart = differences(one, other)
    assert apart.keys() == CLOSE.keys()
    assert all(apart[name] <= CLOSE[name] for name in CLOSE), apart


@needs_compiler
@pytest.mark.parametrize("variant", VARIANTS)
def test_c_program_gives_the_numbers_of_the_engine(variant: str) -> None:
    task = work(variant, RUNS)
    agree(c_program.run(task, RUNS), engine_program.run(task, RUNS))


@needs_compiler
def test_c_program_does_not_depend_on_threads() -> None:
    task, runs = work(), c_program.CHUNK + 20
    one, two = c_program.run(task, runs, threads=1), c_program.run(task, runs, threads=2)
    for name in Product._fields:
        assert np.array_equal(getattr(one, name), getattr(two, name)), name


@needs_compiler
def test_c_program_refuses_a_rule_it_does_not_know() -> None:
    task = work()
    other = task._replace(world=task.world._replace(rule="bounded_confidence"))
    with pytest.raises(InputError, match="does not know"):
        c_program.run(other, RUNS)


def test_no_compiler_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CC", raising=False)
    c_program.compiled.cache_clear()
    with pytest.raises(MachineError, match="no C compiler"):
        c_program.run(work(), RUNS)


def test_work_has_everything_the_issue_asks_for() -> None:
    world = work().world
    names = world.names
    assert len(names.audiences) == 12
    assert len(names.narratives) == 10
    assert len(names.delegations) == 8
    assert world.steps == 90
    assert set(world.kind) == {PROMOTE, ATTACK, DENY}
    assert world.parity_claim >= 0
    assert (world.verified_claim >= 0).any()
    assert all(world.switches)
    listens = np.diff(world.peers.start)
    assert listens.min() >= 3
    offers, first, second = engine_program.run(work(), RUNS).diplomacy
    assert offers > max(first, second) > 0  # offers are made, some accepted, some refused


def test_exponents_are_one_when_fixed_and_spread_when_drawn() -> None:
    fixed, drawn = work("fixed").world.parameters, work("drawn", RUNS)
    assert fixed.credibility_exponent == fixed.resonance == 1.0
    assert drawn.lanes.values.std(axis=1).max() > 0.0
    assert len(np.unique(drawn.lanes.start[0, 0])) == RUNS
