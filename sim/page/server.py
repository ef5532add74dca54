"""The server: the page's files, what it may ask, and a socket that answers.

Nothing is kept of a window: each ask says all that its answer depends on.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sim.errors import InputError, MachineError
from sim.page.dispatch import Dispatcher
from sim.page.guard import Guard
from sim.page.protocol import LARGEST_ASK, number_of, parse_ask, read_object, refusal

HOST = "127.0.0.1"
STATIC = Path(__file__).with_name("static")
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
MOST_WINDOWS = 64
MOST_CONNECTIONS = 500  # below what a process may open
LARGEST_MESSAGE = 4 * LARGEST_ASK  # bytes: a character has up to four
# Named here one and all, so that nothing of the environment counts
SETTINGS: dict[str, Any] = {
    "loop": "asyncio", "http": "h11", "lifespan": "off", "workers": 1,
    "ws": "websockets-sansio", "ws_max_queue": 4, "ws_max_size": LARGEST_MESSAGE,
    "ws_per_message_deflate": False, "limit_concurrency": MOST_CONNECTIONS,
    "log_config": None, "log_level": "warning", "access_log": False,
    "server_header": False, "proxy_headers": False, "timeout_graceful_shutdown": 1,
}  # fmt: skip

log = logging.getLogger("sim.page")


def application(dispatcher: Dispatcher, port: int) -> ASGIApp:
    """The page as an ASGI application that answers on this port alone."""
    files = {
        path.name: (path.read_bytes(), TYPES[path.suffix])
        for path in sorted(STATIC.iterdir())
        if path.suffix in TYPES
    }
    windows = Windows(dispatcher)
    known = dispatcher.catalogue

    async def file(request: Request) -> Response:
        found = files.get(request.path_params.get("name", "index.html"))
        if found is None:
            return PlainTextResponse("There is no such page.\n", 404)
        return Response(found[0], media_type=found[1])

    async def about(request: Request) -> Response:
        return JSONResponse(known.about)

    routes = [
        Route("/", file),
        Route("/about.json", about),
        Route("/{name}", file),
        WebSocketRoute("/ask", windows.answer),
    ]
    return Guard(Starlette(debug=False, routes=routes), port)


class Windows:
    """The open sockets, one or two for each window of the browser.

    They share nothing but the limits on their number and on what is computed at a time.
    """

    def __init__(self, dispatcher: Dispatcher) -> None:
        self.dispatcher = dispatcher
        self.limits = dispatcher.catalogue.limits
        self.open: dict[WebSocket, bool] = {}  # oldest first, with whether they have asked

    async def answer(self, window: WebSocket) -> None:
        """Answer one socket's asks, one after the other, until it closes."""
        if len(self.open) >= MOST_WINDOWS:
            await self._close_silent()
        if len(self.open) >= MOST_WINDOWS:
            full = PlainTextResponse(f"{MOST_WINDOWS} windows are open, which is the most.\n", 503)
            await window.send_denial_response(full)
            return
        self.open[window] = False
        try:
            await window.accept()
            self.dispatcher.expect_asks()
            while True:
                message = await window.receive()
                if message["type"] == "websocket.disconnect":
                    return
                if window not in self.open:
                    return  # it was closed to make room
                self.open[window] = True
                found = await self.answer_text(message.get("text"))
                if isinstance(found, bytes):
                    await window.send_bytes(found)
                else:
                    await window.send_text(found)
        except (WebSocketDisconnect, asyncio.CancelledError):
            # it closed while its answer was on the way; or the page is ended while an answer is
            # computed, and this is the whole task
            return
        finally:
            self.open.pop(window, None)

    async def _close_silent(self) -> None:
        """Close the oldest window that never asked, to make room; a page asks as it opens one."""
        for window, asked in self.open.items():
            if not asked and window.application_state is WebSocketState.CONNECTED:
                del self.open[window]
                with suppress(WebSocketDisconnect):  # it has gone by itself
                    await window.close(1013)
                return

    async def answer_text(self, text: str | None) -> bytes | str:
        """Return the answer to one message, or a refusal that says why there is none.

        ``text`` is None if the message was not text. A defect in the program is logged and
        refused in plain words; it never ends the page.
        """
        number = None
        try:
            if text is None:
                raise InputError("an ask must be text")
            content = read_object(text)
            number = number_of(content)
            if number is None:
                raise InputError("n: must be a whole number, to tell answers apart")
            return await self.dispatcher.answer_in_turn(parse_ask(content, self.limits), number)
        except (InputError, MachineError) as error:
            return refusal(number, str(error))
        except Exception as error:  # a defect must not end the page of a class
            log.error("an ask was not answered: %s: %s", type(error).__name__, error)
            return refusal(number, "the run failed, by a defect in the program")


def open_listener(port: int) -> socket.socket:
    """Open a socket on this machine's own address; port 0 takes a free one.

    Raises
    ------
    MachineError
        If the port is taken or not allowed.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # Windows shares a port without the first
        option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
        listener.setsockopt(socket.SOL_SOCKET, option, 1)
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        why = "is taken" if error.errno == errno.EADDRINUSE else str(error.strerror)
        raise MachineError(
            f"port {port}: {why}; name another by --port, or let --port 0 find a free one"
        ) from error
    return listener


def serve(dispatcher: Dispatcher, listener: socket.socket, started: Callable[[str], None]) -> None:
    """Answer until a signal ends it.

    Parameters
    ----------
    dispatcher
        What answers.
    listener
        The socket from ``open_listener``; it is not closed here.
    started
        Told the address once windows can be opened.
    """
    import uvicorn

    from sim.page.connections import BoundedConnection, Waiting

    port = listener.getsockname()[1]
    logging.getLogger("uvicorn.error").addFilter(_drop_traceback)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            started(f"http://{HOST}:{port}/")

    connection: Any = partial(BoundedConnection, waiting=Waiting())
    settings = SETTINGS | {"http": connection}
    config = uvicorn.Config(application(dispatcher, port), host=HOST, port=port, **settings)
    try:
        Server(config).run(sockets=[listener])
    finally:
        dispatcher.close()


def _drop_traceback(record: logging.LogRecord) -> bool:
    """Log bytes that are no text without a traceback, which is of use for defects alone."""
    if record.exc_info and isinstance(record.exc_info[1], UnicodeDecodeError):
        record.exc_info = None
    return True
