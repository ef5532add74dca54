"""Every refusal of the table, by its first line; and that the table covers what is promised."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError
from sim.scenario import checking
from sim.scenario.scenario import Scenario
from tests.pace import slower_than
from tests.scenario.bad_input import CASES, GOOD, Bad, swap, write


def give_to_program(case: Bad, path: Path) -> None:
    """Give the case to the program by the way that it enters."""
    write(path, case.text if case.entry == "file" else GOOD)
    scenario = Scenario.from_yaml(str(path), sets=[case.text] if case.entry == "set" else [])
    if case.entry == "param":
        key, _, values = case.text.partition("=")
        for value in values.split(","):
            scenario.set({key: value}, place="--param")


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_bad_input_is_refused_in_these_words(case: Bad, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"

    def refuse() -> None:
        with pytest.raises(InputError) as refusal:
            give_to_program(case, path)
        first = str(refusal.value).split("\n")[0]
        assert first == case.expected.replace("{path}", str(path))

    assert not slower_than(3, refuse)  # as many keys and values as may be: 2.3 s
    assert [entry.name for entry in tmp_path.iterdir()] == ["case.yaml"]


def test_the_good_document_is_good(tmp_path: Path) -> None:
    write(tmp_path / "good.yaml", GOOD)
    assert Scenario.from_yaml(tmp_path / "good.yaml").notes == ()


def test_table_has_no_case_twice() -> None:
    assert len({case.id for case in CASES}) == len(CASES)
    assert len({(case.entry, case.text) for case in CASES}) == len(CASES)
    assert len(CASES) >= 130


def test_table_reaches_every_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    firing: set[str] = set()

    def watched(rule: checking.Rule) -> checking.Rule:
        def find(**fields: Any) -> Iterator[checking.Fault]:
            for fault in rule(**fields):
                firing.add(rule.__name__)
                yield fault

        return find

    rules = [(fields, watched(rule)) for fields, rule in checking.RULES]
    names = {rule.__name__ for _, rule in checking.RULES}
    monkeypatch.setattr(checking, "RULES", rules)
    for case in CASES:
        if case.entry == "file" and len(case.text) < 10_000:
            with pytest.raises(InputError):
                give_to_program(case, tmp_path / "case.yaml")
    assert firing == names


def test_problems_of_a_file_are_shown_together_in_its_order(tmp_path: Path) -> None:
    text = swap("seed: 0", "sead: 0")
    text = swap("share: 4", "share: -4", text)
    text = swap("claim: armed}\n- {name: trade", "claim: arms}\n- {name: trade", text)
    text = swap("{policy: scripted}", "{policy: scriptid}", text)
    write(tmp_path / "case.yaml", text)
    with pytest.raises(InputError) as refusal:
        Scenario.from_yaml(tmp_path / "case.yaml")
    keys = [problem.key for problem in refusal.value.problems]
    assert keys == [
        "sead",
        "narratives.raiders.share",
        "narratives.raiders.claim",
        "arms.offer.mediator.policy",
    ]


def test_no_more_than_20_problems_are_shown(tmp_path: Path) -> None:
    many = "".join(f"key{number}: 1\n" for number in range(30))
    write(tmp_path / "case.yaml", many + GOOD)
    with pytest.raises(InputError) as refusal:
        Scenario.from_yaml(tmp_path / "case.yaml")
    lines = str(refusal.value).split("\n")
    assert lines[20] == "... and 10 more"
    assert len(lines) == 21


def test_thousands_of_problems_take_no_more_time(tmp_path: Path) -> None:
    write(tmp_path / "case.yaml", "".join(f"kee{number}: {{a: b}}\n" for number in range(5_000)))

    def refuse() -> None:
        with pytest.raises(InputError):
            Scenario.from_yaml(tmp_path / "case.yaml")

    assert not slower_than(2, refuse)  # 0.3 s


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("{folder}/none.yaml", "{folder}/none.yaml: there is no such file"),
        ("{folder}", "{folder}: cannot be read: is a folder"),
        ("/dev/null", "/dev/null: cannot be read: is not a regular file"),
        ("no_such_name", "no_such_name: unknown scenario"),
        ("{folder}/a\x00b.yaml", "{folder}/a\\x00b.yaml: cannot be read"),
        ("{folder}/a\x1b[31m.yaml", "{folder}/a\\x1b[31m.yaml: there is no such file"),
    ],
)
def test_unreadable_files_are_refused(path: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        Scenario.from_yaml(path.replace("{folder}", str(tmp_path)))
    assert str(refusal.value).startswith(words.replace("{folder}", str(tmp_path)))
