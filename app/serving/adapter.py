"""Serves a WSGI callable behind ASGI: whole bodies in, whole answers out, so that no thread ever waits for a client."""

import asyncio
import importlib
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Scope = Mapping[str, Any]

LARGEST = 64 * 1024
"""Bytes of a body that are read of anybody before the callable is asked; told that there are more, it refuses them.

More, up to what the site takes at most, is read of those of whom the callable's own `takes_more` says so by the head
of their request. A callable without it says so of nobody.
"""

_IN_MEMORY = 256 * 1024
"""Bytes of one body that are held in memory; what a site takes beyond them waits in a file without a name."""

_UNPREFIXED = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class Answer(NamedTuple):
    """What a WSGI callable answered."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Site:
    """An ASGI application that asks a WSGI callable in threads."""

    def __init__(self, application: WSGIApplication, threads: int, largest: int = LARGEST) -> None:
        """Take the callable, how many threads may be in it at once, and how many bytes of a body it reads at most."""
        self._application = application
        self._takes_more: Callable[[WSGIEnvironment], bool] = getattr(application, "takes_more", lambda _environ: False)
        self._largest = largest
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        loop = asyncio.get_running_loop()

        async def takes_more() -> bool:
            return await loop.run_in_executor(self._threads, self._takes_more, _environ(scope, BytesIO()))

        body = await _whole(receive, self._largest, takes_more)
        if body is None:
            return
        with body:
            answer = await loop.run_in_executor(self._threads, self._ask, _environ(scope, body))
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})

    def _ask(self, environ: WSGIEnvironment) -> Answer:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
            started[:] = status, headers
            return started.append

        chunks: Iterable[bytes] = self._application(environ, start_response)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        status, headers = started[0], started[1]
        # The date is the server's to say.
        said = (pair for pair in headers if pair[0].lower() != "date")
        encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in said]
        return Answer(int(status[:3]), encoded, body)


async def _whole(receive: Receive, largest: int, takes_more: Callable[[], Awaitable[bool]]) -> IO[bytes] | None:
    """Give the body, or as much as is read of one of this sender, at its end; None when the client is gone."""
    body: IO[bytes] = BytesIO() if largest <= _IN_MEMORY else SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - whoever answers closes it
    bound = min(largest, LARGEST)
    while True:
        message = await receive()
        if message["type"] != "http.request":
            body.close()
            return None
        body.write(message["body"])
        if not message["more_body"]:
            return body
        if body.tell() > bound:
            if bound == largest or not await takes_more():
                return body
            bound = largest


def _environ(scope: Scope, body: IO[bytes]) -> WSGIEnvironment:
    size = body.tell()
    body.seek(0)
    host, port = scope["server"] or ("", 0)
    client = scope["client"]
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": client[0] if client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    _add_headers(environ, scope["headers"])
    if size:
        environ.setdefault("CONTENT_LENGTH", str(size))  # of a chunked one
    return environ


def _add_headers(environ: WSGIEnvironment, headers: Iterable[tuple[bytes, bytes]]) -> None:
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if "_" in name:
            continue  # it would be taken for the header with a hyphen, which a proxy may have set
        key = _UNPREFIXED.get(name) or f"HTTP_{name.replace('-', '_').upper()}"
        if key in environ:
            value = f"{environ[key]}{'; ' if name == 'cookie' else ','}{value}"
        environ[key] = value


def load(target: str, threads: int, largest: int = LARGEST) -> Site:
    """Import a WSGI callable by `module:name`; it reads bodies of so many bytes at most."""
    module, _colon, name = target.partition(":")
    return Site(getattr(importlib.import_module(module), name), threads, largest)
