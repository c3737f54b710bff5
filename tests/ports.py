"""Ports of loopback that nothing else takes between the asking and the listening, nor while a server is away."""

import os
import socket
from collections.abc import Iterator

_FIRST, _LAST = 10_000, 30_000
"""Below the ports that the kernel gives to outgoing connections: those may be gone a moment later."""


def _ports() -> Iterator[int]:
    # Processes that run beside each other have numbers beside each other: each begins a hundred ports further on.
    start = os.getpid() * 100
    while True:
        yield _FIRST + start % (_LAST - _FIRST)
        start += 1


_PORTS = _ports()


def free_port() -> int:
    """Give a port on which nobody listens, another one each time."""
    for port in _PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("ports never end")
