"""What capitals said or did, coded by people: a CSV file that ``hindcast`` reads strictly.

Columns: ``audience`` (its name, or the ISO 3166 alpha-3 code of its country), ``date``, ``code``
(a whole number from -2, for the second claimant, to 2, for the first), ``about`` (``overall`` or
an issue), ``source``, and if need be ``reading``: 1 or 2 for the two ways to read one statement.
``docs/hindcast.md`` is for people who write one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from sim.errors import InputError, Problem
from sim.scenario import reading, scalars
from sim.scenario.csv_rows import Rows, csv_rows, is_table
from sim.scenario.days import within_run
from sim.scenario.error_texts import MISSING, REPEATED, closest, printable, show_text, unknown
from sim.scenario.nodes import Scalar
from sim.scenario.scenario import Scenario

REQUIRED = ("audience", "date", "code", "about", "source")
READING = "reading"
OVERALL = "overall"
MOST_CODE = 2
MOST_BYTES, MOST_ROWS = 4 << 20, 10_000
LONGEST_SOURCE = 2000
CODE_LENGTH = 3  # of an ISO 3166 alpha-3 code
MOST_KNOWN = 8  # audiences that a refusal lists
Found = Iterator[tuple[int, Problem]]  # with the line


class CodedStance(NamedTuple):
    """One row of the file: what an audience said or did on a day, coded.

    Attributes
    ----------
    audience
        Its name in the scenario.
    day
        Days from the scenario's start.
    code
        From -2 to 2, toward the first claimant.
    about
        ``OVERALL`` or an issue.
    reading
        1, or 2 for the other way to read a statement of reading 1.
    source
        Where it was read.
    """

    audience: str
    day: int
    code: int
    about: str
    reading: int
    source: str


def read_outcomes(path: Path, scenario: Scenario) -> tuple[CodedStance, ...]:
    """Read a file of coded stances about a scenario.

    Raises
    ------
    InputError
        With up to twenty of the things that are wrong with it, each ``FILE:LINE: column: reason``.
    """
    file = str(path)
    is_table(file)  # refuses a spreadsheet with what to do
    from sim.store.tables import armed

    text = reading.file_text(path, file, MOST_BYTES)
    rows = csv_rows(text, file, MOST_ROWS, "coded statements")
    (line, first), *body = [(line, [armed(cell).strip() for cell in row]) for line, row in rows]
    first = [column.casefold() for column in first]
    _refuse(_find_header_faults(line, first, len(body)), file)
    _refuse(_find_torn_rows(body, len(first)), file)
    cells = [(line, dict(zip(first, row, strict=True))) for line, row in body]
    checker = _RowChecker(scenario)
    problems = [fault for line, row in cells for fault in checker.find_faults(line, row)]
    _refuse(iter(problems), file)
    stances = [checker.stance(row) for _, row in cells]
    lines = [line for line, _ in cells]
    _refuse(_find_repeats(lines, stances), file)
    return tuple(stances)


def template(scenario: Scenario) -> str:
    """Return the file to fill in: the header, and a row for each audience of a scenario."""
    from sim.store.tables import defused

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(REQUIRED)
    for audience in scenario.audiences:
        row = dict.fromkeys(REQUIRED, "") | {"audience": defused(audience.name), "about": OVERALL}
        writer.writerow(row.values())
    return text.getvalue()


class _RowChecker:
    """Checks rows against a scenario, and makes stances of them."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.codes = {one.iso3: one.name for one in scenario.audiences if one.iso3}
        own = {audience.name: audience.name for audience in scenario.audiences}
        self.names = self.codes | own  # a name comes before a code
        self.abouts = (OVERALL, *(issue.name for issue in scenario.issues))

    def find_faults(self, line: int, row: Mapping[str, str]) -> Found:
        """What is wrong with one row, whatever the others hold."""
        for column, word in row.items():
            reason = self._fault(column, word)
            if reason:
                got = "" if reason == MISSING else show_text(word)
                yield line, Problem(column, reason, got)

    def _fault(self, column: str, word: str) -> str:
        """Why a cell is refused, or ""."""
        if not word:
            return "" if column == READING else MISSING
        if column == "audience":
            return "" if word in self.names else self._unknown_audience(word)
        if column == "about":
            return "" if word in self.abouts else unknown("issue", word, self.abouts)
        if column == "date":
            return self._date_fault(word)
        if column == "source":
            return scalars.text_fault(word, LONGEST_SOURCE)
        least, most = (-MOST_CODE, MOST_CODE) if column == "code" else (1, 2)
        number = scalars.plain_whole(word)
        fits = number is not None and least <= number <= most
        return "" if fits else f"must be a whole number from {least} to {most}"

    def _unknown_audience(self, word: str) -> str:
        """Why a name is no audience. A code is no misspelt other one: IND is not nearly NLD."""
        if word in (claimant.name for claimant in self.scenario.claimants):
            return "must be an audience, and this is a claimant"
        if word.upper() in self.codes:
            return f"unknown audience; did you mean {word.upper()}?"
        names = [one.name for one in self.scenario.audiences]
        shown = {name: f"{name} ({code})" for code, name in self.codes.items()}
        is_code = len(word) == CODE_LENGTH and word.isupper()
        if not is_code and closest(word, names):
            return unknown("audience", word, names)
        some = ", ".join(show_text(shown.get(name, name)) for name in names[:MOST_KNOWN])
        more = f", ...; --template lists all {len(names)}" if len(names) > MOST_KNOWN else ""
        return f"unknown audience; known: {some}{more}"

    def _date_fault(self, word: str) -> str:
        date = scalars.iso_date(Scalar(word))
        if date is None:
            return "must be a date such as 2025-04-12"
        steps = self.scenario.steps
        inside = 0 <= (date - self.scenario.start_date).days <= steps
        return "" if inside else within_run(self.scenario, steps)

    def stance(self, row: Mapping[str, str]) -> CodedStance:
        """The stance of a row without faults."""
        date = scalars.iso_date(Scalar(row["date"])) or self.scenario.start_date
        return CodedStance(
            self.names[row["audience"]],
            (date - self.scenario.start_date).days,
            scalars.plain_whole(row["code"]) or 0,
            row["about"],
            scalars.plain_whole(row.get(READING, "")) or 1,
            row["source"],
        )


