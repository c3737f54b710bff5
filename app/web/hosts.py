"""The names a site answers to: a request that was sent to another name is refused before anything looks at it.

Nothing of the Host header gets into an answer, for every address the site writes is relative. It is refused all the
same: a cache in front keeps answers under the name that was asked for.
"""

import re
from functools import lru_cache

from flask import Flask

from app.web.request import current_request

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""Names of this machine to itself: the demo's, those of checks from beside it, and those a proxy beside it sends."""

_HOST = re.compile(r"([a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.IGNORECASE)


class ForeignHostError(Exception):
    """A request was sent to a name that is none of this site's."""


def init_app(app: Flask, trusted: frozenset[str], anywhere: frozenset[str]) -> None:
    """Answer to some names alone, on any port; a request without a name (HTTP/1.0) is let through.

    `anywhere` are paths whose answers are one word for machines and go into no cache: they are given under any name.
    """
    own = LOOPBACK | trusted

    @lru_cache(maxsize=256)
    def is_own(host: str) -> bool:
        match = _HOST.fullmatch(host)
        return match is not None and match[1].lower().rstrip(".") in own

    @app.before_request
    def refuse_foreign_host() -> None:
        asked = current_request()
        host = asked.environ.get("HTTP_HOST")
        if host and not is_own(host) and asked.path not in anywhere:
            raise ForeignHostError
