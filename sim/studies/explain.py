"""Why an audience moved, and what holds it where it is: the ledger of one run in plain words.

Every row of the ledger is counted once, so the causes add up to the change, in the table of
numbers exactly as shown. Both claimants are spoken of in the same words. The ledger itself is
written by ``sim.engines.agents``; what holds an audience where it is comes from ``balance``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from sim.errors import InputError, Problem
from sim.report.numerals import in_points
from sim.scenario.error_texts import show_text, unknown
from sim.scenario.plans import plan_text
from sim.scenario.scenario import Scenario
from sim.studies.balance import GIVEN, INTERESTS, RULE, Cause, standing_balance
from sim.studies.run import Run
from sim.tables.frames import INCIDENTS
from sim.world.arrays import World

DIGITS = 4
SCALE = 10.0**DIGITS
_FIRST_HALF = ("January", "February", "March", "April", "May", "June")
MONTHS = (*_FIRST_HALF, "July", "August", "September", "October", "November", "December")
# What a message of each type does, in words
MESSAGE_VERBS = {"PROMOTE": "promotes", "ATTACK": "accuses", "DENY": "denies"}
# By the cause of a ledger row: its mechanism, and the cause with what it is about put in
CAUSES = {
    "interests": ("pull of its own interests", "own interests at rest"),
    "salience": ("salience of issues above rest", "salience of {} above its rest"),
    "parity": ("parity of mediation", "parity: both judged more alike"),
    "peer": ("other audiences", "listening to {}"),
    "world": ("events and incidents", "event: {}"),
    "goodwill": ("goodwill and pique", "goodwill for accepting the mediator"),
    "pique": ("goodwill and pique", "pique at refusing the mediator"),
    "noise": ("chance", "chance"),
    "clip": ("the bounds -1 and +1", "the bounds -1 and +1"),
}


class Contribution(NamedTuple):
    """A cause in words and by how much it moved sympathy or alignment."""

    label: str
    delta: float


class MessageEffect(NamedTuple):
    """One message, and by how much it moved the audience on the days asked for."""

    step: int
    message_id: str
    sender: str
    channel: str
    type: str
    narrative: str
    issue: str
    delta: float


@dataclass(frozen=True)
class Explanation:
    """Why ``audience`` moved from the start of day ``first`` to the end of day ``last``.

    Attributes
    ----------
    toward
        A claimant, or "" for alignment.
    start, end
        Sympathy or alignment before and after.
    mechanisms, causes
        Each a way to split up the change, the largest part first; what did nothing is left out.
    messages
        The messages that moved the audience, the largest effect first.
    moved_by, held_back_by
        The mechanism that worked most the way of the change, and most against it.
    balance
        Parts of ``end`` by what holds it there; empty where the update rule has none.
    plans
        Day, claimant and words of each plan that holds on some of the days, the latest first.
    """

    audience: str
    toward: str
    claimants: tuple[str, str]
    start_date: date
    first: int
    last: int
    start: float
    end: float
    mechanisms: tuple[Contribution, ...]
    causes: tuple[Contribution, ...]
    messages: tuple[MessageEffect, ...]
    moved_by: Contribution | None
    held_back_by: Contribution | None
    balance: tuple[Contribution, ...]
    plans: tuple[tuple[int, str, str], ...] = ()

    @property
    def change(self) -> float:
        """End less start."""
        return self.end - self.start

    def rows(self, top: int = 8) -> list[tuple[str, float]]:
        """The largest causes, and the rest as one: they add up to the change."""
        return [(part.label, part.delta) for part in _join_rest(self.causes, top)]

    def balance_rows(self, top: int = 8) -> list[tuple[str, float]]:
        """The largest parts of the standing balance, and the rest as one."""
        return [(part.label, part.delta) for part in _join_rest(self.balance, top)]

    def text(self, top: int = 8) -> str:
        """The answer in plain words."""
        return "\n".join(_text(self, top))

    def day(self, step: int) -> str:
        """A day as ``3 June 2025``, whatever the locale."""
        return long_date(self.start_date, step)


def long_date(start: date, step: int) -> str:
    """A day as ``3 June 2025``, whatever the locale."""
    day = start + timedelta(days=step)
    return f"{day_and_month(day)} {day.year}"


def day_and_month(day: date) -> str:
    """A day as ``3 June``, whatever the locale."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def explain(
    run: Run, audience: str, toward: str = "", first: int = 0, last: int | None = None
) -> Explanation:
    """Explain the move of an audience over the days ``first`` to ``last``, both included.

    Parameters
    ----------
    run
        A run of the Mesa engine, with its ledger.
    toward
        A claimant; without one, alignment is explained (half the difference of the sympathies).
    last
        The last day of the run where None.

    Raises
    ------
    InputError
        As :func:`check_question`.
    """
    record, world, ledger = run.record, run.world, run.ledger
    names = world.names
    last = world.steps - 1 if last is None else last
    check_question(world, audience, toward, first, last)
    a = names.audiences.index(audience)
    weights = {toward: 1.0} if toward else dict(zip(names.claimants, (0.5, -0.5), strict=True))
    booked = ledger[
        (ledger["actor"] == audience)
        & ledger["step"].between(first, last)
        & ledger["toward"].isin(weights)
    ]
    said = _read_messages(run.messages)
    deltas = booked["delta"].to_numpy() * booked["toward"].map(weights).to_numpy(dtype=float)
    causes: dict[str, list[float]] = {}
    mechanisms: dict[str, list[float]] = {}
    single: dict[str, list[float]] = {}
    rows = (booked[column].tolist() for column in ("cause", "cause_id"))
    for cause, cause_id, delta in zip(*rows, deltas.tolist(), strict=True):
        mechanism, words = _words(cause, cause_id, said)
        causes.setdefault(words, []).append(delta)
        mechanisms.setdefault(mechanism, []).append(delta)
        if cause == "message":
            single.setdefault(cause_id, []).append(delta)

    def level(t: int) -> float:
        values = zip(names.claimants, record.sympathy[t, a].tolist(), strict=True)
        return math.fsum(weights.get(name, 0.0) * value for name, value in values)

    start, end = level(first), level(last + 1)
    spoken = [said[key]._replace(delta=math.fsum(parts)) for key, parts in single.items()]
    acted = _sum_up(mechanisms)
    balance: dict[str, list[float]] = {}
    if world.rule == RULE:

        def grouping(cause: str, cause_id: str) -> Cause:
            return cause, _words(cause, cause_id, said)[1]

        found = standing_balance(record, world, run.setting, ledger, last + 1, grouping)
        for (kind, label), shares in zip(
            found.causes, found.shares[:, a, :].tolist(), strict=True
        ):
            parts = zip(names.claimants, shares, strict=True)
            summed = balance.setdefault(_balance_words(kind, label), [])
            summed += [weights.get(name, 0.0) * share for name, share in parts]
    return Explanation(
        audience=audience,
        toward=toward,
        claimants=(names.claimants[0], names.claimants[1]),
        start_date=run.scenario.start_date,
        first=first,
        last=last,
        start=start,
        end=end,
        mechanisms=acted,
        causes=_sum_up(causes),
        messages=tuple(sorted(spoken, key=_by_size)),
        moved_by=_most(acted, end - start),
        held_back_by=_most(acted, start - end),
        balance=_sum_up(balance),
        plans=_plans(run.scenario, first, last),
    )


