"""One run: told in full, or as the numbers that an optimiser wants."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.api.saving import drawn, parquet, saved
from sim.engines.agents.model import NarrativeModel
from sim.errors import InputError, Problem
from sim.parameters import SPECS
from sim.plugins import finding
from sim.scenario.holding import check_held, holding
from sim.scenario.scenario import Scenario
from sim.scenario.wording import shown
from sim.tables import frames
from sim.tables.metrics import alignment, weighted
from sim.world.arrays import Record, Setting, World
from sim.world.building import build, setting
from sim.world.draws import drawn_judgements, drawn_parameters, draws
from sim.world.knockouts import knocked_out

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ENGINES = ("mesa", "ensemble")


@dataclass(frozen=True)
class Run:
    """One run told in full.

    ``messages`` and ``ledger`` are empty where the engine keeps none. ``without`` are the words
    of what was dropped, which ``world`` no longer has.
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

    def summary(self) -> str:
        """What happened, in a few lines."""
        return "\n".join(_summary(self))

    def plot(self) -> Figure:
        """A matplotlib figure of alignment over time."""
        return drawn(self.save, "alignment")

    def save(self, folder: str | Path) -> Path:
        """Write a run folder that ``narrate report`` can draw."""
        counts = {"asked": 1, "used": 1, "failed": 0}
        return saved(
            self._frames(), Path(folder), "run", self.scenario, [self.arm], "", counts,
            without=list(self.without),
        )  # fmt: skip

    def to_parquet(self, folder: str | Path) -> Path:
        """Write the three tables into a folder; files of the same name are replaced."""
        return parquet(self._frames(), Path(folder))

    def _frames(self) -> dict[str, pd.DataFrame]:
        return {"timeseries": self.timeseries, "messages": self.messages, "ledger": self.ledger}


def run(
    scenario: Scenario | str | Path = "kashmir_2025",
    arm: str = "",
    seed: int | None = None,
    replicate: int = 0,
    engine: str = "mesa",
    ledger: bool = True,
    every: int = 1,
    uncertain: bool = False,
    plugins: Sequence[str] = (),
    without: Sequence[str] = (),
    held: Sequence[str] = (),
) -> Run:
    """Run a scenario once.

    Parameters
    ----------
    arm
        An arm of it; "" for the scenario as it stands.
    seed
        The scenario's own where None.
    engine
        ``mesa`` keeps messages and the ledger; ``ensemble`` gives the same numbers without them.
    every
        Keep every so many days of the time series, and the last.
    uncertain
        Also draw every parameter that is not fixed and every judgement.
    plugins
        Plug-ins from outside, each ``FILE.py:NAME``: their files are run. ``compare``, ``sweep``,
        ``evaluate`` and ``Scenario.from_yaml`` take them too; they are then known for the rest of
        the process.
    without
        What to drop, on the same draws: words ``message:d12-003`` (an id of this run, Mesa engine
        only), ``narrative:NAME``, ``event:NAME``. Its effort stays unspent; replies go on, with a
        dropped denial's evidence. A mechanism has a switch.
    held
        Parameters that stay as they are where ``uncertain`` draws the others.
    """
    chosen = opened(scenario, plugins)
    chosen = chosen.arm(arm) if arm else chosen
    without = (without,) if isinstance(without, str) else tuple(without)
    if engine == "ensemble":
        from sim.running.executing import choose_engine

        engine = choose_engine(engine, [chosen])
    seed = chosen.seed if seed is None else seed
    world, unsent = dropped(build(chosen), without, engine)
    kind = "parameters" if uncertain else "chance"
    ids = frames.label(world, seed, replicate, chosen.start_date, kind)
    numbers = _drawn(world, seed, replicate, held) if uncertain else setting(world)
    if engine == "mesa":
        drawn = draws(world, seed, replicate)
        model = NarrativeModel.prepared(world, numbers, drawn, ledger=ledger, unsent=unsent)
        record = model.run()
        _check_dropped(model)
        messages, booked = frames.messages(model, ids), frames.ledger(model, ids)
    elif engine == "ensemble":
        record = _ensemble_record(world, numbers, seed, replicate)
        messages, booked = frames.empty("messages"), frames.empty("ledger")
    else:
        raise InputError(Problem("engine", f"must be one of {', '.join(ENGINES)}", engine))
    series = frames.timeseries(record, world, ids, every=every)
    return Run(
        chosen, arm, seed, replicate, world, numbers, record, series, messages, booked, without
    )


def dropped(world: World, without: Sequence[str], engine: str) -> tuple[World, frozenset[str]]:
    """The world without the narratives and events named, and the ids of the messages named.

    Raises :class:`InputError` for what this engine cannot drop, or what is unknown.
    """
    world, unsent = knocked_out(world, without)
    if unsent and engine == "ensemble":
        reason = "single messages are dropped by the Mesa engine only"
        raise InputError(Problem("without", reason, f"message:{min(unsent)}"))
    return world, unsent


def _drawn(world: World, seed: int, replicate: int, held: Sequence[str]) -> Setting:
    """The run's own numbers, those that are held as the scenario has them."""
    check_held(held)
    parameters = holding(held, world.parameters, drawn_parameters(world, seed, replicate))
    return setting(world, parameters, drawn_judgements(world, seed, replicate))


