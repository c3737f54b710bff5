"""Compression of what is worth it."""

from flask import Flask, Response, request
from flask_compress import Compress

_SHORT = 500
"""Bytes below which compressing saves no packet."""


def init_app(app: Flask) -> None:
    """Compress the pages and files of a site."""
    app.config.update(COMPRESS_MIN_SIZE=_SHORT, COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False)
    _Compression(app)


class _Compression(Compress):
    """Flask-Compress, without its work on redirects, receipts and pages that have no fingerprint to compare."""

    def after_request(self, response: Response | None) -> Response:
        """Compress a response when its reader takes it so."""
        if (
            response
            and response.is_sequence
            and (response.content_length or 0) < _SHORT
            and response.status_code != 304
        ):
            return response
        packed = super().after_request(response)
        # A fingerprint names the compressed form too: only now can it be compared with the reader's.
        if "ETag" in packed.headers and request.method in {"GET", "HEAD"}:
            packed.make_conditional(request)
        return packed
