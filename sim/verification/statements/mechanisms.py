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
    drawn_case,
    narrative,
    replace_blocks,
)
from sim.verification.statements.result import EXACT, StatementResult, compare
from sim.verification.statements.running import difference, model_of, simulate
from sim.world.arrays import Record

CASES = 6


def monotone() -> list[StatementResult]:
    """V11: more exposure for a claimant never lowers its sympathy and leaves the rival's alone.

    One narrative at one audience gains evidence, which raises X+ there and nothing else.
    """
    comparisons = []
    off = ("priming", "credibility", "credence", "mediation", "replies", "backlash")
    for number in range(CASES):
        side, other = ((FIRST, 0), 1) if number % 2 == 0 else ((SECOND, 1), 0)
        base = replace_blocks(drawn_case(number), switches=dict.fromkeys(off, False))
        place = base["audiences"][number % 3]["name"]

        def run(evidence: float, base: Document = base, sender: str = side[0],
                place: str = place, number: int = number) -> Record:  # fmt: skip
            extra = narrative(
                "more", sender, "PROMOTE", ISSUE_BY_NUMBER[number % 2], 1.0, evidence,
                audiences=[place],
            )  # fmt: skip
            return simulate(replace_blocks(base, narratives=[*base["narratives"], extra]), number)

        less, more = run(0.2), run(0.9)
        gained = more.sympathy[:, :, side[1]] - less.sympathy[:, :, side[1]]
        rival = np.abs(more.sympathy[:, :, other] - less.sympathy[:, :, other]).max()
        comparisons += [
            # 1e-16: one rounding of a sympathy, where the exact gain is too small to show
            compare("V11", f"sympathy lost to more exposure, case {number}", 0.0,
                     max(0.0, -float(gained.min())), 1e-16),
            compare("V11", f"rival's sympathy moved, case {number}", 0.0, rival, EXACT),
            compare("V11", f"sympathy did gain (1: yes), case {number}", 1.0,
                     float(gained.max() > 1e-4), EXACT),
        ]  # fmt: skip
    return comparisons


ISSUE_BY_NUMBER = (BACKGROUND, "raids")


def switches() -> list[StatementResult]:
    """V21: a switch that is off equals its parameter at the off value, everywhere, exactly.

    Attention, credence and mediation have no such parameter: by hand, attention is set to 1 after
    every audience has noticed the day; claims are held at credence 1 (prior 1, credence rate 0, an
    inquiry that finds 1); the mediator's policy is none. One more comparison: an inquiry still
    moves evidence while credence is off.
    """
    base, comparisons, mattering = drawn_case(0), [], 0
    told = simulate(base, 21)
    for switch in Switches._fields:
        start = _with_certain_inquiries(base) if switch == "credence" else base
        off = simulate(replace_blocks(start, switches={switch: False}), 21)
        by_hand = MASKED[switch](base)
        mattering += difference(off, told) > 0.0
        comparisons.append(
            compare("V21", f"{switch} off against masked by hand", 0.0,
                     difference(off, by_hand), EXACT)
        )  # fmt: skip
    frozen = simulate(replace_blocks(base, switches={"credence": False}), 21)
    return [
        *comparisons,
        compare("V21", "switches whose off changes this run", len(Switches._fields), mattering,
                 EXACT),
        compare("V21", "credence off: credence other than 1", 0.0,
                 np.abs(frozen.credence - 1.0).max(), EXACT),
        compare("V21", "credence off: evidence an inquiry moves as before", 0.0,
                 np.abs(frozen.evidence - told.evidence).max(), EXACT),
        compare("V21", "that inquiry does move it (1: yes)", 1.0,
                 float(np.ptp(told.evidence, axis=0).max() > 0.0), EXACT),
    ]  # fmt: skip


def _with(**values: float) -> Callable[[Document], Record]:
    """Run with parameters at these values."""
    return lambda base: simulate(replace_blocks(base, parameters=values), 21)


def _with_certain_inquiries(base: Document) -> Document:
    """What an inquiry finds is certain, so that a credence of 1 stays."""
    events = [
        {**event, "verification": {**event["verification"], "finding": 1.0}}
        if "verification" in event else event
        for event in base["events"]
    ]  # fmt: skip
    return replace_blocks(base, events=events)


def _run_with_certain_claims(base: Document) -> Record:
    claims = [{**claim, "prior": 1.0} for claim in base["claims"]]
    certain = replace_blocks(
        _with_certain_inquiries(base), claims=claims, parameters={"credence_rate": 0.0}
    )
    return simulate(certain, 21)


def _run_with_full_attention(base: Document) -> Record:
    model: NarrativeModel = model_of(base, 21)
    for audience in model.audiences:

        def notice(
            shocks: list[float], audience: Any = audience, usual: Any = audience.notice
        ) -> None:
            usual(shocks)
            audience.attention = 1.0

        audience.__dict__["notice"] = notice
    return model.run()


def _run_without_mediation(base: Document) -> Record:
    return simulate(replace_blocks(base, mediator={**base["mediator"], "policy": "none"}), 21)


MASKED: dict[str, Callable[[Document], Record]] = {
    "persuasion": _with(message_weight=0.0),
    "peers": _with(peer_pull=0.0),
    "priming": _with(priming=0.0),
    "attention": _run_with_full_attention,
    "resonance": _with(resonance=0.0),
    "credibility": _with(credibility_exponent=0.0),
    "denial": _with(denial_efficacy=0.0),
    "replies": _with(reply=0.0),
    "backlash": _with(backlash=0.0),
    "credence": _run_with_certain_claims,
    "noise": _with(noise=0.0),
    "incidents": _with(base_incident_rate=0.0, branching_ratio=0.0),
    "mediation": _run_without_mediation,
    "parity": _with(parity=0.0),
    "impartiality": _with(impartiality=0.0),
}
