"""The arrays of one run. Index letters: a, b audiences; k claimant (0, 1); q issue; j claim;
n narrative; l team; i event; t day. Everything is float64 or int64 unless said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

import numpy as np
import numpy.typing as npt

from sim.parameters import Coefficients, Parameters, Switches

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

PROMOTE, ATTACK, DENY = 0, 1, 2  # types of narratives, as numbers
NOWHERE = -1  # a team at home, a narrative without a claim, no parity claim


class Layout(NamedTuple):
    """Shape and type of an array that is yet to be made."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]


class Names(NamedTuple):
    """The names behind the indices; draws are keyed by them, tables get them back."""

    scenario: str
    arm: str
    audiences: tuple[str, ...]
    claimants: tuple[str, ...]
    issues: tuple[str, ...]
    claims: tuple[str, ...]
    narratives: tuple[str, ...]
    delegations: tuple[str, ...]
    events: tuple[str, ...]


class Peers(NamedTuple):
    """Whom each audience listens to: the rows of W, without their zeros.

    Audience a listens to of[s] with weight[s] for s from start[a] to start[a + 1] - 1, in the
    order of the audiences; the weights of a row sum to 1.
    """

    start: Ints  # [a + 1]
    of: Ints  # [s] audience
    weight: Floats  # [s]


class World(NamedTuple):
    """What is the same in every run of one scenario and arm."""

    names: Names
    steps: int
    parameters: Parameters
    switches: Switches
    initial_tension: float
    # claimants
    effort: Floats  # [k] statement effort a day
    campaign_start: Ints  # [k] first day of statements
    own_cost: Floats  # [k] audience cost of its own, nan: the parameter
    # audiences
    importance: Floats  # [a] v, sums to 1
    western: Bools  # [a]
    capitals: Floats  # [a] capitals a tour of the node calls at
    resting: Floats  # [a, q] resting salience
    trust: Floats  # [a, k] initial credibility
    judgements: Floats  # [a, q, k] V
    own_pull: Floats  # [a] anchor pull of its own, nan: the parameter
    given_start: Floats  # [a, k] initial sympathy, nan: the rest point
    peers: Peers  # W
    # narratives, in file order
    sender: Ints  # [n] claimant
    kind: Ints  # [n] PROMOTE, ATTACK, DENY
    issue: Ints  # [n]
    claim: Ints  # [n] or NOWHERE
    share: Floats  # [n] of the sender's effort, sums to 1 over its menu
    evidence: Floats  # [n]
    spoken: Bools  # [t, n] within its dates
    reaches: Bools  # [n, a]
    # claims
    accused: Ints  # [j] claimant, NOWHERE for the parity claim
    prior: Floats  # [a, j]
    parity_claim: int  # or NOWHERE
    # teams
    owner: Ints  # [l] claimant
    bonus: Floats  # [l]
    stops: Ints  # [t, l] audience by itinerary, NOWHERE at home
    field_days: Bools  # [t, l] from the first stop to the last return
    # events, in file order
    event_day: Ints  # [i]
    event_tension: Floats  # [i]
    event_salience: Floats  # [i, q]
    event_pro: Floats  # [i, k]
    event_con: Floats  # [i, k]
    event_claim: Ints  # [i] or NOWHERE
    event_asserts: Floats  # [i] exposure asserting the parity claim
    verified_claim: Ints  # [i] or NOWHERE
    finding: Floats  # [i]
    finding_weight: Floats  # [i]
    incident_pro: float
    incident_con: float
    incident_salience: Floats  # [q]
    # mediation
    mediator: int  # audience
    escalation: int  # issue or NOWHERE
    offer_days: Bools  # [t] of the scripted policy
    # plug-ins by name
    rule: str
    rule_options: dict[str, float]
    strategies: tuple[str, ...]  # [k]
    policy: str
    acceptances: tuple[str, ...]  # [k]


class Setting(NamedTuple):
    """The numbers that may differ from run to run: what is drawn, swept or switched."""

    coefficients: Coefficients
    audience_cost: Floats  # [k]
    anchor_pull: Floats  # [a]
    resting: Floats  # [a, q] resting salience
    trust: Floats  # [a, k] initial credibility
    judgements: Floats  # [a, q, k]
    credence: Floats  # [a, j] b(0); 1 where the credence switch is off
    start: Floats  # [a, k] s(0)


class Draws(NamedTuple):
    """Every random number of one run, as uniforms in (0, 1)."""

    noise: Floats  # [t, a, k]
    incident: Floats  # [t, k]
    accept: Floats  # [t, k]


class Diplomacy(NamedTuple):
    """What was offered and answered, day by day; given to a run, it holds them fixed."""

    offered: Bools  # [t]
    accepted: Bools  # [t, k]


class Record(NamedTuple):
    """What happened in one run. States have rows 0..T, the start of each day; flows 0..T-1."""

    sympathy: Annotated[Floats, "T, a, k"]
    salience: Annotated[Floats, "T, a, q"]
    kept: Annotated[Floats, "T, a, k"]  # credibility count m+
    broken: Annotated[Floats, "T, a, k"]  # credibility count m-
    credence: Annotated[Floats, "T, a, j"]
    evidence: Annotated[Floats, "T, n"]  # verified evidence
    tension: Annotated[Floats, "T"]
    mediation: Annotated[Floats, "T"]  # 0, 1, 2
    standing: Annotated[Floats, "T, k"]  # 1 where the claimant has accepted the standing offer
    attention: Annotated[Floats, "t, a"]  # used in day t
    incidents: Annotated[Floats, "t, k"]  # claimed by each side in day t
    effort: Annotated[Floats, "t, a, k"]  # delivered in day t
    diplomacy: Diplomacy


def finite_days(record: Record) -> Bools:
    """finite[..., t]: whether sympathy and tension are finite on each day of a run or of many."""
    good = np.isfinite(record.sympathy).all(axis=(-1, -2)) & np.isfinite(record.tension)
    return np.asarray(good)


def sizes(names: Names) -> dict[str, int]:
    """How far each index letter of a world runs, by letter: a, k, q, j and n."""
    return {
        "a": len(names.audiences),
        "k": len(names.claimants),
        "q": len(names.issues),
        "j": len(names.claims),
        "n": len(names.narratives),
    }


def layout(kind: type, sizes: Mapping[str, int]) -> dict[str, Layout]:
    """The layout of every array of a tuple whose fields are annotated with index letters.

    A field ``sympathy: Annotated[Floats, "T, a, k"]`` is laid out as floats of the sizes of T, a
    and k; a figure stands for itself, and a field without letters is left out.
    """
    found = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        for letters in getattr(hint, "__metadata__", ()):
            (scalar,) = get_args(get_args(hint.__origin__)[1])
            shape = (
                sizes[letter] if letter in sizes else int(letter) for letter in letters.split(", ")
            )
            found[name] = Layout(tuple(shape), np.dtype(scalar))
    return found
