"""Ordinal patterns of April to August 2025 that the model can fail.  Source: section 8.

Each is measured over *prior draws*: every parameter that is not fixed and every judgement drawn,
on ``kashmir_2025``. It passes where it holds in at least two thirds of the draws. A placebo
destroys what should make the pattern (judgements, salience, trust and priors shuffled over
audiences; the two claimants' rows of judgements exchanged; the events' salience taken away) and
shows how often it holds all the same. A pattern that fails is reported as failing; none was tuned
for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from sim.engines.ensemble.plan import Lanes, stream_counters
from sim.engines.ensemble.statistics import window_means
from sim.engines.ensemble.uncertainty import (
    drawn_judgements,
    drawn_parameters,
    settled,
    streams_of_day_0,
)
from sim.laws.consent import acceptance_gain, cost_of_evenness, logistic, value_of_calm
from sim.scenario.scenario import Scenario
from sim.studies.blocks import offer_window
from sim.studies.executing import Batch, Replicates, by_ensemble, without
from sim.tables.metrics import alignment, weighted
from sim.world.arrays import NOWHERE, Bools, Diplomacy, Floats, World
from sim.world.building import build

PASSES = 2.0 / 3.0
SAMPLES = 2000
FIELDS = ("sympathy", "tension", "mediation", "standing", "incidents", "attention", "credence")
CONTESTED = 0.1  # |x(0)| from which a capital counts as leaning
KILLINGS, WATER = "killings abroad", "treaty suspended unlawfully"
PEAK_END = date(2025, 8, 15)


@dataclass(frozen=True)
class Pattern:
    """How one pattern fared: ``share`` of draws in which it holds, and under the placebo."""

    id: str
    what: str
    measure: str
    share: float
    placebo: float | None
    origin: str  # built in, set by data, or emerges
    samples: int

    @property
    def passes(self) -> bool:
        """Whether it holds in two thirds of the draws."""
        return self.share >= PASSES

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {**asdict(self), "passes": self.passes}

    def __str__(self) -> str:
        placebo = "none" if self.placebo is None else f"{self.placebo:.2f}"
        verdict = "passes" if self.passes else "FAILS"
        return (
            f"{self.id:<4} {verdict:<6} share {self.share:.2f}, placebo {placebo}, "
            f"{self.origin}: {self.what} [{self.measure}]"
        )


class Draws:
    """The prior draws, their placebos, and the runs made with them."""

    def __init__(self, scenario: Scenario, samples: int, jobs: int | None) -> None:
        self.scenario, self.jobs = scenario, jobs
        self.seed = scenario.seed
        self.replicates: Replicates = np.arange(samples, dtype=np.uint64)
        self.worlds = {name: build(scenario.arm(name)) for name in ("mediation", "no_mediation")}
        self.world = self.worlds["no_mediation"]
        self.parameters = drawn_parameters(self.world, self.seed, self.replicates)
        self.judgements = drawn_judgements(self.world, self.seed, self.replicates)
        self.true = self.lanes(self.judgements)
        self.importance = self.world.importance

    def lanes(self, judgements: Floats, **more: Floats) -> Lanes:
        """Numbers of every draw with these judgements (and salience, trust, priors)."""
        return settled(self.world, self.parameters, judgements, **more)

    def exchanged(self) -> Lanes:
        """Placebo: the two claimants' rows of judgements exchanged."""
        return self.lanes(self.judgements[:, :, ::-1].copy())

    def shuffled(self) -> Lanes:
        """Placebo: judgements, salience, trust and priors shuffled over audiences, by draw."""
        names = self.world.names.audiences
        counters = stream_counters([("placebo", name) for name in names])
        order = np.argsort(streams_of_day_0(self.seed, self.replicates, counters), axis=0)
        runs = np.arange(len(self.replicates))

        def moved(values: Floats) -> Floats:
            """values[a, ..., run] with audiences in each run's order."""
            rows = np.moveaxis(values, -1, 1)[order, runs]
            return np.ascontiguousarray(np.moveaxis(rows, 1, -1))

        def spread(values: Floats) -> Floats:
            return moved(np.repeat(values[..., None], len(runs), axis=-1))

        return self.lanes(
            moved(self.judgements), resting=spread(self.world.resting),
            trust=spread(self.world.trust), prior=spread(self.world.prior),
        )  # fmt: skip

    def run(
        self, world: World, numbers: Lanes | None = None, held: Diplomacy | None = None
    ) -> Batch:
        """All draws of one world."""
        return by_ensemble(
            world, self.true if numbers is None else numbers, self.seed, self.replicates, held,
            fields=FIELDS, jobs=self.jobs,
        )  # fmt: skip

    def lead(self, batch: Batch) -> Floats:
        """X[run, t]."""
        return weighted(alignment(batch.record.sympathy), self.importance)

    def day(self, event: str) -> int:
        """Day of an event of the scenario."""
        return next(e.day for e in self.scenario.events if e.name == event)

    def place(self, audience: str) -> int:
        """Row of an audience."""
        return self.world.names.audiences.index(audience)


