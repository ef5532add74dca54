"""Peers from a table: the same scenario as with the weights written out, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import InputError
from sim.scenario.scenario import Scenario
from tests.interface.conftest import SMALL

WRITTEN = """peers:
  Broker: {Port: 2, Hill: 1}
  Port: {Broker: 3, Hill: 1}
  Hill: {}
"""
ROWS = "audience,listens_to,weight\nBroker,Port,2\nBroker,Hill,1\nPort,Broker,3\nPort,Hill,1\n"


def write(folder: Path, rows: str, named: str = "peers.csv") -> Path:
    """Write the small scenario, its peers in a table beside it."""
    text = SMALL.read_text(encoding="utf-8")
    assert WRITTEN in text
    path = folder / "mine.yaml"
    path.write_text(text.replace(WRITTEN, f"peers: {named}\n"), encoding="utf-8")
    (folder / "peers.csv").write_text(rows, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        ROWS.replace(",", ";"),
        ROWS.replace("\n", "\r\n"),
        "\ufeff" + ROWS,
        "sep=;\n" + ROWS.replace(",", ";"),
        ROWS.replace("audience,l", "Audience, L"),
        "\n".join(",".join(reversed(row.split(","))) for row in ROWS.split("\n")),
    ],
)
def test_table_says_what_the_mapping_says(tmp_path: Path, rows: str) -> None:
    found = Scenario.from_yaml(write(tmp_path, rows))
    assert dict(found.peers) | {"Hill": {}} == dict(Scenario.from_yaml(SMALL).peers)
    copy = tmp_path / "copy.yaml"
    copy.write_text(found.to_yaml(), encoding="utf-8")
    assert "peers.csv" not in found.to_yaml()
    assert Scenario.from_yaml(copy).peers == found.peers


def test_arm_may_have_a_table_of_its_own(tmp_path: Path) -> None:
    text = SMALL.read_text(encoding="utf-8")
    head, arms = text.split("arms:\n")
    name = arms.split(":")[0].strip()
    path = tmp_path / "mine.yaml"
    path.write_text(f"{head}arms:\n  {name}:\n    peers: peers.csv\n", encoding="utf-8")
    (tmp_path / "peers.csv").write_text("audience,listens_to,weight\nHill,Port,1\n")
    assert Scenario.from_yaml(path, arm=name).peers == {"Hill": {"Port": 1.0}}


@pytest.mark.parametrize("rows", ["Hill,Port,1\n", ""])
def test_table_replaces_the_weights_of_what_is_extended(tmp_path: Path, rows: str) -> None:
    (tmp_path / "small.yaml").write_bytes(SMALL.read_bytes())
    path = tmp_path / "mine.yaml"
    path.write_text("title: Mine\nextends: small\npeers: peers.csv\n")
    (tmp_path / "peers.csv").write_text(f"audience,listens_to,weight\n{rows}")
    assert Scenario.from_yaml(path).peers == ({"Hill": {"Port": 1.0}} if rows else {})


REFUSED = {
    "must have the columns audience, listens_to, weight": "audience,weight\nBroker,2\n",
    "peers.csv:3:1: peers.Broker.Port: is given twice": ROWS.replace("Hill,1\nPort,B", "Port,3\nPort,B"),
    "peers.csv:2:1: peers.Broker.Prt: unknown audience": ROWS.replace("Broker,Port", "Broker,Prt"),
    "peers.csv:2:1: peers.Broker.Port: must be a finite number": ROWS.replace("Port,2", "Port,two"),
    "peers.csv:2:1: peers: must have 3 cells (got 2)": ROWS.replace("Broker,Port,2", "Broker,Port"),
    "peers.csv: is empty": "",
    "peers.csv:2:1: peers.Broker: weights": ROWS.replace("Port,2", "Port,0").replace("Hill,1\nP", "Hill,0\nP"),
    "peers.csv:3: has a point where other numbers have a decimal comma; write one of the two (got 1.000)":
        ROWS.replace("Port,2", "Port,0.5").replace("Hill,1\nP", "Hill,1.000\nP").replace(",", ";").replace("0.5", "0,5"),
}  # fmt: skip


@pytest.mark.parametrize("said", REFUSED)
def test_table_is_refused_with_its_line(tmp_path: Path, said: str) -> None:
    with pytest.raises(InputError) as refused:
        Scenario.from_yaml(write(tmp_path, REFUSED[said]))
    assert said in str(refused.value)


@pytest.mark.parametrize("named", ["../peers.csv", "/etc/peers.csv", "peers", "peers.yaml"])
def test_table_lies_beside_the_scenario(tmp_path: Path, named: str) -> None:
    with pytest.raises(InputError, match=r"or name a CSV file of the same folder"):
        Scenario.from_yaml(write(tmp_path, ROWS, named))


def test_table_must_not_lead_elsewhere(tmp_path: Path) -> None:
    path = write(tmp_path, ROWS)
    (tmp_path / "other").mkdir()
    (tmp_path / "peers.csv").rename(tmp_path / "other" / "peers.csv")
    with pytest.raises(InputError, match=r"peers.csv: there is no such file"):
        Scenario.from_yaml(path)
    (tmp_path / "peers.csv").symlink_to(tmp_path / "other" / "peers.csv")
    with pytest.raises(InputError, match="must not lead out of its folder"):
        Scenario.from_yaml(path)


def test_spreadsheet_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="save it as CSV"):
        Scenario.from_yaml(write(tmp_path, ROWS, "peers.xlsx"))
