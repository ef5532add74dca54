"""List what there is: scenarios, strategies, rules, policies, acceptances, metrics, experiments.

Without a word, everything; with one, that list only. With --plugin, plug-ins of your own too.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Callable, Iterable
from pathlib import Path

from sim.cli import options
from sim.cli.parsing import Parser, one_of
from sim.cli.printing import say, say_json

Rows = list[tuple[str, str]]


def _plugins(kind: str) -> Callable[[], Rows]:
    def rows() -> Rows:
        from sim.plugins import registry

        return [(name, registry.first_line(kind, name)) for name in registry.names(kind)]

    return rows


def _scenarios() -> Rows:
    from sim.scenario import shipped

    return _titles(shipped.names())


def _lessons() -> Rows:
    from sim.scenario import shipped

    return _titles([f"{shipped.LESSON}{name}" for name in shipped.lesson_names()])


def _titles(names: Iterable[str]) -> Rows:
    """The title of each, or why it is refused."""
    from sim.errors import InputError
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
    from sim.tables.columns import metric_texts

    return [(name, f"{meaning} [{unit}]") for name, unit, meaning in metric_texts()]


def _experiments() -> Rows:
    import sim

    folder = Path(sim.__file__).resolve().parents[1] / "experiments"
    rows = []
    for file in sorted(folder.glob("*.py")):
        heading = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        rows.append((file.stem, heading.split("\n", 1)[0]))
    return rows


LISTS: dict[str, Callable[[], Rows]] = {
    "scenarios": _scenarios,
    "lessons": _lessons,
    "strategies": _plugins("strategies"),
    "rules": _plugins("rules"),
    "policies": _plugins("mediators"),
    "acceptances": _plugins("acceptance"),
    "metrics": _metrics,
    "experiments": _experiments,
}


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    parser.add_argument(
        "what", metavar="WHAT", nargs="?", type=one_of(*LISTS), help=", ".join(LISTS)
    )
    options.plugins(parser)
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Print the lists."""
    from sim.plugins import registry

    registry.use(args.plugins)
    lists = {what: LISTS[what]() for what in ([args.what] if args.what else LISTS)}
    if args.json:
        say_json({what: [{"name": n, "meaning": m} for n, m in rows]
                  for what, rows in lists.items()})  # fmt: skip
    elif not args.quiet:
        say("\n\n".join(_block(what, rows) for what, rows in lists.items() if rows or args.what))
    return 0


def _block(what: str, rows: Rows) -> str:
    width = max([len(name) for name, _ in rows], default=0) + 2
    lines = [f"  {name:{width}}{meaning}".rstrip() for name, meaning in rows]
    return "\n".join([what, *(lines or ["  (none)"])])
