"""The kinds of value a scenario key may have; ``schema`` says which key has which."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

LARGEST = 1e9  # no quantity of the model comes near it; sums of such numbers stay finite


@dataclass(frozen=True)
class Number:
    """A finite number within limits."""

    low: float = -LARGEST
    high: float = LARGEST


@dataclass(frozen=True)
class Whole:
    """A whole number within limits."""

    low: int
    high: int


@dataclass(frozen=True)
class Coefficient:
    """The value of a parameter, within the hard limits that ``sim.parameters`` declares."""

    parameter: str


@dataclass(frozen=True)
class Flag:
    """True or false."""


@dataclass(frozen=True)
class Text:
    """Text for people."""

    longest: int = 200
    lines: bool = False


@dataclass(frozen=True)
class Name:
    """What an item is called; ``reserved`` words would be mistaken for something else."""

    reserved: tuple[str, ...] = ("name", "value", "source", "drop")


@dataclass(frozen=True)
class Slug:
    """The name of a scenario or arm: also the name of a folder or an option's value."""


@dataclass(frozen=True)
class StartDate:
    """The date of day 0."""


@dataclass(frozen=True)
class Day:
    """A date or a day number; ``after_end`` also allows day ``steps``, which never comes."""

    after_end: bool = False


@dataclass(frozen=True)
class Choice:
    """One of a few words; a plug-in's names are listed only when asked for."""

    what: str
    options: Callable[[], tuple[str, ...]]


@dataclass(frozen=True)
class Reference:
    """The name of an item of a section; ``home`` is no audience."""

    section: str
    home: bool = False


@dataclass(frozen=True)
class RecordKind:
    """A mapping with declared keys."""

    keys: Mapping[str, Key]


@dataclass(frozen=True)
class Items:
    """A list of named records, overlaid item by item."""

    record: RecordKind
    most: int
    least: int = 0


@dataclass(frozen=True)
class Listed:
    """A plain list, overlaid as a whole."""

    item: Kind
    most: int


@dataclass(frozen=True)
class ByName:
    """A mapping from the names of a section; ``complete`` where none may be left out."""

    section: str
    item: Kind
    complete: bool = False


@dataclass(frozen=True)
class NumberByName:
    """One number for every name of a section, or a complete mapping."""

    section: str
    item: Number


@dataclass(frozen=True)
class NamedOptions:
    """A plug-in: its name, or a mapping of ``name`` and number options.

    ``declared`` gives the names of the options that a plug-in has.
    """

    name: Choice
    declared: Callable[[str], Collection[str]]


Kind = (
    Number | Whole | Coefficient | Flag | Text | Name | Slug | StartDate | Day | Choice
    | Reference | RecordKind | Items | Listed | ByName | NumberByName | NamedOptions
)  # fmt: skip


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
LONGEST_SEED = 2**64 - 1
NO_BOUND = float("inf")
