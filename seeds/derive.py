"""Compute seeds/numbers.csv from the fact tables and the codes beside it.

    python seeds/derive.py            writes numbers.csv
    python seeds/derive.py --check    says whether numbers.csv is what the tables give (exit 1 if not)

Formula numbers F1..F15 are those of seeds/formulas.md, which gives the reason of each step. Only
the standard library is used. Values are rounded to two decimals.
"""

from __future__ import annotations

import csv
import io
import math
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = ["id", "quantity", "audience", "issue", "claimant", "value", "width", "formula",
           "inputs", "status"]  # fmt: skip
FIRST, SECOND = "India", "Pakistan"
CLAIMANTS = (FIRST, SECOND)
ISSUES = ("background", "terrorism", "water treaty", "killings abroad", "escalation")

# The judged constants; formulas.md says why each.
FRESHNESS = {"recent": 1.0, "old": 0.5}  # F1: how much an opinion poll still says
UNDECIDED = {("Pew", "2025"): 13, ("Pew", "2023"): 16, ("BBC/GlobeScan", "2014"): 26}  # F1
DIRECTION_ONLY = 10  # F1: points for "leans positive", "leans negative"
OPINION, TRADE, SECURITY, DIASPORA, CHINA = 0.30, 0.10, 0.10, 0.05, 0.10  # F2
CHINA_SIGN = {FIRST: 1.0, SECOND: -1 / 3}  # F2
TERROR, TERROR_RECURS, OWN_VICTIMS, TERROR_TIES = 0.30, 0.20, 0.10, 0.10  # F3
TENSION = {"diplomatic step": 0.3, "mass killing": 1.0, "strikes": 1.0, "strikes on bases": 1.5}
DIPLOMATIC_CON, BASES_CON, CON_SHARE = 0.3, 0.5, 2 / 3  # F12
SHARES = {"lead": 4, "campaign": 2, "reply": 1}  # F14
EVIDENCE = {"PROMOTE": 0.8, "ATTACK": 0.6, "DENY": 0.5}  # F14


