"""Days that people name outside a scenario file: a date, or a number of days from its start."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from sim.errors import InputError, Problem
from sim.scenario.error_texts import show_text
from sim.scenario.nodes import Scalar
from sim.scenario.scalars import iso_date

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def read_day(text: str, place: str, scenario: Scenario, last: int) -> int:
    """Return a day of the run, given as a date or as a number of days.

    Parameters
    ----------
    place
        What a refusal says the text comes from, such as ``--day``.
    last
        The last day that is allowed.

    Raises
    ------
    InputError
        Where it is no day, or none of the run.
    """
    date = iso_date(Scalar(text))
    if date is not None:
        day = (date - scenario.start_date).days
    elif re.fullmatch(r"0|[1-9][0-9]{0,5}", text):
        day = int(text)
    else:
        reason = "must be a day: a date such as 2025-06-01, or a whole number of days"
        raise InputError(Problem("", reason, show_text(text), place))
    if not 0 <= day <= last:
        raise InputError(Problem("", within_run(scenario, last), show_text(text), place))
    return day


def within_run(scenario: Scenario, last: int) -> str:
    """Return the reason for which a day outside the run is refused."""
    end = scenario.start_date + timedelta(days=last)
    return f"must lie within the run, {scenario.start_date} to {end}"
