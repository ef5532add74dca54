"""Every key of a scenario file, declared once.

Reading, "did you mean", the JSON Schema for editors, the template of ``narrate init`` and the
writing of resolved scenarios all follow this declaration. Defaults come from the records in
``entities``, parameters and switches from ``sim.parameters``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields

from sim.parameters import DEFAULTS, SPECS, Switches
from sim.plugins import registry
from sim.scenario import entities
from sim.scenario.value_kinds import (
    LONGEST_SEED,
    SHARE,
    SYMPATHY,
    WEIGHT,
    ByName,
    Choice,
    Coefficient,
    Day,
    Flag,
    Items,
    Key,
    Kind,
    Listed,
    Name,
    NamedOptions,
    Number,
    NumberByName,
    RecordKind,
    Reference,
    Slug,
    StartDate,
    Text,
    Whole,
)

SCHEMA_VERSION = 1
MOST_STEPS = 36_500
MOST_ARMS = 20
HOME = "home"
# Fields whose key is a Python keyword or reads better otherwise.
FIELD_OF_KEY = {"from": "first_day", "until": "last_day"}


def _required_key(kind: Kind, meaning: str) -> Key:
    return Key(kind, meaning, required=True)


def _record(entity: type | None, keys: dict[str, Key]) -> RecordKind:
    """The record with the defaults of the entity it becomes."""
    if entity is None:
        return RecordKind(keys)
    defaults = {}
    for item in fields(entity):
        factory = item.default_factory
        defaults[item.name] = item.default if factory is MISSING else factory()
    return RecordKind(
        {
            name: Key(key.kind, key.meaning, key.required, _default(defaults, name), key.unit)
            for name, key in keys.items()
        }
    )


def _default(defaults: Mapping[str, object], key: str) -> object:
    default = defaults[FIELD_OF_KEY.get(key, key)]
    return None if default is MISSING else default


def _plugin(kind: str, what: str) -> Choice:
    return Choice(what, lambda: registry.names(kind))


_NAME = _required_key(Name(), "its name; random draws go by it")
_DESCRIPTION = Key(Text(2000, lines=True), "for people; changes nothing")
_CLAIM = Reference("claims")

CLAIMANT = _record(
    entities.Claimant,
    {
        "name": _NAME,
        "effort": Key(WEIGHT, "effort of its statements", unit="effort/day"),
        "campaign_start": Key(Day(after_end=True), "the day its statements begin"),
        "strategy": Key(_plugin("strategies", "strategy"), "how it sends its teams"),
        "acceptance": Key(_plugin("acceptance", "acceptance rule"), "how it answers an offer"),
        "audience_cost": Key(
            Coefficient("audience_cost"), "its own domestic cost of accepting a mediator"
        ),
        "description": _DESCRIPTION,
    },
)
STOP = _record(
    None,
    {
        "day": _required_key(Day(), "from this day on"),
        "at": _required_key(Reference("audiences", home=True), "the team is here, or at home"),
    },
)
DELEGATION = _record(
    entities.Delegation,
    {
        "name": _NAME,
        "claimant": _required_key(Reference("claimants"), "whose team it is"),
        "bonus": Key(WEIGHT, "factor on its exposure"),
        "itinerary": Key(Listed(STOP, 1000), "its stops in order of days"),
        "leader": Key(Text(), "who leads it"),
        "description": _DESCRIPTION,
    },
)
AUDIENCE = _record(
    entities.Audience,
    {
        "name": _required_key(Name((*Name().reserved, HOME)), _NAME.meaning),
        "importance": _required_key(WEIGHT, "weight in the means over audiences"),
        "western": Key(Flag(), "whether it counts in the wedge"),
        "capitals": Key(Whole(1, 1000), "how many capitals a tour of it calls at"),
        "salience": Key(ByName("issues", WEIGHT), "resting salience; the first issue has 1"),
        "trust": _required_key(
            ByName("claimants", SHARE, complete=True), "credibility of each claimant at the start"
        ),
        "judgements": _required_key(
            ByName("issues", ByName("claimants", SYMPATHY, complete=True), complete=True),
            "how it judges each claimant on each issue, from -1 to 1",
        ),
        "anchor_pull": Key(Coefficient("anchor_pull"), "its own pull back to its interests"),
        "initial_sympathy": Key(
            ByName("claimants", SYMPATHY, complete=True),
            "sympathy on day 0; without it, what silence would leave",
        ),
        "description": _DESCRIPTION,
    },
)
ISSUE = _record(entities.Issue, {"name": _NAME, "description": _DESCRIPTION})
NARRATIVE = _record(
    entities.Narrative,
    {
        "name": _NAME,
        "sender": _required_key(Reference("claimants"), "who tells it"),
        "type": _required_key(
            Choice("message type", lambda: entities.NARRATIVE_TYPES),
            "PROMOTE its own case, ATTACK the rival, or DENY",
        ),
        "issue": _required_key(Reference("issues"), "what it is about"),
        "share": _required_key(WEIGHT, "weight in its sender's menu"),
        "evidence": _required_key(SHARE, "how well it is supported"),
        "claim": Key(_CLAIM, "the claim it asserts or denies; every ATTACK has one"),
        "from": Key(Day(after_end=True), "its first day"),
        "until": Key(Day(after_end=True), "its last day"),
        "audiences": Key(Listed(Reference("audiences"), 200), "only these hear it"),
        "description": _DESCRIPTION,
    },
)
CLAIM = _record(
    entities.Claim,
    {
        "name": _NAME,
        "accused": Key(Reference("claimants"), "whom it accuses; the parity claim nobody"),
        "issue": Key(Reference("issues"), "what it is about; the parity claim has none"),
        "parity": Key(Flag(), "whether it says that the two are on a par"),
        "prior": _required_key(
            NumberByName("audiences", SHARE), "belief in it on day 0, for all or for each"
        ),
        "description": _DESCRIPTION,
    },
)
VERIFICATION = _record(
    entities.Verification,
    {
        "claim": _required_key(_CLAIM, "the claim that was looked into"),
        "finding": _required_key(SHARE, "1 confirms it, 0 refutes it"),
        "weight": _required_key(SHARE, "how far belief moves to the finding"),
    },
)
EVENT = _record(
    entities.Event,
    {
        "name": _NAME,
        "day": _required_key(Day(), "when it happens"),
        "tension": Key(Number(), "tension it adds or takes"),
        "salience": Key(ByName("issues", Number()), "salience it adds"),
        "pro": Key(ByName("claimants", WEIGHT), "exposure for a claimant"),
        "con": Key(ByName("claimants", WEIGHT), "exposure against a claimant"),
        "claim": Key(_CLAIM, "the claim it supports"),
        "asserts": Key(WEIGHT, "exposure that asserts the parity claim"),
        "verification": Key(VERIFICATION, "an inquiry that reports that day"),
        "description": _DESCRIPTION,
    },
)
INCIDENTS = _record(
    entities.Incidents,
    {
        "pro": Key(WEIGHT, "exposure for the side that was hit"),
        "con": Key(WEIGHT, "exposure against the other side"),
        "salience": Key(ByName("issues", Number()), "salience added by one incident"),
        "description": _DESCRIPTION,
    },
)
MEDIATOR = _record(
    entities.Mediator,
    {
        "audience": _required_key(Reference("audiences"), "who takes the role"),
        "policy": Key(_plugin("mediators", "policy"), "when it offers"),
        "days": Key(Listed(Day(), 1000), "the days the scripted policy offers on"),
        "escalation": Key(Reference("issues"), "the issue whose salience worries it"),
        "description": _DESCRIPTION,
    },
)
PARAMETERS = RecordKind(
    {
        name: Key(Coefficient(name), spec.meaning, default=getattr(DEFAULTS, name), unit=spec.unit)
        for name, spec in SPECS.items()
    }
)
SWITCHES = RecordKind(
    {
        name: Key(Flag(), f"false turns {name} off", default=default)
        for name, default in Switches()._asdict().items()
    }
)
SECTIONS: dict[str, Items] = {
    "claimants": Items(CLAIMANT, 2, 2),
    "delegations": Items(DELEGATION, 200),
    "audiences": Items(AUDIENCE, 200, 1),
    "issues": Items(ISSUE, 50, 1),
    "narratives": Items(NARRATIVE, 500),
    "claims": Items(CLAIM, 200),
    "events": Items(EVENT, 2000),
}
ROOT = RecordKind(
    {
        "schema_version": Key(Whole(1, SCHEMA_VERSION), "version of the file format", default=1),
        "name": _required_key(
            Slug(), "name of the scenario; its results lie in a folder of that name"
        ),
        "title": Key(Text(), "one line for tables and figures", default=""),
        "description": Key(Text(10_000, lines=True), "what the scenario is about", default=""),
        "seed": Key(Whole(0, LONGEST_SEED), "seed of the random draws", default=0),
        "steps": _required_key(Whole(1, MOST_STEPS), "how many days are run"),
        "start_date": _required_key(StartDate(), "the date of day 0"),
        "initial_tension": Key(WEIGHT, "tension on day 0", default=0.0, unit="tension"),
        "parameters": Key(PARAMETERS, "numbers of the model; those left out have their defaults"),
        "switches": Key(SWITCHES, "mechanisms; false turns one off"),
        "claimants": _required_key(SECTIONS["claimants"], "the two sides; the first has sign +1"),
        "delegations": Key(SECTIONS["delegations"], "teams that travel"),
        "audiences": _required_key(SECTIONS["audiences"], "who judges the two sides"),
        "peers": Key(
            ByName("audiences", ByName("audiences", WEIGHT)), "listener -> whom it listens to"
        ),
        "issues": _required_key(SECTIONS["issues"], "what they are judged on; background first"),
        "narratives": Key(SECTIONS["narratives"], "what the claimants say"),
        "claims": Key(SECTIONS["claims"], "what is contested"),
        "events": Key(SECTIONS["events"], "what happened, by day"),
        "incidents": Key(INCIDENTS, "what one random incident does"),
        "mediator": Key(MEDIATOR, "who mediates; without it the first audience, never offering"),
        "update_rule": Key(
            NamedOptions(_plugin("rules", "update rule"), registry.declared_options),
            "how an audience follows a source",
            default="friedkin_johnsen",
        ),
        "baseline": Key(Slug(), "the arm that the others are compared with", default=""),
    }
)
# Keys of the file that are used up while it is resolved.
EXTENDS = _required_key(Slug(), "another scenario of this folder, which this one overlays")
ARMS = _required_key(ROOT, "variants: what each changes in the scenario")
FIXED_IN_ARMS = ("schema_version", "name", "extends", "arms", "baseline", "seed", "steps",
                 "start_date")  # fmt: skip
ALL_KEYS = (*ROOT.keys, "extends", "arms")
