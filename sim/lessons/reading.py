"""From a lesson's file to a checked ``Lesson``: every problem is named with its place.

The scenario inside the file is read by the machinery of all scenarios; the lesson's own keys are
declared in ``keys`` and checked against each other in ``checking``.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from sim.errors import InputError, Problem
from sim.lessons import entities as e
from sim.lessons.checking import EDGES, Checking
from sim.lessons.keys import LAST, LESSON
from sim.scenario import reading, shipped
from sim.scenario.error_texts import MISSING, show_text, unknown
from sim.scenario.layers import Files
from sim.scenario.lesson_file import SCENARIO, is_lesson
from sim.scenario.nodes import Mapping
from sim.scenario.problems import Problems
from sim.scenario.scenario import Scenario
from sim.scenario.sources import attach_mapping_sources
from sim.scenario.value_reader import BAD, ValueReader

MOST_LESSONS = 50
ANY = float("inf")


def read_lessons(
    folder: FilePath | None = None, others: Files | None = None
) -> dict[str, e.Lesson]:
    """Read the shipped lessons and those of a folder, as ``lessons_of_folder`` does.

    Returns
    -------
    dict
        Lessons by name, in their order. A lesson of the folder replaces the shipped one that has
        the same name.
    """
    found = {name: shipped_lesson(name) for name in shipped.lesson_names()}
    if folder is not None:
        found |= lessons_of_folder(folder, others)
    return _sort_lessons(found)


def lessons_of_folder(folder: FilePath, others: Files | None = None) -> dict[str, e.Lesson]:
    """Read the lessons of a folder; scenarios that lie among them are passed over.

    Parameters
    ----------
    folder
        Where they lie.
    others
        Files of scenarios, by name, that lessons may extend besides those beside them.

    Returns
    -------
    dict
        Lessons by name, in their order.

    Raises
    ------
    InputError
        With all that is wrong with all lessons of the folder.
    """
    if not folder.is_dir():
        reason = "is a file; name its folder" if folder.exists() else "there is no such folder"
        raise InputError(Problem("", reason, place=show_text(str(folder))))
    problems: list[Problem] = []
    own: dict[str, e.Lesson] = {}
    files = []
    for file in sorted(folder.glob(f"*{shipped.SUFFIX}")):
        try:
            if is_lesson(reading.read_file(file, shipped.short_path(file))):
                files.append(file)
        except InputError as error:
            problems += error.problems
    if len(files) > MOST_LESSONS or not (files or problems):
        reason = f"must hold 1 to {MOST_LESSONS} lessons, files that end in {shipped.SUFFIX}"
        raise InputError(Problem("", reason, str(len(files)), show_text(str(folder))))
    for file in files:
        try:
            lesson = read_lesson(file, others=others)
        except InputError as error:
            problems += error.problems
            continue
        if lesson.name in own:
            problems.append(name_twice(lesson, file))
        own[lesson.name] = lesson
    if problems:
        raise InputError(problems)
    return _sort_lessons(own)


def name_twice(lesson: e.Lesson, file: FilePath | str) -> Problem:
    """What is wrong with a file whose lesson has the name of another file's."""
    return Problem("name", "another file has it too", lesson.name, str(file))


def _sort_lessons(found: dict[str, e.Lesson]) -> dict[str, e.Lesson]:
    """Lessons by their ``order``, then by name."""
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def shipped_lesson(name: str) -> e.Lesson:
    """Read one of the lessons that come with the package.

    Raises
    ------
    InputError
        If there is none of this name; a similar name is suggested.
    """
    words = f"{shipped.LESSON}{name}"
    place = shipped.locate(words)
    if place is None or not place.is_file():
        raise shipped.unknown_name(words)
    return read_lesson(place, words)


def read_lesson(path: FilePath, words: str = "", others: Files | None = None) -> e.Lesson:
    """Read one lesson.

    Parameters
    ----------
    path
        Its file.
    words
        How the command line names its scenario; "" takes the name of the file.
    others
        Files of scenarios, by name, that it may extend besides those beside it.

    Raises
    ------
    InputError
        With all that is wrong with the file, each problem with its line.
    """
    file = shipped.short_path(path)
    tree = reading.read_file(path, file)
    problems = Problems(file)
    scenario, wrong = _scenario(tree, path, problems, others)
    found = _values(tree, scenario, problems)
    Checking(found, tree, scenario, problems).check()
    try:
        problems.refuse()
    except InputError as error:
        wrong += error.problems
    if wrong or scenario is None:  # without problems there is a scenario
        raise InputError(wrong)
    return _lesson(found, scenario, words or path.name)


