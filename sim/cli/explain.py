"""Explain why an audience moved in a stretch of days, and what holds it where it is.

    narrate explain kashmir_2025 --audience Washington --arm mediation --month 2025-06
    narrate explain --audience London --toward India --from 2025-05-10 --until 2025-05-20

The scenario is run once. What is explained is the audience's sympathy for the claimant of
--toward, or else its alignment: half the difference of its sympathies for the two claimants. The
causes add up to the change. The days are one --month, one --day, or --from and --until; without
any, the whole run. A DAY is a date such as 2025-06-01, or a number of days from the start, which
is day 0. Writes a run folder with the run's tables and a picture of the causes.
"""

from __future__ import annotations

import argparse
from calendar import monthrange
from typing import TYPE_CHECKING

from sim.cli import options
from sim.cli.parsing import Parser, whole
from sim.cli.printing import say_result
from sim.errors import InputError, Problem
from sim.scenario.days import read_day, within_run
from sim.scenario.error_texts import show_text
from sim.scenario.nodes import Scalar
from sim.scenario.scalars import iso_date

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.scenario import Scenario
    from sim.studies.explain import Explanation


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.one_arm(parser)
    options.replicate(parser)
    parser.option("--audience NAME", "the audience whose move is explained", required=True)
    about = "explain its sympathy for this claimant (default: its alignment)"
    parser.option("--toward CLAIMANT", about, default="")
    parser.option("--from DAY", "first day (default: that of the run)", dest="first")
    parser.option("--until DAY", "last day, included (default: that of the run)", dest="last")
    parser.option("--month YYYY-MM", "explain the days of one month, such as 2025-06")
    parser.option("--day DAY", "explain one day")
    about = "name the N largest causes and add up the rest (default 8)"
    parser.option("--top N", about, whole(1, 1000), 8)
    options.output(parser)


def main(args: argparse.Namespace) -> int:
    """Run, explain, print; the picture goes to a run folder."""
    scenario = options.read_scenario(args)
    in_arm = options.in_arm(scenario, args.arm)
    first, last = days(args, in_arm)
    from sim.studies.explain import check_question, explain
    from sim.studies.run import run
    from sim.world.building import build

    # refuse an unknown audience before anything is run or written
    check_question(build(in_arm), args.audience, args.toward, first, last)
    recorder = options.recorder(args, in_arm, [args.arm])
    with recorder.closing():
        with recorder.timed("run"):
            told = run(scenario, args.arm, None, args.replicate)
        why = explain(told, args.audience, args.toward, first, last)
        picture = _draw(why, args.top, recorder.folder)
        told.write_into(recorder)
    where = {"folder": str(recorder.folder), "picture": str(picture)}
    say_result(
        args,
        lambda: {**document(why, args.top), **where},
        lambda: f"{why.text(args.top)}\n\nResults: {recorder.folder}",
    )
    return 0


def days(args: argparse.Namespace, scenario: Scenario) -> tuple[int, int]:
    """Return the first and the last day that the options ask for, both included.

    Days count from 0, the start of the scenario. Of a month, the days within the run count.

    Raises
    ------
    InputError
        Where the options contradict each other, or a day lies outside the run or is none.
    """
    spans = [args.month, args.day, args.first or args.last]
    if sum(map(bool, spans)) > 1:
        raise InputError("--month, --day and --from/--until: give one of them")
    end = scenario.steps - 1
    if args.month:
        first, last = _month(args.month, scenario)
        return max(first, 0), min(last, end)
    if args.day:
        day = read_day(args.day, "--day", scenario, end)
        return day, day
    first = read_day(args.first, "--from", scenario, end) if args.first else 0
    last = read_day(args.last, "--until", scenario, end) if args.last else end
    if first > last:
        raise _refusal("must not come after --until", args.first, "--from")
    return first, last


def _month(text: str, scenario: Scenario) -> tuple[int, int]:
    """Return the first and the last day of a month, which may lie partly outside the run."""
    start = iso_date(Scalar(f"{text}-01"))
    if start is None:
        raise _refusal("must be a month such as 2025-06", text, "--month")
    first = (start - scenario.start_date).days
    last = first + monthrange(start.year, start.month)[1] - 1
    if last < 0 or first >= scenario.steps:
        raise _refusal(within_run(scenario, scenario.steps - 1), text, "--month")
    return first, last


def _refusal(reason: str, text: str, option: str) -> InputError:
    return InputError(Problem("", reason, show_text(text), option))


def document(why: Explanation, top: int) -> dict[str, object]:
    """Return the explanation as ``--json`` prints it, with numbers in full.

    ``top`` is the number of single messages, the largest first; causes are all there.
    """
    facts = ("audience", "toward", "first", "last", "start", "end", "change")
    return {
        **{name: getattr(why, name) for name in facts},
        "mechanisms": [part._asdict() for part in why.mechanisms],
        "causes": [part._asdict() for part in why.causes],
        "messages": [message._asdict() for message in why.messages[:top]],
        "moved_by": why.moved_by._asdict() if why.moved_by else None,
        "held_back_by": why.held_back_by._asdict() if why.held_back_by else None,
        "balance": [part._asdict() for part in why.balance],
        "plans": [{"day": day, "claimant": who, "what": what} for day, who, what in why.plans],
    }


def _draw(why: Explanation, top: int, folder: Path) -> Path:
    """Draw the waterfall of the causes into the run folder; return its PNG."""
    from sim.report.figures.waterfall import waterfall
    from sim.report.writing import make_figure_folder

    path = make_figure_folder(folder) / "waterfall.png"
    what = f"sympathy for {why.toward}" if why.toward else "alignment"
    span = f"{why.day(why.first)} to {why.day(why.last)}"
    title = f"{why.audience}: {what}, {span}"
    for picture in (path, path.with_suffix(".svg")):
        waterfall(why.rows(top), why.start, why.end, title, picture)
    return path
