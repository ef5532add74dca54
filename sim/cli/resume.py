"""Go on with a sweep or study that was stopped, or give a sweep more replicates.

    narrate resume results/kashmir_2025/20261124T120000Z-1a2b3c4d
    narrate resume DIR --replicates 500

The folder says what is done. Damaged parts are set aside and run again; a sweep that is whole is
left as it is.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.cli import options
from sim.cli.parsing import Parser, path, whole
from sim.cli.printing import note_all, say_result
from sim.errors import InputError
from sim.scenario.error_texts import are_of, count_of

if TYPE_CHECKING:
    from sim.running.sweeps.driving import Asked
    from sim.running.sweeps.keeping import InFolder
    from sim.running.sweeps.sweep_folder import SweepFolder
    from sim.store.parts import Survey


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("folder", metavar="DIR", type=path, help="folder of a sweep or study")
    about = "replicates that each point is to have (default: as many as were asked for)"
    parser.option("-n --replicates N", about, whole(1))
    options.plugins(parser)
    options.jobs(parser)
    options.cluster(parser)
    options.progress(parser)
    options.report(parser)
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Continue, write the tables, print the results in plain words."""
    from sim.plugins import registry
    from sim.store import lock, manifest
    from sim.store.folder import clear_leftovers
    from sim.store.identity import demand
    from sim.studies.study_folder import is_study

    registry.use(args.plugins)
    if is_study(args.folder):
        from sim.cli import studying

        return studying.resume(args)
    demand(args.folder)
    finished = manifest.read_intact(args.folder).get("status") in manifest.FINISHED
    if finished and _is_whole(args):
        return 0
    with lock.hold(args.folder):
        clear_leftovers(args.folder)
        return _resume(args)


def _is_whole(args: argparse.Namespace) -> bool:
    """Whether nothing is left to do; then nothing is touched."""
    from sim.running.sweeps.driving import is_done
    from sim.store import manifest
    from sim.store.verifying import damaged_files

    known, found, keep, asked = _survey(args)
    whole = (
        not found.bad
        and not damaged_files(args.folder)
        and manifest.read_manifest(args.folder).get("report") != manifest.DRAWING  # killed then
        and is_done(known.swept, asked, keep)
    )
    if whole:
        say_result(
            args,
            lambda: {"folder": str(args.folder), "parts": len(found.parts), "done": True},
            lambda: f"{args.folder}: the sweep is whole; nothing to do",
        )
    return whole


def _survey(args: argparse.Namespace) -> tuple[SweepFolder, Survey, InFolder, Asked]:
    """What is swept, if it still is what it was; what is there; how much is asked for by now."""
    from sim.running.sweeps import sweep_folder

    known = sweep_folder.read_sweep(args.folder)
    sweep_folder.demand_unchanged(known, options.origin_file(args.folder, known.origin))
    found = known.survey()
    keep = known.keep(found)
    asked = known.asked_by_now(keep)
    if args.replicates is not None:
        if args.replicates < asked.replicates:
            reason = f"{args.folder} has {asked.replicates} asked for already"
            raise InputError(f"--replicates: {reason} (got {args.replicates})")
        asked = replace(asked, replicates=args.replicates)
    return known, found, keep, asked


def _resume(args: argparse.Namespace) -> int:
    from sim.cli.sweep import run_and_tell
    from sim.store.parts import set_aside
    from sim.store.verifying import damaged_files

    known, found, keep, asked = _survey(args)
    moved = set_aside(known.folder, found)
    bad = zip(found.bad, moved, strict=False)
    notes = [
        *(f"{p.name}: {why}; set aside as {to}, its runs are repeated" for (p, why), to in bad),
        *(f"{line}; it is written anew" for line in damaged_files(known.folder)),
        f"{args.folder}: {count_of(keep.pairs, 'pair')} {are_of(keep.pairs)} there",
    ]
    note_all(args, notes)
    args.scenario = options.origin_name(known.origin)
    return run_and_tell(args, known, keep, asked)
