"""The kinds of value that a key of a scenario file may hold.

A kind says what is accepted: type, range, length, which names. ``keys`` says which key has which
kind, ``value_reader`` reads values by them, ``schema`` describes them to editors. Nothing is read
or checked here. Lessons declare their keys in the same kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

LARGEST = 1e9  # no quantity of the model comes near it; sums of such numbers stay finite
LONGEST_SEED = 2**64 - 1
NO_BOUND = float("inf")


class Kind:
    """A kind of value; each subclass is one kind, each instance one with its limits."""


@dataclass(frozen=True)
class Number(Kind):
    """A finite number from ``low`` to ``high``, both included."""

    low: float = -LARGEST
    high: float = LARGEST


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number from ``low`` to ``high``, both included."""

    low: int
    high: int


@dataclass(frozen=True)
class Coefficient(Kind):
    """The value of a parameter, within the hard limits that ``sim.parameters`` declares."""

    parameter: str


@dataclass(frozen=True)
class Flag(Kind):
    """True or false."""


@dataclass(frozen=True)
class Text(Kind):
    """Text for people, of at most ``longest`` characters; ``lines`` allows line breaks."""

    longest: int = 200
    lines: bool = False


@dataclass(frozen=True)
class Name(Kind):
    """What an item is called; ``reserved`` words would be mistaken for something else."""

    reserved: tuple[str, ...] = ("name", "value", "source", "drop")


@dataclass(frozen=True)
class Slug(Kind):
    """The name of a scenario or arm: also the name of a folder or an option's value."""


@dataclass(frozen=True)
class CountryCode(Kind):
    """Three capital letters, as in ISO 3166 alpha-3."""


@dataclass(frozen=True)
class StartDate(Kind):
    """The date of day 0."""


@dataclass(frozen=True)
class Day(Kind):
    """A date or a day number; ``after_end`` also allows day ``steps``, which never comes."""

    after_end: bool = False


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words; a plug-in's names are listed only when asked for.

    ``what`` is what a refusal calls the word, such as "message type".
    """

    what: str
    options: Callable[[], tuple[str, ...]]


@dataclass(frozen=True)
class Reference(Kind):
    """The name of an item of a section; ``home`` allows a stop at no audience."""

    section: str
    home: bool = False


@dataclass(frozen=True)
class RecordKind(Kind):
    """A mapping with declared keys.

    ``entity`` is the class that its values are given to; None where they stay a mapping.
    """

    keys: Mapping[str, Key]
    entity: Callable[..., object] | None = None


@dataclass(frozen=True)
class Listed(Kind):
    """A plain list of ``least`` to ``most`` items, overlaid as a whole."""

    item: Kind
    most: int
    least: int = 0


@dataclass(frozen=True)
class Items(Listed):
    """A list of named records, overlaid item by item."""

    item: RecordKind


@dataclass(frozen=True)
class Succession(Kind):
    """A record, or a list of up to ``most`` that follow each other, overlaid as a whole.

    ``later`` is what each of them but the first is.
    """

    first: RecordKind
    later: RecordKind
    most: int


@dataclass(frozen=True)
class ByName(Kind):
    """A mapping from the names of a section; ``complete`` where none may be left out.

    A CSV file of the same folder may stand in the place of one with a ``table``.
    """

    section: str
    item: Kind
    complete: bool = False
    table: bool = False


@dataclass(frozen=True)
class NumberByName(Kind):
    """One number that stands for every name of a section, or a mapping with all of them."""

    section: str
    item: Number


@dataclass(frozen=True)
class NamedOptions(Kind):
    """A plug-in: its name, or a mapping of ``name`` and number options.

    ``declared`` gives the names of the options that a plug-in has.
    """

    name: Choice
    declared: Callable[[str], Collection[str]]


@dataclass(frozen=True)
class Key:
    """One key of a scenario file: what it holds, what it means, and what stands in its absence."""

    kind: Kind
    meaning: str
    required: bool = False
    default: object = None
    unit: str = ""


SHARE = Number(0.0, 1.0)
WEIGHT = Number(0.0)
SYMPATHY = Number(-1.0, 1.0)
