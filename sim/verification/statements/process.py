"""What unfolds over days: noise, salience, tension and incidents, credibility, paired draws.

Source: section 7, V6, V7, V12, V13, V15, V20; Hawkes 1971. Where a number is estimated from a run,
the tolerance is four standard errors at a fixed seed: a correct model fails one such comparison
in about 16,000 seeds. Where sympathies end is in ``equilibrium``.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import numpy as np

from sim.laws.chance import poisson_count, standard_normal
from sim.laws.tension import incident_rate, new_tension
from sim.parameters import retention
from sim.verification.statements import documents
from sim.verification.statements.documents import FIRST, SECOND, audience, document
from sim.verification.statements.result import EXACT, SIX, Checks
from sim.verification.statements.running import apart, simulate, world_of
from sim.world.arrays import Floats, World
from sim.world.draws import draws, uniforms

ERRORS = 4.0  # standard errors
LONG_RUN, WINDOW, CHECKED = 1_000_000, 1000, 200  # days


def noise() -> Checks:
    """V6: noise against the anchor's pull: an AR(1) process with the sd it should have.

    With phi = 1 - alpha, the squares of an AR(1) path have autocorrelation phi^(2h), so a variance
    from n values has relative standard error sqrt(2 (1 + phi^2)/(1 - phi^2)/n); half of that for
    the standard deviation.
    """
    sigma, alpha, settled, days, count = 0.01, 0.02, 300, 1500, 50
    places = [audience(f"place {a}", pull=alpha, start=(0.0, 0.0)) for a in range(count)]
    case = document(days, places, on=("noise",), parameters={"noise": sigma})
    s = simulate(case, 6).sympathy
    sample = s[settled:]
    keep = (1.0 - alpha) ** 2
    error = math.sqrt((1.0 + keep) / (1.0 - keep) / (2.0 * sample.size))
    spread = math.sqrt(float((sample**2).mean()))
    yield "sd of sympathy under noise", 0.0502519, spread, ERRORS * error * 0.0502519
    u = draws(world_of(case), 6, 0).noise[:, 0, 0]
    path = np.zeros(days + 1)
    for day in range(days):
        path[day + 1] = (1.0 - alpha) * path[day] + sigma * standard_normal(float(u[day]))
    largest = apart(path, s[:, 0, 0])
    yield "a path against its AR(1) recursion, largest error", 0.0, largest, 1e-14


def salience() -> Checks:
    """V7: salience fades by its half-life; steady talk holds chi e/(1 - rho) above rest."""
    stop = 500
    alone = audience("alone", {**documents.NEUTRAL, "raids": (0.0, 0.0)}, salience={"raids": 0.1})
    case = document(
        stop + 20,
        [alone],
        on=("priming",),
        issues=(documents.BACKGROUND, "raids"),
        parameters={"salience_half_life": 10.0, "priming": 0.05},
        **documents.steady_campaign("raids", until=stop - 1),
    )
    excess = simulate(case).salience[:, 0, 1] - 0.1
    yield "salience kept a day", 0.933033, excess[stop + 5] / excess[stop + 4], SIX
    yield "primed excess after the day's priming", 0.746636, excess[stop], SIX


class Hawkes(NamedTuple):
    """A self-exciting process of incidents (V12, V13).

    Attributes
    ----------
    base
        lambda0, incidents a day at tension 0.
    branching
        n, incidents that one incident sets off without mediation.
    persistence
        rho, the share of tension that is left a day later.
    jump
        J, tension that an incident adds.
    calming
        mu, the share of tension that mediation takes away a day; 0 without mediation.
    """

    base: float = 0.05
    branching: float = 0.4
    persistence: float = retention(15.0)
    jump: float = 1.0
    calming: float = 0.0

    def rate(self, tension: float) -> float:
        """Return lambda, the incidents expected in a day that begins at this tension."""
        return incident_rate(self.base, self.branching, self.persistence, self.jump, tension)

    def next_tension(self, tension: float, incidents: float) -> float:
        """Return tomorrow's tension after so many incidents today."""
        return new_tension(tension, self.persistence, self.calming, 0.0, self.jump, incidents)

    def offspring(self) -> float:
        """Return the incidents that one sets off: the extra rate over the days that follow."""
        tension, total = self.jump, 0.0
        for _ in range(3000):
            total += self.rate(tension) - self.base
            tension = self.next_tension(tension, 0.0)
        return total

    def fading(self) -> float:
        """Return 1 - rho (1 - mu), the share of tension that is gone a day later."""
        return 1.0 - self.persistence * (1.0 - self.calming)

    def rate_error(self) -> float:
        """Return the standard error of the mean rate over the long run, sqrt(rate F/T)."""
        n = self.branching * (1.0 - self.persistence) / self.fading()
        return math.sqrt(self.base / (1.0 - n) ** 3 / LONG_RUN)


PLAIN, MEDIATED = Hawkes(), Hawkes(calming=0.05)


