"""The Python interface: run, compare, sweep, sensitivity, discover, tournament and others.

A scenario may be given as an object, as a file, or as the name of a shipped one. What is returned
carries pandas frames whose columns docs/columns.md describes, and has ``summary``, ``plot``,
``save`` and ``to_parquet``.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from sim.engines.agents.model import NarrativeModel
from sim.errors import InputError, Problem
from sim.parameters import SPECS
from sim.running.blocks import CHANCE, PARAMETERS
from sim.running.executing import ENGINES, choose_engine
from sim.running.sweeps.driving import Asked, carry_out
from sim.running.sweeps.keeping import InMemory
from sim.running.sweeps.sweep_folder import hold_same
from sim.running.sweeps.swept import DEFAULT, notes_on_keys, scenarios
from sim.scenario import arguments
from sim.scenario.days import read_day
from sim.scenario.error_texts import unknown
from sim.scenario.held_parameters import check_hold_names
from sim.studies import discover as discovering
from sim.studies import hindcast as hindcasting
from sim.studies import run as single_run
from sim.studies import sensitivity as sensing
from sim.studies import tournament as contending
from sim.studies.answer import draw_report
from sim.studies.asking import (
    Given,
    Names,
    Progress,
    Values,
    open_scenario,
    origin_words,
    question_of,
    replay_command,
    request_of,
    with_seed,
    work_of,
)
from sim.studies.compare import Comparison, PairedRuns, choose_arms, run_comparisons
from sim.studies.designs.planning import plan_study
from sim.studies.discover import Discovery
from sim.studies.hindcast import Hindcast
from sim.studies.run import Run, final_outcomes
from sim.studies.sensitivity import Sensitivity
from sim.studies.sweep import (
    Sweep,
    check_until,
    choose_sweep_arms,
    choose_workers,
    describe_sweep,
    plan_sweep,
    read_until,
    run_in_folder,
)
from sim.studies.sweep_study import answer_in_place
from sim.studies.tournament import Tournament

__all__ = [
    "Comparison",
    "Discovery",
    "Hindcast",
    "Run",
    "Sensitivity",
    "Sweep",
    "Tournament",
    "compare",
    "discover",
    "evaluate",
    "hindcast",
    "open_scenario",
    "run",
    "sensitivity",
    "sweep",
    "tournament",
]


def run(
    scenario: Given = "kashmir_2025",
    arm: str = "",
    seed: int | None = None,
    replicate: int = 0,
    engine: str = "mesa",
    ledger: bool = True,
    every: int = 1,
    uncertain: bool = False,
    plugins: Names = (),
    without: Names = (),
    held: Names = (),
) -> Run:
    """Run a scenario once and tell it in full.

    Parameters
    ----------
    scenario
        An object, a file, or the name of a shipped scenario.
    arm
        An arm of it; "" for the scenario as it stands.
    seed
        From 0 to 2**64 - 1; the scenario's own where None.
    replicate
        Number of the replicate, from 0. Seed and replicate fix every draw.
    engine
        ``mesa`` keeps messages and the ledger; ``ensemble`` gives the same numbers without them.
    ledger
        Book every change of sympathy to its cause.
    every
        Keep each so-many-th day of the time series, and the last.
    uncertain
        Also draw every parameter that is not fixed and every judgement.
    plugins
        Plug-ins from outside, each ``FILE.py:NAME``: their files are run, and they are known for
        the rest of the process.
    without
        What to drop, on the same draws: words ``message:d12-003`` (an id of this run, Mesa engine
        only), ``narrative:NAME``, ``event:NAME``. Its effort stays unspent; replies go on, with a
        dropped denial's evidence. A mechanism has a switch.
    held
        Parameters that stay as they are where ``uncertain`` draws the others.

    Returns
    -------
    Run
        With ``timeseries``, ``messages``, ``ledger`` and the engine's ``record``.

    Raises
    ------
    InputError
        For an unknown arm, engine, word or parameter, or a scenario that is refused.
    MachineError
        Where it would not fit into memory.
    """
    chosen = open_scenario(scenario, plugins)
    arm = arguments.word("arm", arm) if arm else ""
    chosen = chosen.arm(arm) if arm else chosen
    engine = choose_engine(arguments.word("engine", engine, ENGINES), [chosen])
    return single_run.run(
        chosen,
        arm,
        arguments.optional_whole_number("seed", seed),
        arguments.whole_number("replicate", replicate),
        engine,
        arguments.flag("ledger", ledger),
        arguments.whole_number("every", every),
        arguments.flag("uncertain", uncertain),
        arguments.names("without", without),
        arguments.names("held", held),
        request_of("run", scenario, engine),
    )


def compare(
    scenario: Given = "kashmir_2025",
    arms: Names | None = None,
    plugins: Names = (),
    *,
    baseline: str | None = None,
    pairs: int = 200,
    uncertain_pairs: int | None = None,
    seed: int | None = None,
    engine: str = "ensemble",
    channels: bool = True,
    every: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
    held: Names = (),
) -> Comparison:
    """Compare arms of a scenario with its baseline, pair by pair, on common random numbers.

    Parameters
    ----------
    scenario
        An object, a file, or the name of a shipped scenario.
    arms
        The arms set against the baseline; all where None.
    plugins
        Plug-ins from outside, each ``FILE.py:NAME``.
    baseline
        The arm to compare with; the scenario's own where None.
    pairs
        Pairs of runs for *chance*: parameters as the scenario has them, the draws vary.
    uncertain_pairs
        Pairs for *parameters*: each pair also draws every parameter that is not fixed and every
        judgement, the same in all arms. As many as ``pairs`` where None; 0: none.
    seed
        From 0 to 2**64 - 1; the scenario's own where None.
    engine
        ``ensemble`` (compiled) or ``mesa`` (agents, some 700 times slower, the same numbers).
    channels
        Also take the channels of mediation apart.
    every
        Keep each so-many-th day in the tables, and the last.
    jobs
        Threads; one for each processor where None. No number depends on it.
    progress
        Is called with how many runs more are done.
    held
        Parameters that stay as they are where the others are drawn.

    Returns
    -------
    Comparison
        With the tables ``comparison``, ``channels``, ``runs``, ``failures`` and
        ``frames["summary"]``.

    Raises
    ------
    InputError
        For an unknown arm or parameter, or a scenario that is refused.
    MachineError
        Where the tables would not fit into memory.
    """
    chosen = with_seed(open_scenario(scenario, plugins), seed)
    held = arguments.names("held", held)
    check_hold_names(held)
    baseline = arguments.optional_word("baseline", baseline)
    base, others = choose_arms(chosen, arguments.optional_names("arms", arms), baseline)
    pairs = arguments.whole_number("pairs", pairs)
    uncertain = arguments.optional_whole_number("uncertain_pairs", uncertain_pairs)
    channels, every = arguments.flag("channels", channels), arguments.whole_number("every", every)
    jobs = arguments.optional_whole_number("jobs", jobs)
    engine = arguments.word("engine", engine, ENGINES)
    engine = choose_engine(engine, (chosen.arm(name) for name in (base, *others)))
    study = PairedRuns(
        chosen,
        base,
        others,
        {CHANCE: pairs, PARAMETERS: pairs if uncertain is None else uncertain},
        channels,
        every,
        replay_command(scenario, chosen, plugins),
        held=held,
    )
    run_comparisons([study], engine, jobs, progress)
    return study.answer(request_of("compare", scenario, engine))


def sweep(
    scenario: Given,
    parameters: Mapping[str, Values],
    arms: Names | None = None,
    plugins: Names = (),
    folder: str | Path | None = None,
    *,
    baseline: str | None = None,
    replicates: int = 100,
    design: str = "grid",
    samples: int = 64,
    uncertain: bool = False,
    until: tuple[str, float] | None = None,
    metrics: Names = DEFAULT,
    seed: int | None = None,
    engine: str = "ensemble",
    jobs: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
    report: bool = True,
) -> Sweep:
    """Run every arm of a scenario at every point of a design, on the same draws at every point.

    Parameters
    ----------
    scenario
        An object, a file, or the name of a shipped scenario.
    parameters
        Maps a key of the scenario (``parity``, ``switches.noise``, ``mediator.policy``,
        ``claimants.India.effort``, ``scenario`` ...) to its values: a list, or a text as
        ``--param`` takes it (``0:0.6`` is a range, for sampled designs).
    arms
        The arms set against the baseline; all where None.
    plugins
        Plug-ins from outside, each ``FILE.py:NAME``.
    folder
        Where the rows are kept as they come, so that nothing is lost. It is begun if it is new or
        empty and continued if it holds this very sweep; ``narrate resume`` and ``narrate status``
        know it too. In memory where None.
    baseline
        The arm to compare with; the scenario's own where None.
    replicates
        Runs of every arm at every point; with ``until`` at most so many.
    design
        ``grid``, ``zip``, ``lhs``, ``sobol``, ``morris`` or the path of a CSV file.
    samples
        How large a sampled design is: points, or trajectories of ``morris``.
    uncertain
        Also draw every parameter (around the point's own value) and every judgement.
    until
        A column of ``runs`` and a half-width: as many replicates at each point as the 95 % Monte
        Carlo interval of its mean needs to be that narrow.
    metrics
        Those that ``runs`` keeps.
    seed
        From 0 to 2**64 - 1; the scenario's own where None.
    engine
        ``ensemble`` (compiled) or ``mesa``.
    jobs
        Threads, or processes of a local cluster; one for each processor where None.
    cluster
        ``local`` or the address of a Dask scheduler; threads of this process where None.
    progress
        Is called with how many runs more are done.
    report
        Also draw figures and ``report.html`` into the ``folder``.

    Returns
    -------
    Sweep
        With ``design``, ``runs``, ``comparison``, ``failures`` and ``frames["summary"]``. Tables
        hold the last day and, for arms with an offer, the mean over the days it acts (step -1).

    Raises
    ------
    InputError
        For an unknown key, value, arm, metric or design.
    RefusedError
        Where the folder holds something else, or another driver is at work in it.
    MachineError
        Where the disk has no room, or the cluster cannot be reached.
    """
    chosen = with_seed(open_scenario(scenario, plugins), seed)
    replay = replay_command(scenario, chosen, plugins)
    arms = arguments.optional_names("arms", arms)
    baseline = arguments.optional_word("baseline", baseline)
    wanted = choose_sweep_arms(chosen, arms, baseline)
    given = arguments.values_by_key("parameters", parameters)
    design = arguments.word("design", design)
    samples = arguments.whole_number("samples", samples)
    plan = plan_study(chosen, given, design, samples, None, wanted)
    uncertain = arguments.flag("uncertain", uncertain)
    metrics = arguments.names("metrics", metrics)
    swept = plan_sweep(chosen, plan, arms, baseline, uncertain, metrics, replay)
    for note in (*plan.notes, *notes_on_keys(swept)):
        warnings.warn(note, stacklevel=2)
    engine = choose_engine(arguments.word("engine", engine, ENGINES), scenarios(swept))
    asked = Asked(arguments.whole_number("replicates", replicates), read_until(until))
    check_until(swept, asked)
    work = work_of(jobs, cluster, progress)
    workers = choose_workers(engine, work.jobs, work.cluster)
    origin, request = origin_words(scenario, replay, seed), request_of("sweep", scenario, engine)
    if folder is None:
        keep = InMemory()
        carry_out(swept, asked, keep, workers, progress)
        tables = describe_sweep(swept, keep, asked)
        return Sweep(request, swept, keep, asked, tables, engine, None, tuple(origin))
    with hold_same(Path(folder), swept, engine, asked, origin) as (known, kept):
        asked = replace(asked, replicates=max(asked.replicates, kept.most))
        draw = draw_report if report else None
        return run_in_folder(known, kept, asked, workers, request, draw, progress)


def sensitivity(
    scenario: Given = "kashmir_2025",
    parameters: Mapping[str, Values] | None = None,
    arms: Names | None = None,
    plugins: Names = (),
    folder: str | Path | None = None,
    *,
    of: str = "effect.window.lead",
    trajectories: int = sensing.TRAJECTORIES,
    samples: int = sensing.SAMPLES,
    replicates: int = 32,
    baseline: str | None = None,
    engine: str = "ensemble",
    jobs: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
    report: bool = True,
) -> Sensitivity:
    """Find which parameters an effect depends on, and how much of it is chance.

    Parameters
    ----------
    scenario
        An object, a file, or the name of a shipped scenario.
    parameters
        Keys and their ranges (``"0:0.6"``) or values; every parameter that is not fixed, over its
        plausible range, where None.
    arms
        The arm that is compared with the baseline; the first one where None.
    plugins
        Plug-ins from outside, each ``FILE.py:NAME``.
    folder
        Where the runs are kept as they come, as in :func:`sweep`.
    of
        A column of ``runs``.
    trajectories
        Trajectories of the screening (Morris); 0: not done.
    samples
        Base points of the indices (Sobol), a power of two; 0: not done.
    replicates
        Runs of both arms at every point.
    baseline
        The arm to compare with; the scenario's own where None.
    engine, jobs, cluster, progress, report
        As in :func:`sweep`.

    Returns
    -------
    Sensitivity
        With the tables ``sensitivity`` and ``shares``.

    Raises
    ------
    InputError, RefusedError, MachineError
        As in :func:`sweep`.
    """
    request = request_of("sensitivity", scenario, engine)
    chosen = open_scenario(scenario, plugins)
    replay = replay_command(scenario, chosen, plugins)
    question = question_of(chosen, parameters, of, replicates, arms, baseline, engine, replay)
    sizes = sensing.Sizes(
        arguments.whole_number("trajectories", trajectories),
        arguments.whole_number("samples", samples, 0),
    )
    first = sensing.first_sweep(question, sizes)
    for note in notes_on_keys(first):
        warnings.warn(note, stacklevel=2)
    return answer_in_place(
        folder,
        question,
        vars(sizes),
        lambda work: sensing.answer(question, vars(sizes), work, request, first),
        request,
        work_of(jobs, cluster, progress),
        report,
        origin_words(scenario, replay, None),
    )


def discover(
    scenario: Given = "kashmir_2025",
    parameters: Mapping[str, Values] | None = None,
    arms: Names | None = None,
    plugins: Names = (),
    folder: str | Path | None = None,
    *,
    of: str | None = None,
    above: float | None = 0.0,
    below: float | None = 0.0,
    samples: int = 8000,
    replicates: int = 8,
    design: str = "lhs",
    baseline: str | None = None,
    engine: str = "ensemble",
    jobs: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
    report: bool = True,
) -> Discovery:
    """Find the conditions under which the mean of a column lies above a number, or below one.

    Parameters
    ----------
    scenario
        An object, a file, or the name of a shipped scenario.
    parameters
        Keys and their ranges or values, as in :func:`sensitivity`.
    arms
        The arm that is compared with the baseline; the first one where None.
    plugins
        Plug-ins from outside, each ``FILE.py:NAME``.
    folder
        Where the runs are kept as they come, as in :func:`sweep`.
    of
        A column of ``runs``; where None the effect on the alignment of the arm's mediator, or
        of the first that may offer if the role passes, mean over the days the offer acts.
    above, below
        The numbers; a side that is None is not looked for.
    samples
        Points that are drawn.
    replicates
        Runs of both arms at every point.
    design
        How points are drawn: ``lhs`` or ``sobol``.
    baseline
        The arm to compare with; the scenario's own where None.
    engine, jobs, cluster, progress, report
        As in :func:`sweep`.

    Returns
    -------
    Discovery
        With the tables ``boxes``, ``tradeoff`` and ``points``.

    Raises
    ------
    InputError, RefusedError, MachineError
        As in :func:`sweep`.
    """
    request = request_of("discover", scenario, engine)
    chosen = open_scenario(scenario, plugins)
    replay = replay_command(scenario, chosen, plugins)
    asked = question_of(chosen, parameters, of or "", replicates, arms, baseline, engine, replay)
    question = discovering.with_column(asked)
    samples = arguments.whole_number("samples", samples)
    design = arguments.word("design", design, ("lhs", "sobol"))
    swept = question.plan(design, samples)
    discovering.check_points(swept, "samples")
    for note in notes_on_keys(swept):
        warnings.warn(note, stacklevel=2)
    given = ((discovering.ABOVE, above), (discovering.BELOW, below))
    sides = [
        [name, arguments.finite_number(name, value)] for name, value in given if value is not None
    ]
    if not sides:
        raise InputError("above, below: must not both be None: there is nothing to look for")
    options = {"design": design, "samples": samples, "sides": sides}
    return answer_in_place(
        folder,
        question,
        options,
        lambda work: discovering.answer(question, options, work, request, swept),
        request,
        work_of(jobs, cluster, progress),
        report,
        origin_words(scenario, replay, None),
    )


def tournament(
    scenario: Given = "kashmir_2025",
    strategies: Names | None = None,
    rival_strategies: Names | None = None,
    plugins: Names = (),
    folder: str | Path | None = None,
    *,
    arm: str = "",
    budgets: Sequence[float] = (1.0,),
    replicates: int = contending.REPLICATES,
    chance_only: bool = False,
    mirror: bool = False,
    seed: int | None = None,
    engine: str = "ensemble",
    jobs: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
    report: bool = True,
) -> Tournament:
    """Play every strategy of one side against every one of the other, on the same draws.

    Parameters
    ----------
    scenario
        An object, a file, or the name of a shipped scenario.
    strategies
        Names of strategies, of both sides; all there are where None.
    rival_strategies
        Those of the second side, where it has others.
    plugins
        Plug-ins from outside, each ``FILE.py:NAME``.
    folder
        Where the runs are kept as they come, as in :func:`sweep`. More replicates extend it.
    arm
        The arm that is played in; the scenario as it stands where "".
    budgets
        Multiples of a side's own daily effort that it may choose too.
    replicates
        Draws of each cell, in each kind of uncertainty.
    chance_only
        Leave the parameters as the scenario has them.
    mirror
        Give the second side the first one's data. The matrix of a zero-sum payoff is then
        antisymmetric to the bit.
    seed
        From 0 to 2**64 - 1; the scenario's own where None.
    engine, jobs, cluster, progress, report
        As in :func:`sweep`.

    Returns
    -------
    Tournament
        With the tables ``payoffs``, ``differences``, ``standings``, ``replies``, ``games``,
        ``equilibria`` and ``dominance``.

    Raises
    ------
    InputError, RefusedError, MachineError
        As in :func:`sweep`.
    """
    request = request_of("tournament", scenario, engine)
    chosen = with_seed(open_scenario(scenario, plugins), seed)
    replay = replay_command(scenario, chosen, plugins)
    only = arguments.flag("chance_only", chance_only)
    rules = contending.Rules(
        (CHANCE,) if only else contending.KINDS,
        tuple(arguments.finite_number("budgets", one) for one in budgets),
        arguments.flag("mirror", mirror),
    )
    question = contending.ask_tournament(
        chosen,
        arguments.optional_names("strategies", strategies),
        arguments.optional_names("rival_strategies", rival_strategies),
        rules,
        chosen.arm(arm).arm_name if arm else "",
        arguments.whole_number("replicates", replicates),
        arguments.word("engine", engine, ENGINES),
        replay,
    )
    first = contending.plan_tournament(question, rules)
    options = contending.options_of(rules)
    return answer_in_place(
        folder,
        question,
        options,
        lambda work: contending.answer(question, options, work, request, first),
        request,
        work_of(jobs, cluster, progress),
        report,
        origin_words(scenario, replay, seed),
    )


def hindcast(
    scenario: Given,
    outcomes: str | Path,
    arms: Names | None = None,
    plugins: Names = (),
    *,
    at: int | str | date | None = None,
    replicates: int = hindcasting.REPLICATES,
    samples: int = hindcasting.SAMPLES,
    seed: int | None = None,
    engine: str = "ensemble",
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Hindcast:
    """Ask whether a scenario orders audiences as what they then said or did does.

    Parameters
    ----------
    scenario
        An object, a file, or the name of a shipped scenario.
    outcomes
        A CSV file of coded stances (docs/hindcast.md).
    arms
        The arms that are run; all where None.
    plugins
        Plug-ins from outside, each ``FILE.py:NAME``.
    at
        The named day, a date or a number of days; that of the last coded statement where None.
    replicates
        Runs of each arm at the scenario's parameters.
    samples
        Draws of the parameters and judgements for each arm; 0: none.
    seed
        From 0 to 2**64 - 1; the scenario's own where None.
    engine, jobs, progress
        As in :func:`compare`.

    Returns
    -------
    Hindcast
        With the tables ``ranks``, ``agreement``, ``leave_one_out`` and ``capitals``.

    Raises
    ------
    InputError
        For an unknown arm or day, or a file that is refused.
    """
    chosen = with_seed(open_scenario(scenario, plugins), seed)
    day = None if at is None else read_day(str(at), "at", chosen, chosen.steps)
    named = arguments.optional_names("arms", arms) or ()
    file, replay = arguments.word("outcomes", outcomes), replay_command(scenario, chosen, plugins)
    question = hindcasting.ask_hindcast(chosen, file, named, day, replicates, samples, replay)
    engine = arguments.word("engine", engine, ENGINES)
    engine = choose_engine(engine, map(question.arm, question.arms))
    jobs = arguments.optional_whole_number("jobs", jobs)
    request = request_of("hindcast", scenario, engine)
    return hindcasting.hindcast(question, engine, request, jobs, progress)


def evaluate(params: Mapping[str, Any], seed: int = 0, plugins: Names = ()) -> dict[str, float]:
    """Run once and return outcomes by name, for optimisers and samplers.

    The function is plain and picklable.

    Parameters
    ----------
    params
        Parameters by name; also ``scenario`` (a name or file; kashmir_2025 without it) and
        ``arm``.
    seed
        The seed of the run; its replicate is 0.
    plugins
        Plug-ins from outside, each ``FILE.py:NAME``.

    Returns
    -------
    dict
        ``lead``, ``peak_tension``, ``incidents`` and the final ``alignment_<audience>`` of each
        audience, by its name as the scenario spells it.

    Raises
    ------
    InputError
        For what is not a parameter, or a value that is refused.
    """
    params = arguments.mapping("params", params)
    changes = {name: value for name, value in params.items() if name not in ("scenario", "arm")}
    none = sorted(str(name) for name in changes if name not in SPECS)
    if none:
        raise InputError([Problem(name, unknown("parameter", name, SPECS)) for name in none])
    numbers = {name: arguments.finite_number(name, value) for name, value in changes.items()}
    scenario = open_scenario(params.get("scenario", "kashmir_2025"), plugins)
    if params.get("arm"):
        scenario = scenario.arm(arguments.word("arm", params["arm"]))
    if numbers:
        scenario = scenario.replace(parameters=numbers)
    model = NarrativeModel(scenario, seed=arguments.whole_number("seed", seed))
    return final_outcomes(model.run(), model.world)
