"""narrate play: a game in the terminal, kept as a scenario with plans."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.scenario.entities import Game
from sim.scenario.scenario import Scenario
from sim.studies.play import HISTORY, YOURS, Match, begin, go_on, other_campaigns, run_once
from tests.engines.comparing import record_of_run, run_compiled
from tests.interface.conftest import Answer, narrate, place

__all__ = ["narrate", "place"]  # fixtures

Narrate = Callable[..., Answer]
# The small case has 24 days: four turns of a week, the last one short
TURNS = "t1=2, n2=9 r=50\n\nn1- t1=0\nt1=3 r=0\n"
GAME = "small_as_Aria.yaml"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let these lines be typed."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def played(place: Path, narrate: Narrate, turns: str = TURNS, *words: str) -> Answer:
    (place / "turns.txt").write_text(turns)
    return narrate("play", "small.yaml", "--as", "Aria", "--choices", "turns.txt", *words)


def lead(scenario: Scenario, replicate: int = 0) -> Any:
    match = begin(scenario, Game("Aria", replicate=replicate))
    return run_once(scenario, match).lead


def test_game_is_a_scenario_that_runs_to_the_same_bits(place: Path, narrate: Narrate) -> None:
    answer = played(place, narrate, TURNS, "--json", "--arm", "offer", "--replicate", "3")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert told["turns"] == told["of"] == 4
    scenario = Scenario.from_yaml(place / GAME, arm="offer")
    assert [plan.first_day for plan in scenario.claimants[0].plans] == [0, 14, 21]
    assert scenario.claimants[0].plans[0].stops == {"A one": "Port"}
    assert scenario.claimants[0].plans[1].stops == {"A one": None}
    assert scenario.claimants[0].plans[1].shares == {"raiders": 2.0}
    run = narrate(*told["again"].split()[1:], "--out", "again", "--engine", "ensemble", "--quiet",
                  "--no-report")  # fmt: skip
    assert run.code == 0, run.err
    table = pd.read_parquet(place / "again" / "timeseries.parquet")
    rows = table[table["metric"].astype(str) == "lead"].sort_values("step")
    assert rows["value"].tolist() == lead(scenario, 3).tolist()
    assert rows["value"].iloc[-1] == told["lead"] == told["campaigns"][0]["final"]


def test_history_every_turn_is_the_scenario_itself(place: Path, narrate: Narrate) -> None:
    """With plans of its own, and stops within a turn."""
    base = Scenario.from_yaml(place / "small.yaml").set(
        ["claimants.Aria.plans=[{from: 5, shares: {trade: 4}}, {from: 10, reply: 0.4}, "
         "{from: 17, stops: {A one: Hill}, shares: {trade: 1}}]"]
    )  # fmt: skip
    match = begin(base, Game("Aria"))
    while not match.over:
        match = match.follow_history()
    assert match.campaign.lead.tolist() == lead(base).tolist()
    assert (match.campaign.places == match.history.places).all()
    you, history, *_ = other_campaigns(match, 20)
    assert (you.name, history.name) == (YOURS, HISTORY)
    assert (history.ahead, history.share, history.final) == (0.0, 0.0, you.final)


def test_game_goes_on_as_if_it_had_not_stopped(
    place: Path, narrate: Narrate, typed: Callable[[str], None]
) -> None:
    whole = played(place, narrate)
    kept = (place / GAME).read_text()
    (place / GAME).unlink()
    first, *others = TURNS.splitlines(keepends=True)
    typed(first)
    begun = narrate("play", "small.yaml", "--as", "Aria")
    assert begun.code == 0
    assert f"The game is kept: narrate play {GAME}" in begun.out
    typed(others[0] + "t1=1 n2=1\nu\nq\n")
    assert "Turn 2 of 4" in narrate("play", GAME).out
    typed("".join(others[1:]))
    ended = narrate("play", GAME)
    assert (place / GAME).read_text() == kept
    assert ended.out.split("The game is over")[1] == whole.out.split("The game is over")[1]
    assert "history" in ended.out
    assert "uniform" in ended.out


def test_interrupted_game_is_kept(
    place: Path, narrate: Narrate, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hasty(io.StringIO):
        def readline(self, *_: Any) -> str:
            if not (line := super().readline()):
                raise KeyboardInterrupt
            return line

    monkeypatch.setattr("sys.stdin", Hasty("t1=2\n"))
    answer = narrate("play", "small.yaml", "--as", "Aria")
    assert answer.code == 130
    assert answer.err.endswith(f"error: interrupted; the game is kept: narrate play {GAME}\n")
    game = Scenario.from_yaml(place / GAME).game
    assert game == Game("Aria", turns=1)
    assert [one.name for one in place.iterdir() if ".tmp" in one.name] == []


def test_mistyped_choice_is_asked_again(
    narrate: Narrate, typed: Callable[[str], None], place: Path
) -> None:
    typed("t9=1\nt1=1 n2=x\n?\nt1=1\n")
    answer = narrate("play", "small.yaml", "--as", "Aria")
    assert answer.code == 0
    assert "error: column 1: there are the teams 1 to 1 (got t9=1)" in answer.err
    assert "error: column 6: must be a choice such as" in answer.err
    assert "t2=5 sends team 2 to place 5" in answer.out
    assert Scenario.from_yaml(place / GAME).claimants[0].plans[0].stops == {"A one": "Broker"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("t1=7", "2:1: there are the places 0 to 3 (got t1=7)"),
        ("r=20  t1=1.5", "2:7: a team goes to a place by its number, such as t1=1 (got t1=1.5)"),
        ("n9+", "2:1: there are the lines 1 to 4 (got n9+)"),
        ("n1=..", "2:1: must be a number such as 3 or 0.5 (got n1=..)"),
        ("r=101", "2:1: the part for replies must lie in 0 to 100 % (got r=101)"),
        ("n1=0 n2=0 n3=0 n4=0", "shares of Aria must not all be 0"),
        (
            "h t1=1",
            "2:1: must be a choice such as t1=3, n2=4, n2+ or r=20, or one of h, u, ?, q (got h)",
        ),
    ],
)
def test_bad_line_of_a_file_ends_the_game_after_the_turns_before_it(
    place: Path, narrate: Narrate, line: str, reason: str
) -> None:
    answer = played(place, narrate, f"t1=1  # a remark\n{line}\n")
    assert answer.code == 2
    assert reason in answer.err
    assert Scenario.from_yaml(place / GAME).game == Game("Aria", turns=1)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "side: Aria",
            "side: Arya",
            ":7:9: game.side: unknown claimant; did you mean Aria? (got Arya)",
        ),
        ("every: 7", "evry: 7", ":8:3: game.evry: unknown key; did you mean every?"),
        ("turns: 4", "turns: many", ":9:10: game.turns: must be a whole number"),
        ("raiders: 2.0", "raider: 2.0", "plans.1.shares.raider: unknown narrative"),
        ("from: 14", "from: 0", "plans.1.from: must come after the plan before it, on day 0"),
        ("seed: 7", "initial_tension: 1.0", "initial_tension: is not as the game extends it"),
        (
            "extends: small",
            "extends: smal",
            ":4:10: extends: unknown scenario; did you mean small?",
        ),
    ],
)
def test_edited_game_is_refused_where_it_is_wrong(
    place: Path, narrate: Narrate, old: str, new: str, reason: str
) -> None:
    played(place, narrate)
    text = (place / GAME).read_text()
    assert old in text
    (place / GAME).write_text(text.replace(old, new))
    answer = narrate("play", GAME)
    assert answer.code == 2
    assert reason in answer.err


def test_what_cannot_be_played_is_refused(place: Path, narrate: Narrate) -> None:
    def refusal(*words: str) -> str:
        answer = narrate("play", *words)
        assert answer.code in (2, 3)
        return answer.err

    assert "--as: is missing; it may be Aria or Boreas" in refusal("small.yaml")
    assert "did you mean Aria?" in refusal("small.yaml", "--as", "Area")
    assert "unknown arm" in refusal("small.yaml", "--as", "Aria", "--arm", "offr")
    assert "must lie beside small.yaml" in refusal("small.yaml", "--as", "Aria", "-o", "x/a.yaml")
    assert "must be named like a scenario" in refusal("small.yaml", "--as", "Aria", "-o", "a.txt")
    own = "    claimants: [{name: Aria, plans: [{from: 3, reply: 0.1}]}]\n"
    (place / "other.yaml").write_text((place / "small.yaml").read_text() + own)
    reason = "arm offer has claimants.Aria.plans of its own, which would not be played"
    assert reason in refusal("other.yaml", "--as", "Aria", "--arm", "offer")
    played(place, narrate)
    assert narrate("play", "small.yaml", "--as", "Aria").code == 3
    assert "--every: is as the game began; leave it out" in refusal(GAME, "--every", "3")


def test_hand_planned_later_days_wait_for_their_turn(place: Path) -> None:
    base = Scenario.from_yaml(place / "small.yaml")
    match = begin(base, Game("Aria")).follow_history()
    document = match.content("game", "small")
    document["claimants"][0]["plans"] += [{"from": 16, "reply": 0.5}]
    (place / "game.yaml").write_text(json.dumps(document))
    read = Scenario.from_yaml(place / "game.yaml")
    assert read.game is not None
    again = go_on(read, base, read.game)
    assert isinstance(again, Match)
    assert [plan.first_day for plan in again.follow_history().plans][-1] == 16
    assert again.undo().undo().game.turns == 0


def test_what_has_been_seen_never_changes(place: Path) -> None:
    """A later choice moves no day before it, by chance neither."""
    from sim.studies.play import TurnChoice

    match = begin(Scenario.from_yaml(place / "small.yaml"), Game("Boreas", every=5, replicate=2))
    for turn, at in enumerate(["Hill", None, "Port", "Broker", "Hill"]):
        after = match.take(TurnChoice({"B one": at}, {"victim": 1.0 + turn}, 0.1 * turn))
        seen = match.day + 1
        assert np.array_equal(after.campaign.lead[:seen], match.campaign.lead[:seen])
        match = after
    assert match.over
    assert not np.array_equal(match.campaign.lead, match.history.lead)


def test_file_of_a_game_gives_the_record_of_the_match(place: Path) -> None:
    base = Scenario.from_yaml(place / "small.yaml", arm="offer")
    match = begin(base, Game("Boreas", arm="offer")).follow_history().follow_history()
    from sim.scenario.writing import to_yaml

    (place / "game.yaml").write_text(to_yaml(match.content("game", "small")))
    read = Scenario.from_yaml(place / "game.yaml", arm="offer")
    record = record_of_run(run_compiled(read, base.seed, [0]).record, 0)
    assert np.array_equal(record.sympathy, match.campaign.record.sympathy)
