"""What the page of a city's field materials shows."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, cities_of
from app.fieldwork.materials import RUNNING
from app.web.console.layout import city_name
from app.web.console.waves.views import read_name
from app.web.language import _
from surveys.fieldwork.channels import PLAIN, list_channels
from surveys.fieldwork.passes import list_passes
from surveys.models import Wave, WaveCity
from surveys.models.tallies import MINIMUM
from surveys.questionnaire.definition import PUBLIC_AUDIENCES


@dataclass(frozen=True, slots=True)
class PassLine:
    """An operator's pass; `forms` are answers under it, rounded down to tens, None below ten."""

    code: str
    operator: str
    channel: str
    """What it is called."""
    until: date
    per_day: int
    forms: int | None
    state: str
    """good, over or revoked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialsPage:
    """A wave in one city."""

    wave: str
    wave_name: str
    city: str
    name: str
    audience: str
    state: str
    opens_on: date
    closes_on: date
    is_running: bool
    has_codes: bool
    channels: tuple[str, ...]
    passes: tuple[PassLine, ...]

    @property
    def plain(self) -> str:
        """The channel of everybody who did not come by a declared one."""
        return PLAIN


def channel_name(channel: str) -> str:
    """Say what a channel is called: people gave all of them their names but the plain one."""
    return _("without a channel") if channel == PLAIN else channel


def may_make(person: Person, audience: str) -> bool:
    """Tell whether somebody may make things for a wave that asks these people.

    Letters to the staff of an akimat are made for the whole country: whoever holds the codes of colleagues could answer
    in their names.
    """
    return audience in PUBLIC_AUDIENCES or cities_of(person.grants, Permission.FIELD_MATERIALS) is None


def read_materials(session: Session, code: str, city: str, today: date) -> MaterialsPage | None:
    """Read what can be made for a wave in a city; None where it does not ask there."""
    wave = session.get(Wave, code)
    if wave is None or session.get(WaveCity, (code, city)) is None:
        return None
    given = [each for each in list_passes(session, code) if each.record.city == city]
    return MaterialsPage(
        wave=code,
        wave_name=read_name(session, wave),
        city=city,
        name=city_name(city),
        audience=wave.audience,
        state=wave.state,
        opens_on=wave.opens_on,
        closes_on=wave.closes_on,
        is_running=wave.state in RUNNING,
        has_codes="code" in wave.gates,
        channels=list_channels(session, code),
        passes=tuple(
            PassLine(
                code=each.record.code,
                operator=each.record.operator,
                channel=channel_name(each.record.channel),
                until=each.record.until,
                per_day=each.record.per_day,
                forms=each.forms - each.forms % MINIMUM or None,
                state="revoked" if each.record.revoked_on else "over" if each.record.until < today else "good",
            )
            for each in given
        ),
    )
