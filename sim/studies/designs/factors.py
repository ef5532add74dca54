"""Factors: the keys a design changes, and the values each may take, tried on the scenario.

A factor is a list of values or a range. Values are what ``--set`` takes, in the one type that
the key is declared to hold (``sim.scenario.swept_keys``); the key ``scenario`` chooses a whole
scenario. Setting a value takes some 25 ms, so of many numbers only the ends are tried: what is
allowed of a number is an interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sim.errors import InputError, Problem
from sim.scenario import scalars
from sim.scenario.assignments import full_path, setting_text
from sim.scenario.error_texts import REPEATED, show_text
from sim.scenario.nodes import Scalar
from sim.scenario.scenario import Scenario
from sim.scenario.swept_keys import COUNT, FLAG, NUMBER, SCENARIO, fault_of_key, type_of_key

LISTED = ("grid", "zip")
SAMPLED = ("lhs", "sobol", "morris")
KINDS = (*LISTED, *SAMPLED)
SALTELLI = "saltelli"  # for Sobol's indices: the verb sweep does not offer it
SAMPLES = 64
PLACE = "--param"
NO_KEYS = "a sweep needs at least one key with values"
MOST_POINTS = 100_000
MOST_SCENARIOS = 20
DIGITS = 12  # significant digits of a sampled number: what is shown, stored and replayed
# A range keeps at least 10^6 different numbers of that many digits.
NARROWEST = 1e-6
WORD = "word"
_WANTED = {NUMBER: "must be a single number where it is swept", FLAG: "must be true or false",
           COUNT: "must be a whole number where it is swept"}  # fmt: skip
_DATED = "must be the number of a day where it is swept: the first day differs from point to point"


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
    """Tries values on the scenarios of a design: on one, or on each that it chooses between.

    ``keys`` are all keys of the design: where the first day is among what it changes, a date is
    another day at each point, and only the number of a day is taken.
    """

    def __init__(self, scenarios: Mapping[str, Scenario], keys: Iterable[str] = ()) -> None:
        self._scenarios = scenarios
        starts = {scenario.start_date for scenario in scenarios.values()}
        self._start = starts.pop() if len(starts) == 1 and "start_date" not in keys else None

    def read(self, key: str, words: Iterable[str]) -> list[object]:
        """The values that words stand for, in the type of their key; None for what has another."""
        kind = type_of_key(key)
        if kind == NUMBER:
            return [scalars.plain_number(word) for word in words]
        if kind == FLAG:
            return [scalars.plain_flag(word) for word in words]
        return [self._count(word) for word in words] if kind == COUNT else list(words)

    def _count(self, word: str) -> int | None:
        day = scalars.iso_date(Scalar(word)) if self._start else None
        return (day - self._start).days if day and self._start else scalars.plain_whole(word)

    def faults(self, key: str, word: str, place: str = PLACE) -> list[Problem]:
        """Why a value is refused; nothing where every scenario takes it."""
        found: list[Problem] = []
        for name, scenario in self._scenarios.items():
            try:
                scenario.set({key: word}, place=place)
            except InputError as error:
                within = f"in scenario {show_text(name)}, " if len(self._scenarios) > 1 else ""
                found += [replace(one, reason=within + one.reason) for one in error.problems]
        if not found and self.read(key, [word]) == [None]:
            reason = _DATED if scalars.iso_date(Scalar(word)) else _WANTED[type_of_key(key)]
            found.append(Problem(show_text(full_path(key)), reason, show_text(word), place))
        return found

    def many(self, key: str, words: Iterable[str], place: str = PLACE) -> dict[str, list[Problem]]:
        """The refused ones among many values, with their problems; about twenty at most.

        Numbers are tried from either end until one is taken: whole ones and fractions apart,
        since a key may take the one sort and not the other.
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
    trials, factors, problems = Trials(scenarios, given), dict[str, Factor](), list[Problem]()
    problems += faults_of_keys(given)
    for key, values in given.items():
        try:
            factors[key] = _factor(key, values, trials, sampled)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    return factors


def faults_of_keys(keys: Iterable[str], place: str = PLACE) -> list[Problem]:
    """Keys that change no run, or say the same as an earlier one: ``parameters.parity``."""
    met: set[str] = set()
    found = []
    for key in keys:
        reason = REPEATED if full_path(key) in met else fault_of_key(key)
        if reason:
            found.append(Problem(show_text(key), reason, place=place))
        met.add(full_path(key))
    return found


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
    if key != SCENARIO and not fault_of_key(key):
        trials.demand(key, words)
    return Levels(tuple(trials.read(key, words)))


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
    if type_of_key(key) == COUNT:
        return Range(int(low), int(high), True)
    return Range(float(low), float(high))


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
    _demand_one_pair(opened, place)
    return opened


def _demand_one_pair(opened: Mapping[str, Scenario], place: Callable[[str], str]) -> None:
    """Refuse scenarios of different pairs: their numbers would be averaged under one's names."""
    pairs = {name: [side.name for side in one.claimants] for name, one in opened.items()}
    first = next(iter(pairs), "")
    problems = [
        Problem(
            SCENARIO,
            f"must have the pair of {show_text(first)}, {_pair_text(pairs[first])}, in that order",
            f"{_pair_text(pair)} in {show_text(name)}",
            place(name),
        )
        for name, pair in pairs.items()
        if pair != pairs[first]
    ]
    if problems:
        raise InputError(problems)


def _pair_text(names: Iterable[str]) -> str:
    return " and ".join(map(show_text, names))


def plain_words(words: Iterable[str]) -> set[str]:
    """The different words that are no numbers."""
    return {word for word in set(words) if _number(word) is None}


def round_number(value: float) -> float:
    """The number with the digits that a sampled value has."""
    return float(f"{value:.{DIGITS}g}") + 0.0  # -0.0 becomes 0.0


def _sorts(words: Iterable[str]) -> dict[str, list[str]]:
    """Words; and whole numbers and fractions, each from low to high."""
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
    return "whole" if value == int(value) else "fraction"


def _number(word: str) -> float | None:
    """The number a text is: an int where it is written whole, with all its digits."""
    value = scalars.plain_number(word)
    if value is None or not value.is_integer():
        return value
    whole = scalars.plain_whole(word)
    return value if whole is None else whole


def _refusal(key: str, reason: str, got: str) -> InputError:
    return InputError(Problem(show_text(key), reason, show_text(got), PLACE))
