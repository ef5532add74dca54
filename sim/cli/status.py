"""Say how far a run folder is, without disturbing who works on it.

    narrate status DIR
    narrate status DIR --verify

The parts of a sweep are always checked against their hashes. With --verify so is every other
stored result, and the hash of what all tables say is printed: equal for equal results. Exit code 1
where something is damaged.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sim.cli import options
from sim.cli.parsing import Parser, path
from sim.cli.printing import say, say_json
from sim.errors import RefusedError


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("folder", metavar="DIR", type=path, help="a run folder")
    parser.add_argument(
        "--verify", action="store_true", help="check every stored result against its hash"
    )
    options.plugins(parser)
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Look, say what is there."""
    from sim.plugins import finding
    from sim.running.sweeps import sweep_folder
    from sim.store import manifest, parts

    folder: Path = args.folder
    is_sweep = sweep_folder.is_sweep(folder) or (folder / parts.FOLDER).is_dir()
    if not is_sweep:
        manifest.demand(folder)
    finding.use(args.plugins)
    status = manifest.read(folder).get("status", "unknown")
    found: dict[str, Any] = {"folder": str(folder), "status": status}
    damaged: list[str] = []
    if is_sweep:
        found |= _sweep_status(folder, damaged)
    if args.verify:
        from sim.store.verifying import damaged_files

        damaged += damaged_files(folder)
        if not damaged:
            from sim.store.hashing import content_hash

            found["content_sha256"] = content_hash(folder)
    found["damaged"] = damaged
    if args.json:
        say_json(found)
    elif not args.quiet:
        _print_status(found, args.verify)
    return 1 if damaged else 0


def _sweep_status(folder: Path, damaged: list[str]) -> dict[str, Any]:
    from sim.running.sweeps import sweep_folder
    from sim.store import lock

    try:
        known = sweep_folder.read(folder)
    except RefusedError as why:  # without it nobody can tell what the parts hold
        damaged.append(str(why))
        return {}
    state = known.state()
    keep = known.keep(state)
    damaged += [f"{path.name}: {why}" for path, why in state.bad]
    points = len(known.swept.design)
    asked = known.asked_by_now(keep).replicates
    return {
        "points": points, "arms": [known.swept.base, *known.swept.arms],
        "parts": len(state.parts), "pairs_done": keep.pairs,
        # how many the rule of --until asks for is known once the pilots are done
        "pairs_asked": None if known.asked.until else asked * points,
        "driver": lock.driver(folder),
    }  # fmt: skip


def _print_status(found: dict[str, Any], verify: bool) -> None:
    say(f"{found['folder']}: {found['status']}")
    if "points" in found:
        said = "" if found["pairs_asked"] is None else f" of {found['pairs_asked']:,}"
        say(f"{found['pairs_done']:,}{said} pairs of runs in {found['parts']} parts, "
            f"{found['points']:,} points, arms {', '.join(map(repr, found['arms']))}")  # fmt: skip
        say(f"driver: {found['driver']}" if found["driver"] else "no driver is running")
    for line in found["damaged"]:
        say(f"damaged: {line}")
    if verify and not found["damaged"]:
        say("every stored result is as it was written; what the tables say, as one SHA-256:")
        say(found["content_sha256"])
