"""Frames hold what the run recorded, under names."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.engines.ensemble.run import FULL
from sim.laws.exposure import exposure
from sim.running.executing import by_ensemble, certain_lanes
from sim.tables.columns import TABLES
from sim.tables.frames import kept_steps
from sim.tables.metrics import METRICS, values
from sim.world.arrays import Diplomacy, Record
from sim.world.building import build

SMALL = Path(__file__).parents[1] / "interface" / "small.yaml"


@pytest.fixture(scope="module")
def told() -> sim.api.Run:
    return sim.run(SMALL, "offer")


def test_columns_are_those_declared(told: sim.api.Run) -> None:
    for name in ("timeseries", "messages", "ledger"):
        assert tuple(getattr(told, name).columns) == TABLES[name].columns


def test_timeseries_holds_every_metric_at_every_place(told: sim.api.Run) -> None:
    frame, names = told.timeseries, told.world.names
    assert set(frame["metric"]) == set(METRICS)
    for name, metric in METRICS.items():
        cube = values(name, told.record, told.world)
        rows = frame[frame["metric"] == name]
        assert len(rows) == cube.size
        actors, toward = metric.actors(names), metric.toward(names)
        for t, a, k in [(0, 0, 0), (-1, -1, -1), (7, -1, 0)]:
            step = range(cube.shape[0])[t]
            row = rows[(rows["step"] == step) & (rows["actor"] == actors[a])
                       & (rows["toward"] == toward[k])]  # fmt: skip
            assert row["value"].tolist() == [cube[t, a, k]]


def test_dates_follow_the_start_date(told: sim.api.Run) -> None:
    for frame in (told.timeseries, told.messages, told.ledger):
        days = frame[["step", "date"]].drop_duplicates().set_index("step")["date"]
        assert days[13] == "2025-06-02"  # 20 May and 13 days


def test_thinned_steps_keep_the_last() -> None:
    assert kept_steps(10, 4).tolist() == [0, 4, 8, 9]
    assert kept_steps(9, 4).tolist() == [0, 4, 8]
    assert kept_steps(1, 7).tolist() == [0]


def test_exposure_belongs_to_its_message_and_receiver(told: sim.api.Run) -> None:
    """Exposures recomputed by the law from the record, with bonus, evidence and credibility."""
    world, record, names = told.world, told.record, told.world.names
    spoken = told.messages[told.messages["type"].isin(["PROMOTE", "ATTACK", "DENY"])]
    assert len(spoken) > 200
    bonus = dict(zip(names.delegations, world.bonus.tolist(), strict=True))
    seen = set()
    for row in spoken.itertuples():
        t, a = row.step, names.audiences.index(row.receiver)
        k = names.claimants.index(row.sender)
        kept, broken = record.kept[t, a, k], record.broken[t, a, k]
        # fit is the same for all messages of an audience, issue and day: the law's other parts tell
        base = exposure(row.effort, bonus.get(row.channel, 1.0), row.evidence,
                        kept / (kept + broken), 1.0)  # fmt: skip
        seen.add((t, a, row.issue, round(row.exposure / base, 9)))
    fits = pd.DataFrame(list(seen), columns=["t", "a", "issue", "fit"])
    assert fits.groupby(["t", "a", "issue"]).size().max() == 1
    assert fits[fits["issue"] == "background"]["fit"].unique().tolist() == [1.0]
    assert fits["fit"].nunique() > 10  # the check reaches issues that do not fit alike


def test_messages_name_whom_they_speak_for_or_against(told: sim.api.Run) -> None:
    said = told.messages.drop_duplicates("message_id")
    rival = {"Aria": "Boreas", "Boreas": "Aria"}
    for row in said[said["type"].isin(["PROMOTE", "ATTACK", "DENY"])].itertuples():
        assert row.toward == (rival[row.sender] if row.type == "ATTACK" else row.sender)


def test_messages_tell_news_stances_offers_answers_talks_and_replies(told: sim.api.Run) -> None:
    frame = told.messages
    news = frame[(frame["sender"] == "raid") & (frame["type"] == "PRO")]
    assert news["receiver"].tolist() == ["Broker", "Port", "Hill"]
    at_once = 1.2 * (1.0 - 0.5**0.5)  # of a size of 1.2, at a half-life of two days
    assert news["exposure"].unique().tolist() == [pytest.approx(at_once, abs=1e-15)]
    assert frame[frame["type"] == "OFFER"]["receiver"].tolist() == ["Aria", "Boreas"]
    answers = frame[frame["type"] == "ANSWER"]
    assert set(answers["sender"]) == {"Aria", "Boreas"}
    assert set(answers["text"]) <= {"accepts", "refuses"}
    offer = frame[frame["type"] == "OFFER"]["message_id"].iloc[0]
    assert set(answers["in_reply_to"]) == {offer}
    assert set(frame[frame["type"] == "STANCE"]["channel"]) == {"stance"}
    assert {"A one", "B one"} <= set(frame["channel"])
    replies = frame[(frame["type"] == "DENY") & (frame["in_reply_to"] != "")]
    attacks = set(frame[frame["type"] == "ATTACK"]["message_id"])
    assert len(replies) > 0
    assert set(replies["in_reply_to"]) <= attacks


def test_messages_keep_the_order_they_were_sent_in(told: sim.api.Run) -> None:
    assert told.messages["step"].is_monotonic_increasing
    numbers = told.messages[told.messages["channel"] != "world"]
    for _, day in numbers.groupby("step"):
        ids = [int(name.split("-")[1]) for name in day["message_id"]]
        assert ids == sorted(ids)


def test_message_ids_are_unique(told: sim.api.Run) -> None:
    pairs = told.messages[["message_id", "receiver"]]
    assert not pairs.duplicated().any()


def test_ledger_adds_up_to_every_change(told: sim.api.Run) -> None:
    names, s = told.world.names, told.record.sympathy
    sums = told.ledger.groupby(["step", "actor", "toward"])["delta"].apply(math.fsum)
    assert len(sums) == told.world.steps * len(names.audiences) * 2
    for (step, actor, toward), delta in sums.items():
        a, k = names.audiences.index(actor), names.claimants.index(toward)
        assert delta == pytest.approx(s[step + 1, a, k] - s[step, a, k], abs=1e-12)


def test_no_ledger_is_an_empty_table() -> None:
    told = sim.run(SMALL, ledger=False)
    assert tuple(told.ledger.columns) == TABLES["ledger"].columns
    assert len(told.ledger) == 0


def test_keeping_the_ledger_changes_no_number(told: sim.api.Run) -> None:
    plain = sim.run(SMALL, "offer", ledger=False)
    assert np.array_equal(plain.record.sympathy, told.record.sympathy)


def test_largest_seed_survives() -> None:
    told = sim.run(SMALL, seed=2**64 - 1, replicate=3)
    assert told.timeseries["seed"].unique().tolist() == [2**64 - 1]


def test_metrics_do_not_depend_on_how_runs_lie_in_memory() -> None:
    world = build(sim.Scenario.from_yaml("kashmir_2025"))
    runs = by_ensemble(
        world, certain_lanes(world), 3, np.arange(70, dtype=np.uint64), fields=FULL, jobs=1
    ).record
    one = Record(
        *(np.ascontiguousarray(getattr(runs, name)[5]) for name in FULL),
        Diplomacy(*(array[5] for array in runs.diplomacy)),
    )  # fmt: skip
    for name in METRICS:
        np.testing.assert_array_equal(values(name, runs, world)[5], values(name, one, world), name)
