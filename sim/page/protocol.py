"""What the browser sends and what it gets: an ``Ask`` read strictly, an ``Answer`` packed.

An ask is one JSON object. An answer is four bytes (the length of the header, little-endian), a
JSON header filled up with spaces to a multiple of four, and the arrays that it lists, as float32
one after the other. No input or output here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, NoReturn

import numpy as np
import numpy.typing as npt

from sim.errors import InputError, Problem
from sim.scenario.wording import outside, shown, unknown

RUNS = 200  # runs of a band, replicates 0 to 199
LARGEST_ASK = 16_384  # characters; an ask with every lever has about 2,000
LARGEST_NUMBER = 2**53 - 1  # the whole numbers that JavaScript keeps
KEYS = ("n", "scenario", "arms", "seed", "replicate", "parameters", "switches")


class Limits(NamedTuple):
    """What an ask of one scenario may hold."""

    arms: tuple[str, ...]
    parameters: Mapping[str, tuple[float, float]]  # lowest and highest value
    switches: tuple[str, ...]


@dataclass(frozen=True)
class Ask:
    """Everything an answer depends on, checked; ``parameters`` and ``switches`` by name."""

    scenario: str
    arms: tuple[str, str]
    seed: int
    replicate: int
    parameters: tuple[tuple[str, float], ...] = ()
    switches: tuple[tuple[str, bool], ...] = ()

    @classmethod
    def parse(cls, content: Mapping[str, Any], limits: Mapping[str, Limits]) -> Ask:
        """Read one ask.

        Raises
        ------
        InputError
            With all that is wrong with it, each in a plain sentence.
        """
        problems = [
            Problem(shown(key), unknown("key", key, KEYS)) for key in content if key not in KEYS
        ]
        problems += [Problem(key, "is missing") for key in KEYS if key not in content]
        if problems:
            raise InputError(problems)
        name = content["scenario"]
        if not isinstance(name, str) or name not in limits:
            raise InputError(_unknown("scenario", "scenario", name, limits))
        known = limits[name]
        arms = _arms(content["arms"], known, problems)
        seed = _whole("seed", content["seed"], LARGEST_NUMBER, problems)
        replicate = _whole("replicate", content["replicate"], RUNS - 1, problems)
        parameters = _parameters(content["parameters"], known, problems)
        switches = _switches(content["switches"], known, problems)
        if problems:
            raise InputError(problems)
        return cls(name, arms, seed, replicate, parameters, switches)


def read_object(text: str) -> dict[str, Any]:
    """One JSON object with finite numbers and no key twice.

    Raises
    ------
    InputError
        In one plain sentence.
    """
    if len(text) > LARGEST_ASK:
        raise InputError(f"an ask may have {LARGEST_ASK} characters (got {len(text)})")
    try:
        content = json.loads(text, parse_constant=_not_finite, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise InputError("an ask must be one JSON object, with finite numbers") from None
    if not isinstance(content, dict):
        raise InputError("an ask must be one JSON object, with finite numbers")
    return content


def number_of(content: Mapping[str, Any]) -> int | None:
    """The number of an ask, which its answer repeats; None where it has none that is good."""
    found: list[Problem] = []
    number = _whole("n", content.get("n"), LARGEST_NUMBER, found)
    return None if found else number


@dataclass(frozen=True)
class Answer:
    """What an ask leads to; arrays by name, in the order they are sent."""

    header: Mapping[str, Any]
    arrays: Mapping[str, npt.NDArray[np.float64]]

    def packed(self, number: int) -> bytes:
        """The bytes for the browser, with the number of the ask."""
        listed = [[name, list(values.shape)] for name, values in self.arrays.items()]
        head = json.dumps({"n": number, **self.header, "arrays": listed}, allow_nan=False).encode()
        head += b" " * (-len(head) % 4)
        parts = [len(head).to_bytes(4, "little"), head]
        parts += [np.ascontiguousarray(v, dtype="<f4").tobytes() for v in self.arrays.values()]
        return b"".join(parts)


def refusal(number: int | None, reason: str) -> str:
    """The answer to an ask that got none."""
    return json.dumps({"n": number, "error": reason})


def _not_finite(word: str) -> NoReturn:
    raise ValueError(word)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found


def _arms(value: Any, known: Limits, problems: list[Problem]) -> tuple[str, str]:
    if not isinstance(value, list) or len(value) != 2:
        problems.append(Problem("arms", "must be a list of two arms", _got(value)))
        return "", ""
    bad = [arm for arm in value if not isinstance(arm, str) or arm not in known.arms]
    problems += [_unknown("arms", "arm", arm, known.arms) for arm in bad]
    return ("", "") if bad else (value[0], value[1])


def _whole(key: str, value: Any, highest: int, problems: list[Problem]) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= highest:
        reason = f"must be a whole number from 0 to {highest}"
        problems.append(Problem(key, reason, _got(value)))
        return 0
    return value


def _parameters(
    value: Any, known: Limits, problems: list[Problem]
) -> tuple[tuple[str, float], ...]:
    found = {}
    for name, number in _mapping("parameters", value, problems).items():
        key = f"parameters.{shown(name)}"
        if name not in known.parameters:
            problems.append(_unknown("parameters", "lever", name, known.parameters))
        elif isinstance(number, bool) or not isinstance(number, int | float):
            problems.append(Problem(key, "must be a number", _got(number)))
        else:
            low, high = known.parameters[name]
            if not low <= number <= high:  # also what is not finite
                problems.append(Problem(key, outside(number, low, high, math.inf), _got(number)))
            else:
                found[name] = float(number)
    return tuple(sorted(found.items()))


def _switches(
    value: Any, known: Limits, problems: list[Problem]
) -> tuple[tuple[str, bool], ...]:
    found = {}
    for name, on in _mapping("switches", value, problems).items():
        if name not in known.switches:
            problems.append(_unknown("switches", "switch", name, known.switches))
        elif not isinstance(on, bool):
            problems.append(Problem(f"switches.{name}", "must be true or false", _got(on)))
        else:
            found[name] = on
    return tuple(sorted(found.items()))


def _mapping(key: str, value: Any, problems: list[Problem]) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    problems.append(Problem(key, "must be an object of names and values", _got(value)))
    return {}


def _unknown(key: str, what: str, name: Any, options: Any) -> Problem:
    if not isinstance(name, str):
        return Problem(key, f"must be the name of a {what}", _got(name))
    return Problem(key, unknown(what, name, options), shown(name))


def _got(value: Any) -> str:
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        return "a very large number"
    if isinstance(value, dict | list):  # may be too deep to write
        return "an object" if isinstance(value, dict) else "a list"
    return shown(json.dumps(value))
