"""Shapes and types of arrays, read off the index letters that their fields are annotated with.

A tuple declares ``sympathy: Annotated[Floats, "T, a, k"]``; whoever makes such arrays says how far
each letter runs. What the letters mean: ``sim.world.arrays``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, get_type_hints

import numpy as np

from sim.world.arrays import Bools, Floats, Ints, Names

DTYPES: dict[Any, Any] = {Floats: np.float64, Ints: np.int64, Bools: np.bool_}


class Layout(NamedTuple):
    """Shape and type of an array that is yet to be made."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]


def sizes(names: Names) -> dict[str, int]:
    """How far each index letter of a world runs, by letter: a, k, q, j, n and l."""
    return {
        "a": len(names.audiences),
        "k": len(names.claimants),
        "q": len(names.issues),
        "j": len(names.claims),
        "n": len(names.narratives),
        "l": len(names.delegations),
    }


def layout(kind: type, ends: Mapping[str, int]) -> dict[str, Layout]:
    """The layout of every array of a tuple whose fields are annotated with index letters.

    A field ``sympathy: Annotated[Floats, "T, a, k"]`` is laid out as floats of the sizes of T, a
    and k; a figure stands for itself, and a field without letters is left out.
    """
    found = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        for letters in getattr(hint, "__metadata__", ()):
            each = letters.split(", ")
            shape = tuple(ends[letter] if letter in ends else int(letter) for letter in each)
            found[name] = Layout(shape, np.dtype(DTYPES[hint.__origin__]))
    return found
