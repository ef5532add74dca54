"""Statements with known answers: what the model must reproduce, and does.

Source: section 7 of docs/model.md. The files of this folder hold one generator a statement, by
subject. Each runs the model and yields checks (see ``result``); its docstring derives the numbers
expected. ``documents`` makes the scenarios they run, ``running`` the runs. Patterns of 2025, which
may fail, are not here but in :mod:`sim.verification.patterns`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sim.verification.statements import (
    contest,
    equilibrium,
    mechanisms,
    mediation,
    news,
    process,
    rules,
    salience,
    symmetry,
    versions,
)
from sim.verification.statements.result import Checks, StatementResult, compare


def _run(id: str, statement: Callable[[], Checks]) -> list[StatementResult]:
    """Run a statement and compare each of its numbers."""
    return [compare(id, *check) for check in statement()]


# The statements by id; each runs when it is called and returns its results, at least one.
STATEMENTS: dict[str, Callable[[], list[StatementResult]]] = {
    id: partial(_run, id, statement)
    for id, statement in {
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
        "V24": salience.averaging_and_adding,
        "V25": salience.displaced_lead,
        "V26": news.coverage,
        "V27": mediation.public_stances,
        "V28": versions.with_all_parts,
        "V29": versions.version_1,
    }.items()
}

__all__ = ["STATEMENTS", "StatementResult"]
