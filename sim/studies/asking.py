"""How Python asks a study: the scenario opened, the arguments checked as on the command line."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from sim.errors import InputError, Problem
from sim.plugins import registry
from sim.running.executing import ENGINES
from sim.scenario import arguments
from sim.scenario.error_texts import show_text
from sim.scenario.scenario import Scenario
from sim.store.recorder import Request
from sim.studies.question import Question, Work, ask

Given: TypeAlias = Scenario | str | Path
Names: TypeAlias = str | Sequence[str]  # one name alone is a list of one
Values: TypeAlias = Any  # a value, a list of values, or a text as ``--param`` takes it
Progress: TypeAlias = Callable[[int], None]


def open_scenario(scenario: Given, plugins: Sequence[str] = ()) -> Scenario:
    """Return the scenario itself, read from its file where it is a path or a name."""
    registry.use(arguments.names("plugins", plugins))
    if isinstance(scenario, Scenario):
        return scenario
    if not isinstance(scenario, str | Path):
        reason = "must be one scenario, as an object, a file or a name; its arms are compared"
        raise InputError(Problem("scenario", reason, show_text(repr(scenario))))
    return Scenario.from_yaml(scenario)


def with_seed(scenario: Scenario, seed: int | None) -> Scenario:
    """The scenario with another seed."""
    given = arguments.optional_whole_number("seed", seed)
    return scenario if given is None else scenario.set({"seed": str(given)}, place="seed")


def question_of(
    scenario: Scenario,
    parameters: Mapping[str, Values] | None,
    of: str,
    replicates: int,
    arms: Sequence[str] | None,
    baseline: str | None,
    engine: str,
    replay: str,
) -> Question:
    """The question of a study, its arguments checked."""
    given = None if parameters is None else arguments.values_by_key("parameters", parameters)
    return ask(
        scenario,
        given,
        arguments.word("of", of),
        arguments.whole_number("replicates", replicates),
        arguments.optional_names("arms", arms),
        arguments.optional_word("baseline", baseline),
        arguments.word("engine", engine, ENGINES),
        replay,
    )


def work_of(jobs: int | None, cluster: str | None, progress: Progress | None) -> Work:
    """How the sweeps of a study are done."""
    threads = arguments.optional_whole_number("jobs", jobs)
    return Work(None, threads, arguments.optional_word("cluster", cluster), progress)


def request_of(verb: str, scenario: Given, engine: str) -> Request:
    """How a function of ``sim`` was asked, as the manifest tells it."""
    file = "" if isinstance(scenario, Scenario) else str(scenario)
    return Request(verb, (f"sim.{verb}",), file, engine)


def replay_command(given: Given, scenario: Scenario, plugins: Sequence[str]) -> str:
    """The command that repeats one run of a study, for its list of failures."""
    name = scenario.name if isinstance(given, Scenario) else str(given)
    named = [word for plugin in plugins for word in ("--plugin", plugin)]
    return shlex.join(["narrate", "run", name, *named])


def origin_words(given: Given, replay: str, seed: int | None) -> list[str]:
    """Words of a command that reads the scenario from its file, where it has one."""
    if isinstance(given, Scenario):
        return []
    words = shlex.split(replay)[1:]
    return words if seed is None else [*words, "--seed", str(seed)]