def check(
    samples: int = SAMPLES,
    jobs: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Pattern]:
    """Measure every pattern over this many prior draws of ``kashmir_2025``."""
    said = progress or (lambda text: None)
    draws = Draws(Scenario.from_yaml("kashmir_2025"), samples, jobs)
    exchanged, shuffled = draws.exchanged(), draws.shuffled()
    said("base runs")
    base = draws.run(draws.world)
    base_exchanged = draws.run(draws.world, exchanged)
    found = [
        _rise_after_attack(draws, base, base_exchanged),
        _fall_after_strikes(draws, base, base_exchanged),
    ]
    said("answers and effects of mediation")
    mediated = draws.run(draws.worlds["mediation"])
    found.append(_who_accepts(draws, mediated, exchanged))
    base_shuffled = draws.run(draws.world, shuffled)
    found += _lowest_at_mediator(draws, base, mediated, base_shuffled, shuffled)
    found.append(_no_sign_change(draws, base, base_shuffled))
    found.append(_which_sympathy_moves(draws, base, base_exchanged))
    said("knock-outs")
    found.append(_killings_in_ottawa(draws, base, base_shuffled, shuffled))
    found.append(_attention_peaks(draws, base))
    said("visits and refusals")
    found.append(_visits_fade(draws, base))
    found.append(_refusal_costs(draws, base, mediated))
    return found


def _share(holds: Bools) -> float:
    return float(holds.mean())


def _rise_after_attack(draws: Draws, base: Batch, placebo: Batch) -> Pattern:
    t = draws.day("attack")

    def least(batch: Batch) -> Floats:
        x = alignment(batch.record.sympathy)
        low: Floats = (x[:, t + 3] - x[:, t]).min(axis=1)
        return low

    change = least(base)
    return Pattern(
        "P1", "alignment with India rises at every audience in the three days after the attack",
        f"least change over audiences, mean {change.mean():+.4f}",
        _share(change > 0.0), _share(least(placebo) > 0.0), "set by the event's exposures",
        len(change),
    )  # fmt: skip


def _fall_after_strikes(draws: Draws, base: Batch, placebo: Batch) -> Pattern:
    t = draws.day("strikes")

    def change(batch: Batch) -> Floats:
        lead = draws.lead(batch)
        moved: Floats = lead[:, t + 4] - lead[:, t]
        return moved

    moved = change(base)
    return Pattern(
        "P2", "weighted alignment with India falls in the four days after the strikes",
        f"mean change {moved.mean():+.4f}",
        _share(moved < 0.0), _share(change(placebo) < 0.0), "set by the event's exposures",
        len(moved),
    )  # fmt: skip


def acceptance_chances(draws: Draws, batch: Batch) -> Floats:
    """p[run, k]: each claimant's probability of accepting the first offer.  (7)"""
    record, world = batch.record, draws.world
    day = int(record.diplomacy.offered[0].argmax())
    # arrays over draws in place of numbers: the laws below only add and multiply
    tension: Any = record.tension[:, day + 1]
    lead: Any = draws.lead(batch)[:, day]
    even: Any = np.ones(len(lead))
    if world.parity_claim != NOWHERE:
        even = weighted(record.credence[:, day, :, world.parity_claim], world.importance)
    p = draws.parameters
    calm = value_of_calm(p.tension_weight, p.calming, tension)
    gains = [
        acceptance_gain(
            calm,
            cost_of_evenness(sign, p.parity_weight, p.parity, even, p.offer_parity, lead),
            p.goodwill, float(world.importance[world.mediator]), p.audience_cost,
        )
        for sign in (1.0, -1.0)
    ]  # fmt: skip
    chance = np.vectorize(logistic, otypes=[np.float64])
    return np.stack([chance(p.choice_precision * gain) for gain in gains], axis=1)


