"""Where asks are answered and what is kept: a process apart gives the same bytes, and may die."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from sim.errors import InputError, MachineError
from sim.page import dispatch, protocol
from sim.page.answers import Answers
from sim.page.catalogue import Catalogue
from sim.page.dispatch import EFFORT, KEPT, LONG, QUICK, TOLD, Apart, Dispatcher
from sim.page.protocol import Answer, Ask, Story
from sim.running.processes import end_processes
from tests.page.conftest import ask_of


@pytest.fixture(scope="module")
def apart(known: Catalogue) -> Iterator[Apart]:
    """A process that answers asks of the small case."""
    found = Apart(known, 5)
    yield found
    end_processes(found.begin())


@pytest.fixture
def dispatcher(known: Catalogue) -> Iterator[Dispatcher]:
    """Answers nothing but the kind and the number of the ask in order."""
    asked: list[Ask] = []

    class Counted(Answers):
        def answer(self, ask: Ask) -> Answer:
            asked.append(ask)
            return Answer({"kind": type(ask).__name__, "order": len(asked)}, {})

    found = Dispatcher(Counted(known))
    yield found
    for queue in found.queues.values():
        queue.shutdown()


@pytest.mark.parametrize("kind", ["story", "why", "knockout", "files"])
def test_process_apart_gives_the_same_bytes(
    apart: Apart, answers: Dispatcher, known: Catalogue, kind: str
) -> None:
    ask = ask_of(known, kind)
    assert apart.answer(ask).to_bytes(1) == answers.answer(ask).to_bytes(1)


def test_refusal_of_a_process_apart_is_that_of_the_model(apart: Apart, known: Catalogue) -> None:
    with pytest.raises(InputError, match="event:none"):
        apart.answer(ask_of(known, "knockout", without="event:none"))


def test_process_that_died_begins_anew(apart: Apart, known: Catalogue) -> None:
    ask = ask_of(known, "story")
    before = apart.answer(ask).to_bytes(1)
    (process,) = apart.begin()._processes
    os.kill(process, signal.SIGKILL)
    assert apart.answer(ask).to_bytes(1) == before
    assert process not in apart.begin()._processes


def test_process_that_dies_of_an_ask_is_said_to(
    apart: Apart, known: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "_answer", os._exit)
    with pytest.raises(MachineError, match="has died twice"):
        apart.answer(3)  # type: ignore[arg-type]
    monkeypatch.undo()
    assert apart.answer(ask_of(known, "story")).header["kind"] == "story"


def test_every_kind_of_ask_has_an_effort() -> None:
    assert set(EFFORT) == set(protocol.KINDS.values())
    assert set(EFFORT.values()) == {QUICK, TOLD, LONG}


def test_kept_answer_is_quick_whatever_it_took(dispatcher: Dispatcher, known: Catalogue) -> None:
    ask = ask_of(known, "story")
    assert dispatcher.effort(ask) == TOLD
    before = dispatcher.answer(ask)
    assert dispatcher.effort(ask) == QUICK
    assert dispatcher.answer(ask) is before


def test_latest_answers_of_a_kind_are_kept(dispatcher: Dispatcher, known: Catalogue) -> None:
    def tell(seed: int) -> Any:
        return dispatcher.answer(ask_of(known, "story", seed=seed)).header["order"]

    orders = [tell(seed) for seed in range(KEPT[Story] + 1)]
    assert orders == list(range(1, KEPT[Story] + 2))
    assert tell(KEPT[Story]) == KEPT[Story] + 1  # kept
    assert tell(0) == KEPT[Story] + 2  # the oldest made room
    assert len(dispatcher.kept[Story]) == KEPT[Story]
