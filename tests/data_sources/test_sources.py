"""Seeds and shipped scenarios: every number has a source, and equals the row it cites.

Reads the files with yaml and csv only, so that it also holds where the package is broken.
"""

import copy
import csv
import importlib.util
import json
import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
SCENARIOS = sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))
CITATION = re.compile(r"seeds/((?:\w+/)?\w+)\.csv#([a-z0-9-]+)")
# Scenarios with seeds of their own, and the folder whose rows these may cite besides
FOLDERS = {
    "": "",
    "kashmir_2025_states": "",
    "kashmir_2019": "kashmir_2019",
    "falklands_1982": "falklands_1982",
}
# Cases whose facts all come from before, and the last day that these may be of
BEFORE = {"kashmir_2019": date(2019, 2, 10), "falklands_1982": date(1982, 4, 1)}
LAST_SOURCE_DAY = date(2025, 5, 29)
# Cases with coded outcomes: first and last day of what was coded, and what it is about
CODED = {
    "kashmir_2019": ("2019-02-14", "2019-03-31", {"terrorism", "escalation"}),
    "falklands_1982": ("1982-04-02", "1982-06-14", {"use of force", "sovereignty", "escalation"}),
}


@cache
def rows(name):
    with (SEEDS / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def slug(*words):
    return "-".join(re.sub(r"[^a-z0-9]+", "-", str(w).lower()).strip("-") for w in words)


def document(name):
    return yaml.safe_load((ROOT / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8"))


def merge(base, delta):
    """Overlay a delta: mappings by key, lists of named items by name, the rest replaced."""
    if isinstance(base, dict) and isinstance(delta, dict):
        out = dict(base)
        for key, value in delta.items():
            if value == {"drop": True}:
                del out[key]
            else:
                out[key] = merge(base[key], value) if key in base else value
        return out
    named = isinstance(base, list) and isinstance(delta, list) and delta
    if named and all(isinstance(item, dict) and "name" in item for item in delta):
        out = {item["name"]: item for item in base}
        for item in delta:
            if item.get("drop"):
                del out[item["name"]]
            else:
                out[item["name"]] = merge(out.get(item["name"], {}), item)
        return list(out.values())
    return delta


def resolved(name):
    """The base of a scenario with what it extends laid under it."""
    doc = document(name)
    return merge(resolved(doc["extends"]), doc) if "extends" in doc else doc


def with_arms():
    for name in SCENARIOS:
        doc = resolved(name)
        for arm, delta in doc["arms"].items():
            yield pytest.param(merge(copy.deepcopy(doc), delta), id=f"{name}-{arm}")


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def numbers(node, path=(), source=None, top=True):
    """(path, number, nearest source) of a document; a source at the very top does not count."""
    if isinstance(node, dict):
        source = source if top else node.get("source", source)
        if "value" in node:
            yield path, node["value"], source
            return
        for key, value in node.items():
            if key not in ("source", "schema_version"):
                yield from numbers(value, (*path, key), source, top=False)
    elif isinstance(node, list):
        for i, item in enumerate(node):
            label = item.get("name", i) if isinstance(item, dict) else i
            yield from numbers(item, (*path, label), source, top=False)
    elif is_number(node):
        yield path, node, source


FILES = sorted(
    str(path.relative_to(SEEDS).with_suffix(""))
    for folder in FOLDERS
    for path in (SEEDS / folder).glob("*.csv")
)


def place(folder, name):
    """The name of a table of a folder."""
    return f"{folder}/{name}" if folder else name


def loaded(script):
    """A script of seeds/ as a module."""
    spec = importlib.util.spec_from_file_location(script.stem, script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", FILES)
def test_seed_rows_have_id_source_and_status(name):
    table = rows(name)
    ids = [row["id"] for row in table]
    assert len(set(ids)) == len(ids) > 0
    for row in table:
        assert None not in row, f"{name}: {row['id']} has more cells than the header"
        assert None not in row.values(), f"{name}: {row['id']} has fewer cells than the header"
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["id"]), row["id"]
        statuses = {"verified", "unverified", "judgement"}
        statuses |= {"region"} if name.endswith("numbers") else set()
        assert row["status"] in statuses, row["id"]
        assert row["inputs" if name.endswith("numbers") else "source"], row["id"]


def test_facts_of_1982_are_of_its_days_and_audiences():
    known = {row["audience"] for row in rows("falklands_1982/countries")}
    for name in (name for name in FILES if name.startswith("falklands_1982/")):
        for row in rows(name):
            assert row.get("as_of", "") < "1982-04-02", (name, row["id"])
            for key in ("date", "first_day"):
                assert not row.get(key) or "1982-04-02" <= row[key] <= "1982-06-14", row["id"]
            named = row.get("audience") or row.get("audiences") or row.get("mediator") or "all"
            assert set(named.split("; ")) <= known | {"all", "home"}, (name, row["id"])


@pytest.mark.parametrize("folder", FOLDERS)
def test_derive_reproduces_numbers(folder):
    module = loaded(SEEDS / "derive.py")
    stored = (SEEDS / folder / "numbers.csv").read_text(encoding="utf-8")
    assert module.text(module.derive(folder)) == stored


@pytest.mark.parametrize("name", [name for name in FOLDERS if name])
def test_long_blocks_of_a_scenario_are_those_of_its_numbers(name, monkeypatch):
    monkeypatch.syspath_prepend(str(SEEDS))
    text = (ROOT / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")
    assert loaded(SEEDS / "blocks.py").renew(name, text) == text


@pytest.mark.parametrize("folder", FOLDERS)
def test_inputs_of_numbers_exist(folder):
    known = {}
    for one in dict.fromkeys((folder, FOLDERS[folder])):
        for path in (SEEDS / one).glob("*.csv"):
            ids = {row["id"] for row in rows(place(one, path.stem))}
            known[path.stem] = known.get(path.stem, set()) | ids
    known["audience_codes"] |= known.get("regions", set())
    for row in rows(place(folder, "numbers")):
        for name, ident in re.findall(r"(\w+)#([a-z0-9-]+)", row["inputs"]):
            assert ident in known[name], f"{row['id']} cites {name}#{ident}"
        assert (row["status"] == "region") == ("region's mean" in row["inputs"]), row["id"]
    for row in rows(place(FOLDERS[folder], "judgements")):
        for name, ident in re.findall(r"(\w+)\.csv#([a-z0-9-]+)", row["facts"]):
            assert ident in known[name], f"{row['id']} cites {name}#{ident}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_formulas_used_are_explained(folder):
    text = (SEEDS / "formulas.md").read_text(encoding="utf-8")
    for formula in {row["formula"] for row in rows(place(folder, "numbers"))} - {""}:
        assert f"| {formula} |" in text, formula


@pytest.mark.parametrize("folder", FOLDERS)
def test_judgements_lie_within_bounds(folder):
    table = rows(place(folder, "numbers"))
    found = [row for row in table if row["quantity"].startswith("judgement")]
    issues = 4 if folder == "falklands_1982" else 5
    assert len(found) == len(rows(place(folder, "audience_codes"))) * issues * 2
    assert all(-1 <= float(row["value"]) <= 1 for row in found)


def test_events_after_the_last_source_day_are_the_campaigns_own():
    for row in rows("events"):
        if date.fromisoformat(row["date"]) > LAST_SOURCE_DAY:
            assert row["kind"] == "campaign", row["id"]


def test_stops_lie_in_the_node_of_their_country():
    node = {row["country"]: row["audience"] for row in rows("countries")}
    node |= {"Strasbourg": "Brussels", "UN New York": "UN New York"}
    for row in rows("itineraries"):
        assert row["audience"] == ("home" if not row["country"] else node[row["country"]])


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_number_has_a_source(name):
    bare = [path for path, _, source in numbers(document(name)) if not source]
    assert not bare


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_source_is_a_row_a_citation_or_a_reasoned_judgement(name):
    text = (ROOT / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")
    for table, ident in CITATION.findall(text):
        assert ident in {row["id"] for row in rows(table)}, f"seeds/{table}.csv#{ident}"
    for path, _, source in numbers(document(name)):
        reason = re.match(r"judgement\W+\w+", source)
        assert CITATION.search(source) or reason or source.startswith("statement"), (path, source)


@cache
def values_of(table):
    """Values of a table of numbers by id."""
    return {row["id"]: row["value"] for row in rows(table)}


@pytest.mark.parametrize("name", SCENARIOS)
def test_values_equal_the_rows_they_cite(name):
    compared = 0
    for path, value, source in numbers(document(name)):
        for table, ident in CITATION.findall(source):
            if not table.endswith("numbers"):
                continue
            values = values_of(table)
            if values[ident]:  # a row that is itself a number
                assert float(values[ident]) == value, (path, ident)
            else:  # a row that stands for a group: the id goes on with the path in the entity
                keys = [str(step) for step in path]
                fits = [f"{ident}-{slug(*keys[i:])}" for i in range(len(keys))]
                fits = [row for row in fits if row in values]
                assert fits, (path, ident)
                assert float(values[fits[0]]) == value, (path, fits[0])
            compared += 1
    assert compared or not name.startswith("kashmir")


def test_stances_are_those_of_the_seeds():
    listed = {row["id"]: row for row in rows("stances")}
    for side in resolved("kashmir_2025")["claimants"]:
        row = listed[CITATION.search(side["stance"]["source"])[2]]
        assert (row["claimant"], float(row["value"])) == (side["name"], side["stance"]["value"])


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_group_of_numbers_is_used(folder):
    text = "".join(path.read_text() for path in (ROOT / "scenarios").glob("*.yaml"))
    tables = {place(folder, "numbers"), place(FOLDERS[folder], "numbers")}
    cited = {ident for table, ident in CITATION.findall(text) if table in tables}
    groups = {row["id"] for row in rows(place(folder, "numbers")) if row["quantity"] == "set"}
    assert groups == cited & groups


def where(name, row):
    """The audience at which a team of a scenario makes a stop."""
    if name != "kashmir_2025_states" or not row["country"]:
        return row["audience"]
    capitals = {code["country"]: code["audience"] for code in rows(f"{name}/audience_codes")}
    return capitals.get(row["country"], row["audience"])  # New York, Strasbourg


@pytest.mark.parametrize("name", ["kashmir_2025", "kashmir_2025_states", *BEFORE])
def test_itineraries_are_those_of_the_seeds(name):
    expected: dict[str, list] = {}
    for row in rows(place(name if name in BEFORE else "", "itineraries")):
        stops, at = expected.setdefault(row["team"], []), where(name, row)
        if not stops or stops[-1][1] != at:
            stops.append((date.fromisoformat(row["first_day"]), at, row["id"]))
    for team in resolved(name)["delegations"]:
        ident = CITATION.search(team["source"])[2].removeprefix("team-")
        found = [
            (stop["day"], stop["at"], CITATION.search(stop["source"])[2])
            for stop in team["itinerary"]
        ]
        assert found == expected[ident], team["name"]


@pytest.mark.parametrize(("name", "folder", "last"), [
    ("kashmir_2025", "", LAST_SOURCE_DAY), ("kashmir_2019", "kashmir_2019", date(2019, 5, 31)),
    ("falklands_1982", "falklands_1982", date(1982, 6, 14)),
])  # fmt: skip
def test_events_have_the_days_of_the_seeds(name, folder, last):
    day = {row["id"]: date.fromisoformat(row["date"]) for row in rows(place(folder, "events"))}
    code = {row["event"]: row["event_row"] for row in rows(place(folder, "event_codes"))}
    for event in resolved(name)["events"]:
        assert event["day"] == day[code.get(event["name"], event["name"])] <= last


@pytest.mark.parametrize(("folder", "names"), [
    ("", ["kashmir_2025", "kashmir_2025_article"]),
    ("kashmir_2025_states", ["kashmir_2025_states"]),
    ("kashmir_2019", ["kashmir_2019"]),
    ("falklands_1982", ["falklands_1982"]),
])  # fmt: skip
def test_narratives_are_those_of_the_seeds(folder, names):
    listed = {row["narrative"]: row for row in rows(place(folder, "narratives"))}
    menu = {n["name"]: n for name in names for n in resolved(name)["narratives"]}
    assert set(menu) == set(listed)
    for name, row in listed.items():
        narrative = menu[name]
        assert [narrative[key] for key in ("sender", "type", "issue")] == [
            row["sender"], row["type"], row["issue"]]  # fmt: skip
        assert narrative.get("claim", "") == row["claim"]
        audiences = narrative.get("audiences", ["all"])
        assert "; ".join(audiences) == row["audiences"]
        assert str(narrative.get("from", "")) == row["first_day"]


def check_narrative(narrative, claims, rival):
    claim = claims.get(narrative.get("claim"))
    if "claim" in narrative:
        assert claim, narrative
    if narrative["type"] == "ATTACK":
        assert claim["accused"] == rival[narrative["sender"]], narrative
    elif claim and not claim.get("parity"):
        assert narrative["type"] == "DENY", narrative
        assert claim["accused"] == narrative["sender"], narrative
    if claim and not claim.get("parity"):
        assert claim["issue"] == narrative["issue"], narrative


@pytest.mark.parametrize("doc", list(with_arms()))
def test_every_name_resolves(doc):
    sides = [c["name"] for c in doc["claimants"]]
    assert len(sides) == 2
    rival = dict(zip(sides, reversed(sides), strict=True))
    audiences = [a["name"] for a in doc["audiences"]]
    issues = [q["name"] for q in doc["issues"]]
    claims = {c["name"]: c for c in doc["claims"]}

    for a in doc["audiences"]:
        assert list(a["salience"]) == list(a["judgements"]) == issues
        assert a["salience"][issues[0]] == 1
        assert set(a["trust"]) == set(sides)
        assert all(set(v) - {"source"} == set(sides) for v in a["judgements"].values())
    assert set(doc["peers"]) == set(audiences)
    for a, row in doc["peers"].items():
        assert set(row) - {"source"} <= set(audiences) - {a}
    for team in doc["delegations"]:
        assert team["claimant"] in sides
        assert all(stop["at"] in (*audiences, "home") for stop in team["itinerary"])
        days = [stop["day"] for stop in team["itinerary"]]
        assert days == sorted(set(days))
        assert team["itinerary"][-1]["at"] == "home"
    for c in claims.values():
        assert c.get("parity") or (c["accused"] in sides and c["issue"] in issues)
        if isinstance(c["prior"], dict):
            assert set(c["prior"]) == set(audiences)
    assert sum(bool(c.get("parity")) for c in claims.values()) <= 1
    for n in doc["narratives"]:
        assert n["sender"] in sides
        assert n["issue"] in issues
        assert set(n.get("audiences", [])) <= set(audiences)
        check_narrative(n, claims, rival)
    for event in doc["events"]:
        assert set(event.get("salience", {})) <= set(issues)
        assert set(event.get("pro", {})) | set(event.get("con", {})) <= set(sides)
        assert event.get("claim") is None or event["claim"] in claims
    assert set(doc.get("incidents", {}).get("salience", {})) <= set(issues)
    roles = doc["mediator"] if isinstance(doc["mediator"], list) else [doc["mediator"]]
    for role in roles:
        assert role["audience"] in audiences
        assert role.get("escalation", issues[0]) in issues
    assert doc["baseline"] in doc["arms"]


def test_kashmir_covers_twelve_audiences_and_ends_on_20_august():
    doc = resolved("kashmir_2025")
    assert [a["name"] for a in doc["audiences"]] == [r["audience"] for r in rows("audience_codes")]
    western = [a["name"] for a in doc["audiences"] if a["western"]]
    assert western == ["Washington", "London", "Paris", "Berlin", "Brussels", "Ottawa"]
    assert doc["start_date"] + timedelta(days=doc["steps"]["value"]) == date(2025, 8, 20)
    assert {"mediation", "no_mediation", "no_us_role"} <= set(doc["arms"])


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "two_sources"])
def test_rules_are_equal_for_both_sides(name):
    doc = resolved(name)
    own = ("name", "source", "stance")  # a stance is a fact about one side
    first, second = ({k: v for k, v in c.items() if k not in own} for c in doc["claimants"])
    assert first == second
    evidence = {"PROMOTE": 0.8, "ATTACK": 0.6, "DENY": 0.5}
    assert all(n["evidence"] == evidence[n["type"]] for n in doc["narratives"])
    assert "parameters" not in doc


def test_arms_differ_from_the_baseline_in_the_ceasefire_and_the_offer_alone():
    doc = resolved("kashmir_2025")
    allowed = {
        "mediation": {"events", "mediator"},
        "no_us_role": {"events"},
        "no_mediation": set(),
    }
    for arm, keys in allowed.items():
        assert set(doc["arms"][arm]) == keys
        assert {e["name"] for e in doc["arms"][arm].get("events", [])} <= {"ceasefire"}


def test_corrected_arm_has_the_menu_and_teams_of_the_default():
    default, article = resolved("kashmir_2025"), resolved("kashmir_2025_article")
    corrected = merge(article, article["arms"]["corrected"])
    for key in ("narratives", "delegations"):
        assert {x["name"]: x for x in corrected[key]} == {x["name"]: x for x in default[key]}
        assert {x["name"]: x for x in article[key]} != {x["name"]: x for x in default[key]}


def test_states_have_the_events_arms_and_claims_of_the_regions():
    regions, states = resolved("kashmir_2025"), resolved("kashmir_2025_states")
    for key in ("events", "incidents", "mediator", "claimants", "issues", "steps", "baseline"):
        assert states[key] == regions[key], key
    assert set(states["arms"]) == set(regions["arms"])
    assert [n["name"] for n in states["narratives"]] == [n["name"] for n in regions["narratives"]]
    assert len(states["audiences"]) >= 24


# What happened and what the two sides did themselves; all else was known before the crisis
OF_THE_CRISIS = (
    "events", "event_codes", "delegations", "itineraries", "narratives", "mediators"
)  # fmt: skip


@pytest.mark.parametrize(("case", "last"), BEFORE.items())
def test_no_number_of_an_earlier_case_is_from_the_crisis_itself(case, last):
    """But for the events themselves, and what the two sides said and where they went."""
    start = document(case)["start_date"]
    assert start <= last < min(date.fromisoformat(row["date"]) for row in rows(f"{case}/events"))
    known = {row["id"] for row in rows(f"{case}/regions")} if case == "kashmir_2019" else set()
    dated = {}
    for name in (path.stem for path in (SEEDS / case).glob("*.csv")):
        if name in (*OF_THE_CRISIS, "numbers"):
            continue
        for row in rows(f"{case}/{name}"):
            assert date.fromisoformat(row["as_of"]) <= last, (name, row["id"])
            dated[name, row["id"]] = row["as_of"]
            later = [year for year in re.findall(r"20[0-9]{2}", row["source"]) if year > "2019"]
            if case == "kashmir_2019":  # so says what is written of the source, too
                assert not later, (name, row["id"])
    cited = set()
    for row in rows(f"{case}/numbers"):
        for name, ident in re.findall(r"(\w+)#([a-z0-9-]+)", row["inputs"]):
            cited.add(name)
            assert name in OF_THE_CRISIS or (name, ident) in dated or ident in known, row["id"]
    assert {"ties", "judgements", "audience_codes"} <= cited
    assert ("favourability" in cited) == (case == "kashmir_2019")
    for path, _, source in numbers(document(case)):
        for table, _ in CITATION.findall(source):
            assert table.startswith(f"{case}/"), (path, source)


def test_roles_and_answers_of_1982_are_those_of_the_mediators_table():
    doc = document("falklands_1982")
    table = {row["id"]: row for row in rows("falklands_1982/mediators")}
    arm = doc["arms"]["as_it_was"]
    offers = [day for role in arm["mediator"] for day in role["days"]]
    assert [role["days"] for role in doc["mediator"]] == [role["days"] for role in arm["mediator"]]
    for role in arm["mediator"]:
        row = table[CITATION.search(role["source"])[2]]
        assert (row["mediator"], row["step"]) == (role["audience"], "offer")
    for side in arm["claimants"]:
        assert [answer["day"] for answer in side["answers"]] == offers
        for answer in side["answers"]:
            row = table[CITATION.search(answer["source"])[2]]
            # a text worked out with a side stands for its yes; of answers "accepted" alone is one
            assert answer["accepts"] == (row["step"] == "offer" or row["answer"][:8] == "accepted")
            assert row["by"] == side["name"] or row["step"] == "offer"
    both = zip(*(side["answers"] for side in arm["claimants"]), strict=True)
    assert not any(one["accepts"] and other["accepts"] for one, other in both)


def test_measures_are_in_an_arm_of_their_own():
    doc = document("falklands_1982")
    kind = {row["id"]: row["kind"] for row in rows("falklands_1982/events")}
    code = {row["event"]: kind[row["event_row"]] for row in rows("falklands_1982/event_codes")}
    assert {code[event["name"]] for event in doc["events"]} == {"military", "end of fighting"}
    measures = {code[event["name"]] for event in doc["arms"]["with_measures"]["events"]}
    assert measures == {"measure of a capital", "measure of a body", "decision of a body"}
    assert len(doc["events"]) == sum(k in ("military", "end of fighting") for k in kind.values())
    reach = {row["id"]: row["audiences"] for row in rows("falklands_1982/events")}
    for event in [*doc["events"], *doc["arms"]["with_measures"]["events"]]:
        row = next(r for r in rows("falklands_1982/event_codes") if r["event"] == event["name"])
        assert "; ".join(event.get("audiences", [])) == reach[row["event_row"]], event["name"]


@pytest.mark.parametrize("case", CODED)
def test_outcomes_follow_from_the_answers(case):
    module = loaded(SEEDS / "outcomes" / "derive_codes.py")
    answers = rows(f"outcomes/{case}_answers")
    codes = [tuple(row.values()) for row in rows(f"outcomes/{case}")]
    assert codes == [tuple(map(str, row)) for row in module.outcomes(answers)]
    assert len({row["audience"] for row in answers}) >= 20
    first, last, matters = CODED[case]
    assert {row["about"] for row in answers} == matters
    for row in answers:
        assert date.fromisoformat(first) <= date.fromisoformat(row["date"])
        assert date.fromisoformat(row["date"]) <= date.fromisoformat(last)
        assert "http" in row["source"], row["audience"]
        assert {row[q + end] for q in ("named", "right", "asked") for end in ("", "_2")} <= {
            "-1", "0", "1"}  # fmt: skip


@pytest.mark.parametrize("case", CODED)
def test_outcomes_are_of_audiences_of_the_scenario(case):
    audiences = document(case)["audiences"]
    known = {a["name"] for a in audiences} | {a.get("iso3") for a in audiences}
    assert {row["audience"] for row in rows(f"outcomes/{case}")} <= known


def test_outcomes_set_no_number():
    for path in [*SEEDS.glob("**/*.csv"), *(ROOT / "scenarios").glob("*.yaml")]:
        if "outcomes" not in path.parts:
            assert not re.search(r"outcomes/\w+\.csv#", path.read_text(encoding="utf-8"))


def mirrored(node):
    """The document with North and South exchanged, lists of names and items without order."""
    swap = {"North": "South", "South": "North"}
    if isinstance(node, dict):
        return {mirrored(k): mirrored(v) for k, v in node.items() if k != "source"}
    if isinstance(node, list):
        items = [mirrored(item) for item in node]
        return sorted(items, key=lambda x: json.dumps(x, sort_keys=True, default=str))
    if isinstance(node, str):
        return re.sub("North|South", lambda m: swap[m[0]], node)
    return node


def test_symmetric_is_its_own_mirror_image():
    doc = {k: v for k, v in document("symmetric").items() if k != "description"}
    once = mirrored(doc)
    twice = mirrored(once)  # the identity, but for the order of items and keys
    assert once == twice
