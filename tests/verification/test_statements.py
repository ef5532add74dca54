"""V1-V29 hold, and would be seen to fail: each chosen law is broken once and noticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from sim.laws import consent, contest, credibility, salience, sympathy, tension
from sim.verification import check as checking
from sim.verification import statements
from sim.verification.statements import STATEMENTS, symmetry
from sim.verification.statements.result import StatementResult, compare

AUDIENCE, CLAIMANT = "sim.engines.agents.audience", "sim.engines.agents.claimant"
MODEL, MESSAGE = "sim.engines.agents.model", "sim.engines.agents.message"
LEDGER, BUILDING = "sim.engines.agents.ledger", "sim.world.building"


def failures(name: str) -> list[StatementResult]:
    return [comparison for comparison in STATEMENTS[name]() if not comparison.holds]


def test_statements_are_all_there() -> None:
    assert list(STATEMENTS) == [f"V{n}" for n in range(1, 30)]


@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_holds(name: str) -> None:
    comparisons = STATEMENTS[name]()
    assert comparisons
    assert all(comparison.id == name for comparison in comparisons)
    assert [comparison for comparison in comparisons if not comparison.holds] == []


BROKEN: list[tuple[str, str, str, Callable[..., Any]]] = [
    ("V2", AUDIENCE, "peer_weight", lambda alpha, omegas, kappa: (1.0 - omegas) * kappa),
    ("V3", AUDIENCE, "share_unit", lambda mine, other, h: 1.0 / (mine + other + 1.0)),
    ("V4", AUDIENCE, "message_pull", lambda a, w, share: 1.01 * w * a * share),
    ("V7", AUDIENCE, "relaxed_salience", lambda z, rest, rho, d: max(0.0, rho * z + d)),
    ("V8", AUDIENCE, "pull",
     lambda w, k, p, s: sympathy.pull(w, k, p, s) + 1e-13),
    ("V10", AUDIENCE, "pull", lambda w, k, p, s: 2.5 * sympathy.pull(w, k, p, s)),
    ("V11", AUDIENCE, "share_unit",
     lambda mine, other, h: 1.0 - contest.share_unit(mine, other, h)),
    ("V14", CLAIMANT, "cost_of_evenness",
     lambda sign, *rest: consent.cost_of_evenness(1.0, *rest)),
    ("V15", AUDIENCE, "observed",
     lambda count, a, effort: credibility.observed(count, a, 1.01 * effort)),
    ("V19", AUDIENCE, "share_unit", lambda mine, other, h: 1.0 / (mine + other + 0.9)),
    ("V24", AUDIENCE, "anchor", lambda u, rest, excess, c: u + (1.0 - c**2) * rest * excess),
    ("V24", AUDIENCE, "bounded_anchor", lambda u, c: u),
    ("V25", AUDIENCE, "anchor", lambda u, rest, excess, c: u + (1.0 - c**2) * rest * excess),
    ("V26", MESSAGE, "heard_again", lambda x, rho: 0.99 * rho * x),
    ("V26", MESSAGE, "heard_at_once", lambda x, rho: x),
    ("V27", BUILDING, "committed_cost", lambda cost, stance: cost * (1.0 - stance / 2.0)),
    ("V28", LEDGER, "pull", lambda w, k, p, s: 1.001 * sympathy.pull(w, k, p, s)),
    ("V29", AUDIENCE, "anchor", lambda u, rest, excess, c: u + (1.01 - c) * rest * excess),
    ("V29", MESSAGE, "heard_at_once", lambda x, rho: (0.99 - rho) * x),
    ("V21", AUDIENCE, "attention", lambda share, limited: salience.attention(share, 1.0)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "module", "law", "wrong"), BROKEN)
def test_statement_notices_a_broken_law(
    name: str, module: str, law: str, wrong: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module(module), law, wrong)
    assert failures(name)


def test_hawkes_statements_notice_a_broken_law(monkeypatch: pytest.MonkeyPatch) -> None:
    process = import_module("sim.verification.statements.process")

    def slower(t: float, rho: float, mu: float, shock: float, jump: float, n: float) -> float:
        return tension.new_tension(t, rho**0.9, mu, shock, jump, n)

    for module in (process, import_module(MODEL)):
        monkeypatch.setattr(module, "new_tension", slower)
    process._run_hawkes.cache_clear()
    try:
        assert {one.what for one in failures("V12")} >= {"incidents a day"}
        assert {one.what for one in failures("V13")} >= {"mean tension"}
    finally:
        process._run_hawkes.cache_clear()


def test_exchange_notices_an_order_of_sums_that_depends_on_position(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def first_is_favoured(self: Any) -> float:
        return (self.sympathy[0] - self.sympathy[1]) / 2.0 + 1e-3

    monkeypatch.setattr(symmetry, "shipped_scenarios", dict)
    monkeypatch.setattr(
        import_module(AUDIENCE).AudienceAgent, "alignment", property(first_is_favoured)
    )
    monkeypatch.setattr(symmetry, "alignment", lambda s: (s[..., 0] - s[..., 1]) / 2.0 + 1e-3)
    assert failures("V9")


def test_symmetry_notices_a_louder_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same test on sides that differ: the first spends three times as much on statements."""
    monkeypatch.setattr(symmetry, "REPLICATES", 100)
    samples = symmetry.symmetric_samples(symmetry.symmetric_case(bias=2.0))
    assert abs(symmetry.sign_score(samples["X"])) > symmetry.CRITICAL
    assert abs(symmetry.rank_score(samples["X"])) > symmetry.CRITICAL


def test_compared_takes_tolerance_at_its_word() -> None:
    assert compare("V0", "", 1.0, 1.25, 0.25).holds
    assert not compare("V0", "", 1.0, 1.26, 0.25).holds
    assert not compare("V0", "", 1.0, float("nan"), 1.0).holds


def test_check_reports_what_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = compare("V1", "a thing", 1.0, 1.0, 0.0), compare("V2", "other", 1.0, 2.0, 0.0)
    monkeypatch.setattr(statements, "STATEMENTS", {"V1": lambda: [good], "V2": lambda: [bad]})
    told: list[str] = []
    found = checking.check(patterns=False, progress=told.append)
    assert told == ["statement V1", "statement V2"]
    assert found.has_failures
    assert found.statements == [good, bad]
    lines = found.text().splitlines()
    assert lines[1].split() == ["V1", "holds", "a", "thing", "1", "1"]
    assert lines[2].split() == ["V2", "FAILS", "other", "1", "2"]
    assert "1 of 2 comparisons hold" in lines[3]
    assert json.loads(json.dumps(found.to_dict()))["failed"] is True
    assert not checking.Check([good]).has_failures


def test_check_without_patterns_asks_for_none() -> None:
    found = checking.check(statements=False, patterns=False)
    assert found == checking.Check([], [])
    assert not found.has_failures
    assert found.text() == ""
