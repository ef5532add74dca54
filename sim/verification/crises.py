"""What the patterns of section 8 are about in each scenario, declared once.

The patterns were worded for April to August 2025. ``CRISES`` says what stands for each of their
parts in another scenario; nothing was chosen by a result. A pattern that needs a part which a
scenario does not have cannot be asked of it: ``missing_part`` says why, in a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import NamedTuple

from sim.scenario.error_texts import count_of
from sim.scenario.scenario import Scenario
from sim.studies.explain import day_and_month
from sim.world.arrays import World
from sim.world.building import build


@dataclass(frozen=True)
class Crisis:
    """What stands for each part of the patterns in one scenario; None where nothing does.

    Attributes
    ----------
    attack
        The event after which the first claimant is the one attacked.
    strikes
        The event by which it strikes back.
    own_step
        The event of the week after the attack by which it answers the other side.
    rival_step
        The event of that week by which the other side answers it.
    line, compared_line
        Two narratives of the second claimant: one that should weigh most at ``home``, and the one
        that its weight is compared with.
    home
        The audience that the first of them is about.
    quiet_by
        The day by which attention should have halved.
    offer
        The arm in which the mediator offers; what it is compared with is the scenario's baseline.
    ranked_on
        The day whose order of audiences is compared with coded stances; None: that of the last
        coded statement.
    reasons
        Why nothing stands for a part, in a sentence, where there is more to say than that.
    """

    attack: str | None = None
    strikes: str | None = None
    own_step: str | None = None
    rival_step: str | None = None
    line: str | None = None
    compared_line: str | None = None
    home: str | None = None
    quiet_by: date | None = None
    offer: str | None = None
    ranked_on: date | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)


OF_2025 = Crisis(
    attack="attack",
    strikes="strikes",
    own_step="treaty suspended",
    rival_step="countermeasures",
    line="killings abroad",
    compared_line="treaty suspended unlawfully",
    home="Ottawa",
    quiet_by=date(2025, 8, 15),
    offer="mediation",
    ranked_on=date(2025, 6, 15),
)
CRISES = {
    "kashmir_2025": OF_2025,
    "kashmir_2025_states": OF_2025,
    # In the article's reading it is the first side that states killings abroad
    "kashmir_2025_article": replace(OF_2025, line=None),
    # As long after the strikes as 15 August 2025 was, the run is over: its last day of attention
    # is taken. Pakistan took no step in the week after the attack, and said nothing of killings
    # abroad. The codes are ranked on the day of the last of them, as by ``narrate hindcast``.
    "kashmir_2019": Crisis(
        attack="attack",
        strikes="strikes",
        own_step="trade status withdrawn",
        quiet_by=date(2019, 5, 30),
        offer="mediation",
    ),
    # An attack is one on the first side, after which it strikes back. Here the first side landed,
    # and the fleet that came against it is no answer by it: nothing is made to stand for either.
    "falklands_1982": Crisis(
        offer="offers_by_model",
        reasons={
            "attack": "The attack in it is by Argentina; the pattern is about one on Argentina."
        },
    ),
}
# What each part is, where nothing stands for it
PARTS = {
    "attack": "the attack",
    "strikes": "the strikes",
    "own_step": "a step of the attacked side in the week after the attack",
    "rival_step": "a step of the other side in the week after the attack",
    "line": "the narrative on killings abroad",
    "compared_line": "the narrative on water",
    "home": "the capital that killings abroad are about",
    "quiet_by": "the day named for that",
    "offer": "an arm with an offer",
}
EVENTS = ("attack", "strikes", "own_step", "rival_step")
WEEK = 7  # days after an event that patterns look at


class PatternCase(NamedTuple):
    """A scenario that patterns are asked of, with its worlds built, once for all draws.

    Attributes
    ----------
    scenario, crisis
        The scenario, and what the patterns are about in it.
    world
        Its baseline.
    mediated_world
        The arm with an offer; None where there is none.
    """

    scenario: Scenario
    crisis: Crisis
    world: World
    mediated_world: World | None

    @property
    def quiet_row(self) -> int:
        """The row of ``quiet_by``, below 0 where there is no such day."""
        quiet_by = self.crisis.quiet_by
        return -1 if quiet_by is None else (quiet_by - self.scenario.start_date).days


def pattern_case(scenario: Scenario | None = None) -> PatternCase:
    """Return a scenario as patterns are asked of it; None: ``kashmir_2025``."""
    scenario = scenario or Scenario.from_yaml("kashmir_2025")
    crisis = CRISES.get(scenario.name, Crisis())
    base = scenario.arm(scenario.baseline) if scenario.baseline else scenario
    offers = crisis.offer in scenario.arms
    mediated = build(scenario.arm(str(crisis.offer))) if offers else None
    return PatternCase(scenario, crisis, build(base), mediated)


def missing_part(case: PatternCase, parts: Sequence[str]) -> str:
    """Return why a pattern that is about these parts of a crisis cannot be asked; "" if it can."""
    names = case.world.names
    there = {
        **dict.fromkeys(EVENTS, names.events),
        **dict.fromkeys(("line", "compared_line"), names.narratives),
        "home": names.audiences,
        "offer": case.scenario.arms,
    }
    for part in parts:
        meant = getattr(case.crisis, part)
        if meant is None and part in case.crisis.reasons:
            return case.crisis.reasons[part]
        if meant is None:
            return f"Nothing in it is declared to stand for {PARTS[part]}."
        if part in there and meant not in there[part]:
            return f"It has no '{meant}', which stands for {PARTS[part]}."
        last = case.world.steps
        if part in EVENTS and event_day(case, part) + WEEK > last:
            return f"It ends less than {count_of(WEEK, 'day')} after {PARTS[part]}."
        if part == "offer" and not _offers_on_listed_days(case.mediated_world):
            return f"Its arm '{meant}' makes no offer on a listed day."
        if part == "offer" and case.mediated_world and case.mediated_world.later_roles:
            return f"Its arm '{meant}' has several mediators, and the pattern is about one."
        if part == "quiet_by" and not 0 <= case.quiet_row < last:
            return f"It does not run on {day_and_month(meant)}."
    return ""


def _offers_on_listed_days(world: World | None) -> bool:
    return world is not None and world.policy == "scripted" and bool(world.offer_days.any())


def event_day(case: PatternCase, part: str) -> int:
    """Return the day of the event that stands for a part."""
    row = case.world.names.events.index(getattr(case.crisis, part))
    return int(case.world.event_day[row])


def part_words(case: PatternCase) -> dict[str, str]:
    """Return how the words of patterns name both sides, the mediator and the parts of a crisis."""
    names = case.world.names
    words = dict(zip(("first", "second"), names.claimants, strict=True))
    words["mediator"] = names.audiences[(case.mediated_world or case.world).mediator]
    for part in (one.name for one in fields(Crisis) if one.name in PARTS):
        meant = getattr(case.crisis, part)
        if part in EVENTS[:2] or meant is None:
            words[part] = PARTS[part]
        elif isinstance(meant, date):
            words[part] = day_and_month(meant)
        else:
            words[part] = meant if part == "home" else f"'{meant}'"
    return words
