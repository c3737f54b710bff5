"""Clients that are slow, on plain sockets."""

import select
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Self

BODY = (
    b"PUT /r/0123456789abcdef0123456789abcdef HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
)
HEAD = b"GET /kk/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
PATIENCE = 60
"""Seconds after which a test is told that the server did nothing."""


class Slow:
    """One connection: what it sends at first, and what came back."""

    def __init__(self, port: int, first: bytes = b"") -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.sendall(first)
        self.received = b""

    def trickle(self, byte: bytes = b"x") -> None:
        """Send a byte more, if the connection is still there."""
        try:
            self.socket.sendall(byte)
        except OSError:
            return

    def is_over(self) -> bool:
        """Read what has come without waiting; true when the server has ended the connection."""
        while select.select([self.socket], [], [], 0)[0]:
            try:
                data = self.socket.recv(65536)
            except ConnectionError:
                return True
            if not data:
                return True
            self.received += data
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()


@contextmanager
def many(port: int, first: Sequence[bytes]) -> Iterator[list[Slow]]:
    """Open a connection for each of what is sent at first; all are closed in the end."""
    with ExitStack() as opened:
        yield [opened.enter_context(Slow(port, one)) for one in first]


def trickle_until_over(clients: list[Slow], byte: bytes = b"x") -> None:
    """Send a byte from each now and then until the server has ended all of them."""
    waiting, end = list(clients), time.monotonic() + PATIENCE
    while waiting:
        assert time.monotonic() < end, f"{len(waiting)} slow connections were never cut"
        for client in waiting:
            if byte:
                client.trickle(byte)
        time.sleep(0.1)
        waiting = [client for client in waiting if not client.is_over()]
