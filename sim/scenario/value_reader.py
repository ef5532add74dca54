"""From nodes to values, by the kinds of ``keys``: types, ranges, known keys and known names.

One method per kind of value. A value that is refused is noted as a problem and comes back as
``BAD``, so that one reading finds all problems; records leave bad and missing keys out. Rules that
join several keys are in ``checking``, what a single scalar may look like is in ``scalars``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar

from sim import parameters
from sim.scenario import scalars
from sim.scenario import value_kinds as kinds
from sim.scenario.error_texts import MISSING, closest, fold_case, outside, unknown
from sim.scenario.keys import ALL_KEYS, HOME, ROOT, SECTIONS
from sim.scenario.merging import DROP, drops
from sim.scenario.nodes import Listing, Mapping, Mark, Node, Path, Scalar, labels, name_of
from sim.scenario.problems import Problems
from sim.scenario.sources import note_repeated_names

T = TypeVar("T")
BAD: Any = object()
NOTHING_OVERLAID = "removes what is overlaid, and nothing is here"
NOT_A_NUMBER = "must be a finite number such as 2 or 0.5, without quotes"
NOT_A_DAY = "must be a day: a date such as 2025-04-12, or a whole number of days"


def read_values(tree: Mapping, problems: Problems) -> dict[str, Any]:
    """Read the values of a whole scenario, by key; those that are bad or missing are left out."""
    return dict(ValueReader(tree, problems).value(ROOT, tree, ()))


class ValueReader:
    """Reads the values of one tree; knows the names in it and its calendar.

    Parameters
    ----------
    tree
        The whole tree of a scenario: references are to the names in its sections, days count from
        its ``start_date`` to its ``steps``.
    problems
        Where every refusal is noted.
    """

    def __init__(self, tree: Mapping, problems: Problems) -> None:
        self.problems = problems
        self.names = {section: _names(tree.get(section), section) for section in SECTIONS}
        start, steps = tree.get("start_date"), tree.get("steps")
        self.start = scalars.iso_date(start) if isinstance(start, Scalar) else None
        self.steps = scalars.whole(steps) if isinstance(steps, Scalar) else None

    def value(self, kind: kinds.Kind, node: Node, path: Path) -> Any:
        """Read the value of a node as one of some kind; ``BAD`` where it is refused."""
        method: Callable[[Any, Node, Path], Any] = _METHODS[type(kind)].__get__(self)
        return method(kind, node, path)

    # Mappings and lists

    def _record(self, kind: kinds.RecordKind, node: Node, path: Path) -> Any:
        """Read a mapping with declared keys; the root may also hold ``extends`` and ``arms``."""
        if not isinstance(node, Mapping):
            return self._bad(node, path, "must be a mapping")
        allowed = [*kind.keys] if path else [*ALL_KEYS]
        values: dict[str, Any] = {}
        misspelt: set[str] = set()
        for key, entry in node.entries.items():
            if key not in kind.keys:
                misspelt.add("" if self.problems.enough else closest(key, allowed))
                reason = unknown("key", key, allowed, brief=self.problems.enough)
                if key == DROP:
                    reason = NOTHING_OVERLAID if drops(node) else "must be true"
                self.problems.add(entry.key, (*path, key), reason)
                continue
            value = self.value(kind.keys[key].kind, entry.node, (*path, key))
            if value is not BAD:
                values[key] = value
        for key, declared in kind.keys.items():
            if declared.required and key not in node.entries and key not in misspelt:
                self.problems.add(node.mark, (*path, key), MISSING)
        return values

    def _list(self, kind: kinds.Listed, node: Node, path: Path) -> Any:
        """Read a list; names may not stand twice among items that have names."""
        if not isinstance(node, Listing):
            return self._bad(node, path, "must be a list")
        self._count(node, path, kind.least, kind.most)
        if isinstance(kind, kinds.Items):
            note_repeated_names(node, path, self.problems)
        items = zip(labels(node), node.items, strict=True)
        values = [self.value(kind.item, item, (*path, label)) for label, item in items]
        return [value for value in values if value is not BAD]

    def _succession(self, kind: kinds.Succession, node: Node, path: Path) -> Any:
        """Read one record, or those that follow each other, as a list in both cases."""
        if isinstance(node, Mapping):
            return [self._record(kind.first, node, path)]
        if not isinstance(node, Listing):
            return self._bad(node, path, "must be a mapping, or a list of them")
        self._count(node, path, 1, kind.most)
        return [
            self._record(kind.later if index else kind.first, item, (*path, str(index)))
            for index, item in enumerate(node.items)
        ]

    def _count(self, node: Listing, path: Path, least: int, most: int) -> None:
        """Note a list with too few or too many items."""
        count = len(node.items)
        if least <= count <= most:
            return
        if least == most:
            bound = f"exactly {most} items"
        elif count > most:
            bound = f"at most {most} items"
        else:
            bound = f"at least {least} {'item' if least == 1 else 'items'}"
        self.problems.add(node.mark, path, f"must hold {bound}", str(count))

    def _by_name(self, kind: kinds.ByName, node: Node, path: Path) -> Any:
        """Read a mapping from names of a section; a name that is bad is not missing as well."""
        if not isinstance(node, Mapping):
            return self._bad(node, path, "must be a mapping")
        values = {}
        for name, entry in node.entries.items():
            if not self._is_known(kind.section, name, entry.key, (*path, name)):
                continue
            value = self.value(kind.item, entry.node, (*path, name))
            if value is not BAD:
                values[name] = value
        for name in self.names[kind.section] or () if kind.complete else ():
            if name not in node.entries:
                self.problems.add(node.mark, (*path, name), MISSING)
        return values

    def _number_by_name(self, kind: kinds.NumberByName, node: Node, path: Path) -> Any:
        """Read a mapping from all names of a section, or one number that stands for each."""
        if isinstance(node, Mapping):
            all_names = kinds.ByName(kind.section, kind.item, complete=True)
            return self._by_name(all_names, node, path)
        value = self._number(kind.item, node, path)
        return BAD if value is BAD else dict.fromkeys(self.names[kind.section] or (), value)

    def _named_options(self, kind: kinds.NamedOptions, node: Node, path: Path) -> Any:
        """Read a plug-in with its options: ``{"name": name, "options": numbers by name}``."""
        if not isinstance(node, Mapping):
            return {"name": self._choice(kind.name, node, path), "options": {}}
        name = node.get("name")
        if name is None:
            self.problems.add(node.mark, (*path, "name"), MISSING)
            return BAD
        options = {
            key: self.value(kinds.Number(), option, (*path, key))
            for key, option in node.items()
            if key != "name"
        }
        chosen = self._choice(kind.name, name, (*path, "name"))
        for key in options if chosen is not BAD else ():
            if key not in kind.declared(chosen):
                reason = unknown("option", key, kind.declared(chosen))
                self.problems.add(node.entries[key].key, (*path, key), reason)
        return {"name": chosen, "options": options}

    # Numbers, flags and days

    def _scalar(
        self, node: Node, path: Path, parse: Callable[[Scalar], T | None], reason: str
    ) -> T:
        """Parse a single value, which is refused for ``reason`` where ``parse`` gives None."""
        value = parse(node) if isinstance(node, Scalar) else None
        return self._bad(node, path, reason) if value is None else value

    def _number(self, kind: kinds.Number, node: Node, path: Path) -> Any:
        value = self._scalar(node, path, scalars.number, NOT_A_NUMBER)
        if value is BAD or kind.low <= value <= kind.high:
            return value
        return self._bad(node, path, outside(value, kind.low, kind.high, kinds.LARGEST))

    def _whole(self, kind: kinds.Whole, node: Node, path: Path) -> Any:
        reason = "must be a whole number such as 12, without quotes"
        value = self._scalar(node, path, scalars.whole, reason)
        if value is BAD or kind.low <= value <= kind.high:
            return value
        return self._bad(node, path, outside(value, kind.low, kind.high, kinds.NO_BOUND))

    def _coefficient(self, kind: kinds.Coefficient, node: Node, path: Path) -> Any:
        """Read the value of a parameter, within the limits declared for it."""
        endless = parameters.SPECS[kind.parameter].endless
        parse = scalars.number_or_infinity if endless else scalars.number
        value = self._scalar(node, path, parse, NOT_A_NUMBER)
        fault = "" if value is BAD else parameters.invalid(kind.parameter, value)
        return self._bad(node, path, fault) if fault else value

    def _flag(self, _: kinds.Flag, node: Node, path: Path) -> Any:
        return self._scalar(node, path, scalars.flag, "must be true or false")

    def _start_date(self, _: kinds.StartDate, node: Node, path: Path) -> Any:
        """Read the date of day 0; the whole run must end within Python's calendar."""
        value = self._scalar(node, path, scalars.iso_date, "must be a date such as 2025-04-12")
        # steps out of range have a problem of their own
        if value is BAD or not self.steps or not 0 < self.steps <= 10**6:
            return value
        if not _has_date(value, self.steps):
            return self._bad(node, path, "leads past the year 9999")
        return value

    def _day(self, kind: kinds.Day, node: Node, path: Path) -> Any:
        """Read a day number, or a date as the days from the start; both must lie in the run."""
        day = scalars.whole(node) if isinstance(node, Scalar) else None
        if day is None:
            written = self._scalar(node, path, scalars.iso_date, NOT_A_DAY)
            if written is BAD:
                return BAD
            if self.start is None:
                self.problems.unread.add(path[0])  # the start has a problem of its own
                return BAD
            day = (written - self.start).days
        if self.steps is None or self.steps < 1:
            return day
        last = self.steps if kind.after_end else self.steps - 1
        if 0 <= day <= last:
            return day
        return self._bad(node, path, f"must lie within the run: day 0 to {self._shown_day(last)}")

    def _shown_day(self, day: int) -> str:
        """Show the last day of the run, with its first and last date where they are known."""
        if self.start is None or not _has_date(self.start, day):
            return str(day)
        return f"{day}, {self.start} to {self.start + timedelta(days=day)}"

    # Words

    def _readable(self, node: Node, path: Path, fault_of: Callable[[str], str]) -> Any:
        """Read text; ``fault_of`` says why it is refused, or "" where it is fine."""
        if not isinstance(node, Scalar) or node.is_nothing:
            return self._bad(node, path, "must be text")
        fault = fault_of(node.text)
        return self._bad(node, path, fault) if fault else node.text

    def _text(self, kind: kinds.Text, node: Node, path: Path) -> Any:
        fault_of = partial(scalars.text_fault, longest=kind.longest, lines=kind.lines)
        return self._readable(node, path, fault_of)

    def _name(self, kind: kinds.Name, node: Node, path: Path) -> Any:
        name = self._readable(node, path, scalars.name_fault)
        if name is not BAD and _is_reserved(kind, name):
            return self._bad(node, path, "is a word of the file format and cannot be a name")
        return name

    def _slug(self, _: kinds.Slug, node: Node, path: Path) -> Any:
        return self._readable(node, path, scalars.slug_fault)

    def _country_code(self, _: kinds.CountryCode, node: Node, path: Path) -> Any:
        return self._readable(node, path, scalars.country_code_fault)

    def _choice(self, kind: kinds.Choice, node: Node, path: Path) -> Any:
        """Read one of a few words."""
        fault_of = partial(scalars.text_fault, longest=scalars.LONGEST_NAME)
        value = self._readable(node, path, fault_of)
        if value is BAD or value in kind.options():
            return value
        return self._bad(node, path, unknown(kind.what, value, kind.options()))

    def _reference(self, kind: kinds.Reference, node: Node, path: Path) -> Any:
        """Read the name of an item of a section, or ``home`` where that is allowed."""
        name = self._readable(node, path, scalars.name_fault)
        if name is BAD or (kind.home and name == HOME):
            return name
        return name if self._is_known(kind.section, name, node.mark, path, kind.home) else BAD

    def _is_known(
        self, section: str, name: str, mark: Mark, path: Path, home: bool = False
    ) -> bool:
        """Whether a section has this name, which is refused otherwise.

        Where the section itself has bad names, every name passes: the fault is the section's.
        """
        known = self.names[section]
        if known is None or name in known:
            return True
        options = (*known, HOME) if home else known
        reason = unknown(section.removesuffix("s"), name, options, brief=self.problems.enough)
        self.problems.add(mark, path, reason, name)
        return False

    def _bad(self, node: Node, path: Path, reason: str) -> Any:
        """Note why a node is refused, and return ``BAD``."""
        self.problems.add(node.mark, path, reason, node)
        return BAD


