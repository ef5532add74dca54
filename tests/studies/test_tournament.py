"""The tournament: cells are runs, pairs share draws, equal sides meet evenly, and what follows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import sim
from sim.engines.agents.model import NarrativeModel
from sim.errors import InputError
from sim.scenario.equal_sides import exchange_sides, with_equal_sides
from sim.scenario.scenario import Scenario
from sim.studies.tournament import Rules, Tournament, matrix_of
from sim.studies.tournament_tables import Played, make_tables, mixture_text
from sim.tables.metrics import values
from sim.tables.payoffs import PAYOFFS
from sim.world.building import build
from tests.generators import Document, scenarios
from tests.interface.conftest import SMALL

STRATEGIES = ("scripted", "uniform")


@pytest.fixture(scope="module")
def small() -> Scenario:
    return Scenario.from_yaml(SMALL)


@pytest.fixture(scope="module")
def played(small: Scenario) -> Tournament:
    return sim.tournament(small, STRATEGIES, arm="offer", replicates=12)


@pytest.fixture(scope="module")
def even(small: Scenario) -> Tournament:
    return sim.tournament(small, STRATEGIES, arm="offer", replicates=8, mirror=True)


def select(table: pd.DataFrame, **values: object) -> pd.DataFrame:
    for column, value in values.items():
        table = table[table[column] == value]
    return table


def made_up(values: Any, payoff: str = "lead", own: tuple[int, int] = (0, 0)) -> Played:
    """Payoffs[i, j, r] of the first side of a zero-sum game as a played one."""
    first = np.asarray(values, dtype=np.float64)
    names = (
        tuple(f"a{i}" for i in range(first.shape[0])),
        tuple(f"b{j}" for j in range(first.shape[1])),
    )
    return Played("chance", payoff, ("Aria", "Boreas"), names, own, np.stack([first, -first]), 5)


# Cells


def test_cell_is_a_run_of_its_strategies(small: Scenario, played: Tournament) -> None:
    """Each cell's lead in a draw is that of the agents, run alone."""
    chance = matrix_of(played.sweeps[0], Rules())[0]["lead"]
    assert chance.shape == (2, 2, 2, 12)
    for i, first in enumerate(STRATEGIES):
        for j, second in enumerate(STRATEGIES):
            texts = {"claimants.Aria.strategy": first, "claimants.Boreas.strategy": second}
            model = NarrativeModel(small.set(texts).arm("offer"), seed=small.seed, replicate=7)
            lead = values("lead", model.run(), model.world)[-1, 0, 0]
            assert chance[:, i, j, 7] == pytest.approx([lead, -lead], abs=1e-12)


def test_kinds_of_uncertainty_are_apart(played: Tournament) -> None:
    assert [one.name for one in played.sweeps] == ["chance", "parameters"]
    spreads = select(played.payoffs, payoff="lead", claimant="Aria").groupby("uncertainty")["sd"]
    assert spreads.mean()["parameters"] > spreads.mean()["chance"] > 0.0


def test_differences_are_paired(played: Tournament) -> None:
    """The mean of differences is the difference of means, and varies far less than either."""
    ids = {"uncertainty": "chance", "payoff": "lead", "claimant": "Boreas"}
    row = select(played.differences, **ids, against="uniform").iloc[0]
    cells = select(played.payoffs, **ids, first="uniform").set_index("second")
    assert row["mean_diff"] == pytest.approx(
        cells.at["scripted", "mean"] - cells.at["uniform", "mean"], abs=1e-15
    )
    assert row["sd_diff"] < 0.1 * cells["sd"].min()
    assert row["n_pairs"] == 12


def test_gain_of_the_scenarios_own_cell_is_nothing(played: Tournament) -> None:
    own = select(played.payoffs, first="scripted", second="scripted")
    assert (own[["gain", "gain_low", "gain_high"]] == 0.0).all(axis=None)


def test_budgets_are_multiples_of_each_sides_own_effort(small: Scenario) -> None:
    found = sim.tournament(
        small, "scripted", arm="offer", budgets=(1.0, 2.0), replicates=3, chance_only=True
    )
    design = found.sweeps[0].swept.design
    assert sorted(design["claimants.Aria.effort"].unique()) == [1.0, 2.0]
    assert sorted(design["claimants.Boreas.effort"].unique()) == [0.8, 1.6]
    assert list(found.payoffs["first"].unique()) == ["scripted x1", "scripted x2"]
    best = select(found.replies, payoff="lead")
    assert set(best["choice"]) == {"scripted x2"}  # who says more is heard more
    assert set(best["instead_of"]) == {"scripted x1"}


# Equal sides


@pytest.mark.parametrize("kind", [0, 1])
def test_matrix_of_equal_sides_is_antisymmetric_to_the_bit(even: Tournament, kind: int) -> None:
    found, left_out = matrix_of(even.sweeps[kind], even.rules)
    assert left_out == 0
    assert np.abs(found["lead"][0, 0, 1]).min() > 0.0  # there is something to turn round
    for name, both in found.items():
        turned = np.swapaxes(both, 1, 2)
        if PAYOFFS[name].zero_sum:
            assert (both[0] == -turned[0]).all(), name
        assert (both[0] == turned[1]).all(), name


