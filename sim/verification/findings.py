"""What prior draws say of patterns of a crisis and of mediation, draw by draw.  Source: section 8.

One function a pattern; ``pattern_table`` names them. Those of visits are in ``visit_findings``.
How draws are put together, and when a pattern passes, is in ``patterns``. Arrays are [draw], or
[draw, case] where a pattern has several cases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from sim.engines.ensemble.plan import Lanes
from sim.engines.ensemble.statistics import window_means
from sim.laws.consent import acceptance_gain, cost_of_evenness, logistic, value_of_calm
from sim.running.blocks import offer_window
from sim.running.executing import Batch, switch_off
from sim.scenario.error_texts import count_of
from sim.tables.metrics import alignment, weighted_sum
from sim.verification.crises import WEEK
from sim.verification.prior_draws import PriorDraws
from sim.world.arrays import DENY, NOWHERE, Bools, Diplomacy, Floats, World
from sim.world.knockouts import without_event, without_narrative

CONTESTED = 0.1  # |x(0)| from which a capital counts as leaning

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


def rise_after_attack(draws: PriorDraws) -> Measured:
    """Measure P1: the least change of alignment over audiences."""
    t = draws.day("attack")

    def least(batch: Batch) -> Any:
        x = alignment(batch.record.sympathy)
        return (x[:, t + 3] - x[:, t]).min(axis=1)

    return _change(draws, least, "least change over audiences, mean {change:+.4f}")


def fall_after_strikes(draws: PriorDraws) -> Measured:
    """Measure P2: the change of weighted alignment."""
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
    importance = float(world.importance[draws.mediated_world.mediator])
    chance = np.vectorize(logistic, otypes=[np.float64])
    costs: Any = draws.true.audience_cost
    chances = []
    for sign, cost in zip((1.0, -1.0), costs, strict=True):
        evenness = cost_of_evenness(sign, p.parity_weight, p.parity, even, p.offer_parity, lead)
        gain = acceptance_gain(calm, evenness, p.goodwill, importance, cost)
        chances.append(chance(p.choice_precision * gain))
    return np.stack(chances, axis=1)


def who_accepts(draws: PriorDraws) -> Measured:
    """Measure P3: the chances of the four pairs of answers."""
    labels = ("neither", "first", "second", "both")

    def pairs(batch: Batch) -> Floats:
        first, second = acceptance_chances(draws, batch).T
        neither, both = (1 - first) * (1 - second), first * second
        return np.stack([neither, first * (1 - second), (1 - first) * second, both], axis=1)

    found = pairs(draws.mediated_runs)
    exchanged = pairs(draws.run(draws.mediated_world, draws.exchanged_lanes, more=("credence",)))
    holds, placebo = (chances.argmax(axis=1) == 2 for chances in (found, exchanged))
    sides = dict(zip(labels[1:3], draws.world.names.claimants, strict=True))

    def measure(means: Mapping[str, float]) -> str:
        said = [
            f"{f'{sides[one]} alone' if one in sides else one} {means[one]:.2f}" for one in means
        ]
        return f"mean chances: {', '.join(said)}"

    return Measured(holds, placebo, dict(zip(labels, found.T, strict=True)), measure)


def _effect_of_mediation(
    draws: PriorDraws, arm: Batch, baseline: Batch
) -> tuple[Bools, Bools, dict[str, Floats]]:
    """Return where the effect is lowest at the mediator, where another's is as low, and it."""
    here = draws.mediated_world.mediator
    shift = alignment(arm.record.sympathy) - alignment(baseline.record.sympathy)
    window = offer_window(draws.mediated_runs, draws.mediated_world)
    effect = window_means(np.moveaxis(shift, 0, -1), *window)
    others = np.delete(effect, here, axis=0).min(axis=0)
    return effect[here] < others, effect[here] == others, {"effect": effect[here]}


