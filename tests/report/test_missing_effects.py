"""Points and pairs without an effect: told with their number, and drawn as what they are."""

from __future__ import annotations

import pytest
from matplotlib.colors import to_hex

import sim
from sim.report.figures import style
from sim.report.figures import sweep as picture
from sim.report.points import effects_at_points
from sim.report.words import results_text
from sim.running.sweeps import sweep_tables
from sim.store.results import Results
from tests.interface.conftest import SMALL

POLICY = "arms.offer.mediator.policy"
PARITY = [0.0, 0.5, 1.0]


def written(factory: pytest.TempPathFactory, text: str) -> sim.Scenario:
    path = factory.mktemp("missing") / "small.yaml"
    path.write_text(f"{text}    parameters: {{attack_potency: 0.5}}\n", encoding="utf-8")
    return sim.Scenario.from_yaml(path)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> sim.Scenario:
    """In the arm runs differ from the baseline without an offer too."""
    return written(tmp_path_factory, SMALL.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def swept(small: sim.Scenario) -> dict[str, Results]:
    """Half of the points have no offer; the same from tables, and from the runs alone."""
    asked = {POLICY: ["scripted", "none"], "parity": PARITY}
    found = {"tables": sim.sweep(small, asked, replicates=3).results()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep_tables, "MOST_POINTS", 0)
        found["runs"] = sim.sweep(small, asked, replicates=3).results()
    return found


@pytest.mark.parametrize("kind", ["tables", "runs"])
def test_sweep_says_at_how_many_points_there_is_no_effect(
    swept: dict[str, Results], kind: str
) -> None:
    rows = effects_at_points(swept[kind])
    assert rows["n_pairs"].tolist() == [3, 3, 3, 0, 0, 0]
    assert rows["mean_diff"].isna().tolist() == [False] * 3 + [True] * 3
    assert rows["parity"].tolist() == PARITY * 2
    text = " ".join(results_text(swept[kind]).split())
    assert "3 pairs at each that has the effect" in text
    assert "Under offer no pair has this effect at 3 of 6 points." in text
    assert "Of 3 points it is" in text
    assert f"{POLICY}: The effect on alignment is -0" in text
    assert "and not known for none" in text
    assert "nan" not in text


def test_effects_that_are_all_there_say_nothing_of_missing_ones(small: sim.Scenario) -> None:
    whole = sim.sweep(small, {"parity": PARITY}, replicates=2).results()
    text = " ".join(results_text(whole).split())
    assert "2 pairs at each. The effect is that of" in text
    assert "no pair" not in text
    assert "some pairs" not in text


@pytest.mark.parametrize("kind", ["tables", "runs"])
def test_points_without_an_effect_are_in_the_figure(swept: dict[str, Results], kind: str) -> None:
    with style.drawing():
        figure = picture.draw(swept[kind])
    said = [t.get_text() for t in figure.findobj(match=lambda a: hasattr(a, "get_text"))]
    assert any("at 3 of 6 points" in text for text in said)
    assert "none" in said
    assert not any("nan" in text for text in said)


@pytest.fixture(scope="module")
def threshold(tmp_path_factory: pytest.TempPathFactory) -> sim.Scenario:
    """The arm's mediator offers in a crisis: at a high threshold in few runs."""
    text = SMALL.read_text(encoding="utf-8").replace("policy: scripted", "policy: threshold")
    return written(tmp_path_factory, text)


def test_cells_of_a_map_without_an_effect_are_not_white_as_no_effect_is(
    threshold: sim.Scenario,
) -> None:
    asked = {"parity": [0.0, 1.0], "offer_threshold": [2.0, 5.0]}
    found = sim.sweep(threshold, asked, replicates=2).results()
    assert sorted(effects_at_points(found)["n_pairs"]) == [0, 0, 2, 2]
    with style.drawing():
        figure = picture.draw(found)
    (effect,) = (
        ax for ax in figure.axes if ax.get_title("left") == "paired effect: arm less baseline"
    )
    assert [text.get_text() for text in effect.texts].count("none") == 2
    (image,) = effect.images
    assert image.get_array().mask.sum() == 2
    assert to_hex(image.cmap.get_bad()) == style.PALE


def test_comparison_says_in_how_many_pairs_no_offer_is_made(threshold: sim.Scenario) -> None:
    scenario = threshold.replace(offer_threshold=4.2)
    found = sim.compare(scenario, pairs=40, channels=False)
    with_offer = found.comparison.query("metric == 'lead' and step == -1 and answers == 'any'")
    pairs = with_offer.set_index("uncertainty")["n_pairs"]
    assert pairs.between(1, 39).all()
    text = " ".join(found.summary().split())
    for kind, held in (("chance", "held"), ("parameters", "drawn")):
        assert f"{40 - pairs[kind]} of 40 with the parameters {held}" in text
    assert "All numbers here are of the other pairs." in text
    assert "With the parameters held, where an offer is made, " in text


def test_comparison_where_every_pair_has_an_offer_says_nothing_of_it(small: sim.Scenario) -> None:
    text = " ".join(sim.compare(small, pairs=3, channels=False).summary().split())
    assert "Some pairs have no offer" not in text
    assert "where an offer is made" not in text
