"""The first compilation is told to the user, on stderr alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from numba import config

from tests.conftest import JIT
from tests.interface.conftest import Answer

Narrate = Callable[..., Answer]
SAID = "note: compiling the engine for this machine, once"
COMPARE = ("compare", "small.yaml", "-n", "1", "--no-report", "--no-channels")

pytestmark = pytest.mark.skipif(not JIT, reason="nothing is compiled")


@pytest.fixture
def cold(narrate: Narrate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Narrate:
    """The command line where the engine is compiled in this process, but no cache holds it."""
    assert narrate(*COMPARE, "--quiet", "-o", "before").code == 0
    monkeypatch.setattr(config, "CACHE_DIR", config.CACHE_DIR)  # put back in the end
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("NARRATE_CACHE_DIR", str(tmp_path / "cache"))
    return narrate


@pytest.mark.parametrize(
    "words",
    [COMPARE, ("sweep", "small.yaml", "--param", "parity=0.1", "-n", "1", "--no-report"),
     ("run", "small.yaml", "--engine", "ensemble", "--no-report")],
    ids=lambda words: words[0],
)  # fmt: skip
def test_first_compilation_is_told_beside_the_results(
    cold: Narrate, words: tuple[str, ...]
) -> None:
    answer = cold(*words, "--json", "-o", "told")
    assert answer.err.count(SAID) == 1
    assert json.loads(answer.out)["folder"] == "told"


@pytest.mark.parametrize(
    "words",
    [(*COMPARE, "--quiet"), (*COMPARE, "--dry-run"), ("run", "small.yaml", "--no-report"),
     (*COMPARE, "--engine", "mesa", "--jobs", "1")],
    ids=["quiet", "dry", "agents", "compare by agents"],
)  # fmt: skip
def test_nothing_is_told_where_nothing_is_compiled_or_wanted(
    cold: Narrate, words: tuple[str, ...]
) -> None:
    answer = cold(*words)
    assert answer.code == 0
    assert SAID not in answer.err


def test_compiled_engine_is_found_on_disk(narrate: Narrate) -> None:
    """The file that is looked for is one that Numba writes."""
    assert narrate(*COMPARE, "--quiet", "-o", "first").code == 0
    assert SAID not in narrate(*COMPARE, "-o", "second").err


@pytest.mark.parametrize("name", ["NARRATE_CACHE_DIR", "NUMBA_CACHE_DIR"])
def test_folder_that_cannot_be_written_is_told_with_the_variable_to_set(
    cold: Narrate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(
        name, str(tmp_path / "file" / "cache")
    )  # no user can make that, root included
    answer = cold(*COMPARE, "--json", "-o", "told")
    assert (
        answer.err.count("note: ")
        == answer.err.count(f"set {name} to a folder that can be written")
        == 1
    )
    assert SAID not in answer.err
    assert json.loads(answer.out)["folder"] == "told"
    assert "note: " not in cold(*COMPARE, "--quiet", "-o", "quiet").err


UNKEPT = """
from sim.compiling import NOT_KEPT, cache_is_kept, why_not_kept
from sim.engines.ensemble import loop, philox, statistics, uncertainty
from sim.engines.ensemble.plugging import ANSWER
from sim.plugins.registry import compile_plugin

accepts = compile_plugin("acceptance", "logit", ANSWER)
assert (cache_is_kept(), why_not_kept().startswith(NOT_KEPT)) == (False, True)
assert accepts(0.0, 1.0) == 0.5
kept = [accepts, loop._days, statistics._mean, uncertainty.starts, philox.day_uniform]
print([type(function._cache).__name__ for function in kept])
"""


def test_nothing_is_kept_elsewhere_where_the_folder_cannot_be_written(tmp_path: Path) -> None:
    """Numba's own way out is a folder that does not notice a change of this code."""
    (tmp_path / "file").touch()
    place = {"NARRATE_CACHE_DIR": str(tmp_path / "file" / "cache")}
    bare = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", UNKEPT], env=bare | place, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (done.stdout, done.stderr) == (f"{['NullCache'] * 5}\n", "")


def test_plain_python_has_nothing_to_compile(
    cold: Narrate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "NUMBA_DISABLE_JIT", "1")
    assert SAID not in cold(*COMPARE, "-o", "plain").err
