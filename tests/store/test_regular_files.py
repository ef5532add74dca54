"""A named pipe that nobody writes to, in the place of any file that is read: refused, not awaited."""

from __future__ import annotations

import ast
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import pytest

from sim.cli.main import main
from sim.files import open_regular
from sim.store.hashing import content_hash

if os.name != "posix":
    pytest.skip("Windows has no such pipes", allow_module_level=True)

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "interface" / "small.yaml"
SWEEP = ["sweep", "small.yaml", "--param", "parity=0,0.2", "-n", "2", "-j", "1", "-o", "sweep",
         "--no-report", "--quiet"]  # fmt: skip
RUN = ["run", "small.yaml", "-o", "run", "--no-report", "--quiet"]
# What opens a file in Python's own words, and the modules that read only what the package brings
OPENERS = {"open", "read_text", "read_bytes", "fdopen"}
OWN = {"sim/files.py", "sim/compiling.py", "sim/page/server.py", "sim/tables/metric_texts.py",
       "sim/report/parameter_table.py", "sim/report/page_file.py", "sim/cli/list.py",
       "sim/plugins/registry.py", "sim/store/memory.py", "sim/verification/statements/versions.py"}  # fmt: skip
# ... or write alone: os.open of what was just written, of the null device
WRITING = {"sim/store/folder.py", "sim/cli/streams.py"}


class Said(NamedTuple):
    code: int
    err: str


Call = Callable[..., Said]


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Fail where a reader waits: nothing ever writes to the pipes of these tests."""

    def give_up(number: int, frame: FrameType | None) -> None:
        raise AssertionError("a pipe is waited for")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(300)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sweep and a run."""
    place = tmp_path_factory.mktemp("made")
    shutil.copy(SMALL, place)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        assert main(SWEEP) == main(RUN) == 0
    return place


@pytest.fixture
def call(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Call the command line beside a copy of both folders."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Said:
        capsys.readouterr()
        code = main(words)
        said = capsys.readouterr().err
        assert "defect" not in said
        return Said(code, said)

    return run


def put_pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def files_of(folder: str) -> list[str]:
    """The files that the folders of such a study hold, but for its rows."""
    shared = ["manifest.json", "scenario.resolved.yaml", "sources.csv"]
    more = {
        "sweep": ["sweep.json", "design.csv", "summary.csv", "comparison.csv", ".holder.json"],
        "run": ["timeseries.parquet", "messages.parquet", "ledger.parquet", "runs.parquet"],
    }
    return [*shared, *more[folder]]


@pytest.mark.parametrize("name", files_of("sweep"))
def test_pipe_in_a_sweep_is_named_and_mended(call: Call, name: str) -> None:
    wanted = content_hash(Path("sweep"))
    put_pipe(Path("sweep", name))
    seen = call("status", "sweep", "--verify")
    assert seen.code == (0 if name == ".holder.json" else 1), seen
    code, err = call("resume", "sweep", "-j", "1", "--no-report")
    if name == "sweep.json":
        assert (code, "sweep.json" in err) == (3, True)
        return
    assert code == 0, err
    assert content_hash(Path("sweep")) == wanted
    assert call("status", "sweep", "--verify").code == 0


def test_pipe_among_the_rows_is_set_aside(call: Call) -> None:
    wanted = content_hash(Path("sweep"))
    (part,) = Path("sweep", "runs.parquet").iterdir()
    put_pipe(part)
    put_pipe(part.with_name("another"))
    assert call("report", "sweep").code in (3, 4)
    assert call("status", "sweep", "--verify").code == 1
    assert call("resume", "sweep", "-j", "1", "--no-report").code == 0
    assert content_hash(Path("sweep")) == wanted


@pytest.mark.parametrize("name", files_of("run"))
def test_pipe_in_a_run_is_told_by_its_readers(call: Call, name: str) -> None:
    put_pipe(Path("run", name))
    expected = {"manifest.json": 2, "sources.csv": 0}.get(name, 4)
    code, err = call("report", "run")
    assert code in (0, expected, 3), err
    assert code == 0 or name in err


def test_pipe_given_as_a_file_is_bad_input(call: Call) -> None:
    for name in ("pipe.yaml", "pipe.csv", "pipe.py"):
        put_pipe(Path(name))
    Path("taught").mkdir()
    put_pipe(Path("taught", "lesson.yaml"))
    Path("child.yaml").write_text("schema_version: 1\nextends: pipe\n", encoding="utf-8")
    for words in (
        ["validate", "pipe.yaml"],
        ["run", "child.yaml"],
        ["sweep", "small.yaml", "--design", "pipe.csv"],
        ["show", "small.yaml", "--plugin", "pipe.py:rule"],
        ["serve", "small.yaml", "--lessons", "taught"],
    ):
        code, err = call(*words)
        assert (code, "is not a regular file" in err) == (2, True), words


def test_nothing_that_others_wrote_is_opened_elsewhere() -> None:
    found = set()
    for path in sorted((ROOT / "sim").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", "")
                if called in OPENERS or getattr(node.func, "id", "") == "open":
                    found.add(name)
    outside = {name for name in found if not name.startswith("sim/benchmark/")}
    assert outside - OWN - WRITING == set()


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    put_pipe(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for name in ("pipe", "link"):
        with pytest.raises(OSError, match="is not a regular file"):
            open_regular(tmp_path / name)
    with pytest.raises(OSError, match="is a folder"):
        open_regular(tmp_path)
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "nothing")
