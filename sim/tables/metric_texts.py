"""What metrics and payoffs are, read off their files without loading NumPy."""

from __future__ import annotations

import ast
from pathlib import Path


def metric_texts(name: str = "METRICS") -> list[tuple[str, str, str]]:
    """Name, unit and meaning of every metric, read without running the module that computes them.

    ``narrate list`` prints them and must not wait for NumPy. ``PAYOFFS`` are read alike.
    """
    file = f"{name.lower()}.py"
    source = (Path(__file__).parent / file).read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.value, ast.Dict):
            continue
        if ast.unparse(node.target) == name:
            pairs = zip(node.value.keys, node.value.values, strict=True)
            return [_entry(key, call) for key, call in pairs]
    raise LookupError(f"{file} declares no {name}")


def _entry(key: ast.expr | None, call: ast.expr) -> tuple[str, str, str]:
    """Name, unit and meaning of one metric or payoff, as it stands in the source."""
    if key is None or not isinstance(call, ast.Call):
        raise LookupError("a metric is declared as NAME: Metric(unit, meaning, ...)")
    unit, meaning = (str(ast.literal_eval(argument)) for argument in call.args[:2])
    return str(ast.literal_eval(key)), unit, meaning
