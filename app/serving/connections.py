"""Connections of clients, each of which may be slow for so long and no longer.

uvicorn reads and writes without ever waiting for one client, but it waits for each of them without end. Here a client
has to be done in time: with sending a request, whole, and with reading an answer. Whoever is not, or waits longest
while there are more connections than may be, is cut.
"""

from asyncio import TimerHandle, Transport
from collections.abc import Callable
from math import inf
from typing import Any, NamedTuple

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.serving.adapter import LARGEST

HEAD = 128 * 1024
"""Bytes of the head of a request: a long draft takes 64 KB of cookies."""

FIELDS = 100
"""Fields of a head: each takes far more memory than the bytes it came in."""

BESIDE = 512 * 1024
"""Bytes that may come beside a body in chunks: their sizes, even of a body sent byte by byte, and fields after it."""

UNSENT = 64 * 1024 * 1024
"""Bytes of answers that may wait for their readers, in all."""

LINGER = 5
"""Seconds in which somebody who was cut may read why."""


class ConnectionLimits(NamedTuple):
    """How patient the server is."""

    seconds: float
    """For a request to arrive, for an answer to be read, and for a connection to be kept without either."""
    connections: int
    """At once, of one web process."""
    pace: int = 4096
    """Bytes a second at which even a slow phone reads: a longer answer may take longer."""
    body: int = LARGEST
    """Bytes of a body that the site reads; it refuses longer ones."""


class PatientConfig(Config):
    """uvicorn's configuration with our limits."""

    limits: ConnectionLimits
    refusals: dict[int, bytes]
    """What is answered to a request that is cut, by status."""


class Connection(HttpToolsProtocol):
    """One connection, which knows since when it waits for its client."""

    config: PatientConfig
    _timer: TimerHandle

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._limits = self.config.limits
        self._since = self.loop.time()
        self._is_fresh = True
        self._in_head = self._in_message = False
        self._head = self._beside = self._body = 0
        self._size = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin; the client that has kept a place longest gives it up when there is none left."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(self._limits.seconds, self._look)
        if len(self.connections) > self._limits.connections:
            self._longest(lambda each: each.deadline < inf).evict()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; a head without end is refused, and so is whatever comes without end beside a body."""
        body = self._body
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
        elif self._in_message:
            self._beside += len(data) - (self._body - body)
        if self._head > HEAD or self._beside > BESIDE or len(self.headers) > FIELDS:
            self._end(431)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field of the head; what comes after a body is none (RFC 9110, 6.5.1), whoever passed it on."""
        if self._in_head and len(self.headers) <= FIELDS:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        """Count what is body."""
        self._body += len(body)
        super().on_body(body)

    def on_message_begin(self) -> None:
        """Note when the first byte of a request came."""
        super().on_message_begin()
        self._in_head = self._in_message = True
        self._head = self._beside = 0
        self._since = self.loop.time()

    def on_headers_complete(self) -> None:
        """Note that the head is there."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that the request is whole."""
        self._in_message = self._is_fresh = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Note when the client could begin to read."""
        self._since = self.loop.time()
        self._size = self.unsent
        super().on_response_complete()
        if self._size and sum(each.unsent for each in self._others()) > UNSENT:
            self._longest(lambda each: each.unsent > 0).evict()

    @property
    def unsent(self) -> int:
        """Bytes that the client has not taken yet."""
        return self.transport.get_write_buffer_size()

    @property
    def deadline(self) -> float:
        """The moment until which the client has time; without end while it waits for us."""
        if self._in_message:
            return self._since + self._limits.seconds
        if self._is_answering and not self.flow.write_paused:
            return inf
        return self._since + self._limits.seconds + self._size / self._limits.pace

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def evict(self) -> None:
        """End the connection; whoever has not been answered yet is told why."""
        self.connections.discard(self)  # at once: it is lost a little later, and may not be chosen again until then
        if self.transport.is_closing() or self.unsent:
            self.transport.abort()
        else:
            self._end(408)

    def _end(self, status: int) -> None:
        """Close the connection, with a word to whoever awaits one."""
        if self._is_fresh or (self._in_message and self._may_answer()):
            self._refuse(status)
        else:
            self.transport.close()

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        """Begin to answer; not before the client has taken most of the answer before, or both would be in memory."""
        super()._start_asgi_task(cycle, self._when_read(app) if self.flow.write_paused else app)

    def _when_read(self, app: Any) -> Any:
        async def answer(*asked: Any) -> None:
            await self.flow.drain()
            await app(*asked)

        return answer

    def _may_answer(self) -> bool:
        """Tell whether the next answer that the client expects is that to the request it is sending."""
        if self._in_head:
            return not self._is_answering
        return not self.cycle.response_started and not self.pipeline

    def _refuse(self, status: int) -> None:
        if not self.transport.is_closing():
            self.transport.write(self.config.refusals[status])
            self.transport.close()
            self.loop.call_later(LINGER, self.transport.abort)

    def _look(self) -> None:
        now, deadline = self.loop.time(), self.deadline
        if now >= deadline:
            self.evict()
            deadline = now + LINGER
        self._timer = self.loop.call_at(min(deadline, now + self._limits.seconds), self._look)

    def _longest(self, may: Callable[["Connection"], bool]) -> "Connection":
        """Find the connection that has waited longest of those that may be cut; this one when none may."""
        return min(filter(may, self._others()), key=lambda each: each._since, default=self)  # noqa: SLF001 - of this class

    def _others(self) -> set["Connection"]:
        return self.connections  # type: ignore[return-value]  # all are made by the one class of the configuration
