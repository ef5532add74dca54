"""What is not needed is not loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim

HEAVY = ("numpy", "pandas", "pyarrow", "mesa", "numba", "scipy", "SALib", "matplotlib",
         "distributed", "starlette", "uvicorn")  # fmt: skip
SMALL = Path(__file__).with_name("small.yaml")


def loaded(code: str) -> list[str]:
    """The heavy libraries that a fresh interpreter has loaded after running the code."""
    script = f"""
import contextlib, io, sys
with contextlib.redirect_stdout(io.StringIO()):
    {code}
print(*[name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    "words",
    [["--help"], ["--version"], ["run", "--help"], ["compare", "--help"], ["serve", "--help"], ["list"],
     ["validate", str(SMALL), "kashmir_2025"],
     ["show", str(SMALL)], ["runn"]],
    ids=" ".join,
)  # fmt: skip
def test_light_verbs_load_no_heavy_library(words: list[str]) -> None:
    assert loaded(f"from sim.cli.main import main; main({words!r})") == []


@pytest.mark.parametrize("verb", ["list", "serve"])
def test_no_verb_loads_another(verb: str) -> None:
    script = f"""
import sys
from sim.cli.main import VERBS, main
main({[verb, "--help"]!r})
print(*[verb for verb in VERBS if f"sim.cli.{{verb}}" in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == verb, done.stderr


def test_importing_the_package_loads_nothing() -> None:
    assert loaded("import sim; dir(sim)") == []


def test_running_does_load_them() -> None:
    """The guard: the list above would notice."""
    assert set(loaded("import sim; sim.run")) >= {"numpy", "pandas", "mesa"}


def test_help_answers_in_half_a_second() -> None:
    """Of the processor: what else the machine does is not this program's."""

    def used() -> float:
        now = os.times()
        return now.children_user + now.children_system

    best = 9.0
    for _ in range(3):
        before = used()
        subprocess.run([sys.executable, "-m", "sim", "--help"], check=True, capture_output=True)
        best = min(best, used() - before)
    assert 0.0 < best < 0.5


def test_public_names() -> None:
    assert sim.__all__ == [
        "NarrativeModel", "Scenario", "compare", "discover", "evaluate", "hindcast", "run", "sensitivity",
        "sweep", "tournament",
    ]  # fmt: skip
    assert set(sim.__all__) <= set(dir(sim))
    for name in sim.__all__:
        assert callable(getattr(sim, name))
    with pytest.raises(AttributeError, match="no attribute 'runn'"):
        sim.runn  # noqa: B018 - the access is what is tested
