"""One bad run costs one run: it is listed with its day and the command that repeats it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.interface.conftest import Answer

# Priming so strong that salience overflows as soon as somebody speaks
WILD = (
    "--set",
    "priming=1e308",
    "--set",
    "broadcast_reach=1",
    "--set",
    "claimants.Aria.effort=1e9",
)


def failures(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "failures.csv")


@pytest.mark.parametrize("engine", ["ensemble", "mesa"])
def test_compare_lists_every_lost_run(
    narrate: Callable[..., Answer], place: Path, engine: str
) -> None:
    answer = narrate(
        "compare", "small.yaml", "-n", "3", "--uncertain-pairs", "0", "--no-report", "--engine",
        engine, "--no-channels", "--out", "lost", *WILD,
    )  # fmt: skip
    assert answer.code == 1
    assert "defect" not in answer.err
    rows = failures(place / "lost")
    assert len(rows) == len(pd.read_parquet(place / "lost" / "runs.parquet"))
    assert rows["message"].str.fullmatch(r"left the finite numbers on day \d+").all()


@pytest.mark.parametrize("held", [(), ("--hold", "parity,goodwill")])
def test_replay_command_repeats_the_lost_run(
    narrate: Callable[..., Answer], place: Path, held: tuple[str, ...]
) -> None:
    narrate(
        "compare", "small.yaml", "-n", "2", "--uncertain-pairs", "2", "--no-report",
        "--no-channels", "--out", "lost", *WILD, *held,
    )  # fmt: skip
    row = failures(place / "lost").iloc[-1]
    words = shlex.split(row["replay_command"])
    assert words[:2] == ["narrate", "run"]
    assert words[-len(held) - 1 :] == ["--uncertain", *held]
    answer = narrate(*words[1:], "--no-report", "--out", "again")
    assert answer.code == 1
    again = failures(place / "again").iloc[0]
    assert again["message"] == row["message"]
    assert row["message"] in answer.err


def test_sweep_replays_at_its_point(narrate: Callable[..., Answer], place: Path) -> None:
    answer = narrate(
        "sweep", "small.yaml", "--param", "parity=0.1,0.2", "-n", "1", "--no-report", "--out",
        "lost", *WILD,
    )  # fmt: skip
    assert answer.code == 1
    commands = failures(place / "lost")["replay_command"]
    assert commands.str.contains("--set parity=0.1 ").any()
    assert commands.str.contains("--set parity=0.2 ").any()


def test_a_run_that_stays_finite_is_not_listed(
    narrate: Callable[..., Answer], place: Path
) -> None:
    assert narrate("run", "small.yaml", "--no-report", "--out", "fine").code == 0
    assert not (place / "fine" / "failures.csv").exists()
