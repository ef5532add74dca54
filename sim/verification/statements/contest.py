"""The contest for attention: where effort goes, attack or promote, when to speak, who earned it.

Source: section 7, V5, V17-V19; Friedman 1958, Tullock 1980, Shapley 1953. The equilibria are found
by iterated best response on the model's own payoffs, without using their formulas. Effects of
single mechanisms outside the contest are in ``mechanisms``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations, product

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from sim.laws.contest import contest_share
from sim.laws.sympathy import message_pull, peer_weight, pull
from sim.verification.statements import documents
from sim.verification.statements.documents import BACKGROUND, FIRST, NET_PEERS, SECOND, narrative
from sim.verification.statements.result import SIX, Checks
from sim.verification.statements.running import final_alignment, simulate, world_of
from sim.world.arrays import Floats

IMPORTANCE = (0.5, 0.3, 0.2)
MESSAGE_WEIGHT, PEER_PULL = 0.1, 0.2
VISIT_DAYS = 30


def network_friedman() -> Checks:
    """V5: in equilibrium both sides spread effort in proportion to V.

    The payoff is X where sympathies settle. With H0 = 0 and half attack, half promotion, the
    weight of messages is constant and x = (I - M)^-1 [Lambda x_u + (1 - alpha) omega (2p - 1)],
    p = e1/(e1 + e2) by audience. dX/dp = 2 [(I - M)^-T v] (1 - alpha) omega = V, and the game
    sum V p with fixed budgets has its equilibrium where both spend in proportion to V.
    """
    found = _best_responses(_settled_lead, (2.0, 1.0))
    for side, efforts in zip(("first", "second"), found, strict=True):
        for a, share in enumerate((0.458611, 0.324534, 0.216855)):
            what = f"equilibrium share of the {side} at audience {a + 1}"
            yield what, share, efforts[a] / efforts.sum(), 1e-5
    first, second = (efforts.tolist() for efforts in found)
    even = [2.0 / 3.0] * 3
    yield "X in equilibrium", 0.192904, _lead_in_the_model(first, second), SIX
    lead = _lead_in_the_model(even, second)
    yield "X when the first side spreads evenly", 0.181154, lead, SIX


def _lead_in_the_model(first: Sequence[float], second: Sequence[float]) -> float:
    """Return X after 400 days of these efforts, [a] of each side, in the whole model."""
    case = documents.network(
        400,
        importance=IMPORTANCE,
        on=("peers", "persuasion"),
        parameters={"message_weight": MESSAGE_WEIGHT, "draw": 0.0},
        **documents.half_attack_half_promote(first, second),
    )
    return float(np.array(IMPORTANCE) @ final_alignment(case))


def _settled_lead(first: Floats, second: Floats) -> float:
    """Return X where sympathies settle under constant efforts, [a], by the model's laws."""
    count = len(first)
    names = list(NET_PEERS)
    matrix, constant = np.eye(count), np.zeros(count)
    for a, name in enumerate(names):
        # half of each side's effort promotes, half attacks: X+ and X- of the first side
        pro, con = first[a] / 2.0, second[a] / 2.0
        toward = message_pull(1.0, MESSAGE_WEIGHT, contest_share(pro, con, 0.0, 1.0))
        away = message_pull(1.0, MESSAGE_WEIGHT, contest_share(con, pro, 0.0, 1.0))
        alpha = documents.NET_PULLS[a]
        left = 1.0 - alpha
        listening = peer_weight(alpha, toward + away, PEER_PULL)
        # s' - s is affine in s: minus its slope on the left, its value at s = 0 on the right
        matrix[a, a] = alpha + left * (toward + away) + listening
        for other, weight in NET_PEERS[name].items():
            matrix[a, names.index(other)] -= listening * weight
        constant[a] = pull(alpha, 1.0, documents.NET_ANCHORS[a], 0.0) + left * (toward - away)
    return float(np.array(IMPORTANCE) @ np.linalg.solve(matrix, constant))


