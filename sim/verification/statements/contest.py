"""The contest for attention: where effort goes, attack or promote, when to speak, who earned it.

Source: section 7, V5, V17-V19; Friedman 1958, Tullock 1980, Shapley 1953. The equilibria are found
by iterated best response on the model's own payoffs, without using their formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from sim.laws.contest import contest_share
from sim.laws.sympathy import message_pull, peer_weight, pull
from sim.verification.statements.documents import (
    BACKGROUND,
    FIRST,
    NET_ANCHORS,
    NET_PEERS,
    NET_PULLS,
    SECOND,
    accusation,
    audience,
    document,
    half_attack_half_promote,
    narrative,
    network,
)
from sim.verification.statements.result import SIX, StatementResult, compare
from sim.verification.statements.running import final_alignment, prepare_model, world_of
from sim.world.arrays import Floats

IMPORTANCE = (0.5, 0.3, 0.2)
MESSAGE_WEIGHT, PEER_PULL = 0.1, 0.2


def network_friedman() -> list[StatementResult]:
    """V5: in equilibrium both sides spread effort in proportion to V.

    The payoff is X where sympathies settle. With H0 = 0 and half attack, half promotion, the
    weight of messages is constant and x = (I - M)^-1 [Lambda x_u + (1 - alpha) omega (2p - 1)],
    p = e1/(e1 + e2) by audience. dX/dp = 2 [(I - M)^-T v] (1 - alpha) omega = V, and the game
    sum V p with fixed budgets has its equilibrium where both spend in proportion to V.
    """
    shares = (0.458611, 0.324534, 0.216855)
    first, second = _best_responses(_settled_lead, (2.0, 1.0))
    comparisons = []
    for side, efforts in (("first", first), ("second", second)):
        for a, share in enumerate(shares):
            what = f"equilibrium share of the {side} at audience {a + 1}"
            comparisons.append(compare("V5", what, share, efforts[a] / efforts.sum(), 1e-5))
    v = np.array(IMPORTANCE)

    def lead(one: Sequence[float], other: Sequence[float]) -> float:
        return float(v @ final_alignment(
            network(
                steps=400, pulls=NET_PULLS, start=(0.0, 0.0, 0.0), anchors=NET_ANCHORS,
                importance=IMPORTANCE, on=("peers", "persuasion"),
                parameters={"message_weight": MESSAGE_WEIGHT, "draw": 0.0},
                **half_attack_half_promote(one, other),
            )
        ))  # fmt: skip

    spread = [2.0 / 3.0] * 3
    held = second.tolist()
    return [
        *comparisons,
        compare("V5", "X in equilibrium", 0.192904, lead(first.tolist(), held), SIX),
        compare("V5", "X when the first side spreads evenly", 0.181154, lead(spread, held), SIX),
    ]


def _settled_lead(first: Floats, second: Floats) -> float:
    """X where sympathies settle under constant efforts, by the model's laws."""
    count = len(first)
    names = list(NET_PEERS)
    matrix, constant = np.eye(count), np.zeros(count)
    for a, name in enumerate(names):
        # half of each side's effort promotes, half attacks: X+ and X- of the first side
        pro, con = first[a] / 2.0, second[a] / 2.0
        toward = message_pull(1.0, MESSAGE_WEIGHT, contest_share(pro, con, 0.0, 1.0))
        away = message_pull(1.0, MESSAGE_WEIGHT, contest_share(con, pro, 0.0, 1.0))
        alpha = NET_PULLS[a]
        left = 1.0 - alpha
        listening = peer_weight(alpha, toward + away, PEER_PULL)
        # s' - s is affine in s: minus its slope on the left, its value at s = 0 on the right
        matrix[a, a] = alpha + left * (toward + away) + listening
        for other, weight in NET_PEERS[name].items():
            matrix[a, names.index(other)] -= listening * weight
        constant[a] = pull(alpha, 1.0, NET_ANCHORS[a], 0.0) + left * (toward - away)
    return float(np.array(IMPORTANCE) @ np.linalg.solve(matrix, constant))


