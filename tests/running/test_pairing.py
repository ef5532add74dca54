"""Paired runs share their draws: they differ only from the first thing done differently on.

Docs/model.md, section 5. Bit equality throughout.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import norm, poisson

from sim.engines.agents import NarrativeModel
from sim.engines.ensemble.statistics import Statistics, describe_block, pair_moments, window_means
from sim.parameters import Switches
from sim.running.pairing import (
    NEVER,
    Pairs,
    compare_pairs,
    earlier,
    first_divergence,
    pairs_needed,
)
from sim.scenario.scenario import Scenario
from sim.world.arrays import Floats, Record
from sim.world.building import build
from sim.world.draws import draws
from tests.engines.cases import case, plugged, row
from tests.engines.comparing import record_of_run, run_agents, run_compiled, same_bits

SEEDS = (0, 2**64 - 1)
OFF = dict.fromkeys(Switches._fields, False)


def first_difference(one: Record, other: Record) -> int:
    """The first row in which any state differs; the number of rows where none does."""
    rows = len(one.tension)
    for t in range(rows):
        for a, b in zip(one[:9], other[:9], strict=True):  # the states, rows 0..T
            if a[t].tobytes() != b[t].tobytes():
                return t
    return rows


def event_day(scenario: Scenario, name: str) -> int:
    return next(event.day for event in scenario.events if event.name == name)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_arms_are_identical_until_they_do_something_else(seed: int) -> None:
    scenario = Scenario.from_yaml("kashmir_2025").replace(steps=60)
    base = scenario.arm("no_mediation")
    ceasefire, (offer,) = event_day(scenario, "ceasefire"), base.mediator.days
    for arm, day in (("mediation", ceasefire), ("no_us_role", ceasefire), ("offer_only", offer)):
        other = scenario.arm(arm)
        # what happens on a day shows in the row of the next
        assert first_difference(run_agents(base, seed, 1), run_agents(other, seed, 1)) == day + 1
        runs = [record_of_run(run_compiled(s, seed, [1]).record, 0) for s in (base, other)]
        assert first_difference(*runs) == day + 1


def test_longer_horizon_leaves_earlier_days_alone() -> None:
    for number in range(20):
        document = row(80)[number]
        longer = Scenario.from_dict(document | {"steps": document["steps"] + 7})
        shorter = longer.replace(steps=document["steps"])
        for runs in ((run_agents(shorter, 2, 2), run_agents(longer, 2, 2)),
                     tuple(record_of_run(run_compiled(s, 2, [2]).record, 0) for s in (shorter, longer))):  # fmt: skip
            assert first_difference(runs[0], _cut(runs[1], shorter.steps)) == shorter.steps + 1


def _cut(record: Record, steps: int) -> Record:
    parts = [values[: steps + 1] for values in record[:9]]
    return Record(*parts, *(values[:steps] for values in record[9:13]), record.diplomacy)


def test_audience_nobody_listens_to_leaves_the_others_alone() -> None:
    """Without an offer, which would weigh the audiences by importance."""
    for number in range(20):
        document = plugged(row(80)[number], {"policy": "none"})
        guest = document["audiences"][0] | {"name": "Guest"}
        claims = [
            claim | {"prior": {**prior, "Guest": 0.5}} if isinstance(prior := claim["prior"], dict)
            else claim
            for claim in document["claims"]
        ]  # fmt: skip
        sides = [side | {"strategy": "scripted"} for side in document["claimants"]]
        base = document | {"claimants": sides}
        more = base | {"audiences": [guest, *document["audiences"]], "claims": claims}
        for run in (
            run_agents,
            lambda s, *key: record_of_run(run_compiled(s, key[0], [key[1]]).record, 0),
        ):
            one, other = run(Scenario.from_dict(base), 3, 3), run(Scenario.from_dict(more), 3, 3)
            assert (one.sympathy == other.sympathy[:, 1:]).all()
            assert (one.salience == other.salience[:, 1:]).all()
            assert (one.credence == other.credence[:, 1:]).all()
            assert (one.tension == other.tension).all()
            assert (one.incidents == other.incidents).all()


def test_order_of_audiences_changes_nothing_without_strategies_by_order() -> None:
    document = Scenario.from_yaml("symmetric", arm="no_mediation").to_dict(arms=False)
    backward = document | {"audiences": document["audiences"][::-1]}
    one, other = (run_agents(Scenario.from_dict(d), 1, 1) for d in (document, backward))
    # peers are summed in another order, so to the last places only
    np.testing.assert_allclose(one.sympathy, other.sympathy[:, ::-1], rtol=0.0, atol=1e-13)
    assert (one.incidents == other.incidents).all()


def test_renamed_team_or_narrative_draws_the_same() -> None:
    document = Scenario.from_yaml("symmetric", arm="mediation").to_dict(arms=False)
    stories = [story | {"name": f"x {story['name']}"} for story in document["narratives"]]
    teams = [team | {"name": f"x {team['name']}"} for team in document["delegations"]]
    renamed = document | {"narratives": stories, "delegations": teams}
    one, other = (run_agents(Scenario.from_dict(d), 1, 1) for d in (document, renamed))
    assert same_bits(one, other)


def test_noise_is_the_inverse_normal_of_its_draw() -> None:
    scenario = Scenario.from_yaml("symmetric").replace(
        switches=OFF | {"noise": True}, anchor_pull=0.0, steps=30, noise=0.004,
        audiences=_started("symmetric"),
    )  # fmt: skip
    world = build(scenario)
    xi = norm.ppf(draws(world, 5, 5).noise)
    for record in (
        run_agents(scenario, 5, 5),
        record_of_run(run_compiled(scenario, 5, [5]).record, 0),
    ):
        np.testing.assert_allclose(
            np.diff(record.sympathy, axis=0), 0.004 * xi, rtol=0.0, atol=1e-14
        )


def _started(name: str) -> tuple[Any, ...]:
    from dataclasses import replace

    scenario = Scenario.from_yaml(name)
    start = {side.name: 0.1 for side in scenario.claimants}
    return tuple(replace(audience, initial_sympathy=start) for audience in scenario.audiences)


def test_incidents_are_the_inverse_poisson_of_their_draws() -> None:
    """lambda = lambda0 + n (1 - rho) / J tau, half of it for each side."""
    scenario = Scenario.from_yaml("symmetric").replace(
        base_incident_rate=0.4, branching_ratio=0.6, incident_tension=0.5, tension_half_life=8.0
    )
    world = build(scenario)
    drawn = draws(world, 6, 1).incident
    for record in (
        run_agents(scenario, 6, 1),
        record_of_run(run_compiled(scenario, 6, [1]).record, 0),
    ):
        rho = 0.5 ** (1.0 / 8.0)
        rate = 0.4 + 0.6 * (1.0 - rho) / 0.5 * record.tension[:-1]
        expected = poisson.ppf(drawn, rate[:, None] / 2.0)
        assert (record.incidents == expected).all()
        assert record.incidents.sum() > 20


def test_answer_is_drawn_by_claimant_and_day() -> None:
    """A claimant accepts where its draw of the day lies below the probability: here, any at all."""
    met: set[tuple[bool, ...]] = set()
    for number in range(80):
        if number >= 40 and len(met) == 4:  # which documents are made depends on modules loaded
            break
        scenario = case(number)
        if {side.acceptance for side in scenario.claimants} != {"logit"}:
            scenario = case(
                number,
                claimants=[
                    side | {"acceptance": "logit"} for side in row(80)[number]["claimants"]
                ],
            )
        scenario = scenario.replace(choice_precision=1e-9)  # a probability of one half
        model = NarrativeModel(scenario, seed=8)
        record = model.run()
        drawn, offered = model.draws.accept, record.diplomacy.offered
        expected = (drawn < 0.5) & offered[:, None]
        close = (np.abs(drawn - 0.5) < 1e-6).any(axis=1)
        assert (record.diplomacy.accepted == expected)[~close].all()
        met |= {tuple(answer) for answer in record.diplomacy.accepted[offered].tolist()}
    assert len(met) == 4  # neither, one, the other, both


def test_common_draws_cancel_in_pairs() -> None:
    """V20: an anchor shift of .1 and nothing else: the paired difference has no spread."""
    audiences = _started("symmetric")
    base = Scenario.from_yaml("symmetric").replace(
        switches=OFF | {"noise": True}, noise=0.01, anchor_pull=0.02, steps=100,
        audiences=audiences,
    )  # fmt: skip
    from dataclasses import replace

    raised = tuple(
        replace(
            audience,
            judgements={
                issue: {side: value + 0.1 for side, value in by_side.items()}
                for issue, by_side in audience.judgements.items()
            },
        )
        for audience in audiences
    )
    other = base.replace(audiences=raised)
    numbers = [0, 1, 2, 3]
    one, two = (run_compiled(s, 1, numbers).record.sympathy for s in (base, other))
    apart = (two - one)[:, 100]
    np.testing.assert_allclose(apart, 0.1 * (1.0 - 0.98**100), rtol=0.0, atol=1e-14)
    np.testing.assert_allclose(0.1 * (1.0 - 0.98**100), 0.0867380, atol=5e-8)
    assert one[:, 100].std(axis=0).min() > 1e-3


# What is made of pairs: arm and baseline of three pairs, worked out by hand.
ARM = np.array([[3.0, 5.0, 7.0]])
BASELINE = np.array([[1.0, 4.0, 4.0]])


def compared(arm: Floats, baseline: Floats) -> Pairs:
    """What is said of arm[column, pair] against baseline[column, pair]."""
    difference = Statistics(describe_block(arm - baseline, exact=True))
    return compare_pairs(difference, pair_moments(arm, baseline))


def test_paired_statistics_known_values() -> None:
    """Differences 2, 1, 3: mean 2, sd 1; t(2) at .975 is 4.302653."""
    pairs = compared(ARM, BASELINE)
    assert pairs.spread.n == 3
    assert pairs.spread.mean[0] == 2.0
    assert pairs.spread.sd[0] == 1.0
    assert pairs.spread.se[0] == pytest.approx(3**-0.5, abs=1e-15)
    assert pairs.spread.low[0] == pytest.approx(2.0 - 4.302653 / 3**0.5, abs=1e-6)
    assert pairs.spread.high[0] == pytest.approx(2.0 + 4.302653 / 3**0.5, abs=1e-6)
    assert pairs.spread.quantiles[2, 0] == 2.0
    assert (pairs.arm[0], pairs.baseline[0]) == (5.0, 3.0)
    # cov 2, variances 8/3 and 2, variance of the differences 2/3
    assert pairs.correlation[0] == pytest.approx(2.0 / (16.0 / 3.0) ** 0.5, abs=1e-12)
    assert pairs.variance_reduction[0] == pytest.approx(1.0 - (2 / 3) / (14 / 3), abs=1e-12)
    assert shares(pairs) == (0.0, 0.0, 1.0)


def shares(pairs: Pairs) -> tuple[float, ...]:
    """Shares of pairs that are lower, unchanged and higher."""
    found = pairs.columns()
    return tuple(float(found[f"share_{way}"][0]) for way in ("negative", "unchanged", "positive"))


def test_equal_pairs_are_neither_lower_nor_higher() -> None:
    assert shares(compared(BASELINE, BASELINE)) == (0.0, 1.0, 0.0)
    arm = np.array([[0.0, 4.0, 4.0, 5.0]])
    assert shares(compared(arm, np.array([[1.0, 4.0, 4.0, 4.0]]))) == (0.25, 0.5, 0.25)


def test_one_pair_has_no_spread() -> None:
    pairs = compared(ARM[:, :1], BASELINE[:, :1])
    assert pairs.spread.mean[0] == 2.0
    assert np.isnan([pairs.spread.sd[0], pairs.spread.low[0], pairs.correlation[0]]).all()


def test_equal_runs_have_no_spread_and_no_correlation() -> None:
    """A third in every run: its mean is itself, so what does not vary is exactly still."""
    still = np.full((1, 7), 1.0 / 3.0)
    pairs = compared(still, still)
    assert (pairs.arm[0], pairs.spread.sd[0]) == (1.0 / 3.0, 0.0)
    assert np.isnan([pairs.correlation[0], pairs.variance_reduction[0]]).all()


def test_first_divergence_is_the_first_row_that_differs_in_any_pair() -> None:
    arm = np.zeros((5, 3, 2))
    arm[3, 0, 0], arm[2, 0, 1], arm[4, 1, 0] = 1e-300, -1.0, 2.0
    assert first_divergence(arm, np.zeros_like(arm)).tolist() == [2, 4, NEVER]


def test_earlier_divergence_of_two_blocks() -> None:
    one, other = np.array([3, NEVER, NEVER, 5]), np.array([4, 2, NEVER, NEVER])
    assert earlier(one, other).tolist() == earlier(other, one).tolist() == [3, 2, NEVER, 5]


def test_window_mean_takes_both_ends() -> None:
    values = np.arange(10.0).reshape(2, 5).T.reshape(5, 1, 2)
    found = window_means(values, np.array([1, 4]), np.array([3, 3]))
    assert found[0, 0] == 2.0
    assert np.isnan(found[0, 1])


def test_pairs_needed_halve_the_interval_by_four() -> None:
    """1.96 sd / sqrt(n) = half."""
    assert pairs_needed(1.0, 0.1) == 385
    assert pairs_needed(1.0, 0.05) == 1537
