"""Long data frames from a record: the one place where names come back to the arrays.

Columns and their meaning: ``sim.tables.columns``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import compress, groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sim.scenario.entities import NARRATIVE_TYPES
from sim.tables.column_kinds import COUNT, NUMBER
from sim.tables.columns import TABLES, type_of
from sim.tables.metrics import METRICS, values
from sim.world.arrays import ATTACK, NOWHERE, Ints, Record, World

if TYPE_CHECKING:
    from sim.engines.agents.message import Message
    from sim.engines.agents.model import NarrativeModel
    from sim.scenario.scenario import Scenario

NAN = float("nan")
INCIDENTS = "incidents"


class Label(NamedTuple):
    """What the id columns of one run say.

    Attributes
    ----------
    run_id
        Unique within a folder; see ``label``.
    scenario, arm
        Their names; "" for the scenario as it stands.
    replicate, seed
        The key of the run's draws.
    start_date
        The date of day 0.
    """

    run_id: str
    scenario: str
    arm: str
    replicate: int
    seed: int
    start_date: date


def label(
    world: World, seed: int, replicate: int, start_date: date, uncertainty: str = "chance"
) -> Label:
    """The ids of one run; ``run_id`` names arm, uncertainty and replicate."""
    names = world.names
    run_id = f"{names.arm or names.scenario}-{uncertainty}-{replicate}"
    return Label(run_id, names.scenario, names.arm, replicate, seed, start_date)


def dates(start: date, steps: Iterable[int]) -> list[str]:
    """ISO dates of the steps."""
    return [(start + timedelta(days=int(step))).isoformat() for step in steps]


def table(name: str, columns: dict[str, Any]) -> pd.DataFrame:
    """A frame with the declared columns of a table, in their order and types."""
    frame = pd.DataFrame({column: columns[column] for column in TABLES[name].columns})
    return frame.astype({column: kind for column in frame if (kind := _dtype(str(column)))})


def _dtype(column: str) -> str:
    """The type a column has in a frame, "" for text; a seed may need all 64 bits."""
    if column == "seed":
        return "uint64"
    return {COUNT: "int64", NUMBER: "float64"}.get(type_of(column), "")


def empty(name: str) -> pd.DataFrame:
    """A declared table without rows."""
    return table(name, {column: [] for column in TABLES[name].columns})


# Metrics over time


def timeseries(record: Record, world: World, ids: Label, every: int = 1) -> pd.DataFrame:
    """Every metric of one run: a row per step, actor and toward.

    Parameters
    ----------
    record, world, ids
        The run, its world, and what its id columns say.
    every
        Keeps each so-many-th step, and the last.
    """
    parts = [_metric_part(name, record, world, every) for name in METRICS]
    joined = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    days = np.array(dates(ids.start_date, range(world.steps + 1)), dtype=object)
    constant = ids._asdict()
    del constant["start_date"]
    return table("timeseries", {**constant, **joined, "date": days[joined["step"]]})


def _metric_part(name: str, record: Record, world: World, every: int) -> dict[str, Any]:
    """Columns of one metric, a row per kept step, actor and toward."""
    names, cube = world.names, values(name, record, world)
    steps = kept_steps(cube.shape[0], every)
    actors = np.array(METRICS[name].actors(names), dtype=object)
    toward = np.array(METRICS[name].toward(names), dtype=object)
    cube = cube[steps]
    step, actor, aim = np.indices((len(steps), len(actors), len(toward)))
    return {
        "metric": np.full(cube.size, name, dtype=object),
        "step": steps[step.ravel()],
        "actor": actors[actor.ravel()],
        "toward": toward[aim.ravel()],
        "value": cube.ravel(),
    }


def kept_steps(rows: int, every: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Every ``every``-th row, and the last."""
    steps = np.arange(0, rows, every, dtype=np.int64)
    return np.union1d(steps, [rows - 1]) if rows else steps


# Messages


class _MessageRow(NamedTuple):
    """One message before its receivers are spread over rows; after ``exposures``, its columns."""

    order: tuple[int, int, int]
    receivers: Sequence[str]
    efforts: Sequence[float]
    exposures: Sequence[float]
    step: int
    message_id: str
    sender: str
    channel: str
    type: str
    toward: str
    narrative: str = ""
    issue: str = ""
    claim: str = ""
    evidence: float = NAN
    in_reply_to: str = ""
    text: str = ""


def messages(model: NarrativeModel, ids: Label) -> pd.DataFrame:
    """A row per message and receiver, in the order in which they were sent."""
    said = sorted(
        [*_speech_rows(model), *_notice_rows(model), *_news_rows(model)],
        key=lambda message: message.order,
    )
    counts = np.array([len(message.receivers) for message in said], dtype=np.int64)
    columns: dict[str, Any] = {}
    for name in _MessageRow._fields[_MessageRow._fields.index("step") :]:
        column = np.empty(len(said), dtype=object)
        column[:] = [getattr(message, name) for message in said]
        columns[name] = np.repeat(column, counts)
    columns["receiver"] = [name for message in said for name in message.receivers]
    columns["effort"] = [effort for message in said for effort in message.efforts]
    columns["exposure"] = [x for message in said for x in message.exposures]
    days = np.array(dates(ids.start_date, range(model.world.steps + 1)), dtype=object)
    columns["date"] = days[columns["step"].astype(np.int64)]
    return table("messages", {"run_id": ids.run_id, "arm": ids.arm, **columns})


def _number(message_id: str) -> int:
    """``d12-003`` is the third of its day."""
    return int(message_id.rpartition("-")[2])


