"""Tables on disk: CSV for people, Parquet for long ones, both read back as they were written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
import pyarrow as arrow
from pyarrow import compute, parquet
from pyarrow import csv as arrow_csv

from sim.files import open_regular, read_regular
from sim.scenario import swept_keys
from sim.store.folder import machine_error, whole_file
from sim.tables import frames
from sim.tables.column_kinds import COUNT, NUMBER, TEXT
from sim.tables.columns import TABLES, type_of

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARK = "'"  # what a spreadsheet reads as "this is text"
ROW_GROUP = 2**16  # rows of a growing table that are held before they are written
AT_ONCE = 2**14  # rows of a long table that are read at a time


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


def _mapped(
    cells: pd.Series[Any], change: Callable[[Any], Any], missing: str = ""
) -> pd.Series[Any]:
    """Change the cells by way of the few different ones: tables are long, names are not many."""
    codes, known = pd.factorize(cells)
    changed = np.append(np.array([change(cell) for cell in known], dtype=object), missing)
    return pd.Series(changed[codes], index=cells.index)


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as CSV, whole, with formula cells defused in its text columns."""
    text = csv_text(frame)
    with whole_file(path) as temporary:
        temporary.write_bytes(text.encode())


def csv_text(frame: pd.DataFrame) -> str:
    """What ``write_csv`` writes.

    Text is in quotes, numbers are in the shortest digits that read back to the same bits. A number
    that may be a fraction has a point or an exponent, so that a column of whole ones is not taken
    for counts. Arrow writes the digits quickly, but its CSV writer leaves the point out.
    """
    table = arrow.Table.from_pandas(frame, preserve_index=False)
    lines = [",".join(_quote_text(str(name)) for name in frame.columns)]
    if len(frame):
        columns = [_texts(frame[name], table.column(at)) for at, name in enumerate(frame.columns)]
        joined = compute.binary_join_element_wise(*columns, ",", null_handling="replace")
        lines += joined.to_pylist()
    return "\n".join([*lines, ""])


def _texts(cells: pd.Series[Any], column: Any) -> Any:
    """The cells of a column as they stand in the file; a missing one is nothing."""
    if not pd.api.types.is_numeric_dtype(cells):
        quoted = _mapped(cells, lambda cell: _quote_text(str(cell)), _quote_text(""))
        return arrow.array(quoted, arrow.string())
    found = column.cast(arrow.string())
    if not arrow.types.is_floating(column.type):
        return found
    whole = compute.match_substring_regex(found, "^-?[0-9]+$")
    return compute.if_else(whole, compute.binary_join_element_wise(found, ".0", ""), found)


def _quote_text(text: str) -> str:
    safe = str(defused(text)).replace('"', '""')
    return f'"{safe}"'


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as Parquet, whole."""
    with whole_file(path) as temporary:
        frame.to_parquet(temporary, index=False)


@contextmanager
def growing(folder: Path, name: str) -> Iterator[Callable[[pd.DataFrame], None]]:
    """Write a Parquet table of the run folder piece by piece, holding a few thousand rows at most.

    The file is there, whole, when the block ends well, and not at all when it does not.
    """
    path = path_of(folder, name)
    held: list[pd.DataFrame] = []
    with whole_file(path) as temporary, ExitStack() as opened:
        writer: parquet.ParquetWriter | None = None

        def flush() -> None:
            nonlocal writer
            if held:
                table = arrow.Table.from_pandas(
                    pd.concat(held, ignore_index=True), preserve_index=False
                )
                if writer is None:
                    writer = opened.enter_context(parquet.ParquetWriter(temporary, table.schema))
                writer.write_table(table)
                held.clear()

        def append(frame: pd.DataFrame) -> None:
            held.append(frame)
            if sum(map(len, held)) >= ROW_GROUP:
                flush()

        yield append
        flush()
        opened.close()
        if writer is None:
            frames.empty(name).to_parquet(temporary, index=False)


def parquet_columns(path: Path) -> list[str]:
    """Names of the columns of a Parquet file, or of a folder of alike ones."""
    names: list[str] = []
    for file in _files(path)[:1]:
        with open_regular(file) as opened:
            names += map(str, parquet.read_schema(opened).names)
    return names


def _files(path: Path) -> list[Path]:
    """The files of a table, in the order of their names; temporary ones begin with a dot."""
    if not path.is_dir():
        return [path]
    return sorted(part for part in path.iterdir() if not part.name.startswith("."))


def alike_parquet(file: str, frame: pd.DataFrame, described: Mapping[bytes, bytes]) -> memoryview:
    """A piece of the table ``file`` as the bytes of a Parquet file, ``described`` in its metadata.

    Column types are the declared ones or follow from the frame's, so that all pieces agree: text
    is ``string`` whatever holds it in pandas, a missing number is null, a column of nothing but
    None is one of numbers. Text is coded by dictionary (names repeat), numbers are not (they
    hardly do, and trying takes three times as long).
    """
    columns = {str(name): _alike(file, str(name), frame[name]) for name in frame.columns}
    table = arrow.table(columns).replace_schema_metadata(described)
    texts = [field.name for field in table.schema if field.type == arrow.string()]
    sink = arrow.BufferOutputStream()
    parquet.write_table(table, sink, use_dictionary=texts or False, write_statistics=False)
    return memoryview(sink.getvalue())


def _alike(file: str, name: str, cells: pd.Series[Any]) -> Any:
    wanted = declared_type(file, name)
    if isinstance(cells.dtype, pd.CategoricalDtype):
        column = arrow.array(cells).dictionary_decode()
        column = column if wanted is None else column.cast(wanted)
    else:
        column = arrow.array(cells, type=wanted)
    kind = column.type
    if arrow.types.is_large_string(kind) or arrow.types.is_string_view(kind):
        return column.cast(arrow.string())
    if arrow.types.is_null(kind) or arrow.types.is_floating(kind):
        return column.cast(arrow.float64())
    if arrow.types.is_integer(kind) and kind != arrow.uint64():
        return column.cast(arrow.int64())
    return column


def parquet_says(opened: IO[bytes]) -> tuple[Mapping[bytes, bytes], int]:
    """What is written in a Parquet file's metadata, and its number of rows; ValueError if none."""
    try:
        metadata = parquet.ParquetFile(opened).metadata
    except OSError as error:
        if error.errno:  # the machine's; what Arrow finds damaged has no number
            raise
        raise ValueError(str(error)) from error
    return metadata.metadata or {}, metadata.num_rows


