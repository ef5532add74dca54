"""Compute the numbers.csv of a scenario's seeds from its fact tables and codes.

    python seeds/derive.py                 seeds/numbers.csv, of kashmir_2025
    python seeds/derive.py NAME            seeds/NAME/numbers.csv, of another scenario
    python seeds/derive.py [NAME] --check  compares only; exit 1 if it is out of date

Formula numbers F1..F15 are those of seeds/formulas.md, which gives the reason of each step; they
are the same for every scenario. Only the standard library is used. Values are rounded to two
decimals, nearness of votes to four.
"""

from __future__ import annotations

import csv
import io
import math
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
# Where the tables of each scenario lie; rows of an earlier folder come first and are found first.
FOLDERS = {
    "": (HERE,),
    "kashmir_2025_states": (HERE / "kashmir_2025_states", HERE),
    "kashmir_2019": (HERE / "kashmir_2019",),
    "falklands_1982": (HERE / "falklands_1982",),
}
OWN_TABLES = ("audience_codes", "narratives")  # of the first folder that has them
COLUMNS = ["id", "quantity", "audience", "issue", "claimant", "value", "width", "formula",
           "inputs", "status"]  # fmt: skip
FIRST, SECOND = "India", "Pakistan"
SIDES = {"falklands_1982": ("Argentina", "United Kingdom")}  # of all others the two above
FORMULA_ISSUES = ("background", "terrorism", "escalation")  # the others' V is judged: F4, F5
REGION = "region's mean"  # marks inputs that speak of the region, where none speaks of the country

# The judged constants; formulas.md says why each.
FRESHNESS = {"recent": 1.0, "old": 0.5}  # F1: how much an opinion poll still says
UNDECIDED = {("Pew", "2025"): 13, ("Pew", "2023"): 16, ("BBC/GlobeScan", "2014"): 26}  # F1
DIRECTION_ONLY = 10  # F1: points for "leans positive", "leans negative"
OPINION, TRADE, SECURITY, DIASPORA, CHINA = 0.30, 0.10, 0.10, 0.05, 0.10  # F2
CHINA_SIGN = {FIRST: 1.0, SECOND: -1 / 3}  # F2
TERROR, TERROR_RECURS, OWN_VICTIMS, TERROR_TIES = 0.30, 0.20, 0.10, 0.10  # F3
TENSION = {"diplomatic step": 0.3, "mass killing": 1.0, "strikes": 1.0, "strikes on bases": 1.5}
THIRD_PARTY = {"measure": "con", "support": "pro"}  # of a capital or body; F12
DIPLOMATIC_CON, BASES_CON, CON_SHARE = 0.3, 0.5, 2 / 3  # F12
SHARES = {"lead": 4, "campaign": 2, "reply": 1}  # F14
EVIDENCE = {"PROMOTE": 0.8, "ATTACK": 0.6, "DENY": 0.5}  # F14


