"""The Python interface: run, compare, sweep, sensitivity, discover and evaluate.

A scenario may be given as an object, as a file, or as the name of a shipped one. Results carry
pandas frames whose columns docs/columns.md describes.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from sim.engines.agents.model import NarrativeModel
from sim.errors import InputError, Problem
from sim.parameters import SPECS
from sim.plugins import finding
from sim.scenario.scenario import Scenario
from sim.store import folder as folders
from sim.store import manifest, tables
from sim.store.folder import machine_error
from sim.tables import frames
from sim.tables.columns import TABLES
from sim.tables.metrics import alignment, weighted
from sim.world.arrays import Record, Setting, World
from sim.world.building import build, setting, uncertain_setting
from sim.world.draws import draws

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.studies.question import Question, Work

T = TypeVar("T")
ENGINES = ("mesa", "ensemble")


@dataclass(frozen=True)
class Run:
    """One run told in full.

    ``messages`` and ``ledger`` are empty where the engine keeps none.
    """

    scenario: Scenario
    arm: str
    seed: int
    replicate: int
    world: World
    setting: Setting
    record: Record
    timeseries: pd.DataFrame
    messages: pd.DataFrame
    ledger: pd.DataFrame

    def summary(self) -> str:
        """What happened, in a few lines."""
        return "\n".join(_summary(self))

    def plot(self) -> Figure:
        """A matplotlib figure of alignment over time."""
        return _drawn(self.save, "alignment")

    def save(self, folder: str | Path) -> Path:
        """Write a run folder that ``narrate report`` can draw."""
        counts = {"asked": 1, "used": 1, "failed": 0}
        return _saved(self._frames(), Path(folder), "run", self.scenario, [self.arm], "", counts)

    def to_parquet(self, folder: str | Path) -> Path:
        """Write the three tables into a folder; files of the same name are replaced."""
        return _parquet(self._frames(), Path(folder))

    def _frames(self) -> dict[str, pd.DataFrame]:
        return {"timeseries": self.timeseries, "messages": self.messages, "ledger": self.ledger}


class Study:
    """What ``compare`` and ``sweep`` return: frames, words, a picture.

    ``result`` is the study's own object, ``frames`` its tables by name; each is an attribute too
    (``.comparison``, ``.runs``), but for the levels of each arm, ``frames["summary"]``.
    ``folder`` is where it was kept, or None.
    """

    def __init__(self, verb: str, figure: str, result: Any, folder: Path | None = None) -> None:
        self.verb, self.result, self.folder = verb, result, folder
        self._figure = figure

    @cached_property
    def frames(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        result = self.result
        own = {name: getattr(result, name) for name in TABLES if hasattr(result, name)}
        return own | dict(getattr(result, "tables", {}))

    def __getattr__(self, name: str) -> Any:
        if name != "frames" and name in self.frames:
            return self.frames[name]
        raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")

    def summary(self) -> str:
        """The results in plain words, as the command line prints them."""
        from sim.report.words import comparison_text

        if self.folder is not None:
            return comparison_text(self.folder)
        return _in_a_folder(self.save, comparison_text)

    def plot(self) -> Figure:
        """A matplotlib figure of the answer."""
        return _drawn(self.save, self._figure, self.folder)

    def save(self, folder: str | Path) -> Path:
        """Write a run folder that ``narrate report`` can draw."""
        failed = len(self.frames.get("failures", ()))
        asked = len(self.frames["runs"])
        counts = {"asked": asked, "used": asked - failed, "failed": failed}
        result = self.result
        arms = [result.baseline, *(arm for arm in result.arms if arm != result.baseline)]
        return _saved(
            self.frames, Path(folder), self.verb, result.scenario, arms, result.baseline, counts
        )

    def to_parquet(self, folder: str | Path) -> Path:
        """Write every table into a folder as Parquet; files of the same name are replaced."""
        return _parquet(self.frames, Path(folder))


def _parquet(tables_by_name: Mapping[str, pd.DataFrame], folder: Path) -> Path:
    _make(folder)
    for name, frame in tables_by_name.items():
        tables.write_parquet(folder / f"{name}.parquet", frame)
    return folder


def _saved(
    tables_by_name: Mapping[str, pd.DataFrame], folder: Path, verb: str, scenario: Scenario,
    arms: Sequence[str], baseline: str, counts: Mapping[str, int],
) -> Path:  # fmt: skip
    folders.create(scenario.name, scenario.sha256(), datetime.now(UTC), out=folder)
    return _written(tables_by_name, folder, verb, scenario, arms, baseline, counts)


def _written(
    tables_by_name: Mapping[str, pd.DataFrame], folder: Path, verb: str, scenario: Scenario,
    arms: Sequence[str], baseline: str, counts: Mapping[str, int], **more: Any,
) -> Path:  # fmt: skip
    now = datetime.now(UTC)
    folders.write_text(folder / folders.RESOLVED, scenario.to_yaml())
    files = {}
    for name, frame in tables_by_name.items():
        tables.write(folder, name, frame)
        path = tables.path_of(folder, name)
        files[path.name] = manifest.sha256_of(path)
    document = manifest.manifest(
        verb, [f"sim.{verb}"], scenario=scenario.name, title=scenario.title, inputs={},
        seed=scenario.seed, arms=arms, baseline=baseline, counts=counts,
        status=manifest.ended(counts["failed"]), started=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        timings={}, more={"files": files, **more},
    )  # fmt: skip
    manifest.write(folder, document)
    return folder


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise machine_error(folder, error) from error


def _in_a_folder(save: Callable[[Path], Path], use: Callable[[Path], T]) -> T:
    """The report reads only run folders, so that old ones can be read again: give it one."""
    with TemporaryDirectory() as place:
        return use(save(Path(place) / "run"))


def _drawn(
    save: Callable[[Path], Path], name: str, folder: Path | None = None
) -> Figure:
    from sim.report.figures import style
    from sim.report.folder import read

    module = import_module(f"sim.report.figures.{name}")
    with style.drawing():
        found = read(folder) if folder is not None else _in_a_folder(save, read)
        figure: Figure = module.draw(found)
    return figure


def run(
    scenario: Scenario | str | Path = "kashmir_2025",
    arm: str = "",
    seed: int | None = None,
    replicate: int = 0,
    engine: str = "mesa",
    ledger: bool = True,
    every: int = 1,
    uncertain: bool = False,
    plugins: Sequence[str] = (),
) -> Run:
    """Run a scenario once.

    Parameters
    ----------
    arm
        An arm of it; "" for the scenario as it stands.
    seed
        The scenario's own where None.
    engine
        ``mesa`` keeps messages and the ledger; ``ensemble`` gives the same numbers without them.
    every
        Keep every so many days of the time series, and the last.
    uncertain
        Also draw every parameter that is not fixed and every judgement.
    plugins
        Plug-ins from outside, each ``FILE.py:NAME``: their files are run. ``compare``, ``sweep``,
        ``evaluate`` and ``Scenario.from_yaml`` take them too; they are then known for the rest of
        the process.
    """
    chosen = opened(scenario, plugins)
    chosen = chosen.arm(arm) if arm else chosen
    if engine == "ensemble":
        from sim.studies.executing import settled_engine

        engine = settled_engine(engine, [chosen])
    seed = chosen.seed if seed is None else seed
    world = build(chosen)
    kind = "parameters" if uncertain else "chance"
    ids = frames.label(world, seed, replicate, chosen.start_date, kind)
    numbers = uncertain_setting(world, seed, replicate) if uncertain else setting(world)
    if engine == "mesa":
        drawn = draws(world, seed, replicate)
        model = NarrativeModel.prepared(world, numbers, drawn, ledger=ledger)
        record = model.run()
        messages, booked = frames.messages(model, ids), frames.ledger(model, ids)
    elif engine == "ensemble":
        record = _ensemble_record(world, numbers, seed, replicate)
        messages, booked = frames.empty("messages"), frames.empty("ledger")
    else:
        raise InputError(Problem("engine", f"must be one of {', '.join(ENGINES)}", engine))
    series = frames.timeseries(record, world, ids, every=every)
    return Run(chosen, arm, seed, replicate, world, numbers, record, series, messages, booked)


def opened(scenario: Scenario | str | Path, plugins: Sequence[str] = ()) -> Scenario:
    """The scenario itself, read from its file where it is a path or a name."""
    finding.use(plugins)
    return scenario if isinstance(scenario, Scenario) else Scenario.from_yaml(str(scenario))


def _ensemble_record(world: World, numbers: Setting, seed: int, replicate: int) -> Record:
    from sim.engines.ensemble.plan import lanes
    from sim.engines.ensemble.run import FULL, simulate_many

    runs = simulate_many(
        world, lanes([numbers]), seed, np.array([replicate], dtype=np.uint64), fields=FULL
    )
    record = runs.record
    single = {name: getattr(record, name)[0] for name in FULL}
    diplomacy = type(record.diplomacy)(*(values[0] for values in record.diplomacy))
    return Record(**single, diplomacy=diplomacy)


def compare(
    scenario: Scenario | str | Path = "kashmir_2025",
    arms: Sequence[str] | None = None,
    plugins: Sequence[str] = (),
    **options: Any,
) -> Study:
    """Compare arms on the same draws; options as ``sim.studies.compare.compare``."""
    from sim.studies.compare import compare as study

    chosen = opened(scenario, plugins)
    options.setdefault("replay", _replay(chosen, plugins))
    return Study("compare", "effect", study(chosen, arms, **options))


def sweep(
    scenario: Scenario | str | Path,
    parameters: Mapping[str, Sequence[Any] | str],
    arms: Sequence[str] | None = None,
    plugins: Sequence[str] = (),
    folder: str | Path | None = None,
    **options: Any,
) -> Study:
    """Run a scenario over values of its parameters; options as ``sim.studies.sweep.sweep``.

    With a ``folder`` the runs are kept there as they come: the same call goes on where the last
    one was stopped, and ``narrate resume`` and ``narrate status`` know the folder too.
    """
    from sim.studies.sweep import sweep as study

    swept = {
        name: values if isinstance(values, str) else list(values)
        for name, values in parameters.items()
    }
    chosen = opened(scenario, plugins)
    options.setdefault("replay", _replay(chosen, plugins))
    if folder is None:
        return Study("sweep", "sweep", study(chosen, swept, arms, **options))
    place = Path(folder)

    def write(done: Any) -> None:
        failed = len(done.tables["failures"])
        asked = done.keep.pairs * (1 + len(done.arms))
        counts = {"asked": asked, "used": asked - failed, "failed": failed}
        named = [done.baseline, *done.arms]
        _written(done.tables, place, "sweep", chosen, named, done.baseline, counts,
                 **done.asked.words())  # fmt: skip

    done = study(chosen, swept, arms, folder=place, ended=write, **options)
    return Study("sweep", "sweep", done, place)


class Finding:
    """What ``sensitivity`` and ``discover`` return: frames, words, pictures.

    ``result`` is the study's own object, ``frames`` its tables by name; each is an attribute too.
    ``folder`` is where the runs were kept, or None.
    """

    def __init__(self, verb: str, result: Any, folder: Path | None = None) -> None:
        self.verb, self.result, self.folder = verb, result, folder

    @cached_property
    def frames(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        return {
            name: getattr(self.result, name) for name in TABLES if hasattr(self.result, name)
        }

    def __getattr__(self, name: str) -> Any:
        if name != "frames" and name in self.frames:
            return self.frames[name]
        raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")

    def summary(self) -> str:
        """The results in plain words, as the command line prints them."""
        return str(self._report().text_of(self.result))

    def plot(self) -> dict[str, Figure]:
        """Matplotlib figures by name."""
        from sim.report.figures import style

        with style.drawing():
            found: dict[str, Figure] = self._report().pictures(self.result)
        return found

    def save(self, folder: str | Path) -> Path:
        """Write tables, words and pictures into a new folder."""
        place = folders.claim(Path(folder))
        return self._write(place)

    def to_parquet(self, folder: str | Path) -> Path:
        """Write every table into a folder as Parquet; files of the same name are replaced."""
        return _parquet(self.frames, Path(folder))

    def _report(self) -> Any:
        return import_module(f"sim.report.{self.verb}")

    def _write(self, place: Path) -> Path:
        done = self.result
        used = done.runs_done - done.failed
        counts = {"asked": done.runs_done, "used": used, "failed": done.failed}
        facts = {"scenario": done.scenario.name, "seed": str(done.scenario.seed)}
        self._report().write(done, place, facts)
        arms = [arm for arm in dict.fromkeys((done.baseline, done.arm)) if arm]
        return _written(self.frames, place, self.verb, done.scenario, arms, done.baseline, counts,
                        of=done.of)  # fmt: skip


def sensitivity(
    scenario: Scenario | str | Path = "kashmir_2025",
    parameters: Mapping[str, Sequence[Any] | str] | None = None,
    arms: Sequence[str] | None = None,
    plugins: Sequence[str] = (),
    folder: str | Path | None = None,
    *,
    of: str = "effect.window.lead",
    trajectories: int = 40,
    samples: int = 512,
    replicates: int = 32,
    **options: Any,
) -> Finding:
    """Which parameters an effect depends on, and how much of it is chance.

    Parameters
    ----------
    parameters
        Keys and their ranges (``"0:0.6"``) or values; every parameter that is not fixed, over its
        plausible range, where None.
    arms
        The arm that is compared with the baseline; the first one where None.
    folder
        Where the runs are kept as they come, as in :func:`sweep`.
    of
        A column of ``runs``.
    trajectories, samples
        Of the screening, and base points of the indices; 0: not done.
    options
        ``baseline``, ``engine``, ``jobs``, ``cluster``, ``progress``.
    """
    from sim.studies.dependence import Sizes, depend, first_sweep

    question, work = _asked(scenario, parameters, arms, plugins, of, replicates, options)
    sizes = Sizes(trajectories, samples)
    first = first_sweep(question, sizes)
    return _found(
        "sensitivity", question, vars(sizes), folder, work,
        lambda work: depend(question, sizes, work, first),
    )  # fmt: skip


def discover(
    scenario: Scenario | str | Path = "kashmir_2025",
    parameters: Mapping[str, Sequence[Any] | str] | None = None,
    arms: Sequence[str] | None = None,
    plugins: Sequence[str] = (),
    folder: str | Path | None = None,
    *,
    of: str | None = None,
    above: float | None = 0.0,
    below: float | None = 0.0,
    samples: int = 8000,
    replicates: int = 8,
    design: str = "lhs",
    **options: Any,
) -> Finding:
    """Under which conditions the mean of a column lies ``above`` a number, and ``below`` one.

    ``of`` is by default the effect on the mediator's alignment while the offer acts; a side that
    is None is not looked for. The rest as :func:`sensitivity`.
    """
    from sim.studies.conditions import ABOVE, BELOW, Side, check_points, default_column, search

    chosen = opened(scenario, plugins)
    question, work = _asked(
        chosen, parameters, arms, plugins, of or default_column(chosen), replicates, options
    )
    sides = [Side(name, float(value)) for name, value in ((ABOVE, above), (BELOW, below))
             if value is not None]  # fmt: skip
    swept = question.swept(design, samples)
    check_points(swept, "samples")
    more = {"design": design, "samples": samples, "sides": [list(side) for side in sides]}
    return _found(
        "discover", question, more, folder, work,
        lambda work: search(question, design, samples, sides, work, swept),
    )  # fmt: skip


def _asked(
    scenario: Scenario | str | Path, parameters: Mapping[str, Sequence[Any] | str] | None,
    arms: Sequence[str] | None, plugins: Sequence[str], of: str, replicates: int,
    options: Mapping[str, Any],
) -> tuple[Question, Work]:  # fmt: skip
    from sim.studies.question import Work, ask

    ways = {name: options[name] for name in ("jobs", "cluster", "progress") if name in options}
    rest = {name: value for name, value in options.items() if name not in ways}
    chosen = opened(scenario, plugins)
    given = {
        name: values if isinstance(values, str) else list(values)
        for name, values in (parameters or {}).items()
    }
    replay = _replay(chosen, plugins)
    return ask(chosen, given, of, replicates, arms, replay=replay, **rest), Work(**ways)


def _found(
    verb: str, question: Question, more: Mapping[str, Any], folder: str | Path | None, work: Work,
    answer: Callable[[Work], Any],
) -> Finding:  # fmt: skip
    """The answer; in a folder begun where it is new, gone on with where it asks the same."""
    from sim.store import lock
    from sim.studies import study_folder

    if folder is None:
        return Finding(verb, answer(work))
    place = Path(folder)
    asked = study_folder.document(verb, question, more)
    if not study_folder.is_study(place):
        folders.claim(place)
    with lock.hold(place):
        if study_folder.is_study(place):
            study_folder.demand_same(place, asked)
        else:
            study_folder.begin(place, asked)

        def ended(name: str, *sweep: Any) -> None:
            study_folder.write_sweep(place / name, [f"sim.{verb}"], *sweep)

        found = Finding(verb, answer(work._replace(folder=place, ended=ended)), place)
        found._write(place)
    return found


def _replay(scenario: Scenario, plugins: Sequence[str]) -> str:
    """The command that repeats one run of a study, for its list of failures."""
    named = [word for plugin in plugins for word in ("--plugin", plugin)]
    return shlex.join(["narrate", "run", scenario.name, *named])


def evaluate(
    params: Mapping[str, Any], seed: int = 0, plugins: Sequence[str] = ()
) -> dict[str, float]:
    """Parameters by name to outcomes by name: one run, for optimisers and samplers.

    ``params`` may also hold ``scenario`` (a name or file; kashmir_2025 without it) and ``arm``.
    The function is plain and picklable. Outcomes are ``lead``, ``peak_tension``, ``incidents`` and
    the final ``alignment_<audience>``, with names as Python identifiers.
    """
    changes = {name: value for name, value in params.items() if name not in ("scenario", "arm")}
    unknown = sorted(set(changes) - set(SPECS))
    if unknown:
        raise InputError([Problem(name, "is not a parameter") for name in unknown])
    numbers = {name: float(value) for name, value in changes.items()}
    scenario = opened(params.get("scenario", "kashmir_2025"), plugins)
    if params.get("arm"):
        scenario = scenario.arm(str(params["arm"]))
    if numbers:
        scenario = scenario.replace(parameters=numbers)
    model = NarrativeModel(scenario, seed=int(seed))
    return outcomes(model.run(), model.world)


def outcomes(record: Record, world: World) -> dict[str, float]:
    """The numbers that :func:`evaluate` returns."""
    final = alignment(record.sympathy[-1])
    values = {
        "lead": float(weighted(final, world.importance)),
        "peak_tension": float(record.tension.max()),
        "incidents": float(record.incidents.sum()),
    }
    for name, x in zip(world.names.audiences, final, strict=True):
        values[f"alignment_{re.sub(r'[^0-9A-Za-z]+', '_', name)}"] = float(x)
    return values


# The short text of one run


def _summary(told: Run) -> list[str]:
    world, record = told.world, told.record
    names = world.names
    first, second = names.claimants
    start, end = (alignment(record.sympathy[t]) for t in (0, -1))
    arm = f", arm {told.arm}" if told.arm else ""
    lines = [
        f"{told.scenario.title or names.scenario} ({names.scenario}{arm}, seed {told.seed}, "
        f"replicate {told.replicate}, {world.steps} days)",
        f"Sympathy runs from -1 to +1. Alignment is half the difference: above 0 nearer to "
        f"{first}, below 0 nearer to {second}.",
        "",
        _row("", [first, "", second, "", "alignment", ""]),
        _row("audience", ["start", "end", "start", "end", "start", "end"]),
    ]
    for a, audience in enumerate(names.audiences):
        s0, s1 = record.sympathy[0, a], record.sympathy[-1, a]
        lines.append(_row(audience, [s0[0], s1[0], s0[1], s1[1], start[a], end[a]]))
    lead = [float(weighted(x, world.importance)) for x in (start, end)]
    lines.append(_row("all, by importance", ["", "", "", "", *lead]))
    hit = record.incidents.sum(axis=0)
    lines += [
        "",
        f"Tension peaked at {record.tension.max():.2f} on "
        f"{frames.dates(told.scenario.start_date, [int(record.tension.argmax())])[0]}. "
        f"Incidents: {int(hit.sum())} ({first} hit {int(hit[0])}, {second} hit {int(hit[1])}).",
        _mediation(told),
    ]
    return lines


def _row(head: str, cells: Sequence[Any]) -> str:
    shown = [f"{cell:+.3f}" if isinstance(cell, float) else str(cell)[:10] for cell in cells]
    return f"{head[:26]:26}" + "".join(f"{cell:>11}" for cell in shown)


def _mediation(told: Run) -> str:
    diplomacy = told.record.diplomacy
    mediator = told.world.names.audiences[told.world.mediator]
    days = np.flatnonzero(diplomacy.offered)
    if not len(days):
        return f"{mediator} did not offer to mediate."
    parts = []
    for t in days.tolist():
        answers = [
            f"{name} {'accepted' if accepted else 'refused'}"
            for name, accepted in zip(
                told.world.names.claimants, diplomacy.accepted[t], strict=True
            )
        ]
        parts.append(f"{frames.dates(told.scenario.start_date, [t])[0]} ({', '.join(answers)})")
    return f"{mediator} offered to mediate: {'; '.join(parts)}."
