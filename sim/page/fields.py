"""The fields of an ask, each read strictly; what is wrong with one is added to ``problems``."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.errors import Problem
from sim.scenario.error_texts import outside, show_text, unknown

LARGEST_NUMBER = 2**53 - 1  # the whole numbers that JavaScript keeps


class ScenarioLimits(NamedTuple):
    """What an ask of one scenario may hold."""

    arms: tuple[str, ...]
    parameters: Mapping[str, tuple[float, float]]  # lowest and highest value
    switches: tuple[str, ...]
    audiences: tuple[str, ...]
    claimants: tuple[str, ...]
    steps: int


def read_arms(value: Any, known: ScenarioLimits, problems: list[Problem]) -> tuple[str, str]:
    """Two arms by name."""
    if not isinstance(value, list) or len(value) != 2:
        given = f"a list of {len(value)}" if isinstance(value, list) else describe_value(value)
        problems.append(Problem("arms", "must be a list of two arms", given))
        return "", ""
    bad = [arm for arm in value if not isinstance(arm, str) or arm not in known.arms]
    problems += [unknown_name("arms", "arm", arm, known.arms) for arm in bad]
    return ("", "") if bad else (value[0], value[1])


def read_whole(key: str, value: Any, highest: int, problems: list[Problem]) -> int:
    """A whole number from 0 to ``highest``; 0 where it is none."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= highest:
        reason = f"must be a whole number from 0 to {highest}"
        problems.append(Problem(key, reason, describe_value(value)))
        return 0
    return value


def read_parameters(
    value: Any, known: ScenarioLimits, problems: list[Problem]
) -> tuple[tuple[str, float], ...]:
    """Levers within their ranges, by name."""
    found = {}
    for name, number in read_mapping("parameters", value, problems).items():
        key = f"parameters.{show_text(name)}"
        if name not in known.parameters:
            problems.append(unknown_name("parameters", "lever", name, known.parameters))
        elif isinstance(number, bool) or not isinstance(number, int | float):
            problems.append(Problem(key, "must be a number", describe_value(number)))
        else:
            low, high = known.parameters[name]
            if not low <= number <= high:  # also what is not finite
                problems.append(
                    Problem(key, outside(number, low, high, math.inf), describe_value(number))
                )
            else:
                found[name] = float(number)
    return tuple(sorted(found.items()))


def read_switches(
    value: Any, known: ScenarioLimits, problems: list[Problem]
) -> tuple[tuple[str, bool], ...]:
    """Mechanisms on or off, by name."""
    found = {}
    for name, on in read_mapping("switches", value, problems).items():
        if name not in known.switches:
            problems.append(unknown_name("switches", "switch", name, known.switches))
        elif not isinstance(on, bool):
            problems.append(
                Problem(f"switches.{name}", "must be true or false", describe_value(on))
            )
        else:
            found[name] = on
    return tuple(sorted(found.items()))


def read_option(key: str, value: Any, options: tuple[str, ...], problems: list[Problem]) -> str:
    """One of a few words; the first where it is none."""
    if isinstance(value, str) and value in options:
        return value
    problems.append(Problem(key, f"must be {' or '.join(options)}", describe_value(value)))
    return options[0]


def read_mapping(key: str, value: Any, problems: list[Problem]) -> dict[str, Any]:
    """An object; an empty one where it is none."""
    if isinstance(value, dict):
        return value
    problems.append(Problem(key, "must be an object of names and values", describe_value(value)))
    return {}


def unknown_name(key: str, what: str, name: Any, options: Any) -> Problem:
    """What is wrong with a name that is none of the options."""
    if not isinstance(name, str):
        article = "an" if what[0] in "aeiou" else "a"
        return Problem(key, f"must be the name of {article} {what}", describe_value(name))
    return Problem(key, unknown(what, name, options), show_text(name))


def describe_value(value: Any) -> str:
    """Whatever was sent, as a refusal shows it: short and on one line."""
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        return "a very large number"
    if isinstance(value, dict | list):  # may be too deep to write
        return "an object" if isinstance(value, dict) else "a list"
    return show_text(json.dumps(value))
