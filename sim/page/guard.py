"""Who may ask: only pages of this server, opened on this machine.

What is asked is of no concern here; the guard wraps the whole application.
"""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-cache"),
]
WRONG_HOST = b"This page answers on this machine alone, at the address that narrate printed.\n"
WRONG_ORIGIN = b"Another page may not ask this one.\n"


class Guard:
    """Outermost: an exact Host, no foreign Origin, and the headers of every response.

    A socket must name its Origin, since browsers let any page open a socket to any host.

    Parameters
    ----------
    app
        The ASGI application that answers what is let through.
    port
        The port it answers on, which is part of the Host.
    """

    def __init__(self, app: ASGIApp, port: int) -> None:
        self.app = app
        self.hosts = {f"{name}:{port}".encode() for name in ("127.0.0.1", "localhost")}
        self.origins = {b"http://" + host for host in self.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is ours; answer 400 for a foreign Host and 403 for a foreign Origin."""
        given = scope["headers"]
        hosts = [value for name, value in given if name == b"host"]
        origins = [value for name, value in given if name == b"origin"]
        socket = scope["type"] == "websocket"

        async def with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                message = {**message, "headers": [*message.get("headers", []), *HEADERS]}
            await send(message)

        if len(hosts) != 1 or hosts[0] not in self.hosts:
            refusal = PlainTextResponse(WRONG_HOST, 400)
        elif not set(origins) <= self.origins or (socket and len(origins) != 1):
            refusal = PlainTextResponse(WRONG_ORIGIN, 403)
        else:
            await self.app(scope, receive, with_headers)
            return
        if socket:
            await receive()  # websocket.connect: a socket is refused before it is accepted
        await refusal(scope, receive, with_headers)
