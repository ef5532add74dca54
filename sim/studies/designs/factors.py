"""Factors: the keys a design changes, and the values each may take, tried on the scenario.

A factor is a list of values or a range. Values are what ``--set`` takes; the key ``scenario``
chooses a whole scenario. Setting a value takes some 25 ms, so of many numbers only the ends are
tried: what is allowed of a number is an interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sim.errors import InputError, Problem
from sim.scenario import scalars
from sim.scenario.assignments import full_path, setting_text
from sim.scenario.error_texts import REPEATED, show_text
from sim.scenario.scenario import Scenario

LISTED = ("grid", "zip")
SAMPLED = ("lhs", "sobol", "morris")
KINDS = (*LISTED, *SAMPLED)
SALTELLI = "saltelli"  # for Sobol's indices: the verb sweep does not offer it
SAMPLES = 64
FILE = ".csv"
PLACE = "--param"
NO_KEYS = "a sweep needs at least one key with values"
SCENARIO = "scenario"  # the key that chooses a scenario
MOST_POINTS = 100_000
MOST_SCENARIOS = 20
DIGITS = 12  # significant digits of a sampled number: what is shown, stored and replayed
# A range keeps at least 10^6 different numbers of that many digits.
NARROWEST = 1e-6
WORD = "word"


@dataclass(frozen=True)
class Levels:
    """Listed values: numbers, true and false, or words."""

    values: tuple[object, ...]


@dataclass(frozen=True)
class Range:
    """Every number from ``low`` to ``high``; every whole one where the key takes no others."""

    low: float
    high: float
    whole: bool = False


Factor = Levels | Range
Given = str | Sequence[object]  # as after ``KEY=``, or the values themselves


class Trials:
    """Tries values on the scenarios of a design: on one, or on each that it chooses between."""

    def __init__(self, scenarios: Mapping[str, Scenario]) -> None:
        self._scenarios = scenarios

    def faults(self, key: str, word: str, place: str = PLACE) -> list[Problem]:
        """Why a value is refused; nothing where every scenario takes it."""
        found: list[Problem] = []
        for name, scenario in self._scenarios.items():
            try:
                scenario.set({key: word}, place=place)
            except InputError as error:
                within = f"in scenario {show_text(name)}, " if len(self._scenarios) > 1 else ""
                found += [replace(one, reason=within + one.reason) for one in error.problems]
        return found

    def many(self, key: str, words: Iterable[str], place: str = PLACE) -> dict[str, list[Problem]]:
        """The refused ones among many values, with their problems; about twenty at most.

        Numbers are tried from either end until one is taken: whole ones, those written with a
        point and the fractions apart, since a key may take the one sort and not the other.
        """
        refused: dict[str, list[Problem]] = {}

        def refuses(word: str) -> bool:
            if len(refused) <= InputError.shown and word not in refused:
                found = self.faults(key, word, place)
                if found:
                    refused[word] = found
            return word in refused

        for sort, alike in _sorts(dict.fromkeys(words)).items():
            if sort == WORD:
                for word in alike:
                    refuses(word)
            else:
                for ordered in (alike, alike[::-1]):
                    next((word for word in ordered if not refuses(word)), None)
        return refused

    def demand(self, key: str, words: Iterable[str]) -> None:
        """Raise the problems of the values that are refused, all in one ``InputError``."""
        if refused := self.many(key, words):
            raise InputError([problem for found in refused.values() for problem in found])


def read_factors(
    given: Mapping[str, Given], scenarios: Mapping[str, Scenario], sampled: bool
) -> dict[str, Factor]:
    """The factors of a design; ``sampled`` ones take a range without a count.

    Raises
    ------
    InputError
        With all that is wrong with keys and values, in the words of a scenario file.
    """
    trials, factors, problems = Trials(scenarios), dict[str, Factor](), list[Problem]()
    for key in find_repeated_keys(given):
        problems.append(Problem(show_text(key), REPEATED, place=PLACE))
    for key, values in given.items():
        try:
            factors[key] = _factor(key, values, trials, sampled)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    return factors


def find_repeated_keys(keys: Iterable[str]) -> list[str]:
    """Keys that say the same thing as an earlier one: ``parity`` and ``parameters.parity``."""
    met: set[str] = set()
    found = []
    for key in keys:
        if full_path(key) in met:
            found.append(key)
        met.add(full_path(key))
    return found


def is_file(kind: str) -> bool:
    """Whether a kind of design is the path of a file."""
    return kind.lower().endswith(FILE)


def _factor(key: str, values: Given, trials: Trials, sampled: bool) -> Factor:
    if not isinstance(values, str):
        words = [setting_text(value) for value in values]
    elif key != SCENARIO and (ends := _ends(key, values, sampled)):
        low, high, count = ends
        if sampled:
            return _range(key, values, low, high, trials)
        words = space_evenly(low, high, count)
    else:
        words = [word.strip() for word in values.split(",")]
    if not words:
        raise InputError(f"{PLACE}: {NO_KEYS}")
    if key == SCENARIO:
        return Levels(tuple(words))
    trials.demand(key, words)
    return Levels(tuple(parse_values(words)))


def _ends(key: str, listed: str, sampled: bool) -> tuple[str, str, int] | None:
    """Both ends as written, and the count (0 without); None where no range is written."""
    parts = [part.strip() for part in listed.split(":")]
    if "," in listed or not 2 <= len(parts) <= 3:
        return None
    good = all(_number(part) is not None for part in parts[:2])
    if len(parts) == 2:
        if not good:
            return None  # a word with a colon in it
        if sampled:
            return parts[0], parts[1], 0
        reason = "a grid or zip needs low:high:count, or values with commas between"
        raise _refusal(key, reason, listed)
    count = scalars.plain_whole(parts[2])
    if not good or count is None or not 2 <= count <= MOST_POINTS:
        raise _refusal(key, "must be low:high:count or values with commas between", listed)
    return parts[0], parts[1], count


def space_evenly(low_text: str, high_text: str, count: int) -> list[str]:
    """So many evenly spaced numbers, as texts, both ends included."""
    low, high = float(low_text), float(high_text)
    step = (high - low) / (count - 1)
    # rounding takes away the dust of the division: 0.1, not 0.1 and a sixteenth digit
    inner = [round_number(low + i * step) for i in range(1, count - 1)]
    if all(isinstance(_number(word), int) for word in (low_text, high_text)):
        inner = [int(value) if value.is_integer() else value for value in inner]
    return [low_text, *(setting_text(value) for value in inner), high_text]


def _range(key: str, listed: str, low_text: str, high_text: str, trials: Trials) -> Range:
    low, high = _number(low_text), _number(high_text)
    if low is None or high is None or not low < high:
        raise _refusal(key, "must be a range low:high with low below high", listed)
    if high - low < NARROWEST * max(abs(low), abs(high)):
        raise _refusal(key, f"must be wider: its numbers have {DIGITS} digits", listed)
    trials.demand(key, (low_text, high_text))
    # A number between two whole ones is refused only where the key takes whole ones alone.
    whole = (
        low == int(low) and high == int(high) and bool(trials.faults(key, setting_text(low + 0.5)))
    )
    return Range(int(low), int(high), True) if whole else Range(float(low), float(high))


def open_scenarios(
    names: Iterable[str],
    arms: Iterable[str],
    open_one: Callable[[str], Scenario],
    place: Callable[[str], str] = lambda _: PLACE,
) -> dict[str, Scenario]:
    """The scenarios that the key ``scenario`` chooses between, by the names given.

    Raises
    ------
    InputError
        Where one cannot be read, lacks an arm that is asked for, or there are too many.
    """
    names, opened, problems = list(dict.fromkeys(names)), dict[str, Scenario](), list[Problem]()
    if len(names) > MOST_SCENARIOS:
        reason = f"must not choose between more than {MOST_SCENARIOS} scenarios"
        raise InputError(Problem(SCENARIO, reason, str(len(names)), place(names[MOST_SCENARIOS])))
    for name in names:
        try:
            opened[name] = open_one(name)
        except InputError as error:
            problems += [Problem(SCENARIO, str(one), place=place(name)) for one in error.problems]
            continue
        for arm in dict.fromkeys(arms):
            if arm not in opened[name].arms:
                known = ", ".join(show_text(one) for one in opened[name].arms) or "none"
                reason = f"has no arm {show_text(arm)}; its arms: {known}"
                problems.append(Problem(SCENARIO, reason, show_text(name), place(name)))
    if problems:
        raise InputError(problems)
    return opened


def parse_values(words: Sequence[str]) -> list[object]:
    """Numbers where all are numbers, true and false where all are, else the words.

    Numbers are all whole or all floats, so that a column has one type, and the same one again
    when the design is read back from its file.
    """
    if all(word in ("true", "false") for word in words):
        return [word == "true" for word in words]
    numbers = [_number(word) for word in words]
    if any(value is None for value in numbers):
        return list(words)
    return _of_one_type([value for value in numbers if value is not None])


def _of_one_type(numbers: Sequence[float]) -> list[object]:
    if all(value == int(value) for value in numbers):  # 3.11 has no is_integer of an int
        wholes = [int(value) for value in numbers]
        if min(wholes) >= -(2**63) and max(wholes) < (2**63 if min(wholes) < 0 else 2**64):
            return list(wholes)
    return [float(value) for value in numbers]


def normalize_values(values: Sequence[object]) -> list[object]:
    """The values of a column as :func:`typed` reads them back from their texts."""
    floats = [value + 0.0 for value in values if isinstance(value, float)]
    if len(floats) == len(values):  # their texts would be the same numbers, but take their time
        return _of_one_type(floats)
    return parse_values([setting_text(value) for value in values])


def plain_words(words: Iterable[str]) -> set[str]:
    """The different words that are no numbers."""
    return {word for word in set(words) if _number(word) is None}


def round_number(value: float) -> float:
    """The number with the digits that a sampled value has."""
    return float(f"{value:.{DIGITS}g}") + 0.0  # -0.0 becomes 0.0


def _sorts(words: Iterable[str]) -> dict[str, list[str]]:
    """Words; and whole numbers, numbers like 2.0 and fractions, each from low to high."""
    sorts: dict[str, list[str]] = {}
    for word in words:
        sorts.setdefault(_sort(word), []).append(word)
    return {
        sort: found if sort == WORD else sorted(found, key=float) for sort, found in sorts.items()
    }


def _sort(word: str) -> str:
    value = _number(word)
    if value is None:
        return WORD
    if isinstance(value, int):
        return "whole"
    return "with a point" if value.is_integer() else "fraction"


def _number(word: str) -> float | None:
    """The number a text is: an int where it is written whole, with all its digits."""
    value = scalars.plain_number(word)
    if value is None or not value.is_integer():
        return value
    whole = scalars.plain_whole(word)
    return value if whole is None else whole


def _refusal(key: str, reason: str, got: str) -> InputError:
    return InputError(Problem(show_text(key), reason, show_text(got), PLACE))
