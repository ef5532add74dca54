"""Both engines phase by phase: what they hold after each phase of a day, and where they differ.

The agents are watched: what they hold is taken down just before the next phase begins. The
compiled day is run anew from the morning to each phase, on a copy of its memory, and then to its
end. An audience's scratch is overwritten by the next one's, so that of exposures only those at the
last audience are left to look at; the order of audiences in a file decides which one that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from sim.engines.agents import NarrativeModel
from sim.engines.ensemble import run
from sim.engines.ensemble.block import LANES
from sim.engines.ensemble.coefficient_rows import BRANCHING_RATIO, CALMING
from sim.engines.ensemble.loop import CONSIDER, DECIDE, END, LEARN, LISTEN, NOTICE
from sim.engines.ensemble.plan import Lanes
from sim.world.arrays import ATTACK, Bools, Floats, Ints, World
from tests.engines.comparing import TOLERANCE

PHASES = {NOTICE: "NOTICE", LISTEN: "LISTEN", CONSIDER: "CONSIDER", LEARN: "LEARN", END: "END",
          DECIDE: "DECIDE"}  # fmt: skip


class Look(NamedTuple):
    """The compiled runs after one phase of a day."""

    day: int
    memory: run.Memory
    verified: Floats  # [t, n]
    offered: Bools  # [run, t]
    accepted: Bools  # [run, t, k]
    accused: Ints  # [j]


class Variable(NamedTuple):
    """Something both engines hold after a phase; ``exact`` where it is a count or a choice."""

    phase: int
    name: str
    told: Callable[[NarrativeModel], Any]
    counted: Callable[[Look, int], Any]  # of one run
    exact: bool = False


def kept(phase: int, name: str, row: str = "", exact: bool = False) -> Variable:
    """What every audience holds under a name, and the block as its row of that name."""
    return Variable(
        phase, name, lambda model: [getattr(a, name) for a in model.audiences], held(row or name),
        exact,
    )  # fmt: skip


def at_last(name: str) -> Variable:
    """What the last audience has heard."""
    return Variable(
        LISTEN, f"{name} at the last audience", lambda model: getattr(model.audiences[-1], name),
        held(name),
    )  # fmt: skip


def held(row: str) -> Callable[[Look, int], Any]:
    """A row of the block, for one run."""
    return lambda look, r: getattr(look.memory.block, row)[..., r]


def of_mediator(row: str) -> Variable:
    """A row of the block that the mediator's audience holds."""
    return Variable(DECIDE, row, lambda model: getattr(model.mediator.audience, row), held(row))


def attacks_told(model: NarrativeModel) -> Floats:
    """Effort[a, j] of the attacks on each claim that lie in each inbox."""
    effort = np.zeros((len(model.audiences), len(model.world.names.claims)))
    for audience in model.audiences:
        for message, delivered in chain(*audience.inbox):
            if message.kind == ATTACK:
                effort[audience.index, message.claim] += delivered
    return effort


def attacks_counted(look: Look, r: int) -> Floats:
    """The same as the rival's effort times the share of it that attacks on each claim."""
    block = look.memory.block
    rival = 1 - np.maximum(look.accused, 0)  # nobody attacks on the parity claim: the share is 0
    effort: Floats = block.spoken[:, rival, r] * block.claimed_today
    return effort


VARIABLES = (
    Variable(NOTICE, "incidents", lambda model: model.hit, held("hit"), exact=True),
    Variable(NOTICE, "lead", lambda model: model.lead_at_start, held("lead")),
    Variable(NOTICE, "evenness", lambda model: model.credence_at_start, held("evenness")),
    Variable(NOTICE, "parity stage", lambda model: model.parity_stage, held("stage")),
    Variable(
        NOTICE, "calming and branching of the day",
        lambda model: [model.values.calming, model.values.branching_ratio],
        lambda look, r: look.memory.values[[CALMING, BRANCHING_RATIO], r],
    ),
    kept(NOTICE, "salience"),
    kept(NOTICE, "attention"),
    Variable(LISTEN, "effort of attacks", attacks_told, attacks_counted),
    at_last("pro"),
    at_last("con"),
    kept(CONSIDER, "next_sympathy", "tomorrow"),
    kept(LEARN, "salience"),
    kept(LEARN, "kept"),
    kept(LEARN, "broken"),
    kept(LEARN, "credence"),
    Variable(
        LEARN, "heard",
        lambda model: [[side.effort for side in a.heard] for a in model.audiences], held("heard"),
    ),
    kept(END, "sympathy"),
    Variable(END, "tension", lambda model: model.tension, held("tension")),
    Variable(
        END, "verified evidence", lambda model: model.verified,
        lambda look, r: look.verified[look.day + 1],
    ),
    Variable(DECIDE, "mediation", lambda model: model.mediation, held("mediation"), exact=True),
    Variable(
        DECIDE, "standing", lambda model: model.mediator.accepted, held("standing"), exact=True
    ),
    Variable(
        DECIDE, "offer day", lambda model: model.mediator.offer_day, held("offer_day"), exact=True
    ),
    of_mediator("goodwill"),
    of_mediator("pique"),
    Variable(
        DECIDE, "offers", lambda model: model.offered, lambda look, r: look.offered[r], exact=True
    ),
    Variable(
        DECIDE, "answers", lambda model: model.answered, lambda look, r: look.accepted[r],
        exact=True,
    ),
)  # fmt: skip