def table(name: str, folders: tuple[Path, ...] = (HERE,)) -> list[dict[str, str]]:
    """Rows of the CSV files of this name; a repeated id counts once, from the first folder."""
    found: dict[str, dict[str, str]] = {}
    for folder in folders:
        path = folder / f"{name}.csv"
        if path.exists():
            with path.open(newline="", encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    found.setdefault(row["id"], row)
            if name in OWN_TABLES:
                break
    return list(found.values())


def slug(*words: str) -> str:
    """Lower case, joined by hyphens: the form of ids."""
    return "-".join(re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-") for word in words if word)


def join(*parts: str) -> str:
    """Inputs of a number, the empty ones left out."""
    return "; ".join(part for part in parts if part)


def mean(values: list[float]) -> float:
    """Arithmetic mean."""
    return sum(values) / len(values)


def clip(value: float, low: float, high: float) -> float:
    """Keep a value within bounds."""
    return max(low, min(high, value))


def regional(rows: list[str], mark: str) -> list[str]:
    """The rows cited, marked where they are those of the region."""
    return [f"{mark}: {rows[0]}", *rows[1:]] if mark else rows


def percent(text: str) -> float | None:
    """'>=60', '~49' and '>50' count as the number printed."""
    return float(text.strip("<>=~")) if text else None


def net_opinion(row: dict[str, str]) -> float:
    """F1: favourable minus unfavourable, in points, of one poll."""
    if row["direction"]:
        return float(row["direction"]) * DIRECTION_ONLY
    good, bad = percent(row["favourable"]), percent(row["unfavourable"])
    undecided = UNDECIDED.get((row["surveyor"], row["year"]), 0)
    if good is None:
        good = 100 - undecided - bad
    if bad is None:
        bad = 100 - undecided - good
    return good - bad


class Facts:
    """The tables of a scenario, with the few look-ups that the formulas need.

    Where no row speaks of a country, the rows of its region do; ``regional`` marks them.
    """

    def __init__(self, folders: tuple[Path, ...] = (HERE,)) -> None:
        self.folders = folders
        self.sides = SIDES.get(folders[0].name, (FIRST, SECOND))
        self.codes = {row["audience"]: row for row in self.table("audience_codes")}
        self.audiences = list(self.codes)
        whole = self.table("regions") or table("audience_codes", folders[-1:])
        self.regions = {row["audience"]: row for row in whole}
        self.terror_counts = "terror_judged" in next(iter(self.codes.values()))  # F3, F7
        self.ties = {(row["audience"], row["claimant"]): row for row in self.table("ties")}
        self.judged = {
            (r["quantity"], r["audience"], r["issue"], r["claimant"]): r
            for r in self.table("judgements")
        }
        self.issues = list(
            dict.fromkeys(["background", *["terrorism"] * self.terror_counts, *(
                r["issue"] for r in self.judged.values() if r["quantity"] == "salience")])
        )  # fmt: skip
        self.indicators = {row["id"]: row for row in self.table("structural_indicators")}
        self.trade = {row["id"]: row for row in self.table("trade_ties")}
        self.polls = [row for row in self.table("favourability") if row["used"] == "1"]
        self.country = {row["iso3"]: row["audience"] for row in self.table("countries")}
        self.ideal = self.table("ideal_points")
        self.stops = self.table("itineraries")

    def table(self, name: str) -> list[dict[str, str]]:
        """Rows of a table of this scenario."""
        return table(name, self.folders)

    def region(self, audience: str) -> str:
        """The region whose rows stand in for a country's; the audience itself if it has none."""
        return self.codes[audience].get("region") or audience

    def own(self, audience: str, place: str, region: str) -> bool:
        """Whether a row about a place, filed under a region, is about this audience."""
        country = self.codes[audience].get("country")
        return place == country if country else region == audience

    def opinion(self, audience: str, claimant: str) -> tuple[float, float, list[str]]:
        """Net opinion in points times freshness, its width (F1), and the rows used."""
        if not self.polls:
            return 0.0, 0.25, []
        about = [r for r in self.polls if r["about"] == claimant]
        rows = [r for r in about if self.own(audience, r["asked_in"], r["audience"])]
        own, mark = bool(rows), ""
        if not rows:
            rows, mark = [r for r in about if r["audience"] == self.region(audience)], REGION
        if not rows:
            rows, mark = [r for r in about if r["audience"] == "(no own figure)"], ""
        fresh = FRESHNESS[rows[0]["age"]]
        width = 0.25 if not own else 0.15 if fresh == 1 else 0.20
        cited = [f"favourability#{r['id']}" for r in rows]
        return fresh * mean([net_opinion(r) for r in rows]), width, regional(cited, mark)

    def trade_ratio(self, audience: str) -> tuple[float, str]:
        """Exports of the first side over the second's to this audience, and where it is from."""
        code, mark = self.codes[audience], ""
        if "trade_row" not in code:  # no ratio was read of any: the term is 0
            return 1.0, ""
        if not (code["trade_row"] or code["trade_ratio_judged"]):
            code, mark = self.regions[self.region(audience)], REGION
        row = self.trade.get(code["trade_row"])
        if row is None:
            cited = f"audience_codes#{code['id']}"
            return float(code["trade_ratio_judged"]), *regional([cited], mark)
        if row["ratio_exports_india_to_pak"]:
            cited = f"trade_ties#{row['id']}"
            return float(row["ratio_exports_india_to_pak"]), *regional([cited], mark)
        union = self.trade["eu-aggregate"]  # Europe has no ratio: region over union
        ratio = float(row["india_exports_fy25_usd_bn"]) / float(
            union["pakistan_exports_fy25_usd_bn"]
        )
        return ratio, "trade_ties#europe-region; trade_ties#eu-aggregate"

    def terror(self, audience: str) -> tuple[float, str]:
        """How much terrorism recurs there, 0..1: mean index of the node's countries over 10."""
        scores = [r for r in self.indicators.values() if r["id"].startswith("gti-") and r["value"]]
        rows = [r for r in scores if self.own(audience, r["subject"], r["audience"])]
        code, mark = self.codes[audience], ""
        if not rows and not code["terror_judged"]:
            rows, mark = [r for r in scores if r["audience"] == self.region(audience)], REGION
            code = self.regions.get(self.region(audience), code)
        if rows:
            cited = [f"structural_indicators#{r['id']}" for r in rows]
            value = mean([float(r["value"]) for r in rows])
        else:
            cited, value = [f"audience_codes#{code['id']}"], float(code["terror_judged"])
        return value / 10, "; ".join(regional(cited, mark))

    def side(self, claimant: str) -> float:
        """Ideal point of a claimant."""
        return next(point for row, point in self.points() if row["country"] == claimant)

    def points(self) -> list[tuple[dict[str, str], float]]:
        """Countries with their ideal points of the latest year."""
        return [
            (row, float(point))
            for row in self.ideal
            if (point := next(v for k, v in row.items() if k.startswith("idealpoint")))
        ]

    def position(self, audience: str) -> float:
        """Mean ideal point of the node's countries, or of a body's members, or of all."""
        code = self.codes[audience]
        points = [(row, point) for row, point in self.points() if row["country"] not in self.sides]
        own = [
            point for row, point in points
            if row["iso3"] == code.get("iso3")
            or (not code.get("iso3") and self.country[row["iso3"]] == audience)
        ]  # fmt: skip
        members = [
            point for row, point in points
            if code["body"] and not code.get("iso3") and row["iso3"] in self.country
            and code["body"] in self.codes[self.country[row["iso3"]]]["body"].split(";")
        ]  # fmt: skip
        everyone = [point for _, point in points]
        return mean(everyone if audience == "UN New York" else own or members or everyone)

    def tie(self, audience: str, claimant: str) -> tuple[dict[str, str], str]:
        """The labels of an audience and a claimant, and the row they are from."""
        row, mark = self.ties.get((audience, claimant)), ""
        if row is None:
            row, mark = self.ties[self.region(audience), claimant], REGION
        return row, *regional([f"ties#{row['id']}"], mark)

    def judgement(
        self, quantity: str, audience: str, issue: str = "", claimant: str = ""
    ) -> tuple[float, float, str]:
        """Value, width and inputs of a row of judgements.csv; 0 where there is none."""
        row, mark = self.judged.get((quantity, audience, issue, claimant)), ""
        if row is None and audience in self.codes:
            key = (quantity, self.region(audience), issue, claimant)
            row, mark = self.judged.get(key), REGION
        if row is None:
            row, mark = self.judged.get((quantity, "all", issue, claimant)), ""
        if row is None:
            return 0.0, 0.05, ""
        inputs = [f"judgements#{row['id']}", row["facts"].replace(".csv#", "#")]
        return float(row["value"]), float(row["width"]), join(*regional(inputs, mark))


class Numbers:
    """The rows of numbers.csv as they are made, and the values later formulas read."""

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []
        self.judgements: dict[tuple[str, str, str], float] = {}  # V[a, q, k], not rounded
        self.importance: dict[str, float] = {}

    def put(
        self,
        ident: str,
        quantity: str,
        value: float,
        width: float,
        formula: str,
        inputs: str,
        *,
        audience: str = "",
        issue: str = "",
        claimant: str = "",
        status: str = "judgement",
        places: int = 2,
    ) -> None:
        """Add a number; one that leans on a region's mean says so in its status."""
        status = "region" if REGION in inputs else status
        digits = f"{round(value, places) + 0.0:.{places}f}"  # + 0.0: no minus zero
        cells = (ident, quantity, audience, issue, claimant, digits, f"{width:.2f}", formula)
        self.rows.append(dict(zip(COLUMNS, (*cells, inputs, status), strict=True)))

    def group(self, ident: str, what: str, audience: str = "", claimant: str = "") -> None:
        """Add a row that stands for all rows whose id begins with its own."""
        note = f"stands for all rows whose id begins {ident}-: {what}"
        cells = (ident, "set", audience, "", claimant, "", "", "", note, "judgement")
        self.rows.append(dict(zip(COLUMNS, cells, strict=True)))


def audience_numbers(facts: Facts, out: Numbers, a: str) -> None:
    """F7, F9, F10: importance, capitals and resting salience of one audience."""
    code, ident = facts.codes[a], slug(a)
    code_row = f"audience_codes#{code['id']}"
    funds = [i for i in code.get("imf_rows", "").split(";") if i]
    weight = 1 + float(code["permanent_seat"]) + float(code["role"])
    weight += sum(float(facts.indicators[i]["value"]) for i in funds) / 10
    out.importance[a] = weight
    inputs = join(code_row, *(f"structural_indicators#{i}" for i in funds))
    out.put(f"{ident}-importance", "importance", weight, 0.5, "F9", inputs, audience=a)

    calls = {stop["country"] for stop in facts.stops if stop["audience"] == a}
    city = code["capitals"] == "1"
    out.put(
        f"{ident}-capitals", "capitals", 1 if city else len(calls), 0, "F10",
        "one city" if city else "itineraries", audience=a, status="verified",
    )  # fmt: skip

    resting = {"background": (1.0, 0.0, "by definition")}
    if facts.terror_counts:
        recurs, recurs_row = facts.terror(a)
        resting["terrorism"] = (0.05 + 0.2 * recurs, 0.05, recurs_row)
    for q in facts.issues:
        value, width, inputs = resting.get(q) or facts.judgement("salience", a, q)
        name = slug(a, "salience", q)
        out.put(name, "resting salience", value, width, "F7", inputs, audience=a, issue=q)


def background(facts: Facts, out: Numbers, a: str, k: str) -> None:
    """F2: V on the background, its china_term, and V without it."""
    sign = 1 if k == facts.sides[0] else -1
    tie, tie_row = facts.tie(a, k)
    opinion, width, polls = facts.opinion(a, k)
    ratio, ratio_row = facts.trade_ratio(a)
    terms = {
        "opinion": OPINION * opinion / 100,
        "trade": TRADE * sign * math.log10(ratio),
        "security": SECURITY * float(tie["security"]),
        "diaspora": DIASPORA * float(tie["diaspora"]),
    }
    if "china" in tie:
        terms["china"] = CHINA * float(tie["china"]) * CHINA_SIGN[k]
    value = clip(sum(terms.values()), -1, 1)
    out.judgements[a, "background", k] = value
    where = {"audience": a, "issue": "background", "claimant": k}
    whole, part = slug(a, "judgements", "background", k), slug(a, "china-term", k)
    parts = ", ".join(f"{name} {term:+.3f}" for name, term in terms.items())
    inputs = join(*polls, ratio_row, tie_row) + " | " + parts
    out.put(whole, "judgement V", value, width, "F2", inputs, **where)
    if "china" not in tie:
        return
    out.put(part, "china_term", terms["china"], 0.05, "F2", tie_row, **where)
    out.put(
        slug(a, "without-china-judgements-background", k), "V without china_term",
        value - terms["china"], width, "F2", join(whole, part), **where,
    )  # fmt: skip


def on_terrorism(facts: Facts, out: Numbers, a: str, k: str) -> tuple[float, float, str]:
    """F3: V on terrorism, its width and inputs."""
    tie, tie_row = facts.tie(a, k)
    recurs, recurs_row = facts.terror(a)
    value, victims = TERROR + TERROR_RECURS * recurs, ""
    if k == SECOND:
        value = -value + OWN_VICTIMS + TERROR_TIES * float(tie["security"])
        victims = "structural_indicators#terror-deaths-pakistan"
    out.judgements[a, "terrorism", k] = value
    return value, 0.15, join(recurs_row, tie_row, victims)


def on_judged_issue(facts: Facts, a: str, q: str, k: str) -> tuple[float, float, str]:
    """F4-F6: V as it was judged; where a base was judged, friends are blamed less, as in F6."""
    value, width, rows = facts.judgement("judgement base", a, q, k)
    if not rows:
        return facts.judgement("judgement", a, q, k)
    tie, tie_row = facts.tie(a, k)
    return value + SECURITY * float(tie["security"]), width, join(rows, tie_row)


def other_judgements(facts: Facts, out: Numbers, a: str, k: str) -> None:
    """F3-F6 and F8: V on the other issues, and trust."""
    judged = [q for q in facts.issues if q not in FORMULA_ISSUES]
    formulas = {
        "terrorism": "F3",
        "escalation": "F6",
        **dict(zip(judged, ("F4", "F5"), strict=True)),
    }
    for q in facts.issues[1:]:
        if q == "terrorism":
            value, width, inputs = on_terrorism(facts, out, a, k)
        else:
            value, width, inputs = on_judged_issue(facts, a, q, k)
            out.judgements[a, q, k] = value
        name = slug(a, "judgements", q, k)
        out.put(name, "judgement V", value, width, formulas[q], inputs,
                audience=a, issue=q, claimant=k)  # fmt: skip

    opinion, _, polls = facts.opinion(a, k)
    change, _, change_row = facts.judgement("trust change", a, "", k)
    out.put(
        slug(a, "trust", k), "trust c0", 0.5 + 0.25 * opinion / 100 + change, 0.15, "F8",
        join(*polls, change_row) or "no poll, no change judged", audience=a, claimant=k,
    )  # fmt: skip


def nearness(facts: Facts, out: Numbers, a: str) -> None:
    """How near one country's votes are to each side's, as in F11; no run depends on it."""
    for k in facts.sides:
        near = math.exp(-abs(facts.position(a) - facts.side(k)))
        out.put(slug(a, "vote nearness", k), "vote nearness", near, 0.1, "F11", "ideal_points",
                audience=a, claimant=k, places=4)  # fmt: skip


def peers(facts: Facts, out: Numbers, a: str) -> None:
    """F11: whom one audience listens to."""
    out.group(slug(a, "peers"), "whom this audience listens to", audience=a)
    for b in facts.audiences:
        if a == b:
            continue
        near = math.exp(-abs(facts.position(a) - facts.position(b)))
        bodies = [set(facts.codes[x]["body"].split(";")) - {""} for x in (a, b)]
        near *= 1.5 if bodies[0] & bodies[1] else 1
        weight = out.importance[b]
        inputs = join("ideal_points", *(f"audience_codes#{slug(x)}" for x in (a, b)))
        out.put(slug(a, "peers", b), "peer weight", weight * near, 0.25 * weight, "F11", inputs,
                audience=a)  # fmt: skip


def priors(facts: Facts, out: Numbers) -> None:
    """F13: credence before the campaign, in the claims of the narratives and those with a base."""
    lines = facts.table("narratives")
    based = {q.removeprefix("base "): q for q, *_ in facts.judged if q.startswith("base ")}
    made = {slug(name) for name in (*based, *(n["claim"] for n in lines))}
    for name in [q.removeprefix("prior ") for q, a, *_ in facts.judged
                 if q.startswith("prior ") and a == "all"]:  # fmt: skip
        out.group(slug("claim", name), "credence before the campaign")
        value, width, inputs = facts.judgement(f"prior {name}", "all")
        out.put(slug("claim", name, "prior"), "prior", value, width, "F13", inputs)
    named = {
        "sponsored the attack": "base sponsored the attack",
        "threatens global stability": "base threatens global stability",
        "killed abroad": "",
        "killed on indian soil": "base sponsored the attack",
        "on a par": "base on a par",
    }
    attacks = {n["claim"]: n for n in lines if n["type"] == "ATTACK"}
    for name, base in {**named, **based}.items():
        if slug(name) not in made:
            continue
        about = ("terrorism", FIRST, SECOND)  # the issue, who states it, whom it accuses
        if name == "on a par":
            about = ("background", *facts.sides)
        elif name not in named:
            sender, (one, other) = attacks[name]["sender"], facts.sides
            about = (attacks[name]["issue"], sender, other if sender == one else one)
        claim_priors(facts, out, name, base, about)


def claim_priors(
    facts: Facts, out: Numbers, name: str, base: str, about: tuple[str, str, str]
) -> None:
    """F13: credence of each audience in one claim."""
    q, sender, accused = about
    out.group(slug("claim", name), "credence before the campaign, by audience")
    for a in facts.audiences:
        code = facts.codes[a]
        value, width, inputs = facts.judgement(*((base, "all") if base else (f"prior {name}", a)))
        if base:
            gap = out.judgements[a, q, sender] - out.judgements[a, q, accused]
            value += 0.15 * gap if name != "on a par" else -0.25 * gap
            inputs = join(inputs, f"audience_codes#{code['id']}", f"V on {q}")
        if name == "on a par":
            value += 0.1 * float(code.get("even_handed", 0))
        if base == "base sponsored the attack":
            value -= 0.1 * float(code["asked_inquiry"])
        out.put(slug("claim", name, "prior", a), "prior", clip(value, 0, 1), width, "F13",
                inputs, audience=a)  # fmt: skip


def exposure(deaths: str) -> float:
    """F12: exposure for the side hit; the attack with its 26 dead is the unit. No count is 0."""
    return math.log(1 + float(deaths or 0)) / math.log(1 + 26)


def event(facts: Facts, out: Numbers, e: dict[str, str], before: list[str]) -> None:
    """F12: the sizes of one event; ``before`` are the steps that came before it."""
    ident = slug("event", e["id"])
    inputs = f"event_codes#{e['id']}; events#{e['event_row']}"
    out.group(ident, "sizes of this event")
    if e["step"] == "ceasefire":
        back = -0.5 * sum(TENSION[step] for step in before[-2:])
        out.put(f"{ident}-tension", "tension", back, 0.5, "F12", inputs)
        out.put(f"{ident}-asserts", "asserting exposure", 1, 0.5, "F12", inputs)
        return
    if e["step"] in TENSION:
        out.put(f"{ident}-tension", "tension", TENSION[e["step"]], 0.3, "F12", inputs)
    size = 0.5 if e["step"] in ("diplomatic step", *THIRD_PARTY) else 1.0
    for q in e["salience"].split(";"):
        out.put(slug(ident, "salience", q), "salience", size, 0.3, "F12", inputs, issue=q)
        size *= 0.5  # the issue named second
    if e["step"] in THIRD_PARTY:
        for k in filter(None, [e["side_hit"]]):  # whom it is for or against, if anybody
            kind = THIRD_PARTY[e["step"]]
            out.put(slug(ident, kind, k), f"exposure {'for' if kind == 'pro' else 'against'}",
                    DIPLOMATIC_CON, 0.3, "F12", inputs, claimant=k)  # fmt: skip
        return
    con = {"diplomatic step": DIPLOMATIC_CON, "strikes on bases": BASES_CON}.get(e["step"])
    if con is None:
        pro, hit = exposure(e["deaths_reported"]), e["side_hit"]
        con = CON_SHARE * pro
        out.put(slug(ident, "pro", hit), "exposure for", pro, 0.3, "F12", inputs, claimant=hit)
    for k in facts.sides if e["done_by"] == "both" else (e["done_by"],):
        out.put(slug(ident, "con", k), "exposure against", con, 0.3, "F12", inputs, claimant=k)


def incidents(out: Numbers, e: dict[str, str]) -> None:
    """F12: one random incident, whichever side is hit."""
    inputs = f"event_codes#{e['id']}; events#{e['event_row']}"
    pro = exposure(e["deaths_reported"])
    out.group("incidents", "sizes of a random incident")
    out.put("incidents-pro", "exposure for", pro, 0.1, "F12", inputs)
    out.put("incidents-con", "exposure against", CON_SHARE * pro, 0.1, "F12", inputs)
    out.put("incidents-salience-escalation", "salience", 0.1, 0.05, "F12", inputs,
            issue="escalation")  # fmt: skip


def campaigns(facts: Facts, out: Numbers) -> None:
    """F14, F15: shares, evidence, bonuses; the same rules for both sides."""
    for n in facts.table("narratives"):
        ident, row = slug("narrative", n["id"]), f"narratives#{n['id']}"
        k, share = n["sender"], SHARES[n["rank"]]
        out.group(ident, "share and evidence of this narrative", claimant=k)
        out.put(f"{ident}-share", "share", share, 0.5 * share, "F14", row, claimant=k)
        out.put(f"{ident}-evidence", "evidence", EVIDENCE[n["type"]], 0.15, "F14", row, claimant=k)
    for d in facts.table("delegations"):
        ident, minister = slug("team", d["id"]), d["minister_in_office"] == "1"
        bonus = 1.5 if minister else 1.0
        bonus += 0.05 * (d["breadth"] == "cross_party")
        bonus += 0.05 * (d["main_opposition_included"] == "1")
        out.group(ident, "credibility bonus of this team", claimant=d["side"])
        out.put(f"{ident}-bonus", "bonus", bonus, 0.5 if minister else 0.2, "F15",
                f"delegations#{d['id']}", claimant=d["side"])  # fmt: skip


def derive(name: str = "") -> list[dict[str, str]]:
    """All rows of a scenario's numbers.csv, in order."""
    facts, out = Facts(FOLDERS[name]), Numbers()
    for k in facts.sides:
        out.group(slug("claimant", k), "what this side spends", claimant=k)
        out.put(slug("claimant", k, "effort"), "effort", 1, 0, "F14", "equal by rule", claimant=k)
    for a in facts.audiences:
        out.group(slug(a), "everything about this audience but its peers", audience=a)
        audience_numbers(facts, out, a)
        for k in facts.sides:
            background(facts, out, a, k)
            other_judgements(facts, out, a, k)
        points = {row["iso3"] for row in facts.ideal}
        if facts.codes[a].get("iso3") in points and a != "Brussels":  # of one country
            nearness(facts, out, a)
    for a in facts.audiences:
        if facts.ties and "china" in next(iter(facts.ties.values())):
            out.group(slug(a, "without-china"), "V on background less china_term", audience=a)
        peers(facts, out, a)
    priors(facts, out)
    before: list[str] = []
    for e in facts.table("event_codes"):
        if e["id"] == "incidents":
            incidents(out, e)
        else:
            event(facts, out, e, before)
            before += [e["step"]] * (e["step"] in TENSION)
    campaigns(facts, out)
    return out.rows


def text(rows: list[dict[str, str]]) -> str:
    """The rows as the text of a CSV file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--check"]
    scenario = words[0] if words else ""
    fresh = text(derive(scenario))
    path = FOLDERS[scenario][0] / "numbers.csv"
    if "--check" in sys.argv[1:]:
        same = path.exists() and path.read_text(encoding="utf-8") == fresh
        print("numbers.csv is what the tables give" if same else "numbers.csv is out of date")
        sys.exit(0 if same else 1)
    path.write_text(fresh, encoding="utf-8")
    print(f"{path.name}: {fresh.count(chr(10)) - 1} rows")
