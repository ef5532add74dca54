"""Sensitivity indices on functions whose indices are published."""

import numpy as np
import pandas as pd
import pytest
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample

from sim.errors import InputError
from sim.estimators import morris, sobol
from sim.studies.designs import factors, sampling

# Ishigami & Homma 1990 with a = 7, b = 0.1; the indices as in Saltelli et al. 2008.
ISHIGAMI = {"S1": (0.3139, 0.4424, 0.0), "ST": (0.5576, 0.4424, 0.2437)}
# At 1024 base points of a scrambled Sobol sequence the estimates lie within 0.02 (their error
# falls almost as 1/N); the bootstrap takes them for independent, and its intervals are wider.
NEAR = 0.02


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def problem(bounds):
    names = [f"x{i + 1}" for i in range(len(bounds))]
    return {"num_vars": len(bounds), "names": names, "bounds": bounds}


def sobol_design(bounds, base=1024, seed=3):
    asked = problem(bounds)
    points = sobol_sample.sample(asked, base, calc_second_order=False, seed=seed)
    return pd.DataFrame(points, columns=asked["names"])


def found(frame, of, index, outcome="effect"):
    rows = frame[(frame["outcome"] == outcome) & (frame["of"] == of) & (frame["index"] == index)]
    return rows.set_index("parameter")


def assert_known(frame, of, known, near=NEAR):
    for index, values in known.items():
        rows = found(frame, of, index)
        np.testing.assert_allclose(rows["value"], values, atol=near)
        # the published indices have four digits
        assert (rows["low"] <= np.array(values) + 1e-4).all()
        assert (rows["high"] >= np.array(values) - 1e-4).all()


@pytest.fixture(scope="module")
def ishigami_design():
    return sobol_design([[-np.pi, np.pi]] * 3)


def test_ishigami_has_its_published_indices(ishigami_design):
    y = ishigami(ishigami_design.to_numpy())
    result = sobol.sobol_indices(ishigami_design, {"effect": np.repeat(y[:, None], 3, axis=1)})
    assert_known(result.indices, "mean", ISHIGAMI)
    assert result.shares.set_index("part")["share"]["chance"] == pytest.approx(0.0, abs=1e-12)
    assert result.indices[result.indices["of"] == "sd"]["value"].isna().all()


def test_g_function_has_its_published_indices():
    """Saltelli & Sobol' 1995: V_i = 1 / (3 (1 + a_i)^2), V = prod(1 + V_i) - 1,
    S_i = V_i / V, ST_i = V_i prod_{j != i}(1 + V_j) / V.
    """
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])
    parts = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + parts) - 1
    known = {"S1": parts / whole, "ST": parts / (1 + parts) * np.prod(1 + parts) / whole}
    design = sobol_design([[0.0, 1.0]] * 8)
    y = np.prod((np.abs(4 * design.to_numpy() - 2) + a) / (1 + a), axis=1)
    result = sobol.sobol_indices(design, {"effect": np.repeat(y[:, None], 3, axis=1)})
    assert_known(result.indices, "mean", known)


def test_chance_leaves_the_indices_and_is_reported_apart(ishigami_design):
    """y = f(x) + (1 + sin(x3) / 2) 2 e + 3 d, draws e and d common to all points.

    Mean: f's indices. Chance: 4 E(1 + sin(x3)/2)^2 + 9 = 4 (1 + 1/8) + 9 = 13.5, where E sin^2 is
    1/2. Parameters: var f = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2 = 13.8446. The spread hangs on
    x3 alone.
    """
    x = ishigami_design.to_numpy()
    generator = np.random.default_rng(11)
    e, d = generator.normal(size=(2, 200))
    values = ishigami(x)[:, None] + (2 + np.sin(x[:, 2]))[:, None] * e + 3 * d
    result = sobol.sobol_indices(ishigami_design, {"effect": values})
    assert_known(result.indices, "mean", ISHIGAMI)
    assert_known(result.indices, "sd", {"S1": (0, 0, 1), "ST": (0, 0, 1)})
    share = result.shares.set_index("part").loc["chance"]
    true = 13.5 / (13.5 + 13.8446)
    assert share["low"] < true < share["high"]
    assert share["high"] - share["low"] < 0.2