def exposures_by_message(model: NarrativeModel) -> Iterator[tuple[Message, list[float]]]:
    """Every message with its exposure at each receiver.

    The model keeps a day's exposures audience by audience, in the order in which each heard the
    messages, which is the order in which they were sent.
    """
    for day, group in groupby(model.messages, attrgetter("day")):
        spoken = list(group)
        if day >= len(model.exposures):
            return
        heard = Counter(a for message in spoken for a in message.receivers)
        exposures = iter(model.exposures[day])
        by_audience = [
            iter(list(islice(exposures, heard[a]))) for a in range(len(model.audiences))
        ]
        for message in spoken:
            yield message, [next(by_audience[a]) for a in message.receivers]


def _speech_rows(model: NarrativeModel) -> Iterator[_MessageRow]:
    """What claimants and delegations said; an attack is toward the rival of its sender."""
    names = model.world.names
    for m, exposures in exposures_by_message(model):
        about = 1 - m.sender if m.kind == ATTACK else m.sender
        yield _MessageRow(
            order=(m.day, 1, _number(m.id)),
            receivers=[names.audiences[a] for a in m.receivers],
            efforts=m.efforts,
            exposures=exposures,
            step=m.day,
            message_id=m.id,
            sender=names.claimants[m.sender],
            channel=m.channel,
            type=NARRATIVE_TYPES[m.kind],
            toward=names.claimants[about],
            narrative=_name(names.narratives, m.narrative),
            issue=names.issues[m.issue],
            claim=_name(names.claims, m.claim),
            evidence=m.evidence,
            in_reply_to=m.in_reply_to,
        )


def _notice_rows(model: NarrativeModel) -> Iterator[_MessageRow]:
    """Stances, offers and answers, which move no exposure of their own."""
    claimants = model.world.names.claimants
    for notice in model.notices:
        channel = "stance" if notice.type == "STANCE" else "diplomacy"
        # "leans to India" speaks for India; a balanced stance and an offer for nobody
        lean = notice.text.removeprefix("leans to ")
        toward = lean if channel == "stance" and lean in claimants else ""
        if notice.type == "ANSWER":
            toward = notice.sender
        blank = [NAN] * len(notice.receivers)
        yield _MessageRow(
            order=(notice.day, 1, _number(notice.id)),
            receivers=notice.receivers,
            efforts=blank,
            exposures=blank,
            step=notice.day,
            message_id=notice.id,
            sender=notice.sender,
            channel=channel,
            type=notice.type,
            toward=toward,
            in_reply_to=notice.in_reply_to,
            text=notice.text,
        )


def _news_rows(model: NarrativeModel) -> Iterator[_MessageRow]:
    """What events and incidents say on their day: a row for each claimant and one against it."""
    names = model.world.names
    number: dict[int, int] = {}
    for day, item in model.past_news:
        source = INCIDENTS if item.source == NOWHERE else names.events[item.source]
        reaches = item.reaches or [True] * len(names.audiences)
        receivers = list(compress(names.audiences, reaches))
        said = [(k, type_, strength[k]) for k in (0, 1)
                for type_, strength in (("PRO", item.pro), ("CON", item.con))]  # fmt: skip
        for k, type_, strength in said:
            if strength <= 0.0:
                continue
            number[day] = number.get(day, 0) + 1
            accuses = type_ == "CON" and item.accused == k
            yield _MessageRow(
                order=(day, 0, number[day]),
                receivers=receivers,
                efforts=[NAN] * len(receivers),
                exposures=[strength] * len(receivers),
                step=day,
                message_id=f"d{day}-w{number[day]:02d}",
                sender=source,
                channel="world",
                type=type_,
                toward=names.claimants[k],
                claim=_name(names.claims, item.claim) if accuses else "",
            )


def _name(names: Sequence[str], index: int) -> str:
    """The name at an index, "" for NOWHERE."""
    return "" if index == NOWHERE else names[index]


# Ledger


def ledger(model: NarrativeModel, ids: Label) -> pd.DataFrame:
    """A row per booked change of sympathy; empty where the model kept no ledger."""
    booked, names = model.ledger, model.world.names
    if booked is None:
        return empty("ledger")
    days = dates(ids.start_date, range(model.world.steps + 1))
    cells = np.array(booked.cells, dtype=np.int64).reshape(-1, 3)
    step, a, k = np.repeat(cells, booked.counts, axis=0).T
    return table(
        "ledger",
        {
            "cause": np.array(booked.causes, dtype=object),
            "cause_id": np.array(booked.cause_ids, dtype=object),
            "delta": np.array(booked.deltas, dtype=np.float64),
            "before": np.array(booked.befores, dtype=np.float64),
            "after": np.array(booked.afters, dtype=np.float64),
            "run_id": _texts([ids.run_id], 0 * step),
            "arm": _texts([ids.arm], 0 * step),
            "step": step,
            "date": _texts(days, step),
            "actor": _texts(names.audiences, a),
            "toward": _texts(names.claimants, k),
        },
    )


def _texts(names: Sequence[str], index: Ints) -> Any:
    """The names at the places, as a column: each name is converted once, not each row."""
    return pd.Series(list(names)).array.take(index)


def sources(scenario: Scenario) -> pd.DataFrame:
    """Every number of the scenario with its source and the place that set it."""
    rows = [
        (origin.key, str(origin.value), origin.source, origin.where)
        for origin in scenario.sources()
        if isinstance(origin.value, (int, float)) and not isinstance(origin.value, bool)
    ]
    return pd.DataFrame(rows, columns=["key", "value", "source", "where"])
