"""The driver's cells: halves of a piece, and the one run that fails it."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sim import Scenario
from sim.errors import MachineError
from sim.running.blocks import CHANCE
from sim.running.executing import open_engine
from sim.running.sweeps.driving import (
    Asked,
    carry_out,
    halves,
    local_workers,
    run_despite_failures,
)
from sim.running.sweeps.keeping import InMemory, all_rows
from sim.running.sweeps.outcomes import simulate_cells
from sim.running.sweeps.pacing import pairs_of
from sim.running.sweeps.swept import Swept
from sim.store.parts import Cell
from tests.interface.conftest import SMALL

DESIGN = pd.DataFrame({"point": [0, 1], "parity": [0.1, 0.4]})


def swept() -> Swept:
    return Swept(
        Scenario.from_yaml(SMALL), {}, DESIGN, "no_offer", ("offer",), CHANCE, 5,
        ("lead", "tension"), "narrate run small.yaml",
    )  # fmt: skip


@given(some.lists(some.tuples(some.integers(0, 9), some.integers(1, 9)), min_size=1, max_size=6))
def test_halves_are_the_whole(drawn):
    cells = [Cell(place, first, first + n) for place, (first, n) in enumerate(drawn)]
    if pairs_of(cells) == 1:
        return
    one, two = halves(cells)
    assert pairs_of(one) == pairs_of(cells) // 2

    def pairs(some_cells):
        return [(cell.point, r) for cell in some_cells for r in range(cell.first, cell.stop)]

    assert pairs([*one, *two]) == pairs(cells)


def poisoned(simulate, point, replicate, arm):
    """Raises wherever it is to run this one."""

    def work(of, cells, progress):
        for cell in cells:
            here_it_is = cell.point == point and cell.first <= replicate < cell.stop
            if here_it_is and arm in (of.base, *of.arms):
                raise ZeroDivisionError("in a plug-in")
        return simulate_cells(of, cells, simulate, progress)

    return work


@pytest.mark.parametrize("arm", ["no_offer", "offer"])
def test_run_that_raises_costs_only_itself(arm):
    cells, whole = [Cell(0, 0, 7), Cell(1, 2, 9)], swept()
    with open_engine("ensemble", 1) as (simulate, _):
        clean = simulate_cells(whole, cells, simulate)
        found = run_despite_failures(
            poisoned(simulate, 1, 4, arm), whole, cells, lambda more: None
        )
    assert list(found.columns) == list(clean.columns)
    keys = ["point", "replicate", "arm"]
    found, clean = (frame.set_index(keys).sort_index() for frame in (found, clean))
    lost = (1, 4, arm)
    assert found.loc[lost, "failed"] == "ZeroDivisionError: in a plug-in"
    assert list(found.index[found["failed"] != ""]) == [lost]
    numbers = [name for name in clean if name.startswith(("final", "window", "effect"))]
    assert found.loc[lost, numbers].isna().all()
    rest = clean.index.drop([lost])
    if arm == "no_offer":  # without its baseline an arm has levels, but no effect
        other = (1, 4, "offer")
        assert found.loc[other, "final.lead"] == clean.loc[other, "final.lead"]
        assert found.loc[other, [n for n in numbers if n.startswith("effect")]].isna().all()
        rest = rest.drop([other])
    pd.testing.assert_frame_equal(found.loc[rest], clean.loc[rest])


def test_trouble_of_the_machine_is_not_a_run_that_fails():
    def work(of, cells, progress):
        raise MachineError("disk")

    with pytest.raises(MachineError):
        run_despite_failures(work, swept(), [Cell(0, 0, 4)], lambda more: None)


def test_what_is_kept_is_not_run_again():
    keep, told = InMemory(), []
    carry_out(swept(), Asked(3), keep, local_workers("ensemble", 1), told.append)
    assert sum(told) == 2 * 3 * 2
    carry_out(swept(), Asked(5), keep, local_workers("ensemble", 1), told.append)
    assert sum(told) == 2 * 5 * 2
    whole = InMemory()
    carry_out(swept(), Asked(5), whole, local_workers("ensemble", 1))
    pd.testing.assert_frame_equal(all_rows(keep), all_rows(whole))
