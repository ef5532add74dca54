"""Studies of many runs: compare, sweep, sensitivity and discover."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.api.running import opened
from sim.api.saving import drawn, in_a_folder, parquet, saved, written
from sim.scenario.scenario import Scenario
from sim.store import folder as folders
from sim.tables.columns import TABLES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.studies.question import Question, Work


class Study:
    """What ``compare`` and ``sweep`` return: frames, words, a picture.

    ``result`` is the study's own object, ``frames`` its tables by name; each is an attribute too
    (``.comparison``, ``.runs``), but for the levels of each arm, ``frames["summary"]``.
    ``folder`` is where it was kept, or None. ``more`` is added to the manifest.
    """

    def __init__(
        self, verb: str, figure: str, result: Any, folder: Path | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.verb, self.result, self.folder = verb, result, folder
        self._figure, self._more = figure, dict(more or {})

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
        return in_a_folder(self.save, comparison_text)

    def plot(self) -> Figure:
        """A matplotlib figure of the answer."""
        return drawn(self.save, self._figure, self.folder)

    def save(self, folder: str | Path) -> Path:
        """Write a run folder that ``narrate report`` can draw."""
        failed = len(self.frames.get("failures", ()))
        asked = len(self.frames["runs"])
        counts = {"asked": asked, "used": asked - failed, "failed": failed}
        result = self.result
        arms = [result.baseline, *(arm for arm in result.arms if arm != result.baseline)]
        return saved(
            self.frames,
            Path(folder),
            self.verb,
            result.scenario,
            arms,
            result.baseline,
            counts,
            **self._more,
        )

    def to_parquet(self, folder: str | Path) -> Path:
        """Write every table into a folder as Parquet; files of the same name are replaced."""
        return parquet(self.frames, Path(folder))


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
    more = {"held": list(options.get("held", ()))}
    return Study("compare", "effect", study(chosen, arms, **options), more=more)


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
        written(done.tables, place, "sweep", chosen, named, done.baseline, counts,
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
        return {name: getattr(self.result, name) for name in TABLES if hasattr(self.result, name)}

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
        return parquet(self.frames, Path(folder))

    def _report(self) -> Any:
        return import_module(f"sim.report.{self.verb}")

    def _write(self, place: Path) -> Path:
        done = self.result
        used = done.runs_done - done.failed
        counts = {"asked": done.runs_done, "used": used, "failed": done.failed}
        facts = {"scenario": done.scenario.name, "seed": str(done.scenario.seed)}
        self._report().write(done, place, facts)
        arms = [arm for arm in dict.fromkeys((done.baseline, done.arm)) if arm]
        return written(self.frames, place, self.verb, done.scenario, arms, done.baseline, counts,
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
    from sim.studies.sensitivity import Sizes, depend, first_sweep

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
    from sim.studies.discover import ABOVE, BELOW, Side, check_points, default_column, search

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