def lowest_at_mediator(draws: PriorDraws) -> Measured:
    """Measure P4: mediation's effect, mean over the days of the offer."""
    holds, equal, effect = _effect_of_mediation(draws, draws.mediated_runs, draws.base_runs)
    shuffled = draws.run(draws.mediated_world, draws.shuffled_lanes)
    placebo = _effect_of_mediation(draws, shuffled, draws.shuffled_runs)[0]
    return Measured(holds, placebo, effect, "mean effect there {effect:+.4f}".format_map, equal)


def lowest_without(*off: str) -> Callable[[PriorDraws], Measured]:
    """Return the measure of P4 with channels of mediation off, answers held as they were."""

    def measure(draws: PriorDraws) -> Measured:
        held = draws.mediated_runs.record.diplomacy
        arm = draws.run(draws.mediated_world, switch_off(draws.true, *off), held)
        holds, equal, effect = _effect_of_mediation(draws, arm, draws.base_runs)
        return Measured(holds, None, effect, "mean effect there {effect:+.4f}".format_map, equal)

    return measure


def no_sign_change(draws: PriorDraws) -> Measured:
    """Measure P5: whether each Western capital that leans keeps its side."""

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
    moved = np.moveaxis(s[:, t + WEEK] - s[:, t], 1, -1)
    first, second = weighted_sum(moved, draws.world.importance).T
    return first, second


def rise_for_attacked(draws: PriorDraws) -> Measured:
    """Measure P6a: how weighted sympathy for the attacked side changes."""

    def rise(batch: Batch) -> Any:
        return _week_after_attack(draws, batch)[0]

    return _change(draws, rise, "mean weighted change {change:+.4f}")


def more_than_other_moves(draws: PriorDraws) -> Measured:
    """Measure P6b: that change less the other side's, whatever its sign."""

    def lead(batch: Batch) -> Any:
        first, second = _week_after_attack(draws, batch)
        return first - np.abs(second)

    return _change(draws, lead, "mean rise less the other's absolute change {change:+.4f}")


def attacked_without(part: str) -> Callable[[PriorDraws], Measured]:
    """Return the measure of both parts of P6 in a world without another event of that week."""

    def measure(draws: PriorDraws) -> Measured:
        world = without_event(draws.world, getattr(draws.crisis, part))
        first, second = _week_after_attack(draws, draws.run(world))
        words = "mean weighted change {change:+.4f}; (b) in {lead:.2f}"
        numbers = {"change": first, "lead": first > np.abs(second)}
        return Measured(first > 0.0, None, numbers, words.format_map)

    return measure


def line_weighs_most_at_home(draws: PriorDraws) -> Measured:
    """Measure P7: a narrative's effect, relative to another's, is largest where it is about."""
    t, crisis = draws.day("attack"), draws.crisis
    home = draws.world.names.audiences.index(str(crisis.home))

    def largest_there(reference: Batch, numbers: Lanes) -> tuple[Bools, Floats]:
        effects = []
        for narrative in (crisis.line, crisis.compared_line):
            silent = draws.run(without_narrative(draws.world, str(narrative)), numbers)
            x = alignment(reference.record.sympathy) - alignment(silent.record.sympathy)
            effects.append(np.abs(x[:, t:].mean(axis=1)))
        relative = effects[0] / np.maximum(effects[1], 1e-300)
        return relative.argmax(axis=1) == home, effects[0][:, home]

    holds, effect = largest_there(draws.base_runs, draws.true)
    placebo, _ = largest_there(draws.shuffled_runs, draws.shuffled_lanes)
    words = "mean absolute effect there {effect:.4f}"
    return Measured(holds, placebo, {"effect": effect}, words.format_map)


