"""What dates and audiences of narratives leave of a claimant's effort is what no run delivers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.running.executing import by_ensemble, certain_lanes
from sim.scenario.scenario import Scenario
from sim.scenario.unspent_effort import unspent_effort, unspent_notes
from sim.world.building import build
from tests.interface.conftest import Answer, narrate, place

__all__ = ["narrate", "place"]  # fixtures

SMALL = Scenario.from_yaml(Path(__file__).parents[1] / "interface" / "small.yaml")


def menu(*narratives: dict[str, object]) -> Scenario:
    """The small case, Boreas with these narratives; its statements begin on day 3 of 24."""
    told = [
        {"name": f"n{i}", "sender": "Boreas", "type": "PROMOTE", "issue": "raids", "evidence": 0.5}
        | one
        for i, one in enumerate(narratives)
    ]
    return Scenario.from_dict({**SMALL.to_dict(arms=False), "narratives": told, "delegations": []})


@pytest.mark.parametrize("name", ["kashmir_2025", "two_sources", "kashmir_2019"])
def test_unspent_effort_is_what_runs_do_not_deliver(name: str) -> None:
    """Of statements alone: what is delivered is the part that reaches, less what is unspent."""
    scenario = Scenario.from_yaml(name).replace(replies=False, delegations=[])
    world = build(scenario)
    numbers = certain_lanes(world)
    record = by_ensemble(world, numbers, 1, np.arange(1, dtype=np.uint64)).record
    for k, side in enumerate(scenario.claimants):
        reaching = scenario.parameters.broadcast_reach * side.effort
        for one in unspent_effort(scenario, side):
            left = np.array([one.shares[audience.name] for audience in scenario.audiences])
            delivered = record.effort[0, one.first : one.last + 1, :, k] / reaching
            assert delivered == pytest.approx(np.tile(1.0 - left, (len(delivered), 1)), abs=1e-12)


def test_two_versions_of_one_argument_leave_half_on_every_day() -> None:
    """As those of April and of May: each has half of the shares, and one is told at a time."""
    scenario = menu({"share": 1, "until": 9}, {"share": 1, "from": 10})
    found = unspent_effort(scenario, scenario.claimants[1])
    assert [(one.first, one.last, one.everywhere) for one in found] == [(3, 9, 0.5), (10, 23, 0.5)]
    assert unspent_notes(scenario) == [
        "claimants.Boreas: leaves effort unspent, since shares are of its whole menu, told or "
        "not: 50 % from 2025-05-23 to 2025-06-12"
    ]


def test_planned_shares_hand_over_and_leave_nothing() -> None:
    """The first until day 9, the second from day 10 on, each with all of the menu in its time."""
    base = menu({"share": 1, "until": 9}, {"share": 0, "from": 10})
    document = base.to_dict(arms=False)
    document["claimants"][1]["plans"] = [{"from": 10, "shares": {"n0": 0, "n1": 2}}]
    assert unspent_notes(Scenario.from_dict(document)) == []
    document["claimants"][1]["plans"] = [{"from": 12, "shares": {"n1": 3}}]
    (note,) = unspent_notes(Scenario.from_dict(document))
    assert note.endswith(
        ": 100 % from 2025-05-30 to 2025-05-31; 25 % from 2025-06-01 to 2025-06-12"
    )


def test_narratives_for_some_audiences_leave_effort_at_the_others() -> None:
    """Shares 3 and 1; the second at one of three on the last 7 of 21 days: a third of a quarter."""
    scenario = menu({"share": 3}, {"share": 1, "from": 17, "audiences": ["Port"]})
    (note,) = unspent_notes(scenario)
    assert note.endswith(": 25 % from 2025-05-23 to 2025-06-05; on the mean day 8 % more at 2 of 3 "
                         "audiences, most at Hill")  # fmt: skip


def test_only_the_longest_periods_are_told() -> None:
    """Eight narratives of a day each, on every other day from day 5 on, beside one always told."""
    days = range(5, 21, 2)
    scenario = menu({"share": 1}, *({"share": 1, "from": day, "until": day} for day in days))
    (note,) = unspent_notes(scenario)
    assert note.count(" %") == 3
    assert note.endswith("; less on other days")


def test_menu_that_is_always_told_everywhere_leaves_nothing() -> None:
    assert unspent_notes(menu({"share": 2}, {"share": 1, "from": 2})) == []
    assert unspent_notes(menu()) == []


def test_validate_tells_it(narrate: Callable[..., Answer], place: Path) -> None:
    """Of the base, and of an arm where it is otherwise."""
    text = (place / "small.yaml").read_text()
    (place / "case.yaml").write_text(text + "    narratives: [{name: trade, from: 24}]\n")
    answer = narrate("validate", "case.yaml")
    note = "note: case.yaml: claimants.Aria: leaves effort unspent, since shares are of its whole menu, told or not"
    assert answer.err.splitlines() == [
        f"{note}: 10 % from 2025-05-22 to 2025-05-28",
        f"{note}: 30 % from 2025-05-22 to 2025-05-28; 20 % from 2025-05-29 to 2025-06-12, in arm offer",
    ]
