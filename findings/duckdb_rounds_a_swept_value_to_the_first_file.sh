#!/usr/bin/env bash
# DuckDB 2.0.1 reads the parts of two sweeps as one table and books parity 0.5 under 0, without a word.
#
# Expected: files whose column is int64 in one and double in another are read as double, or refused: pandas 3.1.1,
#   PyArrow 26.0.1 and Polars 2.1.0 refuse them.
# Seen: the first file by name decides; where that one has whole numbers, 0.5 of the other becomes 0 (halves go to the
#   even number). Called with union_by_name=true it reads doubles.
# Why it matters here: parity swept over 0 and 1 in one sweep and over 0, 0.5 and 1 in the next is one question for
#   whoever puts the two together. A swept column needs one type, whatever its values.
source "$(dirname "${BASH_SOURCE[0]}")/environment.bash"
new_environment 11 duckdb==2.0.1 pyarrow==26.0.1 polars==2.1.0 pandas==3.1.1 numpy==2.3.5
run_python <<'PYTHON'
import duckdb
import pandas as pd
import polars as pl

pd.DataFrame({"parity": [0, 1]}).to_parquet("a.parquet")
pd.DataFrame({"parity": [0.0, 0.5, 1.0]}).to_parquet("b.parquet")
count = "select parity, count(*) from read_parquet('*.parquet'{}) group by 1 order by 1"
plain = duckdb.sql(count.format("")).fetchall()
by_name = duckdb.sql(count.format(", union_by_name=true")).fetchall()

def refusal(read):
    try:
        return read()
    except Exception as error:
        return type(error).__name__

pandas = refusal(lambda: pd.read_parquet(["a.parquet", "b.parquet"]))
polars = refusal(lambda: pl.scan_parquet("*.parquet").collect())
print("DuckDB:", plain, "union_by_name:", by_name, "pandas:", pandas, "Polars:", polars)
assert plain == [(0, 3), (1, 2)]
assert by_name == [(0.0, 2), (0.5, 1), (1.0, 2)]
assert pandas == "ArrowInvalid" and polars == "SchemaError"
PYTHON
