"""Measures and shares are those of the runs that the Python interface gives."""

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.lessons import statements
from sim.lessons.entities import CHOICE, Measure, Option, Statement, Term
from sim.lessons.measuring import prediction_results
from sim.lessons.reading import read_lesson, shipped_lesson
from sim.lessons.statements import StatementSupport, statement_support
from sim.page.lessons import reveal
from sim.scenario import shipped
from sim.scenario.scenario import Scenario
from tests.lessons.test_lesson_files import GOOD, SMALL

ROUNDED = 1e-12  # sums in another order
RUNS = 6
OFFER, NONE = "offer", "no_offer"


@pytest.fixture
def lesson(tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL.read_text())
    (tmp_path / "offers.yaml").write_text(GOOD)
    return read_lesson(tmp_path / "offers.yaml")


def with_measure(lesson, measure, **holds):
    """The lesson with one prediction and one statement, both of this measure."""
    one = replace(lesson.predictions[0], measure=measure)
    said = Statement(
        "so",
        measure,
        holds.get("above", -np.inf),
        holds.get("below", np.inf),
        holds.get("runs", 1),
        holds.get("than"),
    )
    return replace(lesson, predictions=(one,), statements=(said,))


def term(arm, first, last=None, weight=1.0, of="alignment", toward="", at="Port"):
    place = at if of in ("alignment", "sympathy") else ""
    return Term(arm, of, toward, place, first, first if last is None else last, weight)


def records(lesson, arm, uncertain=False, runs=RUNS):
    return [
        sim.run(lesson.scenario, arm, replicate=r, engine="ensemble", uncertain=uncertain)
        for r in range(runs)
    ]


def alignment(told, place=1):
    s = told.record.sympathy[:, place]
    return (s[:, 0] - s[:, 1]) / 2


PAIR = (term(OFFER, 20), term(NONE, 20, weight=-1.0))


def by_hand(lesson, days=slice(20, 21), uncertain=False):
    found = []
    for one, other in zip(
        records(lesson, OFFER, uncertain), records(lesson, NONE, uncertain), strict=True
    ):
        found.append(alignment(one)[days].mean() - alignment(other)[days].mean())
    return np.array(found)


@pytest.mark.parametrize(
    ("statistic", "of_runs"),
    [("mean", np.mean), ("sd", lambda x: x.std(ddof=1)), ("share_positive", lambda x: (x > 0).mean()),
     ("share_unchanged", lambda x: (x == 0).mean()), ("share_negative", lambda x: (x < 0).mean()),
     ("low", lambda x: np.quantile(x, 0.05)), ("high", lambda x: np.quantile(x, 0.95))],
)  # fmt: skip
def test_statistic_is_over_runs_of_the_python_interface(lesson, statistic, of_runs):
    asked = with_measure(lesson, Measure(PAIR, statistic=statistic, scale=100.0))
    (found,) = prediction_results(asked, RUNS).values()
    expected = by_hand(lesson)
    assert np.ptp(expected) > 0
    assert found.value == pytest.approx(100 * of_runs(expected), abs=ROUNDED)


def test_states_are_averaged_and_counts_added_up_over_days(lesson):
    span = (term(OFFER, 10, 20), term(NONE, 10, 20, -1.0))
    (found,) = prediction_results(with_measure(lesson, Measure(span)), RUNS).values()
    assert found.value == pytest.approx(by_hand(lesson, slice(10, 21)).mean(), abs=ROUNDED)
    count = Measure((term(OFFER, 0, 20, of="incidents"),))
    (found,) = prediction_results(with_measure(lesson, count), RUNS).values()
    expected = [told.record.incidents[:21].sum() for told in records(lesson, OFFER)]
    assert sum(expected) > 0
    assert found.value == pytest.approx(np.mean(expected))


def test_band_is_of_single_runs_and_not_of_yes_or_no(lesson):
    (found,) = prediction_results(with_measure(lesson, Measure(PAIR)), RUNS).values()
    assert found.low == pytest.approx(np.quantile(by_hand(lesson), 0.05), abs=ROUNDED)
    accepts = Measure((term(OFFER, 0, 20, of="accepts"),))
    (found,) = prediction_results(with_measure(lesson, accepts), RUNS).values()
    assert found.low is None
    assert found.runs == ()


