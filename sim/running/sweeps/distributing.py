"""A sweep on a Dask cluster: each piece of cells is one task, on whichever worker is free.

Dask sees to workers that die or stand still: what they had is done elsewhere. The driver waits for
whole pieces, so a task done twice gives its rows once. What is swept goes to each worker once.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import cache, cached_property
from typing import Any, TypeAlias, cast
from uuid import uuid4

import dask
import distributed
import pandas as pd
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.scheduler import NoValidWorkerError
from distributed.utils import silence_logging_cmgr
from tornado.ioloop import IOLoop

from sim.errors import InputError, MachineError, NarrateError, RefusedError
from sim.plugins import registry
from sim.plugins.outside import Outside
from sim.running.executing import Progress, one_thread_engine
from sim.running.sweeps.driving import Work, Workers
from sim.running.sweeps.identity import made_with
from sim.running.sweeps.outcomes import simulate_cells
from sim.running.sweeps.pacing import pairs_of
from sim.running.sweeps.swept import Swept
from sim.store.identity import differences
from sim.store.parts import Cell

LOCAL = "local"
LOOPBACK = "127.0.0.1"
REACHED = 5.0  # seconds in which a scheduler must answer
STAFFED = 30.0  # seconds in which the first worker must be there
WAITING = 0.2  # seconds between two looks at whether the sweep was stopped
SPARE = 1  # pieces sent ahead: no worker waits for the driver, and an adaptive cluster grows
LOOK = 1.0  # seconds between two looks at how many workers there are
LOST = (
    "is lost; start its scheduler and its workers again, then a sweep in a folder goes on "
    "with `narrate resume`"
)
# For a cluster that is started here, where Dask's own configuration does not say otherwise
LOCAL_DEFAULTS = {
    "distributed.scheduler.allowed-failures": 1,  # deaths that a piece may survive
    "distributed.scheduler.worker-ttl": "30s",  # silence after which a worker is given up
    "distributed.scheduler.no-workers-timeout": "120s",  # in which killed ones must be back
    # Dask has each array given back to the system at once, which costs a run half its time again
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
}


Task: TypeAlias = "distributed.Future[pd.DataFrame | Exception]"


class KilledWorker(Exception):  # noqa: N818 - named as Dask's, which tells a port besides
    """Whatever worker runs it dies."""


def on_cluster(address: str, engine: str, jobs: int | None) -> Workers:
    """Workers of a Dask cluster: ``local`` starts ``jobs`` processes here, or its address.

    Workers must have the code and the libraries of the driver, and its plug-ins from outside are
    handed to them. What is run here listens on loopback only.

    Raises
    ------
    MachineError
        Where the cluster cannot be reached, has no worker, or is lost.
    RefusedError
        Where a worker would give other numbers.
    """

    @contextmanager
    def workers() -> Iterator[tuple[Work, int | Callable[[], int]]]:
        with silence_logging_cmgr("CRITICAL"), _client(address, jobs) as client:
            sending = _Sending(client, engine, address)
            try:
                yield sending.work, sending.pieces_under_way
            finally:
                sending.close()

    return workers


# Clusters


@contextmanager
def _client(address: str, jobs: int | None) -> Iterator[distributed.Client]:
    if address == LOCAL:
        with (
            _local_cluster(jobs or os.cpu_count() or 1) as scheduler,
            _connect(scheduler, True) as client,
        ):
            yield client
    else:
        with _connect(address) as client:
            yield client


@cache
def event_loop() -> IOLoop:
    """The loop of all clients and clusters of this process, which runs in a thread and never ends.

    Dask gives a thread of its own ten seconds to begin and then fails on an assertion, which a
    machine that stood still for a while does not deserve: this one is waited for. It stays open,
    as a client that came to nothing closes itself on it when it is forgotten.
    """
    begun: Future[IOLoop] = Future()

    async def run() -> None:
        begun.set_result(IOLoop.current())
        await asyncio.Event().wait()

    threading.Thread(target=asyncio.run, args=(run(),), daemon=True, name="Dask's loop").start()
    return begun.result()


@contextmanager
def _local_cluster(processes: int) -> Iterator[str]:
    """The address of a cluster of this machine: one process a worker, each of one thread.

    Workers end with this process, however it ends.
    """
    usual = dask.config.merge(*dask.config.defaults)
    ours = {
        key: value
        for key, value in LOCAL_DEFAULTS.items()
        if dask.config.get(key) == dask.config.get(key, config=usual)
    }
    with (
        dask.config.set(ours),
        distributed.LocalCluster(
            loop=event_loop(),
            n_workers=processes,
            threads_per_worker=1,
            processes=True,
            host=LOOPBACK,
            dashboard_address=f"{LOOPBACK}:0",
            scheduler_kwargs={"dashboard": False},
            worker_dashboard_address=None,
            memory_limit=None,  # as threads have none
            silence_logs="CRITICAL",  # the driver says what came of it
        ) as cluster,
    ):
        yield cluster.scheduler_address


@contextmanager
def _connect(address: str, direct: bool | None = None) -> Iterator[distributed.Client]:
    """A client; with ``direct`` it takes rows from workers itself, not through the scheduler."""
    try:
        options: dict[str, Any] = {"timeout": REACHED, "set_as_default": False}
        options |= {"loop": event_loop(), "direct_to_workers": direct}
        client = distributed.Client(address, **options)
    except ValueError as error:
        raise InputError(f"--cluster: must be local or host:port (got {address})") from error
    except OSError as error:
        raise MachineError(f"--cluster {address}: there is no scheduler to be reached") from error
    with client:
        try:
            # work, not only a wait: without any an adaptive cluster starts no worker
            client.submit(int, pure=False).result(timeout=STAFFED)
        except (TimeoutError, CancelledError, NoValidWorkerError) as error:
            raise MachineError(f"--cluster {address}: has no workers") from error
        yield client


# The driver's side


class _Sending:
    """Sends pieces to the workers of a cluster, and to each worker what is swept, once."""

    def __init__(self, client: distributed.Client, engine: str, address: str) -> None:
        self._client, self._engine, self._address = client, engine, address
        self._sent: list[tuple[Swept, str]] = []
        self._sends = threading.Lock()
        self._door = threading.Lock()  # through which each task begins in turn
        self._about, self._left = 0, threading.Condition()  # tasks that have not ended
        self._threads, self._looked = 0, -LOOK

    def pieces_under_way(self) -> int:
        """How many pieces should be under way: one more than the cluster now has threads."""
        if time.monotonic() - self._looked >= LOOK:
            with self._trouble(LOST):
                self._threads = sum(self._client.nthreads().values())
            self._looked = time.monotonic()
        return self._threads + SPARE

    def work(self, swept: Swept, cells: Sequence[Cell], progress: Progress) -> pd.DataFrame:
        """As :data:`sim.running.sweeps.driving.Work`.

        A dying worker takes along whatever was sent to it. So a pair is only said to have killed
        its workers where it did with no other task of this sweep about.
        """
        name = self._name(swept)

        def submit() -> Task:
            piece, key = (name, swept.base, swept.arms, tuple(cells)), f"{name}-{uuid4().hex}"
            return self._client.submit(_run_piece, *piece, key=key, pure=False)

        try:
            with self._one_of_many():
                found = self._answer(submit, progress)
        except KilledWorker:
            if pairs_of(cells) > 1:
                raise
            with self._nobody_else():
                found = self._answer(submit, progress)
        if isinstance(found, Exception):
            raise found
        progress(pairs_of(cells) * (1 + len(swept.arms)))
        return found

    def close(self) -> None:
        """Let the workers forget the sweep."""
        if self._client.status == "running":
            for _, name in self._sent:
                self._client.unregister_worker_plugin(name)

    def _name(self, swept: Swept) -> str:
        """What the workers know the sweep by; told where they do not know it yet."""
        with self._sends:
            for known, name in self._sent:
                if _same_but_arms(known, swept):
                    return name
            name = f"sweep-{uuid4().hex}"
            self._sent.append((swept, name))
            plugin = _Known(swept, self._engine, self._address == LOCAL)
            with self._trouble("cannot take the sweep"):  # workers may lack this package
                self._tell(plugin, name)
            return name

    def _tell(self, plugin: _Known, name: str) -> None:
        """Tell all workers, and those to come; again where one left meanwhile."""
        for last in (False, False, True):
            try:
                self._client.register_plugin(plugin, name)
                return
            except OSError:
                if last:
                    raise

    def _answer(self, submit: Callable[[], Task], progress: Progress) -> pd.DataFrame | Exception:
        """What came of a task; what a run raised is returned, what Dask raises is trouble."""
        done = threading.Event()
        with self._trouble(LOST):
            future = submit()
            future.add_done_callback(lambda _: done.set())
        while not done.wait(WAITING):
            progress(0)  # raises where the sweep was stopped
            if future.done():  # lost with its scheduler
                break
        with self._trouble(LOST):
            try:
                return future.result()
            except distributed.KilledWorker as error:
                raise KilledWorker("the worker died each time it was run") from error

    @contextmanager
    def _one_of_many(self) -> Iterator[None]:
        with self._door, self._left:
            self._about += 1
        try:
            yield
        finally:
            with self._left:
                self._about -= 1
                self._left.notify_all()

    @contextmanager
    def _nobody_else(self) -> Iterator[None]:
        with self._door:
            with self._left:
                self._left.wait_for(lambda: self._about == 0)
            yield

    @contextmanager
    def _trouble(self, what: str) -> Iterator[None]:
        """Whatever is raised in here is the cluster's, not of a run: no run is blamed for it."""
        try:
            yield
        except (NarrateError, KilledWorker):
            raise
        except Exception as error:
            said = f"{what} ({type(error).__name__}: {str(error).partition(chr(10))[0]})"
            raise MachineError(f"--cluster {self._address}: {said}") from error


