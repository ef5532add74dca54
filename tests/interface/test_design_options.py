"""The options of a sweep that describe its design."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.store import tables
from tests.interface.conftest import Answer

Narrate = Callable[..., Answer]
DRAWN = ("--param", "parity=0:0.6", "--param", "arms.offer.mediator.policy=none,scripted")

USAGE = {
    "no key": (["--design", "lhs"], "--param: is missing; see narrate sweep --help"),
    "unknown design": (["--param", "parity=0,1", "--design", "sobel"],
                       "--design: must be one of these; did you mean sobol? (got sobel)"),
    "samples of a grid": (["--param", "parity=0,1", "--samples", "4"],
                          "--samples: only for the designs that are drawn: lhs, sobol, morris"),
    "no samples": (["--param", "parity=0:1", "--design", "lhs", "--samples", "0"],
                   "--samples: must be a whole number from 1 to 100000 (got 0)"),
    "file and keys": (["--param", "parity=0,1", "--design", "own.csv"],
                      "--param: a design from a file has its own keys and values"),
    "no file": (["--design", "own.csv"], "own.csv: there is no such file"),
    "range in a grid": (["--param", "parity=0:1"],
                        "--param: parity: a grid or zip needs low:high:count, or values with "
                        "commas between (got 0:1)"),
    "scenario without its arm": (["--param", "scenario=small.yaml,symmetric"],
                                 "--param: scenario: has no arm no_offer; its arms: no_mediation, "
                                 "mediation, threshold (got symmetric)"),
    "control characters": (["--design", "no\x1b[31m.csv"],
                           "no\\x1b[31m.csv: there is no such file"),
}  # fmt: skip


@pytest.mark.parametrize("name", USAGE)
def test_design_is_refused_in_these_words(name: str, narrate: Narrate, place: Path) -> None:
    words, expected = USAGE[name]
    answer = narrate("sweep", "small.yaml", *words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.split("\n")[0].startswith(f"error: {expected}")
    assert os.listdir(place) == ["small.yaml"]


def test_drawn_design_is_counted_and_its_size_remarked_on(narrate: Narrate, place: Path) -> None:
    words = ("sweep", "small.yaml", *DRAWN, "--dry-run", "--json", "-n", "1", "--design")
    points = {
        kind: json.loads(narrate(*words, kind, "--samples", "6").out)["points"]
        for kind in ("lhs", "sobol", "morris")
    }
    assert points == {"lhs": 6, "sobol": 6, "morris": 18}
    assert "power of two" in narrate(*words, "sobol", "--samples", "6").err
    assert narrate(*words, "sobol", "--samples", "8").err == ""


def test_seed_of_the_sweep_draws_the_design(narrate: Narrate, place: Path) -> None:
    words = ("sweep", "small.yaml", *DRAWN, "-n", "1", "--no-report", "--quiet", "--design", "lhs",
             "--samples", "4")  # fmt: skip
    for out, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        assert narrate(*words, "--seed", seed, "-o", out).code == 0
    a, b, c = (tables.read(place / out, "design") for out in "abc")
    assert a.equals(b)
    assert not a.equals(c)


def test_design_of_a_sweep_runs_again_from_its_file(narrate: Narrate, place: Path) -> None:
    words = ("sweep", "small.yaml", "-n", "2", "--no-report", "--quiet", "--design")
    assert narrate(*words, "lhs", "--samples", "3", *DRAWN, "-o", "drawn").code == 0
    assert narrate(*words, "drawn/design.csv", "-o", "read").code == 0
    for name in ("design.csv", "summary.csv", "comparison.csv"):
        assert (place / "drawn" / name).read_bytes() == (place / "read" / name).read_bytes()


def test_set_acts_on_every_scenario_of_a_design(narrate: Narrate, place: Path) -> None:
    (place / "other.yaml").write_text(
        (place / "small.yaml").read_text(encoding="utf-8").replace("name: small", "name: other"),
        encoding="utf-8",
    )
    words = ("sweep", "small.yaml", "--param", "scenario=small.yaml,other.yaml", "--no-report")
    answer = narrate(*words, "--set", "parity=0.9", "-n", "1", "--quiet", "-o", "out")
    assert answer.code == 0
    runs = tables.read(place / "out", "runs")
    assert sorted(set(runs["scenario"])) == ["other.yaml", "small.yaml"]
    assert narrate(*words, "--set", "parity=9", "-n", "1").code == 2