def _best_responses(
    payoff: Callable[[Floats, Floats], float], budgets: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Iterate best responses of a zero-sum contest until neither side moves."""
    efforts = [np.full(3, budget / 3.0) for budget in budgets]
    for _ in range(60):
        before = np.concatenate(efforts)
        for side, sign in ((0, -1.0), (1, 1.0)):

            def loss(mine: Floats, side: int = side, sign: float = sign) -> float:
                both = [mine, efforts[1]] if side == 0 else [efforts[0], mine]
                return sign * payoff(both[0], both[1])

            found = minimize(
                loss, efforts[side], method="SLSQP", bounds=[(1e-9, budgets[side])] * 3,
                constraints={"type": "eq", "fun": lambda e, side=side: e.sum() - budgets[side]},
                options={"ftol": 1e-15},
            )  # fmt: skip
            efforts[side] = found.x
        if np.abs(np.concatenate(efforts) - before).max() < 1e-9:
            break
    return efforts[0], efforts[1]


def half_attack() -> list[StatementResult]:
    """V17: attack and promotion are worth the same at potency 1, whatever budgets and draw.

    One step from 0: side 1 gains (X+1 - X-1)/(X+1 + X-1 + H0) less the same of the rival, where
    X+ is what a side promotes and X- what its rival attacks, times the potency.
    """
    comparisons = []
    for budgets in ((1.0, 1.0), (2.0, 1.0), (5.0, 1.0)):
        for draw in (0.0, 0.2, 1.0):
            found = _attack_shares(1.0, budgets, draw)
            off = max(abs(share - 0.5) for share in found)
            what = f"attack shares off 1/2, budgets {budgets[0]:g}:1, H0 {draw:g}"
            comparisons.append(compare("V17", what, 0.0, off, 1e-5))
    for draw, expected in ((0.0, (0.390, 0.610)), (1.0, (0.461, 0.754))):
        found = _attack_shares(2.0, (2.0, 1.0), draw)
        for side, share, obtained in zip(("leader", "trailer"), expected, found, strict=True):
            what = f"attack share of the {side} at potency 2, H0 {draw:g}"
            comparisons.append(compare("V17", what, share, obtained, 5e-4))
    return comparisons


def _attack_shares(
    potency: float, budgets: tuple[float, float], draw: float
) -> tuple[float, float]:
    """Attack shares in equilibrium, by damped best response."""

    def gain(shares: tuple[float, float]) -> float:
        total = 0.0
        for k, sign in ((0, 1.0), (1, -1.0)):
            pro = (1.0 - shares[k]) * budgets[k]
            con = potency * shares[1 - k] * budgets[1 - k]
            own = contest_share(pro, con, draw, 1.0) - contest_share(con, pro, draw, 1.0)
            total += sign * own
        return total

    def best(loss: Callable[[float], float]) -> float:
        options = {"xatol": 1e-10}
        return float(minimize_scalar(loss, bounds=(0.0, 1.0), method="bounded", options=options).x)

    shares = (0.4, 0.6)
    for _ in range(80):
        one, two = shares
        first = best(lambda a, two=two: -gain((a, two)))  # type: ignore[misc]
        second = best(lambda a, one=one: gain((one, a)))  # type: ignore[misc]
        shares = ((one + first) / 2.0, (two + second) / 2.0)
    return shares


def timing() -> list[StatementResult]:
    """V18: one visit while attention fades: first if attention fades faster than sympathy.

    A visit on day t counts (1 - alpha) omega rho^t (1 - alpha)^(T - 1 - t) at T.
    """

    def by_day(half_life: float) -> list[float]:
        fading = 0.5 ** (1.0 / half_life)
        return [_sympathy_after_visit(day, fading) for day in range(30)]

    short, tie, long = by_day(10.0), by_day(34.309618), by_day(90.0)
    return [
        compare("V18", "attention half-life 10 d: visit on day 0", 0.0545484, short[0], 5e-8),
        compare("V18", "attention half-life 10 d: visit on the last day", 0.0131292, short[-1],
                 5e-8),
        compare("V18", "attention half-life 10 d: best day", 0, int(np.argmax(short)), 0.0),
        compare("V18", "tie at 34.31 d: spread over days", 0.0, max(tie) - min(tie), 1e-8),
        compare("V18", "attention half-life 90 d: visit on the last day", 0.0783840, long[-1],
                 5e-8),
        compare("V18", "attention half-life 90 d: best day", 29, int(np.argmax(long)), 0.0),
    ]  # fmt: skip


def _sympathy_after_visit(visit: int, fading: float) -> float:
    alpha, s = 0.02, 0.0
    for day in range(30):
        share = contest_share(1.0, 0.0, 0.0, 1.0) if day == visit else 0.0
        omega = message_pull(fading**day, 0.1, share)
        s += pull(alpha, 1.0, 0.0, s) + pull((1.0 - alpha) * omega, 1.0, 1.0, s)
    return s


def shapley() -> list[StatementResult]:
    """V19: what each of three narratives earned in one step, its marginal worth over all orders.

    A narrative that is dropped is silent; its effort stays unspent.
    """
    world = world_of(
        document(
            steps=1,
            audiences=[audience("alone", {BACKGROUND: (0.0, 0.0)}, pull=0.0, start=(0.0, 0.0))],
            on=("persuasion",),
            parameters={"message_weight": 0.1, "draw": 1.0},
            effort=(30.0, 10.0),
            narratives=[
                narrative("pro, two", FIRST, "PROMOTE", BACKGROUND, 2.0),
                narrative("pro, one", FIRST, "PROMOTE", BACKGROUND, 1.0),
                narrative("con, one", SECOND, "ATTACK", BACKGROUND, 1.0, claim="guilt"),
            ],
            claims=[accusation("guilt", FIRST, BACKGROUND)],
        )
    )

    def worth(spoken: frozenset[int]) -> float:
        said = world.spoken & np.array([n in spoken for n in range(3)])
        return float(prepare_model(world._replace(spoken=said)).run().sympathy[1, 0, 0])

    earned = np.zeros(3)
    orders = list(permutations(range(3)))
    for order in orders:
        for place, n in enumerate(order):
            earned[n] += worth(frozenset(order[: place + 1])) - worth(frozenset(order[:place]))
    earned /= len(orders)
    names = ("pro 2", "pro 1", "con 1")
    comparisons = [
        compare("V19", f"Shapley value of {name}", value, earned[n], SIX)
        for n, (name, value) in enumerate(zip(names, (0.052222, 0.031389, -0.043611), strict=True))
    ]
    return [*comparisons, compare("V19", "sum of the values", 0.04, earned.sum(), 1e-15)]
