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
from sim.cli.printing import note, say, say_json
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.running.sweeps.driving import Asked
    from sim.running.sweeps.keeping import InFolder
    from sim.running.sweeps.sweep_folder import Known


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("folder", metavar="DIR", type=path, help="folder of a sweep or study")
    parser.add_argument(
        "-n", "--replicates", type=whole(1, options.MOST_RUNS), metavar="N",
        help="replicates that each point is to have (default: as many as were asked for)",
    )  # fmt: skip
    options.plugins(parser)
    options.jobs(parser)
    options.cluster(parser)
    options.progress(parser)
    options.report(parser)
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Go on, write the tables, print the results in plain words."""
    from sim.store import lock, manifest
    from sim.store.folder import clear_leftovers
    from sim.store.identity import demand
    from sim.studies import study_folder

    if study_folder.is_study(args.folder):
        from sim.cli import studying

        return studying.go_on(args)
    demand(args.folder)
    if manifest.intact(args.folder).get("status") in manifest.FINISHED and _is_whole(args):
        return 0
    with lock.hold(args.folder):
        clear_leftovers(args.folder)
        return _go_on(args)


def _is_whole(args: argparse.Namespace) -> bool:
    """Whether nothing is left to do; then nothing is touched."""
    from sim.running.sweeps.driving import is_done
    from sim.store import manifest
    from sim.store.verifying import damaged_files

    known = _unchanged(args)
    found = known.state()
    keep = known.keep(found)
    whole = (
        not found.bad
        and not damaged_files(args.folder)
        and manifest.read(args.folder).get("report") != manifest.DRAWING  # killed meanwhile
        and is_done(known.swept, _asked(args, known, keep), keep)
    )
    if whole and args.json:
        say_json({"folder": str(args.folder), "parts": len(found.parts), "done": True})
    elif whole and not args.quiet:
        say(f"{args.folder}: the sweep is whole; nothing to do")
    return whole


def _unchanged(args: argparse.Namespace) -> Known:
    """What is swept, if it still is what it was."""
    from sim.plugins import finding
    from sim.running.sweeps import sweep_folder

    finding.use(args.plugins)
    known = sweep_folder.read(args.folder)
    sweep_folder.demand_unchanged(known, options.origin_file(args.folder, known.origin))
    return known


def _asked(args: argparse.Namespace, known: Known, keep: InFolder) -> Asked:
    """How much is asked for by now."""
    asked = known.asked_by_now(keep)
    if args.replicates is not None:
        if args.replicates < asked.replicates:
            raise InputError(
                f"--replicates: {args.folder} has {asked.replicates} asked for already "
                f"(got {args.replicates})"
            )
        asked = replace(asked, replicates=args.replicates)
    return asked


def _go_on(args: argparse.Namespace) -> int:
    from sim.cli.recording import Recording
    from sim.cli.sweeping import go, tell_of_damage
    from sim.store.parts import set_aside
    from sim.store.verifying import damaged_files

    known = _unchanged(args)
    swept = known.swept
    found = known.state()
    keep = known.keep(found)
    asked = _asked(args, known, keep)
    tell_of_damage(args, found.bad, set_aside(known.folder, found))
    if not args.quiet:
        for line in damaged_files(known.folder):
            note(f"{line}; it is written anew")
    args.engine, args.out = known.engine, None
    args.scenario = options.parse_origin(known.origin).scenario if known.origin else ""
    if not options.file_exists(args.scenario):
        args.scenario = ""
    recording = Recording(
        args,
        swept.scenario,
        [swept.base, *swept.arms],
        swept.base,
        args.folder,
        known.sources(),
        asked.words(),
    )
    if not args.quiet:
        note(f"{args.folder}: {keep.pairs:,} pairs are there")
    return go(args, recording, known, keep, asked)
