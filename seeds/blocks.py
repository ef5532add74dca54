"""Write the long blocks of a scenario file from its seeds' numbers.csv.

    python seeds/blocks.py NAME            rewrites them in scenarios/NAME.yaml
    python seeds/blocks.py NAME --check    compares only; exit 1 if the file is out of date

A block stands between the lines ``# <KIND WORDS>`` and ``# </KIND>``; what the kinds hold is said
at their functions. All else in the file is written by hand. Only the standard library is used.
"""

from __future__ import annotations

import math
import re
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from derive import FOLDERS, HERE, Facts, slug, table

UNIONS = ("Brussels", "UN New York")  # of countries: of the European Union and of all
LATEST = ("2017-2019", "1978-1981")  # of the tables of equal votes
SHORT = {"India": "IN", "Pakistan": "PK", "Argentina": "AR", "United Kingdom": "UK"}  # there
EVEN = '"judgement: the mean of what it judges of the two sides"'
BLOCK = re.compile(r"(?ms)^( *)# <(\w+)([^>]*)>\n.*?^ *# </\2>\n")


class Blocks:
    """What the blocks of one scenario hold."""

    def __init__(self, name: str) -> None:
        self.folder = f"seeds/{name}"
        self.facts = Facts(FOLDERS[name])
        self.name, self.sides = name, list(self.facts.sides)
        rows = table("numbers", FOLDERS[name][:1])
        self.values = {row["id"]: float(row["value"]) for row in rows if row["value"]}
        self.upper = FOLDERS[name][1:]  # the scenario that this one extends has these tables
        kept = {row["audience"] for row in table("audience_codes", self.upper)}
        self.dropped = sorted(kept - set(self.facts.audiences))
        self.kept = kept - set(self.dropped)

    def value(self, *words: str) -> str:
        """A number as the file has it."""
        return f"{self.values[slug(*words)]:g}"

    def by(self, names: list[str], *words: str) -> str:
        """A mapping from names to numbers."""
        return "{" + ", ".join(f"{n}: {self.value(*words, n)}" for n in names) + "}"

    def votes(self, audience: str) -> list[str]:
        """How near a country's UN votes are to each claimant's; no line where none is on file.

        The share of equal votes in the latest years, where the scenario has such a table, else
        exp(-distance) of ideal points. No run depends on it.
        """
        if audience in UNIONS:
            return []
        country = self.facts.codes[audience].get("country")
        for row in self.facts.table("unga_vote_agreement"):
            shares = [row.get(f"agree3_{SHORT[side]}") for side in self.sides]
            if row["country"] == country and row["years"] in LATEST and all(shares):
                own = (FOLDERS[self.name][0] / "unga_vote_agreement.csv").exists()
                where = f"{self.folder if own else 'seeds'}/unga_vote_agreement.csv#{row['id']}"
                return self.vote_lines([float(share) for share in shares], where)
        points = {row["country"]: row for row in self.facts.ideal}
        if self.facts.table("unga_vote_agreement") or country not in points:
            return []
        at = {name: float(row["idealpoint_2012"]) for name, row in points.items()}
        near = [round(math.exp(-abs(at[country] - at[side])), 4) for side in self.sides]
        return self.vote_lines(near, f"{self.folder}/ideal_points.csv#{points[country]['id']}")

    def vote_lines(self, near: list[float], source: str) -> list[str]:
        """The lines of an audience's nearness in votes."""
        values = ", ".join(f"{k}: {n:g}" for k, n in zip(self.sides, near, strict=True))
        return wrap(f"  vote_nearness: {{{values}, source: {source}}}")

    def drops(self, indent: str) -> str:
        """Audiences of the scenario below that this one does not have."""
        return "".join(f"{indent}- {{name: {name}, drop: true}}\n" for name in self.dropped)

    def audiences(self, indent: str, _: str) -> str:
        """Every audience with its numbers."""
        text = self.drops(indent)
        for a, code in self.facts.codes.items():
            country = "" if a in UNIONS else code["iso3"]
            judged = [
                f"    {q}: {self.by(self.sides, a, 'judgements', q)}" for q in self.facts.issues
            ]
            lines = [
                f"- name: {a}",
                *([f"  iso3: {country}"] if country else []),
                f"  source: {self.folder}/numbers.csv#{slug(a)}",
                f"  importance: {self.value(a, 'importance')}",
                f"  western: {'true' if code['western'] == '1' else 'false'}",
                f"  capitals: {self.value(a, 'capitals')}",
                *wrap("  salience: " + self.by(self.facts.issues, a, "salience")),
                f"  trust: {self.by(self.sides, a, 'trust')}",
                *self.votes(a),
                "  judgements:",
                *judged,
            ]
            text += "".join(f"{indent}{line}\n" for line in lines)
        return text

    def peers(self, indent: str, _: str) -> str:
        """Whom each audience listens to."""
        text = "".join(f"{indent}{name}: {{drop: true}}\n" for name in self.dropped)
        for a in self.facts.audiences:
            gone = [f"{b}: {{drop: true}}" for b in self.dropped if a in self.kept]
            heard = [f"{b}: {self.value(a, 'peers', b)}" for b in self.facts.audiences if b != a]
            row = ", ".join([f"source: {self.folder}/numbers.csv#{slug(a)}-peers", *gone, *heard])
            text += "".join(f"{indent}{line}\n" for line in wrap(f"{a}: {{{row}}}"))
        return text

    def prior(self, indent: str, claim: str) -> str:
        """The credence of each audience in one claim."""
        gone = [f"{b}: {{drop: true}}" for b in self.dropped]
        known = [f"{a}: {self.value('claim', claim, 'prior', a)}" for a in self.facts.audiences]
        lines = wrap(f"prior: {{{', '.join([*gone, *known])}}}")
        return "".join(f"{indent}{line}\n" for line in lines)

    def even(self, indent: str, audience: str) -> str:
        """One audience that judges both sides alike: on each issue the mean of its judgements."""
        rows = [f"- name: {audience}", f"  source: {EVEN}", "  judgements:"]
        for q in self.facts.issues:
            both = [self.values[slug(audience, "judgements", q, k)] for k in self.sides]
            judged = ", ".join(f"{k}: {sum(both) / 2:g}" for k in self.sides)
            rows.append(f"    {q}: {{{judged}}}")
        return "".join(f"{indent}{row}\n" for row in rows)

    def china(self, indent: str, _: str) -> str:
        """Every audience's background without the interest in a counterweight to China."""
        text = self.drops(indent)
        for a in self.facts.audiences:
            background = self.by(self.sides, a, "without china", "judgements", "background")
            text += (
                f"{indent}- name: {a}\n"
                f"{indent}  source: {self.folder}/numbers.csv#{slug(a)}-without-china\n"
                f"{indent}  judgements: {{background: {background}}}\n"
            )
        return text


