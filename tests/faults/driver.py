"""The command line as a process to be killed, which says on a pipe how far it is.

A process that forks must have one thread, and importing takes a second. So one process imports
everything and waits; each line of its input is a command, which a fork of it carries out in a
process group of its own. ``Server`` is the other end. Started with words, it is one command.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "interface" / "small.yaml"
SWEEP = [
    "sweep",
    "small.yaml",
    "--param",
    "parity=0,0.4",
    "-n",
    "8",
    "-j",
    "1",
    "-o",
    "out",
    "--no-report",
]
# Arrow's allocator and BLAS would start threads when they are imported
ONE_THREAD = {"JE_ARROW_MALLOC_CONF": "background_thread:false", "OPENBLAS_NUM_THREADS": "1"}
ENVIRONMENT = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(ROOT)}
PROGRAM = [sys.executable, "-m", "tests.faults.driver"]
LONGEST = 300  # seconds that a command may take: one that hangs says where it stands, and ends


class Command(NamedTuple):
    """What a fork is to do."""

    words: Sequence[str]
    place: str  # where it works
    said: str  # file that takes what it says
    events: str = ""  # a named pipe that is told what it does
    piece: int = 0  # pairs that a piece of the sweep has, if not what the clock says
    gate: str = ""  # path of a Gate: it goes on when that is opened
    roomy: bool = False  # it does not look beforehand whether there is room
    at: str = "start"  # where it waits for that: start, driver or piece


class Gate:
    """Lets one of those that wait go on for each opening, also if it comes to wait later.

    Openings are bytes in a pipe that is held open here, so that none is lost. When it is closed
    nobody has to wait any more.
    """

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self._pipe = os.open(path, os.O_RDWR)

    def open(self) -> None:
        os.write(self._pipe, b".")

    def close(self) -> None:
        os.close(self._pipe)


class Server:
    """Starts commands quickly."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
            env=ENVIRONMENT,
        )  # fmt: skip

    def start(self, command: Command) -> int:
        """The process, which leads a group of its own."""
        return self._ask(command._asdict())

    def wait(self, process: int) -> int:
        """The exit code of a process that was started; minus the signal that ended it."""
        return self._ask({"wait": process})

    def run(self, command: Command) -> int:
        """Exit code."""
        return self.wait(self.start(command))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(timeout=300) == 0
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _ask(self, question: Any) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def serve() -> None:
    prepare()
    for line in sys.stdin:
        question = json.loads(line)
        if "wait" in question:
            answer = os.waitstatus_to_exitcode(os.waitpid(question["wait"], 0)[1])
        else:
            answer = os.fork()
            if answer == 0:
                os._exit(carry_out(Command(**question)))
        print(answer, flush=True)


def prepare() -> None:
    """Import what verbs import late, and load what is compiled."""
    import importlib

    for module in ("cli.sweep", "cli.resume", "cli.status", "store.recorder",
                   "studies.sweep", "store.hashing", "store.verifying"):  # fmt: skip
        importlib.import_module(f"sim.{module}")
    import numpy as np

    from sim.running.executing import by_ensemble, certain_lanes
    from sim.scenario.scenario import Scenario
    from sim.world.building import build

    world = build(Scenario.from_yaml(SMALL))
    by_ensemble(world, certain_lanes(world), 1, np.arange(1, dtype=np.uint64), jobs=1)
    assert len(os.listdir("/proc/self/task")) == 1


def carry_out(command: Command) -> int:
    os.setsid()
    os.chdir(command.place)
    said = os.open(command.said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(said, stream)
    faulthandler.dump_traceback_later(LONGEST - 10, file=2)
    signal.alarm(LONGEST)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.close(said)
    if command.piece:
        cut(command.piece)
    if command.events:
        tell(command.events)
    if command.roomy:
        from sim.studies import sweep

        sweep.demand_room = lambda *_: None  # type: ignore[assignment]
    if command.gate:
        hold_back(command.gate, command.at, command.events)
    from sim.cli.main import main

    code = main(command.words)
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def cut(piece: int) -> None:
    """Cut sweeps into pieces of one size, whatever the clock says."""
    from sim.running.sweeps import pacing

    pacing.MOST = piece
    pacing.Pace.__init__.__defaults__ = (piece, 1e9)  # type: ignore[misc]


def tell(events: str) -> None:
    """Say when pieces are begun, when files are written, and when they have their names."""
    from sim.running.sweeps import driving
    from sim.store import folder

    pipe = os.open(events, os.O_WRONLY)
    simulate_cells, to_disk = driving.simulate_cells, folder.to_disk

    def begun(swept: Any, cells: Any, *more: Any) -> Any:
        pairs = sum(cell.stop - cell.first for cell in cells)
        os.write(pipe, f"begun {pairs * (1 + len(swept.arms))}\n".encode())
        return simulate_cells(swept, cells, *more)

    def told(path: Path) -> None:
        os.write(pipe, f"{'written' if path.suffix == '.tmp' else 'named'} {path.name}\n".encode())
        to_disk(path)

    driving.simulate_cells, folder.to_disk = begun, told


def hold_back(gate: str, at: str, events: str) -> None:
    """Wait until somebody opens the ``Gate`` at this path.

    Before anything; in the thread that drives, when it has begun and said its number; or in the
    thread that runs a piece, before each.
    """
    from sim.running.sweeps import driving

    def wait() -> None:
        pipe = os.open(gate, os.O_RDONLY)
        os.read(pipe, 1)
        os.close(pipe)

    simulate_cells, pieces = driving.simulate_cells, driving.pieces

    def later(*given: Any) -> Any:
        wait()
        return simulate_cells(*given)

    def driven(*given: Any) -> Any:
        pipe = os.open(events, os.O_WRONLY)
        os.write(pipe, f"driver {threading.get_native_id()}\n".encode())
        wait()
        yield from pieces(*given)

    if at == "start":
        wait()
    elif at == "driver":
        driving.pieces = driven
    else:
        driving.simulate_cells = later


def alone(events: str, piece: str, *words: str) -> int:
    """One command in this process."""
    cut(int(piece))
    if events:
        tell(events)
    from sim.cli.main import main

    return main(words)


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit(alone(*sys.argv[1:]))
    serve()