def _check_dropped(model: NarrativeModel) -> None:
    """Refuse ids of messages that the run, as it went, did not have."""
    notices = {notice.id for notice in model.notices}
    kept = "is an offer, an answer or a stance, which cannot be dropped: compare arms instead"
    problems = [
        Problem("without", kept if name in notices else "names no message of this run",
                f"message:{name}")
        for name in sorted(model.unsent - {message.id for message in model.dropped})
    ]  # fmt: skip
    if problems:
        raise InputError(problems)


def opened(scenario: Scenario | str | Path, plugins: Sequence[str] = ()) -> Scenario:
    """The scenario itself, read from its file where it is a path or a name."""
    finding.use(plugins)
    return scenario if isinstance(scenario, Scenario) else Scenario.from_yaml(str(scenario))


def _ensemble_record(world: World, numbers: Setting, seed: int, replicate: int) -> Record:
    from sim.engines.ensemble.plan import lanes
    from sim.engines.ensemble.run import FULL, simulate_many

    runs = simulate_many(
        world, lanes([numbers]), seed, np.array([replicate], dtype=np.uint64), fields=FULL
    )
    record = runs.record
    single = {name: getattr(record, name)[0] for name in FULL}
    diplomacy = type(record.diplomacy)(*(values[0] for values in record.diplomacy))
    return Record(**single, diplomacy=diplomacy)


def evaluate(
    params: Mapping[str, Any], seed: int = 0, plugins: Sequence[str] = ()
) -> dict[str, float]:
    """Parameters by name to outcomes by name: one run, for optimisers and samplers.

    ``params`` may also hold ``scenario`` (a name or file; kashmir_2025 without it) and ``arm``.
    The function is plain and picklable. Outcomes are ``lead``, ``peak_tension``, ``incidents`` and
    the final ``alignment_<audience>``, with names as Python identifiers.
    """
    changes = {name: value for name, value in params.items() if name not in ("scenario", "arm")}
    unknown = sorted(set(changes) - set(SPECS))
    if unknown:
        raise InputError([Problem(name, "is not a parameter") for name in unknown])
    numbers = {name: float(value) for name, value in changes.items()}
    scenario = opened(params.get("scenario", "kashmir_2025"), plugins)
    if params.get("arm"):
        scenario = scenario.arm(str(params["arm"]))
    if numbers:
        scenario = scenario.replace(parameters=numbers)
    model = NarrativeModel(scenario, seed=int(seed))
    return outcomes(model.run(), model.world)


def outcomes(record: Record, world: World) -> dict[str, float]:
    """The numbers that :func:`evaluate` returns."""
    final = alignment(record.sympathy[-1])
    values = {
        "lead": float(weighted(final, world.importance)),
        "peak_tension": float(record.tension.max()),
        "incidents": float(record.incidents.sum()),
    }
    for name, x in zip(world.names.audiences, final, strict=True):
        values[f"alignment_{re.sub(r'[^0-9A-Za-z]+', '_', name)}"] = float(x)
    return values


# The short text of one run


def _summary(told: Run) -> list[str]:
    world, record = told.world, told.record
    names = world.names
    first, second = names.claimants
    start, end = (alignment(record.sympathy[t]) for t in (0, -1))
    arm = f", arm {told.arm}" if told.arm else ""
    lines = [
        f"{told.scenario.title or names.scenario} ({names.scenario}{arm}, seed {told.seed}, "
        f"replicate {told.replicate}, {world.steps} days)",
        *[f"Without {shown(word)}, on the same draws." for word in told.without],
        f"Sympathy runs from -1 to +1. Alignment is half the difference: above 0 nearer to "
        f"{first}, below 0 nearer to {second}.",
        "",
        _row("", [first, "", second, "", "alignment", ""]),
        _row("audience", ["start", "end", "start", "end", "start", "end"]),
    ]
    for a, audience in enumerate(names.audiences):
        s0, s1 = record.sympathy[0, a], record.sympathy[-1, a]
        lines.append(_row(audience, [s0[0], s1[0], s0[1], s1[1], start[a], end[a]]))
    lead = [float(weighted(x, world.importance)) for x in (start, end)]
    lines.append(_row("all, by importance", ["", "", "", "", *lead]))
    hit = record.incidents.sum(axis=0)
    lines += [
        "",
        f"Tension peaked at {record.tension.max():.2f} on "
        f"{frames.dates(told.scenario.start_date, [int(record.tension.argmax())])[0]}. "
        f"Incidents: {int(hit.sum())} ({first} hit {int(hit[0])}, {second} hit {int(hit[1])}).",
        _mediation(told),
    ]
    return lines


def _row(head: str, cells: Sequence[Any]) -> str:
    texts = [f"{cell:+.3f}" if isinstance(cell, float) else str(cell)[:10] for cell in cells]
    return f"{head[:26]:26}" + "".join(f"{cell:>11}" for cell in texts)


def _mediation(told: Run) -> str:
    diplomacy = told.record.diplomacy
    mediator = told.world.names.audiences[told.world.mediator]
    days = np.flatnonzero(diplomacy.offered)
    if not len(days):
        return f"{mediator} did not offer to mediate."
    parts = []
    for t in days.tolist():
        answers = [
            f"{name} {'accepted' if accepted else 'refused'}"
            for name, accepted in zip(
                told.world.names.claimants, diplomacy.accepted[t], strict=True
            )
        ]
        parts.append(f"{frames.dates(told.scenario.start_date, [t])[0]} ({', '.join(answers)})")
    return f"{mediator} offered to mediate: {'; '.join(parts)}."
