"""What the keys of a lesson must be to each other, and to its scenario.

Single values were checked before, when they were read (``keys`` declares what each may be).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from sim.lessons.entities import CHOICE, CURVE, LENGTHS
from sim.lessons.quantities import QUANTITIES, Quantity
from sim.scenario.error_texts import MISSING, unknown
from sim.scenario.nodes import Mapping, Path, nearest
from sim.scenario.problems import Problems
from sim.scenario.scenario import Scenario

VALUE = "value"
EDGES = ("from", "below")  # of an option
MOVES = ".moves"  # after a number's name in `told`: with its direction
_BRACED = re.compile(r"\{([^{}]*)\}")
SINGULAR = {"claimants": "claimant", "issues": "issue", "claims": "claim"}


class Checking:
    """Checks the values of one lesson against each other.

    Parameters
    ----------
    found
        The values that were read; bad ones are left out.
    tree
        The file, for the place of each problem.
    scenario
        The lesson's scenario; None if it is wrong itself, and less can be checked.
    problems
        Every problem is added here.
    """

    def __init__(
        self, found: dict[str, Any], tree: Mapping, scenario: Scenario | None, problems: Problems
    ) -> None:
        self.found, self.tree, self.scenario, self.problems = found, tree, scenario, problems

    def check(self) -> None:
        """Add every problem."""
        for index, arm in enumerate(self.found.get("see", {}).get("arms", ())):
            self._arm(arm, ("see", "arms", str(index)))
        for label, one in _label_items(self.found.get("predictions", ())):
            self._prediction(one, ("predictions", label))
        for label, one in _label_items(self.found.get("statements", ())):
            self._statement(one, ("statements", label))
        self._debrief()

    def _debrief(self) -> None:
        """A plan of so many minutes has just so many."""
        for minutes in LENGTHS:
            planned = self.found.get("debrief", {}).get(str(minutes), ())
            total = sum(one.get("minutes", 0) for one in planned)
            if planned and total != minutes:
                self._add(("debrief", str(minutes)), f"must add up to {minutes} minutes", total)

    def _statement(self, one: dict[str, Any], path: Path) -> None:
        for key in ("measure", "than"):
            self._measure(one.get(key), (*path, key), curve=False)
        bounds = one.get("holds")
        if bounds is not None:
            self._bounds(bounds, "above", "below", (*path, "holds"))
            if not bounds:
                self._add((*path, "holds"), "must have above, below or both")

    def _arm(self, arm: str, path: Path) -> None:
        if self.scenario is not None and arm not in self.scenario.arms:
            self._add(path, unknown("arm", arm, self.scenario.arms), arm)

    def _prediction(self, one: dict[str, Any], path: Path) -> None:
        """Each kind has keys of its own, and `told` quotes only numbers that there are."""
        kind = one.get("kind")
        curve = kind == CURVE
        if kind is not None:  # what is right in it depends on the kind
            self._measure(one.get("measure"), (*path, "measure"), curve=curve)
        if kind == CHOICE:
            self._options(one, path)
            self._needless(one, ("low", "high"), path)
        elif kind is not None:
            self._needless(one, ("options",), path)
            for key in ("low", "high"):
                if key not in one and not self._is_in_file(path, key):
                    self._add((*path, key), MISSING)
            self._bounds(one, "low", "high", path)
        numbers = one.get("numbers", ())
        for label, number in _label_items(numbers):
            self._measure(number.get("measure"), (*path, "numbers", label, "measure"), curve=False)
        known = sorted({number["name"] for number in numbers if "name" in number})
        if not curve:
            known.insert(0, VALUE)
        for word in _BRACED.findall(one.get("told", "")):
            if word.removesuffix(MOVES) not in known:
                self._add((*path, "told"), unknown("number", word, known), "{" + word + "}")

    def _options(self, one: dict[str, Any], path: Path) -> None:
        """Options are half-open intervals that leave no gap: exactly one answer is right."""
        options = one.get("options", [])
        if len(options) < 2:
            if "options" in one or not self._is_in_file(path, "options"):
                self._add((*path, "options"), "must hold at least 2 items", len(options))
            return
        for index, option in enumerate(options):
            edges = [edge for edge in EDGES if edge in option]
            for word in _BRACED.findall(option.get("text", "")):
                if word not in edges:
                    at = (*path, "options", str(index), "text")
                    self._add(at, unknown("edge", word, edges), "{" + word + "}")
        for index, (before, after) in enumerate(pairwise(options)):
            edge = before.get("below")
            if edge is None or after.get("from") != edge:
                at = (*path, "options", str(index + 1), "from")
                self._add(at, "must be where the answer before it ends (its below)")
            if "from" in before and edge is not None and before["from"] >= edge:
                self._add((*path, "options", str(index)), "from must be less than below")
        if "from" in options[0]:
            self._add((*path, "options", "0", "from"), "the first answer has no lower end")
        if "below" in options[-1]:
            last = str(len(options) - 1)
            self._add((*path, "options", last, "below"), "the last answer has no upper end")

    def _measure(self, one: dict[str, Any] | None, path: Path, *, curve: bool) -> None:
        """A curve has days of its own and is a mean; any other measure has days in its terms."""
        if one is None:
            return
        if curve and one.get("statistic", "mean") != "mean":
            self._add((*path, "statistic"), "must be mean for a curve", one["statistic"])
        if curve or "from" in one or "until" in one:
            self._days(one, path, "a curve" if curve else "")
        if not curve and ("from" in one or "until" in one):
            self._add(path, "only a curve has days of its own; put them into its terms")
        if "divided_by" in one and one.get("statistic", "mean") != "mean":
            reason = "must be mean where something is divided"
            self._add((*path, "statistic"), reason, one["statistic"])
        for key in ("terms", "divided_by"):
            for index, term in enumerate(one.get(key, ())):
                self._term(term, one, (*path, key, str(index)), curve=curve)

    def _term(
        self, term: dict[str, Any], measure: dict[str, Any], path: Path, *, curve: bool
    ) -> None:
        """A term says its arm, its days and its quantity; its measure may say the latter."""
        if "arm" in term:
            self._arm(term["arm"], (*path, "arm"))
        # by the file: without a scenario no day is read, and none is missing for that
        spans = self._is_in_file(path, "from") or self._is_in_file(path, "until")
        if curve and (spans or self._is_in_file(path, "day")):
            self._add(path, "the days of a curve stand in its measure, not in its terms")
        elif not curve and spans == self._is_in_file(path, "day"):
            self._add(path, "must have either day or from and until")
        elif "from" in term or "until" in term:
            self._days(term, path, "")
        full = {**measure, **term}
        if "of" not in full:
            if not self._is_in_file(path, "of") and not self._is_in_file(path[:-2], "of"):
                self._add((*path, "of"), MISSING)
            return
        quantity = QUANTITIES[full["of"]]
        self._toward(quantity, full, path)
        if "at" in full and not quantity.placed:
            self._add((*path, "at"), f"{full['of']} belongs to no audience", full["at"])
        last = max((full[key] for key in ("day", "until") if key in full), default=0)
        if quantity.flow and self.scenario is not None and last >= self.scenario.steps:
            reason = f"{full['of']} end with day {self.scenario.steps - 1}"
            self._add(path, reason, last)

    def _toward(self, quantity: Quantity, full: dict[str, Any], path: Path) -> None:
        """``toward`` names something that the quantity can be toward."""
        given = full.get("toward")
        if given is None:
            if quantity.toward and quantity.over_all is None:
                self._add((*path, "toward"), MISSING)
        elif not quantity.toward:
            self._add((*path, "toward"), f"{full['of']} is toward nobody", given)
        elif self.scenario is not None:
            names = [one.name for one in getattr(self.scenario, quantity.toward)]
            if given not in names:
                what = SINGULAR[quantity.toward]
                self._add((*path, "toward"), unknown(what, given, names), given)

    def _days(self, one: dict[str, Any], path: Path, what: str) -> None:
        """``from`` and ``until`` are both there, in order; ``what`` needs them."""
        for key in ("from", "until"):
            if key not in one and not self._is_in_file(path, key):
                self._add((*path, key), f"is missing; {what} needs it" if what else MISSING)
        if "from" in one and "until" in one and one["from"] > one["until"]:
            self._add((*path, "until"), "must not be before from", one["until"])

    def _bounds(self, one: dict[str, Any], low: str, high: str, path: Path) -> None:
        if low in one and high in one and one[low] >= one[high]:
            self._add((*path, high), f"must be more than {low}", one[high])

    def _needless(self, one: dict[str, Any], keys: tuple[str, ...], path: Path) -> None:
        """Keys that this kind of prediction has no use for."""
        for key in keys:
            if key in one:
                self._add((*path, key), f"a {one['kind']} has none")

    def _is_in_file(self, path: Path, key: str) -> bool:
        """Whether the file has this key, even with a bad value: that is reported already."""
        return nearest(self.tree, (*path, key))[1]

    def _add(self, path: Path, reason: str, got: object = "") -> None:
        mark = nearest(self.tree, path)[0].mark
        self.problems.add(mark, path, reason, str(got))


def _label_items(rows: Iterable[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """The items of a list with the labels that paths have: their names, else their places."""
    return [(str(row.get("name", index)), row) for index, row in enumerate(rows)]
