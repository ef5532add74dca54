"""The benchmark's programs do the same work and give the same numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.benchmark import c_program, engine_program, mesa_program, numpy_program, study
from sim.benchmark.study import Benchmark, Job
from sim.benchmark.targets import targets
from sim.benchmark.task import VARIANTS, Output, differences, make_task
from sim.cli.main import main
from sim.errors import InputError, MachineError
from sim.world.arrays import ATTACK, DENY, PROMOTE, Role

RUNS = 40  # two full blocks and one that is not
FEW = 3
CLOSE = {"mean": 1e-12, "variance": 1e-10, "tension": 1e-10, "diplomacy": 0.0, "final": 1e-12}
needs_compiler = pytest.mark.skipif(c_program.compiler() is None, reason="no C compiler here")


def agree(one: Output, other: Output) -> None:
    apart = differences(one, other)
    assert apart.keys() == CLOSE.keys()
    assert all(apart[name] <= CLOSE[name] for name in CLOSE), apart


@needs_compiler
@pytest.mark.parametrize("variant", VARIANTS)
def test_c_program_gives_the_numbers_of_the_engine(variant: str) -> None:
    task = make_task(variant, RUNS)
    agree(c_program.run(task, RUNS), engine_program.run(task, RUNS))


@pytest.mark.parametrize("variant", VARIANTS)
def test_numpy_program_gives_the_numbers_of_the_engine(variant: str) -> None:
    task = make_task(variant, RUNS)
    agree(numpy_program.run(task, RUNS), engine_program.run(task, RUNS))


@pytest.mark.parametrize("variant", VARIANTS)
def test_mesa_under_batch_run_gives_the_numbers_of_the_engine(variant: str) -> None:
    task = make_task(variant, FEW)
    agree(mesa_program.run(task, FEW, threads=1), engine_program.run(task, FEW))


@pytest.mark.parametrize("size", [{"audiences": 30}, {"narratives": 20}, {"days": 100}])
def test_programs_agree_on_larger_work(size: dict[str, int]) -> None:
    task = make_task("fixed", FEW, **size)
    expected = engine_program.run(task, FEW)
    agree(numpy_program.run(task, FEW), expected)
    agree(mesa_program.run(task, FEW, threads=1), expected)
    if c_program.compiler() is not None:
        agree(c_program.run(task, FEW), expected)


def test_programs_follow_planned_shares_and_replies() -> None:
    """From day 40 on: shares the other way round, and a part for replies of the first side."""
    task = make_task("fixed", FEW)
    share, planned = task.world.share.copy(), task.world.planned_reply.copy()
    for side in (0, 1):
        own = np.flatnonzero(task.world.sender == side)
        share[40:, own] = share[40:, own[::-1]]
    planned[40:, 0] = 0.45
    task = task._replace(world=task.world._replace(share=share, planned_reply=planned))
    expected = engine_program.run(task, FEW)
    agree(numpy_program.run(task, FEW), expected)
    if c_program.compiler() is not None:
        agree(c_program.run(task, FEW), expected)
    assert differences(expected, engine_program.run(make_task("fixed", FEW), FEW))["mean"] > 1e-3


@needs_compiler
def test_c_program_does_not_depend_on_threads() -> None:
    task, runs = make_task(), c_program.CHUNK + 20
    one, two = c_program.run(task, runs, threads=1), c_program.run(task, runs, threads=2)
    for name in Output._fields:
        assert np.array_equal(getattr(one, name), getattr(two, name)), name


@needs_compiler
def test_c_program_refuses_a_rule_it_does_not_know() -> None:
    task = make_task()
    other = task._replace(world=task.world._replace(rule="bounded_confidence"))
    with pytest.raises(InputError, match="does not know"):
        c_program.run(other, RUNS)


@pytest.mark.parametrize("program", [c_program, numpy_program])
def test_other_programs_refuse_a_role_that_passes(program: Any) -> None:
    world = make_task().world
    later = Role(9, world.mediator, world.escalation, world.offer_days, world.policy)
    other = make_task()._replace(world=world._replace(later_roles=(later,)))
    with pytest.raises(InputError, match="does not know a mediator that passes on its role"):
        program.run(other, RUNS)


def test_no_compiler_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CC", raising=False)
    c_program.compile_program.cache_clear()
    with pytest.raises(MachineError, match="no C compiler"):
        c_program.run(make_task(), RUNS)


def test_work_has_everything_the_issue_asks_for() -> None:
    world = make_task().world
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
    offers, first, second = engine_program.run(make_task(), RUNS).diplomacy
    assert offers > max(first, second) > 0  # offers are made, some accepted, some refused


def test_exponents_are_one_when_fixed_and_spread_when_drawn() -> None:
    fixed, drawn = make_task("fixed").world.parameters, make_task("drawn", RUNS)
    assert fixed.credibility_exponent == fixed.resonance == 1.0
    assert drawn.lanes.values.std(axis=1).max() > 0.0
    assert len(np.unique(drawn.lanes.start[0, 0])) == RUNS


# The study


def row(growth: str, at: int, program: str, cost: float, **more: object) -> dict[str, object]:
    made = {
        "growth": growth,
        "at": at,
        "variant": "fixed",
        "program": program,
        "runs": 64,
        "threads": 1,
        "turns": 1,
        "seconds": 1.0,
        "runs_per_second": 1e6 / cost,
        "microseconds_per_run_and_core": cost,
        "peak_mebibytes": 100.0,
        "times_c": cost / 10.0,
    }
    return made | more


def made_up(engine: float, agreed: bool = True) -> Benchmark:
    """A benchmark in which C takes 10 microseconds."""
    costs = {"engine": engine, "c": 10.0, "numpy": 150.0, "mesa": 50_000.0}
    rows = [row("side by side", 1, name, cost) for name, cost in costs.items()]
    rows += [row("threads", 2, name, costs[name] / 2.0) for name in ("engine", "c", "mesa")]
    rows += [row("runs", runs, "engine", engine) for runs in (10_000, 1_000_000)]
    rows += [row("audiences", n, "engine", engine * n) for n in (100, 10_000)]
    difference = 0.0 if agreed else 1.0
    compared = {
        "variant": "fixed",
        "program": "c",
        "runs": 64,
        "part": "mean",
        "difference": difference,
        "limit": 1e-12,
    }
    return Benchmark(pd.DataFrame(rows), pd.DataFrame([compared]), study.machine())


def test_targets_hold_for_a_fast_engine_and_fail_for_a_slow_one() -> None:
    fast, slow = (targets(made_up(cost).times).set_index("target") for cost in (13.0, 60.0))
    assert len(fast) == 6
    assert set(fast["verdict"]) == {"holds"}
    failing = set(slow.index[slow["verdict"] == "fails"])
    assert failing == {
        "at most so many times C, exponents 1",
        "NumPy at least so many times, exponents 1",
        "runs a second on 2 threads, at least so many times Mesa's on 2 processes",
    }
    assert fast["measured"]["at most so many times C, exponents 1"] == pytest.approx(1.3)


def test_cost_that_grows_with_runs_or_audiences_fails() -> None:
    times = made_up(13.0).times
    grown = times["at"].isin([1_000_000, 10_000]) & (times["growth"] != "threads")
    grown &= ~((times["growth"] == "runs") & (times["at"] == 10_000))
    times.loc[grown, "microseconds_per_run_and_core"] *= 3.0
    assert list(targets(times)["verdict"]).count("fails") == 2


@pytest.mark.slow
def test_jobs_take_turns_in_their_own_processes() -> None:
    jobs = [Job("runs", 32, "numpy", 32), Job("runs", 32, "engine", 32)]
    rows = study.time_jobs(jobs, repeats=2)
    assert [found["program"] for found in rows] == ["numpy", "engine"]
    for found in rows:
        assert found["runs"] / found["seconds"] == pytest.approx(found["runs_per_second"])
        assert found["peak_mebibytes"] > 10.0
        assert found["times_c"] is None


def test_worker_that_stops_is_trouble_with_the_machine() -> None:
    with pytest.raises(MachineError, match="stopped"):
        study.time_jobs([Job("runs", 1, "unheard-of", 1)], repeats=1)


def test_machine_is_named_without_host_or_path() -> None:
    facts = study.machine()
    assert {"processor", "cores", "python", "numpy", "numba", "mesa"} <= set(facts)
    assert not any("/" in value for name, value in facts.items() if name != "flags")


def test_verb_writes_tables_and_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(study, "benchmark", lambda *_: made_up(13.0))
    out = tmp_path / "out"
    assert main(["benchmark", "--quick", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "All programs give the same numbers." in said
    assert "this engine" in said
    assert {file.name for file in out.iterdir()} == {
        "times.csv",
        "agreement.csv",
        "targets.csv",
        "machine.json",
        "benchmark.md",
        "benchmark.svg",
        "benchmark.png",
    }
    assert len(pd.read_csv(out / "times.csv")) == len(made_up(13.0).times)
    assert main(["benchmark", "--json", "--out", str(tmp_path / "other")]) == 0
    assert json.loads(capsys.readouterr().out)["agreed"] is True


def test_verb_fails_where_numbers_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(study, "benchmark", lambda *_: made_up(13.0, agreed=False))
    assert main(["benchmark", "--out", str(tmp_path / "out")]) == 1
    assert "do not give the same numbers" in capsys.readouterr().out


def test_without_a_compiler_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def noted(jobs: list[Job], repeats: int) -> list[dict[str, object]]:
        asked.extend(job.program for job in jobs)
        return []

    monkeypatch.setattr(c_program, "compiler", lambda: None)
    monkeypatch.setattr(study, "time_jobs", noted)
    monkeypatch.setattr(study, "agreement", lambda programs: pd.DataFrame({"x": programs}))
    done = study.benchmark(quick=True)
    assert set(asked) == {"engine", "numpy", "mesa"}
    assert list(done.agreement["x"]) == ["engine", "numpy", "mesa"]
    assert "no C compiler" in done.notes[0]
