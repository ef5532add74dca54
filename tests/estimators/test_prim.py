"""PRIM against EMA workbench's boxes, on known boxes, and on noise.

``data/prim_points.csv``: 600 points of parity, goodwill, decay (uniform), delay (0..11) and a
strategy, all by chance (numpy, seed 2010); interest where 3 [parity > 0.4] + 2.5 [goodwill < 0.03]
+ 1.2 [strategy not uniform] - 0.12 delay + 0.6 normal noise > 5.3. ``data/prim_boxes.json``: what
ema_workbench 2.5.3 peels from them.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.errors import InputError
from sim.estimators import boxes, prim

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def known():
    points = pd.read_csv(DATA / "prim_points.csv")
    return points.drop(columns="interest"), points["interest"].to_numpy(dtype=bool)


def test_boxes_are_ema_workbenchs(known):
    conditions, interest = known
    steps = prim.peel(conditions, interest)
    boxes = json.loads((DATA / "prim_boxes.json").read_text(encoding="utf-8"))["boxes"]
    assert len(steps) == len(boxes) == 30
    for step, box in zip(steps, boxes, strict=True):
        assert (step.n, step.interest) == (box["n"], box["interest"])
        limits = {f"{key} {side}": limit for (key, side), limit in step.limits.items()}
        assert set(limits) == set(box["limits"])
        for name, limit in limits.items():
            expected = box["limits"][name]
            if name.endswith(prim.AMONG):
                assert sorted(limit) == expected
            else:
                assert limit == pytest.approx(expected, abs=1e-12)


def test_quasi_p_values_are_ema_workbenchs(known):
    conditions, interest = known
    boxes = json.loads((DATA / "prim_boxes.json").read_text(encoding="utf-8"))["boxes"]
    for step, box in zip(prim.peel(conditions, interest), boxes, strict=True):
        mine: dict[str, list[float]] = {}
        for (key, _), p in prim.quasi_p(step.limits, conditions, interest).items():
            mine.setdefault(key, []).append(p)
        assert set(mine) == set(box["quasi_p"])
        for key, p_values in mine.items():
            assert sorted(p_values) == pytest.approx(sorted(box["quasi_p"][key]), rel=1e-9)


def boxed(seed, n=600, noise=0.05):
    """Interest where a > 0.6 and kind is not "c", and by chance elsewhere in 5 %."""
    generator = np.random.default_rng(seed)
    conditions = pd.DataFrame(
        {
            "a": generator.random(n),
            "b": generator.random(n),
            "kind": generator.choice(["c", "d", "e"], n),
            "on": generator.random(n) < 0.5,
        }
    )
    inside = (conditions["a"] > 0.6) & (conditions["kind"] != "c")
    return conditions, (inside ^ (generator.random(n) < noise)).to_numpy()


def test_a_known_box_is_found_and_told():
    conditions, interest = boxed(1)
    found = boxes.discover_boxes(conditions, interest, seed=4)
    assert len(found) == 1
    box = found[0]
    by_key = {restriction.key: restriction for restriction in box.restrictions}
    assert set(by_key) == {"a", "kind"}
    # a density of 0.8 lets in some of the 5 % outside: 0.4 x 0.95 + (0.6 - low) x 0.05 over
    # (1 - low) is 0.8 at low = 0.52; one peel takes off 0.05
    assert 0.47 < by_key["a"].low < 0.65
    assert by_key["a"].high is None
    assert by_key["kind"].among == ("d", "e")
    assert all(restriction.quasi_p < 1e-3 for restriction in box.restrictions)
    assert all(restriction.reproduced >= 0.9 for restriction in box.restrictions)
    fresh, of_interest = boxed(999, n=20_000)
    assert box.density_low < of_interest[box.holds(fresh)].mean() < box.density_high
    assert box.elsewhere < 0.15
    words = boxes.in_words(box, "mediation moves Washington toward India")
    assert words.startswith("Mediation moves Washington toward India where ")
    assert "kind is d or e" in words
    assert f"a is above {by_key['a'].low:.3g}" in words
    assert f"in {box.density * 100:.0f} % of such futures" in words
    assert f"{box.elsewhere * 100:.0f} % elsewhere" in words
    assert f"holds {box.coverage * 100:.0f} % of all" in words


WHERE = {  # what is of interest, and the limits that a clean box has
    "a number": (lambda c: c["x"] > 0.7, {"x": (0.7, None, ())}),
    "two numbers": (
        lambda c: (c["x"] > 0.7) & (c["y"] < 0.5), {"x": (0.7, None, ()), "y": (None, 0.5, ())},
    ),
    "whole numbers": (lambda c: c["count"] >= 3, {"count": (2.5, None, ())}),
    "a name": (lambda c: c["word"] == "a", {"word": (None, None, ("a",))}),
    "all names but one": (lambda c: c["word"] != "a", {"word": (None, None, ("b", "c", "d"))}),
    "a switch": (lambda c: c["on"], {"on": (None, None, ("True",))}),
    "names and a switch": (
        lambda c: c["word"].isin(["a", "b"]) & c["on"],
        {"word": (None, None, ("a", "b")), "on": (None, None, ("True",))},
    ),
}  # fmt: skip


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("flipped", [0, 1, 10])
def test_a_clean_box_is_reproduced(where, flipped):
    """Of 1,000 points up to 1 % are flipped: without noise many boxes have full coverage."""
    generator = np.random.default_rng(13)
    conditions = pd.DataFrame(generator.random((1000, 3)), columns=["x", "y", "z"])
    conditions["word"] = generator.choice(list("abcd"), 1000)
    conditions["on"] = generator.random(1000) < 0.5
    conditions["count"] = generator.integers(0, 5, 1000)
    holds, limits = WHERE[where]
    interest = holds(conditions).to_numpy(copy=True)
    interest[generator.permutation(1000)[:flipped]] ^= True
    (box,) = boxes.discover_boxes(conditions, interest)
    found = {one.key: one for one in box.restrictions}
    assert set(found) == set(limits)
    for key, (low, high, among) in limits.items():
        # the last peel ends at most LEAST_MASS short of the edge
        assert found[key].low == (low if low is None else pytest.approx(low, abs=0.05))
        assert found[key].high == (high if high is None else pytest.approx(high, abs=0.05))
        assert found[key].among == among
        assert found[key].reproduced >= 0.9
    if not flipped:
        assert all(one.reproduced == 1.0 for one in box.restrictions)
        assert box.chosen.coverage == 1.0
        assert box.density > 0.9


def test_boxes_equally_near_in_one_share_are_told_apart_by_the_other():
    def step(density, coverage, *keys):
        return prim.CountedBox({(key, "low"): 0.0 for key in keys}, 100, 75, density, coverage, 1)

    none, half, whole = step(0.3, 1.0), step(0.6, 1.0, "x"), step(1.0, 1.0, "x", "y")
    assert prim.boxes_like(step(1.0, 1.0, "x"), [none, half, whole]) == (whole, whole)
    # half a point of interest apart on either side: 75 are sought
    stray = [none, step(0.6, 74 / 75, "x"), step(0.99, 74 / 75, "x", "y")]
    assert prim.boxes_like(step(0.98, 74.5 / 75, "x"), stray)[0] == stray[2]
    far = [none, step(0.9, 0.6, "x")]
    assert prim.boxes_like(step(0.9, 0.95, "x"), far)[0] == none
    # in density two are equally near; the one of like coverage is taken
    sides = [step(0.25, 1.0), step(0.75, 0.4, "x")]
    assert prim.boxes_like(step(0.5, 0.5, "x"), sides)[1] == sides[1]


def test_of_boxes_alike_in_keys_and_coverage_the_densest_is_chosen():
    """It holds the same of what is sought and less besides."""

    def step(density, *keys):
        return prim.CountedBox({(key, "low"): 0.0 for key in keys}, 100, 50, density, 1.0, 0.5)

    assert (
        boxes.choose_box([step(0.3), step(0.81, "a"), step(0.97, "a"), step(1.0, "a", "b")]) == 2
    )


def test_numbers_of_a_box_are_those_of_the_half_kept_back():
    conditions, interest = boxed(2)
    box = boxes.discover_boxes(conditions, interest, seed=4)[0]
    kept = np.ones(600, dtype=bool)
    kept[np.random.default_rng(4).permutation(600)[:300]] = False
    inside = box.holds(conditions) & kept
    assert box.n == inside.sum()
    assert box.density == interest[inside].mean()
    assert box.coverage == interest[inside].sum() / interest[kept].sum()
    assert box.mass == inside.sum() / 300
    assert box.elsewhere == interest[kept & ~inside].mean()


def test_the_density_told_is_not_too_good():
    """Of the same boxes the half that was searched says 0.02 or more too much, on average."""
    told, searched, true = [], [], []
    fresh, of_interest = boxed(999, n=20_000, noise=0.25)
    for seed in range(40):
        conditions, interest = boxed(seed, n=400, noise=0.25)
        for box in boxes.discover_boxes(conditions, interest, seed=seed, most_boxes=1):
            told.append(box.density)
            searched.append(box.chosen.density)
            true.append(of_interest[box.holds(fresh)].mean())
    error = np.std(np.subtract(told, true), ddof=1) / np.sqrt(len(told))
    assert len(told) > 20
    # boxes told are those that stood the test, which selects a little: one error more
    assert abs(np.mean(np.subtract(told, true))) < 4 * error
    assert np.mean(np.subtract(searched, true)) > 0.02


@pytest.mark.slow
def test_noise_has_no_conditions():
    """At most one search in 100: of 100, 5 or more by chance once in 290 choices of seeds.

    Names with many values are easiest to be misled by; without the half kept back about half of
    these searches would find something.
    """
    found = 0
    for seed in range(100):
        generator = np.random.default_rng(seed)
        conditions = pd.DataFrame(generator.random((200, 3)), columns=list("abc"))
        for key in "def":
            conditions[key] = generator.choice(list("uvwxyz"), 200)
        interest = generator.random(200) < 0.3
        found += bool(boxes.discover_boxes(conditions, interest, seed=seed))
    assert found <= 4


def test_two_regions_are_two_boxes():
    generator = np.random.default_rng(0)
    conditions = pd.DataFrame(generator.random((1500, 3)), columns=["a", "b", "c"])
    a, b = conditions["a"], conditions["b"]
    interest = ((b > 0.4) & ((a > 0.5) | ((a < 0.3) & (conditions["c"] > 0.6)))).to_numpy()
    found = boxes.discover_boxes(conditions, interest, seed=0)
    assert len(found) == 2
    assert not (found[0].holds(conditions) & found[1].holds(conditions)).sum() > 20
    assert sum(box.coverage for box in found) > 0.8


def test_idle_restrictions_are_dropped():
    conditions, interest = boxed(3)
    limits = {("a", "low"): 0.6, ("kind", "among"): ("d", "e"), ("b", "high"): 0.97}
    kept = boxes.drop_idle_limits(limits, conditions, interest)
    assert set(kept) == {("a", "low"), ("kind", "among")}


def test_the_fewest_restrictions_that_are_dense_are_chosen():
    def step(density, coverage, *keys, mass=0.5):
        limits = {(key, "low"): 0.0 for key in keys}
        return prim.CountedBox(limits, 100, 50, density, coverage, mass)

    steps = [step(0.2, 1.0), step(0.7, 0.9, "a"), step(0.82, 0.8, "a", "b"),
             step(0.9, 0.7, "a", "b"), step(0.99, 0.2, "a", "b", "c")]  # fmt: skip
    assert boxes.choose_box(steps) == 2
    assert boxes.choose_box(steps, dense=0.95) == 4
    # where none is dense, the largest coverage less mass
    assert boxes.choose_box([step(0.2, 1.0, mass=1.0), step(0.6, 0.9, "a", mass=0.3)]) == 1
    assert boxes.choose_box([step(0.2, 1.0, mass=1.0), step(0.1, 0.2, "a", mass=0.3)]) == 0
    frequent = [step(0.9, 1.0), step(0.91, 0.95, "a"), step(0.96, 0.8, "a", "b")]
    assert boxes.choose_box(frequent) == 2  # a density of 0.91 would say nothing there


def test_whole_numbers_are_peeled_by_whole_values():
    conditions = pd.DataFrame({"delay": np.repeat(np.arange(6), 50)})
    interest = (conditions["delay"] <= 2).to_numpy()
    steps = prim.peel(conditions, interest)
    assert steps[-1].limits == {("delay", "high"): 2.5}
    assert steps[-1].density == 1.0


def test_the_same_seed_finds_the_same():
    conditions, interest = boxed(5)
    first, again = (boxes.discover_boxes(conditions, interest, seed=9) for _ in range(2))
    assert [box.limits for box in first] == [box.limits for box in again]
    assert [box.restrictions for box in first] == [box.restrictions for box in again]


@pytest.mark.parametrize("value", [True, False])
def test_where_all_or_none_is_of_interest_nothing_is_found(value):
    conditions, _ = boxed(6)
    assert boxes.discover_boxes(conditions, np.full(600, value)) == []


def test_gaps_and_wrong_lengths_are_refused():
    conditions, interest = boxed(7)
    with pytest.raises(InputError, match="interest: needs 600 values"):
        boxes.discover_boxes(conditions, interest[:-1])
    conditions.loc[3, "a"] = np.nan
    with pytest.raises(InputError, match="a: has gaps"):
        boxes.discover_boxes(conditions, interest)
