"""What a column and a table are declared with."""

from __future__ import annotations

from typing import NamedTuple

TEXT, COUNT, NUMBER = "text", "count", "number"


class Column(NamedTuple):
    """A column of one table or several, where it means the same.

    Attributes
    ----------
    name
        As in the files.
    type
        ``TEXT``, ``COUNT`` (a whole number) or ``NUMBER`` (a float, may be missing).
    unit, meaning
        As in docs/columns.md.
    """

    name: str
    type: str
    unit: str
    meaning: str


class Table(NamedTuple):
    """A table of a run folder: its file, what one row is, its columns in order.

    Where ``by_day``, the rows of every day may be many: ``long_file`` then has all of them, and
    ``file`` those that people open, which are of the last day and of the mean over the offer.
    """

    file: str
    row: str
    columns: tuple[str, ...]
    by_day: bool = False

    @property
    def long_file(self) -> str:
        """The Parquet file of every day; "" where one file holds the table."""
        return f"{self.file.partition('.')[0]}.parquet" if self.by_day else ""
