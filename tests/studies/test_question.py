"""What is asked of a sweep, and what is read from its rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim import Scenario
from sim.errors import InputError
from sim.estimators.design_reading import INDEX_COLUMNS
from sim.estimators.morris import MOST, influential_parameters
from sim.estimators.sobol import LITTLE_MATTERS, MATTERS, UNDECIDED, verdicts
from sim.parameters import SPECS, invalid
from sim.running.sweeps.missing import NoEffect, count_unmoved
from sim.running.sweeps.sweep_tables import RowsInMemory
from sim.running.sweeps.swept import DIVERGED
from sim.studies.question import ask, metric_of, plausible_ranges, values_at
from tests.interface.conftest import SMALL

OF = "effect.window.lead"
NAN = float("nan")


def asked(**options):
    return ask(Scenario.from_yaml(SMALL), {"parity": "0:1"}, OF, 2, **options)


def test_first_arm_is_asked_of_beside_the_baseline():
    assert (asked().arm, asked().baseline) == ("offer", "no_offer")
    assert asked(arms=["no_offer", "offer"]).arm == "offer"


def test_ranges_that_are_not_tried_are_allowed():
    for name in plausible_ranges():
        assert not invalid(name, SPECS[name].low)
        assert not invalid(name, SPECS[name].high)
    whole = replace(asked(), parameters=plausible_ranges())
    tried = replace(asked(), parameters={"parity": "0.0:1.0", "goodwill": "0:0.1"})
    assert list(whole.plan("lhs", 4).keys) == list(plausible_ranges())
    assert list(tried.plan("lhs", 4).keys) == ["parity", "goodwill"]


@pytest.mark.parametrize(
    ("column", "metric"),
    [("effect.window.alignment.Port", "alignment"), ("final.lead", "lead"), ("effect.lead", ""),
     ("window.leed", ""), ("lead", "")],
)  # fmt: skip
def test_metric_of_a_column(column, metric):
    assert metric_of(column) == metric


def test_unknown_column_is_refused_before_anything_is_planned():
    with pytest.raises(InputError, match="did you mean effect"):
        replace(asked(), of="effect.window.leed", parameters={"nonsense": "1:2"}).plan("lhs", 4)


def test_run_that_never_differs_has_no_effect_and_others_without_an_offer_have_none_known():
    swept = asked().plan("lhs", 3)
    rows = pd.DataFrame(
        [(0, "offer", 0, 4, 0.5), (0, "offer", 1, -1, NAN), (1, "offer", 0, 4, NAN),
         (1, "offer", 1, NAN, NAN), (2, "offer", 1, 4, 0.25), (2, "no_offer", 0, -1, NAN)],
        columns=["point", "arm", "replicate", DIVERGED, OF],
    )  # fmt: skip
    found = values_at(swept, RowsInMemory(rows), OF, "offer")
    np.testing.assert_array_equal(found.values, [[0.5, 0.0], [NAN, NAN], [NAN, 0.25]])
    # the run that was lost and the one that is not there are not missing, they failed
    np.testing.assert_array_equal(found.missing, [[0, 0], [1, 0], [0, 0]])
    np.testing.assert_array_equal(found.unmoved, [[0, 1], [0, 0], [0, 0]])
    assert count_unmoved(found) == NoEffect(3, 0, 1)
    always = found._replace(values=found.values[:, 1:], missing=found.missing[:, 1:],
                            unmoved=found.unmoved[:, 1:])  # fmt: skip
    assert count_unmoved(always) == NoEffect(3, 1, 0)
    rows = rows.rename(columns={OF: "window.lead"})
    found = values_at(swept, RowsInMemory(rows), "window.lead", "offer")
    np.testing.assert_array_equal(found.values, [[0.5, NAN], [NAN, NAN], [NAN, 0.25]])
    np.testing.assert_array_equal(found.missing, [[0, 1], [1, 0], [0, 0]])
    assert count_unmoved(found) is None


def screening(*stars):
    rows = [("lead", "mean", f"p{i}", "mu_star", *values) for i, values in enumerate(stars)]
    return pd.DataFrame(rows, columns=list(INDEX_COLUMNS))


def test_only_what_surely_changes_little_is_left_out():
    found = screening((0.02, 0.0, 0.05), (1.0, 0.8, 1.2), (0.09, 0.05, 0.099), (0.05, 0.0, 0.1))
    assert influential_parameters(found) == (("p1", "p3"), ())
    assert influential_parameters(screening((0.0, 0.0, 0.0))) == ((), ())
    many = screening(*[(1.0 + i, 0.5, 30.0) for i in range(MOST + 2)])
    kept, crowded_out = influential_parameters(many)
    assert (len(kept), kept[0], crowded_out) == (MOST, f"p{MOST + 1}", ("p1", "p0"))


def test_verdict_is_what_the_interval_of_the_total_share_says():
    rows = [
        ("lead", "mean", name, "ST", value, low, high)
        for name, value, low, high in (
            ("a", 0.1, 0.0, 0.2), ("b", 0.5, 0.021, 0.9), ("c", 0.01, 0.0, 0.019)
        )
    ]  # fmt: skip
    found = verdicts(pd.DataFrame(rows, columns=list(INDEX_COLUMNS)))
    assert found["parameter"].tolist() == ["b", "a", "c"]
    assert found["verdict"].tolist() == [MATTERS, UNDECIDED, LITTLE_MATTERS]
