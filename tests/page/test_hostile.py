"""What is sent straight to the socket, past the page: refused, and the page goes on."""

from __future__ import annotations

import base64
import json
import socket
import struct
import time
from contextlib import ExitStack, suppress
from typing import Any

import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from sim.lessons.entities import RUNS
from sim.page.fields import LARGEST_NUMBER
from sim.page.server import LARGEST_MESSAGE, MOST_WINDOWS
from tests.page.conftest import Served, as_text, asked
from tests.page.test_serving import got, window

TEXT, BINARY, CONTINUED = 1, 2, 0
WHY = {"kind": "why", "arm": 0, "audience": "Port", "toward": "", "first": 0, "last": 9}


def answers(served: Served) -> None:
    """A new window is answered, so the page goes on."""
    with window(served) as link:
        link.send(as_text(asked()))
        assert isinstance(link.recv(timeout=60), bytes)


def shaken(served: Served, *lines: str) -> tuple[socket.socket, str]:
    """A bare socket after a handshake of these header lines, and the status it got."""
    bare = socket.create_connection(("127.0.0.1", served.port), timeout=60)
    key = base64.b64encode(bytes(16)).decode()
    given = ["GET /ask HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
             f"Sec-WebSocket-Key: {key}", *lines]  # fmt: skip
    bare.sendall("\r\n".join([*given, "", ""]).encode())
    head = b""
    while b"\r\n\r\n" not in head:
        head += bare.recv(1)
    return bare, head.split()[1].decode()


def own(served: Served) -> list[str]:
    return [f"Host: 127.0.0.1:{served.port}", f"Origin: {served.origin}"]


def frame(
    kind: int, body: bytes, *, last: bool = True, reserved: int = 0, size: int | None = None
) -> bytes:
    """One frame of a client (RFC 6455, 5.2), masked with zeros; ``size`` is what it says it has."""
    said = len(body) if size is None else size
    length = bytes([said | 128]) if said < 126 else bytes([127 | 128]) + struct.pack(">Q", said)
    return bytes([last << 7 | reserved << 4 | kind]) + length + bytes(4) + body


def closing(bare: socket.socket) -> int:
    """Read to the end; the code that the server closed with."""
    found = b""
    while more := bare.recv(65_536):
        found += more
    assert found[0] == 0x88  # nothing but a frame that closes
    return int.from_bytes(found[2:4], "big")


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["Origin: {origin}"], "400"),  # no Host
        (["Host: elsewhere.example", "Origin: {origin}"], "400"),
        (["Host: 127.0.0.1:{port}", "Host: elsewhere.example", "Origin: {origin}"], "400"),
        (["Host: 127.0.0.1:{port}"], "403"),  # no Origin
        (["Host: 127.0.0.1:{port}", "Origin: null"], "403"),
        (["Host: 127.0.0.1:{port}", "Origin: "], "403"),
        (["Host: 127.0.0.1:{port}", "Origin: http://elsewhere.example"], "403"),
        (
            ["Host: 127.0.0.1:{port}", "Origin: {origin}", "Origin: http://elsewhere.example"],
            "400",
        ),
        (["Host: 127.0.0.1:{port}", "Origin: {origin}.elsewhere.example"], "403"),
        (["Host: 127.0.0.1:{port}", "Origin: {origin}"], "101"),
    ],
)
def test_socket_opens_for_its_own_page_alone(
    served: Served, lines: list[str], status: str
) -> None:
    filled = [line.format(port=served.port, origin=served.origin) for line in lines]
    bare, found = shaken(served, *filled)
    bare.close()
    assert found == status


def test_bad_asks_are_refused_and_the_window_goes_on(served: Served) -> None:
    good = as_text(asked())
    bad: list[Any] = [
        b"\x00\xff", good.encode(), "", "{", "[]", "null", '"text"', "1" * 401, "[" * 33, '{"n":' * 33,
        good.replace('"seed": 7', '"seed": NaN'), good.replace('"seed": 7', '"seed": -Infinity'),
        good.replace('"seed": 7', '"seed": 1e999'), good + good, "\ud7ff\0" + good, " " * 16_385,
    ]  # fmt: skip
    bad += [
        as_text(asked(**changes))
        for changes in (
            {"kind": "shutdown"},
            {"kind": None},
            {"kind": ["timelines"]},
            {"n": -1},
            {"n": 2**64},
            {"n": 1.5},
            {"n": None},
            {"seed": -1},
            {"seed": LARGEST_NUMBER + 1},
            {"replicate": RUNS},
            {"replicate": -1},
            {"parameters": {"parity": 1.0000001}},
            {"parameters": {"parity": -1e308}},
            {"parameters": {"steps": 10**9}},
            {"parameters": {"__class__": 1}},
            {"switches": {"noise": 1}},
            {"scenario": "../../etc/passwd"},
            {"scenario": "__proto__"},
            {"arms": ["offer"] * 3},
            {"runs": 10**9},
            {"steps": 10**9},
            {"kind": "story", "arm": 2},
            {"kind": "story"},
            WHY | {"first": 24},
            WHY | {"last": -1},
            WHY | {"first": 5, "last": 4},
            WHY | {"audience": ["Port"]},
            WHY | {"toward": "Port"},
            WHY | {"arm": True},
            {"kind": "knockout", "arm": 0, "without": "event:" + "x" * 300},
            {"kind": "knockout", "arm": 0, "without": "message:" + "9" * 190},
            {"kind": "knockout", "arm": 0, "without": ["event:raid"]},
            {"kind": "lesson", "lesson": "../own"},
        )
    ]
    with window(served) as link:
        for message in bad:
            link.send(message)
            said = json.loads(link.recv(timeout=60))
            assert said["error"], message
            assert "defect" not in said["error"], message
            assert "/" not in said["error"].replace("../../etc/passwd", ""), message
        for ask in (good, as_text(asked(**WHY))):
            link.send(ask)
            assert isinstance(link.recv(timeout=60), bytes)


