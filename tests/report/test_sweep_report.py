"""What the report says and draws of a sweep's folder, with its tables and without them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.report import words
from sim.report.figures import saving, style
from sim.report.figures import sweep as picture
from sim.report.points import effect_days, effects_at_points, overall_effect, trend
from sim.running.sweeps import sweep_tables
from sim.store.results import read_results

SMALL = Path(__file__).parents[1] / "interface" / "small.yaml"
REPLICATES = 6
DESIGNS: dict[str, dict[str, Any]] = {
    "line": {"parameters": {"parity": [0.0, 0.2, 0.4]}},
    "map": {"parameters": {"parity": [0.0, 0.2, 0.4], "calming": [0.0, 0.1]}},
    "drawn": {"parameters": {"parity": "0:0.6", "calming": "0:0.1", "goodwill": "0:0.1"},
              "design": "lhs", "samples": 12},
    "names": {"parameters": {"switches.parity": [True, False]}},
    "mixed": {"parameters": {"switches.parity": [True, False], "calming": [0.0, 0.1]}},
    "point": {"parameters": {"parity": [0.3]}},
    "uncertain": {"parameters": {"parity": [0.0, 0.4]}, "uncertain": True},
}  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """Of each design a folder with its tables, and the same as if there were too many points."""
    found = {}
    for name, asked in DESIGNS.items():
        place = tmp_path_factory.mktemp(name)
        full, bare = place / "full", place / "bare"
        sim.sweep(SMALL, **asked, replicates=REPLICATES, folder=full, metrics=("lead", "tension"))
        shutil.copytree(full, bare)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sweep_tables, "MOST_POINTS", 0)
            sim.sweep(
                SMALL, **asked, replicates=REPLICATES, folder=bare, metrics=("lead", "tension")
            )
        assert pd.read_csv(bare / "comparison.csv").empty
        found[name] = full, bare
    return found


@pytest.mark.parametrize("name", DESIGNS)
def test_runs_say_the_effect_that_the_comparison_says(
    folders: dict[str, tuple[Path, Path]], name: str
) -> None:
    full, bare = (read_results(folder) for folder in folders[name])
    assert effect_days(full) == effect_days(bare)
    columns = [*full.swept, "mean_diff", "mc_low", "mc_high", "q05", "q95", "n_pairs"]
    expected, found = (
        effects_at_points(folder)[columns].reset_index(drop=True) for folder in (full, bare)
    )
    # both from the same differences, added in another order
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-12, atol=1e-14)
    said = [words.sections(folder)[0] for folder in (full, bare)]
    assert said[0].items == said[1].items
    assert said[0].paragraphs[:2] == said[1].paragraphs[:2]
    assert "runs.parquet has every run" in said[1].paragraphs[2]


@pytest.mark.parametrize("name", DESIGNS)
def test_design_is_drawn_with_its_tables_and_without(
    folders: dict[str, tuple[Path, Path]], name: str
) -> None:
    if name == "point":
        return  # there is nothing to draw it against
    for folder in folders[name]:
        with style.drawing():
            figure = picture.draw(read_results(folder))
            for text in figure.findobj(match=lambda a: hasattr(a, "get_text")):
                assert "nan" not in text.get_text()
            assert saving.render_bytes(figure, ".png", "sweep", {})
        legend = " ".join(t.get_text() for kept in figure.legends for t in kept.get_texts())
        assert ("parameters drawn too" in legend) == (name == "uncertain")
        assert ("chance alone" in legend) == (name in ("line", "names"))


def test_report_leaves_the_outcomes_of_runs_where_they_are(
    folders: dict[str, tuple[Path, Path]],
) -> None:
    runs = read_results(folders["map"][0]).tables["runs"]
    there = pd.read_parquet(folders["map"][0] / "runs.parquet")
    assert "final.tension" in there
    assert {"parity", "calming", "point", "replicate", "lead", "effect.window.lead"} <= set(runs)
    assert not [name for name in runs if name.startswith(("final.", "window.", "effect.final.t"))]
    assert len(runs) == len(there)


def test_overall_effect_is_the_mean_over_points_replicate_by_replicate(
    folders: dict[str, tuple[Path, Path]],
) -> None:
    folder = folders["drawn"][0]
    runs = pd.read_parquet(folder / "runs.parquet")
    effects = runs.pivot_table(index="point", columns="replicate", values="effect.window.lead")
    means = effects.mean(axis=0)
    found = overall_effect(read_results(folder))
    assert found is not None
    assert found.replicates == REPLICATES
    assert found.mean == pytest.approx(effects.to_numpy().mean(), rel=1e-12)
    half = 2.5706 * means.std() / REPLICATES**0.5  # t with 5 degrees of freedom, 95 %
    assert found.mc_high - found.mean == pytest.approx(half, rel=1e-4)


def test_scenario_is_a_key_like_any_other(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(SMALL.read_text().replace("name: small", "name: other", 1))
    asked = {"scenario": [str(SMALL), str(other)]}
    sim.sweep(SMALL, asked, replicates=2, folder=tmp_path / "run", metrics=("lead",))
    folder = read_results(tmp_path / "run")
    assert folder.swept == ("scenario",)
    assert words.sections(folder)[0].heading == "How the effect depends on what was swept"


def test_trend_has_a_row_a_value_or_a_row_a_tenth() -> None:
    x = np.arange(100.0)
    many = pd.DataFrame({"x": x[::-1], "mean_diff": 2.0 * x[::-1]})
    found = trend(many, "x")
    assert found["x"].tolist() == [10 * share + 4.5 for share in range(10)]
    assert found["mean_diff"].tolist() == [2.0 * value for value in found["x"]]
    few = pd.DataFrame({"x": ["b", "a", "b"], "mean_diff": [1.0, 5.0, 3.0]})
    assert trend(few, "x").to_dict("list") == {"x": ["b", "a"], "mean_diff": [2.0, 5.0]}
