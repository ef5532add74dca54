"""Answers known from history: given on their days, by the logit rule on any other."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.scenario.scenario import Scenario
from sim.world.arrays import Record
from tests.engines.comparing import record_of_run, run_agents, run_compiled, same_bits
from tests.engines.test_offers import CASE

OFFERS = [6, 14]
CALM = {"mediation_length": 4}


def case(answers: list[Any], policy: str = "scripted", rule: str = "scripted") -> Scenario:
    """The reference case with offers on two days; ``answers`` of each claimant."""
    document = Scenario.from_yaml(CASE).to_dict(arms=False)
    for side, own in zip(document["claimants"], answers, strict=True):
        side |= {"acceptance": rule, "answers": own}
    document["mediator"] |= {"policy": policy, "days": OFFERS}
    return Scenario.from_dict(document).replace(**CALM)


def both(scenario: Scenario, seed: int = 3) -> list[Record]:
    compiled = record_of_run(run_compiled(scenario, seed, [0]).record, 0)
    return [run_agents(scenario, seed, 0), compiled]


@pytest.mark.parametrize(("first", "second"), list(product([False, True], repeat=2)))
def test_offer_is_answered_as_its_day_says(first: bool, second: bool) -> None:
    dated = [
        [{"day": 6, "accepts": first}, {"day": 14, "accepts": not first}],
        [{"day": 6, "accepts": second}, {"day": 14, "accepts": second}],
    ]
    for record in both(case(dated)):
        answered = record.diplomacy.accepted
        assert answered[OFFERS].tolist() == [[first, second], [not first, second]]
        assert record.mediation[7] == (2.0 if first and second else 1.0)
        assert record.mediation[15] == (2.0 if second and not first else 1.0)


def test_without_dates_it_is_the_logit_rule_to_the_bit() -> None:
    for one, other in zip(both(case([[], []])), both(case([[], []], rule="logit")), strict=True):
        assert same_bits(one, other)


def test_any_other_day_is_answered_by_the_logit_rule() -> None:
    """Day 6 is dated; the answers of day 14 are those of the same run by logit."""
    dated = case([[{"day": 6, "accepts": True}], [{"day": 6, "accepts": True}]])
    usual = case([[], []])
    seen = set()
    for seed in range(12):
        for one, other in zip(both(dated, seed), both(usual, seed), strict=True):
            assert one.diplomacy.accepted[6].all()
            if not other.diplomacy.accepted[6].all():
                continue
            assert same_bits(one, other)
            seen.add(tuple(other.diplomacy.accepted[14].tolist()))
    assert seen


def test_day_without_an_offer_keeps_its_answer_to_itself() -> None:
    unasked = case([[{"day": 20, "accepts": False}], [{"day": 5, "accepts": False}]])
    for one, other in zip(both(unasked), both(case([[], []])), strict=True):
        assert same_bits(one, other)


def test_policy_that_foresees_knows_the_dated_answers() -> None:
    """cost_benefit makes no offer on a day on which one side is known to refuse."""
    refusing = [{"day": day, "accepts": False} for day in range(40)]
    accepting = [{"day": day, "accepts": True} for day in range(40)]
    eager = {"tension_weight": 5.0, "offer_cooldown": 1}
    for record in both(case([accepting, refusing], "cost_benefit").replace(**eager)):
        assert not record.diplomacy.offered.any()
    for record in both(case([accepting, accepting], "cost_benefit").replace(**eager)):
        assert record.diplomacy.offered.any()
        assert record.diplomacy.accepted[record.diplomacy.offered].all()


def test_exchanged_claimants_exchange_their_answers() -> None:
    dated = [[{"day": 6, "accepts": True}], [{"day": 6, "accepts": False}]]
    for one, other in zip(both(case(dated)), both(case(dated[::-1])), strict=True):
        assert np.array_equal(one.diplomacy.accepted[6], other.diplomacy.accepted[6][::-1])


def test_end_cuts_answers_off_and_they_come_back() -> None:
    dated = case([[{"day": 6, "accepts": True}, {"day": 14, "accepts": True}], []])
    short = dated.replace(steps=10)
    assert [one.day for one in short.claimants[0].answers] == [6]
    assert [one.day for one in short.replace(steps=20).claimants[0].answers] == [6, 14]


def test_answers_of_one_day_are_refused_twice() -> None:
    twice = [{"day": 6, "accepts": True}, {"day": 6, "accepts": False}]
    with pytest.raises(InputError, match="must come after the answer before it, on day 6"):
        case([twice, []])


def test_answers_that_no_rule_gives_are_noted() -> None:
    found = case([[{"day": 6, "accepts": True}], []], rule="logit")
    assert any("answers: are not used: its acceptance is logit" in note for note in found.notes)
    assert not case([[{"day": 6, "accepts": True}], []]).notes
