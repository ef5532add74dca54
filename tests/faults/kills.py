"""Kills sweeps at random instants and asks for the same results after one ``resume``.

    python -m tests.faults.kills --trials 200

A trial draws an event of the sweep (a piece begun, a file written or named), a moment after it,
and whom to kill: the process group, the driver alone, or with agents a worker. What it then
demands stands in ``demand_the_same``.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tests.faults.driver import ENVIRONMENT, PROGRAM, SMALL, Command, Server

POINTS, ARMS, THREADS = 3, 2, 2
SOON = 120.0  # seconds within which the children of a killed driver must be gone
GROUP, DRIVER, WORKER = "group", "driver", "worker"


class Size(NamedTuple):
    """How large the sweep is that is killed, and about how many events it has."""

    replicates: int
    piece: int
    events: int


SIZES = {"ensemble": Size(40, 8, 75), "mesa": Size(8, 4, 50)}


class Trial(NamedTuple):
    """What is drawn before a trial."""

    engine: str
    victim: str
    event: int  # it is killed so many events after it has begun
    delay: float  # and so many seconds
    fresh: bool  # a new process instead of a fork


def trials(count: int, seed: int) -> Iterator[Trial]:
    """Every tenth is a new process, every tenth has agents in processes of their own."""
    draw = random.Random(seed)  # noqa: S311 - instants, not secrets
    for number in range(count):
        mesa = number % 10 == 4
        name = "mesa" if mesa else "ensemble"
        victim = (GROUP, DRIVER, WORKER)[number // 10 % 3] if mesa else (GROUP, DRIVER)[number % 2]
        event = draw.randrange(SIZES[name].events)
        if victim == WORKER:
            event = draw.randrange(9, 30)  # while there are workers
        delay = draw.choice([0.0, draw.uniform(0.0, 0.002), draw.uniform(0.0, 0.03)])
        yield Trial(name, victim, event, delay, number % 10 == 9)


class Kills:
    """Trials in a folder of their own."""

    def __init__(self, place: Path) -> None:
        self.place, self.server = place, Server()
        self.seen: Counter[str] = Counter()  # what the kills have hit
        shutil.copy(SMALL, place / "small.yaml")
        self.hashes = {engine: self._unbroken(engine) for engine in SIZES}

    def close(self) -> None:
        self.server.close()

    def command(self, *words: str, engine: str = "ensemble", events: str = "") -> Command:
        said = str(self.place / "said")
        return Command(words, str(self.place), said, events, SIZES[engine].piece)

    def said(self) -> str:
        return (self.place / "said").read_text(encoding="utf-8")

    def sweep(self, engine: str, out: str) -> list[str]:
        return ["sweep", "small.yaml", "--param", "parity=0,0.2,0.4", "--engine", engine,
                "-n", str(SIZES[engine].replicates), "-j", str(THREADS), "-o", out,
                "--no-report"]  # fmt: skip

    def _unbroken(self, engine: str) -> str:
        from sim.store.hashing import content_hash

        out = f"unbroken-{engine}"
        code = self.server.run(self.command(*self.sweep(engine, out), engine=engine))
        assert code == 0, self.said()
        return content_hash(self.place / out)

    def trial(self, trial: Trial) -> None:
        """Kill, go on, demand."""
        out = self.place / "out"
        shutil.rmtree(out, ignore_errors=True)
        words = self.sweep(trial.engine, "out")
        before = self._killed(trial, words, out)
        # where nothing was begun there is nothing to go on with
        again = ["resume", "out", "-j", str(THREADS), "--no-report"]
        again = again if (out / "sweep.json").exists() else words
        with piped(self.place) as events:
            process = self.server.start(self.command(*again, engine=trial.engine, events=events))
            with Path(events).open("rb") as pipe:
                after = pipe.readlines()
        assert self.server.wait(process) == 0, (trial, self.said())
        self._demand_the_same(trial, out, runs_of(before) + runs_of(after))

    def _killed(self, trial: Trial, words: list[str], out: Path) -> list[bytes]:
        """What the sweep had done when it was killed."""
        with piped(self.place) as events:
            if trial.fresh:
                fresh = subprocess.Popen(
                    [*PROGRAM, events, str(SIZES[trial.engine].piece), *words], cwd=self.place,
                    env=ENVIRONMENT, start_new_session=True, stderr=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                )  # fmt: skip
                process = fresh.pid
            else:
                command = self.command(*words, engine=trial.engine, events=events)
                process = self.server.start(command)
            with Path(events).open("rb", buffering=0) as pipe:
                seen = [pipe.readline() for _ in range(trial.event)]
                time.sleep(trial.delay)
                kill(process, trial.victim)
                seen += pipe.readlines()
        code = fresh.wait() if trial.fresh else self.server.wait(process)
        demand_gone(process)
        self._count(trial, code, out)
        killed = (-signal.SIGKILL, 0) if trial.victim != WORKER else (4, 0)
        assert code in killed, (trial, code, self.said())
        return seen

    def _count(self, trial: Trial, code: int, out: Path) -> None:
        parts = len(list(out.glob("runs.parquet/part-*")))
        size = SIZES[trial.engine]
        seen = self.seen
        seen["trials"] += 1
        seen[f"{trial.engine}, {trial.victim}"] += 1
        seen["after the end"] += code == 0
        seen["before it was begun"] += not (out / "sweep.json").exists()
        seen["between runs"] += code != 0 and 0 < parts < POINTS * size.replicates // size.piece
        seen["between writing a part and its name"] += any(out.glob("runs.parquet/.*.tmp"))
        seen["while tables were written"] += code != 0 and (out / "design.csv").exists()

    def _demand_the_same(self, trial: Trial, out: Path, done: int) -> None:
        from sim.store.hashing import content_hash
        from sim.store.tables import read
        from sim.store.verifying import damaged_files

        size = SIZES[trial.engine]
        runs = read(out, "runs")
        assert not runs.duplicated(["point", "arm", "replicate"]).any(), trial
        assert content_hash(out) == self.hashes[trial.engine], trial
        assert damaged_files(out) == [], trial
        assert not (out / "bad").exists(), trial
        assert list(out.rglob("*.tmp")) == [], trial
        again = done - POINTS * ARMS * size.replicates
        assert 0 <= again <= THREADS * size.piece * ARMS, (trial, again)
        self.seen["runs done again"] += again
        self.seen["most runs done again"] = max(self.seen["most runs done again"], again)


@contextmanager
def piped(place: Path) -> Iterator[str]:
    """The name of a new pipe."""
    pipe = place / "events"
    os.mkfifo(pipe)
    try:
        yield str(pipe)
    finally:
        pipe.unlink()


def runs_of(seen: list[bytes]) -> int:
    """Runs in the pieces that were begun."""
    return sum(int(line.split()[1]) for line in seen if line.startswith(b"begun"))


def kill(process: int, victim: str) -> None:
    """Kill the group, its leader, or the youngest process that runs agents."""
    if victim == GROUP:
        os.killpg(process, signal.SIGKILL)
    elif victim == DRIVER:
        os.kill(process, signal.SIGKILL)
    else:
        for worker in sorted(alive_in(process))[::-1]:
            with suppress(OSError):  # it has just ended
                if b"spawn_main" in Path(f"/proc/{worker}/cmdline").read_bytes():
                    os.kill(worker, signal.SIGKILL)
                    return


def alive_in(group: int) -> list[int]:
    """Processes of a group, but those that only wait to be counted."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(words[2]) == group and words[0] not in "ZX":
            found.append(int(stat.parent.name))
    return found


def demand_gone(group: int) -> None:
    """Children end by themselves once their driver is killed."""
    until = time.monotonic() + SOON
    while left := alive_in(group):
        assert time.monotonic() < until, f"left behind: {left}"
        time.sleep(0.01)


def main() -> int:
    """Many trials."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        kills = Kills(Path(place))
        for number, trial in enumerate(trials(args.trials, args.seed), 1):
            kills.trial(trial)
            if number % 20 == 0:
                print(f"{number} killed, all the same after one resume", flush=True)
        kills.close()
    for what, count in kills.seen.items():
        print(f"{count:6} {what}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
