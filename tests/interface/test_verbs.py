"""Each verb: what it prints, writes and returns."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sim.scenario import shipped
from sim.store import tables
from sim.store.hashing import content_hash
from sim.tables.columns import TABLES
from tests.interface.conftest import Answer

Narrate = Callable[..., Answer]


def only_folder(place: Path) -> Path:
    (folder,) = (place / "results" / "small").iterdir()
    return folder


def test_run_writes_a_folder_and_says_where(narrate: Narrate, place: Path) -> None:
    answer = narrate("run", "small.yaml", "--arm", "offer")
    folder = only_folder(place)
    assert answer.code == 0
    assert f"Results: {folder.relative_to(place)}" in answer.out
    assert "Broker offered to mediate on 2025-05-28 (" in answer.out
    written = {file.name for file in folder.iterdir()}
    assert {"manifest.json", "scenario.resolved.yaml", "sources.csv", "timeseries.parquet",
            "messages.parquet", "ledger.parquet", "figures", "report.html"} <= written  # fmt: skip
    for name in ("timeseries", "messages", "ledger", "sources"):
        assert tuple(tables.read(folder, name).columns) == TABLES[name].columns


def test_manifest_says_how_the_folder_was_made(narrate: Narrate, place: Path) -> None:
    words = (
        "run",
        "small.yaml",
        "--arm",
        "offer",
        "--seed",
        "12",
        "--replicate",
        "3",
        "--no-report",
    )
    narrate(*words)
    folder = only_folder(place)
    found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert found["command"] == ["narrate", *words]
    assert (found["verb"], found["seed"], found["replicate"]) == ("run", 12, 3)
    assert found["status"] == "complete"
    assert found["counts"] == {"asked": 1, "used": 1, "failed": 0}
    assert found["content_sha256"] == content_hash(folder)
    assert re.fullmatch("[0-9a-f]{64}", found["inputs"]["small.yaml"])
    assert {"python", "numpy", "numba", "mesa", "pandas", "narrative-diplomacy"} <= set(
        found["versions"]
    )
    assert {"commit", "dirty"} == set(found["git"])
    assert found["timings"]["total"] > 0


def test_resolved_scenario_gives_the_same_results(narrate: Narrate, place: Path) -> None:
    words = ("--arm", "offer", "--quiet", "--no-report")
    narrate("run", "small.yaml", "--set", "parity=0.7", "-o", "one", *words)
    answer = narrate("run", "one/scenario.resolved.yaml", "-o", "two", *words)
    assert answer == (0, "", "")
    one, two = (tables.read(place / name, "timeseries") for name in ("one", "two"))
    assert one.equals(two)


def test_two_runs_never_share_a_folder(narrate: Narrate, place: Path) -> None:
    for _ in range(3):
        assert narrate("run", "small.yaml", "--no-ledger", "--no-report", "--quiet").code == 0
    assert len(list((place / "results" / "small").iterdir())) == 3


def test_json_is_one_document(narrate: Narrate) -> None:
    answer = narrate("run", "small.yaml", "--json", "--no-report")
    found = json.loads(answer.out)
    assert found["outcomes"].keys() >= {"lead", "peak_tension", "alignment_Broker"}
    assert Path(found["folder"]).is_dir()


def test_both_engines_tell_the_same_run(narrate: Narrate, place: Path) -> None:
    words = ("run", "small.yaml", "--arm", "offer", "--quiet", "--no-report")
    narrate(*words, "-o", "mesa")
    narrate(*words, "-o", "fast", "--engine", "ensemble")
    one, two = (tables.read(place / name, "timeseries") for name in ("mesa", "fast"))
    assert one.drop(columns="value").equals(two.drop(columns="value"))
    assert (one["value"] - two["value"]).abs().max() < 1e-12
    assert not (place / "fast" / "messages.parquet").exists()


def test_run_without_a_part_says_so_and_differs(narrate: Narrate, place: Path) -> None:
    drop = ("--without", "narrative:victim", "--without", "event:clash")
    answer = narrate("run", "small.yaml", *drop, "-o", "cut", "--no-report")
    assert answer.code == 0
    assert "Without narrative:victim, on the same draws.\nWithout event:clash, on" in answer.out
    found = json.loads((place / "cut" / "manifest.json").read_text(encoding="utf-8"))
    assert found["without"] == ["narrative:victim", "event:clash"]
    assert narrate("run", "small.yaml", "-o", "whole", "--no-report", "--quiet").code == 0
    cut, whole = (tables.read(place / name, "messages") for name in ("cut", "whole"))
    assert "victim" in set(whole["narrative"]) - set(cut["narrative"])
    assert "clash" in set(whole["sender"]) - set(cut["sender"])
    assert not answer.err


def test_compare_writes_tables_figures_and_words(narrate: Narrate, place: Path) -> None:
    answer = narrate("compare", "small.yaml", "-n", "6", "--every", "5")
    folder = only_folder(place)
    assert answer.code == 0
    assert "Aria" in answer.out
    assert "Boreas" in answer.out
    assert f"Results: {folder.relative_to(place)}" in answer.out
    for name in ("summary", "comparison", "channels", "runs", "timeseries", "messages", "ledger",
                 "failures", "sources"):  # fmt: skip
        assert set(tables.read(folder, name).columns) == set(TABLES[name].columns), name
    found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert found["arms"] == ["no_offer", "offer"]
    assert found["baseline"] == "no_offer"
    assert found["content_sha256"] == content_hash(folder)
    assert (folder / "report.html").stat().st_size > 10_000
    assert set(tables.read(folder, "timeseries")["arm"]) == {"offer", "no_offer"}


def test_compare_counts_the_runs_it_does(narrate: Narrate, place: Path) -> None:
    plan = json.loads(narrate("compare", "small.yaml", "-n", "4", "--dry-run", "--json").out)
    # both arms, and the four channels of the one that mediates, for two kinds of uncertainty
    assert plan["runs"] == (2 + 4) * 4 * 2
    assert [file.name for file in place.iterdir()] == ["small.yaml"]


def test_estimate_knows_the_engine_the_runs_and_the_report(narrate: Narrate) -> None:
    def seconds(*more: str) -> float:
        plan = narrate("compare", "kashmir_2025", "--dry-run", "--json", *more).out
        return float(json.loads(plan)["seconds"])

    few = seconds("-n", "1000")
    assert seconds("-n", "1000", "--engine", "mesa") > 100.0 * few
    assert seconds("-n", "1000", "--no-report") < few < seconds("-n", "2000")


def test_report_draws_an_old_folder_again(narrate: Narrate, place: Path) -> None:
    narrate("run", "small.yaml", "--quiet", "--no-report", "-o", "old")
    assert not (place / "old" / "report.html").exists()
    (place / "old").rename(place / "moved")
    answer = narrate("report", "moved")
    assert answer.code == 0
    assert (place / "moved" / "report.html").is_file()


def test_show_says_where_each_value_comes_from(narrate: Narrate) -> None:
    answer = narrate("show", "small.yaml", "--arm", "offer", "--set", "goodwill=0.05")
    lines = answer.out.split("\n")
    (guess,) = (line for line in lines if line.startswith("audiences.Hill.importance"))
    assert re.search(r"3(\.0)? +a guess +\(small\.yaml:\d+:\d+", guess)
    (given,) = (line for line in lines if line.startswith("parameters.goodwill"))
    assert "--set" in given
    (policy,) = (line for line in lines if line.startswith("mediator.policy"))
    assert "scripted" in policy


def test_show_prints_json_yaml_and_the_schema(narrate: Narrate, place: Path) -> None:
    found = json.loads(narrate("show", "small.yaml", "--json").out)
    assert found["scenario"]["name"] == "small"
    assert {"key", "value", "source", "where"} == set(found["sources"][0])
    (place / "again.yaml").write_text(narrate("show", "small.yaml", "--yaml").out)
    assert json.loads(narrate("show", "again.yaml", "--json").out)["sha256"] == found["sha256"]
    assert "definitions" in json.loads(narrate("show", "--schema").out)


def test_list_names_everything(narrate: Narrate) -> None:
    answer = narrate("list")
    for word in ("kashmir_2025", "uniform", "bounded_confidence", "threshold", "logit",
                 "share_of_voice"):  # fmt: skip
        assert re.search(rf"^  {word} ", answer.out, re.MULTILINE), word
    found = json.loads(narrate("list", "metrics", "--json").out)
    assert list(found) == ["metrics"]


def test_validate_says_ok(narrate: Narrate) -> None:
    answer = narrate("validate", "small.yaml", "kashmir_2025")
    assert answer[:2] == (0, "small.yaml: ok\nkashmir_2025: ok\n")
    assert all(line.startswith("note: ") for line in answer.err.splitlines())


def test_validate_checks_what_is_set(narrate: Narrate) -> None:
    assert narrate("validate", "small.yaml", "--set", "parity=0.1").code == 0
    answer = narrate("validate", "small.yaml", "--set", "parrity=0.1")
    assert answer.code == 2
    assert "did you mean parity?" in answer.err


def test_validate_reports_every_error_of_every_file(narrate: Narrate, place: Path) -> None:
    text = (place / "small.yaml").read_text()
    (place / "bad.yaml").write_text(text.replace("parity: 0.4", "parity: 1.4, pariti: 1"))
    (place / "worse.yaml").write_text("steps: [")
    answer = narrate("validate", "bad.yaml", "small.yaml", "worse.yaml")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.count("error: bad.yaml:") == 2
    assert answer.err.count("error: worse.yaml:") == 1


def test_validate_notes_values_outside_their_usual_range(narrate: Narrate, place: Path) -> None:
    text = (place / "small.yaml").read_text()
    (place / "odd.yaml").write_text(text.replace("parity: 0.4", "peer_pull: 0.4"))
    answer = narrate("validate", "odd.yaml")
    assert answer.out == "odd.yaml: ok\n"
    assert answer.err.startswith("note: odd.yaml: parameters.peer_pull")


def test_init_writes_a_scenario_that_runs(narrate: Narrate, place: Path) -> None:
    assert narrate("init", "mine.yaml").code == 0
    assert narrate("validate", "mine.yaml").out == "mine.yaml: ok\n"
    assert narrate("run", "mine.yaml", "--steps", "5", "--quiet", "--no-report").code == 0


def test_init_never_overwrites(narrate: Narrate, place: Path) -> None:
    before = (place / "small.yaml").read_bytes()
    answer = narrate("init", "small.yaml")
    assert (answer.code, answer.out) == (3, "")
    assert answer.err.startswith("error: small.yaml: exists already")
    assert (place / "small.yaml").read_bytes() == before
    (place / "dangling").symlink_to(place / "nowhere")
    assert narrate("init", "dangling").code == 3
    assert not (place / "nowhere").exists()
    assert sorted(os.listdir(place)) == ["dangling", "small.yaml"]


def test_explain_answers_why_it_moved(narrate: Narrate, place: Path) -> None:
    words = ("explain", "small.yaml", "--arm", "offer", "--audience", "Broker", "--month")
    answer = narrate(*words, "2025-06", "--top", "3")
    assert answer.code == 0
    assert "Why Broker moved, 1 June 2025 to 12 June 2025 (days 12 to 23)" in answer.out
    folder = only_folder(place)
    assert (folder / "figures" / "waterfall.svg").stat().st_size > 1000
    found = json.loads(narrate(*words, "2025-06", "--json").out)
    assert found["change"] == pytest.approx(sum(part["delta"] for part in found["causes"]))


@pytest.mark.slow
def test_check_passes(narrate: Narrate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two quick statements, every pattern; each statement is a test of its own elsewhere."""
    from sim.verification import statements

    quick = {name: statements.STATEMENTS[name] for name in ("V1", "V7")}
    monkeypatch.setattr(statements, "STATEMENTS", quick)
    answer = narrate("check", "kashmir_2019", "--samples", "2", "--json")
    assert answer.code == 0
    found = json.loads(answer.out)
    assert found["scenario"] == "kashmir_2019"
    assert found["failed"] is False
    assert {outcome["id"] for outcome in found["statements"]} == set(quick)
    passes = {one["id"]: one["passes"] for one in found["patterns"]}
    assert passes["P7"] is passes["P15"] is None
    assert isinstance(passes["P1"], bool)
    assert {one["lesson"] for one in found["lessons"]} == set(shipped.lesson_names())
    for one in found["lessons"]:
        for statement in one["statements"]:
            assert statement["draws"] == 2
            assert statement["holds"] == (statement["share"] >= 2 / 3)


