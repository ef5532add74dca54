"""List scenarios, lessons, plug-ins, metrics and experiments, each with a line about it.

    narrate list
    narrate list metrics

Without WHAT, every list is printed. The plug-ins are strategies of senders, update rules of
audiences (rules), policies of mediators and acceptance rules (acceptances); with --plugin, the
lists have those of your own too.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Callable, Iterable
from pathlib import Path

from sim.cli import options
from sim.cli.parsing import Parser, one_of
from sim.cli.printing import say_result
from sim.errors import InputError
from sim.scenario import shipped

Rows = list[tuple[str, str]]  # a name and what it means


def _plugins(kind: str) -> Rows:
    """List the plug-ins of a kind, named as their folder."""
    from sim.plugins import registry

    return [(name, registry.first_line(kind, name)) for name in registry.names(kind)]


def _titles(names: Iterable[str]) -> Rows:
    """List scenarios with their titles, or with the reason why one is refused."""
    from sim.scenario.scenario import Scenario

    rows = []
    for name in names:
        try:
            title = Scenario.from_yaml(name).title
        except InputError as error:
            title = f"(refused: {error.problems[0]})"
        rows.append((name, title))
    return rows


def _metrics() -> Rows:
    from sim.tables.metric_texts import metric_texts

    return [(name, f"{meaning} [{unit}]") for name, unit, meaning in metric_texts()]


def _experiments() -> Rows:
    """List the experiments of a checkout by their questions; an installation has none."""
    folder = Path(__file__).resolve().parents[2] / "experiments"
    rows = []
    for file in sorted(folder.glob("*.py")):
        heading = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        rows.append((file.stem, heading.split("\n", 1)[0]))
    return rows


LISTS: dict[str, Callable[[], Rows]] = {
    "scenarios": lambda: _titles(shipped.names()),
    "lessons": lambda: _titles(shipped.LESSON + name for name in shipped.lesson_names()),
    "strategies": lambda: _plugins("strategies"),
    "rules": lambda: _plugins("rules"),
    "policies": lambda: _plugins("mediators"),
    "acceptances": lambda: _plugins("acceptance"),
    "metrics": _metrics,
    "experiments": _experiments,
}


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    about = f"one of {', '.join(LISTS)} (default: all of them)"
    parser.add_argument("what", metavar="WHAT", nargs="?", type=one_of(*LISTS), help=about)
    options.plugins(parser)
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Print the lists; an empty one only where it was asked for."""
    from sim.plugins import registry

    registry.use(args.plugins)
    lists = {what: LISTS[what]() for what in ([args.what] if args.what else LISTS)}
    blocks = (_block(what, rows) for what, rows in lists.items() if rows or args.what)
    say_result(args, lambda: _document(lists), lambda: "\n\n".join(blocks))
    return 0


def _document(lists: dict[str, Rows]) -> dict[str, list[dict[str, str]]]:
    """Return the lists as ``--json`` prints them."""
    return {
        what: [{"name": name, "meaning": meaning} for name, meaning in rows]
        for what, rows in lists.items()
    }


def _block(what: str, rows: Rows) -> str:
    """Return one list as text: its heading, then the names in a column before their meanings."""
    width = max([len(name) for name, _ in rows], default=0) + 2
    lines = [f"  {name:{width}}{meaning}".rstrip() for name, meaning in rows]
    return "\n".join([what, *(lines or ["  (none)"])])
