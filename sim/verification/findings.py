"""What prior draws say of each pattern, draw by draw.  Source: section 8."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from sim.engines.ensemble.plan import Lanes
from sim.engines.ensemble.statistics import window_means
from sim.laws.consent import acceptance_gain, cost_of_evenness, logistic, value_of_calm
from sim.running.blocks import offer_window
from sim.running.executing import Batch, switch_off
from sim.tables.metrics import alignment, weighted_sum
from sim.verification.prior_draws import PriorDraws
from sim.world.arrays import NOWHERE, Bools, Diplomacy, Floats
from sim.world.knockouts import without_narrative, without_team

CONTESTED = 0.1  # |x(0)| from which a capital counts as leaning
KILLINGS, WATER = "killings abroad", "treaty suspended unlawfully"
PEAK_END = date(2025, 8, 15)


class PatternFinding(NamedTuple):
    """How one pattern fares in some draws."""

    id: str
    what: str
    holds: Bools  # [draw] or [draw, case]
    placebo: Bools | None
    numbers: Mapping[str, Floats | Bools]  # [draw] each; ``measure`` is told their means
    measure: Callable[[Mapping[str, float]], str]
    origin: str  # built in, set by data, or emerges


def findings(draws: PriorDraws) -> list[PatternFinding]:
    """Every pattern over these draws."""
    exchanged, shuffled = draws.exchange_judgements(), draws.shuffle_audiences()
    base = draws.run(draws.world)
    base_exchanged = draws.run(draws.world, exchanged)
    base_shuffled = draws.run(draws.world, shuffled)
    mediated = draws.run(draws.mediated)
    return [
        _rise_after_attack(draws, base, base_exchanged),
        _fall_after_strikes(draws, base, base_exchanged),
        _who_accepts(draws, mediated, exchanged),
        *_lowest_at_mediator(draws, base, mediated, base_shuffled, shuffled),
        _no_sign_change(draws, base, base_shuffled),
        _which_sympathy_moves(draws, base, base_exchanged),
        _killings_in_ottawa(draws, base, base_shuffled, shuffled),
        _attention_peaks(draws, base),
        _visits_fade(draws, base),
        _refusal_costs(draws, mediated),
    ]


def _rise_after_attack(draws: PriorDraws, base: Batch, placebo: Batch) -> PatternFinding:
    t = draws.day("attack")

    def least(batch: Batch) -> Floats:
        x = alignment(batch.record.sympathy)
        low: Floats = (x[:, t + 3] - x[:, t]).min(axis=1)
        return low

    change = least(base)
    return PatternFinding(
        "P1", "alignment with India rises at every audience in the three days after the attack",
        change > 0.0, least(placebo) > 0.0, {"change": change},
        lambda mean: f"least change over audiences, mean {mean['change']:+.4f}",
        "set by the event's exposures",
    )  # fmt: skip


def _fall_after_strikes(draws: PriorDraws, base: Batch, placebo: Batch) -> PatternFinding:
    t = draws.day("strikes")

    def change(batch: Batch) -> Floats:
        lead = draws.lead(batch)
        moved: Floats = lead[:, t + 4] - lead[:, t]
        return moved

    moved = change(base)
    return PatternFinding(
        "P2", "weighted alignment with India falls in the four days after the strikes",
        moved < 0.0, change(placebo) < 0.0, {"change": moved},
        lambda mean: f"mean change {mean['change']:+.4f}", "set by the event's exposures",
    )  # fmt: skip


def acceptance_chances(draws: PriorDraws, batch: Batch) -> Floats:
    """p[run, k]: each claimant's probability of accepting the first offer.  (7)"""
    record, world = batch.record, draws.world
    day = int(record.diplomacy.offered[0].argmax())
    # arrays over draws in place of numbers: the laws below only add and multiply
    tension: Any = record.tension[:, day + 1]
    lead: Any = draws.lead(batch)[:, day]
    even: Any = np.ones(len(lead))
    if world.parity_claim != NOWHERE:
        even = weighted_sum(record.credence[:, day, :, world.parity_claim], world.importance)
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


