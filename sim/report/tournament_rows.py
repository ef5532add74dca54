"""What the tables of a tournament say of one side, and how its small numbers are written."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from sim.report.effects import CHANCE, PARAMETERS
from sim.report.escaping import label
from sim.report.hindcast import select
from sim.report.numerals import number
from sim.store.results import Results, unique_texts

MAIN = "lead"
YES = "yes"
LONGEST = 20  # characters of a name in a table or a figure
UNCERTAINTIES = {CHANCE: "by chance alone", PARAMETERS: "with parameters and judgements drawn"}
# What each payoff is called where it is the subject of a sentence
NAMES = {
    "lead": "lead at the end",
    "mean_lead": "mean lead",
    "western_lead": "lead in Western capitals",
    "wedge": "wedge",
    "refusal": "cost of refusing",
}


def fine(value: float) -> str:
    """Return a difference with two digits that say something, and no more than five in all."""
    if value != value or abs(value) >= 0.00995:
        return number(value)
    text = f"{value:z.4f}" if abs(value) >= 0.000995 else f"{value:z.5f}"
    return "0" if float(text) == 0.0 else text


def fine_span(low: float, high: float) -> str:
    """The two ends of a range of such differences."""
    return f"{fine(low)} to {fine(high)}"


class SideRows(NamedTuple):
    """What the tables say of one claimant, payoff and kind of uncertainty."""

    results: Results
    uncertainty: str
    payoff: str
    claimant: str

    def rows(self, name: str, **values: object) -> pd.DataFrame:
        """The rows of a table about it."""
        ids = {"uncertainty": self.uncertainty, "payoff": self.payoff, "claimant": self.claimant}
        return select(self.results.table(name), **ids, **values)

    @property
    def rival(self) -> str:
        """The other claimant."""
        first, second = claimants(self.results)
        return second if self.claimant == first else first

    @property
    def standings(self) -> pd.DataFrame:
        """Its choices against the rival's together, the best first; one of each that are same."""
        found = self.rows("standings", against="")
        return found[found["same_as"] == ""].sort_values("rank", kind="stable")

    def apart(self, choice: str, other: str) -> bool:
        """Whether two choices differ by more than chance, against the rival's together."""
        for one, two in ((choice, other), (other, choice)):
            found = self.rows("differences", against="", choice=one, instead_of=two)
            if len(found):
                return str(found["beyond_chance"].iloc[0]) == YES
        return False


def claimants(results: Results) -> tuple[str, str]:
    """The two claimants, in file order."""
    first, second = unique_texts(results.table("standings")["claimant"])
    return first, second


def uncertainties(results: Results) -> list[str]:
    """The kinds of uncertainty that were played."""
    return unique_texts(results.table("standings")["uncertainty"])


def thousandths(mean: float, low: float, high: float, signed: bool = False) -> str:
    """A mean in thousandths, with half its interval: `0.42 ±0.01`."""
    half = 500.0 * (high - low)
    text = f"{1000.0 * mean:{'+' if signed else ''}.2f}"
    if float(text) == 0.0:
        text = "0"
    if half != half:
        return text
    return f"{text} ±{half:.2f}" if half >= 0.005 or half == 0.0 else f"{text} ±<0.01"


def shorten(name: str) -> str:
    """A strategy's name of at most ``LONGEST`` characters, of which both ends are left."""
    text = label(name, 80)
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[: half - 1]}\u2026{text[-half:]}"
