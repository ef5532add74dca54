"""Show a scenario with all its values, and where each of them comes from.

    narrate show kashmir_2025
    narrate show kashmir_2025 --arm mediation --set parity=0.5
    narrate show kashmir_2025 --judgements > judgements.csv

The values are those that a run would use: what the scenario extends, the arm and the options are
merged in. Each line has a key for --set, its value, the source that the scenario names for it, and
the place in a file or the option that set it. With --judgements only these are printed, as a
table to fill that `judgements: FILE.csv` in a scenario reads.
"""

from __future__ import annotations

import argparse
import csv
import io
from typing import TYPE_CHECKING

from sim.cli import options
from sim.cli.parsing import Parser
from sim.cli.printing import note_all, say_json, say_result
from sim.scenario.error_texts import count_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

WIDEST_KEY, WIDEST_VALUE = 60, 24  # characters; longer ones push their line to the right


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.one_arm(parser)
    parser.flag("--schema", "print instead the JSON Schema of scenario files, for editors")
    parser.flag("--yaml", "print it as a scenario file that can be run")
    parser.flag("--judgements", "print the judgements of its audiences as CSV")
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Print the scenario, or with ``--schema`` what every scenario file must satisfy."""
    if args.schema:
        from sim.scenario.schema import json_schema

        say_json(json_schema())
        return 0
    scenario = options.in_arm(options.read_scenario(args), args.arm)
    note_all(args, scenario.notes)
    say_result(args, lambda: _document(scenario), lambda: _text(scenario, args).rstrip())
    return 0


def _text(scenario: Scenario, args: argparse.Namespace) -> str:
    """Return the scenario in the form that is asked for."""
    if args.judgements:
        return _judgements(scenario)
    return scenario.to_yaml() if args.yaml else _table(scenario)


def _judgements(scenario: Scenario) -> str:
    """Return the judgements as CSV: a row for each audience and issue, a column a claimant."""
    sides = [side.name for side in scenario.claimants]
    rows = [
        [audience.name, issue.name, *(audience.judgements[issue.name][side] for side in sides)]
        for audience in scenario.audiences
        for issue in scenario.issues
    ]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([["audience", "issue", *sides], *rows])
    return text.getvalue()


def _document(scenario: Scenario) -> dict[str, object]:
    """Return the scenario as ``--json`` prints it."""
    sources = [row._asdict() for row in scenario.sources()]
    return {"scenario": scenario.to_dict(), "sha256": scenario.sha256(), "sources": sources}


def _table(scenario: Scenario) -> str:
    """Return the scenario as text: two lines about it, then a line for each value."""
    rows = [tuple(str(cell) for cell in row) for row in scenario.sources()]
    width = min(WIDEST_KEY, max((len(row[0]) for row in rows), default=0))
    broad = min(WIDEST_VALUE, max((len(row[1]) for row in rows), default=0))
    arm = f", arm {scenario.arm_name}" if scenario.arm_name else ""
    title = scenario.title or scenario.name
    lines = [
        f"{title} ({scenario.name}{arm}): {count_of(scenario.steps, 'day')} "
        f"from {scenario.start_date}",
        f"arms: {', '.join(scenario.arms) or 'none'}; baseline: {scenario.baseline or 'none'}",
        "",
    ]
    for key, value, source, where in rows:
        lines.append(f"{key:{width}}  {value:{broad}}  {source or '-'}  ({where})")
    return "\n".join(lines)
