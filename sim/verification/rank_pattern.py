"""P15: agreement with what audiences did exceeds that of the start and of a plain mean.

It needs coded stances of audiences, in a file of ``narrate hindcast`` that no number of the
scenario may come from. Its two rivals are its null, so it has no placebo. Source: section 8.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sim.errors import InputError, Problem
from sim.scenario.error_texts import printable
from sim.store.recorder import Request
from sim.studies.coded_sets import FEWEST
from sim.studies.explain import day_and_month
from sim.studies.hindcast import HindcastQuestion, ask_hindcast, hindcast
from sim.studies.outcomes_file import OVERALL
from sim.studies.rank_tables import BETTER, JUDGEMENTS, LEVEL, START
from sim.verification.crises import PatternCase, missing_part
from sim.verification.patterns import Pattern, unasked_pattern

WHAT = "the order of coded stances is nearer to x on {day} than to x(0) and to the mean judgements"
NO_FILE = "No file of coded stances is given (--outcomes FILE)."


def rank_pattern_unasked(case: PatternCase) -> Pattern:
    """Return P15 as a pattern that cannot be asked: there is no file, or no arm with an offer."""
    reason = missing_part(case, ("offer",)) or NO_FILE
    return unasked_pattern("P15", WHAT.format(day="a named day"), "emerges", reason)


def ask_rank_pattern(outcomes: Path, samples: int, case: PatternCase) -> HindcastQuestion:
    """Read the file of coded stances of a scenario's audiences.

    Raises
    ------
    InputError
        Where the file is refused, has too few ``overall`` stances, or the scenario has no arm
        with an offer.
    """
    reason = missing_part(case, ("offer",))
    if reason:
        raise InputError(Problem("--outcomes", f"is of no use for P15. {reason}"))
    crisis, arm = case.crisis, str(case.crisis.offer)
    start = case.scenario.start_date
    day = None if crisis.ranked_on is None else (crisis.ranked_on - start).days
    question = ask_hindcast(case.scenario, outcomes, [arm], day, 1, samples)
    if question.sets[0][:2] != (OVERALL, 1):
        reason = f"P15 needs at least {FEWEST} audiences coded about {OVERALL}, not all alike"
        raise InputError(Problem("", reason, place=printable(str(outcomes))))
    return question


def check_rank_pattern(question: HindcastQuestion) -> Pattern:
    """Measure P15 over prior draws, of ``overall`` stances by their first reading."""
    ranks = hindcast(question, "ensemble", Request("check", ("narrate", "check"))).ranks
    drawn = ranks[(ranks["uncertainty"] == "parameters") & (ranks["measure"] == LEVEL)]
    rows = drawn[(drawn["about"] == OVERALL) & (drawn["reading"] == 1)].set_index("rival")
    both = rows.loc[BETTER]
    measure = (
        f"tau-b {rows.loc['', 'mean']:.2f} over {both['audiences']} audiences; "
        f"{rows.loc[START, 'mean']:+.2f} against x(0), {rows.loc[JUDGEMENTS, 'mean']:+.2f} "
        "against the judgements"
    )
    share, equal = float(both["share_positive"]), float(both["share_unchanged"])
    what = WHAT.format(day=day_and_month(question.scenario.start_date + timedelta(question.day)))
    samples = question.counts["parameters"]
    return Pattern("P15", what, measure, share, None, "emerges", samples, equal)
