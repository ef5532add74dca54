"""Every key of a scenario file, declared once.

Reading, "did you mean", the JSON Schema for editors, the template of ``narrate init`` and the
writing of resolved scenarios all follow this declaration. Defaults come from the records in
``entities``, parameters and switches from ``sim.parameters``.
"""

from __future__ import annotations

from dataclasses import MISSING, fields, replace

from sim.parameters import DEFAULTS, SPECS, Parameters, Switches
from sim.plugins import registry
from sim.scenario import entities
from sim.scenario import value_kinds as kinds
from sim.scenario.arguments import MOST_DAYS
from sim.scenario.error_texts import closest
from sim.scenario.value_kinds import (
    SHARE,
    WEIGHT,
    ByName,
    Day,
    Items,
    Key,
    Reference,
    Succession,
    Whole,
)

SCHEMA_VERSION = 1
MOST_ARMS = 20
MOST_ROLES = 20
HOME = "home"
# Fields whose key is a Python keyword or reads better otherwise.
FIELD_OF_KEY = {"from": "first_day", "until": "last_day"}
_KEY_OF_FIELD = {field: key for key, field in FIELD_OF_KEY.items()}
_NAME = Key(kinds.Name(), "its name; random draws go by it")
_DESCRIPTION = Key(kinds.Text(2000, lines=True), "for people; changes nothing")


def _record(entity: type, **keys: Key) -> kinds.RecordKind:
    """Declare the keys of an entity, given under the names of its fields.

    A field without a default makes its key required; any other gives the key its default. A name
    comes first and a description last, where the entity has them.
    """
    by_name = {item.name: item for item in fields(entity)}
    if "name" in by_name:
        keys = {"name": _NAME, **keys}
    if "description" in by_name:
        keys["description"] = _DESCRIPTION
    declared = {}
    for name, key in keys.items():
        item = by_name[name]
        factory = item.default_factory
        default = item.default if factory is MISSING else factory()
        required = default is MISSING
        default = None if required else default
        declared[_KEY_OF_FIELD.get(name, name)] = replace(key, required=required, default=default)
    return kinds.RecordKind(declared, entity)


def _plugin(kind: str, what: str) -> kinds.Choice:
    return kinds.Choice(what, lambda: registry.names(kind))


def _required(kind: kinds.Kind, meaning: str) -> Key:
    return Key(kind, meaning, required=True)


_CLAIM = Reference("claims")
_SYMPATHIES = ByName("claimants", kinds.SYMPATHY, complete=True)
_JUDGEMENTS = ByName("issues", ByName("claimants", kinds.SYMPATHY))

