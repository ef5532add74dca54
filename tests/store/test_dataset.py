"""The rows of a sweep are an ordinary Parquet dataset, with the bits that were computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars
import pytest
from pyarrow import parquet

from sim.store import tables
from sim.store.hashing import content_hash
from sim.store.parts import FOLDER, Cell, write_part
from sim.store.tables import parquet_columns
from tests.store.rows import SWEEP, cells_of, rows

ODD = [0.0, -0.0, 5e-324, -1.7976931348623157e308, 0.1 + 0.2, np.inf, -np.inf, np.nan]


def written(folder: Path, frames: list[pd.DataFrame]) -> Path:
    """Each frame, of two rows of one replicate, as a part of its own."""
    for number, frame in enumerate(frames):
        write_part(folder, number, frame.assign(point=number), [Cell(number, 0, 1)], SWEEP)
    return folder / FOLDER


def frame(**columns: Any) -> pd.DataFrame:
    return rows([Cell(0, 0, 1)]).assign(**columns)


def read_by_all(place: Path) -> dict[str, pd.DataFrame]:
    one = str(place / "*.parquet")
    queried = duckdb.sql(f"FROM '{one}' ORDER BY point, arm")
    return {
        "pandas": pd.read_parquet(place),
        "polars": pd.DataFrame(
            polars.scan_parquet(one).sort("point", "arm").collect().to_dict(as_series=False)
        ),
        "duckdb": pd.DataFrame(queried.fetchall(), columns=queried.columns),
    }


def test_three_readers_read_the_same_rows(tmp_path: Path) -> None:
    frames = [rows(cells_of(number)) for number in range(3)]
    for number, part in enumerate(frames):
        write_part(tmp_path, number, part, cells_of(number), SWEEP)
    keys = ["point", "arm", "replicate"]
    expected = pd.concat(frames).sort_values(keys, ignore_index=True)
    for name, found in read_by_all(tmp_path / FOLDER).items():
        assert list(found.columns) == list(expected.columns), name
        found = found.sort_values(keys, ignore_index=True)
        pd.testing.assert_frame_equal(
            found, expected, check_dtype=False, check_exact=True, obj=name,
        )  # fmt: skip


def test_numbers_come_back_to_the_bit(tmp_path: Path) -> None:
    frames = [
        frame(**{"final.lead": [one, other]})
        for one, other in zip(ODD[::2], ODD[1::2], strict=True)
    ]
    place = written(tmp_path, frames)
    bits = np.array(ODD).view(np.uint64)
    assert np.array_equal(pd.read_parquet(place)["final.lead"].to_numpy().view(np.uint64), bits)
    assert np.array_equal(
        tables.read(tmp_path, "runs")["final.lead"].to_numpy().view(np.uint64), bits
    )
    assert (pd.read_parquet(place)["seed"] == 2**64 - 1).all()


def test_missing_numbers_are_null_to_every_reader(tmp_path: Path) -> None:
    place = str(written(tmp_path, [frame(**{"final.lead": [1.0, np.nan]})]) / "*.parquet")
    assert polars.scan_parquet(place).select("final.lead").collect().to_series().to_list() == [
        1.0,
        None,
    ]
    question = f"""SELECT avg("final.lead"), count("final.lead") FROM '{place}'"""  # noqa: S608
    assert duckdb.sql(question).fetchall() == [(1.0, 1)]


TEXTS = [["a", "b"], pd.Categorical(["a", "b"]), pd.Categorical([None, "x"], ["x"]),
         pd.array(["a", None], dtype="string"), pd.Series(["a", "b"], dtype=object),
         pd.Categorical([None, None], ["x"]), pd.array([None, None], dtype="string")]  # fmt: skip
NUMBERS = [[0.5, 1.5], [np.nan, np.nan], pd.array([0.5, None], dtype="Float64"), [None, None],
           np.array([1, 2], dtype="float32")]  # fmt: skip
COUNTS = [[1, 2], [1, np.nan], [None, None], pd.array([1, None], dtype="Int64"),
          np.array([1, 2], dtype="int32"), [np.nan, np.nan]]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "forms", "kind"),
    [("policy.kind", TEXTS, "string"), ("answers", [*TEXTS, [None, None], [np.nan, np.nan]], "string"),
     ("final.lead", NUMBERS, "double"), ("peak_tension", [*NUMBERS, [1, 2]], "double"),
     ("first_divergence_step", COUNTS, "int64"), ("seed", [[1, 2], np.array([2**64 - 1, 0], dtype="uint64")], "uint64"),
     ("switch", [[True, False]], "bool"), ("count", [[1, 2], np.array([1, 2], dtype="int8")], "int64")],
)  # fmt: skip
def test_columns_have_one_type_in_all_parts(
    column: str, forms: list[Any], kind: str, tmp_path: Path
) -> None:
    place = written(tmp_path, [frame().assign(**{column: form}) for form in forms])
    schemas = [parquet.read_schema(path).remove_metadata() for path in sorted(place.iterdir())]
    assert {str(schema.field(column).type) for schema in schemas} == {kind}
    assert all(schema == schemas[0] for schema in schemas)
    assert {name: len(found) for name, found in read_by_all(place).items()} == dict.fromkeys(
        ("pandas", "polars", "duckdb"), 2 * len(forms)
    )


def test_number_among_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises((TypeError, ValueError)):
        written(tmp_path, [frame(answers=pd.Series([1.5, "x"], dtype=object))])


def test_hash_of_the_content_does_not_depend_on_the_parts(tmp_path: Path) -> None:
    whole = rows([cell for number in range(3) for cell in cells_of(number)])
    folders = [tmp_path / name for name in ("file", "part", "parts")]
    for folder in folders:
        folder.mkdir()
    tables.write(folders[0], "runs", whole.iloc[::-1])
    write_part(folders[1], 7, whole, [cell for n in range(3) for cell in cells_of(n)], SWEEP)
    for number in (2, 0, 1):
        write_part(folders[2], number, rows(cells_of(number)), cells_of(number), SWEEP)
    (folders[2] / FOLDER / ".part-000003-0.parquet.1.tmp").write_bytes(b"half")
    assert len({content_hash(folder) for folder in folders}) == 1
    for path in (folder / FOLDER for folder in folders):
        assert parquet_columns(path) == list(whole.columns)
    next((folders[2] / FOLDER).glob("part-000001-*")).unlink()
    assert content_hash(folders[2]) != content_hash(folders[1])


def test_dataset_is_hashed_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [Cell(0, 0, 40)]
    write_part(tmp_path, 0, rows(cells), cells, SWEEP)
    at_once = content_hash(tmp_path)
    monkeypatch.setattr(tables, "AT_ONCE", 7)
    assert max(map(len, tables.pieces(tmp_path, "runs"))) == 7
    assert content_hash(tmp_path) == at_once


def test_empty_table_is_hashed_with_its_columns(tmp_path: Path) -> None:
    hashes = []
    for columns in (["run_id"], ["run_id", "arm"]):
        tables.write(
            tmp_path, "runs", pd.DataFrame({name: pd.Series([], dtype="str") for name in columns})
        )
        hashes.append(content_hash(tmp_path))
    assert hashes[0] != hashes[1]
