"""The benchmark as files: tables, words, a picture.

What is measured is in ``study``, what is asked of it in ``targets``, and how the picture is drawn
in :mod:`sim.report.figures.growth`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sim.benchmark.programs import PROGRAMS
from sim.benchmark.study import COST, SIDE_BY_SIDE, Benchmark
from sim.benchmark.targets import targets
from sim.report.figures import growth, saving, style
from sim.store.folder import write_json, write_text

PICTURES = ("benchmark.svg", "benchmark.png")
HEADS = (
    "program", "exponents", "microseconds a run and core", "runs a second", "times C", "peak MiB",
    "runs",
)  # fmt: skip


def write(done: Benchmark, folder: Path) -> None:
    """Write times.csv, agreement.csv, targets.csv, machine.json, benchmark.md and the picture.

    Parameters
    ----------
    done
        What was measured.
    folder
        A folder that is there.
    """
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
    """Return the main table, the targets and whether the programs agree, in plain words."""
    agreement = "All programs give the same numbers."
    if not done.all_agree:
        agreement = "The programs do not give the same numbers: see agreement.csv."
    facts = "; ".join(f"{name} {value}" for name, value in done.machine.items())
    measured = f"Least time of several turns. Measured on: {facts}."
    held = [
        (row.target, f"{row.limit:,g}", _number(row.measured), row.verdict)
        for row in targets(done.times).itertuples()
    ]
    parts = [*(f"{note}.\n" for note in done.notes), _side_by_side(done.times)]
    if held:
        parts.append(_table(("target", "limit", "measured", "verdict"), held))
    return "\n\n".join(part.rstrip() for part in (*parts, agreement, measured))


def _side_by_side(times: pd.DataFrame) -> str:
    """Return the table of the programs at the benchmark's own size."""
    rows = []
    for _, row in times[times["growth"] == SIDE_BY_SIDE].iterrows():
        exponents = "drawn" if row["variant"] == "drawn" else "1"
        ratio = "" if pd.isna(row["times_c"]) else _number(row["times_c"])
        whole = (f"{row[name]:,.0f}" for name in ("runs_per_second", "peak_mebibytes", "runs"))
        rate, memory, runs = whole
        program = PROGRAMS[row["program"]]
        rows.append((program, exponents, _number(row[COST]), rate, ratio, memory, runs))
    return _table(HEADS, rows)


def _number(value: float) -> str:
    """Write three digits, no powers of ten."""
    return f"{value:,.0f}" if value >= 100.0 else f"{value:#.3g}"


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a Markdown table that reads as plain text too."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = []
    for row in [heads, *rows]:
        cells = (word.ljust(width) for word, width in zip(row, widths, strict=True))
        lines.append(f"| {' | '.join(cells)} |")
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
