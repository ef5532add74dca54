"""Say how far the work in a run folder is, without disturbing it.

    narrate status results/kashmir_2025/20261124T120000Z-1a2b3c4d
    narrate status DIR --verify

Of a sweep, it prints how many pairs of runs are done and whether a program works on it now; its
parts are always checked against their hashes. With --verify so is every other stored result, and
the hash of what all tables say is printed: it is equal for equal results. Exit code 1 where
something is damaged.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sim.cli import options
from sim.cli.parsing import Parser, path
from sim.cli.printing import say_result
from sim.errors import RefusedError
from sim.scenario.error_texts import count_of


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("folder", metavar="DIR", type=path, help="a run folder")
    parser.flag("--verify", "check every stored result against its hash")
    options.plugins(parser)
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Look at the folder and say what is there; return 1 where something is damaged."""
    from sim.plugins import registry
    from sim.running.sweeps import sweep_folder
    from sim.store import manifest, parts
    from sim.store.hashing import content_hash
    from sim.store.verifying import damaged_files

    folder: Path = args.folder
    is_sweep = sweep_folder.is_sweep(folder) or (folder / parts.FOLDER).is_dir()
    if not is_sweep:
        manifest.demand_manifest(folder)
    registry.use(args.plugins)
    status = manifest.read_manifest(folder).get("status", "unknown")
    found: dict[str, Any] = {"folder": str(folder), "status": status}
    damaged: list[str] = []
    if is_sweep:
        found |= _sweep_status(folder, status, damaged)
    if args.verify:
        damaged += damaged_files(folder)
        if not damaged:
            found["content_sha256"] = content_hash(folder)
    found["damaged"] = damaged
    say_result(args, lambda: found, lambda: "\n".join(_status_lines(found)))
    return 1 if damaged else 0


def _sweep_status(folder: Path, status: str, damaged: list[str]) -> dict[str, Any]:
    """Return how far a sweep is, and add to ``damaged`` the parts that are, each in words.

    The fields are those that ``--json`` prints; there are none where the sweep's own description
    is damaged, for without it nobody can tell what the parts hold.
    """
    from sim.running.sweeps import sweep_folder
    from sim.running.sweeps.driving import is_done
    from sim.store import lock, manifest, parts

    try:
        known = sweep_folder.read_sweep(folder)
    except RefusedError as why:
        damaged.append(str(why))
        return {}
    state = known.survey()
    keep = known.keep(state)
    damaged += [f"{path.name}: {why}" for path, why in state.bad]
    points = len(known.swept.design)
    asked = known.asked_by_now(keep).replicates
    incomplete: dict[str, Any] = {}
    if status == "complete" and not is_done(known.swept, known.asked_by_now(keep), keep):
        incomplete = {"status": "incomplete"}
        damaged.append(
            f"{parts.FOLDER}: not all runs are there that {manifest.FILE} counts; "
            f"`narrate resume {folder}` makes them again"
        )
    return incomplete | {
        "points": points,
        "arms": [known.swept.base, *known.swept.arms],
        "parts": len(state.parts),
        "pairs_done": keep.pairs,
        # how many the rule of --until asks for is known once the pilots are done
        "pairs_asked": None if known.asked.until else asked * points,
        "driver": lock.driver(folder),
    }


def _status_lines(found: dict[str, Any]) -> list[str]:
    """Return what was found as text for people."""
    lines = [f"{found['folder']}: {found['status']}"]
    if "points" in found:
        done = count_of(found["pairs_done"], "pair")
        if found["pairs_asked"] is not None:
            done = f"{found['pairs_done']:,} of {count_of(found['pairs_asked'], 'pair')}"
        lines.append(
            f"{done} of runs in {count_of(found['parts'], 'part')}, "
            f"{count_of(found['points'], 'point')}, arms {', '.join(map(repr, found['arms']))}"
        )
        lines.append(f"driver: {found['driver']}" if found["driver"] else "no driver is running")
    lines += [f"damaged: {line}" for line in found["damaged"]]
    if "content_sha256" in found:
        lines.append(
            "every stored result is as it was written; what the tables say, as one SHA-256:"
        )
        lines.append(found["content_sha256"])
    return lines