def test_broken_frames_close_their_window_alone(served: Served) -> None:
    for sent, code in (
        (frame(TEXT, b"\xff\xfe"), 1007),
        (frame(TEXT, b"x", reserved=4), 1002),  # as if compressed, which was not agreed
        (frame(3, b"x"), 1002),
        (frame(CONTINUED, b"x"), 1002),
        (frame(TEXT, b"", size=LARGEST_MESSAGE + 1), 1009),
        (frame(BINARY, b"x", last=False) + frame(CONTINUED, b"", size=LARGEST_MESSAGE), 1009),
    ):
        bare, status = shaken(served, *own(served), "Sec-WebSocket-Extensions: permessage-deflate")
        assert status == "101"
        with bare:
            bare.sendall(sent)
            assert closing(bare) == code
    answers(served)


def test_message_past_the_limit_is_refused_and_the_page_goes_on(served: Served) -> None:
    with window(served) as quiet:
        with window(served) as link:
            with suppress(ConnectionClosed):  # may be closed before all is sent
                link.send("x" * (LARGEST_MESSAGE + 1))
            with pytest.raises(ConnectionClosed):
                link.recv(timeout=60)
            assert link.close_code in (1006, 1009)  # closed as too big, or cut off in the middle
        quiet.send(as_text(asked()))
        assert isinstance(quiet.recv(timeout=60), bytes)


def test_200_open_connections_are_bounded_and_all_closed_again(served: Served) -> None:
    process = psutil.Process(served.process.pid)

    def connected() -> bool:
        return any(one.status != psutil.CONN_LISTEN for one in process.net_connections("tcp"))

    def opened_among(wanted: int) -> int:
        with ExitStack() as stack:
            opened = []
            for _ in range(wanted):
                try:
                    link = stack.enter_context(window(served, close_timeout=1))
                    link.send(as_text(asked()))  # one that never asks would make room
                    assert isinstance(link.recv(timeout=60), bytes)
                    opened.append(link)
                except InvalidStatus as refused:
                    assert refused.response.status_code == 503
            assert got(served)[0] == 200
            for link in opened[:1] + opened[-1:]:
                link.send(as_text(asked()))
                assert isinstance(link.recv(timeout=60), bytes)
            return len(opened)

    while connected():  # those of the tests before may still be closing
        time.sleep(0.01)
    assert opened_among(200) == MOST_WINDOWS
    while connected():  # so may the last ones
        time.sleep(0.01)
    answers(served)  # whatever the server had still to do for them it has done
    while connected():
        time.sleep(0.01)
    assert opened_among(MOST_WINDOWS) == MOST_WINDOWS


@pytest.mark.parametrize("sent", [b"", b"GET / HTT"], ids=["silent", "half"])
def test_600_half_open_connections_do_not_stop_the_page(served: Served, sent: bytes) -> None:
    """Nor a window that was open before; it would take 503 for all without a bound."""
    with ExitStack() as stack:
        link = stack.enter_context(window(served))
        link.send(as_text(asked()))
        assert isinstance(link.recv(timeout=60), bytes)
        opened = []
        for _ in range(600):
            bare = stack.enter_context(socket.create_connection(("127.0.0.1", served.port)))
            with suppress(OSError):  # it may be closed already
                bare.sendall(sent)
            opened.append(bare)
        answers(served)
        assert got(served)[0] == 200
        link.send(as_text(asked()))
        assert isinstance(link.recv(timeout=60), bytes)
        opened[0].settimeout(60)
        with suppress(ConnectionResetError):
            assert opened[0].recv(1) == b""  # the oldest made room


def test_windows_that_never_ask_make_room(served: Served) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(window(served))
        first.send(as_text(asked()))
        assert isinstance(first.recv(timeout=60), bytes)
        silent = [
            stack.enter_context(window(served, close_timeout=1)) for _ in range(MOST_WINDOWS)
        ]
        with pytest.raises(ConnectionClosed):
            silent[0].recv(timeout=60)
        assert silent[0].close_code == 1013
        first.send(as_text(asked()))
        assert isinstance(first.recv(timeout=60), bytes)


def test_window_that_never_reads_is_not_computed_for(served: Served) -> None:
    """Once its pipe is full no more of its asks are read, so nothing piles up."""
    process = psutil.Process(served.process.pid)
    bare, _ = shaken(served, *own(served))
    with bare:
        before = process.memory_info().rss
        ask = frame(TEXT, as_text(asked()).encode())
        bare.settimeout(1)
        with pytest.raises(TimeoutError):
            bare.sendall(ask * 200_000)
        answers(served)
        assert process.memory_info().rss - before < 50_000_000
    answers(served)
