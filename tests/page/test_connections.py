"""Limits on connections and queues, without a network: a loop, a transport that remembers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from sim.page import connections, server
from sim.page.answers import Answers
from sim.page.catalogue import Catalogue
from sim.page.connections import BoundedConnection, Waiting
from sim.page.dispatch import EFFORT, LONG, QUICK, TOLD, Dispatcher
from sim.page.protocol import Answer, Ask, Debrief
from tests.page.conftest import ask_of


class Transport(asyncio.Transport):
    """What a connection does to its transport; ``away`` is the address of who opened it."""

    def __init__(self, away: str) -> None:
        super().__init__({"peername": (away, 4000), "sockname": ("127.0.0.1", 1)})
        self.written, self.ended = b"", False

    def write(self, data: Any) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.ended

    def abort(self) -> None:
        self.ended = True

    close = abort

    def pause_reading(self) -> None:
        pass

    resume_reading = pause_reading


async def app(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"."})


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    found = asyncio.new_event_loop()
    yield found
    found.close()


def opened(loop: Any, waiting: Waiting, away: str) -> tuple[BoundedConnection, Transport]:
    config = Config(app, log_config=None, lifespan="off")
    config.load()
    made, transport = partial(BoundedConnection, waiting=waiting), Transport(away)
    connection = made(config, ServerState(), {}, _loop=loop)
    connection.connection_made(transport)
    return connection, transport


def test_oldest_waiting_connection_of_an_address_makes_room(
    loop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_OF_ADDRESS", 3)
    monkeypatch.setattr(connections, "MOST_WAITING", 6)
    waiting = Waiting()
    other = opened(loop, waiting, "127.0.0.2")[1]
    many = [opened(loop, waiting, "127.0.0.1")[1] for _ in range(5)]
    assert [one.ended for one in many] == [True, True, False, False, False]
    assert not other.ended
    # many addresses together: the oldest of all goes
    more = [opened(loop, waiting, f"127.0.0.{number}")[1] for number in range(3, 6)]
    assert other.ended
    assert not any(one.ended for one in more)


def test_request_must_arrive_and_be_answered_in_time(
    loop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it is dripped in: what comes does not give it more time."""
    later: list[Any] = []
    monkeypatch.setattr(loop, "call_later", lambda seconds, call: later.append(handle := SimpleNamespace(
        seconds=seconds, call=call, live=True, cancel=lambda: setattr(handle, "live", False))) or handle)  # fmt: skip
    connection, transport = opened(loop, Waiting(), "127.0.0.1")
    for byte in b"GET / HTTP/1.1\r\nHost:":
        connection.data_received(bytes([byte]))
    (limit,) = [one for one in later if one.live]
    assert limit.seconds == connections.MOST_SECONDS
    connection.data_received(b" a\r\n\r\n")
    loop.run_until_complete(asyncio.gather(*connection.tasks))
    assert transport.written.startswith(b"HTTP/1.1 200")
    # answered: uvicorn's own limit for an idle connection, and ours anew
    assert not limit.live
    assert {one.seconds for one in later if one.live} == {5, connections.MOST_SECONDS}
    # one byte takes uvicorn's limit away for good, and leaves ours
    connection.data_received(b"G")
    (limit,) = [one for one in later if one.live]
    limit.call()
    assert transport.ended


def test_quick_asks_do_not_queue_behind_long_ones(
    known: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two debriefs and a run told in full are under way and wait for ever: a lever is answered."""
    answers = Answers(known)
    dispatcher = Dispatcher(answers)
    windows = server.Windows(dispatcher)
    begun: list[Ask] = []

    async def drive() -> None:
        gate = threading.Event()

        def answer(ask: Ask) -> Answer:
            begun.append(ask)
            if EFFORT[type(ask)] != QUICK:
                gate.wait(60)
            return Answer({"kind": "x"}, {})

        monkeypatch.setattr(answers, "answer", answer)

        async def one(ask: Ask) -> None:
            monkeypatch.setattr(server, "parse_ask", lambda content, limits: ask)
            await windows.answer_text('{"n": 1}')

        one_lesson, another, *_ = known.lessons
        slow = [Debrief(one_lesson), Debrief(another), ask_of(known, "story")]
        waiting = [asyncio.ensure_future(one(ask)) for ask in slow]
        await asyncio.sleep(0)
        await asyncio.wait_for(one(ask_of(known)), 60)
        assert not any(task.done() for task in waiting)
        gate.set()
        await asyncio.gather(*waiting)

    asyncio.run(drive())
    assert len(begun) == 4
    assert {EFFORT[kind] for kind in EFFORT} == {QUICK, TOLD, LONG}
    for queue in dispatcher.queues.values():
        queue.shutdown()


@pytest.mark.parametrize("kind", ["timelines", "story", "knockout"])
def test_kept_answer_holds_what_it_sends_and_no_more(
    kind: str, answers: Dispatcher, known: Catalogue
) -> None:
    """A view would keep the 200 runs that it was cut out of."""
    found = answers.answer(ask_of(known, kind))
    assert all(values.base is None for values in found.arrays.values())
    assert all(values.dtype == np.float64 for values in found.arrays.values())