def _who_accepts(draws: Draws, mediated: Batch, exchanged: Lanes) -> Pattern:
    def outcomes(batch: Batch) -> Floats:
        p = acceptance_chances(draws, batch)
        first, second = p[:, 0], p[:, 1]
        return np.stack(
            [(1 - first) * (1 - second), first * (1 - second), (1 - first) * second,
             first * second], axis=1,
        )  # fmt: skip

    found = outcomes(mediated)
    placebo = outcomes(draws.run(draws.worlds["mediation"], exchanged))
    mean = found.mean(axis=0)
    return Pattern(
        "P3", "Pakistan accepts and India refuses is the most probable pair of answers",
        f"mean chances: neither {mean[0]:.2f}, India alone {mean[1]:.2f}, Pakistan alone "
        f"{mean[2]:.2f}, both {mean[3]:.2f}",
        _share(found.argmax(axis=1) == 2), _share(placebo.argmax(axis=1) == 2), "emerges",
        len(found),
    )  # fmt: skip


def _lowest_at_mediator(
    draws: Draws, base: Batch, mediated: Batch, base_shuffled: Batch, shuffled: Lanes
) -> list[Pattern]:
    world, here = draws.worlds["mediation"], draws.world.mediator

    def lowest(arm: Batch, baseline: Batch) -> tuple[Bools, Floats]:
        moved = alignment(arm.record.sympathy) - alignment(baseline.record.sympathy)
        effect = window_means(np.moveaxis(moved, 0, -1), *offer_window(mediated, world))
        others = np.delete(effect, here, axis=0)
        return effect[here] < others.min(axis=0), effect[here]

    holds, effect = lowest(mediated, base)
    placebo, _ = lowest(draws.run(world, shuffled), base_shuffled)
    found = [
        Pattern(
            "P4", "mediation's effect on alignment with India is lowest at Washington",
            f"mean effect there {effect.mean():+.4f}", _share(holds), _share(placebo),
            "built in where anchors favour India", len(holds),
        )
    ]  # fmt: skip
    held = mediated.record.diplomacy
    for label, off in (
        ("parity off", ("parity",)),
        ("impartiality off", ("impartiality",)),
        ("goodwill off", ("goodwill",)),
        ("all three off", ("parity", "impartiality", "goodwill")),
    ):
        holds, effect = lowest(draws.run(world, without(draws.true, *off), held), base)
        found.append(
            Pattern(
                f"P4 {label}", f"P4 with {label}, answers held",
                f"mean effect at Washington {effect.mean():+.4f}", _share(holds), None,
                "a variant of P4", len(holds),
            )
        )  # fmt: skip
    return found


def _no_sign_change(draws: Draws, base: Batch, placebo: Batch) -> Pattern:
    def keeps(batch: Batch) -> Bools:
        x = alignment(batch.record.sympathy)[:, :, draws.world.western]
        leaning = np.abs(x[:, 0]) >= CONTESTED
        changed = (np.sign(x) != np.sign(x[:, :1])).any(axis=1)
        kept: Bools = ~(leaning & changed).any(axis=1)
        return kept

    return Pattern(
        "P5", "no Western capital that leans at the start changes sides",
        f"capitals with |x(0)| >= {CONTESTED:g}", _share(keeps(base)), _share(keeps(placebo)),
        "built in", len(base.finite),
    )  # fmt: skip


def _which_sympathy_moves(draws: Draws, base: Batch, placebo: Batch) -> Pattern:
    t = draws.day("attack")

    def gap(batch: Batch) -> Floats:
        s = batch.record.sympathy
        moved = [
            np.abs(weighted(s[:, t + 7, :, k] - s[:, t, :, k], draws.importance)) for k in (0, 1)
        ]
        return moved[0] - moved[1]

    difference = gap(base)
    return Pattern(
        "P6", "in the week after the attack sympathy for India moves more than that for Pakistan",
        f"mean difference of weighted changes {difference.mean():+.4f}",
        _share(difference > 0.0), _share(gap(placebo) > 0.0), "emerges", len(difference),
    )  # fmt: skip


def silenced(world: World, narrative: str) -> World:
    """The world with one narrative dropped: its effort stays unspent, replies go on."""
    share = world.share.copy()
    share[world.names.narratives.index(narrative)] = 0.0
    return world._replace(share=share)


