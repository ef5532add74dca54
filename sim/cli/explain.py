"""Explain why an audience moved in a stretch of days, and what holds it where it is.

    narrate explain kashmir_2025 --audience Washington --arm mediation --month 2025-06

The causes add up to the change. Without --toward, alignment is explained: half the difference of
sympathy for the two claimants.
"""

from __future__ import annotations

import argparse
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sim.cli import options
from sim.cli.parsing import Parser, whole
from sim.cli.printing import note, say, say_json
from sim.errors import InputError, Problem
from sim.scenario.wording import shown

if TYPE_CHECKING:
    from pathlib import Path

    from sim.cli.recording import Recording
    from sim.scenario.scenario import Scenario
    from sim.studies.explain import Explanation


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.scenario(parser)
    options.arm(parser)
    options.seed(parser)
    parser.add_argument(
        "--replicate", type=whole(0, 2**64 - 1), default=0, metavar="N", help="replicate"
    )
    parser.add_argument("--audience", required=True, metavar="NAME", help="whose move")
    parser.add_argument("--toward", default="", metavar="CLAIMANT", help="its sympathy for one")
    parser.add_argument("--from", dest="first", metavar="DAY", help="first day (date or number)")
    parser.add_argument("--until", dest="last", metavar="DAY", help="last day, included")
    parser.add_argument("--month", metavar="YYYY-MM", help="one month")
    parser.add_argument("--day", metavar="DAY", help="one day")
    parser.add_argument(
        "--top", type=whole(1, 1000), default=8, metavar="N", help="how many causes (default 8)"
    )
    options.output(parser)


def main(args: argparse.Namespace) -> int:
    """Run, explain, print; the picture goes to a run folder."""
    scenario = options.read_scenario(args)
    in_arm = options.in_arm(scenario, args.arm)
    first, last = days(args, in_arm)
    from sim import api
    from sim.cli.recording import Recording, closing
    from sim.studies.explain import check_question, explain
    from sim.world.building import build

    # refuse an unknown audience before anything is run or written
    check_question(build(in_arm), args.audience, args.toward, first, last)
    recording = Recording(args, in_arm, [args.arm], "")
    with closing(recording, "the scenario, but no results, are"):
        with recording.timed("run"):
            told = api.run(scenario, args.arm, None, args.replicate)
        why = explain(
            told.record, told.world, told.setting, told.ledger, told.messages,
            told.scenario.start_date, args.audience, args.toward, first, last,
        )  # fmt: skip
        for name in ("timeseries", "messages", "ledger"):
            recording.table(name, getattr(told, name))
        picture = _draw(args, why, recording)
        recording.finish({"asked": 1, "used": 1, "failed": 0}, replicate=args.replicate)
    if args.json:
        say_json({**document(why, args.top), "folder": str(recording.folder),
                  "picture": str(picture) if picture else None})  # fmt: skip
    elif not args.quiet:
        say(f"{why.text(args.top)}\n\nResults: {recording.folder}")
    return 0


def days(args: argparse.Namespace, scenario: Scenario) -> tuple[int, int]:
    """First and last day that the options ask for, both included."""
    given = [option for option in ("month", "day") if getattr(args, option)]
    if len(given) + bool(args.first or args.last) > 1:
        raise InputError("--month, --day and --from/--until: give one of them")
    end = scenario.steps - 1
    if args.month:
        first, last = _month(args.month, scenario.start_date)
        if last < 0 or first > end:
            raise InputError(Problem("", _outside_text(scenario), shown(args.month), "--month"))
        return max(first, 0), min(last, end)
    if args.day:
        day = _day(args.day, "--day", scenario)
        return day, day
    first = _day(args.first, "--from", scenario) if args.first else 0
    last = _day(args.last, "--until", scenario) if args.last else end
    if first > last:
        raise InputError(Problem("", "must not come after --until", shown(args.first), "--from"))
    return first, last


def _month(text: str, start: date) -> tuple[int, int]:
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) or text.startswith("0000"):
        raise InputError(Problem("", "must be a month such as 2025-06", shown(text), "--month"))
    year, month = int(text[:4]), int(text[5:])
    after = (date(year, month, 28) + timedelta(days=4)).replace(day=1)
    return (date(year, month, 1) - start).days, (after - start).days - 1


def _day(text: str, option: str, scenario: Scenario) -> int:
    day = None
    if re.fullmatch(r"0|[1-9][0-9]{0,5}", text):
        day = int(text)
    elif re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            day = (date.fromisoformat(text) - scenario.start_date).days
        except ValueError:
            day = None
    if day is None:
        reason = "must be a day: a date such as 2025-06-01, or a whole number of days"
        raise InputError(Problem("", reason, shown(text), option))
    if not 0 <= day < scenario.steps:
        raise InputError(Problem("", _outside_text(scenario), shown(text), option))
    return day


def _outside_text(scenario: Scenario) -> str:
    last = scenario.start_date + timedelta(days=scenario.steps - 1)
    return f"must lie within the run, {scenario.start_date} to {last}"


def document(why: Explanation, top: int) -> dict[str, object]:
    """The explanation as one JSON document, numbers in full."""
    return {
        "audience": why.audience,
        "toward": why.toward,
        "first": why.first,
        "last": why.last,
        "start": why.start,
        "end": why.end,
        "change": why.change,
        "mechanisms": [part._asdict() for part in why.mechanisms],
        "causes": [part._asdict() for part in why.causes],
        "messages": [message._asdict() for message in why.messages[:top]],
        "moved_by": why.moved_by._asdict() if why.moved_by else None,
        "held_back_by": why.held_back_by._asdict() if why.held_back_by else None,
        "balance": [part._asdict() for part in why.balance],
    }


def _draw(args: argparse.Namespace, why: Explanation, recording: Recording) -> Path | None:
    try:
        from sim.report.figures.waterfall import waterfall
    except ModuleNotFoundError:
        if not args.quiet:
            note("no picture: this installation has no report")
        return None
    figures = recording.folder / "figures"
    figures.mkdir(exist_ok=True)
    path = figures / "waterfall.png"
    what = f"sympathy for {why.toward}" if why.toward else "alignment"
    span = f"{why.day(why.first)} to {why.day(why.last)}"
    title = f"{why.audience}: {what}, {span}"
    for picture in (path, path.with_suffix(".svg")):
        waterfall(why.rows(args.top), why.start, why.end, title, picture)
    return path
