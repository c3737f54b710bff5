"""The beginning of a draft: when it was, and by which link its owner came, through however many ways in."""

from flask import request
from werkzeug.wrappers import Response

from app.web import site
from app.web.resident.drafts import LINK, Draft
from app.web.resident.form.walk import WaveView

_LONGEST = 32
"""Signs of a link's word."""


def fresh_draft(view: WaveView, city: str, ballot: str) -> Draft:
    """Begin a draft."""
    via, now = _word(), site.clock().now()
    return Draft(
        wave=view.code,
        city=city,
        ballot=ballot,
        channel=view.channel(via),
        invitation=view.invitation(via),
        began=int(now.timestamp()),
    )


def remember_link(response: Response, wave: str) -> Response:
    """Keep the word of the link in this browser until the answer is sent: a way in may lead over other sites."""
    if "via" in request.args:
        secure = site.settings().secure_cookies
        response.set_cookie(LINK, _word(), path=f"/s/{wave}", httponly=True, samesite="Lax", secure=secure)
    return response


def _word() -> str:
    return request.args.get("via", request.cookies.get(LINK, ""))[:_LONGEST]
