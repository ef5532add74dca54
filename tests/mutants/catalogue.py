"""Small faults to put into the code, each with the test that must notice it.

Every ``*.toml`` file of this folder lists some. A mutant replaces one text, found exactly once in
its file, by another.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


class Mutant(NamedTuple):
    """One fault. ``test`` is a pytest node id; ``why`` says which statement it breaks."""

    name: str
    file: str
    original: str
    mutated: str
    test: str
    why: str


def mutants() -> list[Mutant]:
    """All of them, in the order of the files."""
    found = []
    for path in sorted(HERE.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [Mutant(name, **entry) for name, entry in content.items()]
    return found


def mutated(mutant: Mutant, root: Path = ROOT) -> str:
    """The text of the mutant's file with the fault in it."""
    text = (root / mutant.file).read_text(encoding="utf-8")
    count = text.count(mutant.original)
    if count != 1:
        raise LookupError(f"{mutant.name}: {mutant.original!r} is {count} times in {mutant.file}")
    return text.replace(mutant.original, mutant.mutated)
