"""Show a resolved scenario, and where each of its values comes from.

``--yaml`` prints it as a scenario file; ``--schema`` prints the JSON Schema of scenario files, for
editors.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from sim.cli import options
from sim.cli.parsing import Parser
from sim.cli.printing import note, say, say_json

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.scenario(parser)
    options.arm(parser)
    options.seed(parser)
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema")
    parser.add_argument("--yaml", action="store_true", help="print it as a scenario file")
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Print the scenario."""
    if args.schema:
        from sim.scenario.schema import json_schema

        say_json(json_schema())
        return 0
    scenario = options.in_arm(options.read_scenario(args), args.arm)
    for text in [] if args.quiet else scenario.notes:
        note(str(text))
    if args.json:
        say_json({"scenario": scenario.to_dict(), "sha256": scenario.sha256(),
                  "sources": [row._asdict() for row in scenario.sources()]})  # fmt: skip
    elif not args.quiet:
        say(scenario.to_yaml().rstrip() if args.yaml else _table(scenario))
    return 0


def _table(scenario: Scenario) -> str:
    rows = [tuple(str(cell) for cell in row) for row in scenario.sources()]
    width = min(60, max((len(row[0]) for row in rows), default=0))
    broad = min(24, max((len(row[1]) for row in rows), default=0))
    head = [
        f"{scenario.title or scenario.name} ({scenario.name}"
        + (f", arm {scenario.arm_name}" if scenario.arm_name else "")
        + f"): {scenario.steps} days from {scenario.start_date.isoformat()}",
        f"arms: {', '.join(scenario.arms) or 'none'}; baseline: {scenario.baseline or 'none'}",
        "",
    ]
    lines = [
        f"{key:{width}}  {value:{broad}}  {source or '-'}  ({where})"
        for key, value, source, where in rows
    ]
    return "\n".join([*head, *lines])