@pytest.mark.slow
def test_intervals_cover_what_other_draws_would_have_shown():
    """y = x1 + x2 + 2 (x1 - 1/2) e: in the mean x1 and x2 are alike, S1 = 1/2 each; a sample of
    draws with mean m makes it (1 + 2 m)^2 against 1, whatever the points.
    """
    design = sobol_design([[0.0, 1.0]] * 2, base=128)
    x = design.to_numpy()
    held, off = 0, []
    for seed in range(24):
        e = np.random.default_rng(seed).normal(size=16)
        values = x.sum(axis=1)[:, None] + 2 * (x[:, :1] - 0.5) * e
        rows = found(sobol.sobol_indices(design, {"effect": values}).indices, "mean", "S1")
        held += rows["low"]["x1"] <= 0.5 <= rows["high"]["x1"]
        off.append(abs(rows["value"]["x1"] - 0.5))
    assert np.mean(off) > 0.1  # the draws mislead
    assert held >= 20  # where 95 % do, fewer hold in one choice of seeds of 170


def test_intervals_repeat_with_the_seed_whatever_was_drawn_before(ishigami_design):
    values = {"effect": np.repeat(ishigami(ishigami_design.to_numpy())[:, None], 3, axis=1)}
    first, again, other = (
        sobol.sobol_indices(ishigami_design, values, seed=seed).indices for seed in (0, 0, 1)
    )
    pd.testing.assert_frame_equal(first, again)
    assert not first["low"].equals(other["low"])


def test_base_points_with_a_failed_run_are_left_out_and_counted(ishigami_design):
    values = np.repeat(ishigami(ishigami_design.to_numpy())[:, None], 3, axis=1)
    values[[7, 8, 1003], 1] = np.nan  # in base points 1 and 200
    result = sobol.sobol_indices(ishigami_design, {"effect": values})
    assert result.left_out == {"effect": 2}
    assert_known(result.indices, "mean", ISHIGAMI, near=0.03)  # no longer a balanced sample


def morris_design(bounds, trajectories=8):
    asked = problem(bounds)
    points = morris_sample.sample(asked, trajectories, num_levels=4, seed=1)
    return pd.DataFrame(points, columns=asked["names"])


def test_morris_on_a_linear_function_gives_its_coefficients():
    design = morris_design([[0.0, 2.0], [10.0, 14.0], [0.0, 1.0]])
    x = design.to_numpy()
    y = 3 * x[:, 0] - 5 * x[:, 1] + 0 * x[:, 2]
    rows = morris.elementary_effects(design, {"effect": y[:, None]}).effects
    per_range = [6.0, -20.0, 0.0]  # coefficient times the range of its parameter
    np.testing.assert_allclose(found(rows, "mean", "mu")["value"], per_range, atol=1e-12)
    np.testing.assert_allclose(found(rows, "mean", "mu_star")["value"], [6, 20, 0], atol=1e-12)
    np.testing.assert_allclose(found(rows, "mean", "sigma")["value"], 0, atol=1e-12)
    assert found(rows, "mean", "sign")["value"].tolist()[:2] == [1.0, -1.0]


def test_morris_tells_an_interaction_and_an_undecided_sign():
    design = morris_design([[-1.0, 1.0]] * 3, trajectories=40)
    x = design.to_numpy()
    rows = morris.elementary_effects(design, {"effect": (x[:, 0] * x[:, 1])[:, None]}).effects
    sigma = found(rows, "mean", "sigma")["value"]
    assert sigma["x1"] > 0.5
    assert sigma["x3"] == 0
    assert found(rows, "mean", "sign")["value"].tolist() == [0, 0, 0]
    star = found(rows, "mean", "mu_star")
    assert star["low"]["x1"] > 0


