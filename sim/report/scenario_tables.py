"""The scenario of the arm that is shown, as tables for the page."""

from __future__ import annotations

from sim.report.escaping import readable
from sim.report.layout import ReportTable
from sim.scenario.entities import Audience, Delegation, Narrative, Stop
from sim.scenario.plans import plan_text, tour
from sim.scenario.scenario import Scenario
from sim.store.results import Results


def scenario_tables(results: Results) -> list[ReportTable]:
    """Return the audiences, events, teams and narratives; a table without rows is left out."""
    scenario = results.shown_scenario
    if scenario is None:
        return []
    trusts = (f"trusts {name}" for name in results.claimants)
    audiences = ReportTable(
        "The audiences",
        ("audience", "weight", "western", "capitals", *trusts, "listens most to"),
        [_audience_row(results, audience) for audience in scenario.audiences],
    )
    events = ReportTable(
        "The events",
        ("event", "date", "what"),
        [(e.name, results.day_text(e.step), e.description) for e in results.events],
    )
    teams = ReportTable(
        "The teams abroad",
        ("team", "of", "led by", "made up of", "bonus", "stops"),
        [_team_row(results, team, scenario) for team in scenario.delegations],
    )
    narratives = ReportTable(
        "The narratives",
        ("narrative", "sender", "type", "issue", "claim", "share", "audiences"),
        [_narrative_row(narrative) for narrative in scenario.narratives],
    )
    plans = ReportTable(
        "The plans",
        ("claimant", "from", "what changes"),
        [
            (side.name, results.day_text(plan.first_day), plan_text(plan))
            for side in scenario.claimants
            for plan in side.plans
        ],
    )
    return [table for table in (audiences, events, teams, narratives, plans) if table.rows]


def _audience_row(results: Results, audience: Audience) -> tuple[str, ...]:
    heard = sorted(
        ((share, b) for (a, b), share in results.peers.items() if a == audience.name), reverse=True
    )
    return (
        audience.name,
        f"{100 * results.importance[audience.name]:.0f} %",
        "yes" if audience.western else "no",
        f"{audience.capitals:g}",
        *(f"{audience.trust.get(k, 0.0):.2f}" for k in results.claimants),
        ", ".join(b for _, b in heard[:3]),
    )


def _team_row(results: Results, team: Delegation, scenario: Scenario) -> tuple[str, ...]:
    stops = "; ".join(_stop_text(results, stop) for stop in tour(team, scenario.claimants))
    who = readable(team.breadth)
    return team.name, team.claimant, team.leader, who, f"{team.bonus:g}", stops


def _stop_text(results: Results, stop: Stop) -> str:
    day = results.day(stop.day)
    when = day.isoformat()[5:] if day else f"day {stop.day}"
    return f"{when} {stop.at or 'home'}"


def _narrative_row(narrative: Narrative) -> tuple[str, ...]:
    return (
        narrative.name,
        narrative.sender,
        narrative.type,
        narrative.issue,
        narrative.claim or "",
        f"{narrative.share:g}",
        ", ".join(narrative.audiences) if narrative.audiences else "all",
    )
