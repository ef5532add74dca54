"""Judgements: what is left out is the background's, and a table beside the file may give them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.scenario.scenario import Scenario
from tests.interface.conftest import SMALL, Answer, narrate, place

__all__ = ["narrate", "place"]  # fixtures

CASE = Scenario.from_yaml(SMALL)
FULL = CASE.to_dict()
ROWS = ["audience,issue,Aria,Boreas"] + [
    f"{one['name']},{issue},{given['Aria']},{given['Boreas']}"
    for one in FULL["audiences"]
    for issue, given in one["judgements"].items()
]


def without_judgements() -> dict[str, object]:
    """The small case without any judgement."""
    bare = [{k: v for k, v in one.items() if k != "judgements"} for one in FULL["audiences"]]
    return {**FULL, "audiences": bare}


def written(folder: Path, rows: list[str], head: str = "", *, bare: bool = True) -> Path:
    """The case, without judgements or with its own, and a table of judgements beside it."""
    import yaml

    content = without_judgements() if bare else FULL
    text = head or yaml.safe_dump(content, sort_keys=False)
    (folder / "case.yaml").write_text(f"{text}judgements: judged.csv\n", encoding="utf-8")
    (folder / "judged.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder / "case.yaml"


@pytest.mark.parametrize("change", [str, lambda row: row.replace(",", ";"),
                                    lambda row: ",".join(reversed(row.split(",")))])  # fmt: skip
def test_table_says_what_the_file_says(tmp_path: Path, change: Callable[[str], str]) -> None:
    """To the bit, in every arm, and written back without the table."""
    found = Scenario.from_yaml(written(tmp_path, [change(row) for row in ROWS]))
    assert found == CASE
    assert found.sha256() == CASE.sha256()
    assert found.arm("offer").sha256() == CASE.arm("offer").sha256()
    assert found.notes == CASE.notes == ()
    assert "judged.csv" not in found.to_yaml(sources=False)


def test_show_prints_the_table_that_is_read_back(
    narrate: Callable[..., Answer], place: Path
) -> None:
    printed = narrate("show", "small.yaml", "--judgements").out
    assert Scenario.from_yaml(written(place, printed.splitlines())) == CASE


def test_judgement_left_out_is_that_of_the_background(tmp_path: Path) -> None:
    """A whole issue, and one claimant on another; one note lists them."""
    rows = [row for row in ROWS if not row.startswith("Port,river")]
    rows = ["Hill,raids,0.4," if row.startswith("Hill,raids") else row for row in rows]
    found = Scenario.from_yaml(written(tmp_path, rows))
    by_name = {one.name: one.judgements for one in found.audiences}
    assert (
        by_name["Port"]["river"] == by_name["Port"]["background"] == {"Aria": 0.1, "Boreas": 0.2}
    )
    assert by_name["Hill"]["raids"] == {
        "Aria": 0.4,
        "Boreas": by_name["Hill"]["background"]["Boreas"],
    }
    assert found.notes == (
        "audiences: 3 judgements that are not given are taken from background: Port on river; "
        "Hill on raids (Boreas)",
    )
    assert Scenario.from_dict(found.to_dict()) == found


def test_judgements_without_the_background_are_refused(tmp_path: Path) -> None:
    rows = [row for row in ROWS if not row.startswith("Port,background")]
    with pytest.raises(
        InputError, match=r"audiences\.Port\.judgements\.background\.Aria: is missing"
    ):
        Scenario.from_yaml(written(tmp_path, rows))
    with pytest.raises(InputError, match=r"audiences\.Port\.judgements: is missing"):
        Scenario.from_yaml(written(tmp_path, [row for row in ROWS if "Port" not in row]))


def test_table_lies_over_what_its_file_has_and_extends_and_under_arms(tmp_path: Path) -> None:
    """In the order in which layers come; what it leaves out stays as it was."""
    rows = [ROWS[0], "Port,raids,0.75,"]
    for name in ("small.yaml", "case.yaml"):
        (tmp_path / name).write_text(SMALL.read_text())
    own = Scenario.from_yaml(written(tmp_path, rows, bare=False))
    extending = "name: case\nextends: small\narms:\n  offer:\n    audiences:\n"
    extending += "    - {name: Port, judgements: {raids: {Aria: -1}}}\n"
    over = Scenario.from_yaml(written(tmp_path, rows, extending))
    for found in (own, over):
        (port,) = (one for one in found.audiences if one.name == "Port")
        assert port.judgements["raids"] == {"Aria": 0.75, "Boreas": -0.1}
        assert [one.name for one in found.audiences] == ["Broker", "Port", "Hill"]
    assert over.arm("offer").audiences[1].judgements["raids"] == {"Aria": -1.0, "Boreas": -0.1}
    one = over.set({"audiences.Port.judgements.raids.Aria": 0.5})
    assert one.audiences[1].judgements["raids"]["Aria"] == 0.5


REFUSED = {
    "name": ("Portt,raids,0,0", r"judged.csv:11:1: judgements.Portt: unknown audience; did you mean Port\?"),
    "issue": ("Port,rades,0,0", r"judged.csv:11:1: audiences.Port.judgements.rades: unknown issue; did you mean raids\?"),
    "twice": ("Port,raids,0,0", "judged.csv:11:1: judgements.Port.raids: is given twice"),
    "range": ("Hill,raids,2,0", "judged.csv:10:1: audiences.Hill.judgements.raids.Aria: must lie in -1 to 1"),
    "cells": ("Port,raids,0", r"judged.csv:11:1: judgements: must have 4 cells \(got 3\)"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_fault_of_a_table_is_told_at_its_line(name: str, tmp_path: Path) -> None:
    row, said = REFUSED[name]
    rows = [one for one in ROWS if name != "range" or not one.startswith("Hill,raids")]
    with pytest.raises(InputError, match=said):
        Scenario.from_yaml(written(tmp_path, [*rows, row]))


@pytest.mark.parametrize(
    "header", ["audience,issue", "audience,Aria,Boreas", "audience,issue,Aria,aria"]
)
def test_table_has_its_columns(header: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must have the columns audience, issue and one for each"):
        Scenario.from_yaml(written(tmp_path, [header, *ROWS[1:]]))


def test_only_a_table_beside_the_file_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, ROWS)
    path.write_text(path.read_text().replace("judged.csv", "../judged.csv"))
    with pytest.raises(
        InputError, match="must map audiences to what they judge, or name a CSV file"
    ):
        Scenario.from_yaml(path)
    with pytest.raises(InputError, match="judgements: can only stand in a file"):
        CASE.set(["judgements=judged.csv"])
    given = {one["name"]: one["judgements"] for one in FULL["audiences"]}
    assert Scenario.from_dict({**without_judgements(), "judgements": given}) == CASE


NAMES = ["Lima", "S\u00e3o Paulo", "no", "St. John's: a port", "Port"]


def test_init_writes_the_whole_frame(narrate: Callable[..., Answer], place: Path) -> None:
    """Every judgement 0, names as they are, whatever YAML would make of them; it runs."""
    issues = "base,background,raids"
    answer = narrate("init", "f.yaml", "--audiences", ",".join(NAMES), "--issues", issues)
    assert answer.code == 0, answer.err
    found = Scenario.from_yaml(place / "f.yaml")
    assert [one.name for one in found.audiences] == NAMES
    assert [one.name for one in found.issues] == issues.split(",")
    zeros = {issue: {"North": 0.0, "South": 0.0} for issue in issues.split(",")}
    assert all(one.judgements == zeros for one in found.audiences)
    assert found.mediator.audience == "Lima"
    assert found.mediator.escalation == "background"
    assert "judgements: {base: {North: 0.0" in (place / "f.yaml").read_text()
    assert narrate("validate", "f.yaml").code == 0


def test_init_writes_the_frame_for_two_sides_of_ones_own(
    narrate: Callable[..., Answer], place: Path
) -> None:
    answer = narrate("init", "f.yaml", "--claimants", "Addis Ababa,no")
    assert answer.code == 0, answer.err
    text = (place / "f.yaml").read_text(encoding="utf-8")
    assert "North" not in text
    assert "South" not in text
    found = Scenario.from_yaml(place / "f.yaml")
    assert [one.name for one in found.claimants] == ["Addis Ababa", "no"]
    assert found.claims[0].name == "no armed the raiders"
    assert {one.sender for one in found.narratives} == {"Addis Ababa", "no"}
    assert narrate("init", "g.yaml", "--claimants", "A").err == (
        "error: --claimants: must be 2 names (got 1)\n"
    )


def test_init_refuses_names_all_at_once(narrate: Callable[..., Answer], place: Path) -> None:
    answer = narrate("init", "f.yaml", "--audiences", "A", "--issues", "q,Q,home")
    assert answer.code == 2
    assert answer.err.splitlines() == [
        "error: --audiences: must be 2 to 200 names (got 1)",
        "error: --issues: is given twice (got Q)",
        "error: --issues: is a word of the file format and cannot be a name (got home)",
    ]
    assert not (place / "f.yaml").exists()
