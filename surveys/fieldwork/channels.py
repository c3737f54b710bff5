"""Channels of a wave: where a link or poster hangs, recorded with the answers that came through it.

A channel is declared before it is used. An address with any other word in it counts as a plain link: otherwise a link
made for one person would mark that person's answer.
"""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.errors import SurveyError
from surveys.models.fieldwork import Wave, WaveChannel

PLAIN = "link"
"""Channel of everybody who did not come by a declared one."""

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class ChannelError(SurveyError):
    """A channel cannot be declared so."""


def declare_channel(session: Session, wave: str, code: str) -> None:
    """Declare a channel of a wave; doing it again changes nothing. Raises ChannelError."""
    if not _CODE.fullmatch(code):
        raise ChannelError(f"{code[:80]!r} is no channel: small Latin letters, digits and hyphens, at most 32")
    if session.get(Wave, wave) is None:
        raise ChannelError(f"no wave {wave}")
    if code != PLAIN and session.get(WaveChannel, (wave, code)) is None:
        session.add(WaveChannel(wave=wave, code=code))
        session.flush()


def list_channels(session: Session, wave: str) -> tuple[str, ...]:
    """List the channels of a wave, the plain link first."""
    declared = session.scalars(select(WaveChannel.code).where(WaveChannel.wave == wave).order_by(WaveChannel.code))
    return (PLAIN, *declared)
