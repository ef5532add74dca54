"""The server answers this machine's own page and nobody else, and goes on whatever comes."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import sys
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from sim.cli import serve
from sim.cli.main import main
from sim.page import server
from sim.page.catalogue import Catalogue
from sim.page.guard import POLICY
from sim.page.protocol import parse_ask
from sim.page.timelines import TimelineAnswers
from tests.page.conftest import SMALL, Served, as_text, asked


def got(
    served: Served, path: str = "/", method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """The response to a request with exactly these headers, and a Host that is right unless given."""
    link = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    link.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in ({"Host": f"127.0.0.1:{served.port}"} | headers).items():
        if value:
            link.putheader(name, value)
    link.endheaders()
    found = link.getresponse()
    body = found.read()
    link.close()
    return found.status, {name.lower(): value for name, value in found.getheaders()}, body


def window(served: Served, **options: object) -> ClientConnection:
    return connect(served.socket, **{"origin": served.origin, "open_timeout": 30, **options})  # type: ignore[arg-type]


def test_first_line_is_an_address_that_answers(served: Served) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", served.address)
    status, headers, body = got(served)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"A model, not a forecast" in body


def test_every_file_of_the_page_is_served_and_names_no_other_host(served: Served) -> None:
    for path in server.STATIC.iterdir():
        status, _, body = got(served, f"/{path.name}")
        assert (status, body) == (200, path.read_bytes())
        text = path.read_text("utf-8")
        assert set(re.findall(r"https?://[^'\"`<>\s]+", text)) <= {"http://www.w3.org/2000/svg"}
        for name in re.findall(r"(?:from|src=|href=) ?[\"'](?:\./)?([\w.]+)[\"']", text):
            assert (server.STATIC / name).exists(), name


def test_every_response_has_the_headers(served: Served) -> None:
    for path, host in (("/", ""), ("/about.json", ""), ("/nothing", ""), ("/", "elsewhere")):
        _, headers, _ = got(served, path, Host=host or f"localhost:{served.port}")
        assert headers["content-security-policy"] == POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "elsewhere.example", "127.0.0.1:1", "localhost", "[::1]"]
)
def test_foreign_host_gets_400(served: Served, host: str) -> None:
    assert got(served, Host=host)[0] == 400


def test_missing_host_gets_400(served: Served) -> None:
    assert got(served, Host="")[0] == 400


@pytest.mark.parametrize(
    "origin", ["null", "http://elsewhere.example", "https://127.0.0.1", "http://127.0.0.1"]
)
def test_foreign_origin_gets_403(served: Served, origin: str) -> None:
    assert got(served, "/about.json", Origin=origin)[0] == 403
    with pytest.raises(InvalidStatus) as refused:
        window(served, origin=origin)
    assert refused.value.response.status_code == 403


def test_socket_without_an_origin_gets_403(served: Served) -> None:
    with pytest.raises(InvalidStatus) as refused:
        window(served, origin=None)
    assert refused.value.response.status_code == 403


def test_socket_with_a_foreign_host_gets_400(served: Served) -> None:
    sock = socket.create_connection(("127.0.0.1", served.port))
    with pytest.raises(InvalidStatus) as refused:
        connect("ws://elsewhere.example/ask", sock=sock, origin="http://elsewhere.example")  # type: ignore[arg-type]
    assert refused.value.response.status_code == 400


@pytest.mark.parametrize("path", [
    "/../server.py", "/%2e%2e/server.py", "/..%2fserver.py", "/..%5cserver.py", "/./server.py", "//etc/passwd",
    "/static/index.html", "/index.html%00", "/ask", "http://elsewhere.example/index.html",
])  # fmt: skip
def test_nothing_but_the_page_is_served(served: Served, path: str) -> None:
    assert got(served, path)[0] == 404


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"]
)
def test_page_is_only_read(served: Served, method: str) -> None:
    for path in ("/", "/about.json", "/page.css"):
        assert got(served, path, method)[0] == 405


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's list of sockets")
def test_listens_on_this_machine_alone_whatever_the_environment_says(served: Served) -> None:
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            _, local, _, state = line.split()[:4]
            if state == "0A" and int(local.split(":")[1], 16) == served.port:
                found.append(local.split(":")[0])
    assert found == ["0100007F"]


def test_two_windows_never_see_each_others_state(served: Served, known: Catalogue) -> None:
    """Asks interleaved: each window gets what its own ask says, computed here once more."""
    timelines = TimelineAnswers(known)
    with window(served) as one, window(served) as other:
        for number, (parity, goodwill) in enumerate(((0.1, 0.02), (0.2, 0.04), (0.1, 0.06))):
            asks = [asked(n=number, parameters={"parity": parity}),
                    asked(n=number, parameters={"goodwill": goodwill}, replicate=9)]  # fmt: skip
            for link, content in zip((one, other), asks, strict=True):
                link.send(as_text(content))
            for link, content in zip((other, one), reversed(asks), strict=True):
                expected = timelines.answer(parse_ask(content, known.limits)).to_bytes(number)
                assert link.recv(timeout=60) == expected


def test_port_that_is_taken_is_trouble_with_the_machine(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with server.open_listener(0) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", str(SMALL), "--port", str(port), "--no-open"]) == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert f"error: port {port}: is taken" in said.err


def test_missing_extra_is_said_with_the_line_that_brings_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "find_spec", lambda name: None if name == "uvicorn" else object())
    assert main(["serve", str(SMALL)]) == 2
    assert (
        'uvicorn not installed; the page needs the extra [page]: pip install "narrative-'
        in capsys.readouterr().err
    )


def test_interrupt_ends_the_page_in_plain_words() -> None:
    page = Served()
    with connect(page.socket, origin=page.origin):  # type: ignore[arg-type]
        page.process.send_signal(signal.SIGINT)
        out, err = page.process.communicate(timeout=300)
    assert page.process.returncode == 130
    assert out == ""
    assert "interrupted; the page is closed" in err
    assert "Traceback" not in err, err
