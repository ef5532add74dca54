"""One run, told in full: every message, every cause of every change."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.engines.agents.model import NarrativeModel
from sim.errors import InputError, Problem
from sim.report.layout import ReportTable, text_table
from sim.report.numerals import join_words
from sim.running import sizes
from sim.running.executing import failure_row, lost
from sim.scenario.error_texts import count_of, show_text
from sim.scenario.held_parameters import check_hold_names, hold_parameters
from sim.scenario.scenario import Scenario
from sim.store import memory
from sim.store.recorder import Recorder, Request
from sim.studies.answer import StudyAnswer
from sim.tables import frames
from sim.tables.metrics import alignment, weighted_sum
from sim.world.arrays import Record, Setting, World, finite_days
from sim.world.building import build, setting
from sim.world.draws import drawn_judgements, drawn_parameters, draws
from sim.world.knockouts import knock_out
from sim.world.roles import mediator_on, mediators

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ENGINES = ("mesa", "ensemble")
TOLD = ("timeseries", "messages", "ledger")  # the tables of a run
REQUEST = Request("run", ("sim.run",), engine="mesa")


@dataclass(frozen=True, eq=False)
class Run(StudyAnswer):
    """One run told in full.

    Attributes
    ----------
    scenario
        In the arm that was run.
    arm
        "" for the scenario as it stands.
    seed, replicate
        What fixes every draw.
    world, setting, record
        What the engine was given, the run's own numbers, and what it wrote down.
    timeseries, messages, ledger
        Tables; the last two are empty where the engine keeps none.
    without
        Words of what was dropped, which ``world`` no longer has.
    held
        Parameters that stayed as they are where the others were drawn.
    """

    scenario: Scenario
    arm: str
    seed: int
    replicate: int
    world: World
    setting: Setting
    record: Record
    timeseries: pd.DataFrame
    messages: pd.DataFrame
    ledger: pd.DataFrame
    without: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    request: Request = REQUEST
    baseline = ""

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """``timeseries``, ``messages`` and ``ledger``."""
        return {name: getattr(self, name) for name in TOLD}

    @property
    def named_arms(self) -> Sequence[str]:
        """The arm that was run."""
        return [self.arm]

    @property
    def lost_on(self) -> int | None:
        """The day on which the run left the finite numbers, or None."""
        finite = finite_days(self.record)
        return None if finite.all() else int(finite.argmin())

    @property
    def counts(self) -> dict[str, int]:
        """One run asked for, used unless it was lost."""
        failed = int(self.lost_on is not None)
        return {"asked": 1, "used": 1 - failed, "failed": failed}

    @property
    def early_facts(self) -> Mapping[str, Any]:
        """What was dropped and held."""
        return {"without": list(self.without), "held": list(self.held)}

    @property
    def facts(self) -> Mapping[str, Any]:
        """The number of the replicate."""
        return {"replicate": self.replicate}

    def summary(self) -> str:
        """Return what happened, in a few lines."""
        return "\n".join(_summary_lines(self))

    def plot(self) -> Figure:
        """Return a matplotlib figure of alignment over time."""
        from sim.report.figures import alignment as figure
        from sim.report.writing import draw_figure

        return draw_figure(figure, self.results())

    def write_into(self, recorder: Recorder) -> None:
        """Write the tables that have rows, and how to repeat a run that was lost."""
        with recorder.timed("write"):
            recorder.write_tables({name: t for name, t in self.frames.items() if len(t)})
            if self.lost_on is not None:
                command = shlex.join(self.request.command)
                row = failure_row(
                    self.arm or self.scenario.name, lost(self.lost_on, self.world), command
                )
                recorder.write_table("failures", pd.DataFrame([row]))
        self.finish(recorder)


def run(
    scenario: Scenario,
    arm: str = "",
    seed: int | None = None,
    replicate: int = 0,
    engine: str = "mesa",
    ledger: bool = True,
    every: int = 1,
    uncertain: bool = False,
    without: Sequence[str] = (),
    held: Sequence[str] = (),
    request: Request = REQUEST,
) -> Run:
    """Run a scenario once; the options are those of ``sim.run``."""
    chosen = scenario.arm(arm) if arm else scenario
    if seed is not None:
        chosen = chosen.replace(seed=seed)
    world = build(chosen)
    check_run_size(world, engine, ledger, every)
    world, unsent = drop_from_world(world, without, engine)
    kind = "parameters" if uncertain else "chance"
    ids = frames.label(world, chosen.seed, replicate, chosen.start_date, kind)
    numbers = _draw_numbers(world, chosen.seed, replicate, held) if uncertain else setting(world)
    messages, booked = frames.empty("messages"), frames.empty("ledger")
    if engine == "mesa":
        run_draws = draws(world, chosen.seed, replicate)
        model = NarrativeModel.from_arrays(world, numbers, run_draws, ledger=ledger, unsent=unsent)
        record = model.run()
        _check_dropped(model)
        messages, booked = frames.messages(model, ids), frames.ledger(model, ids)
    elif engine == "ensemble":
        record = _run_compiled(world, numbers, chosen.seed, replicate)
    else:
        raise InputError(Problem("engine", f"must be one of {', '.join(ENGINES)}", engine))
    series = frames.timeseries(record, world, ids, every=every)
    return Run(
        chosen,
        arm,
        chosen.seed,
        replicate,
        world,
        numbers,
        record,
        series,
        messages,
        booked,
        tuple(without),
        tuple(held),
        request,
    )


def check_run_size(
    world: World, engine: str, ledger: bool, every: int = 1, report: bool = True
) -> sizes.StudySize:
    """Return what a run takes.

    Raises
    ------
    MachineError
        Where it would not fit into memory.
    """
    told = ("messages", "ledger")[: 1 + ledger] if engine == "mesa" else ()
    size = sizes.run_size(world, told, every, report)
    memory.demand_memory(size.memory, "fewer days (--steps) or no ledger (--no-ledger) need less")
    return size


def write_told(
    recorder: Recorder, scenario: Scenario, arms: Sequence[str], told: Sequence[str], every: int
) -> None:
    """Write the tables of replicate 0 of each arm, arm after arm, holding those of one.

    Arms that are not among ``told`` have their metrics alone.
    """
    with ExitStack() as opened:
        keep = {name: opened.enter_context(recorder.growing_table(name)) for name in TOLD}
        for arm in arms:
            full = arm in told
            engine = "mesa" if full else recorder.request.engine
            one = run(scenario, arm, every=every, engine=engine, ledger=full)
            for name in TOLD if full else TOLD[:1]:
                if len(one.frames[name]):
                    keep[name](one.frames[name])


def drop_from_world(
    world: World, without: Sequence[str], engine: str
) -> tuple[World, frozenset[str]]:
    """Return the world without the narratives and events named, and the messages named.

    Raises
    ------
    InputError
        For what this engine cannot drop, or what is unknown.
    """
    world, unsent = knock_out(world, without)
    if unsent and engine == "ensemble":
        reason = "single messages are dropped by the Mesa engine only"
        raise InputError(Problem("without", reason, f"message:{min(unsent)}"))
    return world, unsent


def final_outcomes(record: Record, world: World) -> dict[str, float]:
    """Return the numbers that ``sim.evaluate`` returns, by name."""
    final = alignment(record.sympathy[-1])
    values = {
        "lead": float(weighted_sum(final, world.importance)),
        "peak_tension": float(record.tension.max()),
        "incidents": float(record.incidents.sum()),
    }
    for name, x in zip(world.names.audiences, final, strict=True):
        values[f"alignment_{name}"] = float(x)
    return values


def _draw_numbers(world: World, seed: int, replicate: int, held: Sequence[str]) -> Setting:
    """The run's own numbers; those that are held stay as the scenario has them."""
    check_hold_names(held)
    parameters = hold_parameters(held, world.parameters, drawn_parameters(world, seed, replicate))
    return setting(world, parameters, drawn_judgements(world, seed, replicate))