def test_options_say_how_many_single_runs_would_give_them(lesson):
    asked = with_measure(lesson, Measure(PAIR))
    values = by_hand(lesson)
    cut = float(np.quantile(values, 0.3))
    options = (Option("less", -np.inf, cut), Option("more", cut, np.inf))
    one = replace(asked.predictions[0], options=options)
    (found,) = prediction_results(replace(asked, predictions=(one,)), RUNS).values()
    assert found.runs == (int((values < cut).sum()), int((values >= cut).sum()))
    assert min(found.runs) > 0


def test_equal_draws_bear_out_neither_a_statement_nor_its_opposite(lesson):
    """Before the offer both arms are one run; the days after it differ in every draw."""
    before = Measure((term(OFFER, 0, 2), term(NONE, 0, 2, -1.0)))
    for holds in ({"above": 0.0}, {"below": 0.0}):
        (found,) = statement_support(with_measure(lesson, before, **holds), 6)
        assert (found.share, found.equal) == (0.0, 1.0)
        assert "exactly equal in 1.00" in str(found)
    found = [
        statement_support(with_measure(lesson, Measure(PAIR), **holds), 6)[0]
        for holds in ({"above": 0.0}, {"below": 0.0})
    ]
    assert sum(one.share for one in found) == 1.0
    assert {one.equal for one in found} == {0.0}
    assert "equal" not in str(found[0])


def test_answers_and_offers_are_those_of_the_runs(lesson):
    told = records(lesson, OFFER)
    offered = np.array([one.record.diplomacy.offered for one in told])
    accepted = np.array([one.record.diplomacy.accepted for one in told])
    assert offered.any()
    last = offered.shape[1] - 1
    cases = [
        (term(OFFER, 0, last, of="offers"), offered.sum(axis=1)),
        (term(OFFER, last, of="offered"), offered.any(axis=1)),
        (term(OFFER, 0, last, of="accepts"), accepted.all(axis=2).sum(axis=1)),
        (term(OFFER, 0, last, of="accepts", toward="Boreas"), accepted[:, :, 1].sum(axis=1)),
    ]
    for one, expected in cases:
        (found,) = prediction_results(with_measure(lesson, Measure((one,))), RUNS).values()
        assert found.value == pytest.approx(expected.mean()), one


def test_unpaired_arms_meet_the_chance_of_other_runs(lesson):
    one = np.array([alignment(told)[20] for told in records(lesson, OFFER)])
    other = np.array([alignment(told)[20] for told in records(lesson, NONE)])
    (found,) = prediction_results(
        with_measure(lesson, Measure(PAIR, statistic="sd", draws="unpaired")), RUNS
    ).values()
    assert found.value == pytest.approx((one - np.roll(other, -1)).std(ddof=1), abs=ROUNDED)
    (paired,) = prediction_results(
        with_measure(lesson, Measure(PAIR, statistic="sd")), RUNS
    ).values()
    assert paired.value != pytest.approx(found.value)


def test_ratio_is_of_means(lesson):
    later = (term(OFFER, 22), term(NONE, 22, weight=-1.0))
    (found,) = prediction_results(
        with_measure(lesson, Measure(later, divided_by=PAIR)), RUNS
    ).values()
    expected = by_hand(lesson, slice(22, 23)).mean() / by_hand(lesson).mean()
    assert found.value == pytest.approx(expected, rel=1e-9)  # ROUNDED over an effect of 1e-3


def test_ratio_to_nothing_is_no_number_and_has_no_verdict(lesson):
    same = (term(NONE, 20), term(NONE, 20, weight=-1.0))
    asked = with_measure(lesson, Measure(PAIR, divided_by=same))
    (found,) = prediction_results(asked, RUNS).values()
    assert np.isnan(found.value)
    (judged,) = statement_support(asked, 5)
    assert (judged.share, judged.without, judged.holds) == (0.0, 1.0, None)
    assert str(judged).startswith("unsure")
    assert "without a value in 1.00" in str(judged)


def test_draws_without_a_value_leave_a_verdict_that_they_cannot_turn():
    def holds(share, without):
        return StatementSupport("", share, 0.0, 1.0, 100, 0.0, without).holds

    assert [holds(0.7, 0.3), holds(0.5, 0.1), holds(0.6, 0.1)] == [True, False, None]


