"""What prior draws say of each pattern of 2025, draw by draw.  Source: section 8.

``PATTERNS`` names the patterns; below it stands one function each. How draws are put together, and
when a pattern passes, is in ``patterns``. Arrays are [draw], or [draw, case] where a pattern has
several cases.
"""

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
from sim.scenario.error_texts import count_of
from sim.tables.metrics import alignment, weighted_sum
from sim.verification.prior_draws import PriorDraws
from sim.world.arrays import NOWHERE, Bools, Diplomacy, Floats
from sim.world.knockouts import without_event, without_narrative, without_team

CONTESTED = 0.1  # |x(0)| from which a capital counts as leaning
KILLINGS, WATER = "killings abroad", "treaty suspended unlawfully"
PEAK_END = date(2025, 8, 15)
VARIANT, BESIDE = "a variant of P4", "beside P6, no test"

Measure = Callable[[Mapping[str, float]], str]


class Measured(NamedTuple):
    """How one pattern fares in some draws.

    Attributes
    ----------
    holds
        Whether it holds, [draw] or [draw, case].
    placebo
        Whether it holds under the placebo; None where there is none.
    numbers
        Quantities by name, [draw] each.
    measure
        Says in words what the means of the numbers are, over all draws.
    equal
        Whether what is compared is exactly equal, [draw], so that neither the pattern nor its
        opposite holds; None where it is not asked.
    """

    holds: Bools
    placebo: Bools | None
    numbers: Mapping[str, Floats | Bools]
    measure: Measure
    equal: Bools | None = None


def findings(draws: PriorDraws) -> list[Measured]:
    """Return how every pattern of ``PATTERNS`` fares in these draws, in their order."""
    return [measure(draws) for *_, measure in PATTERNS]


def _change(
    draws: PriorDraws, quantity: Callable[[Batch], Any], words: str, sign: float = 1.0
) -> Measured:
    """Measure whether a quantity of the base arm has this sign.

    Parameters
    ----------
    draws
        The draws; the placebo exchanges the two claimants' judgements.
    quantity
        Of a batch, [draw].
    words
        A format of its mean, ``change``.
    sign
        1 where it should be positive, -1 where it should be negative.
    """
    change = quantity(draws.base_runs)
    placebo = sign * quantity(draws.exchanged_runs) > 0.0
    holds, equal = sign * change > 0.0, change == 0.0
    return Measured(holds, placebo, {"change": change}, words.format_map, equal)


def _rise_after_attack(draws: PriorDraws) -> Measured:
    t = draws.day("attack")

    def least(batch: Batch) -> Any:
        x = alignment(batch.record.sympathy)
        return (x[:, t + 3] - x[:, t]).min(axis=1)

    return _change(draws, least, "least change over audiences, mean {change:+.4f}")


def _fall_after_strikes(draws: PriorDraws) -> Measured:
    t = draws.day("strikes")

    def change(batch: Batch) -> Any:
        lead = draws.lead(batch)
        return lead[:, t + 4] - lead[:, t]

    return _change(draws, change, "mean change {change:+.4f}", sign=-1.0)


def acceptance_chances(draws: PriorDraws, batch: Batch) -> Floats:
    """Return p[draw, k], each claimant's probability of accepting the first offer.  (7)"""
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
    importance = float(world.importance[world.mediator])
    chance = np.vectorize(logistic, otypes=[np.float64])
    costs: Any = draws.true.audience_cost
    chances = []
    for sign, cost in zip((1.0, -1.0), costs, strict=True):
        evenness = cost_of_evenness(sign, p.parity_weight, p.parity, even, p.offer_parity, lead)
        gain = acceptance_gain(calm, evenness, p.goodwill, importance, cost)
        chances.append(chance(p.choice_precision * gain))
    return np.stack(chances, axis=1)


def _who_accepts(draws: PriorDraws) -> Measured:
    names = ("neither", "India alone", "Pakistan alone", "both")

    def pairs(batch: Batch) -> Floats:
        first, second = acceptance_chances(draws, batch).T
        neither, both = (1 - first) * (1 - second), first * second
        return np.stack([neither, first * (1 - second), (1 - first) * second, both], axis=1)

    found = pairs(draws.mediated_runs)
    exchanged = pairs(draws.run(draws.mediated_world, draws.exchanged_lanes))
    holds, placebo = (chances.argmax(axis=1) == 2 for chances in (found, exchanged))
    words = "mean chances: " + ", ".join(f"{name} {{{name}:.2f}}" for name in names)
    numbers = dict(zip(names, found.T, strict=True))
    return Measured(holds, placebo, numbers, words.format_map)


def _effect_of_mediation(
    draws: PriorDraws, arm: Batch, baseline: Batch
) -> tuple[Bools, Bools, dict[str, Floats]]:
    """Return where the effect is lowest at the mediator, where another's is as low, and it."""
    here = draws.world.mediator
    shift = alignment(arm.record.sympathy) - alignment(baseline.record.sympathy)
    window = offer_window(draws.mediated_runs, draws.mediated_world)
    effect = window_means(np.moveaxis(shift, 0, -1), *window)
    others = np.delete(effect, here, axis=0).min(axis=0)
    return effect[here] < others, effect[here] == others, {"effect": effect[here]}