def _killings_in_ottawa(
    draws: Draws, base: Batch, base_shuffled: Batch, shuffled: Lanes
) -> Pattern:
    t, ottawa = draws.day("attack"), draws.place("Ottawa")

    def holds(reference: Batch, numbers: Lanes) -> tuple[Bools, Floats]:
        effects = []
        for narrative in (KILLINGS, WATER):
            cut = draws.run(silenced(draws.world, narrative), numbers)
            x = alignment(reference.record.sympathy) - alignment(cut.record.sympathy)
            effects.append(np.abs(x[:, t:].mean(axis=1)))
        relative = effects[0] / np.maximum(effects[1], 1e-300)
        return relative.argmax(axis=1) == ottawa, effects[0][:, ottawa]

    true, effect = holds(base, draws.true)
    placebo, _ = holds(base_shuffled, shuffled)
    return Pattern(
        "P7", "the narrative on killings abroad, relative to that on water, weighs most in Ottawa",
        f"mean absolute effect there {effect.mean():.4f}", _share(true), _share(placebo),
        "emerges from priors, judgements and whom the menus address", len(true),
    )  # fmt: skip


def _attention_peaks(draws: Draws, base: Batch) -> Pattern:
    first, second = draws.day("attack"), draws.day("strikes")
    end = (PEAK_END - draws.scenario.start_date).days
    resting = 1.0 - 1.0 / draws.world.resting.sum(axis=1)

    def holds(batch: Batch) -> Bools:
        m = weighted(batch.record.attention - resting, draws.importance)
        peaks = [m[:, t : t + 8].max(axis=1) for t in (first, second)]
        before = m[:, second - 3 : second].max(axis=1)
        top = np.maximum(peaks[0], peaks[1])
        good: Bools = (
            (peaks[0] >= 1.05 * before) & (peaks[1] >= 1.05 * before) & (m[:, end] < top / 2)
        )
        return good

    salience = draws.world.event_salience.copy()
    for name in ("attack", "strikes"):
        salience[draws.world.names.events.index(name)] = 0.0
    placebo = draws.run(draws.world._replace(event_salience=salience))
    return Pattern(
        "P8", "attention peaks after the attack and after the strikes and halves by 15 August",
        "weighted attention above rest", _share(holds(base)), _share(holds(placebo)), "emerges",
        len(base.finite),
    )  # fmt: skip


def visits(draws: Draws) -> list[tuple[int, int, int]]:
    """(team, last stop, day it leaves) of every team that leaves 20 days before the end."""
    found = []
    for team, column in enumerate(draws.world.stops.T):
        away = np.flatnonzero(column != NOWHERE)
        if len(away) and away[-1] + 1 + 20 <= draws.world.steps:
            found.append((team, int(column[away[-1]]), int(away[-1]) + 1))
    return found


def _visits_fade(draws: Draws, base: Batch) -> Pattern:
    x = alignment(base.record.sympathy)
    shares = {}
    for team, stop, leaves in visits(draws):
        stops = draws.world.stops.copy()
        stops[:, team] = NOWHERE
        gain = x - alignment(draws.run(draws.world._replace(stops=stops)).record.sympathy)
        fades = np.abs(gain[:, leaves + 20, stop]) < 0.5 * np.abs(gain[:, leaves, stop])
        shares[draws.world.names.delegations[team]] = _share(fades)
    least = min(shares, key=lambda name: shares[name])
    return Pattern(
        "P12", "less than half of a visit's gain is left 20 days after the team leaves",
        f"over draws and {len(shares)} teams; lowest share: {least} {shares[least]:.2f}",
        float(np.mean(list(shares.values()))), None, "built in", len(base.finite),
    )  # fmt: skip


def _refusal_costs(draws: Draws, base: Batch, mediated: Batch) -> Pattern:
    world, here = draws.worlds["mediation"], draws.world.mediator
    offered = mediated.record.diplomacy.offered

    def at_mediator(accepts: tuple[bool, bool]) -> Floats:
        accepted = offered[:, :, None] & np.array(accepts)
        batch = draws.run(world, held=Diplomacy(offered, accepted))
        x = np.moveaxis(alignment(batch.record.sympathy)[:, :, here, None], 0, -1)
        at_washington: Floats = window_means(x, *offer_window(mediated, world))[0]
        return at_washington

    both = at_mediator((True, True))
    costs = [both - at_mediator((False, True)), at_mediator((True, False)) - both]
    holds = (costs[0] > 0.0) & (costs[1] > 0.0)
    return Pattern(
        "P14", "a refused offer costs the refuser more at Washington than acceptance costs it",
        f"India in {_share(costs[0] > 0.0):.2f} of draws, "
        f"Pakistan in {_share(costs[1] > 0.0):.2f}",
        _share(holds), None, "built in", len(holds),
    )  # fmt: skip
