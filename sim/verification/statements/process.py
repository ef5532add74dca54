"""What unfolds over days: noise, salience, tension and incidents, credibility, paired draws.

Source: section 7, V6, V7, V12, V13, V15, V20; Hawkes 1971. Where a number is estimated from a run,
the tolerance is four standard errors at a fixed seed: a correct model fails one such comparison
in about 16,000 seeds.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import numpy as np

from sim.laws.chance import poisson_count, standard_normal
from sim.laws.tension import incident_rate, new_tension
from sim.parameters import retention
from sim.verification.statements.documents import (
    BACKGROUND,
    FIRST,
    SECOND,
    Document,
    audience,
    document,
    narrative,
)
from sim.verification.statements.result import EXACT, SIX, StatementResult, compare
from sim.verification.statements.running import prepare_model, simulate, world_of
from sim.world.arrays import Floats, World
from sim.world.draws import draws, uniforms

ERRORS = 4.0  # standard errors


def noise() -> list[StatementResult]:
    """V6: noise against the anchor's pull: an AR(1) process with the sd it should have.

    With phi = 1 - alpha, the squares of an AR(1) path have autocorrelation phi^(2h), so a variance
    from n values has relative standard error sqrt(2 (1 + phi^2)/(1 - phi^2)/n); half of that for
    the standard deviation.
    """
    sigma, alpha, settled, days, count = 0.01, 0.02, 300, 1500, 50
    places = [
        audience(f"place {a}", {BACKGROUND: (0.0, 0.0)}, pull=alpha, start=(0.0, 0.0))
        for a in range(count)
    ]
    case = document(steps=days, audiences=places, on=("noise",), parameters={"noise": sigma})
    s = simulate(case, seed=6).sympathy
    sample = s[settled:]
    keep = (1.0 - alpha) ** 2
    error = math.sqrt((1.0 + keep) / (1.0 - keep) / (2.0 * sample.size))
    spread = math.sqrt(float((sample**2).mean()))
    u = draws(world_of(case), 6, 0).noise[:, 0, 0]
    path = np.zeros(days + 1)
    for day in range(days):
        path[day + 1] = (1.0 - alpha) * path[day] + sigma * standard_normal(float(u[day]))
    return [
        compare("V6", "sd of sympathy under noise", 0.0502519, spread,
                 ERRORS * error * 0.0502519),
        compare("V6", "a path against its AR(1) recursion, largest error", 0.0,
                 np.abs(path - s[:, 0, 0]).max(), 1e-14),
    ]  # fmt: skip


def salience() -> list[StatementResult]:
    """V7: salience fades by its half-life; steady talk holds chi e/(1 - rho) above rest."""
    stop = 500
    case = document(
        steps=stop + 20,
        audiences=[
            audience("alone", {BACKGROUND: (0.0, 0.0), "raids": (0.0, 0.0)},
                     salience={"raids": 0.1})
        ],
        on=("priming",),
        issues=(BACKGROUND, "raids"),
        parameters={"salience_half_life": 10.0, "priming": 0.05},
        effort=(10.0, 0.0),
        narratives=[narrative("case", FIRST, "PROMOTE", "raids", until=stop - 1)],
    )  # fmt: skip
    excess = simulate(case).salience[:, 0, 1] - 0.1
    return [
        compare("V7", "salience kept a day", 0.933033, excess[stop + 5] / excess[stop + 4], SIX),
        compare("V7", "primed excess after the day's priming", 0.746636, excess[stop], SIX),
    ]


class Hawkes(NamedTuple):
    """Inputs of the Hawkes statements; ``calming`` is 0 without mediation."""

    base: float = 0.05
    branching: float = 0.4
    persistence: float = retention(15.0)
    jump: float = 1.0
    calming: float = 0.0


LONG_RUN, WINDOW, CHECKED = 1_000_000, 1000, 200


@cache
def _run_hawkes(process: Hawkes, days: int) -> tuple[Floats, Floats]:
    """Incidents[t] and tension[t] by the model's laws on the named draws."""
    u = [uniforms(12, 0, days, "incident", name).tolist() for name in (FIRST, SECOND)]
    incidents, tensions = np.empty(days), np.empty(days + 1)
    tension = tensions[0] = 0.0
    for day, (one, two) in enumerate(zip(*u, strict=True)):
        rate = incident_rate(
            process.base, process.branching, process.persistence, process.jump, tension
        )
        count = poisson_count(one, rate / 2.0) + poisson_count(two, rate / 2.0)
        tension = new_tension(
            tension, process.persistence, process.calming, 0.0, process.jump, count
        )
        incidents[day] = count
        tensions[day + 1] = tension
    return incidents, tensions


def _incident_case(mediated: bool) -> Document:
    """The same process in the whole model; the offer of day 0 acts from day 1 on, to the end."""
    return document(
        steps=CHECKED,
        audiences=[audience("alone", {BACKGROUND: (0.0, 0.0)})],
        on=("incidents", "mediation"),
        parameters={
            "base_incident_rate": 0.05, "branching_ratio": 0.4, "tension_half_life": 15.0,
            "incident_tension": 1.0, "calming": 0.05, "mediation_length": float(CHECKED),
        },
        claimants=({"acceptance": "always"}, {"acceptance": "always"}),
        mediator={"audience": "alone", "policy": "scripted" if mediated else "none", "days": [0]},
    )  # fmt: skip


def _offspring(process: Hawkes) -> float:
    """Incidents that one incident sets off: the extra rate summed over the days that follow."""
    tension, total = process.jump, 0.0
    for _ in range(3000):
        rate = incident_rate(
            process.base, process.branching, process.persistence, process.jump, tension
        )
        total += rate - process.base
        tension = new_tension(
            tension, process.persistence, process.calming, 0.0, process.jump, 0.0
        )
    return total