def wrap(line: str) -> list[str]:
    """A mapping in lines that are short enough for people, broken between its items alone."""
    rest = line[: len(line) - len(line.lstrip())] + "  "
    whole = ", ".join(item.replace(" ", "\0") for item in line.split(", "))
    return [one.replace("\0", " ") for one in textwrap.wrap(whole, 96, subsequent_indent=rest,
            break_long_words=False, break_on_hyphens=False)]  # fmt: skip


def renew(name: str, text: str) -> str:
    """The text of a scenario file with its blocks written anew."""
    blocks = Blocks(name)

    def write(found: re.Match[str]) -> str:
        indent, kind, words = found[1], found[2], found[3].strip()
        block: Callable[[str, str], str] = getattr(blocks, kind)
        opening = f"{indent}# <{kind}{found[3]}>\n"
        return f"{opening}{block(indent, words)}{indent}# </{kind}>\n"

    return BLOCK.sub(write, text)


if __name__ == "__main__":
    scenario = sys.argv[1]
    path = HERE.parent / "scenarios" / f"{scenario}.yaml"
    old = path.read_text(encoding="utf-8")
    new = renew(scenario, old)
    if "--check" in sys.argv[2:]:
        print(f"{path.name} has the numbers of its seeds" if new == old else "out of date")
        sys.exit(new != old)
    path.write_text(new, encoding="utf-8")
    print(f"{path.name}: {len(new.splitlines())} lines")
