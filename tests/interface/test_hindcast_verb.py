"""`narrate hindcast`: a template, a file that is refused by line, a folder, words that can say no."""

from __future__ import annotations

import json

import pytest

SAID = {"Washington": 1, "London": 0, "Paris": 2, "Berlin": 1, "Brussels": 0, "Ottawa": -1,
        "Africa": 0, "UN New York": -2}  # fmt: skip
FEW = ("-n", "2", "--samples", "6", "--no-report")


@pytest.fixture
def file(place):
    """Eight made-up codes of audiences of the main scenario."""
    rows = [f"{name},2025-06-15,{code},overall,made up" for name, code in SAID.items()]
    path = place / "said.csv"
    path.write_text("\n".join(["audience,date,code,about,source", *rows]), encoding="utf-8")
    return path


def test_template_is_printed_with_a_row_for_each_audience(narrate):
    answer = narrate("hindcast", "--template", "kashmir_2025")
    head, *rows = answer.out.splitlines()
    assert (answer.code, head) == (0, "audience,date,code,about,source")
    assert len(rows) == 12
    assert rows[0] == "Washington,,,overall,"


def test_without_a_file_it_says_how_to_get_one(narrate):
    answer = narrate("hindcast", "kashmir_2025")
    assert answer.code == 2
    assert "--outcomes: is missing; narrate hindcast --template SCENARIO" in answer.err


def test_names_that_are_no_audience_are_refused_not_dropped(narrate, file):
    with file.open("a", encoding="utf-8") as stream:
        stream.write("\nWashingtn,2025-06-15,1,overall,x\nBeijing,2025-06-15,-1,overall,x\n")
    answer = narrate("hindcast", "kashmir_2025", "--outcomes", "said.csv")
    assert answer.code == 2
    assert "said.csv:10: audience: unknown audience; did you mean Washington?" in answer.err
    assert "said.csv:11: audience: unknown audience" in answer.err
    assert not (file.parent / "results").exists()


def test_dry_run_counts_the_runs_of_every_arm(narrate, file):
    words = (
        "--arms",
        "mediation,no_mediation",
        "-n",
        "3",
        "--samples",
        "4",
        "--dry-run",
        "--json",
    )
    answer = narrate("hindcast", "kashmir_2025", "--outcomes", "said.csv", *words)
    assert json.loads(answer.out)["runs"] == 14
    assert not (file.parent / "results").exists()


def test_results_are_printed_and_kept(narrate, file):
    words = ("--arms", "mediation", "--at", "64", *FEW, "-o", "kept", "--json")
    answer = narrate("hindcast", "kashmir_2025", "--outcomes", "said.csv", *words)
    assert answer.code == 0, answer.err
    said = json.loads(answer.out)
    assert said["day"] == 64
    assert said["counts"] == {"asked": 8, "used": 8, "failed": 0}
    assert list(said["outcomes"]) == ["said.csv"]
    measures = {(row["measure"], row["rival"]) for row in said["ranks"]}
    assert {("level", ""), ("level", "start"), ("level", "better"), ("votes", "")} <= measures
    folder = file.parent / "kept"
    assert (folder / "ranks.csv").exists()
    drawn = narrate("report", "kept")
    assert drawn.code == 0, drawn.err
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "the simulation" in page.lower()
    assert (folder / "figures" / "hindcast.svg").exists()


def test_folders_of_both_interfaces_are_equal(narrate, file):
    import sim

    words = ("--arms", "no_mediation", *FEW, "-o", "command", "--quiet")
    assert narrate("hindcast", "kashmir_2025", "--outcomes", "said.csv", *words).code == 0
    found = sim.hindcast("kashmir_2025", file, ["no_mediation"], replicates=2, samples=6)
    found.save(file.parent / "python", report=False)
    folders = [file.parent / name for name in ("command", "python")]
    assert len({tuple(sorted(path.name for path in one.iterdir())) for one in folders}) == 1
    told = [json.loads((one / "manifest.json").read_text("utf-8")) for one in folders]
    for fact in ("content_sha256", "outcomes", "day", "left_out", "counts"):
        assert told[0][fact] == told[1][fact]


def test_defaults_are_those_of_the_function(narrate):
    from inspect import signature

    import sim
    from sim.cli import hindcast

    api = {name: one.default for name, one in signature(sim.hindcast).parameters.items()}
    assert (api["replicates"], api["samples"]) == (hindcast.REPLICATES, hindcast.SAMPLES)


def test_day_outside_the_run_is_refused(narrate, file):
    answer = narrate("hindcast", "kashmir_2025", "--outcomes", "said.csv", "--at", "2026-01-01")
    assert answer.code == 2
    assert "--at: must lie within the run, 2025-04-12 to 2025-08-20" in answer.err
