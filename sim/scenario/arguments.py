"""Arguments from Python, checked as the command line checks its options.

NumPy's own numbers count as Python's, and a float that is whole as a whole number. A name or
value alone is a list of one. What a refusal calls an argument is its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from numbers import Real
from pathlib import PurePath
from typing import Any

from sim.errors import InputError, Problem
from sim.scenario.error_texts import show_text, unknown
from sim.scenario.value_kinds import LONGEST_SEED

LARGEST_COUNT = 10_000_000
MOST_SAMPLES = 100_000
MOST_DAYS = 36_500
MOST_JOBS = 4096
_WHOLE = {  # the least and the most of each argument that is a whole number
    "seed": (0, LONGEST_SEED),
    "replicate": (0, LONGEST_SEED),
    "replicates": (1, LARGEST_COUNT),
    "pairs": (1, LARGEST_COUNT),
    "uncertain_pairs": (0, LARGEST_COUNT),
    "every": (1, MOST_DAYS),
    "jobs": (1, MOST_JOBS),
    "samples": (1, MOST_SAMPLES),
    "trajectories": (0, MOST_SAMPLES),
}


def whole_number(name: str, value: object, least: int | None = None) -> int:
    """The whole number that an argument is.

    Parameters
    ----------
    name
        The argument, one of those whose bounds are known here.
    value
        As given.
    least
        The least that is allowed, where it is not that of every function.

    Raises
    ------
    InputError
        Where it is none, or out of bounds.
    """
    low, high = _WHOLE[name]
    low = low if least is None else least
    plain = _plain(value)
    if isinstance(plain, float) and plain.is_integer():
        plain = int(plain)
    if isinstance(plain, bool) or not isinstance(plain, int) or not low <= plain <= high:
        raise _refusal(name, f"must be a whole number from {low} to {high}", value)
    return plain


def optional_whole_number(name: str, value: object) -> int | None:
    """The same, where None is allowed."""
    return None if value is None else whole_number(name, value)


def finite_number(name: str, value: object) -> float:
    """The number that an argument is.

    Raises
    ------
    InputError
        Where it is none, or not finite.
    """
    plain = _plain(value)
    number = float("nan")
    if isinstance(plain, int | float) and not isinstance(plain, bool):
        number = float(plain) if abs(plain) < float("inf") else number
    elif isinstance(plain, Real | Decimal):
        number = float(plain)
    if not abs(number) < float("inf"):
        raise _refusal(name, "must be a finite number such as 2 or 0.5", value)
    return number


def flag(name: str, value: object) -> bool:
    """True or false: a text such as "no" would count as true.

    Raises
    ------
    InputError
        Where it is neither.
    """
    plain = _plain(value)
    if not isinstance(plain, bool):
        raise _refusal(name, "must be True or False", value)
    return plain


def word(name: str, value: object, words: tuple[str, ...] = ()) -> str:
    """A text or a path; one of a few words where these are given.

    Raises
    ------
    InputError
        Where it is none of them.
    """
    if not isinstance(value, str | PurePath):
        raise _refusal(name, "must be a text", value)
    if words and value not in words:
        raise InputError(Problem(name, unknown(name, str(value), words), show_text(str(value))))
    return str(value)


def optional_word(name: str, value: object) -> str | None:
    """The same, where None is allowed."""
    return None if value is None else word(name, value)


def names(name: str, value: object) -> tuple[str, ...]:
    """Names or other texts: one alone, or several.

    Raises
    ------
    InputError
        Where one is no text.
    """
    given = (value,) if isinstance(value, str) or not isinstance(value, Iterable) else tuple(value)
    for one in given:
        if not isinstance(one, str):
            raise _refusal(name, "must be a text, or a list of texts", one)
    return tuple(map(str, given))


def optional_names(name: str, value: object) -> tuple[str, ...] | None:
    """The same, where None is allowed."""
    return None if value is None else names(name, value)


def mapping(name: str, value: object) -> Mapping[Any, Any]:
    """A mapping of keys to values.

    Raises
    ------
    InputError
        Where it is none.
    """
    if not isinstance(value, Mapping):
        raise _refusal(name, "must be a mapping of keys to values", value)
    return value


def values_by_key(name: str, value: object) -> dict[str, Any]:
    """Keys and their values: a text as the command line has it, or a list, one alone being one.

    Raises
    ------
    InputError
        Where it is no mapping of keys, or what stands for values has no order or is nothing.
    """
    found: dict[str, Any] = {}
    for key, given in mapping(name, value).items():
        if not isinstance(key, str):
            raise _refusal(name, "a key must be a text", key)
        if given is None or isinstance(given, Mapping | set | bytes):
            raise _refusal(key, "must be a value, or a list of values", given)
        single = isinstance(given, str) or not isinstance(given, Iterable)
        single = single or getattr(given, "ndim", 1) == 0  # an array without dimensions
        if getattr(given, "ndim", 1) > 1:
            raise _refusal(key, "must be a value, or a list of values, not a table", given)
        found[key] = given if isinstance(given, str) else [given] if single else list(given)
    return found


def _plain(value: object) -> Any:
    """NumPy's scalars, and arrays without dimensions, as Python's own."""
    item = getattr(value, "item", None)
    return item() if callable(item) and getattr(value, "ndim", 1) == 0 else value


def _refusal(name: str, reason: str, got: object) -> InputError:
    return InputError(Problem(name, reason, show_text(repr(got))))
