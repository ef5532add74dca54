"""The same tables whatever the environment and the number of threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from sim.cli.main import main

SMALL = Path(__file__).with_name("small.yaml")
ROOT = Path(__file__).parents[2]
# Several things at once: a process takes seconds, and none of them may change a bit
ENVIRONMENTS = {
    "hash seed 1, Turkish, one BLAS thread, one job": {
        "PYTHONHASHSEED": "1", "LC_ALL": "tr_TR.UTF-8", "JOBS": "1",
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
    },
    "hash seed random, German, Calcutta, two BLAS threads, three jobs": {
        "PYTHONHASHSEED": "random", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de",
        "TZ": "Asia/Kolkata", "OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2", "JOBS": "3",
    },
}  # fmt: skip
PLAIN = {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"}


def hash_under(verb: str, environment: dict[str, str], folder: Path) -> str:
    """The content hash that a fresh process leaves in the manifest."""
    words = [verb, str(SMALL), "-o", str(folder), "--json", "--no-report"]
    words += ["--arm", "offer"] if verb == "run" else ["-n", "19", "--every", "4"]
    if verb == "compare" and "JOBS" in environment:
        words += ["--jobs", environment["JOBS"]]
    env = {**os.environ, **PLAIN, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(
        [sys.executable, "-m", "sim", *words], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    json.loads(done.stdout)
    found: str = json.loads((folder / "manifest.json").read_text())["content_sha256"]
    return found


@cache
def plain_hash(verb: str, folder: Path) -> str:
    return hash_under(verb, {}, folder / verb)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plain")


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["run", "compare"])
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environment_changes_no_number(name: str, verb: str, base: Path, tmp_path: Path) -> None:
    assert hash_under(verb, ENVIRONMENTS[name], tmp_path / "out") == plain_hash(verb, base)


def test_another_seed_has_another_hash(base: Path, tmp_path: Path) -> None:
    """The guard: the hash is not a constant."""
    words = ["run", str(SMALL), "--arm", "offer", "--seed", "8", "-o", str(tmp_path / "two")]
    assert main([*words, "--quiet", "--no-report"]) == 0
    second = json.loads((tmp_path / "two" / "manifest.json").read_text())["content_sha256"]
    assert plain_hash("run", base) != second
