"""The commands that people rest on: make's targets, .ci/run, and what README shows."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKE = shutil.which("make")


def make(*words, cwd=ROOT):
    assert MAKE, "make is not installed"
    return subprocess.run(
        [MAKE, "--dry-run", *words], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "target", ["run", "test", "check", "mutants", "leak", "showcase", "benchmark", "clean"]
)
def test_make_has_the_target(target):
    done = make(target)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def environment(folder):
    """What an installed environment looks like to make."""
    binaries = folder / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").touch()
    later = (ROOT / "pyproject.toml").stat().st_mtime + 10
    for stamp in (".installed", ".installed-test", ".installed-dev"):
        (folder / stamp).touch()
        os.utime(folder / stamp, (later, later))
    return folder


def test_warm_run_installs_nothing(tmp_path):
    lines = make("run", f"VENV={environment(tmp_path / 'env')}").stdout
    assert "narrate compare kashmir_2025 --arms mediation --baseline no_mediation" in lines
    assert "pip" not in lines


def test_first_run_makes_an_environment_with_the_python_that_is_named(tmp_path):
    lines = make("run", f"VENV={tmp_path / 'env'}", "PYTHON=python3.99").stdout
    assert "python3.99 -m venv" in lines
    assert "pip install" in lines


def test_changed_project_file_installs_again(tmp_path):
    folder = environment(tmp_path / "env")
    os.utime(folder / ".installed", (0, 0))
    assert "pip install" in make("run", f"VENV={folder}").stdout


def test_make_test_runs_every_test_and_the_small_ones_without_compilation(tmp_path):
    lines = make("test", f"VENV={environment(tmp_path / 'env')}").stdout
    first, second = (line for line in lines.replace("\\\n", " ").splitlines() if "pytest" in line)
    assert "-m pytest" in first
    assert "not slow" not in first
    assert "NUMBA_DISABLE_JIT=1" in second


def test_ci_is_a_script_that_calls_make_test():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "make test" in script.read_text(encoding="utf-8")


# README: each block of commands in one folder of its own, in order, as written


def blocks(language):
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)


def narrated(block):
    lines = block.replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("narrate ")]


COMMANDS = [narrated(block) for block in blocks("sh") if narrated(block)]
# What verbs of many runs get besides: as written they are most of what all commands take. Each
# statement that ``check`` checks is a test of its own, its verb runs in tests/interface
FEWER = {"discover": " --samples 200", "sensitivity": " --trajectories 4 --samples 16"}
ELSEWHERE = "check"


def test_readme_shows_commands():
    shown = [line for lines in COMMANDS for line in lines]
    assert any(line.startswith("narrate check") for line in shown)
    assert any("savefig" in block for block in blocks("python"))
    assert any("duckdb" in block and "polars" in block for block in blocks("python"))


@pytest.mark.slow
@pytest.mark.parametrize("commands", COMMANDS, ids=lambda commands: commands[0])
def test_commands_of_the_readme_run(commands, tmp_path):
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for line in commands:
        verb = line.split()[1]
        if verb == ELSEWHERE:
            continue
        typed = line + FEWER.get(verb, "")
        done = subprocess.run(  # noqa: S602 - our own page, as a reader would type it
            typed, shell=True, cwd=tmp_path, env=os.environ | {"PATH": places},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=900,
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        assert done.stdout.strip()
        assert "defect" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("block", blocks("python"), ids=lambda block: block.splitlines()[0])
def test_python_of_the_readme_runs(block, tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", block], cwd=tmp_path, capture_output=True,
        text=True, check=False, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    drawn = re.findall(r"savefig\(\"(.+?)\"", block)
    assert all((tmp_path / name).stat().st_size > 0 for name in drawn)
    assert done.stdout.strip()
