"""A site behind nginx that answers what it was asked for, so that tests see what came through.

?cache= Cache-Control, ?vary= Vary, ?cookie= a Set-Cookie, ?cookies= that many of 3800 bytes, ?etag= an ETag,
?long= bytes to answer, ?status= a status. The answer is JSON: how often this address was asked, and its environ.
"""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

ASKED: Counter[str] = Counter()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer one request."""
    wishes = dict(parse_qsl(environ["QUERY_STRING"]))
    ASKED[environ["PATH_INFO"]] += 1
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    names = {"cache": "Cache-Control", "vary": "Vary", "cookie": "Set-Cookie", "etag": "ETag"}
    headers = [(name, wishes[wish]) for wish, name in names.items() if wish in wishes]
    headers += [("Set-Cookie", f"draft-{index}={'x' * 3800}") for index in range(int(wishes.get("cookies", "0")))]
    headers.append(("Content-Type", "application/json"))
    if "etag" in wishes and environ.get("HTTP_IF_NONE_MATCH") == wishes["etag"]:
        start_response("304 Not Modified", headers[:-1])
        return []
    start_response(f"{wishes.get('status', '200')} Said", headers)
    if "long" in wishes:
        return [b"x" * int(wishes["long"])]
    seen = {name: value for name, value in environ.items() if isinstance(value, str)}
    return [json.dumps({"asked": ASKED[environ["PATH_INFO"]], "body": len(body), "seen": seen}).encode()]
