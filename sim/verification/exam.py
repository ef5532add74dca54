"""The exam of a plug-in: it keeps its contract, and both engines make the same of it.

``examine`` gives the exam; :mod:`sim.testing` is its public name. A check is a generator of
failures, in words; ``CHECKS`` holds them in their order. What a plug-in is asked is in ``inputs``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from sim.engines.ensemble import plugging
from sim.errors import InputError
from sim.plugins import registry
from sim.plugins.contracts import SenderView
from sim.plugins.outside import SIGNATURES, WEIGHS
from sim.running import plugin_contracts
from sim.running.plugin_contracts import write_call
from sim.scenario.scenario import Scenario
from sim.verification import comparing, inputs
from sim.verification.statements.documents import Document, exchange_claimants
from sim.world.arrays import Floats, Record, finite_days

SEED, REPLICATE = 11, 3
SHOWN = 3  # failures of one check: the others are like them
CLOSE = 1e-12  # of compiled and plain values: their exp and log may differ in the last place
COMPILED = {
    "rules": plugging.RULE,
    "mediators": plugging.POLICY,
    "acceptance": plugging.ANSWER,
    "strategies": plugging.WEIGH,
}
Failures = Iterator[str]


class Exam(NamedTuple):
    """How a plug-in did.

    Attributes
    ----------
    plugin : str
        The plug-in, as it was named to :func:`examine`.
    kind : str
        rules, strategies, mediators or acceptance.
    checks : tuple of str
        Names of the checks made, in their order. The exam ends with the first check that fails.
    failures : tuple of str
        Why that check failed, at most three sentences that begin with its name; empty where the
        plug-in passed.
    notes : tuple of str
        What is allowed but costs something, such as a function that cannot be compiled.
    """

    plugin: str
    kind: str
    checks: tuple[str, ...]
    failures: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return not self.failures


class _Candidate(NamedTuple):
    """The plug-in that sits the exam."""

    kind: str
    name: str
    compiled: bool  # else it runs on the agent engine only

    @property
    def function(self) -> Any:
        """Its function."""
        return registry.load(self.kind, self.name)

    @property
    def weighs(self) -> bool:
        """Whether it is a strategy that gives weights, by the state of the run."""
        return self.kind == "strategies" and registry.weighs(self.name)

    def policy_part(self, name: str) -> Any:
        """Another function of a mediator's module; None where there is none."""
        return registry.part(self.kind, self.name, name) if self.kind == "mediators" else None

    def questions(self) -> list[tuple[Any, ...]]:
        """Return arguments that it may meet."""
        return plugin_contracts.sample_arguments(self.kind, self.name)

    def documents(self) -> list[Document]:
        """Return scenarios in which it is used."""
        return inputs.exam_cases(self.kind, self.name)

    def scenarios(self) -> Iterator[tuple[int, Scenario]]:
        """Number these scenarios."""
        return enumerate(map(Scenario.from_dict, self.documents()))


def examine(plugin: str, kind: str = "") -> Exam:
    """Let a plug-in sit the exam.

    It takes some seconds, and half a minute where nothing is compiled yet.

    Parameters
    ----------
    plugin : str
        ``FILE.py:NAME``, whose file is run; or with ``kind`` the name of one that is known.
    kind : str, optional
        rules, strategies, mediators or acceptance: the kind of a plug-in that is known, of this
        package or named before. Left out, it is read off the function's arguments.

    Returns
    -------
    Exam
        The checks made and why one failed; ``passed`` says whether none did.

    Raises
    ------
    InputError
        Where the plug-in cannot even be loaded.

    Notes
    -----
    The checks are, in order: ``contract`` (arguments, first line, range of the answers), ``means``
    (what a policy changes), ``fairness`` (the two claimants exchanged), ``determinism`` (asked
    again), ``compilation`` (compiled and plain numbers), ``finiteness``, ``engines`` and
    ``mirror`` (whole runs).
    """
    name = plugin
    if not kind:
        registry.use([plugin])
        name = plugin.rpartition(":")[2]
        kind = next(p.kind for p in registry.from_outside() if p.spec == plugin)
    why = plugging.why_not_compiled(kind, name)
    notes = (f"runs on the Mesa engine only: it cannot be compiled ({why})",) if why else ()
    made: list[str] = []
    found: list[str] = []
    for title, check in CHECKS.items():
        made.append(title)
        try:
            found = [*check(_Candidate(kind, name, compiled=not why))]
        except InputError as error:  # the plug-in's own, as finding reports it
            found = [str(error)]
        if found:  # the other checks may trust what this one found wanting
            break
    failures = tuple(f"{title}: {failure}" for failure in found[:SHOWN])
    return Exam(plugin, kind, tuple(made), failures, notes)


# The function alone


def contract(it: _Candidate) -> Failures:
    """It takes what its kind takes, says what it does, and keeps to the range of its answers."""
    function = it.function
    code = getattr(function, "__wrapped__", function).__code__
    takes = WEIGHS if it.weighs else SIGNATURES[it.kind]
    if code.co_varnames[: code.co_argcount] != takes:
        yield f"must take ({', '.join(takes)})"
    if not registry.first_line(it.kind, it.name):
        yield "the file's first line must say what it does: narrate list prints it"
    yield from plugin_contracts.find_breaks(it.kind, it.name)
    if it.kind == "rules" and getattr(registry.module(it.kind, it.name), "CONSTANT", False):
        for arguments in it.questions():
            if function(*arguments) != 1.0:
                yield f"is CONSTANT, yet {write_call(it.name, arguments)} is not 1"