def test_value_of_equal_sides_is_nothing(even: Tournament) -> None:
    zero_sum = even.games[even.games["value"].notna()]
    assert len(zero_sum) == 2 * 3
    assert zero_sum["value"].abs().max() == 0.0
    cells = select(even.payoffs, payoff="lead", first="uniform", second="uniform")
    assert (cells[["mean", "sd", "q05", "q95"]] == 0.0).all(axis=None)


def test_equal_sides_have_the_first_ones_data(small: Scenario) -> None:
    found = with_equal_sides(small.arm("offer"))
    aria, boreas = found.claimants
    assert (boreas.name, boreas.effort, boreas.campaign_start) == ("Boreas", 1.0, 2)
    assert aria.effort == boreas.effort
    for audience in found.audiences:
        assert audience.trust["Aria"] == audience.trust["Boreas"]
        assert all(by["Aria"] == by["Boreas"] for by in audience.judgements.values())
    menus = {side: [n.share for n in found.narratives if n.sender == side]
             for side in ("Aria", "Boreas")}  # fmt: skip
    assert menus["Aria"] == menus["Boreas"] == [4, 3, 2, 1]
    claims = {claim.name: claim for claim in found.claims}
    for told in found.narratives:
        if told.type == "ATTACK":
            assert claims[told.claim].accused not in (told.sender, "")
    raids = [event for event in found.events if event.name.startswith("raid")]
    assert [dict(event.pro) for event in raids] == [{"Aria": 1.2}, {"Boreas": 1.2}]
    assert sum(event.tension for event in raids) == 1.0
    assert claims[raids[1].claim].accused == "Aria"


def test_plans_of_equal_sides_are_of_their_own_menu_and_teams(small: Scenario) -> None:
    content = small.to_dict(arms=False)
    plan = {"from": 5, "shares": {"trade": 9}, "reply": 0.1, "stops": {"A one": "Hill"}}
    content["claimants"][0]["plans"] = [plan]
    found = with_equal_sides(Scenario.from_dict(content))
    one, two = (side.plans[0] for side in found.claimants)
    assert dict(two.shares) == {"trade, sides exchanged": 9}
    assert dict(two.stops) == {"A one, sides exchanged": "Hill"}
    assert (one.reply, two.reply) == (0.1, 0.1)


@settings(max_examples=25)
@given(document=scenarios())
def test_any_scenario_has_its_equal_sides(document: Document) -> None:
    found = with_equal_sides(Scenario.from_dict(document))
    assert exchange_sides(exchange_sides(found)) == found
    one, two = build(found), build(exchange_sides(found))
    assert (one.effort == two.effort).all()
    assert (one.judgements[..., 0] == one.judgements[..., 1]).all()
    assert (one.trust[:, 0] == one.trust[:, 1]).all()
    assert list(one.owner).count(0) == list(one.owner).count(1)
    assert one.event_pro.sum(axis=0).tolist() == pytest.approx([one.event_pro.sum() / 2] * 2)


def test_exchanged_sides_differ_only_in_their_order(small: Scenario) -> None:
    found = with_equal_sides(small)
    turned = exchange_sides(found)
    assert turned.claimants == found.claimants[::-1]
    assert exchange_sides(turned) == found
    assert with_equal_sides(found).audiences == found.audiences


# What follows from a matrix


def test_ranks_hold_in_the_share_of_draws_that_they_do() -> None:
    """The first choice is better on the whole, the second in one draw of four."""
    tables = make_tables([made_up([[[3.0, 3.0, 3.0, 0.0]], [[1.0, 1.0, 1.0, 2.0]]])])
    first = select(tables["standings"], claimant="Aria", against="").set_index("choice")
    assert first["rank"].to_dict() == {"a0": 1, "a1": 2}
    assert first["rank_share"].to_dict() == {"a0": 0.75, "a1": 0.75}
    assert first["share_first"].to_dict() == {"a0": 0.75, "a1": 0.25}


def test_equal_choices_share_the_better_place() -> None:
    tables = make_tables([made_up([[[1.0, 2.0]], [[1.0, 2.0]], [[0.0, 0.0]]])])
    found = select(tables["standings"], claimant="Aria", against="").set_index("choice")
    assert found["rank"].to_dict() == {"a0": 1, "a1": 1, "a2": 3}
    assert (found["rank_share"] == 1.0).all()
    assert found["same_as"].to_dict() == {"a0": "", "a1": "a0", "a2": ""}


def test_chance_alone_is_seldom_called_more() -> None:
    """Of 200 games of four equal choices about one in twenty has any difference beyond chance.

    All pairs together are held to 5 %, and Bonferroni is cautious: above 10 % by chance in less
    than one of ten thousand seeds.
    """
    draw = np.random.default_rng(3)
    alarms = 0
    for _ in range(200):
        table = make_tables([made_up(draw.normal(size=(4, 1, 30)))])["differences"]
        own = select(table, claimant="Aria", against="")
        alarms += (own["beyond_chance"] == "yes").any()
    assert 0 < alarms <= 20


