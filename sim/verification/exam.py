"""The exam of a plug-in: it keeps its contract, and both engines make the same of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from sim.engines.ensemble import plugging
from sim.errors import InputError
from sim.parameters import DEFAULTS, OFF, Switches, coefficients
from sim.plugins import registry
from sim.plugins.outside import SIGNATURES
from sim.scenario.scenario import Scenario
from sim.verification import inputs
from sim.verification.comparing import (
    differences,
    find_unmirrored,
    record_of_run,
    run_agents,
    run_compiled,
    same_bits,
)
from sim.verification.statements.documents import Document, exchange_claimants
from sim.world.arrays import Record, finite_days

SEED, REPLICATE = 11, 3
SHOWN = 3  # failures of one check: the others are like them
CLOSE = 1e-12  # of compiled and plain values: their exp and log may differ in the last place
Failures = Iterator[str]


class Exam(NamedTuple):
    """How a plug-in did.

    ``checks`` are those made, the last of them failed where there are ``failures``, which say why;
    ``notes`` say what is allowed but costs something.
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


def examine(plugin: str, kind: str = "") -> Exam:
    """Let a plug-in sit the exam; some seconds, and half a minute where nothing is compiled yet.

    Parameters
    ----------
    plugin
        ``FILE.py:NAME``, whose file is run; or with ``kind`` the name of one that is known.
    kind
        rules, strategies, mediators or acceptance.

    Raises
    ------
    InputError
        Where the plug-in cannot even be loaded.
    """
    name = plugin
    if not kind:
        registry.use([plugin])
        name = plugin.rpartition(":")[2]
        kind = next(p.kind for p in registry.from_outside() if p.spec == plugin)
    why = plugging.why_not_compiled(kind, name)
    notes = [f"runs on the Mesa engine only: it cannot be compiled ({why})"] if why else []
    made: list[str] = []
    for title, check in CHECKS.items():
        made.append(title)
        try:
            found = [*check(kind, name, not why)]
        except InputError as error:  # the plug-in's own, as finding reports it
            found = [str(error)]
        if found:  # the other checks may trust what this one found wanting
            failures = tuple(f"{title}: {failure}" for failure in found[:SHOWN])
            return Exam(plugin, kind, tuple(made), failures, tuple(notes))
    return Exam(plugin, kind, tuple(made), (), tuple(notes))


# The function alone


def contract(kind: str, name: str, compiled: bool) -> Failures:
    """It takes what its kind takes, says what it does, and keeps to the range of its answers."""
    function = registry.load(kind, name)
    code = getattr(function, "__wrapped__", function).__code__
    if code.co_varnames[: code.co_argcount] != SIGNATURES[kind]:
        yield f"must take ({', '.join(SIGNATURES[kind])})"
    if not registry.first_line(kind, name):
        yield "the file's first line must say what it does: narrate list prints it"
    within = _WITHIN[kind]
    for arguments in inputs.sample_arguments(kind, name):
        answer = function(*arguments)
        if not within(answer, *arguments):
            yield f"{_call(name, arguments)} must not be {_describe_answer(answer, arguments)}"
    module = registry.module(kind, name)
    if kind == "rules" and getattr(module, "CONSTANT", False):
        for arguments in inputs.sample_arguments(kind, name):
            if function(*arguments) != 1.0:
                yield f"is CONSTANT, yet {_call(name, arguments)} is not 1"


def means(kind: str, name: str, compiled: bool) -> Failures:
    """What a policy changes stays in its range, and what is off stays off."""
    today, adjusted = (_part(kind, name, part) for part in ("today", "adjusted"))
    for view in inputs.morning_views() if today else ():
        calming, branching = today(view)
        if not (0.0 <= calming <= 1.0 and 0.0 <= branching < 1.0):
            yield f"today({view}) must give mu in 0 to 1 and n in 0 to below 1"
        if (view.calming == 0.0 and calming != 0.0) or (
            view.branching_ratio == 0.0 and branching != 0.0
        ):
            yield f"today({view}) must leave at 0 what is off"
    if adjusted:
        whole = coefficients(DEFAULTS, Switches())
        if not all(map(math.isfinite, adjusted(whole))):
            yield "adjusted must give finite coefficients"
        for field in (*(f for off in OFF.values() for f in off), "calming", "goodwill"):
            if getattr(adjusted(whole._replace(**{field: 0.0})), field) != 0.0:
                yield f"adjusted must leave {field} at 0 where it is off"


def fairness(kind: str, name: str, compiled: bool) -> Failures:
    """The two claimants exchanged, it answers alike: exactly."""
    function, today = registry.load(kind, name), _part(kind, name, "today")
    if kind == "mediators":
        for (view,) in inputs.sample_arguments(kind, name):
            turned = view._replace(
                first_accepts=view.second_accepts, second_accepts=view.first_accepts
            )
            if function(view) != function(turned):
                yield f"answers {view} otherwise with the two claimants exchanged"
    for view in inputs.morning_views() if today else ():
        turned = view._replace(
            first_sympathy=view.second_sympathy, second_sympathy=view.first_sympathy
        )
        if today(view) != today(turned):
            yield f"today({view}) is not the same with the two claimants exchanged"
    for view in inputs.team_views() if kind == "strategies" else ():
        one, other = inputs.empty_places(), inputs.empty_places()
        function(view, one)
        function(view._replace(me=1 - view.me, owner=1 - view.owner), other)
        if (one != other).any():
            yield f"sends the teams of {view} elsewhere with the two claimants exchanged"


