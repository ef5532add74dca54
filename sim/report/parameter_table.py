"""The tables of parameters and switches in docs/model.md, written from their declarations.

``python -m sim.report.parameter_table`` rewrites them between their markers; a test compares.
"""

from __future__ import annotations

from pathlib import Path

from sim.parameters import DEFAULTS, OFF, SPECS, Spec, Switches

PAGE = Path(__file__).parents[2] / "docs" / "model.md"
WRITER = "written by `python -m sim.report.parameter_table`; do not edit"

# What no parameter's value can express (sim.parameters.Coefficients and the mediator's policy)
OFF_IN_WORDS = {
    "attention": "A is 1 at every audience, whatever is salient",
    "credence": "every credence is 1 and stays there; inquiries still move evidence",
    "mediation": "nobody offers, M stays 0",
}
AND_ALSO = {
    "credibility": "counts go on, evidence stays",
    "parity": "in the claimants' choice (7) too",
}


def parameters() -> str:
    """Return the table of parameters, one row each, in the order of their declaration."""
    lines = [
        "| symbol | name | default | range | unit | meaning | source | fixed |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, spec in SPECS.items():
        lines.append(
            f"| {spec.symbol} | `{name}` | {getattr(DEFAULTS, name):g} | {_range(spec)} "
            f"| {spec.unit} | {spec.meaning} | {spec.source} | {'fixed' if spec.fixed else ''} |"
        )
    return "\n".join(lines)


def switches() -> str:
    """Return the table of switches, one row each: what "off" puts in place."""
    lines = ["| switch | off means |", "|---|---|"]
    lines += [f"| `{name}` | {_off(name)} |" for name in Switches._fields]
    return "\n".join(lines)


TABLES = {"parameters": parameters, "switches": switches}


def fill_tables(page: str) -> str:
    """Return the page with both tables as they are declared now.

    ``page`` is the text of docs/model.md; each table stands between two comments, its markers.
    """
    for name, table in TABLES.items():
        opening, closing = f"<!-- {name}: {WRITER} -->", f"<!-- end of {name} -->"
        before, rest = page.split(opening)
        after = rest.split(closing)[1]
        page = f"{before}{opening}\n\n{table()}\n\n{closing}{after}"
    return page


def _range(spec: Spec) -> str:
    """Return the range that a parameter is drawn from; nothing if it is not drawn."""
    return "" if spec.low == spec.high else f"{spec.low:g} to {spec.high:g}"


def _off(name: str) -> str:
    """Return what a switch puts in place: values of parameters, or words."""
    if name in OFF_IN_WORDS:
        return OFF_IN_WORDS[name]
    said = " and ".join(f"`{parameter}` {value:g}" for parameter, value in OFF[name].items())
    return f"{said}; {AND_ALSO[name]}" if name in AND_ALSO else said


if __name__ == "__main__":
    PAGE.write_text(fill_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
