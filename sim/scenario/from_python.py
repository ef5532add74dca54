"""Nodes from Python values, so that ``Scenario.from_dict`` is as strict as a file.

Values become the text that a file would hold, and are then read as a file's are.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from datetime import date, datetime, time
from numbers import Integral, Real
from typing import Any

from sim.errors import InputError, Problem
from sim.scenario.error_texts import show_text
from sim.scenario.nodes import NOWHERE, Entry, Listing, Mapping, Node, Path, Scalar
from sim.scenario.reading import MOST_DEPTH
from sim.scenario.scalars import number_text


def node_from_python(value: Any, path: Path = ()) -> Node:
    """The node a file would have in place of a Python value.

    Parameters
    ----------
    value
        A number (numpy's too), text, date, flag, None, list, tuple or mapping.
    path
        Key path of the value, for the refusal.

    Raises
    ------
    InputError
        Where it is of another type, has a key that is no text, or is nested too deep.
    """
    if len(path) > MOST_DEPTH:
        raise _refusal(path, f"must not be nested deeper than {MOST_DEPTH} levels")
    if isinstance(value, AnyMapping):
        entries = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise _refusal(path, "a key must be a single word or text", repr(key))
            entries[key] = Entry(NOWHERE, node_from_python(item, (*path, key)))
        return Mapping(entries)
    if isinstance(value, list | tuple):
        return Listing(tuple(node_from_python(x, (*path, str(i))) for i, x in enumerate(value)))
    return Scalar(_text(value, path), quoted=isinstance(value, str))


def _text(value: Any, path: Path) -> str:
    """What a file would say for a single value; floats read back to the same bits."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):  # numpy's own
        return str(bool(value)).lower()
    if isinstance(value, Integral):
        return str(int(value)) if abs(int(value)) < 10**300 else "too large"
    if isinstance(value, Real):
        return number_text(float(value))
    if type(value).__name__ == "datetime64":  # numpy's
        value = value.astype("datetime64[us]").item()
    if isinstance(value, datetime) and value.time() == time():  # pandas' own, too
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    raise _refusal(path, "must be a number, text, date, list or mapping", repr(value))


def _refusal(path: Path, reason: str, got: str = "") -> InputError:
    key = ".".join(show_text(part) for part in path[:8])
    return InputError(Problem(key, reason, show_text(got)))