def _find_header_faults(line: int, columns: list[str], rows: int) -> Found:
    """What is wrong with the header, without which nothing else can be read."""
    if len(columns) == 1:
        reason = "must have commas (or semicolons, or tabs) between the names of its columns"
        yield line, Problem("", reason, show_text(columns[0]))
        return
    known = (*REQUIRED, READING)
    for column in dict.fromkeys(columns):
        if column not in known:
            yield line, Problem("", unknown("column", column, known), show_text(column))
        elif columns.count(column) > 1:
            yield line, Problem(column, REPEATED)
    for column in REQUIRED:
        if column not in columns:
            yield line, Problem(column, MISSING)
    if not rows:
        yield line, Problem("", "must hold at least one coded statement below its columns")


def _find_torn_rows(rows: Rows, count: int) -> Found:
    """Rows that have not as many cells as the header."""
    for line, row in rows:
        if len(row) != count:
            reason = (
                f"must hold as many cells as the header, {count}, with the same sign between "
                "them; a text that holds that sign stands in double quotes"
            )
            yield line, Problem("", reason, str(len(row)))


def _find_repeats(lines: list[int], stances: list[CodedStance]) -> Found:
    """Statements coded twice, and second readings without a first."""
    known: dict[tuple[object, ...], int] = {}
    for line, one in zip(lines, stances, strict=True):
        key = one.audience, one.day, one.about, one.reading
        if key in known:
            same = "audience, date, about and reading"
            yield line, Problem("audience", f"{REPEATED}: line {known[key]} has the same {same}")
        known.setdefault(key, line)
    for line, one in zip(lines, stances, strict=True):
        if one.reading == 2 and (one.audience, one.day, one.about, 1) not in known:
            reason = "is 2, but no row has reading 1 of this audience, date and about"
            yield line, Problem(READING, reason)


def _refuse(found: Iterable[tuple[int, Problem]], file: str) -> None:
    """Refuse the file if anything is wrong, in the order of its lines."""
    ordered = sorted(found, key=lambda one: one[0])
    problems = [replace(fault, place=f"{printable(file)}:{line}") for line, fault in ordered]
    if problems:
        raise InputError(problems)