def _lowest_at_mediator(draws: PriorDraws) -> Measured:
    holds, equal, effect = _effect_of_mediation(draws, draws.mediated_runs, draws.base_runs)
    shuffled = draws.run(draws.mediated_world, draws.shuffled_lanes)
    placebo = _effect_of_mediation(draws, shuffled, draws.shuffled_runs)[0]
    return Measured(holds, placebo, effect, "mean effect there {effect:+.4f}".format_map, equal)


def _lowest_without(*off: str) -> Callable[[PriorDraws], Measured]:
    """Return the measure of the same with channels of mediation off, answers held as they were."""

    def measure(draws: PriorDraws) -> Measured:
        held = draws.mediated_runs.record.diplomacy
        arm = draws.run(draws.mediated_world, switch_off(draws.true, *off), held)
        holds, equal, effect = _effect_of_mediation(draws, arm, draws.base_runs)
        words = "mean effect at Washington {effect:+.4f}"
        return Measured(holds, None, effect, words.format_map, equal)

    return measure


def _no_sign_change(draws: PriorDraws) -> Measured:
    def keeps(batch: Batch) -> Any:
        x = alignment(batch.record.sympathy)[:, :, draws.world.western]
        leaning = np.abs(x[:, 0]) >= CONTESTED
        changed = (np.sign(x) != np.sign(x[:, :1])).any(axis=1)
        return ~(leaning & changed).any(axis=1)

    words = f"capitals with |x(0)| >= {CONTESTED:g}"
    return Measured(keeps(draws.base_runs), keeps(draws.shuffled_runs), {}, words.format_map)


def _week_after_attack(draws: PriorDraws, batch: Batch) -> tuple[Any, Any]:
    """Return how far weighted sympathy for each claimant moves in the week after the attack."""
    t, s = draws.day("attack"), batch.record.sympathy
    moved = np.moveaxis(s[:, t + 7] - s[:, t], 1, -1)
    first, second = weighted_sum(moved, draws.world.importance).T
    return first, second


def _rise_for_attacked(draws: PriorDraws) -> Measured:
    def rise(batch: Batch) -> Any:
        return _week_after_attack(draws, batch)[0]

    return _change(draws, rise, "mean weighted change {change:+.4f}")


def _more_than_other_moves(draws: PriorDraws) -> Measured:
    def lead(batch: Batch) -> Any:
        first, second = _week_after_attack(draws, batch)
        return first - np.abs(second)

    return _change(draws, lead, "mean rise less the other's absolute change {change:+.4f}")


def _attacked_without(event: str) -> Callable[[PriorDraws], Measured]:
    """Return the measure of both parts of P6 in a world without another event of that week."""

    def measure(draws: PriorDraws) -> Measured:
        first, second = _week_after_attack(draws, draws.run(without_event(draws.world, event)))
        words = "mean weighted change {change:+.4f}; (b) in {lead:.2f}"
        numbers = {"change": first, "lead": first > np.abs(second)}
        return Measured(first > 0.0, None, numbers, words.format_map)

    return measure


def _killings_in_ottawa(draws: PriorDraws) -> Measured:
    t, ottawa = draws.day("attack"), draws.world.names.audiences.index("Ottawa")

    def largest_there(reference: Batch, numbers: Lanes) -> tuple[Bools, Floats]:
        effects = []
        for narrative in (KILLINGS, WATER):
            silent = draws.run(without_narrative(draws.world, narrative), numbers)
            x = alignment(reference.record.sympathy) - alignment(silent.record.sympathy)
            effects.append(np.abs(x[:, t:].mean(axis=1)))
        relative = effects[0] / np.maximum(effects[1], 1e-300)
        return relative.argmax(axis=1) == ottawa, effects[0][:, ottawa]

    holds, effect = largest_there(draws.base_runs, draws.true)
    placebo, _ = largest_there(draws.shuffled_runs, draws.shuffled_lanes)
    words = "mean absolute effect there {effect:.4f}"
    return Measured(holds, placebo, {"effect": effect}, words.format_map)


def _attention_peaks(draws: PriorDraws) -> Measured:
    """The placebo takes the salience of both events away."""
    first, second = draws.day("attack"), draws.day("strikes")
    end = (PEAK_END - draws.scenario.start_date).days
    resting = 1.0 - 1.0 / draws.world.resting.sum(axis=1)

    def peaks_and_halves(batch: Batch) -> Any:
        m = weighted_sum(batch.record.attention - resting, draws.world.importance)
        peaks = np.stack([m[:, t : t + 8].max(axis=1) for t in (first, second)])
        before = m[:, second - 3 : second].max(axis=1)
        return (peaks >= 1.05 * before).all(axis=0) & (m[:, end] < peaks.max(axis=0) / 2)

    salience = draws.world.event_salience.copy()
    for name in ("attack", "strikes"):
        salience[draws.world.names.events.index(name)] = 0.0
    placebo = draws.run(draws.world._replace(event_salience=salience))
    words = "weighted attention above rest"
    holds, by_placebo = map(peaks_and_halves, (draws.base_runs, placebo))
    return Measured(holds, by_placebo, {}, words.format_map)


