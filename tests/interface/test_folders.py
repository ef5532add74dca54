"""One room for results: the command line and the Python interface write the same folders."""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

import sim
from sim.api import Comparison, Discovery, Run, Sensitivity, Sweep, Tournament
from sim.cli.main import main
from sim.report.effects import effects
from sim.report.words import results_text
from sim.running.sweeps.sweep_folder import is_sweep
from sim.store.hashing import content_hash
from sim.store.results import read_results
from sim.store.verifying import damaged_files
from tests.interface.conftest import SMALL as SMALL_FILE

# What may differ: who asked and when, and the bytes of files that say the same
UNEQUAL = ("command", "started", "timings", "sha256", "files")
RANGES = {"parity": "0:1", "goodwill": "0:0.1"}
PARAMS = [word for key, values in RANGES.items() for word in ("--param", f"{key}={values}")]
SMALL = str(SMALL_FILE)


def narrate(*words: str) -> str:
    """Call the command line in this process; what it printed."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert main(words) == 0
    return said.getvalue()


def small_with(place: Path, **arms: Any) -> str:
    """The small scenario with other arms, as a file."""
    document = yaml.safe_load(SMALL_FILE.read_text(encoding="utf-8"))
    document["arms"] = {"no_offer": {}, "offer": document["arms"]["offer"], **arms}
    path = place / "changed.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return str(path)


# What the report says is what the arm's run was


def test_event_that_the_arm_drops_is_not_marked(tmp_path: Path) -> None:
    dropping = {"events": [{"name": "clash", "drop": True}]}
    scenario = small_with(tmp_path, quiet=dropping)
    narrate("run", scenario, "--arm", "quiet", "-o", str(tmp_path / "run"))
    marked = [event.name for event in read_results(tmp_path / "run").events]
    assert marked == ["raid", "inquiry"]
    assert "clash" not in (tmp_path / "run" / "report.html").read_text(encoding="utf-8").replace(
        yaml.safe_dump(dropping), ""
    )
    narrate("compare", scenario, "--arms", "quiet", "-n", "2", "-o", str(tmp_path / "pairs"),
            "--no-report")  # fmt: skip
    marked = [event.name for event in read_results(tmp_path / "pairs").events]
    assert marked == ["raid", "clash (no offer only)", "inquiry"]


def test_levels_of_the_whole_weigh_audiences_as_each_arm_does(tmp_path: Path) -> None:
    """Alignment is half the difference of sympathy, of the whole as of each audience."""
    heavier = {"audiences": [{"name": "Hill", "importance": 90}]}
    found = sim.compare(small_with(tmp_path, heavy=heavier), ["heavy"], pairs=4, every=24)
    whole = effects(found.results())[0]
    row = found.comparison.query(
        "metric == 'lead' and uncertainty == 'chance' and answers == 'any' and step == 24"
    ).iloc[0]
    first, second = whole.sympathies
    assert first.arm is not None
    assert second.arm is not None
    assert first.baseline is not None
    assert second.baseline is not None
    assert (first.arm - second.arm) / 2 == pytest.approx(row["mean_arm"], abs=1e-12)
    assert (first.baseline - second.baseline) / 2 == pytest.approx(row["mean_baseline"], abs=1e-12)
    assert first.difference == pytest.approx(first.arm - first.baseline)
    assert abs(first.difference) > 0.01


def test_who_listens_to_whom_is_that_of_the_arm(tmp_path: Path) -> None:
    deaf = {"peers": {"Broker": {"Hill": 1}, "Port": {}}}
    scenario = small_with(tmp_path, deaf=deaf)
    told = sim.run(scenario, "deaf")
    heard = {pair for pair in told.results().peers if pair[0] == "Broker"}
    assert heard == {("Broker", "Port"), ("Broker", "Hill")}
    whole = sim.run(scenario, "offer").results().peers
    assert whole["Broker", "Hill"] == pytest.approx(1 / 3)
    assert told.results().peers["Broker", "Hill"] == pytest.approx(1 / 3)


# The same folders


def compared(place: Path) -> Comparison:
    return sim.compare(SMALL, ["offer"], pairs=6, every=6)


def swept(place: Path) -> Sweep:
    return sim.sweep(SMALL, {"parity": [0.1, 0.6]}, ["offer"], replicates=5)


def depended(place: Path) -> Sensitivity:
    return sim.sensitivity(SMALL, RANGES, ["offer"], trajectories=4, samples=8, replicates=4)


def discovered(place: Path) -> Discovery:
    return sim.discover(SMALL, RANGES, ["offer"], of="effect.final.lead", samples=96, replicates=2)


def told(place: Path) -> Run:
    return sim.run(SMALL, "offer", replicate=2, uncertain=True, held=["parity"])


def contended(place: Path) -> Tournament:
    return sim.tournament(SMALL, ["scripted", "uniform"], arm="offer", replicates=3)


CASES: dict[str, tuple[Callable[[Path], Any], list[str]]] = {
    "compare": (compared, ["compare", SMALL, "--arms", "offer", "-n", "6", "--every", "6"]),
    "sweep": (swept, ["sweep", SMALL, "--param", "parity=0.1,0.6", "--arms", "offer", "-n", "5"]),
    "sensitivity": (
        depended,
        ["sensitivity", SMALL, *PARAMS, "--arms", "offer", "--trajectories", "4",
         "--samples", "8", "-n", "4"],
    ),
    "discover": (
        discovered,
        ["discover", SMALL, *PARAMS, "--arms", "offer", "--of", "effect.final.lead",
         "--samples", "96", "-n", "2"],
    ),
    "tournament": (
        contended,
        ["tournament", SMALL, "--strategies", "scripted,uniform", "--arm", "offer", "-n", "3"],
    ),
    "run": (
        told,
        ["run", SMALL, "--arm", "offer", "--replicate", "2", "--uncertain", "--hold", "parity"],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Path, Any]]:
    """The two folders of a study, and what Python returned; each made once."""
    made: dict[str, tuple[Path, Path, Any]] = {}

    def both(verb: str) -> tuple[Path, Path, Any]:
        if verb not in made:
            place = tmp_path_factory.mktemp(verb)
            ask, words = CASES[verb]
            narrate(*words, "--quiet", "-o", str(place / "command"))
            answer = ask(place)
            made[verb] = place / "command", answer.save(place / "python"), answer
        return made[verb]

    return both


def names(folder: Path) -> set[str]:
    """The files of a folder; of parts, whose names say their bytes, only that there are some."""
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return {name if "runs.parquet/" not in name else "runs.parquet/part" for name in found}


@pytest.mark.parametrize("verb", CASES)
def test_folders_of_both_interfaces_are_equal(
    folders: Callable[[str], tuple[Path, Path, Any]], verb: str
) -> None:
    command, python, _ = folders(verb)
    assert names(command) == names(python)
    assert content_hash(command) == content_hash(python)
    manifests = [json.loads((one / "manifest.json").read_text()) for one in (command, python)]
    assert list(manifests[0]) == list(manifests[1])
    assert [set(one["files"]) for one in manifests] == [set(manifests[0]["files"])] * 2
    for key in set(manifests[0]) - set(UNEQUAL):
        assert manifests[0][key] == manifests[1][key], key
    assert manifests[1]["command"] == [f"sim.{verb}"]
    resolved = [(one / "scenario.resolved.yaml").read_bytes() for one in (command, python)]
    assert resolved[0] == resolved[1]
    for name in ("sweep.json", "study.json"):
        if (command / name).exists():
            assert (command / name).read_bytes() == (python / name).read_bytes()
    assert not damaged_files(python)


@pytest.mark.parametrize("verb", CASES)
def test_folder_of_python_is_reported_and_continued(
    folders: Callable[[str], tuple[Path, Path, Any]], verb: str, tmp_path: Path
) -> None:
    _, python, _ = folders(verb)
    copied = tmp_path / "copied"
    shutil.copytree(python, copied)
    narrate("report", str(copied))
    if verb not in ("compare", "run"):
        done = narrate("resume", str(copied), "--json")
        assert json.loads(done)["done"] is True
    if verb == "sweep":
        assert is_sweep(copied)
        narrate("resume", str(copied), "--replicates", "7", "--no-report", "--quiet")
        assert len(pd.read_parquet(copied / "runs.parquet", partitioning=None)) == 2 * 2 * 7


@pytest.mark.parametrize("verb", CASES)
def test_summary_is_what_the_command_line_prints(
    folders: Callable[[str], tuple[Path, Path, Any]], verb: str
) -> None:
    command, _, answer = folders(verb)
    if verb in ("compare", "sweep", "tournament"):
        assert answer.summary() == results_text(read_results(command))
    elif verb != "run":
        assert (command / f"{verb}.md").read_text(encoding="utf-8") == answer.summary()
    if verb == "compare":
        assert "around every capital's mean needs" in answer.summary()


@pytest.mark.parametrize("verb", CASES)
def test_answers_are_pickled_and_copied(
    folders: Callable[[str], tuple[Path, Path, Any]], verb: str
) -> None:
    _, _, answer = folders(verb)
    for twin in (pickle.loads(pickle.dumps(answer)), copy.copy(answer), copy.deepcopy(answer)):  # noqa: S301 - our own
        assert twin.summary() == answer.summary()
        for name, frame in answer.frames.items():
            pd.testing.assert_frame_equal(twin.frames[name], frame)


@pytest.mark.parametrize("verb", ["compare", "sweep"])
def test_words_and_picture_write_no_file(
    folders: Callable[[str], tuple[Path, Path, Any]], verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, answer = folders(verb)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file is written")

    for name in ("write_text", "write_bytes", "mkdir", "touch"):
        monkeypatch.setattr(Path, name, refuse)
    monkeypatch.setattr("sim.store.folder.whole_file", refuse)
    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    assert answer.summary()
    assert answer.plot() is not None


@pytest.mark.parametrize("name", [name for name in sim.__all__ if name[0].islower()])
def test_public_functions_spell_their_options_out_and_describe_each(name: str) -> None:
    function = getattr(sim, name)
    doc = inspect.getdoc(function) or ""
    assert "Parameters\n----------" in doc
    assert "Returns\n-------" in doc
    described = doc.partition("Parameters\n----------")[2].partition("\nReturns\n")[0]
    heads = [line for line in described.splitlines() if line and not line.startswith(" ")]
    told = {word.strip() for head in heads for word in head.split(",")}
    options = set(inspect.signature(function).parameters)
    assert "options" not in options
    assert options <= told, options - told
