"""The table for a paper says what the comparison says, in three forms, whatever names hold."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.report.effects import effects
from sim.report.paper_table import HEAD, SHOWN, write_csv, write_latex, write_markdown
from sim.scenario.scenario import Scenario
from sim.store.results import Results
from tests.interface.conftest import SMALL, Answer

HOSTILE = "A & B_{1}$ 5% ~^|#\\x<y>"


@pytest.fixture(scope="module")
def results() -> Results:
    return sim.compare(str(SMALL), pairs=6, uncertain_pairs=4, jobs=1).results()


@pytest.fixture(scope="module")
def hostile() -> Results:
    text = json.dumps(Scenario.from_yaml(SMALL).to_dict(), default=str)
    assert '"Hill"' in text
    renamed = json.loads(text.replace('"Hill"', json.dumps(HOSTILE)))
    return sim.compare(Scenario.from_dict(renamed), pairs=2, uncertain_pairs=0, jobs=1).results()


def test_csv_has_every_digit_of_the_effects(results: Results) -> None:
    rows = list(csv.DictReader(io.StringIO(write_csv(results))))
    assert tuple(rows[0]) == HEAD
    made = [(arm, effect) for arm in results.arms[:-1] for effect in effects(results, arm)]
    assert len(rows) == len(made)
    for row, (arm, effect) in zip(rows, made, strict=True):
        main, chance, drawn = effect.main, effect.chance, effect.parameters
        assert chance is not None
        assert drawn is not None
        assert row["arm"] == arm
        found = [float(row[name]) for name in HEAD[2:]]
        assert found == [
            main.mean, main.mc_low, main.mc_high, chance.low, chance.high, drawn.low, drawn.high,
            *main.shares, main.pairs,
        ]  # fmt: skip
    frame = pd.read_csv(io.StringIO(write_csv(results)))
    assert frame.dtypes["pairs"] == "int64"
    assert frame.dtypes["unknown_q05"] == "float64"


def test_what_was_not_run_is_empty(hostile: Results) -> None:
    row = next(csv.DictReader(io.StringIO(write_csv(hostile))))
    assert row["unknown_q05"] == row["unknown_q95"] == ""
    assert float(row["chance_q05"]) <= float(row["effect"]) <= float(row["chance_q95"])


def cells_of_markdown(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


@pytest.mark.parametrize("which", ["results", "hostile"])
def test_markdown_is_one_table(which: str, request: pytest.FixtureRequest) -> None:
    found: Results = request.getfixturevalue(which)
    lines = write_markdown(found).splitlines()
    table = [cells_of_markdown(line) for line in lines if line.startswith("|")]
    assert {len(cells) for cells in table} == {len(SHOWN)}
    assert len(table) == 2 + len(effects(found)) * len(found.arms[:-1])
    assert lines[0].startswith("**Effect on alignment")
    assert "a model, not a forecast" in lines[-1]


@pytest.mark.parametrize("which", ["results", "hostile"])
def test_latex_is_one_table_and_names_are_text(which: str, request: pytest.FixtureRequest) -> None:
    found: Results = request.getfixturevalue(which)
    text = write_latex(found)
    body = text[text.index("\\midrule") : text.index("\\bottomrule")]
    rows = [line for line in body.splitlines() if line.endswith("\\\\")]
    assert len(rows) == len(effects(found)) * len(found.arms[:-1])
    for row in rows:
        assert len(re.findall(r"(?<!\\)&", row)) == len(SHOWN) - 1
        assert not re.search(r"(?<!\\)[%#_]", row)
    assert text.count("\\begin{") == text.count("\\end{") == 2
    if which == "hostile":
        told = "A \\& B\\_\\{1\\}\\$ 5\\% \\textasciitilde{}\\textasciicircum{}|\\#"
        assert told + "\\textbackslash{}x\\textless{}y\\textgreater{}" in text


def test_numbers_are_those_of_the_report(results: Results) -> None:
    first = effects(results)[0]
    line = next(li for li in write_markdown(results).splitlines() if "All, by importance" in li)
    assert f"{first.main.mean:.4f}".rstrip("0") in line or f"{first.main.mean:.3f}" in line
    shares = [int(re.sub(r"\D", "", cell)) for cell in cells_of_markdown(line)[-3:]]
    assert sum(shares) == 100
    assert not math.isnan(first.main.mean)


# From the command line


def test_report_writes_the_table_and_never_over_another(
    narrate: Callable[..., Answer], place: Path
) -> None:
    assert narrate("compare", "small.yaml", "-n", "2", "-o", "out", "--no-report").code == 0
    for name in ("effects.csv", "effects.tex", "Effects.MD"):
        answer = narrate("report", "out", "--table", name)
        assert (answer.code, answer.out) == (0, f"wrote {name}\n"), answer.err
        assert (place / name).stat().st_size > 100
    assert not (place / "out" / "report.html").exists()
    (place / "mine.tex").write_text("my paper", encoding="utf-8")
    answer = narrate("report", "out", "--table", "mine.tex")
    assert answer.code == 3
    assert "mine.tex: exists already" in answer.err
    assert (place / "mine.tex").read_text(encoding="utf-8") == "my paper"


def test_table_that_cannot_be_written_is_refused(
    narrate: Callable[..., Answer], place: Path
) -> None:
    assert narrate("run", "small.yaml", "-o", "told", "--no-report").code == 0
    answer = narrate("report", "told", "--table", "effects.csv")
    assert answer.code == 2
    assert "has no effects to tabulate" in answer.err
    answer = narrate("report", "told", "--table", "effects.xlsx")
    assert answer.code == 2
    assert "must end in .csv or .md or .tex" in answer.err
    assert not list(place.glob("effects.*"))
