"""A sweep in its folder, begun or gone on with: run, tables, manifest, words."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.printing import note, say, say_json

if TYPE_CHECKING:
    from sim.cli.recording import Recording
    from sim.running.sweeps.driving import Asked
    from sim.running.sweeps.keeping import InFolder
    from sim.running.sweeps.sweep_folder import Known


def go(
    args: argparse.Namespace, recording: Recording, known: Known, keep: InFolder, asked: Asked
) -> int:
    """Run what is missing, write the tables, say what came out."""
    from sim.cli.compilation import tell_of_compilation
    from sim.cli.progress import Progress
    from sim.cli.recording import closing, stop_with, stoppable
    from sim.running.sweeps.driving import carry_out
    from sim.running.sweeps.outcomes import bytes_of
    from sim.running.sweeps.pacing import pairs_of
    from sim.store import manifest
    from sim.store.folder import demand_room
    from sim.store.tables import path_of
    from sim.studies.sweep import tables_of, workers_of

    swept = known.swept
    arms = 1 + len(swept.arms)
    missing = pairs_of(keep.missing(asked.pilot(len(swept.design))))
    if known.engine == "ensemble" and missing and not args.quiet and args.cluster is None:
        tell_of_compilation()
    progress = Progress(0, args.progress and not args.quiet)
    with closing(recording, f"{keep.pairs * arms:,} runs are"):
        demand_room(known.folder, bytes_of(swept, missing))
        with recording.timed("sweep"), stoppable(lambda: True) as stopped:
            workers = workers_of(known.engine, args.jobs, args.cluster)
            carry_out(swept, asked, keep, workers, progress, progress.expect)
        progress.close()
        more: dict[str, Any] = {"points": len(swept.design)}
        if stopped:
            wanted = asked.replicates * len(swept.design)
            counts = {"asked": arms * wanted, "used": arms * keep.pairs, "failed": 0}
            recording.finish(counts, manifest.INTERRUPTED, **more)
        else:
            with recording.timed("write"):
                tables = tables_of(swept, keep, asked)
                for name, table in tables.items():
                    recording.table(name, table)
            failed = len(tables["failures"])
            asked_for = arms * sum(asked.all(swept, keep).values())
            counts = {"asked": asked_for, "used": asked_for - failed, "failed": failed}
            recording.finish(counts, manifest.ended(failed), **more)
    stop_with(
        stopped,
        f"{arms * keep.pairs:,} runs are kept in {known.folder}; "
        f"`narrate resume {known.folder}` goes on",
    )
    if asked.until is not None and not args.quiet:
        reached = tables["until"]["reached"] == "yes"
        note(
            f"{reached.sum():,} of {len(reached):,} means of {asked.until.column} are within "
            f"+-{asked.until.half:g}; until.csv has every one"
        )
    if tables["summary"].empty and not args.quiet:
        note(
            f"{len(swept.design):,} points are too many for a summary and a comparison of each; "
            f"{path_of(known.folder, 'runs')} has every run"
        )
    tell(args, recording, known, counts)
    return 1 if counts["failed"] else 0


def tell(
    args: argparse.Namespace, recording: Recording, known: Known, counts: Mapping[str, int]
) -> None:
    """Say in plain words what came out and where it is."""
    from sim.cli.compare import words

    folder = known.folder
    if args.json:
        keys = [key for key in known.swept.design.columns if key != "point"]
        say_json({"folder": str(folder), "scenario": recording.scenario.name,
                  "parameters": keys, "counts": dict(counts),
                  "design": known.swept.design.to_dict("records")})  # fmt: skip
    elif not args.quiet:
        say(f"{words(folder)}\n\nResults: {folder}")


def tell_of_damage(
    args: argparse.Namespace, bad: list[tuple[Path, str]], moved: list[Path]
) -> None:
    """Say which parts were damaged, why, and where they are."""
    if args.quiet:
        return
    for (path, why), place in zip(bad, moved, strict=False):
        note(f"{path.name}: {why}; set aside as {place}, its runs are repeated")
