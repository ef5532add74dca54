"""Tables on disk: CSV for people, Parquet for long ones, both read back as they were written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from sim.store.folder import machine_error, whole_file
from sim.tables.columns import COUNT, NUMBER, TABLES, TEXT, type_of

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARK = "'"  # what a spreadsheet reads as "this is text"


def defused(cell: Any) -> Any:
    """A text cell that no spreadsheet takes for a formula; numbers stay as they are.

    A text that begins with the mark gets one more, so that reading takes away exactly one.
    """
    if not isinstance(cell, str) or not cell.startswith((*FORMULA, MARK)) or _is_number(cell):
        return cell
    return MARK + cell


def armed(cell: Any) -> Any:
    """Undo :func:`defused`."""
    if isinstance(cell, str) and cell.startswith(MARK):
        return cell[len(MARK) :]
    return cell


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text and text == text.strip()


def _is_text(frame: pd.DataFrame, column: str) -> bool:
    return not pd.api.types.is_numeric_dtype(frame[column])


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as CSV, whole, with formula cells defused in its text columns."""
    safe = frame.copy()
    for column in safe.columns:
        if _is_text(safe, column):
            safe[column] = safe[column].map(defused)
    safe.columns = pd.Index([defused(str(column)) for column in safe.columns])
    with whole_file(path) as temporary:
        safe.to_csv(temporary, index=False, lineterminator="\n", encoding="utf-8")


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as Parquet, whole."""
    with whole_file(path) as temporary:
        frame.to_parquet(temporary, index=False)


def write(folder: Path, name: str, frame: pd.DataFrame) -> None:
    """Write a table of the run folder under its declared file name."""
    path = folder / TABLES[name].file
    (write_csv if path.suffix == ".csv" else write_parquet)(path, frame)


def read(folder: Path, name: str) -> pd.DataFrame:
    """Read a table of a run folder; empty text stays empty text."""
    path = folder / TABLES[name].file
    try:
        return pd.read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
    except OSError as error:
        raise machine_error(path, error) from error


def _read_csv(path: Path) -> pd.DataFrame:
    cells = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    cells.columns = pd.Index([str(armed(column)) for column in cells.columns])
    return pd.DataFrame({column: _typed(cells[column], column) for column in cells.columns})


def _typed(cells: pd.Series[str], column: str) -> pd.Series[Any]:
    declared = type_of(column)
    if column == "value":  # of sources.csv: numbers, words and lists
        declared = TEXT
    if declared == TEXT:
        return cells.map(armed)
    if column == "seed":
        return cells.map(int).astype("uint64")
    if declared in (COUNT, NUMBER) or cells.map(lambda cell: cell == "" or _is_number(cell)).all():
        # float() reads back exactly the digits that repr wrote
        numbers = cells.map(lambda cell: float(cell) if cell else float("nan"))
        whole = declared == COUNT and bool(numbers.notna().all())
        return numbers.astype("int64" if whole else "float64")
    return cells.map(armed)
