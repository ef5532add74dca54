"""What a plug-in is given: one signature for each kind.

=========== ============================================ =====================================
kind        signature                                    returns
=========== ============================================ =====================================
rules       (sympathy, source, message, options)         K(s, p); ``message`` is 1 for messages
strategies  (view, places)                               nothing: fills its own teams' places
mediators   (view)                                       1 where it offers today, else 0
acceptance  (gain, precision)                            probability of accepting
=========== ============================================ =====================================

A rule's ``options`` are numbers: first ``renormalise``, which every rule has (1 makes the weights
of the peers in reach sum to 1), then those its module declares as ``OPTIONS``, name -> default, in
that order. ``CONSTANT = True`` where its K is 1 everywhere spares the engines the calls.

A mediator's module may also define

- ``adjusted(coefficients)``: the coefficients with what the policy changes for a whole run;
- ``today(view)``: mu and n of each day, from a ``MorningView``; that mu holds in (6) and (7);
- ``FORESEES = True`` where the policy reads how likely the claimants are to accept.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.compiling import law

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class TeamView(NamedTuple):
    """Public state for a sender strategy on one day."""

    day: int
    me: int  # claimant
    audiences: int  # how many
    owner: Ints  # [l] claimant
    stops: Ints  # [l] today's place by itinerary, -1 at home
    in_field: Bools  # [l] between first stop and last return
    field_since: Ints  # [l] first day in the field
    dwell: int  # days at one place


class MediatorView(NamedTuple):
    """What a mediator sees when it may offer, all as floats."""

    scripted: float  # 1 on the days the scenario lists
    tension: float  # after today's change
    escalation: float  # salience of the escalation issue above its resting value, at the mediator
    since_offer: float  # days since the last offer; infinite before the first
    offer_threshold: float
    escalation_worry: float
    offer_cooldown: float
    tension_weight: float
    calming: float  # today's mu
    first_accepts: float  # probability, by its own rule; 0 unless the policy ``FORESEES``
    second_accepts: float


class MorningView(NamedTuple):
    """What a mediator's means may depend on as a day begins, all as floats."""

    calming: float  # mu of the run
    branching_ratio: float  # n of the run
    first_sympathy: float  # the mediator's, toward each claimant
    second_sympathy: float
    ended: float  # 1 once an active mediation has ended


@law
def means_of_run(view: MorningView) -> tuple[float, float]:
    """Return mu and n of the run: what a policy without ``today`` has every day."""
    return view.calming, view.branching_ratio