def _plans(scenario: Scenario, first: int, last: int) -> tuple[tuple[int, str, str], ...]:
    """The plans that begin on some of the days, and of each claimant the last one before them."""
    found = []
    for side in scenario.claimants:
        begun = [plan for plan in side.plans if plan.first_day <= last]
        earlier = sum(plan.first_day <= first for plan in begun)
        for plan in begun[max(earlier - 1, 0) :]:
            found.append((plan.first_day, side.name, plan_text(plan)))
    return tuple(sorted(found, key=lambda one: -one[0]))


def check_question(world: World, audience: str, toward: str, first: int, last: int) -> None:
    """Refuse an audience, a claimant or days that the run does not have.

    Raises
    ------
    InputError
        With the names that there are.
    """
    names = world.names
    if audience not in names.audiences:
        reason = unknown("audience", audience, names.audiences)
        raise InputError(Problem("", reason, show_text(audience), "--audience"))
    if toward and toward not in names.claimants:
        reason = unknown("claimant", toward, names.claimants)
        raise InputError(Problem("", reason, show_text(toward), "--toward"))
    if not 0 <= first <= last < world.steps:
        reason = f"days must lie within 0 to {world.steps - 1}, the first before the last"
        raise InputError(Problem("", reason, f"{first} to {last}"))


