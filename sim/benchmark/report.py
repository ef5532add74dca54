"""The benchmark as files: tables, words, a picture."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.benchmark.study import PROGRAMS, SIDE_BY_SIDE, Benchmark
from sim.benchmark.targets import targets
from sim.report.figures import growth, saving, style
from sim.store.folder import write_json, write_text

PICTURES = ("benchmark.svg", "benchmark.png")


def write(done: Benchmark, folder: Path) -> None:
    """Write times.csv, agreement.csv, targets.csv, machine.json, benchmark.md and the picture."""
    tables = {"times": done.times, "agreement": done.agreement, "targets": targets(done.times)}
    for name, frame in tables.items():
        text = frame.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        write_text(folder / f"{name}.csv", text)
    write_json(folder / "machine.json", done.machine)
    write_text(folder / "benchmark.md", f"# The benchmark\n\n{text_of(done)}\n")
    with style.drawing():
        figure = growth.draw(done.times, done.machine)
        for name in PICTURES:
            saving.save(figure, folder / name, growth.TITLE, done.machine)


def text_of(done: Benchmark) -> str:
    """The main table, the targets and whether the programs agree, in plain words."""
    parts = [*(f"{note}.\n" for note in done.notes), _side_by_side(done.times)]
    held = targets(done.times)
    if len(held):
        parts.append(_table(
            ["target", "limit", "measured", "verdict"],
            [[row.target, f"{row.limit:,g}", _number(row.measured), row.verdict]
             for row in held.itertuples()],
        ))  # fmt: skip
    parts.append(
        "All programs give the same numbers." if done.all_agree
        else "The programs do not give the same numbers: see agreement.csv."
    )  # fmt: skip
    facts = "; ".join(f"{name} {value}" for name, value in done.machine.items())
    parts.append(f"Least time of several turns. Measured on: {facts}.")
    return "\n\n".join(part.rstrip() for part in parts)


def _side_by_side(times: pd.DataFrame) -> str:
    rows = []
    for row in times[times["growth"] == SIDE_BY_SIDE].itertuples():
        ratio = "" if pd.isna(row.times_c) else _number(row.times_c)
        rows.append([
            PROGRAMS[str(row.program)], "drawn" if row.variant == "drawn" else "1",
            _number(row.microseconds_per_run_and_core), f"{row.runs_per_second:,.0f}", ratio,
            f"{row.peak_mebibytes:,.0f}", f"{row.runs:,}",
        ])  # fmt: skip
    heads = ["program", "exponents", "microseconds a run and core", "runs a second", "times C",
             "peak MiB", "runs"]  # fmt: skip
    return _table(heads, rows)


def _number(value: float) -> str:
    """Three digits, no powers of ten."""
    return f"{value:,.0f}" if value >= 100.0 else f"{value:#.3g}"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    """A Markdown table that reads as plain text too."""
    wide = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    lines = [
        "| " + " | ".join(word.ljust(width) for word, width in zip(row, wide, strict=True)) + " |"
        for row in [heads, *rows]
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in wide) + "|")
    return "\n".join(lines)
