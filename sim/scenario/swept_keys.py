"""What a key holds where it is swept: one type for all its values, by its declaration.

So a column of a design has the same type whatever values are asked for, and the rows of several
sweeps fit together. A key that changes no run is refused here, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.parameters import WHOLE_NUMBERS
from sim.scenario import value_kinds as kinds
from sim.scenario.assignments import full_path
from sim.scenario.keys import LAYER_KEYS, ROOT
from sim.scenario.value_kinds import Kind

NUMBER, COUNT, FLAG, WORD = "number", "count", "flag", "word"
SCENARIO = "scenario"  # the key that chooses a scenario
LONGEST_PATH = 600  # characters: an arm, an audience, an issue and a claimant of 80 each, and keys
_NAMES = "is a name: draws, tables and folders go by it, so it stays the same"
_MEANINGLESS = {
    "baseline": "is the same at every point; --baseline chooses it",
    "arm": "is no key: arms are run at every point, all of them; --arms chooses among them",
    "arms": "are run at every point, all of them; --arms chooses among them",
    "seed": "is the same at every point, so that points differ in nothing but their values; "
    "--seed sets it, and more replicates give more draws",
    "schema_version": "is the version of the file format and changes no run",
    "judgements": "stand in a file; one is swept as audiences.NAME.judgements.ISSUE.CLAIMANT",
    "game": "is how far a game has been played and changes no run",
    "extends": "can only stand in a file; the key scenario chooses between files",
}


def type_of_key(key: str) -> str:
    """The type of a key's values where it is swept; "" for what is no key of a scenario.

    ``NUMBER`` may be a fraction; ``COUNT`` is whole: days are counted from the start; ``FLAG`` is
    true or false; all else is a ``WORD``.
    """
    kind = kind_at(key)
    if key == SCENARIO:
        return WORD
    if isinstance(kind, kinds.Coefficient):
        return COUNT if kind.parameter in WHOLE_NUMBERS else NUMBER
    if isinstance(kind, kinds.Number | kinds.NumberByName):
        return NUMBER
    if isinstance(kind, kinds.Whole | kinds.Day):
        return COUNT
    if isinstance(kind, kinds.Flag):
        return FLAG
    return WORD if kind else ""


def fault_of_key(key: str) -> str:
    """Why a key is not swept: no run changes with it; "" where it may be."""
    label = key.partition(".")[0]
    if key in _MEANINGLESS or (label in LAYER_KEYS and len(key.split(".")) < 3):
        return _MEANINGLESS[label]
    kind = kind_at(key)
    if isinstance(kind, kinds.Text | kinds.CountryCode):
        return "is for people and changes no run"
    return _NAMES if isinstance(kind, kinds.Name | kinds.Slug) else ""


def kind_at(key: str) -> Kind | None:
    """The kind of value that stands at a dotted path; None where nothing is declared there."""
    path = full_path(key)
    if len(path) > LONGEST_PATH:
        return None
    if path.startswith("arms."):
        path = path.partition(".")[2].partition(".")[2]
    return _kind_below(ROOT, path)


def _kind_below(kind: Kind, path: str) -> Kind | None:
    if not path:
        return kind
    for inner, rest in _steps(kind, path):
        found = _kind_below(inner, rest)
        if found is not None:
            return found
    return None


def _steps(kind: Kind, path: str) -> Iterator[tuple[Kind, str]]:
    """What a path may go on to; a name may hold dots, and the shortest that fits counts."""
    label, _, rest = path.partition(".")
    if isinstance(kind, kinds.RecordKind):
        if label in kind.keys:
            yield kind.keys[label].kind, rest
    elif isinstance(kind, kinds.Succession):
        yield from _steps(kind.first, path)
        yield from _steps(kinds.Listed(kind.first, kind.most), path)
    elif isinstance(kind, kinds.NamedOptions):
        yield (kind.name if label == "name" else kinds.Number()), rest
    elif isinstance(kind, kinds.Listed | kinds.ByName | kinds.NumberByName):
        ends = [at for at, sign in enumerate(path) if sign == "."]
        for end in (*ends, len(path)):
            yield kind.item, path[end + 1 :]
