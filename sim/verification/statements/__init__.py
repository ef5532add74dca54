"""Statements with known answers (section 7): what the model must reproduce, and does it.

Each function runs the model and returns its comparisons; ``STATEMENTS`` finds them by id.
"""

from __future__ import annotations

from collections.abc import Callable

from sim.verification.statements import (
    contest,
    equilibrium,
    mechanisms,
    mediation,
    process,
    rules,
    symmetry,
)
from sim.verification.statements.result import StatementResult

STATEMENTS: dict[str, Callable[[], list[StatementResult]]] = {
    "V1": equilibrium.consensus,
    "V2": equilibrium.anchored_levels,
    "V3": equilibrium.contested_levels,
    "V4": equilibrium.relaxation,
    "V5": contest.network_friedman,
    "V6": process.noise,
    "V7": process.salience,
    "V8": equilibrium.silence,
    "V9": symmetry.exchange,
    "V10": equilibrium.bounds,
    "V11": mechanisms.monotone,
    "V12": process.incidents,
    "V13": process.mean_tension,
    "V14": mediation.acceptance_thresholds,
    "V15": process.credibility,
    "V16": rules.bounded_confidence,
    "V17": contest.half_attack,
    "V18": contest.timing,
    "V19": contest.shapley,
    "V20": process.paired_draws,
    "V21": mechanisms.switches,
    "V22": mediation.refused_offers,
    "V23": symmetry.symmetric,
}

__all__ = ["STATEMENTS", "StatementResult"]
