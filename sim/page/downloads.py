"""What a class takes home: the scenario as it stands on the page, tables, and the commands.

All of it gives the numbers of the page again, without the page: the scenario file has the levers,
the switches and the seed in it, and the tables hold what the charts draw. Drawings are saved by
the browser alone.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from sim.lessons.entities import RUNS
from sim.page.catalogue import Catalogue
from sim.page.protocol import Answer, Files, pick
from sim.page.timelines import Arm, ArmPair, TimelineAnswers, band
from sim.running.blocks import CHANCE
from sim.scenario.scenario import Scenario
from sim.store.tables import csv_text
from sim.tables.frames import dates, sources
from sim.tables.metrics import METRICS, values
from sim.world.arrays import Floats

COMPARED = ("sympathy", "alignment", "lead", "tension", "incidents")
LEVELS = (*COMPARED, "mediation")


def answer_files(timelines: TimelineAnswers, ask: Files) -> Answer:
    """Return the files as text, and the commands on them, each with what it is.

    Raises
    ------
    InputError
        As ``TimelineAnswers.answer``.
    """
    catalogue = timelines.catalogue
    arms, of = timelines.run_pair(ask), describe_band(ask)
    # a name that every file system takes; not that of the file that was read
    name = f"{re.sub(r'[^A-Za-z0-9_-]+', '_', ask.scenario)}_from_page"
    changed = scenario_of_page(catalogue, ask)
    tables = {
        "levels": levels_table(ask, arms),
        "difference": difference_table(ask, arms),
        "sources": sources(changed),
    }
    words = {
        "levels": f"What both timelines draw: this run, and 5 and 95 % of the runs, {of}",
        "difference": f"The first arm less the second, pair by pair, {of}",
        "sources": "Every number that the model starts from, with its source",
    }
    scenario, what = f"{name}.yaml", "The scenario with these levers, switches and seed"
    files = [_file(scenario, what, "text/yaml", changed.to_yaml())]
    for table, frame in tables.items():
        file = f"{name}_{table}.csv"
        files.append(_file(file, words[table], "text/csv", csv_text(frame)))
    commands = _commands(catalogue, ask, scenario)
    return Answer({"kind": "files", "files": files, "commands": commands}, {})


def scenario_of_page(catalogue: Catalogue, ask: Files) -> Scenario:
    """The scenario of the ask, all its arms included, with everything that was changed in it."""
    return catalogue.scenarios[ask.scenario].replace(
        parameters=dict(ask.parameters), switches=dict(ask.switches), seed=ask.seed
    )


def describe_band(ask: Files) -> str:
    """What the band is of, in words."""
    if ask.uncertainty == CHANCE:
        return "chance alone"
    held = ", ".join(name.replace("_", " ") for name in ask.held_parameters)
    return f"parameters drawn too{f' ({held} held)' if held else ''}"


def levels_table(ask: Files, arms: ArmPair) -> pd.DataFrame:
    """A row per arm, metric, step, actor and toward: this run and the band (5 and 95 %)."""
    parts = []
    for arm, (own, many) in dict(zip(ask.arms, zip(*arms, strict=True), strict=True)).items():
        for metric in LEVELS:
            ends = band(_run_last(metric, many), many.batch.finite)
            parts.append(_rows(ask, {"arm": arm}, metric, own, (_this_run(metric, own), *ends)))
    return pd.concat(parts, ignore_index=True)


def difference_table(ask: Files, arms: ArmPair) -> pd.DataFrame:
    """The first arm less the second (the baseline), run by run; columns as in ``levels_table``."""
    (own, own_baseline), (many, many_baseline) = arms
    good = many.batch.finite & many_baseline.batch.finite
    names = {"baseline": ask.arms[1], "arm": ask.arms[0]}
    parts = []
    for metric in COMPARED:
        apart = _this_run(metric, own) - _this_run(metric, own_baseline)
        ends = band(_run_last(metric, many) - _run_last(metric, many_baseline), good)
        parts.append(_rows(ask, names, metric, own, (apart, *ends)))
    return pd.concat(parts, ignore_index=True)


def _run_last(metric: str, arm: Arm) -> Floats:
    """values[t, actor, toward, run] of one metric."""
    return np.moveaxis(values(metric, arm.batch.record, arm.world), 0, -1)


def _this_run(metric: str, arm: Arm) -> Floats:
    """values[t, actor, toward] of the run of the ask."""
    return _run_last(metric, arm)[..., arm.at]


def _rows(
    ask: Files, arms: dict[str, str], metric: str, arm: Arm, numbers: tuple[Floats, Floats, Floats]
) -> pd.DataFrame:
    """Rows of one metric; ``numbers[t, actor, toward]`` are value, lower and upper quantile."""
    names = arm.world.names
    value, low, high = numbers
    actors = np.array(METRICS[metric].actors(names), dtype=object)
    toward = np.array(METRICS[metric].toward(names), dtype=object)
    step, actor, aim = (places.ravel() for places in np.indices(value.shape))
    days = np.array(dates(arm.scenario.start_date, range(len(value))), dtype=object)
    return pd.DataFrame(
        {
            "scenario": names.scenario,
            **arms,
            **pick(ask, "uncertainty", "replicate", "seed"),
            "step": step,
            "date": days[step],
            "actor": actors[actor],
            "toward": toward[aim],
            "metric": metric,
            "value": value.ravel(),
            "q05": low.ravel(),
            "q95": high.ravel(),
        }
    )


def _file(name: str, what: str, media: str, text: str) -> dict[str, str]:
    return {"name": name, "what": what, "media": media, "text": text}


def _commands(catalogue: Catalogue, ask: Files, file: str) -> list[dict[str, str]]:
    """Commands on the scenario file, in the folder where it was saved."""
    named = [file, *catalogue.plugin_words(ask.scenario)]
    return [
        {"what": what, "text": shlex.join(["narrate", verb, *named, *options])}
        for what, verb, options in _command_words(catalogue.names[ask.scenario], ask)
    ]


def _command_words(names: Mapping[str, str], ask: Files) -> Iterator[tuple[str, str, list[str]]]:
    """What each command is for, its verb and its options; two arms are also compared."""
    seed = ["--seed", str(ask.seed)]
    for arm in dict.fromkeys(ask.arms):
        options = [*(["--arm", arm] if arm else []), *seed, "--replicate", str(ask.replicate)]
        yield f'This run of "{names[arm]}", told in full', "run", options
    first, second = ask.arms
    if first != second:
        options = ["--arms", first, "--baseline", second, *seed, "--replicates", str(RUNS)]
        what = f"Both arms on the same draws, {RUNS} runs of each, {describe_band(ask)}"
        drawn = ask.uncertainty != CHANCE
        options += ["--no-channels", "--uncertain-pairs", str(RUNS if drawn else 0)]
        if drawn and ask.held_parameters:
            options += ["--hold", ",".join(ask.held_parameters)]
        yield what, "compare", options
