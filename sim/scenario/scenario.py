"""The scenario a user works with."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sim.parameters import Parameters, Switches
from sim.scenario import entities as e


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    description: str
    seed: int
    steps: int
    start_date: date
    parameters: Parameters
    switches: Switches
    claimants: tuple[e.Claimant, ...]
    delegations: tuple[e.Delegation, ...]
    audiences: tuple[e.Audience, ...]
    peers: Mapping[str, e.Weights]
    issues: tuple[e.Issue, ...]
    narratives: tuple[e.Narrative, ...]
    claims: tuple[e.Claim, ...]
    events: tuple[e.Event, ...]
    incidents: e.Incidents
    mediator: e.Mediator
    update_rule: e.UpdateRule
    baseline: str
    arms: tuple[str, ...]
    document: Mapping[str, Any]
    arm_name: str = ""

    @classmethod
    def from_yaml(cls, path: str) -> Scenario:
        import yaml

        return cls.from_dict(yaml.safe_load(Path(path).read_text()))

    def arm(self, name: str) -> Scenario:
        doc = copy.deepcopy(dict(self.document))
        return Scenario.from_dict(_merge(doc, doc["arms"][name]), name)

    @classmethod
    def from_dict(cls, d: Mapping[str, Any], arm: str = "") -> Scenario:
        start = date.fromisoformat(str(d["start_date"]))

        def v(x):
            if isinstance(x, dict):
                if "value" in x:
                    return x["value"]
                return {k: v(y) for k, y in x.items() if k != "source"}
            if isinstance(x, list):
                return [v(y) for y in x]
            return x

        d0 = d
        d = v(dict(d))

        def day(x):
            if isinstance(x, int):
                return x
            return (date.fromisoformat(str(x)) - start).days

        names = [a["name"] for a in d["audiences"]]
        rule = d.get("update_rule", "friedkin_johnsen")
        if isinstance(rule, str):
            rule = {"name": rule}
        m = d["mediator"]
        return cls(
            d["name"], d.get("title", ""), d.get("description", ""), d.get("seed", 0), d["steps"],
            start, Parameters(**d.get("parameters", {})), Switches(**d.get("switches", {})),
            tuple(e.Claimant(**{**c, "campaign_start": day(c.get("campaign_start", 0))}) for c in d["claimants"]),
            tuple(e.Delegation(**{**t, "itinerary": tuple(
                e.Stop(day(s["day"]), None if s["at"] == "home" else s["at"]) for s in t.get("itinerary", []))})
                for t in d.get("delegations", [])),
            tuple(e.Audience(**a) for a in d["audiences"]), d.get("peers", {}),
            tuple(e.Issue(**i) for i in d["issues"]),
            tuple(e.Narrative(n["name"], n["sender"], n["type"], n["issue"], n["share"], n["evidence"],
                n.get("claim"), day(n.get("from", 0)), None if n.get("until") is None else day(n["until"]),
                tuple(n["audiences"]) if n.get("audiences") else None) for n in d.get("narratives", [])),
            tuple(e.Claim(c["name"], c["prior"] if isinstance(c["prior"], dict) else
                dict.fromkeys(names, c["prior"]), c.get("accused"), c.get("issue"), c.get("parity", False))
                for c in d.get("claims", [])),
            tuple(e.Event(ev["name"], day(ev["day"]), ev.get("tension", 0.), ev.get("salience", {}),
                ev.get("pro", {}), ev.get("con", {}), ev.get("claim"), ev.get("asserts", 0.),
                e.Verification(**ev["verification"]) if ev.get("verification") else None)
                for ev in d.get("events", [])),
            e.Incidents(**d.get("incidents", {})),
            e.Mediator(m["audience"], m.get("policy", "none"), tuple(day(x) for x in m.get("days", [])),
                m.get("escalation")),
            e.UpdateRule(rule.pop("name"), rule), d.get("baseline", ""), tuple(d.get("arms", {})), d0, arm,
        )


def _merge(base: Any, delta: Any) -> Any:
    if isinstance(base, dict) and isinstance(delta, dict):
        for k, x in delta.items():
            base[k] = _merge(base[k], x) if k in base else x
        return base
    if isinstance(base, list) and delta and isinstance(delta[0], dict) and "name" in delta[0]:
        by = {x["name"]: x for x in base}
        for x in delta:
            if x.get("drop"):
                by.pop(x["name"])
            else:
                by[x["name"]] = _merge(by[x["name"]], x) if x["name"] in by else x
        return list(by.values())
    return delta
