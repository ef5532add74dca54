"""The mutants still fit the code; ``python -m tests.mutants`` runs them."""

from __future__ import annotations

import ast

import pytest

from tests.mutants.catalogue import ROOT, Mutant, mutants, mutated

ALL = mutants()


@pytest.mark.parametrize("mutant", ALL, ids=[mutant.name for mutant in ALL])
def test_mutant_still_applies(mutant: Mutant) -> None:
    changed = mutated(mutant)
    assert changed != (ROOT / mutant.file).read_text(encoding="utf-8")
    ast.parse(changed)  # a fault of sense, not of grammar


@pytest.mark.parametrize("mutant", ALL, ids=[mutant.name for mutant in ALL])
def test_mutant_names_a_test_that_exists(mutant: Mutant) -> None:
    file, _, test = mutant.test.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert not test or test.partition("[")[0] in names
    assert mutant.why


def test_there_are_many_mutants_of_each_part() -> None:
    files = [mutant.file for mutant in ALL]
    assert len(ALL) == len(set(ALL)) >= 30
    for part in ("sim/laws", "sim/world", "sim/engines/agents", "sim/engines/ensemble",
                 "sim/running"):  # fmt: skip
        assert sum(file.startswith(part) for file in files) >= 4, part
