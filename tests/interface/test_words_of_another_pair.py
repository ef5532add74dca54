"""Nothing that is printed, written or shown of one pair speaks of another: every verb, and the page.

The words are those that name somebody or something of the shipped pair. A scenario's own words are
allowed: Washington mediates in more crises than one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sim import Scenario
from sim.page.answers import Answers
from sim.page.catalogue import build_catalogue
from sim.page.dispatch import Dispatcher
from tests.interface.conftest import SMALL, Answer
from tests.page.conftest import NEEDED, ask_of

Narrate = Callable[..., Answer]
PAIR = (
    "India", "Indian", "Pakistan", "Pakistani", "Delhi", "Islamabad", "Kashmir", "Kashmiri", "Pahalgam",
    "Srinagar", "Modi", "Sharif", "Tharoor", "Bilawal", "Trump", "Bangladesh", "China", "Chinese", "Beijing",
    "Washington", "London", "Paris", "Berlin", "Brussels", "Ottawa", "Gulf", "Indus", "Balochistan",
)  # fmt: skip
SHOWN = Path(__file__).parents[2] / "sim" / "page" / "static"
TEXT = (".csv", ".html", ".json", ".md", ".svg", ".tex", ".txt", ".yaml")
KEYS = ("--param", "parity=0:0.6", "--param", "goodwill=0:0.1")
FEW = ("-n", "2", "--arms", "offer")
# Every verb that takes a scenario, in an order in which each finds what it reads
ASKED: dict[str, tuple[str, ...]] = {
    "validate": ("small.yaml",),
    "show": ("small.yaml", "--arm", "offer"),
    "run": ("small.yaml", "--arm", "offer", "-o", "told"),
    "explain": ("small.yaml", "--arm", "offer", "--audience", "Broker", "-o", "why"),
    "compare": ("small.yaml", "-n", "3", "--uncertain-pairs", "3", "-o", "compared"),
    "sweep": ("small.yaml", *FEW, "--param", "parity=0:0.6:2", "-o", "swept"),
    "sensitivity": ("small.yaml", "--arms", "offer", "-n", "3", *KEYS, "--trajectories", "2", "--samples", "2", "-o", "sensitive"),
    "discover": ("small.yaml", "--arms", "offer", "-n", "1", *KEYS, "--samples", "80", "--beyond", "0.001", "-o", "found"),
    "tournament": ("small.yaml", "--arm", "offer", "--strategies", "scripted,uniform", "-n", "2", "-o", "contest"),
    "hindcast": ("coded.yaml", "--outcomes", "said.csv", "-n", "2", "--samples", "2", "-o", "hindcast"),
    "status": ("swept", "--verify"),
    "resume": ("swept",),
    "report": ("compared", "--table", "effects.md"),
    "init": ("mine.yaml", "--claimants", "Aria,Boreas"),
}  # fmt: skip
FOLDERS = {"told", "why", "compared", "swept", "sensitive", "found", "contest", "hindcast"}


def foreign(text: str, own: str) -> list[str]:
    """Words of the pair in a text, each with what stands about it; none of those in ``own``."""
    words = [word for word in PAIR if not re.search(rf"(?i)\b{word}\b", own)]
    # a path, a command or a file's name may have the shipped scenarios' names in it
    found = re.finditer(rf"(?i)(?<![\w/])({'|'.join(words)})(?!\w)", text)
    return [text[max(0, one.start() - 60) : one.end() + 30] for one in found]


def written(folder: Path) -> dict[str, str]:
    """All texts of a folder, those of tables and pictures too."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix in TEXT:
            found[str(file)] = file.read_text(encoding="utf-8")
        elif file.suffix == ".parquet" and file.is_file():
            frame = pd.read_parquet(file)
            names = [name for name in frame if not pd.api.types.is_numeric_dtype(frame[name])]
            texts = {str(one) for name in names for one in frame[name].unique()}
            found[str(file)] = " ".join([*map(str, frame), *texts])
    return found


def four_audiences(text: str) -> str:
    """The small case with an audience more: an order needs four."""
    more = "- {name: Mill, importance: 1, trust: {Aria: 0.5, Boreas: 0.5}, judgements: {background: {Aria: 0.2, Boreas: 0}}}\n"
    text = text.replace("{Broker: 0.5, Port: 0.4, Hill: 0.6}", "0.5")
    return text.replace("peers:\n", f"{more}peers:\n", 1)


def test_no_verb_speaks_of_another_pair(narrate: Narrate, place: Path) -> None:
    own = SMALL.read_text(encoding="utf-8")
    (place / "coded.yaml").write_text(four_audiences(own))
    rows = [f"{name},2025-06-05,{code},overall,a speech" for name, code in
            (("Broker", 1), ("Port", -1), ("Hill", 2), ("Mill", 0))]  # fmt: skip
    (place / "said.csv").write_text("\n".join(["audience,date,code,about,source", *rows, ""]))
    said = {}
    for verb, words in ASKED.items():
        answer = narrate(verb, *words)
        assert answer.code == 0, (verb, answer.err)
        said[verb] = answer.out + answer.err
    assert {folder.name for folder in place.iterdir() if folder.is_dir()} >= FOLDERS
    said |= {name.removeprefix(str(place)): text for name, text in written(place).items()}
    assert len(said) > 80  # the guard: tables, pictures and pages are among them
    assert any("Broker" in text for name, text in said.items() if name.endswith(".svg"))
    assert {name: found for name, text in said.items() if (found := foreign(text, own))} == {}


def test_no_answer_of_the_page_speaks_of_another_pair() -> None:
    scenario = Scenario.from_yaml(SMALL)
    page = Dispatcher(Answers(build_catalogue(scenario, ["small.yaml"])))
    own = SMALL.read_text(encoding="utf-8")
    said = {"about": json.dumps(page.catalogue.about["scenarios"]["small"])}
    for kind in ("timelines", "files", *NEEDED):
        said[kind] = page.answer(ask_of(page.catalogue, kind)).to_bytes(1).decode("latin-1")
    assert "Broker" in said["why"]
    assert {name: found for name, text in said.items() if (found := foreign(text, own))} == {}


@pytest.mark.parametrize("file", sorted(SHOWN.iterdir()), ids=lambda file: file.name)
def test_page_itself_speaks_of_no_pair(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert foreign(re.sub(r"^\s*(//|\*|/\*).*$", "", text, flags=re.MULTILINE), "") == []


def test_crisis_of_1982_speaks_of_its_own_pair(narrate: Narrate, place: Path) -> None:
    scenario = Scenario.from_yaml("falklands_1982")
    own = scenario.to_yaml()
    words = "falklands_1982", "--arm", "as_it_was", "--steps", "40", "--no-ledger", "-o", "told"
    answer = narrate("run", *words)
    assert answer.code == 0, answer.err
    own += "".join(str(row) for row in scenario.sources())  # such as newspapers
    said = {"run": answer.out + answer.err, **written(place / "told")}
    page = build_catalogue(scenario, ["falklands_1982"])
    said["about"] = json.dumps(page.about["scenarios"]["falklands_1982"])
    assert {name: found for name, text in said.items() if (found := foreign(text, own))} == {}
