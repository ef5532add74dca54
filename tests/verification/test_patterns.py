"""Patterns are judged draw by draw: how draws are cut into blocks changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification import patterns
from sim.verification.findings import Measured
from sim.verification.patterns import check_patterns

DRAWS = 20


def test_blocks_of_draws_change_no_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = check_patterns(DRAWS, jobs=1)
    monkeypatch.setattr(patterns, "BLOCK", 8)
    told: list[str] = []
    cut = check_patterns(DRAWS, jobs=2, progress=told.append)
    assert [found.to_dict() for found in cut] == [found.to_dict() for found in whole]
    assert told == [f"patterns: {done} of 20 draws" for done in (8, 16, 20)]
    assert {found.samples for found in whole} == {DRAWS}
    assert len({found.share for found in whole}) > 3


def test_blocks_of_one_pattern_are_weighed_by_their_draws() -> None:
    """Three draws of which one holds, one draw that holds: a half. Placebo: none of four."""
    blocks = tuple(
        Measured(
            np.array(holds),
            np.zeros(len(holds), dtype=bool),
            {"effect": np.array(effect)},
            lambda mean: f"mean {mean['effect']:g}",
        )
        for holds, effect in (([True, False, False], [1.0, 2.0, 3.0]), ([True], [6.0]))
    )
    found = patterns._pattern("P0", "what", "emerges", blocks)
    assert (found.share, found.placebo, found.samples) == (0.5, 0.0, 4)
    assert found.measure == "mean 3"
    assert not found.passes


def test_pattern_that_passes_under_its_placebo_says_nothing() -> None:
    def pattern(holds: list[bool], placebo: list[bool]) -> patterns.Pattern:
        measured = Measured(np.array(holds), np.array(placebo), {}, lambda mean: "")
        return patterns._pattern("P0", "what", "emerges", (measured,))

    assert pattern([True] * 3, [True, True, False]).says_nothing
    assert "placebo 0.67 (holds too: says nothing)" in str(
        pattern([True] * 3, [True, True, False])
    )
    assert not pattern([True] * 3, [True, False, False]).says_nothing
    assert not pattern([False] * 3, [True] * 3).says_nothing


def test_equal_draws_are_told_apart_from_those_in_which_a_pattern_fails() -> None:
    """One draw holds, two are exactly equal, one goes the other way."""
    change = np.array([0.1, 0.0, 0.0, -0.1])
    measured = Measured(change > 0.0, None, {}, lambda mean: "", change == 0.0)
    found = patterns._pattern("P0", "what", "emerges", (measured,))
    assert (found.share, found.equal) == (0.25, 0.5)
    assert "share 0.25 (exactly equal in 0.50), placebo none" in str(found)
