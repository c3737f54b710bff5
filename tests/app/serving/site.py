"""A WSGI callable for tests of the server: long answers, and what it was asked."""

import json
import time
from collections.abc import Iterable
from typing import Any
from wsgiref.validate import validator

LONG = 16 * 1024 * 1024
"""Bytes: more than the system keeps for a client that does not read."""


@validator
def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer; the standard library watches that the server keeps PEP 3333."""
    path = environ["PATH_INFO"]
    if path == "/long":
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(LONG))])
        return [b"x" * LONG]
    if path == "/wait":
        time.sleep(float(environ["QUERY_STRING"]))
    length = int(environ.get("CONTENT_LENGTH") or 0)
    seen = {name: value for name, value in environ.items() if isinstance(value, str)}
    seen["body"] = environ["wsgi.input"].read(length).decode("latin-1")
    headers = [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Date", "long ago")]
    start_response("200 OK", headers)
    return (part for part in ("[", json.dumps(seen), "]") for part in [part.encode()])


# A site says by the head of a request of whom a long body is read.
application.takes_more = lambda environ: "HTTP_KNOWN" in environ  # type: ignore[attr-defined]  # a function may have any
