"""Words and figures of tournaments of every size, made from payoffs that are made up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from matplotlib.figure import Figure

from sim.report.figures import OF_TOURNAMENT, saving, style
from sim.report.layout import WIDTH
from sim.report.tournament_rows import LONGEST, shorten
from sim.report.words import results_text
from sim.scenario.scenario import Scenario
from sim.store.results import Results
from sim.studies.tournament_tables import Played, make_tables
from tests.interface.conftest import SMALL

SIDES = ("Aria", "A far republic whose name is 40 letters")


@pytest.fixture(autouse=True)
def _drawing() -> Iterator[None]:
    with style.drawing():
        yield


def results(count: int, kinds: tuple[str, ...] = ("chance", "parameters")) -> Results:
    draw = np.random.default_rng(count)
    names = tuple(f"a_strategy_with_a_long_name_{i}" for i in range(count))
    played = []
    for kind in kinds:
        first = 0.2 + 1e-3 * draw.normal(size=(count, count, 12))
        both = np.stack([first, -first])
        played.append(Played(kind, "lead", SIDES, (names, names), (0, None), both, 3))
    content = Scenario.from_yaml(SMALL).to_dict(arms=False)
    return Results(make_tables(played), {"seed": 3}, Scenario.from_dict(content))


def texts_outside(figure: Figure) -> list[str]:
    """Texts that reach beyond the picture."""
    renderer = style.renderer(figure)
    figure.draw(renderer)
    shown = [*figure.texts]
    for ax in figure.axes:
        shown += [
            *ax.texts,
            ax.title,
            ax.xaxis.label,
            *ax.get_xticklabels(),
            *ax.get_yticklabels(),
        ]
    width, height = figure.bbox.size
    outside = []
    for text in shown:
        box = text.get_window_extent(renderer)
        if text.get_text() and not (
            box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
        ):
            outside.append(text.get_text())
    return outside


@pytest.mark.parametrize("count", [1, 2, 8, 14])
@pytest.mark.parametrize("name", OF_TOURNAMENT)
def test_everything_lies_in_the_picture(name: str, count: int) -> None:
    figure = OF_TOURNAMENT[name].draw(results(count))
    assert texts_outside(figure) == []
    assert saving.render_bytes(figure, ".png", "t", {}).startswith(b"\x89PNG")


def test_one_kind_of_uncertainty_has_one_panel() -> None:
    found = results(3, ("chance",))
    assert len(OF_TOURNAMENT["matrix"].draw(found).axes) == 1
    assert len(OF_TOURNAMENT["ranks"].draw(found).axes) == 2


@pytest.mark.parametrize("count", [1, 2, 14])
def test_words_fit_a_terminal(count: int) -> None:
    said = results_text(results(count))
    assert "Which strategy is good against which?" in said
    assert max(map(len, said.splitlines())) <= WIDTH


def test_shortened_names_stay_different() -> None:
    names = [f"a_strategy_with_a_long_name_{i}" for i in range(20)]
    short = {shorten(name) for name in names}
    assert len(short) == 20
    assert max(map(len, short)) <= LONGEST
    assert shorten("network_proportional") == "network_proportional"