def test_check_says_its_defaults(narrate: Narrate) -> None:
    from sim.lessons.statements import DRAWS
    from sim.verification.check import SAMPLES

    words = " ".join(narrate("check", "--help").out.split())
    assert f"(default {SAMPLES} and {DRAWS};" in words


def test_check_fails_where_a_statement_fails(
    narrate: Narrate, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.lessons import statements
    from sim.verification import check

    class Failing:
        has_failures = True

        def text(self) -> str:
            return "V1 FAILS"

    monkeypatch.setattr(check, "check", lambda **_: Failing())
    monkeypatch.setattr(statements, "check_lessons", lambda *_, **__: ["a_lesson FAILS"])
    assert narrate("check") == (1, "V1 FAILS\na_lesson FAILS\n", "")


def test_check_passes_where_only_a_lesson_fails(
    narrate: Narrate, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.lessons import statements
    from sim.verification import check

    monkeypatch.setattr(check, "check", lambda **_: check.Check())
    monkeypatch.setattr(statements, "check_lessons", lambda *_, **__: ["a_lesson FAILS"])
    answer = narrate("check")
    assert answer.code == 0
    assert "a_lesson FAILS" in answer.out


def test_sweep_writes_every_point_of_the_grid(narrate: Narrate, place: Path) -> None:
    words = ("sweep", "small.yaml", "--param", "parity=0:0.6:3", "--param",
             "mediator.policy=none,scripted", "-n", "3")  # fmt: skip
    answer = narrate(*words, "--quiet", "--no-report")
    assert (answer.code, answer.out) == (0, "")
    folder = only_folder(place)
    design = tables.read(folder, "design")
    assert design["point"].tolist() == [0, 1, 2, 3, 4, 5]
    assert design["parity"].tolist() == [0, 0, 0.3, 0.3, 0.6, 0.6]
    assert design["mediator.policy"].tolist() == ["none", "scripted"] * 3
    runs = tables.read(folder, "runs")
    assert len(runs) == 6 * 2 * 3
    assert {"point", "parity", "mediator.policy", "effect.window.lead"} <= set(runs)
    found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert found["points"] == 6


def test_sweep_zips_lists(narrate: Narrate, place: Path) -> None:
    plan = narrate("sweep", "small.yaml", "--param", "parity=0,0.3,1", "--param",
                   "claimants.Aria.campaign_start=2,3,4", "--design", "zip", "--dry-run",
                   "--json", "-n", "5")  # fmt: skip
    assert json.loads(plan.out)["points"] == 3
    assert json.loads(plan.out)["runs"] == 3 * 2 * 5
    assert sorted(os.listdir(place)) == ["small.yaml"]


def test_sweep_at_the_scenarios_own_value_is_the_comparison(narrate: Narrate, place: Path) -> None:
    words = ("small.yaml", "-n", "4", "--quiet", "--no-report")
    narrate("sweep", *words, "--param", "parity=0.1,0.4", "-o", "s")
    narrate("compare", *words, "--uncertain-pairs", "0", "-o", "c")
    swept, whole = tables.read(place / "s", "runs"), tables.read(place / "c", "runs")
    at_point = swept[swept["parity"] == 0.4].drop(columns=["point", "parity"])
    keys = ["arm", "replicate"]
    one, two = (frame.sort_values(keys).reset_index(drop=True) for frame in (at_point, whole))
    facts = [name for name in whole.columns if name != "run_id"]  # it names the point
    pd.testing.assert_frame_equal(one[facts], two[facts], check_dtype=False, check_exact=True)
