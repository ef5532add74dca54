"""What a plug-in is given: one signature for each kind.

=========== ============================================ =====================================
kind        signature                                    returns
=========== ============================================ =====================================
rules       (sympathy, source, message, options)         K(s, p); ``message`` is 1 for messages
strategies  (view, places)                               nothing: fills its own teams' places
..          (view, weights)                              nothing: fills a weight of each audience
mediators   (view)                                       1 where it offers today, else 0
acceptance  (gain, precision)                            probability of accepting
=========== ============================================ =====================================

A rule's ``options`` are numbers: first ``renormalise``, which every rule has (1 makes the weights
of the peers in reach sum to 1), then those its module declares as ``OPTIONS``, name -> default, in
that order. ``CONSTANT = True`` where its K is 1 everywhere spares the engines the calls.

A strategy of places is asked beforehand, for all days: it sees itineraries alone. A strategy of
weights is asked on the days on which one of its teams moves, and sees the state of the run; where
teams go by weights is ``laws.visits``. Its module may also define

- ``READS``: which of ``gains``, ``gained`` and ``network_values`` are worked out for it;
- ``SAMPLED = True`` where each team draws its place, with the weights as chances;
- ``attacked_issue(judged, attacks)``: the issue to which the share of all own attacks goes for a
  whole run, NOWHERE to leave them: judged[q] is how the rival is judged on it, by importance,
  attacks[q] whether the menu attacks on it.

A mediator's module may also define

- ``adjusted(coefficients)``: the coefficients with what the policy changes for a whole run;
- ``today(view)``: mu and n of each day, from a ``MorningView``; that mu holds in (6) and (7);
- ``FORESEES = True`` where the policy reads how likely the claimants are to accept.

A run in which a plug-in answers what it must not is lost, in either engine: its tension or
sympathy is no number from then on.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.compiling import law

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


class TeamView(NamedTuple):
    """Public state for a sender strategy on one day.

    Attributes
    ----------
    day
        The day, from 0.
    me
        The claimant that asks.
    audiences
        How many there are.
    owner : [l]
        The claimant whose team it is.
    stops : [l]
        Today's place by its itinerary, -1 at home.
    in_field : [l]
        Whether today is between its first stop and its last return.
    field_since : [l]
        Its first day in the field.
    dwell
        How many days a free team stays at one place.
    """

    day: int
    me: int
    audiences: int
    owner: Ints
    stops: Ints
    in_field: Bools
    field_since: Ints
    dwell: int


class SenderView(NamedTuple):
    """Public state for a sender strategy of weights on one day, [a] but for the day.

    Attributes
    ----------
    day
        The day, from 0.
    importance
        v; its sum is 1.
    capitals
        How many capitals a tour of the audience calls at.
    attention
        Share of attention that the conflict has today, 0 to 1.
    own_sympathy, rival_sympathy
        Toward both sides, as the day began, -1 to 1.
    own_teams, rival_teams
        How many teams of both sides were there yesterday.
    gains
        What a small visit would add to the own lead tomorrow (``laws.visits.visit_gain``).
    gained
        The same summed over the days up to today.
    network_values
        V of ``laws.equilibrium.network_values``, with today's attention.
    """

    day: int
    importance: Floats
    capitals: Floats
    attention: Floats
    own_sympathy: Floats
    rival_sympathy: Floats
    own_teams: Floats
    rival_teams: Floats
    gains: Floats
    gained: Floats
    network_values: Floats


READABLE = ("gains", "gained", "network_values")


class MediatorView(NamedTuple):
    """What a mediator sees when it may offer, all as floats.

    Attributes
    ----------
    scripted
        1 on the days the scenario lists, else 0.
    tension
        After today's change.
    escalation
        Salience of the escalation issue above its resting value, at the mediator.
    since_offer
        Days since the last offer; infinite before the first.
    offer_threshold
        Worry at which mediation is offered, in tension.
    escalation_worry
        Weight of the escalation issue, tension/salience.
    offer_cooldown
        Least days between two offers.
    tension_weight
        Value of calm to a claimant, utility/tension.
    calming
        Today's mu.
    first_accepts
        Probability that the first claimant accepts, by its own rule; 0 unless the policy
        ``FORESEES``.
    second_accepts
        The same of the second.
    """

    scripted: float
    tension: float
    escalation: float
    since_offer: float
    offer_threshold: float
    escalation_worry: float
    offer_cooldown: float
    tension_weight: float
    calming: float
    first_accepts: float
    second_accepts: float


class MorningView(NamedTuple):
    """What a mediator's means may depend on as a day begins, all as floats.

    Attributes
    ----------
    calming
        Mu of the run.
    branching_ratio
        N of the run.
    first_sympathy
        The mediator's sympathy toward the first claimant.
    second_sympathy
        Toward the second.
    ended
        1 once an active mediation has ended.
    """

    calming: float
    branching_ratio: float
    first_sympathy: float
    second_sympathy: float
    ended: float


@law
def possible(answer: float) -> float:
    """A plug-in's answer where it is 0 to 1, else nan."""
    return answer if 0.0 <= answer <= 1.0 else math.nan


@law
def no_weights(view: SenderView, weights: Floats) -> None:
    """Leave all weights as they are: stands in for a strategy that is asked beforehand."""


@law
def means_of_run(view: MorningView) -> tuple[float, float]:
    """Return mu and n of the run: what a policy without ``today`` has every day."""
    return view.calming, view.branching_ratio