def visits(draws: PriorDraws) -> list[tuple[int, int, int]]:
    """Return (team, last stop, day it leaves) of every team that leaves 20 days before the end."""
    found = []
    for team, column in enumerate(draws.world.stops.T):
        away = np.flatnonzero(column != NOWHERE)
        if len(away) and away[-1] + 1 + 20 <= draws.world.steps:
            found.append((team, int(column[away[-1]]), int(away[-1]) + 1))
    return found


def _visits_fade(draws: PriorDraws) -> Measured:
    """Each team is a case; there is no placebo."""
    x = alignment(draws.base_runs.record.sympathy)
    fades = {}
    for team, stop, leaves in visits(draws):
        name = draws.world.names.delegations[team]
        gain = x - alignment(draws.run(without_team(draws.world, name)).record.sympathy)
        fades[name] = np.abs(gain[:, leaves + 20, stop]) < 0.5 * np.abs(gain[:, leaves, stop])

    def measure(share: Mapping[str, float]) -> str:
        least = min(share, key=lambda name: share[name])
        return (
            f"over draws and {count_of(len(share), 'team')}; lowest share: {least} "
            f"{share[least]:.2f}"
        )

    return Measured(np.stack(list(fades.values()), axis=1), None, fades, measure)


def _refusal_costs(draws: PriorDraws) -> Measured:
    """Costs are differences between pairs of answers, which are held; there is no placebo."""
    world, here = draws.mediated_world, draws.world.mediator
    offered = draws.mediated_runs.record.diplomacy.offered

    def at_mediator(*accepts: bool) -> Any:
        accepted = offered[:, :, None] & np.array(accepts)
        batch = draws.run(world, held=Diplomacy(offered, accepted))
        x = np.moveaxis(alignment(batch.record.sympathy)[:, :, here, None], 0, -1)
        return window_means(x, *offer_window(draws.mediated_runs, world))[0]

    both = at_mediator(True, True)
    india, pakistan = both - at_mediator(False, True), at_mediator(True, False) - both
    words = "India in {India:.2f} of draws, Pakistan in {Pakistan:.2f}"
    numbers = {"India": india > 0.0, "Pakistan": pakistan > 0.0}
    holds, equal = (india > 0.0) & (pakistan > 0.0), (india == 0.0) | (pakistan == 0.0)
    return Measured(holds, None, numbers, words.format_map, equal)


# id, what should be seen, why the model may show it (built in, set by data, or emerges), how it
# is measured; in the order of section 8
PATTERNS: tuple[tuple[str, str, str, Callable[[PriorDraws], Measured]], ...] = (
    ("P1", "alignment with India rises at every audience in the three days after the attack",
     "set by the event's exposures", _rise_after_attack),
    ("P2", "weighted alignment with India falls in the four days after the strikes",
     "set by the event's exposures", _fall_after_strikes),
    ("P3", "Pakistan accepts and India refuses is the most probable pair of answers",
     "built in through stance", _who_accepts),
    ("P4", "mediation's effect on alignment with India is lowest at Washington",
     "built in where anchors favour India", _lowest_at_mediator),
    ("P4 parity off", "P4 with parity off, answers held", VARIANT, _lowest_without("parity")),
    ("P4 impartiality off", "P4 with impartiality off, answers held", VARIANT,
     _lowest_without("impartiality")),
    ("P4 goodwill off", "P4 with goodwill off, answers held", VARIANT,
     _lowest_without("goodwill")),
    ("P4 all three off", "P4 with all three off, answers held", VARIANT,
     _lowest_without("parity", "impartiality", "goodwill")),
    ("P5", "no Western capital that leans at the start changes sides",
     "built in", _no_sign_change),
    ("P6a", "in the week after the attack weighted sympathy for India rises",
     "emerges", _rise_for_attacked),
    ("P6b", "it rises by more than sympathy for Pakistan changes either way",
     "emerges", _more_than_other_moves),
    ("P6 no treaty step", "P6a without the treaty's suspension", BESIDE,
     _attacked_without("treaty suspended")),
    ("P6 no countermeasures", "P6a without the countermeasures", BESIDE,
     _attacked_without("countermeasures")),
    ("P7", "the narrative on killings abroad, relative to that on water, weighs most in Ottawa",
     "emerges from priors, judgements and whom the menus address", _killings_in_ottawa),
    ("P8", "attention peaks after the attack and after the strikes and halves by 15 August",
     "emerges", _attention_peaks),
    ("P12", "less than half of a visit's gain is left 20 days after the team leaves",
     "built in", _visits_fade),
    ("P14", "a refused offer costs the refuser more at Washington than acceptance costs it",
     "built in", _refusal_costs),
)  # fmt: skip
