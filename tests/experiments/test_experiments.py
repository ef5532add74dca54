"""The experiments run as scripts with few pairs, and their claims follow from their tables."""

import csv
import subprocess
import sys
from math import inf
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "experiments"
NAMES = sorted(script.stem for script in FOLDER.glob("*.py"))
# the benchmark asks about programs, not about the model: tests/benchmark/test_benchmark.py
SCRIPTS = [FOLDER / f"{name}.py" for name in NAMES if name != "benchmark"]
# other sizes than pairs
SMALL = {
    "phase_map": ["--side", "3"],
    "paired_draws": ["--seeds", "3"],
    "sensitivity": ["--trajectories", "4", "--samples", "8"],
    "discover": ["--samples", "200"],
}


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_experiment_draws_a_figure_and_its_claims_follow_from_its_tables(script, tmp_path):
    """One test, since workers that share the checks of a script would each run it."""
    small = ["--pairs", "8", *SMALL.get(script.stem, [])]
    command = [sys.executable, "-W", "error", script, *small, "--out", tmp_path]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert finished.returncode == 0, finished.stderr
    check_figure(script, tmp_path)
    claims = read(tmp_path / "claims.csv")
    assert claims
    for claim in claims:
        check_verdict(claim)
        assert any(
            line.startswith(claim["verdict"]) and claim["claim"] in line
            for line in finished.stdout.splitlines()
        )


def check_figure(script, out):
    """It is a picture of the size and shape of a slide."""
    picture = (out / f"{script.stem}.png").read_bytes()
    width, height = (int.from_bytes(picture[i : i + 4], "big") for i in (16, 20))
    assert picture.startswith(b"\x89PNG")
    assert width >= 1900
    assert 1.6 < width / height < 1.9


def check_verdict(claim):
    """The verdict is what the claim's interval says."""
    names = ("low", "value", "high") if "value" in claim else ("mc_low", "mean_diff", "mc_high")
    low, mean, high = (float(claim[name]) for name in names)
    # the limits that the claim names; those that name none are of an effect below 0
    above, below = (float(claim.get(name, at)) for name, at in (("above", -inf), ("below", 0)))
    assert low <= mean <= high
    if (low > above and high < below) or low == high == above == below:
        expected = "holds"
    else:
        expected = "fails" if high <= above or low >= below else "undecided"
    assert claim["verdict"] == expected


def test_readme_lists_every_experiment():
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert NAMES
    assert all(f"`{name}.py`" in page for name in NAMES)