def _same_but_arms(one: Swept, two: Swept) -> bool:
    held = [field.name for field in fields(Swept) if field.name not in ("base", "arms")]
    return all(getattr(one, name) is getattr(two, name) for name in held)


# The workers' side


class _Known(WorkerPlugin):
    """What is swept, as a worker knows it, with the plug-ins that the driver knows."""

    def __init__(self, swept: Swept, engine: str, ours: bool) -> None:
        self.packed, self.engine = pickle.dumps(swept), engine
        self.ours = ours  # whether the workers are of this driver alone
        self.plugins: tuple[Outside, ...] = registry.from_outside()
        self.made_with = made_with()

    @cached_property
    def swept(self) -> Swept:
        """Unpacked by the first task; what is computed from it is cached by its identity."""
        found: Swept = pickle.loads(self.packed)  # noqa: S301 - the driver's own
        return found

    @cache  # noqa: B019 - ends with the sweep
    def of(self, base: str, arms: tuple[str, ...]) -> Swept:
        """The sweep with these arms."""
        if (base, arms) == (self.swept.base, self.swept.arms):
            return self.swept
        return replace(self.swept, base=base, arms=arms)

    def setup(self, worker: Any) -> None:
        """Leave interrupts to the driver where both are of one terminal; know the plug-ins."""
        if self.ours:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._meanwhile = registry.none_from_outside()
        self._meanwhile.__enter__()
        registry.adopt(self.plugins)

    def teardown(self, worker: Any) -> None:
        """Forget the plug-ins."""
        self._meanwhile.__exit__(None, None, None)

    @cached_property
    def other(self) -> list[str]:
        """What is different here from the driver, of all that could move a number."""
        return differences(self.made_with, made_with())


def _run_piece(
    name: str, base: str, arms: tuple[str, ...], cells: tuple[Cell, ...]
) -> pd.DataFrame | Exception:
    """The rows of these cells, in a worker.

    What a run raises is returned, so that it is not taken for trouble of the cluster.
    """
    worker = distributed.get_worker()
    known = cast(_Known, worker.plugins[name])
    if known.other:
        head = f"worker {worker.address} would give other numbers"
        whose = "(was: the driver's; is: the worker's)"
        return RefusedError("\n".join(f"{head}: {line} {whose}" for line in known.other))
    try:
        return simulate_cells(known.of(base, arms), cells, one_thread_engine(known.engine))
    except Exception as error:
        return error