PLAIN, MEDIATED = Hawkes(), Hawkes(calming=0.05)


def incidents() -> list[StatementResult]:
    """V12: rate and clustering of incidents, without and with mediation.

    A branching ratio n gives rate lambda0/(1 - n) and, over long windows, variance/mean
    1/(1 - n)^2; active mediation lets tension keep rho (1 - mu), so one incident sets off
    n_M = n (1 - rho)/(1 - rho (1 - mu)). The mean of T days has variance rate F/T. In windows of
    L days the ratio falls short of F by (F - 1)(1 - phi^L)/((1 - phi) L), phi = rho + n (1 - rho),
    since counts h days apart have covariance in proportion to phi^h; that is added back.
    """
    comparisons = []
    for mediated, process, rate in ((False, PLAIN, 0.0833333), (True, MEDIATED, 0.0620684)):
        what = " with mediation" if mediated else ""
        found, _ = _run_hawkes(process, LONG_RUN)
        error = _rate_error(process)
        comparisons.append(
            compare("V12", f"incidents a day{what}", rate, found.mean(), ERRORS * error)
        )
        model = simulate(_incident_case(mediated), seed=12)
        # the offer of day 0 acts from day 1 on: on day 0 there is no tension to calm
        law, _ = _run_hawkes(process, CHECKED)
        apart = float(np.abs(model.incidents.sum(axis=1) - law).max())
        comparisons.append(
            compare("V12", f"the whole model against its laws{what}", 0.0, apart, EXACT)
        )
    counts = _run_hawkes(PLAIN, LONG_RUN)[0].reshape(-1, WINDOW).sum(axis=1)
    fano = float(counts.var(ddof=1) / counts.mean())
    long_fano = 1.0 / (1.0 - PLAIN.branching) ** 2
    phi = PLAIN.persistence + PLAIN.branching * (1.0 - PLAIN.persistence)
    short = (long_fano - 1.0) * (1.0 - phi**WINDOW) / ((1.0 - phi) * WINDOW)
    error = long_fano * math.sqrt(2.0 / (len(counts) - 1))
    return [
        *comparisons,
        compare("V12", "incidents set off by one", 0.4, _offspring(PLAIN), 1e-12),
        compare("V12", "incidents set off by one, with mediation", 0.194438, _offspring(MEDIATED),
                 SIX),
        compare("V12", "Fano factor of long windows", 2.778, fano + short, ERRORS * error),
    ]  # fmt: skip


def _rate_error(process: Hawkes) -> float:
    """Standard error of the mean rate over the long run: sqrt(rate F/T)."""
    n = process.branching * (1.0 - process.persistence)
    n /= 1.0 - process.persistence * (1.0 - process.calming)
    return math.sqrt(process.base / (1.0 - n) ** 3 / LONG_RUN)


def mean_tension() -> list[StatementResult]:
    """V13: tension is J rate/(1 - rho (1 - mu)) on average; its error is the rate's, so scaled."""
    comparisons = []
    for what, process, mean in (("", PLAIN, 1.84536), (" with mediation", MEDIATED, 0.668118)):
        _, tensions = _run_hawkes(process, LONG_RUN)
        scale = process.jump / (1.0 - process.persistence * (1.0 - process.calming))
        tolerance = ERRORS * scale * _rate_error(process)
        comparisons.append(compare("V13", f"mean tension{what}", mean, tensions.mean(), tolerance))
    return comparisons


def credibility() -> list[StatementResult]:
    """V15: credibility is (n0 c0 + sum of e ehat)/(n0 + sum of e) at full attention."""
    comparisons = []
    for days, evidence, expected, what in (
        (10, 1.0, 0.733333, "ten true statements"),
        (10, 0.0, 0.4, "ten false ones"),
        (5, 0.3, 0.54, "five at evidence 0.3"),
    ):
        case = document(
            steps=days,
            audiences=[audience("alone", {BACKGROUND: (0.0, 0.0)}, trust=(0.6, 0.6))],
            parameters={"credibility_prior": 20.0},
            effort=(10.0, 0.0),
            narratives=[narrative("case", FIRST, "PROMOTE", BACKGROUND, evidence=evidence)],
        )
        record = simulate(case)
        kept, broken = record.kept[-1, 0, 0], record.broken[-1, 0, 0]
        comparisons.append(
            compare("V15", f"credibility after {what}", expected, kept / (kept + broken), SIX)
        )
    return comparisons


def paired_draws() -> list[StatementResult]:
    """V20: on the same draws an effect shows without noise: 0.1 (1 - 0.98^100), no spread."""

    def case(shift: float) -> World:
        alone = audience("alone", {BACKGROUND: (shift, 0.0)}, pull=0.02, start=(0.0, 0.0))
        return world_of(
            document(steps=100, audiences=[alone], on=("noise",), parameters={"noise": 0.01})
        )

    arms = case(0.0), case(0.1)
    ends = np.array(
        [[prepare_model(arm, 20, r).run().sympathy[-1, 0, 0] for arm in arms] for r in range(25)]
    )
    apart = ends[:, 1] - ends[:, 0]
    return [
        compare("V20", "paired difference", 0.0867380, apart.mean(), 5e-8),
        compare("V20", "sd of paired differences", 0.0, apart.std(ddof=1), 1e-15),
        compare("V20", "sd of one arm is not small (1: above 0.01)", 1.0,
                 float(ends[:, 0].std(ddof=1) > 0.01), EXACT),
    ]  # fmt: skip
