"""A design from a file of the user's own: CSV, the header its keys, each row a point.

A column ``point`` may be there; it counts 0, 1, ... A ``design.csv`` that a sweep wrote reads back
to the same design, bit for bit. Semicolons and tabs between cells are read too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from sim.errors import InputError, Problem
from sim.scenario import reading, scalars
from sim.scenario.assignments import full_path
from sim.scenario.csv_rows import Rows, csv_rows
from sim.scenario.error_texts import MISSING, printable, show_text
from sim.scenario.scenario import Scenario
from sim.scenario.swept_keys import SCENARIO
from sim.studies.designs import factors
from sim.studies.designs.factors import MOST_POINTS, Trials
from sim.studies.designs.sampling import design_frame

MOST_BYTES = 16 << 20  # a hundred thousand points of eight keys
MOST_KEYS = 200
MOST_WORDS = 1000  # different ones, of all columns together: each is tried by itself
POINT = "point"
Found = list[tuple[int, Problem]]  # with the line


def read_design(
    path: Path,
    file: str,
    scenario: Scenario,
    arms: Sequence[str],
    open_one: Callable[[str], Scenario],
) -> tuple[pd.DataFrame, dict[str, Scenario]]:
    """The design in a file, called ``file`` in messages, and the scenarios it chooses between.

    Raises
    ------
    InputError
        With up to twenty of the things that are wrong with it, each ``FILE:LINE: key: reason``.
    """
    from sim.store.tables import armed

    text = reading.file_text(path, file, MOST_BYTES)
    (header, first), *rows = [
        (line, [armed(cell) for cell in row])
        for line, row in csv_rows(text, file, MOST_POINTS, "points")
    ]
    keys = [key.strip() for key in first]
    _refuse(_of_header(keys, len(rows), _place(file, header)))
    problems: Found = [*_of_shape(rows, keys)]
    whole = [(line, row) for line, row in rows if len(row) == len(keys)]
    lines = [line for line, _ in whole]
    cells = {key: [row[i].strip() for _, row in whole] for i, key in enumerate(keys)}
    cells.pop(POINT, None)
    named = cells.get(SCENARIO, [])

    def first_line(name: str) -> str:
        return _place(file, lines[named.index(name)])

    try:
        scenarios = factors.open_scenarios(filter(None, named), arms, open_one, first_line)
    except InputError as error:  # without all scenarios no value can be tried
        raise InputError([*_add_places(problems, file), *error.problems]) from None
    trials = Trials(scenarios or {scenario.name: scenario}, cells)
    problems += _of_values(cells, lines, header, trials, file)
    _refuse(_add_places(problems, file))
    values = {key: trials.read(key, column) for key, column in cells.items()}
    return design_frame(values), scenarios


def _of_header(keys: Sequence[str], points: int, place: str) -> Iterable[Problem]:
    """What is wrong with the keys: without them nothing else can be read."""
    if len(keys) > MOST_KEYS:
        yield Problem("", f"must not hold more than {MOST_KEYS} keys", str(len(keys)), place)
        return
    for i, key in enumerate(keys):
        if not key:
            yield Problem(f"column {i + 1}", "has no key in the header", place=place)
        elif "=" in key:
            yield Problem(show_text(key), "a key must not hold the sign =", place=place)
    yield from factors.faults_of_keys((key for key in keys if key), place)
    if not set(keys) - {POINT, ""}:
        yield Problem("", "must hold at least one key", place=place)
    if not points:
        yield Problem("", "must hold at least one point below its keys", place=place)


def _of_shape(rows: Rows, keys: Sequence[str]) -> Iterable[tuple[int, Problem]]:
    """Rows that do not fit the header, cells without a value, points out of order."""
    for point, (line, row) in enumerate(rows):
        if len(row) != len(keys):
            reason = f"must hold as many cells as the header, {len(keys)}"
            yield line, Problem("", reason, str(len(row)))
            continue
        for key, cell in zip(keys, row, strict=True):
            if not cell.strip():
                yield line, Problem(show_text(full_path(key)), MISSING)
            elif key == POINT and scalars.plain_whole(cell.strip()) != point:
                reason = f"must be {point}: points count 0, 1, ...; or leave the column out"
                yield line, Problem(POINT, reason, show_text(cell))


def _of_values(
    cells: dict[str, list[str]], lines: Sequence[int], header: int, trials: Trials, file: str
) -> Iterable[tuple[int, Problem]]:
    """Values that the scenario does not take, by line; a key that it has not, once."""
    words = sum(len(factors.plain_words(column)) for column in cells.values())
    if words > MOST_WORDS:
        reason = f"must not hold more than {MOST_WORDS} different words that are no numbers"
        raise InputError(Problem("", reason, str(words), printable(file)))
    for key, column in cells.items():
        refused = trials.many(key, filter(None, column)) if key != SCENARIO else {}
        for line, word in zip(lines, column, strict=True):
            for problem in refused.get(word, ()):
                yield (header if _is_about_key(problem, key) else line), problem


def _is_about_key(problem: Problem, key: str) -> bool:
    """Whether no value would help: a value that is refused is shown, under the whole key."""
    return not problem.got or full_path(key).startswith(f"{problem.key}.")


def _add_places(problems: Found, file: str) -> list[Problem]:
    """The problems in the order of their lines, each once."""
    ordered = sorted(dict.fromkeys(problems), key=lambda one: one[0])
    return [replace(problem, place=_place(file, line)) for line, problem in ordered]


def _refuse(problems: Iterable[Problem]) -> None:
    found = list(problems)
    if found:
        raise InputError(found)


def _refusal(file: str, line: int, reason: str) -> InputError:
    return InputError(Problem("", reason, place=_place(file, line)))


def _place(file: str, line: int) -> str:
    return f"{printable(file)}:{line}"
