"""What surrounds an answer, as the web server sees it: only flags and group codes leave this module."""

import logging
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import g, request
from werkzeug.wrappers import Response

from app.faults import describe
from app.web import site
from app.web.resident.drafts import Draft
from app.web.resident.services import services
from surveys.ballots.keys import KeyFileError
from surveys.quality.signals import Arrival
from surveys.responses.storing import NewResponse

logger = logging.getLogger(__name__)

TRAP = "website"
"""Name of a field that no person sees: what fills it is a program."""

_DEVICE = "device"
_MARK = "Device-Mark"
_TOKEN = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paradata:
    """What a page or a phone tells beside the answers: its token, its link, the time it took, the filled trap."""

    device: str = field(default="", repr=False)
    invitation: str = field(default="", repr=False)
    seconds: int | None = field(default=None, repr=False)
    honey: str = field(default="", repr=False)


def form_paradata(draft: Draft) -> Paradata:
    """Gather what the form knows: the time since the draft was begun, the device's token of today, the trap."""
    seconds = int(site.clock().now().timestamp()) - draft.began if draft.began else None
    trap = request.form.get(TRAP, "")
    return Paradata(device=_device(), invitation=draft.invitation, seconds=seconds, honey=trap)


def remember_device(response: Response) -> None:
    """Leave a token of this device for a day: longer would link nothing, for the day's key is gone then."""
    site.set_cookie(response, _DEVICE, _device(), path="/s", max_age=timedelta(days=1))


def phone_mark() -> str:
    """Give the random mark that a phone's script sends beside an answer, another one each day; "" where there is none.

    It is a header: the shape of the body stays what the releases before and after read.
    """
    token = request.headers.get(_MARK, "")
    return token if _TOKEN.fullmatch(token) else ""


def _device() -> str:
    """Give the token this device came with, or a new one, the same for the whole request."""
    if "device" not in g:
        token = request.cookies.get(_DEVICE, "")
        g.device = token if _TOKEN.fullmatch(token) else secrets.token_hex(16)
    return str(g.device)


def flagged(entry: NewResponse, paradata: Paradata, key: bytes, now: datetime) -> NewResponse:
    """Add flags and links to an answer of the web; what an operator types in for others is nobody's device.

    `key` is the wave's.
    """
    if entry.mode != "web":
        return entry
    arrival = Arrival(
        wave=entry.wave,
        city=entry.city,
        tier=entry.tier,
        address=request.remote_addr or "",
        device=paradata.device,
        invitation=paradata.invitation,
        seconds=paradata.seconds,
        honey=paradata.honey,
    )
    try:
        signals = services().arrivals.assess(arrival, now, key)
    except (OSError, KeyFileError) as error:
        # A folder that cannot be written costs the links of these answers, never the answers.
        logger.error("no key of the day", extra={"fault": describe(error)})
        return entry
    return entry._replace(flags=entry.flags | signals.flags, links=signals.links.write())
