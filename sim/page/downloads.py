"""What a class takes home: the scenario as it stands on the page, tables, and the commands.

All of it gives the numbers of the page again, without the page: the scenario file has the levers,
the switches and the seed in it, and the tables hold what the charts draw.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.page.catalogue import Catalogue
from sim.page.protocol import RUNS, Answer, Files
from sim.page.timelines import Arm, ArmPair, TimelineAnswers, band
from sim.running.blocks import CHANCE
from sim.scenario.scenario import Scenario
from sim.store.tables import csv_text
from sim.tables.frames import dates, sources
from sim.tables.metrics import METRICS, values
from sim.world.arrays import Bools, Floats, Names

TAKEN = ("sympathy", "alignment", "lead", "tension", "incidents", "mediation")
COMPARED = ("sympathy", "alignment", "lead", "tension", "incidents")
VALUES = ["value", "q05", "q95"]
LEVELS = [
    "scenario", "arm", "uncertainty", "replicate", "seed", "step", "date", "actor", "toward",
    "metric",
]  # fmt: skip
APART = ["scenario", "baseline", *LEVELS[1:]]


@dataclass
class FileAnswers:
    """Answers what is asked of files."""

    timelines: TimelineAnswers

    def answer(self, ask: Files) -> Answer:
        """The files as text, and the commands on them, each with what it is.

        Raises
        ------
        InputError
            As ``TimelineAnswers.tell``.
        """
        catalogue = self.timelines.catalogue
        arms, of = self.timelines.run_pair(ask), describe_band(ask)
        name = _file_name(ask.scenario)
        scenario, settled = f"{name}.yaml", scenario_of_page(catalogue, ask)
        header = {
            "kind": "files",
            "files": [
                _file(scenario, "The scenario with these levers, switches and seed",
                      "text/yaml", settled.to_yaml()),
                _file(f"{name}_levels.csv", "What both timelines draw: this run, and 5 and 95 % "
                      f"of the runs, {of}", "text/csv", csv_text(levels_table(ask, arms))),
                _file(f"{name}_difference.csv", "The first arm less the second, pair by pair, "
                      f"{of}", "text/csv", csv_text(difference_table(ask, arms))),
                _file(f"{name}_sources.csv", "Every number that the model starts from, with its "
                      "source", "text/csv", csv_text(sources(settled))),
            ],
            "commands": _commands(catalogue, ask, scenario),
        }  # fmt: skip
        return Answer(header, {})


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
    """A row per arm, metric, step, actor and toward: this run and the band."""
    parts = []
    for name, (own, many) in dict(zip(ask.arms, zip(*arms, strict=True), strict=True)).items():
        for metric in TAKEN:
            cubes = _run_last(metric, own), _run_last(metric, many)
            good = many.batch.finite
            parts.append(_rows(metric, *cubes, good, ask, own).assign(arm=name))
    return pd.concat(parts, ignore_index=True)[[*LEVELS, *VALUES]]


def difference_table(ask: Files, arms: ArmPair) -> pd.DataFrame:
    """The first arm less the second (the baseline), run by run."""
    first, second = arms.spread
    good = first.batch.finite & second.batch.finite
    parts = [
        _rows(
            metric, _less(metric, *arms.own), _less(metric, first, second), good, ask, arms.own[0]
        )
        for metric in COMPARED
    ]
    joined = pd.concat(parts, ignore_index=True)
    arm, baseline = ask.arms
    return joined.assign(arm=arm, baseline=baseline)[[*APART, *VALUES]]


def _run_last(metric: str, arm: Arm) -> Floats:
    """values[t, actor, toward, run] of one metric."""
    return np.moveaxis(values(metric, arm.batch.record, arm.world), 0, -1)


def _less(metric: str, first: Arm, second: Arm) -> Floats:
    """values[t, actor, toward, run] of the first less those of the second."""
    return _run_last(metric, first) - _run_last(metric, second)


def _rows(
    metric: str, own: Floats, many: Floats, good: Bools, ask: Files, arm: Arm
) -> pd.DataFrame:
    """The run of the ask, that of ``arm``, and the band over the good runs of ``many``.

    Both are [t, actor, toward, run].
    """
    names: Names = arm.world.names
    actors = np.array(METRICS[metric].actors(names), dtype=object)
    toward = np.array(METRICS[metric].toward(names), dtype=object)
    low, high = band(many, good)
    step, actor, aim = (places.ravel() for places in np.indices(own.shape[:-1]))
    days = np.array(dates(arm.scenario.start_date, range(own.shape[0])), dtype=object)
    return pd.DataFrame({
        "scenario": names.scenario, "uncertainty": ask.uncertainty, "replicate": ask.replicate,
        "seed": ask.seed, "step": step, "date": days[step], "actor": actors[actor],
        "toward": toward[aim], "metric": metric,
        "value": own[..., arm.at].ravel(), "q05": low.ravel(), "q95": high.ravel(),
    })  # fmt: skip


def _file(name: str, what: str, media: str, text: str) -> dict[str, str]:
    return {"name": name, "what": what, "media": media, "text": text}


def _file_name(scenario: str) -> str:
    """A name that every file system takes; not that of the file that was read."""
    return f"{re.sub(r'[^A-Za-z0-9_-]+', '_', scenario)}_from_page"


def _commands(catalogue: Catalogue, ask: Files, file: str) -> list[dict[str, str]]:
    """Commands on the scenario file, where it was saved; two arms are also compared."""
    named = [file, *catalogue.plugin_words(ask.scenario)]
    chance = ["--seed", str(ask.seed)]
    found = []
    for arm in dict.fromkeys(ask.arms):
        words = [*named, *(["--arm", arm] if arm else []), *chance]
        words += ["--replicate", str(ask.replicate)]
        found.append({"what": f'This run of "{catalogue.names[ask.scenario][arm]}", told in full',
                      "text": shlex.join(["narrate", "run", *words])})  # fmt: skip
    first, second = ask.arms
    if first != second:
        words = ["--arms", first, "--baseline", second, *chance, "--replicates", str(RUNS)]
        words += ["--no-channels", *_drawing(ask)]
        what = f"Both arms on the same draws, {RUNS} runs of each, {describe_band(ask)}"
        command = shlex.join(["narrate", "compare", *named, *words])
        found.append({"what": what, "text": command})
    return found


def _drawing(ask: Files) -> list[str]:
    """Options of ``compare`` for what the band is of."""
    if ask.uncertainty == CHANCE:
        return ["--uncertain-pairs", "0"]
    hold = ["--hold", ",".join(ask.held_parameters)] if ask.held_parameters else []
    return ["--uncertain-pairs", str(RUNS), *hold]
