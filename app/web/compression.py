"""Compression of pages, files and answers, in whichever form their reader takes.

Own code in place of Flask-Compress, which reads Accept-Encoding anew at every request, makes a compressor for every
page, and leaves style sheets and scripts plain for readers who take gzip alone (docs/adr/0018).
"""

import gzip
import sys
from collections.abc import Callable
from functools import lru_cache
from threading import local

import brotli
from flask import Flask, Response, request
from werkzeug.http import parse_accept_header

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_SHORT = 500
"""Bytes below which compressing saves no packet."""

_TEXTS = frozenset({"application/json", "application/manifest+json", "application/xml", "image/svg+xml"})
"""What is text beside text/*; all else (icons as PNG, workbooks) is compressed already."""

_MADE = local()


def init_app(app: Flask) -> None:
    """Compress what a site answers."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    """Compress an answer of some length that is text, and compare its fingerprint with the reader's."""
    names = {name.lower() for name, _value in response.headers}  # one pass: each look-up of Werkzeug's is one too
    if response.status_code == 304:
        # Made by a view, it must vary as the page would have (RFC 9110, 15.4.5); its type is gone by now.
        response.vary.add("Accept-Encoding")
    elif (
        response.status_code == 200
        and not _is_sent_in_parts(response)
        and "content-encoding" not in names
        and _is_worth_it(response)
    ):
        if "vary" in names:
            response.vary.add("Accept-Encoding")
        else:
            response.headers["Vary"] = "Accept-Encoding"
        name = _chosen(request.environ.get("HTTP_ACCEPT_ENCODING", ""))
        if name is not None:
            response.direct_passthrough = False  # a file becomes bytes: none of ours is long
            response.set_data(_COMPRESSORS[name](response.get_data()))
            response.headers["Content-Encoding"] = name
            if "etag" in names:
                _name_form(response, name)
    # A fingerprint names the compressed form too: only now can it be compared with the reader's.
    if "etag" in names and request.method in {"GET", "HEAD"}:
        response.make_conditional(request)
    return response


def _is_sent_in_parts(response: Response) -> bool:
    # A long list that is read as it is sent; a file is passed through, and short.
    return response.is_streamed and not response.direct_passthrough


def _is_worth_it(response: Response) -> bool:
    kind = response.mimetype or ""
    length = response.content_length
    return (kind.startswith("text/") or kind in _TEXTS) and (length is None or length >= _SHORT)


def _name_form(response: Response, name: str) -> None:
    etag, is_weak = response.get_etag()
    if etag and not is_weak:
        response.set_etag(f"{etag}:{name}")


@lru_cache(maxsize=256)
def _chosen(accepted: str) -> str | None:
    """Choose the form a reader likes best, of equals the one that is shortest; None for one that takes text plain."""
    wishes = parse_accept_header(accepted)
    best = max(_COMPRESSORS, key=wishes.quality)
    return best if wishes.quality(best) > 0 else None


def _zstd(data: bytes) -> bytes:
    # Making a compressor costs as much as compressing a page with it; one of its own for each thread.
    if not hasattr(_MADE, "compressor"):
        _MADE.compressor = zstd.ZstdCompressor(3)
    packed: bytes = _MADE.compressor.compress(data, zstd.ZstdCompressor.FLUSH_FRAME)
    return packed


_COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": _zstd,
    "br": lambda data: brotli.compress(data, quality=4),
    "gzip": lambda data: gzip.compress(data, 6, mtime=0),
}