def _who_accepts(draws: PriorDraws, mediated: Batch, exchanged: Lanes) -> PatternFinding:
    def comparisons(batch: Batch) -> Floats:
        p = acceptance_chances(draws, batch)
        first, second = p[:, 0], p[:, 1]
        return np.stack(
            [(1 - first) * (1 - second), first * (1 - second), (1 - first) * second,
             first * second], axis=1,
        )  # fmt: skip

    found = comparisons(mediated)
    placebo = comparisons(draws.run(draws.mediated, exchanged))
    names = ("neither", "India alone", "Pakistan alone", "both")
    return PatternFinding(
        "P3", "Pakistan accepts and India refuses is the most probable pair of answers",
        found.argmax(axis=1) == 2, placebo.argmax(axis=1) == 2,
        dict(zip(names, found.T, strict=True)),
        lambda mean: "mean chances: " + ", ".join(f"{name} {mean[name]:.2f}" for name in names),
        "emerges",
    )  # fmt: skip


def _lowest_at_mediator(
    draws: PriorDraws, base: Batch, mediated: Batch, base_shuffled: Batch, shuffled: Lanes
) -> list[PatternFinding]:
    world, here = draws.mediated, draws.world.mediator

    def lowest(arm: Batch, baseline: Batch) -> tuple[Bools, Floats]:
        moved = alignment(arm.record.sympathy) - alignment(baseline.record.sympathy)
        effect = window_means(np.moveaxis(moved, 0, -1), *offer_window(mediated, world))
        others = np.delete(effect, here, axis=0)
        return effect[here] < others.min(axis=0), effect[here]

    holds, effect = lowest(mediated, base)
    placebo, _ = lowest(draws.run(world, shuffled), base_shuffled)
    found = [
        PatternFinding(
            "P4", "mediation's effect on alignment with India is lowest at Washington", holds,
            placebo, {"effect": effect},
            lambda mean: f"mean effect there {mean['effect']:+.4f}",
            "built in where anchors favour India",
        )
    ]  # fmt: skip
    held = mediated.record.diplomacy
    for label, off in (
        ("parity off", ("parity",)),
        ("impartiality off", ("impartiality",)),
        ("goodwill off", ("goodwill",)),
        ("all three off", ("parity", "impartiality", "goodwill")),
    ):
        holds, effect = lowest(draws.run(world, switch_off(draws.true, *off), held), base)
        found.append(
            PatternFinding(
                f"P4 {label}", f"P4 with {label}, answers held", holds, None,
                {"effect": effect},
                lambda mean: f"mean effect at Washington {mean['effect']:+.4f}",
                "a variant of P4",
            )
        )  # fmt: skip
    return found


def _no_sign_change(draws: PriorDraws, base: Batch, placebo: Batch) -> PatternFinding:
    def keeps(batch: Batch) -> Bools:
        x = alignment(batch.record.sympathy)[:, :, draws.world.western]
        leaning = np.abs(x[:, 0]) >= CONTESTED
        changed = (np.sign(x) != np.sign(x[:, :1])).any(axis=1)
        kept: Bools = ~(leaning & changed).any(axis=1)
        return kept

    return PatternFinding(
        "P5", "no Western capital that leans at the start changes sides", keeps(base),
        keeps(placebo), {}, lambda mean: f"capitals with |x(0)| >= {CONTESTED:g}", "built in",
    )  # fmt: skip


def _which_sympathy_moves(draws: PriorDraws, base: Batch, placebo: Batch) -> PatternFinding:
    t = draws.day("attack")

    def gap(batch: Batch) -> Floats:
        s = batch.record.sympathy
        moved = [
            np.abs(weighted_sum(s[:, t + 7, :, k] - s[:, t, :, k], draws.importance))
            for k in (0, 1)
        ]
        return moved[0] - moved[1]

    difference = gap(base)
    return PatternFinding(
        "P6", "in the week after the attack sympathy for India moves more than that for Pakistan",
        difference > 0.0, gap(placebo) > 0.0, {"difference": difference},
        lambda mean: f"mean difference of weighted changes {mean['difference']:+.4f}", "emerges",
    )  # fmt: skip