def determinism(kind: str, name: str, compiled: bool) -> Failures:
    """Asked again, in another order, it answers the same bits: it keeps nothing."""
    function = registry.load(kind, name)
    asked, again = inputs.sample_arguments(kind, name), inputs.sample_arguments(kind, name)
    forth = [_answer(function, arguments) for arguments in asked]
    back = [_answer(function, arguments) for arguments in reversed(again)]
    for arguments, one, other in zip(asked, forth, reversed(back), strict=True):
        if one != other:
            yield f"{_call(name, arguments)} is {one}, and asked again {other}"


def compilation(kind: str, name: str, compiled: bool) -> Failures:
    """Compiled, it gives the same numbers."""
    if not compiled or kind == "strategies":
        return
    signature = {"rules": plugging.RULE, "mediators": plugging.POLICY,
                 "acceptance": plugging.ANSWER}[kind]  # fmt: skip
    pairs = [(name, registry.load(kind, name), registry.compile_plugin(kind, name, signature),
              inputs.sample_arguments(kind, name))]  # fmt: skip
    if today := _part(kind, name, "today"):
        fast = registry.compile_plugin(kind, name, plugging.TODAY, "today")
        pairs.append(("today", today, fast, [(view,) for view in inputs.morning_views()]))
    for called, plain, fast, asked in pairs:
        for arguments in asked:
            given = (*arguments[:3], np.array(arguments[3])) if kind == "rules" else arguments
            one, other = np.array(plain(*arguments)), np.array(fast(*given))
            if not np.allclose(one, other, rtol=CLOSE, atol=CLOSE):
                yield f"{_call(called, arguments)} is {one}, compiled {other}"


# Whole runs


def finiteness(kind: str, name: str, compiled: bool) -> Failures:
    """Every run stays finite, and is the same when it is run again."""
    for number, scenario in enumerate(_scenarios(inputs.exam_cases(kind, name))):
        record = run_agents(scenario, SEED, REPLICATE)
        if not finite_days(record).all():
            yield f"case {number} left the finite numbers"
        if not same_bits(record, run_agents(scenario, SEED, REPLICATE)):
            yield f"case {number} is another when it is run again"


def engines(kind: str, name: str, compiled: bool) -> Failures:
    """Both engines give the same states on every day, to 1e-12, and the same offers."""
    for number, scenario in enumerate(_scenarios(inputs.exam_cases(kind, name))):
        if compiled and (
            found := differences(
                run_agents(scenario, SEED, REPLICATE), _run_compiled_once(scenario)
            )
        ):
            yield f"case {number}, agents and compiled: {found[0]}"


def mirror(kind: str, name: str, compiled: bool) -> Failures:
    """The claimants' places in the file exchanged, nothing but the places changes: exactly."""
    documents = inputs.exam_cases(kind, name)
    pairs = zip(
        _scenarios(documents),
        _scenarios([exchange_claimants(case) for case in documents]),
        strict=True,
    )
    for number, (one, other) in enumerate(pairs):
        runs = [run_agents(case, SEED, REPLICATE) for case in (one, other)]
        runs += [_run_compiled_once(case) for case in (one, other) if compiled]
        for turned in (runs[:2], runs[2:]):
            if turned and (found := find_unmirrored(*turned)):
                yield f"case {number}, claimants exchanged: {', '.join(found)} not mirrored"


CHECKS: dict[str, Callable[[str, str, bool], Failures]] = {
    check.__name__: check
    for check in (contract, means, fairness, determinism, compilation, finiteness, engines, mirror)
}


# What the checks share


def _scenarios(documents: list[Document]) -> list[Scenario]:
    return [Scenario.from_dict(document) for document in documents]


def _run_compiled_once(scenario: Scenario) -> Record:
    return record_of_run(run_compiled(scenario, SEED, [REPLICATE]).record, 0)


def _part(kind: str, name: str, part: str) -> Any:
    return registry.part(kind, name, part) if kind == "mediators" else None


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """What it returns, or for a strategy the places it fills in."""
    answer = function(*arguments)
    return answer if answer is not None else tuple(np.asarray(arguments[-1]).tolist())


def _number(answer: Any) -> bool:
    return isinstance(answer, (int, float)) and math.isfinite(answer)


def _fills_own_places(answer: Any, view: Any, places: Any) -> bool:
    own = view.owner == view.me
    filled = (places >= -1) & (places < view.audiences)
    return answer is None and bool(np.where(own, filled, places == inputs.UNTOUCHED).all())


_WITHIN: dict[str, Callable[..., bool]] = {
    "rules": lambda answer, *_: _number(answer),
    "mediators": lambda answer, *_: _number(answer),
    "acceptance": lambda answer, *_: _number(answer) and 0.0 <= answer <= 1.0,
    "strategies": _fills_own_places,
}


def _call(name: str, arguments: tuple[Any, ...]) -> str:
    return f"{name}({', '.join(str(a) for a in arguments if not isinstance(a, np.ndarray))})"


def _describe_answer(answer: Any, arguments: tuple[Any, ...]) -> str:
    return repr(answer) if answer is not None else repr(arguments[-1])
