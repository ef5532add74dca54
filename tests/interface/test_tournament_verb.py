"""The verb tournament, from the command line to the files, stopped and gone on with."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.store import manifest, tables
from sim.store.hashing import content_hash
from sim.store.results import read_results
from sim.studies.tournament import REPLICATES, Tournament
from sim.tables.columns import TABLES
from tests.interface.conftest import Answer
from tests.interface.test_stopping import stopped

Narrate = Callable[..., Answer]
TOURNAMENT = ("tournament", "small.yaml", "--strategies", "scripted,uniform", "--arm", "offer")
FEW = (*TOURNAMENT, "-n", "6")
QUIET = ("--quiet", "--no-report")
SWEEPS = ("chance", "parameters")


def hashes(folder: Path) -> list[str]:
    return [content_hash(place) for place in (folder, *(folder / name for name in SWEEPS))]


def test_folder_has_tables_words_and_pictures(narrate: Narrate, place: Path) -> None:
    answer = narrate(*FEW, "-o", "out")
    assert answer.code == 0
    for words in ("Which strategy is good against which?", "The matrix", "Results: out",
                  "The best reply to what was done", "Nash equilibrium"):  # fmt: skip
        assert words in answer.out
    out = place / "out"
    for name in Tournament.table_names:
        assert tuple(tables.read(out, name).columns) == TABLES[name].columns
    for name in ("matrix", "ranks"):
        assert (out / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "each choose a strategy" in page
    assert 'id="figure-matrix"' in page
    said = manifest.read_manifest(out)
    assert said["status"] == manifest.COMPLETE
    assert said["counts"] == {"asked": 48, "used": 48, "failed": 0}
    assert said["draws"] == {"chance": 6, "parameters": 6}
    assert narrate("status", "out", "--verify").code == 0
    assert narrate("resume", "out").out == "out: the study is whole; nothing to do\n"


def test_one_document_is_printed(narrate: Narrate, place: Path) -> None:
    told = json.loads(narrate(*FEW, "--chance-only", "--json", "--no-report", "-o", "out").out)
    assert {row["uncertainty"] for row in told["payoffs"]} == {"chance"}
    assert not (place / "out" / "parameters").exists()
    assert not (place / "out" / "report.html").exists()


def test_dry_run_counts_and_does_nothing(narrate: Narrate, place: Path) -> None:
    told = json.loads(narrate(*FEW, "--dry-run", "--json").out)
    assert told["runs"] == 2 * 4 * 6
    words = ("--mirror", "--budgets", "1,2", "--chance-only", "--dry-run", "--json")
    assert json.loads(narrate(*FEW, *words).out)["runs"] == 2 * 16 * 6
    assert os.listdir(place) == ["small.yaml"]


def test_report_is_drawn_again_from_the_folder_alone(narrate: Narrate, place: Path) -> None:
    assert narrate(*FEW, "-o", "out", "--quiet").code == 0
    before = {path: path.read_bytes() for path in (place / "out").rglob("*.png")}
    assert len(before) == 2
    page = results_part(place / "out" / "report.html")
    (place / "small.yaml").unlink()
    shutil.rmtree(place / "out" / "figures")
    assert narrate("report", "out").code == 0
    assert {path: path.read_bytes() for path in before} == before
    assert results_part(place / "out" / "report.html") == page


def results_part(page: Path) -> str:
    """What a page says before it tells how it was made, with the timings."""
    return page.read_text(encoding="utf-8").partition('<section id="made"')[0]


def test_what_a_kill_leaves_goes_on_to_the_same_tables(narrate: Narrate, place: Path) -> None:
    """Of a kill in the second sweep: a part that is cut short, and no tables."""
    assert narrate(*FEW, "-o", "whole", *QUIET).code == 0
    shutil.copytree(place / "whole", place / "killed")
    for path in (place / "killed").rglob("*.csv"):
        path.unlink()
    for folder in (place / "killed", place / "killed" / "parameters"):
        (folder / "manifest.json").unlink()
    part = next((place / "killed" / "parameters" / "runs.parquet").glob("part-*"))
    part.write_bytes(part.read_bytes()[:-9])
    assert narrate("resume", "killed", *QUIET).code == 0
    assert hashes(place / "killed") == hashes(place / "whole")


@pytest.mark.slow
def test_stopped_tournament_goes_on_to_the_same_tables(narrate: Narrate, place: Path) -> None:
    """Of two sweeps of four worlds each, stopped in the second."""
    assert narrate(*FEW, "-o", "whole", *QUIET).code == 0
    code, _, said = stopped(place, signal.SIGINT, 4 + 2, *FEW, "-o", "out")
    assert code == 130
    assert said == "error: interrupted; what was run is kept in out; `narrate resume out` goes on"
    assert manifest.read_manifest(place / "out")["status"] == manifest.INTERRUPTED
    assert (place / "out" / "parameters" / "sweep.json").exists()
    assert narrate("resume", "out", *QUIET).code == 0
    assert hashes(place / "out") == hashes(place / "whole")


def test_extended_tournament_is_that_of_more_draws(narrate: Narrate, place: Path) -> None:
    assert narrate(*FEW, "-o", "out", *QUIET).code == 0
    assert narrate("resume", "out", "-n", "9", *QUIET).code == 0
    assert narrate(*TOURNAMENT, "-n", "9", "-o", "nine", *QUIET).code == 0
    assert hashes(place / "out") == hashes(place / "nine")
    assert narrate("resume", "out", "-n", "7").out.endswith("whole; nothing to do\n")
    # the extension is known where its driver was killed before the first new run
    (place / "out" / "payoffs.csv").unlink()
    assert narrate("resume", "out", *QUIET).code == 0
    assert hashes(place / "out") == hashes(place / "nine")


def test_python_extends_its_folder(place: Path) -> None:
    asked = {"arm": "offer", "chance_only": True, "folder": "out", "report": False}
    few = sim.tournament("small.yaml", ["scripted", "uniform"], replicates=3, **asked)
    more = sim.tournament("small.yaml", ["scripted", "uniform"], replicates=5, **asked)
    assert (few.payoffs["n"].max(), more.payoffs["n"].max()) == (3, 5)
    stored = read_results(Path("out")).tables["payoffs"]
    assert stored["mean"].tolist() == more.payoffs["mean"].tolist()
    assert set(more.plot()) == {"matrix", "ranks"}


def test_mirror_goes_through_the_command_line(narrate: Narrate, place: Path) -> None:
    assert narrate(*FEW, "--mirror", "-o", "out", "--quiet").code == 0
    cells = tables.read(place / "out", "payoffs")
    own = cells[(cells["payoff"] == "lead") & (cells["claimant"] == "Aria")]
    for _, rows in own.groupby("uncertainty"):
        matrix = rows["mean"].to_numpy().reshape(2, 2)
        assert (matrix == -matrix.T).all()
        assert matrix[0, 1] != 0.0
    assert "Both sides have the data of Aria." in " ".join(
        (place / "out" / "report.html").read_text(encoding="utf-8").split()
    )
    assert narrate("resume", "out").out.endswith("whole; nothing to do\n")


REFUSED = {
    "unknown strategy": (("--strategies", "scriptd"), "--strategies: unknown strategy; did you"),
    "no number": (("--budgets", "much"), "--budgets: must be numbers with commas between"),
    "unknown arm": (("--arm", "ofer"), "--arm: unknown arm; did you mean offer?"),
    "rivals of equals": (
        ("--mirror", "--rival-strategies", "uniform"),
        "--rival-strategies: says",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_these_words(name: str, narrate: Narrate, place: Path) -> None:
    words, expected = REFUSED[name]
    answer = narrate("tournament", "small.yaml", *words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"error: {expected}")
    assert os.listdir(place) == ["small.yaml"]


def test_defaults_are_the_same_everywhere() -> None:
    from inspect import signature

    from sim.cli import tournament

    asked = signature(sim.tournament).parameters
    assert tournament.REPLICATES == asked["replicates"].default == REPLICATES
