"""The figures of sensitivity and discovery, from small frames."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from sim.estimators import boxes as box_search
from sim.report.figures import discover as discover_figure
from sim.report.figures import saving, sensitivity, style

NAN = float("nan")


@pytest.fixture(autouse=True)
def _drawing():
    with style.drawing():
        yield


def texts(figure):
    found = [text.get_text() for text in figure.texts]
    for ax in figure.axes:
        found += [text.get_text() for text in ax.texts]
        found += [text.get_text() for text in ax.get_yticklabels()]
    return found


def frames(share=0.7):
    rows = [
        ("lead", of, name, index, value, value - 0.1, value + 0.1)
        for of, values in (("mean", (0.2, 0.6)), ("sd", (NAN, NAN)))
        for name, value in zip(("pull", "$x_{"), values, strict=True)
        for index in ("S1", "ST")
    ]
    columns = ["outcome", "of", "parameter", "index", "value", "low", "high"]
    shares = [
        ("lead", "parameters", 1.0, share, 0.6, 0.8),
        ("lead", "chance", 1.0, 1 - share, 0.2, 0.4),
    ]
    return (
        pd.DataFrame(rows, columns=columns),
        pd.DataFrame(shares, columns=["outcome", "part", "variance", "share", "low", "high"]),
    )


def test_bars_are_sorted_and_chance_stands_apart():
    figure = sensitivity.indices(*frames(), "lead")
    names = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert names == ["$x {", "pull"]  # by their totals; a name is no formula
    assert {"parameters\n70 %", "chance\n30 %", "nothing varies"} <= set(texts(figure))
    widths = sorted({round(patch.get_width(), 9) for patch in figure.axes[0].patches})
    assert widths == [0.2, 0.6]
    assert saving.render_bytes(figure, ".svg", "t", {})


def test_without_variance_the_figure_says_so():
    figure = sensitivity.indices(*frames(share=NAN), "lead")
    assert texts(figure).count("nothing varies") == 2


def test_the_morris_plane_names_what_matters():
    rows = []
    for name, star, sign in (("pull", 2.0, 1.0), ("rule", 1.0, NAN), ("idle", 0.0, 0.0)):
        for index, value in (("mu_star", star), ("sigma", star / 2), ("sign", sign), ("mu", star)):
            rows.append(("lead", "mean", name, index, value, value - 0.1, value + 0.1))
    rows.append(("lead", "mean", "", "chance", 0.5, NAN, NAN))
    columns = ["outcome", "of", "parameter", "index", "value", "low", "high"]
    figure = sensitivity.plane(pd.DataFrame(rows, columns=columns), "lead")
    assert [text.get_text() for text in figure.axes[0].texts] == ["1", "2"]
    assert {"1  pull", "2  rule"} <= set(texts(figure))
    assert not any("idle" in text for text in texts(figure))
    assert saving.render_bytes(figure, ".png", "t", {})


@pytest.mark.parametrize("names", [False, True])
def test_the_box_is_drawn_where_it_lies(names):
    generator = np.random.default_rng(1)
    conditions = pd.DataFrame({"a": generator.random(400), "b": generator.random(400)})
    if names:
        conditions["b"] = generator.choice(["c", "d", "e"], 400)
    second = conditions["b"] != "d" if names else conditions["b"] < 0.5
    effects = np.where((conditions["a"] > 0.5) & second, 1.0, -1.0)
    boxes = box_search.discover_boxes(conditions, effects > 0, seed=1)
    figure = discover_figure.figure(
        conditions, effects, boxes[0], "it helps", ("India", "Pakistan")
    )
    ax = figure.axes[0]
    drawn = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert len(drawn) == (2 if names else 1)  # c and e are no neighbours
    for patch in drawn:  # no edge of a box is cut off
        for corner in patch.get_corners():
            assert ax.viewLim.contains(*corner)
    across = ax.get_xlabel() == "a"
    low = drawn[0].get_x() if across else drawn[0].get_y()
    assert low == boxes[0].restrictions[[r.key for r in boxes[0].restrictions].index("a")].low
    words = box_search.in_words(boxes[0], "it helps")
    assert words in [" ".join(text.split()) for text in texts(figure)]
    assert saving.render_bytes(figure, ".png", "t", {})


def test_where_nothing_was_found_the_figure_says_so():
    figure = discover_figure.figure(
        pd.DataFrame({"a": [1.0]}), np.array([1.0]), None, "it helps", ("India", "Pakistan")
    )
    assert box_search.NOTHING in texts(figure)