def _read_messages(messages: pd.DataFrame) -> Mapping[str, MessageEffect]:
    once = messages.drop_duplicates("message_id")
    rows = zip(*(once[column].tolist() for column in MessageEffect._fields[:-1]), strict=True)
    return {said.message_id: said for said in (MessageEffect._make((*row, 0.0)) for row in rows)}


def _words(cause: str, cause_id: str, said: Mapping[str, MessageEffect]) -> tuple[str, str]:
    """Mechanism and cause of a ledger row in words; messages by sender and narrative."""
    if cause == "message":
        message = said[cause_id]
        about = message.narrative or f"replies on {message.issue}"
        line = f"{message.sender}: {about} ({MESSAGE_VERBS[message.type]})"
        return f"messages of {message.sender}", line
    mechanism, words = CAUSES[cause]
    if (cause, cause_id) == ("world", INCIDENTS):
        return mechanism, INCIDENTS
    return mechanism, words.format(cause_id)


def _balance_words(kind: str, label: str) -> str:
    """A cause of the standing balance in words: interests reach an audience through others too."""
    if kind == GIVEN:
        return GIVEN
    return f"own and others' interests: {label}" if kind == INTERESTS else label


def _sum_up(sums: Mapping[str, list[float]]) -> tuple[Contribution, ...]:
    """The sum of each cause, the largest first; what sums to 0 is left out."""
    parts = [Contribution(label, math.fsum(deltas)) for label, deltas in sums.items()]
    return tuple(sorted((part for part in parts if part.delta != 0.0), key=_by_size))


def _by_size(part: Contribution | MessageEffect) -> tuple[float, str]:
    return -abs(part.delta), str(part[0])


def _most(mechanisms: Sequence[Contribution], way: float) -> Contribution | None:
    """The mechanism that did most up, or down, as the sign of ``way`` says."""
    along = [part for part in mechanisms if part.delta * way > 0.0]
    return max(along, key=lambda part: abs(part.delta), default=None)


# Words


def _text(told: Explanation, top: int) -> list[str]:
    first, second = told.claimants
    what = f"sympathy for {told.toward}" if told.toward else "alignment"
    start, end, (shift,) = round_to_sum(told.start, told.end, [told.change])
    lines = [
        f"Why {told.audience} moved, {_span(told)}",
        "",
        f"Its {what} went from {start} to {end}: {shift} ({in_points(told.change)} of net "
        f"opinion), {_direction(told)}.",
    ]
    if not told.toward:
        lines.append(
            f"(Alignment is half of sympathy for {first} less sympathy for {second}; + is toward "
            f"{first}, - is toward {second}.)"
        )
    lines += ["", "By mechanism", *_table(told, told.mechanisms)]
    lines += ["", "Largest causes", *_table(told, _join_rest(told.causes, top))]
    lines += ["", *_most_lines(told)]
    if messages := [m for m in told.messages[:top] if units(m.delta)]:
        lines += ["", "Largest single messages", *(_spoken(told, m) for m in messages)]
    if told.plans:
        plans = told.plans[:top]
        lines += ["", *(f"Planned from {told.day(t)} by {who}: {what}." for t, who, what in plans)]
    return [*lines, "", *_standing(told, top)]


