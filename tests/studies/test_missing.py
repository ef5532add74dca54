"""Outcomes that some runs of a study do not have: told, and never taken for no effect.

The arm ``offer`` is made to part from the baseline without an offer too (its own campaign starts
later), so that where its policy is ``none`` its runs have no mean over the days of an offer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.estimators.design_reading import find_complete_blocks, read_points
from sim.estimators.morris import elementary_effects, influential_parameters
from sim.estimators.sobol import LITTLE_MATTERS, NOT_JUDGED, sobol_indices, verdicts
from sim.studies.designs import factors, sampling
from tests.interface.conftest import SMALL

POLICY = "arms.offer.mediator.policy"
OF = "effect.window.lead"
NAN = float("nan")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> sim.Scenario:
    path = tmp_path_factory.mktemp("missing") / "small.yaml"
    text = SMALL.read_text(encoding="utf-8")
    path.write_text(f"{text}    parameters: {{attack_potency: 0.5}}\n", encoding="utf-8")
    return sim.Scenario.from_yaml(path)


def keys(*policies: str, **more: object) -> dict[str, object]:
    return {POLICY: list(policies), "parity": "0:1", **more}


READ: Mapping[str, factors.Factor] = {
    "decides": factors.Levels(("no", "yes")),
    "strong": factors.Range(0.0, 1.0, False),
    "idle": factors.Range(0.0, 1.0, False),
}


@pytest.mark.parametrize("kind", ["saltelli", "morris"])
def test_key_that_decides_whether_there_is_an_outcome_has_no_index(kind: str) -> None:
    """It is the same throughout the blocks that are left, and would pass for one that is idle."""
    design = sampling.design_points(READ, kind, samples=64, seed=1)
    y = np.repeat(design["strong"].to_numpy()[:, None], 4, axis=1)
    missing = np.zeros(y.shape, dtype=bool)
    if kind == "saltelli":
        missing[:, 1:] = (design["decides"] == "no").to_numpy()[:, None]
    else:  # each trajectory moves each key once: an outcome that only some trajectories lack
        size = len(READ) + 1
        missing[5 * size : 9 * size] = (design["decides"][5 * size : 9 * size] == "no").to_numpy()[
            :, None
        ]
    values = {"effect": np.where(missing, NAN, y)}
    estimate = sobol_indices if kind == "saltelli" else elementary_effects
    found = estimate(design, values, missing={"effect": missing})
    assert found.deciding == {"effect": {"decides"}}
    size = len(READ) + (2 if kind == "saltelli" else 1)
    assert found.left_out == {"effect": int(missing.any(axis=1).reshape(-1, size).any(1).sum())}
    rows = found.indices if kind == "saltelli" else found.effects
    rows = rows.set_index(["parameter", "index"])
    assert rows.loc["decides", "value"].isna().all()
    assert rows.loc["strong", "value"].dropna().gt(0.5).any()
    if kind == "saltelli":
        judged = verdicts(found.indices).set_index("parameter")["verdict"]
        assert judged["decides"] == NOT_JUDGED
        assert judged["idle"] == LITTLE_MATTERS
    else:
        assert "decides" not in {
            name for some in influential_parameters(found.effects) for name in some
        }


def test_where_no_step_shows_what_decides_nothing_is_judged() -> None:
    design = sampling.design_points(READ, "saltelli", samples=8, seed=1)
    read = read_points(design)
    values, missing = np.ones((len(design), 3)), np.zeros((len(design), 3), dtype=bool)
    missing[:5], values[:5] = True, NAN
    found = find_complete_blocks("effect", read, values, missing, 5)
    assert (found.left_out, found.deciding) == (1, frozenset(READ))
    # a run that failed decides nothing
    none = find_complete_blocks("effect", read, values, np.zeros_like(missing), 5)
    assert (none.left_out, none.deciding) == (1, frozenset())


def test_sensitivity_says_what_is_missing_and_judges_no_key_that_decides_it(
    small: sim.Scenario,
) -> None:
    found = sim.sensitivity(small, keys("none", "scripted"), of=OF, trajectories=0, samples=16,
                            replicates=3)  # fmt: skip
    gap = found.missing["sobol"]
    assert (gap.points, gap.never, gap.sometimes) == (64, 32, 0)
    assert gap.instead == ("effect.final.lead", "final.lead")
    assert found.deciding == (POLICY,)
    text = " ".join(found.summary().split())
    assert f"In the arm offer {OF} is missing at 32 of 64 points" in text
    assert "Every run has effect.final.lead and final.lead." in text
    left = found.left_out["sobol"]
    assert 0 < left < 16
    assert f"{left} of 16 base points" in text
    for line in found.summary().splitlines():
        if line.startswith(POLICY):
            assert line.endswith(NOT_JUDGED)
    assert set(found.plot()) == {"indices"}
    assert found.facts["missing"] == [gap._asdict()]


def test_sensitivity_of_an_outcome_that_is_there_judges_as_before(small: sim.Scenario) -> None:
    given = keys("none", "scripted")
    found = sim.sensitivity(small, given, of="effect.final.lead", trajectories=0, samples=8,
                            replicates=3)  # fmt: skip
    assert (found.missing, found.deciding, found.left_out) == ({}, (), {"sobol": 0})
    assert "missing" not in found.summary()
    assert "not judged" not in found.summary()


NEVER: Mapping[str, Callable[[sim.Scenario], object]] = {
    "indices": lambda small: sim.sensitivity(
        small, keys("none"), of=OF, trajectories=0, samples=4, replicates=3
    ),
    "screening": lambda small: sim.sensitivity(
        small, {"parity": "0:1"}, of="window.lead", arms=["no_offer"], trajectories=3, samples=0
    ),
    "discover": lambda small: sim.discover(
        small, keys("none"), of=OF, samples=80, replicates=1
    ),
}  # fmt: skip


@pytest.mark.parametrize("study", NEVER)
def test_arm_that_never_has_the_outcome_is_refused_before_it_runs_with_what_it_has(
    small: sim.Scenario, study: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.studies.question.carry_out", None)
    with pytest.raises(InputError) as refused:
        NEVER[study](small)
    said = str(refused.value)
    if study == "screening":  # the baseline has no effect either
        assert "In the arm no_offer no run has window.lead" in said
        assert "Every run has final.lead." in said
    else:
        assert f"In the arm offer no run has {OF}" in said
        assert "Every run has effect.final.lead and final.lead." in said


def test_screening_names_the_key_that_leaves_no_trajectory_whole(small: sim.Scenario) -> None:
    with pytest.raises(InputError, match=f"for {POLICY} decides whether there is one"):
        sim.sensitivity(small, keys("none", "scripted"), of=OF, trajectories=4, samples=0)


def test_discover_says_how_many_points_have_no_outcome(small: sim.Scenario) -> None:
    found = sim.discover(small, keys("none", "scripted"), of=OF, samples=160, replicates=2)
    assert found.missing is not None
    assert (found.missing.points, found.missing.never, found.missing.sometimes) == (160, 80, 0)
    assert len(found.points) == found.passed_over == 80
    text = " ".join(found.summary().split())
    assert f"In the arm offer {OF} is missing at 80 of 160 points" in text
    assert "says nothing of what decides whether there is one" in text
    assert "80 points without a value are passed over" in text
    assert "of 80 points with a value" in text
    whole = sim.discover(small, {"parity": "0:1"}, of=OF, samples=80, replicates=2)
    assert whole.missing is None
    assert "missing" not in whole.summary()
    assert "with a value" not in whole.summary()