ANSWER = _record(
    entities.DatedAnswer,
    day=Key(Day(), "the day of an offer"),
    accepts=Key(kinds.Flag(), "whether it accepts that offer"),
)
PLAN = _record(
    entities.DatedPlan,
    first_day=Key(Day(), "the day it begins to hold"),
    shares=Key(
        ByName("narratives", WEIGHT), "new weights in its own menu; others stay as they were"
    ),
    reply=Key(SHARE, "part of its statements that answers attacks, in place of the parameter"),
    stops=Key(
        ByName("delegations", Reference("audiences", home=True)),
        "where teams of its own go: an audience, or home; each stays until its next stop",
    ),
)
CLAIMANT = _record(
    entities.Claimant,
    effort=Key(WEIGHT, "effort of its statements", unit="effort/day"),
    campaign_start=Key(Day(after_end=True), "the day its statements begin"),
    strategy=Key(_plugin("strategies", "strategy"), "how it sends its teams"),
    acceptance=Key(_plugin("acceptance", "acceptance rule"), "how it answers an offer"),
    answers=Key(
        kinds.Listed(ANSWER, 1000), "what the rule scripted answers, by day; else as by logit"
    ),
    audience_cost=Key(
        kinds.Coefficient("audience_cost"), "its own domestic cost of accepting a mediator"
    ),
    stance=Key(
        kinds.SYMPATHY, "its public stance on outside mediation: -1 refuses it, 1 asks for it"
    ),
    plans=Key(
        kinds.Listed(PLAN, 1000), "what it does from a day on: from, and shares, reply or stops"
    ),
)
STOP = _record(
    entities.Stop,
    day=Key(Day(), "from this day on"),
    at=Key(Reference("audiences", home=True), "the team is here, or at home"),
)
DELEGATION = _record(
    entities.Delegation,
    claimant=Key(Reference("claimants"), "whose team it is"),
    bonus=Key(WEIGHT, "factor on its exposure"),
    itinerary=Key(kinds.Listed(STOP, 1000), "its stops in order of days"),
    leader=Key(kinds.Text(), "who leads it"),
    breadth=Key(kinds.Choice("breadth", lambda: entities.BREADTHS), "who is in it"),
)
AUDIENCE = _record(
    entities.Audience,
    name=Key(kinds.Name((*kinds.Name().reserved, HOME)), _NAME.meaning),
    importance=Key(WEIGHT, "weight in the means over audiences"),
    western=Key(kinds.Flag(), "whether it counts in the wedge"),
    capitals=Key(Whole(1, 1000), "how many capitals a tour of it calls at"),
    salience=Key(ByName("issues", WEIGHT), "resting salience; the first issue has 1"),
    vote_nearness=Key(
        ByName("claimants", SHARE, complete=True),
        "how near its UN votes are to each claimant's; hindcast compares with it, no run "
        "depends on it",
    ),
    trust=Key(
        ByName("claimants", SHARE, complete=True), "credibility of each claimant at the start"
    ),
    judgements=Key(
        _JUDGEMENTS,
        "how it judges each claimant on each issue, from -1 to 1; left out, as on the first",
    ),
    anchor_pull=Key(kinds.Coefficient("anchor_pull"), "its own pull back to its interests"),
    initial_sympathy=Key(_SYMPATHIES, "sympathy on day 0; without it, what silence would leave"),
    iso3=Key(kinds.CountryCode(), "ISO 3166 alpha-3 code of its country; changes nothing"),
)
ISSUE = _record(entities.Issue)
NARRATIVE = _record(
    entities.Narrative,
    sender=Key(Reference("claimants"), "who tells it"),
    type=Key(
        kinds.Choice("message type", lambda: entities.NARRATIVE_TYPES),
        "PROMOTE its own case, ATTACK the rival, or DENY",
    ),
    issue=Key(Reference("issues"), "what it is about"),
    share=Key(WEIGHT, "weight in its sender's menu"),
    evidence=Key(SHARE, "how well it is supported"),
    claim=Key(_CLAIM, "the claim it asserts or denies; every ATTACK has one"),
    first_day=Key(Day(after_end=True), "its first day"),
    last_day=Key(Day(after_end=True), "its last day"),
    audiences=Key(kinds.Listed(Reference("audiences"), 200), "only these hear it"),
)
CLAIM = _record(
    entities.Claim,
    accused=Key(Reference("claimants"), "whom it accuses; the parity claim nobody"),
    issue=Key(Reference("issues"), "what it is about; the parity claim has none"),
    parity=Key(kinds.Flag(), "whether it says that the two are on a par"),
    prior=Key(
        kinds.NumberByName("audiences", SHARE), "belief in it on day 0, for all or for each"
    ),
)
VERIFICATION = _record(
    entities.Verification,
    claim=Key(_CLAIM, "the claim that was looked into"),
    finding=Key(SHARE, "1 confirms it, 0 refutes it"),
    weight=Key(SHARE, "how far belief moves to the finding"),
)
EVENT = _record(
    entities.Event,
    day=Key(Day(), "when it happens"),
    tension=Key(kinds.Number(), "tension it adds or takes"),
    salience=Key(ByName("issues", kinds.Number()), "salience it adds"),
    pro=Key(ByName("claimants", WEIGHT), "exposure for a claimant"),
    con=Key(ByName("claimants", WEIGHT), "exposure against a claimant"),
    claim=Key(_CLAIM, "the claim it supports"),
    asserts=Key(WEIGHT, "exposure that asserts the parity claim"),
    verification=Key(VERIFICATION, "an inquiry that reports that day"),
    audiences=Key(
        kinds.Listed(Reference("audiences"), 200, least=1), "only these hear of it; else all"
    ),
)
INCIDENTS = _record(
    entities.Incidents,
    pro=Key(WEIGHT, "exposure for the side that was hit"),
    con=Key(WEIGHT, "exposure against the other side"),
    salience=Key(ByName("issues", kinds.Number()), "salience added by one incident"),
)
MEDIATOR = _record(
    entities.Mediator,
    audience=Key(Reference("audiences"), "who takes the role"),
    policy=Key(_plugin("mediators", "policy"), "when it offers"),
    days=Key(kinds.Listed(Day(), 1000), "the days the scripted policy offers on"),
    escalation=Key(Reference("issues"), "the issue whose salience worries it"),
    first_day=Key(Day(), "the day its role begins; of the first role day 0"),
)
_BEGINS = {"from": replace(MEDIATOR.keys["from"], required=True)}
LATER_MEDIATOR = replace(MEDIATOR, keys={**MEDIATOR.keys, **_BEGINS})
PARAMETERS = kinds.RecordKind(
    {
        name: Key(
            kinds.Coefficient(name), spec.meaning, default=getattr(DEFAULTS, name), unit=spec.unit
        )
        for name, spec in SPECS.items()
    },
    Parameters,
)
SWITCHES = kinds.RecordKind(
    {
        name: Key(kinds.Flag(), f"false turns {name} off", default=default)
        for name, default in Switches()._asdict().items()
    },
    Switches,
)
ROOT = kinds.RecordKind(
    {
        "schema_version": Key(Whole(1, SCHEMA_VERSION), "version of the file format", default=1),
        "name": _required(
            kinds.Slug(), "name of the scenario; its results lie in a folder of that name"
        ),
        "title": Key(kinds.Text(), "one line for tables and figures", default=""),
        "description": Key(
            kinds.Text(10_000, lines=True), "what the scenario is about", default=""
        ),
        "seed": Key(Whole(0, kinds.LONGEST_SEED), "seed of the random draws", default=0),
        "steps": _required(Whole(1, MOST_DAYS), "how many days are run"),
        "start_date": _required(kinds.StartDate(), "the date of day 0"),
        "initial_tension": Key(WEIGHT, "tension on day 0", default=0.0, unit="tension"),
        "parameters": Key(PARAMETERS, "numbers of the model; those left out have their defaults"),
        "switches": Key(SWITCHES, "mechanisms; false turns one off"),
        "claimants": _required(Items(CLAIMANT, 2, 2), "the two sides; the first has sign +1"),
        "delegations": Key(Items(DELEGATION, 200), "teams that travel"),
        "audiences": _required(Items(AUDIENCE, 200, 1), "who judges the two sides"),
        "peers": Key(
            ByName("audiences", ByName("audiences", WEIGHT), table=True),
            "listener -> whom it listens to; or a CSV file of the same folder",
        ),
        "issues": _required(Items(ISSUE, 50, 1), "what they are judged on; background first"),
        "narratives": Key(Items(NARRATIVE, 500), "what the claimants say"),
        "claims": Key(Items(CLAIM, 200), "what is contested"),
        "events": Key(Items(EVENT, 2000), "what happened, by day"),
        "incidents": Key(INCIDENTS, "what one random incident does"),
        "mediator": Key(
            Succession(MEDIATOR, LATER_MEDIATOR, MOST_ROLES),
            "who mediates, or a list of those who do one after another; without it the first "
            "audience, never offering",
        ),
        "update_rule": Key(
            kinds.NamedOptions(_plugin("rules", "update rule"), registry.declared_options),
            "how an audience follows a source",
            default="friedkin_johnsen",
        ),
        "baseline": Key(kinds.Slug(), "the arm that the others are compared with", default=""),
    }
)
_NESTED = {name: key.kind for name, key in ROOT.keys.items()
           if isinstance(key.kind, kinds.RecordKind)} | {"mediator": MEDIATOR}  # fmt: skip