def test_best_of_equal_replies_gains_nothing() -> None:
    """Judged by the draws that chose it, the best of eight equal choices would seem to gain."""
    draw = np.random.default_rng(4)
    gains = []
    for _ in range(100):
        values = draw.normal(size=(8, 1, 40))
        row = select(make_tables([made_up(values)])["replies"], claimant="Aria").iloc[0]
        gains.append(row["mean_diff"])
        assert values.mean(axis=-1).max() - values[0].mean() >= row["mean_diff"] - 0.5
    error = np.sqrt(2.0 / 40 / 100)  # of the mean of a hundred means of 40 differences
    assert abs(np.mean(gains)) < 4.0 * error


def test_price_of_a_known_choice_by_hand() -> None:
    """Matching pennies has the value 0; who is known loses 1, who is known to lose more, 3."""
    pennies = [[[1.0] * 4, [-1.0] * 4], [[-3.0] * 4, [1.0] * 4]]
    found = make_tables([made_up(pennies)])
    value = found["games"]["value"].iloc[0]
    assert value == pytest.approx(-1 / 3)  # p - 3 (1 - p) = -p + (1 - p), p = 2/3
    rows = select(found["replies"], claimant="Boreas").set_index("against")
    assert rows["choice"].to_dict() == {"a0": "b1", "a1": "b0"}
    assert rows["price"].to_dict() == pytest.approx({"a0": 2 / 3, "a1": 8 / 3})
    mixed = select(found["equilibria"], claimant="Aria").set_index("choice")["probability"]
    assert mixed.to_dict() == pytest.approx({"a0": 2 / 3, "a1": 1 / 3})


def test_payoffs_that_are_not_zero_sum_have_no_value() -> None:
    found = make_tables([made_up(np.ones((2, 2, 3)), "wedge")])
    assert found["games"]["value"].isna().all()
    assert found["replies"]["price"].isna().all()


def test_one_draw_and_one_choice_are_told() -> None:
    found = make_tables([made_up(np.ones((1, 1, 1)))])
    assert found["differences"].empty
    assert found["payoffs"]["mc_low"].isna().all()
    assert found["equilibria"]["probability"].tolist() == [1.0, 1.0]


def test_mixture_is_written_out() -> None:
    assert mixture_text(("a", "b", "c"), np.array([0.25, 0.0, 0.75])) == "0.25 a + 0.75 c"
    assert mixture_text(("a", "b"), np.array([0.0, 1.0])) == "b"


# Words


def test_no_strategy_is_called_better_where_none_is(small: Scenario) -> None:
    """Without teams all strategies are the same, and the words say so."""
    at_home = Scenario.from_dict({**small.to_dict(), "delegations": []})
    said = sim.tournament(at_home, STRATEGIES, replicates=3, chance_only=True).summary()
    said = " ".join(said.split())
    assert "Aria, by chance alone: its choices are the same in every run" in said
    assert "The same in every run: uniform and scripted of Aria" in said


def test_words_name_the_model_and_what_is_not_beyond_chance() -> None:
    draw = np.random.default_rng(6)
    table = make_tables([made_up(1e-3 * draw.normal(size=(3, 2, 20)))])
    said = words_of(table)
    assert "the model's answer, not the world's" in said
    assert "Aria, by chance alone: no strategy is better than another by more than chance." in said


def words_of(table: dict[str, pd.DataFrame]) -> str:
    from sim.report.words import results_text
    from sim.store.results import Results

    scenario = Scenario.from_yaml(SMALL)
    return " ".join(results_text(Results(table, {"seed": 7}, scenario)).split())


def test_failed_runs_leave_their_draw_out_of_all_cells(small: Scenario) -> None:
    played = sim.tournament(small, STRATEGIES, replicates=4, chance_only=True)
    finished = played.sweeps[0]
    for _, frame in finished.keep.pieces():
        frame.loc[(frame["point"] == 2) & (frame["replicate"] == 1), "payoff.wedge.Aria"] = np.nan
    finished.keep._joined = None
    found, left_out = matrix_of(finished, Rules(("chance",)))
    assert (found["lead"].shape[-1], left_out) == (3, 1)


# Refusals


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"strategies": ["uniformm"]}, "--strategies: unknown strategy; did you mean uniform?"),
        ({"strategies": ["uniform", "uniform"]}, "--strategies: is given twice"),
        ({"strategies": []}, "--strategies: must name a strategy"),
        ({"budgets": [0.0]}, "--budgets: must be numbers above 0"),
        ({"budgets": [1.0, 1.0]}, "--budgets: a number"),
        ({"budgets": list(range(1, 20))}, "a side may have at most 32 choices"),
        ({"rival_strategies": ["uniform"], "mirror": True}, "says nothing with --mirror"),
        ({"arm": "ofer"}, "unknown arm; did you mean offer?"),
    ],
)
def test_refused_in_these_words(small: Scenario, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=".*".join(message.split("?")[:1])):
        sim.tournament(small, **asked)
