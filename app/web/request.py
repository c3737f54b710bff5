"""Flask's request, with quick look-ups of what is not there, and cookies by their plain names."""

import re
from typing import Any
from wsgiref.types import WSGIEnvironment

from flask import Request, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.utils import cached_property

_NOT_ASCII = re.compile(rb"[\x80-\xff]")

HOST, SECURE = "__Host-", "__Secure-"
"""Prefixes by which a browser takes a cookie from HTTPS alone; the first also binds it to one host and the path /."""


class Values(ImmutableMultiDict[str, str]):
    """Fields of an address, of a form, or cookies.

    Werkzeug answers a look-up of a missing name by making an error and catching it: most of what a page of the survey
    asks for (?lang, ?via, a look, a language) is not there, and those errors would be a tenth of its cost.

    The sign of number 0 is nobody's text, and PostgreSQL answers a look-up or a row of it with an error of its own, so
    it stands here as what cannot be read does: U+FFFD.
    """

    def __init__(self, mapping: Any = None) -> None:
        if isinstance(mapping, list):  # as Werkzeug's readers of addresses and forms give it
            mapping = [(_without_nul(name), _without_nul(value)) for name, value in mapping]
        super().__init__(mapping)

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]  # noqa: A002 - Werkzeug's signature
        """Give the first value of a name; the default when there is none, or `type` refuses it."""
        values = dict.get(self, key)
        if not values:
            return default
        return values[0] if type is None else super().get(key, default, type)


def _without_nul(read: Any) -> Any:
    # A form's files come this way too.
    return read.replace("\x00", "\ufffd") if isinstance(read, str) and "\x00" in read else read


class SiteRequest(Request):
    """A request of any site."""

    parameter_storage_class = Values
    dict_storage_class = Values

    @property
    def want_form_data_parsed(self) -> bool:
        """Whether there is a form to read: of a POST alone, which has to bring its token; a GET may have a body too."""
        return self.method == "POST" and super().want_form_data_parsed

    def __init__(self, environ: WSGIEnvironment, *more: Any, **options: Any) -> None:
        """Take a request; bytes that no address may have, and Werkzeug cannot read, are written as in addresses."""
        super().__init__(environ, *more, **options)
        if not self.query_string.isascii():
            self.query_string = _NOT_ASCII.sub(lambda found: b"%%%02X" % ord(found[0]), self.query_string)

    @cached_property
    def cookies(self) -> Values:
        """Give the cookies by their plain names.

        One with a prefix stands before one without, which only an earlier release set and anybody can plant, and one
        of this host before one that another host of the domain can plant (ADR 24).
        """
        received = Values(super().cookies)
        prefixed = {
            plain_name(name): values
            for prefix in (SECURE, HOST)
            for name, values in received.lists()
            if name.startswith(prefix)
        }
        return Values(dict(received.lists()) | prefixed) if prefixed else received


def full_name(name: str, path: str, *, secure: bool) -> str:
    """Give the name under which a cookie is set at a path: on HTTPS with the strictest prefix that the path allows."""
    if not secure:
        return name
    return f"{HOST if path == '/' else SECURE}{name}"


def plain_name(name: str) -> str:
    """Take the prefix off the name of a cookie."""
    return name.removeprefix(HOST).removeprefix(SECURE)


def current_request() -> SiteRequest:
    """Give the request itself: Flask's `request` looks it up anew at every use, which counts where there are many."""
    current: SiteRequest = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Werkzeug's documented way
    return current
