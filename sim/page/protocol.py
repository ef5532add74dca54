"""What the browser sends and what it gets: asks read strictly, an ``Answer`` packed.

An ask is one JSON object with a number and a kind. An answer is eight bytes (the length of the
header, little-endian), a JSON header filled up with spaces to a multiple of eight, and the arrays
that it lists, as float64 one after the other: the numbers of the Python interface, not rounded.
No input or output here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, NoReturn, Self

import numpy as np
import numpy.typing as npt

from sim.errors import InputError, Problem
from sim.lessons import entities
from sim.page.fields import (
    LARGEST_NUMBER,
    ScenarioLimits,
    describe_value,
    read_arms,
    read_option,
    read_parameters,
    read_switches,
    read_whole,
    unknown_name,
)
from sim.running.blocks import CHANCE, PARAMETERS
from sim.scenario.error_texts import show_text, unknown
from sim.world.knockouts import KINDS as DROPPED

RUNS = entities.RUNS  # of a band, replicates 0 to 199; lessons open on one of them
LARGEST_ASK = 16_384  # characters; an ask with every lever has about 2,000
LONGEST_WORD = 200  # characters of what is left out
COMMON = ("n", "kind")
OF_RUNS = ("scenario", "arms", "seed", "replicate", "parameters", "switches")


class AskLimits(NamedTuple):
    """What asks may name: scenarios with what each allows, and lessons."""

    scenarios: Mapping[str, ScenarioLimits]
    lessons: tuple[str, ...] = ()


@dataclass(frozen=True)
class ArmsAsk:
    """Two arms on the same draws; ``parameters`` and ``switches`` by name.

    Like every ask it is all that its answer depends on, checked.
    """

    scenario: str
    arms: tuple[str, str]
    seed: int
    replicate: int
    parameters: tuple[tuple[str, float], ...]
    switches: tuple[tuple[str, bool], ...]

    KEYS: ClassVar[tuple[str, ...]] = OF_RUNS

    @classmethod
    def from_content(
        cls, content: Mapping[str, Any], known: AskLimits, problems: list[Problem]
    ) -> Self:
        """Read the keys, which are all there; what is wrong is added to ``problems``."""
        return cls(*_arms_values(content, known, problems))


@dataclass(frozen=True)
class BandAsk(ArmsAsk):
    """Two arms with bands over many runs.

    ``uncertainty`` is ``chance`` (parameters held, the draws vary) or ``parameters`` (each run
    also has its own judgements and parameters, but for those that the ask sets).
    """

    uncertainty: str

    KEYS = (*OF_RUNS, "uncertainty")

    @classmethod
    def from_content(
        cls, content: Mapping[str, Any], known: AskLimits, problems: list[Problem]
    ) -> Self:
        """As ``ArmsAsk.from_content``."""
        runs, given = _arms_values(content, known, problems), content["uncertainty"]
        return cls(*runs, read_option("uncertainty", given, (CHANCE, PARAMETERS), problems))

    @property
    def held_parameters(self) -> tuple[str, ...]:
        """Parameters that are not drawn: the levers that were moved."""
        return tuple(name for name, _ in self.parameters)


class Timelines(BandAsk):
    """What the charts draw."""


class Files(BandAsk):
    """What a class takes home: the scenario, tables, commands."""


@dataclass(frozen=True)
class Story(ArmsAsk):
    """One of the two runs told in full."""

    arm: int

    KEYS = (*OF_RUNS, "arm")

    @classmethod
    def from_content(
        cls, content: Mapping[str, Any], known: AskLimits, problems: list[Problem]
    ) -> Self:
        """As ``ArmsAsk.from_content``."""
        return cls(
            *_arms_values(content, known, problems), read_whole("arm", content["arm"], 1, problems)
        )


@dataclass(frozen=True)
class Why(ArmsAsk):
    """Why an audience moved over the days ``first`` to ``last``, both included.

    ``toward`` a claimant; "" for alignment.
    """

    arm: int
    audience: str
    toward: str
    first: int
    last: int

    KEYS = (*OF_RUNS, "arm", "audience", "toward", "first", "last")

    @classmethod
    def from_content(
        cls, content: Mapping[str, Any], known: AskLimits, problems: list[Problem]
    ) -> Self:
        """As ``ArmsAsk.from_content``."""
        runs = _arms_values(content, known, problems)
        limits = known.scenarios[runs[0]]
        audience, toward = content["audience"], content["toward"]
        if audience not in limits.audiences:
            problems.append(unknown_name("audience", "audience", audience, limits.audiences))
        if toward not in ("", *limits.claimants):
            problems.append(unknown_name("toward", "claimant", toward, limits.claimants))
        first, last = (
            read_whole(key, content[key], limits.steps - 1, problems) for key in ("first", "last")
        )
        if first > last:
            problems.append(Problem("first", "must not come after last", str(first)))
        arm = read_whole("arm", content["arm"], 1, problems)
        return cls(*runs, arm, audience, toward, first, last)


@dataclass(frozen=True)
class Knockout(ArmsAsk):
    """A run and the same without one message, narrative or event, named by a word."""

    arm: int
    without: str

    KEYS = (*OF_RUNS, "arm", "without")

    @classmethod
    def from_content(
        cls, content: Mapping[str, Any], known: AskLimits, problems: list[Problem]
    ) -> Self:
        """As ``ArmsAsk.from_content``."""
        runs, word = _arms_values(content, known, problems), content["without"]
        forms = tuple(f"{kind}:" for kind in DROPPED)
        if not isinstance(word, str) or not word.startswith(forms):
            reason = f"must be {', '.join(f'{form}...' for form in forms[:-1])} or {forms[-1]}..."
            problems.append(Problem("without", reason, describe_value(word)))
        elif len(word) > LONGEST_WORD:
            reason = f"may have {LONGEST_WORD} characters"
            problems.append(Problem("without", reason, str(len(word))))
        return cls(*runs, read_whole("arm", content["arm"], 1, problems), word)


@dataclass(frozen=True)
class LessonAsk:
    """Something about one lesson, by its name."""

    lesson: str

    KEYS: ClassVar[tuple[str, ...]] = ("lesson",)

    @classmethod
    def from_content(
        cls, content: Mapping[str, Any], known: AskLimits, problems: list[Problem]
    ) -> Self:
        """As ``Timelines.from_content``."""
        name = content["lesson"]
        if not isinstance(name, str) or name not in known.lessons:
            problems.append(unknown_name("lesson", "lesson", name, known.lessons))
        return cls(name)


class Reveal(LessonAsk):
    """What the lesson's predictions are measured against."""


