"""The wheel is complete, and importing the package costs nothing."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

import sim

ROOT = Path(__file__).parents[2]
HEAVY = ("numpy", "pandas", "numba", "mesa", "matplotlib", "pyarrow", "scipy", "yaml")


def python(*arguments, cwd):
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    place = tmp_path_factory.mktemp("wheel")
    python("-m", "pip", "wheel", ROOT, "--no-deps", "--no-build-isolation", "--quiet",
           "--wheel-dir", place, cwd=place)  # fmt: skip
    (found,) = place.glob("*.whl")
    return found


def test_wheel_holds_the_code_the_scenarios_and_the_seeds(wheel):
    inside = set(ZipFile(wheel).namelist())
    for folder, pattern in (("scenarios", "*.yaml"), ("seeds", "*.csv")):
        paths = [path.name for path in (ROOT / folder).glob(pattern)]
        assert paths
        assert {f"sim/_shipped/{folder}/{name}" for name in paths} <= inside
    code = {path.relative_to(ROOT).as_posix() for path in (ROOT / "sim").rglob("*.py")}
    assert code <= inside
    lessons = {path.relative_to(ROOT).as_posix()
               for path in (ROOT / "sim/lessons/shipped").iterdir()}  # fmt: skip
    assert lessons
    assert lessons <= inside
    page = {path.relative_to(ROOT).as_posix() for path in (ROOT / "sim/page/static").iterdir()}
    assert "sim/page/static/index.html" in page
    assert page <= inside


def test_installed_wheel_reads_its_own_scenarios(wheel, tmp_path):
    target = tmp_path / "installed"
    python("-m", "pip", "install", "--no-deps", "--no-index", "--quiet", "--target", target,
           wheel, cwd=tmp_path)  # fmt: skip
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import sim; print(sim.__file__); "
        "from sim.scenario import shipped; print(shipped.folder()); "
        "print(sim.Scenario.from_yaml('kashmir_2025').name)"
    )
    file, folder, name = python("-c", code, target, cwd=tmp_path).splitlines()
    assert Path(file).is_relative_to(target)
    assert Path(folder).is_relative_to(target)
    assert name == "kashmir_2025"


def test_import_of_the_package_loads_no_library(tmp_path):
    code = "import sys, sim; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = python("-c", code, cwd=tmp_path).split()
    assert not set(HEAVY) & set(loaded)


def test_public_names_are_there_and_no_others_are_promised():
    assert sim.__all__ == [
        "NarrativeModel", "Scenario", "compare", "discover", "evaluate", "hindcast", "run", "sensitivity",
        "sweep", "tournament",
    ]  # fmt: skip
    for name in sim.__all__:
        assert getattr(sim, name).__doc__
        assert name in dir(sim)


def test_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="knockout"):
        sim.knockout  # noqa: B018