@cache
def _run_hawkes(process: Hawkes, days: int) -> tuple[Floats, Floats]:
    """Return incidents[t] and tension[t], by the model's laws on the named draws."""
    u = [uniforms(12, 0, days, "incident", name).tolist() for name in (FIRST, SECOND)]
    incidents, tensions = np.empty(days), np.empty(days + 1)
    tension = tensions[0] = 0.0
    for day, (one, two) in enumerate(zip(*u, strict=True)):
        rate = process.rate(tension)
        count = poisson_count(one, rate / 2.0) + poisson_count(two, rate / 2.0)
        tension = process.next_tension(tension, count)
        incidents[day] = count
        tensions[day + 1] = tension
    return incidents, tensions


def _incident_case(mediated: bool) -> documents.Document:
    """Return the same process in the whole model.

    The offer of day 0 acts from day 1 on, to the end: on day 0 there is no tension to calm.
    """
    return document(
        CHECKED,
        [audience("alone")],
        on=("incidents", "mediation"),
        parameters={
            "base_incident_rate": 0.05,
            "branching_ratio": 0.4,
            "tension_half_life": 15.0,
            "incident_tension": 1.0,
            "calming": 0.05,
            "mediation_length": float(CHECKED),
        },
        claimants=({"acceptance": "always"}, {"acceptance": "always"}),
        mediator={"audience": "alone", "policy": "scripted" if mediated else "none", "days": [0]},
    )


def incidents() -> Checks:
    """V12: rate and clustering of incidents, without and with mediation.

    A branching ratio n gives rate lambda0/(1 - n) and, over long windows, variance/mean
    1/(1 - n)^2; active mediation lets tension keep rho (1 - mu), so one incident sets off
    n_M = n (1 - rho)/(1 - rho (1 - mu)). The mean of T days has variance rate F/T. In windows of
    L days the ratio falls short of F by (F - 1)(1 - phi^L)/((1 - phi) L), phi = rho + n (1 - rho),
    since counts h days apart have covariance in proportion to phi^h; that is added back.
    """
    for what, process, rate in (("", PLAIN, 0.0833333), (" with mediation", MEDIATED, 0.0620684)):
        found, _ = _run_hawkes(process, LONG_RUN)
        yield f"incidents a day{what}", rate, found.mean(), ERRORS * process.rate_error()
        model = simulate(_incident_case(mediated=process is MEDIATED), 12)
        law, _ = _run_hawkes(process, CHECKED)
        largest = apart(model.incidents.sum(axis=1), law)
        yield f"the whole model against its laws{what}", 0.0, largest, EXACT
    counts = _run_hawkes(PLAIN, LONG_RUN)[0].reshape(-1, WINDOW).sum(axis=1)
    fano = float(counts.var(ddof=1) / counts.mean())
    long_fano = 1.0 / (1.0 - PLAIN.branching) ** 2
    phi = PLAIN.persistence + PLAIN.branching * (1.0 - PLAIN.persistence)
    short = (long_fano - 1.0) * (1.0 - phi**WINDOW) / ((1.0 - phi) * WINDOW)
    error = long_fano * math.sqrt(2.0 / (len(counts) - 1))
    yield "incidents set off by one", 0.4, PLAIN.offspring(), 1e-12
    yield "incidents set off by one, with mediation", 0.194438, MEDIATED.offspring(), SIX
    yield "Fano factor of long windows", 2.778, fano + short, ERRORS * error


def mean_tension() -> Checks:
    """V13: tension is J rate/(1 - rho (1 - mu)) on average; its error is the rate's, so scaled."""
    for what, process, mean in (("", PLAIN, 1.84536), (" with mediation", MEDIATED, 0.668118)):
        _, tensions = _run_hawkes(process, LONG_RUN)
        scale = process.jump / process.fading()
        tolerance = ERRORS * scale * process.rate_error()
        yield f"mean tension{what}", mean, tensions.mean(), tolerance


def credibility() -> Checks:
    """V15: credibility is (n0 c0 + sum of e ehat)/(n0 + sum of e) at full attention."""
    for days, evidence, expected, what in (
        (10, 1.0, 0.733333, "ten true statements"),
        (10, 0.0, 0.4, "ten false ones"),
        (5, 0.3, 0.54, "five at evidence 0.3"),
    ):
        case = document(
            days,
            [audience("alone", trust=(0.6, 0.6))],
            parameters={"credibility_prior": 20.0},
            **documents.steady_campaign(evidence=evidence),
        )
        record = simulate(case)
        kept, broken = record.kept[-1, 0, 0], record.broken[-1, 0, 0]
        yield f"credibility after {what}", expected, kept / (kept + broken), SIX


def paired_draws() -> Checks:
    """V20: on the same draws an effect shows without noise: 0.1 (1 - 0.98^100), no spread."""

    def world(anchor: float) -> World:
        judgements = {documents.BACKGROUND: (anchor, 0.0)}
        alone = audience("alone", judgements, pull=0.02, start=(0.0, 0.0))
        return world_of(document(100, [alone], on=("noise",), parameters={"noise": 0.01}))

    without, with_effect = (
        np.array([simulate(arm, 20, r).sympathy[-1, 0, 0] for r in range(25)])
        for arm in (world(0.0), world(0.1))
    )
    effects = with_effect - without
    yield "paired difference", 0.0867380, effects.mean(), 5e-8
    yield "sd of paired differences", 0.0, effects.std(ddof=1), 1e-15
    large = without.std(ddof=1) > 0.01
    yield "sd of one arm is not small (1: above 0.01)", 1.0, large, EXACT