def compiled_phases(
    world: World, lanes: Lanes, seed: int, replicates: list[int]
) -> Iterator[tuple[int, Look]]:
    """Each phase of each day, and the runs (at most one block of them) after it."""
    count, steps = len(replicates), world.steps
    assert count <= LANES
    answers = run.no_answers(world, LANES, held=False)
    words, tracks = np.array(replicates, dtype=np.uint64), run._tracks(world, LANES, ())
    run_chunk = run.chunk_runner(world, lanes, seed, words, answers, tracks)
    verified = run.ready(world).roles[0].plan.verified
    morning = run.new_memory(world)
    for day in range(steps):
        for phase in PHASES:
            memory = morning if phase == DECIDE else copied(morning)
            run_chunk(0, count, days=(day, day + 1, phase), memory=memory)
            yield phase, Look(day, memory, verified, *answers[1:], world.accused)


def copied(memory: run.Memory) -> run.Memory:
    """The same numbers in other memory."""
    return run.Memory(
        type(memory.mine)(*(values.copy() for values in memory.mine)),
        memory.values.copy(),
        type(memory.block)(*(values.copy() for values in memory.block)),
    )


def watched(model: NarrativeModel) -> dict[tuple[int, str], Floats]:
    """Where what the model holds after each phase is taken down as it steps, by (phase, name)."""
    seen: dict[tuple[int, str], Floats] = {}
    following = {
        NOTICE: (model, "_speak"),
        LISTEN: (model.audiences[0], "consider"),
        CONSIDER: (model, "_record_flows"),
        LEARN: (model, "_verify"),
        DECIDE: (model, "_pass_role"),
    }

    def watch(phase: int, agent: Any, call: str) -> None:
        method = getattr(agent, call)

        def looked_at_first(*arguments: Any) -> Any:
            for one in VARIABLES:
                if one.phase == phase:
                    seen[one.phase, one.name] = np.array(one.told(model), dtype=np.float64)
            return method(*arguments)

        setattr(agent, call, looked_at_first)

    for phase, (agent, call) in following.items():
        watch(phase, agent, call)
    for mediator in model.mediators:
        watch(END, mediator, "decide")
    return seen


def first_difference(
    models: list[NarrativeModel], lanes: Lanes, seed: int, replicates: list[int]
) -> list[str]:
    """What differs after the first phase after which anything does; one model for each run."""
    notes = [watched(model) for model in models]
    for phase, look in compiled_phases(models[0].world, lanes, seed, replicates):
        found = []
        for r, (model, seen) in enumerate(zip(models, notes, strict=True)):
            if phase == NOTICE:
                seen.clear()
                model.step()
            for one in VARIABLES:
                if one.phase == phase:
                    found += _apart(one, seen[phase, one.name], one.counted(look, r), look.day, r)
        if found:
            return found
    return []


def _apart(one: Variable, told: Floats, counted: Any, day: int, r: int) -> list[str]:
    counted = np.asarray(counted, dtype=np.float64)
    place = f"run {r}, day {day}, after {PHASES[one.phase]}: {one.name}"
    if told.size != counted.size:
        return [f"{place}: {told.shape} and {counted.shape}"]
    apart = np.abs(told.reshape(counted.shape) - counted)
    close = apart <= (0.0 if one.exact else TOLERANCE)
    if close.all():
        return []
    where = tuple(int(i) for i in np.argwhere(~close)[0])
    return [f"{place}{list(where)}: {told.reshape(counted.shape)[where]!r} and {counted[where]!r}"]
