"""The scenarios in which a plug-in is run in its exam.

They are drawn from fixed seeds: each exam runs the same. What a plug-in alone is asked is in
``sim.running.plugin_contracts``.
"""

from __future__ import annotations

from sim.verification.statements.documents import Document, drawn_case, replace_blocks

CASES = 6
# Much tension and noise, many offers, short mediation: every state is met
LIVELY = {
    "base_incident_rate": 0.3,
    "offer_threshold": 0.3,
    "offer_cooldown": 3,
    "mediation_length": 5,
    "noise": 0.05,
    "dwell": 2,
}


def exam_cases(kind: str, name: str) -> list[Document]:
    """Return scenarios in which both claimants, or the mediator, or all audiences use a plug-in.

    Parameters are a plug-in's kind and name. The other choices of the scenarios alternate
    between plug-ins of this package.
    """
    return [_exam_case(number, kind, name) for number in range(CASES)]


def _exam_case(number: int, kind: str, name: str) -> Document:
    base, turn = drawn_case(number), number % 2
    chosen = {
        "rules": "friedkin_johnsen",
        "strategies": ("scripted", "uniform")[turn],
        "mediators": ("threshold", "scripted")[turn],
        "acceptance": ("logit", "always")[turn],
        kind: name,
    }
    side = {"acceptance": chosen["acceptance"], "strategy": chosen["strategies"]}
    return replace_blocks(
        base,
        parameters=LIVELY,
        claimants=[{**own, **side} for own in base["claimants"]],
        mediator={**base["mediator"], "policy": chosen["mediators"]},
        update_rule=chosen["rules"],
    )