class Guide(LessonAsk):
    """What the lesson's lecturer reads: plans, explanation, sources."""


class Debrief(LessonAsk):
    """The lesson's statements with their shares over prior draws."""


Ask = ArmsAsk | LessonAsk
KINDS: Mapping[str, type[ArmsAsk] | type[LessonAsk]] = {
    "timelines": Timelines, "story": Story, "why": Why, "knockout": Knockout, "files": Files,
    "lesson": Reveal, "guide": Guide, "debrief": Debrief,
}  # fmt: skip


def parse_ask(content: Mapping[str, Any], known: AskLimits) -> Ask:
    """Read one ask of any kind.

    Raises
    ------
    InputError
        With all that is wrong with it, each in a plain sentence.
    """
    kind = content.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise InputError(unknown_name("kind", "kind of ask", kind, KINDS))
    keys = (*COMMON, *KINDS[kind].KEYS)
    problems = [
        Problem(show_text(key), unknown("key", key, keys)) for key in content if key not in keys
    ]
    problems += [Problem(key, "is missing") for key in keys if key not in content]
    if problems:
        raise InputError(problems)
    ask = KINDS[kind].from_content(content, known, problems)
    if problems:
        raise InputError(problems)
    return ask


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
    number = read_whole("n", content.get("n"), LARGEST_NUMBER, found)
    return None if found else number


@dataclass(frozen=True)
class Answer:
    """What an ask leads to; arrays by name, in the order they are sent."""

    header: Mapping[str, Any]
    arrays: Mapping[str, npt.NDArray[np.float64]]

    def to_bytes(self, number: int) -> bytes:
        """The bytes for the browser, with the number of the ask."""
        listed = [[name, list(values.shape)] for name, values in self.arrays.items()]
        head = json.dumps({"n": number, **self.header, "arrays": listed}, allow_nan=False).encode()
        head += b" " * (-len(head) % 8)
        parts = [len(head).to_bytes(8, "little"), head]
        parts += [np.ascontiguousarray(v, dtype="<f8").tobytes() for v in self.arrays.values()]
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


def _arms_values(
    content: Mapping[str, Any], known: AskLimits, problems: list[Problem]
) -> tuple[
    str, tuple[str, str], int, int, tuple[tuple[str, float], ...], tuple[tuple[str, bool], ...]
]:
    """The values of ``OF_RUNS``, in their order."""
    name = content["scenario"]
    if not isinstance(name, str) or name not in known.scenarios:
        raise InputError(unknown_name("scenario", "scenario", name, known.scenarios))
    limits = known.scenarios[name]
    return (
        name,
        read_arms(content["arms"], limits, problems),
        read_whole("seed", content["seed"], LARGEST_NUMBER, problems),
        read_whole("replicate", content["replicate"], RUNS - 1, problems),
        read_parameters(content["parameters"], limits, problems),
        read_switches(content["switches"], limits, problems),
    )
