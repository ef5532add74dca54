"""Update rules at values known from their formulas (docs/model.md, section 4)."""

from __future__ import annotations

import math

import pytest

from sim.plugins import registry

FAR = (-1.0, -0.6, -0.05, 0.0, 0.05, 0.5, 1.0)


@pytest.mark.parametrize(
    ("name", "sympathy", "source", "closeness"),
    [
        ("friedkin_johnsen", -1.0, 1.0, 1.0),
        ("bounded_confidence", 0.0, 0.5, 1.0),  # the edge itself is within reach
        ("bounded_confidence", 0.0, 0.501, 0.0),
        ("assimilation_contrast", 0.3, 0.3, 1.0),
        ("assimilation_contrast", 0.0, 0.75, 0.5),
        ("assimilation_contrast", -0.5, 1.0, 0.0),
        ("assimilation_contrast", 1.0, -1.0, -1.0 / 3.0),
        ("gaussian_bayes", 0.3, 0.3, 1.0),
        ("gaussian_bayes", 1.0, 0.0, math.exp(-0.5)),
        ("gaussian_bayes", -1.0, 1.0, math.exp(-2.0)),
        ("biased_assimilation", 0.4, 0.01, 1.4),
        ("biased_assimilation", 0.4, -0.9, 0.6),
        ("biased_assimilation", 0.4, 0.0, 1.0),
        ("biased_assimilation", -1.0, 1.0, 0.0),
        ("biased_assimilation", -1.0, -1.0, 2.0),
    ],
)
def test_closeness_has_its_known_value(
    name: str, sympathy: float, source: float, closeness: float
) -> None:
    rule, options = registry.load("rules", name), registry.options(name)
    assert rule(sympathy, source, 0.0, options) == pytest.approx(closeness, abs=1e-15)


@pytest.mark.parametrize("name", registry.names("rules"))
def test_closeness_is_the_same_for_both_directions_of_sympathy(name: str) -> None:
    """K(-s, -p) = K(s, p): no rule knows which end of the scale is the good one."""
    rule, options = registry.load("rules", name), registry.options(name)
    for s in FAR:
        for p in FAR:
            for message in (0.0, 1.0):
                assert rule(-s, -p, message, options) == rule(s, p, message, options)


def test_contrast_never_repels_more_than_it_could_attract() -> None:
    rule = registry.load("rules", "assimilation_contrast")
    assert rule(-4.0, 4.0, 0.0, (0.0,)) == -1.0
