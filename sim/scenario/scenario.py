"""The scenario a user works with: read strictly, frozen, written back to the same thing.

``Scenario`` only joins the steps that the other files of this folder take: layers of files to a
tree, tree to values, values to records, rules between them, and the way back. No number of the
model is computed here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from sim.errors import InputError, Problem
from sim.parameters import DEFAULTS, SPECS, Parameters, Switches
from sim.plugins import registry
from sim.scenario import arguments, lesson_file, provenance, reading, replacing, shipped, writing
from sim.scenario import entities as e
from sim.scenario.assembling import assemble, note_filled_judgements
from sim.scenario.assignments import PLACE, full_path, setting_text
from sim.scenario.checking import check, notes
from sim.scenario.error_texts import show_text, unknown
from sim.scenario.from_python import node_from_python
from sim.scenario.games import read_game
from sim.scenario.idle_parameters import idle_everywhere, idle_notes
from sim.scenario.layers import Files, Layers, read_layers
from sim.scenario.nodes import Mapping as Tree
from sim.scenario.nodes import Path as KeyPath
from sim.scenario.problems import Problems
from sim.scenario.value_reader import read_values

NO_LAYERS = Layers(Tree(), {})


@dataclass(frozen=True)
class Scenario:
    """A checked scenario, of the base or of one arm.

    Days count from 0 = ``start_date``. A value given to ``replace`` holds in every arm, as one
    given by ``--set`` does. Two scenarios are equal where all that describes them is, whatever
    files and changes they come from.

    Attributes
    ----------
    name
        Results lie in a folder of this name.
    title, description
        For people; change nothing.
    seed
        Seed of the random draws, 0 to 2**64 - 1.
    steps
        Number of days that are run.
    start_date
        The date of day 0.
    initial_tension
        Tension on day 0, >= 0.
    parameters, switches
        Numbers and mechanisms of the model.
    claimants
        The two sides; the first has sign +1.
    delegations, audiences, issues, narratives, claims, events
        The other entities, in the order of the file; the first issue is the background.
    peers
        Weights by listener and by whom it listens to, not normalised.
    incidents
        What one random incident does.
    mediator
        Who mediates, from which others may take over; without it in the file the first audience,
        which never offers.
    update_rule
        How an audience follows a source.
    baseline, arms
        The arm that the others are compared with, and the names of all arms.
    arm_name
        The arm this is; empty for the base.
    layers
        What the scenario was read from; arms are resolved from it.
    replaced
        Values given to ``replace``, by field; parameters and switches by name within theirs.
    notes
        Remarks that refuse nothing, such as a parameter outside its usual range.
    """

    name: str
    title: str
    description: str
    seed: int
    steps: int
    start_date: date
    initial_tension: float
    parameters: Parameters
    switches: Switches
    claimants: tuple[e.Claimant, ...]
    delegations: tuple[e.Delegation, ...]
    audiences: tuple[e.Audience, ...]
    peers: Mapping[str, e.Weights]
    issues: tuple[e.Issue, ...]
    narratives: tuple[e.Narrative, ...]
    claims: tuple[e.Claim, ...]
    events: tuple[e.Event, ...]
    incidents: e.Incidents
    mediator: e.Mediator
    update_rule: e.UpdateRule
    baseline: str
    arms: tuple[str, ...]
    arm_name: str = ""
    layers: Layers = field(default=NO_LAYERS, compare=False, repr=False)
    replaced: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    notes: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @classmethod
    def from_yaml(
        cls,
        path: str | PathLike[str],
        *,
        arm: str = "",
        sets: Iterable[str] = (),
        plugins: Iterable[str] = (),
        others: Files | None = None,
    ) -> Scenario:
        """Read a scenario file, or a shipped scenario by its bare name.

        Parameters
        ----------
        path
            Messages call the file by this path, as given. A lesson's file stands for the scenario
            in it, and ``lesson.NAME`` for that of a shipped lesson.
        arm
            The arm to resolve; the base where empty.
        sets
            Assignments ``key.path=value``; list items go by their names.
        plugins
            Plug-ins from outside, each ``FILE.py:NAME``: their files are run, and they are known
            for the rest of the process.
        others
            Files of scenarios, by name, that ``extends`` may name besides those beside the file
            and shipped ones.

        Raises
        ------
        InputError
            With all that is wrong with the file, what it extends, its arms and the assignments.
        """
        registry.use(arguments.names("plugins", plugins))
        file = arguments.word("path", fspath(path) if isinstance(path, PathLike) else path)
        place = shipped.locate(path) if isinstance(path, str) else None
        if place is None:
            place = Path(file)
        elif place.is_file():
            file = shipped.short_path(place)
        else:
            raise shipped.unknown_name(file)
        return cls._load(reading.read_file(place, file), place, file, arm, sets, others or {})

    @classmethod
    def from_dict(
        cls, content: Mapping[str, Any], *, arm: str = "", sets: Iterable[str] = ()
    ) -> Scenario:
        """Read a scenario from plain Python values, as strictly as from a file.

        Parameters
        ----------
        content
            What a file would hold: keys to numbers, texts, dates, lists and mappings.
        arm, sets
            As of ``from_yaml``.

        Raises
        ------
        InputError
            With all that is wrong; problems have key paths but no places.
        """
        tree = node_from_python(content)
        if not isinstance(tree, Tree):
            raise InputError("a scenario must be a mapping of keys to values")
        return cls._load(tree, None, "", arm, sets, {})

    @classmethod
    def _load(
        cls, tree: Tree, path: Path | None, file: str, arm: str, sets: Iterable[str], others: Files
    ) -> Scenario:
        """Read a tree with what it extends, make the assignments and resolve one arm."""
        problems = Problems(file)
        inside, arms = lesson_file.scenario_tree(tree)
        layers = read_layers(inside, path, file, problems, others)
        if arms is not None:
            named = {name: layers.arms[name] for name in arms if name in layers.arms}
            layers = layers._replace(arms=named)
        layers = layers.add_assignments(arguments.names("sets", sets), PLACE, problems)
        read_game(layers, problems)
        scenario = cls._resolve_all(layers, problems)
        return scenario.arm(arm) if arm else scenario

    @classmethod
    def _resolve_all(cls, layers: Layers, problems: Problems) -> Scenario:
        """The base, after a look at every arm: an arm's fault should not wait for its run.

        A problem that is there only with the assignments is blamed on them, not on the file.
        """
        without = Problems(problems.file)
        without.found = list(problems.found)
        base, remarks = cls._look(layers, problems)
        if problems and layers.assignments:
            cls._look(layers._replace(assignments=()), without)
            problems.blame(layers.assignments[-1].value.mark.file, without)
        problems.refuse()
        if base is None:
            raise ValueError(layers)  # not reached: without problems there is a scenario
        remarks = [note for note in dict.fromkeys(remarks) if _is_news(note, base.notes)]
        own = [name for name in SPECS if getattr(base.parameters, name) != getattr(DEFAULTS, name)]
        every = chain([base], map(base.arm, base.arms))  # no arm is resolved but where it counts
        names = dict.fromkeys((*own, *base._assigned_parameters()))
        remarks += idle_notes(idle_everywhere(every, names))
        return dataclasses.replace(base, notes=tuple(remarks))

    @classmethod
    def _look(cls, layers: Layers, problems: Problems) -> tuple[Scenario | None, list[str]]:
        """The base, and the notes on it and on every arm."""
        base = cls._resolve(layers, "", problems)
        remarks = list(base.notes) if base else []
        for name, deltas in layers.arms.items():
            if problems.enough:
                break
            of_arm = Problems(problems.file, name)
            of_arm.unread = set(problems.unread)
            scenario = cls._resolve(layers, name, of_arm)
            problems.include(of_arm, deltas[-1].mark)
            if scenario:
                remarks += [f"{note}, in arm {name}" for note in scenario.notes]
        return base, remarks

    @classmethod
    def _resolve(cls, layers: Layers, arm: str, problems: Problems) -> Scenario | None:
        """One arm, or the base; None where there is any problem, which is then noted."""
        tree = layers.tree(arm, problems)
        values = read_values(tree, problems)
        parts = assemble(values, problems)
        parts["arms"] = tuple(layers.arms)
        check(parts, problems, tree)
        if problems or problems.unread:
            return None
        overridden = map(_unused, layers.overridden_paths(arm))
        every = (*notes(parts), *note_filled_judgements(values), *overridden)
        return cls(**parts, arm_name=arm, layers=layers, notes=every)

    def arm(self, name: str) -> Scenario:
        """The scenario of an arm, with everything that was replaced in this one replaced there.

        Raises
        ------
        InputError
            Where there is no arm of this name.
        """
        if arguments.word("arms", name) not in self.arms:
            raise InputError(Problem("arms", unknown("arm", name, self.arms), show_text(name)))
        return self._again(name)

    def own_title(self, arm: str) -> str:
        """The ``title`` that an arm gives itself; "" where it gives none."""
        own = arm in self.arms and self.layers.own_paths(arm, ["title"])
        return self.arm(arm).title if own else ""

    def arm_title(self, arm: str) -> str:
        """How an arm is named to readers: by its own title, or by the words of its name."""
        return self.own_title(arm) or arm.replace("_", " ")

    @property
    def game(self) -> e.Game | None:
        """The game that is played in the file, or None."""
        return read_game(self.layers, Problems())

    @property
    def base(self) -> Scenario:
        """The scenario without an arm."""
        return self._again("") if self.arm_name else self

    def idle_notes(self) -> list[str]:
        """The notes on parameters that were set after reading, and in this arm change nothing."""
        return idle_notes(idle_everywhere([self], self._assigned_parameters()))

    def _assigned_parameters(self) -> list[str]:
        """The parameters that were set after the files were read."""
        paths = {full_path(one.path) for one in self.layers.assignments}
        return [name for name in SPECS if f"parameters.{name}" in paths]

    def overridden_notes(self, paths: Iterable[str], arm: str) -> list[str]:
        """The notes on paths that are to be set, and of which an arm has its own values."""
        return [f"{_unused(path)}, in arm {arm}" for path in self.layers.own_paths(arm, paths)]

    def _again(self, arm: str) -> Scenario:
        """Another arm of the same layers, with the same values replaced."""
        return replacing.apply_replacements(self._resolve_arm(arm), self.replaced)

    def _resolve_arm(self, arm: str) -> Scenario:
        """An arm as its layers have it, nothing replaced."""
        problems = Problems()
        scenario = self._resolve(self.layers, arm, problems)
        if scenario is None:
            problems.refuse()
            raise ValueError(arm)  # not reached: without problems there is a scenario
        return scenario

    def replace(self, **changes: Any) -> Scenario:
        """A copy with other values, in this scenario and in the arms taken from it.

        Parameters
        ----------
        **changes
            Fields by name, and parameters and switches by theirs: ``parity=0.5, noise=False``.
            ``parameters`` and ``switches`` may also be mappings of those that change.
            Fewer ``steps`` cut the scenario short: later events, stops and offers do not happen.

        Raises
        ------
        InputError
            Where the result would not be accepted from a file.
        """
        read = replacing.read_changes(self, changes)
        replaced = replacing.join_replacements(self.replaced, read)
        start = self
        if "steps" in self.replaced and replaced["steps"] > self.steps:
            # what an earlier, shorter replacement cut off comes back
            start = self._resolve_arm(self.arm_name)
        result = replacing.apply_replacements(start, replaced)
        problems = Problems()
        check(vars(result), problems)
        problems.refuse()
        idle = idle_notes(idle_everywhere([result], result.replaced.get("parameters", {})))
        return dataclasses.replace(result, notes=(*notes(vars(result)), *idle))

    def set(self, assignments: Iterable[str] | Mapping[str, Any], place: str = PLACE) -> Scenario:
        """A copy with ``key.path=value`` applied, as the command line does; all arms rechecked.

        Parameters
        ----------
        assignments
            Texts ``key.path=value``, or values by key path.
        place
            What problems are said to come from, such as ``--param``.

        Raises
        ------
        InputError
            With all that is wrong with the assignments, in the base and in every arm.
        """
        if isinstance(assignments, Mapping):
            pairs = assignments.items()
            assignments = [f"{path}={setting_text(value)}" for path, value in pairs]
        problems = Problems()
        texts = arguments.names("assignments", assignments)
        layers = self.layers.add_assignments(texts, place, problems)
        scenario = self._resolve_all(layers, problems)
        if self.arm_name:
            scenario = scenario.arm(self.arm_name)
        return replacing.apply_replacements(scenario, self.replaced)

    def to_dict(self, *, arms: bool = True, sources: bool = False) -> dict[str, Any]:
        """Plain values that ``from_dict`` reads to an equal scenario, every default written out.

        Parameters
        ----------
        arms
            Write the base with its arms, whichever arm this is; otherwise this scenario alone.
        sources
            Write ``{value, source}`` where a value has a source.
        """
        scenario = self.base if arms else self
        content = scenario._plain(sources)
        if not arms or not self.arms:
            return content
        deltas = {
            name: writing.difference(content, scenario.arm(name)._plain(sources))
            for name in self.arms
        }
        return {**content, "baseline": scenario.baseline, "arms": deltas}

    def to_yaml(self, *, arms: bool = True, sources: bool = True) -> str:
        """The same as YAML text; numbers read back to the same bits.

        Parameters are those of ``to_dict``.
        """
        return writing.to_yaml(self.to_dict(arms=arms, sources=sources))

    def plugins(self) -> list[tuple[str, str]]:
        """The plug-ins that this scenario, in this arm, runs with, as (kind, name)."""
        return [
            ("rules", self.update_rule.name),
            *(("mediators", role.policy) for role in self.mediator.roles),
            *(("strategies", side.strategy) for side in self.claimants),
            *(("acceptance", side.acceptance) for side in self.claimants),
        ]

    def sha256(self) -> str:
        """Hash of all that can move a result: no comments, titles, descriptions or sources.

        Of the base it covers the arms as well; of an arm it covers that arm and its name.
        """
        content = self.to_dict(arms=not self.arm_name)
        return writing.content_hash({"scenario": content, "arm": self.arm_name})

    def sources(self) -> list[provenance.Origin]:
        """Every value with its key path, its source and the place it was written at."""
        return list(self._origins(writing.plain(self)).values())

    def _plain(self, sources: bool) -> dict[str, Any]:
        """The values of this scenario, with their sources where asked."""
        content = writing.plain(self)
        if not sources:
            return content
        own = provenance.own_sources(self._origins(content))
        return dict(writing.add_sources(content, own))

    def _origins(self, content: dict[str, Any]) -> dict[KeyPath, provenance.Origin]:
        """Where each value of the content comes from."""
        tree = self.layers.tree(self.arm_name, Problems())
        return provenance.origins(content, tree, replacing.paths(self.replaced))


def _unused(path: str) -> str:
    """The note on a path that is set in every arm."""
    return f"{path}: the arm's own value is not used"


def _is_news(note: str, of_base: tuple[str, ...]) -> bool:
    """Whether a note on an arm says more than the base's own notes do."""
    return note in of_base or not any(note.startswith(f"{known}, in arm ") for known in of_base)