def table(name: str) -> list[dict[str, str]]:
    with (HERE / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def slug(*words: str) -> str:
    return "-".join(re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-") for word in words if word)


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def clip(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))


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
    """The tables, with the few look-ups that the formulas need."""

    def __init__(self) -> None:
        self.codes = {row["audience"]: row for row in table("audience_codes")}
        self.audiences = list(self.codes)
        self.ties = {(row["audience"], row["claimant"]): row for row in table("ties")}
        self.judged = {
            (r["quantity"], r["audience"], r["issue"], r["claimant"]): r for r in table("judgements")
        }
        self.indicators = {row["id"]: row for row in table("structural_indicators")}
        self.trade = {row["id"]: row for row in table("trade_ties")}
        self.polls = [row for row in table("favourability") if row["used"] == "1"]
        self.country = {row["iso3"]: row["audience"] for row in table("countries")}
        self.ideal = table("ideal_points")
        self.stops = table("itineraries")

    def opinion(self, audience: str, claimant: str) -> tuple[float, float, list[str]]:
        """Net opinion in points times freshness, its width (F1), and the rows used."""
        rows = [r for r in self.polls if r["audience"] == audience and r["about"] == claimant]
        own = bool(rows)
        rows = rows or [
            r for r in self.polls if r["audience"] == "(no own figure)" and r["about"] == claimant
        ]
        fresh = FRESHNESS[rows[0]["age"]]
        width = 0.25 if not own else 0.15 if fresh == 1 else 0.20
        return fresh * mean([net_opinion(r) for r in rows]), width, [
            f"favourability#{r['id']}" for r in rows
        ]

    def trade_ratio(self, audience: str) -> tuple[float, str]:
        """Exports of India over exports of Pakistan to this audience, and where it is from."""
        code = self.codes[audience]
        row = self.trade.get(code["trade_row"])
        if row is None:
            return float(code["trade_ratio_judged"]), f"audience_codes#{code['id']}"
        if row["ratio_exports_india_to_pak"]:
            return float(row["ratio_exports_india_to_pak"]), f"trade_ties#{row['id']}"
        union = self.trade["eu-aggregate"]  # Europe has no ratio: region over union
        ratio = float(row["india_exports_fy25_usd_bn"]) / float(union["pakistan_exports_fy25_usd_bn"])
        return ratio, "trade_ties#europe-region; trade_ties#eu-aggregate"

    def terror(self, audience: str) -> tuple[float, str]:
        """How much terrorism recurs there, 0..1: the mean index of the node's countries over 10."""
        rows = [
            r for r in self.indicators.values()
            if r["id"].startswith("gti-") and r["audience"] == audience and r["value"]
        ]  # fmt: skip
        if rows:
            ids = "; ".join(f"structural_indicators#{r['id']}" for r in rows)
            return mean([float(r["value"]) for r in rows]) / 10, ids
        code = self.codes[audience]
        return float(code["terror_judged"]) / 10, f"audience_codes#{code['id']}"

    def position(self, audience: str) -> float:
        """Mean ideal point of the node's countries in 2024; the UN takes the mean of all."""
        return mean([
            float(r["idealpoint_2024"]) for r in self.ideal
            if r["idealpoint_2024"] and r["country"] not in CLAIMANTS
            and (audience == "UN New York" or self.country[r["iso3"]] == audience)
        ])  # fmt: skip

    def judgement(self, quantity: str, audience: str, issue: str = "", claimant: str = ""):
        row = self.judged.get((quantity, audience, issue, claimant))
        if row is None:
            return 0.0, 0.05, ""
        inputs = "; ".join(x for x in (f"judgements#{row['id']}", row["facts"].replace(".csv#", "#")) if x)
        return float(row["value"]), float(row["width"]), inputs


def derive() -> list[dict[str, str]]:
    facts, rows = Facts(), []

    def put(ident, quantity, value="", width="", formula="", inputs="", audience="", issue="",
            claimant="", status="judgement"):  # fmt: skip
        if value != "":
            value = f"{round(value + 0.0, 2) + 0.0:.2f}"
        if width != "":
            width = f"{width:.2f}"
        cells = (ident, quantity, audience, issue, claimant, value, width, formula, inputs, status)
        rows.append(dict(zip(COLUMNS, cells, strict=True)))

    def group(ident, what, **where):
        put(ident, "set", inputs=f"stands for all rows whose id begins {ident}-: {what}", **where)

    for claimant in CLAIMANTS:
        group(slug("claimant", claimant), "what this side spends", claimant=claimant)
        put(slug("claimant", claimant, "effort"), "effort", 1, 0, "F14", "equal by rule",
            claimant=claimant)  # fmt: skip

    judgements: dict[tuple[str, str, str], float] = {}  # unrounded V[a, q, k]
    importance: dict[str, float] = {}
    for a in facts.audiences:
        code, ident = facts.codes[a], slug(a)
        group(ident, "everything about this audience but its peers", audience=a)

        weight = 1 + float(code["permanent_seat"]) + float(code["role"])
        weight += sum(float(facts.indicators[i]["value"]) for i in code["imf_rows"].split(";") if i) / 10
        importance[a] = weight
        put(f"{ident}-importance", "importance", weight, 0.5, "F9",
            "; ".join([f"audience_codes#{code['id']}",
            *(f"structural_indicators#{i}" for i in code["imf_rows"].split(";") if i)]), a)  # fmt: skip
        calls = {s["country"] for s in facts.stops if s["audience"] == a}
        put(f"{ident}-capitals", "capitals", float(code["capitals"]) or len(calls), 0, "F10",
            "itineraries" if code["capitals"] == "0" else "one city", a, status="verified")  # fmt: skip

        recurs, recurs_row = facts.terror(a)
        put(f"{ident}-salience-background", "resting salience", 1, 0, "F7", "by definition", a,
            "background")  # fmt: skip
        put(f"{ident}-salience-terrorism", "resting salience", 0.05 + 0.2 * recurs, 0.05, "F7",
            recurs_row, a, "terrorism")  # fmt: skip
        for q in ISSUES[2:]:
            value, width, inputs = facts.judgement("salience", a, q)
            put(slug(a, "salience", q), "resting salience", value, width, "F7", inputs, a, q)

        for k in CLAIMANTS:
            sign = 1 if k == FIRST else -1
            tie = facts.ties[a, k]
            net, width, polls = facts.opinion(a, k)
            ratio, ratio_row = facts.trade_ratio(a)
            china = CHINA * float(tie["china"]) * CHINA_SIGN[k]
            terms = {
                "opinion": OPINION * net / 100,
                "trade": TRADE * sign * math.log10(ratio),
                "security": SECURITY * float(tie["security"]),
                "diaspora": DIASPORA * float(tie["diaspora"]),
                "china": china,
            }
            judgements[a, "background", k] = clip(sum(terms.values()), -1, 1)
            put(slug(a, "judgements", "background", k), "judgement V", judgements[a, "background", k],
                width, "F2", "; ".join([*polls, ratio_row, f"ties#{tie['id']}"])
                + " | " + ", ".join(f"{name} {value:+.3f}" for name, value in terms.items()),
                a, "background", k)  # fmt: skip
            put(slug(a, "china-term", k), "china_term", china, 0.05, "F2", f"ties#{tie['id']}", a,
                "background", k)  # fmt: skip

            size = TERROR + TERROR_RECURS * recurs
            if k == SECOND:
                size = -size + OWN_VICTIMS + TERROR_TIES * float(tie["security"])
            judgements[a, "terrorism", k] = size
            put(slug(a, "judgements", "terrorism", k), "judgement V", size, 0.15, "F3",
                f"{recurs_row}; ties#{tie['id']}"
                + ("; structural_indicators#terror-deaths-pakistan" if k == SECOND else ""), a, "terrorism", k)  # fmt: skip
            for q in ("water treaty", "killings abroad"):
                value, width, inputs = facts.judgement("judgement", a, q, k)
                put(slug(a, "judgements", q, k), "judgement V", value, width,
                    "F4" if q == "water treaty" else "F5", inputs, a, q, k)  # fmt: skip
            value, width, inputs = facts.judgement("judgement base", a, "escalation", k)
            put(slug(a, "judgements", "escalation", k), "judgement V",
                value + SECURITY * float(tie["security"]), width, "F6",
                f"{inputs}; ties#{tie['id']}", a, "escalation", k)  # fmt: skip

            change, _, inputs = facts.judgement("trust change", a, "", k)
            put(slug(a, "trust", k), "trust c0", 0.5 + 0.25 * net / 100 + change, 0.15, "F8",
                "; ".join([*polls, *([inputs] if inputs else [])]), a, "", k)  # fmt: skip

    for a in facts.audiences:
        group(slug(a, "peers"), "whom this audience listens to", audience=a)
        for b in facts.audiences:
            if a == b:
                continue
            near = math.exp(-abs(facts.position(a) - facts.position(b)))
            bodies = set(facts.codes[a]["body"].split(";")) & set(facts.codes[b]["body"].split(";"))
            near *= 1.5 if bodies - {""} else 1
            put(slug(a, "peers", b), "peer weight", importance[b] * near, 0.25 * importance[b], "F11",
                f"ideal_points; audience_codes#{slug(a)}; audience_codes#{slug(b)}", a)  # fmt: skip

    for name in ("suspended the treaty", "seeks war", "backs militants"):
        group(slug("claim", name), "credence before the campaign")
        value, width, inputs = facts.judgement(f"prior {name}", "all")
        put(slug("claim", name, "prior"), "prior", value, width, "F13", inputs)
    for name in ("sponsored the attack", "threatens global stability", "killed abroad",
                 "killed on indian soil", "on a par"):  # fmt: skip
        group(slug("claim", name), "credence before the campaign, by audience")
        for a in facts.audiences:
            code = facts.codes[a]
            if name == "killed abroad":
                value, width, inputs = facts.judgement("prior killed abroad", a)
            else:
                like = "sponsored the attack" if name == "killed on indian soil" else name
                value, width, inputs = facts.judgement(f"base {like}", "all")
                q = "background" if name == "on a par" else "terrorism"
                gap = judgements[a, q, FIRST] - judgements[a, q, SECOND]
                if name == "on a par":
                    value += 0.1 * float(code["even_handed"]) - 0.25 * gap
                else:
                    value += 0.15 * gap
                if like == "sponsored the attack":
                    value -= 0.1 * float(code["asked_inquiry"])
                inputs += f"; audience_codes#{code['id']}; V on {q}"
            put(slug("claim", name, "prior", a), "prior", clip(value, 0, 1), width, "F13", inputs, a)

    unit = math.log(1 + 26)  # F12: the attack is the unit
    for e in table("event_codes"):
        ident = "incidents" if e["id"] == "incidents" else slug("event", e["id"])
        inputs = f"event_codes#{e['id']}; events#{e['event_row']}"
        group(ident, "sizes of this event")
        if e["step"] == "ceasefire":
            back = -0.5 * (TENSION["strikes"] + TENSION["strikes on bases"])
            put(f"{ident}-tension", "tension", back, 0.5, "F12", inputs)
            put(f"{ident}-asserts", "asserting exposure", 1, 0.5, "F12", inputs)
            continue
        if e["step"] == "incident":
            pro = math.log(1 + float(e["deaths_reported"])) / unit
            put("incidents-pro", "exposure for", pro, 0.1, "F12", inputs)
            put("incidents-con", "exposure against", CON_SHARE * pro, 0.1, "F12", inputs)
            put("incidents-salience-escalation", "salience", 0.1, 0.05, "F12", inputs)
            continue
        put(f"{ident}-tension", "tension", TENSION[e["step"]], 0.3, "F12", inputs)
        first = 0.5 if e["step"] == "diplomatic step" else 1.0
        for rank, q in enumerate(e["salience"].split(";")):
            put(slug(ident, "salience", q), "salience", first if rank == 0 else 0.5 * first, 0.3,
                "F12", inputs, issue=q)  # fmt: skip
        con = {"diplomatic step": DIPLOMATIC_CON, "strikes on bases": BASES_CON}.get(e["step"])
        if con is None:
            pro = math.log(1 + float(e["deaths_reported"])) / unit
            con = CON_SHARE * pro
            put(slug(ident, "pro", e["side_hit"]), "exposure for", pro, 0.3, "F12", inputs,
                claimant=e["side_hit"])  # fmt: skip
        for k in CLAIMANTS if e["done_by"] == "both" else (e["done_by"],):
            put(slug(ident, "con", k), "exposure against", con, 0.3, "F12", inputs, claimant=k)

    for n in table("narratives"):
        ident = slug("narrative", n["id"])
        group(ident, "share and evidence of this narrative", claimant=n["sender"])
        put(f"{ident}-share", "share", SHARES[n["rank"]], 0.5 * SHARES[n["rank"]], "F14",
            f"narratives#{n['id']}", claimant=n["sender"])  # fmt: skip
        put(f"{ident}-evidence", "evidence", EVIDENCE[n["type"]], 0.15, "F14",
            f"narratives#{n['id']}", claimant=n["sender"])  # fmt: skip

    for d in table("delegations"):
        ident = slug("team", d["id"])
        group(ident, "credibility bonus of this team", claimant=d["side"])
        bonus = 1.5 if d["minister_in_office"] == "1" else 1.0
        bonus += 0.05 * (d["breadth"] == "cross_party") + 0.05 * (d["main_opposition_included"] == "1")
        put(f"{ident}-bonus", "bonus", bonus, 0.2 if bonus < 1.5 else 0.5, "F15",
            f"delegations#{d['id']}", claimant=d["side"])  # fmt: skip
    return rows


def text(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


if __name__ == "__main__":
    fresh = text(derive())
    path = HERE / "numbers.csv"
    if "--check" in sys.argv[1:]:
        same = path.exists() and path.read_text(encoding="utf-8") == fresh
        print("numbers.csv is what the tables give" if same else "numbers.csv is out of date")
        sys.exit(0 if same else 1)
    path.write_text(fresh, encoding="utf-8")
    print(f"{path.name}: {fresh.count(chr(10)) - 1} rows")
