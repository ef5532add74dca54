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
from sim.tables.column_kinds import COUNT, NUMBER
from sim.tables.columns import TABLES

LEFT_OUT = ("replay_command", "where")  # they name paths of this machine
AT_ONCE = 2**14  # rows that are laid out as bytes at a time
Bytes = npt.NDArray[np.uint8]


def content_hash(folder: Path) -> str:
    """SHA-256 over all result tables of a run folder."""
    hashes = {
        name: table_hash(folder, name)
        for name in TABLES
        if tables.whole_path_of(folder, name).exists()
    }
    return joined_hash(hashes)


def table_hash(folder: Path, name: str) -> str:
    """The hash of one table of a run folder, read a few thousand rows at a time."""
    found = TableHash(name)
    for piece in tables.pieces(folder, name):
        found.add(piece)
    return found.hexdigest()


def joined_hash(hashes: Mapping[str, str]) -> str:
    """One hash of the tables' hashes, whatever their order."""
    lines = [f"{name}:{digest}\n" for name, digest in sorted(hashes.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


class TableHash:
    """SHA-256 of a table's column names and of its rows as a set with repetitions.

    Rows may be added in pieces and in any order: their own hashes are summed, so that a table need
    not be held to be hashed. The same for a frame and for what is read back from its file.
    """

    def __init__(self, name: str) -> None:
        self.file = TABLES[name].file
        self._columns: list[str] | None = None
        self._total, self._rows = 0, 0

    def add(self, frame: pd.DataFrame) -> None:
        """Take in rows; every piece has the same columns."""
        columns = sorted(column for column in frame.columns if column not in LEFT_OUT)
        if self._columns not in (None, columns):
            raise ValueError(f"{self.file}: pieces of a table have the same columns")
        self._columns = columns
        for first in range(0, len(frame) if columns else 0, AT_ONCE):
            self._add(frame[columns].iloc[first : first + AT_ONCE])

    def _add(self, frame: pd.DataFrame) -> None:
        cells = [_cells(frame[c], tables.kind_of(self.file, str(c))) for c in frame.columns]
        rows = np.concatenate(cells, axis=1)
        packed, width = rows.tobytes(), rows.shape[1]
        self._rows += len(rows)
        digests = [
            hashlib.sha256(packed[at : at + width]).digest() for at in range(0, len(packed), width)
        ]
        # added up in words of 32 bits, whose sums over so many rows fit into 64
        words = np.frombuffer(b"".join(digests), dtype="<u4").reshape(-1, 8).sum(0, np.uint64)
        self._total += sum(word << 32 * place for place, word in enumerate(words.tolist()))

    def hexdigest(self) -> str:
        """The hash of what was added so far."""
        head = "\x1f".join(map(str, self._columns or [])).encode()
        total = (self._total % 2**256).to_bytes(32, "little")
        return hashlib.sha256(head + total + self._rows.to_bytes(8, "little")).hexdigest()


def frame_hash(name: str, frame: pd.DataFrame) -> str:
    """The hash of a whole table."""
    found = TableHash(name)
    found.add(frame)
    return found.hexdigest()


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
