"""One driver at a time, and the lock goes with its process, however that ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError, MachineError, RefusedError
from sim.store import lock
from sim.store.lock import HOLDER, hold, holder

ROOT = Path(__file__).parents[2]
HOLDS = """
import sys
from pathlib import Path
from sim.store.lock import hold
with hold(Path(sys.argv[1])):
    print("holds", flush=True)
    sys.stdin.readline()  # until it is killed
"""
RACE = """
import os, sys
from pathlib import Path
from sim.errors import RefusedError
from sim.store.lock import hold
go, gate = os.pipe()
end, last = os.pipe()
for _ in range(50):
    if os.fork() == 0:
        os.close(gate)
        os.close(last)
        os.read(go, 1)  # all begin when nobody has the gate any more
        try:
            with hold(Path(sys.argv[1])):
                os.write(1, f"{os.getpid()} holds\\n".encode())
                os.read(end, 1)  # until all have answered
        except RefusedError as error:
            os.write(1, f"{os.getpid()} {error}\\n".encode())
        os._exit(0)
os.close(gate)
sys.stdin.readline()
os.close(last)
for _ in range(50):
    os.wait()
"""
LEAVES_A_CHILD = """
import os, subprocess, sys
from pathlib import Path
from sim.store.lock import hold
with hold(Path(sys.argv[1])):
    if sys.argv[2] == "fork":
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, b"1")  # it has begun: what it inherited is closed
            sys.stdin.readline()
            os._exit(0)
        os.read(reading, 1)
    else:
        child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.readline()"]).pid
    print(child, flush=True)
    os.kill(os.getpid(), 9)
"""


def started(program: str, folder: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(folder), *more], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_second_driver_is_refused_by_name(tmp_path: Path) -> None:
    with hold(tmp_path):
        known = json.loads((tmp_path / HOLDER).read_text())
        assert known["pid"] == os.getpid()
        with pytest.raises(RefusedError) as refused, hold(tmp_path):
            pass
        for word in (str(tmp_path), str(os.getpid()), known["host"], known["since"]):
            assert word in str(refused.value)
    with hold(tmp_path):  # free again
        assert holder(tmp_path).startswith(f"process {os.getpid()} on ")
    assert sorted(os.listdir(tmp_path)) == [".door", ".lock"]


def test_error_inside_frees_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), hold(tmp_path):
        raise ZeroDivisionError
    with hold(tmp_path):
        pass


def test_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"), hold(tmp_path / "typo"):
        pass
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("text", ["", "[]", "{", '{"pid": 1}', "\xff"])
def test_name_that_cannot_be_read_is_no_trouble(text: str, tmp_path: Path) -> None:
    with hold(tmp_path):
        (tmp_path / HOLDER).write_text(text, encoding="latin-1")
        with pytest.raises(RefusedError, match="another process"), hold(tmp_path):
            pass


def test_disk_that_takes_no_name_leaves_the_folder_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, document: Any) -> None:
        raise MachineError(f"{path}: No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(lock, "write_json", full)
        with pytest.raises(MachineError, match="No space"), hold(tmp_path):
            pass
    with hold(tmp_path):
        pass


def test_lock_that_is_a_folder_is_the_machines_trouble(tmp_path: Path) -> None:
    (tmp_path / ".lock").mkdir()
    with pytest.raises(MachineError, match=r"\.lock: Is a directory"), hold(tmp_path):
        pass


def test_one_of_fifty_wins_and_the_others_name_it(tmp_path: Path) -> None:
    (tmp_path / HOLDER).write_text('{"pid": 1, "host": "x", "since": "y"}')  # a dead one's
    race = started(RACE, tmp_path)
    answers = dict(said(race).split(" ", 1) for _ in range(50))
    race.communicate("\n")
    assert race.returncode == 0
    winners = [pid for pid, answer in answers.items() if answer == "holds"]
    assert len(winners) == 1
    name = f"{tmp_path}: is in use by process {winners[0]} on "
    assert sum(answer.startswith(name) for answer in answers.values()) == 49


def test_killed_holder_leaves_the_folder_free(tmp_path: Path) -> None:
    driver = started(HOLDS, tmp_path)
    assert said(driver) == "holds"
    with pytest.raises(RefusedError, match=f"process {driver.pid} on"), hold(tmp_path):
        pass
    driver.kill()
    driver.communicate()
    with hold(tmp_path):
        assert holder(tmp_path).startswith(f"process {os.getpid()} on")


@pytest.mark.parametrize("how", ["fork", "start"])
def test_child_that_outlives_the_holder_does_not_keep_the_lock(how: str, tmp_path: Path) -> None:
    driver = started(LEAVES_A_CHILD, tmp_path, how)
    child = int(said(driver))
    try:
        assert driver.wait() == -signal.SIGKILL
        os.kill(child, 0)  # it lives
        with hold(tmp_path):
            pass
    finally:
        os.kill(child, signal.SIGKILL)
        driver.communicate()