def _killings_in_ottawa(
    draws: PriorDraws, base: Batch, base_shuffled: Batch, shuffled: Lanes
) -> PatternFinding:
    t, ottawa = draws.day("attack"), draws.place("Ottawa")

    def holds(reference: Batch, numbers: Lanes) -> tuple[Bools, Floats]:
        effects = []
        for narrative in (KILLINGS, WATER):
            cut = draws.run(without_narrative(draws.world, narrative), numbers)
            x = alignment(reference.record.sympathy) - alignment(cut.record.sympathy)
            effects.append(np.abs(x[:, t:].mean(axis=1)))
        relative = effects[0] / np.maximum(effects[1], 1e-300)
        return relative.argmax(axis=1) == ottawa, effects[0][:, ottawa]

    true, effect = holds(base, draws.true)
    placebo, _ = holds(base_shuffled, shuffled)
    return PatternFinding(
        "P7", "the narrative on killings abroad, relative to that on water, weighs most in Ottawa",
        true, placebo, {"effect": effect},
        lambda mean: f"mean absolute effect there {mean['effect']:.4f}",
        "emerges from priors, judgements and whom the menus address",
    )  # fmt: skip


def _attention_peaks(draws: PriorDraws, base: Batch) -> PatternFinding:
    first, second = draws.day("attack"), draws.day("strikes")
    end = (PEAK_END - draws.scenario.start_date).days
    resting = 1.0 - 1.0 / draws.world.resting.sum(axis=1)

    def holds(batch: Batch) -> Bools:
        m = weighted_sum(batch.record.attention - resting, draws.importance)
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
    return PatternFinding(
        "P8", "attention peaks after the attack and after the strikes and halves by 15 August",
        holds(base), holds(placebo), {}, lambda mean: "weighted attention above rest", "emerges",
    )  # fmt: skip


def visits(draws: PriorDraws) -> list[tuple[int, int, int]]:
    """(team, last stop, day it leaves) of every team that leaves 20 days before the end."""
    found = []
    for team, column in enumerate(draws.world.stops.T):
        away = np.flatnonzero(column != NOWHERE)
        if len(away) and away[-1] + 1 + 20 <= draws.world.steps:
            found.append((team, int(column[away[-1]]), int(away[-1]) + 1))
    return found


def _visits_fade(draws: PriorDraws, base: Batch) -> PatternFinding:
    x = alignment(base.record.sympathy)
    fades = {}
    for team, stop, leaves in visits(draws):
        name = draws.world.names.delegations[team]
        gain = x - alignment(draws.run(without_team(draws.world, name)).record.sympathy)
        faded = np.abs(gain[:, leaves + 20, stop]) < 0.5 * np.abs(gain[:, leaves, stop])
        fades[name] = faded

    def measure(share: Mapping[str, float]) -> str:
        least = min(share, key=lambda name: share[name])
        return f"over draws and {len(share)} teams; lowest share: {least} {share[least]:.2f}"

    return PatternFinding(
        "P12", "less than half of a visit's gain is left 20 days after the team leaves",
        np.stack(list(fades.values()), axis=1), None, fades, measure, "built in",
    )  # fmt: skip


def _refusal_costs(draws: PriorDraws, mediated: Batch) -> PatternFinding:
    world, here = draws.mediated, draws.world.mediator
    offered = mediated.record.diplomacy.offered

    def at_mediator(accepts: tuple[bool, bool]) -> Floats:
        accepted = offered[:, :, None] & np.array(accepts)
        batch = draws.run(world, held=Diplomacy(offered, accepted))
        x = np.moveaxis(alignment(batch.record.sympathy)[:, :, here, None], 0, -1)
        at_washington: Floats = window_means(x, *offer_window(mediated, world))[0]
        return at_washington

    both = at_mediator((True, True))
    costs = [both - at_mediator((False, True)), at_mediator((True, False)) - both]
    india, pakistan = costs[0] > 0.0, costs[1] > 0.0
    return PatternFinding(
        "P14", "a refused offer costs the refuser more at Washington than acceptance costs it",
        india & pakistan, None, {"India": india, "Pakistan": pakistan},
        lambda share: f"India in {share['India']:.2f} of draws, "
        f"Pakistan in {share['Pakistan']:.2f}",
        "built in",
    )  # fmt: skip
