"""What one mechanism does, and what turning it off means.  Source: section 7, V11, V21."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.engines.agents import NarrativeModel
from sim.parameters import Switches
from sim.verification.statements.documents import (
    BACKGROUND,
    FIRST,
    SECOND,
    Document,
    changed,
    drawn_case,
    narrative,
)
from sim.verification.statements.outcome import EXACT, Outcome, compared
from sim.verification.statements.running import difference, model_of, simulate
from sim.world.arrays import Record

CASES = 6


def monotone() -> list[Outcome]:
    """V11: more exposure for a claimant never lowers its sympathy and leaves the rival's alone.

    One narrative at one audience gains evidence, which raises X+ there and nothing else.
    """
    outcomes = []
    off = ("priming", "credibility", "credence", "mediation", "replies", "backlash")
    for number in range(CASES):
        side, other = ((FIRST, 0), 1) if number % 2 == 0 else ((SECOND, 1), 0)
        base = changed(drawn_case(number), switches=dict.fromkeys(off, False))
        place = base["audiences"][number % 3]["name"]

        def run(evidence: float, base: Document = base, sender: str = side[0],
                place: str = place, number: int = number) -> Record:  # fmt: skip
            extra = narrative(
                "more", sender, "PROMOTE", ISSUE_BY_NUMBER[number % 2], 1.0, evidence,
                audiences=[place],
            )  # fmt: skip
            return simulate(changed(base, narratives=[*base["narratives"], extra]), number)

        less, more = run(0.2), run(0.9)
        gained = more.sympathy[:, :, side[1]] - less.sympathy[:, :, side[1]]
        rival = np.abs(more.sympathy[:, :, other] - less.sympathy[:, :, other]).max()
        outcomes += [
            # 1e-16: one rounding of a sympathy, where the exact gain is too small to show
            compared("V11", f"sympathy lost to more exposure, case {number}", 0.0,
                     max(0.0, -float(gained.min())), 1e-16),
            compared("V11", f"rival's sympathy moved, case {number}", 0.0, rival, EXACT),
            compared("V11", f"sympathy did gain (1: yes), case {number}", 1.0,
                     float(gained.max() > 1e-4), EXACT),
        ]  # fmt: skip
    return outcomes


ISSUE_BY_NUMBER = (BACKGROUND, "raids")


def switches() -> list[Outcome]:
    """V21: a switch that is off equals its parameter at the off value, everywhere, exactly.

    Attention, credence and mediation have no such parameter: by hand, attention is set to 1 after
    every audience has noticed the day; claims are held at credence 1 (prior 1, credence rate 0, an
    inquiry that finds 1); the mediator's policy is none. One more comparison: an inquiry still
    moves evidence while credence is off.
    """
    base, outcomes, mattering = drawn_case(0), [], 0
    told = simulate(base, 21)
    for switch in Switches._fields:
        start = _certain(base) if switch == "credence" else base
        off = simulate(changed(start, switches={switch: False}), 21)
        by_hand = MASKED[switch](base)
        mattering += difference(off, told) > 0.0
        outcomes.append(
            compared("V21", f"{switch} off against masked by hand", 0.0,
                     difference(off, by_hand), EXACT)
        )  # fmt: skip
    frozen = simulate(changed(base, switches={"credence": False}), 21)
    return [
        *outcomes,
        compared("V21", "switches whose off changes this run", len(Switches._fields), mattering,
                 EXACT),
        compared("V21", "credence off: credence other than 1", 0.0,
                 np.abs(frozen.credence - 1.0).max(), EXACT),
        compared("V21", "credence off: evidence an inquiry moves as before", 0.0,
                 np.abs(frozen.evidence - told.evidence).max(), EXACT),
        compared("V21", "that inquiry does move it (1: yes)", 1.0,
                 float(np.ptp(told.evidence, axis=0).max() > 0.0), EXACT),
    ]  # fmt: skip


def _with(**values: float) -> Callable[[Document], Record]:
    """Run with parameters at these values."""
    return lambda base: simulate(changed(base, parameters=values), 21)


def _certain(base: Document) -> Document:
    """What an inquiry finds is certain, so that a credence of 1 stays."""
    events = [
        {**event, "verification": {**event["verification"], "finding": 1.0}}
        if "verification" in event else event
        for event in base["events"]
    ]  # fmt: skip
    return changed(base, events=events)


def _believing(base: Document) -> Record:
    claims = [{**claim, "prior": 1.0} for claim in base["claims"]]
    certain = changed(_certain(base), claims=claims, parameters={"credence_rate": 0.0})
    return simulate(certain, 21)


def _attentive(base: Document) -> Record:
    model: NarrativeModel = model_of(base, 21)
    for audience in model.audiences:

        def notice(
            shocks: list[float], audience: Any = audience, usual: Any = audience.notice
        ) -> None:
            usual(shocks)
            audience.attention = 1.0

        audience.__dict__["notice"] = notice
    return model.run()


def _unmediated(base: Document) -> Record:
    return simulate(changed(base, mediator={**base["mediator"], "policy": "none"}), 21)


MASKED: dict[str, Callable[[Document], Record]] = {
    "persuasion": _with(message_weight=0.0),
    "peers": _with(peer_pull=0.0),
    "priming": _with(priming=0.0),
    "attention": _attentive,
    "resonance": _with(resonance=0.0),
    "credibility": _with(credibility_exponent=0.0),
    "denial": _with(denial_efficacy=0.0),
    "replies": _with(reply=0.0),
    "backlash": _with(backlash=0.0),
    "credence": _believing,
    "noise": _with(noise=0.0),
    "incidents": _with(base_incident_rate=0.0, branching_ratio=0.0),
    "mediation": _unmediated,
    "parity": _with(parity=0.0),
    "impartiality": _with(impartiality=0.0),
}
