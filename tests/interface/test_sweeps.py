"""Sweeps by the command line: until an interval is narrow, resumed, extended, looked at."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.errors import RefusedError
from sim.running.sweeps.until import PILOT
from sim.store import tables
from sim.store.hashing import content_hash
from tests.interface.conftest import SMALL, Answer

Narrate = Callable[..., Answer]
PARITY = ("sweep", "small.yaml", "--param", "parity=0,0.6", "--no-report")
UNTIL = ("--until", "effect.window.lead=0.001")
KEYS = ["point", "arm", "replicate"]


def held(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file with its time and content."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def test_until_runs_as_many_as_the_pilots_spread_asks_for(narrate: Narrate, place: Path) -> None:
    answer = narrate(*PARITY, *UNTIL, "-n", "5000", "-o", "out")
    assert answer.code == 0
    assert "2 of 2 means of effect.window.lead are within +-0.001; until.csv" in answer.err
    found, runs = tables.read(place / "out", "until"), tables.read(place / "out", "runs")
    assert (found["reached"] == "yes").all()
    for row in found.itertuples():
        own = runs.query(f"point == {row.point} and arm == 'offer'")["effect.window.lead"]
        pilot = own.iloc[:PILOT]
        t = 1.9983405  # of Student's t with 63 degrees of freedom, 97.5 %
        assert row.n == len(own) == max(PILOT, math.ceil((t * pilot.std() / 0.001) ** 2))
        assert row.mean == pytest.approx(own.mean(), rel=1e-12)
        assert row.mc_high - row.mean == pytest.approx(t * pilot.std() / math.sqrt(row.n))
    assert found["n"].max() > PILOT


def test_until_says_where_runs_have_no_value(narrate: Narrate, place: Path) -> None:
    """In the arm runs differ from the baseline without an offer too, and have no such effect."""
    with (place / "small.yaml").open("a", encoding="utf-8") as file:
        file.write("    parameters: {attack_potency: 0.5}\n")
    policies = "arms.offer.mediator.policy=none,scripted,threshold"
    answer = narrate("sweep", "small.yaml", "--param", policies, "--set", "offer_threshold=4.2",
                     *UNTIL, "-n", "20", "-o", "out", "--no-report")  # fmt: skip
    assert answer.code == 0
    found = tables.read(place / "out", "until").set_index("arms.offer.mediator.policy")
    assert found.loc["none", ["n", "reached"]].tolist() == [0, "no value"]
    assert found.loc["scripted", "n"] == 20
    assert 0 < found.loc["threshold", "n"] < 20
    reached = (found["reached"] == "yes").sum()
    assert f"{reached} of 2 means of effect.window.lead are within +-0.001" in answer.err
    assert "at 1 of 3 points no run of offer has effect.window.lead" in answer.err
    assert "at 1 of 3 points not every run of offer has effect.window.lead" in answer.err
    said = " ".join(answer.out.split())
    assert "Under offer no pair has this effect at 1 of 3 points." in said
    assert "Under offer only some pairs have this effect" in said


def test_until_stops_at_the_most_allowed_and_goes_on_when_more_are(
    narrate: Narrate, place: Path
) -> None:
    answer = narrate(*PARITY, *UNTIL, "-n", "70", "-o", "out")
    assert "1 of 2 means" in answer.err
    assert tables.read(place / "out", "until")["reached"].tolist() == ["yes", "no"]
    assert narrate("resume", "out", "-n", "5000", "--quiet", "--no-report").code == 0
    assert narrate(*PARITY, *UNTIL, "-n", "5000", "-o", "whole", "--quiet").code == 0
    assert content_hash(place / "out") == content_hash(place / "whole")


@pytest.mark.parametrize(
    ("text", "said"),
    [("effect.window.led=0.1", "error: --until: unknown metric of runs; did you mean"),
     ("effect.window.lead", "error: --until: must be a column and a half-width"),
     ("effect.window.lead=0", "error: --until: must be a column and a half-width"),
     ("effect.window.lead=nan", "error: --until: must be a column and a half-width")],
)  # fmt: skip
def test_until_refuses(text: str, said: str, narrate: Narrate, place: Path) -> None:
    answer = narrate(*PARITY, "--until", text, "-o", "out")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(said)
    assert not (place / "out").exists()


def test_extended_sweep_is_the_one_asked_for_at_once(narrate: Narrate, place: Path) -> None:
    narrate(*PARITY, "-n", "3", "--quiet", "-o", "out")
    assert narrate("resume", "out", "--replicates", "7", "--quiet", "--no-report").code == 0
    narrate(*PARITY, "-n", "7", "--quiet", "-o", "whole")
    assert content_hash(place / "out") == content_hash(place / "whole")
    one, two = (tables.read(place / name, "runs").sort_values(KEYS, ignore_index=True)
                for name in ("out", "whole"))  # fmt: skip
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    fewer = narrate("resume", "out", "--replicates", "5")
    assert (fewer.code, fewer.err) == (
        2, "error: --replicates: out has 7 asked for already (got 5)\n"
    )  # fmt: skip


def test_resume_of_a_whole_sweep_touches_nothing(narrate: Narrate, place: Path) -> None:
    narrate(*PARITY, "-n", "3", "--quiet", "-o", "out")
    before = held(place / "out")
    assert narrate("resume", "out") == (0, "out: the sweep is whole; nothing to do\n", "")
    answer = narrate("resume", "out", "--json")
    assert json.loads(answer.out)["done"] is True
    assert narrate("status", "out", "--verify").code == 0
    assert held(place / "out") == before


def test_status_says_what_is_there(narrate: Narrate, place: Path) -> None:
    narrate(*PARITY, "-n", "3", "--quiet", "-o", "out")
    found = json.loads(narrate("status", "out", "--verify", "--json").out)
    assert found["content_sha256"] == content_hash(place / "out")
    assert {name: found[name] for name in ("status", "points", "pairs_done", "pairs_asked")} == {
        "status": "complete", "points": 2, "pairs_done": 6, "pairs_asked": 6,
    }  # fmt: skip
    assert (found["driver"], found["damaged"]) == (None, [])


def test_sweep_with_a_part_gone_is_not_called_complete(narrate: Narrate, place: Path) -> None:
    narrate(*PARITY, "-n", "3", "--quiet", "-o", "out")
    (part,) = (place / "out" / "runs.parquet").glob("part-*")
    part.unlink()
    answer = narrate("status", "out")
    assert answer.code == 1
    assert answer.out.startswith("out: incomplete\n0 of 6 pairs of runs in 0 parts")
    assert "damaged: runs.parquet: not all runs are there that manifest.json counts" in answer.out
    assert json.loads(narrate("status", "out", "--json").out)["status"] == "incomplete"
    assert narrate("resume", "out", "--quiet").code == 0
    assert narrate("status", "out", "--verify").out.startswith("out: complete\n6 of 6")


def test_status_of_other_folders(narrate: Narrate, place: Path) -> None:
    narrate("compare", "small.yaml", "-n", "2", "--no-channels", "--quiet", "--no-report",
            "-o", "c")  # fmt: skip
    assert narrate("status", "c", "--verify").code == 0
    with (place / "c" / "summary.csv").open("a", encoding="utf-8") as opened:
        opened.write("\n")
    answer = narrate("status", "c", "--verify")
    assert answer.code == 1
    assert "damaged: summary.csv: is not as it was written" in answer.out
    answer = narrate("status", ".")
    assert (answer.code, answer.err) == (
        2, "error: .: is not a run folder (manifest.json is missing)\n"
    )  # fmt: skip


def test_python_sweep_in_a_folder_goes_on(place: Path, narrate: Narrate) -> None:
    options = {"folder": place / "kept", "metrics": ["lead"]}
    one = sim.sweep(SMALL, {"parity": [0.0, 0.6]}, replicates=3, **options)
    two = sim.sweep(SMALL, {"parity": [0.0, 0.6]}, replicates=5, **options)
    whole = sim.sweep(SMALL, {"parity": [0.0, 0.6]}, replicates=5, metrics=["lead"])
    assert (len(one.runs), len(two.runs)) == (2 * 2 * 3, 2 * 2 * 5)
    pd.testing.assert_frame_equal(two.runs, whole.runs, check_exact=True)
    pd.testing.assert_frame_equal(two.comparison, whole.comparison, check_exact=True)
    assert narrate("status", "kept", "--verify").code == 0
    assert narrate("resume", "kept").out == "kept: the sweep is whole; nothing to do\n"
    with pytest.raises(RefusedError, match=r"design\.points\[1\]\[0\]: was 0.6, is 0.7"):
        sim.sweep(SMALL, {"parity": [0.0, 0.7]}, replicates=3, **options)


def test_sweep_with_very_many_points_says_where_its_runs_are(
    narrate: Narrate, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.running.sweeps.sweep_tables.MOST_POINTS", 3)
    answer = narrate("sweep", "small.yaml", "--param", "parity=0:0.6", "--design", "lhs",
                     "--samples", "4", "-n", "1", "--no-report", "-o", "out")  # fmt: skip
    assert answer.code == 0
    assert "4 points are too many for a summary and a comparison of each" in answer.err
    assert len(tables.read(place / "out", "runs")) == 8
    assert tables.read(place / "out", "comparison").empty