def _span(told: Explanation) -> str:
    if told.first == told.last:
        return f"{told.day(told.first)} (day {told.first})"
    return f"{told.day(told.first)} to {told.day(told.last)} (days {told.first} to {told.last})"


def _direction(told: Explanation) -> str:
    if units(told.end) == units(told.start):
        return "no change" if told.change == 0.0 else "no change to these digits"
    if told.toward:
        return "up" if told.change > 0.0 else "down"
    return f"toward {told.claimants[0 if told.change > 0.0 else 1]}"


def _most_lines(told: Explanation) -> list[str]:
    """What moved the audience most, and what held it back."""
    lines = []
    _, _, deltas = round_to_sum(told.start, told.end, [part.delta for part in told.mechanisms])
    shown = {part.label: delta for part, delta in zip(told.mechanisms, deltas, strict=True)}
    for what, part in (("moved it", told.moved_by), ("held it back", told.held_back_by)):
        if part is not None:
            lines.append(f"What {what} most: {part.label} ({shown[part.label]}).")
    return lines if told.held_back_by else [*lines, "Nothing worked against it."]


def _spoken(told: Explanation, message: MessageEffect) -> str:
    through = "" if message.channel == "statement" else f" ({message.channel})"
    about = f'"{message.narrative}"' if message.narrative else f"a reply on {message.issue}"
    moved, day = format_signed(units(message.delta)), told.day(message.step)
    return f"  {moved}  {day}, {message.sender}{through}: {MESSAGE_VERBS[message.type]} {about}"


def _standing(told: Explanation, top: int) -> list[str]:
    if not told.balance:
        return [f"What holds it there is defined for the update rule {RULE} only."]
    end = format_signed(units(told.end))
    rows = _rows(0.0, told.end, _join_rest(told.balance, top))
    return [f"What holds it there now ({end})", *rows, f"  {end}  all"]


def _table(told: Explanation, parts: Sequence[Contribution]) -> list[str]:
    """The parts of the change, and the whole of it."""
    whole = format_signed(units(told.end) - units(told.start))
    return [*_rows(told.start, told.end, parts), f"  {whole}  all of the change"]


def _rows(start: float, end: float, parts: Sequence[Contribution]) -> list[str]:
    """One line a part; the numbers shown add up to the end less the start."""
    _, _, deltas = round_to_sum(start, end, [part.delta for part in parts])
    return [f"  {delta}  {part.label}" for delta, part in zip(deltas, parts, strict=True)]


def _join_rest(parts: Sequence[Contribution], top: int) -> list[Contribution]:
    """The ``top`` largest, and all others as one."""
    if len(parts) <= top + 1:
        return list(parts)
    rest = parts[top:]
    others = Contribution(f"{len(rest)} other causes", math.fsum(part.delta for part in rest))
    return [*parts[:top], others]


def units(value: float) -> int:
    """A number in units of the last digit shown."""
    return math.floor(value * SCALE + 0.5)


def format_signed(count: int) -> str:
    """Units of the last digit as a number with its sign."""
    return f"{count / SCALE:+.{DIGITS}f}"


def round_to_sum(start: float, end: float, parts: Sequence[float]) -> tuple[str, str, list[str]]:
    """Start, end and parts as shown: the parts add up to the difference, digit by digit.

    What rounding each part alone would lose goes to those with the largest remainders.
    """
    target = units(end) - units(start)
    exact = [part * SCALE for part in parts]
    down = [math.floor(value) for value in exact]
    missing = target - sum(down)
    order = sorted(range(len(parts)), key=lambda i: (down[i] - exact[i], i))
    for place in range(abs(missing)):
        if order:
            down[order[place % len(order)]] += 1 if missing > 0 else -1
    return (
        format_signed(units(start)),
        format_signed(units(end)),
        [format_signed(count) for count in down],
    )
