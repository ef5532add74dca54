"""One driver at a time: who writes to a sweep's folder holds its lock.

The operating system holds the lock, so it is free at once when its process is gone, however it
went; there is no stale lock to judge. ``.holder.json`` only tells people who it is.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from sim.errors import InputError, RefusedError
from sim.files import read_regular
from sim.store.folder import HOLDING, machine_error, read_json, write_json

FILE, DOOR, HOLDER = HOLDING
WAIT = 1.5  # seconds for which another process may stand in the door


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; children do not inherit it.

    Raises RefusedError naming the holder where another driver has it, MachineError where the
    folder cannot be written to, InputError where there is none.
    """
    if not folder.is_dir():  # the lock would make it
        raise InputError(f"{folder}: there is no such folder")
    lock = _lock(folder / FILE)
    try:
        # Winning the lock and writing one's name are one step, for which all stand in the door in
        # turn: who finds the lock taken finds no name of an earlier, killed holder beside it.
        with _lock(folder / DOOR).acquire(timeout=WAIT, poll_interval=0.005):
            lock.acquire(timeout=0)
            try:
                write_json(folder / HOLDER, _this_process())
            except BaseException:
                lock.release()
                raise
    except Timeout as taken:
        raise RefusedError(f"{folder}: is in use by {holder(folder)}") from taken
    except OSError as error:
        raise machine_error(Path(error.filename or folder), error) from error
    try:
        yield
    finally:
        with suppress(OSError):  # it informs, no more
            (folder / HOLDER).unlink(missing_ok=True)
        lock.release()


def _lock(path: Path) -> BaseFileLock:
    # on a disk that cannot lock: rather an error than a file that stands for a lock, since that
    # would outlive a killed holder
    return FileLock(path, fallback_to_soft=False)


def _this_process() -> dict[str, str | int]:
    since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"pid": os.getpid(), "host": platform.node(), "since": since}


def holder(folder: Path) -> str:
    """Who holds the folder, or held it when it was killed, in words; from ``.holder.json``."""
    try:
        known = read_json(read_regular(folder / HOLDER))
        return f"process {known['pid']} on {known['host']} since {known['since']}"
    except (OSError, ValueError, TypeError, KeyError):
        return "another process"


def driver(folder: Path) -> str | None:
    """The driver at work in a folder, in words; None where there is none.

    One that was killed has left its name; on this machine its process is looked for.
    """
    try:
        known = read_json(read_regular(folder / HOLDER))
        pid, host = int(known["pid"]), known["host"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    if host == platform.node() and os.name == "posix":
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return None
        except PermissionError:
            pass  # it is there, and another user's
    return holder(folder)
