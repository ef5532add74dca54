"""What an issue does that comes up: the anchor between averaging and adding.

Source: section 7, V24, V25; equation (2a). What is in the books of such a day is here, too.
"""

from __future__ import annotations

import numpy as np

from sim.laws.anchor import anchor
from sim.verification.statements import documents
from sim.verification.statements.documents import FIRST, SECOND, Document, audience, document
from sim.verification.statements.result import EXACT, SIX, Checks
from sim.verification.statements.running import model_of, simulate

ISSUES = (documents.BACKGROUND, "raids", "river")
ROUNDING = 1e-12


def raised_case(
    rest: tuple[float, ...],
    judged: tuple[tuple[float, ...], tuple[float, ...]],
    shock: float,
    crowding: float,
    pull: float = 1.0,
) -> Document:
    """Return one audience on the day on which the second issue comes up; nobody speaks.

    Parameters
    ----------
    rest
        Resting salience of the issues after the background.
    judged
        Judgements of (First, Second), each by issue.
    shock
        What the day adds to the salience of the second issue.
    crowding
        c.
    pull
        Anchor pull; at 1 sympathy is at the anchor the next day.
    """
    names = ISSUES[: 1 + len(rest)]
    judgements = dict(zip(names, zip(*judged, strict=True), strict=True))
    salience = dict(zip(names[1:], rest, strict=True))
    return document(
        1,
        [audience("alone", judgements, salience=salience, pull=pull)],
        on=("summation",),
        issues=names,
        parameters={"crowding": crowding},
        events=[{"name": "raid", "day": 0, "salience": {"raids": shock}}],
    )


def averaging_and_adding() -> Checks:
    """V24: at c = 1 what is salient crowds out the rest, at 0 it adds; past the ends it is cut.

    At rest (1, .1, .1) First is judged .43/1.2, Second -.025/1.2. The raid makes salience
    (1, .9, .1), so that raids are .8/2 above their rest as part of all.
    """
    judged = (0.4, 0.5, -0.2), (0.0, -0.4, 0.15)
    for crowding, expected in (
        (1.0, (0.415, -0.1725)),
        (0.5, (0.486667, -0.176667)),
        (0.0, (0.558333, -0.180833)),
    ):
        u = simulate(raised_case((0.1, 0.1), judged, 0.8, crowding)).sympathy[1, 0]
        for k in (0, 1):
            yield f"anchor of claimant {k + 1} at c = {crowding:g}", expected[k], u[k], SIX
    judged = (0.9, 1.0, 0.0), (-0.9, -1.0, 0.0)
    case = raised_case((0.1, 0.1), judged, 3.0, 0.0)
    for k, end in enumerate((1.0, -1.0)):
        u = simulate(case).sympathy[1, 0, k]
        yield f"anchor of claimant {k + 1} past the end", end, u, EXACT
    model = model_of(raised_case((0.1, 0.1), judged, 3.0, 0.0, pull=0.07), ledger=True)
    model.run()
    booked = {(entry.cause, entry.cause_id, entry.k): entry.delta for entry in model.ledger or ()}
    for k, sign in ((0, 1.0), (1, -1.0)):
        cut = booked.get(("clip", "anchor", k), 0.0)
        raised = booked.get(("salience", "raids", k), 0.0)
        yield f"booked to the cut, claimant {k + 1}", -sign * 0.0383333, cut, SIX
        yield f"booked to the raised issue, claimant {k + 1}", sign * 0.05, raised, SIX
    yield "the coded form against (2a), largest difference", 0.0, _largest_difference(), ROUNDING


def _largest_difference() -> float:
    """Return how far the coded form of the anchor is from (2a) as it is written."""
    rng, largest = np.random.default_rng(24), 0.0
    for _ in range(200):
        rest, now = np.append(1.0, rng.random(3)), np.append(1.0, 3.0 * rng.random(3))
        judged, crowding = rng.uniform(-1.0, 1.0, 4), float(rng.random())
        at_rest = float(rest @ judged / rest.sum())
        excess = (now - rest) / now.sum()
        written = at_rest + float(excess @ (judged - crowding * at_rest))
        averaged = float(now @ judged / now.sum())
        coded = anchor(averaged, at_rest, float(excess.sum()), crowding)
        largest = max(largest, abs(written - coded))
    return largest


def displaced_lead() -> Checks:
    """V25: the lead of the better liked side falls by c/2 where an issue judges both alike.

    x of the anchor is .16 at rest; the issue takes 1/2 of all salience above its rest.
    """
    for crowding in (0.0, 0.2, 0.5, 1.0):
        case = raised_case((0.25,), ((0.4, -0.2), (0.0, -0.2)), 1.25, crowding)
        first, second = simulate(case).sympathy[1, 0]
        expected = 0.16 * (1.0 - crowding / 2.0)
        what = f"lead of {FIRST} over {SECOND} at c = {crowding:g}"
        yield what, expected, (first - second) / 2.0, ROUNDING
