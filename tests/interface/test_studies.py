"""The verbs sensitivity and discover, from the command line to the files."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.errors import RefusedError
from sim.store import lock, manifest, tables
from sim.store.hashing import content_hash
from sim.tables.columns import TABLES
from tests.interface.conftest import Answer
from tests.interface.test_stopping import stopped

Narrate = Callable[..., Answer]

KEYS = ("--param", "parity=0:1", "--param", "goodwill=0:0.1", "--param", "attack_potency=0:3")
SENSITIVITY = (
    "sensitivity",
    "small.yaml",
    *KEYS,
    "--trajectories",
    "6",
    "--samples",
    "8",
    "-n",
    "4",
)
DISCOVER = ("discover", "small.yaml", *KEYS, "--samples", "160", "-n", "2")


def hashes(folder: Path, *sweeps: str) -> list[str]:
    return [content_hash(place) for place in (folder, *(folder / name for name in sweeps))]


def test_sensitivity_screens_then_decomposes(narrate: Narrate, place: Path) -> None:
    answer = narrate(*SENSITIVITY, "-o", "out")
    assert answer.code == 0
    for words in ("Screening", "How much is chance", "What the mean depends on",
                  "What the spread depends on", "Results: out"):  # fmt: skip
        assert words in answer.out
    out = place / "out"
    found = tables.read(out, "sensitivity")
    assert tuple(found.columns) == TABLES["sensitivity"].columns
    assert set(found["index"]) == {
        "mu_star", "mu", "sigma", "sign", "chance", "S1", "ST", "unresolved"
    }  # fmt: skip
    assert set(tables.read(out, "shares")["part"]) == {"parameters", "chance"}
    assert (out / "sensitivity.md").read_text(encoding="utf-8") in answer.out + "\n"
    for name in ("screening", "indices"):
        assert (out / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    kept = set(found["parameter"][found["index"] == "ST"])
    points = len(tables.read(out / "sobol", "design"))
    assert points == 8 * (len(kept) + 2)
    said = manifest.read_manifest(out)
    assert said["status"] == manifest.COMPLETE
    runs = 2 * 4 * (6 * 4 + points)
    assert said["counts"] == {"asked": runs, "used": runs, "failed": 0}
    assert narrate("status", "out", "--verify").code == 0


def test_only_one_of_both_when_asked_for(narrate: Narrate, place: Path) -> None:
    few = [word for word in SENSITIVITY if word not in ("--samples", "8")]
    answer = narrate(*few, "--screen", "-o", "screen", "--json", "--no-report")
    assert answer.code == 0
    told = json.loads(answer.out)
    assert told["shares"] == []
    assert {row["index"] for row in told["sensitivity"]} >= {"mu_star"}
    assert not (place / "screen" / "sobol").exists()
    assert not (place / "screen" / "figures").exists()
    words = ("sensitivity", "small.yaml", *KEYS, "--indices", "--samples", "4", "-n", "3")
    assert narrate(*words, "-o", "indices", "--quiet").out == ""
    assert not (place / "indices" / "morris").exists()
    found = tables.read(place / "indices", "sensitivity")
    assert set(found["parameter"][found["index"] == "ST"]) == {
        "parity",
        "goodwill",
        "attack_potency",
    }


def test_discover_writes_what_it_found(narrate: Narrate, place: Path) -> None:
    answer = narrate(*DISCOVER, "--of", "effect.window.lead", "--above", "-0.012", "-o", "out")
    assert answer.code == 0
    assert 'The effect of "offer" on the lead is above -0.012' in answer.out
    out = place / "out"
    boxes, points = tables.read(out, "boxes"), tables.read(out, "points")
    assert tuple(boxes.columns) == TABLES["boxes"].columns
    assert list(points.columns) == [
        "point",
        "parity",
        "goodwill",
        "attack_potency",
        "mean",
        "sd",
        "n",
    ]
    assert len(points) == 160
    # little parity lets the effect stay near 0
    first = boxes[boxes["box"] == 1].set_index("key")
    assert first.loc["parity", "high"] < 0.7
    low = points[points["parity"] <= first.loc["parity", "high"]]
    assert (low["mean"] > -0.012).mean() > (points["mean"] > -0.012).mean()
    assert (tables.read(out, "tradeoff")["peel"] == 0).any()
    assert (out / "figures" / "above.png").exists()
    assert not (out / "figures" / "below.png").exists()


def test_discover_looks_through_a_sweep_that_was_done(narrate: Narrate, place: Path) -> None:
    assert narrate(*DISCOVER, "-o", "drawn", "--no-report", "--json").code == 0
    assert narrate("sweep", "small.yaml", *KEYS, "--design", "lhs", "--samples", "160", "-n", "2",
                   "-o", "swept", "--no-report", "--quiet").code == 0  # fmt: skip
    for folder, out in (("drawn", "a"), ("swept", "b")):
        assert narrate("discover", folder, "-o", out, "--no-report", "--quiet").code == 0
    a, b, own = (tables.read(place / name, "points") for name in ("a", "b", "drawn"))
    assert a.equals(own)
    assert a.equals(b)


REFUSED = {
    "unknown column": ((*SENSITIVITY, "--of", "effect.window.leed"),
                       "--of: unknown metric of runs; did you mean effect.window.lead?"),
    "unknown parameter": ((*DISCOVER, "--param", "parrity=0:1"), "--param: parrity: unknown key"),
    "repeated": ((*DISCOVER, "--param", "parity=0:1"), "--param: parity: "),
    "no power of two": (("sensitivity", "small.yaml", "--samples", "6"),
                        "--samples: must be a power of two (got 6)"),
    "samples of a screening": ((*SENSITIVITY, "--screen"), "--samples: there are none with --screen"),
    "too few replicates": ((*SENSITIVITY, "-n", "2"), "--replicates: indices need 3 or more"),
    "unknown arm": ((*SENSITIVITY, "--arms", "ofer"), "--arms: unknown arm; did you mean offer?"),
    "too few points": ((*DISCOVER, "--samples", "79"),
                       "--samples: conditions are looked for among 80 points or more (got 79)"),
    "below zero": ((*DISCOVER, "--beyond", "-1"), "--beyond: must be 0 or more (got -1)"),
    "no number": ((*DISCOVER, "--above", "much"), "--above: must be a number (got much)"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_these_words(name: str, narrate: Narrate, place: Path) -> None:
    words, expected = REFUSED[name]
    answer = narrate(*words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.split("\n")[0].startswith(f"error: {expected}")
    assert os.listdir(place) == ["small.yaml"]


def test_dry_run_counts_and_does_nothing(narrate: Narrate, place: Path) -> None:
    told = json.loads(narrate(*SENSITIVITY, "--dry-run", "--json").out)
    assert told["runs"] == 2 * 4 * (6 * 4 + 8 * 5)
    assert "at most 512 runs" in narrate(*SENSITIVITY, "--dry-run").out
    assert json.loads(narrate(*DISCOVER, "--dry-run", "--json").out)["runs"] == 2 * 2 * 160
    assert os.listdir(place) == ["small.yaml"]


@pytest.mark.slow
def test_stopped_study_goes_on_to_the_same_tables(narrate: Narrate, place: Path) -> None:
    """Killed in the second sweep: the first is kept, and the whole says what an unbroken one does."""
    assert narrate(*SENSITIVITY, "-o", "whole", "--quiet", "--no-report").code == 0
    code, out, said = stopped(place, signal.SIGINT, 14, *SENSITIVITY, "-o", "out")
    assert (code, out) == (130, "")
    assert said == "error: interrupted; what was run is kept in out; `narrate resume out` goes on"
    assert manifest.read_manifest(place / "out")["status"] == manifest.INTERRUPTED
    assert (place / "out" / "sobol" / "sweep.json").exists()
    assert not (place / "out" / "sobol" / "manifest.json").exists()
    with lock.hold(place / "out"):
        assert narrate("resume", "out").code == 3
    assert narrate("resume", "out", "-n", "9").code == 2
    assert narrate("resume", "out", "--quiet", "--no-report").code == 0
    assert hashes(place / "out", "morris", "sobol") == hashes(place / "whole", "morris", "sobol")
    before = {path: path.stat().st_mtime_ns for path in (place / "out").rglob("*")}
    assert narrate("resume", "out").out == "out: the study is whole; nothing to do\n"
    assert before == {path: path.stat().st_mtime_ns for path in (place / "out").rglob("*")}


def test_report_draws_a_whole_study_again(narrate: Narrate, place: Path) -> None:
    assert narrate(*DISCOVER, "-o", "out", "--quiet").code == 0
    pictures = {path.name: path.read_bytes() for path in (place / "out" / "figures").iterdir()}
    assert pictures
    for path in (place / "out" / "figures").iterdir():
        path.unlink()
    assert narrate("report", "out").code == 0
    assert {
        path.name: path.read_bytes() for path in (place / "out" / "figures").iterdir()
    } == pictures
    (place / "out" / "boxes.csv").unlink()
    assert narrate("report", "out").code == 2


def test_defaults_are_the_same_everywhere() -> None:
    from inspect import signature

    from sim.cli import discover, sensitivity
    from sim.studies.sensitivity import SAMPLES, TRAJECTORIES

    api = {name: p.default for name, p in signature(sim.sensitivity).parameters.items()}
    said = (sensitivity.TRAJECTORIES, sensitivity.SAMPLES, sensitivity.REPLICATES, sensitivity.OF)
    assert said == tuple(api[name] for name in ("trajectories", "samples", "replicates", "of"))
    assert said[:2] == (TRAJECTORIES, SAMPLES)
    api = {name: p.default for name, p in signature(sim.discover).parameters.items()}
    assert (api["samples"], api["replicates"]) == (discover.SAMPLES, discover.REPLICATES)


def test_damaged_part_is_set_aside_and_made_anew(narrate: Narrate, place: Path) -> None:
    assert narrate(*DISCOVER, "-o", "out", "--quiet", "--no-report").code == 0
    before = hashes(place / "out", "sweep")
    part = next((place / "out" / "sweep" / "runs.parquet").glob("part-*"))
    part.write_bytes(part.read_bytes()[:-1])
    answer = narrate("resume", "out", "--no-report")
    assert answer.code == 0
    assert part.name in answer.err
    assert hashes(place / "out", "sweep") == before
    assert list((place / "out" / "sweep" / "bad").iterdir())


def test_changed_scenario_is_not_gone_on_with(narrate: Narrate, place: Path) -> None:
    assert narrate(*DISCOVER, "-o", "out", "--quiet", "--no-report").code == 0
    text = (place / "small.yaml").read_text(encoding="utf-8")
    (place / "small.yaml").write_text(text.replace("parity: 0.4", "parity: 0.5"), encoding="utf-8")
    answer = narrate("resume", "out")
    assert answer.code == 3
    assert "scenario.parameters.parity: was 0.4, is 0.5" in answer.err


def test_python_gives_the_same(narrate: Narrate, place: Path) -> None:
    given = {"parity": "0:1", "goodwill": "0:0.1", "attack_potency": "0:3"}
    study = sim.sensitivity("small.yaml", given, trajectories=6, samples=8, replicates=4)
    assert narrate(*SENSITIVITY, "-o", "out", "--quiet", "--no-report").code == 0
    stored = tables.read(place / "out", "sensitivity")
    assert stored["value"].fillna(9.0).tolist() == study.sensitivity["value"].fillna(9.0).tolist()
    assert "What the mean depends on" in study.summary()
    pictures = study.plot()
    assert set(pictures) == {"screening", "indices"}
    shown = pictures._repr_html_()  # by a notebook, without a magic
    assert shown.count('src="data:image/png;base64,iVBOR') == 2


def test_python_study_in_a_folder_goes_on(place: Path, narrate: Narrate) -> None:
    given = {"parity": "0:1", "goodwill": "0:0.1"}
    options = {"samples": 100, "replicates": 2, "of": "effect.window.lead"}
    first = sim.discover("small.yaml", given, folder="out", **options)
    parts = sorted((place / "out" / "sweep" / "runs.parquet").iterdir())
    again = sim.discover("small.yaml", given, folder="out", **options)
    assert first.points.equals(again.points)
    assert sorted((place / "out" / "sweep" / "runs.parquet").iterdir()) == parts
    assert narrate("resume", "out").out.endswith("the study is whole; nothing to do\n")
    with pytest.raises(RefusedError, match="samples: was 100, is 120"):
        sim.discover("small.yaml", given, folder="out", **{**options, "samples": 120})
    first.save("saved")
    assert (place / "saved" / "figures" / "below.png").exists()
    with pytest.raises(AttributeError, match="no attribute 'box'"):
        first.box  # noqa: B018 - the access is what is tested
