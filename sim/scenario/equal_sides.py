"""A scenario whose two sides have the same data, and the same one with their places exchanged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim.scenario.scenario import Scenario

Document = dict[str, Any]
LONGEST_NAME = 80


def exchange_sides(scenario: Scenario) -> Scenario:
    """The scenario with the claimants' places in the file exchanged; names keep their data."""
    content = scenario.to_dict(arms=False)
    return Scenario.from_dict({**content, "claimants": content["claimants"][::-1]})


def with_equal_sides(scenario: Scenario) -> Scenario:
    """The scenario, in this arm, in which the second side has what the first one has.

    Its menu, teams, effort, stance, trust, judgements and whom its claims accuse are those of the
    first with the two names exchanged. An event happens as it did and with the names exchanged,
    each with half of its tension, salience and assertion of parity, so that what happens favours
    neither side. Nothing is left of the second side's own data but its name.
    """
    content = scenario.to_dict(arms=False)
    first, second = (side["name"] for side in content["claimants"])
    twin = _Twins(first, second, content)
    return Scenario.from_dict(
        {
            **content,
            "claimants": [content["claimants"][0], twin.side(content["claimants"][0])],
            "delegations": twin.both("delegations", "claimant"),
            "audiences": [twin.judge(one) for one in content["audiences"]],
            "claims": twin.claims(),
            "narratives": twin.both("narratives", "sender"),
            "events": [half for one in content["events"] for half in twin.events(one)],
        }
    )


def _twin_names(names: Iterable[str]) -> dict[str, str]:
    """A name for each entry's twin that no other entry has."""
    twins: dict[str, str] = {}
    taken = set(names)
    for name in names:
        twin = name
        while twin in taken:
            twin = f"{twin}, sides exchanged"[-LONGEST_NAME:]
        taken.add(twin)
        twins[name] = twin
    return twins


class _Twins:
    """Makes the entries of equal sides from those of the first."""

    def __init__(self, first: str, second: str, content: Document) -> None:
        self.first, self.second, self.content = first, second, content
        self.other = {first: second, second: first}
        sections = ("delegations", "narratives", "claims", "events")
        names = [one["name"] for section in sections for one in content[section]]
        self.twins = _twin_names(dict.fromkeys(names))

    def name(self, name: str) -> str:
        """The name of an entry's twin."""
        return self.twins[name]

    def claim(self, name: str) -> str:
        """The twin of a claim; one that accuses nobody is its own."""
        accused = {one["name"]: one.get("accused") for one in self.content["claims"]}
        return self.name(name) if accused[name] in self.other else name

    def side(self, first: Document) -> Document:
        """The second side: the first one, its plans with its own menu and teams."""
        plans = [
            {
                **plan,
                **{
                    key: {self.name(name): value for name, value in plan[key].items()}
                    for key in ("shares", "stops")
                    if plan.get(key)
                },
            }
            for plan in first["plans"]
        ]
        return {**first, "name": self.second, "plans": plans}

    def both(self, section: str, owner: str) -> list[Document]:
        """The entries of the first side, each followed by its twin."""
        found = []
        for one in self.content[section]:
            if one[owner] == self.first:
                twin = {**one, "name": self.name(one["name"]), owner: self.second}
                if one.get("claim"):
                    twin["claim"] = self.claim(one["claim"])
                found += [one, twin]
        return found

    def claims(self) -> list[Document]:
        """Every claim and, of one that accuses a side, the same of the other side."""
        found = []
        for one in self.content["claims"]:
            found.append(one)
            if one.get("accused") in self.other:
                twin = {"name": self.name(one["name"]), "accused": self.other[one["accused"]]}
                found.append({**one, **twin})
        return found

    def judge(self, audience: Document) -> Document:
        """An audience that has of both sides what it has of the first."""
        found = dict(audience)
        for key in ("trust", "initial_sympathy", "vote_nearness"):
            if audience.get(key):
                found[key] = dict.fromkeys(self.other, audience[key][self.first])
        found["judgements"] = {
            issue: dict.fromkeys(self.other, by_side[self.first])
            for issue, by_side in audience["judgements"].items()
        }
        return found

    def events(self, event: Document) -> list[Document]:
        """An event and its twin, with half of what belongs to neither side."""
        halved = dict(event)
        for key in ("tension", "asserts"):
            if event.get(key):
                halved[key] = event[key] / 2.0
        if event.get("salience"):
            halved["salience"] = {name: x / 2.0 for name, x in event["salience"].items()}
        twin = {**halved, "name": self.name(event["name"])}
        for key in ("pro", "con"):
            if event.get(key):
                twin[key] = {self.other[name]: value for name, value in event[key].items()}
        if event.get("claim"):
            twin["claim"] = self.claim(event["claim"])
        if event.get("verification"):
            report = event["verification"]
            twin["verification"] = {**report, "claim": self.claim(report["claim"])}
        return [halved, twin]
