"""The import contract (.importlinter) is kept, and a wrong import would be noticed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint(folder):
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(%r))"
    return subprocess.run(
        [sys.executable, "-c", command % ".importlinter"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_imports_keep_the_contract():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "statement", "broken"),
    [
        ("laws/salience.py", "import sim.world.arrays", "Imports only point down"),
        ("laws/salience.py", "import pandas", "A law knows only numbers"),
        ("world/building.py", "import pandas", "Data frames start at tables"),
        ("studies/compare.py", "import matplotlib", "Only the report draws"),
        ("api.py", "import numba", "Numba stays"),
        ("cli/run.py", "import mesa", "Mesa stays"),
        ("cli/run.py", "import yaml", "YAML is read"),
        ("cli/run.py", "import pyarrow", "Files of tables"),
        ("world/building.py", "import scipy", "SciPy serves"),
        ("tables/metrics.py", "import SALib", "SALib serves"),
        ("studies/sweep.py", "import distributed", "Dask is met"),
        ("cli/serve.py", "import uvicorn", "Only the page serves"),
        ("world/arrays.py", "import sim.world.building", "Folders have an order"),
        ("running/blocks.py", "import sim.studies.compare", "Imports only point down"),
        ("report/words.py", "import sim.studies.compare", "Imports only point down"),
        ("estimators/prim.py", "import sim.running.executing", "Imports only point down"),
        ("verification/check.py", "import sim.cli.main", "Imports only point down"),
        ("report/words.py", "import yaml", "YAML is read"),
        ("store/results.py", "import scipy", "SciPy serves"),
    ],
)
def test_wrong_import_is_noticed(tmp_path, module, statement, broken):
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    path = tmp_path / "sim" / module
    path.write_text(path.read_text(encoding="utf-8") + f"\n{statement}\n", encoding="utf-8")
    result = lint(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    verdicts = [line for line in result.stdout.splitlines() if " BROKEN" in line]
    assert any(line.startswith(broken) for line in verdicts), verdicts
