"""Break the code in many small ways, one at a time, and see that a test notices each.

``python -m tests.mutants [NAME ...] [--jobs N]``: works on copies in a temporary folder, without
compilation; exits with 1 where a mutant survives or a test fails on the code as it is.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants.catalogue import ROOT, Mutant, mutants, mutated

PARTS = ("sim", "tests", "scenarios", "seeds", "pyproject.toml")
FAILED = 1  # pytest's exit code where tests ran and some failed
LONGEST = 300.0  # seconds


def copied(folder: Path) -> Path:
    """A copy of what the tests need."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / part)
    return folder


def environment(folder: Path) -> dict[str, str]:
    """The copy comes first on the path; nothing is compiled or kept."""
    kept = {"NUMBA_DISABLE_JIT": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return {**os.environ, **kept, "PYTHONPATH": str(folder)}


def tested(folder: Path, tests: list[str]) -> subprocess.CompletedProcess[str]:
    """Run tests on a copy, to the first failure."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    return subprocess.run(
        command, cwd=folder, env=environment(folder), capture_output=True, text=True,
        timeout=LONGEST, check=False,
    )  # fmt: skip


def survives(mutant: Mutant) -> str:
    """Why the mutant is not killed; "" where it is."""
    with tempfile.TemporaryDirectory() as name:
        folder = copied(Path(name))
        (folder / mutant.file).write_text(mutated(mutant), encoding="utf-8")
        try:
            run = tested(folder, [mutant.test])
        except subprocess.TimeoutExpired:
            return ""
    if run.returncode == FAILED:
        return ""
    return "survived" if run.returncode == 0 else f"could not be tested:\n{run.stdout[-2000:]}"


def unmutated(tests: list[str]) -> str:
    """What fails on a plain copy; "" where nothing does."""
    with tempfile.TemporaryDirectory() as name:
        folder = copied(Path(name))
        command = [sys.executable, "-c", "import sim; print(sim.__file__)"]
        found = subprocess.run(
            command,
            cwd=folder,
            env=environment(folder),
            capture_output=True,
            text=True,
            check=True,
        )
        if not Path(found.stdout.strip()).is_relative_to(folder):
            return f"the tests would not import the copy but {found.stdout}"
        run = tested(folder, tests)
    return "" if run.returncode == 0 else run.stdout[-4000:]


def main() -> int:
    """Run all, or those named."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these mutants")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at a time")
    options = parser.parse_args()
    chosen = [m for m in mutants() if not options.names or m.name in options.names]
    start = time.monotonic()
    fault = unmutated(sorted({mutant.test for mutant in chosen}))
    if fault:
        print(f"The tests fail without a mutant:\n{fault}")
        return 1
    alive = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for mutant, reason in zip(chosen, pool.map(survives, chosen), strict=True):
            print(f"{reason or 'killed'}: {mutant.name} ({mutant.file})", flush=True)
            alive += bool(reason)
    print(f"{len(chosen) - alive} of {len(chosen)} killed in {time.monotonic() - start:.0f} s")
    return int(alive > 0)


if __name__ == "__main__":
    sys.exit(main())
