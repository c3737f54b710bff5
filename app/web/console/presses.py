"""A press that met the question for a second factor: shown again for ten minutes, to be pressed once more.

It stands in the row of its form (`form_drafts`), beside what was typed: whoever does not press it finds their text in
the form. Nothing is done by itself: another site must not lay a press into somebody's browser, nor may one be carried
out that its owner no longer sees.
"""

from typing import NamedTuple
from urllib.parse import urlencode

from flask import flash, request

from app.web import site
from app.web.console import access, form_drafts
from app.web.language import _
from app.workspace.drafts import FormPlace

AGAIN = f"{access.STEP_UP}/again"
"""The page that shows a kept press, of the form that it names: `?form=at&of=/console/x`."""
LIFE = 600
"""Seconds that a press is kept: as long as a second factor is good for."""


class Press(NamedTuple):
    """A form that was sent: where to, from which page, and with what."""

    address: str
    page: str
    fields: list[tuple[str, str]]


def keep() -> str | None:
    """Keep this request's form, and its press with it; gives the page that shows the press again.

    None where there is no such page: another site may have made the form, it has secrets, or files that are not kept.
    """
    place, is_whole = form_drafts.place_of_request(), _is_page() and not request.files
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in form_drafts.MARKS]
    press = {"address": request.full_path.rstrip("?"), "page": form_drafts.page_of_form(), "fields": fields}
    if place is None or not form_drafts.keep_own(access.actor(), press if is_whole else None):
        return None
    if is_whole:
        return f"{AGAIN}?{urlencode({'form': place.form, 'of': place.object_id})}"
    flash(_("What you typed is kept: once you have confirmed that it is you, it stands in the form again."))
    return None


def kept() -> Press | None:
    """Give the press of the form that this request names; None where none is kept of whoever asks, or it is too old."""
    draft = form_drafts.read(FormPlace(request.args.get("form", ""), request.args.get("of", "")))
    if draft is None or draft.press is None or (site.clock().now() - draft.at).total_seconds() > LIFE:
        return None
    fields = [(str(name), str(value)) for name, value in draft.press["fields"]]
    return Press(access.own_address(draft.press["address"]), access.own_address(draft.press["page"]), fields)


def _is_page() -> bool:
    """Tell whether a page asked, and not a script, which shows no other page."""
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
