"""Connections that ask for nothing: each has a time, each address a number, and the oldest goes.

uvicorn limits how long a connection may idle between two requests, but not how long a request may
take to arrive, and beyond its number of connections it refuses everybody. So who opens hundreds
and sends half a line would keep the page from all others.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_SECONDS = 20.0  # from the opening, or the last response, to the end of the next
MOST_OF_ADDRESS = 32  # connections without a whole request; a browser opens six
MOST_WAITING = 96  # ... of all addresses; with windows, fewer than a process may open anywhere


class Waiting:
    """The connections that have not sent a whole request, oldest first."""

    def __init__(self) -> None:
        self._address_of: dict[BoundedConnection, str] = {}

    def add(self, connection: BoundedConnection, address: str) -> None:
        """Let a connection wait; of too many, the oldest of its address, or of all, is closed."""
        self._address_of[connection] = address
        same = [one for one, where in self._address_of.items() if where == address]
        if len(same) > MOST_OF_ADDRESS:
            same[0].drop()
        elif len(self._address_of) > MOST_WAITING:
            next(iter(self._address_of)).drop()

    def remove(self, connection: BoundedConnection) -> None:
        """Take out a connection that has asked, or is gone."""
        self._address_of.pop(connection, None)


class BoundedConnection(H11Protocol):
    """uvicorn's connection, with a time for each request and its response."""

    def __init__(self, *given: Any, waiting: Waiting, **named: Any) -> None:
        super().__init__(*given, **named)
        self.waiting = waiting
        self.end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        super().connection_lost(exc)
        self._settle()

    def handle_events(self) -> None:
        """Read what has come; who has sent a whole request is answered before others."""
        super().handle_events()
        if self.cycle is not None and not self.cycle.response_complete:
            self.waiting.remove(self)

    def handle_websocket_upgrade(self, event: Any) -> None:
        """Let a window go its own way: it may be silent as long as it is there."""
        self._settle()
        super().handle_websocket_upgrade(event)

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._wait()

    def drop(self) -> None:
        """Close the connection, whatever it was about."""
        self._settle()
        self.transport.abort()

    def _wait(self) -> None:
        self._settle()
        self.end = self.loop.call_later(MOST_SECONDS, self.drop)
        self.waiting.add(self, self.client[0] if self.client else "")

    def _settle(self) -> None:
        self.waiting.remove(self)
        if self.end is not None:
            self.end.cancel()
            self.end = None