def test_curve_has_a_value_for_each_of_its_days(lesson):
    curve = Measure((term(OFFER, 3, 9),), days=(3, 9))
    (found,) = prediction_results(with_measure(lesson, curve), RUNS).values()
    expected = np.array([alignment(told)[3:10] for told in records(lesson, OFFER)])
    assert found.value == pytest.approx(expected.mean(axis=0), abs=ROUNDED)
    assert found.low == pytest.approx(np.quantile(expected, 0.05, axis=0), abs=ROUNDED)


def test_share_is_over_prior_draws_with_wilsons_interval(lesson):
    expected = by_hand(lesson, uncertain=True)
    edge = float(np.sort(expected)[2:4].mean())  # holds in three of six draws
    (found,) = statement_support(with_measure(lesson, Measure(PAIR), above=edge), RUNS)
    assert found.share == pytest.approx((expected > edge).mean()) == 0.5
    z, n, p = 1.959963984540054, RUNS, 0.5
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert (found.low, found.high) == pytest.approx((middle - half, middle + half))
    assert not found.holds


def test_only_chance_differs_within_a_draw(lesson):
    """Without noise and incidents nothing of it is left before the offer is answered."""
    quiet = lesson.scenario.replace(switches={"noise": False, "incidents": False})
    apart = Measure((term(NONE, 20),), statistic="sd")
    still = with_measure(replace(lesson, scenario=quiet), apart, runs=4, below=1e-15)
    assert statement_support(still, 5)[0].share == 1.0
    assert statement_support(with_measure(lesson, apart, runs=4, below=1e-15), 5)[0].share == 0.0


def test_two_measures_are_compared_draw_by_draw(lesson):
    whole, half = Measure(PAIR), Measure(PAIR, scale=0.5)
    (found,) = statement_support(with_measure(lesson, whole, above=0.0, than=half), RUNS)
    assert found.share == pytest.approx((by_hand(lesson, uncertain=True) > 0).mean())


@pytest.mark.parametrize("jobs", [1, 3])
def test_shares_depend_neither_on_threads_nor_on_blocks(lesson, monkeypatch, jobs):
    asked = with_measure(lesson, Measure(PAIR), above=0.0005, runs=2)
    expected = statement_support(asked, 20, jobs=1)
    monkeypatch.setattr(statements, "BLOCK", 6)
    assert statement_support(asked, 20, jobs=jobs) == expected


# What the shipped lessons say


@pytest.mark.slow
@pytest.mark.parametrize("name", shipped.lesson_names())
def test_model_bears_out_every_statement_of_a_shipped_lesson(name):
    """One that fails is a finding: the lesson is rewritten to what the model shows."""
    for one in statement_support(shipped_lesson(name)):
        assert one.holds, one


@pytest.mark.slow
@pytest.mark.parametrize("name", shipped.lesson_names())
def test_every_prediction_has_one_right_answer_within_its_axis(name):
    lesson = shipped_lesson(name)
    header = reveal(lesson).header
    for one, told in zip(lesson.predictions, header["predictions"], strict=True):
        assert "{" not in told["told"]
        assert "not a number" not in told["told"]
        if one.kind == CHOICE:
            assert told["option"] is not None
        elif told["value"] is not None:
            assert one.low <= told["value"] <= one.high


def test_lessons_use_every_kind_of_prediction():
    kinds = {
        one.kind for name in shipped.lesson_names() for one in shipped_lesson(name).predictions
    }
    assert kinds == {"slider", "curve", "choice"}


def test_narrative_outside_the_run_is_the_narrative_knocked_out():
    """docs/lessons.md says so: its effort stays unspent, replies go on."""
    content = Scenario.from_yaml(SMALL).to_dict(arms=False)
    name = content["narratives"][0]["name"]
    late = {"narratives": [{"name": name, "from": content["steps"]}]}
    scenario = Scenario.from_dict(
        {**content, "baseline": "all", "arms": {"all": {}, "less": late}}
    )
    less = sim.run(scenario, "less", replicate=1)
    dropped = sim.run(scenario, replicate=1, without=(f"narrative:{name}",))
    assert np.array_equal(less.record.sympathy, dropped.record.sympathy)
    assert not np.array_equal(less.record.sympathy, sim.run(scenario, replicate=1).record.sympathy)
