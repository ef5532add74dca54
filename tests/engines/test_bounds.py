"""Compiled code reads and writes within its arrays; it does not say so by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import JIT
from tests.engines.bounds import effects, finals

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.skipif(not JIT, reason="plain Python checks every index")
def test_compiled_days_stay_within_their_arrays() -> None:
    """Runs and a comparison with every index checked, and an index that is out of bounds."""
    checked = subprocess.run(
        [sys.executable, "-m", "tests.engines.bounds"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env=os.environ | {"NUMBA_BOUNDSCHECK": "1"},
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    sympathies, differences, error = checked.stdout.splitlines()
    assert sympathies == finals()
    assert differences == effects()
    assert "out of bounds" in error
