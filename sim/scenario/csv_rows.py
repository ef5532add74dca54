"""Rows of a table that people bring: CSV with commas, semicolons or tabs.

Spreadsheets write semicolons where the comma is the decimal sign; then it is read as one.
"""

from __future__ import annotations

import csv
import io
import re

from sim.errors import InputError, Problem
from sim.scenario.error_texts import printable

TABLES = (".csv", ".tsv", ".txt")
SPREADSHEETS = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers")
SAVE_AS_CSV = "is a spreadsheet; save it as CSV (Save As, CSV UTF-8) and name that file"
Rows = list[tuple[int, list[str]]]  # with the line that each begins on
COMMA, SEMICOLON, TAB = ",", ";", "\t"
_POINTED = re.compile(r"\s*[-+]?[0-9]*\.[0-9]+(?:[eE][-+]?[0-9]+)?\s*")
_SEPARATOR_LINE = re.compile(r"sep=([,;\t])\r?\n")  # as spreadsheets write above the header
_DECIMAL = re.compile(r"\s*[-+]?[0-9]*,[0-9]+(?:[eE][-+]?[0-9]+)?\s*")


def is_table(name: str) -> bool:
    """Whether a file's name is that of a table that is read here.

    Raises
    ------
    InputError
        Where it is a spreadsheet, with what to do.
    """
    if name.lower().endswith(SPREADSHEETS):
        raise InputError(Problem("", SAVE_AS_CSV, place=printable(name)))
    return name.lower().endswith(TABLES)


def csv_rows(text: str, file: str, most: int, what: str) -> Rows:
    """The rows, the header first, each with its line; empty lines at the end are none.

    Parameters
    ----------
    text, file
        The file's text, and what messages call it.
    most, what
        Rows below the header that it may have, and what they are called.

    Raises
    ------
    InputError
        Where it is no CSV, has too many rows, or none; where some of its numbers have a decimal
        comma and others a point, which may stand for thousands.
    """
    told = _SEPARATOR_LINE.match(text)
    skipped, text = (1, text[told.end() :]) if told else (0, text)
    separator = told[1] if told else _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    rows: Rows = []
    line = 1 + skipped
    try:
        for row in reader:
            rows.append((line, row))
            line = reader.line_num + 1 + skipped
            if len(rows) > most + 1 and row:
                reason = f"must not hold more than {most} {what}"
                raise InputError(Problem("", reason, place=f"{printable(file)}:{line - 1}"))
    except csv.Error as error:
        reason = f"is not valid CSV: {printable(str(error))}"
        raise InputError(Problem("", reason, place=f"{printable(file)}:{line}")) from None
    while rows and not any(cell.strip() for cell in rows[-1][1]):
        rows.pop()
    if not rows:
        raise InputError(Problem("", "is empty", place=printable(file)))
    return _with_points(rows, file) if separator == SEMICOLON else rows


def _separator(text: str) -> str:
    """What stands between the cells of the first line; a comma where nothing else does."""
    header = re.sub('"[^"]*"', "", text.partition("\n")[0])
    if COMMA in header:
        return COMMA
    return next((sign for sign in (SEMICOLON, TAB) if sign in header), COMMA)


def _with_points(rows: Rows, file: str) -> Rows:
    """The rows with points for decimal commas."""
    if not any(_DECIMAL.fullmatch(cell) for _, row in rows for cell in row):
        return rows
    for line, row in rows:
        for cell in filter(_POINTED.fullmatch, row):
            reason = "has a point where other numbers have a decimal comma; write one of the two"
            place = f"{printable(file)}:{line}"
            raise InputError(Problem("", reason, printable(cell.strip()), place))
    return [
        (line, [cell.replace(",", ".") if _DECIMAL.fullmatch(cell) else cell for cell in row])
        for line, row in rows
    ]