def _best_responses(
    payoff: Callable[[Floats, Floats], float], budgets: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Iterate best responses of a zero-sum contest until neither side moves.

    Parameters
    ----------
    payoff
        Of both efforts, [a] each; the first side wants it large, the second small.
    budgets
        What each side's efforts add up to.
    """
    efforts = [np.full(3, budget / 3.0) for budget in budgets]

    def loss(mine: Floats, side: int) -> float:
        return -payoff(mine, efforts[1]) if side == 0 else payoff(efforts[0], mine)

    def unspent(mine: Floats, side: int) -> float:
        return float(mine.sum() - budgets[side])

    for _ in range(60):
        before = np.concatenate(efforts)
        for side, budget in enumerate(budgets):
            efforts[side] = minimize(
                loss,
                efforts[side],
                args=(side,),
                method="SLSQP",
                bounds=[(1e-9, budget)] * 3,
                constraints={"type": "eq", "fun": unspent, "args": (side,)},
                options={"ftol": 1e-15},
            ).x
        if np.abs(np.concatenate(efforts) - before).max() < 1e-9:
            break
    return efforts[0], efforts[1]


def half_attack() -> Checks:
    """V17: attack and promotion are worth the same at potency 1, whatever budgets and draw.

    One step from 0: side 1 gains (X+1 - X-1)/(X+1 + X-1 + H0) less the same of the rival, where
    X+ is what a side promotes and X- what its rival attacks, times the potency.
    """
    for budget, draw in product((1.0, 2.0, 5.0), (0.0, 0.2, 1.0)):
        found = _attack_shares(1.0, (budget, 1.0), draw)
        off = max(abs(share - 0.5) for share in found)
        yield f"attack shares off 1/2, budgets {budget:g}:1, H0 {draw:g}", 0.0, off, 1e-5
    for draw, expected in ((0.0, (0.390, 0.610)), (1.0, (0.461, 0.754))):
        found = _attack_shares(2.0, (2.0, 1.0), draw)
        for side, share, obtained in zip(("leader", "trailer"), expected, found, strict=True):
            what = f"attack share of the {side} at potency 2, H0 {draw:g}"
            yield what, share, obtained, 5e-4


def _attack_shares(
    potency: float, budgets: tuple[float, float], draw: float
) -> tuple[float, float]:
    """Return the attack shares of both sides in equilibrium, by damped best response.

    Parameters
    ----------
    potency
        What an attack counts beside a promotion.
    budgets
        Effort of each side.
    draw
        H0, the part of attention that neither side wins.
    """

    def gain(first: float, second: float) -> float:
        shares, total = (first, second), 0.0
        for k, sign in ((0, 1.0), (1, -1.0)):
            pro = (1.0 - shares[k]) * budgets[k]
            con = potency * shares[1 - k] * budgets[1 - k]
            own = contest_share(pro, con, draw, 1.0) - contest_share(con, pro, draw, 1.0)
            total += sign * own
        return total

    def best(loss: Callable[[float, float], float], other: float) -> float:
        found = minimize_scalar(
            loss, bounds=(0.0, 1.0), args=(other,), method="bounded", options={"xatol": 1e-10}
        )
        return float(found.x)

    one, two = 0.4, 0.6
    for _ in range(80):
        first = best(lambda mine, other: -gain(mine, other), two)
        second = best(lambda mine, other: gain(other, mine), one)
        one, two = (one + first) / 2.0, (two + second) / 2.0
    return one, two


def timing() -> Checks:
    """V18: one visit while attention fades: first if attention fades faster than sympathy.

    A visit on day t counts (1 - alpha) omega rho^t (1 - alpha)^(T - 1 - t) at T.
    """
    short, tie, long = (
        [_sympathy_after_visit(day, 0.5 ** (1.0 / half_life)) for day in range(VISIT_DAYS)]
        for half_life in (10.0, 34.309618, 90.0)
    )
    yield "attention half-life 10 d: visit on day 0", 0.0545484, short[0], 5e-8
    yield "attention half-life 10 d: visit on the last day", 0.0131292, short[-1], 5e-8
    yield "attention half-life 10 d: best day", 0, int(np.argmax(short)), 0.0
    yield "tie at 34.31 d: spread over days", 0.0, max(tie) - min(tie), 1e-8
    yield "attention half-life 90 d: visit on the last day", 0.0783840, long[-1], 5e-8
    yield "attention half-life 90 d: best day", 29, int(np.argmax(long)), 0.0


def _sympathy_after_visit(visit: int, fading: float) -> float:
    """Return sympathy at the end for a visit on this day; attention keeps ``fading`` a day."""
    alpha, s = 0.02, 0.0
    for day in range(VISIT_DAYS):
        share = contest_share(1.0, 0.0, 0.0, 1.0) if day == visit else 0.0
        omega = message_pull(fading**day, 0.1, share)
        s += pull(alpha, 1.0, 0.0, s) + pull((1.0 - alpha) * omega, 1.0, 1.0, s)
    return s


def shapley() -> Checks:
    """V19: what each of three narratives earned in one step, its marginal worth over all orders.

    A narrative that is dropped is silent; its effort stays unspent.
    """
    world = world_of(
        documents.document(
            1,
            [documents.audience("alone", pull=0.0, start=(0.0, 0.0))],
            on=("persuasion",),
            parameters={"message_weight": 0.1, "draw": 1.0},
            effort=(30.0, 10.0),
            narratives=[
                narrative(FIRST, "PROMOTE", BACKGROUND, 2.0, name="pro, two"),
                narrative(FIRST, "PROMOTE", BACKGROUND, 1.0, name="pro, one"),
                narrative(SECOND, "ATTACK", BACKGROUND, 1.0, claim="guilt"),
            ],
            claims=[documents.accusation("guilt", FIRST, BACKGROUND)],
        )
    )

    def worth(spoken: tuple[int, ...]) -> float:
        said = world.spoken & np.isin(range(3), spoken)
        return float(simulate(world._replace(spoken=said)).sympathy[1, 0, 0])

    earned = np.zeros(3)
    orders = list(permutations(range(3)))
    for order in orders:
        for place, n in enumerate(order):
            earned[n] += worth(order[: place + 1]) - worth(order[:place])
    earned /= len(orders)
    expected = (("pro 2", 0.052222), ("pro 1", 0.031389), ("con 1", -0.043611))
    for (name, value), obtained in zip(expected, earned, strict=True):
        yield f"Shapley value of {name}", value, obtained, SIX
    yield "sum of the values", 0.04, earned.sum(), 1e-15
