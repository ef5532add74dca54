"""What the browser sends and what it gets: asks read strictly, an ``Answer`` packed.

An ask is one JSON object with a number and a kind. An answer is eight bytes (the length of the
header, little-endian), a JSON header filled up with spaces to a multiple of eight, and the arrays
that it lists, as float64 one after the other: the numbers of the Python interface, not rounded.
No input or output here, and no answer computed; how single fields are read is in ``fields``.

Every ask is a frozen record of all that its answer depends on, so asks serve as keys of caches.
The names of a record's fields are the keys of its JSON object.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from sim.errors import InputError, Problem
from sim.page.fields import LARGEST_NUMBER, AskLimits, FieldReader, is_whole, unknown_name
from sim.scenario.error_texts import show_text, unknown
from sim.store.folder import read_json

LARGEST_ASK = 16_384  # characters; an ask with every lever has about 2,000
COMMON = ("n", "kind")


@dataclass(frozen=True)
class ArmsAsk:
    """Two arms of a scenario on the same draws (common random numbers).

    Attributes
    ----------
    arms
        The two compared; "" if the scenario has none. They may be the same.
    seed, replicate
        Whole numbers that choose the draws.
    parameters
        Levers that were moved: name and value, in alphabetical order.
    switches
        Mechanisms whose switch was moved: name and whether it is on.
    """

    scenario: str
    arms: tuple[str, str]
    seed: int
    replicate: int
    parameters: tuple[tuple[str, float], ...]
    switches: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class BandAsk(ArmsAsk):
    """Two arms with bands over many runs.

    ``uncertainty`` is ``chance`` (parameters held, the draws vary) or ``parameters`` (each run
    also has its own judgements and parameters, except for those that the ask sets).
    """

    uncertainty: str

    @property
    def held_parameters(self) -> tuple[str, ...]:
        """Parameters that are not drawn: the levers that were moved."""
        return tuple(name for name, _ in self.parameters)


class Timelines(BandAsk):
    """What the charts draw."""


class Files(BandAsk):
    """What a class takes home: the scenario, tables, commands."""


@dataclass(frozen=True)
class OneArmAsk(ArmsAsk):
    """Something about the run of one of the two arms; ``arm`` is 0 or 1, its place in them."""

    arm: int

    @property
    def run_key(self) -> tuple[object, ...]:
        """All that this run depends on; the other arm does not count."""
        own = self.arms[self.arm]
        return own, self.scenario, self.seed, self.replicate, self.parameters, self.switches


class Story(OneArmAsk):
    """The run told in full."""


@dataclass(frozen=True)
class Why(OneArmAsk):
    """Why an audience moved over the days ``first`` to ``last``, both included.

    ``toward`` names the claimant whose sympathy is explained; "" stands for alignment.
    """

    audience: str
    toward: str
    first: int
    last: int


@dataclass(frozen=True)
class Knockout(OneArmAsk):
    """A run and the same without one message, narrative or event.

    ``without`` names what is left out, as ``--without`` does: ``message:ID``, ``narrative:NAME``
    or ``event:NAME``.
    """

    without: str


@dataclass(frozen=True)
class LessonAsk:
    """Something about one lesson, by its name."""

    lesson: str


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


def parse_ask(content: Mapping[str, Any], limits: AskLimits) -> Ask:
    """Read one ask of any kind.

    Parameters
    ----------
    content
        The JSON object that was sent.
    limits
        What asks may name.

    Raises
    ------
    InputError
        With all that is wrong with it, each in a plain sentence.
    """
    name = content.get("kind")
    if not isinstance(name, str) or name not in KINDS:
        raise InputError(unknown_name("kind", "kind of ask", name, KINDS))
    kind = KINDS[name]
    own = [field.name for field in fields(kind)]
    keys = [*COMMON, *own]
    problems = [
        Problem(show_text(key), unknown("key", key, keys)) for key in content if key not in keys
    ]
    problems += [Problem(key, "is missing") for key in keys if key not in content]
    if problems:
        raise InputError(problems)
    reader = FieldReader(content, limits)
    values = {key: reader.read_field(key) for key in own}
    if values.get("first", 0) > values.get("last", 0):
        reader.problems.append(Problem("first", "must not come after last", str(values["first"])))
    if reader.problems:
        raise InputError(reader.problems)
    return kind(**values)


def read_object(text: str) -> dict[str, Any]:
    """Read one JSON object with finite numbers and no key twice.

    Raises
    ------
    InputError
        In one plain sentence.
    """
    if len(text) > LARGEST_ASK:
        raise InputError(f"an ask may have {LARGEST_ASK} characters (got {len(text)})")
    try:
        content = read_json(text, parse_constant=_not_finite, object_pairs_hook=_object)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise InputError("an ask must be one JSON object, with finite numbers")
    return content


def number_of(content: Mapping[str, Any]) -> int | None:
    """The number of an ask, which its answer repeats; None if it has none that is good."""
    number = content.get("n")
    return number if is_whole(number, LARGEST_NUMBER) else None


def pick(record: Any, *names: str) -> dict[str, Any]:
    """Attributes of a record by name, as a header says them."""
    return {name: getattr(record, name) for name in names}


@dataclass(frozen=True)
class Answer:
    """What an ask leads to.

    Attributes
    ----------
    header
        Plain values for JSON; ``kind`` is that of the ask.
    arrays
        Numbers by name, in the order in which they are sent.
    """

    header: Mapping[str, Any]
    arrays: Mapping[str, npt.NDArray[np.float64]]

    def __post_init__(self) -> None:
        # answers are kept: a view of one run would keep the arrays of all runs with it
        own = {name: np.array(values, "<f8", order="C") for name, values in self.arrays.items()}
        object.__setattr__(self, "arrays", own)

    def to_bytes(self, number: int) -> bytes:
        """The bytes for the browser, with the number of the ask."""
        listed = [[name, list(values.shape)] for name, values in self.arrays.items()]
        head = json.dumps({"n": number, **self.header, "arrays": listed}, allow_nan=False).encode()
        head += b" " * (-len(head) % 8)
        parts = [len(head).to_bytes(8, "little"), head]
        parts += [values.tobytes() for values in self.arrays.values()]
        return b"".join(parts)


def refusal(number: int | None, reason: str) -> str:
    """The answer to an ask that got none; ``number`` is None if the ask had no good one."""
    return json.dumps({"n": number, "error": reason})


def _not_finite(word: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python's JSON would read."""
    raise ValueError(word)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found
