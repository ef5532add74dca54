"""The patterns by name, in the order of section 8: what each says, needs and is measured by."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sim.verification import findings as f
from sim.verification import visit_findings as v
from sim.verification.crises import PatternCase, missing_part
from sim.verification.findings import Measured
from sim.verification.prior_draws import PriorDraws


class PatternQuestion(NamedTuple):
    """One pattern, before it is measured.

    Attributes
    ----------
    id
        P1 to P14, and variants beside them.
    what
        What should be seen; ``crises.part_words`` fills it in.
    origin
        Why the model may show it: built in, set by data, or emerges.
    measure
        How it fares in some draws.
    parts
        The parts of a crisis that it is about.
    refuse
        Why it cannot be asked of a scenario that has them, in a sentence; "" where it can be.
    """

    id: str
    what: str
    origin: str
    measure: Callable[[PriorDraws], Measured]
    parts: tuple[str, ...] = ()
    refuse: Callable[[PatternCase], str] = lambda case: ""

    def why_not(self, case: PatternCase) -> str:
        """Return why it cannot be asked of a scenario, in a sentence; "" where it can be."""
        return missing_part(case, self.parts) or self.refuse(case)


def _no_west(case: PatternCase) -> str:
    return "" if case.world.western.any() else "None of its audiences is Western."


def _no_denial(case: PatternCase) -> str:
    return "" if f.denials(case.world) else "Nobody in it denies what he is accused of."


def _one_audience(case: PatternCase) -> str:
    return "" if len(case.world.importance) > 1 else "It has one audience."


VARIANT, BESIDE = "a variant of P4", "beside P6, no test"
OFFER = ("offer",)
PATTERNS = tuple(
    PatternQuestion(*row)
    for row in (
        ("P1", "alignment with {first} rises at every audience in the three days after the attack",
         "set by the event's exposures", f.rise_after_attack, ("attack",)),
        ("P2", "weighted alignment with {first} falls in the four days after the strikes",
         "set by the event's exposures", f.fall_after_strikes, ("strikes",)),
        ("P3", "{second} accepts and {first} refuses is the most probable pair of answers",
         "built in through stance", f.who_accepts, OFFER),
        ("P4", "mediation's effect on alignment with {first} is lowest at {mediator}",
         "built in where anchors favour {first}", f.lowest_at_mediator, OFFER, _one_audience),
        ("P4 parity off", "P4 with parity off, answers held", VARIANT,
         f.lowest_without("parity"), OFFER, _one_audience),
        ("P4 impartiality off", "P4 with impartiality off, answers held", VARIANT,
         f.lowest_without("impartiality"), OFFER, _one_audience),
        ("P4 goodwill off", "P4 with goodwill off, answers held", VARIANT,
         f.lowest_without("goodwill"), OFFER, _one_audience),
        ("P4 all three off", "P4 with all three off, answers held", VARIANT,
         f.lowest_without("parity", "impartiality", "goodwill"), OFFER, _one_audience),
        ("P5", "no Western capital that leans at the start changes sides",
         "built in", f.no_sign_change, (), _no_west),
        ("P6a", "in the week after the attack weighted sympathy for {first} rises",
         "emerges", f.rise_for_attacked, ("attack",)),
        ("P6b", "it rises by more than sympathy for {second} changes either way",
         "emerges", f.more_than_other_moves, ("attack",)),
        ("P6 own step left out", "P6a without {own_step}", BESIDE,
         f.attacked_without("own_step"), ("attack", "own_step")),
        ("P6 rival's step left out", "P6a without {rival_step}", BESIDE,
         f.attacked_without("rival_step"), ("attack", "rival_step")),
        ("P7", "{line}, relative to {compared_line}, weighs most at {home}",
         "emerges from priors, judgements and whom the menus address",
         f.line_weighs_most_at_home, ("attack", "line", "compared_line", "home")),
        ("P8", "attention peaks after the attack and after the strikes and halves by {quiet_by}",
         "emerges", f.attention_peaks, ("attack", "strikes", "quiet_by")),
        ("P9", "a visit moves an uncontested audience of low stake more than a contested capital",
         "emerges from the contest for attention", v.quiet_place_moves_more, (), v.why_no_visits),
        ("P10", "with freely chosen itineraries the side with more teams covers more capitals",
         "built in for uniform, else emerges", v.more_teams_cover_more, (), v.why_no_coverage),
        ("P11a", "opposite visits at the same time about cancel",
         "emerges from menus and judgements", v.opposite_visits_cancel, (), v.why_no_visits),
        ("P11b", "of two opposite visits in turn the later one counts more",
         "built in", v.later_visit_counts_more, (), v.why_no_visits),
        ("P12", "less than half of a visit's gain is left 20 days after the team leaves",
         "built in", v.visits_fade, (), v.why_no_fading),
        ("P13", "a denial backfires with priming on and helps with it off",
         "emerges", f.denial_backfires, (), _no_denial),
        ("P14", "a refused offer costs the refuser more at {mediator} than acceptance costs it",
         "built in", f.refusal_costs, OFFER),
    )
)  # fmt: skip
