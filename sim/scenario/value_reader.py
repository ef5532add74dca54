"""From nodes to values, by the schema: types, ranges, known keys and known names.

One method per kind of value. A value that is refused is noted as a problem and comes back as
``BAD``, so that one reading finds all problems; records leave bad and missing keys out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim import parameters
from sim.scenario import scalars, value_kinds
from sim.scenario.dates import date_of, day_number, fits
from sim.scenario.error_texts import (
    MISSING,
    NOT_A_DATE,
    NOT_A_DAY,
    NOT_A_NUMBER,
    NOT_WHOLE,
    closest,
    fold_case,
    outside,
    unknown,
)
from sim.scenario.keys import ALL_KEYS, HOME, ROOT, SECTIONS
from sim.scenario.nodes import Listing, Mapping, Mark, Node, Path, Scalar, labels, name_of
from sim.scenario.problems import Problems
from sim.scenario.sources import note_repeated_names

BAD: Any = object()
SINGULAR = {
    "claimants": "claimant",
    "audiences": "audience",
    "issues": "issue",
    "claims": "claim",
}


def read_values(tree: Mapping, problems: Problems) -> dict[str, Any]:
    """The values of a whole scenario by key, as far as they are good."""
    values: dict[str, Any] = ValueReader(tree, problems).value(ROOT, tree, ())
    return values


class ValueReader:
    """Reads the values of one tree; knows the names in it and its calendar."""

    def __init__(self, tree: Mapping, problems: Problems) -> None:
        self.problems = problems
        self.names = {section: _names(tree.get(section), section) for section in SECTIONS}
        start, steps = tree.get("start_date"), tree.get("steps")
        self.start = scalars.iso_date(start) if isinstance(start, Scalar) else None
        self.steps = scalars.whole(steps) if isinstance(steps, Scalar) else None

    def value(self, kind: value_kinds.Kind, node: Node, path: Path) -> Any:
        """The value of a node of some kind, or BAD."""
        method: Callable[[Any, Node, Path], Any] = _METHODS[type(kind)].__get__(self)
        return method(kind, node, path)

    def _record(self, kind: value_kinds.RecordKind, node: Node, path: Path) -> Any:
        if not isinstance(node, Mapping):
            return self._bad(node, path, "must be a mapping")
        allowed = [*kind.keys] if path else [*ALL_KEYS]
        values: dict[str, Any] = {}
        misspelt: set[str] = set()
        for key, entry in node.entries.items():
            if key not in kind.keys:
                misspelt.add("" if self.problems.enough else closest(key, allowed))
                reason = unknown("key", key, allowed, brief=self.problems.enough)
                self.problems.add(entry.key, (*path, key), reason)
                continue
            value = self.value(kind.keys[key].kind, entry.node, (*path, key))
            if value is not BAD:
                values[key] = value
        for key, declared in kind.keys.items():
            if declared.required and key not in node.entries and key not in misspelt:
                self.problems.add(node.mark, (*path, key), MISSING)
        return values

    def _items(self, kind: value_kinds.Items, node: Node, path: Path) -> Any:
        if not isinstance(node, Listing):
            return self._bad(node, path, "must be a list")
        self._count(node, path, kind.least, kind.most)
        note_repeated_names(node, path, self.problems)
        return self._each(kind.record, node, path)

    def _list(self, kind: value_kinds.Listed, node: Node, path: Path) -> Any:
        if not isinstance(node, Listing):
            return self._bad(node, path, "must be a list")
        self._count(node, path, 0, kind.most)
        return self._each(kind.item, node, path)

    def _by_name(self, kind: value_kinds.ByName, node: Node, path: Path) -> Any:
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

    def _number_by_name(self, kind: value_kinds.NumberByName, node: Node, path: Path) -> Any:
        if isinstance(node, Mapping):
            return self._by_name(
                value_kinds.ByName(kind.section, kind.item, complete=True), node, path
            )
        value = self._number(kind.item, node, path)
        return BAD if value is BAD else dict.fromkeys(self.names[kind.section] or (), value)

    def _named_options(self, kind: value_kinds.NamedOptions, node: Node, path: Path) -> Any:
        if not isinstance(node, Mapping):
            return {"name": self._choice(kind.name, node, path), "options": {}}
        name = node.get("name")
        if name is None:
            self.problems.add(node.mark, (*path, "name"), MISSING)
            return BAD
        options = {
            key: self.value(value_kinds.Number(), option, (*path, key))
            for key, option in node.items()
            if key != "name"
        }
        chosen = self._choice(kind.name, name, (*path, "name"))
        for key in options if chosen is not BAD else ():
            if key not in kind.declared(chosen):
                reason = unknown("option", key, kind.declared(chosen))
                self.problems.add(node.entries[key].key, (*path, key), reason)
        return {"name": chosen, "options": options}

    def _number(self, kind: value_kinds.Number, node: Node, path: Path) -> Any:
        value = scalars.number(node) if isinstance(node, Scalar) else None
        if value is None:
            return self._bad(node, path, NOT_A_NUMBER)
        if not kind.low <= value <= kind.high:
            return self._bad(node, path, outside(value, kind.low, kind.high, value_kinds.LARGEST))
        return value

    def _whole(self, kind: value_kinds.Whole, node: Node, path: Path) -> Any:
        value = scalars.whole(node) if isinstance(node, Scalar) else None
        if value is None:
            return self._bad(node, path, NOT_WHOLE)
        if not kind.low <= value <= kind.high:
            return self._bad(node, path, outside(value, kind.low, kind.high, value_kinds.NO_BOUND))
        return value

    def _coefficient(self, kind: value_kinds.Coefficient, node: Node, path: Path) -> Any:
        value = scalars.number(node) if isinstance(node, Scalar) else None
        if value is None:
            return self._bad(node, path, NOT_A_NUMBER)
        fault = parameters.invalid(kind.parameter, value)
        return self._bad(node, path, fault) if fault else value

    def _flag(self, kind: value_kinds.Flag, node: Node, path: Path) -> Any:
        value = scalars.flag(node) if isinstance(node, Scalar) else None
        return self._bad(node, path, "must be true or false") if value is None else value

    def _text(self, kind: value_kinds.Text, node: Node, path: Path) -> Any:
        return self._readable(
            node, path, lambda text: scalars.text_fault(text, kind.longest, lines=kind.lines)
        )

    def _name(self, kind: value_kinds.Name, node: Node, path: Path) -> Any:
        name = self._readable(node, path, scalars.name_fault)
        if name is not BAD and _is_reserved(kind, name):
            return self._bad(node, path, "is a word of the file format and cannot be a name")
        return name

    def _slug(self, kind: value_kinds.Slug, node: Node, path: Path) -> Any:
        return self._readable(node, path, scalars.slug_fault)

    def _start_date(self, kind: value_kinds.StartDate, node: Node, path: Path) -> Any:
        value = scalars.iso_date(node) if isinstance(node, Scalar) else None
        if value is None:
            return self._bad(node, path, NOT_A_DATE)
        if self.steps and 0 < self.steps <= 10**6 and not fits(value, self.steps):
            return self._bad(node, path, "leads past the year 9999")
        return value

    def _day(self, kind: value_kinds.Day, node: Node, path: Path) -> Any:
        day = scalars.whole(node) if isinstance(node, Scalar) else None
        if day is None:
            day_date = scalars.iso_date(node) if isinstance(node, Scalar) else None
            if day_date is None:
                return self._bad(node, path, NOT_A_DAY)
            if self.start is None:
                self.problems.unread.add(path[0])  # the start has a problem of its own
                return BAD
            day = day_number(day_date, self.start)
        if self.steps is None or self.steps < 1:
            return day
        last = self.steps if kind.after_end else self.steps - 1
        if not 0 <= day <= last:
            return self._bad(
                node, path, f"must lie within the run: day 0 to {self._shown_day(last)}"
            )
        return day

    def _choice(self, kind: value_kinds.Choice, node: Node, path: Path) -> Any:
        value = self._readable(
            node, path, lambda text: scalars.text_fault(text, scalars.LONGEST_NAME)
        )
        if value is BAD or value in kind.options():
            return value
        return self._bad(node, path, unknown(kind.what, value, kind.options()))

    def _reference(self, kind: value_kinds.Reference, node: Node, path: Path) -> Any:
        name = self._readable(node, path, scalars.name_fault)
        if name is BAD:
            return BAD
        if kind.home and name == HOME:
            return HOME
        return name if self._is_known(kind.section, name, node.mark, path, kind.home) else BAD

    def _is_known(
        self, section: str, name: str, mark: Mark, path: Path, home: bool = False
    ) -> bool:
        known = self.names[section]
        if known is None or name in known:
            return True
        options = (*known, HOME) if home else known
        reason = unknown(SINGULAR[section], name, options, brief=self.problems.enough)
        self.problems.add(mark, path, reason, name)
        return False

    def _each(self, kind: value_kinds.Kind, node: Listing, path: Path) -> list[Any]:
        values = [
            self.value(kind, item, (*path, label))
            for label, item in zip(labels(node), node.items, strict=True)
        ]
        return [value for value in values if value is not BAD]

    def _count(self, node: Listing, path: Path, least: int, most: int) -> None:
        count = len(node.items)
        if least == most != count:
            self.problems.add(node.mark, path, f"must hold exactly {most} items", str(count))
        elif count > most:
            self.problems.add(node.mark, path, f"must hold at most {most} items", str(count))
        elif count < least:
            items = "item" if least == 1 else "items"
            self.problems.add(node.mark, path, f"must hold at least {least} {items}", str(count))

    def _readable(self, node: Node, path: Path, fault_of: Callable[[str], str]) -> Any:
        if not isinstance(node, Scalar) or node.is_nothing:
            return self._bad(node, path, "must be text")
        fault = fault_of(node.text)
        return self._bad(node, path, fault) if fault else node.text

    def _shown_day(self, day: int) -> str:
        if self.start is None or not fits(self.start, day):
            return str(day)
        return f"{day}, {self.start} to {date_of(day, self.start)}"

    def _bad(self, node: Node, path: Path, reason: str) -> Any:
        self.problems.add(node.mark, path, reason, node)
        return BAD


def _names(node: Node | None, section: str) -> tuple[str, ...] | None:
    """The names of a section; None where one is bad: that is the problem then, not its uses."""
    if node is None:
        return ()
    if not isinstance(node, Listing):
        return None
    names = [name for name in map(name_of, node.items) if name is not None]
    kind = SECTIONS[section].record.keys["name"].kind
    bad = any(scalars.name_fault(name) or _is_reserved(kind, name) for name in names)
    whole = len({fold_case(name) for name in names}) == len(node.items)
    enough = SECTIONS[section].least <= len(names) <= SECTIONS[section].most
    return tuple(names) if whole and enough and not bad else None


def _is_reserved(kind: value_kinds.Kind, name: str) -> bool:
    return isinstance(kind, value_kinds.Name) and fold_case(name) in kind.reserved


_METHODS: dict[type, Any] = {
    value_kinds.RecordKind: ValueReader._record,
    value_kinds.Items: ValueReader._items,
    value_kinds.Listed: ValueReader._list,
    value_kinds.ByName: ValueReader._by_name,
    value_kinds.NumberByName: ValueReader._number_by_name,
    value_kinds.NamedOptions: ValueReader._named_options,
    value_kinds.Number: ValueReader._number,
    value_kinds.Whole: ValueReader._whole,
    value_kinds.Coefficient: ValueReader._coefficient,
    value_kinds.Flag: ValueReader._flag,
    value_kinds.Text: ValueReader._text,
    value_kinds.Name: ValueReader._name,
    value_kinds.Slug: ValueReader._slug,
    value_kinds.StartDate: ValueReader._start_date,
    value_kinds.Day: ValueReader._day,
    value_kinds.Choice: ValueReader._choice,
    value_kinds.Reference: ValueReader._reference,
}