def _check_dropped(model: NarrativeModel) -> None:
    """Refuse ids of messages that the run, as it went, did not have."""
    notices = {notice.id for notice in model.notices}
    kept = "is an offer, an answer or a stance, which cannot be dropped: compare arms instead"
    problems = [
        Problem(
            "without",
            kept if name in notices else "names no message of this run",
            f"message:{name}",
        )
        for name in sorted(model.unsent - {message.id for message in model.dropped})
    ]
    if problems:
        raise InputError(problems)


def _run_compiled(world: World, numbers: Setting, seed: int, replicate: int) -> Record:
    from sim.engines.ensemble.plan import lanes
    from sim.engines.ensemble.run import FULL, simulate_many

    runs = simulate_many(
        world, lanes([numbers]), seed, np.array([replicate], dtype=np.uint64), fields=FULL
    )
    record = runs.record
    single = {name: getattr(record, name)[0] for name in FULL}
    diplomacy = type(record.diplomacy)(*(values[0] for values in record.diplomacy))
    return Record(**single, diplomacy=diplomacy)


# The short text of one run


def _summary_lines(run: Run) -> list[str]:
    world, record = run.world, run.record
    names = world.names
    first, second = names.claimants
    start, end = (alignment(record.sympathy[t]) for t in (0, -1))
    arm = f", arm {run.arm}" if run.arm else ""
    lines = [
        f"{run.scenario.title or names.scenario} ({names.scenario}{arm}, seed {run.seed}, "
        f"replicate {run.replicate}, {count_of(world.steps, 'day')})",
        *[f"Without {show_text(word)}, on the same draws." for word in run.without],
        f"Sympathy runs from -1 to +1. Alignment is half the difference: above 0 nearer to "
        f"{first}, below 0 nearer to {second}.",
        "",
    ]
    body = []
    for a, audience in enumerate(names.audiences):
        s0, s1 = record.sympathy[0, a], record.sympathy[-1, a]
        body.append(_row(audience, [s0[0], s1[0], s0[1], s1[1], start[a], end[a]]))
    lead = [float(weighted_sum(x, world.importance)) for x in (start, end)]
    body.append(_row("all, by importance", [None, None, None, None, *lead]))
    head = (
        f"{what}: {when}" for what in (first, second, "alignment") for when in ("start", "end")
    )
    lines += text_table(ReportTable("", ("audience", *head), body))
    hit = record.incidents.sum(axis=0)
    lines += [
        "",
        f"Tension peaked at {record.tension.max():.2f} on "
        f"{frames.dates(run.scenario.start_date, [int(record.tension.argmax())])[0]}. "
        f"Incidents: {int(hit.sum())} ({first} hit {int(hit[0])}, {second} hit {int(hit[1])}).",
        _mediation_line(run),
    ]
    return lines