SECTIONS = {name: key.kind for name, key in ROOT.keys.items() if isinstance(key.kind, Items)}
EXTENDS = _required(kinds.Slug(), "another scenario of this folder, which this one overlays")
ARMS = _required(ROOT, "variants: what each changes in the scenario")
JUDGEMENTS = Key(
    ByName("audiences", _JUDGEMENTS, table=True),
    "judgements of audiences, in place of those they have; or a CSV file of the same folder",
)
GAME = Key(
    _record(
        entities.Game,
        side=Key(Reference("claimants"), "the claimant that is played"),
        every=Key(Whole(1, 366), "days of a turn"),
        turns=Key(Whole(0, MOST_DAYS), "how many turns have been played"),
        arm=Key(kinds.Slug(), "the arm in which it is played"),
        replicate=Key(Whole(0, kinds.LONGEST_SEED), "number of the draws it is played on"),
    ),
    "how far narrate play has come with the plans of this file; changes no run",
)
# Used up when the layers of a file are laid over each other
LAYER_KEYS = ("extends", "arms", "judgements", "game")
ALL_KEYS = (*ROOT.keys, *LAYER_KEYS)
FIXED_IN_ARMS = (*LAYER_KEYS, "schema_version", "name", "seed", "steps", "start_date", "baseline")


def near_key(path: str) -> str:
    """The key that a path which begins with none was probably meant to be, or "".

    Its last part is looked for among all keys: ``parrity`` is meant to be ``parity``, ``policy``
    to be ``mediator.policy``, ``importance`` that of an audience.
    """
    label, last = path.partition(".")[0], path.rpartition(".")[2]
    if label in ALL_KEYS or (label != path and closest(label, ALL_KEYS)):
        return ""  # the section itself is misspelled
    known = {key: f"{section}.{key}" for section, of in _NESTED.items() for key in of.keys}
    known |= {key: f"{section}.NAME.{key}" for section, of in SECTIONS.items()
              for key in of.item.keys if key not in known}  # fmt: skip
    known |= {key: key for key in (*SPECS, *ROOT.keys)}  # a parameter's bare name is its path
    return known.get(closest(last, known), "")
