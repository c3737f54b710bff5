"""Flask's request, with quick look-ups of what is not there."""

from typing import Any

from flask import Request, request
from werkzeug.datastructures import ImmutableMultiDict


class Values(ImmutableMultiDict[str, str]):
    """Fields of an address, of a form, or cookies.

    Werkzeug answers a look-up of a missing name by making an error and catching it: most of what a page of the survey
    asks for (?lang, ?via, a look, a language) is not there, and those errors would be a tenth of its cost.
    """

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]  # noqa: A002 - Werkzeug's signature
        """Give the first value of a name; the default when there is none, or `type` refuses it."""
        values = dict.get(self, key)
        if not values:
            return default
        return values[0] if type is None else super().get(key, default, type)


class SiteRequest(Request):
    """A request of any site."""

    parameter_storage_class = Values
    dict_storage_class = Values


def current_request() -> SiteRequest:
    """Give the request itself: Flask's `request` looks it up anew at every use, which counts where there are many."""
    current: SiteRequest = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Werkzeug's documented way
    return current
