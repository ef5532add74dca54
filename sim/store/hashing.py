"""What a folder's tables say, as one hash.

The same for equal content, whatever the order of rows, the file format, the versions of libraries,
the time or the machine; different for any changed bit of a number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.store import tables
from sim.tables.columns import COUNT, NUMBER, TABLES

LEFT_OUT = ("replay_command", "where")  # they name paths of this machine
Bytes = npt.NDArray[np.uint8]


def content_hash(folder: Path) -> str:
    """SHA-256 over all result tables of a run folder."""
    hashes = {
        name: frame_hash(name, tables.read(folder, name))
        for name, table in TABLES.items()
        if (folder / table.file).exists()
    }
    return joined_hash(hashes)


def joined_hash(hashes: Mapping[str, str]) -> str:
    """One hash of the tables' hashes, whatever their order."""
    lines = [f"{name}:{digest}\n" for name, digest in sorted(hashes.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def frame_hash(name: str, frame: pd.DataFrame) -> str:
    """SHA-256 of a table's column names and of its rows as a set with repetitions.

    The same for a frame and for what is read back from its file.
    """
    columns = sorted(column for column in frame.columns if column not in LEFT_OUT)
    total = hashlib.sha256("\x1f".join(map(str, columns)).encode())
    if len(frame) and columns:
        file = TABLES[name].file
        cells = [_cells(frame[column], tables.kind_of(file, column)) for column in columns]
        rows = np.concatenate(cells, axis=1)
        packed = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1]))).ravel()
        total.update(np.sort(packed).tobytes())
    return total.hexdigest()


def _cells(column: pd.Series[Any], kind: str) -> Bytes:
    """Each cell as a row of bytes of one width."""
    if kind == "seed":
        return _bytes(column.to_numpy().astype("<u8"))
    if kind in (COUNT, NUMBER) or (not kind and pd.api.types.is_numeric_dtype(column)):
        numbers = column.to_numpy(dtype="<f8", na_value=np.nan) + 0.0  # -0.0 is 0.0
        return _bytes(np.where(np.isnan(numbers), np.float64("nan"), numbers))
    codes, texts = pd.factorize(column.fillna("").astype(str))
    digests = [hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
               for text in texts]  # fmt: skip
    known: Bytes = np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(len(digests), 16)
    found: Bytes = known[codes]
    return found


def _bytes(numbers: npt.NDArray[Any]) -> Bytes:
    seen: Bytes = np.ascontiguousarray(numbers).view(np.uint8).reshape(len(numbers), 8)
    return seen
