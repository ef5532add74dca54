"""Results into folders, and folders into words and pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from sim.scenario.scenario import Scenario
from sim.store import folder as folders
from sim.store import manifest, tables
from sim.store.folder import machine_error

if TYPE_CHECKING:
    from matplotlib.figure import Figure

T = TypeVar("T")


def parquet(tables_by_name: Mapping[str, pd.DataFrame], folder: Path) -> Path:
    """Write tables as Parquet; files of the same name are replaced."""
    _make(folder)
    for name, frame in tables_by_name.items():
        tables.write_parquet(folder / f"{name}.parquet", frame)
    return folder


def saved(
    tables_by_name: Mapping[str, pd.DataFrame], folder: Path, verb: str, scenario: Scenario,
    arms: Sequence[str], baseline: str, counts: Mapping[str, int], **more: Any,
) -> Path:  # fmt: skip
    """Write tables and a manifest into a new run folder."""
    folders.create(scenario.name, scenario.sha256(), datetime.now(UTC), out=folder)
    return written(tables_by_name, folder, verb, scenario, arms, baseline, counts, **more)


def written(
    tables_by_name: Mapping[str, pd.DataFrame], folder: Path, verb: str, scenario: Scenario,
    arms: Sequence[str], baseline: str, counts: Mapping[str, int], **more: Any,
) -> Path:  # fmt: skip
    """Write tables and a manifest into a folder that is claimed already; ``more`` is added."""
    now = datetime.now(UTC)
    folders.write_text(folder / folders.RESOLVED, scenario.to_yaml())
    files = {}
    for name, frame in tables_by_name.items():
        tables.write(folder, name, frame)
        path = tables.path_of(folder, name)
        files[path.name] = manifest.sha256_of(path)
    document = manifest.manifest(
        verb, [f"sim.{verb}"], scenario=scenario.name, title=scenario.title, inputs={},
        seed=scenario.seed, arms=arms, baseline=baseline, counts=counts,
        status=manifest.ended(counts["failed"]), started=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        timings={}, more={"files": files, **more},
    )  # fmt: skip
    manifest.write(folder, document)
    return folder


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise machine_error(folder, error) from error


def in_a_folder(save: Callable[[Path], Path], use: Callable[[Path], T]) -> T:
    """The report reads only run folders, so that old ones can be read again: give it one."""
    with TemporaryDirectory() as place:
        return use(save(Path(place) / "run"))


def drawn(save: Callable[[Path], Path], name: str, folder: Path | None = None) -> Figure:
    """One figure of a run folder, or of what ``save`` writes."""
    from sim.report.figures import style
    from sim.report.folder import read

    module = import_module(f"sim.report.figures.{name}")
    with style.drawing():
        found = read(folder) if folder is not None else in_a_folder(save, read)
        figure: Figure = module.draw(found)
    return figure
