"""Days as dates and as numbers from the start of a scenario."""

from __future__ import annotations

from datetime import date, timedelta


def day_number(day: date, start: date) -> int:
    """How many days after the start a date lies; negative before it."""
    return (day - start).days


def date_of(day: int, start: date) -> date:
    """The date of a day number."""
    return start + timedelta(days=day)


def fits(start: date, steps: int) -> bool:
    """Whether all days of a run have a date: Python's calendar ends with the year 9999."""
    return start.toordinal() + steps <= date.max.toordinal()