def _scenario(
    tree: Mapping, path: FilePath, problems: Problems, others: Files | None
) -> tuple[Scenario | None, list[Problem]]:
    """The scenario in the file, by the ordinary machinery, or what is wrong with it."""
    inside = tree.get(SCENARIO)
    if inside is None:
        problems.add(tree.mark, (SCENARIO,), MISSING)
    elif not isinstance(inside, Mapping):
        problems.add(inside.mark, (SCENARIO,), "must be a mapping", inside)
    else:
        for key in ("arms", "baseline"):
            if inside.get(key) is None:
                problems.add(inside.mark, (SCENARIO, key), MISSING)
    if "lesson_version" not in tree.entries or problems:
        return None, []  # said elsewhere; without them it would be read as something else
    try:
        return Scenario.from_yaml(path, others=others), []
    except InputError as error:
        return None, [
            replace(problem, key=f"{SCENARIO}.{problem.key}" if problem.key else SCENARIO)
            for problem in error.problems
        ]


def _values(tree: Mapping, scenario: Scenario | None, problems: Problems) -> dict[str, Any]:
    """Values by key, as far as they are good; names are judged only if the scenario is good."""
    own = attach_mapping_sources(
        Mapping({k: v for k, v in tree.entries.items() if k != SCENARIO}, tree.mark, tree.repeats),
        problems,
    )
    reader = ValueReader(Mapping() if scenario is None else _calendar(scenario), problems)
    if scenario is None:
        reader.names = dict.fromkeys(reader.names, None)
    values: dict[str, Any] = {}
    for key, entry in own.entries.items():
        declared = LESSON.keys.get(key)
        if declared is None:
            known = [*LESSON.keys, SCENARIO]
            problems.add(entry.key, (key,), unknown("key", key, known, brief=problems.enough))
            continue
        value = reader.value(declared.kind, entry.node, (key,))
        if value is not BAD:
            values[key] = value
    for key, declared in LESSON.keys.items():
        if declared.required and key not in own.entries:
            problems.add(tree.mark, (key,), MISSING)
    return values


def _calendar(scenario: Scenario) -> Mapping:
    """The scenario's names and days, with the values that hold after everything was laid over."""
    resolved = scenario.layers.tree("", Problems())
    keys = ("start_date", "steps", "claimants", "audiences", "issues", "claims", "narratives")
    return Mapping({key: resolved.entries[key] for key in keys if key in resolved.entries})


# From values to records


def _lesson(found: dict[str, Any], scenario: Scenario, words: str) -> e.Lesson:
    """The record of checked values; keys and fields have the same names."""
    lists = ("background", "explanation", "leaves_out", "sources")
    texts: dict[str, Any] = {key: tuple(found[key]) for key in lists}
    return e.Lesson(
        **{key: found[key] for key in ("name", "title", "question")},
        **texts,
        scenario=scenario,
        words=words,
        order=found.get("order", LAST),
        see=e.See(**{**found["see"], "arms": tuple(found["see"]["arms"])}),
        predictions=tuple(_prediction(one) for one in found["predictions"]),
        statements=tuple(_statement(one) for one in found["statements"]),
        debrief={
            minutes: tuple(e.Activity(**one) for one in found["debrief"][str(minutes)])
            for minutes in e.LENGTHS
        },
    )


def _prediction(found: dict[str, Any]) -> e.Prediction:
    """A quoted number without a step is rounded as the value is."""
    numbers = tuple(
        e.QuotedNumber(one["name"], measure(one["measure"]), one.get("step", found["step"]))
        for one in found.get("numbers", ())
    )
    options = tuple(
        e.Option(_with_edges(one), one.get("from", -ANY), one.get("below", ANY))
        for one in found.get("options", ())
    )
    records = {"measure": measure(found["measure"]), "numbers": numbers, "options": options}
    return e.Prediction(**{**found, **records})


def _with_edges(option: dict[str, Any]) -> str:
    """The answer with `{from}` and `{below}` as numbers without a sign: it says its own cut."""
    text: str = option["text"]
    for edge in EDGES:
        if edge in option:
            text = text.replace("{" + edge + "}", f"{abs(option[edge]):g}")
    return text


def _statement(found: dict[str, Any]) -> e.Statement:
    """A bound that is left out is infinite."""
    bounds = {"above": -ANY, "below": ANY, **found["holds"]}
    than = measure(found["than"]) if "than" in found else None
    runs = found.get("runs", 1)
    return e.Statement(found["text"], measure(found["measure"]), **bounds, runs=runs, than=than)


def measure(found: dict[str, Any]) -> e.Measure:
    """The record of a checked measure: what a term leaves out, the measure says."""
    days = (found["from"], found["until"]) if "from" in found else None
    options = {key: found[key] for key in ("statistic", "draws", "scale") if key in found}
    terms, divided_by = (
        tuple(_term({**found, **row}) for row in found.get(key, ()))
        for key in ("terms", "divided_by")
    )
    return e.Measure(terms, divided_by, days=days, **options)


def _term(full: dict[str, Any]) -> e.Term:
    """One term, ``full`` of what its measure says for all."""
    first = full.get("day", full.get("from", 0))
    return e.Term(
        **{key: full.get(key, "") for key in ("arm", "of", "toward", "at")},
        first=first,
        last=full.get("day", full.get("until", first)),
        weight=full.get("weight", 1.0),
    )