def attention_peaks(draws: PriorDraws) -> Measured:
    """Measure P8; the placebo takes the salience of both events away."""
    first, second = draws.day("attack"), draws.day("strikes")
    end = draws.case.quiet_row
    resting = 1.0 - 1.0 / draws.world.resting.sum(axis=1)

    def peaks_and_halves(batch: Batch) -> Any:
        m = weighted_sum(batch.record.attention - resting, draws.world.importance)
        peaks = np.stack([m[:, t : t + WEEK + 1].max(axis=1) for t in (first, second)])
        before = m[:, second - 3 : second].max(axis=1)
        return (peaks >= 1.05 * before).all(axis=0) & (m[:, end] < peaks.max(axis=0) / 2)

    salience = draws.world.event_salience.copy()
    for event in (draws.crisis.attack, draws.crisis.strikes):
        salience[draws.world.names.events.index(str(event))] = 0.0
    placebo = draws.run(draws.world._replace(event_salience=salience), more=("attention",))
    words = "weighted attention above rest"
    holds, by_placebo = map(peaks_and_halves, (draws.base_runs, placebo))
    return Measured(holds, by_placebo, {}, words.format_map)


def refusal_costs(draws: PriorDraws) -> Measured:
    """Measure P14: costs are differences between pairs of answers held; there is no placebo."""
    world, here = draws.mediated_world, draws.mediated_world.mediator
    offered = draws.mediated_runs.record.diplomacy.offered

    def at_mediator(*accepts: bool) -> Any:
        accepted = offered[:, :, None] & np.array(accepts)
        batch = draws.run(world, held=Diplomacy(offered, accepted))
        x = np.moveaxis(alignment(batch.record.sympathy)[:, :, here, None], 0, -1)
        return window_means(x, *offer_window(draws.mediated_runs, world))[0]

    both = at_mediator(True, True)
    first, second = both - at_mediator(False, True), at_mediator(True, False) - both
    names = world.names.claimants

    def measure(share: Mapping[str, float]) -> str:
        return f"{names[0]} in {share['first']:.2f} of draws, {names[1]} in {share['second']:.2f}"

    numbers = {"first": first > 0.0, "second": second > 0.0}
    holds, equal = (first > 0.0) & (second > 0.0), (first == 0.0) | (second == 0.0)
    return Measured(holds, None, numbers, measure, equal)


def denials(world: World) -> list[int]:
    """Return the narratives that deny what their sender is accused of."""
    return [
        n
        for n, claim in enumerate(world.claim)
        if world.kind[n] == DENY and claim != NOWHERE and world.accused[claim] == world.sender[n]
    ]


def denial_backfires(draws: PriorDraws) -> Measured:
    """Measure P13: each denial of an accusation is a case; there is no placebo.

    What a denial does for its sender is the mean over all days of weighted alignment, counted
    toward the sender, less the same where it is not spoken.
    """
    world, quiet = draws.world, switch_off(draws.true, "priming")

    def gains(reference: Batch, numbers: Lanes) -> Floats:
        found = []
        for n in denials(world):
            silent = draws.run(without_narrative(world, world.names.narratives[n]), numbers)
            gain = (draws.lead(reference) - draws.lead(silent)).mean(axis=1)
            found.append(-gain if world.sender[n] else gain)
        return np.stack(found, axis=1)

    primed, unprimed = gains(draws.base_runs, draws.true), gains(draws.run(world, quiet), quiet)
    hurts, helps = primed < 0.0, unprimed > 0.0
    holds, equal = hurts & helps, (primed == 0.0) | (unprimed == 0.0)
    names = {str(n): world.names.narratives[n] for n in denials(world)}
    numbers = {"hurts": hurts, "helps": helps, **dict(zip(names, holds.T, strict=True))}

    def measure(means: Mapping[str, float]) -> str:
        each = ", ".join(f"'{name}' {means[n]:.2f}" for n, name in names.items())
        return (
            f"hurts its sender in {means['hurts']:.2f} with priming, helps in "
            f"{means['helps']:.2f} without, over draws and {count_of(len(names), 'denial')}; "
            f"both: {each}"
        )

    return Measured(holds, None, numbers, measure, equal)
