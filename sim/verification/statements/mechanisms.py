"""What one mechanism does, and what turning it off means.  Source: section 7, V11, V21.

Laws of several mechanisms together are in ``equilibrium`` and ``process``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from sim.parameters import Switches
from sim.verification.comparing import largest_difference
from sim.verification.statements import documents
from sim.verification.statements.documents import Document, drawn_case, narrative, replace_blocks
from sim.verification.statements.result import EXACT, Checks
from sim.verification.statements.running import apart, model_of, simulate
from sim.world.arrays import Record

CASES = 6
SEED = 21  # of V21


def monotone() -> Checks:
    """V11: more exposure for a claimant never lowers its sympathy and leaves the rival's alone.

    One narrative at one audience gains evidence, which raises X+ there and nothing else.
    """
    off = ("priming", "credibility", "credence", "mediation", "replies", "backlash")
    for number in range(CASES):
        k = number % 2
        base = replace_blocks(drawn_case(number), switches=dict.fromkeys(off, False))
        extra = {"name": "more", "audiences": [base["audiences"][number % 3]["name"]]}
        sender, issue = (documents.FIRST, documents.SECOND)[k], (documents.BACKGROUND, "raids")[k]
        menus = [
            [*base["narratives"], narrative(sender, "PROMOTE", issue, 1.0, evidence, **extra)]
            for evidence in (0.2, 0.9)
        ]
        less, more = (
            simulate(replace_blocks(base, narratives=menu), number).sympathy for menu in menus
        )
        gained = more[:, :, k] - less[:, :, k]
        lost = max(0.0, -float(gained.min()))
        # 1e-16: one rounding of a sympathy, where the exact gain is too small to show
        yield f"sympathy lost to more exposure, case {number}", 0.0, lost, 1e-16
        rival = apart(more[:, :, 1 - k], less[:, :, 1 - k])
        yield f"rival's sympathy moved, case {number}", 0.0, rival, EXACT
        yield f"sympathy did gain (1: yes), case {number}", 1.0, gained.max() > 1e-4, EXACT


def switches() -> Checks:
    """V21: a switch that is off equals its parameter at the off value, everywhere, exactly.

    Attention, credence and mediation have no such parameter: by hand, attention is set to 1 after
    every audience has noticed the day; claims are held at credence 1 (prior 1, credence rate 0, an
    inquiry that finds 1); the mediator's policy is none. One more comparison: an inquiry still
    moves evidence while credence is off.
    """
    base, mattering = drawn_case(0), 0
    whole = simulate(base, SEED)
    for switch in Switches._fields:
        start = _with_certain_inquiries(base) if switch == "credence" else base
        off = simulate(replace_blocks(start, switches={switch: False}), SEED)
        mattering += largest_difference(off, whole) > 0.0
        masked = largest_difference(off, MASKED[switch](base))
        yield f"{switch} off against masked by hand", 0.0, masked, EXACT
    yield "switches whose off changes this run", len(Switches._fields), mattering, EXACT
    frozen = simulate(replace_blocks(base, switches={"credence": False}), SEED)
    credence = np.abs(frozen.credence - 1.0).max()
    yield "credence off: credence other than 1", 0.0, credence, EXACT
    same = apart(frozen.evidence, whole.evidence)
    yield "credence off: evidence an inquiry moves as before", 0.0, same, EXACT
    moves = np.ptp(whole.evidence, axis=0).max() > 0.0
    yield "that inquiry does move it (1: yes)", 1.0, moves, EXACT


def _run_with(base: Document, **values: float) -> Record:
    """Run the document with parameters at these values."""
    return simulate(replace_blocks(base, parameters=values), SEED)


def _with_certain_inquiries(base: Document) -> Document:
    """Return the document in which an inquiry finds 1, so that a credence of 1 stays."""
    certain = replace_blocks(base)
    for event in certain["events"]:
        if "verification" in event:
            event["verification"]["finding"] = 1.0
    return certain


def _run_with_certain_claims(base: Document) -> Record:
    """Run the document with every claim at credence 1, by hand."""
    claims = [{**claim, "prior": 1.0} for claim in base["claims"]]
    return _run_with(
        replace_blocks(_with_certain_inquiries(base), claims=claims), credence_rate=0.0
    )


def _run_with_full_attention(base: Document) -> Record:
    """Run the document with attention set to 1 after every audience has noticed the day."""
    model = model_of(base, SEED)

    def notice(audience: Any, usual: Callable[[list[float]], None], shocks: list[float]) -> None:
        usual(shocks)
        audience.attention = 1.0

    for audience in model.audiences:
        audience.__dict__["notice"] = partial(notice, audience, audience.notice)
    return model.run()


def _run_without_mediation(base: Document) -> Record:
    """Run the document with a mediator who offers nothing."""
    mediator = {**base["mediator"], "policy": "none"}
    return simulate(replace_blocks(base, mediator=mediator), SEED)


# By switch, how its mechanism is masked by hand
MASKED: dict[str, Callable[[Document], Record]] = {
    "persuasion": partial(_run_with, message_weight=0.0),
    "peers": partial(_run_with, peer_pull=0.0),
    "priming": partial(_run_with, priming=0.0),
    "attention": _run_with_full_attention,
    "resonance": partial(_run_with, resonance=0.0),
    "credibility": partial(_run_with, credibility_exponent=0.0),
    "denial": partial(_run_with, denial_efficacy=0.0),
    "replies": partial(_run_with, reply=0.0),
    "backlash": partial(_run_with, backlash=0.0),
    "credence": _run_with_certain_claims,
    "noise": partial(_run_with, noise=0.0),
    "incidents": partial(_run_with, base_incident_rate=0.0, branching_ratio=0.0),
    "mediation": _run_without_mediation,
    "parity": partial(_run_with, parity=0.0),
    "impartiality": partial(_run_with, impartiality=0.0),
    "news": partial(_run_with, news_half_life=0.0),
    "summation": partial(_run_with, crowding=1.0),
}
