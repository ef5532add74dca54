"""What a plug-in is given: one signature for each kind.

=========== ============================================ =====================================
kind        signature                                    returns
=========== ============================================ =====================================
rules       (sympathy, source, message, options)         K(s, p); ``message`` is 1 for messages
strategies  (view, places)                               nothing: fills its own teams' places
mediators   (view)                                       1 where it offers today, else 0
acceptance  (gain, precision)                            probability of accepting
=========== ============================================ =====================================

A rule's module may declare ``OPTIONS``: name -> default; ``options`` is their tuple in that order;
and ``CONSTANT = True`` where its K is 1 everywhere, which spares the engines the calls.
A mediator's module may define ``adjusted(coefficients)``, which returns the coefficients the
policy changes for the whole run.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

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
