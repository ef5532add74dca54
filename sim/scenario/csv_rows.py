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
        Where it is no CSV, has too many rows, or none.
    """
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    rows: Rows = []
    line = 1
    try:
        for row in reader:
            rows.append(
                (line, [_with_point(cell) for cell in row] if separator == SEMICOLON else row)
            )
            line = reader.line_num + 1
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
    return rows


def _separator(text: str) -> str:
    """What stands between the cells of the first line; a comma where nothing else does."""
    header = re.sub('"[^"]*"', "", text.partition("\n")[0])
    if COMMA in header:
        return COMMA
    return next((sign for sign in (SEMICOLON, TAB) if sign in header), COMMA)


def _with_point(cell: str) -> str:
    """A number with a decimal comma as one with a point; any other cell as it is."""
    return cell.replace(",", ".") if _DECIMAL.fullmatch(cell) else cell
