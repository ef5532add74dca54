"""Every strategy of one side against every one of the other, on the same draws in each cell.

A tournament is one sweep for each kind of uncertainty. The swept keys are the two claimants'
strategies (and their daily efforts, where budgets are asked for), the replicates are the draws, so
that cells of the matrix are paired by construction. What follows from the matrix is computed from
the runs that are kept (``tournament_tables``).

With ``mirror`` both sides have the first one's data (``equal_sides``). Each cell is then run with
the two names in either order, and a payoff is the mean of both: the draws, which go by name, stay
with the choice when the choices change sides. So the matrix of a zero-sum payoff must be
antisymmetric to the bit, in every draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem
from sim.plugins import registry
from sim.running.blocks import CHANCE, PARAMETERS
from sim.running.sweeps.keeping import count_failed
from sim.running.sweeps.missing import MissingOutcome
from sim.running.sweeps.swept import SCENARIO, Swept, check_sweep, payoff_column
from sim.scenario.equal_sides import exchange_sides, with_equal_sides
from sim.scenario.error_texts import REPEATED, unknown
from sim.scenario.scenario import Scenario
from sim.store.recorder import Request
from sim.studies.designs.planning import plan_study
from sim.studies.question import FinishedSweep, Question, Work, run_sweep
from sim.studies.sweep_study import SweepAnswer
from sim.studies.tournament_tables import Played, make_tables
from sim.tables.payoffs import PAYOFFS
from sim.world.arrays import Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REPLICATES = 200
KINDS = (CHANCE, PARAMETERS)
MOST_CHOICES = 32  # of a side: tables of differences grow with the cube
AS_NAMED, EXCHANGED = "sides as named", "sides exchanged"
KEPT = ("lead",)  # metrics of the sweeps beside the payoffs


class Contender(NamedTuple):
    """What a side may choose: a strategy, and a multiple of its own daily effort."""

    strategy: str
    budget: float

    def name(self, budgets: Sequence[float]) -> str:
        """As the tables have it; the budget only where there are several."""
        return f"{self.strategy} x{self.budget:g}" if len(budgets) > 1 else self.strategy


class Rules(NamedTuple):
    """What a tournament asks besides its question.

    Attributes
    ----------
    kinds
        The kinds of uncertainty, each a sweep of its own.
    budgets
        Multiples of a side's own daily effort.
    mirror
        Whether both sides have the first one's data.
    """

    kinds: Sequence[str] = KINDS
    budgets: Sequence[float] = (1.0,)
    mirror: bool = False


@dataclass(frozen=True, eq=False)
class Tournament(SweepAnswer):
    """What ``tournament`` found.

    Attributes
    ----------
    rules
        What was asked besides the question.
    left_out
        Draws of each kind that were left out, since some cell's run failed in them.
    payoffs, differences, standings, replies, games, equilibria, dominance
        The tables.
    """

    table_names = (
        "payoffs",
        "differences",
        "standings",
        "replies",
        "games",
        "equilibria",
        "dominance",
    )
    json_tables = ("payoffs", "standings", "replies", "games", "equilibria", "dominance")

    question: Question
    rules: Rules
    left_out: Mapping[str, int]
    payoffs: pd.DataFrame
    differences: pd.DataFrame
    standings: pd.DataFrame
    replies: pd.DataFrame
    games: pd.DataFrame
    equilibria: pd.DataFrame
    dominance: pd.DataFrame

    @property
    def options(self) -> Mapping[str, Any]:
        """The rules, as plain values."""
        return options_of(self.rules)

    @property
    def gaps(self) -> Sequence[MissingOutcome]:
        """None: every run that went well has every payoff."""
        return ()

    @property
    def facts(self) -> Mapping[str, Any]:
        """Draws of each cell, those left out, and the rules."""
        draws = {one.name: one.keep.most for one in self.sweeps}
        left_out = {kind: count for kind, count in self.left_out.items() if count}
        return {**self.options, "draws": draws, "draws_left_out": left_out}

    def plot(self) -> dict[str, Figure]:
        """Return matplotlib figures by name: ``matrix``, ``ranks``."""
        from sim.report.figures import OF_TOURNAMENT
        from sim.report.figures.slide import Slides
        from sim.report.writing import draw_figure

        results = self.results()
        return Slides({name: draw_figure(one, results) for name, one in OF_TOURNAMENT.items()})


def options_of(rules: Rules) -> dict[str, Any]:
    """The rules as plain values."""
    kinds, budgets, mirror = rules
    return {"kinds": list(kinds), "budgets": list(budgets), "mirror": mirror}


def ask_tournament(
    scenario: Scenario,
    strategies: Sequence[str] | None = None,
    rival_strategies: Sequence[str] | None = None,
    rules: Rules = Rules(),  # noqa: B008 - frozen
    arm: str = "",
    replicates: int = REPLICATES,
    engine: str = "ensemble",
    replay: str = "",
) -> Question:
    """Return the question, its strategies and budgets checked.

    Parameters
    ----------
    strategies
        Of both sides; all that are known where None.
    rival_strategies
        Of the second side, where it has others.
    arm
        The arm that is played in; the scenario as it stands where "".
    replicates
        Draws of each cell, in each kind of uncertainty.
    replay
        The command that runs the scenario once.

    Raises
    ------
    InputError
        Where a name is unknown or given twice, or there are too many.
    """
    both = strategies if strategies is not None else registry.names("strategies")
    second = rival_strategies if rival_strategies is not None else both
    _check_strategies(both, "--strategies")
    _check_strategies(second, "--rival-strategies")
    _check_budgets(rules.budgets)
    for names in (both, second):
        count = len(names) * len(rules.budgets)
        if count > MOST_CHOICES:
            reason = f"a side may have at most {MOST_CHOICES} choices, strategies times budgets"
            raise InputError(f"--strategies: {reason} (got {count})")
    if rules.mirror and tuple(both) != tuple(second):
        raise InputError("--rival-strategies: says nothing with --mirror: the sides are equal")
    parameters: dict[str, Sequence[object]] = {}
    for side, names in zip(scenario.claimants, (both, second), strict=True):
        parameters[f"claimants.{side.name}.strategy"] = list(names)
        if len(rules.budgets) > 1:
            own = scenario.claimants[0].effort if rules.mirror else side.effort
            parameters[f"claimants.{side.name}.effort"] = [own * one for one in rules.budgets]
    of = payoff_column("lead", scenario.claimants[0].name)
    return Question(scenario, parameters, of, arm, arm, replicates, engine, replay)


def _check_strategies(names: Sequence[str], option: str) -> None:
    known = registry.names("strategies")
    found = [
        Problem("", unknown("strategy", one, known), one, option)
        for one in names
        if one not in known
    ]
    found += [
        Problem("", REPEATED, one, option)
        for one in dict.fromkeys(names)
        if list(names).count(one) > 1
    ]
    if not names:
        found.append(Problem("", "must name a strategy", place=option))
    if found:
        raise InputError(found)


def _check_budgets(budgets: Sequence[float]) -> None:
    if not budgets or not all(0.0 < one < np.inf for one in budgets):
        given = ", ".join(f"{one:g}" for one in budgets)
        raise InputError(f"--budgets: must be numbers above 0 (got {given})")
    if len(set(budgets)) < len(budgets):
        raise InputError(f"--budgets: a number {REPEATED}")


def plan_tournament(question: Question, rules: Rules) -> Swept:
    """Return the sweep of the first kind of uncertainty, every cell of it checked."""
    scenario, arm = question.scenario, question.arm
    scenarios: dict[str, Scenario] = {}
    if rules.mirror:
        scenario = with_equal_sides(scenario.arm(arm) if arm else scenario)
        scenarios, arm = {AS_NAMED: scenario, EXCHANGED: exchange_sides(scenario)}, ""
    plan = plan_study(scenario, question.parameters, "grid")
    design = plan.points
    if rules.mirror:
        both = [design.assign(**{SCENARIO: name}) for name in scenarios]
        design = pd.concat(both, ignore_index=True)
        design["point"] = np.arange(len(design))
    swept = Swept(
        scenario=scenario,
        scenarios=scenarios,
        design=design,
        base=arm,
        arms=(),
        kind=rules.kinds[0],
        seed=scenario.seed,
        metrics=KEPT,
        replay="" if rules.mirror else question.replay,
        payoffs=tuple(PAYOFFS),
    )
    check_sweep(swept)
    return swept


def answer(
    question: Question,
    options: Mapping[str, Any],
    work: Work,
    request: Request,
    first: Swept | None = None,
) -> Tournament:
    """Play every cell in each kind of uncertainty, and see what follows.

    Parameters
    ----------
    options
        The fields of :class:`Rules`.
    first
        What :func:`plan_tournament` gave, if it is at hand.
    """
    rules = Rules(**options)
    first = first or plan_tournament(question, rules)
    done, played, left_out = list[FinishedSweep](), list[Played](), dict[str, int]()
    for kind in rules.kinds:
        done.append(run_sweep(question, kind, replace(first, kind=kind), work))
        values, left_out[kind] = matrix_of(done[-1], rules)
        played += _games_of(question, rules, kind, values)
    return Tournament(
        request=request,
        question=question,
        scenario=question.scenario,
        of=question.of,
        arm=question.arm,
        baseline=question.baseline,
        sweeps=tuple(done),
        failed=sum(count_failed(one.keep) for one in done),
        rules=rules,
        left_out=left_out,
        **make_tables(played),
    )


def choices_of(question: Question, rules: Rules, k: int) -> list[Contender]:
    """What a claimant chooses from, in the order of the matrix."""
    key = f"claimants.{question.scenario.claimants[k].name}.strategy"
    return [
        Contender(str(name), one) for name in question.parameters[key] for one in rules.budgets
    ]


def _games_of(
    question: Question, rules: Rules, kind: str, values: Mapping[str, Floats]
) -> list[Played]:
    scenario = question.scenario.arm(question.arm) if question.arm else question.scenario
    sides = scenario.claimants
    choices, own = [], []
    for k in range(2):
        there = choices_of(question, rules, k)
        strategy = sides[0 if rules.mirror else k].strategy
        choices.append(tuple(one.name(rules.budgets) for one in there))
        usual = Contender(strategy, 1.0)
        own.append(there.index(usual) if usual in there else None)
    return [
        Played(
            kind,
            payoff,
            (sides[0].name, sides[1].name),
            (choices[0], choices[1]),
            (own[0], own[1]),
            found,
            question.scenario.seed,
        )
        for payoff, found in values.items()
    ]


def matrix_of(finished: FinishedSweep, rules: Rules) -> tuple[dict[str, Floats], int]:
    """values[k, i, j, r] of each payoff, and how many draws were left out.

    A draw in which the run of some cell failed is left out of all cells: what is compared has the
    same draws.

    Raises
    ------
    InputError
        Where no draw is left.
    """
    _, swept, keep, _ = finished
    names = [side.name for side in swept.scenario.claimants]
    columns = list(swept.payoff_columns)
    orders = list(swept.scenarios) or [""]
    cells = len(swept.design) // len(orders)
    found = np.full((len(columns), len(swept.design), keep.most), np.nan)
    place = pd.Index(swept.design["point"])
    for piece in keep.rows().pieces(["point", "replicate", *columns]):
        at = place.get_indexer(piece["point"]), piece["replicate"].to_numpy(dtype=np.int64)
        for column, name in enumerate(columns):
            found[column][at] = piece[name].to_numpy(dtype=np.float64)
    good = np.isfinite(found).all(axis=(0, 1))
    if not good.any():
        raise InputError("in every draw the run of some cell failed; failures.csv names them")
    strategies = [swept.design[f"claimants.{name}.strategy"].nunique() for name in names]
    shape = [strategies[k] * len(rules.budgets) for k in range(2)]
    by_order = np.ascontiguousarray(found[..., good]).reshape(len(columns), len(orders), cells, -1)
    values = {}
    for payoff in swept.payoffs:
        sides = [columns.index(payoff_column(payoff, name)) for name in names]
        own = by_order[sides, 0].reshape(2, *shape, -1)
        if rules.mirror:
            # the cells lie by the choices of the one and the other name, whoever comes first
            turned = np.swapaxes(by_order[sides[::-1], 1].reshape(2, *shape, -1), 1, 2)
            own = (own + turned) / 2.0
        values[payoff] = np.ascontiguousarray(own)
    return values, int((~good).sum())
