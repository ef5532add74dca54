"""The fields of an ask, each read strictly, and what they may hold.

A field means the same in every kind of ask, so each is read in one place. All problems of an ask
are collected, so that one refusal names them together. Which fields a kind of ask has is declared
in ``protocol``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple, TypeGuard

from sim.errors import InputError, Problem
from sim.lessons.entities import RUNS
from sim.running.blocks import CHANCE, PARAMETERS
from sim.scenario.error_texts import outside, show_text, unknown
from sim.world.knockouts import KINDS as DROPPED

LARGEST_NUMBER = 2**53 - 1  # the whole numbers that JavaScript keeps
LONGEST_WORD = 200  # characters of what is left out
HIGHEST = {"seed": LARGEST_NUMBER, "replicate": RUNS - 1, "arm": 1}  # of whole numbers
BANDS = (CHANCE, PARAMETERS)


class ScenarioLimits(NamedTuple):
    """What an ask of one scenario may hold.

    Attributes
    ----------
    arms
        Names of its arms; the one name "" if it has none.
    parameters
        Lowest and highest value of each lever, by name.
    switches
        Names of the mechanisms that can be switched off.
    audiences, claimants
        Their names.
    steps
        Length of a run in days; days count from 0 to ``steps - 1``.
    """

    arms: tuple[str, ...]
    parameters: Mapping[str, tuple[float, float]]
    switches: tuple[str, ...]
    audiences: tuple[str, ...]
    claimants: tuple[str, ...]
    steps: int


class AskLimits(NamedTuple):
    """What asks may name: scenarios, each with what it allows, and lessons."""

    scenarios: Mapping[str, ScenarioLimits]
    lessons: tuple[str, ...] = ()


class FieldReader:
    """Reads the fields of one ask and collects what is wrong with them.

    Parameters
    ----------
    content
        The ask as it came; every field that is read is there.
    limits
        What asks may name.

    Attributes
    ----------
    problems
        All that is wrong so far. While it is empty, the values read are good.
    """

    def __init__(self, content: Mapping[str, Any], limits: AskLimits) -> None:
        self.content, self.limits = content, limits
        self.problems: list[Problem] = []

    @property
    def scenario(self) -> ScenarioLimits:
        """What the ask's scenario allows.

        Raises
        ------
        InputError
            If there is no such scenario: nothing else can be judged then.
        """
        name, known = self.content["scenario"], self.limits.scenarios
        if not isinstance(name, str) or name not in known:
            raise InputError(unknown_name("scenario", "scenario", name, known))
        return known[name]

    def read_field(self, key: str) -> Any:
        """Return the value of a field, typed as the ask's declaration says.

        A bad value adds to ``problems``; what is returned for it must not be used.

        Raises
        ------
        InputError
            If the field depends on a scenario that there is not.
        """
        value = self.content[key]
        match key:
            case "arms":
                return self._read_arms(value)
            case "seed" | "replicate" | "arm":
                return self._read_whole(key, value, HIGHEST[key])
            case "first" | "last":
                return self._read_whole(key, value, self.scenario.steps - 1)
            case "parameters":
                return tuple(sorted(self._read_parameters()))
            case "switches":
                return tuple(sorted(self._read_switches()))
            case "uncertainty" if value not in BANDS:
                self._refuse(key, f"must be {' or '.join(BANDS)}", value)
            case "without":
                self._check_word(value)
            case "audience":
                self._check_name(key, "audience", value, self.scenario.audiences)
            case "toward" if value != "":
                self._check_name(key, "claimant", value, self.scenario.claimants)
            case "lesson":
                self._check_name(key, "lesson", value, self.limits.lessons)
        return value

    def _read_arms(self, value: Any) -> tuple[str, ...]:
        """Two arms by name."""
        if not isinstance(value, list) or len(value) != 2:
            given = f"a list of {len(value)}" if isinstance(value, list) else describe(value)
            self.problems.append(Problem("arms", "must be a list of two arms", given))
            return ()
        for arm in value:
            self._check_name("arms", "arm", arm, self.scenario.arms)
        return tuple(value)

    def _read_whole(self, key: str, value: Any, highest: int) -> int:
        """A whole number from 0 to ``highest``; 0 for anything else."""
        if is_whole(value, highest):
            return value
        self._refuse(key, f"must be a whole number from 0 to {highest}", value)
        return 0

    def _read_parameters(self) -> Iterator[tuple[str, float]]:
        """Levers by name, with their values."""
        ranges = self.scenario.parameters
        for name, number in self._read_items("parameters", "lever", ranges):
            low, high = ranges[name]
            if isinstance(number, bool) or not isinstance(number, int | float):
                self._refuse(f"parameters.{name}", "must be a number", number)
            elif not low <= number <= high:  # also what is not finite
                reason = outside(number, low, high, math.inf)
                self._refuse(f"parameters.{name}", reason, number)
            else:
                yield name, float(number)

    def _read_switches(self) -> Iterator[tuple[str, bool]]:
        """Mechanisms by name, on (True) or off."""
        for name, on in self._read_items("switches", "switch", self.scenario.switches):
            if not isinstance(on, bool):
                self._refuse(f"switches.{name}", "must be true or false", on)
            yield name, on

    def _read_items(
        self, key: str, what: str, options: Collection[str]
    ) -> Iterator[tuple[str, Any]]:
        """Names and values of an object, without the names that are none of the options."""
        value = self.content[key]
        if not isinstance(value, dict):
            self._refuse(key, "must be an object of names and values", value)
            return
        for name, item in value.items():
            if name in options:
                yield name, item
            else:
                self._check_name(key, what, name, options)

    def _check_word(self, word: Any) -> None:
        """The word that leaves a part of a run out: its kind, a colon, its name."""
        forms = tuple(f"{kind}:" for kind in DROPPED)
        if not isinstance(word, str) or not word.startswith(forms):
            reason = f"must be {', '.join(f'{form}...' for form in forms[:-1])} or {forms[-1]}..."
            self._refuse("without", reason, word)
        elif len(word) > LONGEST_WORD:
            reason = f"may have {LONGEST_WORD} characters"
            self.problems.append(Problem("without", reason, str(len(word))))

    def _check_name(self, key: str, what: str, name: Any, options: Collection[str]) -> None:
        if not isinstance(name, str) or name not in options:
            self.problems.append(unknown_name(key, what, name, options))

    def _refuse(self, key: str, reason: str, value: Any) -> None:
        self.problems.append(Problem(key, reason, describe(value)))


def is_whole(value: Any, highest: int) -> TypeGuard[int]:
    """Whether a value is a whole number from 0 to ``highest``; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= highest


def unknown_name(key: str, what: str, name: Any, options: Collection[str]) -> Problem:
    """What is wrong with a name that is none of the options; a near one is suggested."""
    if not isinstance(name, str):
        article = "an" if what[0] in "aeiou" else "a"
        return Problem(key, f"must be the name of {article} {what}", describe(name))
    return Problem(key, unknown(what, name, options), show_text(name))


def describe(value: Any) -> str:
    """Whatever was sent, as a refusal shows it: short and on one line."""
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        return "a very large number"
    if isinstance(value, dict | list):  # may be too deep to write
        return "an object" if isinstance(value, dict) else "a list"
    return show_text(json.dumps(value))
