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


@pytest.fixture(scope="module", params=SCRIPTS, ids=lambda script: script.stem)
def done(request, tmp_path_factory):
    out = tmp_path_factory.mktemp(request.param.stem)
    small = ["--pairs", "8", *SMALL.get(request.param.stem, [])]
    command = [sys.executable, "-W", "error", request.param, *small, "--out", out]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert finished.returncode == 0, finished.stderr
    return request.param, out, finished.stdout


@pytest.mark.slow
def test_experiment_writes_a_figure_for_a_slide(done):
    script, out, _ = done
    picture = (out / f"{script.stem}.png").read_bytes()
    width, height = (int.from_bytes(picture[i : i + 4], "big") for i in (16, 20))
    assert picture.startswith(b"\x89PNG")
    assert width >= 1900
    assert 1.6 < width / height < 1.9


@pytest.mark.slow
def test_verdict_of_a_claim_is_what_its_interval_says(done):
    _, out, _ = done
    claims = read(out / "claims.csv")
    assert claims
    for claim in claims:
        names = (
            ("low", "value", "high") if "value" in claim else ("mc_low", "mean_diff", "mc_high")
        )
        low, mean, high = (float(claim[name]) for name in names)
        # the limits that the claim names; those that name none are of an effect below 0
        above, below = (float(claim.get(name, at)) for name, at in (("above", -inf), ("below", 0)))
        assert low <= mean <= high
        if (low > above and high < below) or low == high == above == below:
            expected = "holds"
        else:
            expected = "fails" if high <= above or low >= below else "undecided"
        assert claim["verdict"] == expected


@pytest.mark.slow
def test_every_claim_is_printed_with_its_verdict(done):
    _, out, said = done
    for claim in read(out / "claims.csv"):
        assert any(
            line.startswith(claim["verdict"]) and claim["claim"] in line
            for line in said.splitlines()
        )


def test_readme_lists_every_experiment():
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert NAMES
    assert all(f"`{name}.py`" in page for name in NAMES)