def means(it: _Candidate) -> Failures:
    """What a policy changes stays in its range, and what is off stays off."""
    if it.kind == "mediators":
        yield from plugin_contracts.find_changed_means(it.name)


def fairness(it: _Candidate) -> Failures:
    """The two claimants exchanged, it answers alike: exactly."""
    function, today = it.function, it.policy_part("today")
    for (view,) in it.questions() if it.kind == "mediators" else ():
        turned = _exchange_fields(view, "first_accepts", "second_accepts")
        if function(view) != function(turned):
            yield f"answers {view} otherwise with the two claimants exchanged"
    for view in plugin_contracts.morning_views() if today else ():
        if today(view) != today(_exchange_fields(view, "first_sympathy", "second_sympathy")):
            yield f"today({view}) is not the same with the two claimants exchanged"
    places = it.kind == "strategies" and not it.weighs  # of weights no view says who asks
    for view in plugin_contracts.team_views() if places else ():
        one, other = plugin_contracts.empty_places(), plugin_contracts.empty_places()
        function(view, one)
        function(view._replace(me=1 - view.me, owner=1 - view.owner), other)
        if (one != other).any():
            yield f"sends the teams of {view} elsewhere with the two claimants exchanged"


def determinism(it: _Candidate) -> Failures:
    """Asked again, in another order, it answers the same bits: it keeps nothing."""
    function, questions = it.function, it.questions()
    forth = [_answer(function, arguments) for arguments in questions]
    back = [_answer(function, arguments) for arguments in reversed(it.questions())]
    for arguments, one, other in zip(questions, forth, reversed(back), strict=True):
        if one != other:
            yield f"{write_call(it.name, arguments)} is {one}, and asked again {other}"


def compilation(it: _Candidate) -> Failures:
    """Compiled, it gives the same numbers."""
    if not it.compiled or (it.kind == "strategies" and not it.weighs):
        return
    fast = registry.compile_plugin(it.kind, it.name, COMPILED[it.kind])
    pairs = [(it.name, it.function, fast, it.questions())]
    if today := it.policy_part("today"):
        fast = registry.compile_plugin(it.kind, it.name, plugging.TODAY, "today")
        pairs.append(
            ("today", today, fast, [(view,) for view in plugin_contracts.morning_views()])
        )
    for called, plain, fast, questions in pairs:
        for arguments in questions:
            given = [np.array(a) if type(a) is tuple else a for a in arguments]  # a rule's options
            if it.weighs:
                one, other = _weights(plain, *arguments), _weights(fast, *arguments)
            else:
                one, other = np.array(plain(*arguments)), np.array(fast(*given))
            if not np.allclose(one, other, rtol=CLOSE, atol=CLOSE):
                yield f"{write_call(called, arguments)} is {one}, compiled {other}"


# Whole runs


def finiteness(it: _Candidate) -> Failures:
    """Every run stays finite, and is the same when it is run again."""
    for number, scenario in it.scenarios():
        record = _run(scenario)
        if not finite_days(record).all():
            yield f"case {number} left the finite numbers"
        if not comparing.same_bits(record, _run(scenario)):
            yield f"case {number} is another when it is run again"


def engines(it: _Candidate) -> Failures:
    """Both engines give the same states on every day, to 1e-12, and the same offers."""
    for number, scenario in it.scenarios() if it.compiled else ():
        found = comparing.differences(_run(scenario), _run(scenario, compiled=True))
        if found:
            yield f"case {number}, agents and compiled: {found[0]}"


def mirror(it: _Candidate) -> Failures:
    """The claimants' places in the file exchanged, nothing but the places changes: exactly."""
    for number, document in enumerate(it.documents()):
        pair = [Scenario.from_dict(case) for case in (document, exchange_claimants(document))]
        for compiled in (False, True) if it.compiled else (False,):
            runs = [_run(scenario, compiled) for scenario in pair]
            if found := comparing.find_unmirrored(*runs):
                yield f"case {number}, claimants exchanged: {', '.join(found)} not mirrored"


CHECKS: dict[str, Callable[[_Candidate], Failures]] = {
    check.__name__: check
    for check in (contract, means, fairness, determinism, compilation, finiteness, engines, mirror)
}


# What the checks share


def _run(scenario: Scenario, compiled: bool = False) -> Record:
    """Return the record of the exam's one run of a scenario, by either engine."""
    if compiled:
        runs = comparing.run_compiled(scenario, SEED, [REPLICATE])
        return comparing.record_of_run(runs.record, 0)
    return comparing.run_agents(scenario, SEED, REPLICATE)


def _exchange_fields(view: Any, one: str, other: str) -> Any:
    """Return the view with the values of two fields exchanged."""
    return view._replace(**{one: getattr(view, other), other: getattr(view, one)})


def _weights(function: Callable[..., Any], view: SenderView, weights: Floats) -> Floats:
    """Return the weights that a strategy gives; compiled it takes no array that is read-only."""
    given = SenderView(view.day, *(array.copy() for array in view[1:]))
    filled = weights.copy()
    function(given, filled)
    return filled


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Return the function's answer, or for a strategy the places it fills in."""
    answer = function(*arguments)
    return answer if answer is not None else tuple(np.asarray(arguments[-1]).tolist())
