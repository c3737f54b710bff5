"""Judges an answer by what surrounds it, as the web server sees it; only flags and group codes leave this module."""

import logging
from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app, request

from app.clock import KAZAKHSTAN
from app.web import site
from surveys.keys import KeyFileError
from surveys.signals import Arrival, Watch
from surveys.storing import Entry

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a page or a phone tells beside the answers: its token, its link, the time it took, the filled trap."""

    device: str = field(default="", repr=False)
    invitation: str = field(default="", repr=False)
    seconds: int | None = field(default=None, repr=False)
    honey: str = field(default="", repr=False)


def register(app: Flask) -> None:
    """Give an app its watch; it remembers for as long as the process lives."""
    app.extensions["city_watch"] = Watch(site.settings_of(app).keys)


def judged(entry: Entry, hints: Hints) -> Entry:
    """Add flags and links to an answer of the web; what an operator types in for others is nobody's device."""
    if entry.mode != "web":
        return entry
    arrival = Arrival(
        wave=entry.wave,
        city=entry.city,
        address=request.remote_addr or "",
        device=hints.device,
        invitation=hints.invitation,
        seconds=hints.seconds,
        honey=hints.honey,
    )
    watch = cast(Watch, current_app.extensions["city_watch"])
    try:
        judgement = watch.judge(arrival, site.clock().now().astimezone(KAZAKHSTAN))
    except (OSError, KeyFileError) as error:
        # A folder that cannot be written costs the links of these answers, never the answers.
        logger.error("no key of the day: %s", type(error).__name__)  # noqa: TRY400 - a trace could show the arrival
        return entry
    return entry._replace(flags=entry.flags | judgement.flags, links=" ".join(judgement.links))