def _row(name: str, cells: Sequence[float | None]) -> tuple[str, ...]:
    return (name, *("" if cell is None else f"{cell:+z.3f}" for cell in cells))


def _mediation_line(run: Run) -> str:
    diplomacy, names = run.record.diplomacy, run.world.names
    days = np.flatnonzero(diplomacy.offered).tolist()
    if not days:
        some = [names.audiences[a] for a in mediators(run.world)]
        return f"{join_words(some)} did not offer to mediate."
    parts: dict[str, list[str]] = {}
    mediator, length = run.scenario.mediator, int(run.world.parameters.mediation_length)
    for t in days:
        last = min(mediator.last_day_of_offer(t, length, days), run.world.steps - 1)
        answers = ", ".join(
            f"{name} {'accepted' if accepted else 'refused'}"
            for name, accepted in zip(names.claimants, diplomacy.accepted[t], strict=True)
        )
        when, until = frames.dates(run.scenario.start_date, [t, last])
        force = f"in force until {until}" if last > t else "in force on no day"
        offer = f"on {when} ({answers}), {force}"
        parts.setdefault(names.audiences[mediator_on(run.world, t)], []).append(offer)
    return " ".join(
        f"{who} offered to mediate {'; '.join(offers)}." for who, offers in parts.items()
    )