def _names(node: Node | None, section: str) -> tuple[str, ...] | None:
    """List the names of a section; None where one is bad: that is the problem, not its uses."""
    if node is None:
        return ()
    if not isinstance(node, Listing):
        return None
    items = SECTIONS[section]
    names = [name for name in map(name_of, node.items) if name is not None]
    kind = items.item.keys["name"].kind
    bad = any(scalars.name_fault(name) or _is_reserved(kind, name) for name in names)
    whole = len({fold_case(name) for name in names}) == len(node.items)
    enough = items.least <= len(names) <= items.most
    return tuple(names) if whole and enough and not bad else None


def _has_date(start: date, day: int) -> bool:
    """Whether a day number has a date: Python's calendar ends with the year 9999."""
    return start.toordinal() + day <= date.max.toordinal()


def _is_reserved(kind: kinds.Kind, name: str) -> bool:
    """Whether a name is a word of the file format."""
    return isinstance(kind, kinds.Name) and fold_case(name) in kind.reserved


_METHODS: dict[type, Any] = {
    kinds.RecordKind: ValueReader._record,
    kinds.Items: ValueReader._list,
    kinds.Listed: ValueReader._list,
    kinds.Succession: ValueReader._succession,
    kinds.ByName: ValueReader._by_name,
    kinds.NumberByName: ValueReader._number_by_name,
    kinds.NamedOptions: ValueReader._named_options,
    kinds.Number: ValueReader._number,
    kinds.Whole: ValueReader._whole,
    kinds.Coefficient: ValueReader._coefficient,
    kinds.Flag: ValueReader._flag,
    kinds.Text: ValueReader._text,
    kinds.Name: ValueReader._name,
    kinds.Slug: ValueReader._slug,
    kinds.CountryCode: ValueReader._country_code,
    kinds.StartDate: ValueReader._start_date,
    kinds.Day: ValueReader._day,
    kinds.Choice: ValueReader._choice,
    kinds.Reference: ValueReader._reference,
}
