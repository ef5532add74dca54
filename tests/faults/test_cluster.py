"""Sweeps on a Dask cluster: the same rows as on threads, whatever becomes of the workers."""

from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace

import dask
import distributed
import pandas as pd
import psutil
import pytest
from distributed.diagnostics.plugin import WorkerPlugin

from sim import Scenario, sweep, tournament
from sim.errors import InputError, MachineError, RefusedError
from sim.plugins import registry
from sim.running.sweeps import distributing, driving, outcomes
from sim.running.sweeps.driving import Asked, carry_out
from sim.running.sweeps.keeping import InMemory, all_rows
from sim.store import tables
from sim.store.hashing import content_hash
from sim.store.parts import Cell
from sim.studies.designs import planning
from sim.studies.sweep import Sweep, plan_sweep
from tests.interface.conftest import SMALL, Answer, narrate, place

Narrate = Callable[..., Answer]
__all__ = ["narrate", "place"]  # fixtures
ROOT = Path(__file__).parents[2]
WORDS = ["sweep", "small.yaml", "--param", "parity=0.1,0.4", "--no-report", "--quiet"]
POINT, REPLICATE, ARM = 1, 1, "offer"
GONE = 120.0  # seconds in which no process may be left


def swept_small(folder: Path, replicates: int = 70, **more: object) -> Sweep:
    parity: list[float] = [0.1, 0.4]
    return sweep(
        Scenario.from_yaml(SMALL), {"parity": parity}, replicates=replicates, folder=folder,
        metrics=("lead", "tension"), **more,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of two workers, which are given up as soon as Dask allows it."""
    with (
        dask.config.set({"distributed.scheduler.worker-ttl": "5s"}),
        distributing._local_cluster(2) as at,
    ):
        yield at


@pytest.fixture(scope="module")
def threads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the same sweep on threads."""
    folder = tmp_path_factory.mktemp("threads") / "sweep"
    swept_small(folder)
    return folder


def is_run(cells: object, point: int = POINT, replicate: int = REPLICATE) -> bool:
    return any(cell.point == point and cell.first <= replicate < cell.stop for cell in cells)  # type: ignore[attr-defined]


class Trap(WorkerPlugin):
    """Sends its worker a signal where it is to do a run: each time, or only the first one does."""

    def __init__(self, number: int, once: Path | None = None) -> None:
        self.number, self.once = number, once

    def setup(self, worker: object) -> None:
        def trapped(swept, cells, simulate):  # type: ignore[no-untyped-def]
            if is_run(cells) and ARM in (swept.base, *swept.arms) and not self.sprung():
                os.kill(os.getpid(), self.number)
            return outcomes.simulate_cells(swept, cells, simulate)

        distributing.simulate_cells = trapped

    def teardown(self, worker: object) -> None:
        distributing.simulate_cells = outcomes.simulate_cells

    def sprung(self) -> bool:
        if self.once is None:
            return False
        known = self.once.exists()
        self.once.write_text(str(os.getpid()))
        return known


class Older(WorkerPlugin):
    """Says that its worker has another numpy."""

    def setup(self, worker: object) -> None:
        known = distributing.made_with()
        libraries = {**known["libraries"], "numpy": "1.0"}
        distributing.made_with = lambda: {**known, "libraries": libraries}

    def teardown(self, worker: object) -> None:
        from sim.running.sweeps.identity import made_with

        distributing.made_with = made_with


@contextmanager
def on_workers(address: str, plugin: WorkerPlugin) -> Iterator[distributed.Client]:
    """While this is open every worker of the cluster has the plug-in, new ones too."""
    with distributing._connect(address) as client:
        client.register_plugin(plugin, "test")
        try:
            yield client
        finally:
            client.unregister_worker_plugin("test")


def test_rows_are_those_of_threads(cluster: str, threads: Path, tmp_path: Path) -> None:
    told: list[int] = []
    found = swept_small(tmp_path / "sweep", cluster=cluster, progress=told.append)
    assert content_hash(tmp_path / "sweep") == content_hash(threads)
    assert sum(told) == len(found.runs) == 2 * 70 * 2


def test_tournament_is_that_of_threads(cluster: str, tmp_path: Path) -> None:
    asked = {"arm": "offer", "replicates": 5, "mirror": True, "report": False}
    for folder, where in (("threads", None), ("cluster", cluster)):
        tournament(
            SMALL, ["scripted", "uniform"], folder=tmp_path / folder, cluster=where, **asked
        )
    one, two = (content_hash(tmp_path / folder) for folder in ("threads", "cluster"))
    assert one == two


def test_agents_and_plugins_from_outside(cluster: str, tmp_path: Path) -> None:
    made = tmp_path / "made.py"
    made.write_text(
        '"""Offers once when it is tense."""\n\n\n'
        "def tense(view):\n    return float(view.tension > 1.5 and view.since_offer > 1e6)\n"
    )
    with registry.none_from_outside():
        story = Scenario.from_yaml(SMALL, plugins=[f"{made}:tense"]).set(
            {"arms.offer.mediator.policy": "tense"}, place=""
        )
        here, there = (
            sweep(story, {"parity": [0.1, 0.4]}, replicates=2, engine="mesa", jobs=2, cluster=at)
            for at in (None, cluster)
        )
    pd.testing.assert_frame_equal(here.runs, there.runs, check_exact=True)


def test_everything_listens_on_loopback(cluster: str) -> None:
    this = psutil.Process()
    listening = [
        one.laddr.ip for process in (this, *this.children(recursive=True))
        for one in process.net_connections("inet") if one.status == psutil.CONN_LISTEN
    ]  # fmt: skip
    assert len(listening) >= 3  # the scheduler and two workers
    assert set(listening) == {"127.0.0.1"}


def test_task_done_twice_gives_its_rows_once(cluster: str) -> None:
    plan = planning.plan_study(Scenario.from_yaml(SMALL), {"parity": [0.1]}, "grid", 1, None, [])
    swept = plan_sweep(Scenario.from_yaml(SMALL), plan)

    @contextmanager
    def twice():  # type: ignore[no-untyped-def]
        with distributing.on_cluster(cluster, "ensemble", None)() as (work, count):

            def again(swept, cells, progress):  # type: ignore[no-untyped-def]
                first = work(swept, cells, progress)
                pd.testing.assert_frame_equal(first, work(swept, cells, progress))
                return first

            yield again, count

    keep = InMemory()
    carry_out(swept, Asked(5), keep, twice)
    assert not all_rows(keep).duplicated(["point", "arm", "replicate"]).any()
    assert len(all_rows(keep)) == 5 * 2


def test_what_a_killed_worker_had_is_done_elsewhere(
    cluster: str, threads: Path, tmp_path: Path
) -> None:
    trap = Trap(signal.SIGKILL, tmp_path / "once")
    with on_workers(cluster, trap):
        swept_small(tmp_path / "sweep", cluster=cluster)
    assert (tmp_path / "once").exists()
    assert content_hash(tmp_path / "sweep") == content_hash(threads)


@pytest.mark.slow
def test_what_a_frozen_worker_had_is_done_elsewhere(
    cluster: str, threads: Path, tmp_path: Path
) -> None:
    trap = Trap(signal.SIGSTOP, tmp_path / "once")
    with on_workers(cluster, trap):
        swept_small(tmp_path / "sweep", cluster=cluster)
    assert (tmp_path / "once").exists()
    assert content_hash(tmp_path / "sweep") == content_hash(threads)


@pytest.mark.slow
def test_run_that_kills_its_workers_costs_only_itself(
    cluster: str, narrate: Narrate, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by halves, each of which kills too; the others are done."""

    def lethal(dask_scheduler: distributed.Scheduler, deaths: int) -> None:
        dask_scheduler.allowed_failures = deaths

    with on_workers(cluster, Trap(signal.SIGKILL)) as client:
        client.run_on_scheduler(lethal, deaths=0)
        try:
            answer = narrate(*WORDS, "-n", "2", "-o", "out", "--cluster", cluster)
        finally:
            client.run_on_scheduler(lethal, deaths=1)
    assert answer.code == 1, answer.err
    lost = tables.read(place / "out", "failures")
    assert lost["run_id"].tolist() == [f"p{POINT}-{ARM}-chance-{REPLICATE}"]
    row = lost.iloc[0]
    said = "the worker died each time it was run"
    assert (row["error_type"], row["message"]) == ("KilledWorker", said)
    assert row["replay_command"] == (
        f"narrate run small.yaml --set parity=0.4 --arm {ARM} --seed 7 --replicate {REPLICATE}"
    )

    def raising(swept, cells, simulate, progress=None):  # type: ignore[no-untyped-def]
        if is_run(cells) and ARM in (swept.base, *swept.arms):
            raise distributing.KilledWorker(said)
        return outcomes.simulate_cells(swept, cells, simulate, progress)

    monkeypatch.setattr(driving, "simulate_cells", raising)
    assert narrate(*WORDS, "-n", "2", "-o", "here").code == 1
    assert content_hash(place / "out") == content_hash(place / "here")


def test_pair_is_not_blamed_for_its_company() -> None:
    """A worker that dies takes all that was sent to it along: so a pair is tried alone."""
    story = Scenario.from_yaml(SMALL)
    plan = planning.plan_study(story, {"parity": [0.1]}, "grid", 1, None, [])
    swept, together = plan_sweep(story, plan), threading.Barrier(3)
    about: list[int] = []
    first = threading.Semaphore(3)

    class Crowded(distributing._Sending):
        def _name(self, swept: object) -> str:
            return "sweep"

        def _answer(self, submitted: object, progress: object) -> pd.DataFrame:
            about.append(1)
            try:
                if first.acquire(blocking=False):
                    together.wait(120.0)  # all three are sent, and their worker dies
                    raise distributing.KilledWorker
                threading.Event().wait(0.05)  # others could join
                assert len(about) == 1
                return pd.DataFrame()
            finally:
                about.pop()

    sending = Crowded(None, "ensemble", "")  # type: ignore[arg-type]
    with ThreadPoolExecutor(3) as pool:
        work = [
            pool.submit(sending.work, swept, [Cell(0, one, one + 1)], lambda more: None)
            for one in range(3)
        ]
    assert [one.result().empty for one in work] == [True] * 3


def test_worker_that_would_give_other_numbers_is_refused(
    cluster: str, threads: Path, tmp_path: Path
) -> None:
    import numpy as np

    with (
        on_workers(cluster, Older()),
        pytest.raises(RefusedError, match="would give other numbers") as refused,
    ):
        swept_small(tmp_path / "sweep", cluster=cluster)
    assert f"libraries.numpy: was {np.__version__}, is 1.0" in str(refused.value)
    swept_small(tmp_path / "sweep", cluster=cluster)  # the workers are what they were
    assert content_hash(tmp_path / "sweep") == content_hash(threads)


def test_cluster_that_is_not_there_is_named(narrate: Narrate) -> None:
    started = time.monotonic()
    answer = narrate(*WORDS, "-o", "out", "--cluster", "127.0.0.1:1")
    assert time.monotonic() - started < 15.0
    assert (answer.code, answer.out) == (4, "")
    assert answer.err == "error: --cluster 127.0.0.1:1: there is no scheduler to be reached\n"


def test_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must be local or host:port"):
        swept_small(tmp_path / "sweep", cluster="ftp://host:1")
    gc.collect()  # the client that came to nothing is put away without an error


@contextmanager
def in_this_process() -> Iterator[distributed.LocalCluster]:
    """A cluster of one worker without a process of its own."""
    with distributed.LocalCluster(
        loop=distributing.event_loop(), n_workers=1, processes=False, protocol="tcp://",
        host="127.0.0.1", dashboard_address=None, silence_logs="CRITICAL",
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
    ) as cluster:  # fmt: skip
        yield cluster


def test_lost_scheduler_is_not_a_run_that_fails(tmp_path: Path) -> None:
    with in_this_process() as lost:

        def lose(more: int) -> None:
            if more:
                lost.close()

        again = f"{lost.scheduler_address}: is lost; start its scheduler and its workers again"
        with pytest.raises(MachineError, match=again):
            swept_small(tmp_path / "sweep", 2_000, cluster=lost.scheduler_address, progress=lose)


def test_trouble_of_dask_is_told_by_the_driver_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its loggers would print tracebacks before the one line that says what came of it."""
    there = SimpleNamespace(status="closed")
    monkeypatch.setattr(distributing, "_client", lambda *_: nullcontext(there))
    handler = logging.StreamHandler()
    handler.setLevel(logging.INFO)
    monkeypatch.setattr(logging.getLogger("distributed"), "handlers", [handler])
    with distributing.on_cluster("host:1", "ensemble", None)():
        assert handler.level == logging.CRITICAL
    assert handler.level == logging.INFO


def test_adaptive_cluster_may_begin_without_workers(threads: Path, tmp_path: Path) -> None:
    with distributed.LocalCluster(
        n_workers=0, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as adaptive:
        adaptive.adapt(minimum=0, maximum=2, interval="100ms")
        assert not adaptive.scheduler.workers
        swept_small(tmp_path / "sweep", cluster=adaptive.scheduler_address)
    assert content_hash(tmp_path / "sweep") == content_hash(threads)


def test_pieces_under_way_follow_a_cluster_that_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = {"one": 1}
    monkeypatch.setattr(distributing, "LOOK", 0.0)
    client = SimpleNamespace(nthreads=lambda: threads)
    sending = distributing._Sending(client, "ensemble", "")  # type: ignore[arg-type]
    assert sending.pieces_under_way() == 1 + distributing.SPARE
    threads["two"] = 2
    assert sending.pieces_under_way() == 3 + distributing.SPARE


def test_workers_that_do_not_come_back_are_not_waited_for(cluster: str, tmp_path: Path) -> None:
    with distributing._connect(cluster) as client:
        assert client.run_on_scheduler(seconds_without_workers) == 120.0  # Dask's own: for ever
    with (
        dask.config.set({"distributed.scheduler.no-workers-timeout": "0.5s"}),
        in_this_process() as left,
    ):

        def leave(more: int) -> None:
            if more:
                left.scale(0)

        with pytest.raises(MachineError, match="is lost") as refused:
            swept_small(tmp_path / "sweep", 2_000, cluster=left.scheduler_address, progress=leave)
        assert left.scheduler_address in str(refused.value)


def seconds_without_workers(dask_scheduler: distributed.Scheduler) -> float | None:
    found: float | None = dask_scheduler.no_workers_timeout
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_no_process_is_left_behind(number: signal.Signals, code: int, place: Path) -> None:
    """An interrupt goes to the whole process group, as from a terminal."""
    words = [*WORDS, "-n", "500000", "-o", "out", "--cluster", "local", "--jobs", "1"]
    with (place / "said").open("w") as said:
        driver = subprocess.Popen(
            [sys.executable, "-m", "sim", *words], cwd=place, start_new_session=True,
            stdout=said, stderr=said, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    parts = place / "out" / "runs.parquet"
    wait_for(lambda: any(parts.glob("part-*")) or driver.poll() is not None)
    assert driver.poll() is None, (place / "said").read_text()
    family = psutil.Process(driver.pid).children(recursive=True)
    assert family
    if number == signal.SIGINT:
        os.killpg(driver.pid, number)
    else:
        driver.send_signal(number)
    assert driver.wait(GONE) == code
    assert psutil.wait_procs(family, timeout=GONE)[1] == []
    lines = (place / "said").read_text().splitlines()
    if code > 0:
        assert "`narrate resume out` goes on" in lines[-1]
        assert all(line.startswith("error: ") for line in lines), lines
    assert len(tables.read(place / "out", "runs")) > 0


def wait_for(found: Callable[[], bool], seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline, "too late"
        time.sleep(0.02)