def test_morris_repeats_and_reads_the_mean_over_chance():
    design = morris_design([[0.0, 1.0]] * 2)
    e = np.array([-1.0, 0.0, 1.0])
    values = design.to_numpy() @ np.array([1.0, 2.0])
    values = values[:, None] + e * (1 + design["x1"].to_numpy())[:, None]
    first, again = (
        morris.elementary_effects(design, {"effect": values}).effects for _ in range(2)
    )
    pd.testing.assert_frame_equal(first, again)
    np.testing.assert_allclose(found(first, "mean", "mu")["value"], [1, 2], atol=1e-12)
    within = np.sqrt(((1 + design["x1"]) ** 2).mean())
    assert found(first, "mean", "chance")["value"][""] == pytest.approx(within)


def test_a_design_with_second_order_has_the_same_first_and_total():
    whole = pd.DataFrame(
        sobol_sample.sample(problem([[-np.pi, np.pi]] * 3), 64, calc_second_order=True, seed=3),
        columns=["x1", "x2", "x3"],
    )
    kept = np.tile([1, 1, 1, 1, 0, 0, 0, 1], 64).astype(bool)  # A, AB 1-3, BA 1-3, B
    results = []
    for design in (whole, whole[kept]):
        values = np.repeat(ishigami(design.to_numpy())[:, None], 3, axis=1)
        results.append(sobol.sobol_indices(design, {"effect": values}))
    pd.testing.assert_frame_equal(results[0].indices, results[1].indices)
    pd.testing.assert_frame_equal(results[0].shares, results[1].shares)


@pytest.mark.parametrize("kind", ["morris", "saltelli"])
def test_designs_of_a_study_are_read_names_and_switches_too(kind):
    read = {
        "pull": factors.Range(0.0, 2.0, False),
        "rule": factors.Levels(("adaptive", "steady")),
        "on": factors.Levels((False, True)),
    }
    design = sampling.design_points(read, kind, samples=64, seed=1)
    y = design["pull"] + 3.0 * (design["rule"] == "steady") - 4.0 * design["on"]
    values = {"effect": np.repeat(y.to_numpy()[:, None], 3, axis=1)}
    if kind == "morris":
        rows = morris.elementary_effects(design, values).effects
        assert found(rows, "mean", "sign")["value"].to_dict() == pytest.approx(
            {"pull": 1.0, "rule": np.nan, "on": -1.0}, nan_ok=True
        )
        # a design's numbers have 12 digits
        assert found(rows, "mean", "sigma")["value"].to_numpy() == pytest.approx(0, abs=1e-11)
    else:
        rows = sobol.sobol_indices(design, values).indices
        parts = np.array([4 / 12, 9 / 4, 16 / 4])  # variances of the three terms
        np.testing.assert_allclose(
            found(rows, "mean", "S1")["value"], parts / parts.sum(), atol=0.03
        )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d, v: (d.iloc[:-1], v[:-1]), "no Sobol design"),
        (lambda d, v: (d.sample(frac=1, random_state=0), v), "no Sobol design"),
        (lambda d, v: (d, v[:, :2]), "three replicates"),
        (lambda d, v: (d, v[:-5]), "5120 points"),
        (lambda d, v: (d.where(d["x1"] < 0), v), "x1: has gaps"),
        (lambda d, v: (d, v * np.nan), "fewer than two blocks"),
    ],
)
def test_what_is_no_such_design_is_refused(ishigami_design, change, words):
    values = np.repeat(ishigami(ishigami_design.to_numpy())[:, None], 3, axis=1)
    design, values = change(ishigami_design, values)
    with pytest.raises(InputError, match=words):
        sobol.sobol_indices(design, {"effect": values})