def read_columns(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Columns (None: all) of one Parquet file, without what its folder seems to say of them."""
    wanted = None if columns is None else list(columns)
    try:
        with open_regular(path) as opened:
            return parquet.ParquetFile(opened).read(columns=wanted).to_pandas()
    except OSError as error:
        raise machine_error(path, error) from error


def path_of(folder: Path, name: str) -> Path:
    """Where a table of the run folder is, or of a long one the rows that people open."""
    return folder / TABLES[name].file


def whole_path_of(folder: Path, name: str) -> Path:
    """Where every row of a table is: in its long file, where there is one."""
    long = folder / TABLES[name].long_file
    return long if TABLES[name].by_day and long.exists() else path_of(folder, name)


def write(folder: Path, name: str, frame: pd.DataFrame) -> list[Path]:
    """Write a table of the run folder under its declared file names, and return its files.

    A table with more days than people open is written whole as Parquet too.
    """
    path = path_of(folder, name)
    if path.suffix != ".csv":
        write_parquet(path, frame)
        return [path]
    opened = opened_rows(frame) if TABLES[name].by_day else frame
    write_csv(path, opened)
    if len(opened) == len(frame):
        return [path]
    long = folder / TABLES[name].long_file
    write_parquet(long, frame)
    return [path, long]


def opened_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table by day that people open: the mean over the offer and the last day.

    The last day is that of the metric: flows, such as incidents, end a day before levels. In a
    sweep it may differ from point to point.
    """
    step = frame["step"]
    last = step.groupby([frame[key] for key in ("point", "metric") if key in frame]).transform(
        "max"
    )
    return frame[(step == last) | (step < 0)]


def read(folder: Path, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a table of a run folder, or some columns of one in Parquet; empty text stays so."""
    path = whole_path_of(folder, name)
    try:
        if path.suffix != ".parquet":
            return _read_csv(path)
        return pd.concat([read_columns(file, columns) for file in _files(path)], ignore_index=True)
    except OSError as error:
        raise machine_error(path, error) from error


def pieces(folder: Path, name: str) -> Iterator[pd.DataFrame]:
    """The rows of a table of a run folder, a few thousand at a time where it may be long."""
    path = whole_path_of(folder, name)
    if path.suffix != ".parquet":
        yield read(folder, name)
        return
    try:
        for file in _files(path):
            with open_regular(file) as opened:
                found = parquet.ParquetFile(opened)
                yield found.schema_arrow.empty_table().to_pandas()  # if there are no rows
                for batch in found.iter_batches(AT_ONCE):
                    yield batch.to_pandas()
    except OSError as error:
        raise machine_error(path, error) from error


def _read_csv(path: Path) -> pd.DataFrame:
    text = arrow.py_buffer(read_regular(path))
    with arrow_csv.open_csv(arrow.BufferReader(text), parse_options=_PARSED) as opened:
        header = opened.schema.names
    types = {name: kind for name in header if (kind := _type_in_csv(path.name, armed(name)))}
    converted = arrow_csv.ConvertOptions(column_types=types, null_values=[""])
    frame = arrow_csv.read_csv(
        arrow.BufferReader(text), parse_options=_PARSED, convert_options=converted
    ).to_pandas()
    for column in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[column]):
            frame[column] = _mapped(frame[column], lambda cell: armed(str(cell)))
    frame.columns = pd.Index([str(armed(column)) for column in frame.columns])
    return frame


_PARSED = arrow_csv.ParseOptions(newlines_in_values=True)
_TYPES = {
    TEXT: arrow.string(), COUNT: arrow.int64(), NUMBER: arrow.float64(), "seed": arrow.uint64()
}  # fmt: skip
_SWEPT_TYPES = {
    swept_keys.WORD: arrow.string(), swept_keys.FLAG: arrow.bool_(),
    swept_keys.COUNT: arrow.int64(), swept_keys.NUMBER: arrow.float64(),
}  # fmt: skip


def _type_in_csv(file: str, column: str) -> Any:
    """The Arrow type of a column of a CSV file, which has no types of its own."""
    return declared_type(file, column) or _SWEPT_TYPES.get(swept_keys.type_of_key(column))


def declared_type(file: str, column: str) -> Any:
    """The Arrow type of a column in one file; None for a swept parameter."""
    return _TYPES.get(kind_of(file, column))


def kind_of(file: str, column: str) -> str:
    """The type of a column in one file; "" for a swept parameter, which is what it looks like."""
    if column == "seed":  # a seed may need all 64 bits
        return column
    if (file, column) == (TABLES["sources"].file, "value"):  # numbers as the scenario has them
        return TEXT
    return type_of(column)
